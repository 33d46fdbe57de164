"""Addresses of the networks, under /networks/."""

from django.urls import path

from linli.registry.networks import pages

app_name = "networks"
urlpatterns = [
    path("", pages.Overview.as_view(), name="overview"),
    path("posts/", pages.PostList.as_view(), name="posts"),
    path("posts/<int:pk>/", pages.PostPage.as_view(), name="post"),
    path("posts/<int:pk>/places/", pages.ChangePlaces.as_view(), name="post_places"),
    path("posts/<int:pk>/edit/", pages.PutRight.as_view(), name="post_edit"),
    path("posts/<int:pk>/end/", pages.EndPost.as_view(), name="post_end"),
    path("<str:region_code>/", pages.Community.as_view(), name="community"),
    path("<str:region_code>/appoint/<str:kind>/", pages.Appoint.as_view(), name="appoint"),
]

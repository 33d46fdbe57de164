"""Addresses of the quality pages, under /quality/."""

from django.urls import path

from linli.registry.quality import pages

app_name = "quality"
urlpatterns = [
    path("", pages.Overview.as_view(), name="overview"),
    path("<str:region>/", pages.Community.as_view(), name="community"),
    path("<str:region>/<slug:check>/", pages.CheckPage.as_view(), name="check"),
]

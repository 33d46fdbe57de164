"""Addresses of plates, under /plates/."""

from django.urls import path, re_path

from linli.gate.plates import pages, proposing_pages, removing_pages

app_name = "plates"
urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    path("list/", pages.PlateList.as_view(), name="list"),
    path("removal/", removing_pages.Removal.as_view(), name="removal"),
    path("kinds/", proposing_pages.Kinds.as_view(), name="kinds"),
    re_path(r"^kinds/(?P<region_code>\d{6})/$", proposing_pages.SetKind.as_view(), name="kind"),
    path("propose/", proposing_pages.Choose.as_view(), name="choose"),
    path("propose/<int:pk>/", proposing_pages.Propose.as_view(), name="propose"),
    path("one/<int:pk>/", pages.PlatePage.as_view(), name="plate"),
    path("one/<int:pk>/accept/", removing_pages.Accept.as_view(), name="accept"),
    path("one/<int:pk>/refuse/", removing_pages.Refuse.as_view(), name="refuse"),
    path("one/<int:pk>/remove/", removing_pages.Remove.as_view(), name="remove"),
    path("one/<int:pk>/photos/", removing_pages.AddPhoto.as_view(), name="photo_add"),
    path("one/<int:pk>/photos/<int:file>/", removing_pages.Photo.as_view(), name="photo"),
    re_path(r"^(?P<region_code>\d{12})/$", pages.CommunityPage.as_view(), name="community"),
    re_path(r"^(?P<region_code>\d{12})/register/$", pages.Register.as_view(), name="register"),
    re_path(r"^(?P<region_code>\d{12})/walk/$", pages.WalkPage.as_view(), name="walk"),
]

"""Addresses of plates, under /plates/."""

from django.urls import path, re_path

from linli.gate.plates import pages

app_name = "plates"
urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    path("list/", pages.PlateList.as_view(), name="list"),
    path("removal/", pages.Removal.as_view(), name="removal"),
    path("kinds/", pages.Kinds.as_view(), name="kinds"),
    re_path(r"^kinds/(?P<region_code>\d{6})/$", pages.SetKind.as_view(), name="kind"),
    path("propose/", pages.Choose.as_view(), name="choose"),
    path("propose/<int:pk>/", pages.Propose.as_view(), name="propose"),
    path("one/<int:pk>/", pages.PlatePage.as_view(), name="plate"),
    path("one/<int:pk>/accept/", pages.Accept.as_view(), name="accept"),
    path("one/<int:pk>/refuse/", pages.Refuse.as_view(), name="refuse"),
    path("one/<int:pk>/remove/", pages.Remove.as_view(), name="remove"),
    path("one/<int:pk>/photos/", pages.AddPhoto.as_view(), name="photo_add"),
    path("one/<int:pk>/photos/<int:photo>/", pages.Photo.as_view(), name="photo"),
    re_path(r"^(?P<region_code>\d{12})/$", pages.CommunityPage.as_view(), name="community"),
    re_path(r"^(?P<region_code>\d{12})/register/$", pages.Register.as_view(), name="register"),
    re_path(r"^(?P<region_code>\d{12})/walk/$", pages.WalkPage.as_view(), name="walk"),
]

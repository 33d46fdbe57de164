"""Addresses of rented homes, under /lettings/."""

from django.urls import path

from linli.registry.lettings import pages

app_name = "lettings"
urlpatterns = [
    path("", pages.LettingList.as_view(), name="list"),
    path("home/<int:pk>/add/", pages.AddLetting.as_view(), name="add"),
    path("home/<int:pk>/hazard/", pages.ReportHazard.as_view(), name="hazard_add"),
    path("hazards/<int:pk>/edit/", pages.EditHazard.as_view(), name="hazard_edit"),
    path("<int:pk>/", pages.LettingPage.as_view(), name="letting"),
    path("<int:pk>/edit/", pages.EditLetting.as_view(), name="edit"),
    path("<int:pk>/end/", pages.EndLetting.as_view(), name="end"),
    path("<int:pk>/numbers/", pages.RevealLetting.as_view(), name="numbers"),
]

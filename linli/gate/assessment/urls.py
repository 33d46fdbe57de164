"""Addresses of the composite assessment, under /assessment/."""

from django.urls import path

from linli.gate.assessment import pages

app_name = "assessment"
urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    path("add/", pages.AddPlan.as_view(), name="add"),
    path("contests/", pages.ContestList.as_view(), name="contests"),
    path("contests/add/", pages.AddContest.as_view(), name="contest_add"),
    path("contests/<int:pk>/", pages.Decide.as_view(), name="decide"),
    path("<int:pk>/", pages.PlanPage.as_view(), name="plan"),
    path("<int:pk>/do/", pages.Act.as_view(), name="act"),
    path("<int:pk>/parts/", pages.AddPart.as_view(), name="part_add"),
    path("<int:pk>/parts/<int:part>/", pages.EditPart.as_view(), name="part"),
    path("<int:pk>/parts/<int:part>/scores/", pages.Scores.as_view(), name="scores"),
]

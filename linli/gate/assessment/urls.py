"""Addresses of the composite assessment, under /assessment/."""

from django.urls import path

from linli.gate.assessment import pages, score_pages

app_name = "assessment"
urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    path("add/", pages.AddPlan.as_view(), name="add"),
    path("contests/", pages.ContestList.as_view(), name="contests"),
    path("contests/add/", pages.AddContest.as_view(), name="contest_add"),
    path("contests/<int:pk>/", pages.Decide.as_view(), name="decide"),
    path("scores/<int:pk>/", score_pages.ScorePage.as_view(), name="score"),
    path("scores/<int:pk>/object/", score_pages.ObjectTo.as_view(), name="object"),
    path("objections/<int:pk>/answer/", score_pages.AnswerObjection.as_view(), name="answer"),
    path("objections/<int:pk>/withdraw/", score_pages.WithdrawObjection.as_view(), name="withdraw"),
    path("<int:pk>/scores.xlsx", score_pages.ScoresFile.as_view(), name="scores_file"),
    path("<int:pk>/upload/", score_pages.UploadScores.as_view(), name="upload"),
    path("<int:pk>/marked/", score_pages.MarkedScores.as_view(), name="marked"),
    path("<int:pk>/", pages.PlanPage.as_view(), name="plan"),
    path("<int:pk>/do/", pages.Act.as_view(), name="act"),
    path("<int:pk>/parts/", pages.AddPart.as_view(), name="part_add"),
    path("<int:pk>/parts/<int:part>/", pages.EditPart.as_view(), name="part"),
    path("<int:pk>/parts/<int:part>/scores/", pages.Scores.as_view(), name="scores"),
]

"""Addresses of what was asked off the list, under /offlist/."""

from django.urls import path

from linli.gate.offlist import pages

app_name = "offlist"
urlpatterns = [
    path("", pages.Home.as_view(), name="home"),
    path("open/", pages.Public.as_view(), name="public"),
    path("refused/", pages.RefusalList.as_view(), name="refusals"),
    path("refused/<int:pk>/", pages.RefusalPage.as_view(), name="refusal"),
    path("reports/", pages.ReportList.as_view(), name="reports"),
    path("reports/new/", pages.NewReport.as_view(), name="report_new"),
    path("reports/<int:pk>/", pages.ReportPage.as_view(), name="report"),
    path("reports/<int:pk>/answer/", pages.Answer.as_view(), name="answer"),
    path("reports/<int:pk>/withdraw/", pages.Withdraw.as_view(), name="withdraw"),
    path("reports/<int:pk>/papers/", pages.AddPapers.as_view(), name="papers"),
    path("reports/<int:pk>/files/<int:file>/", pages.File.as_view(), name="file"),
]

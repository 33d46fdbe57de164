"""Addresses of the jobs."""

from django.urls import path

from linli.jobs import pages

urlpatterns = [
    path("jobs/", pages.JobList.as_view(), name="jobs"),
    path("jobs/<int:pk>/", pages.JobPage.as_view(), name="job"),
    path("jobs/<int:pk>/file", pages.JobFile.as_view(), name="job_file"),
    path("jobs/<int:pk>/cancel", pages.JobCancel.as_view(), name="job_cancel"),
]

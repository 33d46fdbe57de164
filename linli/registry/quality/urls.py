"""Addresses of the quality pages, under /quality/."""

from django.urls import path

from linli.registry.quality import finding_pages, pages

app_name = "quality"
urlpatterns = [
    path("", pages.Overview.as_view(), name="overview"),
    path("<str:region>/", pages.Community.as_view(), name="community"),
    path("<str:region>/<slug:check>/", finding_pages.check_page, name="check"),
    path("<str:region>/<slug:check>/aside/", finding_pages.SetAside.as_view(), name="aside"),
    path("<str:region>/<slug:check>/again/", finding_pages.LookAgain.as_view(), name="again"),
]

"""Addresses of duplicates and merges, under /matching/."""

from django.urls import path

from linli.registry.matching import pages

app_name = "matching"
urlpatterns = [
    path("", pages.PairList.as_view(), name="list"),
    path("scan/", pages.Scan.as_view(), name="scan"),
    path("<int:pk>/", pages.PairPage.as_view(), name="pair"),
    path("merges/", pages.MergeList.as_view(), name="merges"),
    path("merges/<int:pk>/", pages.MergePage.as_view(), name="merge"),
]

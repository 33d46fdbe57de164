"""Addresses of filled rosters, under /returns/."""

from django.urls import path

from linli.returns import pages

app_name = "returns"
urlpatterns = [
    path("", pages.ReturnList.as_view(), name="list"),
    path("<int:pk>/", pages.ReturnPage.as_view(), name="return"),
    path("<int:pk>/columns/<int:column>/", pages.ColumnPage.as_view(), name="column"),
    path("<int:pk>/file", pages.SentBack.as_view(), name="file"),
]

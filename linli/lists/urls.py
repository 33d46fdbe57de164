"""Addresses of lists, under /lists/."""

from django.urls import path

from linli.lists import edits, pages

app_name = "lists"
urlpatterns = [
    path("", pages.Index.as_view(), name="index"),
    path("new", pages.Make.as_view(), name="make"),
    path("table", pages.TablePage.as_view(), name="table"),
    path("table.xlsx", pages.TableFile.as_view(), name="table_file"),
    path("pick", pages.Pick.as_view(), name="pick"),
    path("compare", pages.Compare.as_view(), name="compare"),
    path("save", edits.Save.as_view(), name="save"),
    path("export", edits.Export.as_view(), name="export"),
    path("<int:pk>/", pages.KeptList.as_view(), name="list"),
    path("<int:pk>/delete", edits.Delete.as_view(), name="delete"),
    path("<int:pk>/schedule", edits.Send.as_view(), name="schedule"),
    path("<int:pk>/unschedule", edits.Stop.as_view(), name="unschedule"),
]

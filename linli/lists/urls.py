"""Addresses of lists, under /lists/."""

from django.urls import path

from linli.lists import band_pages, edits, pages

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
    path("bands/", band_pages.BandsList.as_view(), name="bands"),
    path("bands/add/", band_pages.AddBands.as_view(), name="band_add"),
    path("bands/<int:pk>/", band_pages.EditBands.as_view(), name="band_edit"),
    path("bands/<int:pk>/delete/", band_pages.DeleteBands.as_view(), name="band_delete"),
    path("<int:pk>/", pages.KeptList.as_view(), name="list"),
    path("<int:pk>/delete", edits.Delete.as_view(), name="delete"),
    path("<int:pk>/schedule", edits.Send.as_view(), name="schedule"),
    path("<int:pk>/unschedule", edits.Stop.as_view(), name="unschedule"),
]

"""Addresses of the intake."""

from django.urls import path

from linli.registry.intake import export_pages, pages

app_name = "intake"
urlpatterns = [
    path("", pages.ImportPage.as_view(), name="import"),
    path("export/people/", export_pages.ExportPeople.as_view(), name="export_people"),
    path("template", pages.Template.as_view(), name="template"),
]

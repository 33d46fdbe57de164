"""Addresses of the intake."""

from django.urls import path

from linli.registry.intake import pages

app_name = "intake"
urlpatterns = [
    path("", pages.ImportPage.as_view(), name="import"),
    path("template", pages.Template.as_view(), name="template"),
]

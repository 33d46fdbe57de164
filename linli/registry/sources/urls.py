"""Addresses of sources, under /sources/."""

from django.urls import path

from linli.registry.sources import pages

app_name = "sources"
urlpatterns = [
    path("", pages.Conflicts.as_view(), name="conflicts"),
    path("kinds/", pages.Kinds.as_view(), name="kinds"),
    path("kinds/<int:pk>/", pages.KindEdit.as_view(), name="kind"),
]

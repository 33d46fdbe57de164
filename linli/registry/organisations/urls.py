"""Addresses of organisations, under /organisations/."""

from django.urls import path

from linli.registry.organisations import pages

app_name = "organisations"
urlpatterns = [
    path("", pages.OrganisationList.as_view(), name="organisations"),
    path("add/", pages.OrganisationAdd.as_view(), name="add"),
    path("<int:pk>/", pages.OrganisationPage.as_view(), name="organisation"),
    path("<int:pk>/edit/", pages.OrganisationEdit.as_view(), name="edit"),
    path("<int:pk>/close/", pages.OrganisationClose.as_view(), name="close"),
    path("<int:pk>/reopen/", pages.OrganisationReopen.as_view(), name="reopen"),
    path("<int:pk>/contact/", pages.RevealContact.as_view(), name="contact"),
]

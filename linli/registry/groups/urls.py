"""Addresses of groups, under /groups/."""

from django.urls import path

from linli.registry.groups import pages

app_name = "groups"
urlpatterns = [
    path("", pages.GroupList.as_view(), name="list"),
    path("people/", pages.AddPeople.as_view(), name="add_people"),
    path("members/<int:pk>/edit/", pages.Edit.as_view(), name="edit"),
    path("members/<int:pk>/end/", pages.End.as_view(), name="end"),
    path("members/<int:pk>/confirm/", pages.Confirm.as_view(), name="confirm"),
    path("members/<int:pk>/certificate/", pages.Certificate.as_view(), name="certificate"),
    path("<str:code>/", pages.Roster.as_view(), name="roster"),
    path("<str:code>/add/", pages.Add.as_view(), name="add"),
]

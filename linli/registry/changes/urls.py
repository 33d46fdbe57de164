"""Addresses of proposals, under /changes/."""

from django.urls import path

from linli.registry.changes import pages

app_name = "changes"
urlpatterns = [
    path("", pages.ChangeRequestList.as_view(), name="list"),
    path("propose/", pages.ProposeByNumber.as_view(), name="propose_by_number"),
    path("propose/<str:about>/<int:pk>/", pages.Propose.as_view(), name="propose"),
    path("<int:pk>/", pages.ChangeRequestPage.as_view(), name="proposal"),
    path("<int:pk>/file", pages.Evidence.as_view(), name="evidence"),
]

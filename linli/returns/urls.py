"""Addresses of filled rosters, under /returns/."""

from django.urls import path

from linli.returns import group_pages, organisation_pages, pages

app_name = "returns"
urlpatterns = [
    path("", pages.ReturnList.as_view(), name="list"),
    path("organisations/", organisation_pages.ImportOrganisations.as_view(), name="organisations"),
    path(
        "organisations/template",
        organisation_pages.OrganisationTemplate.as_view(),
        name="organisation_template",
    ),
    path("groups/<str:code>/template", group_pages.GroupTemplate.as_view(), name="group_template"),
    path("<int:pk>/", pages.ReturnPage.as_view(), name="return"),
    path("<int:pk>/columns/<int:column>/", pages.ColumnPage.as_view(), name="column"),
    path("<int:pk>/columns/<int:column>/values/", pages.ValuesPage.as_view(), name="values"),
    path("<int:pk>/file", pages.SentBack.as_view(), name="file"),
]

"""Addresses of organisations, under /organisations/."""

from django.urls import path

from linli.registry.organisations import dealing_pages, pages

app_name = "organisations"
urlpatterns = [
    path("", pages.OrganisationList.as_view(), name="organisations"),
    path("add/", pages.OrganisationAdd.as_view(), name="add"),
    path("export/", dealing_pages.OrganisationsExport.as_view(), name="export"),
    path("options/", dealing_pages.Options.as_view(), name="options"),
    path("checks/", dealing_pages.CheckList.as_view(), name="checks"),
    path("checks/<int:pk>/finish/", dealing_pages.FinishCheck.as_view(), name="check_finish"),
    path("premises/<int:pk>/end/", dealing_pages.EndPremises.as_view(), name="premises_end"),
    path("positions/<int:pk>/end/", dealing_pages.EndPosition.as_view(), name="position_end"),
    path("ties/<int:pk>/end/", dealing_pages.EndTie.as_view(), name="tie_end"),
    path("estates/<int:pk>/remove/", dealing_pages.RemoveManagement.as_view(), name="estate_remove"),
    path("<int:pk>/", pages.OrganisationPage.as_view(), name="organisation"),
    path("<int:pk>/edit/", pages.OrganisationEdit.as_view(), name="edit"),
    path("<int:pk>/close/", pages.OrganisationClose.as_view(), name="close"),
    path("<int:pk>/reopen/", pages.OrganisationReopen.as_view(), name="reopen"),
    path("<int:pk>/contact/", pages.RevealContact.as_view(), name="contact"),
    path("<int:pk>/premises/add/", dealing_pages.AddPremises.as_view(), name="premises_add"),
    path("<int:pk>/positions/add/", dealing_pages.AddPosition.as_view(), name="position_add"),
    path("<int:pk>/ties/add/", dealing_pages.AddTie.as_view(), name="tie_add"),
    path("<int:pk>/estates/add/", dealing_pages.AddManagement.as_view(), name="estate_add"),
    path("<int:pk>/checks/add/", dealing_pages.AddCheck.as_view(), name="check_add"),
]

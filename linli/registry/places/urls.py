"""Addresses of places, under /places/."""

from django.urls import path

from linli.registry.places import edits, estate_edits, exports, pages, street_pages

app_name = "places"
urlpatterns = [
    path("", pages.EstateList.as_view(), name="estates"),
    path("export/", exports.EstatesExport.as_view(), name="estates_export"),
    path("estates/add/", edits.EstateAdd.as_view(), name="estate_add"),
    path("estates/<int:pk>/", pages.EstatePage.as_view(), name="estate"),
    path("estates/<int:pk>/edit/", edits.EstateEdit.as_view(), name="estate_edit"),
    path("estates/<int:pk>/remove/", edits.EstateRemove.as_view(), name="estate_remove"),
    path("estates/<int:pk>/buildings/add/", edits.BuildingAdd.as_view(), name="building_add"),
    path("estates/<int:pk>/management/", estate_edits.SetManagement.as_view(), name="management_set"),
    path("managements/<int:pk>/edit/", estate_edits.CorrectManagement.as_view(), name="management_edit"),
    path("estates/<int:pk>/entrances/add/", estate_edits.AddEntrance.as_view(), name="entrance_add"),
    path("entrances/<int:pk>/edit/", estate_edits.EditEntrance.as_view(), name="entrance_edit"),
    path("entrances/<int:pk>/remove/", estate_edits.RemoveEntrance.as_view(), name="entrance_remove"),
    path("streets/", street_pages.BackStreetList.as_view(), name="back_streets"),
    path("streets/export/", exports.BackStreetsExport.as_view(), name="back_streets_export"),
    path("streets/add/", street_pages.BackStreetAdd.as_view(), name="back_street_add"),
    path("streets/<int:pk>/", street_pages.BackStreetPage.as_view(), name="back_street"),
    path("streets/<int:pk>/edit/", street_pages.BackStreetEdit.as_view(), name="back_street_edit"),
    path("streets/<int:pk>/remove/", street_pages.BackStreetRemove.as_view(), name="back_street_remove"),
    path("buildings/export/", exports.BuildingsExport.as_view(), name="buildings_export"),
    path("homes/export/", exports.HomesExport.as_view(), name="homes_export"),
    path("buildings/", pages.BuildingList.as_view(), name="buildings"),
    path("buildings/<int:pk>/", pages.BuildingPage.as_view(), name="building"),
    path("buildings/<int:pk>/facts/", pages.BuildingFacts.as_view(), name="building_facts"),
    path("buildings/<int:pk>/edit/", edits.BuildingEdit.as_view(), name="building_edit"),
    path("buildings/<int:pk>/layout/", edits.BuildingLayout.as_view(), name="building_layout"),
    path("buildings/<int:pk>/remove/", edits.BuildingRemove.as_view(), name="building_remove"),
    path("buildings/<int:pk>/homes/add/", edits.HomesAdd.as_view(), name="homes_add"),
    path("units/<int:pk>/edit/", edits.UnitEdit.as_view(), name="unit_edit"),
    path("units/<int:pk>/remove/", edits.UnitRemove.as_view(), name="unit_remove"),
    path("homes/", pages.HomeList.as_view(), name="homes"),
    path("homes/options/", pages.HomeOptions.as_view(), name="home_options"),
    path("homes/<int:pk>/", pages.HomePage.as_view(), name="home"),
    path("homes/<int:pk>/edit/", edits.HomeEdit.as_view(), name="home_edit"),
    path("homes/<int:pk>/owner/", edits.RevealOwner.as_view(), name="home_owner"),
    path("homes/<int:pk>/remove/", edits.HomeRemove.as_view(), name="home_remove"),
]

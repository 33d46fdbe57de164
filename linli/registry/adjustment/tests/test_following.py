"""Every table with a region key knows what it follows when communities are adjusted."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from linli.regions.fields import RegionCodeField
from linli.regions.following import NoWay, has_region, is_history, unique_in_region, way_of, ways
from linli.registry.places.models import Building


def test_no_model_is_forgotten() -> None:
    """A new model with a region key lands here: give it a foreign key to a building or person, or `region_follows`."""
    for model in apps.get_models():
        if has_region(model) and not is_history(model):
            way_of(model)


@pytest.mark.parametrize(
    ("table", "kind", "holder"),
    [
        ("places_building", "holder", "places_building"),
        ("places_home", "inside", "places_building"),
        ("people_residence", "inside", "places_building"),
        ("people_household", "inside", "places_building"),
        ("organisations_organisation", "inside", "places_building"),
        ("people_householdmember", "inside", "people_person"),
        ("groups_membership", "inside", "people_person"),
        ("ledgers_formupload", "region", ""),
    ],
)
def test_what_follows_what(table: str, kind: str, holder: str) -> None:
    assert (ways()[table].kind, ways()[table].holder) == (kind, holder)


def test_what_may_stand_once_in_a_community_is_known() -> None:
    """Two communities that become one may clash in a unique constraint on the region. Of a clash of names `carrying` takes care;
    a record of a day or the like says `region_follows = "never"`."""
    for model in apps.get_models():
        if has_region(model) and not is_history(model) and way_of(model) is not None:
            assert set(unique_in_region(model)) <= {("region_code", "name")}, model._meta.label


def test_records_of_the_past_follow_nothing() -> None:
    assert not {"access_post", "regions_region", "regions_formerregion", "audit_event"} & set(ways())


@isolate_apps("linli.regions")
def test_a_model_without_a_way_is_caught() -> None:
    class Stray(models.Model):  # noqa: DJ008
        region_code = RegionCodeField()

        class Meta:
            app_label = "regions"

    class Lamp(models.Model):  # noqa: DJ008
        region_code = RegionCodeField()
        building = models.ForeignKey(Building, models.CASCADE)

        class Meta:
            app_label = "regions"

    with pytest.raises(NoWay, match="Stray"):
        way_of(Stray)
    found = way_of(Lamp)
    assert found is not None
    assert (found.holder, [step.column for step in found.steps]) == ("places_building", ["building_id"])


def test_the_joins_lead_to_the_holder() -> None:
    assert ways()["people_residence"].joins("x", "w") == (
        " LEFT JOIN places_home w0 ON w0.id = x.home_id",
        "w0.building_id",
    )
    assert ways()["places_home"].joins("x", "w") == ("", "x.building_id")

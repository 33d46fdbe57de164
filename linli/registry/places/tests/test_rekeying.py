"""Buildings come to lie in another grid or community; everything in them goes along and nothing is lost."""

from __future__ import annotations

from datetime import date

import pytest

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.registry.places import actions, occupancy
from linli.registry.places.models import Building, Estate, EstateManagement, Home, Unit
from linli.registry.places.rules import Layout
from linli.registry.places.tests.street import GRID, make_regions

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Characters:
    make_regions()
    return characters()


def _estate(who: Characters, name: str = "新兴小区", region: str = COMMUNITY, buildings: int = 3) -> Estate:
    user = who.worker if region == COMMUNITY else who.neighbour
    estate = actions.add_estate(acting_user=user, region_code=region, name=name)
    for number in range(1, buildings + 1):
        one = actions.add_building(acting_user=user, estate=estate, name=f"{number}号楼")
        actions.lay_out_building(acting_user=user, building=one, layout=Layout(2, 3, 2))
    return estate


def _everything_lies_with_its_building() -> bool:
    return all(
        {*one.units.values_list("region_code", flat=True), *one.homes.values_list("region_code", flat=True)}
        == {one.region_code}
        and one.estate.region_code[:12] == one.region_code[:12]
        for one in Building.objects.select_related("estate")
    )


def test_buildings_are_put_under_a_grid_with_all_in_them(who: Characters, monkeypatch) -> None:
    estate = _estate(who)
    first, second, third = estate.buildings.all()
    seen: list[int] = []
    monkeypatch.setitem(occupancy._followers, "test", seen.extend)
    done = actions.assign_buildings(
        acting_user=who.worker, building_ids=[first.pk, second.pk], region_code=GRID, reason="网格重新划分"
    )
    assert (done.buildings, done.homes, done.estates_moved, done.estates_divided) == (2, 24, 0, 0)
    assert Home.objects.filter(region_code=GRID).count() == 24
    assert Unit.objects.filter(region_code=GRID).count() == 4
    assert sorted(seen) == sorted(Home.objects.filter(region_code=GRID).values_list("pk", flat=True))
    third.refresh_from_db()
    assert third.region_code == COMMUNITY
    assert _everything_lies_with_its_building()
    event = Event.objects.get(verb="places.assign_buildings", target_type="regions.region")
    assert event.data["before"] == {str(first.pk): COMMUNITY, str(second.pk): COMMUNITY}
    # Again changes nothing and records nothing.
    assert not actions.assign_buildings(acting_user=who.worker, building_ids=[first.pk], region_code=GRID)


def test_a_grid_of_another_community_is_an_adjustment(who: Characters) -> None:
    building = _estate(who).buildings.first()
    with pytest.raises(RuleError, match="社区设置调整"):
        actions.assign_buildings(acting_user=who.officer, building_ids=[building.pk], region_code=NEIGHBOUR)
    for user in (who.neighbour, who.department, who.stranger):
        with pytest.raises(NotPermitted):
            actions.assign_buildings(acting_user=user, building_ids=[building.pk], region_code=GRID)


def test_an_estate_goes_along_when_all_its_buildings_leave(who: Characters) -> None:
    estate = _estate(who)
    done = actions.rekey(dict.fromkeys(estate.buildings.values_list("pk", flat=True), NEIGHBOUR))
    estate.refresh_from_db()
    assert (estate.region_code, done.estates_moved, done.estates_divided) == (NEIGHBOUR, 1, 0)
    assert _everything_lies_with_its_building()


def test_an_estate_cut_by_the_border_is_divided_and_comes_together_again(who: Characters) -> None:
    estate = _estate(who)
    actions.set_management(
        acting_user=who.worker, estate=estate, way="property", company="甲物业", since=date(2020, 1, 1)
    )
    first, *others = estate.buildings.values_list("pk", flat=True)
    addresses = dict(Home.objects.values_list("pk", "full_address"))
    done = actions.rekey({first: NEIGHBOUR})
    assert (done.estates_moved, done.estates_divided) == (0, 1)
    twin = Estate.objects.get(name="新兴小区", region_code=NEIGHBOUR)
    assert list(twin.buildings.values_list("pk", flat=True)) == [first]
    assert list(estate.buildings.values_list("pk", flat=True)) == others
    assert EstateManagement.objects.get(estate=twin).company == "甲物业"
    assert dict(Home.objects.values_list("pk", "full_address")) == addresses
    assert _everything_lies_with_its_building()
    actions.rekey({first: COMMUNITY})
    assert not Estate.objects.filter(pk=twin.pk).exists()
    assert estate.buildings.count() == 3
    assert _everything_lies_with_its_building()


def test_namesakes_with_the_same_buildings_are_refused_in_words(who: Characters) -> None:
    _estate(who, region=NEIGHBOUR)
    building = _estate(who).buildings.first()
    with pytest.raises(RuleError, match="同名的楼栋"):
        actions.rekey({building.pk: NEIGHBOUR})


def test_a_building_whose_grid_is_corrected_takes_all_along(who: Characters) -> None:
    building = _estate(who).buildings.first()
    actions.update_building(acting_user=who.worker, building=building, region_code=GRID)
    assert set(building.homes.values_list("region_code", flat=True)) == {GRID}
    assert _everything_lies_with_its_building()

"""Each check of homes, lettings, buildings and estates: one case that has the fault, and one that has not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from linli.access.testing import COMMUNITY, Characters, characters
from linli.regions.models import Level, Region
from linli.registry.lettings.models import Letting
from linli.registry.people.models import Residence
from linli.registry.people.tests.street import make_family, make_homes, make_regions
from linli.registry.places.models import Building, Estate, EstateManagement, Home, Unit
from linli.registry.quality.tests.finding import found

ALWAYS = DateRange(date(2020, 1, 1), None)


@pytest.fixture
def who(db: Any) -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def homes(who: Characters) -> list[Home]:
    made = make_homes(count=4)
    make_family(who.worker, made[0])
    return made


def let(home: Home, **more: Any) -> Letting:
    return Letting.objects.create(
        **{"region_code": COMMUNITY, "home": home, "landlord_name": "张房主", "period": ALWAYS, **more}
    )


def test_a_home_that_is_no_more_holds_nobody(homes: list[Home]) -> None:
    assert found("home_ended_lived") == {}
    Home.objects.update(ended_on=timezone.localdate())
    assert found("home_ended_lived") == {homes[0].pk: "3 人"}


def test_a_home_lies_within_the_floors_of_its_building(homes: list[Home]) -> None:
    Building.objects.update(floors=4)
    assert found("home_above") == {}
    Building.objects.update(floors=3)
    assert found("home_above") == {homes[3].pk: "登记在 4 层，楼栋共 3 层"}


def test_so_many_people_want_so_many_square_metres(homes: list[Home], settings: Any) -> None:
    Home.objects.update(area=Decimal("15"))
    assert found("home_crowded") == {}  # three of them, five square metres each
    Home.objects.update(area=Decimal("14.50"))
    assert found("home_crowded") == {homes[0].pk: "14.5 平方米住 3 人"}
    Home.objects.update(tenure="dormitory")
    assert found("home_crowded") == {}
    # Elsewhere than in the cities with a norm of their own, the setting speaks.
    Home.objects.update(tenure="owned", region_code="330203001001")
    settings.LINLI_LEAST_FLOOR = 4.0
    assert found("home_crowded", "330203001001") == {}
    settings.LINLI_LEAST_FLOOR = 6.0
    Residence.objects.update(region_code="330203001001")
    assert found("home_crowded", "330203001001") == {homes[0].pk: "14.5 平方米住 3 人"}


def test_no_more_live_there_than_were_agreed(homes: list[Home]) -> None:
    one = let(homes[0], most=3)
    assert found("home_over_most") == {}
    Letting.objects.filter(pk=one.pk).update(most=2)
    assert found("home_over_most") == {homes[0].pk: "限住 2 人，住 3 人"}
    let(homes[0], most=1, landlord_name="另一间")
    assert found("home_over_most") == {}


def test_who_owns_and_lives_there_is_recorded(homes: list[Home]) -> None:
    Home.objects.filter(pk__in=[homes[0].pk, homes[1].pk]).update(tenure="owned")
    assert found("home_owned_empty") == {homes[1].pk: ""}


def test_what_is_let_is_said_to_be_let(homes: list[Home]) -> None:
    Home.objects.filter(pk__in=[homes[0].pk, homes[1].pk]).update(tenure="let")
    let(homes[0])
    let(homes[2])
    assert found("home_let_not_said") == {homes[2].pk: ""}
    assert found("home_let_no_letting") == {homes[1].pk: ""}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("501", "501室", True),
        ("501", "0501", True),
        ("５０１", "501", True),
        ("a1", "A1号", True),
        ("501", "502", False),
        ("1-01", "101", False),
    ],
)
def test_one_door_is_written_once(homes: list[Home], first: str, second: str, same: bool) -> None:
    Home.objects.filter(pk=homes[0].pk).update(door=first)
    Home.objects.filter(pk=homes[1].pk).update(door=second)
    wanted = {homes[0].pk: f"与 {second} 相像", homes[1].pk: f"与 {first} 相像"}
    assert found("home_door_twice") == (wanted if same else {})
    unit = Unit.objects.create(region_code=COMMUNITY, building=homes[0].building, name="2单元")
    Home.objects.filter(pk=homes[1].pk).update(unit=unit)
    assert found("home_door_twice") == {}


@pytest.mark.parametrize(
    ("key", "known"), [("home_no_area", {"area": Decimal(80)}), ("home_no_category", {"category": "flat"})]
)
def test_a_home_knows_what_its_neighbours_know(homes: list[Home], key: str, known: dict[str, Any]) -> None:
    Home.objects.filter(pk=homes[0].pk).update(**known)
    assert found(key) == {}  # one of four: it is not usual to record it here
    Home.objects.filter(pk=homes[1].pk).update(**known)
    assert found(key) == {homes[2].pk: "", homes[3].pk: ""}


def test_tenure_is_asked_where_somebody_lives(who: Characters, homes: list[Home]) -> None:
    make_family(who.worker, homes[1], serial=40)
    Home.objects.filter(pk=homes[0].pk).update(tenure="owned")
    assert found("home_no_tenure") == {homes[1].pk: ""}
    Home.objects.filter(pk=homes[0].pk).update(tenure="unknown")
    assert found("home_no_tenure") == {}


def test_who_rents_lives_there(who: Characters, homes: list[Home]) -> None:
    _household, head, _wife, _son = make_family(who.worker, homes[1], serial=40)
    let(homes[1], tenant=head)
    away = let(homes[2], tenant=head)
    let(homes[3], tenant_name="某公司")
    assert found("letting_tenant_away") == {away.pk: ""}


def test_lettings_that_ran_out(homes: list[Home]) -> None:
    today = timezone.localdate()
    lived = let(homes[0], agreed_until=today - timedelta(days=1))
    empty = let(homes[1], agreed_until=date(2021, 5, 6))
    let(homes[2], agreed_until=today)
    let(homes[3], agreed_until=date(2021, 5, 6), period=DateRange(date(2020, 1, 1), date(2021, 5, 7)))
    assert found("letting_over") == {lived.pk: f"{today - timedelta(days=1)} 到期"}
    assert found("letting_over_empty") == {empty.pk: "2021-05-06 到期"}


def test_a_building_stands_in_its_community(homes: list[Home]) -> None:
    building = homes[0].building
    Region.objects.filter(region_code=COMMUNITY).update(
        outline=[[115.96, 40.45], [115.98, 40.45], [115.98, 40.47], [115.96, 40.47]]
    )
    assert found("building_outside") == {}  # nobody said where it stands
    Building.objects.update(longitude=Decimal("115.97"), latitude=Decimal("40.46"))
    assert found("building_outside") == {}
    Building.objects.update(longitude=Decimal("116.4"))
    assert found("building_outside") == {building.pk: ""}


def test_a_building_has_homes_a_grid_a_year_and_lifts(homes: list[Home]) -> None:
    building = homes[0].building
    Building.objects.update(built_year=1998, floors=6)
    bare = Building.objects.create(region_code=COMMUNITY, estate=building.estate, name="2号楼", floors=11)
    assert found("building_no_homes") == {bare.pk: ""}
    assert found("building_no_year") == {bare.pk: ""}
    assert found("building_no_lifts") == {bare.pk: "11 层"}
    assert found("building_no_grid") == {}  # a community without grids
    grid = f"{COMMUNITY}001"
    Region.objects.create(
        region_code=grid,
        level=Level.GRID,
        name="第一网格",
        parent=Region.objects.get(region_code=COMMUNITY),
    )
    Building.objects.filter(pk=building.pk).update(region_code=grid)
    assert found("building_no_grid") == {bare.pk: ""}
    Estate.objects.update(built_year=2001)
    Building.objects.filter(pk=bare.pk).update(lifts=0, kind="residential")
    assert found("building_no_year") == {}
    assert found("building_no_lifts") == {}
    Building.objects.filter(pk=bare.pk).update(kind="office")
    assert found("building_no_homes") == {}


def test_floors_and_units_run_through(homes: list[Home]) -> None:
    building = homes[0].building
    assert found("building_floor_gap") == {}
    Home.objects.filter(pk__in=[homes[1].pk, homes[2].pk]).update(floor=None)
    assert found("building_floor_gap") == {building.pk: "缺 2、3 层"}
    for name in ("1单元", "2单元", "东单元"):
        Unit.objects.create(region_code=COMMUNITY, building=building, name=name)
    assert found("building_unit_gap") == {}
    Unit.objects.filter(name="2单元").update(name="4单元")
    assert found("building_unit_gap") == {building.pk: "缺 2单元、3单元"}


def test_somebody_looks_after_an_estate(homes: list[Home]) -> None:
    estate = homes[0].building.estate
    assert found("estate_no_management") == {estate.pk: ""}
    spell = EstateManagement.objects.create(
        region_code=COMMUNITY, estate=estate, way="property", period=ALWAYS
    )
    assert found("estate_no_management") == {}
    assert found("estate_no_company") == {estate.pk: ""}
    EstateManagement.objects.filter(pk=spell.pk).update(company="海坨家和", contract_until=date(2021, 5, 6))
    assert found("estate_no_company") == {}
    assert found("estate_contract_over") == {estate.pk: "2021-05-06 到期"}
    EstateManagement.objects.filter(pk=spell.pk).update(contract_until=timezone.localdate())
    assert found("estate_contract_over") == {}
    EstateManagement.objects.filter(pk=spell.pk).update(way="abandoned", company="")
    assert found("estate_no_company") == {}

"""The building chart with its people, shops and groups of care: counts, colours, what is missing, who may see what."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.types.range import DateRange

from linli.access.models import Post, Role, User
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.recording import SYSTEM, RuleError
from linli.registry.groups.models import Group, Membership
from linli.registry.groups.seeds import ensure_groups
from linli.registry.organisations.actions import add_organisation
from linli.registry.people import sealing
from linli.registry.people.models import Household, HouseholdMember, Person, Residence
from linli.registry.places import actions, chart
from linli.registry.places.models import Building, Home
from linli.registry.places.rules import Layout
from linli.registry.places.tests.street import GRID, make_regions

pytestmark = pytest.mark.django_db
TODAY = date.today()
Asserting = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def who() -> Characters:
    make_regions()
    ensure_groups(acting_user=SYSTEM)
    return characters()


@pytest.fixture
def building(who: Characters) -> Building:
    estate = actions.add_estate(acting_user=who.worker, region_code=COMMUNITY, name="东里小区")
    made = actions.add_building(acting_user=who.worker, estate=estate, name="12号楼")
    actions.lay_out_building(acting_user=who.worker, building=made, layout=Layout(3, 6, 2))
    return made


def _home(building: Building, unit: str, door: str) -> Home:
    return building.homes.get(unit__name=unit, door=door)


def _person(
    home: Home, name: str, *, since: date = date(2015, 1, 1), until: date | None = None, **more: Any
) -> Person:
    number = more.pop("number", f"N{Person.objects.count()}")
    made = Person.objects.create(
        region_code=home.region_code,
        name=name,
        standing="registered",
        sex="1",
        id_number=number,
        **sealing.id_columns(number),
        **more,
    )
    Residence.objects.create(
        region_code=home.region_code, person=made, kind="living", home=home, period=DateRange(since, until)
    )
    return made


def _family(home: Home, *names: str, **more: Any) -> list[Person]:
    """A household; the last of the names is its head."""
    made = [_person(home, name, **more) for name in names]
    household = Household.objects.create(region_code=home.region_code, number=f"H{home.pk}", home=home)
    for one in made:
        HouseholdMember.objects.create(
            region_code=home.region_code,
            household=household,
            person=one,
            relation="02" if one is made[-1] else "10",
            period=DateRange(date(2015, 1, 1), None),
        )
    return made


def _in_group(person: Person, code: str) -> None:
    Membership.objects.create(
        region_code=person.region_code,
        person=person,
        group=Group.objects.get(code=code),
        period=DateRange(date(2020, 1, 1), None),
    )


def _cell(building: Building, user: Any, unit: str, door: str, on: date = TODAY) -> chart.Cell:
    made = chart.make(Building.objects.select_related("estate").get(pk=building.pk), on, user)
    return next(c for c in made.cells if c.home.unit and (c.home.unit.name, c.home.door) == (unit, door))


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_cell_names_the_head_and_counts_who_lives_there(who: Characters, building: Building) -> None:
    home = _home(building, "1单元", "101")
    actions.update_home(acting_user=who.worker, home=home, tenure="owned", area=60)
    _family(home, "王秀英", "李建国", phone="13800000001")
    cell = _cell(building, who.worker, "1单元", "101")
    assert (cell.says, cell.known.people, cell.state, cell.missing) == ("李建国", 2, chart.OWNED, ())


def test_states_of_homes(who: Characters, building: Building) -> None:
    def state(door: str, **changes: Any) -> chart.Mark:
        actions.update_home(acting_user=who.worker, home=_home(building, "1单元", door), **changes)
        return _cell(building, who.worker, "1单元", door).state

    assert state("101", tenure="let") is chart.LET
    assert state("102", tenure="owned") is chart.EMPTY
    _family(_home(building, "1单元", "201"), "王秀英")
    assert state("201", note="x") is chart.UNKNOWN
    _family(_home(building, "1单元", "202"), "刘志强")
    assert state("202", tenure="public") is chart.OTHER
    assert state("301", use="shop") is chart.SHOP


def test_what_is_missing_is_said(who: Characters, building: Building) -> None:
    home = _home(building, "1单元", "101")
    _person(home, "王秀英", number="")
    cell = _cell(building, who.worker, "1单元", "101")
    said = "、".join(cell.missing)
    for word in ("居住方式", "建筑面积", "电话", "证件号码"):
        assert word in said
    actions.update_home(acting_user=who.worker, home=_home(building, "1单元", "102"), tenure="let")
    assert "租住人员" in _cell(building, who.worker, "1单元", "102").missing


def test_a_chart_of_another_day_shows_who_lived_there_then(who: Characters, building: Building) -> None:
    home = _home(building, "1单元", "101")
    _person(home, "老住户", since=date(2010, 1, 1), until=date(2020, 6, 1))
    _person(home, "新住户", since=date(2020, 6, 1))
    assert _cell(building, who.worker, "1单元", "101").says == "新住户"
    assert _cell(building, who.worker, "1单元", "101", date(2020, 5, 31)).says == "老住户"
    assert _cell(building, who.worker, "1单元", "101", date(2009, 1, 1)).known.people == 0
    text = _client(who.worker).get(f"{building.get_absolute_url()}?on=2020-05-31").content.decode()
    assert "老住户" in text
    assert "新住户" not in text
    assert "2020-05-31 那天" in text


def test_care_is_shown_as_far_as_the_user_may_see_it(who: Characters, building: Building) -> None:
    alone, poor = (
        _family(_home(building, "1单元", door), name)[0]
        for door, name in (("101", "王秀英"), ("102", "刘志强"))
    )
    _in_group(alone, "elderly_alone")
    Group.objects.filter(code="disabled").update(shown_on_chart=True)
    _in_group(poor, "disabled")
    grid_worker = User.objects.create(username="grid", name="孙网格")
    Post.objects.create(
        user=grid_worker, role=Role.GRID_WORKER, region_code=COMMUNITY, valid_from=date(2020, 1, 1)
    )
    assert _cell(building, who.worker, "1单元", "101").known.care == ("独居老人",)
    assert _cell(building, who.worker, "1单元", "102").known.care == ("残疾人",)
    assert _cell(building, grid_worker, "1单元", "101").known.care == ("独居老人",)
    assert _cell(building, grid_worker, "1单元", "102").known.care == ()
    assert _cell(building, who.department, "1单元", "101").known.care == ()


def test_a_department_sees_numbers_but_no_people(who: Characters, building: Building) -> None:
    home = _home(building, "1单元", "101")
    actions.update_home(acting_user=who.worker, home=home, tenure="owned")
    _family(home, "王秀英", "李建国", phone="13800000001")
    cell = _cell(building, who.department, "1单元", "101")
    assert (cell.known.people, cell.known.name, cell.state) == (2, "", chart.OWNED)
    client = _client(who.department)
    for url in (building.get_absolute_url(), home.get_absolute_url()):
        text = client.get(url).content.decode()
        assert "李建国" not in text
        assert "0001" not in text


def test_a_shop_is_named_by_its_organisation(who: Characters, building: Building) -> None:
    home = actions.add_home(acting_user=who.worker, building=building, door="底商1", use="shop", floor=1)
    add_organisation(
        acting_user=who.worker, region_code=COMMUNITY, name="妫川便利店", kind="shop", premises=home
    )
    made = chart.make(building, TODAY, who.worker)
    assert [(cell.says, cell.state) for cell in made.loose] == [("妫川便利店", chart.SHOP)]
    text = _client(who.worker).get(home.get_absolute_url()).content.decode()
    assert "妫川便利店" in text


def test_the_page_of_a_home_shows_its_people_masked(who: Characters, building: Building) -> None:
    home = _home(building, "1单元", "101")
    _family(home, "王秀英", "李建国", phone="13800001234")
    _person(home, "赵浩然", since=date(2001, 1, 1), until=date(2009, 1, 1))
    answer = _client(who.worker).get(
        home.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "div#drawer-body"}
    )
    text = answer.content.decode()
    assert "<html" not in text
    for word in ("李建国", "户主", "138****1234", "赵浩然"):
        assert word in text
    assert "13800001234" not in text


def test_the_chart_costs_the_same_however_many_live_there(
    who: Characters, building: Building, settings: Any, django_assert_num_queries: Asserting
) -> None:
    settings.LINLI_BADGE_SECONDS = 600  # the sidebar's own questions aside
    client, url = _client(who.worker), building.get_absolute_url()
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url)
    for home in building.homes.all():
        actions.update_home(acting_user=who.worker, home=home, tenure="owned")
        people = _family(home, f"甲{home.pk}", f"乙{home.pk}")
        _in_group(people[0], "elderly_alone")
    with django_assert_num_queries(len(few)):
        assert "72 人" in " ".join(client.get(url).content.decode().replace("\n", " ").split())
    # Session, user, posts; building, its estate's buildings and management, units, homes and ends; people, which groups may be
    # seen, groups, organisations, networks, lettings, hazards and gates; the bell.
    assert len(few) <= 18


def test_the_legend_is_a_filter(who: Characters, building: Building) -> None:
    actions.update_home(acting_user=who.worker, home=_home(building, "1单元", "101"), tenure="let")
    client = _client(who.worker)
    text = client.get(f"{building.get_absolute_url()}?show=let").content.decode()
    assert text.count('class="home empty dim"') == 35
    assert text.count('class="home let"') == 1
    fragment = client.get(
        f"{building.get_absolute_url()}?show=let", headers={"HX-Request": "true", "HX-Target": "div#rows"}
    ).content.decode()
    assert "<html" not in fragment
    assert 'class="home let"' in fragment


def test_another_grid_takes_the_people_along(who: Characters, building: Building) -> None:
    home = _home(building, "1单元", "101")
    person = _family(home, "王秀英")[0]
    _in_group(person, "elderly_alone")
    actions.update_building(acting_user=who.worker, building=building, region_code=GRID)
    for rows in (Person, Residence, Household, HouseholdMember, Membership):
        assert set(rows.objects.values_list("region_code", flat=True)) == {GRID}, rows


def test_a_home_where_somebody_lived_is_never_removed(who: Characters, building: Building) -> None:
    home = _home(building, "1单元", "101")
    _person(home, "王秀英", until=date(2016, 1, 1))
    with pytest.raises(RuleError, match="登记过住户"):
        actions.remove_home(acting_user=who.worker, home=home, reason="录错")
    shop = actions.add_home(acting_user=who.worker, building=building, door="底商1", use="shop")
    add_organisation(
        acting_user=who.worker, region_code=COMMUNITY, name="妫川便利店", kind="shop", premises=shop
    )
    with pytest.raises(RuleError):
        actions.remove_home(acting_user=who.worker, home=shop, reason="录错")
    assert Home.objects.filter(pk__in=[home.pk, shop.pk]).count() == 2


def test_doors_stand_in_the_order_of_their_numbers_whatever_was_written_last(
    who: Characters, building: Building
) -> None:
    building.homes.filter(door="101").update(position=9)
    actions.update_home(acting_user=who.worker, home=_home(building, "1单元", "101"), tenure="lent")
    made = chart.make(building, TODAY, who.worker)
    assert [[cell.home.door for cell in group if cell] for group in made.rows[-1].groups] == [
        ["101", "102"]
    ] * 3
    assert [row.label for row in made.rows] == ["6 层", "5 层", "4 层", "3 层", "2 层", "1 层"]

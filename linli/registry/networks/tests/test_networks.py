"""Appointing and ending, gaps, the chart, who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import Post, Role
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.recording import RuleError
from linli.facts import plan
from linli.kernel.scope import Scope
from linli.registry.networks import actions, reading
from linli.registry.networks.models import Kind, NetworkPost
from linli.registry.networks.rules import Covered
from linli.registry.people import actions as people
from linli.registry.people.models import Person
from linli.registry.people.tests.street import register
from linli.registry.places import actions as places
from linli.registry.places import chart
from linli.registry.places.models import Building, Home
from linli.registry.places.rules import Layout
from linli.registry.places.tests.street import GRID, make_regions

pytestmark = pytest.mark.django_db
SINCE = date(2022, 1, 1)


@pytest.fixture
def who() -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def building(who: Characters) -> Building:
    estate = places.add_estate(acting_user=who.worker, region_code=COMMUNITY, name="新兴小区")
    made = places.add_building(acting_user=who.worker, estate=estate, name="12号楼", region_code=GRID)
    places.lay_out_building(acting_user=who.worker, building=made, layout=Layout(2, 3, 2))
    return made


@pytest.fixture
def head(who: Characters, building: Building) -> Person:
    home = building.homes.get(unit__name="1单元", door="101")
    return register(who.worker, home, "王秀英", sex="2", family=people.Family(kind="family"))


def _unit(building: Building, name: str) -> Covered:
    return Covered(building.pk, building.units.get(name=name).pk)


def _appoint(who: Characters, head: Person, building: Building, **more) -> NetworkPost:
    values = {
        "kind": Kind.DOOR_HEAD,
        "region_code": COMMUNITY,
        "person_id": head.pk,
        "since": SINCE,
        "places": [_unit(building, "1单元")],
        **more,
    }
    return actions.appoint(acting_user=who.worker, **values)


def test_a_door_head_closes_the_gap_of_the_staircase(
    who: Characters, building: Building, head: Person
) -> None:
    today = timezone.localdate()
    assert [one.unit for one in reading.open_stairs(COMMUNITY, today)] == ["1单元", "2单元"]
    _appoint(who, head, building)
    assert [one.unit for one in reading.open_stairs(COMMUNITY, today)] == ["2单元"]
    assert [one.unit for one in reading.open_stairs(COMMUNITY, date(2021, 12, 31))] == ["1单元", "2单元"]
    standing = reading.standing([Scope.of(COMMUNITY)], today)[COMMUNITY]
    assert (standing.stairs, standing.stairs_held, standing.stairs_open) == (2, 1, 1)


def test_a_staircase_has_one_door_head_at_a_time(who: Characters, building: Building, head: Person) -> None:
    post = _appoint(who, head, building)
    with pytest.raises(RuleError, match=r"1单元已有楼门栋长 王秀英"):
        _appoint(who, head, building, places=[Covered(building.pk)], person_id=None, name="李大爷")
    # A group leader over the same staircase is another matter.
    _appoint(who, head, building, kind=Kind.GROUP_LEADER, group="第一居民小组", places=[Covered(building.pk)])
    actions.end(acting_user=who.worker, post=post, on=date(2023, 1, 1), reason="搬走")
    again = _appoint(who, head, building, person_id=None, name="李大爷", since=date(2023, 1, 1))
    assert again.name == "李大爷"
    with pytest.raises(RuleError, match="已于"):
        actions.end(acting_user=who.worker, post=post, on=date(2024, 1, 1), reason="再来一次")


def test_groups_count_their_households_and_those_without_are_told(
    who: Characters, building: Building, head: Person
) -> None:
    today = timezone.localdate()
    other = building.homes.get(unit__name="2单元", door="101")
    register(who.worker, other, "赵大山", serial=3, family=people.Family(kind="family"))
    assert [(one.building, one.households) for one in reading.open_houses(COMMUNITY, today)] == [
        ("新兴小区12号楼", 2)
    ]
    _appoint(who, head, building, kind=Kind.GROUP_LEADER, group="第一居民小组")
    assert [one.households for one in reading.groups([Scope.of(COMMUNITY)], today)] == [1]
    assert [one.households for one in reading.open_houses(COMMUNITY, today)] == [1]
    standing = reading.standing([Scope.of(COMMUNITY)], today)[COMMUNITY]
    assert (standing.households, standing.households_held, standing.leaders_missing) == (2, 1, 1)
    of_grid = reading.standing([Scope.of(COMMUNITY)], today, 15)[GRID]
    assert of_grid.households == 2


def test_a_single_home_may_be_given(who: Characters, building: Building, head: Person) -> None:
    home = Home.objects.get(unit__name="1单元", door="101")
    post = _appoint(
        who,
        head,
        building,
        kind=Kind.GROUP_LEADER,
        places=[Covered(building.pk, home.unit_id, home.pk)],
    )
    assert [
        one.households for one in reading.groups([Scope.of(COMMUNITY)], timezone.localdate(), [post.pk])
    ] == [1]


def test_a_grid_has_a_worker_by_the_users_post_or_by_name(who: Characters, building: Building) -> None:
    today = timezone.localdate()
    assert reading.open_grids(COMMUNITY, today) == [GRID]
    post = actions.appoint(
        acting_user=who.worker,
        kind=Kind.GRID_WORKER,
        region_code=GRID,
        since=SINCE,
        name="孙志芳",
        phone="13800001234",
    )
    assert reading.open_grids(COMMUNITY, today) == []
    actions.end(acting_user=who.worker, post=post, on=today - timedelta(days=1), reason="调走")
    assert reading.open_grids(COMMUNITY, today) == [GRID]
    Post.objects.create(user=who.stranger, role=Role.GRID_WORKER, region_code=GRID, valid_from=SINCE)
    assert reading.open_grids(COMMUNITY, today) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"since": date(2999, 1, 1)}, "since"),
        ({"places": []}, "places"),
        ({"places": [Covered(10**9)]}, "places"),
        ({"person_id": None}, "person"),
        ({"kind": "king"}, "kind"),
        ({"region_code": GRID}, "region_code"),
    ],
)
def test_what_cannot_be_is_said(
    who: Characters, building: Building, head: Person, changes: dict, field: str
) -> None:
    with pytest.raises(RuleError) as refused:
        _appoint(who, head, building, **changes)
    assert refused.value.field == field
    assert not NetworkPost.objects.exists()


def test_who_has_left_cannot_take_a_post_and_a_death_ends_it(
    who: Characters, building: Building, head: Person
) -> None:
    post = _appoint(who, head, building)
    people.record_death(acting_user=who.worker, person_id=head.pk, died=date(2024, 5, 6))
    post.refresh_from_db()
    assert (post.period.upper, post.reason) == (date(2024, 5, 6), "去世")
    with pytest.raises(RuleError, match="已登记去世"):
        _appoint(who, head, building, since=date(2024, 6, 1))


def test_only_who_may_edit_people_there(who: Characters, building: Building, head: Person) -> None:
    for user in (who.neighbour, who.department, who.administrator, who.stranger):
        with pytest.raises(NotPermitted):
            actions.appoint(
                acting_user=user,
                kind=Kind.DOOR_HEAD,
                region_code=COMMUNITY,
                since=SINCE,
                person_id=head.pk,
                places=[_unit(building, "1单元")],
            )


def test_the_chart_says_who_and_where_there_is_nobody(
    who: Characters, building: Building, head: Person
) -> None:
    _appoint(who, head, building)
    made = chart.make(building, timezone.localdate(), who.worker)
    first, second = ([note.text for note in column.notes] for column in made.columns)
    assert first == ["楼门长 王秀英", "缺居民小组长"]
    assert second == ["缺楼门栋长", "缺居民小组长"]
    assert (
        made.columns[1].notes[0].url.endswith(f"?place={building.pk}-{building.units.get(name='2单元').pk}")
    )
    assert chart.make(building, timezone.localdate(), who.department).columns[0].notes == []
    client = Client()
    client.force_login(who.worker)
    assert "缺楼门栋长" in client.get(building.get_absolute_url()).content.decode()


def test_from_the_gap_to_the_post_by_the_pages(who: Characters, building: Building, head: Person) -> None:
    client = Client()
    client.force_login(who.worker)
    page = client.get(reverse("networks:community", args=[COMMUNITY])).content.decode()
    url = reverse("networks:appoint", args=[COMMUNITY, "door_head"])
    place = f"{building.pk}-{building.units.get(name='2单元').pk}"
    assert f'href="{url}?place={place}"' in page
    assert f'value="{place}"' in client.get(f"{url}?place={place}").content.decode()
    answer = client.post(url, {"person": head.pk, "places": [place], "since": "2024-01-01"})
    assert answer.status_code == 302
    post = NetworkPost.objects.get()
    assert [one.unit.name for one in post.covers.all()] == ["2单元"]
    both = [place, f"{building.pk}-{building.units.get(name='1单元').pk}"]
    changed = client.post(reverse("networks:post_places", args=[post.pk]), {"places": both})
    assert changed.status_code == 302
    assert post.covers.count() == 2
    assert "王秀英" in client.get(reverse("networks:posts")).content.decode()
    wish = plan.Wish("network_post", [Scope.of(COMMUNITY)], timezone.localdate(), ["kind", "name", "places"])
    assert [values for _pk, values in plan.rows(wish)] == [
        ["楼门栋长", "王秀英", "新兴小区12号楼1单元、新兴小区12号楼2单元"]
    ]


def test_the_overview_costs_the_same_for_many(
    who: Characters, building: Building, head: Person, settings: Any, django_assert_max_num_queries
) -> None:
    settings.LINLI_BADGE_SECONDS = 600  # the sidebar's own questions aside
    _appoint(who, head, building)
    client = Client()
    client.force_login(who.officer)
    client.get(reverse("networks:overview"))
    with django_assert_max_num_queries(12):
        client.get(reverse("networks:overview"))


def test_the_officer_of_a_grid_or_else_of_the_community_stands_in_forms(
    who: Characters, building: Building, head: Person
) -> None:
    client = Client()
    client.force_login(who.worker)
    page = reverse("networks:community", args=[COMMUNITY])
    assert "登记责任民警" in client.get(page).content.decode()
    form = {
        "name": "高志强",
        "phone": "13910007100",
        "unit": "香水园派出所",
        "area": COMMUNITY,
        "since": "2024-03-01",
        "note": "",
    }
    add = reverse("networks:appoint", args=[COMMUNITY, "police"])
    assert client.post(add, {**form, "name": ""}).status_code == 422
    assert client.post(add, form).status_code == 302
    assert "高志强" in client.get(page).content.decode()
    paths = ("police_officer", "police_phone", "police_station")

    def told(subject: str, on: date) -> list[Any]:
        wish = plan.Wish(subject, (Scope.of(COMMUNITY),), on, elements=paths, limit=1)
        return next(values for _pk, values in plan.rows(wish))

    today = timezone.localdate()
    for subject in ("home", "building", "person"):
        assert told(subject, today) == ["高志强", "13910007100", "香水园派出所"]
        assert told(subject, date(2024, 2, 29)) == [None, None, None]
    assert client.post(add, {"name": "孙建华", "since": "2025-01-01", "area": GRID}).status_code == 302
    assert (
        client.post(add, {"name": "外人", "since": "2025-01-01", "area": "110119002002"}).status_code == 422
    )
    of_grid = NetworkPost.objects.get(name="孙建华")
    assert told("home", today) == ["孙建华", None, None]
    home = client.get(building.homes.first().get_absolute_url()).content.decode()
    assert "孙建华" in home
    assert "高志强" not in home
    actions.end(acting_user=who.worker, post=of_grid, on=today, reason="调走")
    assert told("home", today)[0] == "高志强"
    held = NetworkPost.objects.get(name="高志强")
    with pytest.raises(RuleError, match="不按楼栋"):
        actions.change_places(acting_user=who.worker, post=held, places=[])


def test_what_was_written_wrongly_of_an_officer_is_put_right(who: Characters, building: Building) -> None:
    post = actions.appoint(
        acting_user=who.worker,
        kind=Kind.POLICE,
        region_code=COMMUNITY,
        since=SINCE,
        name="高志强",
        phone="110",
        unit="香水园派出所",
    )
    browser = Client()
    browser.force_login(who.worker)
    address = reverse("networks:post_edit", args=[post.pk])
    assert address in browser.get(post.get_absolute_url()).content.decode()
    wrong = browser.post(address, {"name": "高志强", "phone": "123", "unit": "香水园派出所"})
    assert wrong.status_code == 422
    assert "应为 11 位" in wrong.content.decode()
    asked = {"name": "高志刚", "phone": "13912348017", "unit": "儒林派出所", "note": "周三在社区"}
    assert browser.post(address, asked).status_code == 302
    post.refresh_from_db()
    assert (post.name, post.phone, post.unit) == ("高志刚", "13912348017", "儒林派出所")
    # the number is not shown again, what is left empty stays, and 无 clears it
    shown = browser.get(address).content.decode()
    assert "139****8017" in shown
    assert "13912348017" not in shown
    browser.post(address, asked | {"phone": ""})
    post.refresh_from_db()
    assert post.phone == "13912348017"
    browser.post(address, asked | {"phone": "无"})
    post.refresh_from_db()
    assert post.phone == ""
    browser.force_login(who.neighbour)
    assert browser.get(address).status_code == 404
    with pytest.raises(NotPermitted):
        actions.put_right(acting_user=who.neighbour, post=post, name="乙")
    actions.end(acting_user=who.worker, post=post, on=timezone.localdate())
    browser.force_login(who.worker)
    assert browser.get(address).status_code == 404


def test_of_a_resident_only_the_note_is_put_right(who: Characters, building: Building, head: Person) -> None:
    post = _appoint(who, head, building)
    browser = Client()
    browser.force_login(who.worker)
    address = reverse("networks:post_edit", args=[post.pk])
    form = browser.get(address).context["form"]
    assert list(form.fields) == ["note"]
    assert browser.post(address, {"note": "早晚在家"}).status_code == 302
    post.refresh_from_db()
    assert (post.note, post.person, post.name) == ("早晚在家", head, head.name)


def test_how_to_reach_who_looks_after_a_home_is_told_of_homes_buildings_and_people(
    who: Characters, building: Building, head: Person
) -> None:
    _appoint(who, head, building, places=[_unit(building, "1单元")])
    people.update_person(acting_user=who.worker, person_id=head.pk, values={"phone": "13912340001"})
    leader = {"person_id": None, "name": "刘组长", "phone": "13912340002", "kind": Kind.GROUP_LEADER}
    _appoint(who, head, building, group="第一居民小组", **leader)
    for kind, name, phone in (
        (Kind.GRID_WORKER, "张网格", "13912340003"),
        (Kind.GRID_HEAD, "李网格长", "13912340004"),
    ):
        actions.appoint(
            acting_user=who.worker, kind=kind, region_code=GRID, name=name, phone=phone, since=SINCE
        )
    posts = ("door_head", "group_leader", "grid_worker", "grid_head")
    paths = tuple(path for one in posts for path in (one, f"{one}_phone"))
    wanted = [
        "王秀英",
        "13912340001",
        "刘组长",
        "13912340002",
        "张网格",
        "13912340003",
        "李网格长",
        "13912340004",
    ]

    def told(subject: str, *paths: str, on: date | None = None) -> dict[int, list[Any]]:
        wish = plan.Wish(subject, (Scope.of(COMMUNITY),), on or timezone.localdate(), elements=paths)
        return {pk: list(values) for pk, values in plan.rows(wish)}

    mine = building.homes.get(unit__name="1单元", door="101")
    other = building.homes.get(unit__name="2单元", door="101")
    of_homes = told("home", *paths)
    assert of_homes[mine.pk] == wanted
    assert of_homes[other.pk] == [None, None, None, None, *wanted[4:]]
    assert told("person", *paths) == {head.pk: wanted}
    assert told("home", *paths, on=date(2021, 12, 31))[mine.pk] == [None] * 8
    of_building = ("door_heads", "door_head_phone", "group_leader_phone", "grid_head_phone")
    assert told("building", *of_building)[building.pk] == [
        "王秀英",
        "13912340001",
        "13912340002",
        "13912340004",
    ]
    # Two look after the building: whose number it is could not be told.
    second = {"person_id": None, "name": "赵门长", "phone": "13912340005"}
    _appoint(who, head, building, places=[_unit(building, "2单元")], **second)
    assert told("building", *of_building)[building.pk][:2] == ["王秀英、赵门长", None]
    assert told("home", *paths)[other.pk][:2] == ["赵门长", "13912340005"]

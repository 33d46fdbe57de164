"""Homes are split and merged; whoever is in them is asked for and never lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.registry.organisations.models import Organisation
from linli.registry.people import actions as people
from linli.registry.people.models import Household, Person, Residence
from linli.registry.people.tests.street import make_family, make_homes, register
from linli.registry.places import actions, chart, occupancy
from linli.registry.places.actions import Part
from linli.registry.places.models import Home

pytestmark = pytest.mark.django_db
ON = date(2024, 6, 1)


@pytest.fixture
def who() -> Characters:
    return characters()


@pytest.fixture
def homes(who: Characters) -> list[Home]:
    return make_homes(COMMUNITY, 3)


def _living(person: Person, on: date = ON) -> Home | None:
    return Residence.objects.get(person=person, kind="living", period__contains=on).home


def _split(who: Characters, home: Home, goes: dict[str, int], **more) -> list[Home]:
    return actions.split_home(
        acting_user=who.worker,
        home=home,
        parts=[Part("101A", Decimal("40")), Part("101B", Decimal("38.5"))],
        on=ON,
        goes=goes,
        **more,
    )


def test_a_split_asks_for_everybody_and_moves_who_is_said_to_move(who: Characters, homes: list[Home]) -> None:
    household, head, wife, son = make_family(who.worker, homes[0])
    shop = Organisation.objects.create(region_code=COMMUNITY, name="便民小店", kind="shop", premises=homes[0])
    keys = {one.key: one.label for one in occupancy.occupants([homes[0].pk], who.worker)}
    assert {key.split("-")[0] for key in keys} == {"people", "organisations"}
    assert len(keys) == 4
    goes = dict.fromkeys(keys, 0)
    missing = next(iter(keys))
    with pytest.raises(RuleError, match="分到哪一户") as refused:
        _split(who, homes[0], {key: 0 for key in keys if key != missing})
    assert refused.value.field == missing
    goes[f"people-{son.pk}-{homes[0].pk}"] = 1
    goes[f"organisations-{shop.pk}"] = 1
    kept, made = _split(who, homes[0], goes)
    assert (kept.pk, kept.door, made.door, made.began_on) == (homes[0].pk, "101A", "101B", ON)
    assert made.full_address == "新兴小区1号楼101B室" or made.full_address == "新兴小区1号楼101B"
    for person, home in ((head, kept), (wife, kept), (son, made)):
        assert _living(person) == home
        assert Residence.objects.get(person=person, kind="hukou", period__contains=ON).home == home
    assert _living(son, date(2024, 5, 31)) == kept
    household.refresh_from_db()
    assert household.home == kept
    shop.refresh_from_db()
    assert shop.premises == made
    assert Event.objects.filter(verb="places.split_home").count() >= 4


def test_the_chart_of_the_day_before_shows_one_home(who: Characters, homes: list[Home]) -> None:
    _split(who, homes[0], {})
    building = homes[0].building
    before = {cell.home.door for cell in chart.make(building, date(2024, 5, 31), who.worker).cells}
    after = {cell.home.door for cell in chart.make(building, ON, who.worker).cells}
    assert len(before) == 3
    assert after == {"101A", "101B", "201", "301"}


def test_a_merger_takes_everybody_along_and_ends_the_others(who: Characters, homes: list[Home]) -> None:
    first = register(who.worker, homes[0], "王建国", serial=5, family=people.Family(kind="family"))
    second = register(who.worker, homes[1], "李秀英", sex="2", serial=6, family=people.Family(kind="family"))
    own = Household.objects.get(members__person=second)
    there = {one.key for one in occupancy.occupants([homes[1].pk], who.worker)}

    def merge(seen: set[str]) -> Home:
        return actions.merge_homes(
            acting_user=who.worker,
            building=homes[0].building,
            home_ids=[homes[0].pk, homes[1].pk],
            into=homes[0].pk,
            door="101",
            area=Decimal("120"),
            on=ON,
            seen=seen,
        )

    with pytest.raises(RuleError, match="刚刚有变化"):
        merge(set())
    merged = merge(there)
    assert (_living(first), _living(second)) == (merged, merged)
    gone = Home.objects.get(pk=homes[1].pk)
    assert (gone.ended_on, gone.became) == (ON, merged)
    own.refresh_from_db()
    assert own.home == merged
    assert not occupancy.occupants([gone.pk], who.worker)
    # The door is free again, and nobody can be put into the home that is gone.
    with pytest.raises(RuleError, match="已经注销"):
        people.move_within(acting_user=who.worker, person_id=first.pk, home_id=gone.pk, on=ON)
    actions.add_home(acting_user=who.worker, building=homes[0].building, door="201")
    with pytest.raises(RuleError, match="已有门牌"):
        actions.reopen_home(acting_user=who.worker, home=gone)


def test_nobody_is_lost_over_a_split_and_a_merger(who: Characters, homes: list[Home]) -> None:
    make_family(who.worker, homes[0])
    register(who.worker, homes[1], "赵大山", serial=9)
    people_before = set(Person.objects.values_list("pk", flat=True))
    goes = {one.key: n % 2 for n, one in enumerate(occupancy.occupants([homes[0].pk], who.worker))}
    kept, made = _split(who, homes[0], goes)
    actions.merge_homes(
        acting_user=who.worker,
        building=kept.building,
        home_ids=[kept.pk, made.pk, homes[1].pk],
        into=made.pk,
        door="101",
        area=None,
        on=date(2025, 6, 1),
        seen={one.key for one in occupancy.occupants([kept.pk, homes[1].pk], who.worker)},
    )
    living = Residence.objects.filter(kind="living", period__endswith__isnull=True)
    assert {one.person_id for one in living} == people_before
    assert {one.home_id for one in living} == {made.pk}


def test_a_home_with_people_cannot_be_ended(who: Characters, homes: list[Home]) -> None:
    register(who.worker, homes[0], "王建国")
    building = homes[0].building
    with pytest.raises(RuleError, match=r"101.*王建国"):
        actions.end_homes(
            acting_user=who.worker, building=building, home_ids=[homes[0].pk], on=ON, reason="拆除"
        )
    done = actions.end_homes(
        acting_user=who.worker, building=building, home_ids=[homes[2].pk], on=ON, reason="拆除"
    )
    assert done == 1
    again = actions.reopen_home(acting_user=who.worker, home=homes[2], reason="录错")
    assert again.ended_on is None


def test_doors_may_change_places(who: Characters, homes: list[Home]) -> None:
    one, two, _three = homes
    done = actions.renumber(
        acting_user=who.worker, building=one.building, doors={one.pk: "201", two.pk: "101"}
    )
    assert done == 2
    assert dict(Home.objects.filter(pk__in=[one.pk, two.pk]).values_list("pk", "full_address")) == {
        one.pk: "新兴小区1号楼201室",
        two.pk: "新兴小区1号楼101室",
    }
    with pytest.raises(RuleError, match="会有两套"):
        actions.renumber(acting_user=who.worker, building=one.building, doors={one.pk: "301"})


def test_a_floor_more_has_the_doors_of_the_floor_below(who: Characters, homes: list[Home]) -> None:
    building = homes[0].building
    made = actions.add_floor(acting_user=who.worker, building=building, floor=4)
    assert [(home.door, home.floor) for home in made] == [("401", 4)]
    building.refresh_from_db()
    assert building.floors == 4
    with pytest.raises(RuleError, match="已经有了"):
        actions.add_floor(acting_user=who.worker, building=building, floor=4)
    with pytest.raises(NotPermitted):
        actions.add_floor(acting_user=who.neighbour, building=building, floor=5)


def test_the_pages_split_in_two_steps_and_merge_with_a_tick(
    client, who: Characters, homes: list[Home]
) -> None:
    _household, head, _wife, son = make_family(who.worker, homes[0])
    client.force_login(who.worker)
    edit = f"/places/buildings/{homes[0].building_id}/chart/"
    assert client.post(edit, {"do": "split", "pk": [homes[0].pk]}).headers["Location"].endswith("/split/")
    first = client.post(
        f"/places/homes/{homes[0].pk}/split/",
        {"doors": "101A、101B", "areas": "40、38.5", "on": "2024-06-01"},
    )
    assert first.status_code == 302
    second = first.headers["Location"]
    page = client.get(second).content.decode()
    assert "王建国" in page
    keys = [one.key for one in occupancy.occupants([homes[0].pk], who.worker)]
    assert client.post(second, {keys[0]: "0"}).status_code == 422
    goes = {key: "1" if key.startswith(f"people-{son.pk}-") else "0" for key in keys}
    assert client.post(second, goes).status_code == 302
    made = Home.objects.get(door="101B")
    assert _living(son) == made
    assert _living(head) != made
    merge = client.post(edit, {"do": "merge", "pk": [homes[0].pk, made.pk]}).headers["Location"]
    seen = [one.key for one in occupancy.occupants([homes[0].pk, made.pk], who.worker)]
    data = {"into": homes[0].pk, "door": "101", "area": "78.5", "on": "2025-01-01", "seen": ",".join(seen)}
    assert client.post(merge, data).status_code == 422
    assert client.post(merge, data | {"sure": "on"}).status_code == 302
    assert _living(son, date(2025, 1, 1)) == homes[0]
    assert client.post(edit, {"do": "tenure", "tenure": "let", "pk": [homes[1].pk]}).status_code == 302
    homes[1].refresh_from_db()
    assert homes[1].tenure == "let"

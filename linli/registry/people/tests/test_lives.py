"""Sequences of life events on a small base: whatever clerks do, nobody lives twice, no household has two heads or none, and kin
and marital status agree.

`LINLI_LIVES` says how many sequences are tried (`make lives` tries ten thousand).
"""

from __future__ import annotations

import contextlib
import os
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from linli.access.models import Post, Role, User
from linli.access.testing import STREET
from linli.audit import chain
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.registry.people import actions, standing
from linli.registry.people.models import Household, Person
from linli.registry.people.tests.street import OUTSIDE, make_family, make_homes, number, register
from linli.registry.places.models import Home

START = date(2020, 1, 1)
SEQUENCES = int(os.environ.get("LINLI_LIVES", "150"))
KINDS = (
    "in",
    "out",
    "out_hukou",
    "within",
    "within_new",
    "family",
    "head",
    "join",
    "leave",
    "found",
    "death",
    "undeath",
    "hukou",
    "marry",
    "divorce",
    "birth",
    "adopt",
    "kin",
    "split",
    "merge",
    "clear",
    "correct",
)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(KINDS), st.integers(0, 7), st.integers(0, 7), st.integers(0, 3), st.integers(-5, 60)
    ),
    min_size=4,
    max_size=14,
)


def happen(user: Any, event: str, person: Person, other: Person, home: Home, on: date) -> None:
    """One event, of which the rules may refuse any."""
    common = {"acting_user": user, "person_id": person.pk, "on": on}
    sharing = {"share_home": bool(on.day % 3)}
    households = list(Household.objects.order_by("id"))
    household = households[other.pk % len(households)]
    another = households[person.pk % len(households)]
    inside = list(
        household.members.filter(period__endswith__isnull=True)
        .order_by("pk")
        .values_list("person_id", flat=True)
    )
    if event == "in":
        actions.move_in(**common, **sharing, home_id=home.pk)
    elif event == "out":
        actions.move_out(**common, went_to=actions.Place(region_code=OUTSIDE), new_head_id=other.pk)
    elif event == "out_hukou":
        actions.move_out(**common, with_hukou=True, new_head_id=other.pk)
    elif event == "within":
        actions.move_within(**common, **sharing, home_id=home.pk)
    elif event == "within_new":
        actions.move_within(
            **common, **sharing, home_id=home.pk, family=actions.Family(), new_head_id=other.pk
        )
    elif event == "family":
        actions.move_household(
            acting_user=user,
            household_id=household.pk,
            home_id=home.pk,
            on=on,
            with_hukou=bool(on.day % 2),
            **sharing,
        )
    elif event == "head":
        actions.change_head(acting_user=user, household_id=household.pk, new_head_id=person.pk, on=on)
    elif event == "join":
        actions.join_household(
            **common, household_id=household.pk, relation=("97", "02")[on.day % 2], new_head_id=other.pk
        )
    elif event == "leave":
        actions.leave_household(**common, new_head_id=other.pk)
    elif event == "found":
        actions.found_household(
            acting_user=user, head_id=person.pk, home_id=home.pk, on=on, new_head_id=other.pk
        )
    elif event == "death":
        actions.record_death(acting_user=user, person_id=person.pk, died=on, new_head_id=other.pk)
    elif event == "undeath":
        actions.withdraw_death(acting_user=user, person_id=person.pk, reason="登记错了")
    elif event == "hukou":
        actions.set_hukou(**common, place=actions.Place(home_id=home.pk))
    elif event == "marry":
        actions.marry(**common, spouse_id=other.pk)
    elif event == "divorce":
        actions.divorce(**common)
    elif event == "birth":
        born = on if on <= standing.timezone.localdate() else standing.timezone.localdate()
        values = {"name": "王小宝", "sex": "12"[on.day % 2], "birth_date": born}
        actions.record_birth(
            acting_user=user, values=values, mother_id=person.pk, father_id=other.pk, hukou_with="mother"
        )
    elif event == "adopt":
        actions.adopt(**common, father_id=other.pk, new_head_id=other.pk)
    elif event == "kin":
        relation = ("spouse", "father", "mother", "guardian")[on.day % 4]
        actions.set_kin(
            acting_user=user, person_id=person.pk, relation=relation, relative_id=other.pk, since=on
        )
    elif event == "split":
        actions.split_household(
            acting_user=user,
            household_id=household.pk,
            person_ids=inside[: 1 + on.day % 2],
            head_id=inside[0] if inside else person.pk,
            on=on,
            new_head_id=inside[-1] if inside else None,
        )
    elif event == "merge":
        actions.merge_households(acting_user=user, household_id=household.pk, into_id=another.pk, on=on)
    elif event == "clear":
        target = actions.Destination(outside=actions.Place(region_code=OUTSIDE))
        if on.day % 2:
            target = actions.Destination(home_id=Home.objects.order_by("-pk").values_list("pk", flat=True)[0])
        actions.clear_homes(
            acting_user=user, moves={home.pk: target}, on=on, with_hukou=bool(on.day % 3), reason="拆除"
        )
    elif event == "correct":
        values = {
            "name": "王改名",
            "id_number": number(date(1970, 1, 1 + on.day % 28), "1", on.month),
            "marital": "30",
        }
        actions.update_person(acting_user=user, person_id=person.pk, values=values)


# Each answers with rows that must not be. They are asked of the tables themselves, not of the constraints and triggers.
NEVER = {
    "somebody lives twice": """
        SELECT a.person_id FROM people_residence a JOIN people_residence b
        ON b.person_id = a.person_id AND b.kind = a.kind AND b.id > a.id AND b.period && a.period""",
    "somebody is in two households": """
        SELECT a.person_id FROM people_householdmember a JOIN people_householdmember b
        ON b.person_id = a.person_id AND b.id > a.id AND b.period && a.period""",
    "a household has two heads": """
        SELECT a.household_id FROM people_householdmember a JOIN people_householdmember b
        ON b.household_id = a.household_id AND b.id > a.id AND a.relation = '02' AND b.relation = '02' AND b.period && a.period""",
    "a household has members and no head": """
        SELECT m.household_id, day FROM people_householdmember m
        JOIN LATERAL (SELECT lower(m.period) AS day UNION SELECT upper(o.period) FROM people_householdmember o
            WHERE o.household_id = m.household_id) days ON m.period @> coalesce(day, '0001-01-01'::date)
        WHERE NOT EXISTS (SELECT 1 FROM people_householdmember h WHERE h.household_id = m.household_id AND h.relation = '02'
            AND h.period @> coalesce(day, '0001-01-01'::date))""",
    "an empty spell was left": """
        SELECT id FROM people_householdmember WHERE isempty(period) UNION ALL SELECT id FROM people_residence WHERE isempty(period)
        UNION ALL SELECT id FROM people_kinship WHERE isempty(period)""",
    "the dead live on": """
        SELECT p.id FROM people_person p WHERE p.death_date IS NOT NULL AND (p.standing <> 'dead'
            OR EXISTS (SELECT 1 FROM people_residence r WHERE r.person_id = p.id AND upper_inf(r.period))
            OR EXISTS (SELECT 1 FROM people_householdmember m WHERE m.person_id = p.id AND upper_inf(m.period))
            OR EXISTS (SELECT 1 FROM people_kinship k WHERE k.person_id = p.id AND k.relation = 'spouse' AND upper_inf(k.period)))""",
    "a spouse is not one both ways": """
        SELECT k.id FROM people_kinship k WHERE k.relation = 'spouse' AND k.relative_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM people_kinship b WHERE b.relation = 'spouse' AND b.person_id = k.relative_id
            AND b.relative_id = k.person_id AND b.period = k.period)""",
    "marital status and marriage disagree": """
        SELECT p.id FROM people_person p WHERE p.death_date IS NULL AND p.marital NOT IN ('20', '21', '22', '23') AND EXISTS (
            SELECT 1 FROM people_kinship k WHERE k.person_id = p.id AND k.relation = 'spouse' AND upper_inf(k.period))""",
}


def wrongs() -> dict[str, list[Any]]:
    """What must not be, with the rows."""
    found = {}
    with connection.cursor() as cursor:
        for name, sql in NEVER.items():
            cursor.execute(sql)
            if rows := cursor.fetchall():
                found[name] = rows
    return found


@pytest.fixture
def user(db: None) -> User:
    found = User.objects.create(username="officer", name="李建民", password="!")
    Post.objects.create(user=found, role=Role.STREET_OFFICER, region_code=STREET, valid_from=START)
    return found


@pytest.fixture
def street(user: User) -> tuple[list[Person], list[Home]]:
    """Two families, one of which has an address only, and two who live alone."""
    homes = make_homes(count=4)
    make_family(user, homes[0], serial=10)
    make_family(user, homes[1], serial=40)
    register(user, homes[2], "赵独居", born=date(1970, 3, 3), sex="2", serial=70)
    register(user, homes[3], "孙小妹", born=date(2012, 3, 3), sex="2", serial=71, since=None)
    Household.objects.filter(home__isnull=True).update(home=homes[0])
    return list(Person.objects.order_by("id")), homes


def test_lives_stay_in_order(user: User, street: tuple[list[Person], list[Home]]) -> None:
    people, homes = street
    counted = {"tried": 0, "done": 0}

    @settings(
        max_examples=SEQUENCES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(EVENTS)
    def live(events: list[tuple[str, int, int, int, int]]) -> None:
        with transaction.atomic():
            day = START
            for event, who, other, home, later in events:
                day += timedelta(days=later)
                counted["tried"] += 1
                with contextlib.suppress(RuleError):
                    happen(user, event, people[who], people[other], homes[home], day)
                    counted["done"] += 1
                # Constraints that wait for the commit are asked after each deed.
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            assert wrongs() == {}, events
            assert standing.refresh(None) == 0, "region or standing was left behind"
            transaction.set_rollback(True)

    live()
    print(  # noqa: T201  whoever runs ten thousand wants to know
        f"{SEQUENCES} sequences, {counted['tried']} events, {counted['done']} carried out"
    )
    assert counted["done"] > counted["tried"] / 10, "hardly anything happened"


def test_deeds_stay_chained(user: User, street: tuple[list[Person], list[Home]]) -> None:
    people, homes = street
    before = Event.objects.count()
    for at, kind in enumerate(KINDS):
        with contextlib.suppress(RuleError):
            happen(user, kind, people[at % 8], people[(at + 3) % 8], homes[at % 4], START + timedelta(at))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Event.objects.count() > before + 5
    assert chain.verify().sound

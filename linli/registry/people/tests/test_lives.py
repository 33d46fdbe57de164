"""Sequences of life events on a small base: whatever clerks do, nobody lives twice and no household has two heads."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.access.models import Post, Role, User
from linli.access.testing import STREET
from linli.audit import chain
from linli.audit.recording import RuleError
from linli.registry.people import actions, standing
from linli.registry.people.models import HEAD, Household, HouseholdMember, Person, Residence
from linli.registry.people.tests.street import OUTSIDE, make_family, make_homes
from linli.registry.places.models import Home

START = date(2020, 1, 1)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
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
                "hukou",
            ]
        ),
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(0, 3),
        st.integers(-5, 60),
    ),
    min_size=1,
    max_size=25,
)


def happen(user: Any, event: str, person: Person, other: Person, home: Home, on: date) -> None:
    """One event, of which the rules may refuse any."""
    common = {"acting_user": user, "person_id": person.pk, "on": on}
    sharing = {"share_home": bool(on.day % 3)}
    household = Household.objects.order_by("id")[other.pk % Household.objects.count()]
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
            **common, household_id=household.pk, relation=("97", HEAD)[on.day % 2], new_head_id=other.pk
        )
    elif event == "leave":
        actions.leave_household(**common, new_head_id=other.pk)
    elif event == "found":
        actions.found_household(
            acting_user=user, head_id=person.pk, home_id=home.pk, on=on, new_head_id=other.pk
        )
    elif event == "death":
        actions.record_death(acting_user=user, person_id=person.pk, died=on, new_head_id=other.pk)
    elif event == "hukou":
        actions.set_hukou(**common, place=actions.Place(home_id=home.pk))


def overlapping(rows: list[tuple[Any, Any]]) -> bool:
    """Whether two of the (key, range) rows with one key share a day."""
    for number, (key, one) in enumerate(rows):
        for other_key, two in rows[number + 1 :]:
            if key == other_key and (
                (one.upper is None or two.lower is None or two.lower < one.upper)
                and (two.upper is None or one.lower is None or one.lower < two.upper)
            ):
                return True
    return False


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(EVENTS)
def test_lives_stay_in_order(django_db_blocker: Any, events: list[tuple[str, int, int, int, int]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        user = User.objects.create(username="officer", name="李建民", password="!")
        Post.objects.create(user=user, role=Role.STREET_OFFICER, region_code=STREET, valid_from=START)
        homes = make_homes(count=4)
        make_family(user, homes[0], serial=10)
        make_family(user, homes[1], serial=40)
        people = list(Person.objects.order_by("id"))
        Household.objects.filter(home__isnull=True).update(home=homes[0])
        day = START
        for event, who, other, home, later in events:
            day += timedelta(days=later)
            with contextlib.suppress(RuleError):
                happen(user, event, people[who], people[other], homes[home], day)
        # Constraints that wait for the commit are asked now.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        places = [((r.person_id, r.kind), r.period) for r in Residence.objects.all() if not r.period.isempty]
        assert not overlapping(places), "somebody lives twice"
        memberships = list(HouseholdMember.objects.all())
        assert not any(m.period.isempty for m in memberships)
        assert not overlapping([(m.person_id, m.period) for m in memberships]), "in two households"
        assert not overlapping([(m.household_id, m.period) for m in memberships if m.relation == HEAD])
        for household in Household.objects.all():
            running = [m for m in memberships if m.household_id == household.pk and m.period.upper is None]
            assert not running or sum(m.relation == HEAD for m in running) == 1
        for person in Person.objects.exclude(death_date=None):
            assert person.standing == "dead"
            assert not any(m.period.upper is None for m in memberships if m.person_id == person.pk)
            assert not Residence.objects.filter(person=person, period__endswith__isnull=True).exists()
        assert standing.refresh(None) == 0, "region or standing was left behind"
        assert chain.verify().sound
        transaction.set_rollback(True)

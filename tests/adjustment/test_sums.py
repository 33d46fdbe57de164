"""For every measure of the dictionary a district is the sum of its streets, and a street of its communities: after random moves,
mergers and splits, today and as of earlier dates, in the cut of then and in that of now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.audit.recording import RuleError
from linli.facts import plan as facts
from linli.facts.dictionary import dictionary
from linli.facts.plan import Wish
from linli.kernel.scope import Scope
from linli.regions.models import Level, Region
from linli.registry.adjustment import actions
from linli.registry.adjustment.base import read_base
from tests.adjustment.street import STREET, carried_out, head, make_street, plan_of

DISTRICT = STREET[:6]
pytestmark = pytest.mark.django_db


class Undone(Exception):
    """Ends an example's transaction without keeping it."""


def _sums(on: date, cut: str) -> Iterator[tuple[str, Any, Any, Any]]:
    """For every measure: its key, the district's total, and the sum over the communities in force."""
    days = {on} if cut == "then" else {on, timezone.localdate()}
    in_force = Region.objects.filter(level=Level.COMMUNITY, region_code__startswith=DISTRICT)
    keys = {
        region.region_code
        for region in in_force
        for day in days
        if (region.valid_from is None or region.valid_from <= day)
        and (region.valid_to is None or region.valid_to > day)
    }
    for subject in dictionary.subjects():
        for measure in subject.measures:
            wish = Wish(subject.key, [Scope.of(DISTRICT)], on, cut=cut)
            parts = facts.grouped(wish, measure, by_region_length=12)
            listed = {key: value or 0 for key, value in parts.items() if key in keys}
            streets = facts.grouped(wish, measure, by_region_length=9) if subject.key == "person" else {}
            if streets:
                assert sum(value or 0 for value in streets.values()) == sum(listed.values()), measure
            yield f"{subject.key}.{measure}", facts.total(wish, measure), sum(listed.values()), parts


def _holds(on: date, cut: str = "then") -> dict[str, Any]:
    """The district's figures of a day, each the sum of its communities."""
    found = {}
    for key, whole, by_community, parts in _sums(on, cut):
        assert whole == by_community, (key, on, cut, parts)
        found[key] = whole
    return found


STEP = st.one_of(
    st.tuples(st.just("move"), st.integers(0, 30), st.integers(0, 5), st.integers(1, 4)),
    st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("split"), st.integers(0, 30), st.just(0), st.integers(1, 4)),
)


def _draw_up(user: Any, steps: list[tuple[str, int, int, int]], today: date, name: str) -> Any:
    """A plan of these steps, as far as the rules allow them."""
    plan = plan_of(user, name)
    base = read_base(STREET, today)
    ids, keys = sorted(base.blocks), sorted(k for k in base.communities if base.of(k))
    for number, (kind, first, second, count) in enumerate(steps):
        some = [ids[(first + n) % len(ids)] for n in range(count)]
        try:
            if kind == "move":
                actions.move_buildings(acting_user=user, plan=plan, ids=some, to=keys[second % len(keys)])
            elif kind == "merge":
                actions.merge_community(
                    acting_user=user, plan=plan, key=keys[first % len(keys)], into=keys[second % len(keys)]
                )
            else:
                actions.found_community(acting_user=user, plan=plan, name=f"{name}{number}社区", ids=some)
        except RuleError:
            continue
    return plan


@pytest.fixture
def street() -> tuple[date, list[date], dict[date, dict[str, Any]]]:
    """A small street; the days that are asked for, before, between and after two adjustments; and what they say now."""
    today = timezone.localdate()
    make_street(today, communities=3, homes=420)
    dictionary.refresh()
    asked = [today - timedelta(days=61), today - timedelta(days=21), today]
    return today, asked, {day: _holds(day) for day in asked}


# From an adjustment on there may be other communities, and estates that a border cut in two: these numbers do change.
PLACES = ("community.", "estate.")


@given(first=st.lists(STEP, min_size=1, max_size=4), second=st.lists(STEP, max_size=3))
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_district_is_the_sum_of_its_communities(street: Any, first: Any, second: Any) -> None:
    today, asked, before = street
    user = head()
    try:
        with transaction.atomic():
            for number, (steps, ago) in enumerate(((first, 60), (second, 20))):
                plan = _draw_up(user, steps, today, f"方案{number}")
                with suppress(RuleError):  # a plan that the rules refuse is not carried out
                    carried_out(user, plan, today - timedelta(days=ago))
            for day in asked:
                after = _holds(day)
                same = {key for key in after if day == asked[0] or not key.startswith(PLACES)}
                assert {key: after[key] for key in same} == {key: before[day][key] for key in same}
            _holds(asked[0], "now")
            raise Undone
    except Undone:
        pass

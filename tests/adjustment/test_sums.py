"""For every measure of the dictionary a district is the sum of its streets, and a street of its communities: after random moves,
mergers and splits, today and as of earlier dates, in the cut of then and in that of now."""

from __future__ import annotations

from collections.abc import Iterator
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
from linli.registry.adjustment import actions
from linli.registry.adjustment.base import communities_of, read_base
from tests.adjustment.street import STREET, carried_out, head, make_street, plan_of

DISTRICT = STREET[:6]
pytestmark = pytest.mark.django_db


class Undone(Exception):
    """Ends an example's transaction without keeping it."""


def _sums(on: date, cut: str) -> Iterator[tuple[str, Any, Any, Any]]:
    """For every measure: its key, the district's total, the sum over streets, and over the communities of the cut."""
    day = on if cut == "then" else timezone.localdate()
    keys = {region.region_code for region in communities_of(DISTRICT, day)}
    for subject in dictionary.subjects():
        for measure, declared in subject.measures.items():
            if not getattr(declared, "adds_up", True):
                continue
            wish = Wish(subject.key, [Scope.of(DISTRICT)], on, cut=cut)
            whole = facts.total(wish, measure)
            streets = facts.grouped(wish, measure, by_region_length=9)
            parts = facts.grouped(wish, measure, by_region_length=12)
            listed = sum(value or 0 for key, value in parts.items() if key in keys or len(key) < 12)
            yield f"{subject.key}.{measure}", whole, sum(v or 0 for v in streets.values()), listed


def _holds(on: date, cut: str = "then") -> dict[str, Any]:
    found = {}
    for key, whole, by_street, by_community in _sums(on, cut):
        assert whole == by_street == by_community, (key, on, cut)
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
def street() -> date:
    today = timezone.localdate()
    make_street(today, communities=3, homes=420)
    dictionary.refresh()
    return today


@given(first=st.lists(STEP, min_size=1, max_size=4), second=st.lists(STEP, max_size=3))
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_district_is_the_sum_of_its_communities(street: date, first: Any, second: Any) -> None:
    today = street
    days = [today - timedelta(days=60), today - timedelta(days=20)]
    asked = [today - timedelta(days=61), today - timedelta(days=21), today]
    try:
        with transaction.atomic():
            user = head()
            before = {day: _holds(day) for day in asked}
            for number, (steps, day) in enumerate(zip((first, second), days, strict=True)):
                plan = _draw_up(user, steps, today, f"方案{number}")
                try:
                    carried_out(user, plan, day)
                except RuleError:
                    continue
                for asked_day in asked:
                    after = _holds(asked_day)
                    _holds(asked_day, "now")
                    for key in ("community.communities", "estate.estates"):
                        after.pop(key), before[asked_day].pop(key, None)
                    assert after == before[asked_day]
            raise Undone
    except Undone:
        pass

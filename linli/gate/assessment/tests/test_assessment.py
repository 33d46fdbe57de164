"""One assessment a year: weights, computed points, places, the frozen plan; old contests and what hangs for them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from linli.access.guard import NotPermitted
from linli.access.models import Post, User
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, DISTRICT, NEIGHBOUR
from linli.audit.recording import RuleError
from linli.flow.tests.conftest import Cast, cast
from linli.gate.assessment import actions, rules
from linli.gate.assessment.models import Fate, Part, Plan, PlanState, Score
from linli.gate.assessment.rules import Way
from linli.gate.plates import actions as plates
from linli.gate.plates.models import Form
from linli.registry.places.models import Building, Estate

__all__ = ["cast"]
TODAY = timezone.localdate()


def part(key: int, weight: int, way: Way = Way.ENTERED) -> rules.Part:
    return rules.Part(key, f"第{key}项", weight, way)


@pytest.fixture
def head(cast: Cast) -> User:
    user = User.objects.create(username="quji", name="马海英", password="!")
    Post.objects.create(user=user, role=Role.DISTRICT_OFFICER, region_code=DISTRICT, unit=cast.department)
    return user


@pytest.fixture
def plan(head: User) -> Plan:
    made = actions.draft_plan(acting_user=head, region_code=DISTRICT, year=2026, title="2026 年方案")
    for title, weight, way in (("党建", 30, Way.ENTERED), ("满意度", 40, Way.SATISFACTION)):
        actions.set_part(acting_user=head, plan=made, title=title, weight=weight, way=way)
    actions.set_part(
        acting_user=head,
        plan=made,
        title="楼栋底数",
        weight=30,
        way=Way.MEASURED,
        measure="building.buildings",
        zero_at=Decimal(0),
        full_at=Decimal(4),
    )
    return made


def test_weights_add_up_and_satisfaction_counts() -> None:
    assert "添加" in rules.plan_problem([], 30)
    assert "合计是 90" in rules.plan_problem([part(1, 50), part(2, 40, Way.SATISFACTION)], 30)
    assert "至少要 30" in rules.plan_problem([part(1, 80), part(2, 20, Way.SATISFACTION)], 30)
    assert rules.plan_problem([part(1, 70), part(2, 30, Way.SATISFACTION)], 30) == ""


VALUES = st.decimals(-1000, 1000, places=2)


@given(value=VALUES, zero=VALUES, full=VALUES)
def test_points_lie_between_nothing_and_all_and_grow_towards_the_full_value(
    value: Decimal, zero: Decimal, full: Decimal
) -> None:
    if zero == full:
        return
    got = rules.points(value, zero, full)
    assert 0 <= got <= 100
    assert rules.points(zero, zero, full) == 0
    assert rules.points(full, zero, full) == 100
    nearer = value + (full - zero) / 10
    assert rules.points(nearer, zero, full) >= got


def test_a_total_waits_for_every_part_and_equals_share_a_place() -> None:
    parts = [part(1, 60), part(2, 40)]
    assert rules.total(parts, {1: Decimal(90)}) is None
    assert rules.total(parts, {1: Decimal(90), 2: Decimal(80)}) == Decimal("86.00")
    totals = {"a": Decimal(80), "b": Decimal(90), "c": Decimal(80), "d": None, "e": Decimal(70)}
    assert rules.places(totals) == {"b": 1, "a": 2, "c": 2, "e": 4}


def test_one_plan_a_year_by_the_district_alone(cast: Cast, head: User, plan: Plan) -> None:
    with pytest.raises(RuleError, match="一年只有一个"):
        actions.draft_plan(acting_user=head, region_code=DISTRICT, year=2026, title="又一个")
    for other in (cast.people.officer, cast.people.department, cast.people.worker):
        with pytest.raises(NotPermitted):
            actions.draft_plan(acting_user=other, region_code=DISTRICT, year=2027, title="方案")
        with pytest.raises(NotPermitted):
            actions.publish(acting_user=other, plan=plan)


def test_a_published_plan_is_frozen_by_the_database(head: User, plan: Plan) -> None:
    actions.publish(acting_user=head, plan=plan)
    one = plan.parts.first()
    assert one is not None
    with pytest.raises(RuleError, match="已经公布"):
        actions.set_part(acting_user=head, plan=plan, part=one, title="改", weight=30, way=Way.ENTERED)
    tries: list[Any] = [
        lambda: Part.objects.filter(pk=one.pk).update(weight=99),
        lambda: Part.objects.bulk_create([Part(plan=plan, title="加", weight=1)]),
        lambda: Part.objects.filter(pk=one.pk).delete(),
        lambda: Plan.objects.filter(pk=plan.pk).update(year=2030),
        lambda: Plan.objects.filter(pk=plan.pk).update(state="draft"),
    ]
    for attempt in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_scores_are_entered_computed_and_closed(cast: Cast, head: User, plan: Plan) -> None:
    party, content, buildings = plan.parts.all()
    with pytest.raises(RuleError, match="公布以后"):
        actions.enter(acting_user=head, part=party, scores={COMMUNITY: Decimal(90)})
    actions.publish(acting_user=head, plan=plan)
    with pytest.raises(RuleError, match="0 到 100"):
        actions.enter(acting_user=head, part=party, scores={COMMUNITY: Decimal(101)})
    with pytest.raises(RuleError, match="由系统计算"):
        actions.enter(acting_user=head, part=buildings, scores={COMMUNITY: Decimal(1)})
    with pytest.raises(NotPermitted):
        actions.enter(acting_user=head, part=party, scores={"120101001001": Decimal(1)})
    for one, points in ((party, 90), (content, 80)):
        actions.enter(acting_user=head, part=one, scores={COMMUNITY: Decimal(points), NEIGHBOUR: Decimal(70)})
    estate = Estate.objects.create(region_code=COMMUNITY, name="东外小区")
    for number in "123":
        Building.objects.create(region_code=COMMUNITY, estate=estate, name=f"{number}号楼", number=number)
    assert actions.compute(acting_user=head, plan=plan) > 2
    here = Score.objects.get(part=buildings, region_code=COMMUNITY)
    assert (here.value, here.points) == (3, 75)
    page = Client()
    page.force_login(cast.people.officer)
    shown = page.get(plan.get_absolute_url()).content.decode()
    assert "81.50" in shown  # 0.3 × 90 + 0.4 × 80 + 0.3 × 75
    assert "49.00" in shown
    actions.close(acting_user=head, plan=plan)
    with pytest.raises(RuleError, match="结束以前"):
        actions.enter(acting_user=head, part=party, scores={COMMUNITY: Decimal(1)})
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.update(points=100)
    plan.refresh_from_db()
    assert plan.state == PlanState.CLOSED


def test_an_old_contest_is_taken_in_or_cancelled_and_its_plaques_go(
    cast: Cast, head: User, plan: Plan
) -> None:
    plaque = plates.register(
        acting_user=cast.people.worker, region_code=COMMUNITY, name="健康社区示范点", form=Form.PLAQUE
    )
    contest = actions.add_contest(
        acting_user=head,
        region_code=DISTRICT,
        title="健康社区示范验收",
        unit=cast.department,
        times=Decimal(1),
        hours=Decimal(16),
        plaque="健康社区示范点",
    )
    values: dict[str, Any] = {"acting_user": head, "contest": contest, "reason": "市级没有明确要求"}
    with pytest.raises(RuleError, match="理由"):
        actions.decide(**(values | {"fate": Fate.CANCELLED, "reason": " "}))
    with pytest.raises(RuleError, match="并入哪一项"):
        actions.decide(**values, fate=Fate.MERGED)
    with pytest.raises(NotPermitted):
        actions.decide(**(values | {"acting_user": cast.people.officer}), fate=Fate.CANCELLED)
    actions.decide(**values, fate=Fate.MERGED, part=plan.parts.first(), remove_by=TODAY + timedelta(days=30))
    plaque.refresh_from_db()
    assert (plaque.state, plaque.payer) == ("removing", cast.department)
    kept = actions.decide(**values, fate=Fate.CANCELLED)
    assert kept.part is None
    page = Client()
    page.force_login(cast.people.worker)
    assert "市级没有明确要求" in page.get("/assessment/contests/?fate=cancelled").content.decode()

"""The plans of the whole demonstration street: the ready draft, and what the solver proposes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from linli.demo import street as demo
from linli.demo.adjustment_making import NAME
from linli.registry.adjustment import base, rules, showing, solving
from linli.registry.adjustment.actions import area_totals
from linli.registry.adjustment.models import Norm, Plan
from tests.adjustment.street import STREET, carried_out, head

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_street_comes_inside_the_norm_and_nothing_is_lost() -> None:
    demo.build(on=timezone.localdate())
    today: date = timezone.localdate()
    read = base.read_base(STREET, today)
    rule = Norm.objects.get(kind="households", region_code="").rule
    before = area_totals(STREET, today)

    # what the solver proposes
    found = solving.propose(read, rule)
    after = rules.sizes(read, found.draft.assignment(read))
    assert found.inside
    assert all(1000 <= size.households <= 3000 for size in after.values())
    assert not rules.cut_estates(read, found.draft.assignment(read))
    assert sum(s.households for s in after.values()) == before["户数"]
    assert sum(s.people for s in after.values()) <= before["常住人口数"]

    # the ready draft: inside the norm, the same people, homes and money, in the plan and when it is carried out
    plan = Plan.objects.get(name=NAME)
    rows = showing.plan_rows(read, plan.draft, STREET, today)
    sums = showing.totals(rows)
    assert sums.out == 0
    assert sums.out_today == 13
    assert (sums.today.households, sums.today.people, sums.today.homes) == (
        sums.after.households,
        sums.after.people,
        sums.after.homes,
    )
    assert sums.money == sums.money_today == Decimal(1_600_000)
    assert sums.staff == sums.staff_today
    foretold = {line.key: line for line in base.effect(read, plan.draft, STREET, today)}
    carried_out(head(), plan, today)
    assert area_totals(STREET, today) == before
    communities = base.communities_of(STREET, today)
    blocks = base.read_base(STREET, today).blocks
    assert len(communities) == 12
    for figure in base.figures():
        counted: dict[str, int] = {}
        for key, value in base.by_building(figure, STREET, today).items():
            block = blocks.get(int(key)) if len(key) < 12 else None
            community = block.community if block else key
            counted[community] = counted.get(community, 0) + value
        expected = {k: v for k, v in foretold[figure.key].after.items() if v}
        assert {k: v for k, v in counted.items() if v} == expected, figure.key

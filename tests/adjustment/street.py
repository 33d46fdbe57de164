"""A small made street, and a plan over it, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from linli.access.models import Post, User
from linli.access.roles import Role
from linli.demo.testing import build_small
from linli.registry.adjustment import actions
from linli.registry.adjustment.base import read_base
from linli.registry.adjustment.models import Plan

STREET = "110119002"
TODAY_PLANS = "试调整方案"


def make_street(on: date, communities: int = 3, homes: int = 600) -> None:
    """The first communities of 香水园街道, smaller."""
    build_small(communities, homes, on=on)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def head() -> User:
    """The head of the street's office."""
    found = User.objects.filter(username="head.of.street").first()
    if found is None:
        found = User.objects.create(username="head.of.street", name="周主任")
        Post.objects.create(
            user=found, role=Role.STREET_HEAD, region_code=STREET, valid_from=date(2020, 1, 1)
        )
    return found


def plan_of(user: Any, name: str = TODAY_PLANS) -> Plan:
    """A new draft for the street."""
    return actions.open_plan(acting_user=user, region_code=STREET, name=name)


def carried_out(user: Any, plan: Plan, on: date) -> Any:
    """Hand in, approve and carry out."""
    plan = actions.submit(acting_user=user, plan=plan)
    plan = actions.approve(acting_user=user, plan=plan, approval="延政函〔2026〕1号", effective_on=on)
    return actions.carry_out(acting_user=user, plan=plan)


def buildings(community: str, on: date) -> list[int]:
    """The buildings of a community in the order of the base."""
    return [block.id for block in read_base(STREET, on).of(STREET + community)]

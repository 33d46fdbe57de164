"""Lifts one by one: the building says what they say, and their inspections fall due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.recording import RuleError
from linli.facts import plan
from linli.kernel.scope import Scope
from linli.notices.models import Notice
from linli.registry.places import actions, jobs, rules
from linli.registry.places.models import Building
from linli.registry.places.tests.street import make_regions

TODAY = date(2026, 11, 26)


def test_the_next_inspection_is_a_year_after_the_last() -> None:
    assert rules.next_inspection(None, None, TODAY) is None
    assert rules.next_inspection(date(2024, 2, 29), None, TODAY) == date(2025, 2, 28)
    assert rules.next_inspection(date(2026, 3, 1), date(2029, 3, 1), TODAY) == date(2029, 3, 1)
    for checked, due in ((date(2027, 1, 1), None), (date(2026, 3, 1), date(2026, 3, 1))):
        with pytest.raises(rules.Refused):
            rules.next_inspection(checked, due, TODAY)


@pytest.fixture
def who(db: None) -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def building(who: Characters) -> Building:
    estate = actions.add_estate(acting_user=who.worker, region_code=COMMUNITY, name="新兴小区")
    return actions.add_building(acting_user=who.worker, estate=estate, name="12号楼", lifts=3)


def test_the_building_follows_its_lifts(who: Characters, building: Building) -> None:
    today = timezone.localdate()

    def says() -> tuple[int | None, int | None, date | None]:
        building.refresh_from_db()
        return building.lifts, building.lifts_since, building.lifts_checked_until

    first = actions.add_lift(
        acting_user=who.worker, building=building, name="1号梯", since=2010, due_on=today + timedelta(days=90)
    )
    assert says() == (3, 2010, today + timedelta(days=90))
    with pytest.raises(RuleError, match="已有"):
        actions.add_lift(acting_user=who.worker, building=building, name="1号梯")
    second = actions.add_lift(
        acting_user=who.worker, building=building, name="2号梯", due_on=today + timedelta(days=10)
    )
    assert says()[2] == today + timedelta(days=10)
    # Inspected anew: a year from then, unless the mark says another day.
    actions.update_lift(acting_user=who.worker, lift=second, checked_on=today)
    second.refresh_from_db()
    assert second.due_on == rules.next_inspection(today, None, today)
    assert says()[2] == today + timedelta(days=90)
    # What is recorded of lifts wins over what is typed for the building.
    actions.update_building(acting_user=who.worker, building=building, lifts=1, lifts_checked_until=today)
    assert says() == (2, 2010, today + timedelta(days=90))
    actions.remove_lift(acting_user=who.worker, lift=first, reason="拆除")
    actions.remove_lift(acting_user=who.worker, lift=second, reason="拆除")
    assert says() == (0, None, None)


def test_an_inspection_that_runs_out_is_told_and_asked_for(who: Characters, building: Building) -> None:
    today = timezone.localdate()
    actions.add_lift(
        acting_user=who.worker, building=building, name="1号梯", due_on=today - timedelta(days=1)
    )
    jobs.tell_what_runs_out(today)
    assert Notice.objects.filter(user=who.worker, title__contains="1 栋楼的电梯检验到期").exists()
    wish = plan.Wish(
        "lift", [Scope.of(COMMUNITY)], today, elements=["place", "name", "due_on"], conditions=["overdue"]
    )
    assert [values for _pk, values in plan.rows(wish)] == [
        ["新兴小区12号楼", "1号梯", today - timedelta(days=1)]
    ]


def test_the_page_of_the_building_records_them(who: Characters, building: Building) -> None:
    client = Client()
    client.force_login(who.worker)
    answer = client.post(
        reverse("places:lift_add", args=[building.pk]),
        {"name": "1单元1号梯", "number": "31101101192015000001", "checked_on": "2026-03-01"},
    )
    assert answer.status_code == 302
    page = client.get(reverse("places:building_facts", args=[building.pk])).content.decode()
    assert "1单元1号梯" in page
    assert "检验有效期至 2027-03-01" in page
    assert "共 3 部，已登记 1 部" in page
    wrong = client.post(reverse("places:lift_add", args=[building.pk]), {"name": "2号梯", "since": "1700"})
    assert wrong.status_code == 422
    assert "投用年份应在" in wrong.content.decode()


def test_buildings_whose_lifts_are_not_all_recorded_are_found(who: Characters, building: Building) -> None:
    actions.update_building(acting_user=who.worker, building=building, lifts=2)
    client = Client()
    client.force_login(who.worker)
    url = reverse("places:buildings")

    def found() -> tuple[bool, int, int]:
        wish = plan.Wish("building", (Scope.of(COMMUNITY),), timezone.localdate())
        listed = (
            building.name in client.get(url, {"lifts": "unrecorded"}).content.decode().partition("<tbody")[2]
        )
        told = plan.Wish(**{**wish.__dict__, "elements": ("lifts_recorded",), "ids": [building.pk]})
        ((_pk, (recorded,)),) = list(plan.rows(told))
        return (
            listed,
            recorded,
            plan.total(plan.Wish(**{**wish.__dict__, "conditions": ("lifts_unrecorded",)})),
        )

    assert found() == (True, 0, 1)
    for number in (1, 2):
        actions.add_lift(acting_user=who.worker, building=building, name=f"{number}号梯")
    assert found() == (False, 2, 0)

"""Figures of a district are read from what a job kept: they agree with counting now, say when they were counted, and follow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import Post, Role, User
from linli.demo.places_making import STREET
from linli.demo.testing import build_small
from linli.facts import kept
from linli.facts.models import KeptCounts
from linli.facts.plan import Wish, grouped, total
from linli.jobs import actions as jobs
from linli.kernel.scope import Scope
from linli.office import actions, counting
from linli.office import jobs as office_jobs
from linli.registry.groups import seeing
from linli.registry.groups.models import Membership
from linli.registry.networks import reading

DISTRICT = STREET[:6]
PAGES = ("/", "/networks/", "/groups/")


@pytest.fixture
def officer(db: None) -> User:
    build_small(communities=2, homes=120)
    return Post.objects.get(role=Role.DISTRICT_OFFICER, region_code=DISTRICT).user


def page(user: User, url: str) -> str:
    client = Client()
    client.force_login(user)
    cache.clear()
    answer = client.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_is_kept_is_what_is_counted(officer: User) -> None:
    today, scopes = timezone.localdate(), [Scope.of(DISTRICT)]
    for key in kept.counters():
        kept.keep(key, today)
    found = kept.latest(counting.KEY, scopes, today)
    assert found is not None
    assert found.at is not None
    whole = kept.summed(found.numbers, 0)[""]
    for subject, measure, name in (
        ("person", "residents", "residents"),
        ("person", "elderly", "elderly"),
        ("household", "households", "households"),
        ("home", "homes_let", "let"),
        ("home", "homes_empty", "empty"),
    ):
        assert whole[name] == total(Wish(subject, scopes, today), measure) > 0, name
    # Bands by birth date are the bands of ages.
    ages = grouped(Wish("person", scopes, today, conditions=["female"]), by="age")
    assert counting.bands(whole)["female"] == [
        sum(n for age, n in ages.items() if age is not None and first <= age < (after or 200))
        for _name, first, after in counting.BANDS
    ]
    rows, at = reading.standings(scopes, today)
    assert at is not None
    assert {one.region_code: one for one in rows} == reading.standing(scopes, today)

    mine = seeing.counts(officer)
    assert mine.at is not None
    assert mine.by_group
    KeptCounts.objects.filter(key=seeing.COUNTS).delete()
    assert seeing.counts(officer) == seeing.Counts(mine.by_group, None)


def test_pages_of_a_district_say_when_they_were_counted_and_ask_little(officer: User) -> None:
    KeptCounts.objects.all().delete()
    before = {url: page(officer, url) for url in PAGES}
    assert all("数字统计于" not in text for text in before.values())
    office_jobs.count_daily(timezone.localdate())
    for url in PAGES:
        assert "数字统计于" in page(officer, url)
        client = Client()
        client.force_login(officer)
        client.get(url)
        with CaptureQueriesContext(connection) as asked:  # type: ignore[arg-type]
            client.get(url)
        assert not [one for one in asked.captured_queries if "people_householdmember" in one["sql"]], url
    # A street's page counts now, and a past day is always counted now.
    street = User.objects.get(username="jiedao")
    assert "数字统计于" not in page(street, "/networks/")
    assert "数字统计于" not in page(officer, "/networks/?on=2025-12-31")


def test_counted_anew_when_asked_and_each_hour_of_work(officer: User) -> None:
    today = timezone.localdate()
    office_jobs.count_daily(today)
    group = seeing.current(seeing.memberships(officer)).first()
    assert group is not None
    before = seeing.counts(officer).by_group[group.group_id][0]
    Membership.objects.filter(pk=group.pk).update(period=(group.period.lower, today))
    assert seeing.counts(officer).by_group[group.group_id][0] == before

    job = actions.recount(acting_user=officer)
    assert actions.recount(acting_user=officer) == job
    assert jobs.perform_inline(job).state == "done"
    assert seeing.counts(officer).by_group.get(group.group_id, (0, 0))[0] == before - 1
    with pytest.raises(NotPermitted):
        actions.recount(acting_user=User.objects.get(username="jiedao"))

    def counted_at(hour: int, ago: timedelta) -> Any:
        now = timezone.make_aware(datetime.combine(today, datetime.min.time())) + timedelta(hours=hour)
        KeptCounts.objects.update(counted_at=now - ago)
        office_jobs.count_by_day(now)
        return KeptCounts.objects.filter(counted_at=now - ago).exists()

    assert counted_at(10, timedelta(minutes=50))
    assert counted_at(3, timedelta(hours=5))
    assert not counted_at(10, timedelta(minutes=70))


def test_nobody_for_a_district_nothing_counted(officer: User) -> None:
    Post.objects.filter(region_code__in=["", DISTRICT]).delete()
    assert "不用统计" in office_jobs.count_daily(timezone.localdate())

"""The work of the day: done once, whoever fails does not stop the others, a day slept through is made up for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from linli.access.models import User
from linli.jobs import daily
from linli.jobs.models import DailyRun
from linli.notices import actions as notices
from linli.notices.models import Notice

DAY = date(2026, 11, 26)


def _at(monkeypatch: pytest.MonkeyPatch, hour: int) -> None:
    moment = datetime(2026, 11, 26, hour, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr(timezone, "localtime", lambda *_: moment)


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    done: list[date] = []

    def fails(on: date) -> str:
        raise RuntimeError("no")

    def works_well(on: date) -> str:
        done.append(on)
        return "好"

    monkeypatch.setattr(daily, "works", lambda: {"a.fails": fails, "b.works": works_well})
    return done


@pytest.mark.django_db
def test_one_that_fails_does_not_stop_the_others(works: list[date]) -> None:
    said = daily.run_all(DAY)
    assert said["b.works"] == "好"
    assert "没有做成" in said["a.fails"]
    assert DailyRun.objects.get(on=DAY).said == said


@pytest.mark.django_db
def test_once_a_day_and_not_before_two(monkeypatch: pytest.MonkeyPatch, works: list[date]) -> None:
    _at(monkeypatch, 1)
    assert daily.run_if_due() == {}
    _at(monkeypatch, 9)
    daily.run_if_due()
    daily.run_if_due()
    assert works == [DAY]


@pytest.mark.django_db
def test_a_kept_todo_says_the_new_number_and_comes_back_while_the_matter_waits() -> None:
    first = User.objects.create(username="a", name="甲")
    other = User.objects.create(username="b", name="乙")

    def opened() -> dict[Any, str]:
        return dict(Notice.objects.filter(done_at__isnull=True).values_list("user__name", "title"))

    notices.keep_todo("m:1", [first.pk, other.pk], "3 项到期")
    notices.settle(Notice.objects.get(user=first))
    notices.keep_todo("m:1", [first.pk], "2 项到期")
    assert opened() == {"甲": "2 项到期"}
    notices.keep_todo("m:2", [first.pk], "别的事")
    assert notices.settle_kept("m:", besides=["m:2"]) == 1
    assert opened() == {"甲": "别的事"}
    notices.keep_todo("m:2", [], "")
    assert opened() == {}

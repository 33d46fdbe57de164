"""Work that is done once a day: what is due is counted, proposals are made. Rooms declare theirs in their `jobs.py`:

    @daily("groups.due")
    def tell_what_is_due(on: date) -> str: ...

Each must be safe to run twice a day, for the day may be asked for again by hand (`linli daily`). What wants doing more often is
declared by `@now_and_then` and called every ten minutes with the time; it decides itself whether anything is due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from linli.jobs.models import DailyRun

log = logging.getLogger("linli.jobs")

Work = Callable[[date], str]
_works: dict[str, Work] = {}
_often: dict[str, Callable[[datetime], object]] = {}
EARLIEST_HOUR = 2  # by the clock on the wall


def daily(name: str) -> Callable[[Work], Work]:
    """Declare a function that is called each night with the day; it says in words what it did."""

    def register(function: Work) -> Work:
        have = _works.get(name)
        if have is not None and have.__qualname__ != function.__qualname__:
            raise ValueError(f"two daily works called {name}")
        _works[name] = function
        return function

    return register


def works() -> dict[str, Work]:
    """All daily works by name; the rooms' `jobs.py` are read first."""
    autodiscover_modules("jobs")
    return dict(_works)


def run_all(on: date) -> dict[str, str]:
    """Do the day's work, each in a transaction of its own: one that fails is logged and does not stop the others.

    Returns what each said; a failed one says so. That it was done is noted.
    """
    said = {}
    for name, function in works().items():
        try:
            with transaction.atomic():
                said[name] = function(on)
        except Exception:
            log.exception("daily work %s failed", name)
            said[name] = "没有做成，详见日志。"
    DailyRun.objects.update_or_create(on=on, defaults={"said": said, "finished_at": timezone.now()})
    return said


def now_and_then(name: str) -> Callable[[Callable[[datetime], object]], Callable[[datetime], object]]:
    """Declare a function that is called every ten minutes with the time, after the work of the day is done."""

    def register(function: Callable[[datetime], object]) -> Callable[[datetime], object]:
        _often[name] = function
        return function

    return register


def look_around(now: datetime) -> None:
    """Call what wants to be called every ten minutes; one that fails is logged and does not stop the others."""
    autodiscover_modules("jobs")
    for name, function in _often.items():
        try:
            with transaction.atomic():
                function(now)
        except Exception:
            log.exception("work %s failed", name)


def run_if_due() -> dict[str, str]:
    """Do today's work unless it is done or the night is too young. A PC that was off at night does it when it is on again."""
    now = timezone.localtime()
    if now.hour < EARLIEST_HOUR or DailyRun.objects.filter(on=now.date()).exists():
        return {}
    return run_all(now.date())

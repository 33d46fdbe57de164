"""Kept counts: figures of areas wider than a street are counted by a job, community by community, and read from there.

A room that shows such figures registers a counter: given scopes and a day it says for each community (key of 12
characters, shorter where rows lie in none) its numbers by name, in one grouped statement a subject. Pages of a street or less ask the
counter itself; pages of more read what was kept, say when that was counted, and lead to lists, which are always live.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from linli.access.models import scopes_q
from linli.facts.models import KeptCounts
from linli.kernel.scope import Scope
from linli.regions.models import KEY_LENGTH, Level

COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
STREET = KEY_LENGTH[Level.STREET]
OLDEST = timedelta(days=7)
"""Counts of today's pages may be so old where nothing newer was kept, as on a PC that was off over the holidays."""

Numbers = dict[str, int]
Counter = Callable[[Sequence[Scope], date], dict[str, Numbers]]
_counters: dict[str, Counter] = {}


@dataclass(frozen=True)
class Found:
    """Numbers by community, and when the oldest of them was counted; None where they were counted just now."""

    numbers: dict[str, Numbers]
    at: datetime | None = None


def register(key: str, counter: Counter) -> None:
    """Declare a counter; a second one of the key replaces the first."""
    _counters[key] = counter


def counters() -> list[str]:
    """The counters there are."""
    return sorted(_counters)


def is_wide(scopes: Sequence[Scope]) -> bool:
    """Whether an area is more than streets, so that its figures are read from what was kept."""
    return any(len(scope.low) < STREET for scope in scopes)


def keep(key: str, on: date) -> int:
    """Count the whole base and keep the day's numbers in place of those it had. Returns of how many communities."""
    found = _counters[key]([Scope.of("")], on)
    at = timezone.now()
    with transaction.atomic():
        KeptCounts.objects.filter(key=key, on=on).delete()
        KeptCounts.objects.bulk_create(
            [
                KeptCounts(key=key, region_code=code, on=on, numbers=numbers, counted_at=at)
                for code, numbers in sorted(found.items())
            ],
            batch_size=2000,
        )
    return len(found)


def latest(key: str, scopes: Sequence[Scope], on: date) -> Found | None:
    """What was kept last of a wide area, for the page of today; None where nothing was, and for smaller areas and other days.

    A day that is past is always counted anew, because corrections since belong to it (ADR 0013).
    """
    if on != timezone.localdate() or not is_wide(scopes):
        return None
    rows = KeptCounts.objects.filter(key=key, on__gt=on - OLDEST, on__lte=on)
    day = rows.aggregate(day=Max("on"))["day"]
    if day is None:
        return None
    here = rows.filter(scopes_q("region_code", scopes), on=day)
    found = list(here.values_list("region_code", "numbers", "counted_at"))
    if not found:
        return None
    return Found({code: numbers for code, numbers, _at in found}, min(at for _code, _numbers, at in found))


def read(key: str, scopes: Sequence[Scope], on: date) -> Found:
    """The numbers of an area as they were kept last, else counted now."""
    return latest(key, scopes, on) or Found(_counters[key](scopes, on))


def summed(numbers: dict[str, Numbers], length: int) -> dict[str, Numbers]:
    """The same by shorter region keys: of streets from that of communities."""
    found: dict[str, Numbers] = {}
    for code, ours in numbers.items():
        there = found.setdefault(code[:length], {})
        for name, number in ours.items():
            there[name] = there.get(name, 0) + number
    return found


def last_counted() -> datetime | None:
    """When anything was counted last; None where nothing is kept."""
    at: datetime | None = KeptCounts.objects.aggregate(at=Max("counted_at"))["at"]
    return at

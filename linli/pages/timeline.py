"""A life as one dated timeline: rooms give moments, the page shows them newest first by year (`pages/_life.html`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any


@dataclass(frozen=True)
class Moment:
    """Something that happened on a day, or is known without one (`on` None). `kind` is the word before it (迁居, 家庭, 人群 …)."""

    on: date | None
    kind: Any
    says: str
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Year:
    """The moments of a year, newest first; None for those without a day."""

    year: int | None
    moments: tuple[Moment, ...]


def by_year(moments: Iterable[Moment], until: date) -> list[Year]:
    """The moments up to a day by year, newest first; those without a day last. Later ones are left out."""
    listed = [one for one in moments if one.on is None or one.on <= until]
    dated = sorted(
        (one for one in listed if one.on is not None), key=lambda one: one.on or until, reverse=True
    )
    found = [
        Year(year, tuple(ones))
        for year, ones in groupby(dated, key=lambda one: one.on.year if one.on else None)
    ]
    rest = tuple(one for one in listed if one.on is None)
    return [*found, Year(None, rest)] if rest else found

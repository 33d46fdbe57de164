"""The agenda laid out: a community's month and week, a street's matrix of weeks, a year's counts."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from linli.flow.rules.warrants import Thing
from linli.gate.agenda import reading, rules
from linli.gate.agenda.models import COUNTED, Visit
from linli.kernel.working_time import Calendar
from linli.office.calendar import current as current_calendar
from linli.regions import names

WEEK = timedelta(days=7)
WEEKS = 8


@dataclass(frozen=True)
class Level:
    """Hours beside their ceiling. `heat` 0 (nothing) to 4 (above it)."""

    hours: Decimal
    ceiling: Decimal

    @property
    def is_over(self) -> bool:
        """Whether it is too much."""
        return bool(self.ceiling) and self.hours > self.ceiling

    @property
    def heat(self) -> int:
        """How much of the ceiling: none, up to a half, up to four fifths, up to all of it, more."""
        if not self.hours:
            return 0
        part = self.hours / self.ceiling if self.ceiling else Decimal(0)
        return 1 if part <= Decimal("0.5") else 2 if part <= Decimal("0.8") else 3 if part <= 1 else 4

    @property
    def said(self) -> str:
        """6.5 / 8 小时."""
        top = f" / {self.ceiling.normalize():f}" if self.ceiling else ""
        return f"{self.hours.normalize():f}{top} 小时" if self.hours else f"0{top} 小时"


@dataclass
class Day:
    """One day of a calendar."""

    day: date
    inside: bool
    is_worked: bool
    is_today: bool
    visits: list[Visit] = field(default_factory=list)

    @property
    def said(self) -> str:
        """11月26日（周四）."""
        return rules.said(self.day)


@dataclass
class Week:
    """One week of a calendar, with its load."""

    monday: date
    days: list[Day]
    load: Level
    joinable: int = 0


def _level(slots: Sequence[rules.Slot], since: date, until: date, ceiling: Decimal) -> Level:
    return Level(rules.load([one for one in slots if one.is_fixed], since, until), ceiling)


def _lay(
    community: str, days: Sequence[Sequence[date]], inside: Any, today: date, worked: Calendar
) -> tuple[list[Week], list[Visit]]:
    first, last = days[0][0], days[-1][-1]
    visits = list(reading.visits_between([community], first, last))
    slots = reading.slots_of(visits).get(community, [])
    top = reading.ceilings([community])[community]
    weeks = []
    for week in days:
        laid = [
            Day(
                day,
                inside(day),
                worked.is_working_day(day),
                day == today,
                [one for one in visits if one.day <= day <= one.last_day],
            )
            for day in week
        ]
        weeks.append(Week(week[0], laid, _level(slots, week[0], week[0] + WEEK, top.week_hours)))
    return weeks, visits


def month(community: str, first: date, today: date) -> tuple[list[Week], Level, list[Visit]]:
    """The weeks of a month, its load, and all that is on it."""
    days = months.Calendar().monthdatescalendar(first.year, first.month)
    weeks, visits = _lay(community, days, lambda day: day.month == first.month, today, current_calendar())
    since, until = rules.month_of(first)
    slots = reading.slots_of(visits).get(community, [])
    top = reading.ceilings([community])[community]
    return weeks, _level(slots, since, until, top.month_hours), visits


def week(community: str, monday: date, today: date) -> tuple[Week, list[Visit]]:
    """One week of a community."""
    days = [[monday + timedelta(days=n) for n in range(7)]]
    weeks, visits = _lay(community, days, lambda day: True, today, current_calendar())
    return weeks[0], visits


@dataclass
class Cell:
    """A community's week in the matrix."""

    monday: date
    load: Level
    fixed: int
    waiting: int


@dataclass
class Row:
    """A community in the matrix."""

    region_code: str
    name: str
    cells: list[Cell]

    @property
    def total(self) -> Decimal:
        """The hours of all weeks shown."""
        return sum((one.load.hours for one in self.cells), Decimal(0))


def matrix(communities: Sequence[str], monday: date, weeks: int = WEEKS) -> list[Row]:
    """Communities × weeks with their load."""
    until = monday + weeks * WEEK
    visits = list(reading.visits_between(communities, monday, until - timedelta(days=1)))
    slots, tops = reading.slots_of(visits), reading.ceilings(communities)
    rows = []
    for community in communities:
        here = slots.get(community, [])
        cells = []
        for number in range(weeks):
            start = monday + number * WEEK
            inside = [one for one in here if one.day < start + WEEK and one.last >= start]
            fixed = sum(one.is_fixed for one in inside)
            cells.append(
                Cell(
                    start,
                    _level(here, start, start + WEEK, tops[community].week_hours),
                    fixed,
                    len(inside) - fixed,
                )
            )
        rows.append(Row(community, names.title(community), cells))
    return rows


# A joint visit is one occasion.
_OCCASION = Coalesce(-F("joint_id"), F("pk"))


def _counted(thing: Thing | None = None, **more: Any) -> Count:
    wanted = Q(**more) & (Q(thing=thing.value) if thing is not None else Q())
    return Count("occasion", distinct=True, filter=wanted)


def year_rows(visits: QuerySet[Visit], year: int, on: date) -> QuerySet[Visit]:
    """Those of a year that took place by a day."""
    return visits.filter(state__in=COUNTED, day__year=year, day__lte=on).annotate(occasion=_OCCASION)


def year_by(visits: QuerySet[Visit], *by: str) -> list[dict[str, Any]]:
    """Counts and hours of a year's visits by community or by unit."""
    return list(
        visits.order_by()
        .values(*by)
        .annotate(
            inspections=_counted(Thing.INSPECTION),
            contests=_counted(Thing.CONTEST),
            meetings=_counted(Thing.MEETING),
            unlisted=_counted(is_unlisted=True),
            spent=Coalesce(Sum("spent_hours"), Decimal(0)),
            unrecorded=Count("pk", filter=Q(spent_hours__isnull=True)),
        )
    )

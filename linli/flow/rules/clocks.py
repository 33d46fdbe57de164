"""When a thing is due: limits in working hours, working days, days or hours, with pauses and extensions.

Terms are counted as Articles 201–203 of the Civil Code have it (see `linli.kernel.working_time`): the day of the event is not
counted, a term in days ends with the working hours of its last day, and one that would end on a day of rest ends on the next
working day. A pause adds what passed of the same measure: working days to a term in working days, working time to one in
working hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from linli.kernel.working_time import Calendar


class Measure(StrEnum):
    """In what a limit is counted."""

    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    DAYS = "days"
    HOURS = "hours"

    @property
    def label(self) -> str:
        """The word after the number: 15 个工作日."""
        return {
            Measure.WORKING_DAYS: "个工作日",
            Measure.WORKING_HOURS: "个工作时",
            Measure.DAYS: "天",
            Measure.HOURS: "小时",
        }[self]


@dataclass(frozen=True)
class Limit:
    """So much time: `amount` of a `measure`, at least 1."""

    amount: int
    measure: Measure

    def __str__(self) -> str:
        return f"{self.amount} {self.measure.label}"

    def plus(self, amount: int) -> Limit:
        """The limit extended by so many of its own measure."""
        return Limit(self.amount + amount, self.measure)

    @classmethod
    def from_json(cls, data: Any) -> Limit | None:
        """Read {"amount": 15, "measure": "working_days"}; None stays None. Raises ValueError for anything else."""
        if data is None:
            return None
        amount = data["amount"]
        if not isinstance(amount, int) or isinstance(amount, bool) or not 1 <= amount <= 3650:
            raise ValueError("期限的数目要在 1 到 3650 之间。")
        return cls(amount, Measure(data["measure"]))

    def to_json(self) -> dict[str, Any]:
        """As `from_json` reads it."""
        return {"amount": self.amount, "measure": str(self.measure)}


@dataclass(frozen=True)
class Pause:
    """A stretch in which a clock stood still; `until` None while it still does."""

    since: datetime
    until: datetime | None = None


def due(
    calendar: Calendar, limit: Limit, started_at: datetime, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """The moment until which the thing is to be done; None while the clock stands still before that moment.

    Pauses lie apart and in order. One that began after the due moment changes nothing.
    """
    if limit.measure in (Measure.WORKING_DAYS, Measure.DAYS):
        return _due_in_days(calendar, limit, started_at, pauses)
    return _due_in_hours(calendar, limit, started_at, pauses)


def _due_in_days(
    calendar: Calendar, limit: Limit, started_at: datetime, pauses: Sequence[Pause]
) -> datetime | None:
    working = limit.measure is Measure.WORKING_DAYS
    last = _later(calendar, _day(calendar, started_at), limit.amount, working)
    for pause in pauses:
        since = _day(calendar, pause.since)
        if since > last:
            break
        if pause.until is None:
            return None
        until = _day(calendar, pause.until)
        passed = calendar.working_days_between(since, until) if working else (until - since).days
        last = _later(calendar, last, passed, working)
    return closing(calendar, calendar.next_working_day(last))


def _due_in_hours(
    calendar: Calendar, limit: Limit, started_at: datetime, pauses: Sequence[Pause]
) -> datetime | None:
    working = limit.measure is Measure.WORKING_HOURS
    here, left = started_at, timedelta(hours=limit.amount)
    for pause in pauses:
        ran = (
            timedelta(seconds=calendar.working_seconds_between(here, pause.since))
            if working
            else pause.since - here
        )
        if ran >= left:
            break
        if pause.until is None:
            return None
        left -= ran
        here = pause.until
    return calendar.add_working_hours(here, left) if working else here + left


def _day(calendar: Calendar, moment: datetime) -> date:
    return moment.astimezone(calendar.zone).date()


def _later(calendar: Calendar, day: date, amount: int, working: bool) -> date:
    if not amount:
        return day
    return calendar.add_working_days(day, amount) if working else day + timedelta(days=amount)


def closing(calendar: Calendar, day: date) -> datetime:
    """The end of a day's working hours: when a term in days is over."""
    end = calendar.hours.offsets[-1][1]
    return (datetime.combine(day, datetime.min.time()) + end).replace(tzinfo=calendar.zone)


def left(calendar: Calendar, due_at: datetime, now: datetime) -> str:
    """How much time is left, or by how much it is overdue, in words: 还剩 3 个工作日, 今天 17:30 到期, 超期 2 个工作日."""
    today, day = _day(calendar, now), _day(calendar, due_at)
    moment = due_at.astimezone(calendar.zone)
    if now > due_at:
        days = calendar.working_days_between(day, today)
        return f"超期 {days} 个工作日" if days else "今天超期"
    if day == today:
        return f"今天 {moment:%H:%M} 到期"
    days = calendar.working_days_between(today, day)
    return f"还剩 {days} 个工作日" if days > 1 else f"{moment:%m-%d %H:%M} 到期"

"""Working days and working hours 工作日, 工作时.

Working days follow the yearly notices of the State Council's general office (国务院办公厅节假日安排通知), as
the package chinesecalendar carries them, corrected by what an administrator enters. Years whose notice is not
out yet count Monday to Friday and are *provisional*.

Terms are counted as Articles 201–203 of the Civil Code have it: the day of the event itself is not counted,
and a term that would end on a day of rest ends on the next working day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays as _published_holidays
from chinese_calendar.constants import workdays as _published_workdays

CHINA: Final = ZoneInfo("Asia/Shanghai")
PUBLISHED_YEARS: Final = frozenset(day.year for day in _published_holidays)
"""Years whose official days the installed calendar knows (2004–2026)."""
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The spans of a working day, in local time, ascending and apart.

    A span may end at 24:00, written ``time(0, 0)``. The default is 09:00–12:00 and 13:30–17:30: seven hours.
    """

    spans: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13, 30), time(17, 30)))

    def __post_init__(self) -> None:
        if not self.spans:
            raise ValueError("工作时间至少要有一段。")
        last = timedelta(-1)
        for start, end in self.offsets:
            if start < last or end <= start:
                raise ValueError("工作时间各段应从早到晚，且互不重叠。")
            last = end

    @property
    def offsets(self) -> tuple[tuple[timedelta, timedelta], ...]:
        """The spans as distances from midnight."""
        return tuple((_offset(start), _offset(end) or _DAY) for start, end in self.spans)

    @property
    def per_day(self) -> timedelta:
        """Working time of one working day."""
        return sum((end - start for start, end in self.offsets), timedelta())


class Calendar:
    """Which days are worked, and arithmetic on working days and working hours.

    :param overrides: days an administrator has settled: ``True`` worked, ``False`` off. They win.
    :param hours: the hours of a working day.
    :param published: further years for which the overrides are complete, so no longer provisional.
    :param zone: the time zone in which working hours are meant.
    """

    def __init__(
        self,
        overrides: Mapping[date, bool] | None = None,
        *,
        hours: WorkingHours | None = None,
        published: Iterable[int] = (),
        zone: tzinfo = CHINA,
    ) -> None:
        self.overrides: dict[date, bool] = dict(overrides or {})
        self.hours = hours or WorkingHours()
        self.published: frozenset[int] = PUBLISHED_YEARS | frozenset(published)
        self.zone = zone
        self._years: dict[int, list[int]] = {}

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked."""
        settled = self.overrides.get(day)
        if settled is not None:
            return settled
        if day in _published_workdays:
            return True
        return day.weekday() < 5 and day not in _published_holidays

    def is_provisional(self, day: date) -> bool:
        """Whether the answer for this day rests on Monday to Friday alone: its year is not published."""
        return day.year not in self.published and day not in self.overrides

    def next_working_day(self, day: date) -> date:
        """The day itself when it is worked, otherwise the next worked day."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def add_working_days(self, start: date, n: int) -> date:
        """The ``n``-th working day after ``start``; ``start`` itself is not counted.

        ``n = 0`` gives ``start`` or, on a day of rest, the next working day; negative ``n`` counts back.

        :raises OverflowError: beyond the years 1–9999.
        """
        start = _as_date(start)
        if n == 0:
            return self.next_working_day(start)
        year = start.year
        days = self._worked_in(year)
        if n > 0:
            position = bisect_right(days, start.toordinal()) + n - 1
            while position >= len(days):
                position -= len(days)
                year += 1
                days = self._worked_in(year)
        else:
            position = bisect_left(days, start.toordinal()) + n
            while position < 0:
                year -= 1
                days = self._worked_in(year)
                position += len(days)
        return date.fromordinal(days[position])

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` up to and including ``end``; negative the other way.

        ``working_days_between(s, add_working_days(s, n)) == n`` for every ``n >= 1``.
        """
        start, end = _as_date(start), _as_date(end)
        if end < start:
            return -self.working_days_between(end, start)
        return self._worked_until(end, start.year) - self._worked_until(start, start.year)

    def add_working_hours(self, moment: datetime, hours: float | Decimal | timedelta) -> datetime:
        """The moment at which so much working time has passed since ``moment``, in the calendar's zone.

        Time outside working hours does not count. A term that is used up at the end of a span ends there
        (12:00, not 13:30). No time at all gives ``moment`` or, outside working hours, the next opening.

        :param hours: hours, not negative; 4 means four hours of work (4 工作时).
        :raises ValueError: a moment without time zone, or negative hours.
        """
        left = hours if isinstance(hours, timedelta) else _hours(hours)
        if left < timedelta():
            raise ValueError("工作时不能为负数。")
        local = self._local(moment)
        day, offset = local.date(), _offset(local.time())
        if not self.is_working_day(day) or offset > self.hours.offsets[-1][1]:
            day, offset = self.add_working_days(day, 1), timedelta()
        if left:
            left, day, offset = self._skip_whole_days(left, day, offset)
        while True:
            for start, end in self.hours.offsets:
                begin = max(start, offset)
                if begin > end:
                    continue
                if left <= end - begin:
                    return self._at(day, begin + left)
                left -= end - begin
            day, offset = self.add_working_days(day, 1), timedelta()

    def working_seconds_between(self, start: datetime, end: datetime) -> int:
        """Whole seconds of working time from ``start`` to ``end``; negative the other way.

        :raises ValueError: a moment without time zone.
        """
        first, last = self._local(start), self._local(end)
        if last < first:
            return -self.working_seconds_between(end, start)
        total = self._worked_on(last) - self._worked_on(first)
        if last.date() > first.date():
            days = self.working_days_between(first.date(), last.date() - _DAY)
            total += (days + self.is_working_day(first.date())) * self.hours.per_day
        return total // _SECOND

    def is_working_time(self, moment: datetime) -> bool:
        """Whether the moment lies in working hours (a span's first moment does, its last does not)."""
        local = self._local(moment)
        offset = _offset(local.time())
        return self.is_working_day(local.date()) and any(a <= offset < b for a, b in self.hours.offsets)

    def _worked_in(self, year: int) -> list[int]:
        """Ordinals of the working days of a year, ascending."""
        days = self._years.get(year)
        if days is None:
            if not date.min.year <= year <= date.max.year:
                raise OverflowError("日期超出可计算的范围，请检查天数。")
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            days = [n for n in range(first, last + 1) if self.is_working_day(date.fromordinal(n))]
            self._years[year] = days
        return days

    def _worked_until(self, day: date, since: int) -> int:
        """Working days from the start of the year ``since`` up to and including ``day``."""
        whole = sum(len(self._worked_in(year)) for year in range(since, day.year))
        return whole + bisect_right(self._worked_in(day.year), day.toordinal())

    def _worked_on(self, local: datetime) -> timedelta:
        """Working time from midnight to the moment on its own day."""
        if not self.is_working_day(local.date()):
            return timedelta()
        offset = _offset(local.time())
        spans = self.hours.offsets
        return sum((min(offset, end) - start for start, end in spans if offset > start), timedelta())

    def _skip_whole_days(
        self, left: timedelta, day: date, offset: timedelta
    ) -> tuple[timedelta, date, timedelta]:
        """Jump over whole working days, leaving at most a day's work to walk through."""
        rest = sum(
            (max(end - max(start, offset), timedelta()) for start, end in self.hours.offsets), timedelta()
        )
        if left <= rest:
            return left, day, offset
        left -= rest
        whole = (left - timedelta(microseconds=1)) // self.hours.per_day
        return left - whole * self.hours.per_day, self.add_working_days(day, whole + 1), timedelta()

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None or moment.utcoffset() is None:
            raise ValueError("时间必须带时区。")
        return moment.astimezone(self.zone)

    def _at(self, day: date, offset: timedelta) -> datetime:
        return (datetime.combine(day, time()) + offset).replace(tzinfo=self.zone)


def _offset(moment: time) -> timedelta:
    return timedelta(
        hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )


def _hours(hours: float | Decimal) -> timedelta:
    """Exact to the microsecond, so that 0.1 hours are six minutes."""
    return timedelta(microseconds=round(Fraction(str(hours)) * 3_600_000_000))


def _as_date(day: date) -> date:
    if isinstance(day, datetime):
        raise TypeError("这里需要日期，不是时刻。")
    return day

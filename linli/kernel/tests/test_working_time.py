"""Working days and hours against an enumeration minute by minute."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.working_time import CHINA, Calendar, WorkingHours

CALENDAR = Calendar()
DAYS = st.dates(date(2005, 1, 1), date(2025, 12, 31))
OVERRIDDEN = Calendar({date(2026, 9, 16): False, date(2026, 9, 19): True})
STARTS = st.datetimes(datetime(2026, 9, 1), datetime(2026, 10, 12)).map(
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=CHINA)
)


@given(DAYS)
def test_published_years_follow_the_state_council(day: date) -> None:
    assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day)
    assert not CALENDAR.is_provisional(day)


def test_known_days() -> None:
    assert not CALENDAR.is_working_day(date(2026, 10, 1))
    assert CALENDAR.is_working_day(date(2026, 10, 10))  # a Saturday worked in exchange
    assert CALENDAR.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)


def test_years_not_yet_published_are_provisional() -> None:
    assert CALENDAR.is_working_day(date(2030, 10, 1))  # a Tuesday
    assert not CALENDAR.is_working_day(date(2030, 10, 5))
    assert CALENDAR.is_provisional(date(2030, 10, 1))
    entered = Calendar({date(2030, 10, 1): False}, published=[2031])
    assert not entered.is_working_day(date(2030, 10, 1))
    assert not entered.is_provisional(date(2030, 10, 1))
    assert entered.is_provisional(date(2030, 10, 2))
    assert not entered.is_provisional(date(2031, 10, 1))


@given(DAYS, st.integers(1, 300))
def test_adding_days_is_counting_them_one_by_one(start: date, n: int) -> None:
    day, left = start, n
    while left:
        day += timedelta(days=1)
        left -= chinese_calendar.is_workday(day) if day.year <= 2026 else day.weekday() < 5
    assert CALENDAR.add_working_days(start, n) == day
    assert CALENDAR.working_days_between(start, day) == n
    assert CALENDAR.working_days_between(day, start) == -n


@given(DAYS, st.integers(1, 300))
def test_counting_back(start: date, n: int) -> None:
    day, left = start, n
    while left:
        day -= timedelta(days=1)
        left -= chinese_calendar.is_workday(day) if day.year >= 2004 else day.weekday() < 5
    assert CALENDAR.add_working_days(start, -n) == day


@given(DAYS)
def test_a_term_of_no_days_ends_on_a_working_day(start: date) -> None:
    end = CALENDAR.add_working_days(start, 0)
    assert CALENDAR.is_working_day(end)
    assert not any(CALENDAR.is_working_day(start + timedelta(d)) for d in range((end - start).days))


def _minutes(calendar: Calendar, start: datetime, count: int) -> datetime:
    """The end of ``count`` working minutes, walked minute by minute."""
    moment = start
    while count:
        now = moment.time()
        worked = time(9) <= now < time(12) or time(13, 30) <= now < time(17, 30)
        count -= worked and calendar.is_working_day(moment.date())
        moment += timedelta(minutes=1)
    return moment


@settings(max_examples=60, deadline=None)
@given(STARTS, st.integers(1, 60 * 25), st.sampled_from([CALENDAR, OVERRIDDEN]))
def test_adding_hours_is_walking_the_minutes(start: datetime, minutes: int, calendar: Calendar) -> None:
    end = calendar.add_working_hours(start, timedelta(minutes=minutes))
    assert end == _minutes(calendar, start, minutes)
    assert calendar.working_seconds_between(start, end) == minutes * 60
    assert calendar.working_seconds_between(end, start) == -minutes * 60


@given(STARTS, STARTS, STARTS)
def test_working_time_adds_up(a: datetime, b: datetime, c: datetime) -> None:
    whole = OVERRIDDEN.working_seconds_between(a, c)
    assert whole == OVERRIDDEN.working_seconds_between(a, b) + OVERRIDDEN.working_seconds_between(b, c)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-09-30T16:00", 4, "2026-10-08T11:30"),
        ("2026-09-30T08:00", 3, "2026-09-30T12:00"),
        ("2026-09-30T12:10", 4, "2026-09-30T17:30"),
        ("2026-09-30T09:00", 7, "2026-09-30T17:30"),
        ("2026-09-30T09:00", 0.1, "2026-09-30T09:06"),
        ("2026-09-30T09:00", Decimal("0.1"), "2026-09-30T09:06"),
        ("2026-09-30T12:30", 0, "2026-09-30T13:30"),
        ("2026-09-30T17:30", 0, "2026-09-30T17:30"),
        ("2026-09-30T20:00", 0, "2026-10-08T09:00"),
        ("2026-09-30T20:00", 70, "2026-10-20T17:30"),
    ],
)
def test_hours_by_hand(start: str, hours: float, end: str) -> None:
    begun = datetime.fromisoformat(start).replace(tzinfo=CHINA)
    assert CALENDAR.add_working_hours(begun, hours) == datetime.fromisoformat(end).replace(tzinfo=CHINA)


def test_other_zones_mean_the_same_moment() -> None:
    utc = datetime(2026, 9, 30, 8, 0, tzinfo=ZoneInfo("UTC"))
    assert CALENDAR.add_working_hours(utc, 4) == datetime(2026, 10, 8, 11, 30, tzinfo=CHINA)


def test_hours_up_to_midnight() -> None:
    calendar = Calendar(hours=WorkingHours(((time(0), time(0)),)))
    start = datetime(2026, 9, 29, 20, 0, tzinfo=CHINA)
    assert calendar.hours.per_day == timedelta(hours=24)
    assert calendar.add_working_hours(start, 30) == datetime(2026, 10, 8, 2, 0, tzinfo=CHINA)
    assert calendar.is_working_time(start)


def test_bad_input_is_refused() -> None:
    naive = datetime(2026, 9, 30, 9)
    with pytest.raises(ValueError, match="时区"):
        CALENDAR.add_working_hours(naive, 1)
    with pytest.raises(ValueError, match="时区"):
        CALENDAR.working_seconds_between(naive, naive)
    with pytest.raises(ValueError, match="负数"):
        CALENDAR.add_working_hours(naive.replace(tzinfo=CHINA), -1)
    with pytest.raises(TypeError):
        CALENDAR.add_working_days(naive, 1)
    for spans in ((), ((time(12), time(9)),), ((time(9), time(12)), (time(11), time(13)))):
        with pytest.raises(ValueError):
            WorkingHours(spans)

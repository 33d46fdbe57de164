"""The rules of the flow: clocks against an enumeration, tables of kinds, warrants."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.flow.rules import clocks, kinds, warrants
from linli.flow.rules.clocks import Limit, Measure, Pause
from linli.flow.rules.warrants import Per, Terms, Thing
from linli.flow.tests.example import WHISTLE
from linli.kernel.working_time import CHINA, Calendar

CALENDAR = Calendar()
DAYS = st.dates(date(2004, 1, 1), date(2026, 6, 30))


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


def counted(start: date, number: int) -> date:
    """The number-th working day after a day, found by walking."""
    while number:
        start += timedelta(days=1)
        number -= CALENDAR.is_working_day(start)
    return start


@given(DAYS, st.integers(1, 60))
def test_working_days_agree_with_walking(start: date, number: int) -> None:
    due = clocks.due(CALENDAR, Limit(number, Measure.WORKING_DAYS), at(start))
    assert due is not None
    assert due == at(counted(start, number), 17, 30)


@given(DAYS, st.integers(1, 60))
def test_a_term_in_days_ends_on_a_worked_day(start: date, number: int) -> None:
    due = clocks.due(CALENDAR, Limit(number, Measure.DAYS), at(start))
    assert due is not None
    last = start + timedelta(days=number)
    while not CALENDAR.is_working_day(last):
        last += timedelta(days=1)
    assert due.date() == last


@settings(max_examples=60)
@given(DAYS, st.integers(0, 23), st.integers(0, 59), st.integers(1, 30))
def test_working_hours_agree_with_counting_minutes(start: date, hour: int, minute: int, number: int) -> None:
    begun = at(start, hour, minute)
    due = clocks.due(CALENDAR, Limit(number, Measure.WORKING_HOURS), begun)
    assert due is not None
    moment, minutes = begun, 0
    while minutes < number * 60:
        minutes += CALENDAR.is_working_time(moment)
        moment += timedelta(minutes=1)
    assert due == moment


@given(DAYS, st.integers(2, 30), st.integers(0, 40), st.integers(0, 90))
def test_a_pause_adds_the_working_days_it_took(start: date, number: int, after: int, long: int) -> None:
    limit = Limit(number, Measure.WORKING_DAYS)
    plain = clocks.due(CALENDAR, limit, at(start))
    since = start + timedelta(days=after)
    until = since + timedelta(days=long)
    paused = clocks.due(CALENDAR, limit, at(start), [Pause(at(since), at(until))])
    assert plain is not None
    assert paused is not None
    if since > plain.date():
        assert paused == plain
    else:
        passed = sum(
            CALENDAR.is_working_day(since + timedelta(days=n)) for n in range(1, (until - since).days + 1)
        )
        assert paused.date() == counted(plain.date(), passed)


@given(DAYS, st.integers(1, 20), st.integers(0, 400), st.integers(1, 400))
def test_a_pause_in_working_hours_moves_the_end_by_the_working_time_it_took(
    start: date, number: int, after: int, long: int
) -> None:
    limit = Limit(number, Measure.WORKING_HOURS)
    begun = at(start, 9)
    since = begun + timedelta(hours=after)
    until = since + timedelta(hours=long)
    due = clocks.due(CALENDAR, limit, begun, [Pause(since, until)])
    assert due is not None
    worked = CALENDAR.working_seconds_between(begun, due) - (
        CALENDAR.working_seconds_between(since, until) if since < due else 0
    )
    assert worked == number * 3600


def test_a_clock_that_stands_still_is_never_due() -> None:
    start = date(2026, 3, 2)
    for measure in Measure:
        assert clocks.due(CALENDAR, Limit(20, measure), at(start), [Pause(at(start, 11))]) is None


def test_the_national_day_of_2025_with_its_shifted_days() -> None:
    # 2025-10-01 to 10-08 off, 09-28 (Sunday) and 10-11 (Saturday) worked: State Council's notice.
    assert clocks.due(CALENDAR, Limit(1, Measure.WORKING_DAYS), at(date(2025, 9, 27))) == at(
        date(2025, 9, 28), 17, 30
    )
    assert clocks.due(CALENDAR, Limit(3, Measure.WORKING_DAYS), at(date(2025, 9, 30))) == at(
        date(2025, 10, 11), 17, 30
    )


def test_what_is_left_is_said_in_words() -> None:
    due = at(date(2026, 3, 6), 17, 30)
    said = [clocks.left(CALENDAR, due, at(date(2026, 3, day))) for day in (2, 5, 6)]
    assert said == ["还剩 4 个工作日", "03-06 17:30 到期", "今天 17:30 到期"]
    assert clocks.left(CALENDAR, due, at(date(2026, 3, 6), 18)) == "今天超期"
    assert clocks.left(CALENDAR, due, at(date(2026, 3, 10))) == "超期 2 个工作日"


def test_a_table_survives_being_kept() -> None:
    assert kinds.from_json(kinds.to_json(WHISTLE)) == WHISTLE


def test_a_table_that_does_not_hold_together_is_refused_with_every_fault() -> None:
    table = kinds.to_json(WHISTLE)
    table["steps"] = [one for one in table["steps"] if one["target"] != "closed"]
    table["states"].append({"key": "island", "name": "孤岛"})
    with pytest.raises(kinds.KindProblem) as caught:
        kinds.from_json(table)
    assert any("“孤岛”到不了" in one for one in caught.value.problems)
    assert any("“孤岛”走不出去" in one for one in caught.value.problems)
    assert any("“已办结”到不了" in one for one in caught.value.problems)
    table["steps"].append(
        {"key": "x", "name": "乱指", "sources": ["nowhere"], "target": "open", "by": ["lead"]}
    )
    with pytest.raises(kinds.KindProblem, match="没有的状态"):
        kinds.from_json(table)
    with pytest.raises(kinds.KindProblem, match="不完整"):
        kinds.from_json({"key": "x"})


def test_changes_between_editions_are_said() -> None:
    table = kinds.to_json(WHISTLE)
    table["limit"]["amount"] = 20
    table["steps"] = [one for one in table["steps"] if one["key"] != "reopen"]
    said = kinds.changes(WHISTLE, kinds.from_json(table))
    assert said == ["全程期限：10 个工作日 → 20 个工作日", "取消步骤“重新办理”"]


TERMS = Terms(
    "消防安全检查",
    frozenset({Thing.INSPECTION}),
    date(2026, 1, 1),
    date(2027, 1, 1),
    2,
    Per.QUARTER,
    "110119002",
)
HERE = "110119002001"


@pytest.mark.parametrize(
    ("thing", "where", "on", "sent", "says"),
    [
        (Thing.INSPECTION, HERE, date(2026, 5, 1), 0, ""),
        (Thing.INSPECTION, HERE, date(2026, 5, 1), 2, "已经下派 2 次"),
        (Thing.FORM, HERE, date(2026, 5, 1), 0, "只准入了检查考核"),
        (Thing.INSPECTION, "110119001001", date(2026, 5, 1), 0, "不适用于这个社区"),
        (Thing.INSPECTION, HERE, date(2025, 12, 31), 0, "起才有效"),
        (Thing.INSPECTION, HERE, date(2027, 1, 1), 0, "到期或取消"),
    ],
)
def test_a_refusal_says_what_to_do(thing: Thing, where: str, on: date, sent: int, says: str) -> None:
    said = warrants.refusal(TERMS, thing, where, on, sent)
    assert (says in said) if says else said == ""


@given(st.sampled_from([one for one in Per if one is not Per.ONCE]), DAYS)
def test_stretches_hold_their_day_and_lie_side_by_side(per: Per, on: date) -> None:
    since, until = warrants.stretch(per, on, date(2000, 1, 1))
    assert until is not None
    assert since <= on < until
    assert warrants.stretch(per, until, date(2000, 1, 1))[0] == until

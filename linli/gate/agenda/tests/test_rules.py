"""Collisions, load and better days, without a database."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.flow.rules.warrants import Thing
from linli.gate.agenda import rules
from linli.gate.agenda.rules import Answer, Ceiling, Slot, Trouble
from linli.kernel.working_time import Calendar

CALENDAR = Calendar()
TODAY = date(2026, 11, 2)  # a Monday
TOP = Ceiling()


def slot(
    day: int = 17, *, thing: Thing = Thing.INSPECTION, hours: str = "2", key: int = 0, **more: object
) -> Slot:
    first = date(2026, 11, day)
    values = {"title": f"第{key}项", "who": "区民政局", "last": first} | more
    return Slot(first, thing=thing, hours=Decimal(hours), key=key, **values)  # type: ignore[arg-type]


def troubles(one: Slot, others: list[Slot], top: Ceiling = TOP) -> dict[Trouble, bool]:
    found = rules.problems(one, others, top, today=TODAY, calendar=CALENDAR)
    return {problem.trouble: problem.is_firm for problem in found}


def test_nothing_stands_in_the_way_of_a_free_day() -> None:
    assert troubles(slot(), []) == {}


def test_two_on_one_day_collide_and_what_is_only_proposed_asks_for_nothing() -> None:
    other = slot(thing=Thing.MEETING, key=1)
    assert troubles(slot(), [other]) == {Trouble.SAME_DAY: True}
    proposed = slot(thing=Thing.MEETING, key=1, is_fixed=False)
    assert troubles(slot(), [proposed]) == {Trouble.SAME_DAY: False}
    found = rules.problems(slot(), [proposed], TOP, today=TODAY, calendar=CALENDAR)
    assert rules.unanswered(found) == []
    assert troubles(slot(), [other], Ceiling(day_entries=2)) == {}


def test_a_second_inspection_in_the_week_collides_a_meeting_does_not() -> None:
    assert troubles(slot(17), [slot(19, key=1)]) == {Trouble.SAME_WEEK: True}
    assert troubles(slot(17), [slot(19, key=1, thing=Thing.CONTEST)]) == {Trouble.SAME_WEEK: True}
    assert troubles(slot(17), [slot(19, key=1, thing=Thing.MEETING)]) == {}
    assert troubles(slot(17, thing=Thing.MEETING), [slot(19, key=1)]) == {}
    assert troubles(slot(17), [slot(24, key=1)]) == {}


def test_hours_are_added_by_week_and_month_preparation_included() -> None:
    heavy = slot(18, thing=Thing.MEETING, hours="3", key=1, prep=Decimal(3))
    assert troubles(slot(17), [heavy]) == {}
    assert troubles(slot(17, hours="2.5"), [heavy]) == {Trouble.WEEK_LOAD: True}
    month = [slot(day, thing=Thing.MEETING, hours="7.5", key=day) for day in (4, 11, 25)]
    assert troubles(slot(17), month) == {Trouble.MONTH_LOAD: True}
    assert troubles(slot(17), month, Ceiling(month_hours=Decimal(0))) == {}


def test_days_off_and_short_notice_are_said() -> None:
    assert troubles(slot(21), []) == {Trouble.DAY_OFF: True}
    assert troubles(slot(4), []) == {Trouble.SHORT: True}
    assert troubles(slot(5), []) == {}


def test_a_joint_visit_does_not_collide_with_itself() -> None:
    other = slot(key=1, joint=9)
    assert troubles(slot(key=2, joint=9), [other]) == {}


def test_consent_answers_only_what_may_be_consented_to() -> None:
    top = Ceiling(collision=Answer.REFUSE)
    found = rules.problems(slot(hours="9"), [slot(key=1)], top, today=TODAY, calendar=CALENDAR)
    left = rules.unanswered(found, {"same_day", "week_load"})
    assert [one.trouble for one in left] == [Trouble.SAME_DAY]
    assert rules.unanswered(found)[0].answer is Answer.REFUSE


def test_several_days_count_by_day() -> None:
    long = slot(19, hours="3", last=date(2026, 11, 24), prep=Decimal(1))
    week = date(2026, 11, 16)
    assert long.total == 19
    assert long.between(week, week + timedelta(days=7)) == 13  # Thursday to Sunday, and the preparation
    assert long.between(week + timedelta(days=7), week + timedelta(days=14)) == 6


SLOTS = st.lists(
    st.builds(
        lambda day, thing, half, key: slot(day, thing=thing, hours=str(half / 2), key=key),
        st.integers(3, 28),
        st.sampled_from(rules.COMES),
        st.integers(1, 10),
        st.integers(1, 10**6),
    ),
    max_size=12,
)


@given(others=SLOTS, half=st.integers(1, 12), thing=st.sampled_from(rules.COMES))
def test_on_a_better_day_nothing_stands_in_the_way_and_no_good_day_is_left_out(
    others: list[Slot], half: int, thing: Thing
) -> None:
    wanted = slot(17, thing=thing, hours=str(half / 2))
    since, until = date(2026, 11, 3), date(2026, 11, 28)
    found = rules.better_days(
        wanted, others, TOP, since=since, until=until, today=TODAY, calendar=CALENDAR, most=99
    )
    good = {one.day for one in found}
    for number in range((until - since).days + 1):
        day = since + timedelta(days=number)
        problems = rules.problems(wanted.on(day), others, TOP, today=TODAY, calendar=CALENDAR)
        assert (day in good) == (not problems and day > TODAY)
    assert [one.week_hours for one in found] == sorted(one.week_hours for one in found)


@given(agendas=st.lists(SLOTS, min_size=1, max_size=6), per_day=st.integers(1, 3))
def test_spreading_gives_every_community_a_day_of_the_window(agendas: list[list[Slot]], per_day: int) -> None:
    named = {f"11011900200{n}": slots for n, slots in enumerate(agendas)}
    days = rules.spread(
        slot(17),
        dict(named),
        dict.fromkeys(named, TOP),
        since=date(2026, 11, 9),
        until=date(2026, 11, 27),
        per_day=per_day,
        today=TODAY,
        calendar=CALENDAR,
    )
    assert set(days) == set(named)
    assert all(date(2026, 11, 9) <= day <= date(2026, 11, 27) for day in days.values())
    suits = [
        day
        for key, day in days.items()
        if not rules.problems(slot(17).on(day), named[key], TOP, today=TODAY, calendar=CALENDAR)
    ]
    assert all(suits.count(day) <= per_day for day in suits)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"first": TODAY}, "first_day"),
        ({"last": TODAY}, "last_day"),
        ({"last": TODAY + timedelta(days=200)}, "last_day"),
        ({"length": 11}, "length"),
        ({"daily": Decimal(0)}, "hours"),
        ({"prep": Decimal(-1)}, "prep_hours"),
        ({"per_day": 0}, "per_day"),
        ({}, ""),
    ],
)
def test_figures_that_make_no_sense_are_named(change: dict, field: str) -> None:  # type: ignore[type-arg]
    values = {
        "first": TODAY + timedelta(days=9),
        "last": TODAY + timedelta(days=9),
        "length": 1,
        "daily": Decimal(2),
        "prep": Decimal(0),
        "per_day": 3,
        "today": TODAY,
    }
    assert rules.proposal_problem(**(values | change))[1] == field


def test_a_ceiling_must_make_sense() -> None:
    assert rules.ceiling_problem(Ceiling()) == ("", "")
    assert rules.ceiling_problem(Ceiling(week_hours=Decimal(61)))[1] == "week_hours"
    assert rules.ceiling_problem(Ceiling(month_hours=Decimal(4)))[1] == "month_hours"
    assert rules.ceiling_problem(Ceiling(lead_days=31))[1] == "lead_days"


@pytest.mark.parametrize(
    ("hours", "many", "expected"),
    [
        ("2", 4, [time(9), time(14)]),  # a third would not be done by six
        ("1", 4, [time(9), time(10, 30), time(14), time(15, 30)]),
        ("3", 2, [time(9), time(14)]),
        ("12", 2, [time(9)]),  # one in any case
    ],
)
def test_a_team_comes_in_turns_and_never_over_noon(hours: str, many: int, expected: list[time]) -> None:
    assert rules.turns(Decimal(hours), many) == expected

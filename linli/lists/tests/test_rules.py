"""Definitions travel unharmed, bands say what they hold, schedules fall on working days."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.working_time import Calendar
from linli.lists import rules
from linli.lists.rules import AxisChoice, BadDefinition, Clause, Definition, Filter

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
PATHS = st.lists(KEYS, min_size=1, max_size=3).map(".".join)
TEXTS = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), min_size=1, max_size=8
)
CLAUSES = st.builds(
    lambda keys, how: Clause(tuple(keys), how if how == rules.NONE or len(keys) > 1 else rules.ALL),
    st.lists(KEYS, min_size=1, max_size=3, unique=True),
    st.sampled_from([rules.ANY, rules.NONE]),
)
FILTERS = st.builds(lambda p, o, v: Filter(p, o, tuple(v)), PATHS, KEYS, st.lists(TEXTS, max_size=3))
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
DEFINITIONS = st.builds(
    Definition,
    subject=KEYS,
    clauses=st.lists(CLAUSES, max_size=4, unique=True).map(tuple),
    filters=st.lists(FILTERS, max_size=4, unique=True).map(tuple),
    columns=st.lists(PATHS, max_size=4, unique=True).map(tuple),
    region=st.from_regex(r"\d{0,15}", fullmatch=True).map(lambda t: t if t.isascii() else ""),
    on=st.none() | DAYS,
    sort=st.just("") | PATHS | PATHS.map(lambda p: f"-{p}"),
    rows=st.none() | st.builds(AxisChoice, st.just("band"), PATHS, KEYS),
    across=st.none() | st.builds(AxisChoice, st.just("element"), PATHS),
    number=st.just("") | PATHS,
    mean=st.booleans(),
    before=st.none() | DAYS,
)


@given(DEFINITIONS)
def test_a_definition_comes_back_from_an_address_and_from_json(wanted: Definition) -> None:
    assert Definition.read(parse_qsl(wanted.query())) == wanted
    assert Definition.read([list(pair) for pair in wanted.pairs()]) == wanted


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [("subject", "Person; DROP")],
        [("subject", "person"), ("col", "name) FROM x --")],
        [("subject", "person"), ("c", "a b")],
        [("subject", "person"), ("f", "age")],
        [("subject", "person"), ("on", "2026-13-01")],
        [("subject", "person"), ("on", "0001-01-01")],
        [("subject", "person"), ("region", "12'")],
        [("subject", "person"), ("rows", "sql:age")],
        [("subject", "person"), ("rows", "band:age:Ü")],
        [("subject", "person"), *[("col", f"c{n}") for n in range(rules.MOST_COLUMNS + 1)]],
    ],
)
def test_what_makes_no_sense_is_refused_in_chinese(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(BadDefinition, match=r"[一-鿿]"):
        Definition.read(pairs)


def test_bands_are_named_and_read() -> None:
    assert rules.read_edges("0，18 60、80") == (0, 18, 60, 80)
    assert rules.band_labels((0, 18, 60), "岁") == ["0岁以下", "0–17岁", "18–59岁", "60岁及以上"]
    assert rules.band_labels((1, 2, 3), "人") == ["1人以下", "1人", "2人", "3人及以上"]
    assert rules.band_labels((0, 40.5), "平方米", whole=False)[1] == "0至不足40.5平方米"
    for wrong in ("", "a", "5,3", "3,3", "nan"):
        with pytest.raises(BadDefinition):
            rules.read_edges(wrong)


CALENDAR = Calendar()


@given(
    st.sampled_from(
        [
            (rules.DAILY, 1),
            *((rules.WEEKLY, n) for n in range(1, 8)),
            *((rules.MONTHLY, n) for n in (1, 5, 29, 31)),
        ]
    ),
    st.dates(date(2024, 1, 1), date(2026, 11, 30)),
)
def test_a_schedule_falls_on_working_days_and_never_stands_still(kind: tuple[str, int], after: date) -> None:
    every, day = kind
    due = rules.next_run(every, day, after, CALENDAR)
    assert due > after
    assert CALENDAR.is_working_day(due)
    # Nothing that was due in between is left out.
    assert due - after <= timedelta(days={rules.DAILY: 12, rules.WEEKLY: 16, rules.MONTHLY: 42}[every])


def test_days_off_push_a_schedule_on() -> None:
    # 1 October 2026 is a holiday until the 7th; Monday 5 October is sent on the 8th.
    assert rules.next_run(rules.WEEKLY, 1, date(2026, 9, 28), CALENDAR) == date(2026, 10, 8)
    # What is pushed on is not lost when asked on the day off itself.
    assert rules.next_run(rules.WEEKLY, 1, date(2026, 10, 6), CALENDAR) == date(2026, 10, 8)
    assert rules.next_run(rules.MONTHLY, 31, date(2026, 2, 2), CALENDAR) == date(2026, 2, 28)

"""Cells of filled forms, read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import codes
from linli.returns import rules
from linli.returns.rules import Hit


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("2026年11月22日", date(2026, 11, 22)),
        ("20261122", date(2026, 11, 22)),
        ("2026.11", date(2026, 11, 1)),
        ("202611", date(2026, 11, 1)),
        (datetime(2026, 11, 22, 8, 0), date(2026, 11, 22)),
        (46348.0, date(2026, 11, 22)),
        ("无", None),
        ("", None),
        (None, None),
    ],
)
def test_days(cell: Any, day: date | None) -> None:
    assert rules.read_date(cell) == day


@pytest.mark.parametrize("cell", ["2026-13-01", "去年", "2026/2/30"])
def test_days_that_cannot_be(cell: str) -> None:
    with pytest.raises(rules.Unreadable):
        rules.read_date(cell)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_every_way_of_writing_a_day(day: date) -> None:
    for text in (
        f"{day:%Y-%m-%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
    ):
        assert rules.read_date(text) == day


def test_numbers() -> None:
    assert rules.read_number(" 110229194910010016 ") == "110229194910010016"
    assert rules.read_number("110229491001001") == "110229194910010011"
    for spoilt in ("1.10229E+17", "110229********0016"):
        with pytest.raises(rules.Unreadable):
            rules.read_number(spoilt)


def test_words_for_nothing_say_nothing() -> None:
    for word in ("无", "/", "—", "不详", "  ", None):
        assert rules.plain(word) == ""
    assert rules.read_yes("否") is False
    assert rules.read_yes("√") is True
    assert rules.read_yes("") is None
    assert rules.read_code(codes.EDUCATION, "高中") != ""
    with pytest.raises(rules.Unreadable):
        rules.read_code(codes.EDUCATION, "读过书")
    assert rules.read_amount("1,200.5 元") == Decimal("1200.5")


def test_all_hits_count() -> None:
    one, two = Hit(1, "王建国", 75, ""), Hit(2, "王建国", 70, "")
    assert rules.who_is_meant([one], likely=60, number_given=False) == (1, False)
    assert rules.who_is_meant([one, two], likely=60, number_given=False) == (None, True)
    assert rules.who_is_meant([one], likely=60, number_given=True) == (None, True)
    assert rules.who_is_meant([Hit(1, "王建国", 50, "")], likely=60, number_given=False) == (None, True)
    assert rules.who_is_meant([], likely=60, number_given=True) == (None, False)

"""Titles that name days of birth."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ledgers.meaning.births import births

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("title", "low", "high"),
    [
        ("1951年1月1日至1960年12月31日出生居民免费体检登记表", "1951-01-01", "1960-12-31"),
        ("1951年1月至1960年2月出生人员名册", "1951-01-01", "1960-02-29"),
        ("1951.1.1-1960.12.31出生人员名册", "1951-01-01", "1960-12-31"),
        ("1965—1970年出生人员名册", "1965-01-01", "1970-12-31"),
        ("2008年出生男性公民兵役登记表", "2008-01-01", "2008-12-31"),
        ("1966年12月31日（含）以前出生人员名单".replace("（", "(").replace("）", ")"), "", "1966-12-31"),
        ("2020年9月1日以后出生儿童名册", "2020-09-01", ""),
        ("2027年秋季小学一年级适龄儿童摸底登记表", "2020-09-01", "2021-08-31"),
        ("2027年适龄儿童入学摸底登记表", "2020-09-01", "2021-08-31"),
        ("2026年小学入学适龄儿童信息表", "2019-09-01", "2020-08-31"),
    ],
)
def test_days_of_birth_are_read(title: str, low: str, high: str) -> None:
    born, rest = births(title)
    assert born is not None
    assert born.ends == (low, high)
    assert "出生" not in rest
    assert "适龄" not in rest


@pytest.mark.parametrize(
    "title",
    [
        "2026年度新出生人口登记表",
        "1960年2月30日以前出生人员名单",
        "2026年1月至6月出生缺陷统计表",
        "1960年12月31日至1951年1月1日出生人员",
        "适龄儿童名册",
        "2026年适龄儿童窝沟封闭名册",
        "2026年秋季老年大学招生名册",
    ],
)
def test_what_names_no_days_of_birth_stays_as_it_is(title: str) -> None:
    assert births(title) == (None, title)


@given(DAYS, DAYS)
def test_any_two_days_are_read_as_they_are(one: date, other: date) -> None:
    low, high = sorted((one, other))
    title = f"{low:%Y}年{low.month}月{low.day}日至{high:%Y}年{high.month}月{high.day}日出生居民名册"
    born, rest = births(title)
    assert born is not None
    assert born.ends == (str(low), str(high))
    assert rest == "·居民名册"

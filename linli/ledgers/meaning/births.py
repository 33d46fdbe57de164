"""Titles that say when people were born: from a day to a day, in a year, or so that they start school that autumn."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass

_DAY = r"((?:19|20)\d\d)[年.\-/](\d{1,2})(?:[月.\-/](\d{1,2})日?|月)"
_TO = r"(?:\(含\)|以后|之后|起)*(?:[-—–~～至到]|以后至)"
_BORN = r"(?:\(含\))?(?:期间|之间)?出生的?"
_BETWEEN = re.compile(rf"{_DAY}{_TO}{_DAY}{_BORN}")
_YEARS = re.compile(rf"((?:19|20)\d\d)年?[-—–~～至到]((?:19|20)\d\d)年(?:度)?{_BORN}")
_YEAR = re.compile(r"((?:19|20)\d\d)年(?:度)?(?:期间)?出生的?")
_UNTIL = re.compile(rf"{_DAY}(?:\(含\)|及)?(?:以前|之前|前){_BORN}")
_SINCE = re.compile(rf"{_DAY}(?:\(含\)|及)?(?:以后|之后|后|起){_BORN}")
# Compulsory Education Law, article 11: who has turned six; by local custom by 31 August of the year.
_CHILDREN = r"适龄(?:少年儿童|儿童|新生)"
_SCHOOL = re.compile(
    r"((?:19|20)\d\d)年(?:度)?秋?季?(?:学期|招生)?"
    rf"(?:(?:义务教育|公办|小学|入学|一年级|起始年级)+{_CHILDREN}|{_CHILDREN}(?:小学)?(?:入学|一年级))"
)


@dataclass(frozen=True)
class Born:
    """Days of birth, ends included, as ISO dates; "" is open."""

    low: str
    high: str

    @property
    def ends(self) -> tuple[str, str]:
        return (self.low, self.high)

    @property
    def said(self) -> str:
        """2020-09-01 至 2021-08-31 出生."""
        return said_births(self.ends)


def said_births(ends: Sequence[str]) -> str:
    """Days of birth in words."""
    low, high = ends
    if low and high:
        return f"{low} 至 {high} 出生"
    return f"{low} 起出生" if low else f"{high} 及以前出生"


def births(text: str) -> tuple[Born | None, str]:
    """The days of birth that a title names, and the title without them; no such days as 30 February are read."""
    for pattern, read in _READERS:
        match = pattern.search(text)
        if match is None or (born := read(match)) is None:
            continue
        return born, text.replace(match.group(0), "·")
    return None, text


def _day(year: str, month: str, day: str | None, *, last: bool = False) -> str:
    """An ISO date, "" when there is no such day; without a day the first or last of the month."""
    if not 1 <= int(month) <= 12:
        return ""
    days = monthrange(int(year), int(month))[1]
    number = int(day) if day else days if last else 1
    return f"{year}-{int(month):02}-{number:02}" if 1 <= number <= days else ""


def _between(match: re.Match[str]) -> Born | None:
    low, high = _day(*match.group(1, 2, 3)), _day(*match.group(4, 5, 6), last=True)
    return Born(low, high) if low and high and low <= high else None


def _years(match: re.Match[str]) -> Born | None:
    low, high = match.group(1), match.group(match.lastindex or 1)
    return Born(f"{low}-01-01", f"{high}-12-31") if low <= high else None


def _until(match: re.Match[str]) -> Born | None:
    high = _day(*match.group(1, 2, 3), last=True)
    return Born("", high) if high else None


def _since(match: re.Match[str]) -> Born | None:
    low = _day(*match.group(1, 2, 3))
    return Born(low, "") if low else None


def _school(match: re.Match[str]) -> Born:
    year = int(match.group(1))
    return Born(f"{year - 7}-09-01", f"{year - 6}-08-31")


_READERS = (
    (_BETWEEN, _between),
    (_YEARS, _years),
    (_YEAR, _years),
    (_UNTIL, _until),
    (_SINCE, _since),
    (_SCHOOL, _school),
)

__all__ = ["Born", "births", "said_births"]

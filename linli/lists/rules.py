"""What a list is made of, as plain data that fits into an address; and when a scheduled one is due.

A definition travels in the query of an address, so that every step of making a list is a plain page; saved, it is the
same pairs as JSON. Nothing here knows the dictionary: keys and paths are checked where they are used.
"""

from __future__ import annotations

import calendar
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlencode

from linli.kernel.working_time import Calendar

MOST_CLAUSES, MOST_COLUMNS = 30, 40
_KEY = re.compile(r"[a-z][a-z0-9_]{0,60}")
_PATH = re.compile(r"[a-z][a-z0-9_]{0,60}(\.[a-z][a-z0-9_]{0,60}){0,4}")
_REGION = re.compile(r"\d{0,30}")
ALL, ANY, NONE = "all", "any", "none"


class BadDefinition(ValueError):
    """An address or a kept definition that makes no sense; the text is for the user."""


@dataclass(frozen=True)
class Clause:
    """Conditions that must hold: all (of one), any, or none of them."""

    keys: tuple[str, ...]
    how: str = ALL

    def text(self) -> str:
        """`aged_60`, `in_low_income|in_destitute`, `!in_party`."""
        return ("!" if self.how == NONE else "") + "|".join(self.keys)

    @classmethod
    def read(cls, text: str) -> Clause:
        """The reverse. Raises BadDefinition."""
        how = NONE if text.startswith("!") else ALL
        keys = tuple(dict.fromkeys(text.removeprefix("!").split("|")))
        if not all(_KEY.fullmatch(key) for key in keys) or len(keys) > MOST_CLAUSES:
            raise BadDefinition("条件不完整，请重新选择。")
        return cls(keys, ANY if how == ALL and len(keys) > 1 else how)


@dataclass(frozen=True)
class Filter:
    """An element compared with values."""

    path: str
    operator: str
    values: tuple[str, ...] = ()

    def text(self) -> str:
        """`age,between,60,79`."""
        return ",".join([self.path, self.operator, *(quote(value, safe="") for value in self.values)])

    @classmethod
    def read(cls, text: str) -> Filter:
        """The reverse. Raises BadDefinition."""
        path, *rest = text.split(",")
        if not rest or not _PATH.fullmatch(path) or not _KEY.fullmatch(rest[0]) or len(rest) > 130:
            raise BadDefinition("条件不完整，请重新选择。")
        return cls(path, rest[0], tuple(unquote(value).replace("\x00", "") for value in rest[1:]))


@dataclass(frozen=True)
class AxisChoice:
    """How a table is divided: `kind` element, band (`value` path, `extra` the key of the bands), date (`extra` year or
    month), region (`value` the level), conditions (`value` keys joined by |)."""

    kind: str
    value: str
    extra: str = ""

    def text(self) -> str:
        """`element:sex`, `band:age:age_decades`, `region:community`, `conditions:aged_60|floating`."""
        return ":".join(part for part in (self.kind, self.value, self.extra) if part)

    @classmethod
    def read(cls, text: str) -> AxisChoice | None:
        """The reverse; None for an empty text. Raises BadDefinition."""
        if not text:
            return None
        kind, _colon, rest = text.partition(":")
        value, _colon, extra = rest.partition(":")
        keys = value.split("|")
        if (
            kind not in ("element", "band", "date", "region", "conditions")
            or not value
            or (kind == "conditions" and not all(_KEY.fullmatch(key) for key in keys))
            or (kind != "conditions" and not _PATH.fullmatch(value))
            or (extra and not _KEY.fullmatch(extra))
            or len(keys) > 60
        ):
            raise BadDefinition("分组不完整，请重新选择。")
        return cls(kind, value, extra)


@dataclass(frozen=True)
class Definition:
    """A list (columns, sort) or a table (rows, across, number) of the rows of a subject that meet clauses and filters.

    `on` None means the day it is run; `before` is a day to compare a table with. `number` is the path of a number to add
    up, `mean` averages it.
    """

    subject: str
    clauses: tuple[Clause, ...] = ()
    filters: tuple[Filter, ...] = ()
    columns: tuple[str, ...] = ()
    region: str = ""
    on: date | None = None
    sort: str = ""
    rows: AxisChoice | None = None
    across: AxisChoice | None = None
    number: str = ""
    mean: bool = False
    before: date | None = None

    def pairs(self) -> list[tuple[str, str]]:
        """As pairs of a query."""
        found = [("subject", self.subject)]
        found += [("c", one.text()) for one in self.clauses]
        found += [("f", one.text()) for one in self.filters]
        found += [("col", one) for one in self.columns]
        for key, value in (
            ("region", self.region),
            ("on", self.on.isoformat() if self.on else ""),
            ("sort", self.sort),
            ("rows", self.rows.text() if self.rows else ""),
            ("across", self.across.text() if self.across else ""),
            ("number", self.number),
            ("mean", "1" if self.mean else ""),
            ("before", self.before.isoformat() if self.before else ""),
        ):
            if value:
                found.append((key, value))
        return found

    def query(self) -> str:
        """As the query of an address."""
        return urlencode(self.pairs())

    @classmethod
    def read(cls, pairs: Iterable[Sequence[str]]) -> Definition:
        """From pairs. Raises BadDefinition with one sentence."""
        many: dict[str, list[str]] = {}
        for key, value in pairs:
            if value:
                many.setdefault(key, []).append(str(value).replace("\x00", ""))

        def last(key: str) -> str:
            return many.get(key, [""])[-1]

        columns = tuple(dict.fromkeys(many.get("col", ())))
        sort, number = last("sort"), last("number")
        if (
            not _KEY.fullmatch(last("subject"))
            or not _REGION.fullmatch(last("region"))
            or not all(_PATH.fullmatch(path) for path in columns)
            or (sort and not _PATH.fullmatch(sort.removeprefix("-")))
            or (number and not _PATH.fullmatch(number))
        ):
            raise BadDefinition("名单的定义不完整，请重新选择。")
        clauses = tuple(dict.fromkeys(Clause.read(text) for text in many.get("c", ())))
        filters = tuple(dict.fromkeys(Filter.read(text) for text in many.get("f", ())))
        if len(clauses) + len(filters) > MOST_CLAUSES:
            raise BadDefinition(f"条件太多，最多 {MOST_CLAUSES} 个，请去掉一些。")
        if len(columns) > MOST_COLUMNS:
            raise BadDefinition(f"列太多，最多 {MOST_COLUMNS} 列，请去掉一些。")
        return cls(
            subject=last("subject"),
            clauses=clauses,
            filters=filters,
            columns=columns,
            region=last("region"),
            on=_day(last("on")),
            sort=sort,
            rows=AxisChoice.read(last("rows")),
            across=AxisChoice.read(last("across")),
            number=number,
            mean=last("mean") == "1",
            before=_day(last("before")),
        )

    def but(self, **changes: Any) -> Definition:
        """The same with changes."""
        return replace(self, **changes)

    @property
    def is_table(self) -> bool:
        return self.rows is not None or self.across is not None


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadDefinition("日期请写成 2026-11-22 的样子。") from None
    if not 1900 <= found.year <= 2100:
        raise BadDefinition("日期应在 1900 年到 2100 年之间。")
    return found


def read_edges(text: str) -> tuple[float, ...]:
    """Lower edges of bands from what a user types: 0 3、6，16. Raises BadDefinition."""
    parts = [part for part in re.split(r"[\s,，、;；]+", text.strip()) if part]
    try:
        found = tuple(float(part) for part in parts)
    except ValueError:
        raise BadDefinition("分段的起点请填数字，用逗号隔开，例如 0，18，60，80。") from None
    if not 1 <= len(found) <= 60 or any(not abs(one) < 1e12 for one in found):
        raise BadDefinition("请填 1 到 60 个起点，用逗号隔开。")
    if list(found) != sorted(set(found)):
        raise BadDefinition("分段的起点要从小到大，不能重复。")
    return found


def band_labels(edges: Sequence[float], unit: str = "", *, whole: bool = True) -> list[str]:
    """The names of the bands, below the first edge first: 60岁以下, 60–79岁, 80岁及以上. `whole`: values are integers."""

    def shown(value: float) -> str:
        return f"{value:g}"

    found = [f"{shown(edges[0])}{unit}以下"]
    for low, high in itertools.pairwise(edges):
        if whole:
            top = high - 1
            found.append(f"{shown(low)}{unit}" if top == low else f"{shown(low)}–{shown(top)}{unit}")
        else:
            found.append(f"{shown(low)}至不足{shown(high)}{unit}")
    found.append(f"{shown(edges[-1])}{unit}及以上")
    return found


DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"


def next_run(every: str, day: int, after: date, working: Calendar) -> date:
    """The first day after `after` on which a schedule is due; never a day off.

    daily: every working day. weekly: weekday `day` (1 Monday … 7), monthly: the `day`-th (the last day of shorter
    months); on a day off the next working day instead, which is still later than `after`.
    """
    if every == DAILY:
        return working.next_working_day(after + timedelta(days=1))
    # A nominal day before `after` may fall due after it, when days off push it on: begin a month back.
    nominal = after - timedelta(days=35)
    while True:
        nominal = _next_nominal(every, day, nominal)
        due = working.next_working_day(nominal)
        if due > after:
            return due


def _next_nominal(every: str, day: int, after: date) -> date:
    if every == WEEKLY:
        return after + timedelta(days=(day - after.isoweekday() - 1) % 7 + 1)
    year, month = after.year, after.month
    while True:
        found = date(year, month, min(day, calendar.monthrange(year, month)[1]))
        if found > after:
            return found
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)

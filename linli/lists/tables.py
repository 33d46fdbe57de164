"""A table of two dimensions: its axes with their classes in words and in order, its numbers, and the way from a cell to its rows."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from linli.audit.recording import RuleError
from linli.facts import cross
from linli.facts.cross import Axis
from linli.facts.dictionary import Element, Kind, UnknownTerm
from linli.lists import rules
from linli.lists.asking import Question
from linli.lists.models import Bands
from linli.lists.rules import ALL, NONE, AxisChoice, Clause, Definition, Filter
from linli.lists.terms import REGIONS
from linli.regions import names

MOST_ROWS, MOST_ACROSS = 400, 60
_LENGTHS = {key: length for key, _label, length in REGIONS}


class Division:
    """One axis of a question: how it is asked, its classes in words, and what narrows to one of them."""

    def __init__(self, question: Question, choice: AxisChoice | None) -> None:
        self.question, self.choice = question, choice
        self.element: Element | None = None
        self.bands: Bands | None = None
        self.keys: list[str] = []
        if choice is None:
            return
        if choice.kind == "region" and choice.value not in _LENGTHS:
            raise RuleError(_("没有这种分组，请重新选择。"))
        if choice.kind == "conditions":
            self.keys = list(dict.fromkeys(choice.value.split("|")))
            if any(question.subject.conditions[key].region for key in self.keys):
                raise RuleError(_("统计口径不能用来分组，请作为条件选择。"))
        if choice.kind in ("element", "band", "date"):
            try:
                self.element = question.element(choice.value)
            except UnknownTerm:
                raise RuleError(_("没有这种分组，请重新选择。")) from None
            if self.element.decode is not None:
                raise RuleError(_("加密存储的号码不能用来分组。"))
        if choice.kind == "band":
            self.bands = Bands.objects.filter(
                key=choice.extra, subject=question.definition.subject, path=choice.value
            ).first()
            if self.bands is None:
                raise RuleError(_("没有这种分段，请重新选择。"))
        if choice.kind == "date" and (
            choice.extra not in ("year", "month")
            or self.element is None
            or self.element.kind is not Kind.DATE
        ):
            raise RuleError(_("没有这种分组，请重新选择。"))

    @property
    def axis(self) -> Axis:
        """As the plan takes it."""
        choice = self.choice
        if choice is None:
            return Axis()
        if choice.kind == "region":
            return Axis(region_length=_LENGTHS[choice.value])
        if choice.kind == "conditions":
            return Axis(conditions=tuple(self.keys))
        if choice.kind == "band":
            assert self.bands is not None
            return Axis(path=choice.value, edges=tuple(self.bands.edges))
        return Axis(path=choice.value, part=choice.extra if choice.kind == "date" else "")

    @property
    def label(self) -> str:
        """What the axis is called."""
        choice = self.choice
        if choice is None:
            return ""
        if choice.kind == "region":
            return next(label for key, label, _length in REGIONS if key == choice.value)
        if choice.kind == "conditions":
            if len(self.keys) == 1:
                return str(self.question.subject.conditions[self.keys[0]].label)
            return _("人群") if all(key.startswith("in_") for key in self.keys) else _("口径")
        if choice.kind == "band":
            assert self.bands is not None
            return self.bands.name
        return self.question.label(choice.value)

    @property
    def overlaps(self) -> bool:
        """Whether a row may fall into several classes, so that the total is less than their sum."""
        if self.choice is None:
            return False
        if self.choice.kind == "conditions":
            return len(self.keys) > 1
        return self.element is not None and self.element.kind is Kind.CODES

    def order(self, found: Iterable[str]) -> list[str]:
        """The keys found, in the order in which they are shown; what is not filled in comes last."""
        keys = set(found)
        choice = self.choice
        if choice is not None and choice.kind == "conditions":
            return [key for key in (*self.keys, "") if key in keys]
        if choice is not None and choice.kind == "band":
            return sorted(keys, key=lambda key: (key == "", int(key or 0)))
        codes = self.element.codes if self.element is not None else None
        if codes is not None:
            place = {one.code: number for number, one in enumerate(codes.items)}
            return sorted(keys, key=lambda key: (key == "", place.get(key, len(place)), key))
        if self.element is not None and self.element.kind is Kind.BOOLEAN:
            return [key for key in ("true", "false") if key in keys]
        return sorted(keys, key=lambda key: (key == "", key))

    def class_label(self, key: str) -> str:
        """A class in words."""
        choice = self.choice
        if choice is None:
            return ""
        if choice.kind == "conditions":
            if key:
                return str(self.question.subject.conditions[key].label)
            return _("不属于") if len(self.keys) == 1 else _("都不属于")
        if key == "":
            return _("未填写")
        if choice.kind == "region":
            return names.title(key)
        if choice.kind == "band":
            assert self.bands is not None
            assert self.element is not None
            whole = self.element.kind is Kind.INTEGER
            return rules.band_labels(self.bands.edges, self.element.unit, whole=whole)[int(key)]
        if choice.kind == "date":
            year, _dash, month = key.partition("-")
            return f"{year} 年 {int(month)} 月" if month else f"{year} 年"
        assert self.element is not None
        if self.element.kind is Kind.BOOLEAN:
            return _("是") if key == "true" else _("否")
        return self.element.codes.label(key) if self.element.codes is not None else key

    def narrow(self, wanted: Definition, key: str) -> Definition:
        """The definition narrowed to one class."""
        choice = self.choice
        if choice is None:
            return wanted
        if choice.kind == "region":
            return wanted if wanted.region.startswith(key) else wanted.but(region=key)
        if choice.kind == "conditions":
            more = Clause((key,), ALL) if key else Clause(tuple(self.keys), NONE)
            return wanted if more in wanted.clauses else wanted.but(clauses=(*wanted.clauses, more))
        return wanted.but(filters=(*wanted.filters, self._filter(choice, key)))

    def _filter(self, choice: AxisChoice, key: str) -> Filter:
        path = choice.value
        assert self.element is not None
        kind = self.element.kind
        if key == "":
            return Filter(path, "empty")
        if choice.kind == "band":
            assert self.bands is not None
            edges, place = self.bands.edges, int(key)
            low = f"{edges[place - 1]:g}" if place else ""
            if place == len(edges):
                return Filter(path, "between" if kind is Kind.INTEGER else "band", (low, ""))
            if kind is Kind.INTEGER:
                return Filter(path, "between", (low, f"{edges[place] - 1:g}"))
            return Filter(path, "band", (low, f"{edges[place]:g}"))
        if choice.kind == "date":
            year, _dash, month = key.partition("-")
            first = date(int(year), int(month or 1), 1)
            last = date(int(year), int(month or 12), calendar.monthrange(int(year), int(month or 12))[1])
            return Filter(path, "between", (first.isoformat(), last.isoformat()))
        if kind is Kind.BOOLEAN:
            return Filter(path, "yes" if key == "true" else "no")
        if kind in (Kind.CODE, Kind.CODES):
            return Filter(path, "one_of", (key,))
        return Filter(path, "is", (key,))


@dataclass(frozen=True)
class Cell:
    """A number, the number on the day compared with (None without one), and the address's query of its rows."""

    value: Any
    before: Any = None
    query: str = ""
    before_query: str = ""

    @property
    def change(self) -> Any:
        return (self.value or 0) - (self.before or 0)

    @property
    def change_text(self) -> str:
        """+12, −3, 0."""
        change = self.change
        said = f"{abs(change):,}" if not isinstance(change, Decimal) else f"{abs(change):,.2f}"
        return f"+{said}" if change > 0 else f"−{said}" if change < 0 else "0"


@dataclass(frozen=True)
class Line:
    """A row of the table."""

    label: str
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True)
class Counted:
    """A table ready to be shown."""

    rows: Division
    across: Division
    heads: list[str]
    lines: list[Line]
    foot: Line
    compares: bool
    unit: str

    @property
    def note(self) -> str:
        """What must be said of its totals."""
        if self.rows.overlaps or self.across.overlaps:
            return _("同一个对象可以属于几类，合计只算一次，所以合计会少于各项之和。")
        return ""


def count(question: Question) -> Counted:
    """Count. Raises RuleError where the axes make no table."""
    wanted = question.definition
    rows, across = Division(question, wanted.rows), Division(question, wanted.across)
    now = _ask(question, rows, across)
    then = None
    if wanted.before is not None:
        earlier = Question(wanted.but(on=wanted.before, before=None), question.user)
        then = _ask(earlier, rows, across)
    row_keys = rows.order(set(now.rows) | set(then.rows if then else ()))
    keys = across.order(set(now.columns) | set(then.columns if then else ()))
    if len(row_keys) > MOST_ROWS or len(keys) > MOST_ACROSS:
        raise RuleError(
            _("“%(name)s”的取值太多，不适合做统计表，请换一种分组。")
            % {"name": rows.label if len(row_keys) > MOST_ROWS else across.label}
        )
    listing = wanted.but(rows=None, across=None, number="", mean=False, before=None)

    def cell(row: str | None, key: str | None, pick: Any) -> Cell:
        narrowed = listing
        if row is not None:
            narrowed = rows.narrow(narrowed, row)
        if key is not None:
            narrowed = across.narrow(narrowed, key)
        earlier = narrowed.but(on=wanted.before).query() if then is not None else ""
        value = pick(now)
        before = None if then is None else pick(then)
        return Cell(
            _number(value, wanted),
            _number(before, wanted) if then is not None else None,
            narrowed.query(),
            earlier,
        )

    lines = [
        Line(
            rows.class_label(row),
            [cell(row, key, lambda t, k=(row, key): t.cells.get(k)) for key in keys],
            cell(row, None, lambda t, k=row: t.rows.get(k)),
        )
        for row in row_keys
    ]
    foot = Line(
        _("合计") if not wanted.mean else _("平均"),
        [cell(None, key, lambda t, k=key: t.columns.get(k)) for key in keys],
        cell(None, None, lambda t: t.total),
    )
    unit = question.element(wanted.number).unit if wanted.number else ""
    return Counted(
        rows, across, [across.class_label(key) for key in keys], lines, foot, then is not None, unit
    )


def _number(value: Any, wanted: Definition) -> Any:
    """Counts and sums of nothing are 0; an average of nothing is nothing. Whole sums are written whole."""
    if value is None:
        return None if wanted.mean else 0
    if isinstance(value, Decimal):
        if value == value.to_integral_value() and not wanted.mean:
            return int(value)
        return round(value, 2)
    return value


def _ask(question: Question, rows: Division, across: Division) -> cross.Table:
    wanted = question.definition
    try:
        return cross.table(
            question.wish(), rows.axis, across.axis, question.words, number=wanted.number, mean=wanted.mean
        )
    except cross.TooManyCells:
        raise RuleError(_("分组太细，不适合做统计表，请换一种分组。")) from None

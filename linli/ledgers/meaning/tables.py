"""What the numbers of a table ask: every cell by its row's and its column's labels; rows that are regions."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from linli.kernel.textnorm import squash
from linli.ledgers.meaning.lexicon import Lexicons
from linli.ledgers.meaning.mapping import ASKED, DECLINED, FORMULA, NEVER, NUMBER, UNKNOWN, Mapping
from linli.ledgers.meaning.numbers import SHARE, NumberMeaning, NumberReader, reader_of
from linli.ledgers.meaning.population import Population
from linli.ledgers.meaning.wording import declined
from linli.ledgers.sheet.cards import Place
from linli.ledgers.sheet.layout import Layout
from linli.ledgers.sheet.matrix import Line, Matrix

_OF = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[）)]?[、.．]?)?\s*其中")


@dataclass
class RegionRows:
    """A table with a row for each region: where they start, the columns of name and serial number, the level named."""

    first_row: int
    last_row: int
    name_column: int
    level: str = "any"
    serial_column: int = 0
    total_row: int = 0
    footer_row: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class TableMeaning:
    """The mappings of a table's cells (of region rows: of its columns, `row` 0)."""

    mappings: list[Mapping] = field(default_factory=list)
    regions: RegionRows | None = None


def _number(reader: NumberReader, mapping: Mapping, made: NumberMeaning) -> Mapping:
    whole = "".join(mapping.path)
    if topic := declined(whole):
        mapping.target, mapping.confidence = DECLINED, 1.0
        mapping.reasons, mapping.who = [f"“{topic.topic}”按设计不收集，留空"], topic.keeper
        return mapping
    mapping.number = made.as_json()
    mapping.element_label = made.reasons[0] if made.reasons else ""
    if made.unexplained:
        mapping.target = UNKNOWN
        mapping.reasons = [f"“{made.unexplained}”在登记库里没有对应的数"]
        mapping.number, mapping.element_label = {}, ""
    elif made.aggregate == SHARE:
        mapping.target, mapping.confidence = ASKED, 0.6
        mapping.reasons = [f"可能是{made.reasons[0]}，请确认"]
    else:
        mapping.target, mapping.confidence, mapping.reasons = NUMBER, 0.95, list(made.reasons)
    return mapping


def match_matrix(matrix: Matrix, lexicons: Lexicons, population: Population) -> TableMeaning:
    """The meaning of a table whose rows are labelled. An 其中 row divides the row above it."""
    reader = reader_of(lexicons)
    made = TableMeaning()
    memo: dict[tuple[str, ...], NumberMeaning] = {}
    division = Division(reader)
    outline = Outline()
    scope = allowance_scope(population, [column.path for column in matrix.columns])
    for row in matrix.rows:
        inherited = division.inherited(row)
        above = outline.above(row.path[-1]) if row.path else ()
        beyond = next((found for label in above if (found := reader.read(label, frozenset()).outside)), "")
        for column in matrix.columns:
            if (row.index, column.index) not in matrix.cells:
                continue
            key = ("\0".join(inherited), "\0".join(row.path), "\0".join(column.path), row.unit or column.unit)
            if key not in memo:
                memo[key] = reader.meaning(
                    row.path,
                    column.path,
                    unit=row.unit or column.unit,
                    title_conditions=scope,
                    title_subject=population.subject,
                    inherited=inherited,
                )
            mapping = Mapping(column.index, (*row.path, *column.path), row=row.index)
            meaning = memo[key]
            if beyond and not meaning.unexplained:
                meaning = replace(meaning, unexplained=beyond)
            _number(reader, mapping, meaning)
            if (row.index, column.index) in matrix.computed:
                _leave_formula(mapping)
            made.mappings.append(mapping)
    return made


def _leave_formula(mapping: Mapping) -> None:
    """What a formula of the form fills is left to it; what it means is kept, to compare it with the registry's own number."""
    if mapping.target != NUMBER:
        mapping.number = {}
    mapping.target, mapping.form, mapping.confidence = NEVER, FORMULA, 0.0
    mapping.element_label, mapping.who = "", ""
    mapping.reasons = ["表里有公式，自动算出"]


_STYLES = tuple(
    re.compile(pattern)
    for pattern in (
        r"^[一二三四五六七八九十]{1,3}[、.．]",
        r"^[（(][一二三四五六七八九十]{1,3}[)）]",
        r"^\d{1,2}[、.．]",
        r"^(?:其中[:：])?[（(]\d{1,2}[)）]",
        r"^[①-⑳]",
        r"^[A-H][、.．\s]",
        r"^[IVX]{1,4}[、.．\s]",
    )
)


class Outline:
    """The headings that a numbered row stands under: 一、 over （一） over 1. over （1） over A over I."""

    def __init__(self) -> None:
        self.stack: list[tuple[int, str]] = []

    def above(self, label: str) -> tuple[str, ...]:
        """The labels above this one, outermost first; the label joins the outline."""
        text = label.strip()
        style = next((place for place, pattern in enumerate(_STYLES) if pattern.match(text)), None)
        if style is None:
            return tuple(kept for _style, kept in self.stack)
        styles = [one for one, _kept in self.stack]
        if style in styles:
            del self.stack[styles.index(style) :]
        found = tuple(kept for _style, kept in self.stack)
        self.stack.append((style, text))
        return found


def allowance_scope(population: Population, paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The title's conditions; where a table of the very old asks for money, those are who get the allowance."""
    conditions = tuple(population.conditions)
    money = any(re.search(r"金额|元|津贴|补贴|资金", squash(part)) for path in paths for part in path)
    if (
        money
        and set(conditions) & {"aged_80", "aged_90", "aged_100"}
        and not any(c.startswith("in_") for c in conditions)
    ):
        return ("in_old_age_allowance", *[c for c in conditions if c != "aged_80"])
    return conditions


class Division:
    """Which row each row divides. 其中 divides the row above it, and so does the other sex after it; a row that only names a
    sex or an age divides the last one that names more, never another such row."""

    def __init__(self, reader: NumberReader) -> None:
        self.reader = reader
        self.whole: tuple[str, ...] = ()
        self.before: tuple[str, ...] = ()
        self.divided: tuple[str, ...] = ()

    def inherited(self, row: Line) -> tuple[str, ...]:
        """The labels of the row that this one divides; none when it stands for itself."""
        if not row.path:
            return ()
        reading = self.reader.read(row.path[-1], frozenset())
        if _OF.match(row.path[-1]):
            self.divided = self.before if reading.by_sex else ()
            return self.before
        if reading.by_sex and self.divided and len(row.path) == 1:
            return self.divided
        self.divided = ()
        divides = len(row.path) == 1 and reading.divides
        if not divides:
            self.whole = row.path
        inherited = self.whole if divides else ()
        self.before = (*inherited, *row.path)
        return inherited


def match_regions(
    matrix: Matrix, lexicons: Lexicons, population: Population, level: str, footer_row: int
) -> TableMeaning:
    """The meaning of a table with a row for each region: one mapping a column."""
    reader = reader_of(lexicons)
    made = TableMeaning(
        regions=RegionRows(
            matrix.first_row,
            matrix.last_row,
            matrix.region_column,
            level,
            matrix.serial_column,
            matrix.total_row,
            footer_row,
        )
    )
    previous: tuple[str, ...] = ()
    scope = allowance_scope(population, [column.path for column in matrix.columns])
    for column in matrix.columns:
        inherited: tuple[str, ...] = ()
        if _OF.match(column.path[-1]) or (
            len(column.path) > 1 and squash(column.path[-2]).startswith("其中")
        ):
            inherited = previous
        else:
            previous = column.path
        meaning = reader.meaning(
            (),
            column.path,
            unit=column.unit,
            title_conditions=scope,
            title_subject=population.subject,
            inherited=inherited,
        )
        made.mappings.append(_number(reader, Mapping(column.index, column.path), meaning))
    return made


def match_one_row(layout: Layout, lexicons: Lexicons, population: Population) -> list[Mapping]:
    """The meaning of the one line of numbers under headings: 总人数, 男, 女 over a single empty row. Where several rows stand
    empty nobody can tell what they are, and nothing is filled."""
    if layout.last_row != layout.first_row:
        return [
            Mapping(column.index, column.path, UNKNOWN, reasons=["看不出每一行是什么的数"])
            for column in layout.columns
        ]
    reader = reader_of(lexicons)
    scope = allowance_scope(population, [column.path for column in layout.columns])
    made = []
    for column in layout.columns:
        meaning = reader.meaning((), column.path, title_conditions=scope, title_subject=population.subject)
        made.append(_number(reader, Mapping(column.index, column.path, row=layout.first_row), meaning))
    return made


def match_scattered(found: list[Place], lexicons: Lexicons, population: Population) -> list[Mapping]:
    """The meaning of numbers that stand here and there, each with labels of its own."""
    reader = reader_of(lexicons)
    made = []
    for place in found:
        meaning = reader.meaning(
            place.path, (), title_conditions=tuple(population.conditions), title_subject=population.subject
        )
        mapping = Mapping(
            place.column, place.path, row=place.row, form=place.manner, text=place.text, piece=place.piece
        )
        made.append(_number(reader, mapping, meaning))
    return made

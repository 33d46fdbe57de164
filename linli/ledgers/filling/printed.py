"""The relations that a form prints between its numbers, verified on what it will show once it is filled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from linli.kernel.textnorm import squash
from linli.ledgers.book.computing import Expression, Unknown, computed
from linli.ledgers.book.workbook import Picture, picture
from linli.ledgers.filling.account import Account
from linli.ledgers.meaning.mapping import NUMBER, UNKNOWN
from linli.ledgers.recognised import AGGREGATE, CARD, Recognition
from linli.ledgers.sheet import relations
from linli.ledgers.sheet.matrix import find_matrix
from linli.ledgers.sheet.relations import COLUMNS, ROWS, Axes, Relation

MOST_TOLD = 5
MOST_LINES = 20_000
_CLOSE = Decimal("0.005")
_STATED = re.compile(r"[=＝≥≤≧≦<>＜＞]|等于|大于|小于")
_CHECKS = re.compile(r"(?:审核|表内|逻辑|平衡|勾稽|钩稽|校验|列间|栏间|行间)\S{0,4}(?:关系|公式)")


@dataclass
class Verified:
    """What became of one printed relation: in how many rows or columns it was verified, and a sentence for each where it does
    not hold; `shown` the numbers where it holds in one place only. `checked` 0: it could not be verified."""

    said: str
    checked: int = 0
    differing: list[str] = field(default_factory=list)
    more: int = 0
    shown: str = ""

    @property
    def holds(self) -> bool:
        """Whether it holds wherever it was verified."""
        return bool(self.checked) and not self.differing

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the filled form."""
        return {**asdict(self), "holds": self.holds}


@dataclass
class _Stated:
    """The relations of a sheet and what its lines are called, read before it is filled."""

    region: Recognition
    found: list[Relation]
    axes: Axes
    announced: bool


def stated(book: Workbook, recognition: Recognition) -> list[_Stated]:
    """The relations that the sheets of the form's tables and lists print. To be called before anything is filled."""
    made, drawn = [], {}
    for region in recognition.regions_of_form:
        if region.kind == CARD or region.declined or region.sheet not in book.sheetnames:
            continue
        sheet = book[region.sheet]
        texts = [
            cell.value
            for cell in sheet._cells.values()
            if isinstance(cell.value, str) and not cell.value.startswith("=") and _STATED.search(cell.value)
        ]
        if not texts:
            continue
        if region.sheet not in drawn:
            drawn[region.sheet] = picture(sheet)
        found = [one for text in texts for one in _in_text(text)]
        axes, printed = _axes(region, drawn[region.sheet])
        found.extend(one for text in printed for one in relations.relations_in(text))
        if found:
            announced = any(_CHECKS.search(squash(text)) for text in texts)
            unique = list({(one.text, one.sign, one.left, one.right): one for one in found}.values())
            made.append(_Stated(region, unique, axes, announced))
    return made


def _in_text(text: str) -> list[Relation]:
    """The relations of a text: those in a bracket of a heading (合计(1=2+3)), else its own."""
    inside = re.findall(r"[(（]([^()（）]*(?:[=＝≥≤])[^()（）]*)[)）]", text)
    if inside and len(text) <= 40:
        return [one for part in inside for one in relations.relations_in(part)]
    return relations.relations_in(text)


def _axes(region: Recognition, drawn: Picture) -> tuple[Axes, list[str]]:
    """What the lines of a region are called, and relations that its row of numbers prints (3=1+2)."""
    axes = Axes()
    header = region.header_rows[1] or region.first_row
    if region.kind == AGGREGATE and region.regions is None:
        matrix = find_matrix(drawn)
        if matrix is None:
            return axes, []
        axes.labels[COLUMNS] = {column.index: column.path for column in matrix.columns}
        axes.labels[ROWS] = {row.index: row.path for row in matrix.rows if row.path and not row.section}
        axes.numbers[ROWS] = relations.numbered_rows(drawn, list(axes.labels[ROWS]))
        header = matrix.first_row
    else:
        axes.labels[COLUMNS] = {mapping.column: mapping.path for mapping in region.mappings}
    numbers, printed = relations.numbered_columns(drawn, header)
    axes.numbers[COLUMNS] = {n: c for n, c in numbers.items() if c in axes.labels[COLUMNS]}
    for axis in (COLUMNS, ROWS):
        axes.numbers[axis] = axes.numbers[axis] or relations.labelled(axes.labels[axis])
    return axes, printed


def verify(
    book: Workbook, read: Sequence[_Stated], accounts: Sequence[tuple[Recognition, Account]]
) -> list[Verified]:
    """What the filled form says of its own relations. Relations that nothing was filled for are left out, but for those that the
    form announces as its checks."""
    made: dict[str, Verified] = {}
    for one in read:
        account = next((a for region, a in accounts if region is one.region), None)
        if account is None or account.problem or account.moved:
            continue
        sheet = book[one.region.sheet]
        for relation in one.found:
            told = made.setdefault(relation.text, Verified(relation.text))
            for axis, lines in relations.resolve(relation, one.axes):
                _verify(sheet, relation, axis, lines, _across(one, axis, account), told, one.axes)
    announced = any(one.announced for one in read)
    return [told for told in made.values() if told.checked or (announced and _spoken(told.said))]


def complete(
    book: Workbook, read: Sequence[_Stated], accounts: Sequence[tuple[Recognition, Account]]
) -> None:
    """Work out the columns that the base has no number for and the form itself defines by those that were filled
    (5=4/(1*10000)*100): two decimals, empty cells only."""
    for one in read:
        account = next((a for region, a in accounts if region is one.region), None)
        if account is None or account.problem or account.moved:
            continue
        sheet = book[one.region.sheet]
        for relation in one.found:
            if relation.sign != "=" or len(relation.left) != 1:
                continue
            for axis, lines in relations.resolve(relation, one.axes):
                column = lines.get(relation.left[0])
                if axis == COLUMNS and column is not None:
                    _work_out(sheet, relation, column, lines, one, account)


def _work_out(
    sheet: Worksheet,
    relation: Relation,
    column: int,
    lines: dict[tuple[str, str], int],
    one: _Stated,
    account: Account,
) -> None:
    open_cells = {
        line.row: line for line in account.columns if line.column == column and line.target == UNKNOWN
    }
    for row in _across(one, COLUMNS, account):
        line = open_cells.get(row) or open_cells.get(0)
        cell = sheet._cells.get((row, column))
        if line is None or cell is None or isinstance(cell, MergedCell) or cell.value is not None:
            continue

        def term(kind: str, text: str, row: int = row) -> Decimal:
            place = lines.get((kind, text))
            found = computed(sheet, row, place) if place is not None else None
            if found is None:
                raise Unknown
            return found

        try:
            tokens = [(_kind(token, lines), token[1]) for token in relation.right]
            number = round(Expression(tokens, _known(term)).value(), 2)
        except Unknown:
            continue
        cell.value = int(number) if number == number.to_integral_value() else float(number)
        line.filled += 1
        line.blank = max(0, line.blank - 1)
        line.reasons = [f"登记库没有这一项，按表上印的“{relation.text}”算出"]
        line.who = ""
    for line in open_cells.values():
        if line.filled and not line.blank:
            line.target, line.element_label = NUMBER, relation.text


def _spoken(text: str) -> bool:
    """Whether a relation is one of lines, not a legend (0=否)."""
    return bool(re.search(r"[+＋≥≤]|[栏行列项]|\d.*[=＝].*\d", text))


def _across(one: _Stated, axis: str, account: Account) -> list[int]:
    """The lines in which a relation of an axis is to hold: rows for columns, columns for rows."""
    if axis == ROWS:
        return list(one.axes.labels[COLUMNS])
    if one.axes.labels[ROWS]:
        return list(one.axes.labels[ROWS])
    rows = range(account.first_row, account.first_row + min(account.rows, MOST_LINES))
    return [*rows, *([account.total_row] if account.total_row else [])]


def _verify(
    sheet: Worksheet,
    relation: Relation,
    axis: str,
    lines: dict[tuple[str, str], int],
    across: Sequence[int],
    told: Verified,
    axes: Axes,
) -> None:
    for other in across:

        def term(kind: str, text: str, other: int = other) -> Decimal:
            line = lines.get((kind, text))
            if line is None:
                raise Unknown
            found = computed(sheet, other, line) if axis == COLUMNS else computed(sheet, line, other)
            if found is None:
                raise Unknown
            return found

        try:
            left, right = (
                Expression([(_kind(one, lines), one[1]) for one in side], _known(term)).value()
                for side in (relation.left, relation.right)
            )
        except Unknown:
            continue
        told.checked += 1
        both = f"左边 {_said(left)}，右边 {_said(right)}"
        where = _where(axis, other, axes)
        if _holds(left, relation.sign, right):
            told.shown = both if told.checked == 1 else ""
        elif len(told.differing) < MOST_TOLD:
            told.differing.append(f"{where}：{both}")
        else:
            told.more += 1


def _kind(token: tuple[str, str], lines: dict[tuple[str, str], int]) -> str:
    """A bare number that names a line is read as that line: the parser takes other numbers as they are."""
    return "bare-number" if token[0] == "number" and token in lines else token[0]


def _known(term: Any) -> Any:
    return lambda kind, text: term("number" if kind == "bare-number" else kind, text)


def _holds(left: Decimal, sign: str, right: Decimal) -> bool:
    if sign == "=":
        return abs(left - right) <= _CLOSE
    return {"≥": left >= right, "≤": left <= right, ">": left > right, "<": left < right}[sign]


def _said(number: Decimal) -> str:
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def _where(axis: str, line: int, axes: Axes) -> str:
    labels = axes.labels[ROWS if axis == COLUMNS else COLUMNS].get(line, ())
    name = "·".join(" ".join(part.split()) for part in labels)
    place = f"第 {line} 行" if axis == COLUMNS else f"{get_column_letter(line)} 列"
    return f"{place}（{name}）" if name else place


__all__ = ["Verified", "complete", "stated", "verify"]

"""Writing rows into a department's sheet and leaving everything else as it was: styles, heights, merges, drop-downs,
formulas; footers are pushed down when the rows do not fit. openpyxl only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formula import Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet

BLANK_FILL = PatternFill("solid", fgColor="FFF4CC")

_REFERENCE = re.compile(r"(\$?[A-Z]{1,3}\$?)(\d+)(?::(\$?[A-Z]{1,3}\$?)(\d+))?$")


def _shift_reference(text: str, title: str, before: int, delta: int) -> str:
    """A reference after `delta` rows were put in before row `before`; ranges that end just above grow."""
    prefix, _bang, body = text.rpartition("!")
    if prefix and prefix.strip("'").replace("''", "'") != title:
        return text
    match = _REFERENCE.match(body)
    if not match:
        return text
    left, top, right, bottom = match.group(1), int(match.group(2)), match.group(3), match.group(4)
    shifted_top = top + delta if top >= before else top
    moved = f"{left}{shifted_top}"
    if right is not None:
        end = int(bottom)
        grows = end >= before or (end == before - 1 and end > top)
        moved += f":{right}{end + delta if grows else end}"
    return f"{prefix}!{moved}" if prefix else moved


def shift_formula(formula: str, title: str, before: int, delta: int) -> str:
    """A formula whose references follow rows put in before row `before`."""
    tokenizer = Tokenizer(formula)
    for token in tokenizer.items:
        if token.type == "OPERAND" and token.subtype == "RANGE":
            token.value = _shift_reference(token.value, title, before, delta)
    return "=" + "".join(token.value for token in tokenizer.items)


def _grown(ranges: Iterable[CellRange], before: int, delta: int) -> MultiCellRange:
    made = []
    for one in ranges:
        top = one.min_row + delta if one.min_row >= before else one.min_row
        bottom = one.max_row
        if bottom >= before or (bottom == before - 1 and bottom > one.min_row):
            bottom += delta
        made.append(
            CellRange(min_col=one.min_col, min_row=top, max_col=one.max_col, max_row=min(bottom, 1_048_576))
        )
    return MultiCellRange([str(one) for one in made])


def push_down(sheet: Worksheet, before: int, delta: int) -> None:
    """Make room for `delta` rows before row `before`: what stands from there on moves down with its formats."""
    cells = sheet._cells
    for row, column in sorted((key for key in cells if key[0] >= before), reverse=True):
        cell = cells.pop((row, column))
        cell.row = row + delta
        cells[row + delta, column] = cell
    for cell in cells.values():
        if isinstance(cell.value, str) and cell.value.startswith("=") and len(cell.value) > 1:
            cell.value = shift_formula(cell.value, sheet.title, before, delta)
    for merged in sheet.merged_cells.ranges:
        if merged.min_row >= before:
            merged.shift(row_shift=delta)
    heights = sheet.row_dimensions
    for row in sorted((row for row in heights if row >= before), reverse=True):
        dimension = heights.pop(row)
        dimension.index = row + delta
        heights[row + delta] = dimension
    for rule in sheet.data_validations.dataValidation:
        rule.sqref = _grown(rule.sqref.ranges, before, delta)
    _grow_conditional(sheet, before, delta)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = str(_grown([CellRange(sheet.auto_filter.ref)], before, delta))
    if sheet.print_area:
        areas = [
            CellRange(part.rpartition("!")[2].replace("$", "")) for part in str(sheet.print_area).split(",")
        ]
        sheet.print_area = [str(one) for one in _grown(areas, before, delta).ranges]
    for brk in sheet.row_breaks.brk:
        if brk.id >= before - 1:
            brk.id += delta
    for image in [*getattr(sheet, "_images", []), *getattr(sheet, "_charts", [])]:
        for corner in ("_from", "to"):
            mark = getattr(image.anchor, corner, None)
            if mark is not None and mark.row + 1 >= before:
                mark.row += delta


def _grow_conditional(sheet: Worksheet, before: int, delta: int) -> None:
    kept = [(entry.sqref, list(entry.rules)) for entry in sheet.conditional_formatting]
    if not kept:
        return
    sheet.conditional_formatting = type(sheet.conditional_formatting)()
    for sqref, rules in kept:
        for rule in rules:
            sheet.conditional_formatting.add(str(_grown(sqref.ranges, before, delta)), rule)


def stretch_rules(sheet: Worksheet, first: int, template: int, last: int) -> None:
    """Let the drop-downs and conditional formats of the template row hold for rows `first`–`last`."""

    def stretched(ranges: Iterable[CellRange]) -> MultiCellRange:
        made = []
        for one in ranges:
            top, bottom = one.min_row, one.max_row
            if top <= template <= bottom and not (one.min_row < first and one.max_row > last):
                top, bottom = min(top, first) if top == template else top, max(bottom, last)
            made.append(CellRange(min_col=one.min_col, min_row=top, max_col=one.max_col, max_row=bottom))
        return MultiCellRange([str(one) for one in made])

    for rule in sheet.data_validations.dataValidation:
        rule.sqref = stretched(rule.sqref.ranges)
    kept = [(entry.sqref, list(entry.rules)) for entry in sheet.conditional_formatting]
    if kept:
        sheet.conditional_formatting = type(sheet.conditional_formatting)()
        for sqref, rules in kept:
            for rule in rules:
                sheet.conditional_formatting.add(str(stretched(sqref.ranges)), rule)


class Template:
    """How an empty row of the roster looks: its styles, height, merges and formulas."""

    def __init__(self, sheet: Worksheet, row: int, columns: Sequence[int]) -> None:
        self.sheet, self.row = sheet, row
        last = max(columns, default=1)
        cells = sheet._cells
        self.styles: dict[int, Any] = {}
        self.formulas: dict[int, str] = {}
        for column in range(1, last + 1):
            cell = cells.get((row, column))
            if cell is None:
                continue
            if cell.has_style:
                self.styles[column] = cell._style
            value = cell.value
            if isinstance(value, str) and value.startswith("=") and len(value) > 1:
                self.formulas[column] = value
        dimension = sheet.row_dimensions.get(row)
        self.height = dimension.height if dimension is not None else None
        self.merges = [
            (one.min_col, one.max_col)
            for one in sheet.merged_cells.ranges
            if one.min_row == row == one.max_row and one.max_col > one.min_col
        ]

    @property
    def simple(self) -> bool:
        """Whether rows where nothing stands can be made in one go."""
        return not (self.merges or self.formulas)

    def add(self, row: int, pairs: Sequence[tuple[int, Any]]) -> None:
        """A new row where nothing stands yet: the look and the values in one go."""
        sheet, cells, styles = self.sheet, self.sheet._cells, self.styles
        values = dict(pairs)
        if self.height is not None and row not in sheet.row_dimensions:
            sheet.row_dimensions[row].height = self.height
        for column, style in self.styles.items():
            if values.get(column) is None:
                cell = Cell(sheet, row=row, column=column)
                cell._style = style
                cells[row, column] = cell
        for column, value in pairs:
            kind = type(value)
            if kind is not str and kind is not int:
                if value is not None:
                    self.put(row, column, value)
                continue
            cell = Cell(sheet, row=row, column=column)
            if (own := styles.get(column)) is not None:
                cell._style = own
            if kind is str:
                cell._value = value if value.isprintable() else _ILLEGAL.sub("", value)
                cell.data_type = "s"
            else:
                cell._value = value
            cells[row, column] = cell

    def lay(self, row: int) -> None:
        """Give another row this look, where it has none of its own."""
        sheet, cells = self.sheet, self.sheet._cells
        for column, style in self.styles.items():
            cell = cells.get((row, column))
            if cell is None:
                cell = Cell(sheet, row=row, column=column)
                cells[row, column] = cell
                cell._style = style
            elif not cell.has_style:
                cell._style = style
        if self.height is not None and row not in sheet.row_dimensions:
            sheet.row_dimensions[row].height = self.height
        for left, right in self.merges:
            sheet.merge_cells(start_row=row, end_row=row, start_column=left, end_column=right)
        for column, formula in self.formulas.items():
            origin = f"{get_column_letter(column)}{self.row}"
            target = f"{get_column_letter(column)}{row}"
            self.put(row, column, Translator(formula, origin=origin).translate_formula(target))

    def put(self, row: int, column: int, value: Any) -> None:
        """Write one value; the cell's format stays."""
        cells = self.sheet._cells
        cell = cells.get((row, column))
        if cell is None:
            cell = Cell(self.sheet, row=row, column=column)
            cells[row, column] = cell
            if (style := self.styles.get(column)) is not None:
                cell._style = style
        if isinstance(cell, MergedCell):
            return
        if isinstance(value, str):
            cell._value = _ILLEGAL.sub("", value)
            cell.data_type = "f" if value.startswith("=") and column in self.formulas else "s"
        elif value is not None:
            number_format = cell.number_format
            cell.value = value
            if cell.number_format != number_format:
                cell.number_format = number_format


_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def clear_row(sheet: Worksheet, row: int, look: Template) -> None:
    """Empty a hint row and give it the look of an empty data row."""
    for (at, column), cell in list(sheet._cells.items()):
        if at == row and not isinstance(cell, MergedCell):
            cell.value = None
            cell.comment = None
            style = look.styles.get(column)
            if style is not None:
                cell._style = style
            elif cell.has_style:
                cell._style = copy(Cell(sheet, row=row, column=column)._style)
    if row in sheet.row_dimensions:
        sheet.row_dimensions[row].height = look.height


Row = tuple[int, Sequence[Any]]
RowWriter = Callable[[int, int, Sequence[Any]], Sequence[tuple[int, Any]]]


def write_rows(
    sheet: Worksheet,
    rows: Sequence[Row],
    writer: RowWriter,
    *,
    first_row: int,
    footer_row: int,
    columns: Sequence[int],
    hint_rows: Sequence[int] = (),
    highlight: bool = False,
) -> int:
    """Write the rows from `first_row` on (or from the hint rows, which are then given up); returns the first row used.

    `writer(number, row id, values)` gives (column, value) pairs; None leaves a cell blank. Rows that do not fit above
    `footer_row` push it down.
    """
    look = Template(sheet, first_row, columns)
    start = min(hint_rows) if hint_rows else first_row
    for row in hint_rows:
        clear_row(sheet, row, look)
    needed = len(rows)
    if footer_row and needed > footer_row - start:
        push_down(sheet, footer_row, needed - (footer_row - start))
    last = start + needed - 1
    if needed:
        stretch_rules(sheet, start, first_row, max(last, first_row))
    taken = {row for row, _column in sheet._cells}
    quick = look.simple and not highlight
    for number, (identity, values) in enumerate(rows, start=1):
        row = start + number - 1
        pairs = writer(number, identity, values)
        if quick and row not in taken:
            look.add(row, pairs)
            continue
        if row != first_row:
            look.lay(row)
        for column, value in pairs:
            if column in look.formulas:
                continue
            if value is None:
                if highlight:
                    _mark(sheet, row, column)
                continue
            look.put(row, column, value)
    _print_area(sheet, footer_row, last)
    return start


def _mark(sheet: Worksheet, row: int, column: int) -> None:
    cell = sheet.cell(row, column)
    if not isinstance(cell, MergedCell):
        cell._style = copy(cell._style)
        cell.fill = BLANK_FILL


def _print_area(sheet: Worksheet, footer_row: int, last: int) -> None:
    """A print area without footer follows the rows."""
    if footer_row or not sheet.print_area:
        return
    areas = []
    for part in str(sheet.print_area).split(","):
        one = CellRange(part.rpartition("!")[2].replace("$", ""))
        if one.min_row <= last and one.max_row < last:
            one = CellRange(min_col=one.min_col, min_row=one.min_row, max_col=one.max_col, max_row=last)
        areas.append(str(one))
    sheet.print_area = areas

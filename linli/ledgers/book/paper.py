"""A sheet on paper: what the form says of printing stands, each setting for itself; what it does not say is set so that it can be
printed as it is. openpyxl only."""

from __future__ import annotations

import math
from copy import copy
from datetime import date, time
from typing import Any, Final

from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

A4: Final = 9
# Width and height in millimetres, upright, by the number that Excel gives a paper (ECMA-376 part 1, 18.3.1.63).
SIZES: Final = {
    1: (215.9, 279.4),
    5: (215.9, 355.6),
    8: (297.0, 420.0),
    9: (210.0, 297.0),
    11: (148.0, 210.0),
    12: (257.0, 364.0),
    13: (182.0, 257.0),
}
MM_A_CHARACTER: Final = 7 * 25.4 / 96
MM_AN_INCH: Final = 25.4
MM_A_POINT: Final = 25.4 / 72
# A card goes on one page unless it would be printed smaller than this.
LEAST_SCALE: Final = 0.55
# So many ruled rows below the last written one would come out as an empty page.
EMPTY_ROWS: Final = 30
# Lists longer than this go on over several pages and get page numbers.
LONG: Final = 40
TALLEST_HEADING: Final = 12
TALLEST: Final = 409  # points: no row of a sheet is higher
PAGES: Final = "第 &P 页，共 &N 页"


def _ruled(sheet: Worksheet, cell: Any, known: dict[int, bool]) -> bool:
    """Whether a cell has a border."""
    style = getattr(cell, "_style", None)
    if not cell.has_style or style is None:
        return False
    number = style.borderId
    if number not in known:
        border = sheet.parent._borders[number]
        sides = (border.left, border.right, border.top, border.bottom)
        known[number] = any(side is not None and side.style for side in sides)
    return known[number]


def written(sheet: Worksheet) -> tuple[int, int]:
    """The last row and column where something is written (merged cells whole); zeros on an empty sheet."""
    row = column = 0
    for (at, place), cell in sheet._cells.items():
        if getattr(cell, "_value", None) is not None:
            row, column = max(row, at), max(column, place)
    for box in sheet.merged_cells.ranges:
        if box.min_row <= row and box.min_col <= column:
            row, column = max(row, box.max_row), max(column, box.max_col)
    return row, column


def ruled(sheet: Worksheet) -> tuple[int, int]:
    """The last row and column that is ruled; zeros where nothing is."""
    known: dict[int, bool] = {}
    row = column = 0
    for (at, place), cell in sheet._cells.items():
        if (at > row or place > column) and _ruled(sheet, cell, known):
            row, column = max(row, at), max(column, place)
    return row, column


def widths(sheet: Worksheet, last: int) -> list[float]:
    """The columns' widths in characters of the usual font; 0 where a column is hidden."""
    shape = sheet.sheet_format
    usual = shape.defaultColWidth or (shape.baseColWidth or 8) + 0.71
    found = [float(usual)] * last
    for letter, one in sheet.column_dimensions.items():
        first = one.min or column_index_from_string(letter)
        for column in range(first, min(one.max or first, last) + 1):
            found[column - 1] = 0.0 if one.hidden else float(one.width or usual)
    return found


def heights(sheet: Worksheet, last: int) -> list[float]:
    """The rows' heights in points; 0 where a row is hidden."""
    usual = sheet.sheet_format.defaultRowHeight or 15
    dimensions = sheet.row_dimensions
    found = []
    for row in range(1, last + 1):
        one = dimensions.get(row)
        found.append(0.0 if one is not None and one.hidden else float((one and one.height) or usual))
    return found


def page(sheet: Worksheet) -> tuple[float, float]:
    """Width and height of the page as it lies, in millimetres."""
    across, down = SIZES.get(sheet.page_setup.paperSize or A4, SIZES[A4])
    return (down, across) if sheet.page_setup.orientation == "landscape" else (across, down)


def room(sheet: Worksheet) -> tuple[float, float]:
    """What of the page lies inside its margins, in millimetres."""
    across, down = page(sheet)
    margins = sheet.page_margins
    return (
        max(across - (margins.left + margins.right) * MM_AN_INCH, 20),
        max(down - (margins.top + margins.bottom) * MM_AN_INCH, 20),
    )


def fits(sheet: Worksheet) -> bool:
    """Whether the sheet is fitted to pages."""
    how = sheet.sheet_properties.pageSetUpPr
    return how is not None and bool(how.fitToPage)


def _says_something(sheet: Worksheet) -> bool:
    """Whether the form has headers or footers of its own."""
    parts = (
        sheet.oddHeader,
        sheet.oddFooter,
        sheet.evenHeader,
        sheet.evenFooter,
        sheet.firstHeader,
        sheet.firstFooter,
    )
    return any(one.text for part in parts if part is not None for one in (part.left, part.center, part.right))


def set_paper(sheet: Worksheet, *, heading: tuple[int, int] = (0, 0), card: bool = False) -> None:
    """Set what the form leaves open: paper, direction, as wide as a page, and of a list the rows repeated on every page and page
    numbers; of a card that it is one page. `heading` are the first and last row of the headings; (0, 0) where they are not repeated."""
    last_row, last_column = written(sheet)
    if not last_row:
        return
    ruled_row, ruled_column = ruled(sheet)
    setup = sheet.page_setup
    _area(sheet, card, last_row, max(last_column, ruled_column), ruled_row)
    if setup.paperSize is None and not setup.paperHeight:
        setup.paperSize = A4
    wide = sum(widths(sheet, max(last_column, ruled_column))) * MM_A_CHARACTER
    if setup.orientation in (None, "default"):
        setup.orientation = "portrait"
        if wide > room(sheet)[0] * (1.3 if card else 1.05):
            setup.orientation = "landscape"
    if not fits(sheet) and setup.scale in (None, 100) and not sheet.col_breaks.brk:
        _fit(sheet, card, wide, max(last_row, ruled_row))
    first, last = heading
    if first and last - first < TALLEST_HEADING and not sheet.print_title_rows:
        sheet.print_title_rows = f"{first}:{last}"
    if not card and last_row > LONG and not _says_something(sheet):
        sheet.oddFooter.center.text = PAGES


def _area(sheet: Worksheet, card: bool, last_row: int, last_column: int, ruled_row: int) -> None:
    """Ruled rows that would be empty pages are not printed; an area of the form's own stands."""
    if not sheet.print_area and not card and ruled_row - last_row > EMPTY_ROWS:
        sheet.print_area = f"A1:{get_column_letter(last_column)}{last_row}"


def _fit(sheet: Worksheet, card: bool, wide: float, last_row: int) -> None:
    """As wide as a page; a card also as high, where it stays readable."""
    setup = sheet.page_setup
    how = sheet.sheet_properties.pageSetUpPr
    if how is None:
        sheet.sheet_properties.pageSetUpPr = how = PageSetupProperties()
    how.fitToPage = True
    across, down = room(sheet)
    high = sum(heights(sheet, last_row)) * MM_A_POINT
    whole = card and min(across / max(wide, 1), down / max(high, 1)) >= LEAST_SCALE
    setup.fitToWidth, setup.fitToHeight = 1, 1 if whole else 0


def _length(text: str) -> int:
    """How wide a text is, in characters of the usual font: hanzi count twice."""
    return sum(2 if ord(one) > 0x2E7F else 1 for one in text)


def let_be_read(sheet: Worksheet) -> None:
    """For paper only: what would be cut off by its neighbour, or show as ####, is wrapped (texts) or set smaller (figures, dates,
    numbers written as text). Merged cells, and cells that the form wraps or shrinks itself, are left as they are."""
    last_row, last_column = written(sheet)
    wide = widths(sheet, last_column)
    cells = sheet._cells
    merged = {
        (row, column)
        for box in sheet.merged_cells.ranges
        for row in range(box.min_row, min(box.max_row, last_row) + 1)
        for column in range(box.min_col, min(box.max_col, last_column) + 1)
    }
    usual = sheet.sheet_format.defaultRowHeight or 15
    styles: dict[tuple[int, bool], Any] = {}
    for (row, column), cell in cells.items():
        value = getattr(cell, "_value", None)
        if value is None or (row, column) in merged or cell.data_type == "f":
            continue
        is_text = isinstance(value, str)
        beside = cells.get((row, column + 1))
        if is_text and (beside is None or getattr(beside, "_value", None) is None):
            continue
        said = "0000-00-00" if isinstance(value, date | time) else str(value)
        size = float(cell.font.sz or 11)
        needed, there = _length(said) * size / 11, wide[column - 1] - 0.7
        if needed <= there or there <= 0 or cell.alignment.wrap_text or cell.alignment.shrink_to_fit:
            continue
        wraps = is_text and not said.isascii()
        key = (cell.style_id, wraps)
        if key not in styles:
            alignment = copy(cell.alignment)
            alignment.wrap_text, alignment.shrink_to_fit = wraps or None, not wraps or None
            cell.alignment = alignment
            styles[key] = copy(cell._style)
        else:
            cell._style = copy(styles[key])
        if wraps:
            own = sheet.row_dimensions[row]
            high = math.ceil(needed / there) * size * 1.55
            own.height = min(max(own.height or usual, high), TALLEST)

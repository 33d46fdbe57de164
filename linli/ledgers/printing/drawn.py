"""A workbook's sheets drawn as they look: widths, heights, merged cells, borders, fills, alignment, and the rows that are repeated on
every page. Pictures and charts are left out; formulas stay blank, for openpyxl does not work them out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from linli.audit.recording import RuleError
from linli.kernel.typesetting import compiled, not_drawn
from linli.ledgers.book import paper

MOST_CELLS: Final = 40_000  # setting them takes some 600 MB
TAGGED_CELLS: Final = 5_000  # beyond it the structure for screen readers is larger than the sheet
INSET: Final = 0.8  # millimetres left and right of a text, as in the template
GETA: Final = "〓"  # what stands for a character that cannot be printed
_TEMPLATE: Final = Path(__file__).parent.parent / "papers" / "sheet.typ"
_SMALLEST: Final = 0.6  # how much smaller a word may be set to fit its column; beyond that it is broken
_EM: Final = 25.4 / 72  # millimetres of a point
_STACKED: Final = 255  # characters below each other (ECMA-376 part 1, 18.8.1)


@dataclass(frozen=True)
class Drawn:
    """The PDF, the characters that no font draws, and how many formulas stayed blank."""

    data: bytes
    missing: str
    formulas: int


@dataclass
class _Pen:
    missing: dict[str, None] = field(default_factory=dict)
    formulas: int = 0


def shown(value: Any, number_format: str) -> str:
    """A cell's value as the sheet shows it: dates, shares, decimals and thousands by its number format."""
    code = (number_format or "General").split(";")[0]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date):
        return _day(value, code)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, int | float):
        return _number(value, code)
    return str(value)


def _day(value: date, code: str) -> str:
    plain = re.sub(r'\[[^\]]*\]|["\\]', "", code).lower()
    clock = f" {value:%H:%M}" if isinstance(value, datetime) and "h" in plain else ""
    if "年" in plain:
        day = f"{value.day}日" if "日" in plain else ""
        return f"{value.year}年{value.month}月{day}{clock}"
    mark = next((one for one in "./" if one in plain), "-")
    short = mark == "/" and "mm" not in plain
    month, day = (str(value.month), str(value.day)) if short else (f"{value:%m}", f"{value:%d}")
    if "d" not in plain and "y" in plain:
        return f"{value.year}{mark}{month}"
    return f"{value.year}{mark}{month}{mark}{day}{clock}"


def _number(value: float, code: str) -> str:
    found = re.search(r"0(?:\.(0+))?", code)
    if code in ("General", "@") or found is None:
        return f"{value:.10g}"
    places = len(found.group(1) or "")
    if "%" in code:
        return f"{value * 100:.{places}f}%"
    width = len(match.group()) if (match := re.fullmatch(r"0+", code)) else 0
    return (
        f"{value:,.{places}f}"
        if "#,##0" in code
        else (f"{round(value):0{width}d}" if width else f"{value:.{places}f}")
    )


def _areas(sheet: Worksheet) -> list[tuple[int, int, int, int]]:
    """What is printed: the print areas (left, top, right, bottom), else all that is written or ruled."""
    if sheet.print_area:
        parts = [part.rpartition("!")[2] for part in str(sheet.print_area).split(",")]
        return [tuple(int(one or 1) for one in range_boundaries(part)) for part in parts]  # type: ignore[misc]
    row, column = paper.written(sheet)
    below, beside = paper.ruled(sheet)
    return [(1, 1, max(column, beside), max(row, below))] if row else []


def _side(side: Any) -> float:
    if side is None or not side.style:
        return 0
    return 1.0 if side.style in ("medium", "thick", "double") else 0.5


def _colour(fill: Any) -> str:
    if fill is None or fill.fill_type != "solid" or fill.fgColor.type != "rgb":
        return ""
    code = str(fill.fgColor.rgb)[-6:]
    return f"#{code}" if re.fullmatch(r"[0-9A-Fa-f]{6}", code) and code.upper() != "FFFFFF" else ""


def _text(cell: Any, pen: _Pen) -> str:
    value = cell.value
    if cell.data_type == "f" and value is not None:
        pen.formulas += 1
        return ""
    said = shown(value, cell.number_format)
    for one in not_drawn(said):
        pen.missing[one] = None
        said = said.replace(one, GETA)
    if cell.alignment is not None and cell.alignment.textRotation == _STACKED:
        said = "\n".join(said.replace("\n", ""))
    return said


def fitted(text: str, size: float, wide: float) -> tuple[str, float]:
    """A text and its size so that its longest word (figures, letters) fits a column `wide` mm: smaller, else broken anywhere."""
    longest = max((len(one) for one in re.findall(r"[!-~]+", text)), default=0)
    needed = longest * 0.56 * size * _EM
    if needed <= wide or wide <= 0:
        return text, size
    smaller = wide / needed
    if smaller >= _SMALLEST:
        return text, size * smaller
    return re.sub(r"([!-~])(?=[!-~])", "\\1\u200b", text), size * _SMALLEST


def _across(cell: Any) -> str:
    how = cell.alignment.horizontal if cell.alignment is not None else None
    if how in ("center", "centerContinuous", "distributed"):
        return "center"
    if how == "right":
        return "right"
    return (
        "right" if how in (None, "general") and cell.data_type == "n" and cell.value is not None else "left"
    )


def _down(cell: Any) -> str:
    how = cell.alignment.vertical if cell.alignment is not None else None
    return {"top": "top", "center": "horizon", "distributed": "horizon"}.get(how or "", "bottom")


def _cells(
    sheet: Worksheet, area: tuple[int, int, int, int], rows: Sequence[float], pen: _Pen
) -> list[dict[str, Any]]:
    """The cells of an area, counted from its left and top; those inside a merged range are part of its first, hidden ones are left out."""
    left, first, right, last = area
    columns = [one * paper.MM_A_CHARACTER for one in paper.widths(sheet, right)]
    boxes: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for box in sheet.merged_cells.ranges:
        if box.max_row < first or box.min_row > last or box.max_col < left or box.min_col > right:
            continue
        bottom, end = min(box.max_row, last), min(box.max_col, right)
        boxes[box.min_row, box.min_col] = (bottom, end)
        covered |= {
            (row, column) for row in range(box.min_row, bottom + 1) for column in range(box.min_col, end + 1)
        }
        covered.discard((box.min_row, box.min_col))
    found = []
    kept = sheet._cells
    for row in range(first, last + 1):
        for column in range(left, right + 1):
            cell: Any = kept.get((row, column))
            if cell is None or (row, column) in covered:
                continue
            bottom, end = boxes.get((row, column), (row, column))
            if not sum(columns[column - 1 : end]) or not sum(rows[row - 1 : bottom]):
                continue
            corner = kept.get((bottom, end)) or cell
            text, size = fitted(
                _text(cell, pen), float(cell.font.sz or 11), sum(columns[column - 1 : end]) - 2 * INSET
            )
            lines = [
                _side(cell.border.left),
                _side(cell.border.top),
                max(_side(corner.border.right), _side(cell.border.right)),
                max(_side(corner.border.bottom), _side(cell.border.bottom)),
            ]
            fill = _colour(cell.fill)
            if not (text or fill or any(lines)):
                continue
            found.append(
                {
                    "x": column - left,
                    "y": row - first,
                    "w": end - column + 1,
                    "h": bottom - row + 1,
                    "t": text,
                    "across": _across(cell),
                    "down": _down(cell),
                    "size": size,
                    "bold": bool(cell.font.b),
                    "fill": fill,
                    "lines": lines,
                }
            )
    return found


def _page(sheet: Worksheet, area: tuple[int, int, int, int], pen: _Pen) -> dict[str, Any]:
    """One area: its page, its columns and rows, the part above the repeated rows, these, and the rest."""
    left, top, right, bottom = area
    columns = [one * paper.MM_A_CHARACTER for one in paper.widths(sheet, right)[left - 1 :]]
    rows = paper.heights(sheet, bottom)
    across, down = paper.room(sheet)
    scale = min(1.0, across / max(sum(columns), 1))
    if paper.fits(sheet) and sheet.page_setup.fitToHeight:
        high = sum(rows[top - 1 :]) * paper.MM_A_POINT
        scale = min(scale, down * 0.97 * sheet.page_setup.fitToHeight / max(high, 1))
    elif sheet.page_setup.scale and not paper.fits(sheet):
        scale = min(scale, sheet.page_setup.scale / 100)
    first = last = top - 1
    if sheet.print_title_rows:
        first, last = (int(one.strip("$")) for one in str(sheet.print_title_rows).split(":"))
        first, last = (first, last) if top <= first and last < bottom else (top - 1, top - 1)
    head = (left, first, right, last) if last >= top else None
    breaks = sorted(one.id for one in sheet.row_breaks.brk if last < one.id < bottom)
    starts = [max(last + 1, top), *(one + 1 for one in breaks)]
    ends = [*breaks, bottom]
    margins = sheet.page_margins
    return {
        "page": list(paper.page(sheet)),
        "margins": [
            round(one * paper.MM_AN_INCH, 2)
            for one in (margins.left, margins.top, margins.right, margins.bottom)
        ],
        "numbered": "&P" in str(sheet.oddFooter.center.text or ""),
        "scale": scale,
        "columns": columns,
        "above": _block(sheet, (left, top, right, first - 1), rows, pen) if head and first > top else None,
        "head": _block(sheet, head, rows, pen) if head else None,
        "blocks": [
            _block(sheet, (left, start, right, end), rows, pen)
            for start, end in zip(starts, ends, strict=True)
        ],
    }


def _block(
    sheet: Worksheet, area: tuple[int, int, int, int], rows: Sequence[float], pen: _Pen
) -> dict[str, Any]:
    _left, top, _right, bottom = area
    return {"rows": list(rows[top - 1 : bottom]), "cells": _cells(sheet, area, rows, pen)}


def draw(sheets: Sequence[Worksheet]) -> Drawn:
    """The sheets as one PDF; those where nothing is written are left out. Raises RuleError when there is too much on them."""
    pen = _Pen()
    pages = [_page(sheet, area, pen) for sheet in sheets for area in _areas(sheet)]
    title = sheets[0].title if sheets else ""
    cells = sum(
        len(block["cells"]) for one in pages for block in (one["above"], one["head"], *one["blocks"]) if block
    )
    if cells > MOST_CELLS:
        raise RuleError(_("表太长，系统自己画不了。请下载表格，用 Excel 或 WPS 打印。"))
    data = compiled(_TEMPLATE, {"title": title, "pages": pages}, tagged=cells <= TAGGED_CELLS)
    return Drawn(data, "".join(pen.missing), pen.formulas)

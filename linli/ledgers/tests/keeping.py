"""What a filled workbook must have kept of the empty one: formats, merges, drop-downs, print settings, what stands outside the list."""

from __future__ import annotations

from typing import Any

from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from linli.ledgers.book.paper import fits


def _look(cell: Any) -> tuple[Any, ...]:
    font, border = cell.font, cell.border
    return (
        cell.number_format,
        (font.name, font.sz, font.b, font.i, getattr(font.color, "rgb", None)),
        (cell.fill.fill_type, getattr(cell.fill.fgColor, "rgb", None)),
        tuple(
            getattr(border, side).style if getattr(border, side) else None
            for side in ("left", "right", "top", "bottom")
        ),
        (cell.alignment.horizontal, cell.alignment.vertical, cell.alignment.wrap_text),
    )


def printing(sheet: Worksheet) -> dict[str, Any]:
    """What a form says of printing; what it leaves open is not there."""
    setup, margins = sheet.page_setup, sheet.page_margins
    fitted = fits(sheet)
    said = {
        "orientation": setup.orientation if setup.orientation != "default" else None,
        "paper": setup.paperSize,
        "scale": setup.scale,
        "wide": setup.fitToWidth if fitted else None,
        "high": setup.fitToHeight if fitted else None,
        "rows": sheet.print_title_rows,
        "columns": sheet.print_title_cols,
        "area": bool(sheet.print_area) or None,
        "footer": sheet.oddFooter.center.text,
        "margins": (margins.left, margins.right, margins.top, margins.bottom),
        "freeze": sheet.freeze_panes,
        "state": sheet.sheet_state,
    }
    return {key: value for key, value in said.items() if value is not None}


def _dropdowns(sheet: Worksheet) -> list[tuple[str, str]]:
    return sorted((str(rule.type), str(rule.formula1)) for rule in sheet.data_validations.dataValidation)


def lost(before: Worksheet, after: Worksheet, until: int) -> list[str]:
    """What is not as it was; the rows above `until` are compared cell by cell, their values only where there were any."""
    found = []
    said, kept = printing(before), printing(after)
    if said != {key: value for key, value in kept.items() if key in said}:
        found.append(f"print settings {said} → {kept}")
    if _dropdowns(before) != _dropdowns(after):
        found.append(f"drop-downs {_dropdowns(before)} → {_dropdowns(after)}")
    widths = {k: d.width for k, d in before.column_dimensions.items()}
    if widths != {k: d.width for k, d in after.column_dimensions.items() if k in widths}:
        found.append("column widths")
    merges = {str(one) for one in before.merged_cells.ranges if one.min_row < until}
    if missing := merges - {str(one) for one in after.merged_cells.ranges}:
        found.append(f"merges {sorted(missing)}")
    if len(after.merged_cells.ranges) < len(before.merged_cells.ranges):
        found.append("fewer merges than before")
    if len(after.conditional_formatting) < len(before.conditional_formatting):
        found.append("conditional formats")
    for (row, column), cell in before._cells.items():
        if row >= until:
            continue
        other = after.cell(row, column)
        if cell.has_style and _look(cell) != _look(other):
            found.append(f"format of {cell.coordinate}")
        if (
            isinstance(cell.value, str)
            and cell.value.startswith("=")
            and cell.data_type == "f"
            and other.value != cell.value
        ):
            found.append(f"formula of {cell.coordinate}: {cell.value} → {other.value}")
    return found


def differing(before: Workbook, after: Workbook) -> list[str]:
    """The cells, merges and drop-downs that differ after another program opened and saved a workbook."""
    found = []
    for name in before.sheetnames:
        if name not in after.sheetnames:
            found.append(f"sheet {name}")
            continue
        one, other = before[name], after[name]
        if {str(m) for m in one.merged_cells.ranges} != {str(m) for m in other.merged_cells.ranges}:
            found.append(f"merges of {name}")
        if len(_dropdowns(one)) and not _dropdowns(other):
            found.append(f"drop-downs of {name}")
        for (row, column), cell in one._cells.items():
            value = other.cell(row, column).value
            if cell.value is None or cell.data_type == "f":
                continue
            if str(cell.value).strip().replace("\r", "") != str(
                value if value is not None else ""
            ).strip().replace("\r", ""):
                found.append(f"{name}!{cell.coordinate}: {cell.value!r} → {value!r}")
    return found

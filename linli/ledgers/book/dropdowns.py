"""The drop-downs of a sheet: lists in the rule itself, ranges, defined names, and cascades over hidden sheets."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from defusedxml.ElementTree import fromstring
from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

MAX_OPTIONS = 5_000
_RANGE = re.compile(
    r"^=?(?:(?:'((?:[^']|'')+)'|([^'!()]+))!)?\$?([A-Za-z]{1,3})\$?(\d+)(?::\$?([A-Za-z]{1,3})\$?(\d+))?$"
)
_SHEETS = re.compile(r"(?:'((?:[^']|'')+)'|([^\s'!(),:*&+\-]+))!")
_INDIRECT = re.compile(r"INDIRECT\(\s*\$?([A-Za-z]{1,3})\$?\d+", re.IGNORECASE)
_NAME = re.compile(r"^=?([^\s!():$,]+)$")


@dataclass(frozen=True)
class Choices:
    """What a drop-down offers in rows `first_row`–`last_row` of a column.

    A plain list has `options`. A cascade depends on the value of another column of the same row: `table` gives the
    options for each of that column's values. `says` is what bare codes mean by the texts beside them on the sheet of the list,
    `prompt` what is shown to whoever enters the cell.
    """

    first_row: int
    last_row: int
    options: tuple[str, ...] = ()
    depends_on: int = 0
    table: dict[str, tuple[str, ...]] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)
    prompt: str = ""

    def given(self, parent: Any) -> tuple[str, ...]:
        """The options when the column it depends on holds `parent`."""
        if not self.depends_on:
            return self.options
        return self.table.get(str(parent).strip(), ()) if parent is not None else ()


def _texts(values: Iterable[Any]) -> tuple[str, ...]:
    found = []
    for value in values:
        text = "" if value is None else str(value).strip()
        if text and text not in found:
            found.append(text)
        if len(found) >= MAX_OPTIONS:
            break
    return tuple(found)


def _range_values(book: Workbook, home: Worksheet, reference: str) -> tuple[str, ...] | None:
    """The texts in a range such as 省市!$A$1:$AG$1; None when it is not a plain range."""
    match = _RANGE.match(reference.strip())
    if not match:
        return None
    quoted, plain, left, top, right, bottom = match.groups()
    title = (quoted or "").replace("''", "'") or (plain or "").strip() or home.title
    if title not in book.sheetnames:
        return None
    sheet = book[title]
    first_column, last_column = column_index_from_string(left), column_index_from_string(right or left)
    first_row, last_row = int(top), min(int(bottom or top), sheet.max_row or 1)
    if (last_column - first_column + 1) * max(last_row - first_row + 1, 0) > 50_000:
        return None
    cells = sheet._cells
    return _texts(
        cells[row, column].value
        for row in range(first_row, last_row + 1)
        for column in range(first_column, last_column + 1)
        if (row, column) in cells
    )


_BARE = re.compile(r"[0-9A-Za-z]{1,4}")


def _said_beside(book: Workbook, sheet: Worksheet, formula: str, options: tuple[str, ...]) -> dict[str, str]:
    """What bare codes mean: the texts to the right of them (else to the left) where the list stands."""
    if len(options) < 2 or not all(_BARE.fullmatch(one) for one in options):
        return {}
    name = _NAME.match(formula.strip())
    reference = (_named(book, sheet, name.group(1)) if name else "") or formula
    match = _RANGE.match(reference.strip())
    if match is None or match.group(5) not in (None, match.group(3)):
        return {}
    quoted, plain, left, top, _right, bottom = match.groups()
    title = (quoted or "").replace("''", "'") or (plain or "").strip() or sheet.title
    cells, column = book[title]._cells, column_index_from_string(left)
    for beside in (column + 1, column - 1):
        said = {}
        for row in range(int(top), min(int(bottom or top), book[title].max_row) + 1):
            code, text = cells.get((row, column)), cells.get((row, beside))
            if code is not None and text is not None and isinstance(text.value, str) and text.value.strip():
                said[str(code.value).strip()] = text.value.strip()
        if all(one in said for one in options) and len(set(said.values())) == len(said):
            return said
    return {}


def _cascade(book: Workbook, formula: str) -> dict[str, tuple[str, ...]]:
    """The tables behind OFFSET / MATCH / LOOKUP formulas: on each sheet they speak of, every first-row heading with
    what stands below it, and every first-column heading with what stands to its right. Counts are left out."""
    table: dict[str, tuple[str, ...]] = {}
    for quoted, plain in _SHEETS.findall(formula):
        title = (quoted or "").replace("''", "'") or plain
        if title not in book.sheetnames:
            continue
        cells: dict[int, dict[int, str]] = {}
        for (row, column), cell in book[title]._cells.items():
            if isinstance(cell.value, str) and cell.value.strip():
                cells.setdefault(row, {})[column] = cell.value.strip()
        wide = "HLOOKUP" in formula.upper() or "$1:$1" in formula
        if wide:
            columns: dict[int, list[str]] = {}
            for row in sorted(cells):
                for column, text in cells[row].items():
                    columns.setdefault(column, []).append(text)
            for texts in columns.values():
                if len(texts) > 1:
                    table.setdefault(texts[0], _texts(texts[1:]))
        else:
            for row in cells.values():
                ordered = [row[column] for column in sorted(row)]
                if len(ordered) > 1:
                    table.setdefault(ordered[0], _texts(ordered[1:]))
                starts = sorted(row)
                for place, column in enumerate(starts[1:], start=1):
                    gap = column - starts[place - 1] > 1
                    if gap and place + 1 < len(ordered):
                        table.setdefault(ordered[place], _texts(ordered[place + 1 :]))
    return table


def _named(book: Workbook, sheet: Worksheet, name: str) -> str:
    found = sheet.defined_names.get(name) or book.defined_names.get(name)
    return (found.attr_text or "") if found is not None else ""


def _names_table(book: Workbook, sheet: Worksheet) -> dict[str, tuple[str, ...]]:
    table = {}
    for name, defined in book.defined_names.items():
        options = _range_values(book, sheet, defined.attr_text or "")
        if options:
            table[name] = options
    return table


def _resolve(
    book: Workbook, sheet: Worksheet, formula: str, column: int
) -> tuple[tuple[str, ...], int, dict]:
    """Options, or the column they depend on with its table."""
    text = (formula or "").strip()
    if text.startswith('"') and text.endswith('"'):
        return _texts(re.split(r"[,，]", text[1:-1])), 0, {}
    plain = _range_values(book, sheet, text)
    if plain is not None:
        return plain, 0, {}
    if match := _INDIRECT.search(text):
        return (), column_index_from_string(match.group(1)), _names_table(book, sheet)
    if (match := _NAME.match(text)) and (target := _named(book, sheet, match.group(1))):
        plain = _range_values(book, sheet, target)
        if plain is not None:
            return plain, 0, {}
        if match := _INDIRECT.search(target):
            return (), column_index_from_string(match.group(1)), _names_table(book, sheet)
        text = target
    if re.search(r"OFFSET|INDEX|MATCH|LOOKUP", text, re.IGNORECASE) and column > 1:
        table = _cascade(book, text)
        if table:
            return (), column - 1, table
    return (), 0, {}


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM = "{http://schemas.microsoft.com/office/excel/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_EXTENDED = b"x14:dataValidation "


def restore_extended(book: Workbook, package: zipfile.ZipFile) -> None:
    """Bring back the drop-downs that newer Excel keeps in a sheet's extension list (those that point to another
    sheet): openpyxl leaves them out. They become ordinary rules, which Excel 2010 and later and WPS read alike."""
    names = set(package.namelist())
    if "xl/_rels/workbook.xml.rels" not in names:
        return
    targets = {
        rel.get("Id"): rel.get("Target", "") for rel in fromstring(package.read("xl/_rels/workbook.xml.rels"))
    }
    for entry in fromstring(package.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):
        title, target = entry.get("name", ""), targets.get(entry.get(f"{_REL}id"), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if title not in book.sheetnames or path not in names:
            continue
        data = package.read(path)
        if _EXTENDED not in data:
            continue
        sheet = book[title]
        for found in fromstring(data).iter(f"{_X14}dataValidation"):
            formulas = [found.findtext(f"{_X14}formula{n}/{_XM}f") for n in (1, 2)]
            ranges = (found.findtext(f"{_XM}sqref") or "").strip()
            if not ranges or not formulas[0]:
                continue
            rule = DataValidation(
                type=found.get("type"),
                operator=found.get("operator"),
                formula1=formulas[0],
                formula2=formulas[1],
                allow_blank=found.get("allowBlank") == "1",
                showErrorMessage=found.get("showErrorMessage") == "1",
                showInputMessage=found.get("showInputMessage") == "1",
                errorStyle=found.get("errorStyle"),
                error=found.get("error"),
                errorTitle=found.get("errorTitle"),
                prompt=found.get("prompt"),
                promptTitle=found.get("promptTitle"),
                sqref=ranges,
            )
            sheet.add_data_validation(rule)


def read_choices(sheet: Worksheet) -> dict[int, list[Choices]]:
    """The drop-down lists of a sheet by column."""
    found: dict[int, list[Choices]] = {}
    book = sheet.parent
    memo: dict[tuple[str, int], tuple[tuple[str, ...], int, dict]] = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type != "list" or not rule.formula1:
            continue
        for part in str(rule.sqref).split():
            left, top, right, bottom = range_boundaries(part)
            if left is None or right is None or right - left > 300:
                continue
            for column in range(left, right + 1):
                key = (rule.formula1, column)
                if key not in memo:
                    memo[key] = _resolve(book, sheet, rule.formula1, column)
                options, depends_on, table = memo[key]
                if options or table:
                    says = _said_beside(book, sheet, rule.formula1, options)
                    found.setdefault(column, []).append(
                        Choices(
                            top or 1,
                            bottom or 1_048_576,
                            options,
                            depends_on,
                            table,
                            says,
                            rule.prompt or "",
                        )
                    )
    return found

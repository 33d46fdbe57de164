"""Saving a filled workbook: what openpyxl would write, to the byte, with the rows of plain cells written as text.

openpyxl builds an element tree per cell; on a roster of ten thousand rows that takes longer than everything else. Cells that
hold a text, a number or nothing are put together here; whatever else a row holds, openpyxl writes the whole row.
"""

from __future__ import annotations

import datetime
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

_PLAIN = frozenset(("s", "n"))


class _SheetWriter(WorksheetWriter):
    """openpyxl's writer of a sheet with a short cut for rows of plain cells."""

    def __init__(self, sheet: Any) -> None:
        super().__init__(sheet)
        self._styles: dict[int, str] = {}
        self._letters: dict[int, str] = {}

    def write_row(self, xf: Any, row: list[Any], row_idx: int) -> None:
        """One row."""
        put = getattr(xf, "_file", None)  # absent where openpyxl writes with lxml
        text = self._text(row, row_idx) if put is not None else None
        if put is None or text is None:
            super().write_row(xf, row, row_idx)
        else:
            put(text)

    def _text(self, row: list[Any], number: int) -> str | None:
        """The row's XML; None when it holds more than plain cells."""
        parts = [f'<row r="{number}"{self._height(number)}>']
        letters, styles = self._letters, self._styles
        for cell in row:
            value = cell._value
            if cell._comment is not None or cell.hyperlink is not None or cell.data_type not in _PLAIN:
                return None
            style = cell._style
            attribute = "" if style is None else styles.get(id(style))
            if attribute is None:
                attribute = styles[id(style)] = f' s="{cell.style_id}"' if cell.has_style else ""
            if value is None and not attribute:
                continue
            column = cell.column
            letter = letters.get(column)
            if letter is None:
                letter = letters[column] = get_column_letter(column)
            start = f'<c r="{letter}{number}"{attribute}'
            kind = type(value)
            if kind is str and cell.data_type == "s":
                if not value:
                    parts.append(f'{start} t="inlineStr" />')
                    continue
                text = escape(value) if "&" in value or "<" in value or ">" in value else value
                space = ' xml:space="preserve"' if value != (bare := value.strip()) and bare else ""
                parts.append(f'{start} t="inlineStr"><is><t{space}>{text}</t></is></c>')
            elif (kind is int or kind is float) and cell.data_type == "n" and isfinite(value):
                parts.append(f'{start} t="n"><v>{value:.16g}</v></c>')
            elif value is None:
                parts.append(f'{start} t="{"inlineStr" if cell.data_type == "s" else "n"}" />')
            else:
                return None
        parts.append("</row>")
        return "".join(parts)

    def _height(self, number: int) -> str:
        """The row's own attributes: height, hidden …"""
        if number not in self.ws.row_dimensions:
            return ""
        return "".join(f' {key}="{value}"' for key, value in dict(self.ws.row_dimensions[number]).items())


class _BookWriter(ExcelWriter):
    """openpyxl's writer of a workbook with our writer of its sheets."""

    def write_worksheet(self, ws: Any) -> None:
        """One sheet."""
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer = _SheetWriter(ws)
        writer.write()
        ws._rels = writer._rels
        self._archive.write(writer.out, ws.path[1:])
        self.manifest.append(ws)
        writer.cleanup()


def save(book: Workbook, out: BinaryIO | Path) -> None:
    """Save the workbook. Raises OSError when the place cannot be written."""
    with ZipFile(out, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        book.properties.modified = datetime.datetime.now(tz=datetime.UTC).replace(tzinfo=None)
        _BookWriter(book, archive).save()

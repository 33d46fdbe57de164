"""Workbooks and their rows, sealed on disk; a copy's workbook with what was corrected on the page written into it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from openpyxl.workbook.workbook import Workbook

from linli.access import sealed_files
from linli.audit.recording import RuleError
from linli.collecting import rules
from linli.collecting.models import FormPart, FormTask, Sending
from linli.collecting.rules import Grid
from linli.collecting.shapes import asked_places, put_edits
from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import BadWorkbook, open_workbook
from linli.ledgers.book.writing import write_rows
from linli.ledgers.filling.paper import set_lists
from linli.ledgers.filling.unit_line import fill_unit_line
from linli.ledgers.meaning.mapping import SERIAL
from linli.ledgers.recognition import Recognition

FOLDER = "collecting"


def keep(data: bytes) -> str:
    """Keep a file; returns where."""
    return sealed_files.keep_data(data, folder=FOLDER)


def keep_grid(grid: Grid) -> str:
    """Keep rows; returns where."""
    return keep(json.dumps(grid.as_json(), ensure_ascii=False).encode())


def forget(*paths: str) -> None:
    """Delete files once this transaction is committed."""
    for path in paths:
        if path:
            transaction.on_commit(partial(sealed_files.drop, path))


def read(path: str) -> bytes:
    """A kept file. Raises RuleError when it is gone."""
    try:
        return sealed_files.read(path)
    except OSError:
        raise RuleError("保存的表格文件找不到了，请联系系统管理员从备份恢复。") from None


def grid_of(kept: FormPart | Sending) -> Grid:
    """The rows of a copy or of a sending. Raises RuleError when the file is gone."""
    return Grid.from_json(json.loads(read(kept.grid)))


def blank_book(task: FormTask) -> Workbook:
    """The department's empty form. Raises RuleError when it cannot be read."""
    try:
        return open_workbook(read(task.path))
    except BadWorkbook as problem:
        raise RuleError(str(problem), field="file") from None


def as_bytes(book: Workbook) -> bytes:
    """The workbook as a file."""
    out = io.BytesIO()
    save(book, out)
    return out.getvalue()


def workbook(part: FormPart) -> bytes:
    """The copy's workbook as it stands, page corrections included. Raises RuleError when it is gone."""
    data, grid = read(part.book), grid_of(part)
    if not grid.edits and not grid.is_rewritten:
        return data
    task = part.task
    recognition = task.recognition
    if grid.is_rewritten:
        on = part.joined_to.task.on if part.joined_to is not None else task.on
        return rewritten(task, grid, part.region_code, on)
    book = open_workbook(data)
    put_edits(book, recognition, grid)
    return as_bytes(book)


def rewritten(task: FormTask, grid: Grid, region_code: str, on: date | None) -> bytes:
    """A roster written anew from its rows into the empty form. Raises RuleError when the form is gone."""
    recognition = task.recognition
    book = blank_book(task)
    write_rows_of(book[recognition.sheet], recognition, [grid])
    if on is not None:
        fill_unit_line(book, recognition, region_code, on)
    set_lists(book, recognition)
    return as_bytes(book)


def write_rows_of(sheet: Any, recognition: Recognition, grids: Sequence[Grid]) -> None:
    """Write the rows of rosters into an empty form's sheet, numbered anew."""
    columns = [one.column for one in recognition.mappings]
    serial = [n for n, one in enumerate(recognition.mappings) if one.target == SERIAL]
    rows = [(number, (grid, row)) for grid in grids for number, row in enumerate(grid.rows)]

    def writer(number: int, _identity: int, pair: Sequence[Any]) -> list[tuple[int, Any]]:
        grid, row = pair
        values = [rules.for_sheet(value, kind) for value, kind in zip(row.cells, grid.kinds, strict=True)]
        for place in serial:
            values[place] = number
        return list(zip(columns, values, strict=True))

    write_rows(
        sheet,
        rows,
        writer,
        first_row=recognition.first_row,
        footer_row=recognition.footer_row,
        columns=columns,
        hint_rows=recognition.hint_rows if recognition.delete_hints else (),
    )


__all__ = [
    "as_bytes",
    "asked_places",
    "blank_book",
    "forget",
    "grid_of",
    "keep",
    "keep_grid",
    "read",
    "rewritten",
    "workbook",
    "write_rows_of",
]

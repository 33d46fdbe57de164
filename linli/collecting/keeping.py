"""Workbooks and their rows, sealed on disk; a copy's workbook with what was corrected on the page written into it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.workbook import Workbook

from linli.access import sealed_files
from linli.audit.recording import RuleError
from linli.collecting import rules
from linli.collecting.models import FormPart, FormTask, Sending
from linli.collecting.rules import Grid, GridRow
from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import BadWorkbook, open_workbook
from linli.ledgers.meaning.mapping import DECLINED, NEVER, SERIAL, Mapping
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


def asked_places(mappings: Sequence[Mapping]) -> list[int]:
    """The places of columns that are to be answered."""
    return [n for n, one in enumerate(mappings) if one.target not in (SERIAL, NEVER, DECLINED)]


def read_grid(book: Workbook, recognition: Recognition, first: int, ids: Sequence[int]) -> Grid:
    """The rows of a workbook that was just filled: `ids` from row `first` on."""
    cells = book[recognition.sheet]._cells
    columns = [one.column for one in recognition.mappings]
    raw = [
        [found.value if (found := cells.get((first + n, column))) is not None else None for column in columns]
        for n in range(len(ids))
    ]
    kinds = [rules.kind_of(row[place] for row in raw) for place in range(len(columns))]
    rows = [
        GridRow(first + n, pk, [rules.plain(value) for value in row])
        for n, (pk, row) in enumerate(zip(ids, raw, strict=True))
    ]
    return Grid(columns, kinds, rows)


def workbook(part: FormPart) -> bytes:
    """The copy's workbook as it stands, page corrections included. Raises RuleError when it is gone."""
    data, grid = read(part.book), grid_of(part)
    if not grid.edits:
        return data
    book = open_workbook(data)
    sheet: Any = book[part.task.recognition.sheet]
    for (row, place), value in grid.edits.items():
        cell = sheet.cell(grid.rows[row].at, grid.columns[place])
        if isinstance(cell, MergedCell):
            continue
        looks = cell.number_format
        cell.value = rules.for_sheet(value, grid.kinds[place])
        if isinstance(value, str) and cell.data_type == "f":
            cell.data_type = "s"
        if value is not None and looks != "General":
            cell.number_format = looks
    return as_bytes(book)

"""Workbooks and their rows, sealed on disk; a copy's workbook with what was corrected on the page written into it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date
from functools import partial

from django.db import transaction
from openpyxl.workbook.workbook import Workbook

from linli.access import sealed_files
from linli.audit.recording import RuleError
from linli.collecting.models import FormPart, FormTask, Sending
from linli.collecting.rules import Grid
from linli.collecting.shapes import asked_places, put_edits, subject_of
from linli.collecting.writing import write_copy
from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import BadWorkbook, open_workbook
from linli.ledgers.filling.paper import set_lists
from linli.ledgers.recognition import CARD

FOLDER = "collecting"


def keep(data: bytes) -> str:
    """Keep a file; returns where."""
    return sealed_files.keep_data(data, folder=FOLDER)


def keep_grids(grids: Sequence[Grid]) -> str:
    """Keep the cells of a copy, list by list; returns where."""
    return keep(json.dumps({"lists": [one.as_json() for one in grids]}, ensure_ascii=False).encode())


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


def grids_of(kept: FormPart | Sending) -> list[Grid]:
    """The cells of a copy or of a sending, list by list; what was kept before forms had several lists is one. Raises RuleError when
    the file is gone."""
    data = json.loads(read(kept.grid))
    return [Grid.from_json(one) for one in data.get("lists", [data])]


def grid_of(kept: FormPart | Sending, which: int = 0) -> Grid:
    """The cells of one list. Raises RuleError when the file is gone."""
    return grids_of(kept)[which]


def people_of(task: FormTask, grids: Sequence[Grid]) -> list[int]:
    """The people behind the rows of the lists of people, each once."""
    regions = task.recognition.regions_of_form
    return list(
        dict.fromkeys(
            pk
            for listed, grid in zip(regions, grids, strict=True)
            if subject_of(listed) == "person"
            for pk in grid.ids
        )
    )


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
    data, grids = read(part.book), grids_of(part)
    task = part.task
    if any(one.is_rewritten for one in grids):
        on = part.joined_to.task.on if part.joined_to is not None else task.on
        return rewritten(task, grids, part.region_code, on, data)
    if not any(one.edits for one in grids):
        return data
    book = open_workbook(data)
    for listed, grid in zip(task.recognition.regions_of_form, grids, strict=True):
        put_edits(book, listed, grid)
    return as_bytes(book)


def rewritten(
    task: FormTask, grids: Sequence[Grid], region_code: str, on: date | None, filled: bytes = b""
) -> bytes:
    """The empty form with the lists written anew from their cells; cards are taken over from the workbook that was `filled`. Raises
    RuleError when the form is gone."""
    recognition = task.recognition
    book = blank_book(task)
    write_copy(
        book, recognition, grids, open_workbook(filled) if CARD in task.kinds else None, region_code, on
    )
    set_lists(book, recognition)
    return as_bytes(book)


__all__ = [
    "as_bytes",
    "asked_places",
    "blank_book",
    "forget",
    "grid_of",
    "grids_of",
    "keep",
    "keep_grids",
    "people_of",
    "read",
    "rewritten",
    "workbook",
]

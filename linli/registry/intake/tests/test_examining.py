"""Rows examined by two processes are the rows examined by one."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from linli.registry.intake import examining
from linli.registry.intake.columns import COLUMNS, PLACE_OF
from linli.registry.intake.reading import Rows, check, scan
from linli.registry.intake.rules import RowReader, Wrong
from linli.registry.intake.tests.test_rules import context
from tests.bench.import_rows import make_rows

COUNT = 2_600


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Families, spoilt rows, empty rows, the same people twice and homes that disagree, in no order."""
    rows, _expected = make_rows(COUNT, broken=300)
    r = random.Random(3)
    for _n in range(200):
        one = list(r.choice(rows))
        if r.random() < 0.5:
            one[PLACE_OF["area"]] = "33.5"
        if r.random() < 0.3:
            one[PLACE_OF["floor"]] = ""
        rows.insert(r.randrange(len(rows)), one)
    for _n in range(50):
        rows.insert(r.randrange(len(rows)), [""] * len(COLUMNS))
    path = tmp_path_factory.mktemp("examining") / "rows.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("居民与房屋")
    page.write_row(0, 0, [column.heading for column in COLUMNS])
    for number, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            if value != "":
                page.write(number, at, value)
    book.close()
    return path


def outcome(path: Path, together: bool) -> tuple[Any, ...]:
    sheet = check(path)
    reader = RowReader(context(only="110119002001"), sheet.headings)
    rows, errors = Rows(path, sheet), scan(path, sheet)
    found = [
        (examined[0], reader.enter(examined), examined[-1])
        for block in examining.examine(reader, rows, errors, lambda: None, together=together)
        for examined in block
    ]
    return found, list(reader.homes.items()), reader.households, reader.household_kinds, reader.pending


def test_two_processes_find_what_one_finds(sheet: Path) -> None:
    one, two = outcome(sheet, False), outcome(sheet, True)
    assert two == one
    assert len(one[0]) == COUNT + 200
    said = {w.key for _row, found, _person in one[0] if isinstance(found, list) for w in found}
    assert {"area", "id_number", "phone", "relation"} <= said
    assert any(
        isinstance(found, list) and any(isinstance(w, Wrong) and "写的不一样" in w.reason for w in found)
        for _row, found, _person in one[0]
    )


def test_a_child_that_dies_loses_nothing(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = outcome(sheet, False)
    parent, real = os.getpid(), examining._Taken.block

    def dies(self: Any, number: int, between: Any = None) -> Any:
        if os.getpid() != parent and number >= 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, number, between)

    monkeypatch.setattr(examining._Taken, "block", dies)
    assert outcome(sheet, True) == whole


def test_without_another_process_all_is_read_here(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = outcome(sheet, False)

    def full() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", full)
    assert outcome(sheet, True) == whole


def test_stopping_leaves_no_child(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, children = os.fork, []

    def fork() -> int:
        children.append(real())
        return children[-1]

    monkeypatch.setattr(os, "fork", fork)
    opened = check(sheet)
    reader = RowReader(context(only="110119002001"), opened.headings)
    blocks = examining.examine(reader, Rows(sheet, opened), {}, lambda: None, together=True)
    next(blocks)
    blocks.close()
    with pytest.raises(ProcessLookupError):
        os.kill(children[0], 0)

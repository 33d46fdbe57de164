"""Rows examined by another process, part by part, are the rows examined by this one."""

from __future__ import annotations

import os
import random
import re
import signal
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from linli.registry.intake import examining
from linli.registry.intake.columns import COLUMNS, PLACE_OF
from linli.registry.intake.examining import Reading
from linli.registry.intake.reading import BadWorkbook, Rows, check
from linli.registry.intake.rules.facts import Wrong
from linli.registry.intake.rules.reader import RowReader
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


def outcome(path: Path, apart: bool) -> tuple[Any, ...]:
    sheet = check(path)
    reader = RowReader(context(only="110119002001"), sheet.headings)
    with closing(Reading(path, sheet, reader, apart=apart)) as reading:
        found = [
            (examined[0], reader.enter(examined), examined[-1])
            for block in reading.blocks(lambda: None)
            for examined in block
        ]
        wanted = [row for row, entered, _person in found if isinstance(entered, list)]
        cells = {row: [cell for cell in cells if cell != ""] for row, cells in reading.cells(wanted)}
    assert list(cells) == wanted
    return found, list(reader.homes.items()), reader.households, reader.household_kinds, reader.pending, cells


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
    real = examining.send
    sent = []

    def dies(pipe: int, kind: int, data: bytes) -> None:
        sent.append(kind)
        if sent.count(examining._BLOCK) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        real(pipe, kind, data)

    with monkeypatch.context() as patched:
        patched.setattr(examining, "send", dies)
        assert outcome(sheet, True) == whole
    assert not sent  # the sending was the child's


def test_without_another_process_all_is_read_here(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = outcome(sheet, False)

    def full() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", full)
    assert outcome(sheet, True) == whole


def test_a_sheet_that_cannot_be_cut_is_read_whole(sheet: Path, tmp_path: Path) -> None:
    whole = outcome(sheet, False)
    plain = tmp_path / "plain.xlsx"
    with zipfile.ZipFile(sheet) as source, zipfile.ZipFile(plain, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = re.sub(rb'<row r="\d+"', b"<row", text)  # rows need not say their number
            target.writestr(name, text)
    assert outcome(plain, True) == whole


def test_names_of_parts_with_a_prefix_are_cut_as_well(sheet: Path, tmp_path: Path) -> None:
    whole = outcome(sheet, False)
    other = tmp_path / "prefixed.xlsx"
    with zipfile.ZipFile(sheet) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = re.sub(rb"<(/?)(?!\?)", rb"<\1x:", text).replace(b" xmlns=", b" xmlns:x=")
            target.writestr(name, text)
    opened = check(other)
    assert all(Rows(other, opened, part).count for part in examining.PARTS)
    assert outcome(other, True) == whole


def test_a_fault_of_the_sheet_that_the_child_finds_is_told(sheet: Path, tmp_path: Path) -> None:
    far = tmp_path / "far.xlsx"
    with zipfile.ZipFile(sheet) as source, zipfile.ZipFile(far, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace(b"</row></sheetData>", b'<c r="ZZ2700"><v>1</v></c></row></sheetData>')
            target.writestr(name, text)
    with pytest.raises(BadWorkbook, match="ZZ 列"):
        outcome(far, True)


def test_stopping_leaves_no_child(sheet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, children = os.fork, []

    def fork() -> int:
        children.append(real())
        return children[-1]

    monkeypatch.setattr(os, "fork", fork)
    opened = check(sheet)
    reading = Reading(sheet, opened, RowReader(context(only="110119002001"), opened.headings), apart=True)
    next(reading.blocks(lambda: None))
    reading.close()
    with pytest.raises(ProcessLookupError):
        os.kill(children[0], 0)

"""Writing many rows in the template's columns. Most of an export's time goes into the workbook; where it pays a forked child
writes it while this process fetches the next rows. The child runs nothing but xlsxwriter and leaves with `os._exit`."""

from __future__ import annotations

import gc
import marshal
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from linli.registry.intake.column import Column
from linli.registry.intake.frames import let_go, receive, send
from linli.registry.intake.reading import SHEET
from linli.registry.intake.sheets import Styles, write_headings

Line = list[tuple[int, str]]  # the cells of a row that hold something: (column from 0, text)


class Interrupted(Exception):
    """The process that wrote the workbook is dead."""


def write(path: Path, columns: Sequence[Column], blocks: Iterable[list[Line]], *, apart: bool) -> None:
    """Write a workbook of these rows below the headings; `apart`: in a second process, where there is room for one.

    Nothing is taken from `blocks` before the process is born. Raises Interrupted.
    """
    was = gc.isenabled()
    gc.disable()  # rows have no cycles; looking for some would walk over all that the process holds, in the child as well
    try:
        if not (apart and sys.platform.startswith("linux") and _apart(path, columns, blocks)):
            _fill(path, columns, blocks)
    finally:
        if was:
            gc.enable()


def _fill(path: Path, columns: Sequence[Column], blocks: Iterable[list[Line]]) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(path, options)
    sheet = book.add_worksheet(SHEET)
    write_headings(sheet, Styles(book), columns)
    write_string, number = sheet.write_string, 0
    for block in blocks:
        for line in block:
            number += 1
            for at, text in line:
                write_string(number, at, text)
    book.close()


def _apart(path: Path, columns: Sequence[Column], blocks: Iterable[list[Line]]) -> bool:
    """Let a child write; False when there is no room for another process, nothing being taken from `blocks` then."""
    told, tell = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(told)
        os.close(tell)
        return False
    if pid == 0:
        _live(path, columns, told)
    os.close(told)
    broken = False
    try:
        for block in blocks:
            send(tell, 0, marshal.dumps(block))
        send(tell, 1, b"")
    except BrokenPipeError:
        broken = True
    finally:
        os.close(tell)  # without the last frame the child gives up
        _pid, status = os.waitpid(pid, 0)
    if broken or status:
        raise Interrupted
    return True


def _live(path: Path, columns: Sequence[Column], told: int) -> Any:
    code = 1
    try:
        let_go(told)
        _fill(path, columns, _received(told))
        code = 0
    finally:
        os._exit(code)


def _received(pipe: int) -> Iterator[list[Line]]:
    while (frame := receive(pipe)) is not None:
        kind, data = frame
        if kind:
            return
        yield marshal.loads(data)  # noqa: S302
    raise EOFError

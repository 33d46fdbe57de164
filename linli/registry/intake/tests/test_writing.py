"""A workbook written by a second process is the one written by this one; a death on the way is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from linli.registry.intake import writing
from linli.registry.intake.columns import COLUMNS


def blocks(count: int = 3) -> Iterator[list[writing.Line]]:
    for block in range(count):
        yield [[(0, "东外社区"), (2, f"和平{block}里"), (5, f"{number}")] for number in range(200)]


def cells(path: Path) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path).worksheets[0].values)


def test_two_processes_write_what_one_writes(tmp_path: Path) -> None:
    one, two = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    writing.write(one, COLUMNS, blocks(), apart=False)
    writing.write(two, COLUMNS, blocks(), apart=True)
    assert len(cells(one)) == 601
    assert cells(two) == cells(one)


def test_without_another_process_it_is_written_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", full)
    writing.write(tmp_path / "one.xlsx", COLUMNS, blocks(), apart=True)
    assert len(cells(tmp_path / "one.xlsx")) == 601


def test_a_death_of_the_writer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(pipe: int) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(writing, "_received", die)
    with pytest.raises(writing.Interrupted):
        writing.write(tmp_path / "one.xlsx", COLUMNS, blocks(2_000), apart=True)


def test_a_failure_of_the_rows_leaves_no_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, children = os.fork, []

    def fork() -> int:
        children.append(real())
        return children[-1]

    def failing() -> Iterator[list[writing.Line]]:
        yield from blocks(1)
        raise ValueError("the base is gone")

    monkeypatch.setattr(os, "fork", fork)
    with pytest.raises(ValueError, match="the base is gone"):
        writing.write(tmp_path / "one.xlsx", COLUMNS, failing(), apart=True)
    with pytest.raises(ProcessLookupError):
        os.kill(children[0], 0)

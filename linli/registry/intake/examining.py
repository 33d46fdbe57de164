"""Reading a sheet in a second process: a forked child reads and examines the rows, part by part, while this process writes
those that are through into the registry.

The child runs nothing but `Rows` and `Examiner.examine`: it touches no connection and no log, and leaves with `os._exit`.
Whatever becomes of it, the rows that are missing are then read here. It sends frames through a pipe: a number, a length and
that many bytes. The cells it has read it keeps in a file without a name, to give those of rows that are to be returned.
"""

from __future__ import annotations

import gc
import marshal
import os
import pickle
import queue
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from linli.registry.intake import staging
from linli.registry.intake.frames import let_go, receive, send
from linli.registry.intake.reading import BadWorkbook, NoCut, Part, Rows, Sheet, Unreadable
from linli.registry.intake.rules.examiner import Examiner
from linli.registry.intake.rules.facts import Examined

BLOCK: Final = 500  # rows
APART_FROM: Final = 12 * 1024 * 1024  # bytes of the sheet's text from which a second process pays
# A small part first, so that there is soon something to write; then as much as fits in memory well.
PARTS: Final = (Part(0, 10), Part(10, 34), Part(34, 56), Part(56, 78), Part(78, 100))
PATIENCE: Final = 60.0  # seconds without a word after which the child is given up

_BLOCK, _OPENED, _BAD, _DONE, _CELLS = range(5)  # kinds of frames

Row = tuple[int, list[Any]]


def examined(
    rows: Rows, examiner: Examiner, keep: Callable[[list[Row]], object] = lambda _block: None
) -> Iterator[list[Examined]]:
    """The examined rows, block by block; in place of a person stand the line for COPY and the tags. `keep` is given the cells."""
    examine, errors, left, every = examiner.examine, rows.errors, rows.left, rows.every()
    while block := list(islice(every, BLOCK)):
        found: list[Examined] = []
        read: list[Row] = []
        for row, cells in block:
            if any(cell != "" for cell in cells):
                whole = left + cells if left else cells
                read.append((row, whole))
                one = examine(row, whole, errors.get(row) if errors else None)
                if (person := one[-1]) is not None:
                    one = (*one[:-1], (staging.person_words(person), person.tags))
                found.append(one)
        keep(read)
        yield found


class Reading:
    """One reading of a sheet. Close it when its cells are no longer needed.

    `apart` True leaves it to a second process, False does not; None does so where it pays.
    """

    def __init__(self, path: Path, sheet: Sheet, examiner: Examiner, *, apart: bool | None = None) -> None:
        """Raises BadWorkbook."""
        self._path, self._sheet, self._examiner = path, sheet, examiner
        if apart is None:
            apart = sheet.size >= APART_FROM and (os.cpu_count() or 1) > 1
        born = _Child.born(path, sheet, examiner) if apart and sys.platform.startswith("linux") else None
        self._child = born
        self._rows = None if born else Rows(path, sheet)

    @property
    def total(self) -> int:
        """How many rows the sheet has; about, as long as the second process has not opened all of it."""
        return self._child.total if self._child is not None else self._whole().count

    def blocks(self, tick: Callable[[], None]) -> Generator[list[Examined], None, None]:
        """The examined rows in order, block by block. `tick` is called now and then while this waits, and may raise.

        Raises BadWorkbook when the second process finds the sheet unfit.
        """
        child, last = self._child, -1
        if child is not None:
            while (data := child.next_block(tick)) is not None:
                block: list[Examined] = marshal.loads(data)  # noqa: S302
                if block:
                    last = block[-1][0]
                yield block
            if child.done:
                return
            self.close()
            self._whole().begin_after(last)
        yield from examined(self._whole(), self._examiner)

    def cells(self, wanted: Collection[int]) -> Iterator[Row]:
        """(row number from 0, cells from column A on) of some rows, in order."""
        wanted = frozenset(wanted)
        found = self._child.cells(wanted) if self._child is not None else None
        yield from (
            found if found is not None else (one for one in Rows(self._path, self._sheet) if one[0] in wanted)
        )

    def _whole(self) -> Rows:
        if self._rows is None:
            self._rows = Rows(self._path, self._sheet)
        return self._rows

    def close(self) -> None:
        """End the second process."""
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """The second process, as the first one sees it. A thread takes what it sends, whatever this process is doing."""

    def __init__(self, pid: int, heard: int, ask: int) -> None:
        self.pid, self._heard, self._ask = pid, heard, ask
        self.total = 0
        self.done = False
        self._frames: queue.SimpleQueue[tuple[int, bytes] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._hear, name="intake-reading", daemon=True)
        self._thread.start()

    @classmethod
    def born(cls, path: Path, sheet: Sheet, examiner: Examiner) -> _Child | None:
        """Fork; None when there is no room for another process."""
        import python_calamine  # noqa: F401  # so that the child need not

        heard, tell = os.pipe()
        asked, ask = os.pipe()
        try:
            pid = os.fork()
        except OSError:
            for one in (heard, tell, asked, ask):
                os.close(one)
            return None
        if pid == 0:
            _live(path, sheet, examiner, asked, tell)
        os.close(tell)
        os.close(asked)
        return cls(pid, heard, ask)

    def _hear(self) -> None:
        """The thread: frames as they come, and None at the end."""
        try:
            while (frame := receive(self._heard)) is not None:
                self._frames.put(frame)
        finally:
            self._frames.put(None)

    def next_block(self, tick: Callable[[], None]) -> bytes | None:
        """The next block; None after the last one (`done`) and when none will come any more. Raises BadWorkbook when that is
        what the child says."""
        while not self.done:
            frame = self._next(tick)
            if frame is None:
                return None
            kind, data = frame
            if kind == _BLOCK:
                return data
            if kind == _OPENED:
                self.total = int(data)
            elif kind == _BAD:
                raise BadWorkbook(data.decode())
            self.done = kind == _DONE
        return None

    def cells(self, wanted: Collection[int]) -> list[Row] | None:
        """The cells of some rows; None when no answer comes."""
        try:
            send(self._ask, _CELLS, marshal.dumps(sorted(wanted)))
        except OSError:
            return None
        frame = self._next(lambda: None)
        return pickle.loads(frame[1]) if frame is not None and frame[0] == _CELLS else None  # noqa: S301

    def _next(self, tick: Callable[[], None]) -> tuple[int, bytes] | None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                return self._frames.get(timeout=0.5)
            except queue.Empty:
                tick()
        return None

    def end(self) -> None:
        """Kill it."""
        os.close(self._ask)
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        self._thread.join()
        os.close(self._heard)


class _Kept:
    """The cells that were read, in a file without a name, a block at a time."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._blocks: list[tuple[int, int, int]] = []  # first row, last row, length

    def keep(self, block: list[Row]) -> None:
        if not block:
            return
        try:
            data = marshal.dumps(block)
        except ValueError:  # dates
            data = pickle.dumps(block)
        self._file.write(data)
        self._blocks.append((block[0][0], block[-1][0], len(data)))

    def rows(self, wanted: Collection[int]) -> Iterator[Row]:
        at = 0
        for first, last, length in self._blocks:
            if any(first <= row <= last for row in wanted):
                self._file.seek(at)
                data = self._file.read(length)
                block = pickle.loads(data) if data[:1] == b"\x80" else marshal.loads(data)  # noqa: S301, S302
                yield from (one for one in block if one[0] in wanted)
            at += length


def _live(path: Path, sheet: Sheet, examiner: Examiner, asked: int, tell: int) -> Any:
    """The child's whole life. Signals end it; the parent's files and connections are let go without a word to anybody."""
    code = 1
    try:
        gc.disable()
        let_go(asked, tell)
        kept = _Kept()
        try:
            _tell_all(path, sheet, examiner, kept, tell)
        except Unreadable:
            raise  # the parent tries for itself
        except BadWorkbook as error:
            send(tell, _BAD, str(error).encode())
            return
        send(tell, _DONE, b"")
        while (frame := receive(asked)) is not None:
            wanted = frozenset(marshal.loads(frame[1]))  # noqa: S302
            send(tell, _CELLS, pickle.dumps(list(kept.rows(wanted))))
        code = 0
    finally:
        os._exit(code)


def _tell_all(path: Path, sheet: Sheet, examiner: Examiner, kept: _Kept, tell: int) -> None:
    """Read, examine and send all rows."""
    count = 0
    for part in PARTS:
        try:
            rows = Rows(path, sheet, part)
        except NoCut:
            break
        count += rows.count
        send(tell, _OPENED, str(count * 100 // part.high).encode())
        for block in examined(rows, examiner, kept.keep):
            send(tell, _BLOCK, marshal.dumps(block))
        del rows  # else two parts would be in memory
    send(tell, _OPENED, str(count).encode())

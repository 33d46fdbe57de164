"""Reading a sheet in two processes: a forked child reads and examines the rows below the cut, this process those above.

The child runs nothing but `Rows` and `Examiner.examine`: it touches no connection and no log, and leaves with `os._exit`.
Whatever becomes of it, its rows are then read here. It sends frames through a pipe: a number, a length and that many bytes.
When its rows are through it stays to give cells that are asked for, the rows that are to be returned.
"""

from __future__ import annotations

import gc
import marshal
import os
import pickle
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from linli.registry.intake import staging
from linli.registry.intake.reading import UPPER_SHARE, BadWorkbook, NoCut, Part, Rows, Sheet, Unreadable
from linli.registry.intake.rules import Examined, Examiner

BLOCK: Final = 500  # rows
TOGETHER_FROM: Final = 12 * 1024 * 1024  # bytes of the sheet's text from which a second process pays
PATIENCE: Final = 60.0  # seconds without a word after which the child is given up

_BLOCK, _OPENED, _BAD, _DONE, _CELLS = range(5)  # kinds of frames


def examined(
    rows: Rows, examiner: Examiner, between: Callable[[], None] | None = None
) -> Iterator[list[Examined]]:
    """The examined rows, block by block; in place of a person stand the line for COPY and the tags.

    `between` is called every hundred rows.
    """
    examine, errors, left, every = examiner.examine, rows.errors, rows.left, rows.every()
    while block := list(islice(every, BLOCK)):
        found: list[Examined] = []
        for count, (row, cells) in enumerate(block, 1):
            if any(cell != "" for cell in cells):
                one = examine(row, left + cells if left else cells, errors.get(row) if errors else None)
                if (person := one[-1]) is not None:
                    one = (*one[:-1], (staging.person_words(person), person.tags))
                found.append(one)
            if between is not None and count % 100 == 0:
                between()
        yield found


class Reading:
    """One reading of a sheet. Close it when its cells are no longer needed.

    `together` True shares the work with a second process, False does not; None does so where it pays.
    """

    def __init__(self, path: Path, sheet: Sheet, examiner: Examiner, *, together: bool | None = None) -> None:
        """Raises BadWorkbook."""
        self._path, self._sheet, self._examiner = path, sheet, examiner
        self._lower: Rows | None = None
        self._child: _Child | None = None
        if together is None:
            together = sheet.size >= TOGETHER_FROM and (os.cpu_count() or 1) > 1
        if together and sys.platform.startswith("linux"):
            self._child = _Child.born(path, sheet, examiner)
        try:
            self._cut = self._child is not None
            try:
                self._upper = Rows(path, sheet, Part.UPPER if self._cut else Part.WHOLE)
            except (NoCut, Unreadable):
                if not self._cut:
                    raise
                self.close()
                self._cut = False
                self._upper = Rows(path, sheet)
        except BaseException:
            self.close()
            raise

    @property
    def total(self) -> int:
        """How many rows the sheet has; about, as long as the second process has not said."""
        if not self._cut:
            return self._upper.count
        if self._lower is not None:
            return self._upper.count + self._lower.count
        if self._child is not None and self._child.count is not None:
            return self._upper.count + self._child.count
        return self._upper.count * 100 // UPPER_SHARE

    def blocks(self, tick: Callable[[], None]) -> Generator[list[Examined], None, None]:
        """The examined rows in order, block by block. `tick` is called now and then while this waits, and may raise.

        Raises BadWorkbook when the second process finds the sheet unfit.
        """
        child = self._child
        yield from examined(self._upper, self._examiner, child.hear if child else None)
        if not self._cut:
            return
        got = 0
        if child is not None:
            while (data := child.next_block(tick)) is not None:
                got += 1
                yield marshal.loads(data)  # noqa: S302
            if child.done:
                return
        yield from islice(examined(self._take_over(), self._examiner), got, None)

    def cells(self, wanted: Collection[int]) -> Iterator[tuple[int, list[Any]]]:
        """(row number from 0, cells from column A on) of some rows, in order."""
        wanted = frozenset(wanted)
        below = frozenset(row for row in wanted if row > self._upper.last)
        if len(below) < len(wanted):
            yield from ((row, cells) for row, cells in self._upper if row in wanted)
        if not self._cut or not below:
            return
        answer = self._child.cells(below) if self._child is not None else None
        if answer is None:
            answer = [(row, cells) for row, cells in self._take_over() if row in below]
        yield from answer

    def _take_over(self) -> Rows:
        """The rows below the cut, read here: the child is dead or stuck."""
        self.close()
        if self._lower is None:
            try:
                self._lower = Rows(self._path, self._sheet, Part.LOWER)
            except (NoCut, Unreadable):
                self._lower = Rows(self._path, self._sheet)
                self._lower.begin_after(self._upper.last)
        return self._lower

    def close(self) -> None:
        """End the second process."""
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """The second process, as the first one sees it."""

    def __init__(self, pid: int, heard: int, ask: int) -> None:
        self.pid, self._heard, self._ask = pid, heard, ask
        self.count: int | None = None
        self.done = False
        self._ended = False
        self._frames: deque[tuple[int, bytes]] = deque()
        self._buffer = bytearray()

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
        os.set_blocking(heard, False)
        return cls(pid, heard, ask)

    def hear(self) -> None:
        """Take what has been sent, without waiting. Raises BadWorkbook when that is what the child says."""
        buffer = self._buffer
        while not self._ended:
            try:
                data = os.read(self._heard, 1 << 20)
            except BlockingIOError:
                break
            if data:
                buffer += data
            else:
                self._ended = True
        while len(buffer) >= 5:
            length = int.from_bytes(buffer[1:5], "big")
            if len(buffer) < 5 + length:
                return
            kind, data = buffer[0], bytes(buffer[5 : 5 + length])
            del buffer[: 5 + length]
            if kind == _OPENED:
                self.count = int(data)
            elif kind == _BAD:
                raise BadWorkbook(data.decode())
            else:
                self._frames.append((kind, data))

    def next_block(self, tick: Callable[[], None]) -> bytes | None:
        """The next block; None after the last one (`done`) and when none will come any more."""
        while not self.done:
            frame = self._next(tick)
            if frame is None:
                return None
            kind, data = frame
            if kind == _BLOCK:
                return data
            self.done = kind == _DONE
        return None

    def cells(self, wanted: Collection[int]) -> list[tuple[int, list[Any]]] | None:
        """The cells of some rows; None when no answer comes."""
        try:
            _send(self._ask, _CELLS, marshal.dumps(sorted(wanted)))
        except OSError:
            return None
        frame = self._next(lambda: None)
        return pickle.loads(frame[1]) if frame is not None and frame[0] == _CELLS else None  # noqa: S301

    def _next(self, tick: Callable[[], None]) -> tuple[int, bytes] | None:
        until = time.monotonic() + PATIENCE
        self.hear()
        while not self._frames and not self._ended and time.monotonic() < until:
            if select.select([self._heard], [], [], 0.5)[0]:
                until = time.monotonic() + PATIENCE
            tick()
            self.hear()
        return self._frames.popleft() if self._frames else None

    def end(self) -> None:
        """Kill it."""
        os.close(self._ask)
        os.close(self._heard)
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def _send(pipe: int, kind: int, data: bytes) -> None:
    view = memoryview(bytes([kind]) + len(data).to_bytes(4, "big") + data)
    while view:
        view = view[os.write(pipe, view) :]


def _receive(pipe: int) -> bytes | None:
    """The data of the next frame; None at the end."""
    data = bytearray()
    length = 5
    while len(data) < length:
        block = os.read(pipe, length - len(data))
        if not block:
            return None
        data += block
        if len(data) == 5:
            length = 5 + int.from_bytes(data[1:5], "big")
    return bytes(data[5:])


def _live(path: Path, sheet: Sheet, examiner: Examiner, asked: int, tell: int) -> Any:
    """The child's whole life. Signals end it; the parent's files and connections are let go without a word to anybody."""
    code = 1
    try:
        gc.disable()
        signal.set_wakeup_fd(-1)
        for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(one, signal.SIG_DFL)
        low, high = sorted((asked, tell))
        os.closerange(3, low)
        os.closerange(low + 1, high)
        os.closerange(high + 1, 65_536)
        try:
            rows = Rows(path, sheet, Part.LOWER)
        except Unreadable:
            raise  # the parent tries for itself
        except BadWorkbook as error:
            _send(tell, _BAD, str(error).encode())
            return
        _send(tell, _OPENED, str(rows.count).encode())
        for block in examined(rows, examiner):
            _send(tell, _BLOCK, marshal.dumps(block))
        _send(tell, _DONE, b"")
        while (data := _receive(asked)) is not None:
            wanted = frozenset(marshal.loads(data))  # noqa: S302
            _send(tell, _CELLS, pickle.dumps([one for one in rows if one[0] in wanted]))
        code = 0
    finally:
        os._exit(code)

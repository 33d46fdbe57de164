"""Examining the rows of a large workbook in two processes.

A forked child examines blocks of rows and sends them back through a pipe; this process examines the other blocks. Whoever
is free takes the next block from a second pipe. The child runs nothing but `Examiner.examine`: it touches no connection
and no log, and leaves with `os._exit`. Whatever becomes of it, its rows are then examined here.
"""

from __future__ import annotations

import marshal
import os
import select
import signal
import sys
from collections.abc import Callable, Generator, Mapping
from itertools import islice
from typing import Any, Final

from linli.registry.intake import staging
from linli.registry.intake.reading import Rows
from linli.registry.intake.rules import Examined, Examiner

BLOCK: Final = 500  # rows; the numbers of the blocks of the longest sheet fit in a pipe
TOGETHER_FROM: Final = 5_000  # rows from which a second process pays
PATIENCE: Final = 20.0  # seconds without a word after which the child is given up

Errors = Mapping[int, Mapping[int, str]]


def examine(
    examiner: Examiner, rows: Rows, errors: Errors, tick: Callable[[], None], *, together: bool | None = None
) -> Generator[list[Examined], None, None]:
    """The examined rows in order, block by block; in place of a person stand the line for COPY and the tags.

    `tick` is called now and then while this waits or works, and may raise. `together` False keeps to one process.
    """
    if together is None:
        together = rows.count >= TOGETHER_FROM and (os.cpu_count() or 1) > 1
    if not together or not sys.platform.startswith("linux"):
        taken = _Taken(examiner, rows, errors)
        for number in range(rows.blocks(BLOCK)):
            yield taken.block(number)
        return
    yield from _examine_together(examiner, rows, errors, tick)


class _Taken:
    """Examines blocks, asked for in ascending order."""

    def __init__(self, examiner: Examiner, rows: Rows, errors: Errors) -> None:
        self._examine, self._rows, self._errors = examiner.examine, rows, errors
        self._iterator = rows.every()
        self._at = 0

    def block(self, number: int, between: Callable[[], None] | None = None) -> list[Examined]:
        """`between` is called every hundred rows."""
        skip = number * BLOCK - self._at
        if skip > 0:
            next(islice(self._iterator, skip - 1, skip), None)
        self._at = (number + 1) * BLOCK
        found: list[Examined] = []
        errors, examine, filled = self._errors, self._examine, self._rows.filled
        for count, (row, cells) in enumerate(islice(self._iterator, BLOCK), 1):
            if (whole := filled(row, cells)) is not None:
                one = examine(row, whole, errors.get(row) if errors else None)
                if (person := one[-1]) is not None:
                    one = (*one[:-1], (staging.person_words(person), person.tags))
                found.append(one)
            if between is not None and count % 100 == 0:
                between()
        return found


def _examine_together(
    examiner: Examiner, rows: Rows, errors: Errors, tick: Callable[[], None]
) -> Generator[list[Examined], None, None]:
    blocks = rows.blocks(BLOCK)
    tokens, give = os.pipe()
    os.write(give, b"".join(number.to_bytes(4, "big") for number in range(blocks)))
    os.close(give)
    heard, tell = os.pipe()
    try:
        child = os.fork()
    except OSError:  # no room for another process: all the blocks are ours
        child = -1
    if child == 0:
        _be_child(examiner, rows, errors, tokens, tell)
    os.close(tell)
    os.set_blocking(heard, False)
    inbox = _Inbox(heard)
    ready = inbox.ready
    try:
        taken = _Taken(examiner, rows, errors)
        due = 0
        while token := os.read(tokens, 4):
            number = int.from_bytes(token, "big")
            ready[number] = taken.block(number, inbox.drain)
            inbox.drain()
            tick()
            while due in ready:
                yield ready.pop(due)
                inbox.drain()
                due += 1
        silent = 0.0
        while due < blocks:
            if due in ready:
                yield ready.pop(due)
                due += 1
            elif inbox.ended or silent > PATIENCE:
                # The child is dead or stuck: what it took and has not sent is examined here.
                yield _Taken(examiner, rows, errors).block(due)
                due += 1
            else:
                came = select.select([heard], [], [], 0.5)[0]
                silent = 0.0 if came else silent + 0.5
                tick()
            inbox.drain()
    finally:
        os.close(tokens)
        os.close(heard)
        _end(child)


class _Inbox:
    """What the child has sent: blocks, each after its number and length."""

    def __init__(self, source: int) -> None:
        self.ready: dict[int, list[Examined]] = {}
        self.ended = False
        self._source = source
        self._buffer = bytearray()

    def drain(self) -> None:
        """Take what is there, without waiting."""
        buffer = self._buffer
        while not self.ended:
            try:
                data = os.read(self._source, 1 << 20)
            except BlockingIOError:
                break
            if data:
                buffer += data
            else:
                self.ended = True
        while len(buffer) >= 8:
            length = int.from_bytes(buffer[4:8], "big")
            if len(buffer) < 8 + length:
                return
            self.ready[int.from_bytes(buffer[:4], "big")] = marshal.loads(buffer[8 : 8 + length])  # noqa: S302
            del buffer[: 8 + length]


def _be_child(examiner: Examiner, rows: Rows, errors: Errors, tokens: int, tell: int) -> Any:
    """The child's whole life. Signals end it; the parent's files and connections are let go without a word to anybody."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(one, signal.SIG_DFL)
        low, high = sorted((tokens, tell))
        os.closerange(3, low)
        os.closerange(low + 1, high)
        os.closerange(high + 1, 65_536)
        taken = _Taken(examiner, rows, errors)
        while token := os.read(tokens, 4):
            data = marshal.dumps(taken.block(int.from_bytes(token, "big")))
            view = memoryview(token + len(data).to_bytes(4, "big") + data)
            while view:
                view = view[os.write(tell, view) :]
        code = 0
    finally:
        os._exit(code)


def _end(child: int) -> None:
    if child < 0:
        return
    try:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        pass

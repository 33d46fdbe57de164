"""What a forked process and its parent say to each other through a pipe: frames of a number, a length and that many bytes."""

from __future__ import annotations

import os
import signal


def let_go(*kept: int) -> None:
    """In the child: signals end it, and the parent's files and connections are let go without a word to anybody, but for the
    pipes kept."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    low = 3
    for one in sorted(kept):
        os.closerange(low, one)
        low = one + 1
    os.closerange(low, 65_536)


def send(pipe: int, kind: int, data: bytes) -> None:
    """Send a frame; waits while the pipe is full. Raises OSError when nobody listens."""
    view = memoryview(bytes([kind]) + len(data).to_bytes(4, "big") + data)
    while view:
        view = view[os.write(pipe, view) :]


def receive(pipe: int) -> tuple[int, bytes] | None:
    """The kind and the data of the next frame; None at the end."""
    head = _read(pipe, 5)
    data = _read(pipe, int.from_bytes(head[1:], "big")) if head is not None else None
    return (head[0], data) if head is not None and data is not None else None


def _read(pipe: int, length: int) -> bytes | None:
    data = bytearray()
    while len(data) < length:
        block = os.read(pipe, length - len(data))
        if not block:
            return None
        data += block
    return bytes(data)

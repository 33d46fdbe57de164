"""Small pictures for the demonstration, drawn point by point."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable


def png(wide: int, high: int, colour: Callable[[int, int], bytes]) -> bytes:
    """A PNG of so many points; `colour` gives the red, green and blue of each (x, y)."""
    lines = [b"\x00" + b"".join(colour(x, y) for x in range(wide)) for y in range(high)]

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"".join(lines), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")

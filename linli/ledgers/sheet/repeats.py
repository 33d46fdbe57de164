"""The same card several times on one sheet, below itself or beside itself: the first one, and how far the others are."""

from __future__ import annotations

from collections.abc import Callable

from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import Picture
from linli.ledgers.sheet.regions import Window

FEWEST_LABELS = 6
MOST_COPIES = 40

Line = tuple[tuple[int, str], ...]


def _lines(picture: Picture, along: Callable[[int, int], tuple[int, int]]) -> dict[int, Line]:
    """The texts of each line by where they stand in it, lines and places as `along` turns them."""
    found: dict[int, list[tuple[int, str]]] = {}
    for (row, column), value in picture.values.items():
        if isinstance(value, str):
            line, place = along(row, column)
            found.setdefault(line, []).append((place, squash(value)))
    return {line: tuple(sorted(texts)) for line, texts in found.items()}


def _period(lines: dict[int, Line]) -> tuple[int, int]:
    """After how many lines the same comes again, all the way to the end, and how often; (0, 0) when it does not."""
    if not lines:
        return 0, 0
    first, last = min(lines), max(lines)
    height = last - first + 1
    for period in range(2, height):
        if lines.get(first + period) != lines[first]:
            continue
        copies = -(-height // period)
        if copies < 2 or copies > MOST_COPIES or (copies - 1) * period + 2 > height + period:
            continue
        # The last one may end sooner by empty lines only.
        same = all(
            lines.get(first + place, ()) == lines.get(first + place % period, ())
            for place in range(copies * period)
        )
        labels = sum(len(lines.get(first + place, ())) for place in range(period))
        if same and labels >= FEWEST_LABELS:
            return period, copies
    return 0, 0


def repeated(picture: Picture) -> tuple[Window, list[tuple[int, int]]] | None:
    """The window of the first card and (rows, columns) from it to each further one; None where nothing is repeated."""
    down = _lines(picture, lambda row, column: (row, column))
    period, copies = _period(down)
    if copies:
        top = min(down)
        first = Window(1, 1, top + period - 1, picture.columns + 200)
        return first, [(period * n, 0) for n in range(1, copies)]
    across = _lines(picture, lambda row, column: (column, row))
    period, copies = _period(across)
    if copies:
        left = min(across)
        return Window(1, 1, picture.rows + 500, left + period - 1), [
            (0, period * n) for n in range(1, copies)
        ]
    return None

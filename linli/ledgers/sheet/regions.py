"""Several regions on one sheet: lists and tables below one another or side by side, and one list in two halves.

A region is a window: the sheet's picture with nothing but what stands in it, on the same rows and columns.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import Picture
from linli.ledgers.sheet.layout import Column, Layout, is_footer, is_unit_row

_SERIAL = re.compile(r"^(?:序号?|编号|№|no)$")
_OUTSIDE = 1_048_576


@dataclass(frozen=True)
class Window:
    """Rows and columns of a region, ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def seen_through(picture: Picture, window: Window) -> Picture:
    """The picture with only what stands within the window; texts that are merged beyond it belong to the whole sheet."""
    values = {
        place: value
        for place, value in picture.values.items()
        if window.holds(*place) and picture.box(*place).right <= window.right
    }
    return replace(
        picture,
        values=values,
        boxes=[box for box in picture.boxes if window.holds(box.top, box.left) and box.right <= window.right],
        choices={
            column: found
            for column, found in picture.choices.items()
            if window.left <= column <= window.right
        },
        formats={place: one for place, one in picture.formats.items() if window.holds(*place)},
        sizes={place: one for place, one in picture.sizes.items() if window.holds(*place)},
        styled_rows={row for row in picture.styled_rows if window.top <= row <= window.bottom},
        bordered={place for place in picture.bordered if window.holds(*place)},
        formulas={place: one for place, one in picture.formulas.items() if window.holds(*place)},
    )


def _texts(picture: Picture, row: int) -> list[str]:
    cells = picture.by_row.get(row, {})
    return [value.strip() for value in cells.values() if isinstance(value, str) and value.strip()]


def _labels(picture: Picture, row: int) -> bool:
    """Whether a row holds three or more short labels and nothing else."""
    texts = _texts(picture, row)
    return (
        len(texts) >= 3
        and len(texts) == len(picture.by_row.get(row, {}))
        and all(len(squash(text)) <= 14 and re.search(r"[\u4e00-\u9fff]", text) for text in texts)
        and not any(re.search(r"[:：]\s*$", text) for text in texts)
        and not is_unit_row(picture, row)
    )


def _section(picture: Picture, row: int) -> bool:
    """Whether a row holds nothing but the title of what follows."""
    texts = _texts(picture, row)
    return (
        len(texts) == 1
        and len(picture.by_row[row]) == 1
        and 2 <= len(squash(texts[0])) <= 40
        and not re.search(r"[:：]", texts[0])
        and not is_footer(texts[0])
        and bool(re.search(r"[\u4e00-\u9fff]{2}", texts[0]))
    )


def breaks(picture: Picture, after: int) -> list[int]:
    """The rows where another region begins below the headings that end at row `after`: a title over labels, or labels
    again, behind an empty row."""
    found: list[int] = []
    last_head = after
    rows = sorted(row for row in picture.by_row if row > after)
    for place, row in enumerate(rows):
        if row - 1 in picture.by_row or row - 1 <= last_head:
            continue
        following = rows[place + 1] if place + 1 < len(rows) else 0
        beyond = rows[place + 2] if place + 2 < len(rows) else 0
        if _section(picture, row) and following and following - row <= 2:
            head = following if _labels(picture, following) else beyond
            if head and (head == following or is_unit_row(picture, following)) and _labels(picture, head):
                found.append(row)
                last_head = head
        elif _labels(picture, row) and row - last_head >= 2:
            found.append(row)
            last_head = row
    return found


def below_one_another(picture: Picture, layout: Layout) -> list[Window]:
    """The windows of regions below one another; one window when there is one region only."""
    starts = [1, *breaks(picture, layout.header_bottom)]
    ends = [start - 1 for start in starts[1:]] + [_OUTSIDE]
    return [Window(top, 1, bottom, 16_384) for top, bottom in zip(starts, ends, strict=True)]


def _blocks(layout: Layout) -> list[list[Column]]:
    """The columns apart: where a serial number begins anew, or a column without heading stands between."""
    made: list[list[Column]] = []
    previous = 0
    for column in layout.columns:
        if not column.leaf:
            continue
        anew = bool(_SERIAL.match(squash(column.leaf))) and bool(made)
        if not made or anew or (column.index > previous + 1):
            made.append([])
        made[-1].append(column)
        previous = column.index
    return made


def side_by_side(picture: Picture, layout: Layout, known: Callable[[str], bool]) -> list[list[Column]]:
    """The blocks of columns that are lists of their own; none when the sheet holds one list."""
    blocks = _blocks(layout)
    if len(blocks) < 2:
        blocks = _repeated(layout)
    if len(blocks) < 2 or any(len(block) < 2 for block in blocks):
        return []
    if any(sum(1 for column in block if known(column.leaf)) < 2 for block in blocks):
        return []
    for before, block in itertools.pairwise(blocks):
        gap = range(before[-1].index + 1, block[0].index)
        if any(column in gap for _row, column in picture.values):
            return []
        if not gap and not _SERIAL.match(squash(block[0].leaf)) and not alike(blocks):
            return []
    return blocks


def _repeated(layout: Layout) -> list[list[Column]]:
    """The columns in equal halves (or thirds) where the same headings come again."""
    columns = [column for column in layout.columns if column.leaf]
    for parts in (2, 3):
        size, rest = divmod(len(columns), parts)
        if rest or size < 2:
            continue
        blocks = [columns[number * size : (number + 1) * size] for number in range(parts)]
        if alike(blocks) and not any(column.groups for column in columns):
            return blocks
    return []


def alike(blocks: list[list[Column]]) -> bool:
    """Whether every block has the same headings: one list in halves."""
    first = [squash(column.leaf) for column in blocks[0]]
    return all([squash(column.leaf) for column in block] == first for block in blocks[1:])


def windows_of(blocks: list[list[Column]], window: Window) -> list[Window]:
    """The windows of blocks of columns within the rows of a window."""
    starts = [block[0].index for block in blocks]
    ends = [start - 1 for start in starts[1:]] + [window.right]
    return [
        Window(window.top, 1 if number == 0 else left, window.bottom, right)
        for number, (left, right) in enumerate(zip(starts, ends, strict=True))
    ]

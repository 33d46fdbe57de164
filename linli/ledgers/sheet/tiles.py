"""A sheet as tiles: merged boxes and single cells, each with its text, and who stands beside whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from linli.ledgers.book.workbook import Box, Picture

# A card is a page or two; what lies beyond is empty formatting.
MAX_ROWS, MAX_COLUMNS = 300, 120


@dataclass(frozen=True)
class Tile:
    """One box of the sheet. `text` is as it stands, "" for a blank; `framed` whether it looks like a place to write in;
    `computed` whether a formula stands in it: empty of text, and nothing is to be written there."""

    box: Box
    text: str
    framed: bool
    computed: bool = False

    @property
    def empty(self) -> bool:
        return not self.text.strip()

    @property
    def place(self) -> tuple[int, int]:
        """The cell that holds its value."""
        return self.box.top, self.box.left


class Tiles:
    """All tiles of a sheet's used area, found by any cell they cover."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        framed = picture.bordered
        rows = max([picture.rows, *(row for row, _column in framed)], default=0)
        columns = max([picture.columns, *(column for _row, column in framed)], default=0)
        self.rows = min(rows, MAX_ROWS, picture.rows + 40)
        self.columns = min(columns, MAX_COLUMNS)
        self.any_frames = len(framed) > 3
        self._at: dict[tuple[int, int], Tile] = {}
        for box in picture.boxes:
            if box.top > self.rows or box.left > self.columns:
                continue
            tile = Tile(box, self._text(box), True, (box.top, box.left) in picture.formulas)
            for row in range(box.top, min(box.bottom, self.rows) + 1):
                for column in range(box.left, min(box.right, self.columns) + 1):
                    self._at[row, column] = tile

    def _text(self, box: Box) -> str:
        value = self.picture.values.get((box.top, box.left))
        return "" if value is None else str(value)

    def at(self, row: int, column: int) -> Tile | None:
        """The tile that covers a cell; None outside the used area."""
        if not (1 <= row <= self.rows and 1 <= column <= self.columns):
            return None
        found = self._at.get((row, column))
        if found is None:
            box = Box(row, column, row, column)
            framed = (row, column) in self.picture.bordered or not self.any_frames
            found = self._at[row, column] = Tile(
                box, self._text(box), framed, (row, column) in self.picture.formulas
            )
        return found

    def left(self, tile: Tile) -> Tile | None:
        return self.at(tile.box.top, tile.box.left - 1)

    def right(self, tile: Tile) -> Tile | None:
        return self.at(tile.box.top, tile.box.right + 1)

    def above(self, tile: Tile) -> Tile | None:
        return self.at(tile.box.top - 1, tile.box.left)

    def below(self, tile: Tile) -> Tile | None:
        return self.at(tile.box.bottom + 1, tile.box.left)

    def row(self, row: int) -> list[Tile]:
        """The tiles that cover a row, from left to right."""
        found: list[Tile] = []
        column = 1
        while column <= self.columns:
            tile = self.at(row, column)
            assert tile is not None
            found.append(tile)
            column = tile.box.right + 1
        return found

    @cached_property
    def reading_order(self) -> list[Tile]:
        """Every tile once, by its first cell."""
        return list(self._reading_order())

    def _reading_order(self) -> Iterator[Tile]:
        for row in range(1, self.rows + 1):
            for tile in self.row(row):
                if tile.box.top == row:
                    yield tile

"""The blanks of a sheet that is no plain table: each blank with the labels that speak of it, and the small lists within.

A label's blank stands to its right, else below it. Tiles that span more rows (or columns) than a label name its group.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import Picture
from linli.ledgers.sheet import writing_places as places
from linli.ledgers.sheet.tiles import Tile, Tiles

MAX_LABEL = 45
_NOTE = re.compile(
    r"^(?:注|说明|备注|填表说明|填报说明|填写说明|附\s*[件表注]|附录)\s*[:：\d一二三]|^附[件表]|^表[一二三四五六七八九十\d]+$|"
    r"^[（(]?[一二三四五六七八九十\d]{1,2}[)）]?[、.．]\s*.{18,}|^\s*[（(](?:编号|表号|正面|反面|第)"
)
_SECTION = re.compile(r"^[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.．]")


@dataclass(frozen=True)
class Place:
    """A blank. `path` are its labels from the outer group inwards; `manner` how the cell takes a value; `piece` counts
    the blanks within one cell; `ordinal` the blanks of one label; `crossed` that a row's and a column's label meet there."""

    row: int
    column: int
    path: tuple[str, ...]
    manner: str = places.CELL
    text: str = ""
    piece: int = 0
    ordinal: int = 0
    crossed: bool = False


@dataclass
class ListBlock:
    """A small list on a card: a row of labels over empty rows."""

    group: str
    first_row: int
    last_row: int
    columns: list[Place] = field(default_factory=list)


@dataclass
class CardSheet:
    """What a sheet's tiles tell: blanks in reading order, lists, and in how many rows labels follow blanks."""

    places: list[Place] = field(default_factory=list)
    lists: list[ListBlock] = field(default_factory=list)
    interleaved: int = 0
    lone: int = 0


class _Reader:
    def __init__(self, picture: Picture) -> None:
        self.tiles = Tiles(picture)
        self.kinds = {id(tile): self._kind(tile) for tile in self.tiles.reading_order}
        self.owner: dict[tuple[int, int], Tile] = {}

    # --- kinds of tiles -------------------------------------------------------------------------------------
    def _kind(self, tile: Tile) -> str:
        """blank, computed (a formula), open (a text with places in it), inline, label, or none."""
        if tile.computed:
            return "computed" if tile.framed else "none"
        text = tile.text.strip()
        if not text:
            return "blank" if tile.framed else "none"
        if _NOTE.search(text) and not places.is_choices(text):
            return "none"
        if places.manner_of(tile.text):
            return "open"
        if self._is_title(tile):
            return "title"
        if re.search(r"[:：]", text):
            right = self.tiles.right(tile)
            ends = text[-1] in ":："
            if (
                ends
                and right is not None
                and right.empty
                and right.framed
                and len(places.pieces(tile.text)) == 1
            ):
                return "label"
            if places.pieces(tile.text) and len(text) < 400:
                return "inline"
            if not ends:
                return "none"
        if len(squash(text)) > MAX_LABEL or re.search(rf"[{places.BOX}]", text):
            return "none"
        if re.search(r"[\u4e00-\u9fffA-Za-z]", text):
            return "label"
        return "none"

    def _is_title(self, tile: Tile) -> bool:
        wide = tile.box.width * 10 >= self.tiles.columns * 7 and self.tiles.columns > 1
        if not self.tiles.any_frames and tile.box.top <= 2:
            wide = wide or sum(1 for one in self.tiles.row(tile.box.top) if not one.empty) == 1
        return (
            wide
            and not re.search(r"[:：□]|[（(]\s+[）)]", tile.text)
            and bool(re.search(r"[\u4e00-\u9fff]", tile.text))
        )

    def kind(self, tile: Tile | None) -> str:
        return "none" if tile is None else self.kinds.get(id(tile), "none")

    def writable(self, tile: Tile | None) -> bool:
        return self.kind(tile) in ("blank", "open")

    def answers(self, tile: Tile | None) -> bool:
        """Whether a tile is what a label asks: a place to write in, or one that computes itself."""
        return self.writable(tile) or self.kind(tile) == "computed"

    # --- groups ---------------------------------------------------------------------------------------------
    def groups(self, label: Tile) -> tuple[str, ...]:
        """The texts of the tiles that a label belongs to, outermost first."""
        found: list[Tile] = []
        here, seen = label, 0
        while seen < 12:
            seen += 1
            left = self.tiles.left(here)
            if left is None or self.kind(left) != "label":
                break
            if (
                left.box.height > label.box.height
                and left.box.top <= label.box.top
                and left.box.bottom >= label.box.bottom
            ):
                found.append(left)
                label = left
            here = left
        above = self.tiles.above(label if not found else here)
        base = label if not found else None
        if (
            base is not None
            and above is not None
            and self.kind(above) == "label"
            and above.box.width > base.box.width
        ):
            outer = [above]
            found.extend(outer)
        if not found:
            far = self._far_group(label)
            if far is not None:
                found.append(far)
        return tuple(tile.text for tile in reversed(found))

    def _far_group(self, label: Tile) -> Tile | None:
        """The tall tile at the left edge of the label's band, past blanks: 基本情况 of every label beside it."""
        for column in range(label.box.left - 1, 0, -1):
            tile = self.tiles.at(label.box.top, column)
            if (
                tile is not None
                and self.kind(tile) == "label"
                and tile.box.height > max(label.box.height, 1)
                and tile.box.bottom >= label.box.bottom
            ):
                return tile
        return None

    # --- pairing --------------------------------------------------------------------------------------------
    def read(self) -> CardSheet:
        made = CardSheet()
        self._lists(made)
        crossed, heads = self._crossed()
        taken = {
            (row, place.column)
            for block in made.lists
            for row in range(block.first_row, block.last_row + 1)
            for place in block.columns
        } | set(crossed)
        heads |= {(block.first_row - 1, place.column) for block in made.lists for place in block.columns}
        order = self.tiles.reading_order
        for tile in order:
            if self.kind(tile) == "label" and tile.place not in heads:
                right = self.tiles.right(tile)
                if right is not None and self.answers(right) and right.place not in taken:
                    self.owner.setdefault(right.place, tile)
        owners = {id(label) for label in self.owner.values()}
        for tile in order:
            if self.kind(tile) == "label" and id(tile) not in owners and tile.place not in heads:
                below = self.tiles.below(tile)
                if (
                    below is not None
                    and self.answers(below)
                    and below.place not in self.owner
                    and below.place not in taken
                    and below.box.left == tile.box.left
                ):
                    self.owner[below.place] = tile
        self._seconds(order, taken)
        self._collect(made, order, taken)
        self._count(made, order)
        if crossed:
            made.places = sorted([*made.places, *crossed.values()], key=lambda one: (one.row, one.column))
        return made

    def _crossed(self) -> tuple[dict[tuple[int, int], Place], set[tuple[int, int]]]:
        """Blanks where the labels of rows and columns meet within a card: 父亲 and 母亲 down, 姓名 and 联系电话 across."""
        found: dict[tuple[int, int], Place] = {}
        heads: set[tuple[int, int]] = set()
        row = 1
        while row < self.tiles.rows:
            run = self._run_of_labels(row)
            last = row
            while len(run) >= 3 and last < self.tiles.rows:
                below = [self.tiles.at(last + 1, tile.box.left) for tile in run]
                same = all(
                    b is not None and (b.box.left, b.box.right, b.box.height) == (t.box.left, t.box.right, 1)
                    for b, t in zip(below, run, strict=True)
                )
                if not same or self.kind(below[0]) != "label" or any(not self.answers(b) for b in below[1:]):
                    break
                last += 1
            if last - row < 2:
                row += 1
                continue
            for line in range(row + 1, last + 1):
                name = self.tiles.at(line, run[0].box.left)
                assert name is not None
                heads.add(name.place)
                for head in run[1:]:
                    tile = self.tiles.at(line, head.box.left)
                    assert tile is not None
                    if tile.computed:
                        continue
                    manner = places.manner_of(tile.text)
                    found[tile.place] = Place(
                        *tile.place, (name.text, head.text), manner, tile.text, crossed=True
                    )
            heads.update(head.place for head in run)
            row = last + 1
        return found, heads

    def _seconds(self, order: list[Tile], taken: set[tuple[int, int]]) -> None:
        """A blank beside another one belongs to the same label: two guardians."""
        for tile in order:
            if self.kind(tile) != "blank" or tile.place in self.owner or tile.place in taken:
                continue
            left = self.tiles.left(tile)
            if (
                left is not None
                and left.place in self.owner
                and self.kind(left) == "blank"
                and left.box.top == tile.box.top
                and left.box.height == tile.box.height
                and self.owner[left.place].box.top == tile.box.top
            ):
                self.owner[tile.place] = self.owner[left.place]

    def _collect(self, made: CardSheet, order: list[Tile], taken: set[tuple[int, int]]) -> None:
        count: dict[int, int] = {}
        for tile in order:
            kind = self.kind(tile)
            if tile.place in taken:
                continue
            if kind == "inline":
                groups = self.groups(tile)
                for number, piece in enumerate(places.pieces(tile.text)):
                    made.places.append(
                        Place(*tile.place, (*groups, piece.label), places.INLINE, tile.text, number)
                    )
                continue
            label = self.owner.get(tile.place)
            if label is None or kind not in ("blank", "open"):
                continue
            ordinal = count.get(id(label), 0)
            count[id(label)] = ordinal + 1
            made.places.append(
                Place(
                    *tile.place,
                    (*self.groups(label), label.text),
                    places.manner_of(tile.text),
                    tile.text,
                    0,
                    ordinal,
                )
            )

    def _lists(self, made: CardSheet) -> None:
        """Rows of at least two labels side by side over at least two rows of blanks with the same edges."""
        row = 1
        while row < self.tiles.rows:
            run = self._run_of_labels(row)
            block = self._block(row, run) if len(run) >= 2 else None
            if block is None:
                row += 1
                continue
            made.lists.append(block)
            row = block.last_row + 1

    def _run_of_labels(self, row: int) -> list[Tile]:
        best: list[Tile] = []
        here: list[Tile] = []
        for tile in [*self.tiles.row(row), None]:
            if (
                tile is not None
                and self.kind(tile) == "label"
                and tile.box.bottom == row
                and tile.box.height == 1
            ):
                here.append(tile)
                continue
            best = max(best, here, key=len)
            here = []
        return best

    def _block(self, row: int, run: list[Tile]) -> ListBlock | None:
        last = row
        while last < self.tiles.rows:
            below = [self.tiles.at(last + 1, tile.box.left) for tile in run]
            same = [
                b is not None
                and self.kind(b) in ("blank", "computed")
                and b.box.left == t.box.left
                and b.box.right == t.box.right
                and b.box.height == 1
                for b, t in zip(below, run, strict=True)
            ]
            numbered = below[0] is not None and below[0].text.strip().isdigit()
            if not all(same[1:] if numbered else same):
                break
            last += 1
        if last - row < 2:
            return None
        groups = self.groups(run[0])
        columns = [
            Place(row + 1, tile.box.left, (*groups, tile.text))
            for tile in run
            if self.kind(self.tiles.at(row + 1, tile.box.left)) != "computed"
        ]
        return ListBlock(groups[-1] if groups else "", row + 1, last, columns)

    def _count(self, made: CardSheet, order: list[Tile]) -> None:
        """In how many rows a label follows a blank, and how many labels own a blank to their right."""
        rows: set[int] = set()
        for place, label in self.owner.items():
            tile = self.tiles.at(*place)
            follower = self.tiles.right(tile) if tile is not None else None
            if tile is None or follower is None or self.kind(follower) != "label":
                made.lone += label.box.right + 1 == place[1]
                continue
            if follower.box.top == tile.box.top and self.answers(self.tiles.right(follower)):
                rows.add(place[0])
            made.lone += label.box.right + 1 == place[1]
        made.interleaved = len(rows)


def read_card(picture: Picture) -> CardSheet:
    """The blanks and lists of a sheet."""
    return _Reader(picture).read()


def is_section(text: str) -> bool:
    """Whether a text is the heading of a section: 一、个人资料."""
    return bool(_SECTION.match(text.strip()))

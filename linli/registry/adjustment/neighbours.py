"""What lies beside what: pieces of estates, and the graph of those that touch.

Positions are used where buildings have them; what has none stands in the order of communities, estates and building numbers,
beside what comes before and after it there.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nsmallest
from math import cos, hypot, radians

from linli.registry.adjustment.rules import Base, Block

METRES = 111_320.0  # of a degree of latitude


@dataclass
class Piece:
    """Buildings of one estate and one community that stay together: a whole estate, or a part of a large one."""

    index: int
    community: str
    estate: int
    blocks: list[Block]
    place: tuple[float, float] = (0.0, 0.0)
    beside: set[int] = field(default_factory=set)

    @property
    def households(self) -> int:
        return sum(block.households for block in self.blocks)

    @property
    def ids(self) -> list[int]:
        return [block.id for block in self.blocks]


def pieces_of(base: Base, most: int) -> list[Piece]:
    """The estates of every community; one of more than `most` households in parts of neighbouring building numbers."""
    groups: dict[tuple[str, int], list[Block]] = {}
    for block in base.blocks.values():
        groups.setdefault((block.community, block.estate), []).append(block)
    found: list[Piece] = []
    for (community, estate), blocks in sorted(groups.items()):
        ordered = sorted(blocks, key=lambda b: (b.position, b.id))
        for part in _parts(ordered, most):
            found.append(Piece(len(found), community, estate, part))
    _place(found)
    return found


def _parts(blocks: list[Block], most: int) -> list[list[Block]]:
    """Runs of buildings of about equal households, none above `most` where a building allows it."""
    total = sum(block.households for block in blocks)
    count = max(1, -(-total // most))
    if count == 1:
        return [blocks]
    goal, parts, so_far = total / count, [[blocks[0]]], blocks[0].households
    for block in blocks[1:]:
        if len(parts) < count and so_far + block.households / 2 > goal * len(parts):
            parts.append([])
        parts[-1].append(block)
        so_far += block.households
    return [part for part in parts if part]


def _place(pieces: list[Piece]) -> None:
    """Where each piece lies, in metres, and which touch: by Gabriel's rule on the buildings' positions (two are neighbours
    when no third lies in the circle over their joining line), and pieces of one estate by their order."""
    spots: list[tuple[float, float, int]] = []
    placed = [block.place for piece in pieces for block in piece.blocks if block.place is not None]
    scale = METRES * cos(radians(sum(p[1] for p in placed) / len(placed))) if placed else METRES
    for piece in pieces:
        own = [
            (block.place[0] * scale, block.place[1] * METRES)
            for block in piece.blocks
            if block.place is not None
        ]
        spots += [(x, y, piece.index) for x, y in own]
        if own:
            piece.place = (sum(x for x, _ in own) / len(own), sum(y for _, y in own) / len(own))
    without = [piece for piece in pieces if not any(block.place for block in piece.blocks)]
    _place_in_order(pieces, without)
    for a, b in _gabriel(spots):
        if a != b:
            pieces[a].beside.add(b)
            pieces[b].beside.add(a)
    for one, other in itertools.pairwise(pieces):
        if one.estate == other.estate or one in without or other in without:
            one.beside.add(other.index)
            other.beside.add(one.index)
    _bridge(pieces)


def _place_in_order(pieces: list[Piece], without: Iterable[Piece]) -> None:
    """A piece without positions lies by the nearest in order that has some, else on a line."""
    placed = {piece.index for piece in pieces} - {piece.index for piece in without}
    for piece in without:
        near = min(placed, key=lambda i: (abs(i - piece.index), i), default=None)
        piece.place = pieces[near].place if near is not None else (piece.index * 200.0, 0.0)


def _gabriel(spots: list[tuple[float, float, int]]) -> set[tuple[int, int]]:
    """The pairs of pieces with Gabriel neighbours. Spots are sorted into cells, so that only near ones are compared."""
    found: set[tuple[int, int]] = set()
    for i, (x1, y1, a) in enumerate(spots):
        near = nsmallest(
            12,
            (j for j in range(len(spots)) if j != i),
            key=lambda j: (spots[j][0] - x1) ** 2 + (spots[j][1] - y1) ** 2,
        )
        for j in near:
            x2, y2, b = spots[j]
            if a == b or (min(a, b), max(a, b)) in found:
                continue
            mx, my, r = (x1 + x2) / 2, (y1 + y2) / 2, hypot(x1 - x2, y1 - y2) / 2
            if not any(hypot(spots[k][0] - mx, spots[k][1] - my) < r - 1e-6 for k in near if k != j):
                found.add((min(a, b), max(a, b)))
    return found


def _bridge(pieces: list[Piece]) -> None:
    """Join parts of the graph that touch nothing else by their nearest pieces, so that all of it hangs together."""
    while True:
        groups = components({p.index for p in pieces}, pieces)
        if len(groups) < 2:
            return
        first, rest = groups[0], set().union(*groups[1:])
        a, b = min(
            ((i, j) for i in first for j in rest),
            key=lambda ij: (
                hypot(
                    pieces[ij[0]].place[0] - pieces[ij[1]].place[0],
                    pieces[ij[0]].place[1] - pieces[ij[1]].place[1],
                ),
                ij,
            ),
        )
        pieces[a].beside.add(b)
        pieces[b].beside.add(a)


def components(wanted: set[int], pieces: list[Piece]) -> list[set[int]]:
    """The connected parts of a set of pieces, the one with the lowest index first."""
    left, found = set(wanted), []
    while left:
        start = min(left)
        group, edge = {start}, [start]
        while edge:
            for beside in pieces[edge.pop()].beside & left:
                if beside not in group:
                    group.add(beside)
                    edge.append(beside)
        left -= group
        found.append(group)
    return found


def distance(one: Piece, other: Piece) -> float:
    """Metres between two pieces."""
    return hypot(one.place[0] - other.place[0], one.place[1] - other.place[1])

"""Proposing a plan: which pieces of estates go where, so that every community is inside the norm (ADR 0020).

An integer programme for HiGHS. Pieces are whole estates (parts of large ones); each goes to one community. A community that
stays keeps its largest piece, so that its office and name stay where they are. Sizes must lie in the norm (being out of it
costs more than anything else); then as few households as possible move, few communities end or begin, estates are not cut,
what moves does not go far, and the largest is not too large. That communities hang together is required round by round: where a
solution falls apart, the missing neighbours are asked for and it is solved again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import inf

import highspy

from linli.registry.adjustment.neighbours import Piece, components, distance, pieces_of
from linli.registry.adjustment.norms import Rule
from linli.registry.adjustment.rules import NEW, Base, Draft, sizes

# Weights, in households moved.
OUT_OF_NORM = 100.0  # for every household too few or too many
CLOSING = 200.0  # for a community given up or set up
CUTTING = 800.0  # for every further community an estate lies in
FAR = 0.3  # for a household moved by the width of the area
LARGEST = 0.2  # for a household of the largest community
CHOICES = (4, 8)  # near communities that a piece may go to; more when few are not enough
ROUNDS = 40
NODES = 1000  # of the search tree in a round: the same on every machine, unlike seconds
GAP = 0.02


class Unsolved(Exception):
    """No proposal was found; the text is a Chinese sentence."""


@dataclass(frozen=True)
class Proposal:
    """A proposed draft, with what it comes to."""

    draft: Draft
    said: tuple[str, ...]
    inside: bool
    moved_buildings: int
    moved_households: int
    rounds: int


Told = Callable[[int, int], None]


def propose(
    base: Base, rule: Rule, *, seconds: float = 60.0, told: Told = lambda _done, _of: None
) -> Proposal:
    """A plan that brings every community inside a norm of sizes, if there is one.

    The same base gives the same plan: seed and search limits are fixed; `seconds` only guards against a slow machine.
    `told(round, most)` hears of progress. Raises Unsolved when nothing was found, or when there is nothing to adjust.
    """
    low, high = int(rule.low or 0), int(rule.high) if rule.high is not None else 10**9
    pieces = pieces_of(base, max(1, (min(high, 4 * low or high) - low) // 3))
    if not pieces:
        raise Unsolved("这个范围里还没有楼栋，请先登记楼栋。")
    found: Proposal | None = None
    for choices in CHOICES:
        model = _Model(base, pieces, low, high, choices)
        for number in range(1, ROUNDS + 1):
            told(number, ROUNDS)
            chosen = model.solve(seconds)
            if not model.mend(chosen):
                found = _proposal(base, model, chosen, rule, number)
                break
        if found is not None and found.inside:
            return found
    if found is None:
        raise Unsolved("没有找到每个社区都连片的方案。请减少范围，或手工划转后再试。")
    return found


class _Model:
    """The integer programme. `keys` are the communities it may use, each with its core piece."""

    def __init__(self, base: Base, pieces: list[Piece], low: int, high: int, choices: int) -> None:
        self.base, self.pieces, self.low, self.high = base, pieces, low, high
        self.choices = choices
        self.core: dict[str, int] = {}
        self._cores()
        self.width = max((distance(pieces[0], other) for other in pieces), default=1.0) or 1.0
        self.solver = highspy.Highs()
        self.solver.silent()
        for option, value in (
            ("random_seed", 1),
            ("threads", 1),
            ("parallel", "off"),
            ("mip_rel_gap", GAP),
            ("mip_max_nodes", NODES),
        ):
            self.solver.setOptionValue(option, value)
        self.columns = 0
        self.open = {
            key: self._column(CLOSING if key.startswith(NEW) else -CLOSING, whole=True) for key in self.core
        }
        self.x: dict[tuple[int, str], int] = {}
        for piece in pieces:
            for key in self._choices(piece):
                self.x[piece.index, key] = self._column(self._cost(piece, key), whole=True)
        self._rows()

    def _cores(self) -> None:
        """Communities of today with their largest piece; for each that is too large, as many new ones as it needs, about
        pieces far from those already chosen."""
        own: dict[str, list[Piece]] = {}
        for piece in self.pieces:
            if piece.community:
                own.setdefault(piece.community, []).append(piece)
        for key, mine in sorted(own.items()):
            core = max(mine, key=lambda p: (p.households, -p.index))
            self.core[key] = core.index
            size = sum(piece.households for piece in mine)
            chosen = [core]
            for _ in range(-(-size // self.high) - 1 if size > self.high else 0):
                rest = [piece for piece in mine if piece not in chosen]
                if not rest:
                    break
                far = max(rest, key=lambda p: (min(distance(p, c) for c in chosen), -p.index))
                chosen.append(far)
                self.core[f"{NEW}{sum(1 for k in self.core if k.startswith(NEW)) + 1}"] = far.index

    def _choices(self, piece: Piece) -> list[str]:
        """The communities that a piece may go to: its own, and the nearest by their cores."""
        near = sorted(self.core, key=lambda key: (distance(piece, self.pieces[self.core[key]]), key))[
            : self.choices
        ]
        mine = [key for key, index in self.core.items() if index == piece.index]
        return list(dict.fromkeys([*([piece.community] if piece.community else []), *mine, *near]))

    def _cost(self, piece: Piece, key: str) -> float:
        if key == piece.community:
            return 0.0
        return piece.households * (
            1.0 + FAR * distance(piece, self.pieces[self.core[key]]) / self.width
        ) + 0.01 * len(piece.blocks)

    # -- building --------------------------------------------------------------------------------------------

    def _column(self, cost: float, *, whole: bool, most: float = 1.0) -> int:
        self.solver.addCol(cost, 0.0, most, 0, [], [])
        if whole:
            self.solver.changeColIntegrality(self.columns, highspy.HighsVarType.kInteger)
        self.columns += 1
        return self.columns - 1

    def _row(self, low: float, high: float, terms: dict[int, float]) -> None:
        self.solver.addRow(low, high, len(terms), list(terms), list(terms.values()))

    def _rows(self) -> None:
        largest = self._column(LARGEST, whole=False, most=inf)
        for piece in self.pieces:
            self._row(
                1.0, 1.0, {self.x[piece.index, k]: 1.0 for k in self.core if (piece.index, k) in self.x}
            )
        for (index, key), column in self.x.items():
            if self.core[key] == index:
                self._row(0.0, 0.0, {column: 1.0, self.open[key]: -1.0})
            else:
                self._row(-inf, 0.0, {column: 1.0, self.open[key]: -1.0})
        for key in self.core:
            size = {
                column: float(self.pieces[index].households)
                for (index, k), column in self.x.items()
                if k == key
            }
            few = self._column(OUT_OF_NORM, whole=False, most=inf)
            many = self._column(OUT_OF_NORM, whole=False, most=inf)
            self._row(0.0, inf, {**size, few: 1.0, self.open[key]: -float(self.low)})
            self._row(-inf, 0.0, {**size, many: -1.0, self.open[key]: -float(self.high)})
            self._row(-inf, 0.0, {**size, largest: -1.0})
        for (index, key), column in self.x.items():
            if self.core[key] != index:
                self._touches({index}, key, [column])
        self._estates()

    def _touches(self, group: set[int], key: str, columns: list[int]) -> None:
        """Pieces of a group away from the core belong to a community only with a neighbour of the group."""
        around = {n for index in group for n in self.pieces[index].beside} - group
        terms = {self.x[n, key]: -1.0 for n in around if (n, key) in self.x}
        for column in columns:
            self._row(-inf, 0.0, {column: 1.0, **terms})

    def _estates(self) -> None:
        parts = Counter(piece.estate for piece in self.pieces)
        for estate in sorted(e for e, count in parts.items() if count > 1):
            mine = [piece for piece in self.pieces if piece.estate == estate]
            for key in self.core:
                columns = [self.x[p.index, key] for p in mine if (p.index, key) in self.x]
                if not columns:
                    continue
                lies = self._column(CUTTING, whole=False)
                for column in columns:
                    self._row(-inf, 0.0, {column: 1.0, lies: -1.0})

    # -- solving ---------------------------------------------------------------------------------------------

    def solve(self, seconds: float) -> dict[int, str]:
        """The community of every piece.

        Raises Unsolved.
        """
        self.solver.setOptionValue("time_limit", self.solver.getRunTime() + seconds)
        self.solver.run()
        values = self.solver.getSolution().col_value
        if not self.solver.getInfo().primal_solution_status or not values:
            raise Unsolved("在限定时间内没有找到方案。请减少范围，或放宽标准后再试。")
        return {index: key for (index, key), column in self.x.items() if values[column] > 0.5}

    def mend(self, chosen: dict[int, str]) -> bool:
        """Ask for what is missing where communities fall apart. Returns whether anything was."""
        broken = False
        for key, core in self.core.items():
            mine = {index for index, k in chosen.items() if k == key}
            for group in components(mine, self.pieces):
                if core in group or not mine:
                    continue
                broken = True
                self._touches(group, key, [self.x[index, key] for index in group])
        return broken


def _proposal(base: Base, model: _Model, chosen: dict[int, str], rule: Rule, rounds: int) -> Proposal:
    """The draft that the choice comes to, in as few words as can be: what goes with a merged community is not named again."""
    goes = {block.id: chosen[piece.index] for piece in model.pieces for block in piece.blocks}
    used = set(goes.values())
    draft = Draft()
    names: dict[str, str] = {}
    for key in sorted(k for k in used if k.startswith(NEW)):
        core = model.pieces[model.core[key]]
        name = _name(base, draft, core)
        draft, names[key] = draft.found(base, name)
    merged = {}
    for key in base.communities:
        if key in used or not base.of(key):
            continue
        weight: Counter[str] = Counter()
        for block in base.of(key):
            weight[names.get(goes[block.id], goes[block.id])] += block.households + 1
        merged[key] = max(sorted(weight), key=lambda k: weight[k])
    for key, into in merged.items():
        draft = draft.merge(base, key, into)
    by_target: dict[str, list[int]] = {}
    for block in base.blocks.values():
        target = names.get(goes[block.id], goes[block.id])
        if target not in (block.community, merged.get(block.community)):
            by_target.setdefault(target, []).append(block.id)
    for target, ids in sorted(by_target.items()):
        draft = draft.move(base, ids, target)
    return _told(base, draft, rule, rounds)


def _name(base: Base, draft: Draft, core: Piece) -> str:
    """A community named after the estate about which it is set up."""
    stem = core.blocks[0].estate_name.removesuffix("小区")
    taken = {one.name for one in draft.communities(base).values()}
    for tail in ("社区", "新社区", "第二社区", "第三社区"):
        if f"{stem}{tail}" not in taken:
            return f"{stem}{tail}"
    return f"{stem}社区（{len(taken)}）"


def _told(base: Base, draft: Draft, rule: Rule, rounds: int) -> Proposal:
    """The proposal with its words."""
    changed = draft.changes(base)
    households = sum(base.blocks[pk].households for pk in changed)
    out = _outside(base, draft, rule)
    return Proposal(draft, tuple(describe(base, draft, rule)), not out, len(changed), households, rounds)


def _outside(base: Base, draft: Draft, rule: Rule) -> dict[str, int]:
    """The communities out of the norm under a draft, with their households."""
    after = sizes(base, draft.assignment(base))
    numbers = {key: after[key].households if key in after else 0 for key in draft.staying(base)}
    return {key: number for key, number in numbers.items() if not _inside(rule, number)}


def describe(base: Base, draft: Draft, rule: Rule) -> list[str]:
    """What a draft comes to: “移动 12 栋、1,150 户；…”"""
    changed = draft.changes(base)
    households = sum(base.blocks[pk].households for pk in changed)
    total = sum(block.households for block in base.blocks.values()) or 1
    after = sizes(base, draft.assignment(base))
    staying = draft.staying(base)
    numbers = [after[key].households if key in after else 0 for key in staying]
    said = [
        f"移动 {len(changed)} 栋、{households:,} 户，占全部 {total:,} 户的 {100 * households / total:.1f}%；",
        f"社区由 {len(base.communities)} 个调整为 {len(staying)} 个"
        + (f"，新设 {len(draft.founded)} 个" if draft.founded else "")
        + (f"，撤并 {len(draft.merged)} 个" if draft.merged else "")
        + "；",
    ]
    if numbers:
        said.append(f"调整后最小 {min(numbers):,} 户，最大 {max(numbers):,} 户；")
    if out := _outside(base, draft, rule):
        names = "、".join(f"{staying[key].name}（{number:,} 户）" for key, number in out.items())
        said.append(f"仍在标准之外：{names}。这些社区周围凑不够或分不开，请人工决定。")
    else:
        said.append(f"所有社区都在标准之内（{_range(rule)}，{rule.source}）。")
    return said


def _inside(rule: Rule, households: int) -> bool:
    number = Decimal(households)
    return (rule.low is None or number >= rule.low) and (rule.high is None or number <= rule.high)


def _range(rule: Rule) -> str:
    low = f"{int(rule.low):,}" if rule.low is not None else ""
    high = f"{int(rule.high):,}" if rule.high is not None else ""
    return f"{low}—{high} 户" if low and high else f"不少于 {low} 户" if low else f"不多于 {high} 户"


__all__ = ["Proposal", "Unsolved", "describe", "propose"]

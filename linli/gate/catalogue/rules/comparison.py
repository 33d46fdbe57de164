"""Two editions of the catalogue beside each other: what went and where, what came, what changed, and what that weighs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from linli.gate.catalogue.rules.terms import Fate


class Turn(StrEnum):
    """What became of an item from one edition to the other."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    MERGED = "merged"
    ENDED = "ended"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            Turn.NEW: "新增",
            Turn.CANCELLED: "取消",
            Turn.MOVED: "转出购买服务",
            Turn.MERGED: "合并",
            Turn.ENDED: "到期退出",
            Turn.CHANGED: "保留并调整",
            Turn.SAME: "保留不变",
        }[self]

    @property
    def leaves(self) -> bool:
        """Whether the item is gone in the later edition."""
        return self in (Turn.CANCELLED, Turn.MOVED, Turn.MERGED, Turn.ENDED)


TURN_OF = {Fate.CANCEL: Turn.CANCELLED, Fate.MOVE: Turn.MOVED, Fate.MERGE: Turn.MERGED}


@dataclass(frozen=True)
class Line:
    """An item as an edition has it. `key` is the item's lasting identity; `shown` are its terms in words, by label."""

    key: int
    title: str
    category: str
    hours: Decimal
    shown: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Going:
    """Where an item went: its fate, the item it was merged into, and why."""

    fate: Fate
    into: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Change:
    """One item across the two editions. `differences` are (label, before, after)."""

    turn: Turn
    before: Line | None
    after: Line | None
    reason: str = ""
    differences: tuple[tuple[str, str, str], ...] = ()
    into: Line | None = None

    @property
    def line(self) -> Line:
        """The item as it was, or as it came."""
        found = self.before or self.after
        assert found is not None
        return found


@dataclass
class ClassRow:
    """A class across the two editions: items, turns and yearly hours in one community."""

    name: str
    before: int = 0
    after: int = 0
    hours_before: Decimal = Decimal(0)
    hours_after: Decimal = Decimal(0)
    turns: dict[Turn, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True)
class Comparison:
    """All changes in the order of the earlier edition, then what is new in the order of the later one."""

    changes: tuple[Change, ...]
    classes: tuple[ClassRow, ...]

    def of(self, turn: Turn) -> tuple[Change, ...]:
        """The changes of one turn."""
        return tuple(one for one in self.changes if one.turn is turn)

    def count(self, turn: Turn) -> int:
        """How many items took that turn."""
        return sum(1 for one in self.changes if one.turn is turn)

    @property
    def before(self) -> int:
        """Items of the earlier edition."""
        return sum(1 for one in self.changes if one.before is not None)

    @property
    def after(self) -> int:
        """Items of the later edition."""
        return sum(1 for one in self.changes if one.after is not None)

    @property
    def classes_before(self) -> int:
        """Classes of the earlier edition."""
        return sum(1 for one in self.classes if one.before)

    @property
    def classes_after(self) -> int:
        """Classes of the later edition."""
        return sum(1 for one in self.classes if one.after)

    @property
    def hours_before(self) -> Decimal:
        """Hours in a year in one community, in the earlier edition."""
        return sum((one.hours_before for one in self.classes), Decimal(0))

    @property
    def hours_after(self) -> Decimal:
        """Hours in a year in one community, in the later edition."""
        return sum((one.hours_after for one in self.classes), Decimal(0))

    @property
    def summary(self) -> str:
        """取消 131 项、合并 12 项、新增 5 项；没有变化."""
        parts = [
            f"{turn.label} {self.count(turn)} 项"
            for turn in (Turn.CANCELLED, Turn.MOVED, Turn.MERGED, Turn.ENDED, Turn.NEW, Turn.CHANGED)
            if self.count(turn)
        ]
        return "、".join(parts) or "没有变化"


def _differences(before: Line, after: Line) -> tuple[tuple[str, str, str], ...]:
    labels = [*before.shown, *(one for one in after.shown if one not in before.shown)]
    return tuple(
        (label, before.shown.get(label, ""), after.shown.get(label, ""))
        for label in labels
        if before.shown.get(label, "") != after.shown.get(label, "")
    )


def _final(key: int, going: Mapping[int, Going]) -> int:
    """Where a chain of mergers ends."""
    seen = {key}
    while (step := going.get(key)) is not None and step.into is not None and step.into not in seen:
        key = step.into
        seen.add(key)
    return key


def compare(before: Iterable[Line], after: Iterable[Line], going: Mapping[int, Going]) -> Comparison:
    """Compare two lists. `going` says of the items that are gone where they went; one that it does not know ran out."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    changes: list[Change] = []
    for key, line in old.items():
        later = new.get(key)
        if later is not None:
            differences = _differences(line, later)
            changes.append(
                Change(Turn.CHANGED if differences else Turn.SAME, line, later, differences=differences)
            )
            continue
        went = going.get(key)
        if went is None:
            changes.append(Change(Turn.ENDED, line, None))
            continue
        into = new.get(_final(key, going)) if went.fate is Fate.MERGE else None
        changes.append(Change(TURN_OF[went.fate], line, None, went.reason, into=into))
    changes += [Change(Turn.NEW, None, line) for key, line in new.items() if key not in old]
    return Comparison(tuple(changes), _classes(changes))


def _classes(changes: Iterable[Change]) -> tuple[ClassRow, ...]:
    rows: dict[str, ClassRow] = {}
    for one in changes:
        if one.before is not None:
            row = rows.setdefault(one.before.category, ClassRow(one.before.category))
            row.before += 1
            row.hours_before += one.before.hours
            row.turns[one.turn] += 1
        if one.after is not None:
            row = rows.setdefault(one.after.category, ClassRow(one.after.category))
            row.after += 1
            row.hours_after += one.after.hours
            if one.before is None:
                row.turns[one.turn] += 1
    return tuple(rows.values())

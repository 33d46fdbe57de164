"""Whether the totals of a filled table agree with their parts. What a number means decides what its parts are, not where it stands."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping as Values
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from linli.kernel.textnorm import squash
from linli.ledgers.meaning.mapping import Mapping
from linli.ledgers.meaning.numbers import COUNT, SUM, NumberMeaning

_TOTAL = re.compile(r"^(?:合计|总计|小计|共计|总数|计)$")
_SEXES = frozenset(("male", "female"))
SEX = "sex"

Place = tuple[int, int]
Cell = tuple[Mapping, NumberMeaning]


@dataclass(frozen=True)
class Part:
    """What a number narrows of its total: codes of the element at `path`, or a span of whole numbers (ends included)."""

    path: str
    codes: frozenset[str] = frozenset()
    low: int | None = None
    high: int | None = None

    def meets(self, other: Part) -> bool:
        """Whether somebody may be in both."""
        if self.codes or other.codes:
            return bool(self.codes & other.codes)
        return (self.high is None or other.low is None or other.low <= self.high) and (
            other.high is None or self.low is None or self.low <= other.high
        )

    def within(self, other: Part) -> bool:
        """Whether everybody of this one is in the other."""
        if self.codes or other.codes:
            return self.codes <= other.codes
        return (other.low is None or (self.low is not None and self.low >= other.low)) and (
            other.high is None or (self.high is not None and self.high <= other.high)
        )


@dataclass(frozen=True)
class Difference:
    """A total that is not the sum of its parts, and by what they are told apart."""

    mapping: Mapping
    path: str
    total: Decimal
    parts: Decimal


def part_of(part: NumberMeaning, total: NumberMeaning) -> Part | None:
    """What makes one number a part of another; None when it is none: the same but for one narrowing."""

    def same(one: NumberMeaning) -> tuple[Any, ...]:
        return (
            one.subject, one.aggregate, one.element, one.factor, one.period, one.of_year, one.month, one.region,
        )  # fmt: skip

    if same(part) != same(total) or total.aggregate not in (COUNT, SUM):
        return None
    conditions = Counter(part.conditions) - Counter(total.conditions)
    narrow = Counter(part.narrow) - Counter(total.narrow)
    lost = (Counter(total.conditions) - Counter(part.conditions)) or (
        Counter(total.narrow) - Counter(part.narrow)
    )
    more = [*conditions.elements(), *narrow.elements()]
    if lost or len(more) != 1:
        return None
    if conditions:
        return Part(SEX, frozenset(conditions)) if set(conditions) <= _SEXES else None
    path, codes, low, high = next(iter(narrow))
    return Part(path, frozenset(codes), low, high)


def _labels(mapping: Mapping) -> Counter[str]:
    return Counter(squash(label) for label in mapping.path if _TOTAL.match(squash(label)))


def differences(cells: Sequence[Cell], values: Values[Place, Any]) -> tuple[list[Difference], int]:
    """The totals that differ from the sum of their parts in the same column or row, and how many totals were looked at."""
    lines: dict[tuple[str, int], list[Cell]] = defaultdict(list)
    for mapping, meaning in cells:
        if (mapping.row, mapping.column) in values:
            lines["column", mapping.column].append((mapping, meaning))
            lines["row", mapping.row].append((mapping, meaning))
    found: list[Difference] = []
    checked = 0
    for line in lines.values():
        for mapping, meaning in line:
            if not _labels(mapping):
                continue
            by_path: dict[str, list[tuple[Part, Any]]] = defaultdict(list)
            for other, narrower in line:
                part = part_of(narrower, meaning) if _labels(mapping) - _labels(other) else None
                if part is not None:
                    by_path[part.path].append((part, values[other.row, other.column]))
            for path, parts in by_path.items():
                outer = [
                    one
                    for one in parts
                    if not any(one[0] != two[0] and one[0].within(two[0]) for two in parts)
                ]
                apart = not any(a.meets(b) for (a, _v), (b, _w) in itertools.combinations(outer, 2))
                if len(outer) < 2 or not apart:
                    continue
                checked += 1
                total = Decimal(str(values[mapping.row, mapping.column]))
                summed = sum((Decimal(str(value)) for _part, value in outer), Decimal(0))
                if total != summed:
                    found.append(Difference(mapping, path, total, summed))
    return found, checked

"""Rules of networks: how many households a leader and a representative stand for. No Django, no database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HOUSEHOLDS_A_GROUP = 50
"""One group leader (居民小组长) for 50 households: report 001 of the sources, and the upper end of Art. 13."""

HOUSEHOLDS_A_REPRESENTATIVE = (20, 50)
"""One residents' representative for 20 to 50 households: Organic Law of the Residents' Committees, in force since 2026-01-01, Art. 13."""


def representatives(households: int) -> tuple[int, int]:
    """The least and the most representatives that the law allows for so many households: 1,000 → 20 to 50."""
    least, most = HOUSEHOLDS_A_REPRESENTATIVE
    return -(-households // most), households // least


def leaders_needed(households: int) -> int:
    """How many group leaders so many households need: 101 → 3."""
    return -(-households // HOUSEHOLDS_A_GROUP)


@dataclass(frozen=True)
class Covered:
    """A place that a post looks after: a building, one of its units, or one home."""

    building: int
    unit: int | None = None
    home: int | None = None


def overlap(one: Covered, other: Covered, unit_of_home: Mapping[int, int | None]) -> bool:
    """Whether two places have a home in common."""
    if one.building != other.building:
        return False
    if one.home is not None and other.home is not None:
        return one.home == other.home
    first = unit_of_home.get(one.home) if one.home is not None else one.unit
    second = unit_of_home.get(other.home) if other.home is not None else other.unit
    if (one.home is None and one.unit is None) or (other.home is None and other.unit is None):
        return True
    return first == second


def double(
    wanted: Iterable[Covered], held: Iterable[Covered], unit_of_home: Mapping[int, int | None]
) -> Covered | None:
    """The first wanted place that somebody else looks after already; None where there is none."""
    others = list(held)
    return next((one for one in wanted if any(overlap(one, other, unit_of_home) for other in others)), None)

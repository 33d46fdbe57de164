"""What is wrong with a record, how grave it is, and the score of a community. Plain data and figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from linli.registry.quality.rules.buildings import BUILDINGS
from linli.registry.quality.rules.checks import (
    CLASSES,
    DOUBLE,
    IMPOSSIBLE,
    MISSING,
    PARTS,
    STALE,
    SUBJECTS,
    Check,
    Part,
    Subject,
)
from linli.registry.quality.rules.groups import GROUPS
from linli.registry.quality.rules.homes import HOMES
from linli.registry.quality.rules.households import HOUSEHOLDS
from linli.registry.quality.rules.organisations import ORGANISATIONS
from linli.registry.quality.rules.people import PEOPLE

__all__ = [
    "BASE",
    "BY_KEY",
    "CHECKS",
    "CLASSES",
    "DOUBLE",
    "EVERY",
    "IMPOSSIBLE",
    "MISSING",
    "PARTS",
    "STALE",
    "SUBJECTS",
    "Check",
    "Part",
    "Subject",
    "score",
    "tone",
    "total",
]

CHECKS: Final[tuple[Check, ...]] = PEOPLE
"""Of people: counted in one pass over them."""
BASE: Final[tuple[Check, ...]] = HOMES + BUILDINGS + HOUSEHOLDS + ORGANISATIONS + GROUPS
"""Of everything else: found set by set and kept as findings."""
EVERY: Final[tuple[Check, ...]] = CHECKS + BASE
BY_KEY: Final = {check.key: check for check in EVERY}

Counted = tuple[int, float]
"""Records of a part, and what their gravest faults take."""


def score(records: int, lost: float) -> float:
    """100 for a part without faults: each record counts one, and loses the weight of its gravest fault. One decimal."""
    return _written(100 * (1 - lost / records)) if records else 100.0


def _written(points: float) -> float:
    """One decimal; 100 is only what has no fault at all."""
    return min(round(points, 1), 99.9) if points < 100 else 100.0


def total(parts: Mapping[str, Counted]) -> float:
    """The score of all parts by their shares. A part without records does not count, the others weigh more (ADR 0049)."""
    judged = [(part.share, *parts[part.key]) for part in PARTS if parts.get(part.key, (0, 0.0))[0]]
    shares = sum(share for share, _records, _lost in judged)
    points = sum(share * (1 - lost / records) for share, records, lost in judged)
    return _written(round(100 * points / shares, 9)) if shares else 100.0


def tone(points: float) -> str:
    """How a score looks."""
    return "ok" if points >= 95 else "warn" if points >= 85 else "danger"

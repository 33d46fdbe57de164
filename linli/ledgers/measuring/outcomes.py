"""What may become of a blank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

RIGHT, WRONG, BLANK, ASKED, DECLINED, UNTESTED = "right", "wrong", "blank", "asked", "declined", "untested"
OUTCOMES = (RIGHT, WRONG, BLANK, ASKED, DECLINED, UNTESTED)
TOLD = (RIGHT, WRONG, BLANK, ASKED)
# What a blank can prove: the registry holds it and there was a value to compare; it holds it, but the made-up street has no
# value there; it does not hold it (or the blank is never filled), so that staying blank is all that can be right; it is
# left out by design.
HELD, NO_VALUE, NOT_HELD, LEFT_OUT = "held", "no_value", "not_held", "left_out"


@dataclass
class BlankResult:
    """What became of one blank (of a roster: one column).

    `known` says that the dictionary holds what is expected; `stayed_free` that the blank may stay blank and did, in every row,
    which proves nothing about filling; `by_design` that the expectation is to decline.
    """

    place: str
    label: str
    answerable: str
    outcome: str
    cells: Counter[str] = field(default_factory=Counter)
    note: str = ""
    known: bool = True
    stayed_free: bool = False
    by_design: bool = False

    @property
    def proves(self) -> str:
        """Which of the four kinds it is."""
        if self.by_design:
            return LEFT_OUT
        if not self.known or self.stayed_free:
            return NOT_HELD
        return NO_VALUE if self.outcome == UNTESTED else HELD


def tally(blanks: Iterable[BlankResult]) -> Counter[tuple[str, str]]:
    """How many blanks of each kind ended how: (kind, outcome) → number."""
    return Counter((one.proves, one.outcome) for one in blanks)

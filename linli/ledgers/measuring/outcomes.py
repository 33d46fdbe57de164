"""What may become of a blank."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

RIGHT, WRONG, BLANK, ASKED, DECLINED, UNTESTED = "right", "wrong", "blank", "asked", "declined", "untested"
OUTCOMES = (RIGHT, WRONG, BLANK, ASKED, DECLINED, UNTESTED)


@dataclass
class BlankResult:
    """What became of one blank (of a roster: one column)."""

    place: str
    label: str
    answerable: str
    outcome: str
    cells: Counter[str] = field(default_factory=Counter)
    note: str = ""
    known: bool = True

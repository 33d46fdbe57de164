"""What a form's columns ask, counted: what the base holds, what is new, what is by hand, what must not be asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

_HELD = {"element", "number", "relation", "serial"}


@dataclass(frozen=True)
class Column:
    """A column: its heading, what recognition made of it (a mapping's target), and the element's name."""

    label: str
    target: str
    element: str = ""


@dataclass(frozen=True)
class Summary:
    """A form's columns counted. `total` leaves out what people sign or remark by hand; `doubtful` are those that a person has
    to confirm (they count as new)."""

    total: int
    held: int
    new: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    by_hand: int = 0
    elements: tuple[str, ...] = field(default_factory=tuple)

    @property
    def sentence(self) -> str:
        """34 列中 31 列底数里已有，从底数填；3 列是新的：…"""
        if not self.total:
            return "没有认出要填的列"
        said = f"{self.total} 列中 {self.held} 列底数里已有，从底数填"
        if self.new:
            said += f"；{len(self.new)} 列是新的：{'、'.join(self.new)}"
        if self.doubtful:
            said += f"；{len(self.doubtful)} 列要人确认：{'、'.join(self.doubtful)}"
        if self.declined:
            said += f"；{len(self.declined)} 列按规定不收集：{'、'.join(self.declined)}"
        return said

    def as_json(self) -> dict[str, Any]:
        """As it is kept beside the form."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Summary:
        """Back from `as_json`."""
        lists = ("new", "doubtful", "declined", "elements")
        return cls(**{**data, **{key: tuple(data.get(key, ())) for key in lists}})


def summarise(columns: Iterable[Column]) -> Summary:
    """Count a form's columns."""
    listed = list(columns)
    every = [one for one in listed if one.target != "never"]
    held = [one for one in every if one.target in _HELD]
    return Summary(
        total=len(every),
        held=len(held),
        new=tuple(one.label for one in every if one.target == "unknown"),
        doubtful=tuple(one.label for one in every if one.target == "asked"),
        declined=tuple(one.label for one in every if one.target == "declined"),
        by_hand=len(listed) - len(every),
        elements=tuple(dict.fromkeys(one.element for one in held if one.element)),
    )


# Two forms ask the same when so much of the smaller one's known columns stands in the other.
SAME_SHARE = 0.8
SAME_LEAST = 5


def asks_the_same(one: Iterable[str], other: Iterable[str]) -> float:
    """The share of the smaller form's elements that the other asks too; 0 where it is too little to say so."""
    first, second = set(one), set(other)
    least = min(len(first), len(second))
    if least < SAME_LEAST:
        return 0.0
    share = len(first & second) / least
    return share if share >= SAME_SHARE else 0.0

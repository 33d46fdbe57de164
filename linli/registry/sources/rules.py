"""Whose word holds: what a source says against what is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

# How reliable kinds of sources are, from 0 to 100; the table holds them from the first use on and may be changed there.
RANKS: Final[tuple[tuple[str, str, int], ...]] = (
    ("police", "公安", 90),
    ("paper", "证件原件", 85),
    ("civil", "民政", 80),
    ("department", "其他主管部门", 70),
    ("visit", "社区入户", 60),
    ("unit", "单位、学校", 50),
    ("property", "物业", 40),
    ("ledger", "旧台账", 30),
    ("self", "自报", 20),
)
# What a valid citizen number says of its bearer (GB 11643).
NUMBER_RANK: Final = 95
# Who somebody is, is never changed by a list: a difference means that the row is of somebody else, or that one of both is wrong.
IDENTITY: Final = frozenset({"name", "sex", "birth_date", "id_kind", "id_number"})

TAKE, AGREE, CONFLICT = "take", "agree", "conflict"


@dataclass(frozen=True, slots=True)
class Known:
    """A value as it is known: what it is ("" or None: nothing), the rank of whoever said it, and when."""

    value: object
    rank: int = 0
    on: date | None = None

    @property
    def is_blank(self) -> bool:
        return self.value in (None, "", "0")


def decide(element: str, known: Known, said: Known) -> str:
    """What becomes of what a source says: `agree` with what is known, `take` where nothing is known or the source is more
    reliable, or as reliable and no older; else `conflict`, for a person to settle. A source that says nothing never erases.

    Raises ValueError when the source says nothing.
    """
    if said.is_blank:
        raise ValueError("blank")
    if said.value == known.value:
        return AGREE
    if known.is_blank:
        return TAKE
    if element in IDENTITY:
        return CONFLICT
    if said.rank > known.rank:
        return TAKE
    if said.rank == known.rank and (said.on or date.min) >= (known.on or date.min):
        return TAKE
    return CONFLICT


def date_problem(on: date, today: date) -> str:
    """Nobody speaks from the future."""
    if on > today:
        return f"来源日期 {on} 还没有到，请填写今天或以前的日期。"
    if on.year < 1950:
        return f"来源日期 {on} 太早了，请核对。"
    return ""

"""Plates and bodies of a community: which may hang, what may become of one. Plain decisions on plain data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

ALLOWED = ("社区党组织", "社区居民委员会", "社区服务站")
"""The three plates that hang outside in a district that has not settled it otherwise."""


class State(StrEnum):
    """How a plate or body stands."""

    ALLOWED = "allowed"
    LISTED = "listed"
    FOUND = "found"
    REMOVING = "removing"
    REMOVED = "removed"
    PROPOSED = "proposed"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            State.ALLOWED: "保留",
            State.LISTED: "经准入",
            State.FOUND: "待处理",
            State.REMOVING: "限期摘除",
            State.REMOVED: "已摘除",
            State.PROPOSED: "申请中",
            State.REFUSED: "不同意",
        }[self]


HANGING = (State.ALLOWED, State.LISTED, State.FOUND, State.REMOVING)
EVER = (*HANGING, State.REMOVED)


def may_be_ordered_away(state: State) -> bool:
    """Whether its removal may be ordered: what hangs, except the allowed ones."""
    return state in (State.FOUND, State.LISTED, State.REMOVING)


def removal_problem(remove_by: date, cost: Decimal | None, today: date) -> tuple[str, str]:
    """What is wrong with an order to remove, and in which field."""
    if remove_by < today:
        return "摘除的期限不能早于今天。", "remove_by"
    if (remove_by - today).days > 366:
        return "摘除的期限最长一年。", "remove_by"
    if cost is not None and not 0 <= cost < 1_000_000:
        return "费用要在 0 到 100 万元之间。", "cost"
    return "", ""


def removed_problem(
    on: date, since: date, today: date, *, has_board: bool, photographs: int
) -> tuple[str, str]:
    """What is wrong with saying that it is gone, and in which field."""
    if on > today:
        return "摘除日期不能晚于今天。", "removed_on"
    if on < since:
        return f"摘除日期不能早于登记的 {since}。", "removed_on"
    if has_board and not photographs:
        return "摘下牌子要附摘除后的照片，从原来挂牌的位置拍。", "photos"
    return "", ""


def overdue(state: State, remove_by: date | None, today: date) -> bool:
    """Whether it should be gone by now."""
    return state is State.REMOVING and remove_by is not None and remove_by < today

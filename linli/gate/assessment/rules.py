"""One composite assessment a year: weights, scores from values, totals and places. Plain decisions on plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

WHOLE = 100
_CENT = Decimal("0.01")


class Way(StrEnum):
    """Where a part's points come from."""

    ENTERED = "entered"
    MEASURED = "measured"
    SATISFACTION = "satisfaction"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            Way.ENTERED: "评分录入",
            Way.MEASURED: "系统计算",
            Way.SATISFACTION: "居民满意度",
        }[self]


@dataclass(frozen=True)
class Part:
    """A part of a year's plan: its weight in percent, and for measured ones the values worth nothing and all of it."""

    key: int
    title: str
    weight: int
    way: Way
    zero_at: Decimal | None = None
    full_at: Decimal | None = None


def plan_problem(parts: Sequence[Part], least_satisfaction: int) -> str:
    """Why a plan cannot be published, with what to do; "" when it can."""
    if not parts:
        return "方案还没有考核内容，请先添加。"
    total = sum(one.weight for one in parts)
    if total != WHOLE:
        return f"各项权重合计是 {total}，要正好 100。"
    asked = sum(one.weight for one in parts if one.way is Way.SATISFACTION)
    if asked < least_satisfaction:
        return f"居民满意度的权重是 {asked}，至少要 {least_satisfaction}。请提高，或减少别的。"
    return ""


def part_problem(
    title: str, weight: int, way: Way, measure: str, zero_at: Decimal | None, full_at: Decimal | None
) -> tuple[str, str]:
    """What is wrong with a part, and in which field."""
    if not title.strip():
        return "请填写考核内容。", "title"
    if not 1 <= weight <= WHOLE:
        return "权重要在 1 到 100 之间。", "weight"
    if way is Way.MEASURED:
        if not measure:
            return "请选择用哪个数字计算。", "measure"
        if zero_at is None or full_at is None or zero_at == full_at:
            return "请填写得 0 分和得满分的数值，两个不能一样。", "full_at"
    return "", ""


def points(value: Decimal, zero_at: Decimal, full_at: Decimal) -> Decimal:
    """Points out of 100 for a value, in proportion between the one worth nothing and the one worth all; either may be larger."""
    part = (value - zero_at) / (full_at - zero_at)
    return (min(max(part, Decimal(0)), Decimal(1)) * WHOLE).quantize(_CENT, ROUND_HALF_UP)


def measured_points(
    value: Decimal | None, zero_at: Decimal, full_at: Decimal, *, recorded: bool
) -> Decimal | None:
    """Points for what was counted in a community; None where nothing is recorded that could be judged.

    That is so where there is nothing to divide by (`value` None), and where less is better and nothing of the kind was ever recorded
    there: who writes nothing down must not come out best. Where more is better nothing recorded is nothing done.
    """
    if value is None or (full_at < zero_at and not recorded):
        return None
    return points(value, zero_at, full_at)


def said(points: Decimal | None) -> str:
    """Points as they are told."""
    return "没有记录" if points is None else f"{points} 分"


def counted(parts: Sequence[Part], scores: Mapping[int, Decimal | None]) -> int:
    """The weight, in percent, of the parts that count for a community: all but those of which nothing is recorded there."""
    return sum(one.weight for one in parts if scores.get(one.key, Decimal(0)) is not None)


def total(parts: Sequence[Part], scores: Mapping[int, Decimal | None]) -> Decimal | None:
    """The weighted total out of 100; None while a part was not judged.

    Parts of which nothing is recorded (None) are left out and the others weigh as much more: the community neither gains nor loses.
    """
    weight = counted(parts, scores)
    if not weight or any(one.key not in scores for one in parts):
        return None
    found = sum(((scores[one.key] or Decimal(0)) * one.weight for one in parts), Decimal(0)) / weight
    return found.quantize(_CENT, ROUND_HALF_UP)


def places(totals: Mapping[str, Decimal | None]) -> dict[str, int]:
    """The place of each that has a total; equal totals share one."""
    ranked = sorted((one for one in totals.values() if one is not None), reverse=True)
    return {key: ranked.index(one) + 1 for key, one in totals.items() if one is not None}


def objection_problem(reason: str, wanted: Decimal | None, given: Decimal | None) -> tuple[str, str]:
    """What is wrong with an objection, and in which field."""
    if len(reason.strip()) < 5:
        return "请写明哪里不对、有什么依据，至少几句话。", "reason"
    if wanted is not None and not 0 <= wanted <= WHOLE:
        return "认为应得的分数要在 0 到 100 之间。", "wanted"
    if wanted is not None and wanted == given:
        return "认为应得的分数和现在的一样，不用申诉。", "wanted"
    return "", ""

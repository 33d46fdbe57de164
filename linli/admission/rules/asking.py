"""An application's terms: what is still missing before it can be handed in, and how what is granted differs from what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from linli.flow.rules.warrants import Per, Thing

YEARLY = {Per.YEAR: 1, Per.HALF: 2, Per.QUARTER: 4, Per.MONTH: 12, Per.WEEK: 52, Per.ONCE: 1}


@dataclass(frozen=True)
class Terms:
    """What may be sent, how often, from when until when (the first day it no longer holds), what one occurrence takes."""

    things: frozenset[Thing]
    times: int | None
    per: Per
    expected: int | None
    since: date
    until: date
    hours: Decimal

    @property
    def yearly(self) -> int:
        """Occurrences a year: the limit, or the estimate where there is none."""
        return (self.expected or 0) if self.times is None else self.times * YEARLY[self.per]


def frequency(times: int | None, per: Per) -> str:
    """每季度 1 次, 次数不限."""
    return "次数不限" if times is None else f"{per.label} {times} 次"


def wider(asked: Terms, granted: Terms) -> str:
    """Why what is granted goes beyond what was asked; "" when it does not."""
    if more := granted.things - asked.things:
        return f"没有申请下派{_named(more)}，不能批准。"
    if granted.until > asked.until:
        return f"有效期不能晚于申请的 {asked.until}。"
    if granted.until <= granted.since:
        return "有效期的截止日期要晚于起始日期。"
    if asked.times is not None:
        if granted.times is None:
            return "申请写了次数上限，批准时不能改为不限。"
        if granted.per is Per.ONCE and asked.per is not Per.ONCE:
            return "" if granted.times <= asked.times else "批准的次数不能超过申请的次数。"
        if asked.per is Per.ONCE and granted.per is not Per.ONCE:
            return "申请的是有效期内的次数，批准时也请按有效期内计。"
        if granted.yearly > asked.yearly:
            return "批准的次数不能超过申请的次数。"
    return ""


def changes(asked: Terms, granted: Terms) -> list[str]:
    """What was granted differently, as sentences."""
    said = []
    if less := asked.things - granted.things:
        said.append(f"不准下派{_named(less)}")
    if (asked.times, asked.per) != (granted.times, granted.per):
        said.append(f"频次由{frequency(asked.times, asked.per)}改为{frequency(granted.times, granted.per)}")
    if granted.until != asked.until:
        said.append(f"有效期由 {asked.until} 缩短到 {granted.until}")
    if granted.since != asked.since:
        said.append(f"起始日期由 {asked.since} 改为 {granted.since}")
    return said


def same_but_dates(old: Terms, new: Terms) -> bool:
    """Whether a renewal asks for what held before, but for its dates."""
    return replace(new, since=old.since, until=old.until) == old


def _named(things: Iterable[Thing]) -> str:
    kept = set(things)
    return "、".join(one.label for one in Thing if one in kept)

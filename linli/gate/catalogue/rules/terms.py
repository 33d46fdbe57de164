"""What an item of the duty catalogue (社区事项清单) says: whose duty it is, what the community does, how much work it makes."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from linli.flow.rules.warrants import Per


class Responsibility(StrEnum):
    """Whose duty it is by law: the committee's own, or a government's that the committee helps with."""

    PERFORM = "perform"
    ASSIST = "assist"

    @property
    def label(self) -> str:
        """依法履行, 依法协助."""
        return {Responsibility.PERFORM: "依法履行", Responsibility.ASSIST: "依法协助"}[self]


class Kind(StrEnum):
    """What the community does in it, in the five ways that report 003 tells apart."""

    REVIEW = "review"
    SUPERVISE = "supervise"
    SERVE = "serve"
    LEAD = "lead"
    INFORM = "inform"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            Kind.REVIEW: "协助初审",
            Kind.SUPERVISE: "协助监管",
            Kind.SERVE: "协助公共服务",
            Kind.LEAD: "社区为主体",
            Kind.INFORM: "宣传咨询",
        }[self]


class Fate(StrEnum):
    """What becomes of an item in an edition of the catalogue."""

    KEEP = "keep"
    CANCEL = "cancel"
    MOVE = "move"
    MERGE = "merge"

    @property
    def label(self) -> str:
        """保留, 取消, 转出, 合并."""
        return {Fate.KEEP: "保留", Fate.CANCEL: "取消", Fate.MOVE: "转出购买服务", Fate.MERGE: "合并"}[self]


YEARLY = {Per.YEAR: 1, Per.HALF: 2, Per.QUARTER: 4, Per.MONTH: 12, Per.WEEK: 52, Per.ONCE: 1}


def yearly_times(times: int | None, per: Per, expected: int | None) -> int:
    """How often an item comes up in a year: its limit, or the estimate where it has none."""
    return (expected or 0) if times is None else times * YEARLY[per]


def yearly_hours(times: int | None, per: Per, expected: int | None, hours: Decimal) -> Decimal:
    """Hours of work in a year in one community; `hours` is what one occurrence takes."""
    return hours * yearly_times(times, per, expected)


def frequency(times: int | None, per: Per, expected: int | None) -> str:
    """每季度 1 次, 有效期内 1 次, 不定期（每年约 60 次）."""
    if times is not None:
        return f"{per.label} {times} 次"
    return f"不定期（每年约 {expected} 次）" if expected else "不定期"

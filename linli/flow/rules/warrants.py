"""What may be asked of a community: a warrant (依据) in force, for this kind of thing, here, not too often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Thing(StrEnum):
    """The kinds of thing that reach a community."""

    FORM = "form"
    INSPECTION = "inspection"
    MEETING = "meeting"
    CONTEST = "contest"
    PLATE = "plate"
    CERTIFICATE = "certificate"
    CASE = "case"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            Thing.FORM: "报表",
            Thing.INSPECTION: "检查考核",
            Thing.MEETING: "会议",
            Thing.CONTEST: "评比创建",
            Thing.PLATE: "机构牌子",
            Thing.CERTIFICATE: "证明",
            Thing.CASE: "办件",
        }[self]


class Per(StrEnum):
    """The stretch over which a frequency counts."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    ONCE = "once"

    @property
    def label(self) -> str:
        """每年, 每季度 …"""
        return {
            Per.YEAR: "每年",
            Per.HALF: "每半年",
            Per.QUARTER: "每季度",
            Per.MONTH: "每月",
            Per.WEEK: "每周",
            Per.ONCE: "有效期内",
        }[self]


@dataclass(frozen=True)
class Terms:
    """A warrant's terms. `until` is the first day it no longer holds; `times` None means as often as needed."""

    title: str
    things: frozenset[Thing]
    since: date
    until: date | None
    times: int | None
    per: Per
    region_code: str
    suspended: str = ""

    @property
    def frequency(self) -> str:
        """每季度不超过 1 次, 次数不限."""
        return "次数不限" if self.times is None else f"{self.per.label}不超过 {self.times} 次"


def refusal(terms: Terms, thing: Thing, community: str, on: date, sent_before: int) -> str:
    """Why the thing may not be sent to the community on that day, with what to do; "" when it may.

    `sent_before` is how often it was sent under the warrant to that community in the stretch that holds the day.
    """
    if not community.startswith(terms.region_code):
        return f"事项“{terms.title}”不适用于这个社区，请核对准入的范围。"
    if thing not in terms.things:
        allowed = "、".join(one.label for one in Thing if one in terms.things)
        return (
            f"事项“{terms.title}”只准入了{allowed}，不能下派{thing.label}。如确有需要，请先申请增加准入内容。"
        )
    if on < terms.since:
        return f"事项“{terms.title}”从 {terms.since} 起才有效，请到期后再下派。"
    if terms.until is not None and on >= terms.until:
        return f"事项“{terms.title}”已于 {terms.until} 到期或取消，请先申请续期。"
    if terms.suspended:
        return f"事项“{terms.title}”已暂停：{terms.suspended}。请先解决，恢复后再下派。"
    if terms.times is not None and sent_before >= terms.times:
        return f"事项“{terms.title}”准入的频次是{terms.frequency}，这个社区已经下派 {sent_before} 次。请并入已有的任务，或等到下一期。"
    return ""


def stretch(per: Per, on: date, since: date) -> tuple[date, date | None]:
    """The stretch [from, until) that holds a day, for counting a frequency; ONCE counts since the warrant began."""
    if per is Per.ONCE:
        return since, None
    if per is Per.WEEK:
        first = date.fromordinal(on.toordinal() - on.weekday())
        return first, date.fromordinal(first.toordinal() + 7)
    months = {Per.YEAR: 12, Per.HALF: 6, Per.QUARTER: 3, Per.MONTH: 1}[per]
    start = (on.month - 1) // months * months + 1
    first = date(on.year, start, 1)
    end = start + months
    return first, date(on.year + (end > 12), (end - 1) % 12 + 1, 1)

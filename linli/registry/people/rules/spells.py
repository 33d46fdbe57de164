"""Dates of a life: spells are half-open [since, until), open-ended while they last, since None when not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Spell:
    """From `since` (None: not known) until the day before `until` (None: it lasts)."""

    since: date | None
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the spell holds on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def overlaps(self, other: Spell) -> bool:
        """Whether both hold on some common day."""
        return (self.until is None or other.since is None or other.since < self.until) and (
            other.until is None or self.since is None or self.since < other.until
        )


def span_problem(spell: Spell) -> str:
    """A spell lasts at least a day."""
    if spell.since and spell.until and spell.until <= spell.since:
        return f"结束日期 {spell.until} 应晚于起始日期 {spell.since}，请核对。"
    return ""


def overlap_problem(what: str, new: Spell, others: Iterable[Spell]) -> str:
    """A person has one place, one household, one spell in a group at a time."""
    if any(new.overlaps(other) for other in others):
        return f"这段时间已有{what}，起止日期不能重叠，请先结束原来的一段。"
    return ""


def end_problem(what: str, spell: Spell, on: date) -> str:
    """A running spell ends after it began."""
    if spell.until is not None:
        return f"{what}已于 {spell.until} 结束。"
    if spell.since and on <= spell.since:
        return f"{what}从 {spell.since} 开始，日期应晚于这一天；如果当时登记错了，请用“更正”。"
    return ""


def day_problem(what: str, day: date | None, *, born: date | None, died: date | None, today: date) -> str:
    """Nothing happens to a person before birth, after death, or in the future. An unknown day (None) passes."""
    if day is None:
        return ""
    if day > today:
        return f"{what}日期 {day} 还没有到，请填写今天或以前的日期。"
    if born and day < born:
        return f"{what}日期 {day} 早于出生日期 {born}，请核对。"
    if died and day > died:
        return f"{what}日期 {day} 晚于去世日期 {died}，请核对。"
    return ""


def birth_problem(born: date | None, *, earliest_spell: date | None, died: date | None, today: date) -> str:
    """A birth date lies between 150 years ago and today, before the death and before every spell."""
    if born is None:
        return ""
    if born > today:
        return f"出生日期 {born} 晚于今天，请核对。"
    if today.year - born.year > 150:
        return f"出生日期 {born} 距今已超过 150 年，请核对。"
    if died and died < born:
        return f"出生日期 {born} 晚于去世日期 {died}，请核对。"
    if earliest_spell and earliest_spell < born:
        return f"出生日期 {born} 晚于最早的居住或户籍记录 {earliest_spell}，请核对。"
    return ""


def death_problem(
    died: date, *, born: date | None, latest_start: tuple[date, str] | None, today: date
) -> str:
    """Death comes after birth, not in the future, and not before a spell that began later: `latest_start` is its first day and
    what it says (“住进东外小区1号楼101室”)."""
    if died > today:
        return f"去世日期 {died} 还没有到，请核对。"
    if born and died < born:
        return f"去世日期 {died} 早于出生日期 {born}，请核对。"
    if latest_start and latest_start[0] > died:
        since, what = latest_start
        return f"去世日期 {died} 之后还有一条记录：{since} {what}。请核对去世日期；是那条记录错了的，先在“办理”里更正。"
    return ""


def closing_day(spell: Spell, died: date) -> date:
    """The first day on which the spell of somebody who died no longer holds: the day of death, or the day after when the
    spell began on that very day."""
    if spell.since is not None and died <= spell.since:
        return date.fromordinal(spell.since.toordinal() + 1)
    return died

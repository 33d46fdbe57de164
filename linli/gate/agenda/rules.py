"""What comes into a community on a day: collisions, load against a ceiling, better days. Plain decisions on plain data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from linli.flow.rules.warrants import Thing
from linli.kernel.working_time import Calendar

COMES = (Thing.INSPECTION, Thing.CONTEST, Thing.MEETING)
"""The things that have a place on the agenda."""
CHECKS = (Thing.INSPECTION, Thing.CONTEST)
WEEKDAYS = "一二三四五六日"
_DAY = timedelta(days=1)


class Answer(StrEnum):
    """What follows when a day is unsuitable."""

    CONSENT = "consent"
    REFUSE = "refuse"


class Trouble(StrEnum):
    """Why a day does not suit."""

    DAY_OFF = "day_off"
    SHORT = "short"
    SAME_DAY = "same_day"
    SAME_WEEK = "same_week"
    WEEK_LOAD = "week_load"
    MONTH_LOAD = "month_load"

    @property
    def label(self) -> str:
        """The word on pages."""
        return {
            Trouble.DAY_OFF: "休息日",
            Trouble.SHORT: "通知太晚",
            Trouble.SAME_DAY: "同日冲突",
            Trouble.SAME_WEEK: "同周有检查",
            Trouble.WEEK_LOAD: "超过周上限",
            Trouble.MONTH_LOAD: "超过月上限",
        }[self]


@dataclass(frozen=True)
class Ceiling:
    """How much may come into one community: hours a week and a month (0: no ceiling), entries a day, inspections and contests a
    week, working days' notice; and what follows when it is too much or collides."""

    week_hours: Decimal = Decimal(8)
    month_hours: Decimal = Decimal(24)
    day_entries: int = 1
    week_checks: int = 1
    lead_days: int = 3
    excess: Answer = Answer.CONSENT
    collision: Answer = Answer.CONSENT

    def answer_to(self, trouble: Trouble) -> Answer:
        """What follows from a trouble; days off and short notice always ask for consent."""
        if trouble in (Trouble.WEEK_LOAD, Trouble.MONTH_LOAD):
            return self.excess
        return self.collision if trouble in (Trouble.SAME_DAY, Trouble.SAME_WEEK) else Answer.CONSENT


@dataclass(frozen=True)
class Slot:
    """Something on a community's agenda. `hours` a day, from `day` to `last`; `prep` are the hours of preparation asked for, counted
    on the first day. A joint visit is one slot. `is_fixed` False: proposed only."""

    day: date
    last: date
    thing: Thing
    hours: Decimal
    prep: Decimal = Decimal(0)
    title: str = ""
    who: str = ""
    key: int = 0
    joint: int = 0
    is_fixed: bool = True

    @property
    def total(self) -> Decimal:
        """All its hours."""
        return self.hours * ((self.last - self.day).days + 1) + self.prep

    def holds(self, day: date) -> bool:
        """Whether it takes place on that day."""
        return self.day <= day <= self.last

    def on(self, day: date) -> Slot:
        """The same on another first day."""
        return replace(self, day=day, last=day + (self.last - self.day))

    def between(self, since: date, until: date) -> Decimal:
        """Its hours that fall on days from `since` to before `until`."""
        first, end = max(self.day, since), min(self.last + _DAY, until)
        days = max((end - first).days, 0)
        return self.hours * days + (self.prep if since <= self.day < until else Decimal(0))


@dataclass(frozen=True)
class Problem:
    """A trouble, in words. `is_firm` False: it arises only from what is not fixed either, and asks for nothing."""

    trouble: Trouble
    says: str
    answer: Answer
    is_firm: bool = True


@dataclass(frozen=True)
class Better:
    """A day that suits, and the hours of its week once the slot is in it."""

    day: date
    week_hours: Decimal


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> tuple[date, date]:
    """The first of a day's month and of the next."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)


def said(day: date) -> str:
    """11月26日（周四）."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def hours(value: Decimal) -> str:
    """8 小时, 6.5 小时."""
    return f"{value.normalize():f} 小时" if value else "0 小时"


def load(slots: Iterable[Slot], since: date, until: date) -> Decimal:
    """The hours of slots that fall between two days (the second not counted)."""
    return sum((one.between(since, until) for one in slots), Decimal(0))


def problems(
    slot: Slot, others: Sequence[Slot], ceiling: Ceiling, *, today: date, calendar: Calendar
) -> list[Problem]:
    """Why a slot's day does not suit its community, gravest first; `others` are what else is on its agenda."""
    rest = [one for one in others if (one.key != slot.key or not slot.key) and not _same(one, slot)]
    fixed = [one for one in rest if one.is_fixed]
    found: list[Problem] = []

    def say(trouble: Trouble, says: str, *, firm: bool = True) -> None:
        found.append(Problem(trouble, says, ceiling.answer_to(trouble), firm))

    on_it = [one for one in rest if one.day <= slot.last and slot.day <= one.last]
    if len([one for one in on_it if one.is_fixed]) + 1 > ceiling.day_entries:
        say(Trouble.SAME_DAY, f"{said(slot.day)}已有{_named(one for one in on_it if one.is_fixed)}")
    elif len(on_it) + 1 > ceiling.day_entries:
        say(
            Trouble.SAME_DAY,
            f"{said(slot.day)}还有{_named(one for one in on_it if not one.is_fixed)}也在申请",
            firm=False,
        )
    week = week_of(slot.day)
    if slot.thing in CHECKS:
        checks = [
            one
            for one in rest
            if one.thing in CHECKS and one not in on_it and one.day < week + 7 * _DAY and one.last >= week
        ]
        if len([one for one in checks if one.is_fixed]) + 1 > ceiling.week_checks:
            say(
                Trouble.SAME_WEEK,
                f"同一周已有{_named(one for one in checks if one.is_fixed)}，可以合并为联合检查",
            )
        elif len(checks) + 1 > ceiling.week_checks:
            say(Trouble.SAME_WEEK, f"同一周还有{_named(checks)}也在申请，可以合并为联合检查", firm=False)
    weekly = load([*fixed, slot], week, week + 7 * _DAY)
    if ceiling.week_hours and weekly > ceiling.week_hours:
        say(Trouble.WEEK_LOAD, f"这一周共 {hours(weekly)}，超过每周 {hours(ceiling.week_hours)}的上限")
    since, until = month_of(slot.day)
    monthly = load([*fixed, slot], since, until)
    if ceiling.month_hours and monthly > ceiling.month_hours:
        say(Trouble.MONTH_LOAD, f"这个月共 {hours(monthly)}，超过每月 {hours(ceiling.month_hours)}的上限")
    days = [slot.day + n * _DAY for n in range((slot.last - slot.day).days + 1)]
    if off := [day for day in days if not calendar.is_working_day(day)]:
        say(Trouble.DAY_OFF, f"{said(off[0])}是休息日")
    if ceiling.lead_days and calendar.working_days_between(today, slot.day) < ceiling.lead_days:
        say(Trouble.SHORT, f"离今天不到 {ceiling.lead_days} 个工作日，社区来不及准备")
    return sorted(found, key=lambda one: not one.is_firm)


def _same(one: Slot, slot: Slot) -> bool:
    return bool(slot.joint) and one.joint == slot.joint


def _named(slots: Iterable[Slot]) -> str:
    listed = [f"“{one.title}”" + (f"（{one.who}）" if one.who else "") for one in slots]
    return "、".join(listed[:3]) + (f"等 {len(listed)} 项" if len(listed) > 3 else "")


def unanswered(found: Iterable[Problem], consented: Collection[str] = ()) -> list[Problem]:
    """The problems that still stand in the way: those that nobody may consent to, and those not consented to."""
    return [
        one
        for one in found
        if one.is_firm and (one.answer is Answer.REFUSE or one.trouble.value not in consented)
    ]


def better_days(
    slot: Slot,
    others: Sequence[Slot],
    ceiling: Ceiling,
    *,
    since: date,
    until: date,
    today: date,
    calendar: Calendar,
    most: int = 3,
) -> list[Better]:
    """The working days of a window (both ends counted) on which nothing stands in the way: the emptiest weeks first, then those
    nearest to the day wished for."""
    found: list[Better] = []
    day = max(since, today + _DAY)
    while day <= until:
        if calendar.is_working_day(day):
            here = slot.on(day)
            if not problems(here, others, ceiling, today=today, calendar=calendar):
                week = week_of(day)
                fixed = [one for one in others if one.key != slot.key and not _same(one, slot)]
                found.append(Better(day, load([*fixed, here], week, week + 7 * _DAY)))
        day += _DAY
    return sorted(found, key=lambda one: (one.week_hours, abs((one.day - slot.day).days), one.day))[:most]


def spread(
    slot: Slot,
    agendas: dict[str, Sequence[Slot]],
    ceilings: dict[str, Ceiling],
    *,
    since: date,
    until: date,
    per_day: int,
    today: date,
    calendar: Calendar,
) -> dict[str, date]:
    """A day for each community within a window: its best one that fewer than `per_day` others have got; where no day suits, the
    working day of the window with the fewest, so that somebody can see what stands in the way and decide."""
    given: dict[date, int] = {}
    found: dict[str, date] = {}
    working = [
        day
        for day in (since + n * _DAY for n in range((until - since).days + 1))
        if day > today and calendar.is_working_day(day)
    ] or [since]
    for community, others in agendas.items():
        good = better_days(
            slot.on(since),
            others,
            ceilings[community],
            since=since,
            until=until,
            today=today,
            calendar=calendar,
            most=366,
        )
        day = next((one.day for one in good if given.get(one.day, 0) < per_day), None)
        if day is None:
            day = min(working, key=lambda one: (given.get(one, 0), one))
        given[day] = given.get(day, 0) + 1
        found[community] = day
    return found


_MORNING, _NOON, _AFTERNOON, _EVENING = 9 * 60, 12 * 60, 14 * 60, 18 * 60


def turns(hours: Decimal, many: int) -> list[time]:
    """When a team that needs `hours` in each community comes to the first, second … of a day: from nine, never over noon, done by six,
    half an hour on the way between two. Fewer than `many` when the day is too short; one in any case."""
    found: list[time] = []
    at, lasts = _MORNING, int(hours * 60)
    while len(found) < many:
        if at < _NOON < at + lasts and found:
            at = _AFTERNOON
        if found and at + lasts > _EVENING:
            break
        found.append(time(at // 60, at % 60))
        at += lasts + 30
        if _NOON - 30 < at < _AFTERNOON:
            at = _AFTERNOON
    return found


def tour(
    slots: dict[str, Slot],
    agendas: dict[str, Sequence[Slot]],
    ceilings: dict[str, Ceiling],
    windows: dict[str, tuple[date, date]],
    *,
    per_day: int,
    today: date,
    calendar: Calendar,
) -> dict[str, tuple[date, time]]:
    """A day and hour for each community of a tour: its best day within its window on which the team still has a turn; where none
    suits, the working day of the window with the fewest, so that somebody sees what stands in the way and decides. Those with the
    shortest windows choose first."""
    given: dict[date, int] = {}
    found: dict[str, tuple[date, time]] = {}
    for community in sorted(slots, key=lambda one: (windows[one][1] - windows[one][0], one)):
        slot, (since, until) = slots[community], windows[community]
        hours = turns(slot.hours, per_day)
        good = better_days(
            slot,
            agendas[community],
            ceilings[community],
            since=since,
            until=until,
            today=today,
            calendar=calendar,
            most=366,
        )
        day = next((one.day for one in good if given.get(one.day, 0) < len(hours)), None)
        if day is None:
            days = [since + n * _DAY for n in range((until - since).days + 1)]
            working = [one for one in days if one > today and calendar.is_working_day(one)]
            day = min(working or [max(since, today + _DAY)], key=lambda one: (given.get(one, 0), one))
        turn = given.get(day, 0)
        given[day] = turn + 1
        found[community] = (day, hours[min(turn, len(hours) - 1)])
    return found


def proposal_problem(
    *, first: date, last: date, length: int, daily: Decimal, prep: Decimal, per_day: int, today: date
) -> tuple[str, str]:
    """What is wrong with a proposal's figures, and in which field; two empty texts when nothing is."""
    if first <= today:
        return "请至少提前一天：第一天要在今天以后。", "first_day"
    if last < first:
        return "截止日期不能早于起始日期。", "last_day"
    if (last - first).days > 92:
        return "时间范围最长三个月，请分几次申请。", "last_day"
    if not 1 <= length <= 10:
        return "每个社区的天数要在 1 到 10 天之间。", "length"
    if not Decimal("0.5") <= daily <= 12:
        return "每天占用社区的时间要在 0.5 到 12 小时之间。", "hours"
    if not 0 <= prep <= 80:
        return "要社区准备的时间要在 0 到 80 小时之间。", "prep_hours"
    if not 1 <= per_day <= 50:
        return "每天去几个社区，要在 1 到 50 之间。", "per_day"
    return "", ""


def ceiling_problem(ceiling: Ceiling) -> tuple[str, str]:
    """What is wrong with a ceiling, and in which field."""
    if not 0 <= ceiling.week_hours <= 60:
        return "每周上限要在 0 到 60 小时之间，0 表示不限。", "week_hours"
    if not 0 <= ceiling.month_hours <= 240:
        return "每月上限要在 0 到 240 小时之间，0 表示不限。", "month_hours"
    if ceiling.week_hours and ceiling.month_hours and ceiling.month_hours < ceiling.week_hours:
        return "每月上限不能比每周上限还少。", "month_hours"
    if not 1 <= ceiling.day_entries <= 9 or not 1 <= ceiling.week_checks <= 9:
        return "每天、每周的次数要在 1 到 9 之间。", "day_entries"
    if not 0 <= ceiling.lead_days <= 30:
        return "提前的工作日要在 0 到 30 之间。", "lead_days"
    return "", ""

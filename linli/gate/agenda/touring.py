"""Working out a tour: which inspections of several communities could come together, on which days, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from django.utils import timezone

from linli.flow.rules.warrants import Thing
from linli.gate.agenda import reading, rules
from linli.gate.agenda.models import OPEN, State, Visit
from linli.office.calendar import current as current_calendar


@dataclass
class Stop:
    """A community of a tour as the rules see it on a day: who comes, what stands in the way, what its week holds."""

    region_code: str
    visits: list[Visit]
    day: date
    starts_at: time
    problems: list[rules.Problem]
    week_hours: Decimal
    ceiling: rules.Ceiling
    better: list[rules.Better]

    @property
    def must_move(self) -> bool:
        """Whether no consent helps."""
        return any(one.is_firm and one.answer is rules.Answer.REFUSE for one in self.problems)

    @property
    def asks_consent(self) -> bool:
        """Whether the street must say why it puts up with something."""
        return any(one.is_firm for one in self.problems)

    @property
    def alone_hours(self) -> Decimal:
        """The community's hours if each department came alone."""
        return sum((one.total_hours for one in self.visits), Decimal(0))


def tourable(visits: Iterable[Visit], today: date) -> dict[str, list[Visit]]:
    """By community, the open inspections that could come together: of at least two departments, one of each proposal."""
    found: dict[str, list[Visit]] = {}
    for one in visits:
        ahead = one.state in OPEN and one.day > today
        if ahead and one.thing in rules.CHECKS and not one.joint_id and not one.is_unlisted:
            found.setdefault(one.region_code, []).append(one)
    for key, ones in found.items():
        # Two that are fixed in different weeks cannot come together; the nearer one stays.
        weeks = sorted(rules.week_of(one.day) for one in ones if one.state == State.FIXED)
        found[key] = [one for one in ones if one.state != State.FIXED or rules.week_of(one.day) == weeks[0]]
    return {key: ones for key, ones in found.items() if len({one.unit_id for one in ones}) > 1}


def tour_window(visits: Sequence[Visit], today: date) -> tuple[date, date]:
    """The days on which visits may come together: the week of one that is fixed already, else two weeks before the earliest to four
    after the latest."""
    fixed = [one for one in visits if one.state == State.FIXED]
    if fixed:
        week = rules.week_of(fixed[0].day)
        return max(week, today + timedelta(days=1)), week + timedelta(days=6)
    first, last = min(one.day for one in visits), max(one.day for one in visits)
    return max(first - timedelta(days=14), today + timedelta(days=1)), last + timedelta(days=28)


def stops(
    found: Mapping[str, list[Visit]],
    *,
    hours: Decimal,
    per_day: int,
    chosen: Mapping[str, tuple[date, time]] | None = None,
) -> list[Stop]:
    """The stops of a tour, with its days worked out, or as chosen."""
    today, worked = timezone.localdate(), current_calendar()
    windows = {key: tour_window(visits, today) for key, visits in found.items()}
    if not windows:
        return []
    given = chosen or {}
    low = min([one for one, _end in windows.values()] + [day for day, _at in given.values()])
    high = max([end for _one, end in windows.values()] + [day for day, _at in given.values()])
    around = reading.agendas(found, low, high)
    tops = reading.ceilings(found)
    others = {
        key: [one for one in around[key] if one.key not in {visit.pk for visit in visits}]
        for key, visits in found.items()
    }
    slots = {
        key: rules.Slot(
            windows[key][0],
            windows[key][0],
            Thing.INSPECTION,
            hours,
            max(one.prep_hours for one in visits),
        )
        for key, visits in found.items()
    }
    planned = rules.tour(slots, dict(others), tops, windows, per_day=per_day, today=today, calendar=worked)
    made = []
    for key, visits in found.items():
        day, at = given.get(key, planned[key])
        slot, week = slots[key].on(day), rules.week_of(day)
        seen = rules.problems(slot, others[key], tops[key], today=today, calendar=worked)
        fixed = [one for one in others[key] if one.is_fixed]
        better = []
        if seen:
            better = rules.better_days(
                slot,
                others[key],
                tops[key],
                since=windows[key][0],
                until=windows[key][1],
                today=today,
                calendar=worked,
            )
        made.append(
            Stop(
                key,
                visits,
                day,
                at,
                seen,
                rules.load([*fixed, slot], week, week + timedelta(days=7)),
                tops[key],
                better,
            )
        )
    return sorted(made, key=lambda one: (one.day, one.starts_at, one.region_code))

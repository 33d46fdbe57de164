"""Reading the agenda: what is on it for a community, the ceilings in force, the load by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from linli.flow.rules.warrants import Thing
from linli.gate.agenda import rules
from linli.gate.agenda.models import COUNTED, LoadRule, State, Visit
from linli.kernel.working_time import Calendar
from linli.office.calendar import current as current_calendar

AROUND = timedelta(days=45)
ON_AGENDA = (State.PROPOSED, *COUNTED)


def ceilings(communities: Iterable[str], on: date | None = None) -> dict[str, rules.Ceiling]:
    """The ceiling in force in each community on a day: of the nearest region above that has one, else the house's own."""
    when = on or timezone.localdate()
    keys = sorted(set(communities))
    above = {key[:length] for key in keys for length in range(2, len(key) + 1)}
    newest: dict[str, LoadRule] = {}
    for rule in LoadRule.objects.filter(region_code__in=above, since__lte=when).order_by("since"):
        newest[rule.region_code] = rule
    found = {}
    for key in keys:
        near = next((newest[key[:n]] for n in range(len(key), 1, -1) if key[:n] in newest), None)
        found[key] = near.ceiling if near is not None else rules.Ceiling()
    return found


def visits_between(communities: Iterable[str], since: date, until: date) -> QuerySet[Visit]:
    """What is on these communities' agendas from a day to another (both counted), proposed or fixed or done."""
    return (
        Visit.objects.filter(
            region_code__in=list(communities), day__lte=until, last_day__gte=since, state__in=ON_AGENDA
        )
        .select_related("unit", "joint", "joint__lead")
        .order_by("day", "starts_at", "pk")
    )


def slots_of(visits: Iterable[Visit]) -> dict[str, list[rules.Slot]]:
    """The slots of each community; the visits of a joint one are one slot."""
    found: dict[str, list[rules.Slot]] = defaultdict(list)
    joints: dict[int, int] = {}
    for one in visits:
        if one.joint is None:
            found[one.region_code].append(one.slot)
            continue
        here = found[one.region_code]
        if one.joint_id in joints:
            place = joints[one.joint_id]
            here[place] = replace(
                here[place],
                prep=here[place].prep + one.prep_hours,
                is_fixed=here[place].is_fixed and one.state in COUNTED,
            )
            continue
        joints[one.joint_id or 0] = len(here)
        here.append(
            rules.Slot(
                one.joint.day,
                one.joint.day,
                Thing(one.thing),
                one.joint.hours,
                one.prep_hours,
                one.joint.title,
                one.joint.lead.name,
                one.pk,
                one.joint.pk,
                one.state in COUNTED,
            )
        )
    return found


def agendas(communities: Iterable[str], since: date, until: date) -> dict[str, list[rules.Slot]]:
    """The slots of each community that matter for days between two; every community has its list."""
    keys = list(communities)
    found = slots_of(visits_between(keys, since - AROUND, until + AROUND))
    return {key: found.get(key, []) for key in keys}


@dataclass
class Look:
    """A visit as the rules see it: what stands in the way, what its week holds, which days would be better."""

    visit: Visit
    problems: list[rules.Problem]
    open: list[rules.Problem]
    week_hours: Decimal
    ceiling: rules.Ceiling
    better: list[rules.Better]

    @property
    def may_be_fixed(self) -> bool:
        """Whether the agenda lets it be fixed (the gate is asked when it is)."""
        return not self.open

    @property
    def must_move(self) -> bool:
        """Whether no consent helps."""
        return any(one.answer is rules.Answer.REFUSE for one in self.open)

    @property
    def fill(self) -> int:
        """How full its week is, in percent of the ceiling, 100 at most."""
        if not self.ceiling.week_hours:
            return 0
        return min(int(self.week_hours * 100 / self.ceiling.week_hours), 100)


def look(
    visits: Sequence[Visit],
    *,
    until: date | None = None,
    better: bool = True,
    calendar: Calendar | None = None,
) -> list[Look]:
    """Each visit as the rules see it; better days are looked for up to `until`, else four weeks around its own day."""
    if not visits:
        return []
    today, worked = timezone.localdate(), calendar or current_calendar()
    keys = {one.region_code for one in visits}
    around = agendas(keys, min(one.day for one in visits), max(one.last_day for one in visits))
    tops = ceilings(keys)
    found = []
    for one in visits:
        others, top, slot = around[one.region_code], tops[one.region_code], one.slot
        week = rules.week_of(one.day)
        rest = [other for other in others if other.is_fixed and other.key != one.pk]
        seen = (
            rules.problems(slot, others, top, today=today, calendar=worked)
            if one.state == State.PROPOSED
            else []
        )
        days = []
        if better and seen:
            days = rules.better_days(
                slot,
                others,
                top,
                since=max(one.day - timedelta(days=14), today),
                until=until or one.day + timedelta(days=28),
                today=today,
                calendar=worked,
            )
        found.append(
            Look(
                one,
                seen,
                rules.unanswered(seen, one.consented_to),
                rules.load([*rest, slot], week, week + timedelta(days=7)),
                top,
                days,
            )
        )
    return found


def coming_in(user: Any, permission: Any) -> QuerySet[Visit]:
    """The visits that the user may see."""
    return Visit.objects.permitted(user, permission).select_related("unit", "joint")

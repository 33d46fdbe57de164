"""Several departments' inspections of the same week become one joint visit (联合检查)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access.guard import require
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.flow.actions import cancel_dispatch
from linli.gate.agenda import rules, touring
from linli.gate.agenda.actions import telling
from linli.gate.agenda.actions.settling import _settle
from linli.gate.agenda.actions.working import locked, send
from linli.gate.agenda.models import OPEN, Joint, State, Tour, Visit
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level

STREET = KEY_LENGTH[Level.STREET]


@dataclass(frozen=True)
class Together:
    """What comes together in one community of a tour, on which day and when."""

    visits: Sequence[Visit]
    day: date
    starts_at: time | None = None


def _check(day: date, hours: Decimal) -> None:
    if day <= timezone.localdate():
        raise RuleError("联合检查的日期要在今天以后。", field="day")
    if not Decimal("0.5") <= hours <= 12:
        raise RuleError("占用社区的时间要在 0.5 到 12 小时之间。", field="hours")


def _merge(
    act: Any,
    acting_user: Any,
    kept: list[Visit],
    *,
    day: date,
    hours: Decimal,
    lead: Unit,
    title: str,
    starts_at: time | None,
    reason: str,
    tour: Tour | None = None,
) -> Joint:
    """Make one joint visit of locked visits. Of a tour, what is only proposed may come from another week."""
    where = {one.region_code for one in kept}
    if len(kept) < 2 or len(where) != 1 or len({one.unit_id for one in kept}) < 2:
        raise RuleError("请选同一个社区、至少两个部门的检查。", field="visits")
    community = where.pop()
    require(acting_user, Permission.COORDINATE_AGENDA, community)
    for one in kept:
        if one.state not in OPEN or one.is_unlisted or one.joint_id or one.thing not in rules.CHECKS:
            raise RuleError(f"“{one.title}”不能合并：只合并还没有进行的检查和评比。", field="visits")
        bound = tour is None or one.state == State.FIXED
        if bound and rules.week_of(one.day) != rules.week_of(day):
            raise RuleError(
                f"{names.title(community)}的“{one.title}”不在这一周，请先改期再合并。", field="visits"
            )
    leading = next((one for one in kept if one.unit_id == lead.pk), None)
    if leading is None and tour is None:
        raise RuleError("牵头单位要是参加联合检查的部门之一。", field="lead")
    bearing = leading or kept[0]
    joint = Joint.objects.create(
        region_code=community,
        day=day,
        starts_at=starts_at,
        hours=hours,
        title=title.strip() or "联合检查：" + "、".join(dict.fromkeys(one.title for one in kept)),
        lead=lead,
        tour=tour,
    )
    again = []
    for one in kept:
        if one.state == State.FIXED and one.day != day:
            sent, one.state, one.dispatch = one.dispatch, State.PROPOSED, None
            assert sent is not None
            one.save(update_fields=["state", "dispatch"])
            cancel_dispatch(acting_user=acting_user, sent=sent, reason="合并为联合检查")
            again.append(one)
        one.day = one.last_day = day
        one.joint, one.starts_at = joint, starts_at
        one.hours = hours if one is bearing else Decimal(0)
        one.consented_to = [trouble.value for trouble in rules.Trouble]
        one.consent_reason = reason
        one.save()
    send(acting_user, again)
    units = "、".join(dict.fromkeys(one.who for one in kept))
    said = f"{units}的检查合并为{rules.said(day)}的联合检查，{lead.name}牵头"
    act.record(joint, said)
    for one in kept:
        act.record(one, said)
        if tour is None:
            telling.tell_unit(one, said, besides=acting_user)
    telling.tell_community(kept[0], said, besides=acting_user)
    return joint


def join(
    *,
    acting_user: Any,
    visits: Iterable[Visit],
    day: date,
    hours: Decimal,
    lead: Unit,
    title: str = "",
    starts_at: time | None = None,
) -> Joint:
    """Join inspections and contests of one community and week into one visit on a day; it takes `hours` once.

    The street decides, and by that consents to the day. What was fixed on another day is dispatched anew through the gate.
    """
    _check(day, hours)
    with action(acting_user, "agenda.join") as act:
        kept = locked(visits, acting_user)
        joint = _merge(
            act,
            acting_user,
            kept,
            day=day,
            hours=hours,
            lead=lead,
            title=title,
            starts_at=starts_at,
            reason="合并为联合检查",
        )
        _settle(kept)
    return joint


def join_tour(
    *,
    acting_user: Any,
    stops: Sequence[Together],
    hours: Decimal,
    lead: Unit,
    title: str,
    reason: str = "",
) -> Tour:
    """Join inspections in several communities of a street in one go: each community its day and hour, the same team.

    All or none. Raises RuleError for a day on which nothing helps, and where something stands in the way and no reason is given;
    NotPermitted.
    """
    if not stops:
        raise RuleError("请至少选一个社区。", field="stops")
    if not title.strip():
        raise RuleError("请填写名称。", field="title")
    for one in stops:
        _check(one.day, hours)
    with action(acting_user, "agenda.join_tour", reason=reason.strip()) as act:
        everything = locked([visit for one in stops for visit in one.visits], acting_user)
        by_pk = {one.pk: one for one in everything}
        streets = {one.region_code[:STREET] for one in everything}
        if len(streets) != 1:
            raise RuleError("一次联合行动只能是同一个街道的社区。", field="stops")
        street = streets.pop()
        require(acting_user, Permission.COORDINATE_AGENDA, street)
        if lead.pk not in {one.unit_id for one in everything}:
            raise RuleError("牵头单位要是参加联合检查的部门之一。", field="lead")
        asked = _in_the_way(stops, hours)
        if asked and not reason.strip():
            raise RuleError(f"{asked}。请改日期，或写明同意的理由。", field="reason")
        tour = Tour.objects.create(
            region_code=street,
            title=title.strip(),
            lead=lead,
            reason=reason.strip(),
            made_by_id=acting_user.pk or None,
        )
        for one in stops:
            _merge(
                act,
                acting_user,
                [by_pk[visit.pk] for visit in one.visits],
                day=one.day,
                hours=hours,
                lead=lead,
                title=title,
                starts_at=one.starts_at,
                reason=reason.strip() or "合并为联合检查",
                tour=tour,
            )
        said = f"联合行动“{tour.title}”：{len(stops)} 个社区，{lead.name}牵头"
        act.record(tour, said, days={one.visits[0].region_code: one.day.isoformat() for one in stops})
        told: set[int] = set()
        for visit in everything:
            if visit.unit_id not in told:
                told.add(visit.unit_id or 0)
                telling.tell_unit(visit, said, besides=acting_user)
        _settle(everything)
    return tour


def _in_the_way(stops: Sequence[Together], hours: Decimal) -> str:
    """What the street must say a reason for, "" for nothing. Raises RuleError for what no reason helps against."""
    looked = touring.stops(
        {one.visits[0].region_code: list(one.visits) for one in stops if one.visits},
        hours=hours,
        per_day=1,
        chosen={
            one.visits[0].region_code: (one.day, one.starts_at or time(9)) for one in stops if one.visits
        },
    )
    asked = []
    for seen in looked:
        firm = [one for one in seen.problems if one.is_firm]
        if seen.must_move:
            raise RuleError(
                f"{names.title(seen.region_code)}：{firm[0].says}。按负担上限的规定不能同意，请改期。",
                field="stops",
            )
        if firm:
            asked.append(f"{names.title(seen.region_code)}：{firm[0].says}")
    return "；".join(asked[:3]) + (f"；等 {len(asked)} 个社区" if len(asked) > 3 else "")


def joinable(visits: Iterable[Visit], today: date) -> dict[tuple[str, date], list[Visit]]:
    """By community and week, the inspections of at least two departments that could come together."""
    found: dict[tuple[str, date], list[Visit]] = {}
    for one in visits:
        week = rules.week_of(one.day)
        if (
            one.thing in rules.CHECKS
            and one.state in OPEN
            and not one.joint_id
            and not one.is_unlisted
            and week + timedelta(days=6) > today
        ):
            found.setdefault((one.region_code, week), []).append(one)
    return {key: ones for key, ones in found.items() if len({one.unit_id for one in ones}) > 1}

"""Several departments' inspections of the same week become one joint visit (联合检查)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access.guard import require
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.flow.actions import cancel_dispatch
from linli.gate.agenda import rules
from linli.gate.agenda.actions import telling
from linli.gate.agenda.actions.settling import _settle
from linli.gate.agenda.actions.working import locked, send
from linli.gate.agenda.models import OPEN, Joint, State, Visit


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
    if day <= timezone.localdate():
        raise RuleError("联合检查的日期要在今天以后。", field="day")
    if not Decimal("0.5") <= hours <= 12:
        raise RuleError("占用社区的时间要在 0.5 到 12 小时之间。", field="hours")
    with action(acting_user, "agenda.join") as act:
        kept = locked(visits, acting_user)
        where = {one.region_code for one in kept}
        if len(kept) < 2 or len(where) != 1 or len({one.unit_id for one in kept}) < 2:
            raise RuleError("请选同一个社区、至少两个部门的检查。", field="visits")
        community = where.pop()
        require(acting_user, Permission.COORDINATE_AGENDA, community)
        for one in kept:
            if one.state not in OPEN or one.is_unlisted or one.thing not in rules.CHECKS:
                raise RuleError(f"“{one.title}”不能合并：只合并还没有进行的检查和评比。", field="visits")
            if rules.week_of(one.day) != rules.week_of(day):
                raise RuleError(f"“{one.title}”不在这一周，请先改期再合并。", field="visits")
        if lead.pk not in {one.unit_id for one in kept}:
            raise RuleError("牵头单位要是参加联合检查的部门之一。", field="lead")
        joint = Joint.objects.create(
            region_code=community,
            day=day,
            starts_at=starts_at,
            hours=hours,
            title=title.strip() or "联合检查：" + "、".join(dict.fromkeys(one.title for one in kept)),
            lead=lead,
        )
        again = []
        leading = next(one for one in kept if one.unit_id == lead.pk)
        for one in kept:
            if one.state == State.FIXED and one.day != day:
                sent, one.state, one.dispatch = one.dispatch, State.PROPOSED, None
                assert sent is not None
                one.save(update_fields=["state", "dispatch"])
                cancel_dispatch(acting_user=acting_user, sent=sent, reason="合并为联合检查")
                again.append(one)
            one.day = one.last_day = day
            one.joint, one.starts_at = joint, starts_at
            one.hours = hours if one is leading else Decimal(0)
            one.consented_to = [trouble.value for trouble in rules.Trouble]
            one.consent_reason = "合并为联合检查"
            one.save()
        send(acting_user, again)
        units = "、".join(dict.fromkeys(one.who for one in kept))
        said = f"{units}的检查合并为{rules.said(day)}的联合检查，{lead.name}牵头"
        act.record(joint, said)
        for one in kept:
            act.record(one, said)
            telling.tell_unit(one, said, besides=acting_user)
        telling.tell_community(kept[0], said, besides=acting_user)
        _settle(kept)
    return joint


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

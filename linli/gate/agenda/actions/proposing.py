"""A department proposes what it wants to bring into communities."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access.guard import require
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.gate.agenda import reading, rules
from linli.gate.agenda.actions import telling
from linli.gate.agenda.actions.working import ask_gate, require_own
from linli.gate.agenda.models import Proposal, State, Visit
from linli.office.calendar import current as current_calendar
from linli.regions.models import KEY_LENGTH, Level

STREET = KEY_LENGTH[Level.STREET]


def propose(
    *,
    acting_user: Any,
    warrant: Warrant,
    thing: Thing,
    title: str,
    purpose: str,
    communities: Iterable[str],
    first_day: date,
    hours: Decimal,
    last_day: date | None = None,
    spread: bool = False,
    per_day: int = 3,
    length: int = 1,
    prep_hours: Decimal = Decimal(0),
    starts_at: time | None = None,
    asks: str = "",
    comers: str = "",
    people: int | None = None,
) -> Proposal:
    """Propose an inspection, contest or meeting in communities of one street: on one day, or spread over a window so that each
    community gets the day that suits it best.

    Nothing is arranged yet. Raises RuleError for figures that make no sense and for what the gate would not let through anyway.
    """
    keys = sorted(set(communities))
    if Thing(thing) not in rules.COMES:
        raise RuleError("日程里只安排检查考核、评比创建和会议，请选其中一种。", field="thing")
    if not keys:
        raise RuleError("请至少选一个社区。", field="communities")
    if len({key[:STREET] for key in keys}) > 1:
        raise RuleError("一次申请只能是同一个街道的社区，请按街道分别申请。", field="communities")
    for key in keys:
        require(acting_user, Permission.SEND_TO_COMMUNITIES, key)
    require_own(acting_user, warrant.issuer_id)
    for text, field, asked in ((title, "title", "名称"), (purpose, "purpose", "目的")):
        if not text.strip():
            raise RuleError(f"请填写{asked}。", field=field)
    until = last_day or first_day
    wrong, field = rules.proposal_problem(
        first=first_day,
        last=until,
        length=length,
        daily=hours,
        prep=prep_hours,
        per_day=per_day,
        today=timezone.localdate(),
    )
    if wrong:
        raise RuleError(wrong, field=field)
    with action(acting_user, "agenda.propose") as act:
        slot = rules.Slot(first_day, first_day + timedelta(days=length - 1), Thing(thing), hours, prep_hours)
        days = dict.fromkeys(keys, first_day)
        if spread:
            days = rules.spread(
                slot,
                dict(reading.agendas(keys, first_day, until)),
                reading.ceilings(keys),
                since=first_day,
                until=until,
                per_day=per_day,
                today=timezone.localdate(),
                calendar=current_calendar(),
            )
        ask_gate(warrant, Thing(thing), days, title=title.strip(), sender=warrant.issuer)
        proposal = Proposal.objects.create(
            region_code=keys[0] if len(keys) == 1 else keys[0][:STREET],
            warrant=warrant,
            unit=warrant.issuer,
            thing=thing,
            title=title.strip(),
            purpose=purpose.strip(),
            asks=asks.strip(),
            comers=comers.strip(),
            people=people,
            hours=hours,
            length=length,
            proposed_by_id=acting_user.pk or None,
        )
        Visit.objects.bulk_create(
            [
                Visit(
                    region_code=key,
                    proposal=proposal,
                    thing=thing,
                    title=proposal.title,
                    unit=warrant.issuer,
                    day=days[key],
                    last_day=days[key] + timedelta(days=length - 1),
                    starts_at=starts_at,
                    hours=hours,
                    prep_hours=prep_hours,
                    state=State.PROPOSED,
                )
                for key in keys
            ]
        )
        act.record(
            proposal,
            f"申请{Thing(thing).label}“{proposal.title}”，{len(keys)} 个社区",
            communities=keys,
        )
        telling.settle(proposal)
        telling.tell_communities(
            proposal,
            keys,
            f"{proposal.unit.name}申请{Thing(thing).label}：{proposal.title}",
            besides=acting_user,
        )
    return proposal

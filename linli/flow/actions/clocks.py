"""Starting, stopping, pausing, extending and watching clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.roles import Permission
from linli.audit.recording import SYSTEM, RuleError
from linli.flow.actions import telling
from linli.flow.actions.working import Work, on_case
from linli.flow.models import Assignment, Case, Clock
from linli.flow.rules import clocks as rules
from linli.flow.rules.clocks import Limit, Measure
from linli.office.calendar import current as current_calendar

REMIND_BEFORE = timedelta(days=1)


def start(
    work: Work, scope: Clock.Scope, limit: Limit | None, assignment: Assignment | None = None
) -> Clock | None:
    """Start a clock now; None when there is no limit."""
    if limit is None:
        return None
    return Clock.objects.create(
        case=work.case,
        assignment=assignment,
        scope=scope,
        amount=limit.amount,
        measure=limit.measure,
        started_at=work.now,
        due_at=rules.due(work.calendar, limit, work.now),
    )


def running(case: Case, scope: Clock.Scope) -> Clock | None:
    """The case's running clock of a scope."""
    return Clock.objects.filter(case=case, scope=scope, stopped_at__isnull=True).first()


def stop(work: Work, *scopes: Clock.Scope) -> None:
    """Stop the case's running clocks of these scopes."""
    Clock.objects.filter(case=work.case, scope__in=scopes, stopped_at__isnull=True).update(
        stopped_at=work.now
    )


def stop_task(work: Work, assignment: Assignment) -> None:
    """Stop the clock of one unit's task."""
    Clock.objects.filter(assignment=assignment, stopped_at__isnull=True).update(stopped_at=work.now)


def pause_whole(work: Work) -> None:
    """Let the clock of the whole stand still."""
    clock = running(work.case, Clock.Scope.WHOLE)
    if clock is not None and not (clock.pauses and clock.pauses[-1][1] is None):
        clock.pauses = [*clock.pauses, [work.now.isoformat(), None]]
        _reckon(clock, work)


def resume_whole(work: Work) -> None:
    """Let the clock of the whole run on."""
    clock = running(work.case, Clock.Scope.WHOLE)
    if clock is not None and clock.pauses and clock.pauses[-1][1] is None:
        clock.pauses = [*clock.pauses[:-1], [clock.pauses[-1][0], work.now.isoformat()]]
        _reckon(clock, work)


def _reckon(clock: Clock, work: Work) -> bool:
    """Work out when the clock is due; whether that changed."""
    before = clock.due_at
    clock.due_at = rules.due(work.calendar, clock.limit, clock.started_at, clock.stood_still)
    if clock.due_at != before and clock.due_at is not None and clock.due_at > work.now:
        clock.reminded_at = clock.escalated_at = None
    clock.save()
    if clock.assignment_id is not None:
        Assignment.objects.filter(pk=clock.assignment_id).update(due_at=clock.due_at)
    return clock.due_at != before


def settle_due(work: Work) -> None:
    """Write on the case when the next of its clocks runs out."""
    found = Clock.objects.filter(case=work.case, stopped_at__isnull=True).aggregate(next=Min("due_at"))
    work.case.due_at = found["next"]


def extend(*, acting_user: Any, clock: Clock, amount: int, reason: str) -> Clock:
    """Give more time, counted in the clock's own measure, with a reason: the coordinating unit's people and overseers may."""
    if not reason.strip():
        raise RuleError("请填写延期的理由。", field="reason")
    if not 1 <= amount <= 365:
        raise RuleError("延长的数目要在 1 到 365 之间。", field="amount")
    with on_case(acting_user, clock.case, "flow.extend", reason=reason) as work:
        if not (work.coordinates or work.oversees):
            raise NotPermitted(Permission.OVERSEE_CASES)
        kept = Clock.objects.get(pk=clock.pk)
        if kept.stopped_at is not None:
            raise RuleError("这个期限已经停止，不用延期。")
        kept.extended += amount
        _reckon(kept, work)
        settle_due(work)
        until = f"，新的期限 {timezone.localtime(kept.due_at):%Y-%m-%d %H:%M}" if kept.due_at else ""
        work.step(
            "extend",
            "延期",
            text=f"{kept.get_scope_display()}期限延长 {amount} {Measure(kept.measure).label}{until}",
            reason=reason,
        )
        telling.news(work, f"已延期{until}")
    return kept


def recount_all(*, chunk: int = 200) -> int:
    """Work out every running clock anew after the working calendar changed; each change is a step of its case and is told.

    Returns how many clocks are due at another moment than before. Safe to run twice.
    """
    changed = 0
    ids = list(
        Case.objects.filter(clocks__stopped_at__isnull=True, clocks__isnull=False)
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()
    )
    for first in range(0, len(ids), chunk):
        with transaction.atomic():
            for pk in ids[first : first + chunk]:
                changed += _recount(Case(pk=pk))
    return changed


def _recount(case: Case) -> int:
    said = []
    with on_case(SYSTEM, case, "flow.recount") as work:
        for clock in Clock.objects.filter(case=work.case, stopped_at__isnull=True):
            before = clock.due_at
            if _reckon(clock, work):
                said.append(f"{clock.get_scope_display()}期限 {_moment(before)} → {_moment(clock.due_at)}")
        if not said:
            work.act.nothing_to_record()
            return 0
        settle_due(work)
        work.step("recount", "工作日历有变，期限重算", text="；".join(said))
        telling.news(work, "工作日历有变，期限已重算：" + "；".join(said))
    return len(said)


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else "暂停"


def look_at_clocks(now: datetime | None = None) -> dict[str, int]:
    """Remind of what is due within a day, and report what is overdue to those who coordinate and oversee; each once.

    Returns how many reminders and reports were made. Run every few minutes by the worker; safe to run twice.
    """
    moment = now or timezone.now()
    open_clocks = Clock.objects.filter(stopped_at__isnull=True, due_at__isnull=False)
    late = list(open_clocks.filter(due_at__lt=moment, escalated_at__isnull=True).values_list("pk", flat=True))
    soon = list(
        open_clocks.filter(
            due_at__gte=moment, due_at__lt=moment + REMIND_BEFORE, reminded_at__isnull=True
        ).values_list("pk", flat=True)
    )
    return {
        "reported": sum(_report_late(pk, moment) for pk in late),
        "reminded": sum(_remind(pk, moment) for pk in soon),
    }


def _report_late(pk: int, moment: datetime) -> bool:
    clock = Clock.objects.select_related("case").get(pk=pk)
    with on_case(SYSTEM, clock.case, "flow.escalate") as work:
        kept = Clock.objects.select_related("assignment__unit").get(pk=pk)
        if kept.stopped_at or kept.escalated_at or kept.due_at is None or kept.due_at >= moment:
            work.act.nothing_to_record()
            return False
        kept.escalated_at = moment
        kept.save(update_fields=["escalated_at"])
        whose = f"{kept.assignment.unit}的承办任务" if kept.assignment else kept.get_scope_display()
        text = f"{whose}超过期限（{_moment(kept.due_at)}）"
        work.step("escalate", "超期上报", text=text)
        telling.overdue(work, text)
    return True


def _remind(pk: int, moment: datetime) -> bool:
    with transaction.atomic():
        clock = Clock.objects.select_for_update().get(pk=pk)
        if clock.stopped_at or clock.reminded_at or clock.due_at is None:
            return False
        clock.reminded_at = moment
        clock.save(update_fields=["reminded_at"])
        telling.remind(clock, rules.left(current_calendar(), clock.due_at, moment))
    return True

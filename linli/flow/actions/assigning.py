"""Who holds a case: giving it to units, taking it on, handing it over, reporting, sending back, withdrawing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import Unit, UnitKind, User
from linli.access.roles import Permission
from linli.access.units import members
from linli.audit.recording import RuleError
from linli.flow import owners
from linli.flow.actions import clocks, telling
from linli.flow.actions.papers import papers_kept
from linli.flow.actions.refusing import note
from linli.flow.actions.warrants import dispatch
from linli.flow.actions.working import Work, on_case
from linli.flow.models import Assignment, Case, Clock, Dispatch, Warrant
from linli.flow.rules.clocks import Limit
from linli.flow.rules.warrants import Thing

State = Assignment.State


def give(
    work: Work,
    units: Sequence[Unit],
    *,
    lead: Unit | None = None,
    warrant: Warrant | None = None,
    task: str = "",
    limit: Limit | None = None,
) -> list[Assignment]:
    """Give the case to units, each with the state's task; the leading one is `lead`, else the first when nobody leads yet.

    What is given to a community needs a warrant, except what the community began itself. Raises RuleError for units that hold
    it already, are closed, or for which there is no warrant in force.
    """
    held = {one.unit_id for one in work.open_assignments}
    leads = any(one.is_lead for one in work.open_assignments)
    units = list(dict.fromkeys(units))
    if lead is not None and lead not in units:
        raise RuleError("主办单位要在所选的单位里。", field="lead")
    for unit in units:
        if unit.pk in held:
            raise RuleError(f"{unit}已经在办这件事。", field="units")
        if not unit.is_active:
            raise RuleError(f"{unit}已停用，请另选单位。", field="units")
    first = lead or (units[0] if units and not leads else None)
    sent = _dispatches(work, units, warrant)
    made = []
    for unit in units:
        one = Assignment.objects.create(
            case=work.case,
            unit=unit,
            is_lead=unit == first and not leads,
            task=task or work.state.task or work.state.name,
            dispatch=sent.get(unit.region_code) if unit.kind == UnitKind.COMMUNITY else None,
            given_at=work.now,
        )
        clock = clocks.start(work, Clock.Scope.TASK, limit, one)
        state_clock = clocks.running(work.case, Clock.Scope.STATE)
        one.due_at = (clock or state_clock or clocks.running(work.case, Clock.Scope.WHOLE) or Clock()).due_at
        one.save(update_fields=["due_at"])
        made.append(one)
    work.forget_assignments()
    for one in made:
        telling.task(work, one)
    return made


def _dispatches(work: Work, units: Sequence[Unit], warrant: Warrant | None) -> dict[str, Dispatch]:
    asked = [unit for unit in units if unit.kind == UnitKind.COMMUNITY and unit.pk != work.case.origin_id]
    if not asked:
        return {}
    if warrant is None:
        why = "不能直接派给社区：清单里没有依据。请选择已准入的事项，或由街道、部门承办。"
        today = timezone.localdate(work.now)
        places = {unit.region_code: (today, why) for unit in asked}
        note(Thing(work.kind.thing), None, places, title=work.case.title, sender=work.unit)
        raise RuleError(why, field="warrant")
    sender = work.unit or warrant.issuer
    made = dispatch(
        acting_user=work.user,
        warrant=warrant,
        thing=Thing(work.kind.thing),
        communities=[unit.region_code for unit in asked],
        title=work.case.title,
        sender=sender,
    )
    return {one.region_code: one for one in made}


def take(work: Work, assignment: Assignment) -> None:
    """Make the acting user the handler."""
    assignment.handler = work.user
    assignment.state = State.TAKEN
    assignment.taken_at = assignment.taken_at or work.now
    assignment.save(update_fields=["handler", "state", "taken_at"])
    telling.task(work, assignment)


def end(work: Work, assignment: Assignment, state: State, result: str = "") -> None:
    """End a task and its clock, and close its to-do."""
    assignment.state = state
    assignment.ended_at = work.now
    assignment.result = result.strip() or assignment.result
    assignment.save(update_fields=["state", "ended_at", "result"])
    clocks.stop_task(work, assignment)
    telling.task(work, assignment)


def _open(work: Work, assignment: Assignment) -> Assignment:
    """The assignment under the case's lock. Raises RuleError when it is over."""
    found = next((one for one in work.open_assignments if one.pk == assignment.pk), None)
    if found is None:
        raise RuleError("这项任务已经结束。请刷新页面看最新进展。")
    return found


def _own(work: Work, assignment: Assignment) -> Assignment:
    """An open assignment of one of the user's units. Raises NotPermitted when it is another unit's."""
    found = _open(work, assignment)
    if not work.is_system and found.unit_id not in work.user.unit_ids:
        raise NotPermitted(Permission.HANDLE_CASES)
    return found


def _for_handler(work: Work, assignment: Assignment) -> Assignment:
    found = _own(work, assignment)
    if found.handler_id not in (None, work.user.pk):
        raise RuleError(f"这件事由{found.handler}经办。请由本人办理，或先转给您。")
    return found


def claim(*, acting_user: Any, assignment: Assignment) -> Assignment:
    """Take a task of one's unit on (签收). Two at once: one gets it, the other is told who has it."""
    with on_case(acting_user, assignment.case, "flow.claim") as work:
        found = _own(work, assignment)
        if found.handler_id == acting_user.pk:
            work.act.nothing_to_record()
            return found
        if found.handler_id is not None:
            raise RuleError(f"这件事已由{found.handler}签收。")
        take(work, found)
        work.step("claim", "签收", unit=found.unit)
    return found


def hand_over(*, acting_user: Any, assignment: Assignment, to: User, reason: str = "") -> Assignment:
    """Give a task to a colleague of the unit: its handler may, and whoever oversees the place."""
    with on_case(acting_user, assignment.case, "flow.hand_over", reason=reason) as work:
        found = _open(work, assignment)
        if not work.oversees:
            found = _own(work, assignment)
            if found.handler_id not in (None, acting_user.pk):
                raise RuleError(f"这件事由{found.handler}经办，请由本人转交。")
        if to not in members(found.unit):
            raise RuleError(f"{to}不是{found.unit}的在岗人员，请另选。", field="to")
        if found.handler_id == to.pk:
            work.act.nothing_to_record()
            return found
        found.handler = to
        found.state = State.TAKEN
        found.taken_at = found.taken_at or work.now
        found.save(update_fields=["handler", "state", "taken_at"])
        work.step("hand_over", "转交", text=f"转给{to.name}", reason=reason, unit=found.unit)
        telling.task(work, found)
    return found


def report(
    *, acting_user: Any, assignment: Assignment, text: str, papers: Sequence[Any] = (), room: str = ""
) -> Assignment:
    """Say what was done; the unit's task is done with it. The leading unit ends its own by the case's steps instead."""
    if not text.strip():
        raise RuleError("请填写办理情况。", field="text")
    with on_case(acting_user, assignment.case, "flow.report") as work:
        if owners.keeps(work.kind.key, owners.REPORT, room):
            raise RuleError(f"要在{work.kind.name}的页面反馈，请从那里进入。")
        found = _for_handler(work, assignment)
        if found.is_lead and work.kind.steps_from(work.case.state):
            raise RuleError("主办单位请用办件的步骤办理，不用单独反馈。")
        if found.handler_id is None and not work.is_system:
            take(work, found)
        end(work, found, State.DONE, text)
        made = work.step("report", "反馈", text=text, unit=found.unit)
        papers_kept(work, made, papers)
        work.forget_assignments()
        clocks.settle_due(work)
        work.case.save()
        rest = [one for one in work.open_assignments if not one.is_lead]
        telling.news(work, f"{found.unit}已反馈" + ("" if rest else "，协办单位已全部反馈"))
    return found


def send_back(*, acting_user: Any, assignment: Assignment, reason: str) -> Assignment:
    """Refuse a task that is not the unit's to do, with the reason; the coordinating unit is told.

    When the leading unit sends it back, the coordinating unit holds the case until it gives it to another.
    """
    if not reason.strip():
        raise RuleError("请写明退回的理由，例如不属于本单位职责的依据。", field="reason")
    with on_case(acting_user, assignment.case, "flow.send_back", reason=reason) as work:
        found = _for_handler(work, assignment)
        coordinator = work.case.coordinator
        if coordinator is None or coordinator.pk == found.unit_id:
            raise RuleError("没有可以退回的单位，请按步骤办理。")
        end(work, found, State.RETURNED, reason)
        work.step("send_back", "退回", reason=reason, unit=found.unit)
        work.forget_assignments()
        if coordinator.pk not in {one.unit_id for one in work.open_assignments}:
            give(work, [coordinator], lead=coordinator if found.is_lead else None, task="重新派办")
        clocks.settle_due(work)
        work.case.save()
        telling.news(work, f"{found.unit}退回：{reason.strip()}")
    return found


def add_units(
    *,
    acting_user: Any,
    case: Case,
    units: Sequence[Unit],
    task: str = "",
    limit: Limit | None = None,
    warrant: Warrant | None = None,
    lead: Unit | None = None,
) -> list[Assignment]:
    """Call further units to a case: the leading and the coordinating unit's people may."""
    if not units:
        raise RuleError("请选择单位。", field="units")
    with on_case(acting_user, case, "flow.add_units") as work:
        if not (work.coordinates or any(one.is_lead for one in work.mine)):
            raise NotPermitted(Permission.HANDLE_CASES)
        if work.state.ends:
            raise RuleError("这件事已经办结。")
        made = give(work, units, task=task, limit=limit, warrant=warrant, lead=lead)
        work.step("add_units", "派办", text=f"交{'、'.join(one.unit.name for one in made)}：{made[0].task}")
        clocks.settle_due(work)
        work.case.save()
    return made


def withdraw(*, acting_user: Any, assignment: Assignment, reason: str) -> Assignment:
    """Take a task back from a unit, with a reason: the leading and the coordinating unit's people may."""
    if not reason.strip():
        raise RuleError("请填写收回的理由。", field="reason")
    with on_case(acting_user, assignment.case, "flow.withdraw", reason=reason) as work:
        found = _open(work, assignment)
        if not (work.coordinates or any(one.is_lead for one in work.mine)):
            raise NotPermitted(Permission.HANDLE_CASES)
        if found.is_lead:
            raise RuleError("主办单位的任务不能收回，请按步骤改派。")
        end(work, found, State.WITHDRAWN)
        work.step("withdraw", "收回任务", text=f"收回{found.unit}的任务", reason=reason)
        work.forget_assignments()
        clocks.settle_due(work)
        work.case.save()
    return found

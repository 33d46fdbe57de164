"""Opening cases and moving them along their table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.flow import owners
from linli.flow.actions import assigning, clocks, telling
from linli.flow.actions.kinds import current_edition
from linli.flow.actions.papers import papers_kept
from linli.flow.actions.working import Work, on_case
from linli.flow.models import Assignment, Case, Clock, Warrant
from linli.flow.rules.kinds import Actor, Gives, Step

_NUMBER = """
INSERT INTO flow_casenumber (prefix, year, last) VALUES (%s, %s, 1)
ON CONFLICT (prefix, year) DO UPDATE SET last = flow_casenumber.last + 1 RETURNING last
"""


def _next_number(prefix: str) -> str:
    """The next number of a prefix: ZR-2026-00001. Two at once wait for each other."""
    year = timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, [prefix, year])
        (last,) = cursor.fetchone()
    return f"{prefix}-{year}-{last:05d}"


def open_case(
    *,
    acting_user: Any,
    kind: str,
    title: str,
    region_code: str,
    body: str = "",
    origin: Unit | None = None,
    coordinator: Unit | None = None,
    is_urgent: bool = False,
    give: Sequence[Unit] = (),
    lead: Unit | None = None,
    warrant: Warrant | None = None,
    papers: Iterable[Any] = (),
) -> Case:
    """Begin a case of a kind in its first state, and give it to units (`lead` the leading one, else the first).

    Raises RuleError for an empty title and what `assigning.give` refuses; LookupError for a kind that is not there.
    """
    edition = current_edition(kind)
    if not title.strip():
        raise RuleError("请填写标题。", field="title")
    if origin is None and acting_user.pk:
        origin = next(iter(Unit.objects.filter(pk__in=acting_user.unit_ids)), None)
    with action(acting_user, "flow.open") as act:
        case = Case(
            region_code=region_code,
            number=_next_number(edition.rules.prefix),
            edition=edition,
            title=title.strip(),
            body=body.strip(),
            is_urgent=is_urgent,
            origin=origin,
            coordinator=coordinator,
            opened_by_id=acting_user.pk or None,
            state=edition.rules.first.key,
        )
        case.save()
        work = Work(case, acting_user, act)
        case.opened_at = work.now
        made = work.step("open", "发起", text=body, unit=origin)
        papers_kept(work, made, papers)
        clocks.start(work, Clock.Scope.WHOLE, work.kind.limit)
        _enter(work)
        assigning.give(work, give, lead=lead, warrant=warrant)
        clocks.settle_due(work)
        case.save()
    return case


def move(
    *,
    acting_user: Any,
    case: Case,
    step: str,
    reason: str = "",
    text: str = "",
    units: Sequence[Unit] = (),
    lead: Unit | None = None,
    warrant: Warrant | None = None,
    papers: Iterable[Any] = (),
    room: str = "",
) -> Case:
    """Take a step of the case's table. `units` and `lead` are for steps that let the actor choose who holds it next; `room` is
    given by the room that takes steps of its kind itself (see `flow.owners`).

    Raises RuleError when the table, the state or the missing reason or paper refuses it; NotPermitted when it is another's
    to take.
    """
    with on_case(acting_user, case, f"flow.{step}", reason=reason) as work:
        wanted = work.kind.step(step)
        if wanted is None:
            raise RuleError("这种办件没有这个步骤。")
        if owners.keeps(work.kind.key, wanted.key, room):
            raise RuleError(f"“{wanted.name}”要在{work.kind.name}的页面办理，请从那里进入。")
        _may(work, wanted, reason, papers)
        before, target = work.state, work.kind.state(wanted.target)
        _hand_in(work, wanted, text)
        clocks.stop(work, Clock.Scope.STATE)
        if before.ends and not target.ends:
            clocks.start(work, Clock.Scope.WHOLE, work.kind.limit)
            work.case.closed_at, work.case.outcome = None, ""
        if before.pauses and not target.pauses:
            clocks.resume_whole(work)
        if target.pauses:
            clocks.pause_whole(work)
        if target.ends:
            clocks.stop(work, Clock.Scope.WHOLE, Clock.Scope.TASK)
            work.case.closed_at, work.case.outcome = work.now, target.outcome
        made = work.step(wanted.key, wanted.name, after=target.key, reason=reason, text=text)
        papers_kept(work, made, papers)
        _enter(work)
        _hand_out(work, wanted, units, lead, warrant)
        clocks.settle_due(work)
        work.case.save()
        telling.news(work, f"{wanted.name}（{target.outcome or target.name}）")
    return work.case


def _may(work: Work, step: Step, reason: str, papers: Iterable[Any]) -> None:
    if work.case.state not in step.sources:
        raise RuleError(f"这件事现在是“{work.state.name}”，不能{step.name}。请刷新页面看最新进展。")
    if not work.actors & set(step.by):
        raise NotPermitted(Permission.HANDLE_CASES)
    taken = [one for one in work.mine if one.handler_id not in (None, work.user.pk)]
    if taken and work.actors & set(step.by) <= {Actor.LEAD, Actor.MEMBER}:
        raise RuleError(f"这件事由{taken[0].handler}经办。请由本人办理，或先转给您。")
    if step.reason and not reason.strip():
        raise RuleError(f"“{step.name}”要写明理由。", field="reason")
    if step.paper and not list(papers):
        raise RuleError(f"“{step.name}”要附上材料。", field="papers")
    waiting = [one.unit.name for one in work.open_assignments if one not in work.mine]
    if step.waits and waiting:
        raise RuleError(
            f"还有 {len(waiting)} 个单位没有办完：{'、'.join(waiting)}。请先催办，或收回他们的任务。"
        )


def _hand_in(work: Work, step: Step, text: str) -> None:
    """End the tasks that the step makes an end of: the actor's is done, the others' are withdrawn."""
    if step.gives is Gives.KEEP and not work.kind.state(step.target).ends:
        for one in work.mine:
            if one.handler_id is None and not work.is_system:
                assigning.take(work, one)
        return
    for one in work.open_assignments:
        done = one in work.mine
        assigning.end(
            work, one, Assignment.State.DONE if done else Assignment.State.WITHDRAWN, text if done else ""
        )
    work.forget_assignments()


def _enter(work: Work) -> None:
    clocks.start(work, Clock.Scope.STATE, work.state.limit)


def _hand_out(
    work: Work, step: Step, units: Sequence[Unit], lead: Unit | None, warrant: Warrant | None
) -> None:
    if step.gives is Gives.CHOSEN:
        if not units:
            raise RuleError("请选择交给哪个单位办理。", field="units")
        assigning.give(work, units, lead=lead, warrant=warrant)
    elif step.gives is Gives.COORDINATOR and work.case.coordinator is not None:
        assigning.give(work, [work.case.coordinator])
    elif step.gives is Gives.ORIGIN and work.case.origin is not None:
        assigning.give(work, [work.case.origin])
    elif step.gives is Gives.KEEP:
        for one in work.open_assignments:
            telling.task(work, one)


def follow(*, acting_user: Any, case: Case) -> None:
    """Be told of every step of a case."""
    with on_case(acting_user, case, "flow.follow") as work:
        work.case.watchers.add(acting_user)
        work.act.nothing_to_record()


def unfollow(*, acting_user: Any, case: Case) -> None:
    """Be told no more."""
    with on_case(acting_user, case, "flow.unfollow") as work:
        work.case.watchers.remove(acting_user)
        work.act.nothing_to_record()

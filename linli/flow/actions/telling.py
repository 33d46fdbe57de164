"""What is told to whom when a case moves."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from linli.access.models import Post, User
from linli.access.roles import GRANTS, Permission
from linli.access.units import members
from linli.flow.actions.working import Work
from linli.flow.models import Assignment, Case, Clock
from linli.notices import actions as notices

_OVERSEERS = [str(role) for role, granted in GRANTS.items() if Permission.OVERSEE_CASES in granted]


def key_of(assignment: Assignment) -> str:
    """The key of the to-do of one unit's task."""
    return f"flow.task.{assignment.pk}"


def task(work: Work, assignment: Assignment) -> None:
    """Keep the to-do of a task on the bells of those who can do it: the handler, else all of the unit's people."""
    if assignment.state not in Assignment.OPEN:
        notices.settle_key(key_of(assignment))
        return
    people = [assignment.handler] if assignment.handler else members(assignment.unit)
    said = assignment.task or work.state.task or work.state.name
    notices.keep_todo(
        key_of(assignment),
        [person.pk for person in people],
        f"{said}：{work.case.title}",
        body=f"{work.case.number} · {work.kind.name}" + ("" if assignment.handler else " · 待签收"),
        url=work.case.get_absolute_url(),
        is_urgent=work.case.is_urgent,
        due_on=timezone.localtime(assignment.due_at).date() if assignment.due_at else None,
    )


def news(work: Work, said: str) -> None:
    """Tell those who began the case, follow it, or hold it what happened; not the one who did it."""
    people = {work.case.opened_by_id, *work.case.watchers.values_list("pk", flat=True)}
    people |= {one.handler_id for one in work.open_assignments}
    _send(work.case, people - {None, work.user.pk}, said)


def overdue(work: Work, said: str) -> None:
    """Tell the holders, the coordinating unit and the overseers of the place that a limit has passed."""
    people = {one.handler_id for one in work.open_assignments}
    if work.case.coordinator is not None:
        people |= {person.pk for person in members(work.case.coordinator)}
    people |= overseers(work.case)
    _send(work.case, people - {None}, said, is_urgent=True)


def remind(clock: Clock, said: str) -> None:
    """Remind the holders that a limit is near."""
    case = Case.objects.get(pk=clock.case_id)
    held = Assignment.objects.filter(case=case, state__in=Assignment.OPEN).select_related("unit")
    if clock.assignment_id is not None:
        held = held.filter(pk=clock.assignment_id)
    people: set[int | None] = set()
    for one in held:
        people |= {one.handler_id} if one.handler_id else {person.pk for person in members(one.unit)}
    _send(case, people - {None}, said)


def overseers(case: Case) -> set[int]:
    """The users who oversee the place that the case is about, those of its own level and of the one above it."""
    today = timezone.localdate()
    above = [case.region_code[:length] for length in (6, 9, 12) if len(case.region_code) >= length][-2:]
    posts = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        role__in=_OVERSEERS,
        region_code__in=above,
        valid_from__lte=today,
        user__is_active=True,
    )
    return set(posts.values_list("user_id", flat=True))


def _send(case: Case, people: Iterable[int | None], said: str, *, is_urgent: bool = False) -> None:
    for user in User.objects.filter(pk__in=[one for one in people if one], is_active=True):
        notices.send(
            user, f"{said}：{case.title}", body=case.number, url=case.get_absolute_url(), is_urgent=is_urgent
        )

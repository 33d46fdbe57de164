"""What is told to whom about a form that is asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from linli.access.holders import nearest_holders
from linli.access.models import User
from linli.access.roles import Permission
from linli.access.units import members
from linli.collecting.models import OPEN, FormPart, FormTask
from linli.collecting.rules import State
from linli.notices import actions as notices
from linli.notices.models import NoticeKind
from linli.office.calendar import current as current_calendar
from linli.regions import names

PREFIX = "collecting."


def _key(part: FormPart) -> str:
    return f"{PREFIX}part:{part.pk}"


def fillers(part: FormPart) -> list[User]:
    """The community's people who fill forms."""
    return nearest_holders(Permission.RECEIVE_FORMS, part.region_code)


def signers(part: FormPart) -> list[User]:
    """Who signs for the community."""
    return nearest_holders(Permission.SIGN_FORMS, part.region_code)


def todo(part: FormPart) -> None:
    """Keep the to-do of a copy where it waits: with those who fill it, then with those who sign."""
    people = {State.SENT: fillers, State.FILLING: fillers, State.CHECKING: signers}.get(State(part.state))
    said = {
        State.SENT: "请签收报表",
        State.FILLING: "请填报" if not part.why else "请更正",
        State.CHECKING: "请审核签字",
    }.get(State(part.state), "")
    notices.keep_todo(
        _key(part),
        [user.pk for user in people(part)] if people is not None else [],
        f"{said}：{part.task.title}",
        body=f"{part.task.asker} · {names.title(part.region_code)}",
        url=part.get_absolute_url(),
        is_urgent=part.is_late,
        due_on=part.task.due_on,
    )


def tell(
    people: Iterable[User], part: FormPart, said: str, *, besides: Any = None, is_urgent: bool = False
) -> None:
    """News about a copy."""
    for user in people:
        if user.pk != getattr(besides, "pk", 0):
            notices.send(
                user,
                f"{said}：{part.task.title}",
                body=names.title(part.region_code),
                url=part.get_absolute_url(),
                is_urgent=is_urgent,
            )


def tell_unit(part: FormPart, said: str, *, besides: Any = None) -> None:
    """News for the departments that ask."""
    tell(askers(part.task), part, said, besides=besides)


def askers(task: FormTask) -> set[User]:
    """The people of the departments that ask."""
    return {user for unit in task.asking_units for user in members(unit)}


def tell_due(on: date) -> int:
    """Remind those whose copy is due on the next working day or before; tell department and community once that it is late.
    Returns of how many copies."""
    soon = current_calendar().add_working_days(on, 1)
    waiting = (
        FormPart.objects.filter(state__in=OPEN, task__due_on__lte=soon)
        .exclude(state=State.JOINED)
        .select_related("task__unit")
    )
    for part in waiting:
        todo(part)
        due = part.task.due_on
        if due is None:
            continue
        late = due < on
        people = {*fillers(part), *signers(part), *(askers(part.task) if late else ())}
        said = "已超期，还没有报送" if late else f"{due:%m月%d日}截止，还没有报送"
        for user in people:
            notices.send(
                user,
                f"{names.title(part.region_code)}{said}：{part.task.title}",
                body=part.task.asker,
                url=part.get_absolute_url(),
                kind=NoticeKind.NEWS,
                is_urgent=late,
                key=f"{PREFIX}{'late' if late else 'due'}:{part.pk}:{due}",
            )
    return len(waiting)

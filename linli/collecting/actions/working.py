"""What the actions share: locks, whose task or copy it is."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.collecting import reading
from linli.collecting.models import OPEN, FormPart, FormTask, Joined
from linli.collecting.rules import JointState, State

SEND, RECEIVE, SIGN = Permission.SEND_TO_COMMUNITIES, Permission.RECEIVE_FORMS, Permission.SIGN_FORMS


def locked_task(user: Any, pk: int) -> FormTask:
    """A task of the user's unit, locked. Raises NotPermitted."""
    found = (
        FormTask.objects.select_for_update(of=("self",))
        .select_related("unit", "warrant")
        .filter(pk=pk)
        .first()
    )
    if found is None or not reading.sends(user, found):
        raise NotPermitted(SEND)
    return found


def locked_draft(user: Any, pk: int) -> FormTask:
    """A draft of the user's unit, locked. Raises RuleError once it is issued."""
    found = locked_task(user, pk)
    if not found.is_draft:
        raise RuleError("这份报表已经下发，不能再改。如要更改，请收回后重新下发。")
    if Joined.objects.filter(task=found, joint__state=JointState.PROPOSED).exists():
        raise RuleError(
            "这份报表已经提议和别的报表合并下发，等决定。要改或单独下发，请先在提议里点“不参加”。"
        )
    return found


def locked_part(user: Any, pk: int, permission: Permission) -> FormPart:
    """A copy of a community in which the user holds the permission, locked with its task. Raises NotPermitted."""
    found = (
        FormPart.objects.select_for_update(of=("self",))
        .select_related("task__unit", "task__warrant", "dispatch")
        .filter(pk=pk)
        .first()
    )
    if found is None or not user.can(permission, found.region_code):
        raise NotPermitted(permission)
    return found


def require_state(part: FormPart, *states: State) -> None:
    """Raise RuleError, saying how it stands, unless the copy is in one of the states."""
    if part.state in states:
        return
    said = {
        State.SENT: "这份报表还没有签收，请先签收。",
        State.FILLING: "这份报表正在填报，还没有提交审核。",
        State.CHECKING: "这份报表已经提交审核，等负责人签字；要改请先退回。",
        State.JOINED: "这份报表已和别的部门的合在一起，请在合并的那一份里填。",
        State.SIGNED: "这份报表已经报送；要改请先点“更正”。",
        State.WITHDRAWN: "这份报表已经由要表单位收回，不用再填。",
    }
    raise RuleError(said[State(part.state)])


def require_reason(text: str, says: str = "请填写原因。") -> str:
    """The reason, stripped. Raises RuleError for none."""
    if not text.strip():
        raise RuleError(says, field="reason")
    return text.strip()


def settle(task: FormTask) -> None:
    """A task is over when no copy waits any more."""
    waits = FormPart.objects.filter(task=task, state__in=OPEN).exists()
    if waits == (task.closed_at is None):
        return
    task.closed_at = None if waits else timezone.now()
    task.save(update_fields=["closed_at"])

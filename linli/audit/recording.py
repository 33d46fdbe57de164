"""How actions leave their trace."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.db import connection, models, transaction

from linli.audit.models import Channel, Disclosure, Event


class RuleError(Exception):
    """A rule of the house says no. The text is one Chinese sentence for the user; `field` names the form field."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class ActingUser(Protocol):
    """Whoever acts: a user, or the system."""

    pk: Any
    name: str


class System:
    """The system itself, acting by a schedule or at set-up. It may do everything; its deeds are recorded as 系统."""

    pk = 0
    name = "系统"
    is_authenticated = True

    def can(self, permission: Any, region_code: str | None = None) -> bool:
        return True

    def scopes(self, permission: Any) -> tuple[Any, ...]:
        from linli.kernel.scope import Scope

        return (Scope.of(""),)


SYSTEM = System()


class UntracedAction(RuntimeError):
    """An action ended without recording what it did: a programming error."""


class Act:
    """One running action; `record` writes what was done, at least once, on pain of UntracedAction."""

    def __init__(self, user: ActingUser, verb: str, reason: str) -> None:
        self.user = user
        self.verb = verb
        self.reason = reason
        self.recorded = 0
        self.left_behind: dict[Hashable, Callable[[Act], None]] = {}

    def leave_behind(self, key: Hashable, write: Callable[[Act], None]) -> None:
        """What is to be kept although the deed is refused: `write` is called when the outermost action ends with a RuleError, in a
        transaction of its own, after everything else was rolled back. Of one key the last counts. A deed that succeeds leaves
        nothing of it."""
        self.left_behind[key] = write

    def record(
        self, target: models.Model | None, summary: str, *, region_code: str | None = None, **data: Any
    ) -> Event:
        """Write the event. The region is the target's own unless given; `data` must be JSON."""
        self.recorded += 1
        return Event.objects.create(
            user_id=self.user.pk or 0,
            user_name=self.user.name,
            verb=self.verb,
            target_type=target._meta.label_lower if target is not None else "",
            target_id=target.pk if target is not None else None,
            region_code=region_code
            if region_code is not None
            else (getattr(target, "region_code", "") or ""),
            summary=summary,
            reason=self.reason,
            data=data,
        )

    def nothing_to_record(self) -> None:
        """Say that the action found nothing to change."""
        self.recorded += 1


_outermost: ContextVar[Act | None] = ContextVar("outermost action", default=None)


def running() -> Act | None:
    """The outermost action that runs now; None outside of actions."""
    return _outermost.get()


@contextmanager
def action(acting_user: ActingUser, verb: str, *, reason: str = "") -> Iterator[Act]:
    """The frame of every write: a transaction, the history's context, and the duty to record.

    `verb` is `room.what`, e.g. "people.move_in". Raises UntracedAction when nothing was recorded; the transaction is
    then rolled back. What was to be left behind of a refused deed is written after that (ADR 0038).
    """
    act = Act(acting_user, verb, reason)
    outer = _outermost.get()
    token = _outermost.set(outer or act)
    try:
        with transaction.atomic():
            context = json.dumps(
                {"user": acting_user.pk or 0, "user_name": acting_user.name, "verb": verb}, ensure_ascii=False
            )
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('pghistory.context_metadata', %s, true)", [context])
            yield act
            if not act.recorded:
                raise UntracedAction(verb)
    except RuleError:
        if outer is None and act.left_behind and not connection.needs_rollback:
            with transaction.atomic():
                for write in act.left_behind.values():
                    write(act)
        raise
    finally:
        _outermost.reset(token)


def disclose(
    *,
    acting_user: ActingUser,
    person_ids: Iterable[int],
    elements: Iterable[str],
    purpose: str,
    channel: Channel,
    region_code: str = "",
    client_id: int | None = None,
) -> Disclosure:
    """Record that a user, or a department's system (`client_id`), was shown persons' unmasked data. `purpose` must say something.

    Raises RuleError when no purpose is given.
    """
    if not purpose.strip():
        raise RuleError("请填写查看用途，例如“电话核实居住情况”。", field="purpose")
    ids = list(dict.fromkeys(person_ids))
    with transaction.atomic():
        made = Disclosure.objects.create(
            user_id=acting_user.pk or 0,
            user_name=acting_user.name,
            channel=channel,
            purpose=purpose.strip(),
            elements=list(elements),
            persons=len(ids),
            region_code=region_code,
            client_id=client_id,
        )
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_disclosedperson (disclosure_id, person_id) SELECT %s, unnest(%s::bigint[])",
                [made.pk, ids],
            )
    return made

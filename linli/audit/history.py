"""History by trigger: what a row was before each change, read back as changes field by field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import pghistory
from django.db import models

from linli.audit.models import Event

M = TypeVar("M", bound=type[models.Model])


def tracked(*, exclude: list[str] | None = None) -> Callable[[M], M]:
    """Class decorator: keep the old row at every update and delete, bulk and raw writes included (ADR 0003).

    Inserts are not copied: the first state is the row itself or the oldest kept one.
    """
    return pghistory.track(
        pghistory.UpdateEvent(label="change", row=pghistory.Old),
        pghistory.DeleteEvent(label="remove", row=pghistory.Old),
        context_field=pghistory.ContextJSONField(),
        context_id_field=None,  # type: ignore[arg-type]  # None is documented but not typed
        append_only=True,
        level=pghistory.Row,
        exclude=exclude or [],
    )


@dataclass(frozen=True)
class Change:
    """One field's change at one moment."""

    at: datetime
    user_name: str
    verb: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One deed on a record with the fields it changed."""

    at: datetime
    user_name: str
    summary: str
    reason: str
    changes: tuple[Change, ...]


def _shown(field: models.Field, value: Any, hidden: frozenset[str]) -> str:
    if field.name in hidden:
        return "（已加密）" if value else "（空）"
    if value is None or value == "":
        return "（空）"
    describe = getattr(field.model, "describe_value", None)
    if describe is not None and (text := describe(field.name, value)) is not None:
        return text
    if isinstance(value, list | dict):
        return _listed(value)
    choices = dict(field.flatchoices) if field.flatchoices else {}
    if value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _listed(value: list[Any] | dict[str, Any]) -> str:
    """Several values, or options with labels, in a line."""
    if isinstance(value, dict):
        value = list(value.values())
    return (
        "、".join(str(one.get("label", "")) if isinstance(one, dict) else str(one) for one in value)
        or "（空）"
    )


def changes(record: models.Model) -> list[Change]:
    """Every field change of a tracked record, newest first. Sealed and derived fields show only that they changed."""
    model = type(record)
    event_model = model.pgh_event_model  # type: ignore[attr-defined]
    hidden = frozenset(getattr(model, "history_hidden", ()))
    ignored = frozenset(getattr(model, "history_ignored", ()))
    names = {f.name for f in event_model._meta.fields}
    fields = [
        f for f in model._meta.concrete_fields if f.name in names and f.name != "id" and f.name not in ignored
    ]
    kept = list(event_model.objects.filter(pgh_obj_id=record.pk, pgh_label="change").order_by("pgh_id"))
    states: list[Any] = [*kept, record]
    found: list[Change] = []
    for number, before in enumerate(kept):
        after = states[number + 1]
        context = before.pgh_context or {}
        for field in fields:
            old, new = getattr(before, field.attname), getattr(after, field.attname)
            if old != new:
                found.append(
                    Change(
                        at=before.pgh_created_at,
                        user_name=context.get("user_name", "系统"),
                        verb=context.get("verb", ""),
                        label=str(field.verbose_name),
                        before=_shown(field, old, hidden),
                        after=_shown(field, new, hidden),
                    )
                )
    return found[::-1]


def events_of(record: models.Model, *, limit: int = 200) -> list[Event]:
    """The deeds recorded on a record, newest first."""
    return list(
        Event.objects.filter(target_type=record._meta.label_lower, target_id=record.pk).order_by("-id")[
            :limit
        ]
    )

"""Memberships as of a day (ADR 0013, 0043): who was in a group is read from the dates; class, level, certificate, money and details,
which have none, as they were recorded at the end of the day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from linli.pages.asof import end_of, is_past
from linli.registry.groups.models import Membership

# What of a membership has no date of its own and is read from the history.
RECORDED: Final = (
    "class_code",
    "level_code",
    "certificate",
    "evidence",
    "amount",
    "details",
    "review_on",
    "note",
)
_EVENTS: Any = Membership.pgh_event_model  # type: ignore[attr-defined]


def _in_base(on: date, prefix: str = "") -> Q:
    """Those that were in the base at the end of the day, or came before that was noted."""
    return Q(**{f"{prefix}created_at__lt": end_of(on)}) | Q(**{f"{prefix}created_at": None})


def recorded(rows: QuerySet[Membership], on: date, field: str) -> QuerySet[Any]:
    """These memberships with `<field>_on`: the field as it was recorded at the end of the day."""
    if not is_past(on):
        return rows.annotate(**{f"{field}_on": F(field)})
    changed = (
        _EVENTS.objects.filter(
            _in_base(on, "pgh_obj__"), pgh_obj_id=OuterRef("pk"), pgh_created_at__gte=end_of(on)
        )
        .order_by("pgh_created_at", "pgh_id")
        .values(field)[:1]
    )
    return rows.annotate(
        **{f"{field}_on": Case(When(Exists(changed), then=Subquery(changed)), default=F(field))}
    )


def set_back(found: Iterable[Membership], on: date) -> None:
    """Give the memberships of a page the values that were recorded of them on that day; for reading only, with one query."""
    by_pk = {one.pk: one for one in found}
    if not is_past(on) or not by_pk:
        return
    events = (
        _EVENTS.objects.filter(
            _in_base(on, "pgh_obj__"), pgh_obj_id__in=by_pk, pgh_created_at__gte=end_of(on)
        )
        .order_by("pgh_obj_id", "pgh_created_at", "pgh_id")
        .distinct("pgh_obj_id")
    )
    for event in events:
        for field in RECORDED:
            setattr(by_pk[event.pgh_obj_id], field, getattr(event, field))

"""One inbox for all kinds: what is mine, my units', overdue, followed, begun by us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.flow.models import Assignment, Case


@dataclass(frozen=True)
class Box:
    """One view of the inbox; `narrow(rows, user)` leaves its cases."""

    key: str
    label: Any
    hint: Any
    narrow: Callable[[QuerySet, Any], QuerySet]


def _held(**more: Any) -> Exists:
    return Exists(Assignment.objects.filter(case=OuterRef("pk"), ended_at__isnull=True, **more))


def _open(rows: QuerySet) -> QuerySet:
    return rows.filter(closed_at__isnull=True)


BOXES: tuple[Box, ...] = (
    Box(
        "mine",
        _("我经办的"),
        _("签收或转给您的，还没办完"),
        lambda rows, user: rows.filter(_held(handler=user)),
    ),
    Box(
        "waiting",
        _("待签收"),
        _("派给本单位，还没有人签收"),
        lambda rows, user: rows.filter(_held(unit__in=user.unit_ids, handler=None)),
    ),
    Box(
        "unit",
        _("本单位在办"),
        _("本单位正在办的全部"),
        lambda rows, user: rows.filter(_held(unit__in=user.unit_ids)),
    ),
    Box(
        "overdue",
        _("已超期"),
        _("有期限已经超过，还没办结"),
        lambda rows, user: _open(rows).filter(due_at__lt=timezone.now()),
    ),
    Box("followed", _("我关注的"), _("每一步都会通知您"), lambda rows, user: rows.filter(watchers=user)),
    Box(
        "begun",
        _("我方发起"),
        _("您或本单位发起的"),
        lambda rows, user: rows.filter(Q(opened_by=user) | Q(origin__in=user.unit_ids)),
    ),
    Box("all", _("全部"), _("您能看到的全部"), lambda rows, user: rows),
)
_BY_KEY = {box.key: box for box in BOXES}


def find(key: str) -> Box:
    """The box of that key, else the first."""
    return _BY_KEY.get(key, BOXES[0])


def counts(user: Any) -> dict[str, int]:
    """How many cases are in the boxes that ask for work."""
    rows = Case.objects.visible(user)
    return {key: _BY_KEY[key].narrow(rows, user).count() for key in ("mine", "waiting", "overdue")}


def waiting_for(user: Any) -> int:
    """How many open tasks wait for the user: their own and their units' that nobody has taken."""
    own = Q(handler=user) | Q(handler=None, unit__in=user.unit_ids)
    return Assignment.objects.filter(own, ended_at__isnull=True).count()

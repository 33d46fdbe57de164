"""Which groups and memberships a user may see: sensitive ones only with VIEW_SENSITIVE_GROUPS, and only there."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.facts.dictionary import Sensitivity
from linli.registry.groups.models import Group, Membership

VIEW, SENSITIVE, EDIT = Permission.VIEW_GROUPS, Permission.VIEW_SENSITIVE_GROUPS, Permission.EDIT_GROUPS


def groups(user: Any) -> QuerySet[Group]:
    """The active groups that the user may see somewhere."""
    found = Group.objects.filter(is_active=True)
    if not user.can(VIEW):
        return found.none()
    return found if user.can(SENSITIVE) else found.filter(sensitivity__lt=int(Sensitivity.SENSITIVE))


def memberships(user: Any) -> QuerySet[Membership]:
    """The memberships that the user may see."""
    sensitive = Q(group__sensitivity__gte=int(Sensitivity.SENSITIVE))
    allowed = Q(~sensitive) | (sensitive & scopes_q("region_code", user.scopes(SENSITIVE)))
    found: QuerySet[Membership] = Membership.objects.permitted(user, VIEW)
    return found.filter(allowed)


def current(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Those that hold today, of people alive."""
    return rows.filter(period__contains=timezone.localdate(), person__death_date__isnull=True)


def counts(user: Any) -> dict[int, tuple[int, int]]:
    """For each group: how many are in it in the user's area today, and of how many the review is overdue."""
    today = timezone.localdate()
    found = (
        current(memberships(user))
        .order_by()
        .values("group_id")
        .annotate(n=Count("pk"), due=Count("pk", filter=Q(review_on__lt=today)))
    )
    return {row["group_id"]: (row["n"], row["due"]) for row in found}


def may_edit(user: Any, group: Group, region_code: str) -> bool:
    """Whether the user may change memberships of the group there."""
    return user.can(EDIT, region_code) and (not group.is_sensitive or user.can(SENSITIVE, region_code))

"""Which groups and memberships a user may see.

A group asks for VIEW_GROUPS, a sensitive one for VIEW_SENSITIVE_GROUPS, and one with `viewers` for a post of those roles as well:
always where the member lies. Lists, charts, pages, exports, forms and the dictionary's terms all ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from linli.access.models import scopes_q
from linli.access.roles import GRANTS, Permission
from linli.kernel.scope import Scope, merge
from linli.registry.groups.models import Group, Membership

VIEW, SENSITIVE, EDIT = Permission.VIEW_GROUPS, Permission.VIEW_SENSITIVE_GROUPS, Permission.EDIT_GROUPS


def scopes_for(user: Any, *, is_sensitive: bool, viewers: Iterable[str]) -> tuple[Scope, ...]:
    """Where the user may see who is in groups of that kind. The system itself sees all."""
    permission = SENSITIVE if is_sensitive else VIEW
    roles = frozenset(viewers)
    mine: tuple[Scope, ...] = user.scopes(permission)
    if not roles or not mine or not hasattr(user, "current_posts"):
        return mine
    return merge(
        Scope.of(post.region_code)
        for post in user.current_posts
        if post.role in roles and permission in GRANTS[post.role]
    )


def scopes(user: Any, group: Group) -> tuple[Scope, ...]:
    """Where the user may see who is in the group."""
    return scopes_for(user, is_sensitive=group.is_sensitive, viewers=group.viewers)


def seen_by(group: Group) -> Callable[[Any], tuple[Scope, ...]]:
    """The same as the dictionary's terms ask it; one function for all groups of a kind."""
    key = (group.is_sensitive, tuple(sorted(group.viewers)))
    if key not in _seen:
        is_sensitive, viewers = key
        _seen[key] = lambda user: scopes_for(user, is_sensitive=is_sensitive, viewers=viewers)
    return _seen[key]


_seen: dict[tuple[bool, tuple[str, ...]], Callable[[Any], tuple[Scope, ...]]] = {}


def sees(user: Any, group: Group, region_code: str) -> bool:
    """Whether the user may see who of a region is in the group."""
    return any(region_code in scope for scope in scopes(user, group))


def groups(user: Any) -> QuerySet[Group]:
    """The active groups that the user may see somewhere."""
    found = Group.objects.filter(is_active=True)
    if not user.can(VIEW):
        return found.none()
    hidden = [group.pk for group in found if not scopes(user, group)]
    return found.exclude(pk__in=hidden) if hidden else found


def _by_kind() -> dict[tuple[bool, tuple[str, ...]], list[int]]:
    """All groups, those of one sensitivity and the same viewers together."""
    found: dict[tuple[bool, tuple[str, ...]], list[int]] = {}
    for group in Group.objects.order_by("pk").only("pk", "sensitivity", "viewers"):
        found.setdefault((group.is_sensitive, tuple(sorted(group.viewers))), []).append(group.pk)
    return found


def of_visible_groups(user: Any) -> Q:
    """Narrows rows that have `group` and `region_code` to those whose group the user may see there."""
    allowed = Q(pk__in=[])
    for (is_sensitive, viewers), ids in _by_kind().items():
        where = scopes_for(user, is_sensitive=is_sensitive, viewers=viewers)
        if where:
            allowed |= Q(group__in=ids) & scopes_q("region_code", where)
    return allowed


def memberships(user: Any) -> QuerySet[Membership]:
    """The memberships that the user may see."""
    found: QuerySet[Membership] = Membership.objects.permitted(user, VIEW)
    return found.filter(of_visible_groups(user))


def current(rows: QuerySet[Membership], on: date | None = None) -> QuerySet[Membership]:
    """Those that hold on a day (today), of people alive then."""
    day = on or timezone.localdate()
    return rows.filter(period__contains=day).exclude(person__death_date__lte=day)


def counts(user: Any, on: date | None = None) -> dict[int, tuple[int, int]]:
    """For each group: how many are in it in the user's area on a day (today), and of how many the review was overdue."""
    today = on or timezone.localdate()
    found = (
        current(memberships(user), today)
        .order_by()
        .values("group_id")
        .annotate(n=Count("pk"), due=Count("pk", filter=Q(review_on__lt=today)))
    )
    return {row["group_id"]: (row["n"], row["due"]) for row in found}


def may_edit(user: Any, group: Group, region_code: str) -> bool:
    """Whether the user may change memberships of the group there."""
    return user.can(EDIT, region_code) and sees(user, group, region_code)

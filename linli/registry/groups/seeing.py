"""Which groups and memberships a user may see.

A group asks for VIEW_GROUPS, a sensitive one for VIEW_SENSITIVE_GROUPS, and one with `viewers` for a post of those roles as well:
always where the member lies. Lists, charts, pages, exports, forms and the dictionary's terms all ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Left
from django.utils import timezone

from linli.access.models import scopes_q
from linli.access.roles import GRANTS, Permission
from linli.audit.unchanged import Unchanged
from linli.facts import kept
from linli.kernel.scope import Scope, common, merge
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


def all_groups(user: Any) -> list[Group]:
    """Every group, for reading only; asked for once by a request, whose filters, tags and tabs each need them."""
    found: list[Group] | None = getattr(user, "_all_groups", None)
    if found is None:
        found = _kept.get("all", _read)
        if hasattr(user, "current_posts"):  # the system itself lives longer than a request
            user._all_groups = found
    return found


def _read() -> list[Group]:
    return list(Group.objects.only("code", "name", "sensitivity", "viewers", "is_active"))


_kept: Unchanged[list[Group]] = Unchanged(most=1)


def groups(user: Any) -> QuerySet[Group]:
    """The active groups that the user may see somewhere."""
    found = Group.objects.filter(is_active=True)
    if not user.can(VIEW):
        return found.none()
    hidden = [group.pk for group in found if not scopes(user, group)]
    return found.exclude(pk__in=hidden) if hidden else found


def _by_kind(user: Any) -> dict[tuple[bool, tuple[str, ...]], list[int]]:
    """All groups, those of one sensitivity and the same viewers together."""
    found: dict[tuple[bool, tuple[str, ...]], list[int]] = {}
    for group in sorted(all_groups(user), key=lambda one: one.pk):
        found.setdefault((group.is_sensitive, tuple(sorted(group.viewers))), []).append(group.pk)
    return found


def of_visible_groups(user: Any) -> Q:
    """Narrows rows that have `group` and `region_code` to those whose group the user may see there."""
    allowed = Q(pk__in=[])
    for (is_sensitive, viewers), ids in _by_kind(user).items():
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


COUNTS = "groups"


def counted(scopes: Sequence[Scope], on: date) -> dict[str, kept.Numbers]:
    """For each community and group how many are in it on a day ("7"), and of how many the review was overdue ("7 due")."""
    rows = (
        current(Membership.objects.filter(scopes_q("region_code", scopes)), on)
        .order_by()
        .values_list(Left("region_code", kept.COMMUNITY), "group_id")
        .annotate(n=Count("pk"), due=Count("pk", filter=Q(review_on__lt=on)))
    )
    found: dict[str, kept.Numbers] = {}
    for code, group, n, due in rows:
        found.setdefault(code, {}).update({f"{group}": n, f"{group} due": due})
    return found


@dataclass(frozen=True)
class Counts:
    """How many are in each group, of how many the review was overdue, and when that was counted where it was kept."""

    by_group: dict[int, tuple[int, int]]
    at: datetime | None = None


def counts(user: Any, on: date | None = None) -> Counts:
    """How many are in each group in the user's area on a day (today)."""
    today = on or timezone.localdate()
    held = kept.latest(COUNTS, user.scopes(VIEW), today)
    if held is not None:
        return Counts(_of_kept(user, held.numbers), held.at)
    found = (
        current(memberships(user), today)
        .order_by()
        .values("group_id")
        .annotate(n=Count("pk"), due=Count("pk", filter=Q(review_on__lt=today)))
    )
    return Counts({row["group_id"]: (row["n"], row["due"]) for row in found})


def _of_kept(user: Any, numbers: dict[str, kept.Numbers]) -> dict[int, tuple[int, int]]:
    """Kept counts added up over the communities where the user sees each group."""
    found: dict[int, tuple[int, int]] = {}
    for (is_sensitive, viewers), ids in _by_kind(user).items():
        where = common(scopes_for(user, is_sensitive=is_sensitive, viewers=viewers), user.scopes(VIEW))
        there = [ours for code, ours in numbers.items() if any(code in scope for scope in where)]
        for group in ids:
            n = sum(ours.get(f"{group}", 0) for ours in there)
            if n:
                found[group] = (n, sum(ours.get(f"{group} due", 0) for ours in there))
    return found


def may_edit(user: Any, group: Group, region_code: str) -> bool:
    """Whether the user may change memberships of the group there."""
    return user.can(EDIT, region_code) and sees(user, group, region_code)

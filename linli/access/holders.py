"""Who is there to be told: the users who hold a permission nearest to a region."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Q
from django.utils import timezone

from linli.access.models import Post, User
from linli.access.roles import GRANTS, Permission


@lru_cache(maxsize=64)
def _roles(permission: Permission) -> tuple[str, ...]:
    return tuple(role for role, held in GRANTS.items() if permission in held)


def nearest_holders(permission: Permission, region_code: str) -> list[User]:
    """The active users whose post gives them the permission in a region, of the lowest level that has any: the workers of a
    community before the officers of its street. Users come once, by number."""
    today = timezone.localdate()
    keys = [region_code[:length] for length in range(1, len(region_code) + 1)]
    posts = (
        Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
        .filter(
            region_code__in=keys, role__in=_roles(permission), valid_from__lte=today, user__is_active=True
        )
        .select_related("user")
        .prefetch_related("user__posts")
    )
    found = list(posts)
    if not found:
        return []
    lowest = max(len(post.region_code) for post in found)
    users = {post.user_id: post.user for post in found if len(post.region_code) == lowest}
    return [users[pk] for pk in sorted(users)]

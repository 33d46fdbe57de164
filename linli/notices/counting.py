"""How many open notices a user has, by room: one statement for the bell and every badge of the sidebar."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Func, TextField, Value

from linli.notices.models import Notice

_KEPT = "_open_notices"


def open_by_room(user: Any) -> dict[str, int]:
    """Open notices by the first word of their key ("" for those without a key); asked once for each user object, which lives as
    long as its request."""
    if _KEPT not in user.__dict__:
        room = Func("key", Value("."), Value(1), function="split_part", output_field=TextField())
        rows = Notice.objects.filter(user_id=user.pk, done_at__isnull=True).order_by()
        user.__dict__[_KEPT] = dict(rows.values_list(room).annotate(n=Count("pk")))
    found: dict[str, int] = user.__dict__[_KEPT]
    return found


def unread(user: Any) -> int:
    """All open notices."""
    return sum(open_by_room(user).values())

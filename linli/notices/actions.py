"""Sending notices."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from linli.access.models import User
from linli.notices.models import Notice, NoticeKind


def send(
    user: User,
    title: str,
    *,
    body: str = "",
    url: str = "",
    kind: NoticeKind = NoticeKind.NEWS,
    is_urgent: bool = False,
    key: str = "",
    due_on: date | None = None,
) -> None:
    """Put a notice on a user's bell, in the transaction of the deed it tells of (whose event is the record).

    With a `key` a second sending changes nothing. A to-do may carry the date until which it is to be done.
    """
    notice = Notice(
        user=user,
        kind=kind,
        title=title,
        body=body,
        url=url,
        is_urgent=is_urgent,
        key=key,
        due_on=due_on,
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=bool(key))


def settle(notice: Notice) -> None:
    """Mark a notice read or done; a second time changes nothing."""
    if notice.done_at is None:
        notice.done_at = timezone.now()
        notice.save(update_fields=["done_at"])


def settle_news(user: User) -> int:
    """Mark all of a user's news read; to-dos stay. Returns how many there were."""
    return Notice.objects.filter(user=user, kind=NoticeKind.NEWS, done_at__isnull=True).update(
        done_at=timezone.now()
    )


def settle_key(key: str) -> int:
    """Close the to-dos of a matter for everybody, once it is dealt with."""
    return Notice.objects.filter(key=key, done_at__isnull=True).update(done_at=timezone.now())

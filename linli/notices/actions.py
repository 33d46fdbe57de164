"""Sending notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection
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


def send_all(users: Iterable[int], title: str, *, key: str, body: str = "", url: str = "") -> None:
    """Put the same news on many users' bells, by their numbers, in the transaction of the deed it tells of; again changes nothing."""
    Notice.objects.bulk_create(
        [
            Notice(user_id=one, kind=NoticeKind.NEWS, title=title, body=body, url=url, key=key)
            for one in sorted(set(users))
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


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


_KEEP = """
INSERT INTO notices_notice (user_id, kind, title, body, url, is_urgent, key, due_on, created_at)
SELECT u, 'todo', %(title)s, %(body)s, %(url)s, %(urgent)s, %(key)s, %(due)s, now() FROM unnest(%(users)s::bigint[]) u
ON CONFLICT (user_id, key) WHERE NOT key = '' DO UPDATE
SET title = EXCLUDED.title, body = EXCLUDED.body, url = EXCLUDED.url, is_urgent = EXCLUDED.is_urgent,
    due_on = EXCLUDED.due_on, done_at = NULL,
    created_at = CASE WHEN notices_notice.done_at IS NULL THEN notices_notice.created_at ELSE now() END
"""


def keep_todo(
    key: str,
    user_ids: Iterable[int],
    title: str,
    *,
    body: str = "",
    url: str = "",
    is_urgent: bool = False,
    due_on: date | None = None,
) -> None:
    """Keep one open to-do of a standing matter (`key`) on the bells of these users, and of nobody else.

    For matters that are counted anew by the daily work (so many reviews due): a second call says the new number, one that was
    ticked off while the matter still waits is opened again, and with no users left it is closed for all.
    """
    wanted = sorted(set(user_ids))
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                _KEEP,
                {
                    "users": wanted,
                    "title": title,
                    "body": body,
                    "url": url,
                    "urgent": is_urgent,
                    "key": key,
                    "due": due_on,
                },
            )
    Notice.objects.filter(key=key, done_at__isnull=True).exclude(user_id__in=wanted).update(
        done_at=timezone.now()
    )


def settle_kept(prefix: str, *, besides: Iterable[str] = ()) -> int:
    """Close the to-dos of all matters whose key begins so, besides those named: what is no longer waiting."""
    found = Notice.objects.filter(key__startswith=prefix, done_at__isnull=True).exclude(key__in=list(besides))
    return found.update(done_at=timezone.now())

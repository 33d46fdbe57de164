"""The addresses by which calendar programs read the agenda: made, renewed, revoked, read."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import Post
from linli.access.roles import GRANTS, Permission
from linli.audit.recording import RuleError, action
from linli.gate.agenda.models import Feed

WINDOW: Final = timedelta(hours=1)
MOST: Final = 30  # reads of one address in an hour; calendar programs ask every hour or less often
_BYTES: Final = 24


class TooOften(RuleError):
    """An address was read too often; `seconds` until it may be again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("读取太频繁，请过一会儿再来。")
        self.seconds = seconds


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _own_post(acting_user: Any, post_id: int) -> Post:
    held: list[Post] = acting_user.current_posts
    for post in held:
        if post.pk == post_id and Permission.VIEW_GATE in GRANTS[post.role]:
            return post
    raise NotPermitted(Permission.VIEW_GATE)


def renew_feed(*, acting_user: Any, post_id: int) -> str:
    """Make the address of one's post, in place of the one before; returns its secret part, which is shown this once. Raises
    NotPermitted for others' posts and those that do not see the agenda."""
    post = _own_post(acting_user, post_id)
    token = secrets.token_urlsafe(_BYTES)
    with action(acting_user, "agenda.renew_feed") as act:
        _feed, made = Feed.objects.update_or_create(
            post=post,
            defaults={
                "token_digest": _digest(token),
                "made_at": timezone.now(),
                "reads_since": None,
                "reads": 0,
                "last_read_at": None,
            },
        )
        act.record(
            post,
            "生成日历订阅地址" if made else "更换日历订阅地址，原来的作废",
            region_code=post.region_code,
        )
    return token


def revoke_feed(*, acting_user: Any, post_id: int) -> None:
    """Take the address of one's post away. Raises NotPermitted."""
    post = _own_post(acting_user, post_id)
    with action(acting_user, "agenda.revoke_feed") as act:
        gone, _more = Feed.objects.filter(post=post).delete()
        if gone:
            act.record(post, "停用日历订阅地址", region_code=post.region_code)
        else:
            act.nothing_to_record()


def read_feed(token: str) -> Post | None:
    """The post whose agenda an address opens, counted as a read; None for what is no address, and for posts that have ended, have no
    such permission any more, or whose user may not log in. Raises TooOften."""
    with transaction.atomic():
        feed = (
            Feed.objects.select_for_update(of=("self",))
            .select_related("post__user", "post__unit")
            .filter(token_digest=_digest(token))
            .first()
        )
        if feed is None:
            return None
        post, now = feed.post, timezone.now()
        if (
            not post.in_force(timezone.localdate())
            or not post.user.is_active
            or Permission.VIEW_GATE not in GRANTS[post.role]
        ):
            return None
        if feed.reads_since is None or now - feed.reads_since >= WINDOW:
            feed.reads_since, feed.reads = now, 0
        if feed.reads >= MOST:
            raise TooOften(int((feed.reads_since + WINDOW - now).total_seconds()) + 1)
        feed.reads, feed.last_read_at = feed.reads + 1, now
        feed.save(update_fields=["reads_since", "reads", "last_read_at"])
    return post

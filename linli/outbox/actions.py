"""Choosing to be reached, gathering what is to be told, sending it."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from linli.access.actions import users_in_area
from linli.access.guard import NotPermitted
from linli.access.models import User
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.kernel import phone as phones
from linli.notices.models import Notice, NoticeKind
from linli.outbox import gateways, rules
from linli.outbox.models import Message, Reach
from linli.outbox.rules import Waiting, Wish

log = logging.getLogger("linli.outbox")

OLDEST = timedelta(days=2)  # older notices are not told outside any more
STUCK = timedelta(minutes=15)  # a message that has been leaving for so long was left by a process that died


def mobile(user: User) -> str:
    """The user's mobile number; "" when the phone in the profile is none."""
    try:
        number = phones.normalise(user.phone) if user.phone else ""
    except phones.InvalidPhone:
        return ""
    return number if len(number) == 11 and number.startswith("1") else ""


def choose(*, acting_user: Any, sms: str) -> Reach:
    """Say how one wants to be reached. Raises RuleError without a mobile number."""
    if sms not in {one.value for one in Wish}:
        raise RuleError("请从列出的方式中选择。", field="sms")
    if sms != Wish.NOTHING and not mobile(acting_user):
        raise RuleError("您的联系电话不是手机号码，收不到短信。请先在“修改电话”里填手机号码。", field="sms")
    with action(acting_user, "outbox.choose") as act:
        reach, _made = Reach.objects.select_for_update().get_or_create(user=acting_user)
        if reach.sms == sms:
            act.nothing_to_record()
            return reach
        reach.sms, reach.since = sms, timezone.now()
        reach.save()
        act.record(acting_user, f"设置短信提醒：{reach.get_sms_display()}")
    return reach


def gather(now: datetime) -> int:
    """Make one message for each user of what is new and still open; returns how many messages."""
    wishes = dict(
        Reach.objects.exclude(sms=Wish.NOTHING).filter(user__is_active=True).values_list("user_id", "sms")
    )
    if not wishes:
        return 0
    told: dict[int, set[int]] = defaultdict(set)
    for user_id, keys in Message.objects.filter(
        user_id__in=wishes, created_at__gte=now - OLDEST - timedelta(days=1)
    ).values_list("user_id", "notices"):
        told[user_id].update(keys)
    since = dict(Reach.objects.filter(user_id__in=wishes).values_list("user_id", "since"))
    found: dict[int, dict[int, Waiting]] = defaultdict(dict)
    for notice in Notice.objects.filter(
        user_id__in=wishes, done_at__isnull=True, created_at__gte=now - OLDEST, created_at__lte=now
    ):
        said = Waiting(notice.kind == NoticeKind.TODO, notice.is_urgent, notice.due_on)
        new = notice.pk not in told[notice.user_id] and notice.created_at >= since[notice.user_id]
        if new and rules.wanted(wishes[notice.user_id], said):
            found[notice.user_id][notice.pk] = said
    made = []
    for user in User.objects.filter(pk__in=found):
        if not mobile(user):
            continue
        waiting = found[user.pk]
        urgent = any(one.is_urgent for one in waiting.values())
        made.append(
            Message(
                user=user,
                notices=sorted(waiting),
                text=rules.words(waiting.values()),
                is_urgent=urgent,
                not_before=rules.not_before(timezone.localtime(now), urgent=urgent),
                created_at=now,
            )
        )
    Message.objects.bulk_create(made)
    return len(made)


def deliver(now: datetime) -> int:
    """Send what waits, each message by itself so that none is sent twice because another failed; returns how many left.

    What has been done in the meantime is dropped. Without a gateway everything goes on waiting.
    """
    gateway = gateways.configured()
    if gateway is None:
        return 0
    Message.objects.filter(state=Message.State.SENDING, not_before__lte=now - STUCK).update(
        state=Message.State.GIVEN_UP, error="发送途中断了，不知道有没有发出，没有再发。"
    )
    sent = 0
    for pk in list(
        Message.objects.filter(state=Message.State.WAITING, not_before__lte=now).values_list("pk", flat=True)
    ):
        message = _take(pk, now)
        if message is None:
            continue
        try:
            reference = gateway.send(mobile(message.user), message.text, f"linli-{message.pk}")
        except gateways.GatewayError as error:
            _failed(message, str(error), now)
            continue
        Message.objects.filter(pk=pk).update(
            state=Message.State.SENT, sent_at=timezone.now(), reference=reference, error=""
        )
        sent += 1
    return sent


def _take(pk: int, now: datetime) -> Message | None:
    """Mark a message as leaving; None when another process has it or nothing of it waits any more."""
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(pk=pk, state=Message.State.WAITING)
            .first()
        )
        if message is None:
            return None
        message.user = User.objects.get(pk=message.user_id)
        still = Notice.objects.filter(pk__in=message.notices, done_at__isnull=True).exists()
        if not still or not message.user.is_active or not mobile(message.user):
            message.state = Message.State.DROPPED
            message.save(update_fields=["state"])
            return None
        message.state, message.tries, message.not_before = Message.State.SENDING, message.tries + 1, now
        message.save(update_fields=["state", "tries", "not_before"])
        return message


def _failed(message: Message, why: str, now: datetime) -> None:
    again = rules.again_at(now, message.tries)
    message.error = why
    message.state = Message.State.GIVEN_UP if again is None else Message.State.WAITING
    message.not_before = again or now
    message.save(update_fields=["error", "state", "not_before"])
    log.warning("message %s not taken: %s", message.pk, why)


def manageable(user: Any) -> QuerySet[Message]:
    """The messages to the users of the areas that the user administers."""
    if not user.can(Permission.MANAGE_SYSTEM):
        return Message.objects.none()
    return Message.objects.filter(user__in=users_in_area(user).values("pk"))


def try_again(*, acting_user: Any, message: Message) -> Message:
    """Let a message that was given up be tried once more. Raises RuleError for others."""
    if not manageable(acting_user).filter(pk=message.pk).exists():
        raise NotPermitted(Permission.MANAGE_SYSTEM)
    with action(acting_user, "outbox.try_again") as act:
        kept = Message.objects.select_for_update().get(pk=message.pk)
        if kept.state != Message.State.GIVEN_UP:
            raise RuleError("只有没有发出的提醒才能重发。")
        kept.state, kept.tries, kept.not_before, kept.error = Message.State.WAITING, 0, timezone.now(), ""
        kept.save()
        act.record(kept, f"重发给{kept.user}的短信提醒")
    return kept

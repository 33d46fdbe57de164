"""What leaves the system to reach its users: text messages through a gateway."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import User
from linli.outbox.rules import Wish

WISHES = [
    (Wish.NOTHING.value, _("不发短信")),
    (Wish.URGENT.value, _("只在紧急时发短信")),
    (Wish.TODOS.value, _("有新的待办就发短信")),
]


class Reach(models.Model):
    """How a user wants to be reached outside the system (提醒方式). Nobody is, without having asked for it. `since` is when it
    was last changed: older notices are not told any more."""

    user = models.OneToOneField(User, models.CASCADE, related_name="reach", verbose_name=_("用户"))
    sms = models.TextField(
        _("短信提醒"),
        choices=WISHES,
        default=Wish.NOTHING.value,
    )
    since = models.DateTimeField(_("设置时间"), default=timezone.now)

    class Meta:
        verbose_name = _("提醒方式")
        verbose_name_plural = _("提醒方式")

    def __str__(self) -> str:
        return f"{self.user}：{self.get_sms_display()}"


class Message(models.Model):
    """One message to one user (外发短信). `notices` are the keys of the notices it tells of; a notice is told once."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("等待发送")
        SENDING = "sending", _("正在发送")
        SENT = "sent", _("已发出")
        GIVEN_UP = "given_up", _("没有发出")
        DROPPED = "dropped", _("不用再发")

    user = models.ForeignKey(User, models.CASCADE, related_name="messages", verbose_name=_("收件人"))
    notices = ArrayField(models.BigIntegerField(), verbose_name=_("消息"))
    text = models.TextField(_("内容"))
    is_urgent = models.BooleanField(_("紧急"), default=False)
    state = models.TextField(_("状态"), choices=State.choices, default=State.WAITING)
    tries = models.SmallIntegerField(_("尝试次数"), default=0)
    not_before = models.DateTimeField(_("最早发送时间"), default=timezone.now)
    created_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    reference = models.TextField(_("网关编号"), blank=True, default="")
    error = models.TextField(_("原因"), blank=True, default="")

    class Meta:
        verbose_name = _("外发提醒")
        verbose_name_plural = _("外发提醒")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(state="waiting"), name="outbox_waiting"),
            models.Index(fields=["user", "-id"], name="outbox_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user}：{self.text}"

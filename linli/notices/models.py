"""Messages to users: what the bell shows."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import User


class NoticeKind(models.TextChoices):
    """Whether a notice only tells, or asks for something to be done."""

    NEWS = "news", _("消息")
    TODO = "todo", _("待办")


class Notice(models.Model):
    """One message to one user. A to-do stays until it is done; news is read away. `key` makes sending it twice one."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.TextField(_("类别"), choices=NoticeKind.choices, default=NoticeKind.NEWS)
    title = models.TextField(_("标题"))
    body = models.TextField(_("内容"), blank=True)
    url = models.TextField(_("去处"), blank=True)
    is_urgent = models.BooleanField(_("紧急"), default=False)
    key = models.TextField(_("标识"), blank=True, db_collation="C")
    due_on = models.DateField(_("期限"), null=True, blank=True)
    created_at = models.DateTimeField(_("时间"), default=timezone.now)
    done_at = models.DateTimeField(_("已读或办结"), null=True, blank=True)

    class Meta:
        verbose_name = _("消息")
        verbose_name_plural = _("消息")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], condition=~models.Q(key=""), name="notice_once")
        ]
        indexes = [
            models.Index(fields=["user", "-id"], condition=models.Q(done_at__isnull=True), name="notice_open")
        ]

    def __str__(self) -> str:
        return self.title

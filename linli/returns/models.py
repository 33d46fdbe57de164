"""Filled forms that came back, and what their senders' columns mean."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access import sealed_files
from linli.access.models import PermittedManager
from linli.ledgers.recognition import Recognition
from linli.regions.fields import RegionCodeField
from linli.registry.sources.models import SourceKind


class State(models.TextChoices):
    """Where a roster stands on its way into the base."""

    MAPPED = "mapped", _("待预览")
    PREVIEWED = "previewed", _("待入库")
    APPLIED = "applied", _("已入库")


class Return(models.Model):
    """A filled roster on its way into the base: who sent it, what its columns mean, what it would change, what it did.

    The workbook, the preview and the rows sent back lie encrypted outside the database; only the uploader sees them.
    `options`: register (people who are not in the base), move (those who live elsewhere), group (the group whose list it is).
    """

    region_follows = "region"

    region_code = RegionCodeField()
    name = models.TextField(_("文件名"))
    title = models.TextField(_("表名"), blank=True)
    sender = models.TextField(_("提供单位或人"))
    source = models.ForeignKey(SourceKind, models.PROTECT, related_name="+", verbose_name=_("来源"))
    on = models.DateField(_("数据日期"), default=timezone.localdate)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="returns", verbose_name=_("上传人")
    )
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now)
    recognised = models.JSONField(_("识别结果"), default=dict)
    fingerprint = models.TextField(_("结构指纹"), db_collation="C")
    options = models.JSONField(_("选项"), default=dict)
    state = models.TextField(_("状态"), choices=State.choices, default=State.MAPPED)
    counts = models.JSONField(_("各类行数"), default=dict)
    file = models.TextField(blank=True, default="")
    plan = models.TextField(blank=True, default="")
    sent_back = models.TextField(blank=True, default="")
    applied_at = models.DateTimeField(_("入库时间"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("名册")
        verbose_name_plural = _("名册")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["uploaded_by", "-id"], name="return_mine")]

    def __str__(self) -> str:
        return self.title or self.name

    def get_absolute_url(self) -> str:
        """The roster's page."""
        return reverse("returns:return", args=[self.pk])

    @property
    def recognition(self) -> Recognition:
        """What was recognised, with the columns as they were picked."""
        return Recognition.from_json(self.recognised)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of the preview; none before there is one."""
        if not self.plan:
            return []
        found: list[dict[str, Any]] = json.loads(sealed_files.read(self.plan))
        return found


class SenderColumn(models.Model):
    """What a column of a sender's form means, picked once: remembered by the form's structure and the sender. `element` "" is
    left alone."""

    sender = models.TextField(_("提供单位或人"))
    fingerprint = models.TextField(_("结构指纹"), db_collation="C")
    position = models.IntegerField(_("列"))
    heading = models.TextField(_("表头"))
    element = models.TextField(_("数据元"), blank=True)
    decided_by = models.TextField(_("确认人"))
    decided_at = models.DateTimeField(_("确认时间"), default=timezone.now)

    class Meta:
        verbose_name = _("名册的列")
        verbose_name_plural = _("名册的列")
        constraints = [
            models.UniqueConstraint(fields=["sender", "fingerprint", "position"], name="sender_column_once")
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.element}"

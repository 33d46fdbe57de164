"""Events (who did what and why), disclosures (who saw whose data), and the head of the hash chain."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One deed: append-only, numbered and chained by hash when its transaction commits (see `audit.sql`).

    `user_id` is 0 for the system itself. `data` holds what a reader needs beyond the summary, as JSON.
    """

    seq = models.BigIntegerField(_("序号"), null=True, unique=True, editable=False)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    user_id = models.BigIntegerField(_("操作人编号"), default=0)
    user_name = models.TextField(_("操作人"))
    verb = models.TextField(_("操作"))
    target_type = models.TextField(_("对象类别"), blank=True)
    target_id = models.BigIntegerField(_("对象编号"), null=True)
    region_code = models.TextField(_("所属区域"), blank=True, default="", db_collation="C")
    summary = models.TextField(_("内容"))
    reason = models.TextField(_("事由"), blank=True)
    data = models.JSONField(_("明细"), default=dict, blank=True)
    hash = models.TextField(_("校验值"), null=True, editable=False)  # noqa: DJ001  null until sealed at commit

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "-id"], name="event_target"),
            models.Index(fields=["region_code", "-id"], name="event_region"),
            models.Index(fields=["user_id", "-id"], name="event_user"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_name} {self.summary}"


class ChainHead(models.Model):
    """The last link of the chain of events; exactly one row."""

    seq = models.BigIntegerField(default=0)
    hash = models.TextField(default="")

    class Meta:
        verbose_name = _("校验链")

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


class Channel(models.TextChoices):
    """By which way personal data was shown."""

    PAGE = "page", _("页面查看")
    EXPORT = "export", _("导出")
    FORM = "form", _("填表")
    API = "api", _("接口")


class Disclosure(models.Model):
    """Unmasked personal data shown to a user for a stated purpose; the persons stand in `DisclosedPerson`."""

    at = models.DateTimeField(_("时间"), default=timezone.now)
    user_id = models.BigIntegerField(_("查看人编号"))
    user_name = models.TextField(_("查看人"))
    channel = models.TextField(_("方式"), choices=Channel.choices)
    purpose = models.TextField(_("用途"))
    elements = models.JSONField(_("数据项"), default=list)
    persons = models.IntegerField(_("涉及人数"), default=0)
    client_id = models.BigIntegerField(_("接入方编号"), null=True)
    region_code = models.TextField(_("所属区域"), blank=True, default="", db_collation="C")

    class Meta:
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")
        ordering = ["-id"]
        indexes = [models.Index(fields=["region_code", "-id"], name="disclosure_region")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_name} {self.purpose}"


class DisclosedPerson(models.Model):
    """One person within a disclosure. Kept by number, so that it outlives the record."""

    disclosure = models.ForeignKey(Disclosure, models.CASCADE, related_name="people")
    person_id = models.BigIntegerField(_("居民编号"))

    class Meta:
        verbose_name = _("查看涉及居民")
        indexes = [models.Index(fields=["person_id"], name="disclosed_person")]

    def __str__(self) -> str:
        return str(self.person_id)

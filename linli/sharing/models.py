"""Departments' systems that read the base (A8): who they are, what they may read, their keys, and every call they made."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager, Unit, User
from linli.audit.history import tracked
from linli.facts.dictionary import UnknownTerm, dictionary
from linli.regions.fields import RegionCodeField
from linli.sharing import rules


@tracked()
class Client(models.Model):
    """A department's system (接入方). `region_code` is the region within which it may ever read; `per_minute` limits its calls,
    `people_per_day` the people whose data it may get in a day. `valid_to` is the last day."""

    region_follows = "region"

    region_code = RegionCodeField()
    name = models.TextField(_("系统名称"))
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("使用单位"))
    responsible = models.TextField(_("责任人"))
    phone = models.TextField(_("责任人电话"), blank=True, default="")
    per_minute = models.IntegerField(_("每分钟最多调用次数"), default=120)
    people_per_day = models.IntegerField(_("每天最多查询人数"), default=10_000)
    valid_from = models.DateField(_("启用日期"), default=timezone.localdate)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    note = models.TextField(_("说明"), blank=True, default="")

    objects = PermittedManager()

    class Meta:
        verbose_name = _("接入方")
        verbose_name_plural = _("接入方")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["name"], name="client_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The client's page."""
        return reverse("sharing:client", args=[self.pk])

    def in_force(self, on: date) -> bool:
        """Whether it may call at all on that day."""
        return rules.in_force(self.valid_from, self.valid_to, on)


class Key(models.Model):
    """A key of a client. Only its keyed digest is stored; `public` is the part by which it is found and named."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="keys")
    public = models.TextField(_("编号"), unique=True)
    digest = models.BinaryField()
    created_at = models.DateTimeField(_("发放时间"), default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("发放人"))
    expires_on = models.DateField(_("有效期至"))
    revoked_at = models.DateTimeField(_("吊销时间"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)

    class Meta:
        verbose_name = _("密钥")
        verbose_name_plural = _("密钥")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.public

    def usable(self, on: date) -> bool:
        """Whether it opens anything on that day."""
        return self.revoked_at is None and on <= self.expires_on


class Operation(models.TextChoices):
    """What a client may do with what it is entitled to."""

    LOOKUP = "lookup", _("按号码查一人")
    BATCH = "batch", _("按号码批量查")
    CHANGES = "changes", _("订阅变动")
    COUNTS = "counts", _("查统计数")


@tracked()
class Entitlement(models.Model):
    """What a client may read (授权): elements of the rows of a subject that meet every one of `conditions`, in a region, for
    purposes. Granted by one person, in force only when another has confirmed it. `measures` are for counts."""

    region_follows = "region"

    client = models.ForeignKey(Client, models.CASCADE, related_name="entitlements", verbose_name=_("接入方"))
    region_code = RegionCodeField()
    subject = models.TextField(_("主题"))
    elements = ArrayField(models.TextField(), verbose_name=_("数据元"), default=list, blank=True)
    conditions = ArrayField(models.TextField(), verbose_name=_("限定口径"), default=list, blank=True)
    measures = ArrayField(models.TextField(), verbose_name=_("指标"), default=list, blank=True)
    operations = ArrayField(models.TextField(), verbose_name=_("用法"), default=list)
    purposes = ArrayField(models.TextField(), verbose_name=_("用途"), default=list)
    basis = models.TextField(_("依据"))
    valid_from = models.DateField(_("起"), default=timezone.localdate)
    valid_to = models.DateField(_("止"), null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("录入人"))
    granted_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("授权")
        verbose_name_plural = _("授权")
        ordering = ["client", "id"]

    def __str__(self) -> str:
        return f"{self.subject_label}（{'、'.join(self.purposes)}）"

    def in_force(self, on: date) -> bool:
        """Whether it holds on that day."""
        return (
            self.confirmed_at is not None
            and self.ended_at is None
            and rules.in_force(self.valid_from, self.valid_to, on)
        )

    @property
    def state(self) -> tuple[str, str]:
        """Its state in words, and the tone."""
        if self.ended_at is not None:
            return str(_("已终止")), ""
        if self.confirmed_at is None:
            return str(_("待确认")), "warn"
        if not self.in_force(timezone.localdate()):
            return str(_("不在有效期")), ""
        return str(_("有效")), "ok"

    @property
    def subject_label(self) -> str:
        try:
            return dictionary.subject(self.subject).label
        except UnknownTerm:
            return self.subject

    def _labels(self, keys: list[str], kind: str) -> list[str]:
        try:
            terms: dict[str, Any] = getattr(dictionary.subject(self.subject), kind)
        except UnknownTerm:
            return keys
        return [terms[key].label if key in terms else key for key in keys]

    @property
    def element_labels(self) -> list[str]:
        """The elements' names."""
        found = []
        for path in self.elements:
            try:
                found.append(dictionary.label(self.subject, path))
            except (UnknownTerm, KeyError):
                found.append(path)
        return found

    @property
    def condition_labels(self) -> list[str]:
        return self._labels(self.conditions, "conditions")

    @property
    def measure_labels(self) -> list[str]:
        return self._labels(self.measures, "measures")

    @property
    def operation_labels(self) -> list[str]:
        known = dict(Operation.choices)
        return [str(known.get(one, one)) for one in self.operations]


class Call(models.Model):
    """One call of a client, whatever came of it. `asked` and `found` count people; numbers asked for are not kept."""

    at = models.DateTimeField(_("时间"), default=timezone.now)
    client = models.ForeignKey(Client, models.CASCADE, related_name="calls", verbose_name=_("接入方"))
    key = models.ForeignKey(Key, models.SET_NULL, null=True, related_name="+")
    region_code = RegionCodeField(blank=True, default="")
    operation = models.TextField(_("用法"))
    purpose = models.TextField(_("用途"), blank=True, default="")
    asked = models.IntegerField(_("查询人数"), default=0)
    found = models.IntegerField(_("查到人数"), default=0)
    status = models.SmallIntegerField(_("结果"))
    milliseconds = models.IntegerField(_("用时（毫秒）"), default=0)
    address = models.TextField(_("来源地址"), blank=True, default="")

    region_follows = "never"

    objects = PermittedManager()

    class Meta:
        verbose_name = _("调用记录")
        verbose_name_plural = _("调用记录")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["client", "-id"], name="call_client"),
            models.Index(fields=["client", "at"], name="call_day"),
            models.Index(fields=["region_code", "-id"], name="call_region"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.operation}"


class Gone(models.Model):
    """A person whose leaving the entitlement a reader of changes was told, in the window that ended at `until`; once the reader
    has gone beyond it, nothing more is said of them."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    person_id = models.BigIntegerField()
    until = models.BigIntegerField()

    class Meta:
        verbose_name = _("已通知离开")
        constraints = [models.UniqueConstraint(fields=["client", "person_id"], name="gone_once")]

    def __str__(self) -> str:
        return f"{self.client_id}/{self.person_id}"


class Tally(models.Model):
    """How much a client has used of a limit in a stretch of time: one row counts for all processes of the web."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="+")
    kind = models.TextField()
    since = models.DateTimeField()
    used = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("用量")
        constraints = [models.UniqueConstraint(fields=["client", "kind", "since"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.used}"

"""Norms of communities, and plans to adjust them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.audit.history import tracked
from linli.regions.fields import RegionCodeField
from linli.registry.adjustment.norms import Rule
from linli.registry.adjustment.rules import Draft


class NormKind(models.TextChoices):
    """What a norm is about; the unit of its numbers stands in the label."""

    HOUSEHOLDS = "households", _("社区规模（户）")
    STAFF = "staff", _("社区工作者配备（每多少户 1 人）")
    STAFF_LEAST = "staff_least", _("社区工作者最低人数（人）")
    STAFF_PER_PEOPLE = "staff_per_people", _("社区工作者配备（每万常住人口，人）")
    LEADERS = "leaders", _("居民小组长（每多少户 1 人）")
    REPRESENTATIVES = "representatives", _("居民代表（每多少户 1 人）")
    ROOMS = "rooms", _("社区用房（每个社区，平方米）")
    ROOMS_PER_100 = "rooms_per_100", _("社区用房（每百户，平方米）")
    MONEY = "money", _("运转经费（每个社区每年，元）")
    MONEY_PER_HOUSEHOLD = "money_per_household", _("运转经费（每户每年，元）")


@tracked()
class Norm(models.Model):
    """A dated norm with its source and the place it holds for (`region_code` "" is the whole country).

    Norms of different sources stand side by side; none replaces another unless it is ended.
    """

    region_follows = "never"

    region_code = RegionCodeField(_("适用地区"), blank=True, default="")
    kind = models.TextField(_("标准内容"), choices=NormKind.choices)
    low = models.DecimalField(_("下限"), max_digits=12, decimal_places=2, null=True, blank=True)
    high = models.DecimalField(_("上限"), max_digits=12, decimal_places=2, null=True, blank=True)
    below = models.IntegerField(_("只适用于户数少于"), null=True, blank=True)
    source = models.TextField(_("来源"))
    basis = models.TextField(_("原文"), blank=True, default="")
    valid_from = models.DateField(_("施行日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("设置标准")
        verbose_name_plural = _("设置标准")
        ordering = ["kind", "region_code", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__isnull=False) | Q(high__isnull=False), name="norm_says_something"
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="norm_low_below_high",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                name="norm_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.source}"

    @property
    def rule(self) -> Rule:
        """The norm as plain data."""
        from linli.regions import names

        return Rule(
            measured=self.kind,
            title=str(self.get_kind_display()),
            source=self.source,
            place=self.region_code,
            place_name=names.title(self.region_code) if self.region_code else str(_("全国")),
            low=self.low,
            high=self.high,
            below=self.below,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            pk=self.pk,
        )


class PlanState(models.TextChoices):
    """How far a plan is."""

    DRAFT = "draft", _("草案")
    SUBMITTED = "submitted", _("待批准")
    APPROVED = "approved", _("已批准，待执行")
    DONE = "done", _("已执行")
    WITHDRAWN = "withdrawn", _("已撤回")


@tracked(exclude=["updated_at"])
class Plan(models.Model):
    """A named plan to adjust the communities of a street or district (Organic Law 2026, Art. 3: the street office proposes, the
    district's government approves). `content` is the draft as `rules.Draft.as_json` gives it."""

    region_follows = "never"
    history_ignored = ("content", "explanation")

    region_code = RegionCodeField(_("调整范围"))
    name = models.TextField(_("方案名称"))
    state = models.TextField(_("状态"), choices=PlanState.choices, default=PlanState.DRAFT)
    note = models.TextField(_("说明"), blank=True, default="")
    content = models.JSONField(default=dict)
    explanation = models.JSONField(_("系统拟定说明"), default=list)
    approval = models.TextField(_("批准文号"), blank=True, default="")
    approved_by = models.TextField(_("批准登记人"), blank=True, default="")
    effective_on = models.DateField(_("生效日期"), null=True, blank=True)
    done_at = models.DateTimeField(_("执行时间"), null=True, blank=True)
    result = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("拟定人")
    )
    created_at = models.DateTimeField(_("拟定时间"), default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("社区调整方案")
        verbose_name_plural = _("社区调整方案")
        ordering = ["-updated_at", "-pk"]
        indexes = [models.Index(fields=["region_code", "state"], name="plan_region")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("adjustment:plan", args=[self.pk])

    @property
    def draft(self) -> Draft:
        """What the plan changes."""
        return Draft.from_json(self.content)

    @property
    def is_open(self) -> bool:
        """Whether it may still be edited."""
        return self.state == PlanState.DRAFT


class Step(models.Model):
    """One edit of a draft: what was done, and the draft before it, for undoing."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps")
    said = models.TextField(_("修改"))
    before = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    by = models.TextField(_("修改人"), blank=True, default="")

    class Meta:
        verbose_name = _("草案修改")
        verbose_name_plural = _("草案修改")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.said

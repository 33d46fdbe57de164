"""A district's yearly composite assessment of its communities, and the list of the old contests that it takes in or ends."""

from __future__ import annotations

from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedQuerySet, Unit, User, scopes_q
from linli.access.roles import Permission
from linli.audit.history import tracked
from linli.gate.assessment import rules, triggers
from linli.gate.assessment.rules import Way
from linli.regions.fields import RegionCodeField


class DistrictQuerySet(PermittedQuerySet):
    """What a district settles, for all whom it concerns."""

    def visible(self, user: Any) -> Self:
        """Of the user's regions and of those above them."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        scopes = user.scopes(Permission.VIEW_GATE)
        above = {one.low[:length] for one in scopes for length in range(2, len(one.low) + 1)}
        return self.filter(Q(region_code__in=above) | scopes_q("region_code", scopes))


class PlanState(models.TextChoices):
    """How far a year's plan is."""

    DRAFT = "draft", _("草案")
    PUBLISHED = "published", _("已公布")
    CLOSED = "closed", _("已结束")


class Plan(models.Model):
    """The plan of a district's year: one edition, frozen when published. `least_satisfaction` is the least weight, in percent, that
    residents' satisfaction must have. Within `objection_days` working days of a score a community may object to it, and is answered within
    `answer_days`."""

    region_follows = "never"  # a district's, whatever becomes of its communities

    region_code = RegionCodeField()
    year = models.SmallIntegerField(_("年度"))
    title = models.TextField(_("名称"))
    note = models.TextField(_("依据和说明"), blank=True, default="")
    least_satisfaction = models.SmallIntegerField(_("满意度最低权重"), default=30)
    objection_days = models.SmallIntegerField(_("评分后几个工作日内可以申诉"), default=7)
    answer_days = models.SmallIntegerField(_("申诉几个工作日内答复"), default=10)
    state = models.TextField(_("状态"), choices=PlanState.choices, default=PlanState.DRAFT)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = models.Manager.from_queryset(DistrictQuerySet)()

    class Meta:
        verbose_name = _("综合考核方案")
        verbose_name_plural = _("综合考核方案")
        ordering = ["region_code", "-year"]
        constraints = [models.UniqueConstraint(fields=["region_code", "year"], name="plan_one_a_year")]
        triggers = [triggers.plan_frozen()]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("assessment:plan", args=[self.pk])


class Part(models.Model):
    """A part of a plan. Measured ones name a subject and measure of the dictionary (`subject.measure`), perhaps divided by a second
    one times 100 (`per`), and the values worth nothing and everything."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="parts", verbose_name=_("方案"))
    title = models.TextField(_("考核内容"))
    how = models.TextField(_("怎么评"), blank=True, default="")
    weight = models.SmallIntegerField(_("权重（%）"))
    way = models.TextField(
        _("分数从哪来"), choices=[(one.value, one.label) for one in Way], default=Way.ENTERED.value
    )
    measure = models.TextField(_("用哪个数字"), blank=True, default="")
    per = models.TextField(_("每百个"), blank=True, default="")
    zero_at = models.DecimalField(_("得 0 分的数值"), max_digits=10, decimal_places=2, null=True, blank=True)
    full_at = models.DecimalField(_("得满分的数值"), max_digits=10, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("考核内容")
        verbose_name_plural = _("考核内容")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=100), name="part_weight")
        ]
        triggers = [triggers.part_frozen()]

    def __str__(self) -> str:
        return self.title

    @property
    def plain(self) -> rules.Part:
        """As plain data."""
        return rules.Part(self.pk, self.title, self.weight, Way(self.way), self.zero_at, self.full_at)


@tracked()
class Score(models.Model):
    """A community's points for a part, out of 100; `value` is what a measured part found on `as_of`. Without points nothing is recorded
    there that could be judged (`rules.measured_points`), and the part does not count. What it was before is kept."""

    region_follows = "never"

    region_code = RegionCodeField()
    part = models.ForeignKey(Part, models.CASCADE, related_name="scores", verbose_name=_("考核内容"))
    points = models.DecimalField(
        _("得分"),
        max_digits=5,
        decimal_places=2,
        null=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    value = models.DecimalField(_("数值"), max_digits=12, decimal_places=2, null=True, blank=True)
    as_of = models.DateField(_("数据截至"), null=True, blank=True)
    note = models.TextField(_("说明"), blank=True, default="")
    at = models.DateTimeField(_("时间"), default=timezone.now)

    history_ignored = ("at",)
    objects = models.Manager.from_queryset(PermittedQuerySet)()

    class Meta:
        verbose_name = _("考核得分")
        verbose_name_plural = _("考核得分")
        ordering = ["region_code"]
        constraints = [
            models.UniqueConstraint(fields=["part", "region_code"], name="score_once"),
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=100), name="score_of_hundred"),
        ]
        triggers = [triggers.score_open()]

    def __str__(self) -> str:
        return f"{self.region_code} {self.said}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("assessment:score", args=[self.pk])

    @property
    def said(self) -> str:
        """The points as they are told."""
        return rules.said(self.points)


class ObjectionState(models.TextChoices):
    """What became of an objection."""

    OPEN = "open", _("待答复")
    UPHELD = "upheld", _("改分")
    REJECTED = "rejected", _("维持原分")
    WITHDRAWN = "withdrawn", _("已撤回")


class Objection(models.Model):
    """A community objects to a score (申诉): what it was, what it should be and why; until when it is to be answered; the answer."""

    region_follows = "never"  # about the score of then

    region_code = RegionCodeField()
    score = models.ForeignKey(Score, models.PROTECT, related_name="objections", verbose_name=_("考核得分"))
    points_then = models.DecimalField(_("当时得分"), max_digits=5, decimal_places=2, null=True)
    wanted = models.DecimalField(_("认为应得"), max_digits=5, decimal_places=2, null=True, blank=True)
    reason = models.TextField(_("申诉理由"))
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("申诉人"))
    made_at = models.DateTimeField(_("申诉时间"), default=timezone.now)
    due_on = models.DateField(_("答复期限"))
    state = models.TextField(_("状态"), choices=ObjectionState.choices, default=ObjectionState.OPEN)
    answer = models.TextField(_("答复"), blank=True, default="")
    points_after = models.DecimalField(_("答复后得分"), max_digits=5, decimal_places=2, null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("答复人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = models.Manager.from_queryset(PermittedQuerySet)()

    class Meta:
        verbose_name = _("考核申诉")
        verbose_name_plural = _("考核申诉")
        ordering = ["-id"]
        indexes = [models.Index(fields=["region_code", "-id"], name="objection_region")]
        constraints = [
            models.UniqueConstraint(fields=["score"], condition=Q(state="open"), name="objection_one_open"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"]) | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="objection_answered_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score.part.title}：{self.reason[:20]}"

    def get_absolute_url(self) -> str:
        """The score's page, on which it stands."""
        return self.score.get_absolute_url()

    @property
    def said_then(self) -> str:
        """The points objected to, as they are told."""
        return rules.said(self.points_then)

    @property
    def is_late(self) -> bool:
        """Whether its answer is overdue."""
        return self.state == ObjectionState.OPEN and self.due_on < timezone.localdate()


class Fate(models.TextChoices):
    """What becomes of an old contest or inspection."""

    OPEN = "open", _("待清理")
    KEPT = "kept", _("保留")
    MERGED = "merged", _("并入综合考核")
    CANCELLED = "cancelled", _("取消")


@tracked()
class Contest(models.Model):
    """An old contest, target or inspection of communities (考核评比创建) and what became of it. `plaque` is what hangs on walls for it."""

    region_follows = "never"  # a district's

    region_code = RegionCodeField()
    title = models.TextField(_("项目"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("部门")
    )
    times = models.DecimalField(_("每年几次"), max_digits=6, decimal_places=1, null=True, blank=True)
    hours = models.DecimalField(_("每次约几小时"), max_digits=6, decimal_places=1, null=True, blank=True)
    plaque = models.TextField(_("墙上的标牌"), blank=True, default="")
    fate = models.TextField(_("清理结果"), choices=Fate.choices, default=Fate.OPEN)
    decided_on = models.DateField(_("日期"), null=True, blank=True)
    reason = models.TextField(_("理由"), blank=True, default="")
    part = models.ForeignKey(
        Part, models.SET_NULL, null=True, blank=True, related_name="contests", verbose_name=_("并入哪一项")
    )

    objects = models.Manager.from_queryset(DistrictQuerySet)()

    class Meta:
        verbose_name = _("考核评比项目")
        verbose_name_plural = _("考核评比项目")
        ordering = ["region_code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["region_code", "title"], name="contest_once"),
            models.CheckConstraint(
                condition=Q(fate="open") | (Q(decided_on__isnull=False) & ~Q(reason="")),
                name="contest_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The form that decides on it."""
        return reverse("assessment:decide", args=[self.pk])

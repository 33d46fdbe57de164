"""What comes into communities: proposals of departments, visits to one community each, joint visits, and ceilings of load."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager, PermittedQuerySet, Post, Unit, User
from linli.access.roles import Permission
from linli.access.sealed_files import SealedFile
from linli.audit.history import tracked
from linli.flow.models import Dispatch, Warrant
from linli.flow.rules.warrants import Thing
from linli.gate.agenda import rules, triggers
from linli.regions.fields import RegionCodeField

THINGS = [(one.value, one.label) for one in rules.COMES]
_HOURS: dict[str, Any] = {"max_digits": 5, "decimal_places": 1}


@tracked()
class LoadRule(models.Model):
    """A ceiling of load for the communities of a region from a day on; that of the nearest region above counts."""

    region_follows = "never"  # a street's or district's rule from a day on

    region_code = RegionCodeField()
    since = models.DateField(_("起用日期"), default=timezone.localdate)
    week_hours = models.DecimalField(_("每周上限（小时）"), **_HOURS)
    month_hours = models.DecimalField(_("每月上限（小时）"), **_HOURS)
    day_entries = models.SmallIntegerField(_("每天最多几项"), default=1)
    week_checks = models.SmallIntegerField(_("每周最多几次检查"), default=1)
    lead_days = models.SmallIntegerField(_("提前几个工作日"), default=3)
    excess = models.TextField(
        _("超过上限"),
        choices=[("consent", _("要街道同意并写明理由")), ("refuse", _("不准，必须改期"))],
        default="consent",
    )
    collision = models.TextField(
        _("时间冲突"),
        choices=[("consent", _("要街道同意并写明理由")), ("refuse", _("不准，必须改期"))],
        default="consent",
    )
    basis = models.TextField(_("依据"), blank=True, default="")

    objects = PermittedManager()

    class Meta:
        verbose_name = _("负担上限")
        verbose_name_plural = _("负担上限")
        ordering = ["region_code", "-since"]
        constraints = [models.UniqueConstraint(fields=["region_code", "since"], name="load_rule_a_day")]

    def __str__(self) -> str:
        return f"{self.region_code} {self.since}"

    @property
    def ceiling(self) -> rules.Ceiling:
        """The rule as plain data."""
        return rules.Ceiling(
            self.week_hours,
            self.month_hours,
            self.day_entries,
            self.week_checks,
            self.lead_days,
            rules.Answer(self.excess),
            rules.Answer(self.collision),
        )


class ProposalQuerySet(PermittedQuerySet):
    """Proposals, and who may see them."""

    def visible(self, user: Any) -> Self:
        """Those of the user's units, and those that come into a community the user sees."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        comes = Visit.objects.permitted(user, Permission.VIEW_GATE).filter(proposal=OuterRef("pk"))
        mine = user.unit_ids if user.can(Permission.VIEW_GATE) else ()
        return self.filter(Q(unit__in=mine) | Exists(comes))


class Proposal(models.Model):
    """What a department wants to bring into communities of one street under its warrant: purpose, how long, who comes, what is
    asked. When, is said for each community (`Visit`)."""

    region_follows = "never"  # proposed then, to the communities of then

    region_code = RegionCodeField()
    warrant = models.ForeignKey(Warrant, models.PROTECT, related_name="proposals", verbose_name=_("准入事项"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="proposals", verbose_name=_("申请单位"))
    thing = models.TextField(_("类型"), choices=THINGS)
    title = models.TextField(_("名称"))
    purpose = models.TextField(_("目的"))
    asks = models.TextField(_("请社区准备"), blank=True, default="")
    comers = models.TextField(_("来的人"), blank=True, default="")
    people = models.SmallIntegerField(_("来几个人"), null=True, blank=True)
    hours = models.DecimalField(_("每天占用社区（小时）"), **_HOURS)
    length = models.SmallIntegerField(_("连续几天"), default=1)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("申请人")
    )
    proposed_at = models.DateTimeField(_("申请时间"), default=timezone.now)

    objects = models.Manager.from_queryset(ProposalQuerySet)()

    class Meta:
        verbose_name = _("进社区申请")
        verbose_name_plural = _("进社区申请")
        ordering = ["-id"]
        indexes = [models.Index(fields=["region_code", "-id"], name="proposal_region")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("agenda:proposal", args=[self.pk])


class Tour(models.Model):
    """One plan of joint visits in several communities of a street (联合行动): each community its slot, decided in one go."""

    region_follows = "never"  # decided then, of the communities of then

    region_code = RegionCodeField()
    title = models.TextField(_("名称"))
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("牵头单位"))
    reason = models.TextField(_("理由"), blank=True, default="")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("安排人"))
    made_at = models.DateTimeField(_("安排时间"), default=timezone.now)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("联合行动")
        verbose_name_plural = _("联合行动")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("agenda:tour", args=[self.pk])


class Joint(models.Model):
    """A joint visit (联合检查): several departments come to one community together; it counts once. Perhaps one of a tour."""

    region_follows = "never"

    region_code = RegionCodeField()
    day = models.DateField(_("日期"))
    starts_at = models.TimeField(_("开始时间"), null=True, blank=True)
    hours = models.DecimalField(_("占用社区（小时）"), **_HOURS)
    title = models.TextField(_("名称"))
    lead = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("牵头单位"))
    tour = models.ForeignKey(
        Tour, models.PROTECT, null=True, blank=True, related_name="joints", verbose_name=_("联合行动")
    )
    made_at = models.DateTimeField(_("合并时间"), default=timezone.now)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("联合检查")
        verbose_name_plural = _("联合检查")
        ordering = ["-day"]

    def __str__(self) -> str:
        return self.title


class State(models.TextChoices):
    """How far a visit is."""

    PROPOSED = "proposed", _("待定")
    FIXED = "fixed", _("已定")
    DONE = "done", _("已完成")
    REFUSED = "refused", _("不同意")
    CANCELLED = "cancelled", _("已取消")


COUNTED = (State.FIXED, State.DONE)
OPEN = (State.PROPOSED, State.FIXED)


@tracked()
class Visit(models.Model):
    """One inspection, contest or meeting in one community, on a day or several.

    It is fixed by its `dispatch`, which the gate lets through or not (a trigger holds it). `hours` are the community's, a day;
    `prep_hours` those of preparing. `wish_day` is the day that the community would rather have. `consented_to` are the troubles that
    the street put up with, for `consent_reason`. What came without the gate is `is_unlisted`: told afterwards, and counted as such.
    """

    region_follows = "never"  # as its dispatch

    region_code = RegionCodeField()
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, related_name="visits", verbose_name=_("申请")
    )
    thing = models.TextField(_("类型"), choices=THINGS)
    title = models.TextField(_("名称"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("来的单位")
    )
    unit_name = models.TextField(_("来的单位（没有登记的）"), blank=True, default="")
    day = models.DateField(_("日期"))
    last_day = models.DateField(_("最后一天"))
    starts_at = models.TimeField(_("开始时间"), null=True, blank=True)
    hours = models.DecimalField(_("每天占用（小时）"), **_HOURS)
    prep_hours = models.DecimalField(_("准备要用（小时）"), default=Decimal(0), **_HOURS)
    state = models.TextField(_("状态"), choices=State.choices, default=State.PROPOSED)
    is_unlisted = models.BooleanField(_("未经准入"), default=False)
    dispatch = models.OneToOneField(
        Dispatch, models.PROTECT, null=True, blank=True, related_name="visit", verbose_name=_("下派")
    )
    joint = models.ForeignKey(
        Joint, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("联合检查")
    )
    wish_day = models.DateField(_("社区建议的日期"), null=True, blank=True)
    wish = models.TextField(_("社区意见"), blank=True, default="")
    consented_to = ArrayField(models.TextField(), verbose_name=_("街道同意的情况"), default=list, blank=True)
    consent_reason = models.TextField(_("街道同意的理由"), blank=True, default="")
    reason = models.TextField(_("不同意、取消或改期的原因"), blank=True, default="")
    spent_hours = models.DecimalField(_("实际用了（小时）"), null=True, blank=True, **_HOURS)
    spent_people = models.SmallIntegerField(_("社区几个人参加"), null=True, blank=True)
    remark = models.TextField(_("社区记录"), blank=True, default="")
    findings = models.TextField(_("结果、发现的问题"), blank=True, default="")
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("进社区安排")
        verbose_name_plural = _("进社区安排")
        ordering = ["day", "starts_at", "id"]
        indexes = [
            models.Index(fields=["region_code", "day"], name="visit_region_day"),
            models.Index(fields=["day"], condition=Q(state="fixed"), name="visit_fixed_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(region_code__regex=r"^\d{12}$"), name="visit_to_community"),
            models.CheckConstraint(condition=Q(last_day__gte=models.F("day")), name="visit_days_in_order"),
            models.CheckConstraint(
                condition=Q(proposal__isnull=False) | Q(is_unlisted=True), name="visit_proposed_or_unlisted"
            ),
        ]
        triggers = [triggers.visit_guarded()]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("agenda:visit", args=[self.pk])

    @property
    def who(self) -> str:
        """The unit that comes."""
        return self.unit.name if self.unit is not None else self.unit_name

    @property
    def total_hours(self) -> Decimal:
        """The community's hours as planned, preparation included."""
        return self.hours * ((self.last_day - self.day).days + 1) + self.prep_hours

    @property
    def slot(self) -> rules.Slot:
        """As plain data."""
        return rules.Slot(
            self.day,
            self.last_day,
            Thing(self.thing),
            self.hours,
            self.prep_hours,
            self.title,
            self.who,
            self.pk or 0,
            self.joint_id or 0,
            self.state in COUNTED,
        )


class VisitFile(SealedFile):
    """A paper or photograph of what came of a visit: encrypted at rest, read only through the visit's page."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="files", verbose_name=_("安排"))
    added_at = models.DateTimeField(_("上传时间"), default=timezone.now)

    class Meta(SealedFile.Meta):
        verbose_name = _("检查会议材料")
        verbose_name_plural = _("检查会议材料")


class Feed(models.Model):
    """The address by which a calendar program reads the agenda of a post (日历订阅). Of the address only a digest is kept: it is shown
    once, renewed when it is lost, revoked, and worth nothing once the post has ended. `reads` counts those since `reads_since`."""

    post = models.OneToOneField(Post, models.CASCADE, related_name="agenda_feed", verbose_name=_("岗位"))
    token_digest = models.TextField(db_collation="C", unique=True, editable=False)
    made_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    reads_since = models.DateTimeField(null=True, blank=True, editable=False)
    reads = models.IntegerField(default=0, editable=False)
    last_read_at = models.DateTimeField(_("最近一次读取"), null=True, blank=True)

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")

    def __str__(self) -> str:
        return str(self.post)

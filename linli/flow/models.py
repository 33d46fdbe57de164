"""The case engine's data: kinds and their editions, warrants and dispatches, cases with their steps, assignments and clocks.

Whatever moves between parties under a clock is a case: its state changes only by appended steps, it is held by units
(assignments), and every limit is a clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager, PermittedQuerySet, Unit, User, scopes_q
from linli.access.roles import Permission
from linli.access.sealed_files import SealedFile
from linli.audit.history import tracked
from linli.flow import triggers
from linli.flow.rules import kinds, warrants
from linli.flow.rules.clocks import Limit, Measure, Pause
from linli.regions.fields import RegionCodeField

THINGS = [(one.value, one.label) for one in warrants.Thing]


class CaseKind(models.Model):
    """A kind of case: appeal, whistle, application … Its table is in its editions."""

    key = models.TextField(_("标识"), unique=True, db_collation="C")
    name = models.TextField(_("名称"))

    class Meta:
        verbose_name = _("办件种类")
        verbose_name_plural = _("办件种类")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page: the table and the editions."""
        return reverse("flow:kind", args=[self.key])


class KindEdition(models.Model):
    """One edition of a kind's table; frozen once published. The newest published one begins new cases."""

    kind = models.ForeignKey(CaseKind, models.PROTECT, related_name="editions", verbose_name=_("办件种类"))
    number = models.SmallIntegerField(_("版次"))
    table = models.JSONField(_("流程表"))
    note = models.TextField(_("修改说明"), blank=True, default="")
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("流程版次")
        verbose_name_plural = _("流程版次")
        ordering = ["kind", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(published_at__isnull=True), name="edition_one_draft"
            ),
        ]
        triggers = [triggers.edition_frozen()]

    def __str__(self) -> str:
        return f"{self.kind} 第 {self.number} 版"

    @cached_property
    def rules(self) -> kinds.Kind:
        """The table as plain data."""
        return kinds.from_json(self.table)


@tracked()
class Warrant(models.Model):
    """What may be asked of the communities of a region (依据): which things, how often, from when until when.

    Only the gate makes warrants, from admitted items and emergency approvals. `suspended` says why it rests; "" while it
    holds.
    """

    region_follows = "region"

    region_code = RegionCodeField()
    title = models.TextField(_("事项"))
    basis = models.TextField(_("依据"), blank=True, default="")
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="warrants", verbose_name=_("责任部门"))
    things = ArrayField(models.TextField(choices=THINGS), verbose_name=_("可下派的内容"))
    times = models.SmallIntegerField(_("次数上限"), null=True, blank=True)
    per = models.TextField(
        _("频次单位"), choices=[(one.value, one.label) for one in warrants.Per], default="year"
    )
    period = DateRangeField(_("有效期"))
    suspended = models.TextField(_("暂停原因"), blank=True, default="")
    is_emergency = models.BooleanField(_("应急"), default=False)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("下派依据")
        verbose_name_plural = _("下派依据")
        ordering = ["id"]
        indexes = [models.Index(fields=["region_code", "issuer"], name="warrant_region")]
        constraints = [
            models.CheckConstraint(condition=Q(times__isnull=True) | Q(times__gte=1), name="warrant_times"),
            models.CheckConstraint(
                condition=Q(is_emergency=False) | Q(period__upper_inf=False), name="warrant_emergency_ends"
            ),
            models.CheckConstraint(condition=Q(period__lower_inf=False), name="warrant_begins"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def terms(self) -> warrants.Terms:
        """The terms as plain data."""
        return warrants.Terms(
            self.title,
            frozenset(warrants.Thing(one) for one in self.things),
            self.period.lower,
            self.period.upper,
            self.times,
            warrants.Per(self.per),
            self.region_code,
            self.suspended,
        )


class Dispatch(models.Model):
    """One thing sent to one community under a warrant: a form, a meeting, an inspection, a case …

    `region_code` is the community's. `day` is the day that counts for the frequency: of the meeting or inspection, else that of
    sending. Rows are cancelled, never deleted or rewritten; the database checks the warrant.
    """

    region_follows = "never"  # sent then, to the community of then

    region_code = RegionCodeField()
    warrant = models.ForeignKey(
        Warrant, models.PROTECT, related_name="dispatches", db_index=False, verbose_name=_("依据")
    )
    thing = models.TextField(_("内容"), choices=THINGS)
    title = models.TextField(_("标题"))
    day = models.DateField(_("日期"), default=timezone.localdate)
    sender = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("下派单位"))
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("下派人"))
    sent_at = models.DateTimeField(_("下派时间"), default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("下派")
        verbose_name_plural = _("下派")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["warrant", "region_code", "day"], name="dispatch_warrant"),
            models.Index(fields=["region_code", "day"], name="dispatch_region"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(region_code__regex=r"^\d{12}$"), name="dispatch_to_community")
        ]
        triggers = [triggers.dispatch_guarded()]

    def __str__(self) -> str:
        return self.title


class Refusal(models.Model):
    """What the gate let nobody send (被拦下的下派): kept although the deed was rolled back, never rewritten (ADR 0038).

    `unit` is the department that wanted it, `verb` the action in which it was tried. `region_code` is the region that holds all its
    `places`.
    """

    region_follows = "never"  # tried then, to the communities of then

    region_code = RegionCodeField()
    at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("操作人"))
    user_name = models.TextField(_("操作人姓名"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"))
    warrant = models.ForeignKey(
        Warrant, models.PROTECT, null=True, related_name="refusals", verbose_name=_("依据")
    )
    thing = models.TextField(_("内容"), choices=THINGS)
    title = models.TextField(_("标题"))
    verb = models.TextField(_("途径"), db_collation="C")

    objects = PermittedManager()

    class Meta:
        verbose_name = _("拦下的下派")
        verbose_name_plural = _("拦下的下派")
        ordering = ["-id"]
        indexes = [models.Index(fields=["unit", "at"], name="refusal_unit")]
        triggers = [triggers.append_only()]

    def __str__(self) -> str:
        return self.title


class RefusedPlace(models.Model):
    """One community to which something was not let through, for which day, and why not."""

    region_follows = "never"

    region_code = RegionCodeField()
    refusal = models.ForeignKey(Refusal, models.PROTECT, related_name="places", verbose_name=_("拦下的下派"))
    day = models.DateField(_("日期"))
    why = models.TextField(_("原因"))

    objects = PermittedManager()

    class Meta:
        verbose_name = _("拦下的社区")
        verbose_name_plural = _("拦下的社区")
        ordering = ["refusal", "region_code"]
        indexes = [models.Index(fields=["region_code", "refusal"], name="refused_place_region")]
        triggers = [triggers.append_only()]

    def __str__(self) -> str:
        return self.why


class CaseNumber(models.Model):
    """The last serial given out of a prefix in a year."""

    prefix = models.TextField(db_collation="C")
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="case_number_series")]

    def __str__(self) -> str:
        return f"{self.prefix}{self.year}-{self.last}"


class CaseQuerySet(PermittedQuerySet):
    """Cases, and who may see them."""

    def visible(self, user: Any) -> Self:
        """Cases that the user's units began, coordinate or hold or held, and those of regions the user oversees."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        mine = list(user.unit_ids)
        held = Assignment.objects.filter(case=OuterRef("pk"), unit__in=mine)
        involved = Q(origin__in=mine) | Q(coordinator__in=mine) | Q(opened_by=user.pk) | Exists(held)
        return self.filter(involved | scopes_q("region_code", user.scopes(Permission.OVERSEE_CASES)))


class Case(models.Model):
    """Whatever moves between parties under a clock. `state`, `due_at` and `closed_at` are what the last step made them.

    `origin` is the unit that began it, `coordinator` the one that looks after its way. `region_code` is the place it is about.
    `due_at` is the next moment at which one of its clocks runs out.
    """

    region_follows = "region"

    region_code = RegionCodeField()
    number = models.TextField(_("编号"), unique=True, db_collation="C")
    edition = models.ForeignKey(KindEdition, models.PROTECT, related_name="cases", verbose_name=_("流程版次"))
    title = models.TextField(_("标题"))
    body = models.TextField(_("内容"), blank=True, default="")
    is_urgent = models.BooleanField(_("紧急"), default=False)
    origin = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="begun_cases", verbose_name=_("发起单位")
    )
    coordinator = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="coordinated_cases", verbose_name=_("统筹单位")
    )
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("发起人"))
    opened_at = models.DateTimeField(_("发起时间"), default=timezone.now)
    state = models.TextField(_("状态"), db_collation="C")
    due_at = models.DateTimeField(_("期限"), null=True, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True, blank=True)
    outcome = models.TextField(_("结果"), blank=True, default="")
    watchers = models.ManyToManyField(User, related_name="watched_cases", verbose_name=_("关注人"))

    objects = models.Manager.from_queryset(CaseQuerySet)()

    class Meta:
        verbose_name = _("办件")
        verbose_name_plural = _("办件")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["region_code", "-id"], name="case_region"),
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="case_open_due"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("flow:case", args=[self.pk])

    @property
    def rules(self) -> kinds.Kind:
        """The table under which it goes."""
        return self.edition.rules

    @property
    def state_name(self) -> str:
        """The state's name."""
        return self.rules.state(self.state).name


class Assignment(models.Model):
    """A unit holds a case: it is to do `task`. One of the units leads. `handler` is the one of its people who took it on."""

    class State(models.TextChoices):
        """How far the unit is."""

        GIVEN = "given", _("待签收")
        TAKEN = "taken", _("办理中")
        DONE = "done", _("已办")
        RETURNED = "returned", _("已退回")
        WITHDRAWN = "withdrawn", _("已收回")

    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments", verbose_name=_("办件"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="assignments", db_index=False, verbose_name=_("承办单位")
    )
    is_lead = models.BooleanField(_("主办"), default=False)
    task = models.TextField(_("任务"), blank=True, default="")
    dispatch = models.ForeignKey(
        Dispatch, models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("下派")
    )
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("经办人")
    )
    state = models.TextField(_("状态"), choices=State.choices, default=State.GIVEN)
    given_at = models.DateTimeField(_("派办时间"), default=timezone.now)
    taken_at = models.DateTimeField(_("签收时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("办完时间"), null=True, blank=True)
    due_at = models.DateTimeField(_("期限"), null=True, blank=True)
    result = models.TextField(_("办理情况"), blank=True, default="")

    OPEN = (State.GIVEN, State.TAKEN)

    class Meta:
        verbose_name = _("承办")
        verbose_name_plural = _("承办")
        ordering = ["-is_lead", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(is_lead=True, ended_at__isnull=True),
                name="assignment_one_lead",
            ),
            models.UniqueConstraint(
                fields=["case", "unit"], condition=Q(ended_at__isnull=True), name="assignment_unit_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, state__in=["given", "taken"])
                | Q(ended_at__isnull=False, state__in=["done", "returned", "withdrawn"]),
                name="assignment_state_agrees",
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(handler__isnull=False), name="assignment_taken_by_one"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="assignment_unit"),
        ]
        triggers = [triggers.assignment_warranted()]

    def __str__(self) -> str:
        return f"{self.unit}：{self.task}"


class CaseStep(models.Model):
    """One thing that happened to a case, as it was; never edited."""

    case = models.ForeignKey(
        Case, models.PROTECT, related_name="steps", db_index=False, verbose_name=_("办件")
    )
    number = models.IntegerField(_("序号"))
    key = models.TextField(_("步骤"), db_collation="C")
    name = models.TextField(_("步骤名称"))
    before = models.TextField(_("原状态"), blank=True, default="")
    after = models.TextField(_("新状态"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("经办人")
    )
    user_name = models.TextField(_("经办人姓名"))
    reason = models.TextField(_("理由"), blank=True, default="")
    text = models.TextField(_("内容"), blank=True, default="")
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("办理步骤")
        verbose_name_plural = _("办理步骤")
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="step_number_once")]
        triggers = [triggers.append_only()]

    def __str__(self) -> str:
        return f"{self.case_id}-{self.number} {self.name}"


class Paper(SealedFile):
    """A paper of a case (材料): encrypted at rest, read only through the case's page. See `access.sealed_files`."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="papers", verbose_name=_("办件"))
    step = models.ForeignKey(CaseStep, models.PROTECT, related_name="papers", verbose_name=_("步骤"))

    class Meta(SealedFile.Meta):
        verbose_name = _("材料")
        verbose_name_plural = _("材料")


class Clock(models.Model):
    """A limit that runs: of the whole case (`scope` whole), of its state, or of one unit's task.

    `pauses` are [since, until] pairs of ISO moments, until null while it stands still. `due_at` follows from the rest and the
    calendar (`rules.clocks.due`); null while the clock stands still.
    """

    class Scope(models.TextChoices):
        """What the limit is for."""

        WHOLE = "whole", _("全程")
        STATE = "state", _("当前环节")
        TASK = "task", _("承办任务")

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks", verbose_name=_("办件"))
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, null=True, blank=True, related_name="clocks", verbose_name=_("承办")
    )
    scope = models.TextField(_("范围"), choices=Scope.choices)
    amount = models.IntegerField(_("期限"))
    measure = models.TextField(_("单位"), choices=[(one.value, one.label) for one in Measure])
    extended = models.IntegerField(_("已延长"), default=0)
    started_at = models.DateTimeField(_("起算时间"))
    pauses = models.JSONField(_("暂停"), default=list)
    due_at = models.DateTimeField(_("到期"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("停止"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("已提醒"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("已上报"), null=True, blank=True)

    class Meta:
        verbose_name = _("期限")
        verbose_name_plural = _("期限")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(stopped_at__isnull=True), name="clock_running")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "scope"],
                condition=Q(stopped_at__isnull=True, scope__in=["whole", "state"]),
                name="clock_one_running",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.scope} {self.limit}"

    @property
    def limit(self) -> Limit:
        """The limit with what it was extended by."""
        return Limit(self.amount, Measure(self.measure)).plus(self.extended)

    @property
    def stood_still(self) -> list[Pause]:
        """The pauses as plain data."""
        read = datetime.fromisoformat
        return [Pause(read(since), read(until) if until else None) for since, until in self.pauses]

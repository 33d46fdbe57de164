"""Applications with their reports, opinions and decisions, the items they brought, and how a district admits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager, PermittedQuerySet, Unit, User, scopes_q
from linli.access.roles import Permission
from linli.admission.rules import asking
from linli.admission.rules.columns import Summary
from linli.admission.rules.findings import DocumentLevel
from linli.admission.rules.schedule import PAYABLE
from linli.audit.history import tracked
from linli.flow.models import THINGS, Case
from linli.flow.rules.warrants import Per, Thing
from linli.gate.catalogue.models import Item
from linli.gate.catalogue.rules.terms import Kind, Responsibility
from linli.ledgers.recognition import Recognition
from linli.regions import names
from linli.regions.fields import RegionCodeField

DISTRICT = 6


def _choices(kinds: Any) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in kinds]


def around(scopes: Any) -> set[str]:
    """The keys of the regions that lie around the scopes' regions, those themselves included."""
    return {scope.low[:n] for scope in scopes for n in (DISTRICT, 9, 12) if n <= len(scope.low)}


@tracked()
class Setting(models.Model):
    """How a district admits (准入规则): which unit is its community office, and the limits that differ by place.

    `ahead_days`, `opinion_days` and `grace_days` are working days, `notice_days` and `emergency_days` days; `wage` is what an
    hour of work is reckoned with (元), None for not at all. Defaults: 西城区 2018 (30 working days ahead); the rest as practised.
    """

    region_follows = "never"  # a district's

    region_code = RegionCodeField(unique=True)
    office = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("社区办")
    )
    ahead_days = models.SmallIntegerField(_("至少提前几个工作日申请"), default=30)
    opinion_days = models.SmallIntegerField(_("征求意见几个工作日"), default=5)
    wage = models.DecimalField(
        _("每小时工作折算（元）"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    notice_days = models.SmallIntegerField(_("付款日前几天提醒"), default=10)
    grace_days = models.SmallIntegerField(_("逾期超过几个工作日暂停事项"), default=15)
    emergency_days = models.SmallIntegerField(_("应急事项最长几天"), default=15)

    class Meta:
        verbose_name = _("准入规则")
        verbose_name_plural = _("准入规则")
        constraints = [
            models.CheckConstraint(
                condition=Q(ahead_days__gte=0, opinion_days__gte=1, notice_days__gte=0)
                & Q(grace_days__gte=0, emergency_days__gte=1),
                name="admission_setting_days",
            )
        ]

    def __str__(self) -> str:
        return f"{names.title(self.region_code)}准入规则"


class ApplicationQuerySet(PermittedQuerySet):
    """Applications, and who may see them."""

    def visible(self, user: Any) -> Self:
        """One's own department's; those handed in, for the district's office and for the streets and communities they concern."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        decides = scopes_q("region_code", user.scopes(Permission.DECIDE_ADMISSION))
        asked = user.scopes(Permission.GIVE_OPINIONS)
        concerned = Area.objects.filter(
            scopes_q("region_code", asked) | Q(region_code__in=around(asked)), application=OuterRef("pk")
        )
        handed_in = Q(case__isnull=False) & (decides | Exists(concerned))
        own = Q(unit__in=user.unit_ids) if user.can(Permission.APPLY_ADMISSION) else Q(pk__in=[])
        return self.filter(own | handed_in)

    def asking(self) -> Self:
        """Those on which opinions are asked now: before they are decided, and while they are tried."""
        return self.filter(
            Q(case__state="consulting")
            | Q(case__state="trial", opinion_round__gt=0, consult_until__gt=timezone.now())
        )

    def pending(self) -> Self:
        """Those handed in and not decided."""
        return self.filter(case__isnull=False, case__closed_at__isnull=True)


@tracked()
class Application(models.Model):
    """A department's application (准入申请) to ask something of communities. A draft until its `case` is opened.

    `region_code` is the district. `hours` are what one occurrence takes in one community; `times` None: as often as needed,
    about `expected` times a year. `until` is the first day it no longer holds. `money` is what the department pays one community
    for each `money_per`, within `pay_within` days after it begins (元). `renews` is the application whose items it prolongs.
    Opinions are asked until `consult_until`; `opinion_round` is 0 before the decision, then counts the trials asked about.
    """

    region_follows = "region"

    region_code = RegionCodeField()
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="admission_applications", verbose_name=_("申请部门")
    )
    case = models.OneToOneField(
        Case, models.PROTECT, null=True, blank=True, related_name="application", verbose_name=_("办件")
    )
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renewals", verbose_name=_("续期的申请")
    )
    title = models.TextField(_("事项名称"))
    category = models.TextField(_("类"), blank=True, default="")
    content = models.TextField(_("社区做什么"), blank=True, default="")
    evidence = models.TextField(_("要求的材料"), blank=True, default="")
    responsibility = models.TextField(
        _("职责"), choices=_choices(Responsibility), default=Responsibility.ASSIST.value
    )
    kind = models.TextField(_("方式"), choices=_choices(Kind), default=Kind.SERVE.value)
    things = ArrayField(
        models.TextField(choices=THINGS), default=list, blank=True, verbose_name=_("要下派的内容")
    )
    times = models.SmallIntegerField(_("次数上限"), null=True, blank=True)
    per = models.TextField(_("频次单位"), choices=_choices(Per), default=Per.YEAR.value)
    expected = models.SmallIntegerField(_("每年约几次"), null=True, blank=True)
    since = models.DateField(_("开始日期"), null=True, blank=True)
    until = models.DateField(_("结束日期"), null=True, blank=True)
    hours = models.DecimalField(_("每次工时（小时）"), max_digits=6, decimal_places=1, null=True, blank=True)
    powers = models.TextField(_("交给社区的权限"), blank=True, default="")
    bases = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("法律法规依据"))
    document_title = models.TextField(_("文件名称"), blank=True, default="")
    document_number = models.TextField(_("文号"), blank=True, default="")
    document_level = models.TextField(_("发文层级"), choices=_choices(DocumentLevel), blank=True, default="")
    document_until = models.DateField(_("文件有效期至"), null=True, blank=True)
    document_path = models.TextField(editable=False, blank=True, default="")
    document_name = models.TextField(_("文件原件"), blank=True, default="")
    money = models.DecimalField(
        _("每个社区每期经费（元）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    money_per = models.TextField(_("付款周期"), choices=_choices(PAYABLE), default=Per.QUARTER.value)
    pay_within = models.SmallIntegerField(_("每期开始后几天内付"), default=30)
    money_source = models.TextField(_("资金来源"), blank=True, default="")
    responsible = models.TextField(_("责任人"), blank=True, default="")
    phone = models.TextField(_("联系电话"), blank=True, default="")
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))
    made_at = models.DateTimeField(_("起草时间"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    consult_until = models.DateTimeField(_("征求意见截止"), null=True, blank=True)
    opinion_round = models.SmallIntegerField(_("第几轮意见"), default=0)

    objects = models.Manager.from_queryset(ApplicationQuerySet)()

    class Meta:
        verbose_name = _("准入申请")
        verbose_name_plural = _("准入申请")
        ordering = ["-id"]
        indexes = [models.Index(fields=["region_code", "-id"], name="admission_region")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("admission:application", args=[self.pk])

    @property
    def state(self) -> str:
        """Where it stands: "draft", else its case's state."""
        return "draft" if self.case_id is None or self.case is None else self.case.state

    @property
    def state_name(self) -> str:
        """The state's word."""
        if self.case_id is None or self.case is None:
            return str(_("草稿"))
        return self.case.outcome or self.case.state_name

    @property
    def editable(self) -> bool:
        """Whether its department may change it: as a draft, and when it was sent back to be corrected."""
        return self.state in ("draft", "correcting")

    @property
    def is_asking(self) -> bool:
        """Whether opinions are asked now."""
        if self.state == "trial" and self.opinion_round:
            return self.consult_until is not None and timezone.now() < self.consult_until
        return self.state == "consulting"

    @property
    def frequency(self) -> str:
        """每季度 1 次."""
        if self.times is None and self.expected:
            return f"不定期（每年约 {self.expected} 次）"
        return asking.frequency(self.times, Per(self.per))

    @property
    def thing_labels(self) -> list[str]:
        """The words for what it wants to send."""
        return [one.label for one in Thing if one.value in self.things]

    @property
    def terms(self) -> asking.Terms:
        """What it asks, as plain data; only of one that lacks nothing."""
        assert self.since is not None
        assert self.until is not None
        return asking.Terms(
            frozenset(Thing(one) for one in self.things),
            self.times,
            Per(self.per),
            self.expected,
            self.since,
            self.until,
            self.hours or Decimal(0),
        )

    @property
    def document(self) -> str:
        """《…》（京民发〔2026〕1号）, "" without a document."""
        if not self.document_title:
            return ""
        number = f"（{self.document_number}）" if self.document_number else ""
        return f"《{self.document_title}》{number}"


class Area(models.Model):
    """Where an application is to hold: the whole district, a street or a community."""

    region_follows = "region"

    region_code = RegionCodeField()
    application = models.ForeignKey(
        Application, models.CASCADE, related_name="areas", verbose_name=_("准入申请")
    )

    class Meta:
        verbose_name = _("实施范围")
        verbose_name_plural = _("实施范围")
        ordering = ["region_code"]
        indexes = [models.Index(fields=["region_code"], name="admission_area_region")]

    def __str__(self) -> str:
        return names.title(self.region_code)


class AttachedForm(models.Model):
    """A form that the department wants filled (.xlsx), with what the dictionary made of its columns. Encrypted at rest."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="forms", verbose_name=_("准入申请")
    )
    path = models.TextField(editable=False)
    name = models.TextField(_("文件名"))
    title = models.TextField(_("表名"), blank=True, default="")
    sha256 = models.TextField(db_collation="C")
    fingerprint = models.TextField(_("结构指纹"), db_collation="C", blank=True, default="")
    subject = models.TextField(_("主题"), blank=True, default="")
    recognised = models.JSONField(_("识别结果"), default=dict)
    summary = models.JSONField(_("列的情况"), default=dict)

    class Meta:
        verbose_name = _("附表")
        verbose_name_plural = _("附表")
        ordering = ["id"]
        indexes = [models.Index(fields=["fingerprint"], name="admission_form_structure")]

    def __str__(self) -> str:
        return self.title or self.name

    @property
    def media_type(self) -> str:
        """Of an Excel workbook."""
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    @property
    def columns(self) -> Summary:
        """Its columns counted."""
        return Summary.from_json(self.summary)

    @property
    def recognition(self) -> Recognition:
        """What was recognised."""
        return Recognition.from_json(self.recognised)


class Report(models.Model):
    """What the system found when an application was handed in (检查报告); kept as it was. `seconds` is how long the checks took."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="reports", verbose_name=_("准入申请")
    )
    made_at = models.DateTimeField(_("检查时间"), default=timezone.now)
    findings = models.JSONField(_("检查结果"), default=list)
    hours_year = models.DecimalField(
        _("每年工时（小时）"), max_digits=12, decimal_places=1, default=Decimal(0)
    )
    communities = models.IntegerField(_("社区数"), default=0)

    class Meta:
        verbose_name = _("检查报告")
        verbose_name_plural = _("检查报告")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.application} {timezone.localdate(self.made_at)}"

    def count(self, tone: str) -> int:
        """How many findings weigh so."""
        return sum(1 for one in self.findings if one["tone"] == tone)

    @property
    def stops(self) -> list[str]:
        """The findings that forbid admission."""
        return [one["text"] for one in self.findings if one["tone"] == "stop"]


class Stance(models.TextChoices):
    """What a street or community thinks of an application."""

    AGREE = "agree", _("同意")
    ADJUST = "adjust", _("同意，但要调整")
    OPPOSE = "oppose", _("不同意")


class Opinion(models.Model):
    """What a street or community says to an application while opinions are asked. A right of the community, not a task: nothing
    is dispatched to it, and silence counts as nothing. `round` 0 is before the decision, 1 of its trial, 2 of the trial prolonged."""

    region_follows = "region"

    region_code = RegionCodeField()
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="opinions", verbose_name=_("准入申请")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    stance = models.TextField(_("意见"), choices=Stance.choices)
    text = models.TextField(_("理由和建议"), blank=True, default="")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("填写人"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    round = models.SmallIntegerField(_("第几轮"), default=0)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("意见")
        verbose_name_plural = _("意见")
        ordering = ["region_code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "unit", "round"], name="admission_opinion_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit}：{self.get_stance_display()}"


class Outcome(models.TextChoices):
    """How an application, or its trial, was decided."""

    ADMITTED = "admitted", _("准予准入")
    TRIAL = "trial", _("先试行")
    REFUSED = "refused", _("不予准入")
    CONFIRMED = "confirmed", _("试行期满，准予准入")
    EXTENDED = "extended", _("延长试行")
    DROPPED = "dropped", _("试行后不予准入")
    REVOKED = "revoked", _("撤销准入")


class Decision(models.Model):
    """One decision with its reason, and what it changed of what was asked."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="decisions", verbose_name=_("准入申请")
    )
    outcome = models.TextField(_("决定"), choices=Outcome.choices)
    reason = models.TextField(_("理由"), blank=True, default="")
    changes = ArrayField(models.TextField(), default=list, blank=True, verbose_name=_("改动"))
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("决定人"))
    at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("审定")
        verbose_name_plural = _("审定")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}：{self.reason}"


@tracked()
class Admission(models.Model):
    """An item that an application brought into the catalogue, in one of its areas, with the money promised for it.

    `until` is until when it is granted in the end; during a trial the item holds until `trial_until` only. `money`, `money_per`
    and `pay_within` as in the application. `arrears_since` is the day on which it was suspended for money not paid.
    """

    region_follows = "region"

    region_code = RegionCodeField()
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="admissions", verbose_name=_("准入申请")
    )
    item = models.OneToOneField(Item, models.PROTECT, related_name="admission", verbose_name=_("社区事项"))
    until = models.DateField(_("有效期至"))
    trial_until = models.DateField(_("试行至"), null=True, blank=True)
    money = models.DecimalField(_("每期经费（元）"), max_digits=12, decimal_places=2)
    money_per = models.TextField(_("付款周期"), choices=_choices(PAYABLE))
    pay_within = models.SmallIntegerField(_("每期开始后几天内付"), default=30)
    arrears_since = models.DateField(_("因欠款暂停"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("准入事项")
        verbose_name_plural = _("准入事项")
        ordering = ["-id"]
        indexes = [models.Index(fields=["region_code"], name="admission_item_region")]

    def __str__(self) -> str:
        return self.item.title

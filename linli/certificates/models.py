"""Certificates: the list of what a community may and must not certify, papers issued and refused, seals and their use, checks.

A paper's number belongs to the community that issued it (`issuer_code`) for good; `region_code` says where it is looked after now.
"""

from __future__ import annotations

from datetime import date

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager, User
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.certificates import triggers
from linli.certificates.carried.not_allowed import OFFICES
from linli.certificates.rules import numbers
from linli.certificates.rules.wording import ASKERS
from linli.regions.fields import RegionCodeField
from linli.registry.people.models import Person


class Standing(models.TextChoices):
    """What the list says of a kind."""

    ALLOWED = "allowed", _("可以出具")
    NOT_ALLOWED = "not_allowed", _("不应出具")
    ENDED = "ended", _("停止出具")


class Kind(models.Model):
    """A kind of certificate (证明事项) on the list of a region; "" is the whole country. `code` is the same wherever a place words
    the same thing anew, and the deepest place speaks (see `listing`)."""

    region_follows = "never"  # a district's list at the least, whatever becomes of its communities

    region_code = RegionCodeField(blank=True, default="")
    code = models.TextField(_("代码"), db_collation="C")

    class Meta:
        verbose_name = _("证明事项")
        verbose_name_plural = _("证明事项")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["region_code", "code"], name="certificate_kind_once")]

    def __str__(self) -> str:
        return self.code


class Edition(models.Model):
    """What holds of a kind from a day on; published whole and never changed: a change is a new edition.

    `wording` has places in braces (see `rules.wording`), `inputs` are asked at the counter: [{"key", "label", "most"}].
    `days` of validity, none without end. For what must not be issued, `instead`, `offices` and `bring` say where to go. `checked`
    says how far the basis was read by whoever wrote it down; `reason`, why this edition came after the one before.
    """

    kind = models.ForeignKey(Kind, models.PROTECT, related_name="editions")
    number = models.IntegerField(_("版次"))
    since = models.DateField(_("施行日期"))
    standing = models.TextField(_("性质"), choices=Standing.choices)
    title = models.TextField(_("名称"))
    also = ArrayField(models.TextField(), verbose_name=_("别名"), default=list, blank=True)
    basis = models.TextField(_("依据"))
    source = models.TextField(_("清单来源"), blank=True, default="")
    askers = ArrayField(models.TextField(), verbose_name=_("谁可以申请"), default=list, blank=True)
    conditions = ArrayField(models.TextField(), verbose_name=_("须符合的情况"), default=list, blank=True)
    wording = models.TextField(_("正文"), blank=True, default="")
    inputs = models.JSONField(_("窗口询问项"), default=list, blank=True)
    days = models.IntegerField(_("有效天数"), null=True, blank=True)
    needs_head = models.BooleanField(_("须主任审批"), default=False)
    purpose_hint = models.TextField(_("常见用途"), blank=True, default="")
    instead = models.TextField(_("怎么办"), blank=True, default="")
    offices = ArrayField(models.TextField(), verbose_name=_("办理机构"), default=list, blank=True)
    bring = models.TextField(_("带什么"), blank=True, default="")
    checked = models.TextField(_("依据核对情况"), blank=True, default="")
    reason = models.TextField(_("为什么改"), blank=True, default="")
    published_at = models.DateTimeField(_("公布时间"), default=timezone.now)
    published_by = models.TextField(_("公布人"))

    class Meta:
        verbose_name = _("证明事项版本")
        verbose_name_plural = _("证明事项版本")
        ordering = ["kind", "-number"]
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="certificate_edition_once")]
        triggers = [triggers.append_only("certificate_edition_kept", "a published edition is not rewritten")]

    def __str__(self) -> str:
        return self.title

    @property
    def input_keys(self) -> list[str]:
        """The places that are asked at the counter."""
        return [one["key"] for one in self.inputs]

    @property
    def asker_labels(self) -> list[str]:
        """Who may ask, in words."""
        return [ASKERS[one] for one in self.askers if one in ASKERS]

    @property
    def office_labels(self) -> list[str]:
        """The kinds of offices, in words."""
        return [OFFICES[one] for one in self.offices if one in OFFICES]


@tracked()
class Office(models.Model):
    """An office to which people are sent (办理机构), for everybody in `region_code`: kept by the district. One that people are no longer
    sent to stays on record with the day (`removed_on`)."""

    region_follows = "region"

    region_code = RegionCodeField()
    kind = models.TextField(_("类别"), choices=list(OFFICES.items()))
    name = models.TextField(_("名称"))
    address = models.TextField(_("地址"), blank=True, default="")
    phone = models.TextField(_("电话"), blank=True, default="")
    hours = models.TextField(_("办理时间"), blank=True, default="")
    removed_on = models.DateField(_("撤下日期"), null=True, blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("办理机构")
        verbose_name_plural = _("办理机构")
        ordering = ["kind", "region_code", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("certificates:office", args=[self.pk])


class Seal(models.Model):
    """A community's seal (印章) and who keeps it."""

    region_follows = "region"

    region_code = RegionCodeField()
    name = models.TextField(_("印章名称"))
    keeper = models.TextField(_("保管人"))
    in_use = models.BooleanField(_("在用"), default=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("印章")
        verbose_name_plural = _("印章")
        ordering = ["region_code", "-in_use", "id"]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """The last number given of a sort of paper by a community in a year; its row is locked while a number is given."""

    issuer_code = models.TextField(db_collation="C")
    sort = models.TextField()
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("编号")
        verbose_name_plural = _("编号")
        constraints = [
            models.UniqueConstraint(fields=["issuer_code", "sort", "year"], name="certificate_series_once")
        ]

    def __str__(self) -> str:
        return f"{self.issuer_code} {self.sort} {self.year} {self.last}"


class Asker(models.Model):
    """An organisation that asks residents for certificates (要求出具的单位), by name within a district; what it answered when the
    community office took it up."""

    region_follows = "never"

    region_code = RegionCodeField()
    name = models.TextField(_("单位名称"))
    answer = models.TextField(_("交涉结果"), blank=True, default="")
    answered_at = models.DateTimeField(_("交涉时间"), null=True, blank=True)
    answered_by = models.TextField(_("交涉人"), blank=True, default="")

    objects = PermittedManager()

    class Meta:
        verbose_name = _("要求出具证明的单位")
        verbose_name_plural = _("要求出具证明的单位")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["region_code", "name"], name="certificate_asker_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where its requests are listed."""
        return f"{reverse('certificates:refusals')}?asker={self.pk}"


class State(models.TextChoices):
    """How far a certificate has got. Only issued ones have a number."""

    DRAFT = "draft", _("待出具")
    WAITING = "waiting", _("待审批")
    ISSUED = "issued", _("已出具")
    WITHDRAWN = "withdrawn", _("已作废")
    DROPPED = "dropped", _("未出具")


class Certificate(models.Model):
    """One certificate about one person (证明). While it is prepared, `body` is a preview; when issued, number, text and PDF are
    frozen: `sha256` is of the PDF, `text_digest` of number, title, body and date (see `text_of`)."""

    region_follows = "region"

    region_code = RegionCodeField()
    edition = models.ForeignKey(
        Edition, models.PROTECT, related_name="certificates", verbose_name=_("证明事项")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="certificates", verbose_name=_("居民"))
    state = models.TextField(_("状态"), choices=State.choices, default=State.DRAFT)
    as_of = models.DateField(_("情况截止日期"))
    asker_kind = models.TextField(_("申请人"), choices=list(ASKERS.items()), default="self")
    asker_name = models.TextField(_("代办人姓名"), blank=True, default="")
    asker_paper = models.TextField(_("核对的证件和材料"))
    purpose = models.TextField(_("用途"))
    receiver = models.ForeignKey(
        Asker, models.PROTECT, related_name="certificates", verbose_name=_("接收单位")
    )
    answers = SealedTextField(_("窗口填写"), purpose="certificate")
    body = SealedTextField(_("正文"), purpose="certificate")
    copies = models.IntegerField(_("份数"), default=1)
    holder_masked = models.TextField(_("姓名（遮盖）"))
    holder_tail = models.TextField(_("证件末四位"), blank=True, default="")
    prepared_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    returned = models.TextField(_("退回意见"), blank=True, default="")
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("审批人")
    )
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    # From here on: of issued ones.
    issuer_code = models.TextField(_("出具社区"), db_collation="C", blank=True, default="")
    issuer_name = models.TextField(_("出具单位"), blank=True, default="")
    year = models.IntegerField(_("年度"), null=True, blank=True)
    number = models.IntegerField(_("序号"), null=True, blank=True)
    number_text = models.TextField(_("编号"), blank=True, default="")
    number_key = models.TextField(db_collation="C", blank=True, default="", editable=False)
    issued_at = models.DateTimeField(_("出具时间"), null=True, blank=True)
    issued_on = models.DateField(_("出具日期"), null=True, blank=True)
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("出具人")
    )
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    token = models.TextField(db_collation="C", blank=True, default="", editable=False)
    check_word = models.TextField(_("校验码"), db_collation="C", blank=True, default="")
    text_digest = models.TextField(db_collation="C", blank=True, default="", editable=False)
    sha256 = models.TextField(_("文件摘要"), db_collation="C", blank=True, default="", editable=False)
    file = models.TextField(blank=True, default="", editable=False)
    withdrawn_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("作废人")
    )
    withdrawn_why = models.TextField(_("作废原因"), blank=True, default="")
    checks = models.IntegerField(_("核验次数"), default=0)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("证明")
        verbose_name_plural = _("证明")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer_code", "year", "number"],
                condition=Q(number__isnull=False),
                name="certificate_number_once",
            ),
            models.UniqueConstraint(fields=["token"], condition=~Q(token=""), name="certificate_token_once"),
            models.CheckConstraint(
                condition=Q(state__in=[State.ISSUED, State.WITHDRAWN], number__isnull=False)
                | Q(state__in=[State.DRAFT, State.WAITING, State.DROPPED], number__isnull=True),
                name="certificate_numbered_when_issued",
            ),
            models.CheckConstraint(condition=Q(copies__gte=1), name="certificate_copies"),
        ]
        indexes = [
            models.Index(fields=["region_code", "-id"], name="certificate_region"),
            models.Index(fields=["number_key"], name="certificate_number_key"),
            models.Index(fields=["person", "-id"], name="certificate_person"),
        ]
        triggers = [
            triggers.kept(
                "certificate_kept",
                "number",
                "year",
                "issuer_code",
                "issuer_name",
                "number_text",
                "edition_id",
                "as_of",
                "body",
                "answers",
                "purpose",
                "receiver_id",
                "issued_at",
                "issued_on",
                "issued_by_id",
                "valid_until",
                "token",
                "check_word",
                "text_digest",
                "sha256",
                "file",
                "holder_masked",
                "holder_tail",
            ),
            triggers.in_series("certificate_in_series", "certificates_certificate"),
        ]

    def __str__(self) -> str:
        return self.number_text or f"{self.edition.title}（{self.get_state_display()}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("certificates:certificate", args=[self.pk])

    def standing(self, on: date | None = None) -> str:
        """valid, expired or withdrawn; "" while it is not issued."""
        if self.number is None:
            return ""
        return numbers.standing(
            withdrawn=self.withdrawn_at is not None,
            until=self.valid_until,
            on=on or timezone.localdate(),
        )

    def text_of(self) -> str:
        """What the digest is of: all that the paper says."""
        return "\n".join(
            (self.number_text, self.edition.title, self.body, f"{self.issued_on}", self.issuer_name)
        )


class Why(models.TextChoices):
    """Why a certificate was refused."""

    NOT_ALLOWED = "not_allowed", _("属于不应由社区出具的事项")
    NOT_LISTED = "not_listed", _("不在可以出具的清单上")
    FACTS = "facts", _("与登记的情况不符，或社区无法核实")
    NOT_ENTITLED = "not_entitled", _("申请人不符合规定")


class Refusal(models.Model):
    """A slip that says why a certificate is not issued and where to go (不予出具告知单). `person` is empty for people who are not in
    the base. `edition` is the kind asked for where the list knows it; `asked` is what was asked for, in words."""

    region_follows = "region"

    region_code = RegionCodeField()
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="refusals", verbose_name=_("证明事项")
    )
    asked = models.TextField(_("要求出具的证明"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="refusals", verbose_name=_("居民")
    )
    name = models.TextField(_("申请人姓名"))
    asker = models.ForeignKey(
        Asker, models.PROTECT, related_name="refusals", verbose_name=_("要求出具的单位")
    )
    purpose = models.TextField(_("用途"), blank=True, default="")
    why = models.TextField(_("不予出具的理由"), choices=Why.choices)
    reason = models.TextField(_("理由说明"))
    instead = models.TextField(_("怎么办"), blank=True, default="")
    offices = models.JSONField(_("办理机构"), default=list)
    bring = models.TextField(_("带什么"), blank=True, default="")
    basis = models.TextField(_("依据"), blank=True, default="")
    issuer_code = models.TextField(_("出具社区"), db_collation="C")
    issuer_name = models.TextField(_("出具单位"))
    year = models.IntegerField(_("年度"))
    number = models.IntegerField(_("序号"))
    number_text = models.TextField(_("编号"))
    issued_at = models.DateTimeField(_("时间"), default=timezone.now)
    issued_on = models.DateField(_("日期"))
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经办人"))
    sha256 = models.TextField(_("文件摘要"), db_collation="C", editable=False)
    file = models.TextField(editable=False)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("不予出具告知单")
        verbose_name_plural = _("不予出具告知单")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["issuer_code", "year", "number"], name="refusal_number_once")
        ]
        indexes = [
            models.Index(fields=["region_code", "-id"], name="refusal_region"),
            models.Index(fields=["asker", "issued_on"], name="refusal_asker"),
        ]
        triggers = [
            triggers.kept(
                "refusal_kept",
                "number",
                "year",
                "issuer_code",
                "number_text",
                "asked",
                "why",
                "reason",
                "instead",
                "issued_on",
                "sha256",
                "file",
            ),
            triggers.in_series("refusal_in_series", "certificates_refusal"),
        ]

    def __str__(self) -> str:
        return self.number_text

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("certificates:refusal", args=[self.pk])


class SealUse(models.Model):
    """One line of the seal log (用印登记): which seal, on what, how many copies, why, who approved, by whose hands. Never
    rewritten; a mistake is said in a new line."""

    region_follows = "region"

    region_code = RegionCodeField()
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="uses", verbose_name=_("印章"))
    issuer_code = models.TextField(db_collation="C")
    year = models.IntegerField(_("年度"))
    number = models.IntegerField(_("序号"))
    at = models.DateTimeField(_("用印时间"), default=timezone.now)
    paper = models.TextField(_("用印文件"))
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, null=True, blank=True, related_name="seal_uses", verbose_name=_("证明")
    )
    copies = models.IntegerField(_("份数"), default=1)
    reason = models.TextField(_("事由"))
    requested_by = models.TextField(_("申请人"))
    approved_by = models.TextField(_("批准人"))
    hand = models.TextField(_("盖章人"))

    objects = PermittedManager()

    class Meta:
        verbose_name = _("用印登记")
        verbose_name_plural = _("用印登记")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["issuer_code", "year", "number"], name="seal_use_number_once"),
            models.CheckConstraint(condition=Q(copies__gte=1), name="seal_use_copies"),
        ]
        indexes = [models.Index(fields=["region_code", "-id"], name="seal_use_region")]
        triggers = [
            triggers.kept(
                "seal_use_kept",
                "number",
                "year",
                "issuer_code",
                "seal_id",
                "at",
                "paper",
                "copies",
                "reason",
                "requested_by",
                "approved_by",
                "hand",
            ),
            triggers.in_series("seal_use_in_series", "certificates_sealuse"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.number:04d}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("certificates:seal_use", args=[self.pk])


class CheckWay(models.TextChoices):
    """How a stranger checked a certificate."""

    CODE = "code", _("扫码")
    NUMBER = "number", _("输编号")
    FILE = "file", _("比对文件")


class Check(models.Model):
    """That somebody outside checked a certificate, and what they were told. Who it was is not kept."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="checked")
    at = models.DateTimeField(_("时间"), default=timezone.now)
    way = models.TextField(_("方式"), choices=CheckWay.choices)
    told = models.TextField(_("结果"))

    class Meta:
        verbose_name = _("核验")
        verbose_name_plural = _("核验")
        ordering = ["-id"]
        triggers = [
            triggers.append_only(
                "certificate_check_kept", "a check is not rewritten", operations=pgtrigger.Update
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.told}"


class Tries(models.Model):
    """How often one address tried to check in a stretch of time. `who` is a keyed digest that changes from day to day."""

    who = models.TextField(db_collation="C")
    since = models.DateTimeField()
    used = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("核验次数")
        constraints = [models.UniqueConstraint(fields=["who", "since"], name="certificate_tries_once")]

    def __str__(self) -> str:
        return f"{self.used}"

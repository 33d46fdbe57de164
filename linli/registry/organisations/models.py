"""Organisations (实有单位): resident units, shops, social organisations, property companies …"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager, User
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.pages import html
from linli.regions.fields import RegionCodeField
from linli.registry.people.models import Person
from linli.registry.places.models import EstateManagement, Home


class OrganisationKind(models.TextChoices):
    """What an organisation is to the community."""

    RESIDENT_UNIT = "resident_unit", _("驻区单位")
    SHOP = "shop", _("商户网点")
    SOCIAL = "social", _("社会组织")
    PROPERTY = "property", _("物业公司")
    OWNERS = "owners", _("业主委员会")
    VENDOR = "vendor", _("服务商")
    DEPARTMENT = "department", _("政府部门")


class Ownership(models.TextChoices):
    """Who stands behind a unit, as the forms of units ask (实有单位登记表)."""

    STATE = "state", _("国有企业")
    STATE_HELD = "state_held", _("国有控股企业")
    FOREIGN = "foreign", _("外资企业")
    JOINT = "joint", _("合资企业")
    PRIVATE = "private", _("私营企业")
    INDIVIDUAL = "individual", _("个体工商户")
    INSTITUTION = "institution", _("事业单位")
    ORGAN = "organ", _("国家行政机关")
    SOCIAL = "social", _("社会组织")
    OTHER = "other", _("其他")


class LegalForm(models.TextChoices):
    """The form in which a business is registered (经济性质)."""

    NOT_COMPANY = "not_company", _("非公司企业法人")
    LIMITED = "limited", _("有限责任公司")
    SHARES = "shares", _("股份有限责任公司")
    INDIVIDUAL = "individual", _("个体工商户")
    SOLE = "sole", _("私营独资企业")
    PARTNERS = "partners", _("私营合伙企业")


class Registration(models.TextChoices):
    """How a social organisation, or an owners' committee, is known to the authority."""

    REGISTERED = "registered", _("登记")
    FILED = "filed", _("备案")


class SocialClass(models.TextChoices):
    """What a social organisation does (社会组织信息登记表)."""

    CHARITY = "charity", _("慈善类")
    SCIENCE = "science", _("科技类")
    WELFARE = "welfare", _("社区公益类")
    CULTURE = "culture", _("文体类")
    LAW = "law", _("法律服务")
    LIVELIHOOD = "livelihood", _("民生服务类")


@tracked()
class Organisation(models.Model):
    """An organisation present in a community, found by name or unified social credit code (GB 32100).

    What only some kinds have stands in the second half; `rules.FIELDS_OF` says which kind has what, the others leave it
    empty. `premises` is the main premises of today, derived from the spells in `Premises`; `legal_person` follows the
    position of that name where one is recorded. `term_until` and the like make checks fall due (`rules.AUTOMATIC`).
    """

    history_hidden = ("contact_phone",)
    history_ignored = ("initials", "updated_at")

    region_code = RegionCodeField()
    name = models.TextField(_("单位名称"))
    initials = models.TextField(blank=True, db_collation="C")
    credit_code = models.TextField(_("统一社会信用代码"), blank=True, db_collation="C")
    kind = models.TextField(_("单位类别"), choices=OrganisationKind.choices)
    industry = models.TextField(_("行业"), blank=True)
    address = models.TextField(_("地址"), blank=True)
    premises = models.ForeignKey(
        Home, models.SET_NULL, null=True, blank=True, related_name="organisations", verbose_name=_("所在房屋")
    )
    legal_person = models.TextField(_("法定代表人"), blank=True)
    contact = models.TextField(_("联系人"), blank=True)
    contact_phone = SealedTextField(_("联系电话"), purpose="phone")
    staff = models.IntegerField(_("从业人数"), null=True, blank=True)
    founded_on = models.DateField(_("成立日期"), null=True, blank=True)
    closed_on = models.DateField(_("注销日期"), null=True, blank=True)
    note = models.TextField(_("备注"), blank=True)
    landline = models.TextField(_("固定电话"), blank=True, default="", db_default="")
    ownership = models.TextField(
        _("单位性质"), choices=Ownership.choices, blank=True, default="", db_default=""
    )
    supervisor = models.TextField(_("主管部门"), blank=True, default="", db_default="")
    is_key = models.BooleanField(_("重点单位"), default=False, db_default=False)
    fire_grade = models.SmallIntegerField(
        _("消防等级"),
        choices=[(n, f"{word}级") for n, word in enumerate("一二三四", 1)],
        null=True,
        blank=True,
    )
    legal_form = models.TextField(
        _("经济性质"), choices=LegalForm.choices, blank=True, default="", db_default=""
    )
    capital = models.DecimalField(
        _("注册资本（万元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    business_scope = models.TextField(_("经营范围"), blank=True, default="", db_default="")
    registered_address = models.TextField(_("注册地址"), blank=True, default="", db_default="")
    is_outlet = models.BooleanField(_("便民网点"), default=False, db_default=False)
    opening_hours = models.TextField(_("营业时间"), blank=True, default="", db_default="")
    registration = models.TextField(
        _("登记或备案"), choices=Registration.choices, blank=True, default="", db_default=""
    )
    registration_number = models.TextField(
        _("登记证号"), blank=True, default="", db_default="", db_collation="C"
    )
    registered_on = models.DateField(_("登记或备案日期"), null=True, blank=True)
    valid_until = models.DateField(_("证照有效期至"), null=True, blank=True)
    social_class = models.TextField(
        _("组织类别"), choices=SocialClass.choices, blank=True, default="", db_default=""
    )
    members = models.IntegerField(_("成员数"), null=True, blank=True)
    party_members = models.IntegerField(_("党员人数"), null=True, blank=True)
    duties = models.TextField(_("主要职责"), blank=True, default="", db_default="")
    term_from = models.DateField(_("任期开始"), null=True, blank=True)
    term_until = models.DateField(_("任期届满"), null=True, blank=True)
    seats = models.SmallIntegerField(_("委员人数"), null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        ordering = ["region_code", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~models.Q(credit_code=""),
                name="organisation_credit_code_once",
            )
        ]
        indexes = [
            models.Index(fields=["region_code", "kind"], name="organisation_region"),
            GinIndex(Func(F("name"), function="linli_grams"), name="organisation_name_grams"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return html.record_url("organisations:organisation", self.pk)


class PremisesUse(models.TextChoices):
    """What a home or room is to an organisation."""

    MAIN = "main", _("经营、办公场所")
    BRANCH = "branch", _("分部、门店")
    STORE = "store", _("仓库")
    REGISTERED = "registered", _("只作注册地址")


@tracked()
class Premises(models.Model):
    """That an organisation is in a home or room, from when until when."""

    region_code = RegionCodeField()
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="premises_spells", verbose_name=_("单位")
    )
    home = models.ForeignKey(Home, models.PROTECT, related_name="premises_spells", verbose_name=_("房屋"))
    use = models.TextField(_("用途"), choices=PremisesUse.choices, default=PremisesUse.MAIN)
    period = DateRangeField(_("起止日期"))

    objects = PermittedManager()
    region_follows = "home"

    class Meta:
        verbose_name = _("单位场所")
        verbose_name_plural = _("单位场所")
        ordering = ["-period", "id"]
        constraints = [
            ExclusionConstraint(
                name="premises_once_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("home", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}@{self.home_id}"


class PositionRole(models.TextChoices):
    """What somebody is in an organisation; names as the roster of employees (从业人员导入表) and the committees use them."""

    LEGAL_PERSON = "legal_person", _("法定代表人")
    HEAD = "head", _("负责人")
    SECURITY_HEAD = "security_head", _("治安责任人")
    FIRE_HEAD = "fire_head", _("消防安全责任人")
    PARTY_SECRETARY = "party_secretary", _("党组织书记")
    CHAIR = "chair", _("业委会主任")
    VICE_CHAIR = "vice_chair", _("业委会副主任")
    COMMITTEE = "committee", _("业委会委员")
    PROJECT_MANAGER = "project_manager", _("物业项目经理")
    PRESIDENT = "president", _("会长、理事长")
    SECRETARY = "secretary", _("秘书长")
    CONTACT = "contact", _("联系人")
    ENGINEER = "engineer", _("技术人员")
    CLERK = "clerk", _("职员")
    GUARD = "guard", _("保安")
    LONG_TERM = "long_term", _("长期服务人员")
    SHORT_TERM = "short_term", _("临时服务人员")
    OTHER = "other", _("其他人员")


@tracked()
class Position(models.Model):
    """That somebody is something in an organisation, from when until when: a person of the base, or somebody by name.

    Of a person of the base, name and phone are the base's; `phone` is only for those by name.
    """

    history_hidden = ("phone",)

    region_code = RegionCodeField()
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="positions", verbose_name=_("单位")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="positions", verbose_name=_("居民")
    )
    name = models.TextField(_("姓名"), blank=True)
    phone = SealedTextField(_("电话"), purpose="phone")
    role = models.TextField(_("职务类别"), choices=PositionRole.choices)
    title = models.TextField(_("职务名称"), blank=True)
    period = DateRangeField(_("起止日期"))
    note = models.TextField(_("备注"), blank=True)

    objects = PermittedManager()
    region_follows = "organisation"

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        ordering = ["role", "period", "id"]
        constraints = [
            ExclusionConstraint(
                name="position_once_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(person__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(name=""), name="position_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.role}"

    @property
    def who(self) -> str:
        """The name."""
        return self.person.name if self.person is not None else self.name


class TieKind(models.TextChoices):
    """How one organisation stands to another."""

    PARENT = "parent", _("上级单位")
    GUIDANCE = "guidance", _("业务指导单位")
    SERVICE = "service", _("物业服务合同")
    PURCHASE = "purchase", _("购买服务合同")
    JOINT = "joint", _("共建单位")


@tracked()
class Tie(models.Model):
    """That an organisation stands in a relation to another for a time: `other` is the parent, the adviser, the party that
    serves. A contract has a number and an end, which falls due as a check of `organisation`."""

    region_code = RegionCodeField()
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="ties", verbose_name=_("单位")
    )
    other = models.ForeignKey(
        Organisation, models.CASCADE, related_name="ties_from", verbose_name=_("对方单位")
    )
    kind = models.TextField(_("关系"), choices=TieKind.choices)
    contract = models.TextField(_("合同编号"), blank=True)
    contract_until = models.DateField(_("合同到期日"), null=True, blank=True)
    period = DateRangeField(_("起止日期"))

    objects = PermittedManager()
    region_follows = "organisation"

    class Meta:
        verbose_name = _("单位关系")
        verbose_name_plural = _("单位关系")
        ordering = ["kind", "id"]
        constraints = [
            ExclusionConstraint(
                name="tie_once_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("other", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=~Q(organisation=F("other")), name="tie_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}-{self.kind}-{self.other_id}"


@tracked()
class ManagedEstate(models.Model):
    """That a spell of an estate's management is this organisation's (the contract in places names it only)."""

    region_code = RegionCodeField()
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="managed", verbose_name=_("物业公司")
    )
    management = models.OneToOneField(
        EstateManagement, models.CASCADE, related_name="organisation_tie", verbose_name=_("小区管理")
    )

    objects = PermittedManager()
    region_follows = "management"

    class Meta:
        verbose_name = _("管理的小区")
        verbose_name_plural = _("管理的小区")

    def __str__(self) -> str:
        return f"{self.organisation_id}~{self.management_id}"


class CheckKind(models.TextChoices):
    """What is checked, or falls due, of an organisation."""

    ANNUAL = "annual", _("年检年报")
    ELECTION = "election", _("换届")
    SAFETY = "safety", _("安全检查")
    FIRE = "fire", _("消防检查")
    CONTRACT = "contract", _("合同到期")
    LICENCE = "licence", _("证照到期")
    OTHER = "other", _("其他")


class CheckResult(models.TextChoices):
    """How a check ended. 需整改 leads to a further check."""

    PASSED = "passed", _("合格、已办")
    MEND = "mend", _("需整改")
    FAILED = "failed", _("不合格")
    NOT_APPLICABLE = "not_applicable", _("不适用")


@tracked()
class Check(models.Model):
    """One thing that falls due of an organisation on a day, and what became of it. `every_months` 0: once. `source` names the
    field or tie whose day it follows ("term_until", "tie:7"); such checks are kept by the actions."""

    region_code = RegionCodeField()
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="checks", verbose_name=_("单位")
    )
    kind = models.TextField(_("事项"), choices=CheckKind.choices)
    due_on = models.DateField(_("应办日期"))
    every_months = models.SmallIntegerField(_("周期（月）"), default=0)
    source = models.TextField(blank=True, db_collation="C")
    result = models.TextField(_("结果"), choices=CheckResult.choices, blank=True)
    said = models.TextField(_("情况说明"), blank=True)
    done_on = models.DateField(_("办理日期"), null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("办理人")
    )

    objects = PermittedManager()
    region_follows = "organisation"

    class Meta:
        verbose_name = _("单位检查")
        verbose_name_plural = _("单位检查")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source"],
                condition=Q(result="") & ~Q(source=""),
                name="one_open_check_of_a_source",
            )
        ]
        indexes = [models.Index(fields=["region_code", "due_on"], condition=Q(result=""), name="check_open")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on}"

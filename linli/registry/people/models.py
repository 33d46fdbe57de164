"""People and households: who they are, which household they belong to, where they live and where their hukou is.

Everything that changes with time is a spell: a half-open range of dates [from, until), open-ended while it lasts.
"""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.audit.spells import no_overlap, one_at_a_time
from linli.kernel import codes
from linli.pages import html
from linli.regions.fields import RegionCodeField
from linli.registry.places.models import Home


def _choices(code_list: codes.CodeList) -> list[tuple[str, str]]:
    return [(item.code, item.label) for item in code_list.items]


class Standing(models.TextChoices):
    """How a person stands to the area today; derived from the spells by `people.standing` and never typed in. The labels are the
    words everywhere: tags, filters, pages. 人户分离 is said of both here_only and hukou_only."""

    REGISTERED = "registered", _("户籍常住")
    HERE_ONLY = "here_only", _("人在户不在")
    HUKOU_ONLY = "hukou_only", _("户在人不在")
    FLOATING = "floating", _("流动人口")
    NEWCOMER = "newcomer", _("户籍待补")
    GONE = "gone", _("已迁出")
    DEAD = "dead", _("已故")


@tracked(exclude=["updated_at"])
class Person(models.Model):
    """One human being, once. Codes follow GB/T 31000 and the standards it names.

    `region_code` is where the person counts today: the grid or community they live in, else where their hukou is.
    The citizen number and phones are sealed; digests (full, and last four) find them. `school_since` is the year in which a pupil
    entered the present stage (`schooling`); the grade follows from it (`kernel.schooling`). `other_address` is where else they
    can be reached. `height` in centimetres, as the hukou register has it.
    """

    region_holder = 3
    history_hidden = ("id_number", "phone", "landline")
    history_ignored = ("initials", "id_digest", "id_tail", "phone_digest", "phone_tail", "region_code")

    region_code = RegionCodeField()
    name = models.TextField(_("姓名"))
    initials = models.TextField(blank=True, db_collation="C", default="")
    former_name = models.TextField(_("曾用名"), blank=True, default="")
    sex = models.TextField(_("性别"), choices=_choices(codes.SEX), default="0")
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    death_date = models.DateField(_("死亡日期"), null=True, blank=True)
    id_kind = models.TextField(_("证件类型"), choices=_choices(codes.ID_KIND), blank=True, default="")
    id_number = SealedTextField(_("证件号码"), purpose="id_number")
    id_digest = models.BinaryField(null=True, editable=False)
    id_tail = models.BinaryField(null=True, editable=False)
    ethnic = models.TextField(_("民族"), choices=_choices(codes.ETHNIC), blank=True, default="")
    native_place = models.TextField(_("籍贯"), blank=True, default="")
    marital = models.TextField(_("婚姻状况"), choices=_choices(codes.MARITAL), blank=True, default="")
    political = models.TextField(_("政治面貌"), choices=_choices(codes.POLITICAL), blank=True, default="")
    education = models.TextField(_("文化程度"), choices=_choices(codes.EDUCATION), blank=True, default="")
    employment = models.TextField(_("从业状况"), choices=_choices(codes.EMPLOYMENT), blank=True, default="")
    occupation = models.TextField(_("职业"), blank=True, default="")
    employer = models.TextField(_("工作单位"), blank=True, default="")
    phone = SealedTextField(_("手机号码"), purpose="phone")
    phone_digest = models.BinaryField(null=True, editable=False)
    phone_tail = models.BinaryField(null=True, editable=False)
    landline = SealedTextField(_("固定电话"), purpose="phone")
    email = models.TextField(_("电子邮箱"), blank=True, default="")
    blood_type = models.TextField(_("血型"), choices=_choices(codes.BLOOD_TYPE), blank=True, default="")
    health = models.TextField(_("健康状况"), choices=_choices(codes.HEALTH), blank=True, default="")
    skills = models.TextField(_("特长"), blank=True, default="", db_default="")
    started_work_on = models.DateField(_("参加工作日期"), null=True, blank=True)
    birth_place = models.TextField(_("出生地"), blank=True, default="", db_default="")
    schooling = models.TextField(
        _("就读学段"), choices=_choices(codes.SCHOOLING), blank=True, default="", db_default=""
    )
    self_care = models.TextField(
        _("生活自理能力"), choices=_choices(codes.SELF_CARE), blank=True, default="", db_default=""
    )
    labour = models.TextField(
        _("劳动能力"), choices=_choices(codes.LABOUR), blank=True, default="", db_default=""
    )
    medical_insurance = models.TextField(
        _("医疗保险"), choices=_choices(codes.MEDICAL_INSURANCE), blank=True, default="", db_default=""
    )
    pension_insurance = models.TextField(
        _("养老保险"), choices=_choices(codes.PENSION_INSURANCE), blank=True, default="", db_default=""
    )
    standing = models.TextField(
        _("人口类型"), choices=Standing.choices, default=Standing.NEWCOMER, editable=False
    )
    school_since = models.SmallIntegerField(_("入学年份"), null=True, blank=True)
    height = models.SmallIntegerField(_("身高（厘米）"), null=True, blank=True)
    other_address = models.TextField(_("其他地址"), blank=True, default="", db_default="")
    verified_on = models.DateField(_("核实日期"), null=True, blank=True)
    source = models.TextField(_("来源"), blank=True, default="")
    note = models.TextField(_("备注"), blank=True, default="")
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("居民")
        verbose_name_plural = _("居民")
        ordering = ["region_code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_digest"], condition=Q(id_digest__isnull=False), name="person_id_number_once"
            ),
            models.CheckConstraint(
                condition=Q(death_date__isnull=True)
                | Q(birth_date__isnull=True)
                | Q(death_date__gte=F("birth_date")),
                name="person_dies_after_birth",
            ),
        ]
        indexes = [
            # With the standing in it, whoever lives in an area is counted without a look at the rows.
            models.Index(fields=["region_code", "id"], include=["standing"], name="person_region_standing"),
            models.Index(fields=["region_code", "birth_date"], name="person_birth"),
            models.Index(fields=["initials"], name="person_initials"),
            models.Index(
                fields=["phone_digest"], condition=Q(phone_digest__isnull=False), name="person_phone"
            ),
            models.Index(
                fields=["phone_tail"], condition=Q(phone_tail__isnull=False), name="person_phone_tail"
            ),
            models.Index(fields=["id_tail"], condition=Q(id_tail__isnull=False), name="person_id_tail"),
            GinIndex(Func(F("name"), function="linli_grams"), name="person_name_grams"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The person's page."""
        return html.record_url("people:person", self.pk)


class HouseholdKind(models.TextChoices):
    """What makes a household one: a hukou book, a collective book, or living together without one here."""

    FAMILY = "family", _("家庭户")
    COLLECTIVE = "collective", _("集体户")
    LIVING = "living", _("居住户（无本地户口簿）")


@tracked()
class Household(models.Model):
    """A household (户). `number` is its 户号: of the hukou book, or given by the community for those without one.

    Its head is the member whose relation is 户主 (GB/T 4761 02): exactly one at any time while it has members.
    """

    history_ignored = ("updated_at",)

    region_code = RegionCodeField()
    number = models.TextField(_("户号"), db_collation="C")
    kind = models.TextField(_("户类型"), choices=HouseholdKind.choices, default=HouseholdKind.FAMILY)
    home = models.ForeignKey(
        Home,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="households",
        verbose_name=_("户籍或居住房屋"),
    )
    note = models.TextField(_("备注"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("家庭户")
        verbose_name_plural = _("家庭户")
        ordering = ["region_code", "number"]
        constraints = [models.UniqueConstraint(fields=["number"], name="household_number_once")]
        indexes = [
            models.Index(fields=["region_code", "number"], name="household_region"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The household's page."""
        return html.record_url("people:household", self.pk)


HEAD = "02"

# Nearly always one head covers the whole spell that was written: one look at an index.
_COVERED = """
    IF EXISTS (
        SELECT 1 FROM people_householdmember h
        WHERE h.household_id = NEW.household_id AND h.relation = '02' AND h.period @> NEW.period
    ) AND (TG_OP = 'INSERT' OR OLD.relation <> '02') THEN
        RETURN NULL;
    END IF;
"""
_HEADED = """
    IF EXISTS (
        SELECT 1 FROM people_householdmember m
        LEFT JOIN (
            SELECT range_agg(h.period) AS led, min(coalesce(lower(h.period), '-infinity'::date)) AS since
            FROM people_householdmember h
            WHERE h.household_id = OLD_OR_NEW.household_id AND h.relation = '02' AND NOT isempty(h.period)
        ) k ON TRUE
        WHERE m.household_id = OLD_OR_NEW.household_id AND NOT isempty(m.period)
            AND (NEVER_LED OR NOT (m.period * daterange(k.since, NULL)) <@ k.led)
    ) THEN
        RAISE EXCEPTION 'household % has members and no head', OLD_OR_NEW.household_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'household_has_head';
    END IF;
    RETURN NULL;
"""


def _headed() -> list[pgtrigger.Trigger]:
    """Triggers: when a transaction ends, a household whose memberships it changed has a head on every day since its first one
    on which it has members. Two heads at a time are ruled out by `one_head_at_a_time`.

    A household that never had a head comes only from an import that gave the head's row back, and is told of there: its people
    may come and go until the row is uploaded anew.

    Set-based work that has looked at all its households at once says so for its transaction by
    `SET LOCAL linli.heads_checked = 'yes'`, and spares itself one look per row.
    """
    unchecked = "current_setting('linli.heads_checked', true) IS DISTINCT FROM 'yes'"
    moved = "(OLD.relation, OLD.period, OLD.household_id) IS DISTINCT FROM (NEW.relation, NEW.period, NEW.household_id)"
    return [
        pgtrigger.Trigger(
            name=f"household_has_head_{label}",
            level=pgtrigger.Row,
            when=pgtrigger.After,
            operation=operation,
            timing=pgtrigger.Deferred,
            condition=pgtrigger.Condition(f"({condition} AND {unchecked})"),
            func=pgtrigger.Func(
                (_COVERED if row == "NEW" else "")
                + _HEADED.replace("OLD_OR_NEW", row).replace("NEVER_LED", never_led)
            ),
        )
        for label, operation, row, condition, never_led in (
            ("insert", pgtrigger.Insert, "NEW", f"NEW.relation <> '{HEAD}'", "FALSE"),
            ("update", pgtrigger.Update, "NEW", moved, f"(k.led IS NULL AND OLD.relation = '{HEAD}')"),
            ("delete", pgtrigger.Delete, "OLD", f"OLD.relation = '{HEAD}'", "k.led IS NULL"),
        )
    ]


@tracked()
class HouseholdMember(models.Model):
    """A person's spell in a household; `relation` is to the head (GB/T 4761), 02 for the head."""

    region_follows = "person"

    region_code = RegionCodeField()
    household = models.ForeignKey(
        Household, models.PROTECT, related_name="members", db_index=False, verbose_name=_("家庭户")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("居民"))
    relation = models.TextField(_("与户主关系"), choices=_choices(codes.KINSHIP), default="99")
    period = DateRangeField(_("起止日期"))

    objects = PermittedManager()

    class Meta:
        verbose_name = _("家庭成员")
        verbose_name_plural = _("家庭成员")
        constraints = [
            *one_at_a_time("one_household_at_a_time", "person"),
            *one_at_a_time("one_head_at_a_time", "household", where=Q(relation=HEAD)),
        ]
        triggers = [
            *no_overlap("one_household_at_a_time", "person_id"),
            *no_overlap("one_head_at_a_time", "household_id", where=f"{{row}}.relation = '{HEAD}'"),
            *_headed(),
        ]
        indexes = [models.Index(fields=["household", "relation"], name="member_household")]

    def __str__(self) -> str:
        return f"{self.household_id}/{self.person_id}"


class ResidenceKind(models.TextChoices):
    """The two keys of a person's place: where they live, and where their hukou is."""

    LIVING = "living", _("现居住")
    HUKOU = "hukou", _("户籍")


@tracked()
class Residence(models.Model):
    """A residence spell: from when until when a person lives, or has their hukou, at a place.

    `region_code` is as deep as the place is known: a grid or community of the base, or, outside it, a county or only a
    province; "" when nothing is known. Inside the base the place is a `home` as well. A person has at most one place
    of each kind at a time. `address` is what a home does not say: the address of a place outside. `station` is the police station
    that keeps a hukou, where it is another than the community's own. `permit_on` and `permit_place` say when and where a residence
    permit was taken out (居住证暂行条例 Art. 8: at the police station of the place of residence).
    """

    history_hidden = ("permit_number",)

    region_code = RegionCodeField(blank=True, default="")
    person = models.ForeignKey(Person, models.PROTECT, related_name="residences", verbose_name=_("居民"))
    kind = models.TextField(_("类别"), choices=ResidenceKind.choices)
    home = models.ForeignKey(
        Home,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="residences",
        db_index=False,
        verbose_name=_("房屋"),
    )
    address = models.TextField(_("地址"), blank=True, default="")
    period = DateRangeField(_("起止日期"))
    reason = models.TextField(_("流入原因"), choices=_choices(codes.INFLOW_REASON), blank=True, default="")
    dwelling = models.TextField(_("住所类型"), choices=_choices(codes.DWELLING_TYPE), blank=True, default="")
    hukou_nature = models.TextField(
        _("户口性质"), choices=_choices(codes.HUKOU_NATURE), blank=True, default=""
    )
    came_from = models.TextField(_("迁自"), blank=True, default="")
    went_to = models.TextField(_("迁往"), blank=True, default="")
    permit_kind = models.TextField(
        _("居住登记证件种类"), choices=_choices(codes.PERMIT), blank=True, default="", db_default=""
    )
    permit_number = SealedTextField(_("居住证号"), purpose="permit")
    permit_on = models.DateField(_("居住证发证日期"), null=True, blank=True)
    permit_until = models.DateField(_("居住证有效期至"), null=True, blank=True)
    permit_place = models.TextField(_("居住证登记地"), blank=True, default="", db_default="")
    station = models.TextField(_("户籍派出所"), blank=True, default="", db_default="")

    objects = PermittedManager()

    class Meta:
        verbose_name = _("居住记录")
        verbose_name_plural = _("居住记录")
        constraints = [
            *one_at_a_time("one_place_at_a_time", "person", "kind"),
            models.CheckConstraint(
                condition=Q(home__isnull=True) | ~Q(region_code=""), name="residence_home_has_region"
            ),
        ]
        triggers = no_overlap("one_place_at_a_time", "person_id", "kind")
        indexes = [
            models.Index(fields=["region_code", "kind", "person"], name="residence_region"),
            models.Index(fields=["home", "kind"], name="residence_home"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.period}"


class Relation(models.TextChoices):
    """Kinship that forms ask for beyond the household's relations, and whom to call in need (紧急联系人), who may be no kin."""

    SPOUSE = "spouse", _("配偶")
    FATHER = "father", _("父亲")
    MOTHER = "mother", _("母亲")
    GUARDIAN = "guardian", _("监护人")
    CONTACT = "contact", _("紧急联系人")


@tracked()
class Kinship(models.Model):
    """`relative` is the person's spouse, father, mother, guardian, or whom to call in need. A spouse is recorded both ways.

    A relative outside the base is kept by name and phone only. `how` is what a guardian or contact is to the person (GB/T 4761).
    """

    history_hidden = ("relative_phone",)

    region_code = RegionCodeField()
    person = models.ForeignKey(Person, models.PROTECT, related_name="kin", verbose_name=_("居民"))
    relation = models.TextField(_("关系"), choices=Relation.choices)
    relative = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="kin_of", verbose_name=_("亲属")
    )
    relative_name = models.TextField(_("亲属姓名"), blank=True, default="")
    relative_phone = SealedTextField(_("亲属电话"), purpose="phone")
    how = models.TextField(
        _("与本人关系"), choices=_choices(codes.KINSHIP), blank=True, default="", db_default=""
    )
    period = DateRangeField(_("起止日期"))

    objects = PermittedManager()

    class Meta:
        verbose_name = _("亲属关系")
        verbose_name_plural = _("亲属关系")
        constraints = [
            *one_at_a_time("one_relative_of_a_kind", "person", "relation"),
            models.CheckConstraint(
                condition=Q(relative__isnull=False) | ~Q(relative_name=""), name="kinship_names_someone"
            ),
        ]
        triggers = no_overlap("one_relative_of_a_kind", "person_id", "relation")

    def __str__(self) -> str:
        return f"{self.person_id} {self.relation}"


def describe_period(period: Any) -> str:
    """A spell in words: 2020-01-01 至 2021-05-06, 2020-01-01 起, 时间不详."""
    lower, upper = getattr(period, "lower", None), getattr(period, "upper", None)
    if lower and upper:
        return f"{lower:%Y-%m-%d} 至 {upper:%Y-%m-%d}"
    if lower:
        return f"{lower:%Y-%m-%d} 起"
    if upper:
        return f"至 {upper:%Y-%m-%d}"
    return "时间不详"

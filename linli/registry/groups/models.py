"""Groups of care and concern (A5): the kinds are data, the memberships dated and evidenced."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.facts.dictionary import Sensitivity
from linli.regions.fields import RegionCodeField
from linli.registry.people.models import Person


class Category(models.TextChoices):
    """What a group is about."""

    CARE = "care", _("关爱")
    AID = "aid", _("救助")
    DISABILITY = "disability", _("残疾")
    HONOUR = "honour", _("优抚")
    EMPLOYMENT = "employment", _("就业")
    FAMILY = "family", _("计生与家庭")
    PARTY = "party", _("党群")
    VOLUNTEER = "volunteer", _("志愿")


@tracked()
class Group(models.Model):
    """A kind of group. `classes` and `levels` are lists of {"code", "label"}; `review_months` 0 means no review."""

    code = models.TextField(_("编码"), unique=True)
    name = models.TextField(_("名称"))
    also = ArrayField(models.TextField(), verbose_name=_("别名"), default=list, blank=True)
    category = models.TextField(_("类别"), choices=Category.choices)
    sensitivity = models.SmallIntegerField(
        _("敏感程度"), choices=[(int(s), s.label) for s in Sensitivity], default=int(Sensitivity.PERSONAL)
    )
    classes = models.JSONField(_("类别选项"), default=list, blank=True)
    levels = models.JSONField(_("等级选项"), default=list, blank=True)
    evidence = models.TextField(_("认定依据"), blank=True)
    needs_certificate = models.BooleanField(_("有证件号"), default=False)
    review_months = models.SmallIntegerField(_("复核周期（月）"), default=0)
    keeper = models.TextField(_("主管部门"), blank=True)
    shown_on_chart = models.BooleanField(_("在楼盘表提示关爱"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("人群")
        verbose_name_plural = _("人群")
        ordering = ["category", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The roster."""
        return reverse("groups:roster", args=[self.code])

    @property
    def is_sensitive(self) -> bool:
        return self.sensitivity >= Sensitivity.SENSITIVE

    def class_label(self, code: str) -> str:
        return next((c["label"] for c in self.classes if c["code"] == code), code)

    def level_label(self, code: str) -> str:
        return next((c["label"] for c in self.levels if c["code"] == code), code)


@tracked(exclude=["updated_at"])
class Membership(models.Model):
    """A person's spell in a group, with class, level, certificate and evidence."""

    history_hidden = ("certificate",)

    region_code = RegionCodeField()
    group = models.ForeignKey(
        Group, models.PROTECT, related_name="memberships", db_index=False, verbose_name=_("人群")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="groups", verbose_name=_("居民"))
    class_code = models.TextField(_("类别"), blank=True, default="")
    level_code = models.TextField(_("等级"), blank=True, default="")
    certificate = SealedTextField(_("证件号"), purpose="certificate")
    evidence = models.TextField(_("认定依据"), blank=True, default="")
    amount = models.DecimalField(_("月补助金额（元）"), max_digits=9, decimal_places=2, null=True, blank=True)
    period = DateRangeField(_("起止日期"))
    review_on = models.DateField(_("复核日期"), null=True, blank=True)
    source = models.TextField(_("来源"), blank=True, default="")
    note = models.TextField(_("备注"), blank=True, default="")
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("人群成员")
        verbose_name_plural = _("人群成员")
        constraints = [
            ExclusionConstraint(
                name="once_in_a_group_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("group", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [
            models.Index(fields=["region_code", "group"], name="membership_region"),
            models.Index(fields=["group", "person"], name="membership_group"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}/{self.person_id}"

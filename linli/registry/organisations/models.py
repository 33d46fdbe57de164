"""Organisations (实有单位): resident units, shops, social organisations, property companies …"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.regions.fields import RegionCodeField
from linli.registry.places.models import Home


class OrganisationKind(models.TextChoices):
    """What an organisation is to the community."""

    RESIDENT_UNIT = "resident_unit", _("驻区单位")
    SHOP = "shop", _("商户网点")
    SOCIAL = "social", _("社会组织")
    PROPERTY = "property", _("物业公司")
    OWNERS = "owners", _("业主委员会")
    VENDOR = "vendor", _("服务商")
    DEPARTMENT = "department", _("政府部门")


@tracked()
class Organisation(models.Model):
    """An organisation present in a community, found by name or unified social credit code (GB 32100)."""

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
        return reverse("organisations:organisation", args=[self.pk])

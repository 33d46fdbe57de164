"""Lettings of homes as spells, and hazards found in homes."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.kernel import codes
from linli.regions.fields import RegionCodeField
from linli.registry.people.models import Person
from linli.registry.places.models import Home, OwnerPaper


class LandlordKind(models.TextChoices):
    """In what right somebody lets a home."""

    OWNER = "owner", _("房主")
    AGENT = "agent", _("代理或中介")
    SUBLETTER = "subletter", _("二房东")
    UNIT = "unit", _("单位")


class Grade(models.TextChoices):
    """How closely a rented home is looked after (管理类别)."""

    FIRST = "first", _("甲")
    SECOND = "second", _("乙")
    THIRD = "third", _("丙")


class Severity(models.TextChoices):
    """How grave a hazard is (隐患程度); a home without an open one is 安全."""

    SEVERE = "severe", _("严重")
    ORDINARY = "ordinary", _("一般")


@tracked()
class Letting(models.Model):
    """A letting of a home, or of rooms in it (GB/T 31000 出租房), from a day until a day; several may run beside each other.

    Landlord and tenant are residents of the base, or names, phones and numbers. The tenant is who signed; who lives there are the
    residents of the home. `agreed_until` is the contract's end, the period ends when the tenant is gone.
    """

    region_follows = "home"
    history_hidden = ("landlord_phone", "landlord_number", "tenant_phone")

    region_code = RegionCodeField()
    home = models.ForeignKey(Home, models.PROTECT, related_name="lettings", verbose_name=_("房屋"))
    landlord = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="lets", verbose_name=_("出租人（居民）")
    )
    landlord_kind = models.TextField(
        _("出租人类型"), choices=LandlordKind.choices, default=LandlordKind.OWNER
    )
    landlord_name = models.TextField(_("出租人姓名"))
    landlord_phone = SealedTextField(_("出租人电话"), purpose="phone")
    landlord_paper = models.TextField(
        _("出租人证件类型"), choices=OwnerPaper.choices, blank=True, default="", db_default=""
    )
    landlord_number = SealedTextField(_("出租人证件号码"), purpose="id_number")
    tenant = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="rents", verbose_name=_("承租人（居民）")
    )
    tenant_name = models.TextField(_("承租人姓名"), blank=True)
    tenant_phone = SealedTextField(_("承租人电话"), purpose="phone")
    use = models.TextField(
        _("出租用途"), choices=[(c.code, c.label) for c in codes.LETTING_USE.items], blank=True
    )
    rooms = models.SmallIntegerField(_("出租间数"), null=True, blank=True)
    most = models.SmallIntegerField(_("限住人数"), null=True, blank=True)
    rent = models.DecimalField(_("月租金（元）"), max_digits=9, decimal_places=2, null=True, blank=True)
    agreed_until = models.DateField(_("租约到期日"), null=True, blank=True)
    record_number = models.TextField(_("租赁备案证号"), blank=True)
    safety_signed = models.BooleanField(_("签订治安责任书"), null=True, blank=True)
    safe_exit = models.BooleanField(_("有安全通道"), null=True, blank=True)
    fire_lane = models.BooleanField(_("有消防通道"), null=True, blank=True)
    grade = models.TextField(_("管理类别"), choices=Grade.choices, blank=True)
    checked_on = models.DateField(_("最近检查日期"), null=True, blank=True)
    period = DateRangeField(_("起止日期"))
    reason = models.TextField(_("退租原因"), blank=True)
    note = models.TextField(_("备注"), blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("租约")
        verbose_name_plural = _("租约")
        ordering = ["region_code", "id"]
        indexes = [models.Index(fields=["region_code", "agreed_until"], name="letting_region")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(landlord_name=""), name="letting_has_landlord")
        ]

    def __str__(self) -> str:
        return f"{self.home} {self.landlord_name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("lettings:letting", args=[self.pk])


@tracked()
class Hazard(models.Model):
    """A hazard found in a home (GB/T 31000 隐患类型), and when it was put right."""

    region_follows = "home"

    region_code = RegionCodeField()
    home = models.ForeignKey(Home, models.PROTECT, related_name="hazards", verbose_name=_("房屋"))
    kind = models.TextField(
        _("隐患类型"), choices=[(c.code, c.label) for c in codes.HAZARD.items if c.code != "00"]
    )
    severity = models.TextField(_("隐患程度"), choices=Severity.choices, default=Severity.ORDINARY)
    description = models.TextField(_("隐患情况"), blank=True)
    found_on = models.DateField(_("发现日期"))
    fixed_on = models.DateField(_("整改完成日期"), null=True, blank=True)
    measure = models.TextField(_("整改措施"), blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("隐患")
        verbose_name_plural = _("隐患")
        ordering = ["home_id", "-found_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fixed_on__isnull=True) | models.Q(fixed_on__gte=models.F("found_on")),
                name="hazard_fixed_after_found",
            )
        ]
        indexes = [
            models.Index(
                fields=["region_code"], condition=models.Q(fixed_on__isnull=True), name="hazard_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.home} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """The home it was found in."""
        return reverse("places:home", args=[self.home_id])

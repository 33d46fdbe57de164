"""Places (以房管人): estate → building → unit → home."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.kernel import codes
from linli.regions.fields import RegionCodeField


class Management(models.TextChoices):
    """Who looks after an estate."""

    PROPERTY = "property", _("物业管理")
    SELF = "self", _("居民自管")
    UNIT = "unit", _("单位代管")
    ABANDONED = "abandoned", _("弃管")


class BuildingKind(models.TextChoices):
    """What a building is for."""

    RESIDENTIAL = "residential", _("住宅楼")
    MIXED = "mixed", _("商住楼")
    BUNGALOW = "bungalow", _("平房")
    OFFICE = "office", _("办公楼")
    COMMERCIAL = "commercial", _("商业楼")
    OTHER = "other", _("其他")


class HomeUse(models.TextChoices):
    """What a home (户室) is used for."""

    LIVING = "living", _("住宅")
    SHOP = "shop", _("商铺")
    OFFICE = "office", _("办公")
    STORE = "store", _("仓储")
    OTHER = "other", _("其他")


class Tenure(models.TextChoices):
    """How the people in a home come to be there. Whether it stands empty is not stored: it follows from who lives
    there."""

    OWNED = "owned", _("自住")
    LET = "let", _("出租")
    LENT = "lent", _("借住")
    PUBLIC = "public", _("公租房")
    DORMITORY = "dormitory", _("单位宿舍")
    UNKNOWN = "unknown", _("未登记")


@tracked()
class Estate(models.Model):
    """A residential estate (小区), or a row of buildings along a street that is spoken of as one place."""

    region_holder = 2
    history_ignored = ("initials", "updated_at")

    region_code = RegionCodeField()
    name = models.TextField(_("小区名称"))
    initials = models.TextField(blank=True, db_collation="C")
    address = models.TextField(_("地址"), blank=True)
    management = models.TextField(_("管理方式"), choices=Management.choices, default=Management.PROPERTY)
    property_company = models.TextField(_("物业公司"), blank=True)
    property_phone = models.TextField(_("物业电话"), blank=True)
    built_year = models.SmallIntegerField(_("建成年份"), null=True, blank=True)
    note = models.TextField(_("备注"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("小区")
        verbose_name_plural = _("小区")
        ordering = ["region_code", "name"]
        constraints = [models.UniqueConstraint(fields=["region_code", "name"], name="estate_name_once")]
        indexes = [GinIndex(Func(F("name"), function="linli_grams"), name="estate_name_grams")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("places:estate", args=[self.pk])


@tracked()
class Building(models.Model):
    """A building (楼栋). `floors` above ground; lifts by number; `region_code` is its grid's or community's."""

    region_holder = 1
    history_ignored = ("position", "updated_at")

    region_code = RegionCodeField()
    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="buildings", db_index=False, verbose_name=_("所属小区")
    )
    name = models.TextField(_("楼栋名称"))
    number = models.TextField(_("楼号"), blank=True)
    position = models.IntegerField(default=0)
    kind = models.TextField(_("楼栋类型"), choices=BuildingKind.choices, default=BuildingKind.RESIDENTIAL)
    floors = models.SmallIntegerField(_("地上层数"), null=True, blank=True)
    lifts = models.SmallIntegerField(_("电梯数"), null=True, blank=True)
    built_year = models.SmallIntegerField(_("建成年份"), null=True, blank=True)
    has_gas = models.BooleanField(_("通燃气"), null=True, blank=True)
    structure = models.TextField(_("结构"), blank=True)
    area = models.DecimalField(
        _("建筑面积（平方米）"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    address = models.TextField(_("地址"), blank=True)
    longitude = models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField(_("纬度"), max_digits=8, decimal_places=6, null=True, blank=True)
    note = models.TextField(_("备注"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("楼栋")
        verbose_name_plural = _("楼栋")
        ordering = ["region_code", "estate_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["estate", "name"], name="building_name_once")]
        indexes = [models.Index(fields=["region_code", "estate", "position"], name="building_region")]

    def __str__(self) -> str:
        return f"{self.estate.name}{self.name}"

    def get_absolute_url(self) -> str:
        """Its building chart."""
        return reverse("places:building", args=[self.pk])


@tracked()
class Unit(models.Model):
    """A unit (单元): the part of a building behind one entrance."""

    history_ignored = ("position",)

    region_code = RegionCodeField()
    building = models.ForeignKey(
        Building, models.PROTECT, related_name="units", db_index=False, verbose_name=_("楼栋")
    )
    name = models.TextField(_("单元"))
    position = models.IntegerField(default=0)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("单元")
        verbose_name_plural = _("单元")
        ordering = ["building_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["building", "name"], name="unit_name_once")]

    def __str__(self) -> str:
        return f"{self.building}{self.name}"


@tracked()
class Home(models.Model):
    """A home (户室): the smallest place that people live or work in. `address` is the full spoken address within the
    community, kept by the actions: 新兴小区12号楼3单元501室."""

    history_hidden = ("owner_phone", "owner_id_number")
    history_ignored = ("position", "updated_at", "full_address")

    region_code = RegionCodeField()
    building = models.ForeignKey(
        Building, models.PROTECT, related_name="homes", db_index=False, verbose_name=_("楼栋")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="homes", verbose_name=_("单元")
    )
    door = models.TextField(_("门牌号"))
    floor = models.SmallIntegerField(_("所在层"), null=True, blank=True)
    position = models.IntegerField(default=0)
    full_address = models.TextField(_("房屋地址"), blank=True)
    use = models.TextField(_("房屋用途"), choices=HomeUse.choices, default=HomeUse.LIVING)
    tenure = models.TextField(_("居住方式"), choices=Tenure.choices, default=Tenure.UNKNOWN)
    area = models.DecimalField(_("建筑面积（平方米）"), max_digits=8, decimal_places=2, null=True, blank=True)
    rooms = models.SmallIntegerField(_("间数"), null=True, blank=True)
    certificate = models.TextField(_("产权证号"), blank=True)
    owner_name = models.TextField(_("房主姓名"), blank=True)
    owner_phone = SealedTextField(_("房主电话"), purpose="phone")
    owner_id_number = SealedTextField(_("房主证件号码"), purpose="id_number")
    letting_use = models.TextField(
        _("出租用途"), blank=True, choices=[(c.code, c.label) for c in codes.LETTING_USE.items]
    )
    let_from = models.DateField(_("起租日期"), null=True, blank=True)
    let_until = models.DateField(_("到期日期"), null=True, blank=True)
    rent = models.DecimalField(_("月租金（元）"), max_digits=9, decimal_places=2, null=True, blank=True)
    hazard = models.TextField(
        _("隐患类型"), blank=True, choices=[(c.code, c.label) for c in codes.HAZARD.items]
    )
    note = models.TextField(_("备注"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("房屋")
        verbose_name_plural = _("房屋")
        ordering = ["region_code", "building_id", "unit_id", "-floor", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "unit", "door"], name="home_door_once", nulls_distinct=False
            )
        ]
        indexes = [
            models.Index(fields=["region_code", "building"], name="home_region"),
            GinIndex(Func(F("full_address"), function="linli_grams"), name="home_address_grams"),
        ]

    def __str__(self) -> str:
        return self.full_address or self.door

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("places:home", args=[self.pk])

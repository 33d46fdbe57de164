"""The tree of divisions and their official codes."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from linli.kernel.scope import Scope
from linli.regions.fields import RegionCodeField


class Level(models.IntegerChoices):
    """The six levels of the tree, from the province down to the grid."""

    PROVINCE = 1, _("省级")
    CITY = 2, _("地级")
    DISTRICT = 3, _("县级")
    STREET = 4, _("乡级")
    COMMUNITY = 5, _("社区（村）")
    GRID = 6, _("网格")


# Characters of a region order key at each level; a level's own segment is the last 2 or 3 of them.
KEY_LENGTH = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.DISTRICT: 6,
    Level.STREET: 9,
    Level.COMMUNITY: 12,
    Level.GRID: 15,
}
LEVEL_BY_LENGTH = {length: level for level, length in KEY_LENGTH.items()}


class RegionKind(models.TextChoices):
    """What a street-level or community-level division is."""

    ORDINARY = "", _("一般")
    STREET = "street", _("街道")
    TOWN = "town", _("镇")
    TOWNSHIP = "township", _("乡")
    RESIDENTS = "residents", _("居民委员会")
    VILLAGERS = "villagers", _("村民委员会")
    LIKE_RESIDENTS = "like_residents", _("类似居民委员会")
    LIKE_VILLAGERS = "like_villagers", _("类似村民委员会")


class Setting(models.TextChoices):
    """Where a community lies, after 《统计上划分城乡的规定》 (国函〔2008〕60号), which divides towns into 城区 and 镇区; and whether a rural
    one is a pilot of community building (民政部《农村社区建设试点》)."""

    UNKNOWN = "", _("未定")
    CITY = "city", _("城区")
    TOWN = "town", _("镇区")
    RURAL = "rural", _("乡村")
    PILOT = "pilot", _("乡村（农村社区建设试点）")


class Region(models.Model):
    """One division of the tree province → city → district → street → community → grid.

    `region_code` is the internal order key (see ADR 0001), not the official code: official codes are dated facts
    in `OfficialCode`. `setting` is of communities. `outline` is its border as drawn: [[longitude, latitude], …] in WGS-84 (ADR 0017); grids are drawn here,
    borders of divisions come from elsewhere or stay empty.
    """

    region_follows = "never"

    region_code = RegionCodeField(_("区域序码"), unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.SmallIntegerField(_("层级"), choices=Level.choices)
    name = models.TextField(_("名称"))
    short_name = models.TextField(_("简称"), blank=True)
    kind = models.TextField(_("类别"), choices=RegionKind.choices, blank=True, default="")
    setting = models.TextField(_("城乡分类"), choices=Setting.choices, blank=True, default="", db_default="")
    initials = models.TextField(_("拼音首字母"), blank=True, db_collation="C")
    pinyin = models.TextField(_("拼音"), blank=True, db_collation="C")
    postcode = models.TextField(_("邮政编码"), blank=True)
    address = models.TextField(_("办公地址"), blank=True)
    phone = models.TextField(_("办公电话"), blank=True)
    outline = models.JSONField(_("边界"), null=True, blank=True)
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("区划")
        verbose_name_plural = _("区划")
        ordering = ["region_code"]
        indexes = [
            GinIndex(Func(F("name"), function="linli_grams"), name="region_name_grams"),
            models.Index(fields=["initials"], name="region_initials"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> Scope:
        return Scope.of(self.region_code)

    @property
    def title(self) -> str:
        """The name as spoken: 东外社区 for 东外社区居委会."""
        return self.short_name or self.name


class OfficialCode(models.Model):
    """An official code of a region, from one source and version, with the dates between which it held."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="codes")
    code = models.TextField(_("代码"), db_collation="C")
    source = models.TextField(_("来源"))
    version = models.DateField(_("版本"))
    valid_from = models.DateField(_("启用日期"), null=True, blank=True)
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    predecessor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="successors")

    class Meta:
        verbose_name = _("官方代码")
        verbose_name_plural = _("官方代码")
        constraints = [
            models.UniqueConstraint(fields=["source", "version", "code"], name="official_code_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                name="official_code_dates",
            ),
        ]
        indexes = [models.Index(fields=["code"], name="official_code_code")]

    def __str__(self) -> str:
        return f"{self.code}（{self.source} {self.version}）"


# The key of rows that were not there yet: it lies in no scope, not even the country's ("~" follows ":").
NOWHERE = "~"


class FormerRegion(models.Model):
    """Where a row lay before communities were adjusted (ADR 0019): what it counts to as of a date in the period.

    `held` is the row's table: a building, for which everything in it follows; a person; a row that lies in no building; or a
    region that was set up, for which its whole key reads as the region it came from. `region_code` is never re-keyed.
    """

    region_follows = "never"

    held = models.TextField(_("表"), db_collation="C")
    row_id = models.BigIntegerField(_("编号"))
    region_code = RegionCodeField(_("原区域序码"))
    period = DateRangeField(_("起止日期"))

    class Meta:
        verbose_name = _("原属区域")
        verbose_name_plural = _("原属区域")
        constraints = [
            ExclusionConstraint(
                name="one_former_region_at_a_time",
                expressions=[
                    ("held", RangeOperators.EQUAL),
                    ("row_id", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [models.Index(fields=["held", "row_id"], name="former_region_row")]

    def __str__(self) -> str:
        return f"{self.held} {self.row_id}: {self.region_code} {self.period}"


class Recut(models.Model):
    """That the communities of an area were adjusted on a day: before it, figures of the area have an old cut and a new one."""

    region_follows = "never"

    region_code = RegionCodeField(_("调整范围"))
    on = models.DateField(_("生效日期"))
    title = models.TextField(_("名称"))

    class Meta:
        verbose_name = _("区划调整")
        verbose_name_plural = _("区划调整")
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["on"], name="recut_on")]

    def __str__(self) -> str:
        return f"{self.title} {self.on:%Y-%m-%d}"

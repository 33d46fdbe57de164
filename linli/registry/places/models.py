"""Places (以房管人): estate → building → unit → home; back streets, entrances, lifts.

Positions and outlines are WGS-84 (CGCS2000) degrees, longitude first (ADR 0017); `kernel.coordinates` turns them into GCJ-02.
"""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.models import PermittedManager
from linli.access.sealed import SealedTextField
from linli.audit.history import tracked
from linli.audit.spells import no_overlap, one_at_a_time
from linli.kernel import codes
from linli.pages import html
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


class Heating(models.TextChoices):
    """How homes are kept warm."""

    CENTRAL = "central", _("集中供暖")
    GAS = "gas", _("燃气壁挂炉")
    ELECTRIC = "electric", _("电采暖")
    STOVE = "stove", _("煤炉、土暖气")
    NONE = "none", _("无供暖")


class Ownership(models.TextChoices):
    """Whose property a home is by kind, as forms of rented homes ask (房屋性质)."""

    PRIVATE = "private", _("私房")
    PUBLIC = "public", _("公房")
    COMPANY = "company", _("企业产房")
    OTHER = "other", _("其他")


class OwnerKind(models.TextChoices):
    """Who a home belongs to (产权人类型): a person or an organisation."""

    PERSON = "person", _("个人")
    UNIT = "unit", _("单位")


class OwnerPaper(models.TextChoices):
    """By which paper an owner is known (产权人证件类型; 不动产登记操作规范 1.9)."""

    IDENTITY = "identity", _("居民身份证")
    PASSPORT = "passport", _("护照")
    PERMIT = "permit", _("港澳台居民证件")
    OFFICER = "officer", _("军官证")
    LICENCE = "licence", _("营业执照")
    CODE = "code", _("统一社会信用代码证书")
    OTHER = "other", _("其他")


class PublicHousing(models.TextChoices):
    """What public housing a home is (公房种类). 直管 and 自管 by who manages it (城市公有房屋管理规定); 公租房 by 公共租赁住房管理办法
    (住房城乡建设部令第11号), into which 廉租住房 was merged from 2014 (建保〔2013〕178号), and 保障性租赁住房 (国办发〔2021〕22号)."""

    DIRECT = "direct", _("直管公房")
    SELF = "self", _("单位自管公房")
    RENTAL = "rental", _("公共租赁住房")
    LOW_RENT = "low_rent", _("廉租住房")
    SECURED = "secured", _("保障性租赁住房")
    OTHER = "other", _("其他公房")


class Deed(models.TextChoices):
    """The paper that says whose a home is (房屋凭证); those from before 不动产登记暂行条例 stay in force (Art. 33)."""

    TITLE = "title", _("不动产权证书")
    OWNERSHIP = "ownership", _("房屋所有权证")
    USE = "use", _("房屋使用权证")
    CONTRACT = "contract", _("购房合同")
    NONE = "none", _("无证")
    OTHER = "other", _("其他")


class LandPaper(models.TextChoices):
    """The paper that says on what land a home stands (土地凭证): of the state, of the collective, or a homestead's."""

    STATE = "state", _("国有土地使用权证")
    COLLECTIVE = "collective", _("集体土地使用权证")
    HOMESTEAD = "homestead", _("宅基地证明")


class HomeCategory(models.TextChoices):
    """What a home is by its build, as forms of rented homes ask (房屋类别)."""

    FLAT = "flat", _("套房")
    BUNGALOW = "bungalow", _("平房")
    BASEMENT = "basement", _("地下室")
    WHOLE = "whole", _("通天房")
    OTHER = "other", _("其他")


class HomeOrigin(models.TextChoices):
    """How its owner or tenant came by a home, as registers of housing ask (房屋来源)."""

    BOUGHT = "bought", _("购买商品房")
    REFORM = "reform", _("购买房改房")
    AFFORDABLE = "affordable", _("购买经济适用房")
    BUILT = "built", _("个人自建房")
    INHERITED = "inherited", _("继承或受赠")
    PUBLIC = "public", _("租赁公房")
    OTHER = "other", _("其他形式取得")


def _choices(code_list: codes.CodeList) -> list[tuple[str, str]]:
    return [(item.code, item.label) for item in code_list.items]


def _longitude() -> models.DecimalField:
    return models.DecimalField(_("经度"), max_digits=9, decimal_places=6, null=True, blank=True)


def _latitude() -> models.DecimalField:
    return models.DecimalField(_("纬度"), max_digits=8, decimal_places=6, null=True, blank=True)


@tracked()
class Estate(models.Model):
    """A residential estate (小区), or a row of buildings along a street that is spoken of as one place."""

    region_holder = 2
    history_ignored = ("initials", "updated_at")

    region_code = RegionCodeField()
    name = models.TextField(_("小区名称"))
    initials = models.TextField(blank=True, db_collation="C")
    address = models.TextField(_("地址"), blank=True)
    built_year = models.SmallIntegerField(_("建成年份"), null=True, blank=True)
    developer = models.TextField(_("开发商"), blank=True, default="", db_default="")
    heating = models.TextField(_("供暖方式"), choices=Heating.choices, blank=True, default="", db_default="")
    parking_indoor = models.IntegerField(_("室内车位数"), null=True, blank=True)
    parking_outdoor = models.IntegerField(_("室外车位数"), null=True, blank=True)
    safety_officer = models.TextField(_("安全负责人"), blank=True, default="", db_default="")
    safety_phone = models.TextField(_("安全负责人电话"), blank=True, default="", db_default="")
    outline = models.JSONField(_("范围"), null=True, blank=True)
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
        return html.record_url("places:estate", self.pk)


@tracked()
class EstateManagement(models.Model):
    """A spell of an estate's management: by whom, under which contract, from when until when; one at a time.

    弃管 is a spell as well, so that how long nobody has looked after an estate can be told. `company` is the property company's
    name as the contract has it; the organisation itself is tied to the spell by the room of organisations. `fee` is 元 a
    square metre and month. `contract_until` may lie before the spell's end: the company stays on without a contract.
    """

    region_code = RegionCodeField()
    estate = models.ForeignKey(
        Estate, models.PROTECT, related_name="managements", db_index=False, verbose_name=_("小区")
    )
    way = models.TextField(_("管理方式"), choices=Management.choices)
    company = models.TextField(_("物业公司"), blank=True)
    phone = models.TextField(_("物业电话"), blank=True)
    fee = models.DecimalField(
        _("物业费（元/平方米·月）"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    contract_until = models.DateField(_("合同到期日"), null=True, blank=True)
    period = DateRangeField(_("起止日期"))
    note = models.TextField(_("备注"), blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("小区管理")
        verbose_name_plural = _("小区管理")
        constraints = one_at_a_time("one_management_at_a_time", "estate")
        triggers = no_overlap("one_management_at_a_time", "estate_id")
        indexes = [
            models.Index(fields=["estate"], name="management_estate"),
            models.Index(fields=["region_code", "contract_until"], name="management_contract"),
        ]

    def __str__(self) -> str:
        return f"{self.estate_id} {self.way}"

    @property
    def tells(self) -> str:
        """物业管理（北京海坨家和物业管理有限公司）, 弃管."""
        return f"{self.get_way_display()}（{self.company}）" if self.company else str(self.get_way_display())


@tracked()
class Entrance(models.Model):
    """A way into an estate: a gate, and whether somebody keeps it."""

    region_code = RegionCodeField()
    estate = models.ForeignKey(
        Estate, models.CASCADE, related_name="entrances", db_index=False, verbose_name=_("小区")
    )
    name = models.TextField(_("出入口"))
    for_cars = models.BooleanField(_("可通车"), default=True)
    for_fire = models.BooleanField(_("消防通道"), default=False)
    guarded = models.BooleanField(_("有人值守"), null=True, blank=True)
    longitude = _longitude()
    latitude = _latitude()
    note = models.TextField(_("备注"), blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("出入口")
        verbose_name_plural = _("出入口")
        ordering = ["estate_id", "id"]
        constraints = [models.UniqueConstraint(fields=["estate", "name"], name="entrance_name_once")]

    def __str__(self) -> str:
        return self.name


@tracked()
class Building(models.Model):
    """A building (楼栋). `floors` above ground; lifts by number, their inspection by the earliest to run out; `region_code` is its
    grid's or community's. `outline` is its foot print: [[longitude, latitude], …]."""

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
    basements = models.SmallIntegerField(_("地下层数"), null=True, blank=True)
    lifts = models.SmallIntegerField(_("电梯数"), null=True, blank=True)
    lifts_since = models.SmallIntegerField(_("电梯安装年份"), null=True, blank=True)
    lifts_checked_until = models.DateField(_("电梯检验有效期至"), null=True, blank=True)
    built_year = models.SmallIntegerField(_("建成年份"), null=True, blank=True)
    has_gas = models.BooleanField(_("通燃气"), null=True, blank=True)
    heating = models.TextField(_("供暖方式"), choices=Heating.choices, blank=True, default="", db_default="")
    structure = models.TextField(_("建筑结构"), choices=_choices(codes.STRUCTURE), blank=True)
    area = models.DecimalField(
        _("建筑面积（平方米）"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    address = models.TextField(_("地址"), blank=True)
    longitude = _longitude()
    latitude = _latitude()
    outline = models.JSONField(_("轮廓"), null=True, blank=True)
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
        return html.record_url("places:building", self.pk)


@tracked()
class Lift(models.Model):
    """A lift of a building, with its maker, who maintains it, and when it was and is to be inspected (特种设备定期检验: the
    owner asks for it within the month before the result runs out, 特种设备安全法 Art. 40). The building carries the earliest day."""

    region_code = RegionCodeField()
    building = models.ForeignKey(
        Building, models.CASCADE, related_name="lift_records", db_index=False, verbose_name=_("楼栋")
    )
    name = models.TextField(_("电梯名称"))
    number = models.TextField(_("设备代码或登记证编号"), blank=True)
    maker = models.TextField(_("制造单位"), blank=True)
    since = models.SmallIntegerField(_("投用年份"), null=True, blank=True)
    upkeep = models.TextField(_("维保单位"), blank=True)
    upkeep_phone = models.TextField(_("维保电话"), blank=True)
    checked_on = models.DateField(_("最近检验日期"), null=True, blank=True)
    due_on = models.DateField(_("下次检验日期"), null=True, blank=True)
    note = models.TextField(_("备注"), blank=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("电梯")
        verbose_name_plural = _("电梯")
        ordering = ["building_id", "name", "id"]
        constraints = [models.UniqueConstraint(fields=["building", "name"], name="lift_name_once")]
        indexes = [models.Index(fields=["region_code", "due_on"], name="lift_due")]

    def __str__(self) -> str:
        return self.name


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
    """A home (户室): the smallest place that people live or work in. `full_address` is the spoken address within the
    community, kept by the actions: 新兴小区12号楼3单元501室.

    A home that was split or merged away or torn down keeps its row and its history: `ended_on` is the first day on which it
    no longer is, `became` the home that took it over. Its door is free for another. `began_on` is None for homes that were always
    there as far as anybody knows, the day of the splitting for those that came of it.
    """

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
    ownership = models.TextField(
        _("房屋性质"), choices=Ownership.choices, blank=True, default="", db_default=""
    )
    category = models.TextField(
        _("房屋类别"), choices=HomeCategory.choices, blank=True, default="", db_default=""
    )
    layout = models.TextField(_("户型"), blank=True, default="", db_default="")
    origin = models.TextField(
        _("房屋来源"), choices=HomeOrigin.choices, blank=True, default="", db_default=""
    )
    certificate = models.TextField(_("产权证号"), blank=True)
    certificate_on = models.DateField(_("产权证发证日期"), null=True, blank=True)
    land_paper = models.TextField(
        _("土地凭证"), choices=LandPaper.choices, blank=True, default="", db_default=""
    )
    land_certificate = models.TextField(_("土地权证号"), blank=True, default="", db_default="")
    land_certificate_on = models.DateField(_("土地权证发证日期"), null=True, blank=True)
    deed = models.TextField(_("房屋凭证"), choices=Deed.choices, blank=True, default="", db_default="")
    public_kind = models.TextField(
        _("公房种类"), choices=PublicHousing.choices, blank=True, default="", db_default=""
    )
    owner_kind = models.TextField(
        _("产权人类型"), choices=OwnerKind.choices, blank=True, default="", db_default=""
    )
    owner_paper = models.TextField(
        _("产权人证件类型"), choices=OwnerPaper.choices, blank=True, default="", db_default=""
    )
    owner_name = models.TextField(_("房主姓名"), blank=True)
    owner_phone = SealedTextField(_("房主电话"), purpose="phone")
    owner_id_number = SealedTextField(_("房主证件号码"), purpose="id_number")
    owner_address = models.TextField(_("房主住址"), blank=True, default="", db_default="")
    note = models.TextField(_("备注"), blank=True)
    began_on = models.DateField(_("启用日期"), null=True, blank=True)
    ended_on = models.DateField(_("注销日期"), null=True, blank=True)
    became = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", verbose_name=_("并入")
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("房屋")
        verbose_name_plural = _("房屋")
        ordering = ["region_code", "building_id", "unit_id", "-floor", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["building", "unit", "door"],
                condition=models.Q(ended_on__isnull=True),
                name="home_door_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["region_code", "building"], name="home_region"),
            models.Index(fields=["building"], name="home_building"),
            GinIndex(Func(F("full_address"), function="linli_grams"), name="home_address_grams"),
        ]

    def __str__(self) -> str:
        return self.full_address or self.door

    def get_absolute_url(self) -> str:
        """Its page."""
        return html.record_url("places:home", self.pk)

    def stands(self, on: date) -> bool:
        """Whether it is there on a day."""
        return (self.began_on is None or self.began_on <= on) and (
            self.ended_on is None or self.ended_on > on
        )

    @staticmethod
    def standing(on: date) -> models.Q:
        """The homes that are there on a day."""
        return (models.Q(began_on=None) | models.Q(began_on__lte=on)) & (
            models.Q(ended_on=None) | models.Q(ended_on__gt=on)
        )


class StreetCondition(models.TextChoices):
    """In what state a back street is."""

    GOOD = "good", _("良好")
    FAIR = "fair", _("一般")
    POOR = "poor", _("较差")


class Renewal(models.TextChoices):
    """How far the renewal of a back street (背街小巷整治提升) has come."""

    NONE = "none", _("未列入")
    PLANNED = "planned", _("已列入计划")
    UNDER_WAY = "under_way", _("整治中")
    DONE = "done", _("已完成")


@tracked()
class BackStreet(models.Model):
    """A back street or alley (背街小巷): length and width in metres, where it runs, its state and its renewal."""

    region_follows = "region"
    history_ignored = ("initials", "updated_at")

    region_code = RegionCodeField()
    name = models.TextField(_("街巷名称"))
    initials = models.TextField(blank=True, db_collation="C")
    course = models.TextField(_("起止点"), blank=True)
    facing = models.TextField(_("临街情况"), blank=True)
    length = models.IntegerField(_("长度（米）"), null=True, blank=True)
    width = models.DecimalField(_("宽度（米）"), max_digits=5, decimal_places=1, null=True, blank=True)
    condition = models.TextField(_("现状"), choices=StreetCondition.choices, blank=True)
    renewal = models.TextField(_("整治情况"), choices=Renewal.choices, default=Renewal.NONE)
    renewed_on = models.DateField(_("整治完成日期"), null=True, blank=True)
    keeper = models.TextField(_("街巷长"), blank=True)
    keeper_phone = models.TextField(_("街巷长电话"), blank=True, default="", db_default="")
    buildings = models.ManyToManyField(
        Building, related_name="back_streets", blank=True, verbose_name=_("沿线楼栋")
    )
    line = models.JSONField(_("走向"), null=True, blank=True)
    note = models.TextField(_("备注"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PermittedManager()

    class Meta:
        verbose_name = _("背街小巷")
        verbose_name_plural = _("背街小巷")
        ordering = ["region_code", "name"]
        constraints = [models.UniqueConstraint(fields=["region_code", "name"], name="back_street_name_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("places:back_street", args=[self.pk])

"""Forms of places. What may be is decided by the rules; forms only read what was typed."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.kernel import citizen_number, codes, coordinates, phone
from linli.pages.widgets import Combobox, DateInput
from linli.registry.places import areas, rules
from linli.registry.places.models import (
    Building,
    BuildingKind,
    Deed,
    Heating,
    Home,
    HomeCategory,
    HomeOrigin,
    HomeUse,
    LandPaper,
    Management,
    OwnerKind,
    OwnerPaper,
    Ownership,
    PublicHousing,
    Renewal,
    StreetCondition,
    Tenure,
    Unit,
)

DATUMS = (
    ("wgs84", _("国家 2000、GPS、天地图")),
    ("gcj02", _("高德、腾讯地图")),
)
YES_NO = (("", _("未登记")), ("true", _("是")), ("false", _("否")))


def optional_boolean(label: Any) -> forms.TypedChoiceField:
    """Yes, no, or not recorded."""
    return forms.TypedChoiceField(
        label=label,
        choices=YES_NO,
        required=False,
        coerce=lambda value: value == "true",
        empty_value=None,
    )


class SealedField(forms.CharField):
    """A number that is kept encrypted: never shown again; empty leaves it as it is, 无 clears it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def kept(self, masked: str) -> None:
        """Say what is kept, masked."""
        if masked:
            self.help_text = f"已登记 {masked}。不改请留空，要清除请填“无”。"


def sealed_changes(data: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """The clean data with sealed fields that were left empty taken out, and 无 made to nothing."""
    found = dict(data)
    for name in fields:
        typed = found.get(name, "")
        if not typed:
            found.pop(name, None)
        elif typed == "无":
            found[name] = ""
    return found


class RegionForm(forms.Form):
    """Begins with the region the place lies in, chosen from those where the user may edit."""

    edit_permission = Permission.EDIT_PLACES
    region_code = forms.ChoiceField(label=_("所属社区或网格"), widget=Combobox(placeholder=_("输入名称查找")))

    def __init__(self, *args: Any, user: Any, within: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = areas.place_choices(user, self.edit_permission, within)
        field: Any = self.fields["region_code"]
        field.choices = choices if len(choices) == 1 else [("", ""), *choices]
        if len(choices) == 1:
            self.initial.setdefault("region_code", choices[0][0])


def text_field(label: Any, *, required: bool = False, most: int = 60, **kwargs: Any) -> forms.CharField:
    """A line of at most so many characters."""
    return forms.CharField(label=label, required=required, max_length=most, **kwargs)


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("备注"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


def _whole(label: Any, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=-9999, max_value=30_000, **kwargs)


def _optional(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    """One of the choices, or not recorded."""
    return forms.ChoiceField(label=label, required=False, choices=[("", _("未登记")), *choices], **kwargs)


class BuildingsField(forms.ModelMultipleChoiceField):
    """Several buildings of a community, ticked."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """新兴小区12号楼."""
        return str(obj)


def in_wgs84(form: forms.Form, data: dict[str, Any]) -> dict[str, Any]:
    """Turn a position that was typed from a road map (GCJ-02) into WGS-84; one left as it was stays to the digit."""
    datum = data.pop("datum", "")
    typed = {"longitude", "latitude"} & set(form.changed_data)
    if datum == "gcj02" and typed and data.get("longitude") and data.get("latitude"):
        east, north = coordinates.from_gcj02(float(data["longitude"]), float(data["latitude"]))
        data["longitude"], data["latitude"] = Decimal(f"{east:.6f}"), Decimal(f"{north:.6f}")
    return data


class EstateForm(RegionForm):
    """An estate."""

    name = text_field(_("小区名称"), required=True, help_text=_("例如：新兴小区"))
    address = text_field(_("地址"), most=200)
    built_year = _whole(_("建成年份"))
    developer = text_field(_("开发商"), most=100)
    heating = _optional(_("供暖方式"), Heating.choices)
    parking_indoor = _whole(_("室内车位数"))
    parking_outdoor = _whole(_("室外车位数"))
    safety_officer = text_field(_("安全负责人"))
    safety_phone = text_field(_("安全负责人电话"), most=30)
    note = _note()


class ManagementForm(forms.Form):
    """From a day on, who manages an estate."""

    way = forms.ChoiceField(label=_("管理方式"), choices=Management.choices, widget=forms.RadioSelect)
    since = forms.DateField(
        label=_("从哪天开始"), required=False, widget=DateInput(), help_text=_("第一次登记、不清楚的可以留空")
    )
    company = text_field(_("物业公司或代管单位"), most=100)
    phone = text_field(_("物业电话"), most=30)
    fee = forms.DecimalField(
        label=_("物业费（元/平方米·月）"), required=False, max_digits=6, decimal_places=2
    )
    contract_until = forms.DateField(label=_("合同到期日"), required=False, widget=DateInput())
    note = _note()


class CorrectManagementForm(ManagementForm):
    """What was recorded wrongly of the running management."""

    since = None  # type: ignore[assignment]


class EntranceForm(forms.Form):
    """A gate."""

    name = text_field(_("出入口名称"), required=True, most=20, help_text=_("例如：东门"))
    for_cars = forms.BooleanField(label=_("可通车"), required=False)
    for_fire = forms.BooleanField(label=_("消防通道"), required=False)
    guarded = optional_boolean(_("有人值守"))
    note = text_field(_("备注"), most=200)


class LiftForm(forms.Form):
    """A lift, and its inspections."""

    name = text_field(_("电梯名称"), required=True, most=20, help_text=_("例如：1单元1号梯"))
    number = text_field(_("设备代码或登记证编号"), most=30, help_text=_("在轿厢内的“特种设备使用标志”上"))
    maker = text_field(_("制造单位"), most=60)
    since = _whole(_("投用年份"))
    upkeep = text_field(_("维保单位"), most=60)
    upkeep_phone = text_field(_("维保电话"), most=20)
    checked_on = forms.DateField(label=_("最近检验日期"), required=False, widget=DateInput())
    due_on = forms.DateField(
        label=_("下次检验日期"),
        required=False,
        widget=DateInput(),
        help_text=_("以使用标志上的日期为准；不填就按最近检验后一年。到期前 30 天会提醒。"),
    )
    note = text_field(_("备注"), most=200)


class BackStreetForm(RegionForm):
    """A back street."""

    name = text_field(_("街巷名称"), required=True, help_text=_("例如：东外胡同"))
    course = text_field(_("起止点"), most=100, help_text=_("例如：东外大街至妫水北街"))
    facing = text_field(_("临街情况"), most=200, help_text=_("例如：东侧居民楼，西侧商铺"))
    length = _whole(_("长度（米）"))
    width = forms.DecimalField(label=_("宽度（米）"), required=False, max_digits=5, decimal_places=1)
    condition = _optional(_("现状"), StreetCondition.choices)
    renewal = forms.ChoiceField(label=_("整治情况"), choices=Renewal.choices)
    renewed_on = forms.DateField(label=_("整治完成日期"), required=False, widget=DateInput())
    keeper = text_field(_("街巷长"))
    keeper_phone = text_field(_("街巷长电话"), most=30, help_text=_("公示牌上的电话"))
    buildings = BuildingsField(label=_("沿线楼栋"), required=False, queryset=Building.objects.none())
    note = _note()

    def __init__(self, *args: Any, user: Any, within: str = "", **kwargs: Any) -> None:
        super().__init__(*args, user=user, within=within, **kwargs)
        buildings: Any = self.fields["buildings"]
        rows = Building.objects.permitted(user, self.edit_permission).select_related("estate")
        if within:
            buildings.queryset = rows.filter(region_code__startswith=within)
        else:
            # Which buildings there are to choose from depends on the community; they are picked once it is known.
            del self.fields["buildings"]


class BuildingForm(RegionForm):
    """A building."""

    name = text_field(
        _("楼栋名称"), required=True, help_text=_("例如：12号楼；改名后，楼里所有房屋的地址一起改")
    )
    kind = forms.ChoiceField(label=_("楼栋类型"), choices=BuildingKind.choices)
    floors = _whole(_("地上层数"))
    basements = _whole(_("地下层数"))
    structure = _optional(_("建筑结构"), codes.STRUCTURE.choices)
    built_year = _whole(_("建成年份"))
    lifts = _whole(_("电梯数"), help_text=_("没有电梯填 0，不清楚请留空"))
    lifts_since = _whole(_("电梯安装年份"))
    lifts_checked_until = forms.DateField(
        label=_("电梯检验有效期至"),
        required=False,
        widget=DateInput(),
        help_text=_("见轿厢里的使用标志，写最早到期的"),
    )
    has_gas = optional_boolean(_("通燃气"))
    heating = _optional(_("供暖方式"), Heating.choices)
    area = forms.DecimalField(label=_("建筑面积（平方米）"), required=False, max_digits=10, decimal_places=2)
    address = text_field(_("地址"), most=200)
    longitude = forms.DecimalField(label=_("经度"), required=False, max_digits=9, decimal_places=6)
    latitude = forms.DecimalField(label=_("纬度"), required=False, max_digits=8, decimal_places=6)
    datum = forms.ChoiceField(
        label=_("经纬度取自"),
        choices=DATUMS,
        required=False,
        help_text=_("高德、腾讯地图的坐标有偏移，保存时会换算成国家 2000 坐标"),
    )
    note = _note()

    def clean(self) -> dict[str, Any]:
        """Positions from road maps are turned into WGS-84."""
        return in_wgs84(self, super().clean() or {})


class LayoutForm(forms.Form):
    """How a building is laid out."""

    field_order = ("units", "floors", "homes_per_floor", "first_floor", "skipped", "pattern")
    units = forms.IntegerField(
        label=_("单元数"), min_value=0, max_value=rules.MOST_UNITS, help_text=_("不分单元填 0")
    )
    floors = forms.IntegerField(label=_("层数"), min_value=1, max_value=rules.HIGHEST_FLOOR)
    homes_per_floor = forms.IntegerField(
        label=_("每单元每层户数"), min_value=1, max_value=rules.MOST_ON_A_FLOOR
    )
    pattern = forms.ChoiceField(label=_("门牌排法"), choices=rules.PATTERNS, widget=forms.RadioSelect)
    first_floor = forms.IntegerField(
        label=_("从第几层开始"),
        min_value=1,
        max_value=rules.HIGHEST_FLOOR,
        initial=1,
        help_text=_("下面几层是商铺的，从住宅的第一层写起"),
    )
    skipped = forms.CharField(
        label=_("跳过的层号"),
        required=False,
        max_length=100,
        help_text=_("楼里没有的层号，如 4、13、14；都有就留空"),
    )

    def clean_skipped(self) -> tuple[int, ...]:
        """The numbers."""
        try:
            return rules.skipped_floors(self.cleaned_data["skipped"])
        except rules.Refused as refused:
            raise forms.ValidationError(refused.message) from refused

    def layout(self) -> rules.Layout:
        """What was typed, as the rules know it."""
        return rules.Layout(**self.cleaned_data)


class UnitField(forms.ModelChoiceField):
    """A unit of one building, by its short name."""

    def label_from_instance(self, obj: Any) -> str:
        """3单元."""
        return str(obj.name)


class UnitForm(forms.Form):
    """A unit's name."""

    name = text_field(
        _("单元名称"), required=True, most=20, help_text=_("改名后，这个单元所有房屋的地址一起改")
    )


class HomesForm(forms.Form):
    """Homes to be added to a building."""

    unit = UnitField(label=_("单元"), queryset=Unit.objects.none(), required=False, empty_label=_("不分单元"))
    new_unit = text_field(_("新增单元"), help_text=_("楼里还没有这个单元时填写，例如：3单元"))
    doors = forms.CharField(
        label=_("门牌号"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("用空格或顿号隔开，也可以写一段：101-104。楼层从门牌号读出，501 就是 5 层"),
    )

    def __init__(self, *args: Any, building: Building, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = building.units.all()

    def clean_doors(self) -> list[str]:
        """The doors, one by one."""
        try:
            return rules.split_doors(self.cleaned_data["doors"])
        except rules.Refused as refused:
            raise forms.ValidationError(refused.message) from refused


class HomeForm(forms.Form):
    """A home."""

    tenure = forms.ChoiceField(label=_("居住方式"), choices=Tenure.choices)
    use = forms.ChoiceField(label=_("房屋用途"), choices=HomeUse.choices)
    area = forms.DecimalField(label=_("建筑面积（平方米）"), required=False, max_digits=8, decimal_places=2)
    rooms = _whole(_("间数"))
    ownership = _optional(_("房屋性质"), Ownership.choices)
    category = _optional(_("房屋类别"), HomeCategory.choices)
    layout = text_field(_("户型"), most=20, help_text=_("例如：两室一厅"))
    origin = _optional(_("房屋来源"), HomeOrigin.choices)
    public_kind = _optional(_("公房种类"), PublicHousing.choices, help_text=_("公房、公租房才填"))
    owner_kind = _optional(_("产权人类型"), OwnerKind.choices)
    owner_name = text_field(_("房主姓名"), help_text=_("产权是单位的，写单位名称"))
    owner_address = forms.CharField(
        label=_("房主住址"), required=False, max_length=120, help_text=_("房主不住这里的，写他现在住哪里")
    )
    owner_phone = SealedField(label=_("房主电话"))
    owner_paper = _optional(
        _("产权人证件类型"), OwnerPaper.choices, help_text=_("不选的，按号码判断是身份证还是营业执照")
    )
    owner_id_number = SealedField(label=_("房主证件号码"))
    deed = _optional(_("房屋凭证"), Deed.choices)
    certificate = text_field(_("产权证号"))
    certificate_on = forms.DateField(label=_("产权证发证日期"), required=False, widget=DateInput())
    land_paper = _optional(_("土地凭证"), LandPaper.choices)
    land_certificate = text_field(
        _("土地权证号"), most=60, help_text=_("2015 年后发的不动产权证已写明土地，不用另填")
    )
    land_certificate_on = forms.DateField(label=_("土地权证发证日期"), required=False, widget=DateInput())
    unit = UnitField(label=_("单元"), queryset=Unit.objects.none(), required=False, empty_label=_("不分单元"))
    door = text_field(_("门牌号"), required=True, most=20)
    floor = _whole(_("所在层"), help_text=_("地下一层写 -1"))
    note = _note()

    def __init__(self, *args: Any, home: Home, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = home.building.units.all()
        owner_phone: Any = self.fields["owner_phone"]
        owner_phone.kept(phone.mask(home.owner_phone) if home.owner_phone else "")
        number: Any = self.fields["owner_id_number"]
        number.kept(citizen_number.mask(home.owner_id_number) if home.owner_id_number else "")


class PurposeForm(forms.Form):
    """What personal data are wanted for."""

    purpose = forms.CharField(
        label=_("查看用途"), max_length=100, help_text=_("例如：电话核实出租情况。会和您的姓名一起记录")
    )


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("例如：重复登记"))


class OutlineField(forms.CharField):
    """A border as the map's script writes it: a JSON list of [longitude, latitude]; empty for none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput, max_length=20_000, **kwargs)

    def clean(self, value: Any) -> Any:
        """The list; what is none goes to the rules, which refuse it in words."""
        text = super().clean(value)
        try:
            return rules.outline(json.loads(text)) if text else None
        except (ValueError, rules.Refused) as error:
            raise forms.ValidationError("轮廓没有画完整，请重新画。") from error


class OutlineForm(forms.Form):
    """The border of an estate."""

    outline = OutlineField()

    def clean(self) -> dict[str, Any]:
        """What is wrong with a border stands at the head of the form, for its field is hidden."""
        data: dict[str, Any] = super().clean() or {}
        if "outline" in self.errors:
            self.add_error(None, self.errors.pop("outline"))
        return data


class PositionForm(OutlineForm):
    """Where a building stands."""

    longitude = forms.DecimalField(label=_("经度"), required=False, max_digits=9, decimal_places=6)
    latitude = forms.DecimalField(label=_("纬度"), required=False, max_digits=8, decimal_places=6)
    datum = forms.ChoiceField(
        label=_("经纬度取自"),
        choices=DATUMS,
        required=False,
        help_text=_("高德、腾讯地图的坐标有偏移，保存时会换算成国家 2000 坐标"),
    )

    def clean(self) -> dict[str, Any]:
        """Positions from road maps are turned into WGS-84."""
        return in_wgs84(self, super().clean())

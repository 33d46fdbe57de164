"""The words in which forms write what the base keeps as a choice of its own."""

from __future__ import annotations

from typing import Any, Final

from linli.kernel.codelist import Code, CodeList
from linli.registry.intake.columns import HOME_USE, TENURE
from linli.registry.lettings.models import Grade, LandlordKind
from linli.registry.organisations import facts as organisations
from linli.registry.organisations.models import OrganisationKind
from linli.registry.places.models import BuildingKind, Heating, Management
from linli.registry.places.words import CATEGORY, OWNERSHIP


def listed(key: str, title: str, choices: Any, also: dict[str, tuple[str, ...]] | None = None) -> CodeList:
    """A list of a model's choices, with other words that forms have for them."""
    return CodeList(
        key,
        title,
        "本系统",
        tuple(Code(str(one.value), str(one.label), (also or {}).get(str(one.value), ())) for one in choices),
    )


HOME: Final = {
    "home.use": CodeList(
        HOME_USE.key,
        HOME_USE.title,
        HOME_USE.standard,
        tuple(
            Code(
                one.code,
                one.label,
                {
                    "living": (*one.also, "个人住宅", "住宅用房"),
                    "shop": (*one.also, "商业用房", "商住"),
                    "store": (*one.also, "仓储用房"),
                }.get(one.code, one.also),
            )
            for one in HOME_USE.items
        ),
    ),
    "home.tenure": TENURE,
    "home.ownership": OWNERSHIP,
    "home.category": CATEGORY,
    "letting.landlord_kind": listed(
        "landlord_kind",
        "出租人类型",
        LandlordKind,
        {
            "owner": ("个人", "业主", "产权人"),
            "agent": ("中介", "中介机构", "代理"),
            "unit": ("单位出租", "企业"),
        },
    ),
    "hazard.level": CodeList(
        "hazard_level",
        "隐患程度",
        "本系统",
        (
            Code("safe", "安全", ("无", "无隐患", "正常", "合格")),
            Code("ordinary", "一般", ("一般隐患", "中等", "较小")),
            Code("severe", "严重", ("重大", "重大隐患", "较大")),
        ),
    ),
    "letting.grade": listed("letting_grade", "管理类别", Grade, {"first": ("甲类", "A", "A级", "A类")}),
}
BUILDING: Final = {
    "building.kind": listed(
        "building_kind",
        "楼栋类型",
        BuildingKind,
        {
            "residential": (
                "普通住宅",
                "住宅",
                "住宅小区",
                "居民楼",
                "公寓",
                "私人住宅",
                "高层住宅",
                "多层住宅",
            ),
            "mixed": ("商住", "综合", "综合楼", "商住两用", "商住混用"),
            "bungalow": ("平房院落", "院落"),
            "office": ("写字楼", "办公", "办公用房"),
            "commercial": ("商铺", "商业", "商业建筑", "商业大厦", "商场", "底商"),
        },
    ),
    "building.heating": listed(
        "heating", "供暖方式", Heating, {"central": ("集中供热", "市政供暖"), "gas": ("燃气自采暖", "天然气")}
    ),
}
ESTATE: Final = {
    "estate.heating": BUILDING["building.heating"],
    "management.way": listed(
        "management",
        "管理方式",
        Management,
        {
            "property": ("有物业", "专业物业", "物业公司管理", "物业服务企业管理"),
            "self": ("自管", "业主自管", "自治管理"),
            "unit": ("单位管理", "产权单位管理"),
            "abandoned": ("无物业", "无人管理", "失管", "无物业管理"),
        },
    ),
}
FIRM: Final = {
    "firm.kind": listed(
        "organisation_kind",
        "单位种类",
        OrganisationKind,
        {
            "shop": ("商户", "商铺", "个体工商户", "商场", "市场", "娱乐场所", "门店", "九小场所"),
            "resident_unit": ("驻区单位", "重点单位", "机关", "企业", "事业单位", "企事业单位", "学校"),
            "social": ("社会团体", "民办非企业单位", "基金会", "社区社会组织"),
            "property": ("物业", "物业服务企业"),
            "owners": ("业委会",),
            "vendor": ("服务企业", "供应商"),
            "department": ("政府", "行政机关"),
        },
    ),
    "firm.ownership": organisations.OWNERSHIP,
    "firm.fire_grade": CodeList(
        "fire_grade",
        "消防等级",
        "本系统",
        tuple(Code(str(n), f"{word}级", (word,)) for n, word in enumerate("一二三四", 1)),
    ),
}
ROLES: Final = organisations.ROLES

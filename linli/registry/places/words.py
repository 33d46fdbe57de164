"""The words in which forms write what a home keeps as a choice: whose it is, what it is by its build, on what land it stands."""

from __future__ import annotations

from typing import Final

from linli.kernel.codelist import Code, CodeList

OWNERSHIP: Final = CodeList(
    "home_ownership",
    "房屋性质",
    "本系统",
    (
        Code("private", "私房", ("私有", "个人", "私有房产", "私产")),
        Code("public", "公房", ("公有", "公有住房", "公产")),
        Code("company", "企业产房", ("企业", "单位产权", "单位房")),
        Code("other", "其他", ("其它",)),
    ),
)
CATEGORY: Final = CodeList(
    "home_category",
    "房屋类别",
    "本系统",
    (
        Code("flat", "套房", ("楼房", "单元房", "公寓")),
        Code("bungalow", "平房", ("院落",)),
        Code("basement", "地下室"),
        Code("whole", "通天房", ("整栋", "独栋")),
        Code("other", "其他", ("其它",)),
    ),
)
ORIGIN: Final = CodeList(
    "home_origin",
    "房屋取得方式",
    "本系统",
    (
        Code("bought", "购买商品房", ("商品房", "购买商品住房", "购房")),
        Code("reform", "购买房改房", ("房改房", "购买公房", "成本价购房")),
        Code("affordable", "购买经济适用房", ("经济适用房", "经适房", "购买保障性住房")),
        Code("built", "个人自建房", ("自建房", "自建")),
        Code("inherited", "继承或受赠", ("继承", "赠与", "受赠")),
        Code("public", "租赁公房", ("公房", "承租公房")),
        Code("other", "其他形式取得", ("其他", "其它")),
    ),
)
OWNER_KIND: Final = CodeList(
    "home_owner_kind",
    "产权人类型",
    "本系统",
    (
        Code("person", "个人", ("自然人", "个人所有", "私人")),
        Code("unit", "单位", ("法人", "企业", "组织", "机构", "单位所有", "法人或其他组织")),
    ),
)
LAND_PAPER: Final = CodeList(
    "land_paper",
    "土地凭证",
    "土地管理法；不动产登记暂行条例施行前的证书继续有效（第 33 条）",
    (
        Code("state", "国有土地使用权证", ("国有土地使用证", "国有土地证", "国有")),
        Code("collective", "集体土地使用权证", ("集体土地使用证", "集体土地证", "集体")),
        Code("homestead", "宅基地证明", ("宅基地使用权证", "宅基地证", "宅基地")),
    ),
)
ORIGIN_KIND: Final = CodeList(
    "home_origin_kind",
    "房屋来源",
    "本系统",
    (
        Code("owned", "自有产权", ("自有", "自有房屋", "产权房")),
        Code("rented", "租赁公房", ("公房", "承租公房")),
    ),
)

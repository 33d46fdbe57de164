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
OWNER_PAPER: Final = CodeList(
    "owner_paper",
    "产权人证件类型",
    "不动产登记操作规范（试行）1.9",
    (
        Code("identity", "居民身份证", ("身份证", "二代身份证", "公民身份证")),
        Code("passport", "护照", ("中国护照", "外国护照")),
        Code(
            "permit",
            "港澳台居民证件",
            ("港澳居民来往内地通行证", "台湾居民来往大陆通行证", "港澳台居民居住证", "回乡证", "台胞证"),
        ),
        Code("officer", "军官证", ("士兵证", "警官证", "军人证件")),
        Code("licence", "营业执照", ("企业营业执照", "工商营业执照")),
        Code(
            "code",
            "统一社会信用代码证书",
            ("组织机构代码证", "事业单位法人证书", "社会团体法人登记证书", "法人证书"),
        ),
        Code("other", "其他", ("其它", "其他证件")),
    ),
)
PUBLIC_HOUSING: Final = CodeList(
    "public_housing",
    "公房种类",
    "城市公有房屋管理规定；住房城乡建设部令第11号；建保〔2013〕178号；国办发〔2021〕22号",
    (
        Code(
            "direct",
            "直管公房",
            ("政府公管公房", "房管局直管公房", "直管公有住房", "国有直管公房", "直管", "公管公房"),
        ),
        Code(
            "self",
            "单位自管公房",
            ("自管公房", "单位公房", "系统公房", "自管", "单位产权公房", "自管公有住房"),
        ),
        Code("rental", "公共租赁住房", ("公租房", "公共租赁房")),
        Code("low_rent", "廉租住房", ("廉租房",)),
        Code("secured", "保障性租赁住房", ("保租房", "保障性租赁房")),
        Code("other", "其他公房", ("其他", "其它", "其它公房")),
    ),
)
DEED: Final = CodeList(
    "home_deed",
    "房屋凭证",
    "不动产登记暂行条例",
    (
        Code("title", "不动产权证书", ("不动产权证", "不动产证")),
        Code("ownership", "房屋所有权证", ("房产证", "房本", "房屋产权证", "所有权证")),
        Code("use", "房屋使用权证", ("使用权证", "公房租赁证", "公有住房租赁证", "房屋租赁证")),
        Code("contract", "购房合同", ("商品房买卖合同", "网签合同", "买卖合同")),
        Code("none", "无证", ("无", "没有", "无凭证")),
        Code("other", "其他", ("其它",)),
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

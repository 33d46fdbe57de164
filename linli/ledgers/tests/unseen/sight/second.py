"""Fifteen more, written after the engine had been mended for the others, and again before it was tried on them."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook

from linli.ledgers.tests.unseen.build import Unseen, count, of
from linli.ledgers.tests.unseen.sight.drawing import areas, asks, laid, listed, nobody, roster


def aged(low: int, high: int | None, *where: str) -> dict[str, Any]:
    """People of an age from `low` to `high` years."""
    return count("person", *where, age={"from": low, "to": high} if high is not None else {"from": low})


_ELDERLY = """
序号 = serial
姓名 = name
性别 = sex
出生年月 = birth_date
身份证号 = id_number
居住地址 = address
联系电话 = phone
"""
_VETERANS = """
序号 = serial
姓名 = name
部别 = unknown
入伍时间 = veteran_joined_on
退伍时间 = veteran_left_on
联系电话 = phone
家庭住址 = address
"""


def _elderly_and_veterans() -> Workbook:
    made = Workbook()
    page: Any = made.active
    page.title = "八十岁以上老人"
    roster(page, "八十周岁以上老人花名册", _ELDERLY)
    roster(made.create_sheet("退役军人"), "退役军人花名册", _VETERANS)
    return made


SECOND = (
    listed(
        "301老年优待证办理",
        "六十五周岁以上老年人免费乘车卡办理登记表",
        of("person", "aged_65"),
        """
        序号 = serial
        姓  名 = name
        性别 = sex
        年龄 = age
        公民身份证号码 = id_number
        户口所在地 = hukou_address
        现居住详细地址 = address
        手机或固话 = phone/landline
        办卡类型 = unknown
        卡号 = unknown
        领卡人签字 = never
        """.replace("phone/landline", "phone|landline|unknown"),
        above=(["社区（盖章）：", None, "经办人：", None, "日期：    年  月  日"],),
    ),
    listed(
        "302重残护理补贴",
        "重度残疾人护理补贴对象动态管理台账",
        of("person", "in_disabled_care_allowance"),
        """
        序号 = serial
        残疾人姓名 = name
        残疾人身份证号 = id_number
        残疾证号码 = disabled.certificate
        残疾类别 = disabled_class
        残疾等级 = disabled_level
        监护人姓名 = guardian.name
        与残疾人关系 = guardian_relation
        监护人电话 = guardian.phone
        补贴标准（元/月） = disabled_care_allowance.amount
        享受起始年月 = disabled_care_allowance.from_date|unknown
        变动情况（新增/停发） = unknown
        """,
    ),
    listed(
        "303网格住户底册",
        "网格住户基础信息底册",
        of("household"),
        """
        网格 = grid
        小区 = home.estate_name|home.building.estate_name
        楼栋 = home.building_name|home.building.number
        单元 = home.unit
        房号 = home.door
        户主 = head.name
        身份证号 = head.id_number
        联系电话 = head.phone
        家庭人口数 = size
        住房性质（自住/出租/空置） = home.tenure|unknown
        家庭成员中有无党员 = unknown
        车辆信息 = unknown
        """,
    ),
    listed(
        "304托幼需求调查",
        "3岁以下婴幼儿家庭信息登记表",
        of("person", "under_3"),
        """
        序号 = serial
        婴幼儿姓名 = name
        性别 = sex
        出生日期 = birth_date
        身份证号 = id_number
        母亲 > 姓名 = mother.name
        母亲 > 身份证号 = mother.id_number
        母亲 > 联系电话 = mother.phone
        父亲 > 姓名 = father.name
        父亲 > 联系电话 = father.phone
        主要带养人 = unknown
        带养人联系电话 = unknown
        户籍地址 = hukou_address
        现居住地 = address
        托育需求 = unknown
        """,
    ),
    listed(
        "305出租房火患",
        "出租房屋消防安全自查登记表",
        of("home", "let"),
        """
        序号 = serial
        房屋地址 = address
        房东姓名 = landlord_name
        房东电话 = landlord_phone
        租客姓名 = tenant_name
        租客人数 = residents
        租赁用途 = letting_use
        建筑面积 = area
        有无灭火器 = unknown
        有无逃生通道 = unknown|safe_exit
        是否住人 = unknown
        自查人 = never|unknown
        检查日期 = unknown|never
        """,
    ),
    listed(
        "306社会组织台账",
        "社区社会组织培育发展台账",
        of("organisation", "social"),
        """
        序号 = serial
        组织名称 = name
        成立时间 = founded_on
        负责人姓名 = contact|legal_person|president|unknown
        负责人电话 = phone|unknown
        成员人数 = members
        党员数 = party_members
        登记（备案）号 = registration_number|unknown
        活动场地 = unknown|address
        服务对象 = unknown
        年度开展活动次数 = unknown
        """,
    ),
    listed(
        "307就业困难人员",
        "就业困难人员就业援助登记台账",
        of("person", "in_hard_to_employ"),
        """
        序号 = serial
        姓名 = name
        身份证号码 = id_number
        学历 = education
        健康状况 = health
        有何技能 = skills|unknown
        家庭地址 = address
        联系方式 = phone
        认定时间 = hard_to_employ.from_date
        援助措施 = unknown
        安置单位 = unknown
        月工资（元） = unknown
        """,
    ),
    listed(
        "308独生子女父母",
        "",
        of("person", "in_bereaved"),
        """
        序号 = serial
        姓名 = name
        性别 = sex
        身份证号 = id_number
        婚姻状况 = marital
        特扶类别 = bereaved_class
        扶助金标准（元/人·月） = bereaved.amount
        本年累计发放（元） = unknown
        联系人 = contact_name|unknown
        联系人电话 = contact_phone|unknown
        居住地址 = address
        """,
        sheet="计生特扶对象名单",
    ),
    nobody(
        "309寄递从业人员",
        "新就业群体（快递员、外卖员）信息采集表",
        """
        序号 = x
        姓名 = x
        性别 = x
        身份证号 = x
        所属平台 = x
        站点名称 = x
        联系电话 = x
        是否党员 = x
        居住地址 = x
        """,
    ),
    nobody(
        "310失能老人",
        "失能失智老年人摸底登记表",
        """
        序号 = x
        姓名 = x
        年龄 = x
        失能等级 = x
        照护人 = x
        联系电话 = x
        住址 = x
        """,
    ),
    areas(
        "311各社区人口结构",
        "全街道人口结构情况统计表",
        """
        序号 = serial
        社区名称 = region
        总户数（户） = hh
        总人口（人） = p
        性别 > 男 = m
        性别 > 女 = f
        年龄结构 > 0-17岁 = a
        年龄结构 > 18-59岁 = b
        年龄结构 > 60岁及以上 = c
        年龄结构 > 其中80岁及以上 = d
        少数民族 = e
        流动人口 = g
        本年出生 = unknown
        """,
        {
            "hh": count("household"),
            "p": count(),
            "m": count("person", "male"),
            "f": count("person", "female"),
            "a": aged(0, 17),
            "b": aged(18, 59),
            "c": aged(60, None),
            "d": aged(80, None),
            "e": count("person", "minority"),
            "g": count("person", "floating"),
        },
    ),
    laid(
        "312社区基础台账",
        "社区基础数据统计表（2026年第四季度）",
        """
        类别|项目|单位|数量
        人口|常住人口|人|_p
        ^|户籍人口|人|_r
        ^|流动人口|人|_f
        ^|60周岁以上老年人|人|_o
        困难群体|低保户|户|_lh
        ^|低保人员|人|_lp
        ^|特困人员|人|_t
        ^|残疾人|人|_d
        ^|其中：一级残疾|人|_d1
        党建|党员|人|_party
        ^|党小组|个|_unknown
        房屋|居民小区|个|_est
        ^|楼栋|栋|_b
        ^|出租房|套|_let
        单位|商户|家|_shop
        ^|学校|所|_unknown
        """,
        numbers={
            "p": count(),
            "r": count("person", "registered"),
            "f": count("person", "floating"),
            "o": count("person", "aged_60"),
            "lh": count("household", "in_low_income"),
            "lp": count("person", "in_low_income"),
            "t": count("person", "in_destitute"),
            "d": count("person", "in_disabled"),
            "d1": count("person", "in_disabled", disabled_level=["1"]),
            "party": count("person", "in_party"),
            "est": count("estate"),
            "b": count("building"),
            "let": count("home", "let"),
            "shop": count("organisation", "shop"),
        },
    ),
    laid(
        "313独居老人信息卡",
        "独居老人关爱信息卡",
        """
        姓名|_name|性别|_sex|年龄|   岁 @age
        身份证号码|_id_number|<|<|民族|_ethnic
        家庭住址|_address|<|<|联系电话|_phone
        文化程度|_education|政治面貌|_political|婚姻状况|□未婚 □已婚 □丧偶 □离异 @marital
        身体状况|□健康 □一般 □慢性病 □失能 @unknown/health|<|<|血型|_blood_type
        紧急联系人|_contact_name|与老人关系|_contact_relation|联系电话|_contact_phone
        结对志愿者|_unknown|<|<|志愿者电话|_unknown
        上门走访记录|_unknown|<|<|<|<
        建卡人：|<|<|建卡日期：|<|<
        """,
        scope=of("person", "in_elderly_alone"),
        bare=(9,),
    ),
    laid(
        "314临时救助申请",
        "临时救助申请审批表",
        """
        申请人|_name|性别|_sex|出生年月|_birth_date
        身份证号码|_id_number|<|<|联系电话|_phone
        户籍地址|_hukou_address|<|<|<|<
        家庭人口|_household_size|家庭类别|□低保 □特困 □低收入 □其他 @unknown/aid_groups|<|<
        申请理由|_unknown|<|<|<|<
        申请金额|_unknown|开户银行|_unknown|账号|_unknown
        社区意见|（盖章）  年 月 日 @never|<|<|<|<
        街道意见|（盖章）  年 月 日 @never|<|<|<|<
        """,
        scope=of("person"),
    ),
    Unseen(
        "315两张表两个群体",
        _elderly_and_veterans,
        {
            "parts": [
                {"sheet": "八十岁以上老人", "scope": of("person", "aged_80"), "columns": asks(_ELDERLY)},
                {"sheet": "退役军人", "scope": of("person", "in_veteran"), "columns": asks(_VETERANS)},
            ]
        },
    ),
)

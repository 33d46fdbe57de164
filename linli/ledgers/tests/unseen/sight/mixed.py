"""Workbooks of several regions and with sheets beside the list: totals and names, instructions, codes."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook

from linli.ledgers.tests.unseen.build import Unseen, another, count, of
from linli.ledgers.tests.unseen.sight.drawing import asks, lay, listed, roster

_ALONE = """
序号 = serial
姓名 = name
性别 = sex
年龄 = age
居住地址 = address
联系电话 = phone
帮扶志愿者 = unknown
"""
_DISABLED = """
序号 = serial
姓名 = name
残疾证号 = disabled.certificate
残疾类别及等级 = unknown|disabled_class
居住地址 = address
联系电话 = phone
"""


def _totals_and_names() -> Workbook:
    made = Workbook()
    page: Any = made.active
    page.title = "汇总表"
    page["A1"] = "退役军人情况汇总表"
    page.merge_cells("A1:D1")
    lay(page, "总人数|男|女|党员\n-|-|-|-", 2)
    names = made.create_sheet("花名册")
    roster(names, "退役军人花名册", _VETERANS)
    another(
        made,
        "填表说明",
        [["填表说明"], ["1.退役军人指退出现役的军官、军士和义务兵。"], ["2.本表于每季度末报送。"]],
        title=True,
    )
    return made


_VETERANS = """
序号 = serial
姓名 = name
公民身份号码 = id_number
入伍年月 = veteran_joined_on
退役年月 = veteran_left_on
现工作单位 = employer
常住地址 = address
手机号码 = phone
"""


def _two_lists() -> Workbook:
    made = Workbook()
    page: Any = made.active
    page.title = "Sheet1"
    after = roster(page, "一、独居老人名单", _ALONE, empty=4)
    roster(page, "二、残疾人名单", _DISABLED, top=after + 1, empty=4)
    return made


def _explained() -> Workbook:
    made = Workbook()
    page: Any = made.active
    page.title = "填报说明"
    for row, text in enumerate(
        (
            "填报说明",
            "一、填报范围：本辖区内80周岁以上老年人。",
            "二、性别：填“男”或“女”。",
            "三、联系电话：填手机号码。",
        ),
        1,
    ):
        page.cell(row, 1, text)
    names = made.create_sheet("80岁以上老人信息")
    roster(names, "", _OLDEST, menus={"C": "男,女", "H": "未婚,已婚,丧偶,离婚"})
    codes = made.create_sheet("字典")
    for row, (code, label) in enumerate((("代码", "名称"), ("1", "男"), ("2", "女")), 1):
        codes.cell(row, 1, code)
        codes.cell(row, 2, label)
    return made


_OLDEST = """
序号 = serial
姓名* = name
性别* = sex
身份证号* = id_number
出生日期 = birth_date
户籍地址 = hukou_address
居住地址* = address
婚姻状况 = marital
居住状况（独居/与子女同住/与配偶同住） = living_arrangement|unknown
监护人（赡养人）姓名 = guardian.name
监护人（赡养人）电话 = guardian.phone
"""

MIXED = (
    Unseen(
        "281退役军人汇总与名册",
        _totals_and_names,
        {
            "parts": [
                {
                    "sheet": "汇总表",
                    "blanks": {
                        "A3 总人数": count("person", "in_veteran"),
                        "B3 男": count("person", "in_veteran", "male"),
                        "C3 女": count("person", "in_veteran", "female"),
                        "D3 党员": count("person", "in_veteran", "in_party"),
                    },
                },
                {"sheet": "花名册", "scope": of("person", "in_veteran"), "columns": asks(_VETERANS)},
            ]
        },
    ),
    Unseen(
        "282两类对象名单",
        _two_lists,
        {
            "parts": [
                {"sheet": "Sheet1", "scope": of("person", "in_elderly_alone"), "columns": asks(_ALONE)},
                {"sheet": "Sheet1", "scope": of("person", "in_disabled"), "columns": asks(_DISABLED)},
            ]
        },
    ),
    Unseen(
        "283带说明与字典",
        _explained,
        {"sheet": "80岁以上老人信息", "scope": of("person", "aged_80"), "columns": asks(_OLDEST)},
    ),
    listed(
        "284竖排标题",
        "六十周岁以上老年人基本情况表",
        of("person", "aged_60"),
        """
        序⏎号 = serial
        姓⏎名 = name
        性⏎别 = sex
        年⏎龄 = age
        身⏎份⏎证⏎号 = id_number
        文⏎化⏎程⏎度 = education
        居⏎住⏎情⏎况 = living_arrangement|unknown
        身⏎体⏎状⏎况 = health
        联⏎系⏎电⏎话 = phone
        家⏎庭⏎住⏎址 = address
        备⏎注 = never
        """,
    ),
)

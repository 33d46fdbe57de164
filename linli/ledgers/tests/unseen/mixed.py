"""Workbooks of several regions: lists below one another, side by side, on several sheets, tables and lists together."""

from __future__ import annotations

from typing import Any

from openpyxl import Workbook

from linli.ledgers.tests.unseen.build import Unseen, another, asked, book, count, draw, of


def halves() -> Workbook:
    """One list in a left and a right half."""
    half = ["序号", "姓名", "性别", "联系电话"]
    return book([["社区志愿者通讯录", *[None] * 8], [*half, None, *half]], "A1:I1", empty=8)


def beside() -> Workbook:
    """Two lists of different people side by side, each under a heading of its own."""
    return book(
        [
            ["社区重点服务对象名单", *[None] * 8],
            ["低保对象", None, None, None, None, "特困人员", None, None, None],
            ["序号", "姓名", "身份证号", "现住址", None, "序号", "姓名", "身份证号", "联系电话"],
        ],
        "A1:I1 A2:D2 F2:I2",
        empty=5,
    )


def stacked() -> Workbook:
    """Three lists below one another, each with its own heading, a footer at the end."""
    made = Workbook()
    page: Any = made.active
    row = draw(
        page,
        [
            ["民政服务对象信息台账", *[None] * 5],
            ["一、孤儿", *[None] * 5],
            ["序号", "姓名", "性别", "身份证号", "监护人姓名", "监护人电话"],
        ],
        "A1:F1 A2:F2",
        empty=3,
    )
    row = draw(
        page,
        [["二、高龄津贴对象", *[None] * 5], ["序号", "姓名", "性别", "年龄", "现住址", "联系电话"]],
        f"A{row}:F{row}",
        top=row,
        title=False,
        empty=3,
    )
    row = draw(
        page,
        [["三、残疾人", *[None] * 5], ["序号", "姓名", "残疾类别", "残疾等级", "残疾证号", "联系电话"]],
        f"A{row}:F{row}",
        top=row,
        title=False,
        empty=3,
    )
    page.cell(row, 1, "填表人：")
    page.cell(row, 4, "审核人：")
    return made


def sheets() -> Workbook:
    """A list on each of three sheets, told apart by the sheets' names."""
    made = book(
        [["特殊群体排查台账——退役军人", *[None] * 4], ["序号", "姓名", "身份证号", "户籍地址", "联系电话"]],
        "A1:E1",
        empty=4,
        name="退役军人",
    )
    another(
        made,
        "失业人员",
        [["特殊群体排查台账——失业人员", *[None] * 4], ["序号", "姓名", "年龄", "文化程度", "联系电话"]],
        "A1:E1",
        empty=4,
    )
    another(
        made,
        "留守儿童",
        [["特殊群体排查台账——留守儿童", *[None] * 4], ["序号", "姓名", "出生日期", "父亲姓名", "母亲姓名"]],
        "A1:E1",
        empty=4,
    )
    return made


def with_summary() -> Workbook:
    """Numbers on the first sheet, the list behind them on the second."""
    made = book(
        [
            ["老年人口情况汇总表", None],
            ["项目", "人数"],
            ["60周岁及以上", None],
            ["65周岁及以上", None],
            ["80周岁及以上", None],
            ["独居老人", None],
        ],
        "A1:B1",
        name="汇总",
    )
    another(
        made,
        "花名册",
        [["80周岁以上老年人花名册", *[None] * 5], ["序号", "姓名", "性别", "出生日期", "身份证号", "现住址"]],
        "A1:F1",
        empty=4,
    )
    return made


def annexed() -> Workbook:
    """A list with a small table of totals below it, in one sheet."""
    made = Workbook()
    page: Any = made.active
    row = draw(
        page, [["空巢老人花名册", *[None] * 4], ["序号", "姓名", "年龄", "住址", "电话"]], "A1:E1", empty=4
    )
    draw(
        page,
        [
            ["情况统计", *[None] * 4],
            ["项目", "总人数", "男", "女", "80岁以上"],
            ["空巢老人", None, None, None, None],
            ["独居老人", *[None] * 4],
            ["残疾人", *[None] * 4],
        ],
        f"A{row + 1}:E{row + 1}",
        top=row + 1,
        title=False,
    )
    return made


MIXED: tuple[Unseen, ...] = (
    Unseen(
        "151志愿者左右两半",
        halves,
        {
            "parts": [
                {
                    "sheet": "Sheet1",
                    "halves": ["A", "F"],
                    "scope": of("person", "in_volunteer"),
                    "columns": asked("serial", "name", "sex", "phone"),
                }
            ],
        },
    ),
    Unseen(
        "152两份名单并排",
        beside,
        {
            "parts": [
                {
                    "sheet": "Sheet1",
                    "scope": of("person", "in_low_income"),
                    "columns": asked("serial", "name", "id_number", "address"),
                },
                {
                    "sheet": "Sheet1",
                    "scope": of("person", "in_destitute"),
                    "columns": asked("serial", "name", "id_number", "phone", first="F"),
                },
            ],
        },
    ),
    Unseen(
        "153三份名单上下",
        stacked,
        {
            "parts": [
                {
                    "sheet": "Sheet",
                    "scope": of("person", "in_orphan"),
                    "columns": asked("serial", "name", "sex", "id_number", "guardian.name", "guardian.phone"),
                },
                {
                    "sheet": "Sheet",
                    "scope": of("person", "in_old_age_allowance"),
                    "columns": asked("serial", "name", "sex", "age", "address", "phone"),
                },
                {
                    "sheet": "Sheet",
                    "scope": of("person", "in_disabled"),
                    "columns": asked(
                        "serial", "name", "disabled_class", "disabled_level", "disabled.certificate", "phone"
                    ),
                },
            ],
        },
    ),
    Unseen(
        "154三张工作表",
        sheets,
        {
            "parts": [
                {
                    "sheet": "退役军人",
                    "scope": of("person", "in_veteran"),
                    "columns": asked("serial", "name", "id_number", "hukou_address", "phone"),
                },
                {
                    "sheet": "失业人员",
                    "scope": of("person", "in_unemployed"),
                    "columns": asked("serial", "name", "age", "education", "phone"),
                },
                {
                    "sheet": "留守儿童",
                    "scope": of("person", "in_left_behind_child"),
                    "columns": asked("serial", "name", "birth_date", "father.name", "mother.name"),
                },
            ],
        },
    ),
    Unseen(
        "155汇总和花名册",
        with_summary,
        {
            "parts": [
                {
                    "sheet": "汇总",
                    "blanks": {
                        "B3": count("person", "aged_60"),
                        "B4": count("person", "aged_65"),
                        "B5": count("person", "aged_80"),
                        "B6": count("person", "in_elderly_alone"),
                    },
                },
                {
                    "sheet": "花名册",
                    "scope": of("person", "aged_80"),
                    "columns": asked("serial", "name", "sex", "birth_date", "id_number", "address"),
                },
            ],
        },
    ),
    Unseen(
        "156名单下有统计",
        annexed,
        {
            "parts": [
                {
                    "sheet": "Sheet",
                    "scope": of("person", "in_empty_nest"),
                    "columns": asked("serial", "name", "age", "address", "phone"),
                },
                {
                    "sheet": "Sheet",
                    "grids": [
                        {
                            "rows": {
                                "10 空巢老人": {"where": ["in_empty_nest"]},
                                "11 独居老人": {"where": ["in_elderly_alone"]},
                                "12 残疾人": {"where": ["in_disabled"]},
                            },
                            "columns": {
                                "B 总人数": count(),
                                "C 男": count("person", "male"),
                                "D 女": count("person", "female"),
                                "E 80岁以上": count("person", "aged_80"),
                            },
                        }
                    ],
                },
            ],
        },
    ),
)

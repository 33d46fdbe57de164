"""Forms written for the tests. Headings are facts; nothing here is copied from a department's file."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

THIN = Border(*(Side("thin"),) * 4)


def as_bytes(book: Workbook) -> bytes:
    """The workbook as a file's bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(headings: Sequence[str], title: str = "", *, sheet: str = "Sheet1", rows: int = 5) -> Workbook:
    """Title, one row of headings, some bordered empty rows."""
    book = Workbook()
    page = book.active
    page.title = sheet
    top = 1
    if title:
        page.cell(1, 1, title).font = Font(size=18, bold=True)
        if len(headings) > 1:
            page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headings))
        top = 2
    for column, heading in enumerate(headings, start=1):
        page.cell(top, column, heading)
    for row in range(top, top + rows + 1):
        for column in range(1, len(headings) + 1):
            page.cell(row, column).border = THIN
    return book


def choices(page: Worksheet, column: str, options: str, first: int, last: int) -> None:
    """A drop-down over rows of a column; `options` as the rule writes them."""
    rule = DataValidation(type="list", formula1=options, allow_blank=True)
    rule.add(f"{column}{first}:{column}{last}")
    page.add_data_validation(rule)


def elderly() -> Workbook:
    """A list of the elderly with a unit line, two rows of headings, drop-downs, a cascade and a footer."""
    book = Workbook()
    page = book.active
    page.title = "老人名册"
    page["A1"] = "60岁以上老年人花名册"
    page.merge_cells("A1:L1")
    page["A2"] = "填报单位："
    page["I2"] = "填表日期：    年  月  日"
    heads: dict[str, Any] = {
        "A3": "序号",
        "B3": "姓 名*",
        "C3": "性别",
        "D3": "出生\n日期",
        "E3": "户籍地",
        "H3": "文化程度",
        "I3": "监护人",
        "K3": "是否低保",
        "L3": "宗教信仰",
        "E4": "省",
        "F4": "市",
        "G4": "区县",
        "I4": "姓名",
        "J4": "联系电话",
    }
    for cell, text in heads.items():
        page[cell] = text
    for letter in "ABCDHKL":
        page.merge_cells(f"{letter}3:{letter}4")
    page.merge_cells("E3:G3")
    page.merge_cells("I3:J3")
    for row in range(3, 7):
        for column in range(1, 13):
            page.cell(row, column).border = THIN
    page["A7"] = "填表人："
    page["F7"] = "负责人："
    page.merge_cells("F7:H7")
    page["K7"] = "=COUNTA(B5:B6)"
    page.row_dimensions[7].height = 33
    choices(page, "C", '"1-男,2-女"', 5, 6)
    choices(page, "H", '"文盲,小学,初中,高中/中专,大专及以上"', 5, 6)
    choices(page, "E", "省份!$A$1:$A$3", 5, 6)
    hidden = book.create_sheet("省份")
    for row, name in enumerate(("北京", "天津", "河北"), start=1):
        hidden.cell(row, 1, name)
    hidden.sheet_state = "hidden"
    return book


def hinted() -> Workbook:
    """An import template: headings, a hint row to delete, notes on a second sheet."""
    book = plain(
        ["姓名", "身份证号", "出生日期", "是否人户分离", "人员类型", "重点类别"], sheet="Sheet1", rows=0
    )
    page = book.active
    for column, hint in enumerate(
        (
            "必填，真实姓名",
            "必填，18位",
            "YYYYMMDD",
            "1=是，0=否",
            "常住人口/流动人口",
            "多个类别用,分隔，如独居老人,低保户",
        ),
        start=1,
    ):
        page.cell(2, column, hint).font = Font(italic=True)
    notes = book.create_sheet("注意事项")
    notes["A1"] = "导入前请删除第二行的注释"
    return book

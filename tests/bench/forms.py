"""Forms: how long recognising a wide roster takes, and filling a long one against openpyxl writing the same cells."""

from __future__ import annotations

import io
import statistics
from datetime import date
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Border, Font, Side
from openpyxl.worksheet.datavalidation import DataValidation

from tests.bench.ground import line, pair, seconds

RECOGNITION_LIMIT = 1.0
FILLING_BAR = 1.5
RUNS = 7
COLUMNS = (
    "序号",
    "姓名",
    "性别",
    "民族",
    "公民身份号码",
    "出生日期",
    "年龄",
    "文化程度",
    "政治面貌",
    "婚姻状况",
    "联系电话",
    "户籍地址",
    "现住址",
    "与户主关系",
    "户主姓名",
    "所属社区",
    "是否低保",
    "监护人姓名",
    "备注",
)
MORE = (
    "曾用名",
    "籍贯",
    "血型",
    "身高",
    "宗教信仰",
    "职业",
    "工作单位",
    "从业状况",
    "健康状况",
    "户口性质",
    "户籍所在省",
    "户籍所在市",
    "户籍所在区",
    "小区名称",
    "楼号",
    "单元",
    "门牌号",
    "是否残疾人",
    "残疾类别",
    "残疾等级",
    "是否党员",
    "是否独居",
)


def form(headings: tuple[str, ...], title: str) -> bytes:
    """A department's empty form: title, unit line, headings, twenty bordered rows, two drop-downs."""
    book = Workbook()
    sheet: Any = book.active
    sheet["A1"] = title
    sheet["A1"].font = Font(size=18, bold=True)
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headings))
    sheet["A2"] = "填报单位："
    border = Border(*(Side("thin"),) * 4)
    for column, heading in enumerate(headings, start=1):
        sheet.cell(3, column, heading).font = Font(bold=True)
        for row in range(3, 24):
            sheet.cell(row, column).border = border
    for heading, options in (("性别", "男,女"), ("是否低保", "是,否")):
        if heading in headings:
            rule = DataValidation(type="list", formula1=f'"{options}"', allow_blank=True)
            letter = sheet.cell(3, headings.index(heading) + 1).column_letter
            rule.add(f"{letter}4:{letter}23")
            sheet.add_data_validation(rule)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def run() -> None:
    """Measure recognition and filling on the demonstration street."""
    from django.utils import timezone

    from linli.audit.recording import SYSTEM
    from linli.demo.places_making import STREET
    from linli.ledgers import notes
    from linli.ledgers.actions import recognise_bytes, words
    from linli.ledgers.book.saving import save
    from linli.ledgers.book.workbook import open_workbook
    from linli.ledgers.filling import Account, fill

    terms = words()
    wide = form((*COLUMNS, *MORE)[:40], "老年人基本情况登记表")
    times = [seconds(lambda: recognise_bytes(wide, "wide.xlsx", terms)) for _number in range(RUNS)]
    line(
        "识别 40 列的花名册",
        f"{statistics.median(times):.2f} 秒",
        f"标准 {RECOGNITION_LIMIT:g} 秒以内",
    )

    empty = form(COLUMNS, "60岁以上老年人花名册")
    recognition = recognise_bytes(empty, "roster.xlsx", terms)
    today: date = timezone.localdate()

    def filled() -> tuple[bytes, Account]:
        book = open_workbook(empty)
        account = fill(book, recognition, terms, region_code=STREET, on=today, user=SYSTEM)
        notes.add_notes(book, recognition, account, region="香水园街道", on=today, user="系统")
        out = io.BytesIO()
        save(book, out)
        return out.getvalue(), account

    data, account = filled()
    sheet: Any = load_workbook(io.BytesIO(data))[recognition.sheet]
    cells = [
        (cell.row, cell.column, cell.value)
        for row in sheet.iter_rows(min_row=account.first_row)
        for cell in row
        if cell.value is not None
    ]

    def by_openpyxl() -> None:
        book = load_workbook(io.BytesIO(empty))
        page: Any = book[recognition.sheet]
        for row, column, value in cells:
            page.cell(row, column, value)
        book.save(io.BytesIO())

    found = pair(filled, by_openpyxl, runs=RUNS, warm=1)
    line(
        f"填写 {account.rows:,} 行、{len(COLUMNS)} 列的花名册（{len(cells):,} 格）{found.ours:.1f} 秒，"
        f"openpyxl 写同样的格 {found.baseline:.1f} 秒",
        f"比值 {found.ratio:.2f}",
        f"标准 ≤ {FILLING_BAR}",
    )

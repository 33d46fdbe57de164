"""The sheet 填报说明: per column where its values come from, how sure, how many blanks, why, and who can know."""

from __future__ import annotations

from datetime import date

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.workbook import Workbook

from linli.ledgers.filling import Account, ColumnAccount
from linli.ledgers.meaning.wording import who_knows
from linli.ledgers.recognition import Recognition

SHEET = "填报说明"
TARGET_LABELS = {
    "element": "已填",
    "number": "已填",
    "relation": "已填",
    "serial": "已编号",
    "never": "由人填写",
    "declined": "不代填",
    "asked": "请确认",
    "unknown": "登记库没有",
    "withheld": "无权限",
}
UNITS_OF = {"roster": "行", "card": "张", "aggregate": "份"}
_WIDTHS = (6, 26, 10, 26, 8, 8, 8, 60, 30)
_HEAD = PatternFill("solid", fgColor="E4F0F4")


def explanation(column: ColumnAccount) -> str:
    """Why a column is as it is, in one line."""
    parts = list(column.reasons)
    shown = sorted(column.problems.items(), key=lambda item: -item[1])
    parts.extend(f"{text}（{times} 格）" for text, times in shown[:5])
    if len(shown) > 5:
        parts.append(f"另有 {len(shown) - 5} 种")
    return "；".join(parts)


def who_can_know(column: ColumnAccount) -> str:
    """Who can supply what is missing; "" when nothing is."""
    if column.who:
        return column.who
    if column.target in ("serial", "never") or (
        column.target in ("element", "number", "relation") and not column.blank
    ):
        return ""
    return who_knows(column.label)


def add_notes(
    book: Workbook, recognition: Recognition, account: Account, *, region: str, on: date, user: str
) -> None:
    """Put the account behind the form's own sheets; the form's sheet stays the one that opens."""
    name, number = SHEET, 1
    while name in book.sheetnames:
        number += 1
        name = f"{SHEET}{number}"
    sheet = book.create_sheet(name)
    sheet.append([f"《{recognition.title or recognition.sheet}》填报说明"])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append(
        [f"填报范围：{region} · {recognition.population_label}　数据日期：{on:%Y-%m-%d}　填表人：{user}"]
    )
    sheet.append(
        [
            f"共 {account.rows} {UNITS_OF[recognition.kind]}，自动填写 {account.filled} 格，空白 {account.blank} 格。本页由系统附加，报送前可删除。"
        ]
    )
    for part, one in zip(recognition.parts, account.parts, strict=True):
        count = f"共 {one.rows} {UNITS_OF[part.kind]}" if not one.problem else f"没有填：{one.problem}"
        sheet.append([f"{part.place}《{part.title or part.sheet}》：{part.population_label}，{count}"])
    sheet.append([])
    sheet.append(["列", "表头", "处理", "取自", "把握", "已填", "空白", "说明", "谁能提供"])
    head = sheet.max_row
    for cell in sheet[head]:
        cell.font = Font(bold=True)
        cell.fill = _HEAD
    for column in account.all_columns:
        sheet.append(
            [
                f"{get_column_letter(column.column)}{column.row or ''}"
                + (f"（第 {column.part + 1} 块）" if column.part else ""),
                column.label,
                TARGET_LABELS.get(column.target, column.target),
                column.element_label,
                f"{column.confidence:.0%}" if column.target in ("element", "number") else "",
                column.filled or "",
                column.blank or "",
                explanation(column),
                who_can_know(column),
            ]
        )
    for index, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    for row in sheet.iter_rows(min_row=head + 1):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, str) and cell.data_type == "f":
                cell.data_type = "s"
    sheet.freeze_panes = f"C{head + 1}"

"""A plan as a workbook to be sent along with the request: communities beside today, the buildings that move, the plan in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

import xlsxwriter

from linli.registry.adjustment import reasons, rules
from linli.registry.adjustment.rules import Base, Draft
from linli.registry.adjustment.showing import CommunityRow

_COMMUNITIES = (
    "社区", "变动", "户数：现在", "户数：调整后", "户数：增减", "对照标准", "常住人口：现在", "常住人口：调整后", "楼栋：现在", "楼栋：调整后",
    "应配工作人员：现在", "应配工作人员：调整后", "在岗：现在", "在岗：调整后", "小组长：现在", "小组长：调整后", "用房（平方米）：现在",
    "用房（平方米）：调整后", "经费随户（元/年）", "经费按标准（元/年）",
)  # fmt: skip
_BUILDINGS = ("小区", "楼栋", "地址", "现属社区", "划入社区", "户数", "常住人口", "房屋套数")


def write(base: Base, draft: Draft, rows: Sequence[CommunityRow], target: BinaryIO) -> None:
    """Three sheets: 社区, 划转楼栋, 说明."""
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format(
        {"bold": True, "bg_color": "#E4F0F4", "border": 1, "text_wrap": True, "valign": "vcenter"}
    )
    names = {key: one.name for key, one in draft.communities(base).items()}
    _sheet(book, head, "社区", _COMMUNITIES, [_community(row, names) for row in rows])
    _sheet(book, head, "划转楼栋", _BUILDINGS, _moved(base, draft, names))
    said = [*rules.explain(draft, base), *reasons.of_rows(rows), *reasons.scattered(base, draft)]
    _sheet(book, head, "说明", ("说明",), [(one,) for one in said], wide=90)
    book.close()


def _community(row: CommunityRow, names: dict[str, str]) -> tuple[Any, ...]:
    one = row.community
    change = "新设" if one.is_new else f"撤销，并入{names.get(one.into, one.into)}" if one.into else ""
    return (
        one.name, change, row.today.households, row.after.households, row.households_change,
        "；".join(finding.text for finding in row.findings), row.today.people, row.after.people, row.today.buildings,
        row.after.buildings, row.needs_today.staff, row.needs.staff, row.staff_today, row.staff, row.needs_today.leaders,
        row.needs.leaders, row.needs_today.rooms, row.needs.rooms, float(row.money), float(row.standard),
    )  # fmt: skip


def _moved(base: Base, draft: Draft, names: dict[str, str]) -> list[tuple[Any, ...]]:
    found = []
    for pk, to in draft.changes(base).items():
        one = base.blocks[pk]
        was = names.get(one.community, "未定社区")
        found.append(
            (
                one.estate_name,
                one.name,
                one.address,
                was,
                names.get(to, to),
                one.households,
                one.people,
                one.homes,
            )
        )
    return found


def _sheet(
    book: xlsxwriter.Workbook,
    head: Any,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    wide: int = 0,
) -> None:
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 1)
    for number, label in enumerate(columns):
        sheet.set_column(number, number, wide or max(10, min(24, 2 * len(label))))
        sheet.write_string(0, number, label, head)
    for line, row in enumerate(rows, 1):
        for number, value in enumerate(row):
            sheet.write(line, number, value)

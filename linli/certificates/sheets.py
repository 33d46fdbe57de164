"""Workbooks of this room."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone

from linli.certificates.counting import Asking

_FONT = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter", "text_wrap": True}


def _book(
    out: BinaryIO | Path, name: str, heads: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]
) -> None:
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(name)
    head = book.add_format(
        {**_FONT, "bold": True, "bg_color": "#E4F0F4", "border": 1, "border_color": "#BFCBD1"}
    )
    cell = book.add_format(_FONT)
    for place, (label, width) in enumerate(heads):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, label, head)
    sheet.freeze_panes(1, 0)
    for line, values in enumerate(rows, 1):
        for place, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(line, place, value, cell)
            else:
                sheet.write_string(line, place, str(value or ""), cell)
    book.close()


def askings(rows: Iterable[Asking]) -> bytes:
    """The organisations that keep asking, for the community office to take up."""
    heads = [
        ("序号", 6),
        ("要求出具的单位", 32),
        ("次数", 8),
        ("涉及社区", 10),
        ("要求的证明", 46),
        ("最近一次", 12),
        ("交涉结果", 40),
        ("交涉后又要求", 12),
    ]
    out = io.BytesIO()
    _book(
        out,
        "要求出具证明的单位",
        heads,
        (
            (
                number,
                one.name,
                one.times,
                one.communities,
                one.kinds_text,
                f"{one.last:%Y-%m-%d}" if one.last else "",
                one.answer,
                one.since_answer,
            )
            for number, one in enumerate(rows, 1)
        ),
    )
    return out.getvalue()


def seal_log(rows: Iterable[Any], out: BinaryIO | Path) -> None:
    """Write the seal log as it is kept on paper elsewhere; rows are taken as they come, however many."""
    heads = [
        ("编号", 12),
        ("用印时间", 18),
        ("印章", 30),
        ("文件", 46),
        ("份数", 8),
        ("事由", 30),
        ("申请人", 12),
        ("批准人", 12),
        ("盖章人", 12),
    ]
    _book(
        out,
        "用印登记",
        heads,
        (
            (
                f"{one.year}-{one.number:04d}",
                f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}",
                one.seal.name,
                one.paper,
                one.copies,
                one.reason,
                one.requested_by,
                one.approved_by,
                one.hand,
            )
            for one in rows
        ),
    )

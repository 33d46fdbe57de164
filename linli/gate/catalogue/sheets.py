"""Editions and comparisons as workbooks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import HttpResponse

from linli.gate.catalogue.models import Basis, Edition, Entry, Item, Terms
from linli.gate.catalogue.rules.comparison import Comparison, Turn

_FONT = {
    "font_name": "微软雅黑",
    "font_size": 10,
    "valign": "vcenter",
    "border": 1,
    "border_color": "#BFCBD1",
}
_TERMS = (
    ("序号", 6),
    ("类", 16),
    ("事项", 34),
    ("社区做什么", 40),
    ("职责", 10),
    ("方式", 14),
    ("责任部门", 20),
    ("可下派", 18),
    ("频次", 22),
    ("每次工时", 9),
    ("全年工时", 9),
    ("经费（元／年·社区）", 14),
    ("要求的材料", 16),
    ("依据", 46),
    ("有效期至", 12),
)


class _Sheet:
    """One sheet: a title, a head, rows."""

    def __init__(self, book: Any, name: str, title: str, columns: Sequence[tuple[str, int]]) -> None:
        self._sheet = book.add_worksheet(name)
        self._text = book.add_format({**_FONT, "text_wrap": True})
        self._number = book.add_format({**_FONT, "num_format": "#,##0.##"})
        head = book.add_format(
            {**_FONT, "bold": True, "bg_color": "#E4F0F4", "text_wrap": True, "align": "center"}
        )
        large = book.add_format({"font_name": "微软雅黑", "font_size": 14, "bold": True})
        self._sheet.write_string(0, 0, title, large)
        for place, (label, width) in enumerate(columns):
            self._sheet.set_column(place, place, width)
            self._sheet.write_string(1, place, label, head)
        self._sheet.freeze_panes(2, 0)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(1)
        self._line = 2

    def add(self, values: Iterable[Any]) -> None:
        """A row."""
        for place, value in enumerate(values):
            if value is None or value == "":
                self._sheet.write_blank(self._line, place, None, self._text)
            elif isinstance(value, str):
                self._sheet.write_string(self._line, place, value, self._text)
            else:
                self._sheet.write_number(self._line, place, value, self._number)
        self._line += 1


def _book() -> tuple[io.BytesIO, Any]:
    target = io.BytesIO()
    return target, xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )


def _terms(number: int, one: Terms, bases: dict[int, Basis]) -> list[Any]:
    known = [str(bases[n]) for n in one.bases if n in bases]
    return [
        number,
        one.category,
        one.title,
        one.content,
        one.get_responsibility_display(),
        one.get_kind_display(),
        one.unit.name,
        "、".join(one.thing_labels),
        one.frequency,
        one.hours,
        one.yearly_hours,
        one.money,
        one.evidence,
        "；".join([*known, *([one.basis_note] if one.basis_note else [])]),
        f"{one.until}" if one.until else "长期",
    ]


def _bases(rows: Iterable[Terms]) -> dict[int, Basis]:
    return Basis.objects.in_bulk({n for one in rows for n in one.bases})


def write_items(rows: Sequence[Item], title: Any) -> bytes:
    """Items in the order of their class."""
    target, book = _book()
    sheet = _Sheet(book, "清单", str(title), _TERMS)
    bases = _bases(rows)
    for number, one in enumerate(rows, 1):
        sheet.add(_terms(number, one, bases))
    book.close()
    return target.getvalue()


def write_edition(edition: Edition, rows: Sequence[Entry]) -> bytes:
    """What an edition keeps, and on a second sheet what it lets go."""
    target, book = _book()
    since = f"（{edition.since} 起施行）" if edition.since else "（草案）"
    bases = _bases(rows)
    sheet = _Sheet(book, "清单", f"{edition}{since}", _TERMS)
    for number, one in enumerate((row for row in rows if row.fate == "keep"), 1):
        sheet.add(_terms(number, one, bases))
    gone = [row for row in rows if row.fate != "keep"]
    if gone:
        columns = (
            ("序号", 6),
            ("类", 16),
            ("事项", 34),
            ("责任部门", 20),
            ("处理", 14),
            ("并入", 30),
            ("原因", 60),
        )
        sheet = _Sheet(book, "退出的事项", f"{edition}退出的事项", columns)
        for number, one in enumerate(gone, 1):
            sheet.add(
                [
                    number,
                    one.category,
                    one.title,
                    one.unit.name,
                    one.get_fate_display(),
                    one.into.title if one.into else "",
                    one.reason,
                ]
            )
    book.close()
    return target.getvalue()


def write_comparison(before: Edition, after: Edition, found: Comparison) -> bytes:
    """The figures by class, and every item's before and after."""
    target, book = _book()
    title = f"{after.title}：第 {before.number} 版和第 {after.number} 版对照"
    turns = [turn for turn in Turn if found.count(turn)]
    columns = [("类", 20), ("原有", 8), *((turn.label, 10) for turn in turns), ("现有", 8)]
    sheet = _Sheet(book, "按类", title, [*columns, ("原全年工时", 12), ("现全年工时", 12)])
    for row in found.classes:
        sheet.add(
            [
                row.name,
                row.before,
                *(row.turns.get(turn, 0) for turn in turns),
                row.after,
                row.hours_before,
                row.hours_after,
            ]
        )
    sheet.add(
        [
            f"合计（{found.classes_before} 类 → {found.classes_after} 类）",
            found.before,
            *(found.count(turn) for turn in turns),
            found.after,
            found.hours_before,
            found.hours_after,
        ]
    )
    sheet = _Sheet(
        book,
        "逐项",
        title,
        (
            ("序号", 6),
            ("类", 16),
            ("事项", 34),
            ("变化", 14),
            ("现在的事项", 34),
            ("原因或调整的内容", 70),
            ("原全年工时", 10),
            ("现全年工时", 10),
        ),
    )
    for number, one in enumerate(found.changes, 1):
        said = one.reason or "；".join(
            f"{label}：{old or '无'} → {new or '无'}" for label, old, new in one.differences
        )
        now = one.after or one.into
        sheet.add(
            [
                number,
                one.line.category,
                one.line.title,
                one.turn.label,
                now.title if now else "",
                said,
                one.before.hours if one.before else None,
                one.after.hours if one.after else None,
            ]
        )
    book.close()
    return target.getvalue()


def answer(data: bytes, name: str) -> HttpResponse:
    """The file, to be kept."""
    response = HttpResponse(
        data, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response

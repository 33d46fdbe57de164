"""Lists and tables as workbooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from django.utils import timezone

from linli.facts.dictionary import Kind
from linli.lists.asking import Column, Question, shown
from linli.lists.tables import Cell, Counted

_FONT = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
_WIDTHS = {Kind.DATE: 12, Kind.INTEGER: 9, Kind.DECIMAL: 11, Kind.MONEY: 12, Kind.BOOLEAN: 9}


def _head(book: Any) -> Any:
    return book.add_format(
        {
            **_FONT,
            "bold": True,
            "border": 1,
            "border_color": "#BFCBD1",
            "bg_color": "#E4F0F4",
            "text_wrap": True,
            "align": "center",
        }
    )


def _about(book: Any, lines: Iterable[tuple[str, str]]) -> None:
    """The sheet that says what this is, so that the numbers can be made again."""
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 90)
    text = book.add_format({**_FONT, "text_wrap": True})
    for row, (name, said) in enumerate(lines):
        sheet.write_string(row, 0, name, text)
        sheet.write_string(row, 1, said, text)


def write_list(
    path: Path,
    asked: Question,
    rows: Iterable[tuple[int, Sequence[Any]]],
    about: Callable[[int], Iterable[tuple[str, str]]],
    heard: Callable[[int], None],
    *,
    unmask: bool,
) -> int:
    """One row a line, streamed; hidden values masked unless `unmask`. `about(count)` are the lines of the second sheet.
    Returns how many rows."""
    book = xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("名单")
    head, text = _head(book), book.add_format({**_FONT, "num_format": "@"})
    day, money = (book.add_format({**_FONT, "num_format": form}) for form in ("yyyy-mm-dd", "#,##0.00"))
    number = book.add_format(_FONT)
    columns: list[Column] = asked.columns
    sheet.set_column(0, 0, 6)
    for place, column in enumerate(columns, 1):
        wide = 20 if column.is_hidden else max(10, min(len(column.label) * 2 + 2, 24))
        if column.path.endswith("address"):
            wide = 36
        sheet.set_column(place, place, _WIDTHS.get(column.element.kind, wide))
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 30)
    for place, label in enumerate(["序号", *(column.label for column in columns)]):
        sheet.write_string(0, place, label, head)
    kinds = [column.element.kind if not column.is_hidden else Kind.TEXT for column in columns]
    line = 0
    for _identity, values in rows:
        line += 1
        sheet.write_number(line, 0, line, number)
        for place, (column, kind, value) in enumerate(zip(columns, kinds, values, strict=False), 1):
            if value is None or value == "":
                continue
            if kind is Kind.DATE and isinstance(value, (date, datetime)):
                sheet.write_datetime(line, place, value, day)
            elif kind in (Kind.INTEGER, Kind.DECIMAL, Kind.MONEY):
                sheet.write_number(line, place, value, money if kind is Kind.MONEY else number)
            else:
                sheet.write_string(line, place, shown(column.element, value, unmask=unmask), text)
        if line % 500 == 0:
            heard(line)
    sheet.autofilter(0, 0, max(line, 1), len(columns))
    _about(book, about(line))
    book.close()
    return line


def about_table(asked: Question, user: Any) -> list[tuple[str, str]]:
    """The lines that say what a table is."""
    wanted = asked.definition
    number = asked.label(wanted.number) if wanted.number else asked.subject.label + "数"
    lines = [
        ("条件", asked.said),
        ("数字", f"{number}{'（平均）' if wanted.mean else ''}"),
        ("截至日期", f"{asked.on:%Y-%m-%d}"),
    ]
    if wanted.before is not None:
        lines.append(("对比日期", f"{wanted.before:%Y-%m-%d}"))
    return [*lines, ("制表人", user.name), ("制表时间", f"{timezone.localtime():%Y-%m-%d %H:%M}")]


def write_table(target: Path | BinaryIO, counted: Counted, about: Iterable[tuple[str, str]]) -> None:
    """A cross table; with a day to compare with, three columns for each class."""
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("统计表")
    head, text = _head(book), book.add_format({**_FONT, "border": 1, "border_color": "#BFCBD1"})
    number = book.add_format({**_FONT, "border": 1, "border_color": "#BFCBD1", "num_format": "#,##0.##"})
    whole = book.add_format({**_FONT, "border": 1, "border_color": "#BFCBD1", "num_format": "#,##0"})
    corner = counted.rows.label
    if counted.across.label:
        corner = f"{corner} \\ {counted.across.label}" if corner else counted.across.label
    heads = [*counted.heads, counted.foot.label]
    parts = ("本期", "对比日", "增减") if counted.compares else ("",)
    sheet.set_column(0, 0, max(14, len(corner) * 2))
    sheet.set_column(1, len(heads) * len(parts), 12)
    sheet.freeze_panes(1, 1)
    sheet.write_string(0, 0, corner, head)
    titles = [f"{one} {part}".strip() for one in heads for part in parts]
    for place, title in enumerate(titles, 1):
        sheet.write_string(0, place, title, head)
    for row, line in enumerate((*counted.lines, counted.foot), 1):
        sheet.write_string(row, 0, line.label, text)
        values: list[Any] = []
        for cell in (*line.cells, line.total):
            values += _parts(cell, counted.compares)
        for place, value in enumerate(values, 1):
            if value is None:
                sheet.write_string(row, place, "", text)
            else:
                sheet.write_number(row, place, value, whole if value == int(value) else number)
    _about(book, [*about, *([("注", counted.note)] if counted.note else [])])
    book.close()


def _parts(cell: Cell, compares: bool) -> list[Any]:
    return [cell.value, cell.before, cell.change] if compares else [cell.value]

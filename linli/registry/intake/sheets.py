"""The workbooks: the template to fill in, the rows sent back with their faults marked, and exports in the same columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from linli.registry.intake.column import Column
from linli.registry.intake.columns import COLUMNS, REASON_HEADING, ROW_HEADING, Headings
from linli.registry.intake.reading import SHEET
from linli.registry.intake.rules.facts import Wrong

HELP_SHEET = "填写说明"
EXAMPLE_SHEET = "示例"
LIST_SHEET = "选项"
_ROWS_WITH_LISTS = 20_000
_MARKS = {"必填": "*", "条件": ""}


class Styles:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        font = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}
        head = {
            **font,
            "bold": True,
            "border": 1,
            "border_color": "#BFCBD1",
            "text_wrap": True,
            "align": "center",
        }
        self.head: Format = book.add_format({**head, "bg_color": "#E4F0F4"})
        self.needed: Format = book.add_format({**head, "bg_color": "#FBE8E5", "font_color": "#8C231D"})
        self.text: Format = book.add_format({**font, "num_format": "@"})
        self.date: Format = book.add_format({**font, "num_format": "yyyy-mm-dd"})
        self.wrong: Format = book.add_format({**font, "num_format": "@", "bg_color": "#FAD7A0"})
        self.wrong_date: Format = book.add_format({**font, "num_format": "yyyy-mm-dd", "bg_color": "#FAD7A0"})
        self.reason: Format = book.add_format({**font, "font_color": "#AB2F28", "text_wrap": True})
        self.plain: Format = book.add_format({**font, "text_wrap": True})
        self.title: Format = book.add_format({**font, "bold": True, "font_size": 14})


def write_headings(
    sheet: Worksheet,
    styles: Styles,
    columns: Sequence[Column],
    extra: Sequence[str] = (),
    *,
    title: str = "",
) -> None:
    """The first row: headings, needed ones starred and tinted; with a title above them, the second."""
    top = 1 if title else 0
    if title:
        sheet.merge_range(0, 0, 0, len(columns) - 1, title, styles.title)
    sheet.freeze_panes(top + 1, 0)
    sheet.set_row(top, 30)
    for place, column in enumerate(columns):
        mark = _MARKS.get(column.need, "")
        sheet.set_column(place, place, column.width, styles.text)
        sheet.write_string(top, place, mark + column.heading, styles.needed if mark else styles.head)
    for place, heading in enumerate(extra, len(columns)):
        sheet.set_column(place, place, 60 if heading == REASON_HEADING else 8)
        sheet.write_string(top, place, heading, styles.head)


_HELP = (
    "一行写一个人和他住的房屋；空房一行只写房屋，人口各列都空着。",
    "红底带 * 的列必须填。不要改动列名；用不到的列可以删去，列的先后没有关系。",
    "空着的格子不会改动库里已有的内容，所以可以只填要补充的列，反复导入。",
    "同一个证件号码是同一个人；没有证件号码时，同一套房里姓名和出生日期都相同的是同一个人。",
    "库里登记住在别处的人，导入后按迁居办理：从入住日期（没填的从导入当天）起住到新址。",
    "有错的行不会导入，会连同原因退回；改好后直接上传退回的表即可。",
)


def write_template(
    target: Path | BinaryIO,
    *,
    tags: Iterable[str] = (),
    communities: Iterable[str] = (),
    columns: Sequence[Column] = COLUMNS,
    name: str = SHEET,
    says: Sequence[str] = _HELP,
    title: str = "",
) -> None:
    """A template: one sheet to fill in with drop-downs, an example, an explanation of every column. Of residents and homes unless
    other columns are given; a roster has its `title` above the headings."""
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    styles = Styles(book)
    sheet = book.add_worksheet(name)
    write_headings(sheet, styles, columns, title=title)
    top = 2 if title else 1
    help_sheet = book.add_worksheet(HELP_SHEET)
    example = book.add_worksheet(EXAMPLE_SHEET)
    lists = book.add_worksheet(LIST_SHEET)
    options: dict[str, list[str]] = {
        c.key: [code.label for code in c.codes.items] for c in columns if c.codes
    }
    if names := list(communities):
        options["community"] = names
    for place, (key, labels) in enumerate(options.items()):
        column = next(c for c in columns if c.key == key)
        lists.write_string(0, place, column.heading, styles.head)
        lists.write_column(1, place, labels, styles.text)
        letter = xlsxwriter.utility.xl_col_to_name(place)
        at = columns.index(column)
        sheet.data_validation(
            top,
            at,
            _ROWS_WITH_LISTS,
            at,
            {
                "validate": "list",
                "source": f"={LIST_SHEET}!${letter}$2:${letter}${len(labels) + 1}",
                "ignore_blank": True,
                "error_type": "information",
                "error_title": column.heading,
                "error_message": "最好从下拉中选；写了别的词，导入时会尽量识别。",
            },
        )
    lists.hide()
    _write_help(help_sheet, styles, list(tags), columns, f"{name}表填写说明", says)
    write_headings(example, styles, columns, title=title)
    for place, column in enumerate(columns):
        example.write_string(top, place, column.example, styles.text)
    book.close()


def _write_help(
    sheet: Worksheet,
    styles: Styles,
    tags: list[str],
    columns: Sequence[Column],
    title: str,
    says: Sequence[str],
) -> None:
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 10)
    sheet.set_column(2, 2, 70)
    sheet.set_column(3, 3, 60)
    sheet.write_string(0, 0, title, styles.title)
    for row, line in enumerate(says, 1):
        sheet.write_string(row, 0, f"{row}. {line}", styles.text)
    top = len(says) + 2
    for place, heading in enumerate(("列名", "是否必填", "怎么填", "可选的内容")):
        sheet.write_string(top, place, heading, styles.head)
    for row, column in enumerate(columns, top + 1):
        sheet.write_string(row, 0, column.heading, styles.plain)
        sheet.write_string(row, 1, column.need or "选填", styles.plain)
        note = column.note or (f"如 {column.example}。" if column.example else "")
        sheet.write_string(row, 2, note, styles.plain)
        if column.codes:
            sheet.write_string(row, 3, "、".join(code.label for code in column.codes.items), styles.plain)
        elif column.key == "groups":
            sheet.write_string(row, 3, "、".join(tags), styles.plain)


def write_marked(
    target: Path,
    headings: Headings,
    rows: Iterable[tuple[int, Sequence[Any]]],
    wrong: Mapping[int, list[Wrong]],
) -> int:
    """The refused rows as they were, with the faulty cells coloured and commented and the reasons in a last column.

    The sheet can be corrected and uploaded again as it is. Returns how many rows it holds.
    """
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    styles = Styles(book)
    sheet = book.add_worksheet(SHEET)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 30)
    own = [place for place, text in enumerate(headings.texts) if text not in (REASON_HEADING, ROW_HEADING)]
    columns = {column.key: column for column in COLUMNS}
    key_at = {place: key for key, place in headings.places.items()}
    for at, place in enumerate(own):
        column = columns.get(key_at.get(place, ""))
        sheet.set_column(at, at, column.width if column else 12, styles.text)
        needed = column is not None and column.need == "必填"
        sheet.write_string(0, at, headings.texts[place], styles.needed if needed else styles.head)
    last = len(own)
    sheet.set_column(last, last, 8)
    sheet.set_column(last + 1, last + 1, 70)
    sheet.write_string(0, last, ROW_HEADING, styles.head)
    sheet.write_string(0, last + 1, REASON_HEADING, styles.head)
    at_of = {key: own.index(place) for key, place in headings.places.items() if place in own}
    line = 0
    for row, cells in rows:
        faults = wrong.get(row)
        if faults is None:
            continue
        line += 1
        reasons: dict[int, list[str]] = {}
        for fault in faults:
            if fault.key in at_of:
                reasons.setdefault(at_of[fault.key], []).append(fault.reason)
        for at, place in enumerate(own):
            value = cells[place] if place < len(cells) else ""
            _write_cell(sheet, styles, line, at, value, wrong=at in reasons)
        for at, said in reasons.items():
            sheet.write_comment(line, at, "\n".join(said), {"x_scale": 2.2, "author": "邻里"})
        sheet.write_number(line, last, row + 1)
        sheet.write_string(line, last + 1, " ".join(dict.fromkeys(f.reason for f in faults)), styles.reason)
    book.close()
    return line


def _write_cell(sheet: Worksheet, styles: Styles, row: int, at: int, value: Any, *, wrong: bool) -> None:
    style = styles.wrong if wrong else styles.text
    if value is None or value == "":
        if wrong:
            sheet.write_blank(row, at, None, style)
    elif isinstance(value, (datetime, date)):
        sheet.write_datetime(row, at, value, styles.wrong_date if wrong else styles.date)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        sheet.write_number(row, at, value, style)
    else:
        sheet.write_string(row, at, str(value), style)

"""Scores as a workbook: out as a template filled with what is there, in again, and back with the wrong rows marked."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from zipfile import BadZipFile

import openpyxl
import xlsxwriter
from openpyxl.utils.exceptions import InvalidFileException

from linli.audit.recording import RuleError
from linli.gate.assessment.models import Part
from linli.gate.assessment.rules import Way, said

MOST_ROWS, MOST_COLUMNS = 3000, 60
HEADS = ("社区编号", "社区")
WRONG = "错在哪里"
_FONT = {"font_name": "微软雅黑", "font_size": 10, "valign": "vcenter"}


@dataclass
class Read:
    """A workbook as it was read: the points of each part by community, and what is wrong with each line (its place among `lines`)."""

    lines: list[list[str]] = field(default_factory=list)
    scores: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    wrong: dict[int, str] = field(default_factory=dict)


def _label(part: Part) -> str:
    return f"{part.title}（{part.weight}%）"


def write(
    title: str,
    parts: Sequence[Part],
    communities: Sequence[tuple[str, str]],
    points: Mapping[str, Mapping[int, Decimal | None]],
) -> bytes:
    """The template: a line a community, a column a part, filled as far as points are there. Computed parts are grey, for reading only."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("得分")
    head = book.add_format({**_FONT, "bold": True, "bg_color": "#E4F0F4", "border": 1, "text_wrap": True})
    grey = book.add_format({**_FONT, "font_color": "#5F717B", "bg_color": "#EDF1F3"})
    cell = book.add_format({**_FONT, "num_format": "0.00"})
    plain = book.add_format(_FONT)
    sheet.merge_range(
        0, 0, 0, max(len(parts) + 1, 2), title, book.add_format({**_FONT, "bold": True, "font_size": 13})
    )
    sheet.write(
        1,
        0,
        "满分 100，没有评的空着。灰色的由系统计算，改了也不算。不要改社区编号。",
        book.add_format({**_FONT, "italic": True}),
    )
    for place, label in enumerate([*HEADS, *(_label(one) for one in parts)]):
        sheet.set_column(place, place, 16 if place else 15)
        sheet.write_string(2, place, label, head)
    sheet.freeze_panes(3, 2)
    for line, (code, name) in enumerate(communities, 3):
        sheet.write_string(line, 0, code, grey)
        sheet.write_string(line, 1, name, plain)
        for place, part in enumerate(parts, 2):
            given = points.get(code, {})
            value = given.get(part.pk)
            style = grey if part.way == Way.MEASURED else cell
            if value is None and part.pk in given:
                sheet.write_string(line, place, said(None), style)
            elif value is None:
                sheet.write_blank(line, place, None, style)
            else:
                sheet.write_number(line, place, float(value), style)
    if communities:
        for place, part in enumerate(parts, 2):
            if part.way != Way.MEASURED:
                sheet.data_validation(
                    3,
                    place,
                    len(communities) + 2,
                    place,
                    {
                        "validate": "decimal",
                        "criteria": "between",
                        "minimum": 0,
                        "maximum": 100,
                        "error_title": "得分",
                        "error_message": "请填 0 到 100 之间的数。",
                    },
                )
    book.close()
    return out.getvalue()


def lines_of(upload: Any) -> list[list[str]]:
    """The cells of the first sheet as texts. Raises RuleError for what is no workbook, and for one that is too large."""
    try:
        book = openpyxl.load_workbook(upload, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise RuleError("打不开这个文件，请用下载的表填好再传（.xlsx）。", field="file") from error
    sheet = book.worksheets[0]
    if (sheet.max_row or 0) > MOST_ROWS:
        raise RuleError(f"表太长，最多 {MOST_ROWS} 行。", field="file")
    found: list[list[str]] = []
    for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
        if len(found) > MOST_ROWS:
            raise RuleError(f"表太长，最多 {MOST_ROWS} 行。", field="file")
        found.append(["" if value is None else str(value).strip() for value in row])
    book.close()
    while found and not any(found[-1]):
        found.pop()
    return found


def read(lines: Sequence[Sequence[str]], parts: Sequence[Part], communities: Mapping[str, str]) -> Read:
    """What the lines say of each part and community. `communities` are the names by key. Raises RuleError where no headings are found."""
    by_label = {_label(one): one for one in parts} | {one.title: one for one in parts}
    top = next((n for n, line in enumerate(lines) if "社区" in line), None)
    if top is None:
        raise RuleError("表里没有找到“社区”这一列，请用下载的表填。", field="file")
    heads = list(lines[top])
    columns = {
        place: by_label[label]
        for place, label in enumerate(heads)
        if label in by_label and by_label[label].way != Way.MEASURED
    }
    if not columns:
        raise RuleError("表里没有找到要评分的考核内容，请用下载的表填。", field="file")
    names: dict[str, list[str]] = {}
    for code, name in communities.items():
        names.setdefault(name, []).append(code)
    result = Read(lines=[list(line) for line in lines], scores={one.pk: {} for one in columns.values()})
    at, code_at = heads.index("社区"), heads.index(HEADS[0]) if HEADS[0] in heads else None
    seen: dict[str, int] = {}
    for number, line in enumerate(result.lines):
        if number <= top or not any(line):
            continue
        code, problem = _community(line, at, code_at, communities, names)
        given: dict[int, Decimal] = {}
        for place, part in columns.items():
            text = line[place] if place < len(line) else ""
            if not text or problem:
                continue
            try:
                value = Decimal(text)
            except InvalidOperation:
                problem = f"“{part.title}”填的“{text[:20]}”不是数。"
                continue
            if not value.is_finite() or not 0 <= value <= 100:
                problem = f"“{part.title}”要在 0 到 100 之间，填的是 {text[:20]}。"
                continue
            given[part.pk] = value.quantize(Decimal("0.01"))
        if not problem and given and code in seen:
            problem = f"这个社区第 {seen[code] + 1} 行已经填过。"
        if problem:
            result.wrong[number] = problem
            continue
        if given:
            seen[code] = number
        for key, value in given.items():
            result.scores[key][code] = value
    return result


def _community(
    line: Sequence[str],
    at: int,
    code_at: int | None,
    communities: Mapping[str, str],
    names: Mapping[str, Sequence[str]],
) -> tuple[str, str]:
    """The key of the line's community, or what is wrong with it."""
    code = line[code_at] if code_at is not None and code_at < len(line) else ""
    name = line[at] if at < len(line) else ""
    if code in communities:
        return code, ""
    if code:
        return "", f"没有编号是 {code[:20]} 的社区。"
    found = names.get(name, ())
    if len(found) == 1:
        return found[0], ""
    return "", f"有几个社区叫“{name[:20]}”，请填社区编号。" if found else f"没有叫“{name[:20]}”的社区。"


def marked(lines: Sequence[Sequence[str]], wrong: Mapping[int, str]) -> bytes:
    """The same lines, the wrong ones coloured, with what is wrong beside them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("得分")
    plain, bad = book.add_format(_FONT), book.add_format({**_FONT, "bg_color": "#FBE8E5"})
    says = book.add_format({**_FONT, "bg_color": "#FBE8E5", "font_color": "#AB2F28", "bold": True})
    width = max((len(line) for line in lines), default=0)
    while width and not any(len(line) >= width and line[width - 1] for line in lines):
        width -= 1
    top = next((n for n, line in enumerate(lines) if "社区" in line), 0)
    sheet.set_column(0, max(width - 1, 0), 16)
    sheet.set_column(width, width, 44)
    for number, line in enumerate(lines):
        for place in range(width):
            text = line[place] if place < len(line) else ""
            sheet.write_string(number, place, text, bad if number in wrong else plain)
        if number == top:
            sheet.write_string(number, width, WRONG, plain)
        elif number in wrong:
            sheet.write_string(number, width, wrong[number], says)
    book.close()
    return out.getvalue()

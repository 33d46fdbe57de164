"""The unit line: 填报单位, 填表日期 and the like, above the headings or on a sheet of their own."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import Picture

PROVINCE, CITY, DISTRICT, STREET, COMMUNITY, UNIT, DATE = (
    "province",
    "city",
    "district",
    "street",
    "community",
    "unit",
    "date",
)

_LEVELS: dict[str, str] = {
    "省": PROVINCE,
    "省份": PROVINCE,
    "市": CITY,
    "地市": CITY,
    "市州": CITY,
    "县": DISTRICT,
    "区": DISTRICT,
    "区县": DISTRICT,
    "县区": DISTRICT,
    "市/县/区": DISTRICT,
    "县(市、区)": DISTRICT,
    "县/区": DISTRICT,
    "乡镇/街道": STREET,
    "街道": STREET,
    "乡镇": STREET,
    "街道/乡镇": STREET,
    "街道(乡镇)": STREET,
    "街道办事处": STREET,
    "社区/村": COMMUNITY,
    "社区": COMMUNITY,
    "村": COMMUNITY,
    "村/社区": COMMUNITY,
    "社区(村)": COMMUNITY,
    "居委会": COMMUNITY,
    "村(社区)": COMMUNITY,
    "社区居委会": COMMUNITY,
    "村(居)委会": COMMUNITY,
}
_UNIT = re.compile(
    r"^(?:填报|填表|报送|上报|发生|制表|编制|统计|申报|报告)?(?:单位|机构)(?:名称)?(?:\((?:盖章|公章|章|签章)\))?(?:名称)?$"
)
_DATE = re.compile(r"^(?:填报|填表|制表|报送|上报|统计|截止|截至|报告)?(?:日期|时间|时点)$")
_PIECE = re.compile(
    r"((?:填报|填表|报送|上报|制表|编制|统计|申报|报告)?(?:单位|机构|日期|时间)(?:名称)?(?:[（(][^（()）]*[)）])?)\s*[:：]([\s_＿]*)"
)
_BLANK_DATE = re.compile(r"[\s_＿Xx]*年[\s_＿Xx]*月(?:[\s_＿Xx]*日)?")
_PLACEHOLDER = re.compile(r"某|[Xx×]{2}|^[\s_＿]*$|示例")


@dataclass(frozen=True)
class Blank:
    """One blank of the unit line. With `inside` the label and the blank share a cell, and the text is completed."""

    sheet: str
    row: int
    column: int
    what: str
    label: str
    inside: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def meaning_of(label: str) -> str:
    """What of the unit line a label asks by itself: the unit or the date of filling; "" for anything else."""
    plain = re.sub(r"\((?:盖章|公章|章|签章)\)", "", squash(label))
    if re.match(r"^(?:填报|填表|报送|上报|制表|编制|申报)(?:单位|机构)(?:名称)?$", plain):
        return UNIT
    if re.match(r"^(?:填报|填表|制表|报送|上报|报出)(?:日期|时间)$", plain):
        return DATE
    return ""


def _level(text: str) -> str:
    return _LEVELS.get(squash(text), "")


def _fillable(picture: Picture, row: int, column: int) -> bool:
    if (row, column) in picture.formulas:
        return False
    text = picture.text(row, column)
    return not text or bool(_PLACEHOLDER.search(text))


def _row_blanks(picture: Picture, row: int) -> list[Blank]:
    cells = picture.by_row.get(row, {})
    texts = {column: str(value) for column, value in cells.items() if isinstance(value, str)}
    levels = {column: level for column, text in texts.items() if (level := _level(text))}
    found: list[Blank] = []
    unit_columns = [column for column, text in texts.items() if _UNIT.match(squash(text))]
    if levels and (unit_columns or len(levels) >= 2):
        for column, level in levels.items():
            left = column - 1
            if (
                left >= 1
                and left not in unit_columns
                and left not in levels
                and _fillable(picture, row, left)
            ):
                found.append(Blank(picture.name, row, left, level, texts[column].strip()))
        if found:
            return found
    for column, text in texts.items():
        plain = squash(text)
        what = UNIT if _UNIT.match(plain) else DATE if _DATE.match(plain) else levels.get(column, "")
        if what and (text.strip()[-1:] in ":：" or what in (UNIT, DATE)):
            right = picture.box(row, column).right + 1
            if _fillable(picture, row, right) and right not in texts:
                found.append(Blank(picture.name, row, right, what, text.strip()))
                continue
        if _inside(text):
            found.append(Blank(picture.name, row, column, "inside", text.strip(), inside=True))
    return found


def _inside(text: str) -> bool:
    if len(text) > 200 or "\n" in text:
        return False
    return any(
        not match.group(2).strip("_＿ \t　")
        and (match.end() == len(text) or match.group(2) or _BLANK_DATE.match(text[match.end() :].strip()))
        for match in _PIECE.finditer(text)
    )


def find_blanks(pictures: list[Picture], sheet: str, header_top: int) -> list[Blank]:
    """The unit line's blanks: on the form's sheet above the headings, or in the first rows of a small other sheet."""
    found: list[Blank] = []
    for picture in pictures:
        if picture.hidden:
            continue
        until = header_top if picture.name == sheet else min(picture.rows + 1, 12)
        if picture.name != sheet and (found or picture.rows > 40):
            continue
        for row in list(picture.by_row):
            if row < until:
                found.extend(_row_blanks(picture, row))
    return found


def complete(text: str, unit: str, day: Any) -> str:
    """The text of a cell that holds label and blank together, its blanks completed."""

    def piece(match: re.Match[str]) -> str:
        label, gap = match.group(1), match.group(2)
        rest = text[match.end() :]
        if gap.strip("_＿ \t　"):
            return match.group(0)
        if re.search(r"日期|时间", label):
            if _BLANK_DATE.match(rest):
                return match.group(0)
            return f"{label}：{day:%Y-%m-%d}" + ("    " if rest.strip() else "")
        if rest.strip() and not gap:
            return match.group(0)
        return f"{label}：{unit}" + ("    " if rest.strip() else "")

    done = _PIECE.sub(piece, text)
    return _BLANK_DATE.sub(
        lambda found: f"{day.year}年{day.month}月" + (f"{day.day}日" if "日" in found.group(0) else ""), done
    )

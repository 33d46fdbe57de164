"""Cells as text, and the names of buildings, units and doors however they are written."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any, Final

from linli.registry.places import rules as places

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ud800-\udfff]+")
_NUMBERED: Final = re.compile(r"第?(\d{1,5})(?:号楼|#楼|栋楼|号|#|栋|幢|座|楼)?")
_UNIT: Final = re.compile(r"第?(\d{1,3}|[一二三四五六七八九十]{1,3})(?:单元|门|号门)?")
_CHINESE: Final = {c: n for n, c in enumerate("一二三四五六七八九", 1)}


def plain(value: Any) -> str:
    """A cell as one line of text; whole numbers without their .0, dates as 2026-11-22."""
    if type(value) is not str:
        if type(value) is float:
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, datetime):
            return value.date().isoformat() if not (value.hour or value.minute) else value.isoformat(" ")
        return str(value)
    if not value.isprintable():
        value = _CONTROL.sub(" ", value.replace("\xa0", " ").replace("\u3000", " "))
    return value.strip()


def building_key(text: str) -> str:
    """What is the same building: 12, 12号楼, 12#, 十二… differ only in writing."""
    folded = unicodedata.normalize("NFKC", text).replace(" ", "")
    match = _NUMBERED.fullmatch(folded)
    return str(int(match.group(1))) if match else folded


def building_name(text: str) -> str:
    """The name under which a new building is kept: a bare number becomes 12号楼."""
    folded = unicodedata.normalize("NFKC", text).replace(" ", "")
    if folded.isdecimal():
        return f"{int(folded)}号楼"
    match = re.fullmatch(r"(\d+)#楼?", folded)
    return f"{match.group(1)}号楼" if match else folded


def unit_name(text: str) -> str:
    """3, 3单元, 三单元, 3门 are 3单元; other names stay."""
    folded = unicodedata.normalize("NFKC", text).replace(" ", "")
    match = _UNIT.fullmatch(folded)
    if not match:
        return folded
    digits = match.group(1)
    return f"{int(digits) if digits.isdecimal() else _chinese_number(digits)}单元"


def door_name(text: str) -> str:
    """501室 is 501; 12号 stays. Empty when the rules of places refuse it."""
    try:
        return places.door(text)
    except places.Refused:
        return ""


def _chinese_number(text: str) -> int:
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _CHINESE.get(tens, 1) * 10 + _CHINESE.get(ones, 0)
    return _CHINESE[text[0]]

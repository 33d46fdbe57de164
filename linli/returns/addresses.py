"""Addresses of homes as people write them, brought to one writing in which they can be compared. Plain functions on text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_DIGITS: Final = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_COUNTED: Final = re.compile(
    r"第?([零〇一二两三四五六七八九十百]{1,5})(?=号楼|号院|[号楼栋幢座#]|单元|门|层|室)"
)
_ORDINAL: Final = re.compile(r"第(?=\d{1,5}(?:号楼|[号楼栋幢座#]|单元|门))")
_BUILDING: Final = re.compile(r"(?<=\d)(?:号楼|#楼|栋楼|幢楼|栋|幢|#)")
_UNIT_AS_GATE: Final = re.compile(r"(?<=楼)-?(\d{1,2})(?:号门|门)(?=-?\d)")
_JOINT: Final = re.compile(r"(?<=[楼元])[-—–－/](?=\d)")
_THREE: Final = re.compile(r"(\d{1,4})[-—–－/](\d{1,2})[-—–－/](\d{2,5})")
_UNIT_AND_DOOR: Final = re.compile(r"(?<=楼)(\d{1,2})[-—–－/](\d{2,5})")
_BUILDING_AND_DOOR: Final = re.compile(r"(?<![\d楼元\-—–/])(\d{1,4})[-—–－/](\d{3,5})")


def _number(text: str) -> int:
    """A Chinese number below a thousand: 十二, 二十, 一百零三; digits said one by one (三零一) stay in their order."""
    if not set(text) & set("十百"):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def address_key(address: str) -> str:
    """An address as it is compared: 和平小区12号楼3单元501室, 和平小区12-3-501, 和平小区12#3-501 and 和平小区十二栋三单元501 are the same.

    What stands before the estate is kept; whoever looks a home up tries the address from each place on.
    """
    bare = "".join(unicodedata.normalize("NFKC", address).split())
    bare = _COUNTED.sub(lambda found: str(_number(found.group(1))), bare)
    bare = _BUILDING.sub("楼", _ORDINAL.sub("", bare))
    bare = bare.removesuffix("室")
    tail = _THREE.search(bare)
    if tail is not None and tail.end() == len(bare):
        bare = f"{bare[: tail.start()]}{tail.group(1)}楼{tail.group(2)}单元{tail.group(3)}"
    elif (tail := _BUILDING_AND_DOOR.search(bare)) is not None and tail.end() == len(bare):
        bare = f"{bare[: tail.start()]}{tail.group(1)}楼{tail.group(2)}"
    bare = _UNIT_AS_GATE.sub(r"\1单元", bare)
    bare = _UNIT_AND_DOOR.sub(r"\1单元\2", _JOINT.sub("", bare))
    return _JOINT.sub("", bare)

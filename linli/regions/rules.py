"""Rules of the division codes, without a database."""

from __future__ import annotations

from dataclasses import dataclass

ENDINGS = (
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居民委员会", "社区"),
    ("居委会", "社区"),
    ("村民委员会", "村"),
    ("村委会", "村"),
)
# Middle levels of the official lists that nobody writes in an address.
NAMELESS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
LENGTHS = (2, 4, 6, 9, 12, 15)


@dataclass(frozen=True)
class Division:
    """One row of an official list: a code of 2, 4, 6, 9 or 12 digits and a name."""

    code: str
    name: str

    @property
    def parent_code(self) -> str:
        """The code of the division above; "" for a province."""
        place = LENGTHS.index(len(self.code))
        return self.code[: LENGTHS[place - 1]] if place else ""


def short_name(name: str) -> str:
    """The name as people say it: 东外社区居委会 → 东外社区, 解放街村委会 → 解放街村; "" when it is the name itself."""
    for ending, instead in ENDINGS:
        if name.endswith(ending) and len(name) > len(ending):
            stem = name[: -len(ending)]
            return stem if stem.endswith(instead) else stem + instead
    return ""


def kind_of(code: str) -> str:
    """What the last digits of an official code say the division is (街道 001–099, 镇 100–199, 乡 200–399; 居委会 001–199,
    村委会 200–399, 类似居 400–499, 类似村 500–599); "" above the street and where the digits say nothing."""
    if len(code) == 9:
        number = int(code[6:])
        return "street" if number < 100 else "town" if number < 200 else "township" if number < 400 else ""
    if len(code) == 12:
        number = int(code[9:])
        for limit, kind in (
            (200, "residents"),
            (400, "villagers"),
            (500, "like_residents"),
            (600, "like_villagers"),
        ):
            if number < limit:
                return kind
    return ""


def is_code(text: str) -> bool:
    """Whether a text has the form of an official division code."""
    return text.isascii() and text.isdigit() and len(text) in LENGTHS


def next_segment(taken: set[str], width: int) -> str:
    """The lowest free number of `width` digits, from 1.

    Raises ValueError when a region can have no more children.
    """
    for number in range(1, 10**width):
        segment = str(number).zfill(width)
        if segment not in taken:
            return segment
    raise ValueError("该区划下的序码已用完，请联系系统管理员。")

"""Rules of places: what a door, a floor, a year may be, how a building is laid out. No Django, no database."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from linli.kernel import citizen_number, credit_code

LONGEST_NAME = 60
LONGEST_DOOR = 20
FIRST_YEAR = 1800
LOWEST_FLOOR, HIGHEST_FLOOR = -9, 200
MOST_LIFTS = 60
MOST_UNITS = 40
MOST_ON_A_FLOOR = 60
# One building is laid out in one transaction; the largest real ones have about 1,500 homes.
MOST_HOMES = 3000


class Refused(ValueError):
    """A rule says no: one Chinese sentence, and the field that it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def clean(text: str) -> str:
    """Half-width, without control characters, white space joined to single spaces."""
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())


def name(text: str, field: str, label: str) -> str:
    """A name of a place: something, and at most 60 characters.

    Raises Refused.
    """
    found = clean(text)
    if not found:
        raise Refused(f"请填写{label}。", field)
    if len(found) > LONGEST_NAME:
        raise Refused(f"{label}最多 {LONGEST_NAME} 个字，请写短一些。", field)
    return found


def door(text: str) -> str:
    """A door number: 501, B102, 12号; the ending 室 is left off, for the address adds it.

    Raises Refused.
    """
    found = clean(text).replace(" ", "")
    if len(found) > 1 and found.endswith("室") and found[-2].isdigit():
        found = found[:-1]
    if not found:
        raise Refused("请填写门牌号，例如 501。", "door")
    if len(found) > LONGEST_DOOR:
        raise Refused(f"门牌号最多 {LONGEST_DOOR} 个字。", "door")
    return found


def floor(value: int | None) -> int | None:
    """A floor: −1 is the first below ground; there is no floor 0.

    Raises Refused.
    """
    if value is not None and (value == 0 or not LOWEST_FLOOR <= value <= HIGHEST_FLOOR):
        raise Refused("所在层应在 1 到 200 之间，地下层写 -1 到 -9。", "floor")
    return value


def floor_of_door(text: str) -> int | None:
    """The floor that a door number tells: 501 → 5, 1203 → 12, B102 or -102 → -1; None where it tells none."""
    below = re.fullmatch(r"(?:B|b|-|地下)(\d)\d{2}", text)
    if below:
        return -int(below[1]) or None
    above = re.fullmatch(r"(\d{1,3})\d{2}", text)
    found = int(above[1]) if above else 0
    return found if 0 < found <= HIGHEST_FLOOR else None


def year(value: int | None, today: date, field: str = "built_year", label: str = "建成年份") -> int | None:
    """A year of building, from 1800 to this year.

    Raises Refused.
    """
    if value is not None and not FIRST_YEAR <= value <= today.year:
        raise Refused(f"{label}应在 {FIRST_YEAR} 到 {today.year} 之间。", field)
    return value


def next_inspection(checked_on: date | None, due_on: date | None, today: date) -> date | None:
    """The day until which a lift is inspected: as it stands on its mark, else a year after the last inspection.

    Raises Refused.
    """
    if checked_on is None:
        return due_on
    if checked_on > today:
        raise Refused("最近检验日期不能晚于今天。", "checked_on")
    if due_on is None:
        last = calendar.monthrange(checked_on.year + 1, checked_on.month)[1]
        return date(checked_on.year + 1, checked_on.month, min(checked_on.day, last))
    if due_on <= checked_on:
        raise Refused("下次检验日期应晚于最近检验日期。", "due_on")
    return due_on


def count(value: int | None, most: int, field: str, label: str) -> int | None:
    """A number of something from 0 to `most`.

    Raises Refused.
    """
    if value is not None and not 0 <= value <= most:
        raise Refused(f"{label}应在 0 到 {most} 之间。", field)
    return value


def area(value: Decimal | None, most: int) -> Decimal | None:
    """A floor area in square metres, above 0.

    Raises Refused.
    """
    if value is not None and not 0 < value <= most:
        raise Refused(f"建筑面积应大于 0，不超过 {most:,} 平方米。", "area")
    return value


def position_on_earth(longitude: Decimal | None, latitude: Decimal | None) -> None:
    """Both or neither, and within China.

    Raises Refused.
    """
    if (longitude is None) != (latitude is None):
        raise Refused("经度和纬度要一起填写，或都不填。", "latitude" if latitude is None else "longitude")
    if longitude is not None and not Decimal(73) <= longitude <= Decimal(136):
        raise Refused("经度应在 73 到 136 之间，例如 115.974848。", "longitude")
    if latitude is not None and not Decimal(3) <= latitude <= Decimal(54):
        raise Refused("纬度应在 3 到 54 之间，例如 40.456951。", "latitude")


def natural(text: str) -> int:
    """A number to sort names by: 12号楼 → 12, 3单元 → 3, 501 → 501; 0 where there is none."""
    digits = re.search(r"\d+", text)
    return min(int(digits[0]), 2_000_000_000) if digits else 0


def number_of(text: str) -> str:
    """The number in a building's name: 12号楼 → 12, 甲3号楼 → 甲3; "" where there is none."""
    found = re.search(r"[甲乙丙丁A-Za-z]?\d+(?:-\d+)?", text)
    return found[0] if found else ""


PATTERNS = (
    ("per_unit", "每个单元从 01 起：101、102"),
    ("through", "全楼连着排：1 单元 101、102，2 单元 103、104"),
    ("unit_first", "单元打头：1 单元 1101、1102，2 单元 2101、2102"),
    ("serial", "平房顺序号：1号、2号、3号"),
)
"""How doors are numbered: key and what it is called."""


@dataclass(frozen=True)
class Layout:
    """How a building is divided: units (0 for none), floors from `first_floor` up, homes on each floor of each unit.

    `skipped` are floor numbers that are left out, such as 4, 13 and 14; `floors` counts those that exist.
    """

    units: int
    floors: int
    homes_per_floor: int
    pattern: str = "per_unit"
    first_floor: int = 1
    skipped: tuple[int, ...] = ()


@dataclass(frozen=True)
class Planned:
    """A home to be made; `unit` is the unit's name, "" for none."""

    unit: str
    floor: int
    door: str


def check_layout(layout: Layout) -> None:
    """Raises Refused where a layout cannot be."""
    if not 0 <= layout.units <= MOST_UNITS:
        raise Refused(f"单元数应在 0 到 {MOST_UNITS} 之间，没有单元的填 0。", "units")
    if not 1 <= layout.floors <= HIGHEST_FLOOR:
        raise Refused(f"层数应在 1 到 {HIGHEST_FLOOR} 之间。", "floors")
    if not 1 <= layout.homes_per_floor <= MOST_ON_A_FLOOR:
        raise Refused(f"每层户数应在 1 到 {MOST_ON_A_FLOOR} 之间。", "homes_per_floor")
    if layout.pattern not in dict(PATTERNS):
        raise Refused("请选择门牌排法。", "pattern")
    if not 1 <= layout.first_floor <= HIGHEST_FLOOR:
        raise Refused("起始层应在 1 到 200 之间。", "first_floor")
    if layout.pattern == "serial" and (layout.floors > 1 or layout.units > 1):
        raise Refused("平房顺序号只用于一层、不分单元的房屋：层数填 1，单元数填 0。", "pattern")
    if layout.pattern == "unit_first" and layout.units > 9:
        raise Refused("“单元打头”的门牌最多 9 个单元，请换一种排法。", "pattern")
    homes = max(layout.units, 1) * layout.floors * layout.homes_per_floor
    if homes > MOST_HOMES:
        raise Refused(f"这样会有 {homes:,} 户，一次最多 {MOST_HOMES:,} 户。请核对层数和每层户数。", "floors")
    if layout.pattern == "through" and max(layout.units, 1) * layout.homes_per_floor > 99:
        raise Refused("连着排的话每层超过 99 户，请换一种排法。", "pattern")
    highest = floor_numbers(layout)[-1]
    if highest > HIGHEST_FLOOR:
        raise Refused("跳过的层太多，最高层超过了 200 层。", "skipped")


def floor_numbers(layout: Layout) -> list[int]:
    """The numbers of the floors, lowest first, without the skipped ones."""
    found: list[int] = []
    number = layout.first_floor
    while len(found) < layout.floors:
        if number not in layout.skipped:
            found.append(number)
        number += 1
    return found


def plan_homes(layout: Layout) -> Iterator[Planned]:
    """Every home of a layout, unit by unit, from the lowest floor up."""
    for unit in range(1, max(layout.units, 1) + 1):
        unit_name = f"{unit}单元" if layout.units else ""
        for level in floor_numbers(layout):
            for number in range(1, layout.homes_per_floor + 1):
                yield Planned(unit_name, level, _door(layout, unit, level, number))


def _door(layout: Layout, unit: int, level: int, number: int) -> str:
    if layout.pattern == "serial":
        return f"{number}号"
    if layout.pattern == "through":
        return f"{level}{(unit - 1) * layout.homes_per_floor + number:02d}"
    return f"{unit if layout.pattern == 'unit_first' else ''}{level}{number:02d}"


def skipped_floors(text: str) -> tuple[int, ...]:
    """Floor numbers as people list them: 4、13，14.

    Raises Refused.
    """
    parts = [part for part in re.split(r"[\s,，、;；层]+", unicodedata.normalize("NFKC", text)) if part]
    if any(not part.isdecimal() or not 1 <= int(part[:4]) <= HIGHEST_FLOOR for part in parts):
        raise Refused("跳过的层只写数字，用顿号隔开，例如 4、13、14。", "skipped")
    return tuple(sorted({int(part) for part in parts}))


def split_doors(text: str) -> list[str]:
    """Several doors as people list them: 101、102 103, and 101-104 for a run.

    Raises Refused for an empty list, a run that goes down, and more than 200 doors.
    """
    found: list[str] = []
    for part in re.split(r"[\s,，、;；]+", unicodedata.normalize("NFKC", text)):
        run = re.fullmatch(r"(\d{1,6})[-~—–至](\d{1,6})", part)
        if run:
            low, high = int(run[1]), int(run[2])
            if not low <= high < low + 200:
                raise Refused(f"“{part}”不是一段门牌号，例如 101-104。", "doors")
            found += [str(number).zfill(len(run[1])) for number in range(low, high + 1)]
        elif part:
            found.append(door(part))
    found = list(dict.fromkeys(found))
    if not found:
        raise Refused("请填写门牌号，例如 101、102 或 101-104。", "doors")
    if len(found) > 200:
        raise Refused("一次最多添加 200 户；整栋楼请用“排出楼盘表”。", "doors")
    return found


@dataclass(frozen=True)
class AddressQuery:
    """What somebody typed to find a home: words, and the numbers after them (building, unit, door)."""

    words: str
    numbers: tuple[str, ...]


def read_query(text: str) -> AddressQuery:
    """Take a spoken or short address apart: xxxq12-3-501 → xxxq and 12, 3, 501; 新兴小区12号楼501室 → 新兴小区 and 12, 501."""
    plain = clean(text)
    words = re.match(r"[^\d]*", plain)
    rest = plain[words.end() :] if words else plain
    return AddressQuery(
        (words[0] if words else "").strip(" -—"), tuple(re.findall(r"[A-Za-z]?\d+", rest)[:4])
    )


# -- outlines ------------------------------------------------------------------------------------------------

Point = tuple[float, float]
MOST_CORNERS = 300


def outline(corners: Any, field: str = "outline") -> list[list[float]] | None:
    """A border as a list of [longitude, latitude] corners: 3 to 300, within China, rounded to 6 decimals (10 cm); None for
    none. A last corner that repeats the first is left off.

    Raises Refused.
    """
    if corners in (None, [], ""):
        return None
    wrong = Refused("范围应由至少 3 个点围成，请重新画。", field)
    if not isinstance(corners, list) or len(corners) > MOST_CORNERS:
        raise wrong
    found: list[list[float]] = []
    for corner in corners:
        if (
            not isinstance(corner, list | tuple)
            or len(corner) != 2
            or not all(isinstance(one, int | float) and not isinstance(one, bool) for one in corner)
            or not (73 <= corner[0] <= 136 and 3 <= corner[1] <= 54)
        ):
            raise wrong
        found.append([round(float(corner[0]), 6), round(float(corner[1]), 6)])
    if len(found) > 1 and found[0] == found[-1]:
        found.pop()
    if len({tuple(one) for one in found}) < 3:
        raise wrong
    return found


def inside(point: Point, corners: Sequence[Sequence[float]]) -> bool:
    """Whether a point lies within a closed border (even-odd rule)."""
    x, y = point
    found = False
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            found = not found
    return found


def middle(corners: Sequence[Sequence[float]]) -> Point:
    """The centre of a border's corners, where a label or a point stands."""
    return sum(one[0] for one in corners) / len(corners), sum(one[1] for one in corners) / len(corners)


# -- changing a building that stands -------------------------------------------------------------------------


def door_on_floor(text: str, floor: int, to: int) -> str:
    """The door that lies on floor `to` where `text` lies on `floor`: 501 → 601, 1502 → 1602 (unit first: 3501 → 3601); ""
    where the door does not tell its floor."""
    found = re.fullmatch(rf"(\d*?){floor}(\d{{2}})", text)
    return f"{found[1]}{to}{found[2]}" if found and floor > 0 and to > 0 else ""


def management(
    *, way: str, company: str, contract_until: date | None, fee: Decimal | None, since: date | None
) -> None:
    """What is said of an estate's management fits together.

    Raises Refused.
    """
    if way == "property" and not company:
        raise Refused("物业管理的小区，请填写物业公司。", "company")
    if way == "abandoned" and (company or contract_until or fee is not None):
        raise Refused("弃管的小区没有物业公司、合同和物业费，请清空，或改选管理方式。", "company")
    if contract_until and since and contract_until <= since:
        raise Refused("合同到期日应晚于开始日期。", "contract_until")
    if fee is not None and not 0 <= fee <= 100:
        raise Refused("物业费按每平方米每月填写，应在 0 到 100 元之间。", "fee")


def public_kind(kind: str, ownership: str) -> None:
    """What public housing a home is goes with no private property. Raises Refused."""
    if kind and ownership == "private":
        raise Refused("填了公房种类的，房屋性质不能是“私房”，请核对。", "public_kind")


def paper_of(number: str) -> str:
    """The paper that an owner's number is from, where its check digit tells; "" where it does not."""
    if citizen_number.is_valid(number):
        return "identity"
    return "licence" if len(number) == 18 and credit_code.is_valid(number) else ""

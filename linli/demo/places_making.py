"""The street's buildings: estates, buildings, units, homes and shops, and the grids they lie in.

香水园街道 is real, and so are its sixteen communities of the 2023 list of divisions. The study of 2012 from which the
totals come speaks of eleven communities; they are those with the codes 001 to 011 of that list, and the five that come
after them (兴运嘉园, 和润, 庆园, 集贤, 庆隆) were set up later, where new estates had been built. The study gives
totals for the whole street only, so its 302 buildings, 15,000 households and 45,000 residents are spread over all sixteen.
Estates, buildings and house numbers are made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

from linli.demo import names
from linli.demo.numbers import Numbers
from linli.demo.records import Building, Estate, Grid, Home, Street, Unit
from linli.registry.places.rules import natural

STREET: Final = "110119002"
_ROADS: Final = ("东外大街", "妫水北街", "高塔街", "庆园街", "团结路", "龙庆路", "新城街", "川北路")
_COMPANIES: Final = (
    "北京妫水和居物业管理有限公司",
    "北京延川恒信物业服务有限公司",
    "北京海坨家和物业管理有限公司",
    "北京夏都永泰物业管理有限公司",
    "北京香水园安居物业服务中心",
)
COMPANIES: Final = _COMPANIES


@dataclass(frozen=True)
class Block:
    """Buildings of one shape: how many, of what years."""

    shape: str
    year: int
    count: int


@dataclass(frozen=True)
class EstatePlan:
    """An estate, who manages it, and its buildings."""

    name: str
    management: str
    blocks: tuple[Block, ...]


def _plan(text: str) -> tuple[EstatePlan, ...]:
    """From lines such as ``东外小区 self A1988×9 C2003×2``."""
    plans = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, management, *blocks = line.split()
        made = []
        for block in blocks:
            year, count = block[1:].split("×")
            made.append(Block(block[0], int(year), int(count)))
        plans.append(EstatePlan(name, management, tuple(made)))
    return tuple(plans)


# Shapes: A five storeys of the eighties, B six storeys of the nineties, C six storeys with larger homes,
# D eleven storeys with a lift, E eighteen storeys, F a row of bungalows.
COMMUNITIES: Final[dict[str, tuple[EstatePlan, ...]]] = {
    "001": _plan("东外小区 self A1988×9\n东外南区 property B1996×7\n东外胡同 abandoned F1979×1"),
    "002": _plan("川北小区东区 property A1986×12\n川北家园 property C2003×6"),
    "003": _plan("川北小区西区 property A1987×13\n教师家属院 unit B1994×3\n川北后街 self F1978×1"),
    "004": _plan("高塔小区 property B1992×16\n高塔北里 property C2001×5"),
    "005": _plan("恒安小区 property B1998×14\n恒安里 property C2004×5"),
    "006": _plan("石河营小区东区 property B1999×14\n石河营家园 property D2008×5"),
    "007": _plan("石河营小区西区 property B1999×15\n妫水人家 property C2006×5\n石河营老街 abandoned F1976×1"),
    "008": _plan("双路小区 property B1995×13\n双路南院 abandoned A1984×4"),
    "009": _plan("泰安小区 property B1997×12\n泰安嘉园 property C2005×6"),
    "010": _plan("新兴小区东区 property B1990×15\n新兴公寓 property C2002×4"),
    "011": _plan("新兴小区西区 property B1990×20\n农机家属院 abandoned A1983×4\n新兴花园 property C2004×4"),
    "012": _plan("兴运嘉园 property D2009×10 E2010×4"),
    "013": _plan("和润家园 property C2011×8 E2012×6"),
    "014": _plan("庆园小区 property C2007×14\n庆园东里 property D2010×5"),
    "015": _plan("集贤小区 property C2000×16\n集贤里 self B1993×6"),
    "016": _plan("庆隆南里 property C2005×8\n庆隆家园 property D2011×6 E2013×5"),
}
COMMUNITY_NAMES: Final = dict(
    zip(
        COMMUNITIES,
        [
            "东外",
            "川北东",
            "川北西",
            "高塔",
            "恒安",
            "石河营东",
            "石河营西",
            "双路",
            "泰安",
            "新兴东",
            "新兴西",
            "兴运嘉园",
            "和润",
            "庆园",
            "集贤",
            "庆隆",
        ],
        strict=True,
    )
)
_HAN_DIGITS: Final = "零一二三四五六七八九"


@dataclass(frozen=True)
class _Shape:
    floors: tuple[int, ...]
    units: tuple[int, ...]
    doors: tuple[int, ...]
    areas: tuple[int, int]
    lifts: int
    structure: str


_SHAPES: Final = {
    "A": _Shape((5,), (3, 4, 4, 5), (2, 3), (42, 62), 0, "4"),
    "B": _Shape((6,), (3, 4, 4, 5, 5), (2,), (54, 86), 0, "4"),
    "C": _Shape((6,), (3, 4, 4, 5), (2,), (76, 126), 0, "4"),
    "D": _Shape((11,), (2, 3, 3, 4), (2,), (78, 128), 1, "3"),
    "E": _Shape((18,), (2,), (3,), (60, 118), 2, "3"),
    "F": _Shape((1,), (), (8, 10, 12), (24, 60), 0, "5"),
}


def make_places(
    street: Street, rng: Random, numbers: Numbers, *, communities: int, homes: int | None
) -> None:
    """Add the first `communities` communities with their grids, estates, buildings and homes.

    `homes` stops each community's building after about so many homes; None builds all.
    """
    limit = None if homes is None else -(-homes // communities)
    for suffix in list(COMMUNITIES)[:communities]:
        _make_community(street, rng, numbers, suffix, limit)


def _make_community(street: Street, rng: Random, numbers: Numbers, suffix: str, limit: int | None) -> None:
    region = STREET + suffix
    made: list[Building] = []
    homes = 0
    mixed = 0
    for plan in COMMUNITIES[suffix]:
        company = rng.choice(_COMPANIES)
        estate = Estate(
            id=len(street.estates) + 1,
            region=region,
            name=plan.name,
            address=f"北京市延庆区{rng.choice(_ROADS)}{rng.randrange(1, 99)}号",
            management=plan.management,
            company=company if plan.management == "property" else "",
            phone=numbers.landline() if plan.management == "property" else "",
            built=min(block.year for block in plan.blocks),
        )
        street.estates.append(estate)
        for block in plan.blocks:
            for _ in range(block.count):
                if limit is not None and homes >= limit:
                    break
                building = _make_building(street, rng, estate, block)
                made.append(building)
                homes += len(building.homes)
                if block.shape in "BCDE" and mixed < 2 and rng.random() < 0.25:
                    mixed += 1
                    building.kind = "mixed"
                    _add_shops(street, rng, building)
    _make_grids(street, rng, suffix, made)


def _make_building(street: Street, rng: Random, estate: Estate, block: Block) -> Building:
    shape = _SHAPES[block.shape]
    floors = rng.choice(shape.floors)
    place = len(estate.buildings) + 1
    units = rng.choice(shape.units) if shape.units else 0
    bungalow = block.shape == "F"
    building = Building(
        id=len(street.buildings) + 1,
        region=estate.region,
        estate=estate,
        name=f"平房{place}排" if bungalow else f"{place}号楼",
        number=str(place),
        position=place,
        kind="bungalow" if bungalow else "residential",
        floors=floors,
        lifts=shape.lifts * units,
        built=block.year + (rng.choice((0, 0, 1)) if place > 4 else 0),
        has_gas=None if rng.random() < 0.05 else (not bungalow and estate.management != "abandoned"),
        structure=shape.structure,
        longitude=None,
        latitude=None,
    )
    rng.random(), rng.random()  # once its position; drawn still, so that all that follows stays as it was
    street.buildings.append(building)
    estate.buildings.append(building)
    per_floor = rng.choice(shape.doors)
    areas = [rng.randint(shape.areas[0] * 10, shape.areas[1] * 10) / 10 for _ in range(per_floor)]
    if bungalow:
        for place_in_row in range(1, per_floor + 1):
            room = rng.randint(*shape.areas)
            _add_home(
                street,
                building,
                None,
                f"{place_in_row}号",
                1,
                "living",
                room,
                max(1, room // 15),
            )
    for number in range(1, units + 1):
        unit = Unit(len(street.units) + 1, building, f"{number}单元", number)
        street.units.append(unit)
        building.units.append(unit)
        for floor in range(1, floors + 1):
            for place_on_floor, area in enumerate(areas, 1):
                door = f"{floor}{place_on_floor:02d}"
                rooms = 1 if area < 48 else 2 if area < 88 else 3
                _add_home(street, building, unit, door, floor, "living", area, rooms)
    return building


def _add_home(
    street: Street,
    building: Building,
    unit: Unit | None,
    door: str,
    floor: int,
    use: str,
    area: float,
    rooms: int | None,
) -> None:
    home = Home(
        len(street.homes) + 1, building, unit, door, floor, natural(door), use, Decimal(f"{area:.2f}"), rooms
    )
    street.homes.append(home)
    building.homes.append(home)


def _add_shops(street: Street, rng: Random, building: Building) -> None:
    for number in range(1, rng.randint(4, 7) + 1):
        _add_home(street, building, None, f"底商{number}号", 1, "shop", rng.randint(18, 160), None)


def _make_grids(street: Street, rng: Random, suffix: str, buildings: list[Building]) -> None:
    """Three to five grids of neighbouring buildings, each with a worker."""
    count = min(5, max(3, round(len(buildings) / 5)))
    for number in range(1, count + 1):
        sex = rng.choice("122")
        worker = names.full_name(rng, names.surname(rng), sex, rng.randint(1972, 1998))
        street.grids.append(
            Grid(
                f"{STREET}{suffix}{number:03d}",
                f"{COMMUNITY_NAMES[suffix]}第{_HAN_DIGITS[number]}网格",
                worker,
            )
        )
    for place, building in enumerate(buildings):
        building.region = f"{STREET}{suffix}{place * count // len(buildings) + 1:03d}"

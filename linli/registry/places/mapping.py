"""The overview map: buildings, grids and estates of a region as shapes on a plane, coloured by what is counted.

Plain data for one SVG: metres east and south of the north-western corner. Positions are WGS-84; over a few kilometres a
plate carrée scaled by the cosine of the latitude is exact to decimetres.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import cos, radians
from typing import Any

from django.conf import settings
from django.urls import reverse

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.kernel.coordinates import METRES_A_DEGREE
from linli.kernel.scope import Scope
from linli.pages.asof import is_past
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region
from linli.registry.places import occupancy
from linli.registry.places.models import Building, Estate, EstateManagement, Management

MOST = 4000
"""More buildings than this are not drawn on one sheet; a smaller region is asked for."""
_SIDE = 7.0  # half the side of the square that stands for a building without outline, metres
VIEW = Permission.VIEW_PLACES
Corners = Sequence[Sequence[float]]


def tiles() -> dict[str, str]:
    """The intranet's tile server, for the maps that are drawn on; empty where there is none."""
    return {"tiles": settings.LINLI_MAP_TILES, "attribution": settings.LINLI_MAP_ATTRIBUTION}


@dataclass(frozen=True)
class Shape:
    """A building: where it leads, its path, its class, and all of it in words."""

    url: str
    path: str
    css: str
    label: str


@dataclass(frozen=True)
class Name:
    """A word on the map; with `url` it leads to a narrower one."""

    x: float
    y: float
    text: str
    url: str = ""


@dataclass(frozen=True)
class Band:
    """An entry of the legend."""

    css: str
    label: str
    count: int


@dataclass
class EstateRow:
    """An estate in the table beside the map."""

    estate: Estate
    buildings: int = 0
    value: int = 0


@dataclass
class Sheet:
    """Everything that is drawn, and what could not be."""

    width: float = 0
    height: float = 0
    shapes: list[Shape] = field(default_factory=list)
    borders: list[str] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    legend: list[Band] = field(default_factory=list)
    rows: list[EstateRow] = field(default_factory=list)
    unplaced: list[Building] = field(default_factory=list)
    too_many: int = 0

    @property
    def text(self) -> float:
        """The size of names, in the map's own units."""
        return round(max(self.width, self.height) / 48, 1)


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


class Plane:
    """Degrees to metres."""

    def __init__(self, corners: Sequence[Sequence[float]], margin: float = 30.0) -> None:
        self.west = min(one[0] for one in corners)
        self.north = max(one[1] for one in corners)
        self.scale = METRES_A_DEGREE * cos(radians(self.north))
        self.margin = margin
        self.width = (max(one[0] for one in corners) - self.west) * self.scale + 2 * margin
        self.height = (self.north - min(one[1] for one in corners)) * METRES_A_DEGREE + 2 * margin

    def at(self, point: Sequence[float]) -> tuple[float, float]:
        """A position in metres."""
        return (
            (point[0] - self.west) * self.scale + self.margin,
            (self.north - point[1]) * METRES_A_DEGREE + self.margin,
        )

    def path(self, corners: Corners) -> str:
        """A closed path."""
        return "M" + "L".join(" ".join(map(_number, self.at(one))) for one in corners) + "Z"

    def square(self, point: Sequence[float]) -> str:
        """The square that stands for a building of which only a point is known."""
        x, y = self.at(point)
        return f"M{_number(x - _SIDE)} {_number(y - _SIDE)}h{2 * _SIDE:g}v{2 * _SIDE:g}h-{2 * _SIDE:g}Z"


def band_of(value: int, bounds: Sequence[int]) -> int:
    """The band of a value: the first bound that it does not pass, else the last band."""
    return next((number for number, bound in enumerate(bounds) if value <= bound), len(bounds))


def _placed(building: Building) -> list[list[float]] | None:
    """Its outline, else its point as the only corner; None where neither is known."""
    if building.outline:
        return list(building.outline)
    if building.longitude is not None and building.latitude is not None:
        return [[float(building.longitude), float(building.latitude)]]
    return None


def ways_today(estate_ids: Sequence[int], on: date) -> dict[int, str]:
    """How each estate is managed on a day."""
    rows = EstateManagement.objects.filter(estate__in=estate_ids, period__contains=on)
    return dict(rows.values_list("estate_id", "way"))


def draw(region_code: str, user: Any, by: str, on: date) -> Sheet:
    """The sheet of a region on a day, of the buildings that the user may see; `by` is the key of a layer, or "management"."""
    sheet = Sheet()
    rows = Building.objects.permitted(user, VIEW).filter(scopes_q("region_code", [Scope.of(region_code)]))
    total = rows.count()
    if total > MOST:
        sheet.too_many = total
        return sheet
    buildings = list(rows.select_related("estate").order_by("region_code", "estate__name", "position"))
    layer = occupancy.map_layer(by)
    values = layer.values([one.pk for one in buildings], on, user) if layer is not None else {}
    ways = ways_today(sorted({one.estate_id for one in buildings}), on)
    judge = _judge(layer, values, ways)
    places = {one.pk: placed for one in buildings if (placed := _placed(one))}
    sheet.unplaced = [one for one in buildings if one.pk not in places]
    sheet.rows = _estates(buildings, values)
    counts: dict[str, int] = {}
    for one in buildings:
        css, _said = judge(one)
        counts[css] = counts.get(css, 0) + 1
    sheet.legend = _legend(layer, counts)
    if not places:
        return sheet
    regions = _regions(region_code)
    outlines = [corner for one in regions if one.outline for corner in one.outline]
    plane = Plane([*[corner for corners in places.values() for corner in corners], *outlines])
    sheet.width, sheet.height = round(plane.width, 1), round(plane.height, 1)
    day = f"?on={on}" if is_past(on) else ""
    for one in buildings:
        if (corners := places.get(one.pk)) is None:
            continue
        css, said = judge(one)
        path = plane.path(corners) if len(corners) > 2 else plane.square(corners[0])
        sheet.shapes.append(Shape(f"{one.get_absolute_url()}{day}", path, css, f"{one}：{said}"))
    sheet.borders = [plane.path(one.outline) for one in regions if one.outline]
    sheet.names = _names(plane, region_code, regions, buildings, places)
    return sheet


def _judge(
    layer: occupancy.MapLayer | None, values: dict[int, int], ways: dict[int, str]
) -> Callable[[Building], tuple[str, str]]:
    """Class and words of a building."""
    if layer is None:
        labels = dict(Management.choices)

        def by_way(building: Building) -> tuple[str, str]:
            way = ways.get(building.estate_id, "none")
            return f"way-{way}", str(labels.get(way, "管理方式未登记"))

        return by_way

    def by_value(building: Building) -> tuple[str, str]:
        value = values.get(building.pk, 0)
        return f"heat-{band_of(value, layer.bounds)}", f"{value:,} {layer.unit}"

    return by_value


def _legend(layer: occupancy.MapLayer | None, counts: dict[str, int]) -> list[Band]:
    if layer is None:
        keys = [*Management.choices, ("none", "未登记")]
        return [Band(f"way-{key}", str(label), counts.get(f"way-{key}", 0)) for key, label in keys]
    found = []
    low = 0
    for number, bound in enumerate([*layer.bounds, None]):
        if bound is None:
            words = f"{low} {layer.unit}以上"
        else:
            words = f"{bound} {layer.unit}" if bound == low else f"{low}–{bound} {layer.unit}"
        found.append(Band(f"heat-{number}", words, counts.get(f"heat-{number}", 0)))
        low = (bound or 0) + 1
    return found


def _estates(buildings: Sequence[Building], values: dict[int, int]) -> list[EstateRow]:
    rows: dict[int, EstateRow] = {}
    for one in buildings:
        row = rows.setdefault(one.estate_id, EstateRow(one.estate))
        row.buildings += 1
        row.value += values.get(one.pk, 0)
    return list(rows.values())


def _regions(region_code: str) -> list[Region]:
    """The communities and grids of a region, in force, the wider first."""
    return list(
        Region.objects.filter(
            scopes_q("region_code", [Scope.of(region_code)]),
            level__in=(Level.COMMUNITY, Level.GRID),
            valid_to__isnull=True,
        ).order_by("level", "region_code")
    )


def _names(
    plane: Plane,
    region_code: str,
    regions: Sequence[Region],
    buildings: Sequence[Building],
    places: dict[int, list[list[float]]],
) -> list[Name]:
    """Communities on the map of a street, which lead to their own map; grids and estates on that of a community."""
    inside = len(region_code) >= KEY_LENGTH[Level.COMMUNITY]
    level = Level.GRID if inside else Level.COMMUNITY
    length = KEY_LENGTH[level]
    found = []
    for one in regions:
        if one.level != level:
            continue
        own = [
            corner
            for building in buildings
            if building.region_code[:length] == one.region_code
            for corner in places.get(building.pk, [])
        ]
        corners = one.outline or own
        if not corners:
            continue
        x = sum(plane.at(corner)[0] for corner in corners) / len(corners)
        y = min(plane.at(corner)[1] for corner in corners)
        url = "" if inside else f"{reverse('places:map')}?region={one.region_code}"
        found.append(Name(round(x, 1), round(y, 1), names.title(one.region_code), url))
    return found

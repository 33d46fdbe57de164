"""Where the made-up buildings stand: a made-up plan, laid over the real place of the street in 延庆's new town.

Every community is a rectangle of its own, cut into a strip for each grid; the buildings of a grid stand in its strip in rows from
north to south, slabs lying east to west. None of it is how the real buildings stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import cos, radians
from typing import Final

from linli.demo.places_making import COMMUNITIES, STREET
from linli.demo.records import Building, Street
from linli.kernel.coordinates import METRES_A_DEGREE

_WEST, _NORTH = 115.9605, 40.4745
_ACROSS: Final = 4  # communities in a row
_WIDTH, _HEIGHT, _LANE = 660.0, 360.0, 26.0
_NAME = 58.0  # the northern edge, where the map writes the community's name
_FRONT, _DEPTH, _PITCH = 13.0, 12.5, 41.0  # of a unit, of a slab, from row to row; metres

Corners = list[list[float]]


def place_buildings(street: Street) -> None:
    """Give every building a foot print and a point, and every grid, community and, where it is clear, estate its border."""
    strips: dict[str, tuple[float, float, float, float]] = {}
    for number, suffix in enumerate(COMMUNITIES):
        community = STREET + suffix
        grids = [grid for grid in street.grids if grid.region[:12] == community]
        if not grids:
            continue
        left = number % _ACROSS * (_WIDTH + _LANE)
        top = number // _ACROSS * (_HEIGHT + _LANE)
        street.outlines[community] = _corners(left, top, _WIDTH, _HEIGHT)
        wide = _WIDTH / len(grids)
        for place, grid in enumerate(grids):
            strips[grid.region] = (left + place * wide, top, wide, _HEIGHT)
            street.outlines[grid.region] = _corners(*strips[grid.region])
    standing: dict[str, list[Building]] = {}
    for building in street.buildings:
        standing.setdefault(building.region, []).append(building)
    for region, buildings in standing.items():
        if region in strips:
            _fill(buildings, *strips[region])
    _border_estates(street)


def _fill(buildings: list[Building], left: float, top: float, wide: float, high: float) -> None:
    """Rows from north to south, spread over the height of the strip."""
    rows: list[list[tuple[Building, float]]] = [[]]
    used = 0.0
    for building in buildings:
        front = (
            max(1, len(building.units)) * _FRONT if building.units else max(40.0, len(building.homes) * 4.0)
        )
        if rows[-1] and used + front + 14 > wide - 24:
            rows.append([])
            used = 0.0
        rows[-1].append((building, front))
        used += front + 14
    pitch = min(_PITCH * 1.7, (high - _NAME - 10) / max(1, len(rows)))
    for number, row in enumerate(rows):
        free = wide - sum(front for _one, front in row)
        x = left + free / (len(row) + 1)
        y = top + _NAME + number * pitch
        for building, front in row:
            building.outline = _corners(x, y, front, _DEPTH)
            east, north = _degrees(x + front / 2, y + _DEPTH / 2)
            building.longitude, building.latitude = Decimal(f"{east:.6f}"), Decimal(f"{north:.6f}")
            x += front + free / (len(row) + 1)


def _degrees(x: float, y: float) -> tuple[float, float]:
    """Metres east and south of the corner as degrees."""
    return _WEST + x / (METRES_A_DEGREE * cos(radians(_NORTH))), _NORTH - y / METRES_A_DEGREE


def _corners(x: float, y: float, wide: float, high: float) -> Corners:
    found = []
    for east, south in ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high)):
        longitude, latitude = _degrees(east, south)
        found.append([round(longitude, 6), round(latitude, 6)])
    return found


def _border_estates(street: Street) -> None:
    """The rectangle around an estate's buildings, where no building of another estate stands in it."""
    for estate in street.estates:
        box = _box(one for one in estate.buildings if one.outline)
        if box is None:
            continue
        west, south, east, north = box
        strangers = (
            (float(one.longitude), float(one.latitude))
            for one in street.buildings
            if one.estate is not estate and one.longitude is not None and one.latitude is not None
        )
        if not any(west <= x <= east and south <= y <= north for x, y in strangers):
            estate.outline = [[west, south], [east, south], [east, north], [west, north]]


def _box(buildings: Iterable[Building]) -> tuple[float, float, float, float] | None:
    corners = [corner for one in buildings for corner in one.outline or []]
    if not corners:
        return None
    margin = 0.00012
    return (
        round(min(x for x, _y in corners) - margin, 6),
        round(min(y for _x, y in corners) - margin, 6),
        round(max(x for x, _y in corners) + margin, 6),
        round(max(y for _x, y in corners) + margin, 6),
    )

"""Positions in WGS-84 (for our purposes CGCS2000, which differs by centimetres) and in GCJ-02, the shifted datum of Chinese
road maps.

The shift follows the published reverse-engineered formulas; it is exact to about a metre, and the way back, by iteration, to
a centimetre of the way there. Outside China the two are the same.
"""

from __future__ import annotations

from math import cos, pi, radians, sin, sqrt
from typing import Final

_A: Final = 6378245.0
_EE: Final = 0.00669342162296594323
METRES_A_DEGREE: Final = 111_320.0
"""Metres of one degree of latitude, and of longitude on the equator."""


def in_china(longitude: float, latitude: float) -> bool:
    """Whether the shift applies there."""
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def _waves(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _shift(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = longitude - 105.0, latitude - 35.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + _waves(x)
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + _waves(x)
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    angle = radians(latitude)
    magic = 1 - _EE * sin(angle) ** 2
    root = sqrt(magic)
    north = north * 180.0 / ((_A * (1 - _EE)) / (magic * root) * pi)
    east = east * 180.0 / (_A / root * cos(angle) * pi)
    return east, north


def to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """A WGS-84 position as GCJ-02."""
    if not in_china(longitude, latitude):
        return longitude, latitude
    east, north = _shift(longitude, latitude)
    return longitude + east, latitude + north


def from_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """A GCJ-02 position as WGS-84."""
    if not in_china(longitude, latitude):
        return longitude, latitude
    east, north = longitude, latitude
    for _ in range(4):
        there = to_gcj02(east, north)
        east, north = east + longitude - there[0], north + latitude - there[1]
    return east, north

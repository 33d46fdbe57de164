"""WGS-84 and GCJ-02."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.coordinates import from_gcj02, to_gcj02


def test_tiananmen_is_shifted_as_road_maps_show_it() -> None:
    # 天安门: 116.391349, 39.907375 in WGS-84 is about 116.397573, 39.908778 on a GCJ-02 map.
    east, north = to_gcj02(116.391349, 39.907375)
    assert east == pytest.approx(116.397573, abs=2e-5)
    assert north == pytest.approx(39.908778, abs=2e-5)


def test_outside_china_nothing_is_shifted() -> None:
    assert to_gcj02(2.35, 48.85) == (2.35, 48.85) == from_gcj02(2.35, 48.85)


@given(st.floats(75, 134), st.floats(18, 53))
def test_there_and_back_is_the_same_place_to_a_centimetre(longitude: float, latitude: float) -> None:
    east, north = from_gcj02(*to_gcj02(longitude, latitude))
    assert east == pytest.approx(longitude, abs=1e-7)
    assert north == pytest.approx(latitude, abs=1e-7)

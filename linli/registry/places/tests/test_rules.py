"""The rules of places, without a database."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.registry.places import rules
from linli.registry.places.rules import Layout, Refused

TODAY = date(2026, 11, 22)

layouts = st.builds(
    Layout,
    units=st.integers(0, 9),
    floors=st.integers(1, 40),
    homes_per_floor=st.integers(1, 8),
    pattern=st.sampled_from(["per_unit", "through", "unit_first"]),
    first_floor=st.integers(1, 3),
    skipped=st.sets(st.integers(1, 30), max_size=4).map(lambda found: tuple(sorted(found))),
)


@given(layouts)
def test_a_layout_makes_every_home_once_and_the_door_tells_its_floor(layout: Layout) -> None:
    rules.check_layout(layout)
    homes = list(rules.plan_homes(layout))
    assert len(homes) == max(layout.units, 1) * layout.floors * layout.homes_per_floor
    assert len({(one.unit, one.door) for one in homes}) == len(homes)
    assert {one.floor for one in homes}.isdisjoint(layout.skipped)
    assert all(rules.door(one.door) == one.door for one in homes)
    if layout.pattern != "unit_first":
        assert all(rules.floor_of_door(one.door) == one.floor for one in homes)


def test_patterns_of_doors() -> None:
    def doors(pattern: str, units: int = 2) -> list[str]:
        return [one.unit + one.door for one in rules.plan_homes(Layout(units, 1, 2, pattern))]

    assert doors("per_unit") == ["1单元101", "1单元102", "2单元101", "2单元102"]
    assert doors("through") == ["1单元101", "1单元102", "2单元103", "2单元104"]
    assert doors("unit_first") == ["1单元1101", "1单元1102", "2单元2101", "2单元2102"]
    assert doors("serial", 0) == ["1号", "2号"]


@pytest.mark.parametrize(
    ("layout", "field"),
    [
        (Layout(-1, 6, 2), "units"),
        (Layout(41, 6, 2), "units"),
        (Layout(3, 0, 2), "floors"),
        (Layout(3, 201, 2), "floors"),
        (Layout(3, 6, 0), "homes_per_floor"),
        (Layout(3, 6, 2, "none"), "pattern"),
        (Layout(1, 6, 2, "serial"), "pattern"),
        (Layout(10, 6, 2, "unit_first"), "pattern"),
        (Layout(10, 6, 12, "through"), "pattern"),
        (Layout(40, 30, 60), "floors"),
        (Layout(1, 199, 1, skipped=(4, 13, 14)), "skipped"),
        (Layout(1, 3, 1, first_floor=0), "first_floor"),
    ],
)
def test_layouts_that_cannot_be(layout: Layout, field: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_layout(layout)
    assert refused.value.field == field
    assert refused.value.message.endswith("。")


@pytest.mark.parametrize(
    ("door", "floor"),
    [
        ("501", 5),
        ("1203", 12),
        ("B102", -1),
        ("-201", -2),
        ("地下101", -1),
        ("12号", None),
        ("底商3", None),
        ("01", None),
    ],
)
def test_the_floor_that_a_door_tells(door: str, floor: int | None) -> None:
    assert rules.floor_of_door(door) == floor


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("501室", "501"), ("５０１", "501"), (" B 102 ", "B102"), ("12号", "12号"), ("办公室", "办公室")],
)
def test_doors_are_kept_in_one_way(typed: str, kept: str) -> None:
    assert rules.door(typed) == kept


@pytest.mark.parametrize("typed", ["", "  ", "\x00", "五" * 21])
def test_doors_that_cannot_be(typed: str) -> None:
    with pytest.raises(Refused):
        rules.door(typed)


def test_doors_listed_and_as_runs() -> None:
    assert rules.split_doors("101、102 103，101") == ["101", "102", "103"]
    assert rules.split_doors("001-003 底商1") == ["001", "002", "003", "底商1"]
    for wrong in ("", "105-101", "1-900", " ".join(str(n) for n in range(100, 400))):
        with pytest.raises(Refused):
            rules.split_doors(wrong)


def test_skipped_floors_as_people_list_them() -> None:
    assert rules.skipped_floors("4、13 14层") == (4, 13, 14)
    assert rules.skipped_floors("") == ()
    for wrong in ("四", "0", "4-6", "999999999999999"):
        with pytest.raises(Refused):
            rules.skipped_floors(wrong)


def test_years_floors_and_areas() -> None:
    assert rules.year(1998, TODAY) == 1998
    assert rules.year(None, TODAY) is None
    for wrong in (1799, 2027):
        with pytest.raises(Refused, match="建成年份"):
            rules.year(wrong, TODAY)
    assert rules.floor(-1) == -1
    for wrong in (0, 201, -10):
        with pytest.raises(Refused):
            rules.floor(wrong)
    for wrong_area in (Decimal(0), Decimal(-3), Decimal(100_000)):
        with pytest.raises(Refused):
            rules.area(wrong_area, 99_999)


def test_a_place_on_earth_is_whole_and_in_china() -> None:
    rules.position_on_earth(Decimal("115.97"), Decimal("40.45"))
    rules.position_on_earth(None, None)
    for pair in (
        (Decimal("115.97"), None),
        (None, Decimal(40)),
        (Decimal(40), Decimal("115.97")),
        (Decimal(116), Decimal(60)),
    ):
        with pytest.raises(Refused):
            rules.position_on_earth(*pair)


@pytest.mark.parametrize(
    ("typed", "words", "numbers"),
    [
        ("新兴小区12号楼3单元501室", "新兴小区", ("12", "3", "501")),
        ("xxxq12-3-501", "xxxq", ("12", "3", "501")),
        ("12-501", "", ("12", "501")),
        ("新兴小区", "新兴小区", ()),
        ("", "", ()),
    ],
)
def test_addresses_taken_apart(typed: str, words: str, numbers: tuple[str, ...]) -> None:
    assert rules.read_query(typed) == rules.AddressQuery(words, numbers)


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers(text: str) -> None:
    rules.read_query(text)
    rules.natural(text)
    rules.number_of(text)
    for reader in (rules.door, rules.split_doors, rules.skipped_floors, rules.floor_of_door):
        with contextlib.suppress(Refused):
            reader(text)


SQUARE = [[115.97, 40.45], [115.98, 40.45], [115.98, 40.46], [115.97, 40.46]]


def test_an_outline_is_closed_rounded_and_has_three_corners() -> None:
    assert rules.outline(None) is None
    assert rules.outline([*SQUARE, SQUARE[0]]) == SQUARE
    assert rules.outline([[115.9700000004, 40.45], *SQUARE[1:]]) == SQUARE
    for wrong in (
        SQUARE[:2],
        [SQUARE[0]] * 4,
        [[1, 2], [3, 4], [5, 6]],
        [["115.9", 40.4], [115, 40], [116, 40]],
        "POLYGON",
        [[True, 40.4], [115, 40], [116, 40]],
        SQUARE * 100,
    ):
        with pytest.raises(Refused):
            rules.outline(wrong)


def test_what_lies_inside_an_outline() -> None:
    assert rules.inside((115.975, 40.455), SQUARE)
    assert not rules.inside((115.985, 40.455), SQUARE)
    assert not rules.inside((115.975, 40.465), SQUARE)
    notched = [*SQUARE[:3], [115.975, 40.452], SQUARE[3]]
    assert not rules.inside((115.975, 40.459), notched)
    assert rules.inside((115.979, 40.456), notched)


@given(st.floats(115.9701, 115.9799), st.floats(40.4501, 40.4599))
def test_every_point_of_a_square_is_in_it_and_out_of_its_neighbour(x: float, y: float) -> None:
    assert rules.inside((x, y), SQUARE)
    assert not rules.inside((x + 0.01, y), SQUARE)


@pytest.mark.parametrize(
    ("door", "floor", "to", "there"),
    [
        ("501", 5, 6, "601"),
        ("1502", 15, 16, "1602"),
        ("3501", 5, 6, "3601"),
        ("902", 9, 10, "1002"),
        ("B101", -1, 1, ""),
        ("底商1号", 1, 2, ""),
    ],
)
def test_the_door_above(door: str, floor: int, to: int, there: str) -> None:
    assert rules.door_on_floor(door, floor, to) == there


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"company": ""}, "company"),
        ({"way": "abandoned"}, "company"),
        ({"contract_until": date(2020, 1, 1)}, "contract_until"),
        ({"fee": Decimal(250)}, "fee"),
    ],
)
def test_what_a_management_cannot_be(changes: dict, field: str) -> None:
    fine = {
        "way": "property",
        "company": "甲物业",
        "contract_until": date(2027, 1, 1),
        "fee": Decimal("1.2"),
        "since": date(2021, 1, 1),
    }
    rules.management(**fine)
    with pytest.raises(Refused) as refused:
        rules.management(**{**fine, **changes})
    assert refused.value.field == field

"""A street from above, a grid drawn by hand, a building on paper, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

COMMUNITY = "110119002001"
PAGES = (
    "/places/map/",
    f"/places/map/grids/{COMMUNITY}/",
    "/places/buildings/3/chart/",
    "/networks/",
    f"/networks/{COMMUNITY}/",
    "/lettings/",
    "/places/streets/",
)


def test_a_border_drawn_on_the_map_ticks_the_buildings_inside(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in("dongwai")
    visitor.go("/places/map/")
    page.get_by_role("link", name="划网格").click()
    page.wait_for_load_state("networkidle")
    area = page.locator("path.map-area").nth(1).bounding_box()
    assert area is not None
    page.get_by_role("button", name="画范围").click()
    west, north = area["x"] - 2, area["y"] - 2
    east, south = area["x"] + area["width"] + 2, area["y"] + area["height"] + 2
    for corner in ((west, north), (east, north), (east, south), (west, south)):
        page.mouse.click(*corner)
    page.get_by_role("button", name="画完").click()
    ticked = page.locator("input[name=buildings]:checked")
    inside = page.get_by_role("group", name="东外第二网格").locator("input[name=buildings]")
    number = inside.count()
    assert number > 2
    expect(ticked).to_have_count(number)
    page.get_by_label("划入哪个网格").select_option(label="东外第一网格")
    page.get_by_role("button", name="划入", exact=True).click()
    expect(page.get_by_text(f"已把 {number} 栋楼")).to_be_visible()


def test_a_building_prints_on_one_sheet_of_a3(visitor: Visitor) -> None:
    visitor.log_in("dongwai")
    visitor.go("/places/buildings/3/")
    paper = visitor.page.pdf(prefer_css_page_size=True, print_background=True)
    sizes = [
        (float(wide), float(high))
        for wide, high in re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", paper)
    ]
    # 420 × 297 mm in points.
    assert sizes
    assert all(abs(wide - 1190.6) < 2 and abs(high - 841.9) < 2 for wide, high in sizes), sizes


def test_the_pages_of_places_are_clean_for_axe_and_fit_a_phone(visitor: Visitor, phone: Visitor) -> None:
    visitor.log_in("dongwai")
    phone.log_in("dongwai")
    for path in PAGES:
        visitor.go(path)
        assert not visitor.axe(), path
        phone.go(path)
        wide = phone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path}: {wide}"

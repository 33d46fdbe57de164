"""The duty catalogue in a real browser: a draft edited by picking rows, the figures that open, the open pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

DISTRICT = "110119"
PAGES = (
    "/catalogue/",
    "/catalogue/mine/",
    "/catalogue/editions/",
    "/catalogue/editions/2/",
    "/catalogue/compare/1/2/?turn=merged",
    f"/catalogue/open/{DISTRICT}/",
    f"/catalogue/open/{DISTRICT}/changes/",
)


def test_a_draft_is_edited_by_picking_rows_and_given_up(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in("quji")
    visitor.go("/catalogue/editions/start/")
    page.get_by_role("button", name="起草").click()
    page.wait_for_load_state("networkidle")
    for title in ("居务公开", "居务档案管理"):
        page.get_by_role("checkbox", name=f"选择 {title}", exact=True).check()
    page.get_by_role("button", name="合并").click()
    page.wait_for_load_state("networkidle")
    page.get_by_label("原因").fill("同一批材料")
    page.get_by_role("button", name="合并").click()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("和上一版比：")).to_contain_text("合并 1 项")
    page.get_by_role("link", name="放弃草案").click()
    page.wait_for_load_state("networkidle")
    page.get_by_label("原因").fill("先不改")
    page.get_by_role("button", name="放弃").click()
    expect(page.get_by_text("已放弃草案")).to_be_visible()


def test_the_figures_of_the_reform_open_into_their_rows(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go(f"/catalogue/open/{DISTRICT}/changes/")
    expect(page.get_by_text("原来 246 项")).to_be_visible()
    page.get_by_role("link", name="139 取消").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("li.change")).to_have_count(139)


def test_the_pages_of_the_catalogue_are_clean_for_axe_and_fit_a_phone(
    visitor: Visitor, phone: Visitor
) -> None:
    visitor.log_in("dongwai")
    phone.log_in("dongwai")
    for path in PAGES:
        visitor.go(path)
        assert not visitor.axe(), path
        phone.go(path)
        wide = phone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path}: {wide}"

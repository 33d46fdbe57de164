"""Lists, rosters that come back and adjustment in a real browser; and that the pages of these rooms read well anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from linli.kernel.citizen_number import checksum
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

COMMUNITY = "110119002001"
DARK_AND_LARGE = """async () => {
    Object.assign(document.documentElement.dataset, {theme: 'dark', size: 'large'});
    await Promise.all(document.getAnimations().map((one) => one.finished));
}"""
# By who opens them.
PAGES = {
    "dongwai": (
        "/lists/",
        "/lists/new?subject=person",
        "/lists/table?subject=person&rows=region:grid&across=band:age:age_three",
        "/lists/pick?subject=person&kind=condition",
        "/returns/",
        "/matching/",
        "/changes/",
        "/quality/",
        f"/quality/{COMMUNITY}/",
        f"/networks/{COMMUNITY}/",
        "/people/100/marry/",
        "/people/100/birth/",
    ),
    "jiedao": ("/networks/", "/adjustment/", "/adjustment/plans/", "/adjustment/plans/1/"),
    "guanli": ("/sharing/", "/sharing/calls", "/lists/bands/"),
}


def _roster(path: Path, name: str, home: str, employer: str) -> None:
    """A filled roster of one resident."""
    book = Workbook()
    sheet = book.active
    sheet.append(["居民花名册"])
    sheet.merge_cells("A1:E1")
    sheet.append(["序号", "姓名", "公民身份号码", "现住地址", "工作单位"])
    body = "11022919800229001"
    sheet.append([1, name, body + checksum(body), home, employer])
    book.save(path)


@pytest.mark.parametrize("user", PAGES)
def test_pages_read_well_in_light_and_dark_large_type_and_on_a_phone(visitor: Visitor, user: str) -> None:
    page = visitor.page
    visitor.log_in(user)
    found = []
    for path in PAGES[user]:
        visitor.go(path)
        found += [f"{path}: {text}" for text in visitor.axe()]
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"{path}: scrolls sideways at {width}")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.evaluate(DARK_AND_LARGE)
        found += [f"{path} dark and large: {text}" for text in visitor.axe()]
    assert found == []


def test_a_table_opens_into_its_rows_and_is_kept(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in("dongwai")
    visitor.go("/lists/")
    page.locator("main a").filter(has_text="各社区人口年龄结构").first.click()
    cell = page.locator("main tbody td.num a").nth(2)
    number = cell.inner_text()
    cell.click()
    expect(page.get_by_text(f"共 {number}").first).to_be_visible()
    page.get_by_role("link", name="保存").click()
    page.get_by_label("名称").fill("走访用的名单")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="走访用的名单")).to_be_visible()
    expect(page.get_by_text(f"共 {number}").first).to_be_visible()
    page.get_by_role("link", name="定时送来").click()
    page.get_by_label(re.compile("用途")).fill("每周走访")
    page.get_by_role("button", name="开始定时").click()
    expect(page.get_by_text("每周一").first).to_be_visible()


def test_a_roster_comes_back_is_looked_through_and_taken_in(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    visitor.log_in("dongwai")
    visitor.go("/people/?standing=registered&age=60")
    home = page.locator("main table tbody td[data-label=住址]").first.inner_text()
    name = "钟离小满"
    file = tmp_path / "居民花名册.xlsx"
    _roster(file, name, home, "延庆区妫川物业")
    visitor.go("/returns/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("combobox", name=re.compile("哪个社区或街道的")).fill("东外社区")
    page.get_by_role("option", name="东外社区", exact=True).click()
    page.get_by_label(re.compile("谁给的")).fill("延庆区民政局")
    page.get_by_label(re.compile("来源种类")).select_option(index=1)
    page.get_by_role("button", name="上传并识别").click()
    expect(page.get_by_role("heading", name=re.compile("每一列是什么"))).to_be_visible()
    page.get_by_role("button", name="预览会改什么").click()
    expect(page.get_by_role("heading", name="会改什么")).to_be_visible()
    expect(page.get_by_text("还没有改动库里的内容")).to_be_visible()
    expect(page.locator("main table")).to_contain_text("延庆区妫川物业")
    page.get_by_role("button", name="确认入库").click()
    expect(page.get_by_role("heading", name="入库的结果")).to_be_visible()
    page.locator("main table td.title a").first.click()
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text(name)
    expect(drawer).to_contain_text("延庆区妫川物业")


def test_a_draft_shows_what_moving_a_building_does(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in("jiedao")
    visitor.go("/adjustment/plans/add/")
    page.get_by_label(re.compile("方案名称")).fill("旅途中的方案")
    area = page.get_by_role("combobox", name=re.compile("调整范围"))
    area.fill("香水园")
    page.get_by_role("option", name=re.compile("香水园街道")).first.click()
    page.get_by_role("button", name="新建").click()
    expect(page.get_by_role("heading", name="旅途中的方案")).to_be_visible()
    page.get_by_role("link", name="选楼栋划转").click()
    first = page.locator("main table tbody tr").first
    households = first.locator("td.num").first.inner_text()
    first.locator("input[type=checkbox]").check()
    page.get_by_label("划入的社区").select_option(label="川北东社区")
    page.get_by_role("button", name="划转", exact=True).click()
    expect(page.get_by_text("1 栋楼划入川北东社区")).to_be_visible()
    page.get_by_role("link", name="回到方案").click()
    table = page.locator("main table")
    for name, change in (("东外社区", f"-{households}"), ("川北东社区", f"+{households}")):
        expect(table.get_by_role("row", name=re.compile(f"^{name}"))).to_contain_text(change)
    page.get_by_role("link", name="影响").click()
    expect(page.get_by_text("工作人员").first).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("1 栋楼划入川北东社区")).to_have_count(0)

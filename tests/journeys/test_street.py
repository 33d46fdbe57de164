"""What a newcomer does in the first hour, in a real browser against the whole running system."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

PAGES = (
    "/",
    "/people/",
    "/people/100/",
    "/people/register/",
    "/people/households/",
    "/groups/",
    "/groups/low_income/",
    "/places/",
    "/places/buildings/",
    "/places/buildings/3/",
    "/places/homes/10/",
    "/organisations/",
    "/forms/",
    "/intake/",
    "/jobs/",
    "/notices",
    "/dictionary",
    "/dictionary/person",
    "/regions",
    "/regions/110119002001",
    "/calendar",
    "/me",
)


def _form(path: Path) -> Path:
    """A department's roster, written for this test."""
    book = Workbook()
    page = book.active
    page.title = "高龄老人"
    page.append(["80岁以上高龄老人花名册"])
    page.merge_cells("A1:H1")
    page.append(["序号", "姓名", "性别", "出生年月日", "身份证号码", "家庭住址", "联系电话", "健康等次"])
    for _number in range(5):
        page.append([None] * 8)
    book.save(path)
    return path


def test_from_the_login_to_a_home_on_the_building_chart(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.get_by_label("用户名").fill("dongwai")
    page.get_by_label("密码").fill("wrong-password")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("用户名或密码不正确")).to_be_visible()
    expect(page.get_by_label("用户名")).to_have_value("dongwai")
    visitor.log_in("dongwai")
    expect(page.get_by_role("heading", name="东外社区工作台")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="楼盘表").click()
    page.locator("main table tbody a").first.click()
    drawer = page.locator("#drawer")
    expect(page.get_by_text("楼层", exact=True).first).to_be_visible()
    page.locator("main a[href*='/homes/'][data-drawer]").filter(has_text="人").first.click()
    expect(drawer).to_be_visible()
    expect(drawer).to_contain_text("居住方式")


def test_a_form_is_filled_corrected_and_taken_away(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    visitor.log_in("dongwai")
    page.get_by_role("navigation").get_by_role("link", name="填表").click()
    page.locator("input[type=file]").set_input_files(_form(tmp_path / "高龄老人花名册.xlsx"))
    page.get_by_role("button", name="上传并识别").click()
    page.wait_for_url(re.compile(r"/forms/\d+/"))
    expect(page.get_by_text("80岁及以上").first).to_be_visible()
    expect(page.get_by_text("公民身份号码").first).to_be_visible()
    page.get_by_role("button", name="填写并生成文件").click()
    page.wait_for_url(re.compile(r"/forms/filled/\d+/"))
    with page.expect_download() as download:
        page.get_by_role("link", name="下载填好的表").click()
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    sheet = book["高龄老人"]
    rows = [row for row in sheet.iter_rows(min_row=3, values_only=True) if row[1]]
    assert len(rows) > 20
    visitor.go("/people/?standing=living&age=80")
    expect(page.get_by_text(f"共 {len(rows)} 人").first).to_be_visible()
    numbers = [str(row[4]) for row in rows if row[4]]
    assert all(re.fullmatch(r"\d{17}[\dX]", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    visitor.go(f"/people/?q={numbers[0]}")
    expect(page.locator("main table")).to_contain_text(str(rows[0][1]))
    assert all(row[7] is None for row in rows), "a column the base does not know stays blank"


def test_a_broken_file_is_told_in_one_sentence(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    visitor.log_in("dongwai")
    wrong = tmp_path / "其实是文档.xlsx"
    wrong.write_bytes(b"PK\x03\x04 this is no workbook")
    visitor.go("/forms/")
    page.locator("input[type=file]").set_input_files(wrong)
    page.get_by_role("button", name="上传并识别").click()
    expect(page.locator("main .errors, main .notice.danger").first).to_be_visible()


def test_looking_at_a_number_needs_a_purpose_and_is_recorded(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in("dongwai")
    visitor.go("/people/?standing=registered&age=60")
    page.locator("main table a[data-drawer]").first.click()
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text("********")
    drawer.get_by_role("link", name="申请查看").first.click()
    drawer.get_by_label(re.compile("用途")).fill("电话核实居住情况")
    drawer.locator("form button.primary, form button.button").first.click()
    expect(drawer).to_contain_text(re.compile(r"\d{17}[\dX]"))
    visitor.page.context.clear_cookies()
    visitor.log_in("shenji")
    visitor.go("/audit/disclosures")
    expect(page.locator("main table")).to_contain_text("电话核实居住情况")
    visitor.go("/audit/events")
    page.get_by_role("button", name="校验全部记录").click()
    expect(page.get_by_text("逐条校验无误")).to_be_visible()


def test_what_lies_outside_ones_area_does_not_exist(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in("chuanbei")
    visitor.go("/people/")
    expect(page.locator("main table")).to_contain_text("川北东")
    visitor.page.context.clear_cookies()
    visitor.log_in("dongwai")
    visitor.go("/people/")
    href = page.locator("main table a[data-drawer]").first.get_attribute("href")
    visitor.page.context.clear_cookies()
    visitor.log_in("chuanbei")
    answer = page.goto(visitor.base + str(href))
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("没有找到").first).to_be_visible()


def test_the_search_box_finds_people_homes_and_regions(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in("jiedao")
    box = page.locator("#global-search")
    box.fill("东外小区1号楼")
    expect(page.locator("#search-list")).to_contain_text("东外小区1号楼")
    box.fill("dongwai")
    expect(page.locator("#search-list")).to_contain_text("东外社区")
    box.press("Enter")
    page.wait_for_url(re.compile("/search"))
    expect(page.locator("main")).to_contain_text("东外社区")


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_clean_at_a_desk(visitor: Visitor, path: str) -> None:
    visitor.log_in("jiedao")
    visitor.go(path)
    assert visitor.axe() == []


def test_pages_do_not_scroll_sideways(phone: Visitor) -> None:
    page = phone.page
    phone.log_in("jiedao")
    wide = []
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for path in PAGES:
            phone.go(path)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append(f"{path} at {width}")
    assert wide == []


def test_dark_and_large_are_clean_and_kept(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in("jiedao")
    page.get_by_role("button", name="深色").click()
    page.get_by_role("button", name="大字").click()
    found = []
    for path in ("/", "/people/", "/places/buildings/3/", "/forms/", "/groups/"):
        visitor.go(path)
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
        assert page.evaluate("document.documentElement.dataset.size") == "large"
        found += [f"{path} {text}" for text in visitor.axe()]
    assert found == []

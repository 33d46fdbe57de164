"""What a form lacks is asked once on the phone; a standing ledger says what was so on a past day."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

FORM = "80周岁以上老年人巡视探访花名册"


def test_what_is_missing_is_asked_once_on_the_phone(phone: Visitor) -> None:
    """The blank goes to the phone, the answer to the base and from there into the form."""
    page = phone.page
    phone.log_in("chuanbei")
    phone.go("/form-tasks/asks/?all=1")
    assert not phone.axe()
    page.locator("ul.list a").first.click()
    expect(page.locator("section.ask").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    question = page.locator("section.ask", has=page.get_by_role("heading", name="联系电话"))
    name = page.locator("h1").inner_text()
    question.get_by_role("textbox", name="联系电话", exact=True).fill("打不通")
    question.get_by_role("button", name="保存").click()
    expect(question.get_by_role("alert")).to_be_visible()
    question.get_by_role("textbox", name="联系电话", exact=True).fill("13810007788")
    question.get_by_role("button", name="保存").click()
    expect(question.get_by_text("已存，登记库和等着的报表都填上了。")).to_be_visible()
    assert not phone.axe()
    page.get_by_role("link", name="登记的情况").click()
    expect(page.locator("body")).to_contain_text("138****7788")

    phone.go("/form-tasks/parts/")
    page.get_by_role("link", name=FORM).first.click()
    page.get_by_role("link", name="改动").click()
    row = page.locator("tr", has_text=name).filter(has_text="联系电话")
    expect(row).to_contain_text("138****7788")


def test_a_ledger_says_what_was_so_on_a_past_day(visitor: Visitor) -> None:
    """Today's list, the list of last year in the same shape, and what was written down since is not in it."""
    page = visitor.page
    visitor.log_in("dongwai")
    visitor.go("/form-tasks/ledgers/")
    assert not visitor.axe()
    page.get_by_role("link", name="80周岁以上老年人助餐台账", exact=True).click()
    expect(page.locator("table.sheet")).to_contain_text("中午送到家")
    here = page.url.split("?")[0].removeprefix(visitor.base)
    today = page.get_by_text(re.compile(r"共 [\d,]+ 条")).inner_text()
    visitor.go(f"{here}?on=2024-06-30")
    expect(page.get_by_text("正在看 2024-06-30 的情况")).to_be_visible()
    expect(page.locator("table.sheet")).not_to_contain_text("中午送到家")
    assert page.get_by_text(re.compile(r"共 [\d,]+ 条")).inner_text() != today
    assert not visitor.axe()
    with page.expect_download() as download:
        page.get_by_role("link", name="按原样导出").click()
    assert "2024-06-30" in download.value.suggested_filename

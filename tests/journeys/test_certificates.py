"""A resident asks for a certificate: the clerk finds it on the list, issues it, and a stranger checks it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import running
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey


def test_from_the_counter_to_the_check_by_a_stranger(visitor: Visitor, browser: Browser, base: str) -> None:
    page = visitor.page
    visitor.log_in("dongwai")
    visitor.go("/certificates/counter/")
    page.get_by_label("居民要什么证明？").fill("住址证明")
    page.get_by_role("button", name="查清单").click()
    expect(page.get_by_role("heading", name="居住情况证明")).to_be_visible()
    assert not visitor.axe()
    page.get_by_role("link", name="给居民开这个证明").first.click()
    page.get_by_role("combobox", name="居民", exact=False).fill("王")
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", name="登记的情况")).to_be_visible()
    if page.get_by_text("现在还不能开").count():
        pytest.fail("the demonstration's first 王 should have what a certificate needs")
    page.get_by_label("交给哪个单位").fill("延庆区第三小学")
    page.get_by_label("用途").fill("子女入学报名")
    page.get_by_role("button", name="下一步：核对正文").click()
    expect(page.get_by_text("特此证明。")).to_be_visible()
    page.get_by_role("link", name="出具并用印").click()
    page.get_by_role("button", name="出具", exact=True).click()
    expect(page.get_by_text("已出具，请打印、盖章后交给居民。")).to_be_visible()
    assert not visitor.axe()
    number = page.locator(".paper-number").inner_text().removeprefix("编号：")
    word = page.locator("dt:has-text('校验码') + dd").inner_text().strip()
    paper = page.context.request.get(page.url.split("?")[0] + "paper")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF-")

    context, outside = running.new_page(browser, width=390, height=844)
    outside.goto(f"{base}/certificates/check")
    outside.get_by_label("证明编号").fill(number)
    outside.get_by_label("校验码").fill(word)
    outside.get_by_role("button", name="核验").click()
    expect(outside.locator(".verdict")).to_have_text("有效")
    expect(outside.get_by_text(re.compile("王\\*"))).to_be_visible()
    assert outside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()

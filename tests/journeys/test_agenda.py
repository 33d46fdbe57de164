"""A department proposes, sees that the day is taken, moves it, fixes it; the community sees it, and tells what came unasked."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import running
from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey
COMMUNITY = "110119002011"  # 新兴西社区


def _day_of(calendar: str, title: str) -> date:
    """The day of an entry of an iCalendar file."""
    entry = next(part for part in calendar.replace("\r\n ", "").split("BEGIN:VEVENT") if title in part)
    found = re.search(r"DTSTART[^:]*:(\d{4})(\d\d)(\d\d)", entry)
    assert found is not None
    return date(*(int(part) for part in found.groups()))


def test_a_collision_is_seen_before_anything_is_fixed(phone: Visitor, browser: Browser, base: str) -> None:
    phone.log_in("xinxing")
    phone.go("/agenda/")
    calendar = phone.page.context.request.get(f"{base}/agenda/{COMMUNITY}/calendar.ics").text()
    taken = _day_of(calendar, "冬季防火安全检查")

    context, page = running.new_page(browser)
    desk = Visitor(page, base)
    desk.log_in("yingji")
    desk.go("/agenda/propose/")
    item = page.get_by_role("link", name="应急知识宣传和演练").first.get_attribute("href") or ""
    desk.go(f"{item}?street={COMMUNITY[:9]}")
    page.get_by_label("名称").fill("供暖季燃气安全讲座")
    page.get_by_label("目的").fill("讲一氧化碳中毒的预防，现场看报警器怎么装。")
    page.get_by_label("新兴西社区").check()
    page.get_by_label("都在同一天").check()
    page.get_by_label("最早哪天").fill(taken.isoformat())
    page.get_by_label("每天占用社区（小时）").fill("1")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text(re.compile(r"已有“.*防火安全")).first).to_be_visible()
    assert not desk.axe()
    better = page.get_by_role("link", name=re.compile("^新兴西社区 改到"))
    address = better.first.get_attribute("href") or ""
    desk.go(address)
    page.get_by_role("button", name="改期").click()
    expect(page.get_by_text("没有冲突").first).to_be_visible()
    page.get_by_role("button", name="全部确定").click()
    expect(page.get_by_text("已确定 1 个社区的会议，已通知社区。")).to_be_visible()
    context.close()

    moved = address.rpartition("day=")[2]
    phone.go(f"/agenda/{COMMUNITY}/week/?day={moved}")
    entry = phone.page.get_by_role("link", name="供暖季燃气安全讲座")
    expect(entry).to_be_visible()
    assert not phone.axe()
    phone.go(f"/agenda/{COMMUNITY}/unlisted/")
    phone.page.get_by_label("检查考核").check()
    phone.page.get_by_label("是什么检查、会议").fill("临时环境检查")
    phone.page.get_by_label("或填写单位名称").fill("延庆区某局")
    phone.page.get_by_label("一共用了（小时）").fill("1.5")
    phone.page.get_by_role("button", name="登记", exact=True).click()
    expect(phone.page.get_by_text("已登记，已告诉街道。")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

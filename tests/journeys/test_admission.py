"""Admission in a real browser: a department applies, the checks are seen, the street speaks, the office decides, the item is in force."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

TITLE = "高龄老人冬季探访"
PAPER = {"name": "通知.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 made up"}


def become(visitor: Visitor, username: str) -> None:
    """Somebody else sits down at the desk."""
    visitor.page.context.clear_cookies()
    visitor.log_in(username)


def press(visitor: Visitor, name: str) -> None:
    """Press a button and wait for the page."""
    visitor.page.get_by_role("button", name=name, exact=True).click()
    visitor.page.wait_for_load_state("networkidle")


def test_what_a_department_applies_for_is_in_force_once_the_office_admits_it(
    visitor: Visitor, phone: Visitor
) -> None:
    page, today = visitor.page, datetime.now(ZoneInfo("Asia/Shanghai")).date()
    visitor.log_in("minzheng")
    visitor.go("/admission/new/")
    for label, value in (
        ("事项名称", TITLE),
        ("要社区做什么", "入冬前上门看望独居的高龄老人，填探访表"),
        ("或：文件名称", "关于做好冬季探访的通知"),
        ("最多几次", "2"),
        ("每次每个社区要用多少小时", "3"),
        ("开始日期", today.isoformat()),
        ("结束日期", (today + timedelta(days=300)).isoformat()),
        ("随事项交给社区什么权限", "直接预约上门服务"),
        ("每期付给每个社区多少元", "200"),
        ("资金来源", "部门年度预算"),
        ("责任人", "郭晓峰"),
        ("联系电话", "010-69100000"),
    ):
        page.get_by_label(label).fill(value)
    page.get_by_label("发文层级").select_option("district")
    page.get_by_label("文件原件").set_input_files(PAPER)
    page.get_by_role("checkbox", name="香水园街道").check()
    page.get_by_role("checkbox", name="报表").check()
    press(visitor, "保存")
    address = page.url.removeprefix(visitor.base).partition("?")[0]
    visitor.go(f"{address}?tab=checks")
    expect(page.get_by_text("不符合", exact=True)).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("小时")
    press(visitor, "提交申请")

    become(visitor, "quji")
    visitor.go(f"{address}consult/")
    press(visitor, "受理并征求意见")

    phone.log_in("jiedao")
    phone.go(f"{address}opinion/")
    phone.page.get_by_label("同意", exact=True).check()
    press(phone, "提交意见")

    visitor.go(f"{address}decide/")
    page.get_by_label("准予准入（按下面的内容）").check()
    press(visitor, "审定")
    expect(page.get_by_text("已审定，申请部门会收到通知。")).to_be_visible()
    assert visitor.axe() == []
    visitor.go(f"/catalogue/?q={TITLE}")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()

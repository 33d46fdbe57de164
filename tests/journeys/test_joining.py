"""Two departments want much the same of the same people: they agree, a community fills it once, each receives its own form, one of them a
file with two lists."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, FilePayload, Page, expect

from linli.demo.form_tasks_making import rosters
from tests.journeys.conftest import Visitor
from tests.journeys.running import log_in, new_page

pytestmark = pytest.mark.journey

PLACE = "东外社区"
FIRST = "90周岁以上老年人救助走访花名册"
SECOND = "90周岁以上老年人辅具走访花名册"
WIDE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


ALSO = ("第二张", "60周岁以上老年人走访花名册", ("序号", "姓名", "性别", "现住址", "需要帮助的事"))


def workbook(title: str, headings: tuple[str, ...], *more: tuple[str, str, tuple[str, ...]]) -> FilePayload:
    lists = (("花名册", title, headings), *more)
    return {"name": f"{title}.xlsx", "mimeType": WIDE, "buffer": rosters(lists)}


def draft(page: Page, base: str, item: str, file: FilePayload) -> None:
    page.goto(f"{base}/form-tasks/new/")
    page.get_by_role("link", name=item, exact=True).click()
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button.primary").click()
    page.wait_for_url("**/form-tasks/tasks/*/")


def terms(page: Page, purpose: str) -> None:
    """To one community only."""
    page.get_by_label("列出哪个街道的社区").select_option(label="香水园街道")
    page.get_by_role("button", name="换街道").click()
    for box in page.locator("input[name=communities]:checked").all():
        box.uncheck()
    page.get_by_label(PLACE, exact=True).check()
    page.get_by_label("用途").fill(purpose)


def headings_of(page: Page) -> list[list[str]]:
    """The headings of each list that a department has received."""
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").first.click()
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    return [[str(cell.value) for cell in sheet[3] if cell.value] for sheet in book.worksheets]


def test_two_departments_ask_as_one(browser: Browser, base: str, visitor: Visitor, phone: Visitor) -> None:
    """Issued by one, joined by the other, agreed, filled and signed once; nobody gets what only the other asked."""
    first = visitor.page
    visitor.log_in("minzheng")
    mine = ("序号", "姓名", "身份证号", "现住址", "联系电话", "性别", "备注")
    draft(first, base, "协助社会救助入户走访和申请", workbook(FIRST, mine, ALSO))
    issued = first.url
    expect(first.get_by_text("认出 2 张表，一起下发、一起报回")).to_be_visible()
    assert not visitor.axe()
    first.get_by_role("link", name="下发", exact=True).click()
    terms(first, "冬季救助走访。")
    first.get_by_label("为什么还要再要一次").fill("上次要的是巡视探访，这次核对救助。")
    first.get_by_role("button", name="下发", exact=True).click()
    first.wait_for_url(issued)

    context, second = new_page(browser)
    log_in(second, base, "canlian")
    theirs = ("序号", "姓名", "身份证号", "现住址", "联系电话", "年龄", "备注")
    draft(second, base, "残疾人走访和需求了解", workbook(SECOND, theirs))
    drafted = second.url
    second.get_by_role("link", name="合并下发", exact=True).last.click()
    expect(second.get_by_text("同样的 4 项")).to_be_visible()
    terms(second, "辅具适配。")
    second.get_by_label("为什么合在一起").fill("要的是同一批老人。")
    second.get_by_role("button", name="提议合并").click()
    second.wait_for_url("**/form-tasks/joints/*/")
    joint = second.url.removeprefix(base)

    visitor.go(joint)
    expect(first.get_by_text("社区要填的表从 2 份变成 1 份")).to_be_visible()
    assert not visitor.axe()
    first.get_by_role("button", name="同意").click()
    expect(first.get_by_text("都同意了，已合并下发。")).to_be_visible()

    page = phone.page
    phone.log_in("dongwai")
    phone.go("/form-tasks/parts/")
    page.get_by_role("link", name=re.compile("90周岁以上.*等 2 份合并填报表")).click()
    part = page.url
    assert not phone.axe()
    page.get_by_role("button", name="签收，系统先填").click()
    page.wait_for_url("**/jobs/*/")
    page.get_by_role("link", name="查看结果").click(timeout=30_000)
    page.get_by_role("link", name=re.compile(f"^{ALSO[1]} ")).click()
    expect(page.get_by_role("columnheader", name="需要帮助的事")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert not phone.axe()
    page.get_by_role("link", name="提交审核").click()
    page.get_by_label("填报说明").fill("没有电话的，已请楼门长去问。")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url(part)

    other, head = new_page(browser)
    log_in(head, base, "dongwai.wang")
    head.goto(part)
    head.get_by_role("button", name="审核签字").click()
    head.get_by_role("dialog").get_by_role("button", name="确定").click()
    expect(head.get_by_role("button", name="审核签字")).to_have_count(0)

    first.goto(issued)
    assert headings_of(first) == [list(mine), list(ALSO[2])]
    second.goto(drafted)
    assert headings_of(second) == [list(theirs)]
    context.close()
    other.close()

"""How many presses a form takes: one that is new, one that was seen before, and the one that comes every month."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Download, Locator, Page, expect

from tests.journeys.conftest import Visitor

pytestmark = pytest.mark.journey

# The form of which users complained that eleven of its twelve columns are basics that never change.
ALLOWANCE = (
    "序号",
    "姓名",
    "性别",
    "民族",
    "身份证号码",
    "出生日期",
    "文化程度",
    "婚姻状况",
    "家庭住址",
    "联系电话",
    "低保类别",
    "本月变动情况",
)


@dataclass
class Presses:
    """Everything that a hand does on a page, counted: presses of buttons and links, and of the place to pick a file."""

    page: Page
    made: int = 0

    def press(self, what: Locator) -> None:
        """One press."""
        self.made += 1
        what.click()

    def pick(self, file: Path) -> None:
        """Pick a file: one press opens the window that picks it."""
        with self.page.expect_file_chooser() as chooser:
            self.press(self.page.locator("input[type=file]").first)
        chooser.value.set_files(file)

    def take(self, what: Locator) -> Download:
        """One press after which a file comes."""
        with self.page.expect_download() as download:
            self.press(what)
        return download.value


def blank(path: Path, title: str, headings: tuple[str, ...]) -> Path:
    book = Workbook()
    sheet: Any = book.active
    sheet.append([title])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headings))
    sheet.append(list(headings))
    for _ in range(5):
        sheet.append([None] * len(headings))
    book.save(path)
    return path


def rows_of(download: Download) -> list[tuple[Any, ...]]:
    book = load_workbook(BytesIO(Path(download.path()).read_bytes()))
    return [row for row in book.worksheets[0].iter_rows(min_row=3, values_only=True) if row[1]]


def test_a_new_form_takes_at_most_five_presses_and_a_seen_one_three(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    visitor.log_in("dongwai")
    visitor.go("/forms/")
    file = blank(
        tmp_path / "高龄.xlsx", "80周岁以上老年人巡访表", ("序号", "姓名", "性别", "年龄", "联系电话")
    )
    new = Presses(page)
    new.pick(file)
    new.press(page.get_by_role("button", name="上传并识别"))
    new.press(page.get_by_role("button", name="填写并生成文件"))
    first = new.take(page.get_by_role("link", name="下载填好的表"))
    assert new.made <= 5
    assert len(rows_of(first)) > 20

    visitor.go("/forms/")
    seen = Presses(page)
    seen.pick(file)
    again = seen.take(page.get_by_role("button", name="上传并识别"))
    assert seen.made <= 3
    assert rows_of(again) == rows_of(first)
    expect(page.get_by_text("文件正在下载")).to_be_visible()
    assert not visitor.axe()


def test_the_monthly_allowance_form_takes_one_press(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    visitor.log_in("dongwai")
    visitor.go("/forms/")
    page.locator("input[type=file]").set_input_files(
        blank(tmp_path / "低保.xlsx", "城市低保人员花名册", ALLOWANCE)
    )
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_role("button", name="填写并生成文件").click()
    page.wait_for_url(re.compile(r"/forms/filled/\d+/"))

    visitor.go("/forms/")
    assert not visitor.axe()
    monthly = Presses(page)
    line = page.locator("li", has=page.locator("form[action$=again]")).filter(has_text="城市低保人员花名册")
    rows = rows_of(monthly.take(line.get_by_role("button", name="填今天的")))
    assert monthly.made == 1
    assert rows
    for column, heading in enumerate(ALLOWANCE[:-1]):
        held = sum(row[column] not in (None, "") for row in rows)
        assert held * 10 >= len(rows) * 9 or heading == "联系电话", (heading, held, len(rows))
    assert all(row[-1] is None for row in rows), "what happened this month nobody has recorded"

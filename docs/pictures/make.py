"""Takes the pictures of the documents from a real installation with the demonstration street.

    make docs-pictures                                  all of them
    .venv/bin/python -m docs.pictures.make phone dark   some of them

Everybody in the pictures is made up, and numbers are masked on every page.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from playwright.sync_api import Browser, FilePayload, Locator, Page

from docs.pictures.shrink import save_small
from linli.kernel.citizen_number import checksum
from tests.journeys.running import browsing, log_in, new_page, serving

HERE = Path(__file__).resolve().parent
BUILDING = "东外南区1号楼"
TITLE = "60岁以上老年人情况登记表"
HEADINGS = (
    "序号",
    "姓名",
    "性别",
    "出生日期",
    "身份证号码",
    "文化程度",
    "婚姻状况",
    "家庭住址",
    "联系电话",
    "是否独居",
    "是否低保",
    "兴趣爱好",
    "备注",
)
OWN_OPTIONS = '"甲档,乙档,丙档"'
# A citizen number with its birth date in the middle, or a mobile number, in plain sight.
PLAIN_NUMBER = re.compile(r"(?<!\d)(?:[1-9]\d{16}[\dXx]|1[3-9]\d{9})(?!\d)")


class Desk:
    """A browser with one visitor at a time, and the way to keep a picture."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser = browser
        self.base = base
        self.blank = browser.new_page()
        self.visitors: dict[tuple[str, int, int], Page] = {}

    def visit(self, path: str = "/", *, user: str = "dongwai", width: int = 1440, height: int = 900) -> Page:
        """A page of the product, seen by a user of the demonstration."""
        key = (user, width, height)
        if key not in self.visitors:
            _, page = new_page(self.browser, width=width, height=height)
            log_in(page, self.base, user)
            self.visitors[key] = page
        page = self.visitors[key]
        answer = page.goto(self.base + path)
        if answer is None or not answer.ok:
            raise RuntimeError(f"{path} 打不开（{answer.status if answer else '没有回答'}）")
        return page

    def keep(self, page: Page, name: str) -> None:
        """Write what is on the screen as docs/pictures/<name>.png."""
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        page.mouse.move(0, 0)
        page.wait_for_timeout(500)
        shown = PLAIN_NUMBER.search(page.locator("body").inner_text())
        if shown:
            raise RuntimeError(f"{name}：页面上有没遮住的号码")
        target = HERE / f"{name}.png"
        save_small(self.blank, page.screenshot(animations="disabled", caret="hide"), target)
        print(f"{target.name}  {target.stat().st_size / 1024:.0f} KB", flush=True)  # noqa: T201


# -- the pictures -----------------------------------------------------------------------------------------


def workbench(desk: Desk) -> None:
    """The first page after login."""
    page = desk.visit()
    page.locator("canvas").first.wait_for()
    desk.keep(page, "workbench")


def building_chart(desk: Desk) -> None:
    """Who lives where in one building."""
    desk.keep(_chart(desk.visit("/places/buildings/")), "building-chart")


def home_drawer(desk: Desk) -> None:
    """A home of the chart, opened beside it."""
    page = _chart(desk.visit("/places/buildings/"))
    page.locator(".building-chart a", has_text="空巢老人").first.click()
    _drawer(page)
    desk.keep(page, "home-drawer")


def dark(desk: Desk) -> None:
    """The chart in the dark theme."""
    page = _chart(desk.visit("/places/buildings/"))
    switch = page.get_by_role("button", name="深色")
    switch.click()
    desk.keep(page, "dark")
    switch.click()


def phone(desk: Desk) -> None:
    """The workbench on a phone."""
    desk.keep(desk.visit(width=390, height=844), "phone")


def form_confirm(desk: Desk) -> None:
    """What was recognised in an uploaded form."""
    desk.keep(_recognised(desk), "form-confirm")


def form_correct(desk: Desk) -> None:
    """Saying what a column asks."""
    page = _recognised(desk)
    page.get_by_role("link", name="更正“兴趣爱好”").click()
    _drawer(page)
    desk.keep(page, "form-correct")


def form_filled(desk: Desk) -> None:
    """The filled form."""
    page = _recognised(desk)
    page.get_by_role("button", name="填写并生成文件").click()
    page.wait_for_url("**/forms/filled/**")
    desk.keep(page, "form-filled")


def form_options(desk: Desk) -> None:
    """Setting a form's own drop-down against the base's values."""
    page = desk.visit("/forms/")
    file = _workbook(f"{TITLE}.xlsx", empty_form(own_options=True))
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_role("link", name="对选项：文化程度").click()
    _drawer(page)
    desk.keep(page, "form-options")


def dictionary(desk: Desk) -> None:
    """The facts about residents, with their names and sources."""
    desk.keep(desk.visit("/dictionary/person"), "dictionary")


def calendar(desk: Desk) -> None:
    """The working calendar, seen by the administrator."""
    desk.keep(desk.visit("/calendar", user="guanli"), "calendar")


def users(desk: Desk) -> None:
    """Accounts and posts."""
    desk.keep(desk.visit("/users", user="guanli"), "users")


def people_list(desk: Desk) -> None:
    """Residents, masked."""
    desk.keep(desk.visit("/people/"), "people-list")


def person_drawer(desk: Desk) -> None:
    """One resident beside the list."""
    page = desk.visit("/people/")
    page.locator("main table tbody a").first.click()
    _drawer(page)
    desk.keep(page, "person-drawer")


def groups(desk: Desk) -> None:
    """The groups and how many are in each."""
    desk.keep(desk.visit("/groups/"), "groups")


def register(desk: Desk) -> None:
    """Registering begins with a search."""
    desk.keep(desk.visit("/people/register/"), "register")


def catalogue(desk: Desk) -> None:
    """What departments may ask of communities."""
    desk.keep(desk.visit("/catalogue/"), "catalogue")


def admission(desk: Desk) -> None:
    """A department's applications."""
    desk.keep(desk.visit("/admission/", user="minzheng"), "admission")


def agenda(desk: Desk) -> None:
    """A community's month of inspections and meetings."""
    desk.keep(desk.visit("/agenda/", user="dongwai"), "agenda")


def certificates(desk: Desk) -> None:
    """Asking first whether something may be certified at all."""
    page = desk.visit("/certificates/counter/?q=亲属关系", user="dongwai")
    desk.keep(page, "certificates")


def form_tasks(desk: Desk) -> None:
    """The forms a department has sent out."""
    desk.keep(desk.visit("/form-tasks/tasks/", user="minzheng"), "form-tasks")


def joint(desk: Desk) -> None:
    """Two departments' forms asked as one: each content once, with who needs it."""
    page = desk.visit("/form-tasks/joints/", user="minzheng")
    page.locator("main table tbody a").first.click()
    page.get_by_role("link", name="合并后要什么").click()
    page.get_by_role("heading", name="哪些社区").wait_for()
    desk.keep(page, "joint")


def ledger(desk: Desk) -> None:
    """A form kept as a standing ledger."""
    page = desk.visit("/form-tasks/ledgers/", user="dongwai")
    page.locator("main table tbody a").first.click()
    page.wait_for_url("**/form-tasks/ledgers/**")
    page.locator("main h1").first.wait_for()
    desk.keep(page, "ledger")


def ask(desk: Desk) -> None:
    """What forms still lack, asked on the phone."""
    desk.keep(desk.visit("/form-tasks/asks/?all=1", user="dongwai", width=390, height=844), "ask")


def import_result(desk: Desk) -> None:
    """What an import did: two people in, one row sent back. Last, for it changes what the others show."""
    page = desk.visit("/intake/")
    community = page.locator("main").get_by_role("combobox").first
    community.fill("东外社区")
    page.get_by_role("option", name="东外社区").first.click()
    page.locator("input[type=file]").set_input_files(_workbook("沈家.xlsx", residents()))
    page.get_by_role("button", name="上传并导入").click()
    page.get_by_role("link", name="退回的行").wait_for(timeout=60_000)
    page.reload()  # without the message that it has begun
    desk.keep(page, "import")


PICTURES: dict[str, Callable[[Desk], None]] = {
    "workbench": workbench,
    "building-chart": building_chart,
    "home-drawer": home_drawer,
    "dark": dark,
    "phone": phone,
    "form-confirm": form_confirm,
    "form-correct": form_correct,
    "form-filled": form_filled,
    "form-options": form_options,
    "dictionary": dictionary,
    "calendar": calendar,
    "users": users,
    "people-list": people_list,
    "person-drawer": person_drawer,
    "groups": groups,
    "register": register,
    "catalogue": catalogue,
    "admission": admission,
    "agenda": agenda,
    "certificates": certificates,
    "form-tasks": form_tasks,
    "joint": joint,
    "ledger": ledger,
    "ask": ask,
    "import": import_result,
}


# -- steps that several pictures share --------------------------------------------------------------------


def _chart(page: Page) -> Page:
    page.get_by_role("link", name=BUILDING).first.click()
    page.get_by_role("heading", name=BUILDING).wait_for()
    return page


def _drawer(page: Page) -> Locator:
    drawer = page.locator("#drawer[open]")
    drawer.locator("h1, h2").first.wait_for()
    return drawer


def _recognised(desk: Desk) -> Page:
    page = desk.visit("/forms/")
    page.locator("input[type=file]").set_input_files(_workbook(f"{TITLE}.xlsx", empty_form()))
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_role("button", name="填写并生成文件").wait_for()
    return page


def _workbook(name: str, data: bytes) -> FilePayload:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": name, "mimeType": kind, "buffer": data}


def residents() -> bytes:
    """Three rows to import, the last with a wrong number. The people are made up."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    home = ("东外南区", "1号楼", "4单元", "601")
    number = "11022919900101002"
    for row in (
        ("小区", "楼栋", "单元", "门牌号", "姓名", "证件号码", "与户主关系", "入住日期"),
        (*home, "沈若兰", number + checksum(number), "户主", "2026-11-01"),
        (*home, "沈望山", "", "父亲", "2026-11-01"),
        (*home, "沈小满", number + "A", "长女", "2026-11-01"),
    ):
        sheet.append(row)
    sheet.cell(1, 9, "出生日期")
    sheet.cell(3, 9, "1962-05-04")
    return _bytes_of(book)


def _bytes_of(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def empty_form(*, own_options: bool = False) -> bytes:
    """A department's empty form, written for these pictures: title, unit line, headings, five bordered rows; with a drop-down in the
    department's own words, if wanted."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "登记表"
    last = len(HEADINGS)
    sheet.cell(1, 1, TITLE).font = Font(size=18, bold=True)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center")
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=last)
    sheet.cell(2, 1, "填报单位：")
    thin = Border(*(Side("thin"),) * 4)
    for column, heading in enumerate(HEADINGS, start=1):
        sheet.cell(3, column, heading).font = Font(bold=True)
        for row in range(3, 9):
            sheet.cell(row, column).border = thin
    if own_options:
        letter = get_column_letter(HEADINGS.index("文化程度") + 1)
        listed = DataValidation(type="list", formula1=OWN_OPTIONS)
        listed.add(f"{letter}4:{letter}8")
        sheet.add_data_validation(listed)
    return _bytes_of(book)


def main(names: list[str]) -> int:
    """Take the named pictures, all without names; returns an exit code."""
    unknown = [name for name in names if name not in PICTURES]
    if unknown:
        print(f"没有名为 {'、'.join(unknown)} 的图。可画的有：{'、'.join(PICTURES)}", file=sys.stderr)  # noqa: T201
        return 2
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="linli-pictures-"))
        base = stack.enter_context(serving(Path(folder) / "home"))
        desk = Desk(stack.enter_context(browsing()), base)
        for name in names or PICTURES:
            PICTURES[name](desk)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

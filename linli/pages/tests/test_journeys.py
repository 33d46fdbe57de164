"""The kit in a real browser: what script does, and that everything works without it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from linli.access.models import Role, User
from linli.pages import context, nav, search
from linli.pages.kit import SAMPLES
from linli.pages.models import SavedView
from linli.pages.tests.conftest import person

FRONTEND = Path(__file__).resolve().parents[3] / "frontend"
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
BUILT = Path(__file__).resolve().parents[1] / "static" / "built" / "app.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here"),
    pytest.mark.skipif(not BUILT.exists(), reason="the front end is not built"),
]
PAGES = ["/kit", "/kit/upload", "/kit/list", "/kit/people/3", "/kit/edit", "/search?q=王"]
MODES = [
    ("light", 1440, {}),
    ("dark", 1440, {"theme": "dark"}),
    ("large", 1440, {"size": "large"}),
    ("phone", 390, {}),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def user(transactional_db: None) -> User:
    return person("admin", "周建国", Role.ADMINISTRATOR)


class Visit:
    """Opens pages as a user and notes what the browser complains about."""

    def __init__(self, browser: Any, base: str, user: User) -> None:
        client = Client()
        client.force_login(user)
        self.cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base}
        self.browser, self.base = browser, base
        self.complaints: list[str] = []
        self.contexts: list[Any] = []

    def open(self, path: str, *, width: int = 1440, script: bool = True, **kept: str) -> Any:
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, locale="zh-CN"
        )
        context.add_cookies([self.cookie])
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self.note)
        if kept:
            page.goto(f"{self.base}/login")
            for key, value in kept.items():
                page.evaluate("([key, value]) => localStorage.setItem('linli-' + key, value)", [key, value])
        page.goto(f"{self.base}{path}")
        return page

    def note(self, message: Any) -> None:
        if message.type == "error" and "422" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture
def visit(browser: Any, live_server: Any, user: User) -> Iterator[Visit]:
    nav.register(nav.NavItem("", "工作台", "home", "layout-dashboard"))
    nav.register(nav.NavItem("人房底数", "居民", "kit_list", "users", badge=lambda user: 47))
    context.register_bell(lambda user: 3, "kit_list")
    search.register(
        "people",
        "居民",
        lambda user, query, limit: [
            search.Hit(one.name, one.home, one.get_absolute_url(), "user")
            for one in SAMPLES
            if query in one.name
        ][:limit],
    )
    visit = Visit(browser, live_server.url, user)
    yield visit
    for one in visit.contexts:
        one.close()
    assert visit.complaints == []


def until(page: Any, condition: str) -> None:
    """Wait for a condition by asking from outside: the page's own policy forbids evaluating text inside."""
    for _attempt in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never became true: {condition}")


def axe(page: Any) -> list[str]:
    page.wait_for_timeout(500)
    page.evaluate(AXE.read_text("utf-8") + ";0")
    return page.evaluate(
        "async () => (await axe.run()).violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.html.slice(0, 200)))"
    )


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed")
@pytest.mark.parametrize(("mode", "width", "kept"), MODES, ids=[m[0] for m in MODES])
def test_axe_finds_nothing(visit: Visit, mode: str, width: int, kept: dict[str, str]) -> None:
    for path in PAGES:
        page = visit.open(path, width=width, **kept)
        assert axe(page) == [], path
        page.context.close()
    page = visit.open("/kit/list", width=width, **kept)
    page.locator("[data-pick]").nth(1).check()
    page.locator("td.title a").nth(2).click()
    page.locator("#drawer .tabs").wait_for()
    assert axe(page) == []


def test_nothing_scrolls_sideways_on_the_smallest_phone(visit: Visit) -> None:
    for kept in ({}, {"size": "large"}):
        for path in PAGES:
            page = visit.open(path, width=320, **kept)
            page.wait_for_timeout(300)
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, (path, kept)
            page.context.close()


def test_filters_sorting_and_paging_change_only_the_rows_and_the_address(visit: Visit) -> None:
    page = visit.open("/kit/list")
    page.evaluate("window.untouched = true")
    page.select_option("#id_kind", "floating")
    page.wait_for_url("**/kit/list?kind=floating")
    page.fill("#id_q", "英")
    page.click("text=查询")
    page.wait_for_url(lambda url: "q=" in url and "kind=floating" in url and "grid" not in url)
    found = [one for one in SAMPLES if one.kind == "floating" and "英" in one.name]
    until(page, f"document.querySelectorAll('[data-pick]').length === {min(20, len(found))}")
    page.click("#sort-age")
    page.wait_for_url("**&sort=age")
    page.locator("th[aria-sort=ascending]").wait_for()
    assert page.evaluate("document.activeElement.id") == "sort-age"
    page.goto(f"{visit.base}/kit/list")
    page.evaluate("window.untouched = true")
    page.click("#page-after")
    page.wait_for_url("**page=2")
    page.locator("text=第 21–40").wait_for()
    assert page.evaluate("window.untouched")
    page.go_back()
    page.locator("text=第 1–20").wait_for()


def test_rows_are_picked_and_a_batch_action_asks_first(visit: Visit) -> None:
    page = visit.open("/kit/list")
    assert not page.locator(".batch-bar").is_visible()
    page.locator("[data-pick-all]").check()
    page.locator("text=选择全部 130").click()
    assert page.locator("[data-picked]").inner_text() == "130"
    page.click("text=取消选择")
    assert not page.locator(".batch-bar").is_visible()
    boxes = page.locator("[data-pick]")
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    assert page.locator("[data-picked]").inner_text() == "4"
    page.click("text=分配网格员")
    page.click("dialog >> text=取消")
    assert page.url.endswith("/kit/list")
    page.click("text=分配网格员")
    page.click("dialog >> text=确定")
    page.locator("text=assign 4").wait_for()


def test_the_drawer_opens_holds_a_form_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit.open("/kit/list")
    link = page.locator("td.title a").nth(2)
    name = link.inner_text()
    link.press("Enter")
    page.locator("#drawer h2", has_text=name).wait_for()
    page.keyboard.press("Escape")
    until(page, "!document.getElementById('drawer').open")
    assert page.evaluate("document.activeElement.textContent") == name
    link.click()
    page.click("#drawer >> text=编辑")
    page.fill("#drawer #id_name", "测试")
    page.click("#drawer >> text=保存")
    page.locator("#drawer .errors").first.wait_for()
    assert page.input_value("#drawer #id_name") == "测试"
    until(page, "document.activeElement.getAttribute('aria-invalid') === 'true'")
    page.fill("#drawer #id_name", "王玉梅")
    page.fill("#drawer #id_number", "11011919700101001X")
    page.fill("#drawer #id_born", "1970-01-01")
    page.fill("#drawer #id_region", "高塔")
    page.keyboard.press("Enter")
    page.check("#drawer #id_sex_1")
    page.check("#drawer #id_agreed")
    page.click("#drawer >> text=保存")
    page.locator(".toast", has_text="已保存").wait_for()
    until(page, "!document.getElementById('drawer').open")


def test_a_combobox_is_worked_by_keys(visit: Visit) -> None:
    page = visit.open("/kit/edit")
    page.focus("#id_region")
    page.keyboard.type("社区")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#id_region") == "恒安社区"
    assert page.eval_on_selector("select[name=region]", "one => one.value") == "003"
    page.fill("#id_region", "没有的")
    page.keyboard.press("Tab")
    until(page, "document.getElementById('id_region').value === '恒安社区'")


def test_the_search_suggests_and_follows_the_arrow_keys(visit: Visit) -> None:
    page = visit.open("/kit")
    page.keyboard.press("/")
    page.wait_for_function("document.activeElement.id === 'global-search'")
    page.locator("#global-search").press_sequentially("王秀", delay=60)
    page.locator("#search-list [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kit/people/*")


def test_theme_and_size_are_kept_and_the_phone_has_its_sidebar(visit: Visit) -> None:
    page = visit.open("/kit/list", width=390)
    assert not page.locator(".side a").first.is_visible()
    page.click(".nav-toggle")
    page.locator(".side a").first.wait_for()
    page.keyboard.press("Escape")
    page.locator(".side a").first.wait_for(state="hidden")
    page.click("[data-switch='theme:dark']")
    page.click("[data-switch='size:large']")
    page.reload()
    assert page.evaluate(
        "[document.documentElement.dataset.theme, document.documentElement.dataset.size]"
    ) == [
        "dark",
        "large",
    ]
    assert page.get_attribute("[data-switch='theme:dark']", "aria-pressed") == "true"


def test_a_view_is_saved_with_the_filters_of_now(visit: Visit) -> None:
    page = visit.open("/kit/list")
    page.select_option("#id_kind", "floating")
    page.wait_for_url("**kind=floating")
    page.click("text=常用视图")
    page.fill("[aria-label=视图名称]", "流动人口")
    page.click(".save >> text=保存")
    page.locator("text=已保存视图").wait_for()
    assert SavedView.objects.get().query == "kind=floating"


def test_everything_works_without_script(visit: Visit) -> None:
    page = visit.open("/kit/list", script=False)
    page.select_option("#id_kind", "floating")
    page.click("text=查询")
    assert "kind=floating" in page.url
    page.locator("[data-pick]").nth(0).check()
    page.click("text=打标签")
    assert "tag 1" in page.content()
    page.go_back()
    page.locator("td.title a").first.click()
    assert "/kit/people/" in page.url
    page.goto(f"{visit.base}/kit/edit")
    page.fill("#id_name", "测试")
    page.select_option("select[name=region]", "002")
    page.click("main >> text=保存")
    assert page.input_value("#id_name") == "测试"
    assert page.locator(".errors").count() >= 3
    page.fill("#global-search", "王秀英")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    assert "川北小区" in page.content()


def test_a_file_is_sent_with_its_errors_and_its_message(visit: Visit) -> None:
    page = visit.open("/kit/upload")
    page.set_input_files(
        "input[type=file]", {"name": "名册.docx", "mimeType": "application/x", "buffer": b"1" * 100}
    )
    page.click("main >> text=上传")
    page.locator(".errors", has_text="请上传 .xlsx 格式").wait_for()
    page.set_input_files(
        "input[type=file]", {"name": "名册.xlsx", "mimeType": "application/x", "buffer": b"1" * 100}
    )
    page.click("main .primary")
    page.wait_for_url("**/kit/list")
    page.locator(".messages", has_text="文件已收下。").wait_for()

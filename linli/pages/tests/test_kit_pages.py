"""The screens of the kit, through the catalogue."""

from __future__ import annotations

import json
import re

import django_tables2 as tables
import pytest
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template import engines
from django.test import Client, RequestFactory

from linli.access.models import Permission, User
from linli.audit.recording import RuleError
from linli.pages import actions, context, errors, nav, search
from linli.pages.cells import rows as table_rows
from linli.pages.kit import SAMPLES, SampleForm
from linli.pages.models import SavedView
from linli.pages.tables import Table
from linli.pages.views import HistoryTab, put_error

ROWS = {"HX-Request": "true", "HX-Target": "div#rows"}
DRAWER = {"HX-Request": "true", "HX-Target": "div#drawer-body"}
EVERY = ["/", "/kit", "/kit/upload", "/kit/list", "/kit/edit", "/kit/people/3", "/search?q=王"]


@pytest.mark.parametrize("url", EVERY)
def test_pages_hold_nothing_inline(admin_client: Client, url: str) -> None:
    answer = admin_client.get(url)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:|hx-on", page)
    for script in re.findall(r"<script[^>]*>", page):
        assert "src=" in script or 'type="application/json"' in script
    assert answer["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize("url", EVERY)
def test_no_template_is_left_unrendered(admin_client: Client, url: str) -> None:
    page = admin_client.get(url).content.decode()
    assert "{{" not in page
    assert "{%" not in page
    assert "<c-" not in page
    ids = re.findall(r'\sid="([^"]+)"', page.split("有错误的表单")[0])
    assert len(ids) == len(set(ids))


def test_strangers_are_sent_to_the_login(client: Client, db: None) -> None:
    answer = client.get("/kit/list?q=王")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login?next=/kit/list")
    assert client.get("/kit/list", headers=ROWS)["HX-Refresh"] == "true"
    assert client.get("/search").status_code == 302


def test_the_catalogue_is_for_administrators(client: Client, worker: User) -> None:
    client.force_login(worker)
    answer = client.get("/kit")
    assert answer.status_code == 403
    assert "没有权限" in answer.content.decode()


def test_a_fragment_is_only_the_rows_and_is_not_stored(admin_client: Client) -> None:
    whole, rows = admin_client.get("/kit/list"), admin_client.get("/kit/list", headers=ROWS)
    assert b"<html" in whole.content
    assert b"<html" not in rows.content
    assert b"<linli-rows>" in rows.content
    for answer in (whole, rows):
        assert "HX-Request" in answer["Vary"]
        assert answer["Cache-Control"] == "no-store"


def test_filters_sorting_and_pages_stay_in_the_address(admin_client: Client) -> None:
    page = admin_client.get("/kit/list?kind=floating&sort=age&per_page=20").content.decode()
    wanted = [one for one in SAMPLES if one.kind == "floating"]
    assert f"共 <b>{len(wanted)}</b>" in page
    assert 'value="floating" selected' in page
    assert "kind=floating&amp;sort=age&amp;per_page=20&amp;page=2" in page
    assert 'aria-sort="ascending"' in page
    assert "kind=floating&amp;sort=-age" in page


@pytest.mark.parametrize(
    "query",
    ["page=-3", "page=99999999999999999999", "page=x", "per_page=7", "sort=nothing", "age=x", "q=%00"],
)
def test_nonsense_in_the_address_is_answered(admin_client: Client, query: str) -> None:
    assert admin_client.get(f"/kit/list?{query}").status_code == 200


def test_nothing_found_says_what_to_do(admin_client: Client) -> None:
    page = admin_client.get("/kit/list?q=查无此人").content.decode()
    assert "没有符合条件的结果" in page
    assert "清空条件" in page


def test_the_same_record_is_a_page_and_a_drawer(admin_client: Client) -> None:
    page = admin_client.get("/kit/people/3").content.decode()
    drawer = admin_client.get("/kit/people/3?tab=visits", headers=DRAWER).content.decode()
    assert "<h1>" in page
    assert SAMPLES[2].name in page
    assert "<html" not in drawer
    assert "上门走访" in drawer
    assert re.search(r'aria-current="page"[^>]*>服务记录', drawer)
    assert admin_client.get("/kit/people/3000").status_code == 404


def _filled(**other: str) -> dict[str, str]:
    return {
        "name": "测试",
        "number": "11011919700101001X",
        "born": "1970-01-01",
        "kind": "present",
        "region": "001",
        "sex": "1",
        "agreed": "on",
    } | other


def test_a_form_keeps_its_values_and_focuses_the_first_error(admin_client: Client) -> None:
    answer = admin_client.post("/kit/edit", _filled(name="王玉梅", number="12"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="王玉梅"' in page
    assert "身份证号应为 18 位" in page
    assert re.search(r'name="number"[^>]*autofocus', page)
    assert page.count(" autofocus") == 1
    assert re.search(r'name="number"[^>]*aria-describedby="id_number_error"', page)
    assert 'id="id_number_error"' in page


def test_an_empty_field_says_so_plainly(admin_client: Client) -> None:
    page = admin_client.post("/kit/edit", {}).content.decode()
    assert "请填写或选择这一项。" in page
    assert "字段" not in page


def test_what_a_rule_refuses_stands_beside_its_field(admin_client: Client) -> None:
    page = admin_client.post("/kit/edit", _filled()).content.decode()
    assert re.search(r'id="id_name_error"><li>.*?请填写真实姓名。', page, re.S)
    assert admin_client.post("/kit/edit", _filled(name="王玉梅"))["Location"] == "/kit/list"


def test_a_drawer_form_says_that_it_is_saved(admin_client: Client) -> None:
    wrong = admin_client.post("/kit/edit", _filled(), headers=DRAWER)
    assert wrong.status_code == 422
    assert b"<html" not in wrong.content
    assert b'hx-target="#drawer-body"' in wrong.content
    done = admin_client.post("/kit/edit", _filled(name="王玉梅"), headers=DRAWER)
    assert done.status_code == 204
    assert json.loads(done["HX-Trigger"])["linli:saved"]["message"] == "已保存。"


def test_errors_of_actions_find_their_place() -> None:
    form = SampleForm(_filled())
    assert form.is_valid()
    put_error(form, RuleError("住址不在本社区。", field="address"))
    put_error(
        form,
        ValidationError({"born": ["出生日期不对。"], "__all__": ["整体不对。"], "other": ["别处不对。"]}),
    )
    assert form.errors["born"] == ["出生日期不对。"]
    assert set(form.non_field_errors()) == {"住址不在本社区。", "整体不对。", "别处不对。"}


def test_views_are_saved_by_name_and_belong_to_their_user(
    admin_client: Client, administrator: User, worker: User
) -> None:
    def save(name: str, query: str) -> str:
        sent = {"page": "kit_list", "back": "/kit/list", "name": name, "query": query}
        return admin_client.post("/views/save", sent)["Location"]

    assert save("流动人口", "kind=floating&page=3") == "/kit/list?kind=floating"
    save("流动人口", "kind=floating&sort=age")
    (mine,) = SavedView.objects.all()
    assert (mine.user, mine.query) == (administrator, "kind=floating&sort=age")
    assert "流动人口" in admin_client.get("/kit/list").content.decode()
    save("", "q=1")
    save("名" * 21, "q=1")
    assert SavedView.objects.count() == 1

    other = actions.save_view(acting_user=worker, page="kit_list", name="别人的", query="")
    assert "别人的" not in admin_client.get("/kit/list").content.decode()
    assert admin_client.post(f"/views/{other.pk}/delete").status_code == 404
    with pytest.raises(RuleError):
        actions.delete_view(acting_user=administrator, view=other)
    admin_client.post(f"/views/{mine.pk}/delete", {"back": "/kit/list"})
    assert list(SavedView.objects.all()) == [other]


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", ""])
def test_saving_a_view_leads_nowhere_else(admin_client: Client, back: str) -> None:
    answer = admin_client.post("/views/save", {"page": "x", "back": back, "name": "一", "query": ""})
    assert answer["Location"].startswith("/?")


def test_search_groups_and_caps_its_hits(admin_client: Client, administrator: User) -> None:
    def provider(user: User, query: str, limit: int) -> list[search.Hit]:
        assert user == administrator
        return [search.Hit(f"{query}{n}", "川北小区", f"/{n}", "user") for n in range(40)][:limit]

    search.register("people", "居民", provider, more_url=lambda q: f"/people?q={q}")
    search.register("none", "单位", lambda user, query, limit: [])
    short = admin_client.get("/search/suggest", {"q": "<王>"}).content.decode()
    assert short.count('role="option"') == 5
    assert "&lt;王&gt;" in short
    assert "单位" not in short
    page = admin_client.get("/search", {"q": " 王 \x00 玉 "}).content.decode()
    assert page.count("川北小区") == 20
    assert "王 玉19" in page
    assert "还有更多" in page
    assert search.find(administrator, "   ", 5) == []


def test_the_sidebar_shows_what_a_user_may_see(administrator: User, worker: User) -> None:
    items = [
        nav.NavItem("", "首页", "home", "home"),
        nav.NavItem("人房底数", "居民", "kit_list", "users", Permission.VIEW_PEOPLE, badge=lambda user: 4),
        nav.NavItem("人房底数", "目录", "kit", "list"),
        nav.NavItem("人房底数", "将来", "not_there_yet", "list"),
    ]
    sections = nav.nav_for(worker, "/kit/list", items)
    assert [(s.title, [e.label for e in s.entries]) for s in sections] == [
        ("", ["首页"]),
        ("人房底数", ["居民", "目录"]),
    ]
    assert [e.current for s in sections for e in s.entries] == [False, True, False]
    assert sections[1].entries[0].badge == 4
    assert [e.label for e in nav.nav_for(administrator, "/", items)[1].entries] == ["目录"]


def test_the_bell_counts(admin_client: Client) -> None:
    context.register_bell(lambda user: 120, "kit_list")
    page = admin_client.get("/kit").content.decode()
    assert "99+ 条未读消息" in page
    assert ">99+<" in page


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_error_pages_need_no_database(status: int) -> None:
    request: HttpRequest = RequestFactory().get("/x")
    view = {400: errors.bad_request, 403: errors.forbidden, 404: errors.not_found, 500: errors.server_error}[
        status
    ]
    answer = view(request)
    assert answer.status_code == status
    assert "回到工作台" in answer.content.decode()
    assert errors.csrf_failure(request).status_code == 403


def test_components_escape_what_they_are_given() -> None:
    template = engines["django"].from_string(
        '<c-card title="{{ x }}">{{ x }}</c-card><c-kpi label="{{ x }}" :value="x" /><c-tag>{{ x }}</c-tag>'
        '{% copyable x %}{% icon "home" %}<c-fact label="{{ x }}">{{ x }}</c-fact>'
    )
    shown = template.render({"x": "<b>\"'"})
    assert "<b>" not in shown


def test_the_history_tab_tells_who_did_what(administrator: User) -> None:
    class Page(HistoryTab):
        object = actions.save_view(acting_user=administrator, page="kit_list", name="流动人口", query="")

    found = Page().history_context()
    shown = engines["django"].get_template("pages/_history.html").render(found)
    assert "保存视图“流动人口”" in shown
    assert "经办：周建国" in shown
    empty = engines["django"].get_template("pages/_history.html").render({"events": [], "changes": []})
    assert "还没有操作记录" in empty


def test_cells_of_a_table_are_escaped_and_carry_their_heading() -> None:
    class Small(Table):
        name = tables.Column(verbose_name="姓<名", attrs={"td": {"class": lambda value: f"is-{value}"}})
        age = tables.Column(verbose_name="年龄")

    table = Small([{"name": "<b>王", "age": None}, {"name": "李", "age": 1200}])
    table.paginate(per_page=1)
    shown = table_rows(table)
    assert "<b>" not in shown
    assert shown.count("<tr") == 1
    assert 'class="is-&lt;b&gt;王" data-label="姓&lt;名">&lt;b&gt;王</td>' in shown
    assert 'data-label="年龄">—</td>' in shown

"""The pages: the reform replayed by clicking, the figures that open into rows, files, the open pages."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from linli.access.models import Unit
from linli.access.testing import COMMUNITY, DISTRICT
from linli.audit.recording import SYSTEM
from linli.flow import actions as flow
from linli.flow.rules.warrants import Thing
from linli.gate.catalogue import actions, examples, reading
from linli.gate.catalogue.examples import Example
from linli.gate.catalogue.models import Basis, Edition, Item
from linli.gate.catalogue.rules.terms import Fate
from linli.gate.catalogue.tests.conftest import Office

TODAY = timezone.localdate()


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def keeper(office: Office) -> Client:
    return client_of(office.officer)


def begin(keeper: Client, example: str, on: date) -> Edition:
    answer = keeper.post(reverse("catalogue:start"), {"title": "延庆区社区工作事项清单", "example": example})
    assert answer.status_code == 302, text(answer)
    edition = Edition.objects.get(published_at=None)
    answer = keeper.post(reverse("catalogue:publish", args=[edition.pk]), {"on": on.isoformat()})
    assert answer.status_code == 302, text(answer)
    edition.refresh_from_db()
    return edition


def act(keeper: Client, edition: Edition, action: str, entries: list[int], data: dict[str, Any]) -> None:
    """Pick rows in the draft, press the button, send the form that comes."""
    answer = keeper.post(edition.get_absolute_url() + "?fate=all", {"action": action, "pk": entries})
    assert answer.status_code == 302
    form = keeper.get(answer["Location"])
    assert form.status_code == 200
    answer = keeper.post(answer["Location"], data)
    assert answer.status_code == 302, text(answer)


def test_the_reform_is_replayed_through_the_pages(office: Office, keeper: Client) -> None:
    before = begin(keeper, "before_reform", TODAY - timedelta(days=400))
    assert before.applied_at is not None
    keeper.post(reverse("catalogue:start"), {"title": "延庆区社区工作事项清单"})
    draft = Edition.objects.get(published_at=None)
    number = dict(draft.entries.values_list("title", "pk"))
    rows = examples.read(Example.BEFORE)
    going: dict[tuple[Fate, str], list[int]] = {}
    for one in rows:
        if one.fate in (Fate.CANCEL, Fate.MOVE):
            going.setdefault((one.fate, one.reason), []).append(number[one.title])
    for (fate, reason), picked in going.items():
        act(keeper, draft, "go", picked, {"fate": fate.value, "reason": reason})
    stays = {one.into: one.title for one in rows if one.fate is Fate.KEEP}
    for one in rows:
        if one.fate is Fate.MERGE:
            into = number[stays[one.into]]
            act(keeper, draft, "merge", [number[one.title]], {"into": into, "reason": one.reason})
    units = dict(Unit.objects.filter(region_code=DISTRICT).values_list("name", "pk"))
    known = {
        f"{one.title.removeprefix('中华人民共和国')}{one.article}": one.pk for one in Basis.objects.all()
    }
    for row in examples.read(Example.REFORMED):
        data = {name: value for name, value in row.terms.items() if value not in (None, "")}
        data |= {f"basis_{place}": known[word] for place, word in enumerate(row.bases)}
        name = (
            "共青团延庆区委" if row.department == "团区委" else "延庆区" + row.department.removeprefix("区")
        )
        data["unit"] = units[name]
        old = stays.get(row.title)
        url = (
            reverse("catalogue:edit_entry", args=[number[old]])
            if old
            else reverse("catalogue:add_entry", args=[draft.pk])
        )
        answer = keeper.post(url, data)
        assert answer.status_code == 302, (row.title, text(answer))
    page = text(keeper.get(reverse("catalogue:publish", args=[draft.pk])))
    said = "取消 139 项、转出购买服务 17 项、合并 14 项、新增 4 项、保留并调整 76 项"
    assert f"这一版共 80 项。 和现行的比：{said}" in page.replace("项。和", "项。 和")
    keeper.post(reverse("catalogue:publish", args=[draft.pk]), {"on": TODAY.isoformat()})
    draft.refresh_from_db()
    assert draft.applied_at is not None

    answer = client_of(office.people.worker).get(reverse("catalogue:compare", args=[before.pk, draft.pk]))
    page = text(answer)
    assert said in page
    assert re.search(r"20 ?类 原来 42 类", page)
    assert re.search(r"80 ?项 原来 246 项", page)
    for turn, n in (("cancelled", 139), ("moved", 17), ("merged", 14), ("new", 4), ("changed", 76)):
        rows_page = keeper.get(reverse("catalogue:compare", args=[before.pk, draft.pk]), {"turn": turn})
        assert rows_page.content.decode().count('<li class="change">') == n
    side = {"category": "示范创建", "side": "before"}
    rows_page = keeper.get(reverse("catalogue:compare", args=[before.pk, draft.pk]), side)
    assert rows_page.content.decode().count('<li class="change">') == 7
    book = keeper.get(reverse("catalogue:compare_file", args=[before.pk, draft.pk]))
    sheet = load_workbook(io.BytesIO(book.content))
    assert sheet["逐项"].max_row == 2 + 246 + 4
    assert [cell.value for cell in sheet["按类"][sheet["按类"].max_row]][:2] == ["合计（42 类 → 20 类）", 246]
    open_page = Client().get(reverse("catalogue:public_changes", args=[DISTRICT]))
    assert said in text(open_page)


def test_every_figure_of_the_class_table_opens_into_as_many_rows(office: Office, keeper: Client) -> None:
    first = begin(keeper, "reformed", TODAY - timedelta(days=30))
    draft = actions.start_draft(acting_user=office.officer, region_code=DISTRICT, title="清单")
    rows = list(draft.entries.order_by("position"))
    actions.let_go(acting_user=office.officer, edition=draft, entries=rows[:9], fate="cancel", reason="试")
    actions.merge_entries(
        acting_user=office.officer, edition=draft, entries=rows[20:23], into=rows[60], reason="试"
    )
    actions.change_entry(acting_user=office.officer, entry=rows[40], category="另一类")
    url = reverse("catalogue:compare", args=[first.pk, draft.pk])
    page = keeper.get(url).content.decode()
    links = re.findall(r'<td class="num"><a href="\?([^"#]+)#rows-of">(\d+)</a>', page)
    assert len(links) > 40
    for query, n in links:
        found = keeper.get(f"{url}?{query.replace('&amp;', '&')}").content.decode()
        assert found.count('<li class="change">') == int(n), query


def test_the_open_pages_need_no_login_and_speak_of_no_draft(office: Office, keeper: Client) -> None:
    anybody = Client()
    assert anybody.get(reverse("catalogue:public_current", args=[DISTRICT])).status_code == 404
    first = begin(keeper, "reformed", TODAY - timedelta(days=30))
    draft = actions.start_draft(acting_user=office.officer, region_code=DISTRICT, title="没有发布的草案")
    page = anybody.get(reverse("catalogue:public_current", args=[DISTRICT]))
    assert "20 类 80 项" in text(page)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "没有发布的草案" not in text(page)
    found = text(anybody.get(reverse("catalogue:public_current", args=[DISTRICT]), {"q": "献血"}))
    assert "1 类 1 项" in found
    assert "《献血法》第六条" in found
    wanted = {"responsibility": "perform", "category": "居民自治"}
    assert "1 类 9 项" in text(anybody.get(reverse("catalogue:public_current", args=[DISTRICT]), wanted))
    assert "80 项" in text(anybody.get(reverse("catalogue:public_edition", args=[DISTRICT, first.number])))
    for number in (draft.number, 99):
        assert anybody.get(reverse("catalogue:public_edition", args=[DISTRICT, number])).status_code == 404
    item = Item.objects.get(title="无偿献血动员和组织")
    actions.revoke(acting_user=office.officer, item=item, reason="试")
    page = text(anybody.get(reverse("catalogue:public_current", args=[DISTRICT])))
    assert "这一版发布以后：取消 1 项" in page
    assert "延庆区" in text(anybody.get(reverse("catalogue:public")))
    assert "只发布过一版" in text(anybody.get(reverse("catalogue:public_changes", args=[DISTRICT])))


def test_a_community_sees_what_it_may_be_asked_for_and_what_has_been_sent(
    office: Office, keeper: Client
) -> None:
    begin(keeper, "reformed", TODAY - timedelta(days=30))
    item = Item.objects.select_related("warrant").get(title="适龄儿童入学督促")
    rests = Item.objects.get(title="矛盾纠纷排查和报告")
    actions.suspend(acting_user=office.officer, item=rests, reason="经费没有到")
    flow.dispatch(
        acting_user=SYSTEM,
        warrant=item.warrant,
        thing=Thing.FORM,
        communities=[COMMUNITY],
        title="未入学儿童核对表",
        sender=item.unit,
    )
    page = text(client_of(office.people.worker).get(reverse("catalogue:mine")))
    assert re.search(r"可以要求本社区的事项 80 ?项", page)
    assert "已派 1 次 已用完" in page
    assert "已暂停 经费没有到" in page
    assert "登记没有准入的检查会议" in page
    other = text(client_of(office.people.neighbour).get(reverse("catalogue:mine")))
    assert "已派 1 次" not in other
    street = client_of(office.people.officer)
    assert "请选择社区" in text(street.get(reverse("catalogue:mine")))
    assert "已派 1 次 已用完" in text(street.get(reverse("catalogue:mine"), {"community": COMMUNITY}))
    assert "请选择社区" in text(street.get(reverse("catalogue:mine"), {"community": "110118001001"}))
    sent = text(keeper.get(item.get_absolute_url(), {"tab": "sent"}))
    assert "未入学儿童核对表" in sent
    assert "1 次 已用完" in sent


def test_an_item_is_suspended_resumed_renewed_and_revoked_on_its_page(office: Office, keeper: Client) -> None:
    item = office.admit(until=TODAY + timedelta(days=30))

    def send(name: str, **data: Any) -> str:
        answer = keeper.post(reverse(f"catalogue:{name}", args=[item.pk]), data)
        item.refresh_from_db()
        return text(answer) if answer.status_code == 422 else ""

    assert not send("suspend", reason="经费没有到")
    assert "已暂停：经费没有到" in text(keeper.get(item.get_absolute_url()))
    assert not send("resume", reason="到了")
    assert "新的有效期要晚于" in send("renew", until=TODAY.isoformat(), reason="试")
    assert not send("renew", until="", reason="长期做")
    assert item.until is None
    assert not send("revoke", on=TODAY.isoformat(), reason="不做了")
    assert "退出清单（取消）：不做了" in text(keeper.get(item.get_absolute_url()))
    history = text(keeper.get(item.get_absolute_url(), {"tab": "history"}))
    assert "撤销事项" in history


def test_the_lists_search_filter_and_go_to_excel(office: Office, keeper: Client) -> None:
    begin(keeper, "reformed", TODAY)
    url = reverse("catalogue:items")
    assert "共 80 项" in text(keeper.get(url))
    assert "共 1 项" in text(keeper.get(url, {"q": "献血"}))
    performs = Item.objects.filter(responsibility="perform").count()
    assert f"共 {performs} 项" in text(keeper.get(url, {"responsibility": "perform"}))
    none = Item.objects.filter(things=[]).count()
    assert f"共 {none} 项" in text(keeper.get(url, {"thing": "none"}))
    book = load_workbook(io.BytesIO(keeper.get(reverse("catalogue:items_file"), {"thing": "none"}).content))
    assert book.active.max_row == 2 + none
    edition = reading.current(DISTRICT)
    assert edition is not None
    book = load_workbook(io.BytesIO(keeper.get(reverse("catalogue:edition_file", args=[edition.pk])).content))
    assert book.active.max_row == 82
    assert "共 140 条" in text(keeper.get(reverse("catalogue:bases")))
    hits = keeper.get(reverse("search"), {"q": "献血"})
    assert "无偿献血动员和组织" in text(hits)


def test_documents_are_added_and_offered(office: Office, keeper: Client) -> None:
    data = {"title": "延庆区社区减负办法", "kind": "document", "effective_on": TODAY.isoformat()}
    assert keeper.post(reverse("catalogue:basis_add"), data).status_code == 302
    again = keeper.post(reverse("catalogue:basis_add"), data)
    assert again.status_code == 422
    assert "已经在依据里" in text(again)
    draft = actions.start_draft(acting_user=office.officer, region_code=DISTRICT, title="清单")
    assert "延庆区社区减负办法" in text(keeper.get(reverse("catalogue:add_entry", args=[draft.pk])))


def test_a_draft_is_named_renamed_and_given_up(office: Office, keeper: Client) -> None:
    begin(keeper, "reformed", TODAY - timedelta(days=3))
    keeper.post(reverse("catalogue:start"), {"title": "第二版"})
    draft = Edition.objects.get(published_at=None)
    keeper.post(reverse("catalogue:describe", args=[draft.pk]), {"title": "改名", "note": "说明"})
    keeper.post(reverse("catalogue:rename_class", args=[draft.pk]), {"old": "居民自治", "new": "自治"})
    draft.refresh_from_db()
    assert (draft.title, draft.entries.filter(category="自治").count()) == ("改名", 9)
    wrong = keeper.post(reverse("catalogue:publish", args=[draft.pk]), {"on": "2020-01-01"})
    assert "要晚于上一版" in text(wrong)
    entry = draft.entries.first()
    assert entry is not None
    act(keeper, draft, "go", [entry.pk], {"fate": "cancel", "reason": "试"})
    keeper.post(draft.get_absolute_url() + "?fate=all", {"action": "back", "pk": entry.pk})
    entry.refresh_from_db()
    assert entry.fate == "keep"
    worker = client_of(office.people.worker)
    assert worker.get(draft.get_absolute_url()).status_code == 404
    assert worker.get(entry.get_absolute_url()).status_code == 404
    keeper.post(reverse("catalogue:discard", args=[draft.pk]), {"reason": "先不改"})
    assert not Edition.objects.filter(published_at=None).exists()


def test_pages_ask_no_more_the_longer_the_list_is(office: Office, keeper: Client, settings: Any) -> None:
    settings.LINLI_BADGE_SECONDS = 600
    first = begin(keeper, "before_reform", TODAY - timedelta(days=30))
    draft = actions.start_draft(acting_user=office.officer, region_code=DISTRICT, title="清单")
    item = Item.objects.exclude(warrant=None).first()
    assert item is not None
    most = {
        (reverse("catalogue:items"), 20): keeper,
        (item.get_absolute_url(), 13): keeper,
        (item.get_absolute_url() + "?tab=sent", 14): keeper,
        (reverse("catalogue:editions"), 20): keeper,
        (draft.get_absolute_url(), 26): keeper,
        (reverse("catalogue:compare", args=[first.pk, draft.pk]), 17): keeper,
        (reverse("catalogue:mine"), 15): client_of(office.people.worker),
        (reverse("catalogue:public_current", args=[DISTRICT]), 12): Client(),
    }
    asked = {}
    for (url, limit), client in most.items():
        client.get(url)
        with CaptureQueriesContext(connection) as found:  # type: ignore[arg-type]
            assert client.get(url).status_code == 200
        if len(found) > limit:
            asked[url] = (len(found), limit)
    assert not asked

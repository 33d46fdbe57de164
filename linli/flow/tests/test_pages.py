"""The pages of cases, as the people of the cast see them."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linli.access.models import User
from linli.access.testing import COMMUNITY
from linli.flow import actions, shell
from linli.flow.models import Case
from linli.flow.tests.conftest import Cast
from linli.office import actions as office
from linli.pages import nav


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def case(cast: Cast) -> Case:
    return actions.open_case(
        acting_user=cast.people.worker,
        kind="test_whistle",
        title="川北东路口积水",
        region_code=COMMUNITY,
        coordinator=cast.street,
        give=[cast.street],
    )


def test_from_the_inbox_to_the_reply(cast: Cast, case: Case) -> None:
    officer = browser(cast.people.officer)
    page = officer.get("/cases/?box=waiting").content.decode()
    assert "川北东路口积水" in page
    assert "香水园街道办事处" in page
    assert "川北东路口积水" not in officer.get("/cases/").content.decode()  # nobody has claimed it
    here = case.get_absolute_url()
    task = case.assignments.get()
    assert "签收" in officer.get(here).content.decode()
    officer.post(f"{here}tasks/{task.pk}/claim/")
    assert "川北东路口积水" in officer.get("/cases/?box=mine").content.decode()
    asked = officer.get(f"{here}steps/assign/").content.decode()
    assert "延庆区水务局" in asked
    refused = officer.post(f"{here}steps/assign/", {"text": "请处置"})
    assert refused.status_code == 422
    assert "请处置" in refused.content.decode()
    officer.post(f"{here}steps/assign/", {"units": [cast.water.pk], "lead": cast.water.pk, "text": "请处置"})
    paper = SimpleUploadedFile("现场.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "image/png")
    water = browser(cast.water_officer)
    answer = water.post(f"{here}steps/finish/", {"text": "已抽水", "papers": [paper]})
    assert answer.status_code == 302
    page = browser(cast.people.worker).get(here).content.decode()
    assert "已抽水" in page
    assert "现场.png" in page
    kept = case.papers.get()
    got = browser(cast.people.worker).get(f"{here}papers/{kept.pk}/")
    assert b"".join(got.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    assert browser(cast.people.neighbour).get(f"{here}papers/{kept.pk}/").status_code == 404


def test_a_step_that_is_over_is_told_not_thrown(cast: Cast, case: Case) -> None:
    here = case.get_absolute_url()
    officer = browser(cast.people.officer)
    officer.post(f"{here}steps/refuse/", {"reason": "不属于本街道"})
    late = officer.post(f"{here}steps/refuse/", {"reason": "再来一次"})
    assert late.status_code == 422
    assert "现在是“不予办理”" in late.content.decode()


def test_the_table_of_a_kind_and_its_next_edition(cast: Cast, case: Case) -> None:
    admin = browser(cast.people.administrator)
    assert "到现场办理" not in browser(cast.people.worker).get("/cases/kinds/").content.decode()
    page = browser(cast.people.worker).get("/cases/kinds/test_whistle/").content.decode()
    assert "要写理由" in page
    assert "全程暂停计时" in page
    form = admin.get("/cases/kinds/test_whistle/limits/")
    data = {name: field.initial for name, field in form.context["form"].fields.items()}
    data = {key: value for key, value in data.items() if value not in (None, False)}
    admin.post("/cases/kinds/test_whistle/limits/", data | {"whole_amount": "20", "note": "区里新规定"})
    page = admin.get("/cases/kinds/test_whistle/").content.decode()
    assert "全程期限：10 个工作日 → 20 个工作日" in page
    admin.post("/cases/kinds/test_whistle/publish/")
    page = browser(cast.people.officer).get("/cases/kinds/test_whistle/").content.decode()
    assert "现行第 2 版" in page


def test_the_inbox_is_shown_by_rooms_that_bring_kinds(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nav, "_items", dict(nav._items))
    shell.show_inbox()
    entries = {
        entry.url: entry.badge for section in nav.nav_for(cast.people.officer) for entry in section.entries
    }
    assert entries["/cases/"] == 1
    assert [hit.title for hit in shell.find(cast.people.officer, "积水", 5)] == ["川北东路口积水"]
    assert shell.find(cast.people.neighbour, "积水", 5) == []


def test_settling_a_day_asks_for_a_recount(cast: Cast, case: Case) -> None:
    from linli.jobs.models import Job

    office.settle_day(acting_user=cast.people.administrator, day=timezone.localdate(), is_worked=False)
    assert Job.objects.filter(kind="flow.recount").count() == 1

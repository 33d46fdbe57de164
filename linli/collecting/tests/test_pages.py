"""The pages: the department issues, the community fills and signs, each sees what is theirs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.access.models import User
from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.collecting import actions
from linli.collecting.models import FormPart, FormTask
from linli.collecting.rules import State
from linli.collecting.tests.conftest import Cast, Issue, elderly, filled, signed
from linli.collecting.tests.test_standing import two_lists
from linli.flow.models import Warrant
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.ledgers.tests.sheets import as_bytes, plain
from linli.regions.models import Region

pytestmark = pytest.mark.django_db


def client(user: User) -> Client:
    made = Client()
    made.force_login(user)
    return made


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_from_the_empty_form_to_the_communities(cast: Cast, warrant: Warrant, issue: Issue) -> None:
    other = issue(elderly("血型"))
    browser = client(cast.people.department)
    assert "老年人信息核对" in text(browser.get(reverse("collecting:choose")))
    answer = browser.post(
        reverse("collecting:draft", args=[warrant.pk]),
        {"file": SimpleUploadedFile("老人.xlsx", elderly("鞋码"))},
    )
    task = FormTask.objects.latest("pk")
    assert answer["Location"] == task.get_absolute_url()
    page = text(browser.get(task.get_absolute_url()))
    assert "要 6 项内容，登记库已有 <b>4 项（66%）</b>" in page
    assert "<b>2 项</b>是新要的" in page
    assert "另有 <b>1 份报表</b>也在要" in page
    assert other.get_absolute_url() in page
    where = reverse("collecting:issue", args=[task.pk])
    data = {"communities": [COMMUNITY], "purpose": "发补贴", "on": "2026-11-01", "working_days": "3"}
    refused = browser.post(where, data)
    assert refused.status_code == 422
    assert "仍要下发，请写明原因" in text(refused)
    assert "发补贴" in text(refused)
    answer = browser.post(where, data | {"why_again": "换了经办"})
    assert answer["Location"] == task.get_absolute_url()
    page = text(browser.get(task.get_absolute_url()))
    assert "东外社区" in page
    assert "待签收" in page
    assert "换了经办" in page


def test_a_file_with_several_lists_is_said_to_be_asked_as_one(cast: Cast, warrant: Warrant) -> None:
    answer = client(cast.people.department).post(
        reverse("collecting:draft", args=[warrant.pk]),
        {"file": SimpleUploadedFile("老人.xlsx", two_lists())},
        follow=True,
    )
    assert "认出 2 张表，一起下发、一起报回" in text(answer)
    assert reverse("collecting:scope", args=[FormTask.objects.latest("pk").pk, 1]) in text(answer)


def test_a_whole_street_at_once(cast: Cast, warrant: Warrant) -> None:
    street = Region.objects.get(region_code=COMMUNITY[:9])
    second = Region.objects.create(
        region_code="110119001", parent=street.parent, level=street.level, name="甲街道"
    )
    Region.objects.create(
        region_code="110119001001",
        parent=second,
        level=Region.objects.get(region_code=COMMUNITY).level,
        name="甲社区",
    )
    task = actions.draft(acting_user=cast.people.department, warrant=warrant, name="x.xlsx", data=elderly())
    browser = client(cast.people.department)
    where = reverse("collecting:issue", args=[task.pk])
    assert "甲社区" in text(browser.get(where))
    assert "川北东社区" in text(browser.get(where, {"street": COMMUNITY[:9]}))
    data = {"streets": [COMMUNITY[:9]], "purpose": "发补贴", "on": "2026-11-01", "working_days": "3"}
    assert browser.post(where, data).status_code == 302
    assert set(task.parts.values_list("region_code", flat=True)) == {COMMUNITY, NEIGHBOUR}


def test_bad_files_get_a_sentence(cast: Cast, warrant: Warrant) -> None:
    browser = client(cast.people.department)
    for data, says in (
        (b"hello", "不是 Excel"),
        (as_bytes(plain(["鞋码", "帽号", "腰围"], "量体登记表")), "没有认出"),
    ):
        answer = browser.post(
            reverse("collecting:draft", args=[warrant.pk]), {"file": SimpleUploadedFile("x.xlsx", data)}
        )
        assert answer.status_code == 422
        assert says in text(answer)


def test_the_community_receives_completes_and_signs(cast: Cast, issue: Issue) -> None:
    task = issue()
    part = task.parts.get()
    worker, head = client(cast.people.worker), client(cast.head)
    page = text(worker.get(reverse("collecting:parts"), {"state": "open"}))
    assert "60周岁以上老年人花名册" in page
    assert "签收，系统先填" in text(worker.get(part.get_absolute_url()))
    answer = worker.post(reverse("collecting:receive", args=[part.pk]))
    job = Job.objects.get()
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert "系统正在填" in text(worker.get(part.get_absolute_url()))
    jobs.perform_inline(job)
    page = text(worker.get(part.get_absolute_url()))
    assert cast.street.head.name in page
    assert cast.street.head.id_number not in page
    assert cast.street.head.phone not in page
    assert "助餐需求" in text(worker.get(part.get_absolute_url(), {"tab": "missing"}))
    where = reverse("collecting:row", args=[part.pk, 0])
    form = text(worker.get(where))
    assert cast.street.head.id_number not in form
    assert "不改就留空" in form
    place = next(n for n, one in enumerate(part.task.recognition.mappings) if one.label == "助餐需求")
    assert worker.post(where, {f"c{place}": "要"}).status_code == 302
    part.refresh_from_db()
    assert worker.post(reverse("collecting:submit", args=[part.pk]), {"note": ""}).status_code == 422
    assert worker.post(reverse("collecting:submit", args=[part.pk]), {"note": "还在问"}).status_code == 302
    assert worker.post(reverse("collecting:sign", args=[part.pk])).status_code == 403
    assert "审核签字" in text(head.get(part.get_absolute_url()))
    assert head.post(reverse("collecting:sign", args=[part.pk])).status_code == 302
    part.refresh_from_db()
    assert part.state == State.SIGNED
    changed = text(worker.get(part.get_absolute_url(), {"tab": "changes"}))
    assert "改为" in changed


def test_masked_values_stay_when_left_empty(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue())
    labels = [one.label for one in part.task.recognition.mappings]
    form = client(cast.people.worker).get(reverse("collecting:row", args=[part.pk, 0])).context["form"]
    data = {name: form.initial.get(name, field.initial or "") for name, field in form.fields.items()}
    data[f"c{labels.index('联系电话')}"] = "13912345678"
    answer = client(cast.people.worker).post(reverse("collecting:row", args=[part.pk, 0]), data)
    assert answer.status_code == 302
    assert list(part.changes.values_list("column", flat=True)) == ["联系电话"]


def test_the_department_sees_no_rows_before_they_are_sent(cast: Cast, issue: Issue) -> None:
    task = issue()
    part = filled(cast, task)
    browser = client(cast.people.department)
    for tab in ("", "rows", "missing", "changes", "sent"):
        page = text(browser.get(part.get_absolute_url(), {"tab": tab}))
        assert cast.street.head.name not in page
    assert browser.get(reverse("collecting:file", args=[part.pk])).status_code == 403
    signed_part = signed_after(cast, part)
    answer = browser.get(reverse("collecting:sent", args=[signed_part.pk, 1]))
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    for user in (cast.water, cast.people.officer):
        assert client(user).get(reverse("collecting:sent", args=[part.pk, 1])).status_code == 404
        page = text(client(user).get(part.get_absolute_url()))
        assert cast.street.head.name not in page


def signed_after(cast: Cast, part: FormPart) -> FormPart:
    actions.submit(acting_user=cast.people.worker, part=part, note="还在问")
    actions.sign(acting_user=cast.head, part=part)
    return FormPart.objects.get(pk=part.pk)


def test_upload_and_correction_by_pages(cast: Cast, issue: Issue) -> None:
    part = signed(cast, issue())
    worker = client(cast.people.worker)
    assert worker.get(reverse("collecting:upload", args=[part.pk])).status_code == 404
    assert (
        worker.post(reverse("collecting:reopen", args=[part.pk]), {"reason": "补问到了"}).status_code == 302
    )
    data = worker.get(reverse("collecting:file", args=[part.pk])).content
    answer = worker.post(
        reverse("collecting:upload", args=[part.pk]), {"file": SimpleUploadedFile("x.xlsx", data)}
    )
    assert answer.status_code == 302
    assert not part.changes.exists()  # what was taken along comes back as it was
    wrong = SimpleUploadedFile("x.xlsx", as_bytes(plain(["姓名", "电话"], "花名册")))
    answer = worker.post(reverse("collecting:upload", args=[part.pk]), {"file": wrong})
    assert answer.status_code == 422


def test_lists_ask_no_more_for_more_rows(cast: Cast, issue: Issue) -> None:
    issue()
    browser = client(cast.people.department)

    def asked(name: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert browser.get(reverse(name)).status_code == 200
        return len(found)

    before = {name: asked(name) for name in ("collecting:tasks", "collecting:parts")}
    for n in range(3):
        issue(elderly(f"新列{n}"), why_again="试")
    after = {name: asked(name) for name in before}
    assert all(after[name] <= before[name] for name in before), (before, after)

"""From the draft to the merged workbook: the gate, the overlap, filling, correcting, signing, handing over."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction
from django.utils import timezone
from openpyxl import load_workbook

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.audit.models import DisclosedPerson, Disclosure
from linli.audit.recording import SYSTEM, RuleError
from linli.collecting import actions, keeping, reading
from linli.collecting.actions.handing_over import ROWS, SHEETS
from linli.collecting.models import CellChange, FormPart, FormTask, Sending
from linli.collecting.rules import State
from linli.collecting.tests.conftest import ON, Cast, Issue, a_warrant, elderly, filled, signed
from linli.flow.actions import suspend_warrant
from linli.flow.models import Dispatch, Warrant
from linli.flow.rules.warrants import Thing
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.ledgers.tests.sheets import as_bytes, plain
from linli.notices.models import Notice
from linli.office.calendar import current
from linli.registry.people.models import Person
from linli.registry.people.sealing import phone_columns
from linli.returns.actions import apply_return, preview_return

pytestmark = pytest.mark.django_db

HEAD, WIFE = "郭老汉", "B6"


def sheet(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data)).worksheets[0]


def column(data: bytes, letter: str, first: int = 3, last: int = 10) -> list[Any]:
    page = sheet(data)
    return [page[f"{letter}{n}"].value for n in range(first, last) if page[f"B{n}"].value]


# drafts


def test_a_draft_says_what_is_held_and_what_is_new(cast: Cast, warrant: Warrant) -> None:
    task = actions.draft(acting_user=cast.people.department, warrant=warrant, name="x.xlsx", data=elderly())
    (listed,) = task.lists.all()
    assert (listed.number, listed.subject, listed.kind) == (0, "person", "roster")
    assert {"name", "id_number", "education", "phone"} <= set(listed.elements)
    assert listed.new_labels == ["助餐需求"]
    assert not FormPart.objects.exists()
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize(
    ("headings", "title", "says"),
    [
        (["鞋码", "帽号", "腰围"], "量体登记表", "没有认出"),
        (["姓名", "身份证号", "联系电话"], "吸毒人员花名册", "按设计不收集"),
    ],
)
def test_what_cannot_be_issued_is_said_at_once(
    headings: list[str], title: str, says: str, cast: Cast, warrant: Warrant
) -> None:
    with pytest.raises(RuleError, match=says):
        actions.draft(
            acting_user=cast.people.department,
            warrant=warrant,
            name="x.xlsx",
            data=as_bytes(plain(headings, title)),
        )
    assert not FormTask.objects.exists()


def test_only_the_unit_of_the_warrant_drafts_under_it(cast: Cast, warrant: Warrant) -> None:
    for user in (cast.water, cast.people.worker, cast.people.officer):
        with pytest.raises(NotPermitted):
            actions.draft(acting_user=user, warrant=warrant, name="x.xlsx", data=elderly())
    other = a_warrant(cast.department, things=[Thing.MEETING], title="例会")
    with pytest.raises(RuleError, match="没有准入报表"):
        actions.draft(acting_user=cast.people.department, warrant=other, name="x.xlsx", data=elderly())


def test_a_column_and_the_scope_of_a_draft_can_be_set(cast: Cast, warrant: Warrant) -> None:
    who = cast.people.department
    task = actions.draft(acting_user=who, warrant=warrant, name="x.xlsx", data=elderly())
    column_of = {one.label: one.key for one in task.recognition.mappings}
    task = actions.set_column(
        acting_user=who, task=task, column=column_of["助餐需求"], target="element", element="sex"
    )
    (listed,) = task.lists.all()
    assert "sex" in listed.elements
    assert listed.new_labels == []
    task = actions.choose_scope(acting_user=who, task=task, conditions=["aged_80"])
    assert task.recognition.population.conditions == ["aged_80"]
    with pytest.raises(NotPermitted):
        actions.choose_scope(acting_user=cast.water, task=task, conditions=[])
    actions.discard(acting_user=who, task=task)
    assert not FormTask.objects.exists()


# issuing


def test_issuing_goes_through_the_gate_and_tells_the_community(cast: Cast, issue: Issue) -> None:
    task = issue(communities=[COMMUNITY, NEIGHBOUR], working_days=3)
    assert task.due_on == current().add_working_days(timezone.localdate(), 3)
    parts = list(task.parts.select_related("dispatch"))
    assert [one.region_code for one in parts] == [COMMUNITY, NEIGHBOUR]
    assert all(
        one.dispatch.thing == Thing.FORM and one.dispatch.region_code == one.region_code for one in parts
    )
    told = Notice.objects.filter(key=f"collecting.part:{parts[0].pk}", done_at=None)
    assert {one.user for one in told} == {cast.people.worker, cast.head}
    assert {one.due_on for one in told} == {task.due_on}
    with pytest.raises(RuleError, match="已经下发"):
        actions.set_column(acting_user=cast.people.department, task=task, column=1, target="never")


def test_the_gate_refuses(cast: Cast, warrant: Warrant, issue: Issue) -> None:
    once = a_warrant(cast.department, title="一年一次", times=1)
    issue(under=once)
    with pytest.raises(RuleError, match="每年不超过 1 次"):
        issue(under=once, why_again="漏了")
    suspend_warrant(acting_user=SYSTEM, warrant=warrant, reason="经费没有到位")
    with pytest.raises(RuleError, match="经费没有到位"):
        issue(why_again="再核对")
    assert FormPart.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"communities": []}, "communities"),
        ({"communities": ["130730001001"]}, "communities"),
        ({"purpose": " "}, "purpose"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "on"),
        ({"working_days": 0}, "working_days"),
        ({"working_days": 61}, "working_days"),
    ],
)
def test_what_makes_no_sense_is_refused(more: dict[str, Any], field: str, issue: Issue) -> None:
    with pytest.raises((RuleError, NotPermitted)) as found:
        issue(**more)
    if isinstance(found.value, RuleError):
        assert found.value.field == field
    assert not Dispatch.objects.exists()


def test_asking_the_same_again_wants_a_reason(cast: Cast, issue: Issue) -> None:
    first = issue()
    other = a_warrant(cast.street and cast.water.posts.get().unit, title="节水补贴")
    with pytest.raises(RuleError, match="已有 1 份报表要过同样的内容") as found:
        issue(elderly("家庭用水量"), user=cast.water, under=other)
    assert found.value.field == "why_again"
    again = issue(elderly("家庭用水量"), user=cast.water, under=other, why_again="核对发放名单")
    assert again.why_again == "核对发放名单"
    (same,) = reading.asked_elsewhere(again, [COMMUNITY])
    assert same.task == first
    assert {"文化程度", "助餐需求"} <= set(same.labels)
    assert reading.asked_elsewhere(again, [NEIGHBOUR]) == []


def test_names_alone_are_not_the_same(cast: Cast, issue: Issue) -> None:
    issue(as_bytes(plain(["姓名", "性别", "身份证号", "血型"], "60周岁以上老年人花名册")))
    task = issue(as_bytes(plain(["姓名", "性别", "身份证号", "鞋码"], "60周岁以上老年人花名册")))
    assert reading.asked_elsewhere(task) == []


# the community's copy


def test_the_copy_is_filled_for_the_community_by_its_worker(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue())
    assert (part.state, part.rows, part.received_by) == (State.FILLING, 2, cast.people.worker)
    grid = keeping.grid_of(part)
    assert grid.ids == [cast.street.head.pk, cast.street.wife.pk]
    data, name = actions.download(acting_user=cast.people.worker, part=part)
    assert name == "老年人（已填）.xlsx"
    assert column(data, "B") == [cast.street.head.name, cast.street.wife.name]
    assert column(data, "C")[0] == cast.street.head.id_number
    assert part.blanks >= 2  # 助餐需求 of both
    shown = Disclosure.objects.filter(purpose__startswith="填报：").first()
    assert shown is not None
    assert shown.persons == 2
    for user in (cast.people.neighbour, cast.people.department, cast.people.officer):
        with pytest.raises(NotPermitted):
            actions.download(acting_user=user, part=part)
        with pytest.raises(NotPermitted):
            actions.receive(acting_user=user, part=part)
    with pytest.raises(RuleError, match="已经填好"):
        actions.receive(acting_user=cast.people.worker, part=part)


def test_what_lies_on_disk_is_sealed(cast: Cast, issue: Issue, settings: Any) -> None:
    filled(cast, issue())
    kept = [path.read_bytes() for path in (settings.MEDIA_ROOT / "collecting").iterdir()]
    assert len(kept) == 3
    assert not any(one.startswith(b"PK") or cast.street.head.name.encode() in one for one in kept)


def place_of(part: FormPart, label: str) -> int:
    return next(n for n, one in enumerate(part.task.recognition.mappings) if one.label == label)


def test_a_row_corrected_on_the_page_goes_into_the_workbook_and_leaves_a_trace(
    cast: Cast, issue: Issue
) -> None:
    part = filled(cast, issue())
    meals, blanks = place_of(part, "助餐需求"), part.blanks
    part = actions.correct_row(acting_user=cast.people.worker, part=part, row=0, values={meals: "需要 午餐"})
    assert part.blanks == blanks - 1
    data, _name = actions.download(acting_user=cast.people.worker, part=part)
    assert column(data, "F") == ["需要 午餐", None]
    (change,) = CellChange.objects.all()
    assert (change.column, change.way, change.by) == ("助餐需求", "page", cast.people.worker)
    assert change.said.endswith('"", "需要 午餐"]')
    actions.correct_row(acting_user=cast.people.worker, part=part, row=0, values={meals: "需要 午餐"})
    assert CellChange.objects.count() == 1
    with pytest.raises(RuleError, match="没有这一行"):
        actions.correct_row(acting_user=cast.people.worker, part=part, row=9, values={meals: "x"})


def test_the_trace_is_never_rewritten(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue())
    actions.correct_row(
        acting_user=cast.people.worker, part=part, row=0, values={place_of(part, "助餐需求"): "要"}
    )
    with pytest.raises((InternalError, ProgrammingError, IntegrityError)), transaction.atomic():
        CellChange.objects.update(column="别的")
    with pytest.raises((InternalError, ProgrammingError, IntegrityError)), transaction.atomic():
        CellChange.objects.all().delete()


def test_a_workbook_completed_outside_comes_back(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue())
    data, name = actions.download(acting_user=cast.people.worker, part=part)
    book = load_workbook(io.BytesIO(data))
    page = book.worksheets[0]
    page["F3"], page["E4"] = "要", "13700000000"
    page["B5"], page["E5"] = "李新增", "13611112222"
    page["B6"], page["C6"] = cast.street.son.name, cast.street.son.id_number
    made = actions.take_workbook(acting_user=cast.people.worker, part=part, name=name, data=as_bytes(book))
    part.refresh_from_db()
    assert made == 4
    assert part.rows == 4
    # Whom the base knows by the number is known of a row added by hand, too: the disclosure will name them.
    assert keeping.grid_of(part).ids == [cast.street.head.pk, cast.street.wife.pk, cast.street.son.pk]
    said = {(one.what, one.column) for one in CellChange.objects.all()}
    assert said == {("changed", "助餐需求"), ("changed", "联系电话"), ("added", "")}


def test_another_form_or_an_empty_one_is_not_taken(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue())
    before = part.book
    other = plain(["姓名", "身份证号", "联系电话"], "60周岁以上老年人花名册")
    other.active["A3"] = "某人"
    with pytest.raises(RuleError, match="不是本任务的表"):
        actions.take_workbook(acting_user=cast.people.worker, part=part, name="x.xlsx", data=as_bytes(other))
    with pytest.raises(RuleError, match="没有数据行"):
        actions.take_workbook(acting_user=cast.people.worker, part=part, name="x.xlsx", data=elderly())
    with pytest.raises(RuleError, match="不是 Excel"):
        actions.take_workbook(acting_user=cast.people.worker, part=part, name="x.xlsx", data=b"hello")
    part.refresh_from_db()
    assert part.book == before


def test_what_was_asked_once_goes_into_the_base(cast: Cast, issue: Issue) -> None:
    Person.objects.filter(pk=cast.street.wife.pk).update(phone="", **phone_columns(""))
    part = filled(cast, issue())
    with pytest.raises(RuleError, match="不用收"):
        actions.to_base(acting_user=cast.people.worker, part=part)
    part = actions.correct_row(
        acting_user=cast.people.worker, part=part, row=1, values={place_of(part, "联系电话"): "13912345678"}
    )
    with pytest.raises(NotPermitted):
        actions.to_base(acting_user=cast.people.neighbour, part=part)
    made = actions.to_base(acting_user=cast.people.worker, part=part)
    assert (made.region_code, made.sender, made.source.code, made.on) == (COMMUNITY, "东外社区", "visit", ON)
    seen = preview_return(acting_user=cast.people.worker, return_id=made.pk)
    apply_return(acting_user=cast.people.worker, return_id=seen.pk)
    cast.street.wife.refresh_from_db()
    assert cast.street.wife.phone == "13912345678"


# signing


def test_blanks_are_explained_and_the_head_signs(cast: Cast, issue: Issue) -> None:
    task = issue()
    part = filled(cast, task)
    with pytest.raises(RuleError, match="格空白"):
        actions.submit(acting_user=cast.people.worker, part=part)
    actions.submit(acting_user=cast.people.worker, part=part, note="还在问")
    with pytest.raises(RuleError, match="已经提交审核"):
        actions.correct_row(acting_user=cast.people.worker, part=part, row=0, values={1: "x"})
    with pytest.raises(NotPermitted):
        actions.sign(acting_user=cast.people.worker, part=part)
    assert [one.user for one in Notice.objects.filter(key=f"collecting.part:{part.pk}", done_at=None)] == [
        cast.head
    ]
    sending = actions.sign(acting_user=cast.head, part=part)
    task.refresh_from_db()
    assert task.closed_at is not None
    assert not Notice.objects.filter(key=f"collecting.part:{part.pk}", done_at=None).exists()
    shown = Disclosure.objects.get(pk=sending.disclosure_id)
    assert "延庆区民政局" in shown.purpose
    assert "发放助餐补贴" in shown.purpose
    assert set(DisclosedPerson.objects.filter(disclosure=shown).values_list("person_id", flat=True)) == {
        cast.street.head.pk,
        cast.street.wife.pk,
    }
    assert Notice.objects.filter(user=cast.people.department, title__contains="已报送").exists()


def test_the_department_gets_what_was_signed_and_nothing_before(cast: Cast, issue: Issue) -> None:
    task = issue()
    part = filled(cast, task)
    with pytest.raises(RuleError, match="还没有社区报送"):
        actions.merged(acting_user=cast.people.department, task=task, way=ROWS)
    actions.submit(acting_user=cast.people.worker, part=part, note="还在问")
    sending = actions.sign(acting_user=cast.head, part=part)
    data, name = actions.hand_over(acting_user=cast.people.department, sending=sending)
    assert name == "老年人（东外社区）.xlsx"
    assert column(data, "B") == [cast.street.head.name, cast.street.wife.name]
    latest = Disclosure.objects.first()
    assert latest is not None
    assert latest.user_id == cast.people.department.pk
    assert latest.purpose.startswith("延庆区民政局接收报送")
    for user in (cast.water, cast.people.neighbour, cast.people.officer):
        with pytest.raises(NotPermitted):
            actions.hand_over(acting_user=user, sending=sending)


def test_a_later_correction_leaves_a_trace(cast: Cast, issue: Issue) -> None:
    task = issue()
    part = signed(cast, task)
    with pytest.raises(RuleError, match="更正"):
        actions.correct_row(
            acting_user=cast.people.worker, part=part, row=0, values={place_of(part, "助餐需求"): "x"}
        )
    actions.reopen(acting_user=cast.people.worker, part=part, reason="问到了")
    task.refresh_from_db()
    assert task.closed_at is None
    part = actions.correct_row(
        acting_user=cast.people.worker, part=part, row=0, values={place_of(part, "助餐需求"): "要"}
    )
    first = Sending.objects.get(part=part)
    data = actions.merged(acting_user=cast.people.department, task=task, way=ROWS).data
    assert column(data, "F") == [None, None]  # what was signed holds until the correction is
    actions.submit(acting_user=cast.people.worker, part=part, note="另一位还在问")
    second = actions.sign(acting_user=cast.head, part=part)
    assert (second.number, second.changed) == (2, 1)
    assert column(keeping.read(first.book), "F") == [None, None]
    assert column(keeping.read(second.book), "F") == ["要", None]
    with pytest.raises(NotPermitted):
        actions.reopen(acting_user=cast.people.neighbour, part=part, reason="x")
    actions.reopen(acting_user=cast.people.department, part=part, reason="第二行号码不对")
    assert Notice.objects.filter(user=cast.people.worker, title__contains="第二行号码不对").exists()


def test_the_head_gives_it_back(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue())
    actions.submit(acting_user=cast.people.worker, part=part, note="还在问")
    with pytest.raises(RuleError, match="请写明"):
        actions.send_back(acting_user=cast.head, part=part, reason=" ")
    part = actions.send_back(acting_user=cast.head, part=part, reason="先问完")
    assert (part.state, part.why) == (State.FILLING, "先问完")


# all together


def test_one_workbook_of_all(cast: Cast, issue: Issue) -> None:
    task = issue(communities=[COMMUNITY, NEIGHBOUR])
    part = signed(cast, task)
    job = jobs.start(
        acting_user=cast.people.department, kind="collecting.merge", title="x", task=task.pk, way=SHEETS
    )
    done = jobs.perform_inline(job)
    assert done.state == "done", done.message
    assert done.result_name == "老年人（分社区）.xlsx"
    made = actions.merged(acting_user=cast.people.department, task=task, way=SHEETS)
    data, places, rows = made.data, made.communities, made.rows
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["东外社区", "报送情况"]
    assert (places, rows) == (1, 2)
    page = book["东外社区"]
    assert [page["A3"].value, page["A4"].value] == [1, 2]
    assert page["B3"].value == cast.street.head.name
    assert page["A2"].value == "序号"
    assert {one.coord for one in page.merged_cells.ranges} == {"A1:G1"}
    said = [[cell.value for cell in row][:3] for row in book["报送情况"].iter_rows(min_row=2)]
    assert said == [["东外社区", "已报送", 2], ["川北东社区", "待签收", None]]
    data = actions.merged(acting_user=cast.people.department, task=task, way=ROWS).data
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Sheet1", "报送情况"]
    assert column(data, "B") == [cast.street.head.name, cast.street.wife.name]
    with pytest.raises(NotPermitted):
        actions.merged(acting_user=cast.water, task=task, way=ROWS)
    assert part.sendings_made == 1


def test_what_waits_is_taken_back_and_counts_no_more(cast: Cast, issue: Issue) -> None:
    once = a_warrant(cast.department, title="一年一次", times=1)
    task = issue(under=once, communities=[COMMUNITY, NEIGHBOUR])
    part = task.parts.get(region_code=COMMUNITY)
    with pytest.raises(RuleError, match="原因"):
        actions.take_back(acting_user=cast.people.department, task=task, parts=[part], reason="")
    with pytest.raises(NotPermitted):
        actions.take_back(acting_user=cast.water, task=task, parts=[part], reason="x")
    assert (
        actions.take_back(acting_user=cast.people.department, task=task, parts=[part], reason="表错了") == 1
    )
    task.refresh_from_db()
    assert task.closed_at is None
    assert not Notice.objects.filter(key=f"collecting.part:{part.pk}", done_at=None).exists()
    with pytest.raises(RuleError, match="已经由要表单位收回"):
        actions.receive(acting_user=cast.people.worker, part=part)
    issue(under=once, why_again="表换了")


def test_reminding_once_a_day(cast: Cast, issue: Issue) -> None:
    task = issue(communities=[COMMUNITY, NEIGHBOUR])
    assert actions.remind(acting_user=cast.people.department, task=task) == 2
    with pytest.raises(RuleError, match="今天已经催办"):
        actions.remind(acting_user=cast.people.department, task=task)
    assert Notice.objects.filter(user=cast.people.worker, title__contains="催办").count() == 1


def test_what_is_late_is_told_once(cast: Cast, issue: Issue) -> None:
    task = issue(working_days=1)
    assert task.due_on is not None
    day = task.due_on + timedelta(days=1)
    assert actions.tell_due(day) == 1
    assert actions.tell_due(day) == 1
    told = Notice.objects.filter(key__startswith="collecting.late:")
    assert {one.user for one in told} == {cast.people.worker, cast.head, cast.people.department}
    assert told.count() == 3


def test_a_failed_filling_can_be_tried_again(cast: Cast, issue: Issue) -> None:
    task = issue()
    part = task.parts.get()
    path = task.path
    FormTask.objects.filter(pk=task.pk).update(path="collecting/none")
    job = jobs.perform_inline(actions.receive(acting_user=cast.people.worker, part=part))
    assert (job.state, FormPart.objects.get(pk=part.pk).book) == ("failed", "")
    FormTask.objects.filter(pk=task.pk).update(path=path)
    job = jobs.perform_inline(actions.receive(acting_user=cast.people.worker, part=part))
    assert Job.objects.get(pk=job.pk).state == "done"
    assert FormPart.objects.get(pk=part.pk).rows == 2
    assert task.on == ON


def test_forms_of_other_people_are_not_the_same(cast: Cast, issue: Issue, warrant: Warrant) -> None:
    who = cast.people.department
    task = issue()
    for title, found in (
        ("80周岁以上老年人花名册", None),
        ("育龄妇女花名册", None),
        ("60周岁以上老年人助餐花名册", "同一批"),
    ):
        draft = actions.draft(
            acting_user=who,
            warrant=warrant,
            name="x.xlsx",
            data=as_bytes(plain(["序号", "姓名", "身份证号", "文化程度", "联系电话"], title)),
        )
        same = {one.task: one.people for one in reading.asked_elsewhere(draft, [COMMUNITY], who)}
        if found is not None:
            assert same == {task: found}
            continue
        shared = reading.same_people(draft, 0, task.lists.get(), who)
        assert (task in same) == (shared is not None)
        assert same.get(task, "") != "同一批"


def test_forms_of_an_age_that_has_no_name_of_its_own_are_compared_too(
    cast: Cast, issue: Issue, warrant: Warrant
) -> None:
    headings = ["姓名", "身份证号", "文化程度", "联系电话"]
    first = issue(as_bytes(plain(headings, "71周岁以上老年人花名册")))
    for title, people in (("71周岁以上老年人花名册", "同一批"), ("60周岁以上老年人花名册", "本表")):
        draft = actions.draft(
            acting_user=cast.people.department,
            warrant=warrant,
            name="x.xlsx",
            data=as_bytes(plain(headings, title)),
        )
        (same,) = reading.asked_elsewhere(draft, [COMMUNITY], cast.people.officer)
        assert same.task == first
        assert same.people.startswith(people)


def test_somebody_whom_the_base_holds_is_added_with_the_reason(cast: Cast, issue: Issue) -> None:
    worker = cast.people.worker
    part = filled(cast, issue())
    before = part.rows
    for who, why, says in (
        ("不存在的人", "漏了", "先在“居民”里登记"),
        (HEAD, "", "已经在表里"),
        ("郭建军", " ", "不符合"),
    ):
        with pytest.raises(RuleError, match=says):
            actions.add_row(acting_user=worker, part=part, who=who, why=why)
    with pytest.raises(NotPermitted):
        actions.add_row(acting_user=cast.people.neighbour, part=part, who="郭建军", why="代领")
    part = actions.add_row(acting_user=worker, part=part, who="郭建军", why="代父亲领餐")
    assert part.rows == before + 1
    assert CellChange.objects.get(part=part).what == "added"
    data, _name = actions.download(acting_user=worker, part=part)
    page = sheet(data)
    names = [page[f"B{n}"].value for n in range(3, 3 + part.rows)]
    assert names[-1] == "郭建军"
    assert page[f"A{2 + part.rows}"].value == part.rows
    assert page[f"C{2 + part.rows}"].value == "110229197803030038"


def test_a_row_is_left_out_with_the_reason(cast: Cast, issue: Issue) -> None:
    worker = cast.people.worker
    part = filled(cast, issue())
    before = part.rows
    with pytest.raises(RuleError, match="为什么删"):
        actions.remove_row(acting_user=worker, part=part, row=0, why="")
    part = actions.remove_row(acting_user=worker, part=part, row=0, why="10 月已去世")
    assert part.rows == before - 1
    data, _name = actions.download(acting_user=worker, part=part)
    assert HEAD not in [sheet(data)[f"B{n}"].value for n in range(3, 8)]
    assert CellChange.objects.get(part=part).what == "removed"

"""Several departments' forms asked as one: proposed, agreed, decided, filled once, sent to each."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from linli.access.guard import NotPermitted
from linli.access.models import User
from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.audit.models import Disclosure
from linli.audit.recording import SYSTEM, RuleError
from linli.collecting import actions, joint_reading, keeping, reading
from linli.collecting.models import CellChange, FormPart, FormTask, Joint, Sending
from linli.collecting.rules import JointState, Stance, State
from linli.collecting.tests.conftest import ON, Cast, Issue, a_warrant, elderly
from linli.flow.actions import suspend_warrant
from linli.flow.models import Dispatch, Warrant
from linli.jobs import actions as jobs
from linli.ledgers.tests.sheets import as_bytes, plain
from linli.notices.models import Notice

pytestmark = pytest.mark.django_db

WATER = ["序号", "姓名", "身份证号", "手机号", "助餐需求", "家庭用水量", "备注"]


@pytest.fixture
def water_warrant(cast: Cast) -> Warrant:
    unit = cast.water.posts.get().unit
    assert unit is not None
    return a_warrant(unit, title="节水补贴")


@pytest.fixture
def second(cast: Cast, water_warrant: Warrant) -> FormTask:
    """The water bureau's draft about the same people."""
    return actions.draft(
        acting_user=cast.water,
        warrant=water_warrant,
        name="节水.xlsx",
        data=as_bytes(plain(WATER, "60周岁以上老年人花名册")),
    )


def terms(**more: Any) -> dict[str, Any]:
    return {
        "reason": "要的是同一批老人",
        "communities": [COMMUNITY],
        "purpose": "发节水补贴",
        "on": ON,
        "working_days": 2,
    } | more


def proposed(cast: Cast, second: FormTask, **more: Any) -> Joint:
    return actions.propose(acting_user=cast.water, task=second, **terms(**more))


def common_part(joint: Joint) -> FormPart:
    return FormPart.objects.select_related("task__unit").get(task__joint=joint)


def filled_part(user: User, part: FormPart) -> FormPart:
    job = jobs.perform_inline(actions.receive(acting_user=user, part=part))
    assert job.state == "done", job.message
    return FormPart.objects.select_related("task__unit").get(pk=part.pk)


def sheet(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data)).worksheets[0]


def test_two_forms_about_the_same_people_can_be_asked_as_one(
    cast: Cast, issue: Issue, second: FormTask
) -> None:
    first = issue(communities=[COMMUNITY, NEIGHBOUR])
    (found,) = joint_reading.partners(second)
    assert found.task == first
    assert found.communities == (COMMUNITY, NEIGHBOUR)
    assert {"助餐需求", "手机号码"} <= set(found.labels)
    assert joint_reading.partners(second, [NEIGHBOUR])[0].communities == (NEIGHBOUR,)
    made = joint_reading.outlook(
        [first, second], {first.pk: [COMMUNITY, NEIGHBOUR], second.pk: [COMMUNITY]}, ON, cast.people.officer
    )
    assert made.groups == {frozenset({first.pk, second.pk}): [COMMUNITY]}
    assert made.saving is not None
    assert (made.saving.copies_apart, made.saving.copies) == (2, 1)
    # two old people; name, number, telephone and meals are asked by both; education and water by one
    assert (made.saving.cells_apart, made.saving.cells) == (2 * 10, 2 * 6)
    assert (made.saving.new_apart, made.saving.new) == (2 * 3, 2 * 2)


def test_forms_of_other_people_or_nothing_in_common_are_not(
    cast: Cast, issue: Issue, water_warrant: Warrant
) -> None:
    issue()
    for title, headings in (
        ("80周岁以上老年人花名册", WATER),
        ("60周岁以上老年人花名册", ["序号", "姓名", "身份证号", "家庭用水量"]),
    ):
        task = actions.draft(
            acting_user=cast.water,
            warrant=water_warrant,
            name="x.xlsx",
            data=as_bytes(plain(headings, title)),
        )
        assert joint_reading.partners(task) == []
        with pytest.raises(RuleError, match="没有别的报表能和它合并"):
            actions.propose(acting_user=cast.water, task=task, **terms())
    assert not Joint.objects.exists()


def test_a_proposal_is_told_and_the_draft_waits(cast: Cast, issue: Issue, second: FormTask) -> None:
    first = issue()
    joint = proposed(cast, second)
    assert {one.task: one.stance for one in joint.members.all()} == {
        first: Stance.WAITING,
        second: Stance.AGREED,
    }
    told = {one.user for one in Notice.objects.filter(key=f"collecting.joint:{joint.pk}", done_at=None)}
    assert cast.people.department in told
    assert cast.people.officer in told
    assert cast.water not in told
    for deed in (
        lambda: actions.discard(acting_user=cast.water, task=second),
        lambda: actions.issue(
            acting_user=cast.water,
            task=second,
            communities=[COMMUNITY],
            purpose="x",
            on=ON,
            working_days=3,
            why_again="x",
        ),
    ):
        with pytest.raises(RuleError, match="提议和别的报表合并"):
            deed()
    with pytest.raises(RuleError, match="已经在一份合并下发的提议里"):
        proposed(cast, second)
    assert not Dispatch.objects.filter(warrant=second.warrant).exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"communities": []}, "communities"),
        ({"purpose": ""}, "purpose"),
        ({"on": date(2099, 1, 1)}, "on"),
        ({"working_days": 0}, "working_days"),
    ],
)
def test_what_makes_no_sense_is_refused(
    more: dict[str, Any], field: str, cast: Cast, issue: Issue, second: FormTask
) -> None:
    issue()
    with pytest.raises(RuleError) as found:
        proposed(cast, second, **more)
    assert found.value.field == field


def test_what_the_gate_would_refuse_is_said_before(
    cast: Cast, issue: Issue, second: FormTask, water_warrant: Warrant
) -> None:
    issue()
    suspend_warrant(acting_user=SYSTEM, warrant=water_warrant, reason="经费没有到位")
    with pytest.raises(RuleError, match="经费没有到位"):
        proposed(cast, second)


def test_who_may_say_what(cast: Cast, issue: Issue, second: FormTask) -> None:
    issue()
    for user in (cast.people.department, cast.people.worker, cast.people.officer, cast.head):
        with pytest.raises(NotPermitted):
            actions.propose(acting_user=user, task=second, **terms())
    joint = proposed(cast, second)
    for user in (cast.people.worker, cast.people.neighbour, cast.head):
        for deed in (actions.decline, actions.accept, actions.refuse):
            with pytest.raises(NotPermitted):
                deed(acting_user=user, joint=joint, reason="x")
    for deed in (actions.accept, actions.refuse):
        with pytest.raises(NotPermitted):
            deed(acting_user=cast.people.department, joint=joint, reason="x")
        with pytest.raises(RuleError, match="请写明"):
            deed(acting_user=cast.people.officer, joint=joint, reason=" ")
    with pytest.raises(NotPermitted):
        actions.agree(acting_user=cast.people.officer, joint=joint)
    assert not Joint.objects.visible(cast.people.worker).exists()
    assert not Joint.objects.visible(cast.people.neighbour).exists()
    assert list(Joint.objects.visible(cast.people.officer)) == [joint]


def test_the_others_consent_is_enough(cast: Cast, issue: Issue, second: FormTask) -> None:
    first = issue(working_days=5)
    joint = actions.agree(acting_user=cast.people.department, joint=proposed(cast, second))
    assert joint.state == JointState.CARRIED_OUT
    second.refresh_from_db()
    assert second.issued_at is not None
    assert joint.due_on == min(first.due_on or date.max, second.due_on or date.max)
    common = common_part(joint)
    assert common.state == State.SENT
    assert common.task.asker == "延庆区水务局、延庆区民政局"  # who needs it first
    assert {one.state for one in common.members.all()} == {State.JOINED.value}
    todos = Notice.objects.filter(user=cast.people.worker, done_at=None, key__startswith="collecting.part:")
    assert [one.key for one in todos] == [f"collecting.part:{common.pk}"]
    with pytest.raises(RuleError, match="已经有了结果"):
        actions.agree(acting_user=cast.people.department, joint=joint)
    labels = [one.label for one in common.task.recognition.mappings]
    assert labels[0] == "序号"
    assert labels.count("助餐需求") == 1
    assert "家庭用水量" in labels
    assert "备注" not in labels
    for user in (cast.people.department, cast.water):
        assert not reading.sends(user, common.task)


def test_the_street_decides_with_a_reason(cast: Cast, issue: Issue, second: FormTask) -> None:
    issue()
    refused = actions.refuse(acting_user=cast.people.officer, joint=proposed(cast, second), reason="口径不同")
    assert (refused.state, refused.why) == (JointState.REFUSED, "口径不同")
    assert not Notice.objects.filter(key=f"collecting.joint:{refused.pk}", done_at=None).exists()
    assert Notice.objects.filter(user=cast.water, title__contains="口径不同").exists()
    joint = actions.accept(acting_user=cast.people.officer, joint=proposed(cast, second), reason="少填一遍")
    assert joint.state == JointState.CARRIED_OUT
    assert joint.decided_by == cast.people.officer
    assert common_part(joint).members.count() == 2


def test_who_does_not_take_part_stays_apart(cast: Cast, issue: Issue, second: FormTask) -> None:
    first = issue()
    joint = proposed(cast, second)
    with pytest.raises(RuleError, match="为什么不参加"):
        actions.decline(acting_user=cast.people.department, joint=joint, reason="")
    joint = actions.decline(acting_user=cast.people.department, joint=joint, reason="已经在填了")
    assert joint.state == JointState.REFUSED
    assert first.parts.get().state == State.SENT
    actions.discard(acting_user=cast.water, task=second)


def test_only_what_comes_together_is_asked_together(cast: Cast, issue: Issue, second: FormTask) -> None:
    issue(communities=[COMMUNITY])
    joint = actions.agree(
        acting_user=cast.people.department,
        joint=proposed(cast, second, communities=[COMMUNITY, NEIGHBOUR]),
    )
    second.refresh_from_db()
    states = dict(second.parts.values_list("region_code", "state"))
    assert states == {COMMUNITY: State.JOINED, NEIGHBOUR: State.SENT}
    assert common_part(joint).region_code == COMMUNITY


def test_a_third_joins_the_proposal_and_the_others_are_asked_anew(
    cast: Cast, issue: Issue, second: FormTask, water_warrant: Warrant
) -> None:
    issue()
    joint = proposed(cast, second)
    third = actions.draft(
        acting_user=cast.people.department,
        warrant=a_warrant(cast.department, title="高龄津贴"),
        name="x.xlsx",
        data=elderly("开户行"),
    )
    again = actions.propose(acting_user=cast.people.department, task=third, **terms())
    assert again == joint
    stances = {one.task_id: one.stance for one in joint.members.all()}
    assert stances[third.pk] == Stance.AGREED
    assert stances[second.pk] == Stance.WAITING
    assert len(stances) == 3


def test_forms_of_one_department_need_nobody_elses_consent(cast: Cast, issue: Issue) -> None:
    issue()
    own = actions.draft(
        acting_user=cast.people.department,
        warrant=a_warrant(cast.department, title="高龄津贴"),
        name="x.xlsx",
        data=elderly("开户行"),
    )
    joint = actions.propose(acting_user=cast.people.department, task=own, **terms())
    assert joint.state == JointState.CARRIED_OUT
    assert common_part(joint).task.asker == "延庆区民政局"


def test_nothing_stands_without_the_dispatches_of_the_forms(
    cast: Cast, issue: Issue, second: FormTask
) -> None:
    issue()
    joint = actions.agree(acting_user=cast.people.department, joint=proposed(cast, second))
    task = joint.tasks.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        FormPart.objects.create(region_code=NEIGHBOUR, task=task)
    with pytest.raises(IntegrityError), transaction.atomic():
        FormPart.objects.create(region_code=COMMUNITY, task=second)


def place_of(part: FormPart, label: str) -> int:
    return next(n for n, one in enumerate(part.task.recognition.mappings) if one.label == label)


def test_filled_once_and_each_department_gets_its_own_form(
    cast: Cast, issue: Issue, second: FormTask
) -> None:
    worker = cast.people.worker
    first = issue()
    joint = actions.accept(acting_user=cast.people.officer, joint=proposed(cast, second), reason="少填一遍")
    part = filled_part(worker, common_part(joint))
    assert part.rows == 2
    member = first.parts.get()
    with pytest.raises(RuleError, match="在合并的那一份里填"):
        actions.receive(acting_user=worker, part=member)
    actions.correct_row(
        acting_user=worker,
        part=part,
        row=0,
        values={
            place_of(part, "助餐需求"): "要午餐",
            place_of(part, "家庭用水量"): "12 吨",
            place_of(part, "手机号"): "13900001111",
        },
    )
    actions.submit(acting_user=worker, part=part, note="还有人没问到")
    actions.sign(acting_user=cast.head, part=part)
    sent = {one.part.task: one for one in Sending.objects.select_related("part__task")}
    assert set(sent) == {first, second, joint.tasks.get()}
    civil, _name = actions.hand_over(acting_user=cast.people.department, sending=sent[first])
    water, _name = actions.hand_over(acting_user=cast.water, sending=sent[second])
    mine, theirs = sheet(civil), sheet(water)
    assert [mine.cell(2, n).value for n in range(1, 8)][5] == "助餐需求"
    row = [mine.cell(3, n).value for n in range(1, 7)]
    assert row[1:3] == [cast.street.head.name, cast.street.head.id_number]
    assert row[4:6] == ["13900001111", "要午餐"]
    assert [theirs.cell(3, n).value for n in range(2, 7)] == [
        cast.street.head.name,
        cast.street.head.id_number,
        "13900001111",
        "要午餐",
        "12 吨",
    ]
    assert "12 吨" not in [cell.value for line in mine.iter_rows() for cell in line]
    assert theirs["B4"].value == cast.street.wife.name
    for user, sending in ((cast.water, sent[first]), (cast.people.department, sent[second])):
        with pytest.raises(NotPermitted):
            actions.hand_over(acting_user=user, sending=sending)
    with pytest.raises(NotPermitted):
        actions.hand_over(acting_user=cast.people.department, sending=sent[joint.tasks.get()])
    told = Disclosure.objects.filter(purpose__startswith="报送").values_list("purpose", flat=True)
    assert len(told) == 2
    assert any("延庆区水务局" in one for one in told)
    assert any("延庆区民政局" in one for one in told)
    for task in (first, second):
        task.refresh_from_db()
        assert task.closed_at is not None
        assert task.parts.get().state == State.SIGNED


def test_what_was_collected_already_goes_over(cast: Cast, issue: Issue, second: FormTask) -> None:
    worker = cast.people.worker
    first = issue()
    early = filled_part(worker, first.parts.get())
    actions.correct_row(
        acting_user=worker,
        part=early,
        row=1,
        values={place_of(early, "联系电话"): "13700002222", place_of(early, "助餐需求"): "不要"},
    )
    actions.add_row(acting_user=worker, part=early, who="郭建军", why="代父亲领餐")
    joint = actions.accept(acting_user=cast.people.officer, joint=proposed(cast, second), reason="少填一遍")
    part = filled_part(worker, common_part(joint))
    grid = keeping.grid_of(part)
    row = next(one for one in grid.rows if one.id == cast.street.wife.pk)
    assert row.cells[place_of(part, "手机号")] == "13700002222"
    assert row.cells[place_of(part, "助餐需求")] == "不要"
    assert [one.why for one in grid.rows if one.why] == ["代父亲领餐"]
    data, _name = actions.download(acting_user=worker, part=part)
    assert "郭建军" in [cell.value for line in sheet(data).iter_rows() for cell in line]


def test_the_common_form_comes_back_completed_outside(cast: Cast, issue: Issue, second: FormTask) -> None:
    worker = cast.people.worker
    issue()
    joint = actions.accept(acting_user=cast.people.officer, joint=proposed(cast, second), reason="少填一遍")
    part = filled_part(worker, common_part(joint))
    data, name = actions.download(acting_user=worker, part=part)
    book = load_workbook(io.BytesIO(data))
    page = book.worksheets[0]
    page.cell(4, place_of(part, "家庭用水量") + 1).value = "8 吨"
    made = actions.take_workbook(acting_user=worker, part=part, name=name, data=as_bytes(book))
    assert made == 1
    assert CellChange.objects.get(part=part).column == "家庭用水量"


def signed_common(cast: Cast, joint: Joint) -> FormPart:
    part = filled_part(cast.people.worker, common_part(joint))
    actions.submit(acting_user=cast.people.worker, part=part, note="还在问")
    actions.sign(acting_user=cast.head, part=part)
    return common_part(joint)


def test_a_correction_goes_to_each_with_its_trace(cast: Cast, issue: Issue, second: FormTask) -> None:
    worker = cast.people.worker
    first = issue()
    joint = actions.accept(acting_user=cast.people.officer, joint=proposed(cast, second), reason="少填一遍")
    part = signed_common(cast, joint)
    member = FormPart.objects.get(task=first)
    assert actions.reopen(acting_user=cast.people.department, part=member, reason="电话打不通") == part
    part = common_part(joint)
    assert part.state == State.FILLING
    assert set(part.members.values_list("state", flat=True)) == {State.JOINED}
    first.refresh_from_db()
    assert first.closed_at is None
    actions.correct_row(
        acting_user=worker, part=part, row=0, values={place_of(part, "手机号"): "13600003333"}
    )
    actions.submit(acting_user=worker, part=part, note="还在问")
    actions.sign(acting_user=cast.head, part=part)
    member.refresh_from_db()
    assert (member.state, member.sendings_made) == (State.SIGNED, 2)
    change = CellChange.objects.get(part=member)
    assert (change.way, change.column, change.sending) == ("common", "联系电话", 2)
    assert member.sendings.first() is not None
    assert member.sendings.get(number=2).changed == 1


def test_where_one_is_left_it_is_filled_by_itself_again(cast: Cast, issue: Issue, second: FormTask) -> None:
    worker = cast.people.worker
    first = issue()
    joint = actions.accept(acting_user=cast.people.officer, joint=proposed(cast, second), reason="少填一遍")
    part = filled_part(worker, common_part(joint))
    actions.correct_row(acting_user=worker, part=part, row=0, values={place_of(part, "家庭用水量"): "12 吨"})
    actions.take_back(
        acting_user=cast.people.department, task=first, parts=list(first.parts.all()), reason="不要了"
    )
    part.refresh_from_db()
    assert part.state == State.WITHDRAWN
    assert "民政局收回" in part.why
    own = FormPart.objects.select_related("task__unit").get(task=second)
    assert own.state == State.SENT
    own = filled_part(worker, own)
    grid = keeping.grid_of(own)
    assert grid.rows[0].cells[place_of(own, "家庭用水量")] == "12 吨"


def test_the_community_is_reminded_once_and_in_the_right_place(
    cast: Cast, issue: Issue, second: FormTask
) -> None:
    issue()
    joint = actions.accept(acting_user=cast.people.officer, joint=proposed(cast, second), reason="少填一遍")
    part = common_part(joint)
    assert joint.due_on is not None
    assert actions.tell_due(joint.due_on) == 1
    second.refresh_from_db()
    assert actions.remind(acting_user=cast.water, task=second) == 1
    told = Notice.objects.filter(user=cast.people.worker, title__contains="催办").get()
    assert told.url == part.get_absolute_url()


# pages


def client(user: User) -> Client:
    made = Client()
    made.force_login(user)
    return made


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_pages_from_the_overlap_to_the_community(cast: Cast, issue: Issue, second: FormTask) -> None:
    first = issue()
    water, civil, street = client(cast.water), client(cast.people.department), client(cast.people.officer)
    where = reverse("collecting:join", args=[second.pk])
    assert where in text(water.get(second.get_absolute_url()))
    page = text(water.get(where))
    assert "分开要 10 项内容，合在一起 <b>6 项</b>" in page
    assert "社区要填的表从 2 份变成 <b>1 份</b>，要核对的从 20 格变成 <b>12 格</b>" in page
    assert "要去问人的从 6 格变成 <b>4 格</b>" in page
    data = {"communities": [COMMUNITY], "purpose": "发节水补贴", "on": "2026-11-01", "working_days": "2"}
    refused = water.post(where, data | {"reason": "  "})
    assert refused.status_code == 422
    assert "发节水补贴" in text(refused)
    answer = water.post(where, data | {"reason": "同一批老人"})
    joint = Joint.objects.get()
    assert answer["Location"] == joint.get_absolute_url()
    assert joint.get_absolute_url() in text(water.get(second.get_absolute_url()))
    assert water.get(where).status_code == 404
    for browser in (water, civil, street):
        assert joint.title in text(browser.get(reverse("collecting:joints")))
        assert "家庭用水量" in text(browser.get(joint.get_absolute_url(), {"tab": "columns"}))
    assert "发节水补贴" in text(civil.get(joint.get_absolute_url()))
    assert civil.get(reverse("collecting:joint_accept", args=[joint.pk])).status_code == 404
    assert street.get(reverse("collecting:joint_decline", args=[joint.pk])).status_code == 404
    answer = street.post(reverse("collecting:joint_accept", args=[joint.pk]), {"reason": "少填一遍"})
    assert answer["Location"] == joint.get_absolute_url()
    assert "已合并下发" in text(civil.get(joint.get_absolute_url()))
    worker = client(cast.people.worker)
    listed = text(worker.get(reverse("collecting:parts")))
    part = common_part(joint)
    assert part.get_absolute_url() in listed
    assert first.parts.get().get_absolute_url() not in listed
    assert "去合并的那一份" in text(worker.get(first.parts.get().get_absolute_url()))
    page = text(worker.get(part.get_absolute_url()))
    assert "延庆区水务局、延庆区民政局" in page
    assert "合在这一份里的报表" in page
    assert "合并填报中" in text(civil.get(first.get_absolute_url()))
    assert worker.get(joint.get_absolute_url()).status_code == 403


def test_saying_something_to_it_by_pages(cast: Cast, issue: Issue, second: FormTask) -> None:
    issue()
    joint = proposed(cast, second)
    civil = client(cast.people.department)
    where = reverse("collecting:joint_decline", args=[joint.pk])
    assert civil.post(where, {"reason": ""}).status_code == 422
    assert civil.post(where, {"reason": "已经在填"}).status_code == 302
    assert "不合并。原因：参加的报表不到两份" in text(civil.get(joint.get_absolute_url()))
    again = proposed(cast, second)
    answer = civil.post(reverse("collecting:joint_agree", args=[again.pk]))
    assert answer["Location"] == again.get_absolute_url()
    again.refresh_from_db()
    assert again.state == JointState.CARRIED_OUT
    assert civil.post(reverse("collecting:joint_agree", args=[again.pk])).status_code == 302


def test_the_street_proposes_of_what_is_issued(cast: Cast, issue: Issue, water_warrant: Warrant) -> None:
    first = issue()
    other = issue(
        as_bytes(plain(WATER, "60周岁以上老年人花名册")),
        user=cast.water,
        under=water_warrant,
        why_again="核对发放名单",
    )
    street = client(cast.people.officer)
    where = reverse("collecting:join", args=[first.pk])
    assert where in text(street.get(first.get_absolute_url()))
    assert street.post(where, {"reason": "社区只填一次"}).status_code == 302
    joint = Joint.objects.get()
    assert {one.task: one.stance for one in joint.members.all()} == {
        first: Stance.WAITING,
        other: Stance.WAITING,
    }
    actions.accept(acting_user=cast.people.officer, joint=joint, reason="社区只填一次")
    assert common_part(joint).members.count() == 2


def test_the_list_asks_no_more_for_more_rows(cast: Cast, issue: Issue, second: FormTask) -> None:
    browser = client(cast.people.officer)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(reverse("collecting:joints")).status_code == 200
        return len(found)

    issue()
    actions.refuse(acting_user=cast.people.officer, joint=proposed(cast, second), reason="口径不同")
    before = asked()
    for _ in range(3):
        actions.refuse(acting_user=cast.people.officer, joint=proposed(cast, second), reason="口径不同")
    assert asked() <= before

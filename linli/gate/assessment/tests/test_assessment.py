"""One assessment a year: weights, computed points, places, the frozen plan; old contests and what hangs for them."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from linli.access.guard import NotPermitted
from linli.access.models import Post, User
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, DISTRICT, NEIGHBOUR
from linli.audit import history
from linli.audit.recording import RuleError
from linli.flow.tests.conftest import Cast, cast
from linli.gate.assessment import actions, rules
from linli.gate.assessment.models import Fate, Part, Plan, PlanState, Score
from linli.gate.assessment.rules import Way
from linli.gate.plates import actions as plates
from linli.gate.plates.models import Form
from linli.notices.models import Notice
from linli.registry.places.models import Building, Estate

__all__ = ["cast"]
TODAY = timezone.localdate()


def part(key: int, weight: int, way: Way = Way.ENTERED) -> rules.Part:
    return rules.Part(key, f"第{key}项", weight, way)


@pytest.fixture
def head(cast: Cast) -> User:
    user = User.objects.create(username="quji", name="马海英", password="!")
    Post.objects.create(user=user, role=Role.DISTRICT_OFFICER, region_code=DISTRICT, unit=cast.department)
    return user


@pytest.fixture
def plan(head: User) -> Plan:
    made = actions.draft_plan(acting_user=head, region_code=DISTRICT, year=2026, title="2026 年方案")
    for title, weight, way in (("党建", 30, Way.ENTERED), ("满意度", 40, Way.SATISFACTION)):
        actions.set_part(acting_user=head, plan=made, title=title, weight=weight, way=way)
    actions.set_part(
        acting_user=head,
        plan=made,
        title="楼栋底数",
        weight=30,
        way=Way.MEASURED,
        measure="building.buildings",
        zero_at=Decimal(0),
        full_at=Decimal(4),
    )
    return made


def test_weights_add_up_and_satisfaction_counts() -> None:
    assert "添加" in rules.plan_problem([], 30)
    assert "合计是 90" in rules.plan_problem([part(1, 50), part(2, 40, Way.SATISFACTION)], 30)
    assert "至少要 30" in rules.plan_problem([part(1, 80), part(2, 20, Way.SATISFACTION)], 30)
    assert rules.plan_problem([part(1, 70), part(2, 30, Way.SATISFACTION)], 30) == ""


VALUES = st.decimals(-1000, 1000, places=2)


@given(value=VALUES, zero=VALUES, full=VALUES)
def test_points_lie_between_nothing_and_all_and_grow_towards_the_full_value(
    value: Decimal, zero: Decimal, full: Decimal
) -> None:
    if zero == full:
        return
    got = rules.points(value, zero, full)
    assert 0 <= got <= 100
    assert rules.points(zero, zero, full) == 0
    assert rules.points(full, zero, full) == 100
    nearer = value + (full - zero) / 10
    assert rules.points(nearer, zero, full) >= got


def test_a_total_waits_for_every_part_and_equals_share_a_place() -> None:
    parts = [part(1, 60), part(2, 40)]
    assert rules.total(parts, {1: Decimal(90)}) is None
    assert rules.total(parts, {1: Decimal(90), 2: Decimal(80)}) == Decimal("86.00")
    assert rules.total([], {}) is None
    totals = {"a": Decimal(80), "b": Decimal(90), "c": Decimal(80), "d": None, "e": Decimal(70)}
    assert rules.places(totals) == {"b": 1, "a": 2, "c": 2, "e": 4}


def test_what_is_not_recorded_is_not_judged_and_the_rest_weighs_more() -> None:
    worst, best = Decimal(10), Decimal(0)
    judge = rules.measured_points
    assert judge(Decimal(0), worst, best, recorded=True) == 100
    assert judge(Decimal(0), worst, best, recorded=False) is None
    assert judge(Decimal(0), best, worst, recorded=False) == 0  # more is better: nothing done
    assert judge(None, best, worst, recorded=True) is None
    parts = [part(1, 60), part(2, 30), part(3, 10)]
    scores = {1: Decimal(90), 2: Decimal(60), 3: None}
    assert rules.counted(parts, scores) == 90
    assert rules.total(parts, scores) == Decimal("80.00")
    assert rules.total(parts, {1: Decimal(90), 3: None}) is None
    assert rules.total(parts, {1: None, 2: None, 3: None}) is None


@given(points=st.lists(st.decimals(0, 100, places=2) | st.none(), min_size=1, max_size=6))
def test_leaving_out_neither_gains_nor_loses(points: list[Decimal | None]) -> None:
    parts = [part(key, 10 + key) for key in range(len(points))]
    total = rules.total(parts, dict(enumerate(points)))
    judged = [one for one in points if one is not None]
    if not judged:
        assert total is None
        return
    assert total is not None
    assert min(judged) <= total <= max(judged)
    filled = {key: total if one is None else one for key, one in enumerate(points)}
    again = rules.total(parts, filled)
    assert again is not None
    assert abs(again - total) <= Decimal("0.01")


def test_one_plan_a_year_by_the_district_alone(cast: Cast, head: User, plan: Plan) -> None:
    with pytest.raises(RuleError, match="一年只有一个"):
        actions.draft_plan(acting_user=head, region_code=DISTRICT, year=2026, title="又一个")
    for other in (cast.people.officer, cast.people.department, cast.people.worker):
        with pytest.raises(NotPermitted):
            actions.draft_plan(acting_user=other, region_code=DISTRICT, year=2027, title="方案")
        with pytest.raises(NotPermitted):
            actions.publish(acting_user=other, plan=plan)


def test_a_published_plan_is_frozen_by_the_database(head: User, plan: Plan) -> None:
    actions.publish(acting_user=head, plan=plan)
    one = plan.parts.first()
    assert one is not None
    with pytest.raises(RuleError, match="已经公布"):
        actions.set_part(acting_user=head, plan=plan, part=one, title="改", weight=30, way=Way.ENTERED)
    tries: list[Any] = [
        lambda: Part.objects.filter(pk=one.pk).update(weight=99),
        lambda: Part.objects.bulk_create([Part(plan=plan, title="加", weight=1)]),
        lambda: Part.objects.filter(pk=one.pk).delete(),
        lambda: Plan.objects.filter(pk=plan.pk).update(year=2030),
        lambda: Plan.objects.filter(pk=plan.pk).update(state="draft"),
    ]
    for attempt in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_scores_are_entered_computed_and_closed(cast: Cast, head: User, plan: Plan) -> None:
    party, content, buildings = plan.parts.all()
    with pytest.raises(RuleError, match="公布以后"):
        actions.enter(acting_user=head, part=party, scores={COMMUNITY: Decimal(90)})
    actions.publish(acting_user=head, plan=plan)
    with pytest.raises(RuleError, match="0 到 100"):
        actions.enter(acting_user=head, part=party, scores={COMMUNITY: Decimal(101)})
    with pytest.raises(RuleError, match="由系统计算"):
        actions.enter(acting_user=head, part=buildings, scores={COMMUNITY: Decimal(1)})
    with pytest.raises(NotPermitted):
        actions.enter(acting_user=head, part=party, scores={"120101001001": Decimal(1)})
    for one, points in ((party, 90), (content, 80)):
        actions.enter(acting_user=head, part=one, scores={COMMUNITY: Decimal(points), NEIGHBOUR: Decimal(70)})
    estate = Estate.objects.create(region_code=COMMUNITY, name="东外小区")
    for number in "123":
        Building.objects.create(region_code=COMMUNITY, estate=estate, name=f"{number}号楼", number=number)
    assert actions.compute(acting_user=head, plan=plan) > 2
    here = Score.objects.get(part=buildings, region_code=COMMUNITY)
    assert (here.value, here.points) == (3, 75)
    page = Client()
    page.force_login(cast.people.officer)
    shown = page.get(plan.get_absolute_url()).content.decode()
    assert "81.50" in shown  # 0.3 × 90 + 0.4 × 80 + 0.3 × 75
    assert "49.00" in shown
    actions.close(acting_user=head, plan=plan)
    with pytest.raises(RuleError, match="结束以前"):
        actions.enter(acting_user=head, part=party, scores={COMMUNITY: Decimal(1)})
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.update(points=100)
    plan.refresh_from_db()
    assert plan.state == PlanState.CLOSED


def test_who_records_nothing_does_not_come_out_best(cast: Cast, head: User) -> None:
    plan = actions.draft_plan(acting_user=head, region_code=DISTRICT, year=2026, title="2026 年方案")
    said = actions.set_part(acting_user=head, plan=plan, title="满意度", weight=60, way=Way.SATISFACTION)
    plaques = actions.set_part(
        acting_user=head,
        plan=plan,
        title="牌子",
        weight=40,
        way=Way.MEASURED,
        measure="plate.plates",
        zero_at=Decimal(10),
        full_at=Decimal(0),
    )
    actions.publish(acting_user=head, plan=plan)
    actions.enter(acting_user=head, part=said, scores={COMMUNITY: Decimal(80), NEIGHBOUR: Decimal(80)})
    gone = plates.register(
        acting_user=cast.people.worker, region_code=COMMUNITY, name="某某工作领导小组", form=Form.BODY
    )
    plates.remove(acting_user=cast.people.worker, plate=gone, removed_on=TODAY)
    actions.compute(acting_user=head, plan=plan)
    points = dict(Score.objects.filter(part=plaques).values_list("region_code", "points"))
    assert (points[COMMUNITY], points[NEIGHBOUR]) == (100, None)
    page = Client()
    page.force_login(head)
    shown = page.get(f"{plan.get_absolute_url()}?street={COMMUNITY[:9]}").content.decode()
    assert "88.00" in shown  # 0.6 × 80 + 0.4 × 100
    assert "按 60% 折算" in shown
    score = Score.objects.get(part=plaques, region_code=NEIGHBOUR)
    assert "从来没有登记过" in page.get(score.get_absolute_url()).content.decode()
    book = openpyxl.load_workbook(
        io.BytesIO(page.get(reverse("assessment:scores_file", args=[plan.pk])).content)
    )
    lines = {row[0].value: row[3].value for row in book.active.iter_rows(min_row=4)}
    assert (lines[COMMUNITY], lines[NEIGHBOUR]) == (100, "没有记录")
    made = actions.object_to(
        acting_user=cast.people.neighbour, score=score, reason="去年全部摘完了，有照片。", wanted=Decimal(100)
    )
    assert made.points_then is None
    actions.answer_objection(acting_user=head, objection=made, answer="照片已核对。", points=Decimal(95))
    actions.compute(acting_user=head, plan=plan)
    score.refresh_from_db()
    assert score.points == 95  # what an objection changed stays


def test_an_old_contest_is_taken_in_or_cancelled_and_its_plaques_go(
    cast: Cast, head: User, plan: Plan
) -> None:
    plaque = plates.register(
        acting_user=cast.people.worker, region_code=COMMUNITY, name="健康社区示范点", form=Form.PLAQUE
    )
    contest = actions.add_contest(
        acting_user=head,
        region_code=DISTRICT,
        title="健康社区示范验收",
        unit=cast.department,
        times=Decimal(1),
        hours=Decimal(16),
        plaque="健康社区示范点",
    )
    values: dict[str, Any] = {"acting_user": head, "contest": contest, "reason": "市级没有明确要求"}
    with pytest.raises(RuleError, match="理由"):
        actions.decide(**(values | {"fate": Fate.CANCELLED, "reason": " "}))
    with pytest.raises(RuleError, match="并入哪一项"):
        actions.decide(**values, fate=Fate.MERGED)
    with pytest.raises(NotPermitted):
        actions.decide(**(values | {"acting_user": cast.people.officer}), fate=Fate.CANCELLED)
    actions.decide(**values, fate=Fate.MERGED, part=plan.parts.first(), remove_by=TODAY + timedelta(days=30))
    plaque.refresh_from_db()
    assert (plaque.state, plaque.payer) == ("removing", cast.department)
    kept = actions.decide(**values, fate=Fate.CANCELLED)
    assert kept.part is None
    page = Client()
    page.force_login(cast.people.worker)
    assert "市级没有明确要求" in page.get("/assessment/contests/?fate=cancelled").content.decode()


@pytest.fixture
def scored(plan: Plan, head: User) -> Score:
    """A published plan whose first part gave the community 60 points."""
    actions.publish(acting_user=head, plan=plan)
    first = plan.parts.order_by("pk").first()
    assert first is not None
    (made,) = actions.enter(acting_user=head, part=first, scores={COMMUNITY: Decimal(60)})
    return Score.objects.get(part=first, region_code=made.region_code)


def test_a_community_objects_and_is_answered_in_words(
    cast: Cast, scored: Score, head: User, plan: Plan
) -> None:
    worker = cast.people.worker
    said = "台账里十二次走访没有算进去，见走访记录。"
    with pytest.raises(NotPermitted):
        actions.object_to(acting_user=cast.people.neighbour, score=scored, reason=said)
    with pytest.raises(RuleError, match="写明哪里不对"):
        actions.object_to(acting_user=worker, score=scored, reason="不对")
    with pytest.raises(RuleError, match="一样"):
        actions.object_to(acting_user=worker, score=scored, reason=said, wanted=Decimal(60))
    made = actions.object_to(acting_user=worker, score=scored, reason=said, wanted=Decimal(80))
    assert made.due_on > TODAY
    assert Notice.objects.filter(user=head, done_at__isnull=True, title__contains="请答复").exists()
    with pytest.raises(RuleError, match="已经申诉"):
        actions.object_to(acting_user=worker, score=scored, reason=said)
    with pytest.raises(RuleError, match="1 件申诉没有答复"):
        actions.close(acting_user=head, plan=plan)
    with pytest.raises(NotPermitted):
        actions.answer_objection(acting_user=worker, objection=made, answer="改")
    with pytest.raises(RuleError, match="写明答复"):
        actions.answer_objection(acting_user=head, objection=made, answer=" ", points=Decimal(80))
    actions.answer_objection(acting_user=head, objection=made, answer="已核对走访记录。", points=Decimal(75))
    scored.refresh_from_db()
    made.refresh_from_db()
    assert (scored.points, made.state, made.points_then, made.points_after) == (75, "upheld", 60, 75)
    assert Notice.objects.filter(user=worker, title__contains="改为 75").exists()
    assert not Notice.objects.filter(user=head, done_at__isnull=True, title__contains="请答复").exists()
    assert [(one.before, one.after) for one in history.changes(scored) if one.label == "得分"] == [
        ("60.00", "75.00")
    ]
    with pytest.raises(RuleError, match="不能再改"):
        actions.withdraw_objection(acting_user=worker, objection=made)
    again = actions.object_to(acting_user=worker, score=scored, reason=said)
    with pytest.raises(RuleError, match="由提出的社区撤回"):
        actions.withdraw_objection(acting_user=cast.people.officer, objection=again)
    actions.withdraw_objection(acting_user=worker, objection=again)
    third = actions.object_to(acting_user=worker, score=scored, reason=said)
    actions.answer_objection(acting_user=head, objection=third, answer="走访记录里没有。")
    third.refresh_from_db()
    assert (third.state, third.points_after) == ("rejected", 75)
    actions.close(acting_user=head, plan=plan)
    with pytest.raises(RuleError, match="已经结束"):
        actions.object_to(acting_user=worker, score=scored, reason=said)


def test_the_term_of_objections_ends(cast: Cast, scored: Score) -> None:
    Score.objects.filter(pk=scored.pk).update(at=timezone.now() - timedelta(days=40))
    with pytest.raises(RuleError, match="申诉期"):
        actions.object_to(acting_user=cast.people.worker, score=scored, reason="走访没有算进去，请核对")


def test_points_go_out_and_come_in_by_workbook(cast: Cast, scored: Score, head: User, plan: Plan) -> None:
    client = Client()
    client.force_login(head)
    book = client.get(reverse("assessment:scores_file", args=[plan.pk]))
    assert book["Content-Type"].startswith("application/vnd.openxmlformats")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    heads = [cell.value for cell in sheet[3]]
    assert heads[:2] == ["社区编号", "社区"]
    lines = {row[0].value: row for row in sheet.iter_rows(min_row=4)}
    assert lines[COMMUNITY][2].value == 60
    lines[COMMUNITY][2].value = 91.5
    lines[COMMUNITY][heads.index("楼栋底数（30%）")].value = 100  # computed: not read
    lines[NEIGHBOUR][2].value = "优秀"

    def send(workbook: Any) -> Any:
        out = io.BytesIO()
        workbook.save(out)
        upload = SimpleUploadedFile("得分.xlsx", out.getvalue())
        return client.post(reverse("assessment:upload", args=[plan.pk]), {"file": upload, "note": "年终"})

    refused = send(sheet.parent)
    assert refused.status_code == 422
    assert "“优秀”不是数" in refused.content.decode()
    assert Score.objects.get(pk=scored.pk).points == 60
    marked = client.post(reverse("assessment:marked", args=[plan.pk]), {"kept": refused.context["kept"]})
    shown = openpyxl.load_workbook(io.BytesIO(marked.content)).active
    assert "不是数" in "".join(str(cell.value) for row in shown for cell in row)
    assert client.post(reverse("assessment:marked", args=[plan.pk]), {"kept": "[]"}).status_code == 404
    lines[NEIGHBOUR][2].value = 88
    assert send(sheet.parent).status_code == 302
    points = dict(Score.objects.filter(part=scored.part).values_list("region_code", "points"))
    assert points == {COMMUNITY: Decimal("91.5"), NEIGHBOUR: Decimal(88)}
    assert not Score.objects.filter(part__way=Way.MEASURED).exists()
    broken = SimpleUploadedFile("得分.xlsx", b"no workbook")
    answer = client.post(reverse("assessment:upload", args=[plan.pk]), {"file": broken})
    assert answer.status_code == 422
    assert "打不开" in answer.content.decode()


def test_a_computed_score_leads_to_its_rows(cast: Cast, scored: Score, head: User, plan: Plan) -> None:
    estate = Estate.objects.create(name="测试小区", region_code=COMMUNITY)
    Building.objects.create(name="1号楼", estate=estate, region_code=COMMUNITY)
    actions.compute(acting_user=head, plan=plan)
    made = Score.objects.get(part__way=Way.MEASURED, region_code=COMMUNITY)
    client = Client()
    client.force_login(head)
    page = client.get(made.get_absolute_url())
    url = page.context["rows_url"]
    assert "subject=building" in url
    assert COMMUNITY in url
    rows = client.get(url)
    assert rows.status_code == 200
    assert "1号楼" in rows.content.decode()
    worker = Client()
    worker.force_login(cast.people.worker)
    assert "申诉" in worker.get(scored.get_absolute_url()).content.decode()
    other = Score.objects.get(part__way=Way.MEASURED, region_code=NEIGHBOUR)
    assert worker.get(other.get_absolute_url()).status_code == 404

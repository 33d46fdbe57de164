"""Cases against PostgreSQL: steps, holders, clocks, who may, who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, STREET
from linli.audit.recording import SYSTEM, RuleError
from linli.flow import actions
from linli.flow.models import Assignment, Case, CaseStep, Clock, Warrant
from linli.flow.rules import clocks as clock_rules
from linli.flow.rules import kinds as kind_rules
from linli.flow.tests.conftest import Cast
from linli.flow.tests.example import WHISTLE
from linli.notices.models import Notice
from linli.office import actions as office
from linli.office.calendar import current as current_calendar


def opened(cast: Cast, **more: Any) -> Case:
    return actions.open_case(
        acting_user=cast.people.worker,
        kind="test_whistle",
        title="川北东路口积水",
        region_code=COMMUNITY,
        coordinator=cast.street,
        give=[cast.street],
        **more,
    )


def handled(cast: Cast) -> Case:
    case = opened(cast)
    return actions.move(
        acting_user=cast.people.officer,
        case=case,
        step="assign",
        units=[cast.water, cast.department],
        lead=cast.water,
    )


def held(case: Case) -> dict[str, tuple[str, bool]]:
    return {one.unit.name: (one.state, one.is_lead) for one in case.assignments.filter(ended_at__isnull=True)}


def test_a_case_is_opened_numbered_held_and_timed(cast: Cast) -> None:
    case = opened(cast)
    assert case.number.startswith(f"CS-{timezone.localdate().year}-")
    assert Notice.objects.get(user=cast.people.officer).title == "派办：川北东路口积水"
    assert opened(cast).number > case.number
    assert held(case) == {"香水园街道办事处": ("given", True)}
    assert case.origin == cast.community
    assert [one.name for one in case.steps.all()] == ["发起"]
    limits = {one.scope: str(one.limit) for one in case.clocks.all()}
    assert limits == {"whole": "10 个工作日", "state": "4 个工作时"}
    case.refresh_from_db()
    assert case.due_at == case.clocks.get(scope="state").due_at
    assert set(Notice.objects.values_list("user", "kind")) == {(cast.people.officer.pk, "todo")}


def test_the_way_from_whistle_to_satisfaction(cast: Cast) -> None:
    case = handled(cast)
    assert held(case) == {"延庆区水务局": ("given", True), "延庆区民政局": ("given", False)}
    assert Notice.objects.filter(user=cast.people.officer, done_at__isnull=True, kind="todo").count() == 0
    with pytest.raises(RuleError, match="还有 1 个单位没有办完：延庆区民政局"):
        actions.move(acting_user=cast.water_officer, case=case, step="finish", text="已抽水")
    support = case.assignments.get(unit=cast.department, ended_at__isnull=True)
    actions.claim(acting_user=cast.people.department, assignment=support)
    actions.report(acting_user=cast.people.department, assignment=support, text="已安置两户老人")
    case = actions.move(acting_user=cast.water_officer, case=case, step="finish", text="已抽水")
    assert held(case) == {"东外社区居委会": ("given", True)}
    case = actions.move(acting_user=cast.people.worker, case=case, step="accept")
    assert (case.state, case.outcome, held(case)) == ("closed", "办结", {})
    assert case.closed_at is not None
    assert case.due_at is None
    assert not case.clocks.filter(stopped_at__isnull=True).exists()
    assert [one.key for one in case.steps.all()] == ["open", "assign", "claim", "report", "finish", "accept"]
    assert list(case.steps.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert not Notice.objects.filter(kind="todo", done_at__isnull=True).exists()
    case = actions.move(acting_user=cast.people.worker, case=case, step="reopen", reason="又积水了")
    assert (case.closed_at, case.outcome, held(case)) == (None, "", {"香水园街道办事处": ("given", True)})
    assert case.clocks.filter(scope="whole", stopped_at__isnull=True).count() == 1


def test_who_may_not(cast: Cast) -> None:
    case = opened(cast)
    for stranger in (cast.people.neighbour, cast.people.stranger, cast.water_officer):
        assert not Case.objects.visible(stranger).exists()
        with pytest.raises(NotPermitted):
            actions.move(acting_user=stranger, case=case, step="assign", units=[cast.water])
    with pytest.raises(NotPermitted):
        actions.move(acting_user=cast.people.worker, case=case, step="assign", units=[cast.water])
    with pytest.raises(RuleError, match="现在是“待派办”，不能报告办结"):
        actions.move(acting_user=cast.people.officer, case=case, step="finish")
    with pytest.raises(RuleError, match="没有这个步骤"):
        actions.move(acting_user=cast.people.officer, case=case, step="nonsense")
    with pytest.raises(RuleError, match="请选择交给哪个单位"):
        actions.move(acting_user=cast.people.officer, case=case, step="assign")
    with pytest.raises(RuleError, match="要写明理由"):
        actions.move(acting_user=cast.people.officer, case=case, step="refuse", reason=" ")
    assert Case.objects.visible(cast.people.worker).get() == case
    case.refresh_from_db()
    assert case.state == "open"
    assert case.steps.count() == 1


def test_a_claimed_task_is_the_handlers_until_handed_over(cast: Cast) -> None:
    case = handled(cast)
    task = case.assignments.get(unit=cast.department, ended_at__isnull=True)
    actions.claim(acting_user=cast.colleague, assignment=task)
    with pytest.raises(RuleError, match="已由邹民安签收"):
        actions.claim(acting_user=cast.people.department, assignment=task)
    with pytest.raises(RuleError, match="由邹民安经办"):
        actions.report(acting_user=cast.people.department, assignment=task, text="办了")
    with pytest.raises(RuleError, match="请由本人转交"):
        actions.hand_over(acting_user=cast.people.department, assignment=task, to=cast.people.department)
    with pytest.raises(RuleError, match="不是延庆区民政局的在岗人员"):
        actions.hand_over(acting_user=cast.colleague, assignment=task, to=cast.water_officer)
    actions.hand_over(acting_user=cast.colleague, assignment=task, to=cast.people.department)
    todo = Notice.objects.get(key=f"flow.task.{task.pk}", done_at__isnull=True)
    assert todo.user == cast.people.department
    done = actions.report(acting_user=cast.people.department, assignment=task, text="办了")
    assert (done.state, done.result) == (Assignment.State.DONE, "办了")


def test_sending_back_needs_a_reason_and_returns_to_the_coordinator(cast: Cast) -> None:
    case = handled(cast)
    task = case.assignments.get(unit=cast.water, ended_at__isnull=True)
    with pytest.raises(RuleError, match="写明退回的理由"):
        actions.send_back(acting_user=cast.water_officer, assignment=task, reason="")
    actions.send_back(acting_user=cast.water_officer, assignment=task, reason="该路段由园林局管护")
    assert held(case) == {"延庆区民政局": ("given", False), "香水园街道办事处": ("given", True)}
    assert case.steps.last().reason == "该路段由园林局管护"  # type: ignore[union-attr]


def test_a_pausing_state_stops_the_whole_clock_and_resuming_adds_what_passed(cast: Cast) -> None:
    case = handled(cast)
    support = case.assignments.get(unit=cast.department, ended_at__isnull=True)
    actions.withdraw(acting_user=cast.water_officer, assignment=support, reason="不需要安置")
    case = actions.move(acting_user=cast.water_officer, case=case, step="ask", reason="说不清位置")
    whole = case.clocks.get(scope="whole")
    assert whole.due_at is None
    assert len(whole.pauses) == 1
    since = whole.started_at - timedelta(days=30)
    paused = timezone.now() - timedelta(days=20)
    whole.started_at, whole.pauses = since, [[paused.isoformat(), None]]
    whole.save()
    case = actions.move(acting_user=cast.people.worker, case=case, step="supply", units=[cast.water])
    whole.refresh_from_db()
    assert whole.pauses[0][1] is not None
    limit, calendar = (
        clock_rules.Limit.from_json({"amount": 10, "measure": "working_days"}),
        current_calendar(),
    )
    assert limit is not None
    plain = clock_rules.due(calendar, limit, since)
    assert plain is not None
    assert whole.due_at is not None
    passed = calendar.working_days_between(timezone.localtime(paused).date(), timezone.localdate())
    assert whole.due_at.date() == calendar.add_working_days(timezone.localtime(plain).date(), passed)


def test_only_those_above_extend_with_a_reason(cast: Cast) -> None:
    case = handled(cast)
    clock = case.clocks.get(scope="whole")
    with pytest.raises(NotPermitted):
        actions.extend(acting_user=cast.water_officer, clock=clock, amount=5, reason="汛期")
    with pytest.raises(RuleError, match="延期的理由"):
        actions.extend(acting_user=cast.people.officer, clock=clock, amount=5, reason="")
    before = clock.due_at
    kept = actions.extend(acting_user=cast.people.officer, clock=clock, amount=5, reason="汛期")
    assert kept.due_at is not None
    assert before is not None
    assert current_calendar().working_days_between(before.date(), kept.due_at.date()) == 5


def test_overdue_is_reported_once_and_reminders_are_sent_once(cast: Cast) -> None:
    case = handled(cast)
    state = case.clocks.get(scope="state", stopped_at__isnull=True)
    assert state.due_at is not None
    soon = state.due_at - timedelta(hours=2)
    assert actions.look_at_clocks(soon) == {"reported": 0, "reminded": 1}
    assert actions.look_at_clocks(soon) == {"reported": 0, "reminded": 0}
    late = state.due_at + timedelta(minutes=1)
    assert actions.look_at_clocks(late)["reported"] == 1
    assert actions.look_at_clocks(late)["reported"] == 0
    assert case.steps.filter(key="escalate").count() == 1
    assert Notice.objects.filter(user=cast.people.officer, is_urgent=True).count() == 1


def test_a_changed_calendar_recounts_open_clocks_and_says_so(cast: Cast) -> None:
    case = handled(cast)
    before = case.clocks.get(scope="whole").due_at
    assert before is not None
    assert actions.recount_all() == 0
    day = timezone.localdate() + timedelta(days=1)
    while not current_calendar().is_working_day(day):
        day += timedelta(days=1)
    office.settle_day(acting_user=SYSTEM, day=day, is_worked=False, note="临时放假")
    assert actions.recount_all() == 2
    after = case.clocks.get(scope="whole").due_at
    assert after is not None
    assert current_calendar().working_days_between(before.date(), after.date()) == 1
    assert case.steps.filter(key="recount").count() == 1
    assert actions.recount_all() == 0


def test_steps_and_published_editions_are_not_rewritten(cast: Cast) -> None:
    case = opened(cast)
    for sql in (
        "UPDATE flow_casestep SET text = 'x'",
        "DELETE FROM flow_casestep",
        "UPDATE flow_kindedition SET \"table\" = '{}'",
        "DELETE FROM flow_kindedition",
    ):
        with (
            pytest.raises((IntegrityError, InternalError, Exception)) as caught,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
        assert "append_only" in str(caught.value) or "frozen" in str(caught.value)
    assert CaseStep.objects.filter(case=case).count() == 1


def test_an_edition_changes_new_cases_only(cast: Cast) -> None:
    old = opened(cast)
    table = kind_rules.to_json(WHISTLE) | {"limit": {"amount": 20, "measure": "working_days"}}
    with pytest.raises(NotPermitted):
        actions.draft_edition(acting_user=cast.people.officer, kind=old.edition.kind, table=table)
    draft = actions.draft_edition(acting_user=SYSTEM, kind=old.edition.kind, table=table, note="延长")
    assert opened(cast).edition == old.edition
    actions.publish_edition(acting_user=SYSTEM, edition=draft)
    assert str(opened(cast).clocks.get(scope="whole").limit) == "20 个工作日"
    assert str(old.clocks.get(scope="whole").limit) == "10 个工作日"
    with pytest.raises(RuleError, match="不能改"):
        actions.draft_edition(acting_user=SYSTEM, kind=old.edition.kind, table=table | {"prefix": "ZZ"})


def test_nothing_is_given_to_a_community_without_a_warrant(cast: Cast, warrant: Warrant) -> None:
    case = actions.open_case(
        acting_user=cast.people.officer,
        kind="test_whistle",
        title="请社区巡查积水",
        region_code=COMMUNITY,
        coordinator=cast.street,
        give=[cast.street],
    )
    with pytest.raises(RuleError, match="清单里没有依据"):
        actions.move(acting_user=cast.people.officer, case=case, step="assign", units=[cast.community])
    with pytest.raises(IntegrityError, match="without a warrant"), transaction.atomic():
        Assignment.objects.create(case=case, unit=cast.community, task="偷偷派")
    case.refresh_from_db()
    assert case.state == "open"
    case = actions.move(
        acting_user=cast.people.officer, case=case, step="assign", units=[cast.community], warrant=warrant
    )
    assert held(case) == {"东外社区居委会": ("given", True)}
    assert warrant.dispatches.get().region_code == COMMUNITY


def test_following_a_case(cast: Cast) -> None:
    case = opened(cast)
    actions.follow(acting_user=cast.people.worker, case=case)
    actions.move(acting_user=cast.people.officer, case=case, step="assign", units=[cast.water])
    assert Notice.objects.filter(user=cast.people.worker, title__startswith="派办（办理中）").count() == 1
    actions.unfollow(acting_user=cast.people.worker, case=case)
    assert not case.watchers.exists()


def test_the_region_of_a_case_bounds_its_overseers(cast: Cast) -> None:
    opened(cast)
    head = cast.people.neighbour
    head.posts.update(role="street_head", region_code=STREET)
    head = type(head).objects.get(pk=head.pk)
    assert Case.objects.visible(head).count() == 1
    head.posts.update(region_code="110119003")
    assert not Case.objects.visible(type(head).objects.get(pk=head.pk)).exists()


def test_clocks_are_one_a_scope(cast: Cast) -> None:
    case = opened(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clock.objects.create(case=case, scope="whole", amount=1, measure="days", started_at=timezone.now())

"""From a proposal to what came of it: the gate, collisions, consent, moving, joining, hours."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, DISTRICT, NEIGHBOUR, STREET
from linli.audit.recording import SYSTEM, RuleError
from linli.facts import plan
from linli.flow.models import Dispatch, Refusal, Warrant
from linli.flow.rules.warrants import Thing
from linli.flow.tests.conftest import Cast
from linli.gate.agenda import actions, reading, rules
from linli.gate.agenda.models import State, Visit
from linli.gate.agenda.tests.conftest import Propose, a_warrant, working_day
from linli.kernel.scope import Scope
from linli.notices.models import Notice


def todos(user: object, prefix: str) -> list[str]:
    rows = Notice.objects.filter(user=user, done_at__isnull=True, key__startswith=prefix)
    return [one.title for one in rows]


def test_a_clear_proposal_is_fixed_through_the_gate_and_all_are_told(cast: Cast, propose: Propose) -> None:
    proposal = propose(communities=[COMMUNITY, NEIGHBOUR])
    assert todos(cast.people.department, "agenda.fix") == ["可以确定：“养老驿站检查”，2 个社区"]
    assert todos(cast.people.officer, "agenda.consent") == []
    done = actions.fix(acting_user=cast.people.department, proposal=proposal)
    assert {one.state for one in done} == {State.FIXED}
    assert Dispatch.objects.filter(thing="inspection", day=working_day(2)).count() == 2
    assert todos(cast.people.department, "agenda.fix") == []
    assert Notice.objects.filter(user=cast.people.worker, title__startswith="已定：").exists()
    with pytest.raises(RuleError, match="没有待定"):
        actions.fix(acting_user=cast.people.department, proposal=proposal)


def test_only_the_units_own_items_and_only_what_they_allow(
    cast: Cast, propose: Propose, warrant: Warrant
) -> None:
    with pytest.raises(NotPermitted):
        propose(acting_user=cast.people.officer)
    with pytest.raises(NotPermitted):
        propose(acting_user=cast.people.worker)
    with pytest.raises(RuleError, match="不能下派评比创建"):
        propose(thing=Thing.CONTEST)
    with pytest.raises(RuleError, match="到期或取消"):
        propose(first_day=timezone.localdate() + timedelta(days=301))
    Warrant.objects.filter(pk=warrant.pk).update(suspended="经费逾期未付")
    warrant.refresh_from_db()
    with pytest.raises(RuleError, match="已暂停：经费逾期未付"):
        propose()


def test_an_item_suspended_after_the_proposal_is_not_fixed(
    cast: Cast, propose: Propose, warrant: Warrant
) -> None:
    proposal = propose()
    Warrant.objects.filter(pk=warrant.pk).update(suspended="经费逾期未付")
    with pytest.raises(RuleError, match="已暂停"):
        actions.fix(acting_user=cast.people.department, proposal=proposal)
    assert not Dispatch.objects.exists()
    assert proposal.visits.get().state == State.PROPOSED


def test_too_often_is_refused_and_a_cancelled_one_no_longer_counts(cast: Cast, propose: Propose) -> None:
    once = a_warrant(cast, times=1, title="一年一次的检查")
    first = propose(warrant=once)
    second = propose(warrant=once, first_day=working_day(2) + timedelta(days=14))
    actions.fix(acting_user=cast.people.department, proposal=first)
    with pytest.raises(RuleError, match="每年不超过 1 次"):
        actions.fix(acting_user=cast.people.department, proposal=second)
    actions.cancel(acting_user=cast.people.department, visits=first.visits.all(), reason="活动取消")
    actions.fix(acting_user=cast.people.department, proposal=second)


def test_what_the_gate_refuses_is_kept_by_the_name_of_the_visit(cast: Cast, propose: Propose) -> None:
    forms = a_warrant(cast, things=[Thing.FORM], title="只有报表")
    with pytest.raises(RuleError, match="不能下派"):
        propose(warrant=forms)
    kept = Refusal.objects.get()
    assert (kept.title, kept.unit, kept.warrant) == ("养老驿站检查", forms.issuer, forms)


def test_what_collides_needs_the_streets_consent_with_a_reason_or_another_day(
    cast: Cast, propose: Propose
) -> None:
    actions.fix(acting_user=cast.people.department, proposal=propose())
    second = propose(title="另一项检查")
    visit = second.visits.get()
    assert todos(cast.people.officer, "agenda.consent")
    with pytest.raises(RuleError, match=r"已有“养老驿站检查”.*请改到.*或请街道同意"):
        actions.fix(acting_user=cast.people.department, proposal=second)
    with pytest.raises(NotPermitted):
        actions.consent(acting_user=cast.people.department, visits=[visit], reason="好")
    with pytest.raises(RuleError, match="理由"):
        actions.consent(acting_user=cast.people.officer, visits=[visit], reason=" ")
    actions.consent(acting_user=cast.people.officer, visits=[visit], reason="市里统一要求")
    assert todos(cast.people.officer, "agenda.consent") == []
    (fixed,) = actions.fix(acting_user=cast.people.department, proposal=second)
    assert fixed.consent_reason == "市里统一要求"
    (seen,) = reading.look([visit])
    assert seen.better
    assert seen.better[0].day != visit.day


def test_consent_is_for_that_day_only(cast: Cast, propose: Propose) -> None:
    actions.fix(acting_user=cast.people.department, proposal=propose())
    second = propose(title="另一项检查")
    actions.consent(acting_user=cast.people.officer, visits=second.visits.all(), reason="可以")
    moved = actions.move(acting_user=cast.people.department, visit=second.visits.get(), day=working_day(3))
    assert moved.consented_to == []
    with pytest.raises(RuleError, match="同一周已有"):
        actions.fix(acting_user=cast.people.department, proposal=second)


def test_a_ceiling_that_refuses_lets_nobody_consent(cast: Cast, propose: Propose) -> None:
    actions.set_ceiling(
        acting_user=cast.people.officer,
        region_code=STREET,
        ceiling=rules.Ceiling(week_hours=Decimal(3), excess=rules.Answer.REFUSE),
    )
    proposal = propose(hours=Decimal(4))
    with pytest.raises(RuleError, match="不能同意"):
        actions.consent(acting_user=cast.people.officer, visits=proposal.visits.all(), reason="好")
    with pytest.raises(RuleError, match="超过每周 3 小时的上限。请改期"):
        actions.fix(acting_user=cast.people.department, proposal=proposal)
    with pytest.raises(NotPermitted):
        actions.set_ceiling(acting_user=cast.people.department, region_code=STREET, ceiling=rules.Ceiling())


def test_moving_what_was_fixed_asks_the_gate_anew(cast: Cast, propose: Propose) -> None:
    proposal = propose()
    (visit,) = actions.fix(acting_user=cast.people.department, proposal=proposal)
    with pytest.raises(RuleError, match="写明原因"):
        actions.move(acting_user=cast.people.department, visit=visit, day=working_day(4))
    moved = actions.move(
        acting_user=cast.people.department, visit=visit, day=working_day(4), reason="局里有会"
    )
    assert moved.state == State.FIXED
    assert Dispatch.objects.filter(cancelled_at__isnull=True).get().day == working_day(4)
    assert Notice.objects.filter(user=cast.people.worker, title__contains="改期").exists()
    with pytest.raises(RuleError, match="到期或取消"):
        actions.move(
            acting_user=cast.people.department,
            visit=moved,
            day=working_day(1 + 42 * 7),
            reason="推迟",
        )
    moved.refresh_from_db()
    assert moved.day == working_day(4)


def test_moving_into_a_collision_makes_it_a_proposal_again(cast: Cast, propose: Propose) -> None:
    actions.fix(acting_user=cast.people.department, proposal=propose(thing=Thing.MEETING))
    second = propose(first_day=working_day(4))
    (visit,) = actions.fix(acting_user=cast.people.department, proposal=second)
    moved = actions.move(
        acting_user=cast.people.department, visit=visit, day=working_day(2), reason="局里有会"
    )
    assert moved.state == State.PROPOSED
    assert Dispatch.objects.filter(cancelled_at__isnull=True).count() == 1
    assert todos(cast.people.officer, "agenda.consent")


def test_the_community_says_which_day_it_would_rather_have(cast: Cast, propose: Propose) -> None:
    visit = propose().visits.get()
    with pytest.raises(NotPermitted):
        actions.answer(acting_user=cast.people.neighbour, visit=visit, wish="不行")
    actions.answer(acting_user=cast.people.worker, visit=visit, wish_day=working_day(4), wish="当天换届会")
    visit.refresh_from_db()
    assert visit.wish_day == working_day(4)
    assert Notice.objects.filter(user=cast.people.department, title__contains="建议改到").exists()


def test_the_street_refuses_and_cancels_with_a_reason(cast: Cast, propose: Propose) -> None:
    proposal = propose()
    with pytest.raises(NotPermitted):
        actions.refuse(acting_user=cast.people.worker, visits=proposal.visits.all(), reason="不行")
    actions.refuse(acting_user=cast.people.officer, visits=proposal.visits.all(), reason="已查过")
    assert proposal.visits.get().state == State.REFUSED
    fixed = propose(first_day=working_day(4))
    actions.fix(acting_user=cast.people.department, proposal=fixed)
    with pytest.raises(NotPermitted):
        actions.cancel(acting_user=cast.people.worker, visits=fixed.visits.all(), reason="不行")
    actions.cancel(acting_user=cast.people.officer, visits=fixed.visits.all(), reason="疫情防控")
    assert Dispatch.objects.get().cancelled_at is not None
    assert Notice.objects.filter(user=cast.people.department, title__contains="街道取消").exists()


def test_inspections_of_one_week_become_one_joint_visit(cast: Cast, propose: Propose) -> None:
    water = a_warrant(cast, issuer=cast.water, title="防汛检查")
    first = propose(first_day=working_day(2))
    actions.fix(acting_user=cast.people.department, proposal=first)
    second = propose(
        acting_user=cast.water_officer, warrant=water, title="防汛检查", first_day=working_day(4)
    )
    both = [first.visits.get(), second.visits.get()]
    values = {"visits": both, "day": working_day(3), "hours": Decimal(3), "lead": cast.department}
    with pytest.raises(NotPermitted):
        actions.join(acting_user=cast.people.worker, **values)
    with pytest.raises(RuleError, match="不在这一周"):
        actions.join(
            acting_user=cast.people.officer, **(values | {"day": working_day(3) + timedelta(days=7)})
        )
    joint = actions.join(acting_user=cast.people.officer, **values)
    again, waiting = Visit.objects.order_by("pk")
    assert (again.state, again.day, again.joint) == (State.FIXED, working_day(3), joint)
    assert Dispatch.objects.filter(cancelled_at__isnull=True).get().day == working_day(3)
    assert waiting.state == State.PROPOSED
    actions.fix(acting_user=cast.water_officer, proposal=second)
    (slots,) = reading.agendas([COMMUNITY], working_day(1), working_day(5)).values()
    assert [(one.hours, one.is_fixed) for one in slots] == [(Decimal(3), True)]


def test_what_it_took_and_what_came_of_it(cast: Cast, propose: Propose) -> None:
    (visit,) = actions.fix(acting_user=cast.people.department, proposal=propose())
    with pytest.raises(RuleError, match="还没到"):
        actions.record_hours(acting_user=cast.people.worker, visit=visit, spent_hours=Decimal(2))
    took_place(visit)
    assert actions.tell_hours(timezone.localdate()) == 1
    assert todos(cast.people.worker, "agenda.hours") == ["东外社区：1 项检查、会议还没记实际用了几小时"]
    with pytest.raises(NotPermitted):
        actions.record_hours(acting_user=cast.people.neighbour, visit=visit, spent_hours=Decimal(2))
    photo = SimpleUploadedFile("现场.png", b"\x89PNG\r\n\x1a\n rest")
    actions.record_hours(
        acting_user=cast.people.worker, visit=visit, spent_hours=Decimal("5.5"), papers=[photo]
    )
    assert todos(cast.people.worker, "agenda.hours") == []
    with pytest.raises(RuleError, match="只能上传 PDF"):
        actions.record_findings(
            acting_user=cast.people.department,
            visit=visit,
            findings="未发现问题",
            papers=[SimpleUploadedFile("x.png", b"MZ")],
        )
    actions.record_findings(acting_user=cast.people.department, visit=visit, findings="未发现问题")
    visit.refresh_from_db()
    assert (visit.state, visit.spent_hours, visit.findings) == (State.DONE, Decimal("5.5"), "未发现问题")
    assert [one.name for one in visit.files.all()] == ["现场.png"]


def took_place(visit: Visit) -> None:
    """Put a fixed visit into the past, as time itself would."""
    import pgtrigger

    day = timezone.localdate() - timedelta(days=2)
    with pgtrigger.ignore("flow.Dispatch:dispatch_guarded", "agenda.Visit:visit_guarded"):
        Dispatch.objects.filter(pk=visit.dispatch_id).update(day=day)
        Visit.objects.filter(pk=visit.pk).update(day=day, last_day=day)
    visit.refresh_from_db()


def test_what_came_without_the_gate_is_told_afterwards_only(cast: Cast) -> None:
    values = {
        "region_code": COMMUNITY,
        "thing": Thing.INSPECTION,
        "title": "临时卫生检查",
        "spent_hours": Decimal(3),
    }
    today = timezone.localdate()
    with pytest.raises(RuleError, match="已经发生"):
        actions.record_unlisted(
            acting_user=cast.people.worker, unit_name="某局", day=today + timedelta(days=1), **values
        )
    with pytest.raises(RuleError, match="来的单位"):
        actions.record_unlisted(acting_user=cast.people.worker, day=today, **values)
    with pytest.raises(NotPermitted):
        actions.record_unlisted(acting_user=cast.people.department, unit_name="某局", day=today, **values)
    visit = actions.record_unlisted(acting_user=cast.people.worker, unit_name="某局", day=today, **values)
    assert visit.is_unlisted
    assert Notice.objects.filter(user=cast.people.officer, title__contains="未经准入").exists()


def test_the_system_may_do_it_all(cast: Cast, propose: Propose) -> None:
    proposal = propose(
        acting_user=SYSTEM,
        communities=[COMMUNITY, NEIGHBOUR],
        spread=True,
        last_day=working_day(5),
        per_day=1,
    )
    days = sorted(one.day for one in proposal.visits.all())
    assert len(set(days)) == 2
    actions.fix(acting_user=SYSTEM, proposal=proposal)


def test_the_dictionary_counts_visits_hours_and_the_load_against_the_ceiling(
    cast: Cast, propose: Propose
) -> None:
    day = working_day(2)
    actions.fix(acting_user=cast.people.department, proposal=propose())
    meeting = propose(thing=Thing.MEETING, title="例会", first_day=working_day(4), prep_hours=Decimal(1))
    actions.fix(acting_user=cast.people.department, proposal=meeting)
    actions.set_ceiling(
        acting_user=SYSTEM,
        region_code=STREET,
        ceiling=rules.Ceiling(week_hours=Decimal(4), month_hours=Decimal(4)),
    )

    def ask(measure: str, *conditions: str) -> Any:
        wish = plan.Wish("visit", [Scope.of(DISTRICT)], working_day(5), conditions=conditions)
        parts = plan.grouped(wish, measure, by_region_length=12)
        assert plan.total(wish, measure) == sum(parts.values())  # a district is the sum of its communities
        return plan.total(wish, measure)

    assert (ask("visits"), ask("inspections"), ask("meetings"), ask("contests")) == (2, 1, 1, 0)
    assert ask("hours") == Decimal(5)
    assert ask("visits", "recorded") == 0
    by_unit = plan.grouped(plan.Wish("visit", [Scope.of(DISTRICT)], working_day(5)), "hours", by="who")
    assert by_unit == {cast.department.name: Decimal(5)}
    by_month = plan.grouped(plan.Wish("visit", [Scope.of(DISTRICT)], working_day(5)), "visits", by="month")
    assert sum(by_month.values()) == 2
    if working_day(4).month == day.month:
        load = plan.Wish(
            "community",
            [Scope.of(COMMUNITY)],
            day,
            ("agenda_month_hours", "agenda_month_ceiling", "agenda_month_share"),
            ("agenda_over",),
        )
        assert [[Decimal(one) for one in values] for _pk, values in plan.rows(load)] == [[5, 4, 125]]

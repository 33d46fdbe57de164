"""The community office decides: opinions, clocks, granting less, trials, refusals, renewal, revocation."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET
from linli.admission import actions
from linli.admission.actions.deciding import Grant
from linli.admission.models import Application, Instalment, Opinion
from linli.admission.rules.asking import Terms
from linli.admission.tests.conftest import TODAY, Cast, admitted, asked, consulted, handed_in
from linli.audit.recording import RuleError
from linli.flow import actions as flow
from linli.flow.models import Assignment, Dispatch
from linli.flow.rules.warrants import Per, Thing
from linli.notices.models import Notice


def anew(application: Application) -> Application:
    return Application.objects.select_related("case__edition__kind", "unit").get(pk=application.pk)


def granted(application: Application, **more: object) -> Terms:
    one = application.terms
    values = {
        "things": one.things,
        "times": one.times,
        "per": one.per,
        "expected": one.expected,
        "since": one.since,
        "until": one.until,
        "hours": one.hours,
    }
    return Terms(**{**values, **more})


def test_streets_are_asked_with_a_limit_and_communities_get_no_task(cast: Cast) -> None:
    made = actions.consult(acting_user=cast.decider, application=handed_in(cast))
    assert made.case is not None
    task = made.case.assignments.get(unit=cast.street)
    assert task.task == "提出准入意见"
    assert task.clocks.get().amount == 5
    assert not Assignment.objects.filter(unit=cast.community).exists()
    assert not Dispatch.objects.exists()
    told = Notice.objects.get(user=cast.head)
    assert (told.kind, told.due_on) == ("news", None)


def test_opinions_of_street_and_community(cast: Cast) -> None:
    made = actions.consult(acting_user=cast.decider, application=handed_in(cast))
    say = actions.give_opinion
    with pytest.raises(RuleError, match="写明理由"):
        say(acting_user=cast.people.worker, application=made, unit=cast.community, stance="oppose")
    say(
        acting_user=cast.people.worker,
        application=made,
        unit=cast.community,
        stance="adjust",
        text="每季度改为每半年",
    )
    say(acting_user=cast.people.worker, application=made, unit=cast.community, stance="agree")
    assert Opinion.objects.get(unit=cast.community).stance == "agree"
    with pytest.raises(NotPermitted):
        say(acting_user=cast.people.worker, application=made, unit=cast.street, stance="agree")
    with pytest.raises(NotPermitted):
        say(acting_user=cast.people.department, application=made, unit=cast.street, stance="agree")
    say(acting_user=cast.people.officer, application=made, unit=cast.street, stance="adjust", text="减为两次")
    assert made.case is not None
    task = made.case.assignments.get(unit=cast.street)
    assert (task.state, task.result) == ("done", "同意，但要调整：减为两次")
    actions.decide(acting_user=cast.decider, application=made, outcome="admitted")
    with pytest.raises(RuleError, match="可以提出异议"):
        say(acting_user=cast.people.worker, application=anew(made), unit=cast.community, stance="agree")


def test_a_street_reports_only_with_its_stance(cast: Cast) -> None:
    made = actions.consult(acting_user=cast.decider, application=handed_in(cast))
    assert made.case is not None
    task = made.case.assignments.get(unit=cast.street)
    with pytest.raises(RuleError, match="页面反馈"):
        flow.report(acting_user=cast.people.officer, assignment=task, text="同意")


def test_decided_only_after_the_streets_or_their_limit(cast: Cast) -> None:
    made = actions.consult(acting_user=cast.decider, application=handed_in(cast))
    with pytest.raises(RuleError, match="还有 1 个街道没有反馈意见（香水园街道办事处）"):
        actions.decide(acting_user=cast.decider, application=made, outcome="admitted")
    Application.objects.filter(pk=made.pk).update(consult_until=made.submitted_at)
    done = actions.decide(acting_user=cast.decider, application=made, outcome="admitted")
    assert anew(done).state == "admitted"
    with pytest.raises(RuleError, match="征求意见以后才能审定"):
        actions.decide(
            acting_user=cast.decider, application=handed_in(cast, title="另一件"), outcome="admitted"
        )


def test_admitted_as_asked(cast: Cast) -> None:
    made = actions.decide(acting_user=cast.decider, application=consulted(cast), outcome="admitted")
    brought = made.admissions.select_related("item__warrant").get()
    item, warrant = brought.item, brought.item.warrant
    assert warrant is not None
    assert (item.title, item.since, item.until) == (made.title, made.since, made.until)
    assert (warrant.things, warrant.times, warrant.per) == (["form", "meeting"], 4, "year")
    assert item.money == 2400
    assert made.decisions.get().changes == []
    owed = brought.instalments.all()
    assert owed.values("region_code").distinct().count() == 16
    assert made.case is not None
    assert anew(made).case.outcome == "准予准入"


def test_less_can_be_granted_with_a_reason_but_not_more(cast: Cast) -> None:
    made = consulted(cast)
    less = granted(made, things=frozenset({Thing.FORM}), times=2)
    with pytest.raises(RuleError, match="请写明理由"):
        actions.decide(acting_user=cast.decider, application=made, outcome="admitted", grant=Grant(less))
    more = granted(made, times=1, per=Per.MONTH)
    with pytest.raises(RuleError, match="次数不能超过"):
        actions.decide(
            acting_user=cast.decider, application=made, outcome="admitted", reason="试", grant=Grant(more)
        )
    done = actions.decide(
        acting_user=cast.decider, application=made, outcome="admitted", reason="街道建议", grant=Grant(less)
    )
    decision = done.decisions.get()
    assert decision.changes == ["不准下派会议", "频次由每年 4 次改为每年 2 次"]
    warrant = done.admissions.get().item.warrant
    assert warrant is not None
    assert (warrant.things, warrant.times) == (["form"], 2)


def test_what_the_checks_forbid_is_not_admitted(cast: Cast) -> None:
    made = consulted(cast, money=None)
    with pytest.raises(RuleError, match="不能准入：没有经费"):
        actions.decide(acting_user=cast.decider, application=made, outcome="admitted")
    with pytest.raises(RuleError, match="不予准入的理由"):
        actions.decide(acting_user=cast.decider, application=made, outcome="refused")
    actions.decide(acting_user=cast.decider, application=made, outcome="refused", reason="没有经费")
    assert anew(made).state == "refused"
    assert made.decisions.get().reason == "没有经费"
    assert made.case is not None
    assert made.case.steps.get(key="refuse").reason == "没有经费"


def test_only_the_office_decides(cast: Cast) -> None:
    made = consulted(cast)
    for user in (cast.applicant, cast.people.officer, cast.people.worker):
        with pytest.raises(NotPermitted):
            actions.decide(acting_user=user, application=made, outcome="admitted")


def asked_on_trial(cast: Cast, application: Application) -> Application:
    """The street says what it thinks of the trial."""
    made = actions.consult_on_trial(acting_user=cast.decider, application=anew(application))
    actions.give_opinion(acting_user=cast.people.officer, application=made, unit=cast.street, stance="agree")
    return anew(made)


def test_a_trial_ends_by_itself_or_is_confirmed(cast: Cast) -> None:
    made = consulted(cast)
    assert made.since is not None
    assert made.until is not None
    trial = made.since + timedelta(days=90)
    with pytest.raises(RuleError, match="试行到哪天"):
        actions.decide(acting_user=cast.decider, application=made, outcome="trial", reason="试")
    actions.decide(
        acting_user=cast.decider,
        application=made,
        outcome="trial",
        reason="先看工作量",
        grant=Grant(granted(made), trial),
    )
    made = anew(made)
    brought = made.admissions.get()
    assert (made.state, brought.item.until, brought.until) == ("trial", trial, made.until)
    before = brought.instalments.count()
    assert max(brought.instalments.values_list("until", flat=True)) == trial
    assert made.case is not None
    assert made.case.clocks.get(scope="whole").due_at is None
    with pytest.raises(RuleError, match="请先就试行征求"):
        actions.settle_trial(acting_user=cast.decider, application=made, outcome="confirmed")
    asked_on_trial(cast, made)
    actions.settle_trial(acting_user=cast.decider, application=made, outcome="confirmed")
    brought.refresh_from_db()
    assert (anew(made).state, brought.item.until, brought.trial_until) == ("admitted", made.until, None)
    assert brought.instalments.count() > before
    assert max(brought.instalments.values_list("until", flat=True)) == made.until


def test_a_trial_that_failed_leaves_the_list(cast: Cast) -> None:
    made = consulted(cast, since=TODAY, until=TODAY + timedelta(days=300))
    grant = Grant(granted(made), TODAY + timedelta(days=60))
    actions.decide(acting_user=cast.decider, application=made, outcome="trial", reason="先试", grant=grant)
    with pytest.raises(RuleError, match="试行后不予准入的理由"):
        actions.settle_trial(acting_user=cast.decider, application=anew(made), outcome="dropped")
    actions.settle_trial(
        acting_user=cast.decider, application=anew(made), outcome="dropped", reason="社区普遍反映用不上"
    )
    item = made.admissions.get().item
    assert not item.in_force()
    assert item.warrant is not None
    with pytest.raises(RuleError, match="已"):
        flow.dispatch(
            acting_user=cast.applicant,
            warrant=item.warrant,
            thing=Thing.FORM,
            communities=[COMMUNITY],
            title="试",
            sender=cast.department,
        )


def test_several_areas_become_several_items(cast: Cast) -> None:
    made = actions.decide(
        acting_user=cast.decider,
        application=consulted(cast, areas=[COMMUNITY, NEIGHBOUR]),
        outcome="admitted",
    )
    titles = {one.item.title for one in made.admissions.select_related("item")}
    assert titles == {"高龄津贴资格年审（东外社区）", "高龄津贴资格年审（川北东社区）"}


def test_renewal_prolongs_the_same_item(cast: Cast) -> None:
    made = admitted(cast)
    brought = made.admissions.get()
    first_until = brought.until
    draft = actions.begin_renewal(acting_user=cast.applicant, application=made)
    assert actions.begin_renewal(acting_user=cast.applicant, application=made) == draft
    with pytest.raises(RuleError, match="续期只能改"):
        actions.change_draft(acting_user=cast.applicant, application=draft, times=12)
    later = first_until + timedelta(days=365)
    actions.change_draft(acting_user=cast.applicant, application=draft, until=later)
    handed = actions.submit(acting_user=cast.applicant, application=draft)
    asking = actions.consult(acting_user=cast.decider, application=handed)
    actions.give_opinion(
        acting_user=cast.people.officer, application=asking, unit=cast.street, stance="agree"
    )
    actions.decide(acting_user=cast.decider, application=asking, outcome="admitted")
    brought.refresh_from_db()
    item = brought.item
    item.refresh_from_db()
    assert (item.until, brought.until, brought.application_id) == (later, later, draft.pk)
    dues = brought.instalments.filter(region_code=COMMUNITY).order_by("since").values_list("since", "until")
    days = list(dues)
    assert all(one[1] == other[0] for one, other in pairwise(days))
    assert days[-1][1] == later


def test_revoked_items_owe_no_more(cast: Cast) -> None:
    made = admitted(cast)
    on = TODAY + timedelta(days=20)
    with pytest.raises(RuleError, match="理由"):
        actions.revoke(acting_user=cast.decider, application=made, reason=" ")
    actions.revoke(acting_user=cast.decider, application=made, reason="上级文件已废止", on=on)
    item = made.admissions.get().item
    assert item.until == on
    assert not Instalment.objects.filter(until__gt=on).exists()
    assert Notice.objects.filter(user=cast.applicant, title__contains="撤销准入").exists()
    with pytest.raises(RuleError, match="没有还在有效期内"):
        actions.revoke(acting_user=cast.decider, application=made, reason="再来", on=on + timedelta(days=1))


def test_nobody_decides_where_there_is_no_office(cast: Cast) -> None:
    from linli.access.models import Post

    Post.objects.filter(user=cast.decider).delete()
    made = actions.save_draft(acting_user=cast.applicant, unit=cast.department, **asked(areas=[STREET]))
    with pytest.raises(RuleError, match="还没有社区办"):
        actions.submit(acting_user=cast.applicant, application=made)

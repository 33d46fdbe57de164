"""Trials whose day has passed: still confirmed, prolonged once, or ended, with opinions asked; what was sent stays clear."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, STREET
from linli.admission import actions
from linli.admission.actions.deciding import Grant
from linli.admission.actions.ending import remind_of_ends
from linli.admission.models import Admission, Application, Opinion
from linli.admission.rights import look
from linli.admission.tests.conftest import TODAY, Cast, consulted
from linli.admission.tests.test_deciding import anew, asked_on_trial, granted
from linli.admission.waiting import asked_of
from linli.audit.recording import RuleError
from linli.flow import actions as flow
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.gate.catalogue.models import Item
from linli.notices.models import Notice


def tried(cast: Cast, days: int = 60) -> Application:
    """An item on trial from today on for so many days."""
    made = consulted(cast, since=TODAY, until=TODAY + timedelta(days=300), areas=[STREET])
    grant = Grant(granted(made), TODAY + timedelta(days=days))
    actions.decide(acting_user=cast.decider, application=made, outcome="trial", reason="先试", grant=grant)
    return anew(made)


def run_out(application: Application, days: int = 3) -> None:
    """As if the trial had begun and ended earlier, so many days ago."""
    brought = application.admissions.get()
    over, began = TODAY - timedelta(days=days), TODAY - timedelta(days=60)
    Admission.objects.filter(pk=brought.pk).update(trial_until=over)
    Item.objects.filter(pk=brought.item_id).update(since=began, until=over)
    Warrant.objects.filter(pk=brought.item.warrant_id).update(period=(began, over))
    brought.instalments.all().delete()


def send(cast: Cast, application: Application) -> None:
    warrant = application.admissions.get().item.warrant
    assert warrant is not None
    flow.dispatch(
        acting_user=cast.applicant,
        warrant=warrant,
        thing=Thing.FORM,
        communities=[COMMUNITY],
        title="年审表",
        sender=cast.department,
    )


def test_one_that_ran_out_can_still_be_confirmed_and_the_days_between_are_not_paid(cast: Cast) -> None:
    made = tried(cast)
    run_out(made)
    with pytest.raises(RuleError, match="到期或取消"):
        send(cast, made)
    made = asked_on_trial(cast, made)
    actions.settle_trial(acting_user=cast.decider, application=made, outcome="confirmed")
    brought = made.admissions.get()
    assert (anew(made).state, brought.item.until) == ("admitted", brought.until)
    assert brought.item.in_force()
    assert min(brought.instalments.values_list("since", flat=True)) == TODAY
    send(cast, made)


def test_it_is_prolonged_once_and_opinions_are_asked_for_each_trial(cast: Cast) -> None:
    made = asked_on_trial(cast, tried(cast))
    later = TODAY + timedelta(days=120)

    def extend(**more: object) -> Application:
        values = {"outcome": "extended", "reason": "冬季还没试过", "trial_until": later, **more}
        return actions.settle_trial(acting_user=cast.decider, application=anew(made), **values)

    with pytest.raises(RuleError, match="延长试行的理由"):
        extend(reason=" ")
    for day in (None, TODAY + timedelta(days=60), TODAY + timedelta(days=300)):
        with pytest.raises(RuleError, match="重新填写"):
            extend(trial_until=day)
    extend()
    brought = made.admissions.get()
    assert (anew(made).state, brought.trial_until, brought.item.until) == ("trial", later, later)
    assert max(brought.instalments.values_list("until", flat=True)) == later
    spells = sorted(brought.instalments.filter(region_code=COMMUNITY).values_list("since", "until"))
    assert all(first[1] <= second[0] for first, second in pairwise(spells))
    with pytest.raises(RuleError, match="请先就试行征求"):
        actions.settle_trial(acting_user=cast.decider, application=anew(made), outcome="confirmed")
    asked_on_trial(cast, made)
    with pytest.raises(RuleError, match="只能延长一次"):
        extend(trial_until=TODAY + timedelta(days=150))
    actions.settle_trial(acting_user=cast.decider, application=anew(made), outcome="confirmed")
    said = Opinion.objects.filter(application=made, unit=cast.street).order_by("round")
    assert [one.round for one in said] == [0, 1, 2]
    assert [one.outcome for one in made.decisions.order_by("pk")] == ["trial", "extended", "confirmed"]


def test_opinions_that_are_out_are_waited_for(cast: Cast) -> None:
    made = tried(cast)
    assert not look(made, cast.people.officer).opinion
    actions.consult_on_trial(acting_user=cast.decider, application=made)
    made = anew(made)
    assert look(made, cast.people.officer).opinion
    assert look(made, cast.head).opinion
    assert asked_of(cast.people.officer) == 1
    with pytest.raises(RuleError, match="还有 1 个街道没有反馈"):
        actions.settle_trial(acting_user=cast.decider, application=made, outcome="confirmed")
    with pytest.raises(RuleError, match="已经就这次试行征求过"):
        actions.consult_on_trial(acting_user=cast.decider, application=made)
    Application.objects.filter(pk=made.pk).update(consult_until=timezone.now() - timedelta(seconds=1))
    actions.settle_trial(acting_user=cast.decider, application=anew(made), outcome="confirmed")
    assert asked_of(cast.people.officer) == 0


def test_one_that_ran_out_is_ended_for_a_reason(cast: Cast) -> None:
    made = tried(cast)
    run_out(made)
    actions.settle_trial(
        acting_user=cast.decider, application=anew(made), outcome="dropped", reason="社区用不上"
    )
    item = made.admissions.get().item
    assert (item.ended_how, item.ended_why, item.until) == ("cancel", "社区用不上", TODAY - timedelta(days=3))
    with pytest.raises(RuleError, match="没有在试行"):
        actions.settle_trial(acting_user=cast.decider, application=anew(made), outcome="confirmed")


def test_only_the_office_asks_and_decides(cast: Cast) -> None:
    made = tried(cast)
    for user in (cast.applicant, cast.people.officer):
        with pytest.raises(NotPermitted):
            actions.consult_on_trial(acting_user=user, application=made)
        with pytest.raises(NotPermitted):
            actions.settle_trial(acting_user=user, application=made, outcome="dropped", reason="试")


def test_the_office_is_reminded_before_and_after_the_day(cast: Cast) -> None:
    made = tried(cast, days=20)
    key = f"admission.trial.{made.pk}"
    assert remind_of_ends(TODAY)["trials"] == 1
    assert "在到期前审定" in Notice.objects.get(user=cast.decider, key=key).title
    run_out(made)
    assert remind_of_ends(TODAY)["trials"] == 1
    told = Notice.objects.get(user=cast.decider, key=key, done_at__isnull=True)
    assert "部门不能再下派" in told.title
    assert told.is_urgent
    actions.settle_trial(acting_user=cast.decider, application=anew(made), outcome="dropped", reason="试")
    assert remind_of_ends(TODAY)["trials"] == 0
    assert not Notice.objects.filter(user=cast.decider, key=key, done_at__isnull=True).exists()


def test_the_page_says_what_becomes_of_what_was_sent(cast: Cast) -> None:
    made = tried(cast)
    send(cast, made)
    client = Client()
    client.force_login(cast.decider)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "还有 60 天" in page
    assert "已经下派的仍然有效" in page
    assert "报表 1 次" in page.replace("\n", "")
    run_out(made)
    page = client.get(f"{made.get_absolute_url()}trial/").content.decode()
    assert "还没有审定" in page
    assert "还没有就试行征求意见" in page
    answer = client.post(f"{made.get_absolute_url()}trial/consult/")
    assert answer.status_code == 302
    answer = client.post(
        f"{made.get_absolute_url()}trial/",
        {"outcome": "extended", "trial_until": TODAY + timedelta(days=30), "reason": "再看看"},
    )
    assert answer.status_code == 422
    assert "没有反馈意见" in answer.content.decode()

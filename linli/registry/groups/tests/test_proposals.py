"""Rules propose, people decide; a refused proposal comes again only when the facts change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.models import Event
from linli.audit.recording import SYSTEM, RuleError
from linli.jobs.daily import run_all
from linli.kernel.ages import birthday_in
from linli.notices.models import Notice
from linli.registry.groups import actions, deciding, defining, proposals
from linli.registry.groups.models import Group, GroupRule, Membership, Proposal, ProposalState
from linli.registry.groups.seeds import ensure_groups
from linli.registry.people import actions as people_actions
from linli.registry.people.models import Person, Residence
from linli.registry.people.tests.street import make_homes, register

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate()


def years_ago(years: int) -> date:
    return birthday_in(today(), today().year - years)


@pytest.fixture
def who() -> Characters:
    ensure_groups(acting_user=SYSTEM)
    return characters()


@pytest.fixture
def old(who: Characters) -> Person:
    """Somebody of 82 who lives alone and has their hukou there."""
    person = register(who.worker, make_homes()[0], "王建国")
    Person.objects.filter(pk=person.pk).update(birth_date=years_ago(82))
    person.refresh_from_db()
    return person


def propose() -> dict[str, str]:
    proposals.propose_all(today())
    return opened()


def opened() -> dict[str, str]:
    rows = Proposal.objects.filter(state="open").order_by("group_id")
    return {one.group.name: one.move for one in rows.select_related("group")}


def test_who_turned_eighty_and_lives_alone_is_proposed_once(old: Person) -> None:
    assert propose() == {"独居老人": "join", "高龄津贴": "join"}
    assert proposals.propose_all(today()) == 0
    assert Membership.objects.count() == 0


def test_the_day_of_the_birthday_counts(old: Person) -> None:
    Person.objects.filter(pk=old.pk).update(birth_date=years_ago(80) + timedelta(days=1))
    assert "高龄津贴" not in propose()
    Person.objects.filter(pk=old.pk).update(birth_date=years_ago(80))
    assert "高龄津贴" in propose()


def test_confirmed_ones_become_memberships_with_evidence(who: Characters, old: Person) -> None:
    propose()
    ids = list(Proposal.objects.values_list("pk", flat=True))
    done, problems = deciding.confirm(
        acting_user=who.worker, proposal_ids=ids, on=today(), evidence="入户核实"
    )
    assert (done, problems) == (2, [])
    assert set(Membership.objects.values_list("group__name", "evidence", "source")) == {
        ("独居老人", "入户核实", "规则建议"),
        ("高龄津贴", "入户核实", "规则建议"),
    }
    assert propose() == {}
    assert set(Proposal.objects.values_list("state", flat=True)) == {"confirmed"}


def test_a_refused_one_stays_refused_until_the_facts_change(who: Characters, old: Person) -> None:
    propose()
    alone = Proposal.objects.get(group__code="elderly_alone")
    with pytest.raises(RuleError, match="理由"):
        deciding.refuse(acting_user=who.worker, proposal_ids=[alone.pk], reason=" ")
    deciding.refuse(acting_user=who.worker, proposal_ids=[alone.pk], reason="子女同住，没有登记")
    assert "独居老人" not in propose()
    # Another home is another fact.
    other = make_homes(count=1, estate="香苑小区")[0]
    Residence.objects.filter(person=old, kind="living").update(home=other)
    Residence.objects.filter(person=old, kind="living").delete()
    Residence.objects.create(
        region_code=COMMUNITY, person=old, kind="living", home=other, period=(today(), None)
    )
    assert propose()["独居老人"] == "join"


def test_a_refused_one_comes_again_after_it_did_not_hold_for_a_while(who: Characters, old: Person) -> None:
    propose()
    alone = Proposal.objects.get(group__code="elderly_alone")
    deciding.refuse(acting_user=who.worker, proposal_ids=[alone.pk], reason="有人同住")
    home = Residence.objects.get(person=old, kind="living").home
    assert home is not None
    child = register(who.worker, home, "王小明", serial=2)
    propose()
    assert Proposal.objects.get(pk=alone.pk).state == ProposalState.LAPSED
    Residence.objects.filter(person=child).delete()
    assert propose()["独居老人"] == "join"


def test_who_does_not_live_alone_any_more_is_proposed_to_leave(who: Characters, old: Person) -> None:
    since = today() - timedelta(days=30)
    actions.add_membership(
        acting_user=who.worker, person_id=old.pk, group_code="elderly_alone", evidence="入户核实", since=since
    )
    assert "独居老人" not in propose()
    home = Residence.objects.get(person=old, kind="living").home
    assert home is not None
    register(who.worker, home, "王小明", serial=2)
    assert propose()["独居老人"] == "end"
    ids = [Proposal.objects.get(group__code="elderly_alone", state="open").pk]
    deciding.confirm(acting_user=who.worker, proposal_ids=ids, on=today(), evidence="儿子搬来同住")
    assert Membership.objects.get().period.upper == today()


def test_those_who_moved_away_or_died_are_proposed_to_leave_every_group(who: Characters, old: Person) -> None:
    since = today() - timedelta(days=30)
    actions.add_membership(
        acting_user=who.worker, person_id=old.pk, group_code="volunteer", evidence="注册", since=since
    )
    Residence.objects.filter(person=old).update(region_code="130730")
    assert propose()["志愿者"] == "end"
    Proposal.objects.all().delete()
    Person.objects.filter(pk=old.pk).update(death_date=today())
    assert propose()["志愿者"] == "end"


def test_who_was_taken_out_by_hand_is_not_proposed_the_next_day(who: Characters, old: Person) -> None:
    made = actions.add_membership(
        acting_user=who.worker,
        person_id=old.pk,
        group_code="old_age_allowance",
        evidence="审批表",
        since=today() - timedelta(days=9),
    )
    actions.end_membership(acting_user=who.worker, membership_id=made.pk, on=today(), reason="本人放弃")
    assert "高龄津贴" not in propose()


def test_one_rule_costs_the_same_however_many_people(who: Characters, old: Person) -> None:
    rule = GroupRule.objects.get(group__code="old_age_allowance", move="join")
    with CaptureQueriesContext(connection) as few:
        assert proposals.propose(rule, today()) == 1
    home = Residence.objects.get(person=old, kind="living").home
    assert home is not None
    for serial, name in enumerate(("李甲", "李乙", "李丙"), 2):
        one = register(who.worker, home, name, serial=serial)
        Person.objects.filter(pk=one.pk).update(birth_date=years_ago(81))
    with CaptureQueriesContext(connection) as many:
        assert proposals.propose(rule, today()) == 3
    assert len(many) == len(few)


def test_a_rule_may_not_tell_more_than_the_group(who: Characters) -> None:
    volunteer, disabled = (Group.objects.get(code=code) for code in ("volunteer", "disabled"))
    with pytest.raises(RuleError, match="更敏感"):
        defining.add_rule(
            acting_user=who.administrator, group_id=volunteer.pk, move="join", when=["in_low_income"]
        )
    defining.add_rule(
        acting_user=who.administrator, group_id=disabled.pk, move="join", when=["in_low_income"]
    )
    for when, unless, says in (
        ([], [], "至少选择一个"),
        (["nothing"], [], "没有“nothing”"),
        (["in_volunteer"], [], "自己"),
        (["aged_60"], ["aged_60"], "不能既"),
    ):
        with pytest.raises(RuleError, match=says):
            defining.add_rule(
                acting_user=who.administrator, group_id=volunteer.pk, move="join", when=when, unless=unless
            )
    with pytest.raises(NotPermitted):
        defining.add_rule(acting_user=who.worker, group_id=volunteer.pk, move="join", when=["aged_60"])


def test_proposals_are_for_those_who_may_edit_there_and_see_the_group(who: Characters, old: Person) -> None:
    Group.objects.filter(code="old_age_allowance").update(viewers=["community_head"])
    propose()
    assert {p.group.code for p in proposals.visible(who.worker)} == {"elderly_alone"}
    assert not proposals.visible(who.neighbour)
    assert not proposals.visible(who.administrator)
    hidden = Proposal.objects.get(group__code="old_age_allowance")
    with pytest.raises(RuleError, match="已经处理过"):
        deciding.confirm(acting_user=who.worker, proposal_ids=[hidden.pk], on=today(), evidence="入户核实")
    assert Proposal.objects.get(pk=hidden.pk).state == "open"


def test_the_night_tells_the_nearest_and_the_todo_ends_with_the_work(
    who: Characters, old: Person, django_capture_on_commit_callbacks: object
) -> None:
    run_all(today())

    def told(user: object) -> list[str]:
        rows = Notice.objects.filter(user=user, done_at__isnull=True, key__startswith="groups.proposed")
        return list(rows.values_list("title", flat=True))

    assert told(who.worker) == ["东外社区：2 条人群建议等您确认"]
    assert not told(who.officer)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        deciding.refuse(
            acting_user=who.worker,
            proposal_ids=list(Proposal.objects.values_list("pk", flat=True)),
            reason="核实过，不符合",
        )
    assert not told(who.worker)


def test_pages(who: Characters, old: Person) -> None:
    propose()
    client = Client()
    client.force_login(who.worker)
    page = client.get(reverse("groups:proposals"), {"group": "elderly_alone"}).content.decode()
    assert "王建国" in page
    assert "独自居住的老年人" in page
    sent = client.post(
        reverse("groups:proposals"), {"action": "confirm", "pk": [p.pk for p in Proposal.objects.all()]}
    )
    assert sent["Location"] == reverse("groups:proposals_confirm")
    assert "加入独居老人 1 人" in client.get(sent["Location"]).content.decode()
    assert client.post(sent["Location"], {"evidence": "", "on": today()}).status_code == 422
    client.post(sent["Location"], {"evidence": "入户核实", "on": today()})
    assert Membership.objects.count() == 2
    assert "已确认" in client.get(reverse("groups:proposals"), {"state": "confirmed"}).content.decode()


def test_people_actions_still_end_what_death_ends(who: Characters, old: Person) -> None:
    actions.add_membership(
        acting_user=who.worker,
        person_id=old.pk,
        group_code="elderly_alone",
        evidence="入户核实",
        since=today() - timedelta(days=30),
    )
    people_actions.record_death(acting_user=who.worker, person_id=old.pk, died=today())
    assert propose() == {}
    assert Event.objects.filter(verb="people.record_death").exists()

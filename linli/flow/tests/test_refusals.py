"""What the gate refuses is kept, although everything else of the deed is rolled back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET
from linli.audit.models import Event
from linli.audit.recording import SYSTEM, RuleError, action, running
from linli.flow import actions
from linli.flow.actions.refusing import around
from linli.flow.models import Dispatch, Refusal, Warrant
from linli.flow.rules.warrants import Thing
from linli.flow.tests.conftest import Cast
from linli.flow.tests.example import WHISTLE

TODAY = timezone.localdate()


def send(cast: Cast, warrant: Warrant, thing: Thing = Thing.INSPECTION, **more: object) -> list[Dispatch]:
    values = {"communities": [COMMUNITY, NEIGHBOUR], "title": "排水口检查", "sender": cast.water, **more}
    return actions.dispatch(acting_user=cast.water_officer, warrant=warrant, thing=thing, **values)  # type: ignore[arg-type]


def test_the_region_around() -> None:
    assert around([COMMUNITY]) == COMMUNITY
    assert around([COMMUNITY, NEIGHBOUR]) == STREET
    assert around([COMMUNITY, "110119001001"]) == STREET[:6]
    assert around([]) == ""


def test_a_bulk_refusal_is_one_record_with_its_communities_and_nothing_else_is_kept(
    cast: Cast, warrant: Warrant
) -> None:
    events = Event.objects.count()
    with pytest.raises(RuleError):
        send(cast, warrant, Thing.FORM)
    kept = Refusal.objects.get()
    assert (kept.thing, kept.title, kept.unit, kept.warrant) == ("form", "排水口检查", cast.water, warrant)
    assert (kept.user, kept.verb, kept.region_code) == (cast.water_officer, "flow.dispatch", STREET)
    assert [one.region_code for one in kept.places.all()] == [COMMUNITY, NEIGHBOUR]
    assert all("不能下派报表" in one.why for one in kept.places.all())
    assert not Dispatch.objects.exists()
    assert Event.objects.count() == events


def test_only_the_communities_that_refuse_are_named(cast: Cast, warrant: Warrant) -> None:
    for _n in range(2):
        send(cast, warrant, communities=[COMMUNITY])
    with pytest.raises(RuleError):
        send(cast, warrant)
    kept = Refusal.objects.get()
    (place,) = kept.places.all()
    assert place.region_code == COMMUNITY
    assert "已经下派 2 次" in place.why
    assert Dispatch.objects.count() == 2


def test_what_gets_through_and_what_is_only_asked_leave_nothing(cast: Cast, warrant: Warrant) -> None:
    send(cast, warrant)
    assert actions.may_send(warrant, Thing.FORM, COMMUNITY, TODAY)
    with action(SYSTEM, "flow.looking") as act:
        assert actions.may_send(warrant, Thing.FORM, COMMUNITY, TODAY)
        act.nothing_to_record()
    assert not Refusal.objects.exists()
    assert running() is None


def test_the_outermost_action_says_in_what_it_was_tried(cast: Cast, warrant: Warrant) -> None:
    def fix() -> None:
        with action(cast.water_officer, "agenda.fix") as act:
            act.record(None, "先做了别的", region_code=STREET)
            send(cast, warrant, Thing.FORM)

    with pytest.raises(RuleError):
        fix()
    assert Refusal.objects.get().verb == "agenda.fix"
    assert not Event.objects.filter(summary="先做了别的").exists()


def test_a_refusal_that_the_deed_gets_over_leaves_nothing(cast: Cast, warrant: Warrant) -> None:
    with action(cast.water_officer, "agenda.fix") as act:
        with pytest.raises(RuleError):
            send(cast, warrant, Thing.FORM)
        act.nothing_to_record()
    assert not Refusal.objects.exists()


def test_a_day_that_is_past_is_an_attempt_too(cast: Cast, warrant: Warrant) -> None:
    with pytest.raises(RuleError, match="不能早于今天"):
        send(cast, warrant, day=TODAY - timedelta(days=1))
    assert {one.day for one in Refusal.objects.get().places.all()} == {TODAY - timedelta(days=1)}


def test_a_case_given_to_a_community_without_any_item_is_kept(cast: Cast) -> None:
    with pytest.raises(RuleError, match="清单里没有依据"):
        actions.open_case(
            acting_user=cast.people.officer,
            kind=WHISTLE.key,
            title="积水",
            region_code=STREET,
            origin=cast.street,
            give=[cast.community],
        )
    kept = Refusal.objects.get()
    assert (kept.warrant, kept.thing, kept.title, kept.unit) == (None, "case", "积水", cast.street)
    assert [one.region_code for one in kept.places.all()] == [COMMUNITY]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE flow_refusal SET title = 'x'",
        "DELETE FROM flow_refusedplace",
        "UPDATE flow_refusedplace SET why = 'x'",
    ],
)
def test_records_are_not_rewritten(cast: Cast, warrant: Warrant, sql: str) -> None:
    with pytest.raises(RuleError):
        send(cast, warrant, Thing.FORM)
    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Refusal.objects.get().title == "排水口检查"


@pytest.mark.django_db(transaction=True)
def test_the_record_is_committed_while_the_deed_is_not(transactional_db: None) -> None:
    """Without a transaction around it, as in the running system."""
    from linli.regions import loading

    loading.load_carried(SYSTEM)

    def fix() -> None:
        with action(SYSTEM, "agenda.fix") as act:
            act.record(None, "先做了别的", region_code=STREET)
            actions.note(Thing.FORM, None, {COMMUNITY: (TODAY, "没有准入")}, title="报表")
            raise RuleError("没有准入，请先申请。")

    with pytest.raises(RuleError):
        fix()
    assert Refusal.objects.get().title == "报表"
    assert not Event.objects.filter(summary="先做了别的").exists()

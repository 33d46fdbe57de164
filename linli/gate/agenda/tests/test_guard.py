"""Whatever is tried, nothing stands fixed on an agenda without a dispatch that the gate let through."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET
from linli.audit.recording import SYSTEM, RuleError
from linli.flow.actions import dispatch, make_warrant
from linli.flow.models import Dispatch, Warrant
from linli.flow.rules import warrants
from linli.flow.rules.warrants import Per, Thing
from linli.flow.tests.conftest import Cast
from linli.gate.agenda import actions, rules
from linli.gate.agenda.models import Proposal, State, Visit

TODAY = timezone.localdate()
ELSEWHERE = "110119001001"


def _proposal(warrant: Warrant, thing: Thing) -> Proposal:
    return Proposal.objects.create(
        region_code=STREET,
        warrant=warrant,
        unit=warrant.issuer,
        thing=thing,
        title="试",
        purpose="试",
        hours=1,
    )


def by_action(warrant: Warrant, thing: Thing, where: str, day: date) -> None:
    proposal = actions.propose(
        acting_user=SYSTEM,
        warrant=warrant,
        thing=thing,
        title="试",
        purpose="试",
        communities=[where],
        first_day=day,
        hours=Decimal(1),
    )
    actions.fix(acting_user=SYSTEM, proposal=proposal)


def in_bulk(warrant: Warrant, thing: Thing, where: str, day: date) -> None:
    Visit.objects.bulk_create(
        [
            Visit(
                region_code=where,
                proposal=_proposal(warrant, thing),
                thing=thing,
                title="试",
                unit=warrant.issuer,
                day=day,
                last_day=day,
                hours=1,
                state=State.FIXED,
            )
        ]
    )


def by_update(warrant: Warrant, thing: Thing, where: str, day: date) -> None:
    visit = Visit.objects.create(
        region_code=where,
        proposal=_proposal(warrant, thing),
        thing=thing,
        title="试",
        day=day,
        last_day=day,
        hours=1,
    )
    Visit.objects.filter(pk=visit.pk).update(state=State.FIXED)


def with_anothers_dispatch(warrant: Warrant, thing: Thing, where: str, day: date) -> None:
    sent = Dispatch.objects.filter(cancelled_at__isnull=True).order_by("pk").first()
    Visit.objects.create(
        region_code=where,
        proposal=_proposal(warrant, thing),
        thing=thing,
        title="试",
        day=day,
        last_day=day,
        hours=1,
        state=State.FIXED,
        dispatch=sent,
    )


def raw(warrant: Warrant, thing: Thing, where: str, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO agenda_visit (region_code, proposal_id, thing, title, day, last_day, hours, prep_hours, state, is_unlisted,"
            " unit_name, wish, consented_to, consent_reason, reason, remark, findings)"
            " VALUES (%s, %s, %s, '试', %s, %s, 1, 0, 'done', false, '', '', '{}', '', '', '', '')",
            [where, _proposal(warrant, thing).pk, thing.value, day, day],
        )


def unlisted_ahead(warrant: Warrant, thing: Thing, where: str, day: date) -> None:
    Visit.objects.create(
        region_code=where,
        thing=thing,
        title="试",
        unit_name="某局",
        day=max(day, TODAY + timedelta(days=1)),
        last_day=max(day, TODAY + timedelta(days=1)),
        hours=1,
        state=State.DONE,
        is_unlisted=True,
    )


WAYS = (by_action, by_action, in_bulk, by_update, with_anothers_dispatch, raw, unlisted_ahead)


@settings(max_examples=45, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    things=st.sets(st.sampled_from(list(Thing)), min_size=1, max_size=4),
    since=st.integers(-60, 30),
    length=st.one_of(st.none(), st.integers(1, 200)),
    times=st.one_of(st.none(), st.integers(1, 2)),
    per=st.sampled_from(list(Per)),
    suspended=st.sampled_from(["", "", "", "经费逾期未付"]),
    attempts=st.lists(
        st.tuples(
            st.sampled_from(WAYS),
            st.sampled_from(rules.COMES),
            st.sampled_from([COMMUNITY, NEIGHBOUR, ELSEWHERE]),
            st.integers(1, 90).map(lambda n: TODAY + timedelta(days=n)),
        ),
        min_size=8,
        max_size=14,
    ),
)
def test_random_attempts_by_every_path_never_pass_the_gate(
    cast: Cast,
    things: set[Thing],
    since: int,
    length: int | None,
    times: int | None,
    per: Per,
    suspended: str,
    attempts: list[Any],
) -> None:
    with transaction.atomic():
        begins = TODAY + timedelta(days=since)
        warrant = make_warrant(
            acting_user=SYSTEM,
            region_code=STREET,
            title="试的事项",
            issuer=cast.department,
            things=things,
            since=begins,
            until=begins + timedelta(days=length) if length else None,
            times=times,
            per=per,
        )
        Warrant.objects.filter(pk=warrant.pk).update(suspended=suspended)
        warrant.refresh_from_db()
        for way, thing, where, day in attempts:
            before = Visit.objects.filter(state__in=[State.FIXED, State.DONE]).count()
            try:
                with transaction.atomic():
                    way(warrant, thing, where, day)
            except (RuleError, IntegrityError, NotPermitted):
                assert Visit.objects.filter(state__in=[State.FIXED, State.DONE]).count() == before
            else:
                assert way is by_action
        for visit in Visit.objects.filter(state__in=[State.FIXED, State.DONE]).select_related("dispatch"):
            sent = visit.dispatch
            assert sent is not None
            assert (sent.thing, sent.region_code, sent.day) == (visit.thing, visit.region_code, visit.day)
            first, end = warrants.stretch(per, visit.day, begins)
            others = Dispatch.objects.filter(
                warrant=warrant, region_code=visit.region_code, cancelled_at__isnull=True, day__gte=first
            ).exclude(pk=sent.pk)
            rest = others.filter(day__lt=end) if end else others
            assert not warrants.refusal(
                warrant.terms, Thing(visit.thing), visit.region_code, visit.day, rest.count()
            )
        transaction.set_rollback(True)


def test_a_fixed_visit_keeps_to_its_dispatch(cast: Cast, warrant: Warrant) -> None:
    day = TODAY + timedelta(days=30)
    (sent,) = dispatch(
        acting_user=SYSTEM,
        warrant=warrant,
        thing=Thing.MEETING,
        communities=[COMMUNITY],
        title="试",
        sender=cast.department,
        day=day,
    )
    visit = Visit.objects.create(
        region_code=COMMUNITY,
        proposal=_proposal(warrant, Thing.MEETING),
        thing=Thing.MEETING,
        title="试",
        day=day,
        last_day=day,
        hours=1,
        state=State.FIXED,
        dispatch=sent,
    )
    for change in (
        {"day": day + timedelta(days=1), "last_day": day + timedelta(days=1)},
        {"thing": "inspection"},
        {"region_code": NEIGHBOUR},
        {"dispatch": None},
        {"is_unlisted": True},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Visit.objects.filter(pk=visit.pk).update(**change)

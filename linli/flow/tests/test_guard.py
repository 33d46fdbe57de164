"""Nothing reaches a community without a warrant in force: by actions, by the ORM in bulk, by raw SQL; random attempts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET
from linli.audit.recording import SYSTEM, RuleError
from linli.flow import actions
from linli.flow.models import Dispatch, Warrant
from linli.flow.rules import warrants as rules
from linli.flow.rules.warrants import Per, Thing
from linli.flow.tests.conftest import Cast

TODAY = timezone.localdate()
ELSEWHERE = "110119001001"
DAYS = st.integers(-40, 200).map(lambda days: TODAY + timedelta(days=days))


def by_action(warrant: Warrant, thing: Thing, where: str, day: date) -> None:
    actions.dispatch(
        acting_user=SYSTEM,
        warrant=warrant,
        thing=thing,
        communities=[where],
        title="试",
        sender=warrant.issuer,
        day=day,
    )


def in_bulk(warrant: Warrant, thing: Thing, where: str, day: date) -> None:
    long_ago = timezone.now() - timedelta(days=900)
    Dispatch.objects.bulk_create(
        [
            Dispatch(
                warrant=warrant,
                thing=thing,
                region_code=where,
                day=day,
                title="试",
                sender=warrant.issuer,
                sent_at=long_ago,
            )
        ]
    )


def raw(warrant: Warrant, thing: Thing, where: str, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO flow_dispatch (warrant_id, thing, region_code, day, title, sender_id, sent_at)"
            " VALUES (%s, %s, %s, %s, '试', %s, '2001-01-01')",
            [warrant.pk, thing, where, day, warrant.issuer_id],
        )


WAYS = (by_action, in_bulk, raw)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    things=st.sets(st.sampled_from(list(Thing)), min_size=1, max_size=3),
    since=st.integers(-60, 30),
    length=st.one_of(st.none(), st.integers(1, 200)),
    times=st.one_of(st.none(), st.integers(1, 3)),
    per=st.sampled_from(list(Per)),
    suspended=st.sampled_from(["", "", "", "经费逾期未付"]),
    attempts=st.lists(
        st.tuples(
            st.sampled_from(WAYS),
            st.sampled_from(list(Thing)),
            st.sampled_from([COMMUNITY, NEIGHBOUR, ELSEWHERE]),
            DAYS,
        ),
        min_size=4,
        max_size=12,
    ),
)
def test_whatever_is_tried_only_what_the_rules_allow_gets_through(
    cast: Cast,
    things: set[Thing],
    since: int,
    length: int | None,
    times: int | None,
    per: Per,
    suspended: str,
    attempts: list,  # type: ignore[type-arg]
) -> None:
    with transaction.atomic():
        begins = TODAY + timedelta(days=since)
        warrant = actions.make_warrant(
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
        through: list[tuple[str, date]] = []
        for way, thing, where, day in attempts:
            first, end = rules.stretch(per, day, begins)
            before = sum(
                1
                for other, when in through
                if other == where and first <= when and (end is None or when < end)
            )
            allowed = day >= TODAY and not rules.refusal(warrant.terms, thing, where, day, before)
            try:
                with transaction.atomic():
                    way(warrant, thing, where, day)
                got = True
            except (RuleError, IntegrityError):
                got = False
            assert got == allowed, (way.__name__, thing, where, day)
            if got:
                through.append((where, day))
        assert Dispatch.objects.filter(warrant=warrant).count() == len(through)
        transaction.set_rollback(True)


def test_a_dispatch_is_neither_rewritten_nor_uncancelled(cast: Cast, warrant: Warrant) -> None:
    by_action(warrant, Thing.CASE, COMMUNITY, TODAY)
    sent = Dispatch.objects.get()
    for change in ({"day": TODAY + timedelta(days=1)}, {"thing": "form"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dispatch.objects.update(**change)
    with pytest.raises(RuleError, match="撤销的原因"):
        actions.cancel_dispatch(acting_user=SYSTEM, sent=sent, reason=" ")
    actions.cancel_dispatch(acting_user=SYSTEM, sent=sent, reason="发错了")
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.objects.update(cancelled_at=None)
    with pytest.raises(RuleError, match="已经撤销"):
        actions.cancel_dispatch(acting_user=SYSTEM, sent=sent, reason="再来")


def test_one_refused_community_stops_the_sending_to_all_and_is_named(cast: Cast, warrant: Warrant) -> None:
    for _number in range(2):
        by_action(warrant, Thing.CASE, COMMUNITY, TODAY)
    with pytest.raises(RuleError, match=r"东外社区：.*已经下派 2 次"):
        actions.dispatch(
            acting_user=SYSTEM,
            warrant=warrant,
            thing=Thing.CASE,
            communities=[COMMUNITY, NEIGHBOUR],
            title="试",
            sender=warrant.issuer,
        )
    assert not Dispatch.objects.filter(region_code=NEIGHBOUR).exists()


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"things": []}, "至少选一项"),
        ({"until": TODAY}, "晚于起始"),
        ({"times": 0}, "1 到 999"),
        ({"is_emergency": True, "until": None}, "失效日期"),
    ],
)
def test_terms_that_make_no_sense_are_refused(cast: Cast, terms: dict, says: str) -> None:  # type: ignore[type-arg]
    given_terms = {"things": [Thing.FORM], "since": TODAY, "until": TODAY + timedelta(days=9), **terms}
    with pytest.raises(RuleError, match=says):
        actions.make_warrant(
            acting_user=SYSTEM, region_code=STREET, title="试", issuer=cast.department, **given_terms
        )

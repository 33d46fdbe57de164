"""The gate as a whole: whatever is tried, by whichever way, nothing reaches a community that is not admitted, in force, paid for,
and not too often; and whatever an action refuses is kept as refused. `LINLI_GATE_ATTEMPTS=1000` tries a thousand times.

The ways are those of `tests.gate.ways`. The departments' API sends nothing at all.
"""

from __future__ import annotations

import os
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.admission.tests.conftest import TODAY, Cast, cast
from linli.audit.recording import RuleError
from linli.flow.models import Dispatch, Refusal, Warrant
from linli.flow.rules.warrants import Thing
from linli.gate.agenda.tests.conftest import working_day
from tests.gate.ways import (
    CAREFUL,
    ELSEWHERE,
    NAMES,
    NEVER,
    RECORDED,
    SENDS,
    WAYS,
    Gate,
    Way,
    allowed,
    by_action,
    gate,
    in_bulk,
    raw,
)

__all__ = ["cast", "gate"]
ATTEMPTS = int(os.environ.get("LINLI_GATE_ATTEMPTS", "100"))
AT_ONCE = 20
attempts = st.tuples(
    st.sampled_from(WAYS),
    st.sampled_from(NAMES),
    st.sampled_from(list(Thing)),
    st.sampled_from([COMMUNITY, NEIGHBOUR, ELSEWHERE]),
    st.integers(-3, 45).map(lambda days: TODAY + timedelta(days=days)),
)


@settings(
    max_examples=max(1, ATTEMPTS // AT_ONCE),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # the message names the attempt: nothing to shrink
)
@given(tried=st.lists(attempts, min_size=AT_ONCE, max_size=AT_ONCE))
def test_nothing_passes_the_gate_that_is_not_admitted_in_force_paid_for_and_seldom_enough(
    gate: Gate, tried: list[tuple[Way, str, Thing, str, date]]
) -> None:
    with transaction.atomic():
        through: list[tuple[str, str, date]] = []
        for way, name, thing, where, day in tried:
            asked, when = (SENDS[way], TODAY) if way in SENDS else (thing, day)
            may = way not in NEVER and allowed(name, asked, where, when, through)
            before = Dispatch.objects.filter(cancelled_at__isnull=True).count()
            got, says = _try(way, gate, name, asked, where, when)
            now = Dispatch.objects.filter(cancelled_at__isnull=True).count()
            assert now - before == int(got), (way.__name__, name, asked, where, when, says)
            assert not got or may, (way.__name__, name, asked, where, when)
            if may and way not in CAREFUL:
                assert got, (way.__name__, name, asked, where, when, says)
            if got:
                through.append((name, where, when))
        transaction.set_rollback(True)


def _try(way: Way, gate: Gate, name: str, thing: Thing, where: str, day: date) -> tuple[bool, str]:
    """Whether it got through, and what was said when it did not; what else the attempt wrote is taken back then."""
    warrant = gate.warrants[name]
    kept = Refusal.objects.count()
    try:
        with transaction.atomic():
            says = _refused(way, gate, warrant, thing, where, day)
            if not says:
                return True, ""
            assert way in CAREFUL or "请" in says, says
            if way in RECORDED and warrant is not None:
                assert Refusal.objects.count() == kept + 1, (way.__name__, name, thing, where, day)
            transaction.set_rollback(True)
            return False, says
    except (IntegrityError, Http404) as other:
        return False, repr(other)


def _refused(way: Way, gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> str:
    """What a rule said against it; "" when it got through."""
    try:
        way(gate, warrant, thing, where, day)
    except RuleError as refused:
        return refused.message
    return ""


@pytest.mark.parametrize("way", [one for one in WAYS if one not in NEVER], ids=lambda one: one.__name__)
def test_each_way_lets_through_what_is_admitted(gate: Gate, way: Way) -> None:
    """So that the attempts above are refused by the gate, and not because a way leads nowhere."""
    thing = SENDS.get(way, Thing.INSPECTION)
    day = TODAY if way in SENDS else working_day(2)
    assert _try(way, gate, "good", thing, COMMUNITY, day) == (True, "")
    (sent,) = Dispatch.objects.filter(cancelled_at__isnull=True)
    assert (sent.warrant, sent.thing, sent.region_code, sent.day) == (
        gate.warrants["good"],
        thing,
        COMMUNITY,
        day,
    )
    if way not in (by_action, in_bulk, raw):
        assert not Refusal.objects.exists()


def test_refusals_say_what_to_do(gate: Gate) -> None:
    for name, says in (
        ("in_arrears", r"经费逾期未付.*请先解决，恢复后再下派"),
        ("not_yet", "起才有效，请到期后再下派"),
        ("expired", "到期或取消，请先申请续期"),
        ("elsewhere", "不适用于这个社区，请核对准入的范围"),
        ("emergency_expired", "到期或取消"),
    ):
        with pytest.raises(RuleError, match=says):
            by_action(gate, gate.warrants[name], Thing.FORM, COMMUNITY, TODAY)


def test_the_departments_api_sends_nothing(cast: Cast, client: Client) -> None:
    """Every address of the API is read-only for communities: whatever is posted, no dispatch comes of it."""
    from django.urls import get_resolver

    from tests.permissions.test_table import API, _names

    client.force_login(cast.applicant)
    names = [name for name in _names(get_resolver()) if name in API]
    assert names
    for name in names:
        for arguments in ({}, {"subject": "person"}, {"path": "dispatches"}, {"rest": "dispatches"}):
            try:
                url = reverse(str(name), kwargs=arguments)
            except Exception:
                continue
            client.post(url, {"warrant": 1, "communities": [COMMUNITY]}, content_type="application/json")
    assert not Dispatch.objects.exists()

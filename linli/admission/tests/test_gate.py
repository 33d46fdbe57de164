"""The gate as a whole: whatever is tried, by whichever way, nothing reaches a community that is not admitted, in force, paid for,
and not too often. `LINLI_GATE_ATTEMPTS=1000` tries a thousand times."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from linli.access.models import Unit
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET
from linli.access.units import own_unit
from linli.admission import actions
from linli.admission.tests.conftest import TODAY, Cast, admitted
from linli.admission.tests.test_money import overdue
from linli.audit.recording import SYSTEM, RuleError
from linli.flow import actions as flow
from linli.flow.models import Assignment, Dispatch, Warrant
from linli.flow.rules.warrants import Thing
from linli.flow.tests.example import WHISTLE
from linli.gate.agenda import actions as agenda
from linli.gate.agenda.models import Visit

ATTEMPTS = int(os.environ.get("LINLI_GATE_ATTEMPTS", "100"))
AT_ONCE = 20
ELSEWHERE = "110119001001"
ALL = ["form", "inspection", "meeting", "case"]
NAMES = [
    "good",
    "monthly",
    "forms_only",
    "in_arrears",
    "not_yet",
    "revoked",
    "expired",
    "elsewhere",
    "emergency",
    "emergency_expired",
    "emergency_ended",
    "none",
]


@dataclass
class Gate:
    """Warrants in every condition, as they came to be; and a case and people to send with."""

    cast: Cast
    warrants: dict[str, Warrant | None]
    client: Client
    case_pk: int = 0

    def unit(self, community: str) -> Unit:
        found = own_unit(community)
        assert found is not None
        return found


def _past(warrant: Warrant) -> None:
    """As if the time of the warrant had run out yesterday."""
    Warrant.objects.filter(pk=warrant.pk).update(period=(TODAY - timedelta(days=30), TODAY))


@pytest.fixture
def gate(cast: Cast) -> Gate:
    def of(title: str, **more: object) -> Warrant:
        values = {"title": title, "areas": [STREET], "times": 2, "per": "once", "things": ALL, **more}
        warrant = admitted(cast, **values).admissions.get().item.warrant  # type: ignore[arg-type]
        assert warrant is not None
        return warrant

    made: dict[str, Warrant | None] = {
        "good": of("独居老人走访"),
        "monthly": of("燃气安全宣传", times=1, per="month"),
        "forms_only": of("低保对象核对", things=["form"]),
        "not_yet": of("养犬登记宣传", starts_in=20),
        "expired": of("人口抽样调查协助"),
        "elsewhere": of("森林防火巡查", areas=["110119001"]),
        "none": None,
    }
    owing = admitted(cast, title="残疾人需求调查", areas=[STREET], times=2, per="once", things=ALL)
    overdue(owing, 60)
    actions.look_at_arrears()
    made["in_arrears"] = owing.admissions.get().item.warrant
    left = admitted(cast, title="市场主体摸底", areas=[STREET], times=2, per="once", things=ALL)
    made["revoked"] = left.admissions.get().item.warrant
    actions.revoke(acting_user=cast.decider, application=left, reason="不属于社区职责")
    for name in ("emergency", "emergency_expired", "emergency_ended"):
        one = actions.approve_emergency(
            acting_user=cast.decider,
            region_code=STREET,
            unit=cast.department,
            title=f"寒潮走访{name}",
            reason="寒潮橙色预警",
            things=ALL,
            until=TODAY + timedelta(days=5),
        )
        made[name] = one.warrant
        if name == "emergency_ended":
            actions.end_emergency(acting_user=cast.decider, emergency=one, reason="解除")
    for name in ("expired", "emergency_expired"):
        _past(made[name])  # type: ignore[arg-type]
    for warrant in made.values():
        if warrant is not None:
            warrant.refresh_from_db()
    flow.ensure_kind(WHISTLE)
    case = flow.open_case(
        acting_user=cast.people.officer,
        kind=WHISTLE.key,
        title="积水",
        region_code=STREET,
        origin=cast.street,
        coordinator=cast.street,
        give=[cast.street],
    )
    for key in (COMMUNITY, NEIGHBOUR, ELSEWHERE):
        own_unit(key)
    client = Client(raise_request_exception=True)
    client.force_login(cast.people.officer)
    return Gate(cast, made, client, case.pk)


def allowed(name: str, thing: Thing, community: str, day: date, sent: list[tuple[str, str, date]]) -> bool:
    """What should get through, told from how each item came to be and not from what the code says of it."""
    if name not in ("good", "monthly", "forms_only", "not_yet", "emergency", "elsewhere"):
        return False
    if not community.startswith("110119001" if name == "elsewhere" else STREET):
        return False
    if name == "forms_only" and thing is not Thing.FORM:
        return False
    if thing.value not in ALL or day < TODAY:
        return False
    since = TODAY + timedelta(days=20 if name == "not_yet" else 0)
    until = TODAY + timedelta(days=5) if name == "emergency" else since + timedelta(days=400)
    if not since <= day < until:
        return False
    mine = [when for which, where, when in sent if (which, where) == (name, community)]
    if name == "emergency":
        return True
    if name == "monthly":
        return not [when for when in mine if (when.year, when.month) == (day.year, day.month)]
    return len(mine) < 2


Way = Callable[[Gate, Warrant | None, Thing, str, date], None]


def by_action(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    if warrant is None:
        raise RuleError("没有依据，请先准入。")
    flow.dispatch(
        acting_user=gate.cast.applicant,
        warrant=warrant,
        thing=thing,
        communities=[where],
        title="试",
        sender=gate.cast.department,
        day=day,
    )


def in_bulk(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    Dispatch.objects.bulk_create(
        [
            Dispatch(
                warrant=warrant,
                thing=thing,
                region_code=where,
                day=day,
                title="试",
                sender=gate.cast.department,
                sent_at=timezone.now() - timedelta(days=900),
            )
        ]
    )


def raw(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO flow_dispatch (warrant_id, thing, region_code, day, title, sender_id, sent_at)"
            " VALUES (%s, %s, %s, %s, '试', %s, '2001-01-01')",
            [warrant.pk if warrant else None, thing.value, where, day, gate.cast.department.pk],
        )


def by_new_case(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    flow.open_case(
        acting_user=gate.cast.people.officer,
        kind=WHISTLE.key,
        title="积水",
        region_code=STREET,
        origin=gate.cast.street,
        give=[gate.unit(where)],
        warrant=warrant,
    )


def _case(gate: Gate):  # type: ignore[no-untyped-def]
    from linli.flow.models import Case

    return Case.objects.get(pk=gate.case_pk)


def by_units(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    case = _case(gate)
    case.assignments.filter(unit=gate.unit(where)).delete()
    flow.add_units(
        acting_user=gate.cast.people.officer, case=case, units=[gate.unit(where)], task="试", warrant=warrant
    )


def by_step(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    case = flow.open_case(
        acting_user=SYSTEM,
        kind=WHISTLE.key,
        title="积水",
        region_code=STREET,
        origin=gate.cast.street,
        coordinator=gate.cast.street,
        give=[gate.cast.street],
    )
    flow.move(
        acting_user=gate.cast.people.officer,
        case=case,
        step="assign",
        units=[gate.unit(where)],
        warrant=warrant,
    )


def by_page(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    unit = gate.unit(where)
    _case(gate).assignments.filter(unit=unit).delete()
    answer = gate.client.post(
        reverse("flow:add_units", args=[gate.case_pk]),
        {"task": "试", "units": [unit.pk], "warrant": warrant.pk if warrant else ""},
    )
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert "请" in answer.content.decode()
        raise RuleError("页面没有放行，请看页面上的说明。")


def bare_assignments(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    """A case handed to a community past the actions, with the dispatch of another community if there is one."""
    other = Dispatch.objects.exclude(region_code=where).first()
    Assignment.objects.bulk_create(
        [Assignment(case_id=gate.case_pk, unit=gate.unit(where), task="试", dispatch=other)]
    )
    raise AssertionError("an assignment without its dispatch got through")


def rewritten(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    """A dispatch that was let through turned into another one."""
    found = Dispatch.objects.filter(cancelled_at__isnull=True).first()
    if found is None or warrant is None:
        raise RuleError("请先下派。")
    if (found.warrant_id, found.day, found.thing) == (warrant.pk, day, thing.value):
        raise RuleError("没有变化，请换一个。")
    Dispatch.objects.filter(pk=found.pk).update(warrant=warrant, day=day, thing=thing)
    raise AssertionError("a dispatch was rewritten")


def by_agenda(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    if warrant is None:
        raise RuleError("没有依据，请先准入。")
    proposal = agenda.propose(
        acting_user=gate.cast.applicant,
        warrant=warrant,
        thing=thing,
        title="试",
        purpose="试",
        communities=[where],
        first_day=day,
        hours=Decimal(1),
    )
    agenda.fix(acting_user=gate.cast.applicant, proposal=proposal)


def bare_visit(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    """A visit fixed past the actions."""
    if warrant is None:
        raise RuleError("没有依据，请先准入。")
    Visit.objects.bulk_create(
        [
            Visit(
                region_code=where,
                thing=thing,
                title="试",
                unit=gate.cast.department,
                day=day,
                last_day=day,
                hours=Decimal(1),
                state="fixed",
            )
        ]
    )
    raise AssertionError("a visit without its dispatch got through")


# Ways whose day is today and whose thing is a case; ways that a room may refuse for reasons of its own; ways that never let through.
CASES: tuple[Way, ...] = (by_new_case, by_units, by_step, by_page)
CAREFUL: tuple[Way, ...] = (by_agenda, by_page)
NEVER: tuple[Way, ...] = (bare_assignments, rewritten, bare_visit)
WAYS: tuple[Way, ...] = (by_action, in_bulk, raw, *CASES, by_agenda, *NEVER)
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
            asked, when = (Thing.CASE, TODAY) if way in CASES else (thing, day)
            may = way not in NEVER and allowed(name, asked, where, when, through)
            before = Dispatch.objects.filter(cancelled_at__isnull=True).count()
            says = ""
            try:
                with transaction.atomic():
                    way(gate, gate.warrants[name], asked, where, when)
                got = True
            except RuleError as refused:
                got, says = False, refused.message
                assert way is by_agenda or "请" in says, says
            except (IntegrityError, Http404):
                got = False
            now = Dispatch.objects.filter(cancelled_at__isnull=True).count()
            assert now - before == int(got)
            assert not got or may, (way.__name__, name, asked, where, when)
            if may and way not in CAREFUL:
                assert got, (way.__name__, name, asked, where, when, says)
            if got:
                through.append((name, where, when))
        transaction.set_rollback(True)


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

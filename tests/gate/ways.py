"""The ways by which something can be sent to a community, and warrants in every condition to try them with.

The flow's action, its bulk, cases given in four ways, visits of the agenda fixed and moved, plates wanted by a department and found on
a wall, forms by action and by page; rows written past the actions by the ORM and in SQL. Certificates and contests of old are not sent:
what asks for them goes by the flow's action.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.models import Unit
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET
from linli.access.units import own_unit
from linli.admission import actions
from linli.admission.tests.conftest import TODAY, Cast, admitted, workbook
from linli.admission.tests.test_money import overdue
from linli.audit.recording import SYSTEM, RuleError
from linli.collecting import actions as collecting
from linli.collecting.models import FormPart, FormTask
from linli.flow import actions as flow
from linli.flow.models import Assignment, Dispatch, Warrant
from linli.flow.rules.warrants import Thing
from linli.flow.tests.example import WHISTLE
from linli.gate.agenda import actions as agenda
from linli.gate.agenda.models import Visit
from linli.gate.agenda.tests.conftest import working_day
from linli.gate.plates import actions as plates
from linli.gate.plates.models import Plate

ELSEWHERE = "110119001001"
ALL = ["form", "inspection", "meeting", "contest", "plate", "case"]
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
    case_pk: int
    sender: Client
    drafts: dict[int, FormTask]

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
        warrant = admitted(cast, **values).admissions.get().item.warrant
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
        _past(made[name])
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
    client, sender = Client(raise_request_exception=True), Client(raise_request_exception=True)
    client.force_login(cast.people.officer)
    sender.force_login(cast.applicant)
    return Gate(cast, made, client, case.pk, sender, _drafts(cast, made))


def _drafts(cast: Cast, warrants: dict[str, Warrant | None]) -> dict[int, FormTask]:
    """A recognised form to be issued under each warrant, by its number; those of items that let no forms through, or are not the
    department's to issue under any more, are put there past the action."""
    good = warrants["good"]
    assert good is not None
    draft = collecting.draft(acting_user=cast.applicant, warrant=good, name="老年人.xlsx", data=workbook())
    made = {}
    for warrant in warrants.values():
        if warrant is not None:
            one = FormTask.objects.get(pk=draft.pk)
            one.pk, one.warrant, one.region_code = None, warrant, warrant.region_code
            one.save(force_insert=True)
            made[warrant.pk] = one
    return made


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


def _case(gate: Gate):
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


def by_moving(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    """Fixed on a day on which it may be, then moved."""
    if warrant is None:
        raise RuleError("没有依据，请先准入。")
    first = working_day(1)
    if first == day:
        raise RuleError("没有变化，请换一天。")
    proposal = agenda.propose(
        acting_user=gate.cast.applicant,
        warrant=warrant,
        thing=thing,
        title="试",
        purpose="试",
        communities=[where],
        first_day=first,
        hours=Decimal(1),
    )
    (visit,) = agenda.fix(acting_user=gate.cast.applicant, proposal=proposal)
    moved = agenda.move(acting_user=gate.cast.applicant, visit=visit, day=day, reason="试")
    if moved.state != "fixed":
        raise RuleError("要街道同意，请等一等。")


def by_plate(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    if warrant is None:
        raise RuleError("没有依据，请先准入。")
    (plate,) = plates.propose(
        acting_user=gate.cast.applicant, warrant=warrant, communities=[where], name="试", purpose="试"
    )
    plates.accept(acting_user=gate.cast.decider, plate=plate, reason="试")


def by_found_plate(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    """One that hangs already is to stay under the item."""
    plate = plates.register(acting_user=SYSTEM, region_code=where, name=f"试{Plate.objects.count()}")
    plates.accept(acting_user=gate.cast.decider, plate=plate, reason="试", warrant=warrant)


def _draft(gate: Gate, warrant: Warrant | None) -> FormTask:
    """A form of its own for the attempt."""
    if warrant is None:
        raise RuleError("没有依据，请先准入。")
    task = FormTask.objects.get(pk=gate.drafts[warrant.pk].pk)
    task.pk = None
    task.save(force_insert=True)
    return task


def by_form(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    collecting.issue(
        acting_user=gate.cast.applicant,
        task=_draft(gate, warrant),
        communities=[where],
        purpose="试",
        on=TODAY,
        working_days=5,
        why_again="试",
    )


def by_form_page(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    task = _draft(gate, warrant)
    answer = gate.sender.post(
        f"{reverse('collecting:issue', args=[task.pk])}?street={where[:9]}",
        {
            "communities": [where],
            "purpose": "试",
            "on": TODAY.isoformat(),
            "working_days": 5,
            "why_again": "试",
        },
    )
    assert answer.status_code in (302, 404, 422)
    if answer.status_code == 404:
        raise Http404
    if answer.status_code == 422:
        assert "请" in answer.content.decode()
        raise RuleError("页面没有放行，请看页面上的说明。")


def _other(where: str, thing: Thing) -> Dispatch | None:
    """A dispatch of something else or to somebody else, to pass for the one that is lacking."""
    return Dispatch.objects.exclude(region_code=where, thing=thing).first()


def bare_plate(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    """A plate put up past the actions."""
    Plate.objects.bulk_create(
        [
            Plate(
                region_code=where,
                name="试",
                state="listed",
                since=TODAY,
                warrant=warrant,
                dispatch=_other(where, Thing.PLATE),
            )
        ]
    )
    raise AssertionError("a plate without its dispatch got through")


def bare_form(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    """A community's copy of a form past the actions; without any dispatch the column itself refuses."""
    FormPart.objects.bulk_create(
        [FormPart(region_code=where, task=_draft(gate, warrant), dispatch=_other(where, Thing.FORM))]
    )
    raise AssertionError("a form without its dispatch got through")


def bare_form_in_sql(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    """A copy that was let through turned to another community or task."""
    task = _draft(gate, warrant)
    found = FormPart.objects.exclude(task=task).first()
    if found is None:
        raise RuleError("请先下发。")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE collecting_formpart SET task_id = %s WHERE id = %s", [task.pk, found.pk])
    if found.task.warrant_id == task.warrant_id:
        raise RuleError("同一事项下的另一张表，请换一个。")
    raise AssertionError("a copy was turned to a form of another item")


def revived(gate: Gate, warrant: Warrant | None, thing: Thing, where: str, day: date) -> None:
    """A dispatch that was taken back called to life again, or one that holds turned to another community."""
    taken = Dispatch.objects.filter(cancelled_at__isnull=False).first()
    if taken is not None:
        Dispatch.objects.filter(pk=taken.pk).update(cancelled_at=None)
        raise AssertionError("a cancelled dispatch came back")
    held = Dispatch.objects.exclude(region_code=where).first()
    if held is None:
        raise RuleError("请先下派。")
    Dispatch.objects.filter(pk=held.pk).update(region_code=where)
    raise AssertionError("a dispatch was turned to another community")


# Ways by which a case, a plate, a form is sent, today; ways that a room may refuse for reasons of its own; ways that never let through.
CASES: tuple[Way, ...] = (by_new_case, by_units, by_step, by_page)
PLATES: tuple[Way, ...] = (by_plate, by_found_plate)
FORMS: tuple[Way, ...] = (by_form, by_form_page)
CAREFUL: tuple[Way, ...] = (by_agenda, by_moving, by_page, by_form_page, *PLATES)
NEVER: tuple[Way, ...] = (
    bare_assignments, rewritten, bare_visit, bare_plate, bare_form, bare_form_in_sql, revived
)  # fmt: skip
WAYS: tuple[Way, ...] = (
    by_action, in_bulk, raw, *CASES, by_agenda, by_moving, *PLATES, *FORMS, *NEVER
)  # fmt: skip
# Ways in which nothing but the gate refuses: each refusal leaves its record.
RECORDED: tuple[Way, ...] = (by_action, *CASES[:3])
# What each of these sends, and that it does so today.
SENDS: dict[Way, Thing] = (
    dict.fromkeys(CASES, Thing.CASE) | dict.fromkeys(PLATES, Thing.PLATE) | dict.fromkeys(FORMS, Thing.FORM)
)

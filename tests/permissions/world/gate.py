"""What reaches the community through the gate: an item, a visit, plates, an assessment."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access.models import Unit as Office
from linli.access.testing import COMMUNITY, DISTRICT, STREET, Characters
from linli.audit.recording import SYSTEM, RuleError
from linli.flow import actions as flow
from linli.flow.models import Refusal, Warrant
from linli.flow.rules.warrants import Thing
from linli.gate.agenda import actions as agenda
from linli.gate.agenda.models import Tour
from linli.gate.assessment import actions as assessment
from linli.gate.assessment.models import Score
from linli.gate.assessment.rules import Way
from linli.gate.catalogue.models import Edition, Entry, Item
from linli.gate.offlist import actions as offlist
from linli.gate.plates import actions as plates


def catalogue(unit: Office) -> dict[str, Any]:
    """An item of the district's list, the edition it came with, and a draft with the same."""
    terms = {
        "title": "测试事项",
        "category": "测试类",
        "responsibility": "assist",
        "kind": "serve",
        "unit": unit,
        "times": 1,
        "hours": 2,
        "basis_note": "测试",
    }
    since = date(2026, 1, 1)
    item = Item.objects.create(region_code=DISTRICT, code="0001", since=since, **terms)
    found: dict[str, Any] = {"item": item}
    for number, name in ((1, "edition"), (2, "draft")):
        edition = Edition.objects.create(region_code=DISTRICT, number=number, title="测试清单")
        found[f"{name}_entry"] = Entry.objects.create(edition=edition, item=item, **terms)
        found[name] = edition
        if name == "edition":
            now = timezone.now()
            edition.since, edition.published_at, edition.applied_at = since, now, now
            edition.save()
    return found


def visits(people: Characters) -> dict[str, Any]:
    """An inspection that a department proposes in the worker's community for tomorrow, and one that came without the gate."""
    warrant = flow.make_warrant(
        acting_user=SYSTEM,
        region_code=STREET,
        title="测试检查",
        issuer=Office.objects.get(name="延庆区民政局"),
        things=[Thing.INSPECTION],
        since=timezone.localdate(),
        until=timezone.localdate() + timedelta(days=30),
    )
    proposal = agenda.propose(
        acting_user=people.department,
        warrant=warrant,
        thing=Thing.INSPECTION,
        title="测试检查",
        purpose="测试",
        communities=[COMMUNITY],
        first_day=timezone.localdate() + timedelta(days=1),
        hours=Decimal(1),
    )
    unlisted = agenda.record_unlisted(
        acting_user=people.worker,
        region_code=COMMUNITY,
        thing=Thing.MEETING,
        title="测试会议",
        unit_name="测试单位",
        day=timezone.localdate(),
        spent_hours=Decimal(1),
    )
    return {
        "warrant": warrant,
        "proposal": proposal,
        "visit": proposal.visits.get(),
        "unlisted": unlisted,
        "tour": Tour.objects.create(region_code=STREET, title="测试联合行动", lead=warrant.issuer),
    }


def plates_of(people: Characters) -> dict[str, Any]:
    """A plate that the worker found, and one that a department proposes, under an item that allows plates."""
    warrant = flow.make_warrant(
        acting_user=SYSTEM,
        region_code=STREET,
        title="测试挂牌",
        issuer=Office.objects.get(name="延庆区民政局"),
        things=[Thing.PLATE],
        since=timezone.localdate(),
        until=timezone.localdate() + timedelta(days=30),
    )
    proposed = plates.propose(
        acting_user=people.department, warrant=warrant, communities=[COMMUNITY], name="测试站", purpose="测试"
    )
    found = plates.register(acting_user=people.worker, region_code=COMMUNITY, name="测试领导小组")
    return {"plate_warrant": warrant, "plate": found, "proposed_plate": proposed[0]}


def asked_off_the_list(people: Characters, warrant: Warrant) -> dict[str, Any]:
    """A form that the gate did not let the department send, and what the worker reports was asked in a chat."""
    with suppress(RuleError):
        flow.dispatch(
            acting_user=people.department,
            warrant=warrant,
            thing=Thing.FORM,
            communities=[COMMUNITY],
            title="测试报表",
            sender=warrant.issuer,
        )
    report = offlist.report(
        acting_user=people.worker,
        region_code=COMMUNITY,
        title="测试打卡",
        thing="other",
        by="chat",
        asked_on=timezone.localdate(),
        unit=warrant.issuer,
    )
    return {"gate_refusal": Refusal.objects.get(title="测试报表"), "offlist_report": report}


def assessed() -> dict[str, Any]:
    """This year's plan, published, with a score that was objected to, and an old contest."""
    plan = assessment.draft_plan(acting_user=SYSTEM, region_code=DISTRICT, year=2026, title="测试考核")
    part = assessment.set_part(
        acting_user=SYSTEM, plan=plan, title="居民满意度", weight=100, way=Way.SATISFACTION
    )
    contest = assessment.add_contest(acting_user=SYSTEM, region_code=DISTRICT, title="测试评比")
    published = assessment.publish(acting_user=SYSTEM, plan=plan)
    assessment.enter(acting_user=SYSTEM, part=part, scores={COMMUNITY: Decimal(60)})
    score = Score.objects.get(part=part)
    objection = assessment.object_to(acting_user=SYSTEM, score=score, reason="走访没有算进去，请核对。")
    assessment.withdraw_objection(acting_user=SYSTEM, objection=objection)
    return {
        "year_plan": published,
        "part": part,
        "contest": contest,
        "score": score,
        "objection": objection,
    }

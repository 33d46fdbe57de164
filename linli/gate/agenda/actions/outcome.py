"""What came of a visit: the hours it really took, what was found, papers; and what came without the gate."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access import sealed_files
from linli.access.guard import NotPermitted, require
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.flow.rules.warrants import Thing
from linli.gate.agenda import rules
from linli.gate.agenda.actions import telling
from linli.gate.agenda.actions.working import locked, own
from linli.gate.agenda.models import COUNTED, State, Visit, VisitFile
from linli.regions import names


def _keep(visit: Visit, papers: Iterable[Any]) -> None:
    for upload in papers:
        kept = sealed_files.keep(upload, folder="agenda", field="papers")
        VisitFile.objects.create(
            visit=visit,
            path=kept.path,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
        )


def _hours(value: Decimal, field: str) -> Decimal:
    if not 0 < value <= 200:
        raise RuleError("实际用的时间要在 0 到 200 小时之间，包括准备的时间。", field=field)
    return value


def record_hours(
    *,
    acting_user: Any,
    visit: Visit,
    spent_hours: Decimal,
    spent_people: int | None = None,
    remark: str = "",
    papers: Iterable[Any] = (),
) -> Visit:
    """The community says how many hours a visit really took (preparation included); with that it is done."""
    require(acting_user, Permission.RECEIVE_AGENDA, visit.region_code)
    with action(acting_user, "agenda.record_hours") as act:
        (kept,) = locked([visit], acting_user)
        _took_place(kept)
        kept.spent_hours = _hours(spent_hours, "spent_hours")
        kept.spent_people, kept.remark = spent_people, remark.strip()
        kept.state, kept.done_at = State.DONE, kept.done_at or timezone.now()
        kept.save(update_fields=["spent_hours", "spent_people", "remark", "state", "done_at"])
        _keep(kept, papers)
        act.record(kept, f"“{kept.title}”实际用了 {rules.hours(spent_hours)}")
        if kept.joint_id is not None:
            _with_it(kept, act)
        telling.tell_hours(timezone.localdate())
    return kept


def _with_it(visit: Visit, act: Any) -> None:
    """The other visits of a joint one are done with it; their hours are in it."""
    for one in Visit.objects.filter(joint=visit.joint_id, state=State.FIXED).exclude(pk=visit.pk):
        one.state, one.done_at, one.spent_hours = State.DONE, visit.done_at, Decimal(0)
        one.save(update_fields=["state", "done_at", "spent_hours"])
        act.record(one, f"“{one.title}”随联合检查完成，时间记在“{visit.title}”")


def record_findings(*, acting_user: Any, visit: Visit, findings: str, papers: Iterable[Any] = ()) -> Visit:
    """The department says what came of its visit, so that the community can read it here."""
    if not findings.strip():
        raise RuleError("请写明结果，例如“未发现问题”。", field="findings")
    with action(acting_user, "agenda.record_findings") as act:
        (kept,) = locked([visit], acting_user)
        if not own(acting_user, kept.unit_id):
            raise NotPermitted(Permission.SEND_TO_COMMUNITIES)
        _took_place(kept)
        kept.findings = findings.strip()
        kept.save(update_fields=["findings"])
        _keep(kept, papers)
        act.record(kept, f"登记“{kept.title}”的结果")
        telling.tell_community(kept, f"{kept.who}登记了“{kept.title}”的结果", besides=acting_user)
    return kept


def _took_place(visit: Visit) -> None:
    if visit.state not in COUNTED:
        raise RuleError(f"这项安排现在是“{visit.get_state_display()}”，不能登记结果。")
    if visit.day > timezone.localdate():
        raise RuleError(f"{rules.said(visit.day)}还没到，到了再登记。")


def record_unlisted(
    *,
    acting_user: Any,
    region_code: str,
    thing: Thing,
    title: str,
    day: date,
    spent_hours: Decimal,
    unit: Unit | None = None,
    unit_name: str = "",
    spent_people: int | None = None,
    remark: str = "",
    papers: Iterable[Any] = (),
) -> Visit:
    """A community records an inspection, contest or meeting that came without the gate, afterwards: it is counted and the street
    is told. Nothing can be arranged in this way."""
    require(acting_user, Permission.RECEIVE_AGENDA, region_code)
    if Thing(thing) not in rules.COMES:
        raise RuleError("这里只登记检查考核、评比创建和会议。", field="thing")
    if not title.strip():
        raise RuleError("请写明是什么检查、会议。", field="title")
    if unit is None and not unit_name.strip():
        raise RuleError("请选择或填写来的单位。", field="unit_name")
    if day > timezone.localdate():
        raise RuleError("只能登记已经发生的。还没有发生的，请来的单位按准入事项申请。", field="day")
    with action(acting_user, "agenda.record_unlisted") as act:
        visit = Visit.objects.create(
            region_code=region_code,
            thing=thing,
            title=title.strip(),
            unit=unit,
            unit_name="" if unit else unit_name.strip(),
            day=day,
            last_day=day,
            hours=min(_hours(spent_hours, "spent_hours"), Decimal(24)),
            state=State.DONE,
            is_unlisted=True,
            spent_hours=spent_hours,
            spent_people=spent_people,
            remark=remark.strip(),
            done_at=timezone.now(),
        )
        _keep(visit, papers)
        said = f"{names.title(region_code)}登记了未经准入的{Thing(thing).label}：{visit.who}“{visit.title}”"
        act.record(visit, said)
        telling.tell_street(visit, said, besides=acting_user)
    return visit

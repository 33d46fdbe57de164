"""Every write about what was asked off the list.

All raise `RuleError` for what the rules refuse, and `NotPermitted` for what the acting user may not do there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access import guard, sealed_files
from linli.access.guard import require
from linli.access.holders import nearest_holders
from linli.access.models import Unit, User
from linli.access.roles import Permission
from linli.access.units import members
from linli.audit.recording import RuleError, action
from linli.gate.catalogue.models import Item
from linli.gate.offlist import rules
from linli.gate.offlist.models import ASKED, By, Report, ReportFile
from linli.gate.offlist.rules import CONFIRMED, Outcome
from linli.notices import actions as notices
from linli.office.calendar import current as current_calendar
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level

REPORT, ANSWER = Permission.REPORT_OFFLIST, Permission.ANSWER_OFFLIST
PREFIX = "offlist."
DISTRICT, STREET = KEY_LENGTH[Level.DISTRICT], KEY_LENGTH[Level.STREET]
COMMUNITY = KEY_LENGTH[Level.COMMUNITY]


def report(
    *,
    acting_user: Any,
    region_code: str,
    title: str,
    thing: str,
    by: str,
    asked_on: date,
    unit: Unit | None = None,
    unit_name: str = "",
    wanted_by: date | None = None,
    text: str = "",
    is_done: bool = False,
    hours: Decimal | None = None,
    papers: Iterable[Any] = (),
) -> Report:
    """A community reports that something was asked of it off the list; the street is to answer within some working days.

    Raises RuleError for what is missing or makes no sense, and for the same reported already and not answered.
    """
    require(acting_user, REPORT, region_code)
    if len(region_code) != COMMUNITY:
        raise RuleError("请选择是哪个社区。", field="region_code")
    if not title.strip():
        raise RuleError("请写明要社区做什么。", field="title")
    if unit is None and not unit_name.strip():
        raise RuleError("请选择或填写是哪个单位要求的。", field="unit_name")
    if thing not in dict(ASKED) or by not in By.values:
        raise RuleError("请选择要的是什么、怎么要求的。", field="thing")
    today = timezone.localdate()
    if asked_on > today:
        raise RuleError("要求的日期不能晚于今天。", field="asked_on")
    if wanted_by is not None and wanted_by < asked_on:
        raise RuleError("要求完成的日期不能早于要求的日期。", field="wanted_by")
    if hours is not None and not 0 < hours <= 2000:
        raise RuleError("用的时间要大于 0，不超过 2000 小时；说不清就留空。", field="hours")
    with action(acting_user, "offlist.report") as act:
        same = Report.objects.waiting().filter(
            region_code=region_code, title=title.strip(), asked_on=asked_on
        )
        if same.exists():
            raise RuleError("这件事本社区已经反映过，正在等答复。", field="title")
        made = Report.objects.create(
            region_code=region_code,
            title=title.strip(),
            thing=thing,
            unit=unit,
            unit_name="" if unit else unit_name.strip(),
            by=by,
            asked_on=asked_on,
            wanted_by=wanted_by,
            text=text.strip(),
            is_done=is_done,
            hours=hours,
            reported_by_id=acting_user.pk or None,
            due_on=current_calendar().add_working_days(today, rules.ANSWER_DAYS),
        )
        _keep(made, papers)
        act.record(made, f"{names.title(region_code)}反映清单外要求：{made.who}“{made.title}”")
        _todo(made)
    return made


def _keep(made: Report, papers: Iterable[Any]) -> None:
    for upload in papers:
        kept = sealed_files.keep(upload, folder="offlist", field="papers")
        ReportFile.objects.create(
            report=made,
            path=kept.path,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
        )


def add_papers(*, acting_user: Any, report: Report, papers: Iterable[Any]) -> Report:
    """Add photographs or papers to a report that waits. Raises RuleError without any, and when it was answered."""
    given = list(papers)
    if not given:
        raise RuleError("请选择照片或文件。", field="papers")
    with action(acting_user, "offlist.add_papers") as act:
        kept = _waiting(report, acting_user, REPORT)
        _keep(kept, given)
        act.record(kept, f"为“{kept.title}”补充 {len(given)} 份材料")
    return kept


def _waiting(report: Report, user: Any, permission: Permission) -> Report:
    kept = guard.locked(Report, report.pk, user, permission)
    if not kept.is_waiting:
        raise RuleError(f"这件反映现在是“{kept.standing[0]}”，不能再改。")
    return kept


def withdraw(*, acting_user: Any, report: Report, reason: str) -> Report:
    """The community takes a report back before it is answered, with a reason."""
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", field="reason")
    with action(acting_user, "offlist.withdraw", reason=reason.strip()) as act:
        kept = _waiting(report, acting_user, REPORT)
        kept.withdrawn_at, kept.withdrawn_why = timezone.now(), reason.strip()
        kept.save(update_fields=["withdrawn_at", "withdrawn_why"])
        act.record(kept, f"撤回对“{kept.title}”的反映")
        _todo(kept)
    return kept


def answer(
    *,
    acting_user: Any,
    report: Report,
    outcome: str,
    answer: str,
    unit: Unit | None = None,
    item: Item | None = None,
) -> Report:
    """The street, or the district's community office, answers a report: what it found and what follows. `unit` names the asking unit
    where the community could not; `item` is the item it rests on after all.

    A confirmed one is told to the department, without naming the community. Raises RuleError without words, or without the item.
    """
    if outcome not in {one.value for one in Outcome}:
        raise RuleError("请选择核实的结果。", field="outcome")
    if not answer.strip():
        raise RuleError("请写明怎么核实的、接下来怎么办，社区会看到。", field="answer")
    if outcome == Outcome.LISTED and item is None:
        raise RuleError("请选择它属于清单里的哪个事项。", field="item")
    with action(acting_user, "offlist.answer", reason=answer.strip()) as act:
        kept = _waiting(report, acting_user, ANSWER)
        if outcome == Outcome.LISTED and item is not None:
            _holds(item, kept)
        kept.outcome, kept.answer = outcome, answer.strip()
        kept.item = item if outcome == Outcome.LISTED else None
        if unit is not None:
            kept.unit, kept.unit_name = unit, ""
        kept.answered_at, kept.answered_by_id = timezone.now(), acting_user.pk or None
        kept.save(
            update_fields=[
                "outcome", "answer", "item", "unit", "unit_name", "answered_at", "answered_by"
            ]
        )  # fmt: skip
        found = Outcome(outcome)
        act.record(kept, f"答复清单外反映“{kept.title}”：{found.label}")
        _todo(kept)
        told = nearest_holders(REPORT, kept.region_code)
        _tell(told, kept, f"你社区反映的“{kept.title}”已答复：{found.label}", besides=acting_user)
        if found in CONFIRMED and kept.unit is not None:
            said = f"清单外要求经核实属实：“{kept.title}”。{found.label}"
            _tell(members(kept.unit), kept, said, besides=acting_user)
    return kept


def _holds(item: Item, report: Report) -> None:
    if not report.region_code.startswith(item.region_code) or not item.in_force(report.asked_on):
        raise RuleError(f"事项“{item.title}”那天不在这个社区实施，请另选，或按清单外答复。", field="item")


def _tell(users: Iterable[User], report: Report, said: str, *, besides: Any) -> None:
    for user in users:
        if user.pk != getattr(besides, "pk", 0):
            notices.send(user, said, body=report.answer, url=report.get_absolute_url())


def _todo(report: Report, on: date | None = None) -> None:
    """Keep the to-do of a report as it stands: the street's; once it is late, the district's community office's too."""
    users: set[int] = set()
    late = report.due_on < (on or timezone.localdate())
    if report.is_waiting:
        users = {one.pk for one in nearest_holders(ANSWER, report.region_code[:STREET])}
        if late:
            users |= {one.pk for one in nearest_holders(ANSWER, report.region_code[:DISTRICT])}
    notices.keep_todo(
        f"{PREFIX}answer:{report.pk}",
        users,
        f"请答复：{names.title(report.region_code)}反映{report.who}“{report.title}”",
        url=report.get_absolute_url(),
        is_urgent=late,
        due_on=report.due_on,
    )


def look_at_waiting(on: date) -> int:
    """Keep the to-dos of all reports that wait as they stand on a day. Run daily; safe to run twice. Returns how many are late."""
    waiting = Report.objects.waiting().select_related("unit").order_by("pk")
    for one in waiting:
        _todo(one, on)
    return sum(1 for one in waiting if one.due_on < on)

"""Money that is late: told ahead and when it is late; late beyond the rule, the item is suspended until it is paid."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, F, Min, Q, Sum
from django.utils import timezone

from linli.access.models import Unit, User
from linli.access.units import members
from linli.admission.models import Admission, Application, Instalment
from linli.admission.rules import schedule
from linli.admission.settings import office_of, setting_of
from linli.audit.recording import SYSTEM, RuleError, action
from linli.gate.catalogue import actions as catalogue
from linli.kernel.money import format_yuan
from linli.notices import actions as notices
from linli.office.calendar import current as current_calendar

KEY = "admission.due."


def late_beyond(admission: Admission, on: date) -> tuple[int, Decimal, date] | None:
    """How many instalments are late beyond the rule on a day, how much rests of them, and since when the first was due; None for
    none."""
    grace = setting_of(admission.region_code).grace_days
    calendar = current_calendar()
    unpaid = list(admission.instalments.late(on).values_list("due_on", "amount", "paid"))
    beyond = [
        (due, amount - paid)
        for due, amount, paid in unpaid
        if schedule.suspends(calendar.working_days_between(due, on), grace)
    ]
    if not beyond:
        return None
    return len(beyond), sum((rest for _due, rest in beyond), Decimal(0)), min(due for due, _rest in beyond)


def settle_arrears(admission: Admission, on: date | None = None) -> str:
    """Suspend the item when its money is late beyond the rule, resume it when it no longer is. What was suspended for another
    reason is left alone. Returns "suspended", "resumed" or ""."""
    day = on or timezone.localdate()
    item = admission.item
    if item.warrant is None or (item.until is not None and item.until <= day):
        return ""
    item.warrant.refresh_from_db()
    found = late_beyond(admission, day)
    if found is not None and not item.warrant.suspended:
        count, rest, due = found
        why = f"经费逾期未付，{count} 笔共 {format_yuan(rest)} 元，最早应于 {due} 付清"
        with action(SYSTEM, "admission.suspend_for_arrears") as act:
            catalogue.suspend(acting_user=SYSTEM, item=item, reason=why)
            admission.arrears_since = day
            admission.save(update_fields=["arrears_since"])
            act.record(admission, f"事项“{item.title}”因欠款自动暂停")
        _tell(admission.application, f"事项“{item.title}”已自动暂停：{why}", is_urgent=True)
        return "suspended"
    if found is None and admission.arrears_since is not None:
        with action(SYSTEM, "admission.resume_after_payment") as act:
            if item.warrant.suspended:
                catalogue.resume(acting_user=SYSTEM, item=item, reason="欠款已付清")
            admission.arrears_since = None
            admission.save(update_fields=["arrears_since"])
            act.record(admission, f"事项“{item.title}”欠款付清，恢复下派")
        _tell(admission.application, f"事项“{item.title}”欠款已付清，恢复下派")
        return "resumed"
    return ""


def _tell(application: Application, said: str, *, is_urgent: bool = False) -> None:
    for user in _people(application):
        notices.send(user, said, url=application.get_absolute_url(), is_urgent=is_urgent)


def _people(application: Application) -> Iterable[User]:
    """The department's people and the community office's."""
    units: list[Unit] = [application.unit]
    with suppress(RuleError):
        units.append(office_of(application.region_code))
    return {user for unit in units for user in members(unit)}


def look_at_arrears(on: date | None = None) -> dict[str, int]:
    """Tell departments what falls due and what is late, suspend and resume items. Run daily; safe to run twice.

    Returns how many items were suspended and resumed, and how many departments' dues were told.
    """
    day = on or timezone.localdate()
    done = {"suspended": 0, "resumed": 0, "told": 0}
    wanted = Q(instalments__due_on__lt=day, instalments__paid__lt=F("instalments__amount")) | Q(
        arrears_since__isnull=False
    )
    found = Admission.objects.filter(wanted).distinct().order_by("pk")
    for admission in found.select_related("item__warrant", "application__unit"):
        if what := settle_arrears(admission, day):
            done[what] += 1
    done["told"] = _remind(day)
    return done


def _remind(day: date) -> int:
    """Keep one to-do for each application whose money is due soon or late, on the bells of its department's people."""
    kept = []
    for application in Application.objects.filter(admissions__isnull=False).distinct().select_related("unit"):
        setting = setting_of(application.region_code)
        owed = Instalment.objects.unpaid().filter(admission__application=application)
        near = owed.filter(due_on__lte=day + timedelta(days=setting.notice_days)).aggregate(
            n=Count("pk"), total=Sum("amount"), settled=Sum("paid"), first=Min("due_on")
        )
        if not near["n"]:
            continue
        rest = format_yuan(near["total"] - near["settled"])
        late = near["first"] < day
        said = (
            f"“{application.title}”欠款 {rest} 元，已过应付日期 {near['first']}，"
            f"逾期超过 {setting.grace_days} 个工作日将暂停事项"
            if late
            else f"“{application.title}”有 {rest} 元要在 {near['first']} 前拨付到社区"
        )
        key = f"{KEY}{application.pk}"
        notices.keep_todo(
            key,
            [user.pk for user in members(application.unit)],
            said,
            url=f"{application.get_absolute_url()}?tab=money",
            is_urgent=late,
            due_on=near["first"],
        )
        kept.append(key)
    notices.settle_kept(KEY, besides=kept)
    return len(kept)

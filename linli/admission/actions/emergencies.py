"""The emergency channel (应急通道): a named approver lets something be sent at once, for a few days; told in public, looked back on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from linli.access.guard import NotPermitted, locked, require
from linli.access.models import Unit, UnitKind
from linli.access.roles import Permission
from linli.access.units import members
from linli.admission.models import Emergency
from linli.admission.settings import setting_of
from linli.audit.recording import RuleError, action
from linli.flow import actions as flow
from linli.flow.rules.warrants import Thing
from linli.notices import actions as notices
from linli.regions.models import Region

KEY = "admission.review."


def approve_emergency(
    *,
    acting_user: Any,
    region_code: str,
    unit: Unit,
    title: str,
    reason: str,
    things: Iterable[str],
    until: date,
) -> Emergency:
    """Let a department send things to the communities of a region at once, until `until` (the first day it no longer may).

    Raises RuleError without a reason, for longer than the rule allows, for the approver's own unit, and for a department that
    owes the review of an emergency that is over.
    """
    require(acting_user, Permission.APPROVE_EMERGENCY, region_code)
    today = timezone.localdate()
    most = setting_of(region_code).emergency_days
    if not title.strip():
        raise RuleError("请填写应急事项。", field="title")
    if not reason.strip():
        raise RuleError("请写明为什么来不及走准入。", field="reason")
    if not Region.objects.filter(region_code=region_code).exists() or not 6 <= len(region_code) <= 12:
        raise RuleError("请选择区、街道或社区。", field="region_code")
    if until <= today:
        raise RuleError("自动失效日期要晚于今天。", field="until")
    if until > today + timedelta(days=most):
        raise RuleError(
            f"应急事项最长 {most} 天，最晚 {today + timedelta(days=most)} 失效；更久的请走准入。",
            field="until",
        )
    if unit.kind == UnitKind.COMMUNITY or not unit.region_code.startswith(region_code[:6]):
        raise RuleError("请选择本区提出应急事项的部门或街道。", field="unit")
    if acting_user.pk and unit.pk in acting_user.unit_ids:
        raise RuleError("不能批准本单位提出的应急事项，请由其他批准人办理。", field="unit")
    with action(acting_user, "admission.approve_emergency", reason=reason.strip()) as act:
        owed = Emergency.objects.filter(unit=unit, reviewed_at__isnull=True).order_by("pk")
        if late := [one for one in owed if one.is_over]:
            raise RuleError(
                f"{unit}上一次应急事项“{late[0].title}”还没有复盘，写完复盘才能再用应急通道。", field="unit"
            )
        warrant = flow.make_warrant(
            acting_user=acting_user,
            region_code=region_code,
            title=title.strip(),
            issuer=unit,
            things=[Thing(one) for one in things],
            since=today,
            until=until,
            basis=f"应急通道，{acting_user.name}批准：{reason.strip()}",
            is_emergency=True,
        )
        made = Emergency.objects.create(
            region_code=region_code,
            unit=unit,
            warrant=warrant,
            title=title.strip(),
            reason=reason.strip(),
            until=until,
            approved_by_id=acting_user.pk,
        )
        act.record(made, f"应急通道：批准{unit}“{made.title}”，到 {until} 自动失效")
        for user in members(unit):
            notices.send(
                user,
                f"应急事项“{made.title}”已批准，{until} 自动失效",
                url=made.get_absolute_url(),
                is_urgent=True,
            )
    return made


def end_emergency(*, acting_user: Any, emergency: Emergency, reason: str) -> Emergency:
    """End an emergency before its day: nothing more is sent under it from now on."""
    with action(acting_user, "admission.end_emergency", reason=reason) as act:
        kept = locked(Emergency, emergency.pk, acting_user, Permission.APPROVE_EMERGENCY)
        if kept.is_over:
            raise RuleError("这项应急事项已经失效。")
        if not reason.strip():
            raise RuleError("请写明提前结束的原因。", field="reason")
        today = timezone.localdate()
        flow.end_warrant(acting_user=acting_user, warrant=kept.warrant, on=today, reason=reason)
        kept.ended_at = timezone.now()
        kept.save(update_fields=["ended_at"])
        act.record(kept, f"应急事项“{kept.title}”提前结束")
    return kept


def review_emergency(*, acting_user: Any, emergency: Emergency, text: str) -> Emergency:
    """Look back on an emergency that is over: what was done, whether it was needed. Its department's people or an approver may."""
    if len(text.strip()) < 10:
        raise RuleError("请写清做了什么、是否必要、以后怎样避免，至少十个字。", field="text")
    with action(acting_user, "admission.review_emergency") as act:
        kept = Emergency.objects.select_for_update(of=("self",)).get(pk=emergency.pk)
        own = bool(acting_user.pk) and kept.unit_id in acting_user.unit_ids
        if not own and not acting_user.can(Permission.APPROVE_EMERGENCY, kept.region_code):
            raise NotPermitted(Permission.APPROVE_EMERGENCY)
        if not kept.is_over:
            raise RuleError("还没有失效，结束以后再写复盘。")
        if kept.reviewed_at is not None:
            raise RuleError("已经写过复盘。")
        kept.review, kept.reviewed_at = text.strip(), timezone.now()
        kept.reviewed_by_id = acting_user.pk or None
        kept.save(update_fields=["review", "reviewed_at", "reviewed_by"])
        notices.settle_key(f"{KEY}{kept.pk}")
        act.record(kept, f"应急事项“{kept.title}”已复盘")
    return kept


def remind_reviews(on: date) -> int:
    """Keep a to-do for every emergency that is over and not looked back on. Returns how many there are."""
    rows = [
        one
        for one in Emergency.objects.filter(reviewed_at__isnull=True).select_related("unit", "approved_by")
        if one.ended_at is not None or one.until <= on
    ]
    for one in rows:
        people = {user.pk for user in members(one.unit)} | {one.approved_by_id}
        notices.keep_todo(
            f"{KEY}{one.pk}",
            people,
            f"应急事项“{one.title}”已失效，请写事后复盘",
            url=one.get_absolute_url(),
        )
    notices.settle_kept(KEY, besides=[f"{KEY}{one.pk}" for one in rows])
    return len(rows)

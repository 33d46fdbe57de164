"""Long work of adjustments: proposing a plan, carrying one out, and the plans whose day has come."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.models import Permission, User
from linli.audit.recording import RuleError
from linli.jobs.daily import daily
from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.notices import actions as notices
from linli.registry.adjustment import actions, solving
from linli.registry.adjustment.base import read_base
from linli.registry.adjustment.models import Norm, Plan, PlanState

PROPOSE, CARRY_OUT = "adjustment.propose", "adjustment.carry_out"


@handler(PROPOSE, title="拟定社区调整方案")
def run_propose(running: Running, *, plan: int, norm: int) -> None:
    """Propose a plan and put it into the draft. A second run proposes the same."""
    found = Plan.objects.get(pk=plan)
    rule = Norm.objects.get(pk=norm).rule
    running.stage(_("读取楼栋和户数"))
    base = read_base(found.region_code, timezone.localdate())
    running.stage(_("计算方案"), solving.ROUNDS, unit=_("轮"))
    try:
        proposal = solving.propose(base, rule, told=lambda done, of: running.progress(done, of))
    except solving.Unsolved as unsolved:
        raise RuleError(str(unsolved)) from unsolved
    actions.put_proposal(
        acting_user=running.user, plan=found, draft=proposal.draft, explanation=proposal.said
    )
    running.finish(
        " ".join(proposal.said),
        result={
            "counts": [
                [_("移动楼栋"), proposal.moved_buildings, _("栋")],
                [_("移动户数"), proposal.moved_households, _("户")],
            ],
            "url": found.get_absolute_url(),
        },
    )


@handler(CARRY_OUT, title="执行社区调整")
def run_carry_out(running: Running, *, plan: int) -> None:
    """Carry a plan out. A second run finds it done."""
    found = Plan.objects.get(pk=plan)
    if found.state != PlanState.DONE:
        actions.carry_out(acting_user=running.user, plan=found, told=lambda said: running.stage(said))
        found.refresh_from_db()
    result = found.result
    running.finish(
        _("已执行：%(buildings)s 栋楼划转，新设 %(opened)s 个、撤销 %(closed)s 个社区。")
        % {
            "buildings": result["buildings"],
            "opened": len(result["opened"]),
            "closed": len(result["closed"]),
        },
        result={
            "counts": [
                [_("划转楼栋"), result["buildings"], _("栋")],
                [_("居民"), result["rows"].get("people_person", 0), _("人")],
                [_("岗位"), result["posts"], _("个")],
            ],
            "url": found.get_absolute_url(),
        },
    )


@daily("adjustment.due")
def carry_out_due(on: date) -> str:
    """Carry out the approved plans whose day has come, and tell those who may approve there."""
    done = actions.carry_out_due(on)
    for plan, said in done:
        for user in User.objects.filter(is_active=True, posts__isnull=False).distinct():
            if user.can(Permission.APPROVE_ADJUSTMENT, plan.region_code):
                notices.send(user, said, url=plan.get_absolute_url(), key=f"adjustment.{plan.pk}.{on}")
    return "；".join(said for _plan, said in done)

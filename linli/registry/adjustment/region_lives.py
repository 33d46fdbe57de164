"""What adjustments tell in the life of a division."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Value
from django.utils.translation import gettext as _

from linli.access.roles import Permission
from linli.pages.timeline import Moment
from linli.regions.models import Level, Region
from linli.registry.adjustment.models import Plan, PlanState


def of_region(region: Region, user: Any) -> list[Moment]:
    """The plans that were carried out: for a community what each did with it, for the areas above what it did in all. Each
    leads to its plan, for those who plan there."""
    if region.level not in (Level.DISTRICT, Level.STREET, Level.COMMUNITY):
        return []
    done = Plan.objects.filter(state=PlanState.DONE)
    inside = done.filter(region_code__startswith=region.region_code)
    above = done.alias(here=Value(region.region_code)).filter(here__startswith=F("region_code"))
    plans = {plan.pk: plan for plan in (*inside, *above)}
    return [
        Moment(plan.effective_on, _("调整"), said, _url(plan, user))
        for plan in plans.values()
        for said in _said(plan, region)
    ]


def _url(plan: Plan, user: Any) -> str:
    return plan.get_absolute_url() if user.can(Permission.PLAN_ADJUSTMENT, plan.region_code) else ""


def _said(plan: Plan, region: Region) -> list[str]:
    result = plan.result or {}
    if region.level == Level.COMMUNITY:
        return [said for said in result.get("explained", []) if region.title in said]
    approval = f"（{plan.approval}）" if plan.approval else ""
    counts = _("新设 %(opened)d 个、撤销 %(closed)d 个社区，划转 %(buildings)d 栋楼") % {
        "opened": len(result.get("opened", [])),
        "closed": len(result.get("closed", [])),
        "buildings": result.get("buildings", 0),
    }
    return [f"{plan.name}{approval}：{counts}"]

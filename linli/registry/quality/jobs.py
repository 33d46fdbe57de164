"""The base is looked through and the scores are counted each night, so that there is a trend; to-dos follow what was mended by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from linli.access.models import Permission, scopes_q
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.jobs.daily import daily, now_and_then
from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.kernel.scope import Scope
from linli.registry.quality import actions, measuring, scanning

MEASURE = "quality.measure"
SINCE = timedelta(minutes=15)
"""How far back a look every ten minutes asks what was done."""


@handler(MEASURE, title="计算数据质量")
def measure_region(running: Running, *, region: str) -> None:
    """A whole district at once is no work for a page."""
    if not running.user.can(Permission.VIEW_PEOPLE):
        raise RuleError(_("您没有在这个区域计算数据质量的权限。"))
    running.stage(_("查找问题、计算得分"))
    done = actions.measure(acting_user=running.user, region_code=region)
    running.finish(_("已重新计算 %(n)s 个社区的数据质量。") % {"n": done})


@daily(MEASURE)
def measure_all(on: date) -> str:
    """All communities."""
    scores = measuring.keep("", on)
    closed = actions.renew_todos("", on)
    return f"计算了 {len(scores)} 个社区的数据质量，{closed} 件待办已经改好。"


@now_and_then("quality.todos")
def follow_what_was_mended(now: datetime) -> None:
    """Where something was written lately, look again for the faults that stand on somebody's bell: what was mended is ticked off."""
    on = now.date()
    by_region: dict[str, list[actions.rules.Check]] = {}
    for check, region in actions.open_todos():
        by_region.setdefault(region, []).append(check)
    for region, checks in by_region.items():
        lately = Event.objects.filter(scopes_q("region_code", [Scope.of(region)]), at__gte=now - SINCE)
        if lately.exclude(verb__startswith="quality.").exists():
            scanning.scan(region, on, checks)
            actions.renew_todos(region, on)

"""Looking for duplicates is long work on a large base."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.audit.recording import SYSTEM, RuleError
from linli.jobs.daily import daily
from linli.jobs.registry import handler
from linli.jobs.running import Running
from linli.registry.matching import candidates

SCAN = "matching.scan"


@handler(SCAN, title="查重")
def run_scan(running: Running, *, region: str) -> None:
    """Weigh the candidates of a region."""
    if not running.user.can(Permission.EDIT_PEOPLE, region):
        raise RuleError(_("您没有在这个区域查重的权限。"))
    running.stage(_("比较相似的记录"), unit=_("对"))
    found = candidates.scan(acting_user=running.user, region_code=region, progress=running.progress)
    new = found["people"] + found["households"] + found["organisations"]
    running.finish(
        _("比较了 %(n)s 对相似的记录，新发现疑似重复 %(new)s 对。")
        % {"n": f"{found['weighed']:,}", "new": f"{new:,}"},
        result={
            "counts": [
                [_("居民"), found["people"], _("对")],
                [_("家庭户"), found["households"], _("对")],
                [_("单位"), found["organisations"], _("对")],
            ]
        },
    )


@daily("matching.scan")
def scan_all(on: date) -> str:
    """The whole base each night: imports and registrations of the day are weighed without anybody asking."""
    found = candidates.scan(acting_user=SYSTEM, region_code="")
    new = found["people"] + found["households"] + found["organisations"]
    return f"比较了 {found['weighed']:,} 对相似的记录，新发现疑似重复 {new:,} 对。"

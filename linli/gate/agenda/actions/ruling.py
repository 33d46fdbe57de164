"""The ceilings of load."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from linli.access.guard import require
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.gate.agenda import rules
from linli.gate.agenda.models import LoadRule
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level

STREET = KEY_LENGTH[Level.STREET]


def set_ceiling(
    *, acting_user: Any, region_code: str, ceiling: rules.Ceiling, since: date | None = None, basis: str = ""
) -> LoadRule:
    """A ceiling for the communities of a region from a day on (today unless given); what was fixed before stays.

    Streets, districts and what is above set ceilings: communities come and go by adjustments, and take those of the region above.
    Raises RuleError for figures that make no sense and for days that are past.
    """
    if len(region_code) > STREET:
        raise RuleError("负担上限由街道或区里设定，社区不单独设。", field="region_code")
    require(acting_user, Permission.COORDINATE_AGENDA, region_code)
    start = since or timezone.localdate()
    if start < timezone.localdate():
        raise RuleError("起用日期不能早于今天。", field="since")
    wrong, field = rules.ceiling_problem(ceiling)
    if wrong:
        raise RuleError(wrong, field=field)
    with action(acting_user, "agenda.set_ceiling", reason=basis.strip()) as act:
        made, _new = LoadRule.objects.update_or_create(
            region_code=region_code,
            since=start,
            defaults={
                "week_hours": ceiling.week_hours,
                "month_hours": ceiling.month_hours,
                "day_entries": ceiling.day_entries,
                "week_checks": ceiling.week_checks,
                "lead_days": ceiling.lead_days,
                "excess": ceiling.excess.value,
                "collision": ceiling.collision.value,
                "basis": basis.strip(),
            },
        )
        act.record(
            made,
            f"{names.title(region_code)}的社区每周最多 {rules.hours(ceiling.week_hours)}、"
            f"每月最多 {rules.hours(ceiling.month_hours)}（0 为不限），{start} 起",
        )
    return made

"""How a district admits."""

from __future__ import annotations

from typing import Any

from linli.access.guard import require
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.admission.models import DISTRICT, Setting
from linli.audit.recording import RuleError, action

DAYS = ("ahead_days", "opinion_days", "notice_days", "grace_days", "emergency_days")


def change_setting(*, acting_user: Any, region_code: str, office: Unit | None, **values: Any) -> Setting:
    """Change a district's limits and its community office. Raises RuleError for days and a wage that make no sense."""
    district = region_code[:DISTRICT]
    require(acting_user, Permission.DECIDE_ADMISSION, district)
    for name in DAYS:
        least = 1 if name in ("opinion_days", "emergency_days") else 0
        if name in values and not least <= values[name] <= 365:
            raise RuleError(f"天数要在 {least} 到 365 之间。", field=name)
    wage = values.get("wage")
    if wage is not None and not 0 < wage <= 10_000:
        raise RuleError("每小时折算的金额要大于 0，不超过 10000 元；不折算就留空。", field="wage")
    if office is not None and not office.region_code.startswith(district):
        raise RuleError("请选择本区的机构。", field="office")
    with action(acting_user, "admission.change_setting") as act:
        kept, _made = Setting.objects.select_for_update().get_or_create(region_code=district)
        wanted = {"office": office, **values}
        changed = [name for name, value in wanted.items() if getattr(kept, name) != value]
        if not changed:
            act.nothing_to_record()
            return kept
        for name in changed:
            setattr(kept, name, wanted[name])
        kept.save(update_fields=changed)
        act.record(kept, "修改准入规则", changed=changed)
    return kept

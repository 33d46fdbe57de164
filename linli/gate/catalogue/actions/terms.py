"""What every write of terms asks for: one writer at a time, a free number, terms that make sense."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import IntegerField, Max
from django.db.models.functions import Cast

from linli.access.models import Unit
from linli.audit.recording import RuleError
from linli.flow.rules.warrants import Per, Thing
from linli.gate.catalogue.models import DISTRICT, Basis, Item
from linli.gate.catalogue.rules.terms import Kind, Responsibility
from linli.regions.models import Region


def next_code(region_code: str) -> int:
    """The next free number of a district's catalogue."""
    last = Item.objects.of_catalogue(region_code).aggregate(last=Max(Cast("code", IntegerField())))["last"]
    return (last or 0) + 1


def lock_catalogue(region_code: str) -> None:
    """One writer at a time in a district's catalogue: its numbers and its draft. Call it inside an action."""
    district = region_code[:DISTRICT]
    if not Region.objects.select_for_update(of=("self",)).filter(region_code=district).exists():
        raise RuleError("请先设置这个区的区划。", field="region_code")


def checked(values: dict[str, Any], region_code: str) -> dict[str, Any]:
    """Terms made sound: texts stripped, choices known, figures sensible. Raises RuleError that names the field."""
    found = dict(values)
    for name, says in (("title", "事项名称"), ("category", "所属的类")):
        found[name] = str(found.get(name) or "").strip()
        if not found[name]:
            raise RuleError(f"请填写{says}。", field=name)
    for name in ("content", "evidence", "basis_note"):
        found[name] = str(found.get(name) or "").strip()
    found["responsibility"] = Responsibility(found["responsibility"]).value
    found["kind"] = Kind(found["kind"]).value
    found["per"] = Per(found.get("per") or Per.YEAR).value
    found["things"] = sorted({Thing(one).value for one in found.get("things") or ()})
    found["bases"] = list(dict.fromkeys(found.get("bases") or ()))
    if Basis.objects.filter(pk__in=found["bases"]).count() != len(found["bases"]):
        raise RuleError("选的依据不在依据库里，请重新选择。", field="bases")
    if not found["bases"] and not found["basis_note"]:
        raise RuleError("请选择法律依据，或者写明区级以上的政策文件。", field="bases")
    times, expected = found.get("times"), found.get("expected")
    if times is not None and not 1 <= times <= 999:
        raise RuleError("次数上限要在 1 到 999 之间；不定期的请留空，并估计每年约几次。", field="times")
    if expected is not None and not 0 <= expected <= 9999:
        raise RuleError("每年约几次要在 0 到 9999 之间。", field="expected")
    found["expected"] = expected if times is None else None
    found["times"] = times
    hours = Decimal(found.get("hours") or 0)
    if not 0 < hours <= 2000:
        raise RuleError("请估计每次要用多少工时，要大于 0，不超过 2000 小时。", field="hours")
    found["hours"] = hours
    if found.get("money") is not None and found["money"] < 0:
        raise RuleError("经费不能是负数。", field="money")
    unit = found.pop("unit", None) or Unit.objects.filter(pk=found.get("unit_id") or 0).first()
    if unit is None or not region_code.startswith(unit.region_code[:DISTRICT]):
        raise RuleError("请选择本区的责任部门。", field="unit")
    found["unit_id"] = unit.pk
    return found

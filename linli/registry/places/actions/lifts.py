"""The lifts of a building. The building follows: how many, since when, and until when all of them are inspected."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linli.access import guard
from linli.audit import recording as audit
from linli.registry.places import rules
from linli.registry.places.actions import keeping
from linli.registry.places.actions.keeping import EDIT, ruled
from linli.registry.places.models import Building, Lift

LIFT_FIELDS = frozenset(
    {"name", "number", "maker", "since", "upkeep", "upkeep_phone", "checked_on", "due_on", "note"}
)


def _check(lift: Lift) -> None:
    today = timezone.localdate()
    with ruled():
        lift.name = rules.name(lift.name, "name", "电梯名称")
        rules.year(lift.since, today, "since", "投用年份")
        lift.due_on = rules.next_inspection(lift.checked_on, lift.due_on, today)


def _follow(building: Building, number: int | None = None) -> None:
    """The building as its lifts say, kept; `number` is how many there are now where one is gone."""
    keeping.follow_lifts(building, number)
    building.save(update_fields=["lifts", "lifts_since", "lifts_checked_until", "updated_at"])


def add_lift(*, acting_user: Any, building: Building, name: str, **fields: Any) -> Lift:
    """A lift of a building, such as 1单元1号梯. Without a day for the next inspection it is a year after the last."""
    keeping.known(fields, LIFT_FIELDS)
    with audit.action(acting_user, "places.add_lift") as act:
        kept = guard.locked(Building, building.pk, acting_user, EDIT)
        lift = Lift(building=kept, region_code=kept.region_code)
        keeping.put(lift, keeping.tidy(lift, {"name": name, **fields}))
        _check(lift)
        keeping.save(lift, f"“{kept}”已有“{lift.name}”。")
        _follow(kept)
        act.record(kept, f"登记电梯“{lift.name}”")
    return lift


def update_lift(*, acting_user: Any, lift: Lift, **changes: Any) -> Lift:
    """Change what is known of a lift, or record an inspection."""
    keeping.known(changes, LIFT_FIELDS)
    with audit.action(acting_user, "places.update_lift") as act:
        building = guard.locked(Building, lift.building_id, acting_user, EDIT)
        kept = guard.locked(Lift, lift.pk, acting_user, EDIT)
        inspected = changes.get("checked_on", kept.checked_on) != kept.checked_on
        if inspected and changes.get("due_on", kept.due_on) == kept.due_on:
            changes["due_on"] = None  # inspected anew: the day of before says nothing any more
        changed = keeping.put(kept, keeping.tidy(kept, changes))
        _check(kept)
        if not changed:
            act.nothing_to_record()
            return kept
        keeping.save(kept, f"“{building}”已有“{kept.name}”。")
        _follow(building)
        act.record(building, f"修改电梯“{kept.name}”：{keeping.labels(kept, changed)}")
    return kept


def remove_lift(*, acting_user: Any, lift: Lift, reason: str = "") -> None:
    """Take away a lift that is no more or was recorded by mistake."""
    with audit.action(acting_user, "places.remove_lift", reason=reason) as act:
        building = guard.locked(Building, lift.building_id, acting_user, EDIT)
        kept = guard.locked(Lift, lift.pk, acting_user, EDIT)
        act.record(building, f"删除电梯“{kept.name}”")
        kept.delete()
        _follow(building, max((building.lifts or 1) - 1, 0))

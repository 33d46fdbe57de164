"""The lifts of the street, one by one: makers and companies are made up, inspections as the buildings have them."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final

from linli.registry.places.models import Building, Lift

_MAKERS: Final = ("北京海坨电梯有限公司", "妫川电梯制造有限公司", "燕北通用电梯有限公司")
_UPKEEP: Final = (
    ("延庆安梯电梯服务有限公司", "010-69100001"),
    ("北京妫水电梯维保有限公司", "010-69100002"),
)


def make_lifts(on: date) -> int:
    """Record every lift of the buildings that have some; the earliest day of a building is the one it carries. Returns how many."""
    rng = Random("linli lifts")
    found: list[Lift] = []
    for building in Building.objects.filter(lifts__gt=0).order_by("pk").prefetch_related("units"):
        units = [unit.name for unit in building.units.all()]
        each, rest = divmod(building.lifts or 0, len(units) or 1)
        names = [f"{unit}{number}号梯" for unit in units if not rest for number in range(1, each + 1)] or [
            f"{number}号梯" for number in range(1, (building.lifts or 0) + 1)
        ]
        maker, (upkeep, phone) = rng.choice(_MAKERS), rng.choice(_UPKEEP)
        for place, name in enumerate(names):
            due = building.lifts_checked_until
            if due is not None and place:
                due += timedelta(days=rng.choice((0, 0, 12, 30)))
            checked = due - timedelta(days=365) if due is not None else None
            found.append(
                Lift(
                    region_code=building.region_code,
                    building=building,
                    name=name,
                    number=f"3110110119{building.lifts_since or on.year}{len(found) + 1:06d}",
                    maker=maker,
                    since=building.lifts_since,
                    upkeep=upkeep,
                    upkeep_phone=phone,
                    checked_on=checked if checked is None or checked <= on else on,
                    due_on=due,
                )
            )
    return len(Lift.objects.bulk_create(found, batch_size=2000))

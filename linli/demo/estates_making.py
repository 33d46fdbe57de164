"""Who managed the street's estates since when, its lifts and their inspections: a pass of its own with its own chances, so that
what was made before stays as it was."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from linli.demo.places_making import COMPANIES
from linli.demo.records import Estate, Management, Street

_HEATED_SINCE: Final = 1990


def make_estates(street: Street, *, seed: int | str) -> None:
    """Give every estate its managements and every building with a lift its inspection."""
    rng = Random(f"linli estates {seed}")
    for estate in street.estates:
        estate.managements = _managements(rng, estate, street.on)
        for building in estate.buildings:
            building.heating = (
                "stove"
                if building.kind == "bungalow"
                else "central"
                if building.built >= _HEATED_SINCE
                else "gas"
            )
            if building.lifts:
                building.lifts_since = building.built
                # Inspected once a year; a few are forgotten.
                late = rng.random() < 0.06
                days = -rng.randint(5, 90) if late else rng.randint(3, 360)
                building.lifts_checked_until = street.on + timedelta(days=days)


def _managements(rng: Random, estate: Estate, on: date) -> list[Management]:
    """The spells of one estate, the last of them open."""
    begun = date(max(estate.built + 1, 1996), rng.randint(1, 12), 1)
    fee = Decimal(rng.choice(("0.55", "0.65", "0.80", "1.20", "1.50", "1.85")))
    if estate.management == "property":
        changed = date(rng.randint(2015, 2023), rng.choice((1, 4, 7, 10)), 1)
        spells = []
        if changed > begun + timedelta(days=800) and rng.random() < 0.5:
            before = rng.choice([one for one in COMPANIES if one != estate.company])
            spells.append(Management("property", (begun, changed), before, "", fee))
            begun = changed
        kind = rng.random()
        if kind < 0.12:
            until = on - timedelta(days=rng.randint(10, 300))
        elif kind < 0.25:
            until = on + timedelta(days=rng.randint(8, 85))
        else:
            until = on + timedelta(days=rng.randint(100, 1000))
        spells.append(Management("property", (begun, None), estate.company, estate.phone, fee, until))
        return spells
    if estate.management == "abandoned":
        left = date(rng.randint(2016, 2024), rng.randint(1, 12), 1)
        return [
            Management("property", (begun, left), rng.choice(COMPANIES), "", Decimal("0.35")),
            Management("abandoned", (left, None), note="物业公司撤出后无人接管，由社区临时清扫。"),
        ]
    company = "延庆区教育委员会后勤服务中心" if estate.management == "unit" else ""
    return [Management(estate.management, (begun, None), company)]

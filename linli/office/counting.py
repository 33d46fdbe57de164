"""The figures of the workbench, counted area by area: one grouped statement for people, one for households, one for homes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from linli.facts import kept
from linli.facts.figures import Figure, Narrowing, figures
from linli.facts.plan import Wish
from linli.kernel.scope import Scope

KEY = "workbench"
BANDS: tuple[tuple[str, int, int | None], ...] = (
    ("0–6", 0, 7),
    ("7–15", 7, 16),
    ("16–34", 16, 35),
    ("35–59", 35, 60),
    ("60–79", 60, 80),
    ("80+", 80, None),
)
SEXES = ("male", "female")


def _years_before(on: date, years: int) -> date:
    """The same day so many years before; 28 February for the 29th, as the database has it."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def _wanted(on: date) -> dict[str, dict[str, Figure]]:
    """The figures by subject and name. Ages are asked by birth date: comparing days is cheap."""
    people = {
        "residents": Figure(measure="residents"),
        "elderly": Figure(measure="elderly"),
        "floating": Figure(measure="floating"),
    }
    for sex in SEXES:
        for name, first, after in BANDS:
            earliest = _years_before(on, after) + timedelta(days=1) if after is not None else None
            born = Narrowing("birth_date", low=earliest, high=_years_before(on, first))
            people[f"{sex} {name}"] = Figure(conditions=(sex,), narrow=(born,))
    return {
        "person": people,
        "household": {"households": Figure(measure="households")},
        "home": {"let": Figure(measure="homes_let"), "empty": Figure(measure="homes_empty")},
    }


def count(scopes: Sequence[Scope], on: date, length: int = kept.COMMUNITY) -> dict[str, kept.Numbers]:
    """The figures on a day by region keys of that length."""
    found: dict[str, kept.Numbers] = {}
    for subject, wanted in _wanted(on).items():
        wish = Wish(subject, scopes, on)
        for code, values in figures(wish, list(wanted.values()), by_region_length=length).items():
            found.setdefault(code or "", {}).update(zip(wanted, map(int, values), strict=True))
    return found


def bands(numbers: kept.Numbers) -> dict[str, list[int]]:
    """How many men and women are in each band of age."""
    return {sex: [numbers.get(f"{sex} {name}", 0) for name, _first, _after in BANDS] for sex in SEXES}

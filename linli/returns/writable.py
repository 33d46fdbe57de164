"""Which columns of a filled form can be taken into the base, and as what.

Forms ask for facts by the dictionary's paths; what a path means when it is written back is said here. Facts that follow from
others (age, standing, size of the household) are read and left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from linli.registry.sources import knowing

PERSON, HOME = "person", "home"

# Element path → what it is when read back, for people. Fields of the person stand under their own names.
_PEOPLE: Final = {
    **{field: f"field.{field}" for field in knowing.ELEMENTS},
    "address": "place.text",
    "place": "place.text",
    "living.full_address": "place.text",
    "living.place": "place.text",
    "estate": "place.estate",
    "living.estate.name": "place.estate",
    "building": "place.building",
    "living.building.name": "place.building",
    "living.building.number": "place.building",
    "living.home.unit": "place.unit",
    "unit": "place.unit",
    "living.home.door": "place.door",
    "door": "place.door",
    "unit_door": "place.unit_door",
    "moved_in_on": "place.since",
    "living.from_date": "place.since",
    "inflow_reason": "living.reason",
    "living.reason": "living.reason",
    "dwelling": "living.dwelling",
    "living.dwelling": "living.dwelling",
    "permit_number": "living.permit_number",
    "permit_until": "living.permit_until",
    "hukou_province": "hukou.province",
    "hukou.province": "hukou.province",
    "hukou_city": "hukou.city",
    "hukou.city": "hukou.city",
    "hukou_district": "hukou.district",
    "hukou.district": "hukou.district",
    "hukou_division": "hukou.division",
    "hukou_address": "hukou.address",
    "hukou_place": "hukou.address",
    "hukou_nature": "hukou.nature",
    "hukou.hukou_nature": "hukou.nature",
    "household_number": "household.number",
    "household.number": "household.number",
    "relation": "household.relation",
    "membership.relation": "household.relation",
    "guardian_name": "kin.guardian.name",
    "guardian.name": "kin.guardian.name",
    "guardian_phone": "kin.guardian.phone",
    "guardian.phone": "kin.guardian.phone",
    "guardian_id_number": "kin.guardian.number",
    "guardian.id_number": "kin.guardian.number",
    "spouse_name": "kin.spouse.name",
    "spouse.name": "kin.spouse.name",
    "spouse.id_number": "kin.spouse.number",
    "spouse.phone": "kin.spouse.phone",
    "care_groups": "groups",
}
_MEMBERSHIP: Final = {
    "class_code": "class_code",
    "level_code": "level_code",
    "certificate": "certificate",
    "from_date": "since",
    "amount": "amount",
    "evidence": "evidence",
}
# For homes.
_HOMES: Final = {
    "address": "place.text",
    "estate_name": "place.estate",
    "estate.name": "place.estate",
    "building_name": "place.building",
    "building.name": "place.building",
    "unit": "place.unit",
    "door": "place.door",
    "unit_door": "place.unit_door",
    **{
        field: f"home.{field}"
        for field in (
            "use",
            "tenure",
            "area",
            "rooms",
            "certificate",
            "owner_name",
            "owner_phone",
            "owner_id_number",
        )
    },
    "is_let": "home.is_let",
}


@dataclass(frozen=True)
class Target:
    """What a column's cells become: a part (field, place, hukou, group …) and its detail."""

    part: str
    detail: str = ""
    more: str = ""


def target(subject: str, path: str, groups: frozenset[str]) -> Target | None:
    """What an element path means when it is read back; None for what is only looked at."""
    known = _PEOPLE if subject == PERSON else _HOMES if subject == HOME else {}
    if path in known:
        return Target(*known[path].split(".", 2))
    if subject != PERSON:
        return None
    if path.startswith("is_") and path[3:] in groups:
        return Target("group", path[3:], "is")
    head, _dot, rest = path.partition(".")
    if head in groups and rest in _MEMBERSHIP:
        return Target("group", head, _MEMBERSHIP[rest])
    for ending, detail in (("_class", "class_code"), ("_level", "level_code")):
        if path.endswith(ending) and path.removesuffix(ending) in groups:
            return Target("group", path.removesuffix(ending), detail)
    return None


def implied_groups(conditions: list[str], groups: frozenset[str]) -> list[str]:
    """The groups whose roster a form is: everybody on a list of 残疾人 is one."""
    return [key[3:] for key in conditions if key.startswith("in_") and key[3:] in groups]


def choices(words: Any, subject: str, groups: frozenset[str]) -> list[tuple[str, str]]:
    """What a column may be picked to mean: every path of the dictionary that can be read back, with its name."""
    found: dict[str, str] = {}
    paths = [*(_PEOPLE if subject == PERSON else _HOMES)]
    if subject == PERSON:
        paths += [f"is_{code}" for code in sorted(groups)]
        paths += [f"{code}.{key}" for code in sorted(groups) for key in _MEMBERSHIP if key != "class_code"]
        paths += [f"{code}_{key}" for code in sorted(groups) for key in ("class", "level")]
    for path in paths:
        try:
            found.setdefault(words.label(subject, path), path)
        except LookupError:
            continue
        except KeyError:
            continue
    return [(path, label) for label, path in found.items()]

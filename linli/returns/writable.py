"""Which columns of a filled form can be taken into the base, and as what, for people. Forms ask for facts by the dictionary's
paths; facts that follow from others (age, standing, size of the household) are read and left alone. Other subjects say the same
in their takers."""

from __future__ import annotations

from typing import Final

from linli.registry.sources import knowing

# Element path → what it is when read back. Fields of the person stand under their own names.
PEOPLE: Final = {
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
    "permit_kind": "living.permit_kind",
    "living.permit_kind": "living.permit_kind",
    "permit_number": "living.permit_number",
    "permit_on": "living.permit_on",
    "living.permit_on": "living.permit_on",
    "permit_until": "living.permit_until",
    "permit_place": "living.permit_place",
    "living.permit_place": "living.permit_place",
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
    "hukou_station": "hukou.station",
    "hukou.station": "hukou.station",
    "household_number": "household.number",
    "household.number": "household.number",
    "relation": "household.relation",
    "membership.relation": "household.relation",
    "head_name": "household.head",
    "head.name": "household.head",
    "household.head.name": "household.head",
    "head_id_number": "household.head_number",
    "head.id_number": "household.head_number",
    "household.head.id_number": "household.head_number",
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
    "contact_name": "kin.contact.name",
    "contact.name": "kin.contact.name",
    "contact_phone": "kin.contact.phone",
    "contact.phone": "kin.contact.phone",
    "contact_relation": "kin.contact.how",
    "contact.relation": "kin.contact.how",
    "care_groups": "groups",
    "is_dead": "event.is_dead",
    "death_date": "event.died",
    "has_moved_out": "event.has_left",
    "moved_out_on": "event.left",
    "moved_to": "event.went_to",
}
MEMBERSHIP: Final = {
    "class_code": "class_code",
    "level_code": "level_code",
    "certificate": "certificate",
    "from_date": "since",
    "amount": "amount",
    "evidence": "evidence",
}


def implied_groups(conditions: list[str], groups: frozenset[str]) -> list[str]:
    """The groups whose roster a form is: everybody on a list of 残疾人 is one."""
    return [key[3:] for key in conditions if key.startswith("in_") and key[3:] in groups]

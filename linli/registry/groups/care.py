"""What groups say on the building chart and beside people's names on the page of a home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from linli.registry.groups import seeing
from linli.registry.people import occupancy as people
from linli.registry.places import occupancy as places

_CARE = """
SELECT DISTINCT r.home_id, h.region_code, g.name, g.id
FROM people_residence r
JOIN places_home h ON h.id = r.home_id
JOIN groups_membership m ON m.person_id = r.person_id AND m.period @> %(on)s::date
JOIN groups_group g ON g.id = m.group_id AND g.shown_on_chart
WHERE r.kind = 'living' AND r.home_id = ANY(%(homes)s) AND r.period @> %(on)s::date
ORDER BY g.id
"""

_TAGS = """
SELECT p.id, p.region_code, g.name, g.id, g.shown_on_chart
FROM groups_membership m
JOIN groups_group g ON g.id = m.group_id
JOIN people_person p ON p.id = m.person_id
WHERE m.person_id = ANY(%(people)s) AND m.period @> %(on)s::date
ORDER BY NOT g.shown_on_chart, g.id
"""


class _Sight:
    """Which groups a user may see where."""

    def __init__(self, user: Any) -> None:
        self.scopes = {group.pk: seeing.scopes(user, group) for group in seeing.all_groups(user)}

    def __bool__(self) -> bool:
        return any(self.scopes.values())

    def __call__(self, region_code: str, group_id: int) -> bool:
        return any(region_code in scope for scope in self.scopes.get(group_id, ()))


def care(home_ids: Sequence[int], on: date, user: Any) -> dict[int, places.Occupancy]:
    """The groups of care among those who live in these homes; sensitive ones only for users who may see them."""
    sees = _Sight(user)
    if not sees:
        return {}
    found: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CARE, {"homes": list(home_ids), "on": on})
        for home_id, region, name, group_id in cursor.fetchall():
            if sees(region, group_id):
                found.setdefault(home_id, []).append(name)
    return {home_id: places.Occupancy(care=tuple(names)) for home_id, names in found.items()}


def tags(person_ids: Sequence[int], on: date, user: Any) -> dict[int, list[tuple[str, str]]]:
    """The groups of these people as tags, those of care first and in colour."""
    if not person_ids:
        return {}
    sees = _Sight(user)
    if not sees:
        return {}
    found: dict[int, list[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TAGS, {"people": list(person_ids), "on": on})
        for person_id, region, name, group_id, on_chart in cursor.fetchall():
            if sees(region, group_id):
                found.setdefault(person_id, []).append((name, "warn" if on_chart else ""))
    return found


def register() -> None:
    """Called once, when the app is ready."""
    places.register_source("groups", care, order=10)
    people.register_tags("groups", tags)

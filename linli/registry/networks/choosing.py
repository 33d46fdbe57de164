"""What a leader or door head may be given to look after: the staircases of a community that nobody of the kind has yet."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from linli.registry.networks.models import Cover, NetworkPost
from linli.registry.networks.rules import Covered

_STAIRS = """
SELECT b.id, e.name || b.name, u.id, u.name, (
    SELECT count(*) FROM people_household o JOIN places_home x ON x.id = o.home_id
    WHERE x.building_id = b.id AND x.unit_id IS NOT DISTINCT FROM u.id AND EXISTS (
        SELECT 1 FROM people_householdmember m WHERE m.household_id = o.id AND m.period @> %(on)s::date))
FROM places_building b JOIN places_estate e ON e.id = b.estate_id
JOIN (SELECT DISTINCT building_id, unit_id FROM places_home
      WHERE use = 'living' AND ended_on IS NULL AND region_code >= %(low)s AND region_code < %(low)s || ':') s
    ON s.building_id = b.id
LEFT JOIN places_unit u ON u.id = s.unit_id
ORDER BY e.name, b.position, b.id, u.position NULLS LAST
"""


def key(place: Covered) -> str:
    """A place as the value of a box: 12 for a building, 12-3 for a unit of it, 12-3-501 or 12--501 for a home."""
    parts = [str(place.building)]
    if place.unit is not None or place.home is not None:
        parts.append("" if place.unit is None else str(place.unit))
    if place.home is not None:
        parts.append(str(place.home))
    return "-".join(parts)


def covered(text: str) -> Covered:
    """The place of a box's value."""
    building, unit, home = [*text.split("-"), "", ""][:3]
    return Covered(int(building), int(unit) if unit else None, int(home) if home else None)


def choices(region_code: str, kind: str, *, besides: NetworkPost | None = None) -> list[tuple[str, str]]:
    """The staircases of a community, with their households; those that another post of the kind looks after are left out.

    What `besides` itself looks after stays, single homes too.
    """
    today: date = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(_STAIRS, {"on": today, "low": region_code})
        rows = cursor.fetchall()
    held = Cover.objects.filter(
        post__kind=kind, post__region_code__startswith=region_code, post__period__contains=today
    )
    own: list[Any] = []
    if besides is not None:
        own = list(besides.covers.select_related("home", "unit__building__estate", "building__estate"))
        held = held.exclude(post=besides)
    taken = {(one.building_id, one.unit_id) for one in held.filter(home=None)}
    found = [
        (
            key(Covered(building, unit)),
            f"{label}{unit_name or ''}（{households} 户）",
        )
        for building, label, unit, unit_name, households in rows
        if (building, unit) not in taken and (building, None) not in taken
    ]
    have = {value for value, _label in found}
    found += [
        (value, str(one))
        for one in own
        if (value := key(Covered(one.building_id, one.unit_id, one.home_id))) not in have
    ]
    return found

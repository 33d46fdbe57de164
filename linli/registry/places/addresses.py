"""How a home is spoken of."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

_DIGITS = "0123456789"


def full_address(estate: str, building: str, unit: str, door: str) -> str:
    """The address within the community: 新兴小区12号楼3单元501室. A bungalow's or shop's door keeps its own word (12号)."""
    ending = "室" if door and door[-1] in _DIGITS else ""
    return f"{estate}{building}{unit}{door}{ending}"


# The same in SQL, for whole buildings and estates at once.
_REFRESH = """
UPDATE places_home h SET full_address = n.address
FROM (
    SELECT o.id, e.name || b.name || coalesce(u.name, '') || o.door
        || CASE WHEN o.door ~ '[0-9]$' THEN '室' ELSE '' END AS address
    FROM places_home o
    JOIN places_building b ON b.id = o.building_id
    JOIN places_estate e ON e.id = b.estate_id
    LEFT JOIN places_unit u ON u.id = o.unit_id
    WHERE b.id = ANY(%s)
) n
WHERE n.id = h.id AND n.address <> h.full_address
"""


def refresh(building_ids: Iterable[int]) -> int:
    """Bring the addresses of all homes of these buildings up to date. Returns how many changed.

    The actions call it in their own transaction after a rename.
    """
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, [list(building_ids)])
        return cursor.rowcount

"""What is derived from the spells and kept beside the person: the region they count in, and their standing.

Every action that changes a spell or a death calls `refresh` for the people concerned, in its own transaction; bulk work calls
it once for all.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from linli.regions import following

# A region key of at least this many characters is a community of the base; shorter ones are places outside it.
INSIDE = 12

_REFRESH = f"""
WITH wanted AS (
    SELECT p.id, p.region_code AS old_region, p.standing AS old_standing, p.death_date,
        living.region_code AS living, hukou.region_code AS hukou,
        living.id IS NOT NULL AND length(living.region_code) >= {INSIDE} AS lives_here,
        length(coalesce(hukou.region_code, '')) >= {INSIDE} AS hukou_here,
        last_living.region_code AS last_living
    FROM people_person p
    LEFT JOIN people_residence living ON living.person_id = p.id AND living.kind = 'living' AND living.period @> %(on)s::date
    LEFT JOIN people_residence hukou ON hukou.person_id = p.id AND hukou.kind = 'hukou' AND hukou.period @> %(on)s::date
    LEFT JOIN LATERAL (
        SELECT r.region_code FROM people_residence r
        WHERE r.person_id = p.id AND length(r.region_code) >= {INSIDE} AND living.id IS NULL AND hukou.id IS NULL
        ORDER BY upper(r.period) DESC NULLS FIRST LIMIT 1
    ) last_living ON TRUE
    WHERE {{wanted}}
), derived AS (
    SELECT id, old_region, old_standing,
        CASE WHEN lives_here THEN living WHEN hukou_here THEN hukou
            ELSE coalesce(last_living, old_region) END AS region_code,
        CASE WHEN death_date <= %(on)s::date THEN 'dead'
            WHEN NOT lives_here AND NOT hukou_here THEN 'gone'
            WHEN NOT lives_here THEN 'hukou_only'
            WHEN coalesce(hukou, '') = '' THEN 'newcomer'
            WHEN left(living, 12) = left(hukou, 12) THEN 'registered'
            WHEN left(living, 6) = left(hukou, 6) THEN 'here_only'
            ELSE 'floating' END AS standing
    FROM wanted
)
UPDATE people_person p SET region_code = d.region_code, standing = d.standing
FROM derived d WHERE p.id = d.id AND (d.region_code <> d.old_region OR d.standing <> d.old_standing)
"""  # noqa: S608


def followers() -> list[tuple[str, str]]:
    """The tables whose rows carry a person's region for permission, with the column that names the person: those that lie where
    the person does, by their models."""
    return [
        (way.table, way.steps[0].column)
        for way in following.ways().values()
        if way.holder == "people_person" and len(way.steps) == 1
    ]


def refresh(person_ids: Iterable[int] | None, *, on: date | None = None) -> int:
    """Bring region and standing up to date for these people (None: for all). Returns how many changed.

    Memberships and kinship rows carry the person's region for permission; they follow.
    """
    wanted = "TRUE" if person_ids is None else "p.id = ANY(%(ids)s)"
    params: dict[str, Any] = {
        "ids": [] if person_ids is None else list(person_ids),
        "on": on or timezone.localdate(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH.format(wanted=wanted), params)
        changed = cursor.rowcount
        for table, column in followers():
            cursor.execute(
                f"UPDATE {table} f SET region_code = p.region_code FROM people_person p "  # noqa: S608
                f"WHERE f.{column} = p.id AND f.region_code <> p.region_code AND {wanted}",
                params,
            )
    return changed

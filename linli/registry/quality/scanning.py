"""Looking through the base for what can be wrong with places, households, organisations and groups, set by set.

What is found is kept as findings: new ones begin, those that are gone end, those that stay keep the day on which they began and whether
they were set aside. Pages read the findings; nothing is looked for while somebody waits for a page.
"""
# ruff: noqa: S608  the fragments are ours

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from linli.kernel.scope import Scope
from linli.registry.quality import rules

_LOCK = 0x5155414C
# What several checks ask: the homes that stand with how many live there, today's members of households, borders as polygons.
_PREPARE = """
CREATE TEMP TABLE quality_home ON COMMIT DROP AS
SELECT t.id, t.region_code, t.building_id, t.unit_id, t.door, t.floor, t.use, t.tenure, t.category, t.area, coalesce(l.people, 0) AS people
FROM places_home t LEFT JOIN (
    SELECT r.home_id, count(*) AS people FROM people_residence r
    WHERE r.region_code >= %(low)s AND r.region_code < %(high)s AND r.kind = 'living' AND r.home_id IS NOT NULL
        AND r.period @> %(today)s::date GROUP BY 1
) l ON l.home_id = t.id
WHERE t.region_code >= %(low)s AND t.region_code < %(high)s AND (t.ended_on IS NULL OR t.ended_on > %(today)s::date)
    AND (t.began_on IS NULL OR t.began_on <= %(today)s::date);
CREATE TEMP TABLE quality_member ON COMMIT DROP AS
SELECT t.id AS household_id, t.region_code, t.kind, t.home_id, m.person_id, m.relation, p.birth_date
FROM people_household t JOIN people_householdmember m ON m.household_id = t.id AND m.period @> %(today)s::date
JOIN people_person p ON p.id = m.person_id AND p.standing <> 'dead'
WHERE t.region_code >= %(low)s AND t.region_code < %(high)s;
CREATE TEMP TABLE quality_outline ON COMMIT DROP AS
SELECT r.region_code, ('(' || string_agg('(' || (c.at ->> 0) || ',' || (c.at ->> 1) || ')', ',' ORDER BY c.n) || ')')::polygon AS border
FROM regions_region r, jsonb_array_elements(r.outline) WITH ORDINALITY c(at, n)
WHERE r.level = 5 AND r.valid_to IS NULL AND jsonb_typeof(r.outline) = 'array' AND jsonb_array_length(r.outline) >= 3
    AND r.region_code >= left(%(low)s, 12) AND r.region_code < %(high)s
GROUP BY 1;
CREATE TEMP TABLE quality_found (fault text COLLATE "C", subject text COLLATE "C", row bigint, region_code text COLLATE "C", rests_on text)
    ON COMMIT DROP
"""
_TABLES = ("quality_home", "quality_member", "quality_outline", "quality_found")
_FIND = "INSERT INTO quality_found SELECT %(fault)s, %(subject)s, f.* FROM ({rows}) f WHERE length(f.region_code) >= 12"
_GONE = """
SELECT f.id FROM quality_finding f
WHERE f.region_code >= %(low)s AND f.region_code < %(high)s AND f.fault = ANY(%(faults)s) AND upper_inf(f.period)
    AND NOT EXISTS (SELECT 1 FROM quality_found n WHERE n.fault = f.fault AND n.row = f.row)
"""
# What was found and gone again on one day was a slip of the hand: nothing of it is kept.
_KEEP = (
    f"DELETE FROM quality_finding WHERE id IN ({_GONE}) AND lower(period) >= %(today)s::date",
    f"UPDATE quality_finding SET period = daterange(lower(period), %(today)s::date) WHERE id IN ({_GONE})",
    """
    INSERT INTO quality_finding (region_code, fault, subject, row, rests_on, period, aside_reason)
    SELECT n.region_code, n.fault, n.subject, n.row, n.rests_on, daterange(%(today)s::date, NULL), '' FROM quality_found n
    ON CONFLICT (fault, row) WHERE upper_inf(period) DO UPDATE SET region_code = EXCLUDED.region_code, rests_on = EXCLUDED.rests_on,
        aside_on = CASE WHEN quality_finding.rests_on = EXCLUDED.rests_on THEN quality_finding.aside_on END,
        aside_by_id = CASE WHEN quality_finding.rests_on = EXCLUDED.rests_on THEN quality_finding.aside_by_id END,
        aside_reason = CASE WHEN quality_finding.rests_on = EXCLUDED.rests_on THEN quality_finding.aside_reason ELSE '' END
    WHERE (quality_finding.region_code, quality_finding.rests_on) IS DISTINCT FROM (EXCLUDED.region_code, EXCLUDED.rests_on)
    """,
)


def scan(region_code: str, on: date, checks: Iterable[rules.Check] = rules.BASE) -> None:
    """Look through a region today and bring its findings up to date, for some checks or for all."""
    wanted: Sequence[rules.Check] = [check for check in checks if check.rows]
    scope = Scope.of(region_code)
    params: dict[str, Any] = {
        "low": scope.low,
        "high": scope.high,
        "today": on,
        "floor": settings.LINLI_LEAST_FLOOR,
        "faults": [check.key for check in wanted],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{table}' for table in _TABLES)}")
        for statement in _PREPARE.split(";"):
            cursor.execute(statement, params)
        for table in _TABLES[:-1]:
            cursor.execute(f"ANALYZE {table}")
        for check in wanted:
            cursor.execute(
                _FIND.format(rows=check.rows), params | {"fault": check.key, "subject": check.subject}
            )
        cursor.execute("ANALYZE quality_found")
        for statement in _KEEP:
            cursor.execute(statement, params)

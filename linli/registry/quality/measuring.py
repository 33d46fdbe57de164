"""Counting faults set by set: one pass over the people of an area for all checks of people, and the findings of everything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Avg, QuerySet
from django.db.models.functions import TruncMonth

from linli.kernel.scope import Scope
from linli.regions.models import KEY_LENGTH, Level
from linli.registry.people.models import Person, Standing
from linli.registry.quality import rules, scanning
from linli.registry.quality.models import Finding, QualityScore
from linli.registry.quality.rules.people import near

COMMUNITY, STREET = KEY_LENGTH[Level.COMMUNITY], KEY_LENGTH[Level.STREET]

_SUMS = ",\n    ".join(f"count(*) FILTER (WHERE f.{check.key})" for check in rules.CHECKS)
_WORST = ", ".join(f"CASE WHEN f.{check.key} THEN {check.weight} ELSE 0 END" for check in rules.CHECKS)
_PEOPLE = "q.region_code >= %(low)s AND q.region_code < %(high)s"
_NEAR = f"{{id}} IN (SELECT q.id FROM people_person q WHERE {_PEOPLE})"  # noqa: S608


def _count(narrow: str) -> str:
    """The statement that counts all faults of people in one pass; `narrow` is what sub-queries are narrowed by."""
    flags = ",\n    ".join(
        f"({near(check.where, narrow) if narrow else check.where}) AS {check.key}" for check in rules.CHECKS
    )
    return f"""
    SELECT left(f.region_code, 12), count(*), sum(greatest({_WORST}))::float,
        {_SUMS}
    FROM (
        SELECT p.region_code, {flags}
        FROM people_person p
        WHERE p.region_code >= %(low)s AND p.region_code < %(high)s AND p.standing NOT IN ('gone', 'dead')
    ) f
    WHERE length(f.region_code) >= 12
    GROUP BY 1 ORDER BY 1
    """  # noqa: S608


_COUNT, _COUNT_NEAR = _count(""), _count(_NEAR)
_HERE = "t.region_code >= %(low)s AND t.region_code < %(high)s AND length(t.region_code) >= 12"
_RUNS = "t.period @> %(today)s::date"
# How many records each part has: what its score is divided by.
_RECORDS = f"""
SELECT 'places', left(t.region_code, 12), count(*) FROM places_home t
WHERE {_HERE} AND (t.ended_on IS NULL OR t.ended_on > %(today)s::date) GROUP BY 2
UNION ALL SELECT 'places', left(t.region_code, 12), count(*) FROM places_building t WHERE {_HERE} GROUP BY 2
UNION ALL SELECT 'places', left(t.region_code, 12), count(*) FROM places_estate t WHERE {_HERE} GROUP BY 2
UNION ALL SELECT 'places', left(t.region_code, 12), count(*) FROM lettings_letting t WHERE {_HERE} AND {_RUNS} GROUP BY 2
UNION ALL SELECT 'households', left(t.region_code, 12), count(*) FROM people_household t WHERE {_HERE} AND EXISTS (
    SELECT 1 FROM people_householdmember m WHERE m.household_id = t.id AND m.period @> %(today)s::date) GROUP BY 2
UNION ALL SELECT 'organisations', left(t.region_code, 12), count(*) FROM organisations_organisation t
WHERE {_HERE} AND t.closed_on IS NULL GROUP BY 2
UNION ALL SELECT 'groups', left(t.region_code, 12), count(*) FROM groups_membership t WHERE {_HERE} AND {_RUNS} GROUP BY 2
"""  # noqa: S608
_LOST = """
SELECT left(g.region_code, 12), g.subject, sum(g.lost) FROM (
    SELECT min(t.region_code) AS region_code, t.subject, max(w.weight) AS lost
    FROM quality_finding t JOIN unnest(%(faults)s::text[], %(weights)s::float[]) w(fault, weight) ON w.fault = t.fault
    WHERE t.region_code >= %(low)s AND t.region_code < %(high)s AND upper_inf(t.period) AND t.aside_on IS NULL
    GROUP BY t.subject, t.row
) g GROUP BY 1, 2
"""
_FOUND = """
SELECT left(t.region_code, 12), t.fault, count(*) FROM quality_finding t
WHERE t.region_code >= %(low)s AND t.region_code < %(high)s AND upper_inf(t.period) AND t.aside_on IS NULL GROUP BY 1, 2
"""


def count(region_code: str, on: date) -> list[QualityScore]:
    """The scores of the communities of a region today, from its people and the findings there are; not yet kept. Of a grid, its
    community's."""
    scope = Scope.of(region_code[:COMMUNITY])
    params: dict[str, Any] = {
        "low": scope.low,
        "high": scope.high,
        "today": on,
        "faults": [check.key for check in rules.BASE],
        "weights": [check.weight for check in rules.BASE],
    }
    found: dict[str, QualityScore] = {}

    def of(region: str) -> QualityScore:
        if region not in found:
            found[region] = QualityScore(region_code=region, on=on, people=0, lost=0.0, counts={}, parts={})
        return found[region]

    def add(region: str, part: str, records: int, lost: float) -> None:
        have = of(region).parts.get(part, (0, 0.0))
        of(region).parts[part] = (have[0] + records, have[1] + lost)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(_COUNT_NEAR if len(region_code) >= STREET else _COUNT, params)
        for region, people, lost, *counts in cursor.fetchall():
            one = of(region)
            one.people, one.lost = people, lost or 0.0
            one.counts = {check.key: n for check, n in zip(rules.CHECKS, counts, strict=True) if n}
            add(region, "people", people, one.lost)
        cursor.execute(_RECORDS, params)
        for part, region, records in cursor.fetchall():
            add(region, part, records, 0.0)
        cursor.execute(_LOST, params)
        for region, subject, lost in cursor.fetchall():
            add(region, rules.SUBJECTS[subject].part, 0, lost)
        cursor.execute(_FOUND, params)
        for region, fault, n in cursor.fetchall():
            of(region).counts[fault] = n
    for one in found.values():
        one.parts = {
            part: (records, round(lost, 2)) for part, (records, lost) in one.parts.items() if records
        }
        one.score = rules.total(one.judged)
    return [found[region] for region in sorted(found)]


def keep(region_code: str, on: date, *, look: bool = True) -> list[QualityScore]:
    """Look through a region (unless the findings are fresh), count, and keep the day's scores; a second time on a day renews them."""
    if look:
        scanning.scan(region_code[:COMMUNITY], on)
    found = count(region_code, on)
    QualityScore.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["region_code", "on"],
        update_fields=["people", "lost", "score", "counts", "parts"],
    )
    return found


def people_with(rows: QuerySet[Person], key: str, on: date) -> QuerySet[Person]:
    """Those of the people who have a fault. Raises KeyError for a check there is not."""
    check = rules.BY_KEY[key]
    where = check.where.replace("p.", "people_person.").replace("%(today)s", "%s")
    return rows.exclude(standing__in=[Standing.GONE, Standing.DEAD]).extra(  # noqa: S610  our own SQL, no user input
        where=[f"({where})"], params=[on] * check.where.count("%(today)s")
    )


def findings(region_code: str, on: date) -> QuerySet[Finding]:
    """What was wrong in a region on a day and was not set aside by then."""
    rows: QuerySet[Finding] = Finding.objects.in_region(region_code)
    return rows.filter(period__contains=on).exclude(aside_on__lte=on)


def latest(scores: QuerySet[QualityScore]) -> list[QualityScore]:
    """The newest score of each community."""
    return list(scores.order_by("region_code", "-on").distinct("region_code"))


def trend(scores: QuerySet[QualityScore], on: date, months: int = 12) -> list[tuple[str, float]]:
    """The mean score of an area by month, the last twelve."""
    since = (on.replace(day=1) - timedelta(days=31 * (months - 1))).replace(day=1)
    rows: Any = (
        scores.filter(on__gte=since, on__lte=on)
        .order_by()
        .annotate(month=TruncMonth("on"))
        .values("month")
        .annotate(mean=Avg("score"))
        .order_by("month")
    )
    return [(f"{row['month']:%Y-%m}", round(float(row["mean"]), 1)) for row in rows]


def summed(scores: Sequence[QualityScore]) -> tuple[dict[str, tuple[int, float]], float, dict[str, int]]:
    """Records and loss of each part, score and faults of several communities together."""
    counts: dict[str, int] = {}
    for one in scores:
        for key, n in one.counts.items():
            counts[key] = counts.get(key, 0) + n
    parts = added(one.judged for one in scores)
    return parts, rules.total(parts), counts


def added(several: Iterable[dict[str, tuple[int, float]]]) -> dict[str, tuple[int, float]]:
    """Records and loss of each part, added up."""
    found: dict[str, tuple[int, float]] = {}
    for parts in several:
        for key, (records, lost) in parts.items():
            have = found.get(key, (0, 0.0))
            found[key] = (have[0] + records, have[1] + lost)
    return found

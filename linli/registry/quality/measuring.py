"""Counting faults set by set: one pass over the people of an area for all checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Avg, QuerySet
from django.db.models.functions import TruncMonth

from linli.kernel.scope import Scope
from linli.registry.people.models import Person, Standing
from linli.registry.quality import rules
from linli.registry.quality.models import QualityScore

_FLAGS = ",\n    ".join(f"({check.where}) AS {check.key}" for check in rules.CHECKS)
_SUMS = ",\n    ".join(f"count(*) FILTER (WHERE f.{check.key})" for check in rules.CHECKS)
_WORST = ", ".join(f"CASE WHEN f.{check.key} THEN {check.weight} ELSE 0 END" for check in rules.CHECKS)
_COUNT = f"""
SELECT left(f.region_code, 12), count(*), sum(greatest({_WORST}))::float,
    {_SUMS}
FROM (
    SELECT p.region_code, {_FLAGS}
    FROM people_person p
    WHERE p.region_code >= %(low)s AND p.region_code < %(high)s AND p.standing NOT IN ('gone', 'dead')
) f
WHERE length(f.region_code) >= 12
GROUP BY 1 ORDER BY 1
"""  # noqa: S608


def count(region_code: str, on: date) -> list[QualityScore]:
    """The scores of the communities of a region today, not yet kept."""
    scope = Scope.of(region_code)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"low": scope.low, "high": scope.high, "today": on})
        rows = cursor.fetchall()
    return [
        QualityScore(
            region_code=region,
            on=on,
            people=people,
            lost=lost or 0.0,
            score=rules.score(people, lost or 0.0),
            counts={check.key: n for check, n in zip(rules.CHECKS, counts, strict=True) if n},
        )
        for region, people, lost, *counts in rows
    ]


def keep(region_code: str, on: date) -> list[QualityScore]:
    """Count, and keep the day's scores; a second time on a day renews them."""
    found = count(region_code, on)
    QualityScore.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["region_code", "on"],
        update_fields=["people", "lost", "score", "counts"],
    )
    return found


def people_with(rows: QuerySet[Person], key: str, on: date) -> QuerySet[Person]:
    """Those of the people who have a fault. Raises KeyError for a check there is not."""
    check = rules.BY_KEY[key]
    where = check.where.replace("p.", "people_person.").replace("%(today)s", "%s")
    return rows.exclude(standing__in=[Standing.GONE, Standing.DEAD]).extra(  # noqa: S610  our own SQL, no user input
        where=[f"({where})"], params=[on] * check.where.count("%(today)s")
    )


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


def summed(scores: Sequence[QualityScore]) -> tuple[int, float, dict[str, int]]:
    """People, score and faults of several communities together."""
    people = sum(one.people for one in scores)
    counts: dict[str, int] = {}
    for one in scores:
        for key, n in one.counts.items():
            counts[key] = counts.get(key, 0) + n
    return people, rules.score(people, sum(one.lost for one in scores)), counts

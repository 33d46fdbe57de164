"""Reading rows as they lay before communities were adjusted (ADR 0019).

`as_of(table)` is a sub-query with the table's own columns, in which `region_code` is the key of the as-of date: of the
building (or person) the row hangs on, else of the row itself, and where the key was only set up later, of the region it
came from. `region_code_today` is the key as it stands.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils import timezone

from linli.kernel.scope import Scope
from linli.regions.following import tables_with_region, ways
from linli.regions.models import Recut

TODAY = "_today"  # appended to region_code
_REGIONS = "regions_region"


def areas_after(on: date) -> tuple[Scope, ...]:
    """The areas whose communities were adjusted after that day, as scopes. No adjustment can lie in the future, so that
    questions of today ask nothing."""
    if on >= timezone.localdate():
        return ()
    return tuple(
        Scope.of(code)
        for code in Recut.objects.filter(on__gt=on).values_list("region_code", flat=True).distinct()
    )


@lru_cache(maxsize=500)
def as_of(table: str, source: str = "") -> str:
    """The sub-query for a table, or for a `source` that yields its columns. `{on}` stands for the date.

    Tables without a region key of their own, and the regions themselves, are read as they are.
    """
    source = source or table
    way = ways().get(table)
    if way is None:
        today = f", x.region_code AS region_code{TODAY}" if table in tables_with_region() else ""
        return f"SELECT x.*{today} FROM {source} x"  # noqa: S608
    columns = ", ".join(f"x.{column}" for column in way.columns if column != "region_code")
    joins = (
        f" LEFT JOIN regions_formerregion f_own ON f_own.held = '{table}' AND f_own.row_id = x.id "
        "AND f_own.period @> {on}"
    )
    known = "coalesce(f_own.region_code, x.region_code)"
    if way.kind == "inside":
        more, holder_id = way.joins("x", "w")
        joins += (
            f"{more} LEFT JOIN regions_formerregion f_held ON f_held.held = '{way.holder}' "
            f"AND f_held.row_id = {holder_id} AND f_held.period @> {{on}}"
        )
        known = "coalesce(f_held.region_code, f_own.region_code, x.region_code)"
    return (
        f"SELECT {columns}, x.region_code AS region_code{TODAY}, coalesce(f_key.former, {known}) AS region_code "  # noqa: S608
        f"FROM {source} x{joins} LEFT JOIN (SELECT g.region_code AS key, f.region_code AS former "
        f"FROM regions_formerregion f JOIN {_REGIONS} g ON g.id = f.row_id "
        f"WHERE f.held = '{_REGIONS}' AND f.period @> {{on}}) f_key ON f_key.key = {known}"
    )

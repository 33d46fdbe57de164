"""Counts by two dimensions at once, with totals that agree: one query, one snapshot.

An `Axis` says into which classes a row falls: by the value of an element, by bands of a number, by the month or year of
a date, by region, or by several conditions. A row falls into exactly one class of the first four; of conditions it may
meet several, then the totals count it once and are less than the sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from linli.facts.dictionary import Dictionary, Kind, dictionary
from linli.facts.plan import Query, Wish

# Cells beyond which a table is no longer a table.
MOST_CELLS = 20_000


class TooManyCells(ValueError):
    """The axes have too many values for a table."""


@dataclass(frozen=True)
class Axis:
    """One of `path` (with `edges`, ascending lower edges of bands, or `part`, "year" or "month" of a date),
    `region_length` (characters of the region order key) and `conditions`; an axis without any has one class."""

    path: str = ""
    edges: tuple[float, ...] = ()
    part: str = ""
    region_length: int = 0
    conditions: tuple[str, ...] = ()


@dataclass
class Table:
    """Numbers by (row key, column key), per row, per column, and in all. Keys are texts; "" is "not filled in" (or,
    on an axis of conditions, "none of them"). Bands are keyed by the number of edges passed."""

    cells: dict[tuple[str, str], Any] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, Any] = field(default_factory=dict)
    total: Any = 0


def _keys(query: Query, axis: Axis) -> str:
    """SQL for the array of the class keys that a row has on an axis; the regions' key must be known."""
    if axis.conditions:
        found = [(query.give(key), query.holds(query.condition(key))) for key in axis.conditions]
        listed = ", ".join(f"CASE WHEN {holds} THEN {name}::text END" for name, holds in found)
        kept = f"array_remove(ARRAY[{listed}], NULL)"
        return f"CASE WHEN {' OR '.join(h for _n, h in found)} THEN {kept} ELSE ARRAY[''] END"
    if axis.region_length:
        return f"ARRAY[left({query.region_sql}, {int(axis.region_length)})]"
    if not axis.path:
        return "ARRAY['']"
    value, element = query.value(axis.path)
    if axis.edges:
        edges = query.give(list(axis.edges))
        return f"ARRAY[coalesce(width_bucket(({value})::numeric, {edges}::numeric[])::text, '')]"
    if axis.part:
        shape = {"year": "YYYY", "month": "YYYY-MM"}[axis.part]
        return f"ARRAY[coalesce(to_char({value}, '{shape}'), '')]"
    if element.kind is Kind.CODES:
        return (
            f"CASE WHEN cardinality(coalesce({value}, '{{}}')) > 0 THEN ({value})::text[] ELSE ARRAY[''] END"
        )
    if element.kind is Kind.BOOLEAN:
        return f"ARRAY[coalesce(({value}), false)::text]"
    return f"ARRAY[coalesce(({value})::text, '')]"


def compile_table(
    wish: Wish,
    rows: Axis,
    columns: Axis,
    words: Dictionary = dictionary,
    *,
    number: str = "",
    mean: bool = False,
) -> tuple[str, dict[str, Any]]:
    """The query for a table: rows of (kind, row key, column key, number). `number` is the path of an element to add up
    (or to average); without it rows are counted."""
    query = Query(words, wish)
    value = query.value(number)[0] if number else "NULL"
    where = query.where()
    row_keys, column_keys = _keys(query, rows), _keys(query, columns)
    aggregate = ("avg(v)" if mean else "sum(v)") if number else "count(*)"
    sql = f"""
WITH base AS MATERIALIZED (
    SELECT {row_keys} AS r, {column_keys} AS c, ({value})::numeric AS v FROM {query.sources()} WHERE {where}
)
SELECT 'cell', x.k, y.k, {aggregate} FROM base, unnest(r) AS x(k), unnest(c) AS y(k) GROUP BY 2, 3
UNION ALL SELECT 'row', x.k, '', {aggregate} FROM base, unnest(r) AS x(k) GROUP BY 2
UNION ALL SELECT 'column', '', y.k, {aggregate} FROM base, unnest(c) AS y(k) GROUP BY 3
UNION ALL SELECT 'total', '', '', {aggregate} FROM base
LIMIT {MOST_CELLS + 1}"""
    return query.finish(sql), query.params


def table(
    wish: Wish,
    rows: Axis,
    columns: Axis,
    words: Dictionary = dictionary,
    *,
    number: str = "",
    mean: bool = False,
) -> Table:
    """Run it. Raises TooManyCells."""
    sql, params = compile_table(wish, rows, columns, words, number=number, mean=mean)
    found = Table()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        answer: Sequence[tuple[str, str, str, Any]] = cursor.fetchall()
    if len(answer) > MOST_CELLS:
        raise TooManyCells
    for kind, row, column, value in answer:
        if kind == "cell":
            found.cells[row, column] = value
        elif kind == "row":
            found.rows[row] = value
        elif kind == "column":
            found.columns[column] = value
        else:
            found.total = value or 0
    return found

"""Many numbers over the same rows in one query: the cells of a table, each with conditions of its own.

A `Narrowing` is by the value at an element path; a `Figure` is one number of a table: the count of a wish's rows that
also meet its conditions and narrowings, or a measure, or an aggregate over one element of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from linli.facts.dictionary import Dictionary, Kind, dictionary
from linli.facts.plan import Query, Wish

AGGREGATES = {"sum": "sum({value})", "avg": "avg({value})", "distinct": "count(DISTINCT {value})"}


@dataclass(frozen=True)
class Narrowing:
    """Rows whose value at `path` is one of `values` (any of them for a list-valued element), or from `low` to `high`,
    both included and each possibly open. `negate` turns it round: rows with another value or none."""

    path: str
    values: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None
    negate: bool = False


@dataclass(frozen=True)
class Figure:
    """One number. `aggregate` is a key of AGGREGATES over `element`; without an element or measure, rows are counted."""

    conditions: tuple[str, ...] = ()
    narrow: tuple[Narrowing, ...] = ()
    measure: str = ""
    aggregate: str = ""
    element: str = ""


def value_sql(words: Dictionary, subject: str, path: str) -> str:
    """The SQL of the value at a path, as a fragment over the subject's own row. Raises UnknownTerm."""
    links, _there, element = words.walk(subject, path)
    way = ".".join(link.key for link in links)
    if not way:
        return element.sql
    deeper = re.sub(r"\{>([\w.]+)\}", rf"{{>{way}.\1}}", element.sql)
    return deeper.replace("{t}", f"{{>{way}}}")


def clause(words: Dictionary, subject: str, one: Narrowing, params: dict[str, Any]) -> str:
    """A narrowing as a fragment that is never NULL; its values are put into `params`. Raises UnknownTerm."""
    sql = f"({value_sql(words, subject, one.path)})"
    element = words.walk(subject, one.path)[2]

    def give(value: Any) -> str:
        name = f"narrow{len(params)}"
        params[name] = value
        return f"%({name})s"

    if one.values:
        overlap = "&&" if element.kind is Kind.CODES else "= ANY"
        found = f"{sql} {overlap} ({give(list(one.values))})"
    else:
        ends = [
            f"{sql} {sign} {give(end)}"
            for sign, end in ((">=", one.low), ("<=", one.high))
            if end is not None
        ]
        found = " AND ".join(ends) or f"{sql} IS NOT NULL"
    return f"NOT coalesce({found}, FALSE)" if one.negate else f"coalesce({found}, FALSE)"


def narrowed(wish: Wish, narrow: Sequence[Narrowing], words: Dictionary = dictionary) -> Wish:
    """The wish with its rows narrowed."""
    if not narrow:
        return wish
    params = dict(wish.where_params)
    clauses = [clause(words, wish.subject, one, params) for one in narrow]
    return replace(
        wish, where_sql=" AND ".join(filter(None, (wish.where_sql, *clauses))), where_params=params
    )


def _figure(query: Query, wanted: Figure, words: Dictionary) -> str:
    subject, conditions = query.subject, list(wanted.conditions)
    if wanted.measure:
        declared = subject.measures[wanted.measure]
        aggregate, conditions = declared.sql, [*conditions, *declared.where]
    elif wanted.element:
        value = value_sql(words, subject.key, wanted.element)
        aggregate = AGGREGATES[wanted.aggregate or "sum"].replace("{value}", value)
    else:
        aggregate = "count(*)"
    clauses = [f"({sql})" for key in dict.fromkeys(conditions) if (sql := subject.conditions[key].sql)]
    clauses.extend(clause(words, subject.key, one, query.params) for one in wanted.narrow)
    text = f"{aggregate} FILTER (WHERE {' AND '.join(clauses)})" if clauses else aggregate
    return query.paths(text)


def compile_figures(
    wish: Wish, wanted: Sequence[Figure], words: Dictionary = dictionary, *, by_region_length: int = 0
) -> tuple[str, dict[str, Any]]:
    """The query: region key prefix ("" unless grouped by its length), then each figure. Raises UnknownTerm."""
    query = Query(words, wish)
    numbers = [_figure(query, one, words) for one in wanted]
    where = query.where()
    key = f"left({query.region_sql}, {int(by_region_length)})" if by_region_length else "''"
    sql = f"SELECT {', '.join([key, *numbers])} FROM {query.sources()} WHERE {where}"  # noqa: S608
    return query.finish(f"{sql} GROUP BY 1 ORDER BY 1" if by_region_length else sql), query.params


def figures(
    wish: Wish, wanted: Sequence[Figure], words: Dictionary = dictionary, *, by_region_length: int = 0
) -> dict[str, list[Any]]:
    """For each region key prefix ("" unless grouped) the value of each figure. A sum or count over no rows is 0, an
    average over none is None; a prefix without rows is absent."""
    if not wanted:
        return {}
    sql, params = compile_figures(wish, wanted, words, by_region_length=by_region_length)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchall()
    return {
        key: [
            0 if value is None and one.aggregate != "avg" else value
            for value, one in zip(values, wanted, strict=True)
        ]
        for key, *values in found
    }

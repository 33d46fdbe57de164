"""From a wish to one SQL query.

A `Wish` names a subject, element paths, conditions, comparisons, the ranges of region order keys it may see and the
as-of date. `compile_rows` and `compile_measure` turn it into SQL; `rows`, `total` and `grouped` run it; tables of two
dimensions are `linli.facts.cross`. Joins that several paths share are made once. Everything that answers a question
about facts goes through here. What users choose are keys of the dictionary; what they type are parameters.

A question as of a date before communities were adjusted is answered in the cut of that date: each table is read through
`linli.facts.cuts`, as if every row still lay where it lay then (ADR 0019). Questions of today never pay for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from linli.facts import comparing, cuts
from linli.facts.comparing import Comparison
from linli.facts.dictionary import Condition, Dictionary, Element, Link, Subject, UnknownTerm, dictionary
from linli.kernel.scope import Scope, merge, touches

_PAST = re.compile(r"\{past\}.*?\{/past\}", re.DOTALL)


@dataclass(frozen=True)
class Wish:
    """What is asked: `scopes` are half-open ranges of region order keys (empty means nothing may be seen).

    All `conditions` hold, at least one of each set in `any_of`, none of `none_of`, and every comparison. Rows run by
    `sort` (element path, descending), then in the subject's own order.
    `cut` says in which communities rows of an earlier date are counted: "then", those of the date; "now", today's.
    """

    subject: str
    scopes: Sequence[Scope]
    on: date
    elements: Sequence[str] = ()
    conditions: Sequence[str] = ()
    any_of: Sequence[Sequence[str]] = ()
    none_of: Sequence[str] = ()
    comparisons: Sequence[Comparison] = ()
    ids: Sequence[int] | None = None
    sort: Sequence[tuple[str, bool]] = ()
    limit: int | None = None
    offset: int = 0
    order: str = ""
    where_sql: str = ""
    where_params: dict[str, Any] = field(default_factory=dict)
    cut: str = "then"


@cache
def _columns(table: str) -> tuple[str, ...]:
    """The columns of a model's table."""
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    return tuple(str(one.column) for one in model._meta.concrete_fields)


def table_then(subject: Subject) -> str:
    """The subject's table with its undated columns as they were recorded at the end of the day: what the first change after
    it found, else what stands there now."""
    in_base = f" AND coalesce(p.{subject.created} < %(after)s, TRUE)" if subject.created else ""
    columns = ", ".join(
        f"CASE WHEN w.pgh_id IS NULL THEN p.{one} ELSE w.{one} END AS {one}"
        if one in subject.undated
        else f"p.{one}"
        for one in _columns(subject.table)
    )
    return (
        f"(SELECT {columns} FROM {subject.table} p LEFT JOIN LATERAL (SELECT * FROM {subject.history} e "
        f"WHERE e.pgh_obj_id = p.id AND e.pgh_created_at >= %(after)s{in_base} "
        "ORDER BY e.pgh_created_at, e.pgh_id LIMIT 1) w ON TRUE)"
    )


_TABLE = re.compile(r"<<([=~]?)(\w+)\|(\w+)>>")
_NAMED = re.compile(r"\{=(\w+) (\w+)\}")


class Query:
    """Collects joins and parameters while paths are resolved."""

    def __init__(self, words: Dictionary, wish: Wish) -> None:
        self.words = words
        self.wish = wish
        self.subject: Subject = words.subject(wish.subject)
        after = timezone.make_aware(datetime.combine(wish.on + timedelta(days=1), time.min))
        self.past = wish.on < timezone.localdate()
        self.params: dict[str, Any] = {"on": wish.on, "after": after, **wish.where_params}
        self.joins: dict[tuple[str, ...], str] = {}
        self.join_sql: list[str] = []
        self.recut = cuts.areas_after(wish.on) if wish.cut == "then" else ()

    def timely(self, fragment: str) -> str:
        """Without what only matters of a day that is past, between `{past}` and `{/past}`, when today is asked for."""
        return fragment.replace("{past}", "").replace("{/past}", "") if self.past else _PAST.sub("", fragment)

    def fill(self, fragment: str, alias: str, linked: str = "") -> str:
        text = (
            self.timely(fragment).replace("{t}", alias).replace("{r}", linked).replace("{on}", "%(on)s::date")
        )
        return text.replace("{after}", "%(after)s::timestamptz")

    def alias(self, links: tuple[Link, ...]) -> str:
        """The alias of the row at the end of the links; joins are added as needed."""
        here = "t0"
        trail: tuple[str, ...] = ()
        for link in links:
            trail = (*trail, link.key)
            known = self.joins.get(trail)
            if known is None:
                known = f"t{len(self.joins) + 1}"
                self.joins[trail] = known
                if link.lateral:
                    body = self.fill(link.lateral, here, known).replace(
                        f"{{={link.to}}}", f"<<={link.to}|{known}>>"
                    )
                    if self.recut:
                        body = self.fill(cuts.as_of(self.words.subject(link.to).table, f"({body})"), known)
                    self.join_sql.append(f"LEFT JOIN LATERAL ({body}) {known} ON TRUE")
                else:
                    on = self.fill(link.on, here, known)
                    self.join_sql.append(f"LEFT JOIN <<{link.to}|{known}>> {known} ON {on}")
            here = known
        return here

    def value(self, path: str) -> tuple[str, Element]:
        links, _there, element = self.words.walk(self.subject.key, path)
        return self.paths(element.sql, links), element

    def paths(self, fragment: str, links: tuple[Link, ...] = ()) -> str:
        """Fill a fragment, resolving `{link.link}` references to the aliases of linked rows."""
        text = self.timely(fragment)
        while (start := text.find("{>")) >= 0:
            end = text.index("}", start)
            more, _there = self.words.follow(self._subject_after(links).key, text[start + 2 : end].split("."))
            text = text[:start] + self.alias((*links, *more)) + text[end + 1 :]
        return self.fill(_NAMED.sub(r"<<~\1|\2>>", text), self.alias(links))

    def _subject_after(self, links: tuple[Link, ...]) -> Subject:
        return self.words.subject(links[-1].to) if links else self.subject

    def give(self, value: Any) -> str:
        """A parameter for a value."""
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"%({name})s"

    def condition(self, key: str) -> Condition:
        """A condition of the subject. Raises UnknownTerm."""
        found = self.subject.conditions.get(key)
        if found is None:
            raise UnknownTerm(f"“{self.subject.label}”没有名为“{key}”的口径")
        return found

    def holds(self, condition: Condition) -> str:
        """A condition as a clause that is never NULL."""
        return f"coalesce(({self.paths(condition.sql)}), false)" if condition.sql else "TRUE"

    def narrowing(self) -> list[str]:
        """The clauses of `any_of`, `none_of` and the comparisons."""
        wish = self.wish
        clauses = [
            "(" + " OR ".join(self.holds(self.condition(key)) for key in keys) + ")"
            for keys in wish.any_of
            if keys
        ]
        clauses += [f"NOT {self.holds(self.condition(key))}" for key in wish.none_of]
        for one in wish.comparisons:
            value, element = self.value(one.path)
            clauses.append("(" + self.fill(comparing.sql(element, value, one, self.give), "t0") + ")")
        return clauses

    def ordering(self) -> str:
        """Sorted as wished, then in the subject's own order."""
        parts = []
        for path, descending in self.wish.sort:
            links, _there, element = self.words.walk(self.subject.key, path)
            key = self.paths(element.sort or element.sql, links)
            parts.append(f"{key} {'DESC' if descending else 'ASC'} NULLS LAST")
        parts.append(self.paths(self.wish.order or self.subject.order))
        return ", ".join(parts)

    def where(self) -> str:
        wish = self.wish
        conditions = [self.condition(key) for key in wish.conditions]
        if self.subject.default and not any(c.replaces_default for c in conditions):
            conditions = [self.subject.conditions[self.subject.default], *conditions]
        own = (self.past and self.subject.region_then) or self.subject.region
        region = next((c.region for c in reversed(conditions) if c.region), own)
        region_sql, element = self.value(region)
        clauses = [f"({self.paths(c.sql)})" for c in conditions if c.sql]
        clauses += self.narrowing()
        ranges = []
        for number, scope in enumerate(wish.scopes):
            self.params[f"lo{number}"], self.params[f"hi{number}"] = scope.low, scope.high
            ranges.append(f"({region_sql} >= %(lo{number})s AND {region_sql} < %(hi{number})s)")
        clauses.append("(" + (" OR ".join(ranges) or "FALSE") + ")")
        if self.recut and ranges and element.sql == "{t}.region_code":
            clauses.append(self.near(f"{region_sql}{cuts.TODAY}"))
        if wish.ids is not None:
            self.params["ids"] = list(wish.ids)
            clauses.append("t0.id = ANY(%(ids)s)")
        if wish.where_sql:
            clauses.append(f"({self.paths(wish.where_sql)})")
        self.region_sql = region_sql
        return " AND ".join(clauses)

    def near(self, key: str) -> str:
        """A condition on today's key that leaves in every row that can have lain in the scopes: it lies in them, or in an area
        that was adjusted since and touches them. It lets the index be used."""
        wide = merge([*self.wish.scopes, *(a for a in self.recut if touches(a, self.wish.scopes))])
        ranges = []
        for number, scope in enumerate(wide):
            self.params[f"near_lo{number}"], self.params[f"near_hi{number}"] = scope.low, scope.high
            ranges.append(f"({key} >= %(near_lo{number})s AND {key} < %(near_hi{number})s)")
        return "(" + " OR ".join(ranges) + ")"

    def finish(self, sql: str) -> str:
        """Put the tables in: on a past day one whose undated columns are asked for as they were recorded then, and every one as it
        lay before communities were adjusted."""

        def table(match: re.Match[str]) -> str:
            how, subject, alias = match[1], self.words.subject(match[2]), match[3]
            source = subject.table
            if self.past and subject.undated and subject.history:
                asked = rf"\b{alias}\.(?:{'|'.join(subject.undated)})\b"
                if re.search(asked, sql):
                    source = table_then(subject)
            if how == "~":
                return f"{source} {alias}"
            if self.recut and not how:
                return f"({self.fill(cuts.as_of(subject.table, source), '')})"
            return source

        return _TABLE.sub(table, sql)

    def sources(self) -> str:
        """The tables and joins, once everything has been asked for; the statement they go into is handed to `finish`."""
        return f"<<{self.subject.key}|t0>> t0 " + " ".join(self.join_sql)


def compile_rows(wish: Wish, words: Dictionary = dictionary) -> tuple[str, dict[str, Any], list[Element]]:
    """The query for a roster: one row per subject row, first the row's id, then each wished element.

    Raises UnknownTerm when a path or condition is not in the dictionary, BadComparison for an impossible comparison.
    """
    query = Query(words, wish)
    found = [query.value(path) for path in wish.elements]
    columns = ", ".join(["t0.id", *(sql for sql, _element in found)])
    where = query.where()
    order = query.ordering()
    limit = f" LIMIT {int(wish.limit)}" if wish.limit is not None else ""
    limit += f" OFFSET {int(wish.offset)}" if wish.offset else ""
    sql = f"SELECT {columns} FROM {query.sources()} WHERE {where} ORDER BY {order}{limit}"
    return query.finish(sql), query.params, [element for _sql, element in found]


def compile_measure(
    wish: Wish, measure: str = "", words: Dictionary = dictionary, *, by_region_length: int = 0, by: str = ""
) -> tuple[str, dict[str, Any]]:
    """The query for a number: of a declared measure, or the count of the wish's rows.

    `by_region_length` groups by that many leading characters of the region order key; `by` by an element's value; with both,
    rows for which the element says nothing are counted to their region (keys are texts then).
    """
    if measure:
        declared = words.subject(wish.subject).measures[measure]
        wish = Wish(**{**wish.__dict__, "conditions": (*declared.where, *wish.conditions)})
        aggregate = declared.sql
    else:
        aggregate = "count(*)"
    query = Query(words, wish)
    number = query.paths(aggregate)
    by_sql = query.value(by)[0] if by else ""
    where = query.where()
    if by_region_length:
        key = f"left({query.region_sql}, {int(by_region_length)})"
        if by:
            key = f"coalesce(({by_sql})::text, {key})"
    elif by:
        key = by_sql
    else:
        return query.finish(f"SELECT {number} FROM {query.sources()} WHERE {where}"), query.params
    return (
        query.finish(f"SELECT {key}, {number} FROM {query.sources()} WHERE {where} GROUP BY 1 ORDER BY 1"),
        query.params,
    )


def rows(wish: Wish, words: Dictionary = dictionary, *, chunk: int = 2000) -> Iterator[tuple[int, list[Any]]]:
    """Run a roster wish; yields (row id, values), values decoded. Streams through a server-side cursor."""
    sql, params, elements = compile_rows(wish, words)
    decoders = [element.decode for element in elements]
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while batch := cursor.fetchmany(chunk):
            for identity, *values in batch:
                yield (
                    identity,
                    [
                        decode(value) if decode and value is not None else value
                        for decode, value in zip(decoders, values, strict=True)
                    ],
                )


def total(wish: Wish, measure: str = "", words: Dictionary = dictionary) -> Any:
    """The value of one measure (or the count of rows) over the whole wish; 0 rows count as 0."""
    sql, params = compile_measure(wish, measure, words)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchone()
    return (found[0] if found else None) or 0


def grouped(
    wish: Wish, measure: str = "", words: Dictionary = dictionary, *, by_region_length: int = 0, by: str = ""
) -> dict[Any, Any]:
    """The measure per region key prefix or per value of an element."""
    sql, params = compile_measure(wish, measure, words, by_region_length=by_region_length, by=by)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return dict(cursor.fetchall())


def recorded_in(
    subject: str, scope: Scope, on: date, words: Dictionary = dictionary, *, by_region_length: int
) -> set[str]:
    """The region key prefixes within a scope in which there is any row of a subject, of whatever population."""
    query = Query(words, Wish(subject, [scope], on))
    region, _element = query.value(query.subject.region)
    low, high = query.give(scope.low), query.give(scope.high)
    sql = (
        f"SELECT DISTINCT left({region}, {int(by_region_length)}) FROM {query.sources()} "
        f"WHERE {region} >= {low} AND {region} < {high}"
    )
    with connection.cursor() as cursor:
        cursor.execute(query.finish(sql), query.params)
        return {key for (key,) in cursor.fetchall()}

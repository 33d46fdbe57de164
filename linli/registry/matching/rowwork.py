"""Rows as they lie in the tables: taken down before and after a merge, and put back exactly."""
# ruff: noqa: S608  names of tables and columns come from the models, never from a user

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange

from linli.registry.matching import dependants as hanging
from linli.registry.matching.dependants import ONCE, REPOINT, Dependant

Row = dict[str, Any]
Rows = dict[tuple[str, Any], Row]
# What follows from other facts, or only says when: a later change of these does not stand against undoing.
DERIVED = frozenset({"updated_at", "region_code", "standing"})


class ChangedSince(Exception):
    """A row that a merge touched has changed since: `table` and what it is about."""

    def __init__(self, table: str) -> None:
        super().__init__(table)
        self.table = table


def _q(name: str | None) -> str:
    return connection.ops.quote_name(str(name))


def _pk(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def take_down(subject: type[models.Model], ids: Sequence[int]) -> Rows:
    """Every row of the subject, of what hangs on it and of what hangs on that, as JSON that gives the same row back."""
    found: Rows = {}
    _take(subject, _pk(subject), ids, found)
    level: list[tuple[type[models.Model], list[Any]]] = [(subject, list(ids))]
    seen = {subject}
    while level:
        below: dict[type[models.Model], set[Any]] = {}
        for model, keys in level:
            for dependant, field in hanging.foreign_keys(model):
                if taken := _take(dependant, field.column, keys, found):
                    below.setdefault(dependant, set()).update(taken)
        level = [(model, list(keys)) for model, keys in below.items() if model not in seen]
        seen |= set(below)
    return found


def _take(model: type[models.Model], column: str, keys: Sequence[Any], found: Rows) -> list[Any]:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.{_q(_pk(model))}, to_jsonb(t)::text FROM {_q(table)} t WHERE t.{_q(column)} = ANY(%s)",
            [list(keys)],
        )
        rows = cursor.fetchall()
    found |= {(table, key): json.loads(text) for key, text in rows}
    return [key for key, _text in rows]


def difference(before: Rows, after: Rows) -> list[dict[str, Any]]:
    """The rows that differ, as `Merge.rows` keeps them."""
    found = []
    for key in sorted(before.keys() | after.keys(), key=str):
        old, new = before.get(key), after.get(key)
        if old != new:
            found.append({"table": key[0], "pk": key[1], "before": old, "after": new})
    return found


# -- changing hands --------------------------------------------------------------------------------------------


def left_over(period: DateRange, taken: Iterable[DateRange]) -> list[DateRange]:
    """The parts of a spell that the spells `taken` leave."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unnest(datemultirange(%s::daterange) - coalesce((SELECT range_agg(r) FROM unnest(%s::daterange[]) r), '{}'))",
            [period, list(taken)],
        )
        return [row[0] for row in cursor.fetchall()]


def _values(dependant: Dependant, row: Any) -> tuple[Any, ...]:
    by_column = {field.column: field.attname for field in dependant.model._meta.concrete_fields}
    return tuple(getattr(row, by_column[column]) for column in dependant.keys)


def _fill_blanks(dependant: Dependant, keeper: int, goer: int) -> None:
    """What the row that stays does not say is taken from the one that goes."""
    skipped = {_pk(dependant.model), "period", *dependant.keys}
    columns = [
        field.column
        for field in dependant.model._meta.concrete_fields
        if field.column not in skipped
        and field.column not in DERIVED
        and not isinstance(field, (models.ForeignKey, models.DateTimeField))
    ]
    if not columns:
        return
    table, pk = _q(dependant.table), _q(_pk(dependant.model))
    blank = "(k.{c} IS NULL OR k.{c}::text IN ('', '\\x'))"
    sets = ", ".join(
        f"{_q(c)} = CASE WHEN {blank.format(c=_q(c))} THEN g.{_q(c)} ELSE k.{_q(c)} END" for c in columns
    )
    some = " OR ".join(
        f"({blank.format(c=_q(c))} AND g.{_q(c)} IS NOT NULL AND g.{_q(c)}::text NOT IN ('', '\\x'))"
        for c in columns
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} k SET {sets} FROM {table} g WHERE k.{pk} = %s AND g.{pk} = %s AND ({some})",
            [keeper, goer],
        )


def settle(dependant: Dependant, survivor: int, merged: int, sides: Mapping[str, str]) -> None:
    """Make room where rows of both stand in each other's way. `sides` says for a table, or "table:key", whose rows stay:
    "merged", else the survivor's."""
    if dependant.treatment == REPOINT:
        return
    rows = dependant.model._default_manager.filter(**{f"{dependant.field.name}__in": [survivor, merged]})
    if dependant.within is not None:
        rows = rows.filter(dependant.within)
    groups: dict[tuple[Any, ...], dict[int, list[Any]]] = {}
    for row in rows.order_by("pk"):
        owner = getattr(row, dependant.field.attname)
        groups.setdefault(_values(dependant, row), {}).setdefault(owner, []).append(row)
    for key, owned in groups.items():
        if len(owned) < 2:
            continue
        word = sides.get(":".join(map(str, (dependant.table, *key))), sides.get(dependant.table, ""))
        stays, goes = (merged, survivor) if word == "merged" else (survivor, merged)
        if dependant.treatment == ONCE:
            if dependant.same_matter or not dependant.keys:
                _fill_blanks(dependant, owned[stays][0].pk, owned[goes][0].pk)
            _give_way(dependant.model, owned[goes][0].pk, owned[stays][0].pk)
            continue
        for row in owned[goes]:
            _cut(dependant, row, owned[stays])


def _give_way(model: type[models.Model], goer: Any, keeper: Any) -> None:
    """A row goes; what points to it points to the one that stays."""
    for below, field in hanging.foreign_keys(model):
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {_q(below._meta.db_table)} SET {_q(field.column)} = %s WHERE {_q(field.column)} = %s",
                [keeper, goer],
            )
    _delete(model._meta.db_table, goer)


def _cut(dependant: Dependant, row: Any, staying: Sequence[Any]) -> None:
    if row.period.isempty:
        return
    taken = [one.period for one in staying if not one.period.isempty]
    pieces = left_over(row.period, taken)
    if pieces == [row.period]:
        return
    if not pieces:
        keeper = next(one for one in staying if left_over(row.period, [one.period]) != [row.period])
        if dependant.same_matter:
            _fill_blanks(dependant, keeper.pk, row.pk)
        _give_way(dependant.model, row.pk, keeper.pk)
        return
    type(row)._default_manager.filter(pk=row.pk).update(period=pieces[0])
    columns = [f.column for f in dependant.model._meta.concrete_fields if f.column != _pk(dependant.model)]
    names = ", ".join(map(_q, columns))
    values = ", ".join("%(period)s::daterange" if c == "period" else _q(c) for c in columns)
    with connection.cursor() as cursor:
        for piece in pieces[1:]:
            cursor.execute(
                f"INSERT INTO {_q(dependant.table)} ({names}) SELECT {values} FROM {_q(dependant.table)} "
                f"WHERE {_q(_pk(dependant.model))} = %(pk)s",
                {"period": piece, "pk": row.pk},
            )


def repoint(subject: type[models.Model], survivor: int, merged: int) -> None:
    """All that still points to the merged record points to the survivor."""
    with connection.cursor() as cursor:
        for table, columns in hanging.columns_of(subject).items():
            for column in columns:
                cursor.execute(
                    f"UPDATE {_q(table)} SET {_q(column)} = %s WHERE {_q(column)} = %s", [survivor, merged]
                )


# -- putting back ----------------------------------------------------------------------------------------------


def _written(model: type[models.Model]) -> list[str]:
    return [str(f.column) for f in model._meta.concrete_fields if not getattr(f, "generated", False)]


def _insert(table: str, row: Row) -> None:
    names = ", ".join(map(_q, _written(hanging.model_of(table))))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_q(table)} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{_q(table)}, %s::jsonb)",
            [json.dumps(row)],
        )


def _update(table: str, pk: Any, row: Row, columns: Sequence[str]) -> None:
    if not columns:
        return
    sets = ", ".join(f"{_q(c)} = r.{_q(c)}" for c in columns)
    key = _q(_pk(hanging.model_of(table)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_q(table)} t SET {sets} FROM jsonb_populate_record(NULL::{_q(table)}, %s::jsonb) r WHERE t.{key} = %s",
            [json.dumps(row), pk],
        )


def _delete(table: str, pk: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_q(table)} WHERE {_q(_pk(hanging.model_of(table)))} = %s", [pk])


def _now(table: str, pk: Any) -> Row | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(t)::text FROM {_q(table)} t WHERE t.{_q(_pk(hanging.model_of(table)))} = %s FOR UPDATE",
            [pk],
        )
        found = cursor.fetchone()
    return json.loads(found[0]) if found else None


def put_back(subject: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Undo what `rows` tells: made rows go, changed columns get their old values, deleted rows come back.

    The order keeps every constraint at every step: shapes after the merge are parts of those before it, so rows first change
    hands and then grow. Raises ChangedSince when a row is not as the merge left it.
    """
    own = subject._meta.db_table
    pointing = hanging.columns_of(subject)
    changed: list[tuple[str, Any, Row, list[str]]] = []
    for one in rows:
        table, pk, before, after = one["table"], one["pk"], one["before"], one["after"]
        now = _now(table, pk)
        if (after is None) != (now is None):
            raise ChangedSince(table)
        if after is None or now is None:
            continue
        columns = [
            c for c in after if before is None or (before.get(c, object()) != after[c] and c in before)
        ]
        if any(now.get(c) != after[c] for c in columns if c not in DERIVED):
            raise ChangedSince(table)
        if before is None:
            _delete(table, pk)
        else:
            changed.append((table, pk, before, [c for c in columns if now.get(c) == after[c]]))
    for table, pk, before, columns in changed:
        if table == own:
            _update(table, pk, before, columns)
    gone = [one for one in rows if one["after"] is None]
    for one in sorted(gone, key=lambda one: one["table"] != own):
        if one["table"] == own:
            _insert(one["table"], one["before"])
    for only_keys in (True, False):
        for table, pk, before, columns in changed:
            if table in pointing and table != own:
                keys = set(pointing[table])
                _update(table, pk, before, [c for c in columns if (c in keys) is only_keys])
    for one in gone:
        if one["table"] != own:
            _insert(one["table"], one["before"])
    for table, pk, before, columns in changed:
        if table not in pointing and table != own:
            _update(table, pk, before, columns)

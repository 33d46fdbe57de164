"""Which people were touched by which transaction: what the feed of changes is read from (ADR 0044).

Triggers on the tables of a person's facts write one row a statement and stretch of person numbers: the transaction's number, the
table, and the people. However many rows a bulk deed writes, it adds a handful. Kept in a table without a model: nobody but this
module reads it, and nobody writes it but the triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import connection

TABLE: Final = "sharing_touch"
# So many person numbers lie in one stretch.
STRETCH: Final = 10_000
# Tables whose rows make up what is known of a person, and the column that holds the person.
SOURCES: Final = (
    ("people_person", "id"),
    ("people_residence", "person_id"),
    ("people_householdmember", "person_id"),
    ("people_kinship", "person_id"),
    ("groups_membership", "person_id"),
)
_BEFORE, _AFTER = "sharing_before", "sharing_after"
# (what happened, what the trigger is told of, the rows)
_DEEDS: Final = (
    ("insert", f"NEW TABLE AS {_AFTER}", "SELECT {column} AS person FROM sharing_after"),
    (
        "update",
        f"OLD TABLE AS {_BEFORE} NEW TABLE AS {_AFTER}",
        "SELECT {column} AS person FROM sharing_after UNION SELECT {column} FROM sharing_before",
    ),
    ("delete", f"OLD TABLE AS {_BEFORE}", "SELECT {column} AS person FROM sharing_before"),
)
# From `since` on every touch is on record: the number of the next transaction when the triggers came, later of the oldest kept.
CREATE: Final = f"""
CREATE TABLE {TABLE} (
    xid bigint NOT NULL, stretch bigint NOT NULL, n integer NOT NULL, source text NOT NULL, people bigint[] NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX {TABLE}_window ON {TABLE} (xid, stretch);
CREATE INDEX {TABLE}_age ON {TABLE} (at);
CREATE TABLE {TABLE}_since (xid bigint NOT NULL);
"""
DROP: Final = f"DROP TABLE {TABLE}_since; DROP TABLE {TABLE};"


def install() -> list[str]:
    """The statements that put the triggers on, and note from which transaction on they hold."""
    made = [CREATE]
    for column in sorted({column for _table, column in SOURCES}):
        for deed, _told, rows in _DEEDS:
            made.append(f"""
            CREATE FUNCTION sharing_touch_{deed}_{column}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO {TABLE} (xid, stretch, n, source, people)
                SELECT pg_current_xact_id()::text::bigint, person / {STRETCH}, count(*), TG_TABLE_NAME, array_agg(person)
                FROM (SELECT DISTINCT person FROM ({rows.format(column=column)}) r) d GROUP BY person / {STRETCH};
                RETURN NULL;
            END $$
            """)  # noqa: S608
    for table, column in SOURCES:
        for deed, told, _rows in _DEEDS:
            made.append(
                f"CREATE TRIGGER sharing_touch_{deed} AFTER {deed.upper()} ON {table} REFERENCING {told} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION sharing_touch_{deed}_{column}()"
            )
    # The tables are locked against writers by now: who wrote without being noted has a smaller number.
    made.append(f"INSERT INTO {TABLE}_since SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    return made


def remove() -> list[str]:
    """The reverse."""
    made = [
        f"DROP TRIGGER sharing_touch_{deed} ON {table}"
        for table, _column in SOURCES
        for deed, *_rest in _DEEDS
    ]
    made += [
        f"DROP FUNCTION sharing_touch_{deed}_{column}()"
        for column in sorted({column for _table, column in SOURCES})
        for deed, *_rest in _DEEDS
    ]
    return [*made, DROP]


def kept_since() -> int:
    """The number of the transaction from which on every touch is on record; a huge one where nothing is."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(xid) FROM {TABLE}_since")  # noqa: S608
        found = cursor.fetchone()[0]
    return int(found) if found is not None else 2**62


def touched(since: int, until: int, last: int, limit: int) -> dict[int, set[str]]:
    """The first `limit` people after number `last`, by number, whom transactions numbered in [since, until) touched, with the tables.
    Fewer only where there are no more. Raises no error for a window that is not on record: see `kept_since`."""
    found: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        for stretches in _stretches(since, until, last, limit):
            cursor.execute(
                f"""
                SELECT person, array_agg(DISTINCT source) FROM {TABLE} t, unnest(t.people) person
                WHERE t.xid >= %(since)s AND t.xid < %(until)s AND t.stretch = ANY(%(stretches)s) AND person > %(last)s
                GROUP BY person ORDER BY person LIMIT %(limit)s
                """,  # noqa: S608
                {
                    "since": since,
                    "until": until,
                    "stretches": stretches,
                    "last": last,
                    "limit": limit - len(found),
                },
            )
            found |= {person: set(sources) for person, sources in cursor.fetchall()}
            if len(found) >= limit:
                break
    return found


def _stretches(since: int, until: int, last: int, limit: int) -> Iterator[list[int]]:
    """The stretches of a window that may hold people after `last`, in order, as many together as may fill a page."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT stretch, sum(n) FROM {TABLE} WHERE xid >= %s AND xid < %s AND stretch >= %s "  # noqa: S608
            "GROUP BY stretch ORDER BY stretch",
            [since, until, last // STRETCH],
        )
        listed = cursor.fetchall()
    together: list[int] = []
    expected = 0
    for stretch, n in listed:
        together.append(stretch)
        expected += n
        if expected >= 2 * limit:
            yield together
            together, expected = [], 0
    if together:
        yield together


def forget(before: datetime) -> int:
    """Forget touches of before a moment, and note that from there on the record is whole. Returns how many rows went."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH gone AS (DELETE FROM {TABLE} WHERE at < %s RETURNING xid) SELECT count(*), max(xid) FROM gone",  # noqa: S608
            [before],
        )
        count, newest = cursor.fetchone()
        if newest is not None:
            cursor.execute(f"UPDATE {TABLE}_since SET xid = greatest(xid, %s)", [newest + 1])  # noqa: S608
    return int(count)

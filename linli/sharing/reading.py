"""What a client gets: records under its entitlement, counts, and changes since a cursor.

Everything goes through `facts.plan` with the entitlement's region and conditions; what lies outside is absent, whether it
exists or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from linli.access.sealed import digest
from linli.audit.models import Channel, DisclosedPerson
from linli.audit.recording import disclose
from linli.facts import plan
from linli.facts.dictionary import Element, Kind, dictionary
from linli.kernel import citizen_number
from linli.kernel.scope import Scope
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level
from linli.registry.people.models import Person
from linli.sharing import touches
from linli.sharing.models import Client, Entitlement, Gone
from linli.sharing.rules import MOST_CHANGES, Cursor
from linli.sharing.touches import SOURCES

_SCANNED = 1_000
_LOOPS = 20


@dataclass
class Caller:
    """A client as the one to whom data are shown; it is no user."""

    name: str
    pk: int = 0


def reference(client: Client, person_id: int) -> str:
    """What a client calls a person: stable for the client, and of no use to any other."""
    return digest(f"{client.pk}:{person_id}", "api_reference")[:12].hex()


def value_of(element: Element, value: Any) -> Any:
    """A value as JSON: dates as texts, codes with their words, empty as null."""
    if value is None or value == "" or value == []:
        return None
    if element.kind is Kind.DATE:
        return f"{value:%Y-%m-%d}"
    if element.kind in (Kind.DECIMAL, Kind.MONEY):
        return str(value)
    if element.kind is Kind.CODE and element.codes is not None:
        return {"code": str(value), "label": element.codes.label(str(value))}
    if element.kind is Kind.CODES:
        codes = element.codes
        return [
            {"code": str(one), "label": codes.label(str(one)) if codes is not None else str(one)}
            for one in value
        ]
    return value if isinstance(value, (int, bool)) else str(value)


def _wish(held: Entitlement, on: date, elements: Sequence[str], **more: Any) -> plan.Wish:
    return plan.Wish(
        held.subject,
        (Scope.of(held.region_code),),
        on,
        elements=elements,
        conditions=tuple(held.conditions),
        **more,
    )


def records(
    client: Client, held: Entitlement, person_ids: Sequence[int], elements: Sequence[str], on: date
) -> dict[int, dict[str, Any]]:
    """The records of those of the people who lie inside the entitlement."""
    words = dictionary.refresh()
    terms = [words.walk(held.subject, path)[2] for path in elements]
    found = {}
    for pk, values in plan.rows(_wish(held, on, elements, ids=list(person_ids)), words):
        found[pk] = {
            "ref": reference(client, pk),
            "values": {
                path: value_of(element, value)
                for path, element, value in zip(elements, terms, values, strict=True)
            },
        }
    return found


def show(
    client: Client, held: Entitlement, person_ids: Iterable[int], elements: Sequence[str], purpose: str
) -> None:
    """Record that a client was shown these people's data."""
    ids = list(person_ids)
    if ids:
        disclose(
            acting_user=Caller(client.name),
            person_ids=ids,
            elements=[f"{held.subject}.{path}" for path in elements],
            purpose=purpose,
            channel=Channel.API,
            region_code=held.region_code,
            client_id=client.pk,
        )


def look_up(
    client: Client,
    held: Entitlement,
    numbers: Sequence[str],
    elements: Sequence[str],
    purpose: str,
    on: date,
) -> list[dict[str, Any] | None]:
    """For each number the record, None where there is none inside the entitlement. The looks are recorded with it."""
    wanted = [citizen_number.normalise(number) for number in numbers]
    digests = {digest(number, "id_number"): number for number in wanted if number}
    by_number: dict[str, int] = {}
    for pk, found in Person.objects.filter(id_digest__in=list(digests)).values_list("pk", "id_digest"):
        by_number[digests[bytes(found or b"")]] = pk
    with transaction.atomic():
        known = records(client, held, list(by_number.values()), elements, on)
        show(client, held, known, elements, purpose)
    return [known.get(by_number[number]) if number in by_number else None for number in wanted]


def counts(held: Entitlement, measure: str, by: str, on: date) -> list[dict[str, Any]]:
    """A measure in all, or by street, community or grid: {region, name, value}."""
    words = dictionary.refresh()
    wish = _wish(held, on, ())
    if not by:
        return [
            {
                "region": held.region_code,
                "name": names.title(held.region_code),
                "value": _plain(plan.total(wish, measure, words)),
            }
        ]
    length = KEY_LENGTH[{"street": Level.STREET, "community": Level.COMMUNITY, "grid": Level.GRID}[by]]
    found = plan.grouped(wish, measure, words, by_region_length=length)
    return [
        {"region": key, "name": names.title(key), "value": _plain(value)}
        for key, value in found.items()
        if key
    ]


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)


# -- changes -----------------------------------------------------------------------------------------------------------


# Numbers of transactions are shared by all databases of a server. One that is open in another database cannot write here, and does not
# hold the feed back; one that nobody can be found for is taken for ours.
_NOW = """
WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS s),
elsewhere AS (
    SELECT backend_xid::text::bigint AS id FROM pg_stat_activity
    WHERE datname <> current_database() AND backend_xid IS NOT NULL
)
SELECT (SELECT system_identifier FROM pg_control_system())::text || 'x'
        || (SELECT oid FROM pg_database WHERE datname = current_database())::text,
    coalesce(
        (SELECT min(o::text::bigint) FROM pg_snapshot_xip(now.s) o
         WHERE o::text::bigint & 4294967295 NOT IN (SELECT id FROM elsewhere)),
        pg_snapshot_xmax(now.s)::text::bigint
    ),
    pg_snapshot_xmax(now.s)::text::bigint
FROM now
"""


def _now() -> tuple[str, int, int]:
    """What this database is called, the first transaction that may still be open in it, and the next one's number."""
    with connection.cursor() as cursor:
        cursor.execute(_NOW)
        base, first_open, following = cursor.fetchone()
    return base, first_open, following


def _changed(since: int, until: int, last: int, limit: int) -> dict[int, set[str]]:
    """The first people after number `last`, by number, of whom a row was written by a transaction numbered in [since, until), with
    the tables it lay in. With `since` 0 everybody counts as changed.

    Whoever committed below `until` is visible, and nobody below it can commit any more: nothing is missed, whatever the order of
    commits. A window that is on record (`touches`) is read there by index; an older one is looked for in the rows.
    """
    if since and since >= touches.kept_since():
        return touches.touched(since, until, last, limit)
    return changed_in_rows(since, until, last, limit)


def changed_in_rows(since: int, until: int, last: int, limit: int) -> dict[int, set[str]]:
    """The same from the rows: as they stand they tell it by their xmin, rows that were changed or removed by the xmin of what
    history kept. Every table is read to its end, save for `since` 0."""
    inside = (
        "age(x.xmin) > age(%(until)s::text::xid8::xid)"
        if since == 0
        else "age(x.xmin) > age(%(until)s::text::xid8::xid) AND age(x.xmin) <= age(%(since)s::text::xid8::xid)"
    )
    parts = []
    for table, column in SOURCES if since else SOURCES[:1]:
        parts.append(
            f"SELECT x.{column} AS person, '{table}' AS source FROM {table} x WHERE x.{column} > %(last)s AND {inside}"  # noqa: S608
        )
        if since:
            history = f"{table}event"
            kept = "pgh_obj_id" if column == "id" else column
            parts.append(
                f"SELECT x.{kept}, '{table}' FROM {history} x WHERE x.{kept} > %(last)s AND {inside}"  # noqa: S608
            )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person, array_agg(DISTINCT source) FROM ({' UNION ALL '.join(parts)}) c "  # noqa: S608
            "GROUP BY person ORDER BY person LIMIT %(limit)s",
            {"since": since, "until": until, "last": last, "limit": limit},
        )
        return {person: set(sources) for person, sources in cursor.fetchall()}


_TABLES = re.compile("|".join(rf"\b{table}\b" for table, _column in SOURCES))


def _read_from(query: plan.Query, value: str) -> set[str]:
    """The tables of a person's rows that a compiled value is read from."""
    found = set(_TABLES.findall(" ".join([value, *query.join_sql])))
    return found | ({query.subject.table} if "t0." in value else set())


def tables_of(held: Entitlement, path: str) -> set[str]:
    """Those of an element."""
    query = plan.Query(dictionary, plan.Wish(held.subject, (), timezone.localdate()))
    return _read_from(query, query.value(path)[0])


def _population_tables(held: Entitlement) -> set[str]:
    """Those that decide who is inside the entitlement."""
    query = plan.Query(dictionary, _wish(held, timezone.localdate(), ()))
    return _read_from(query, query.where())


@dataclass(frozen=True)
class Changes:
    """A page of changes: records as they are now, people who left the entitlement, and where to go on."""

    changed: list[dict[str, Any]]
    removed: list[str]
    cursor: str
    more: bool
    people: int


def changes(client: Client, held: Entitlement, text: str, limit: int, purpose: str, on: date) -> Changes:
    """What changed of the people of an entitlement since a cursor; everybody where the cursor is "". At least once each.

    A person is removed who was shown to the client before and is now outside; others outside are not mentioned. Raises
    rules.BadCursor.
    """
    dictionary.refresh()
    limit = max(1, min(limit, MOST_CHANGES))
    with transaction.atomic():
        base, first_open, following = _now()
        stand = Cursor.read(text, base, following) if text else Cursor(base, 0)
        until, last = stand.until or first_open, stand.last
        elements = list(held.elements)
        reads = {path: tables_of(held, path) for path in elements}
        matters = set().union(*reads.values()) | _population_tables(held)
        changed: list[dict[str, Any]] = []
        removed: list[str] = []
        shown: list[int] = []
        left: list[int] = []
        finished = False
        for _loop in range(_LOOPS):
            found = _changed(stand.since, until, last, _SCANNED)
            wanted = {pk: sources for pk, sources in found.items() if sources & matters}
            known = records(client, held, list(wanted), elements, on) if wanted else {}
            before = set(
                DisclosedPerson.objects.filter(
                    disclosure__client_id=client.pk, person_id__in=list(wanted)
                ).values_list("person_id", flat=True)
            )
            told = dict(
                Gone.objects.filter(client=client, person_id__in=list(wanted)).values_list(
                    "person_id", "until"
                )
            )
            for pk, sources in wanted.items():
                if pk in known:
                    touched = [path for path in elements if pk not in before or reads[path] & sources]
                    changed.append(known[pk] | {"changed": touched})
                    shown.append(pk)
                elif pk in before and told.get(pk, until) > stand.since:
                    removed.append(reference(client, pk))
                    left.append(pk)
                last = pk
                if len(changed) + len(removed) >= limit:
                    break
            else:
                last = max(found, default=last)
                finished = len(found) < _SCANNED
                if not finished:
                    continue
            break
        show(client, held, shown, elements, purpose)
        Gone.objects.filter(client=client, person_id__in=shown).delete()
        Gone.objects.bulk_create(
            [Gone(client=client, person_id=pk, until=until) for pk in left], ignore_conflicts=True
        )
    after = Cursor(base, until) if finished else Cursor(base, stand.since, until, last)
    return Changes(changed, removed, after.text(), not finished, len(shown))

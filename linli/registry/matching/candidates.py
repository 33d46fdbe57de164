"""Finding records that may be one: SQL gathers pairs that share something telling (blocks), the rules weigh each of them.

A block is a set of columns; rows equal in all of them are candidates of each other, every hit of them, never only the first.
One slip of the pen leaves some block intact: a wrong digit in the birth date leaves the last four characters and the name, one
in the last four leaves name and birth date. Blocks with very many rows say nothing and are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from linli.access.sealed import digest, open_sealed
from linli.audit import recording as audit
from linli.kernel import citizen_number, hanzi
from linli.kernel.scope import Scope
from linli.registry.matching import rules
from linli.registry.matching.actions import region_of
from linli.registry.matching.models import Pair, PairState, SubjectKind

MOST_IN_BLOCK: Final = 30
CHUNK: Final = 2_000
Progress = Callable[[int], None]

_PEOPLE: Final = (
    ("name, birth_date", "birth_date IS NOT NULL"),
    ("id_tail, birth_date", "id_tail IS NOT NULL AND birth_date IS NOT NULL"),
    ("id_tail, name", "id_tail IS NOT NULL"),
    ("phone_digest, name", "phone_digest IS NOT NULL"),
    ("phone_digest, birth_date", "phone_digest IS NOT NULL AND birth_date IS NOT NULL"),
    ("initials, birth_date, sex", "initials <> '' AND birth_date IS NOT NULL"),
)
_BLOCK = """
INSERT INTO matching_candidate
SELECT a.id, b.id FROM (
    SELECT array_agg(id ORDER BY id) AS ids FROM people_person
    WHERE {narrow} AND {where} GROUP BY {columns} HAVING count(*) BETWEEN 2 AND %(most)s
) g, unnest(g.ids) a(id), unnest(g.ids) b(id) WHERE a.id < b.id
"""
_OTHER_BLOCKS: Final = (
    # Namesakes who live or have their hukou in one home now.
    """
    INSERT INTO matching_candidate
    SELECT DISTINCT a.id, b.id FROM (
        SELECT array_agg(DISTINCT p.id ORDER BY p.id) AS ids FROM people_residence r JOIN people_person p ON p.id = r.person_id
        WHERE r.home_id IS NOT NULL AND upper_inf(r.period) AND {narrow}
        GROUP BY r.home_id, p.name HAVING count(DISTINCT p.id) BETWEEN 2 AND %(most)s
    ) g, unnest(g.ids) a(id), unnest(g.ids) b(id) WHERE a.id < b.id
    """,
    # Somebody's former name.
    """
    INSERT INTO matching_candidate
    SELECT DISTINCT least(p.id, q.id), greatest(p.id, q.id) FROM people_person p
    JOIN people_person q ON q.name = p.former_name AND q.birth_date = p.birth_date AND q.id <> p.id
    WHERE p.former_name <> '' AND {narrow}
    """,
)
_PREPARE = "CREATE TEMP TABLE matching_candidate (a bigint NOT NULL, b bigint NOT NULL) ON COMMIT DROP"
_DISTINCT = """
CREATE TEMP TABLE matching_wanted ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY a, b) AS n, a, b FROM (
    SELECT DISTINCT c.a, c.b FROM matching_candidate c
    WHERE NOT EXISTS (SELECT 1 FROM matching_pair p WHERE p.subject = 'person' AND p."left" = c.a AND p."right" = c.b
        AND p.state IN ('same', 'different'))
) d
"""
_PARTIES = """
SELECT p.id, p.name, p.former_name, p.sex, p.birth_date, p.id_kind, p.id_number, p.phone, p.region_code,
    coalesce(r.homes, '{}'), coalesce(r.buildings, '{}')
FROM people_person p LEFT JOIN LATERAL (
    SELECT array_agg(s.home_id) AS homes, array_agg(h.building_id) AS buildings
    FROM people_residence s JOIN places_home h ON h.id = s.home_id WHERE s.person_id = p.id AND upper_inf(s.period)
) r ON TRUE
WHERE p.id = ANY(%s)
"""


def parties(ids: Iterable[int]) -> dict[int, tuple[rules.Party, str]]:
    """People as the rules compare them, with the region each counts in."""
    found: dict[int, tuple[rules.Party, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_PARTIES, [list(ids)])
        for pk, name, former, sex, born, kind, number, phone, region, homes, buildings in cursor.fetchall():
            found[pk] = (
                rules.Party(
                    name=name,
                    sound=hanzi.name_pinyin(name),
                    former_name=former,
                    sex=sex,
                    born=born,
                    id_kind=kind,
                    number=open_sealed(number, "id_number"),
                    phone=open_sealed(phone, "phone"),
                    homes=frozenset(homes),
                    buildings=frozenset(buildings),
                ),
                region,
            )
    return found


def _pairs(scope: Scope) -> Iterator[list[tuple[int, int]]]:
    """Candidate pairs of people who count in a scope, in chunks."""
    own = "region_code >= %(low)s AND region_code < %(high)s"
    params: dict[str, Any] = {"low": scope.low, "high": scope.high, "most": MOST_IN_BLOCK}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("DROP TABLE IF EXISTS pg_temp.matching_candidate, pg_temp.matching_wanted")
        cursor.execute(_PREPARE)
        for columns, where in _PEOPLE:
            cursor.execute(_BLOCK.format(narrow=own, where=where, columns=columns), params)
        for statement in _OTHER_BLOCKS:
            cursor.execute(statement.format(narrow=own.replace("region_code", "p.region_code")), params)
        cursor.execute(_DISTINCT)
        cursor.execute("SELECT count(*) FROM matching_wanted")
        count = cursor.fetchone()[0]
        for start in range(0, count, CHUNK):
            cursor.execute(
                "SELECT a, b FROM matching_wanted WHERE n > %s AND n <= %s ORDER BY n", [start, start + CHUNK]
            )
            yield cursor.fetchall()


def _as_pair(subject: str, left: int, right: int, region: str, reasons: Sequence[rules.Reason]) -> Pair:
    return Pair(
        subject=subject,
        left=left,
        right=right,
        region_code=region,
        score=rules.total(reasons),
        reasons=[one._asdict() for one in reasons],
    )


def _keep(found: Sequence[Pair]) -> int:
    """Write pairs: new ones enter the queue, known ones that are undecided get their score anew. Returns how many are new."""
    before = Pair.objects.count()
    Pair.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["subject", "left", "right"],
        update_fields=["score", "reasons", "region_code"],
        batch_size=1_000,
    )
    return Pair.objects.count() - before


def scan_people(region_code: str, *, progress: Progress = lambda _n: None) -> tuple[int, int]:
    """Look through the people of a region; returns how many pairs were weighed and how many are new in the queue. To be
    called in an action's transaction."""
    weighed = new = 0
    for chunk in _pairs(Scope.of(region_code)):
        known = parties({pk for pair in chunk for pk in pair})
        found = []
        for a, b in chunk:
            (left, left_region), (right, right_region) = known[a], known[b]
            reasons = rules.compare(left, right)
            if rules.total(reasons) >= rules.POSSIBLE:
                region = region_of(left_region, right_region)
                found.append(_as_pair(SubjectKind.PERSON, a, b, region, reasons))
        weighed += len(chunk)
        new += _keep(found)
        progress(weighed)
    return weighed, new


_FIRMS = """
SELECT id, region_code, name, kind, credit_code, contact_phone, premises_id, legal_person FROM organisations_organisation
WHERE region_code >= %s AND region_code < %s ORDER BY id
"""
_FAMILIES = """
SELECT h.id, h.region_code, h.home_id, h.number, h.kind, coalesce(max(p.name) FILTER (WHERE m.relation = '02'), ''),
    coalesce(array_agg(p.name) FILTER (WHERE p.id IS NOT NULL), '{}')
FROM people_household h
LEFT JOIN people_householdmember m ON m.household_id = h.id AND m.period @> %(on)s::date
LEFT JOIN people_person p ON p.id = m.person_id
WHERE h.home_id IN (
    SELECT home_id FROM people_household WHERE home_id IS NOT NULL AND region_code >= %(low)s AND region_code < %(high)s
    GROUP BY home_id HAVING count(*) BETWEEN 2 AND 6)
GROUP BY h.id ORDER BY h.home_id, h.id
"""


def scan_firms(region_code: str) -> int:
    """Look through the organisations of a region: those of one bare name, one phone or one home."""
    scope = Scope.of(region_code)
    blocks: dict[tuple[str, Any], list[int]] = {}
    firms: dict[int, tuple[rules.Firm, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FIRMS, [scope.low, scope.high])
        for pk, region, name, kind, code, phone, home, legal in cursor.fetchall():
            firm = rules.Firm(name, kind, code, open_sealed(phone, "phone"), home, legal)
            firms[pk] = (firm, region)
            for key in (("name", rules.bare_name(name)), ("phone", firm.phone), ("home", home)):
                if key[1]:
                    blocks.setdefault(key, []).append(pk)
    return _weigh(SubjectKind.ORGANISATION, blocks.values(), firms, rules.compare_firms)


def scan_families(region_code: str) -> int:
    """Look through the households of a region: those that share a home."""
    scope = Scope.of(region_code)
    blocks: dict[int, list[int]] = {}
    families: dict[int, tuple[rules.Family, str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_FAMILIES, {"on": timezone.localdate(), "low": scope.low, "high": scope.high})
        for pk, region, home, number, kind, head, members in cursor.fetchall():
            families[pk] = (rules.Family(home, number, kind, head, frozenset(members)), region)
            blocks.setdefault(home, []).append(pk)
    return _weigh(SubjectKind.HOUSEHOLD, blocks.values(), families, rules.compare_families)


def _weigh(
    subject: str,
    blocks: Iterable[Sequence[int]],
    known: Mapping[int, tuple[Any, str]],
    compare: Callable[[Any, Any], list[rules.Reason]],
) -> int:
    decided = set(
        Pair.objects.filter(subject=subject, state__in=[PairState.SAME, PairState.DIFFERENT]).values_list(
            "left", "right"
        )
    )
    found: dict[tuple[int, int], Pair] = {}
    for block in blocks:
        if not 2 <= len(block) <= MOST_IN_BLOCK:
            continue
        for n, a in enumerate(block):
            for b in block[n + 1 :]:
                key = (min(a, b), max(a, b))
                if key in found or key in decided:
                    continue
                reasons = compare(known[key[0]][0], known[key[1]][0])
                if rules.total(reasons) >= rules.POSSIBLE:
                    region = region_of(known[a][1], known[b][1])
                    found[key] = _as_pair(subject, *key, region, reasons)
    return _keep(list(found.values()))


_STALE = """
DELETE FROM matching_pair p WHERE p.state IN ('open', 'later') AND p.region_code >= %s AND p.region_code < %s AND (
    p.subject = 'person' AND (NOT EXISTS (SELECT 1 FROM people_person x WHERE x.id = p."left")
        OR NOT EXISTS (SELECT 1 FROM people_person x WHERE x.id = p."right"))
    OR p.subject = 'household' AND (NOT EXISTS (SELECT 1 FROM people_household x WHERE x.id = p."left")
        OR NOT EXISTS (SELECT 1 FROM people_household x WHERE x.id = p."right"))
    OR p.subject = 'organisation' AND (NOT EXISTS (SELECT 1 FROM organisations_organisation x WHERE x.id = p."left")
        OR NOT EXISTS (SELECT 1 FROM organisations_organisation x WHERE x.id = p."right")))
"""


def scan(*, acting_user: Any, region_code: str, progress: Progress = lambda _n: None) -> dict[str, int]:
    """Look for duplicates among all records of a region and put them into the queue. Safe to run twice: what was decided stays
    decided, what is known is only weighed anew."""
    with audit.action(acting_user, "matching.scan") as act:
        scope = Scope.of(region_code)
        with connection.cursor() as cursor:
            cursor.execute(_STALE, [scope.low, scope.high])
        weighed, people = scan_people(region_code, progress=progress)
        found = {
            "weighed": weighed,
            "people": people,
            "households": scan_families(region_code),
            "organisations": scan_firms(region_code),
        }
        act.record(
            None,
            f"查重：比较 {weighed:,} 对，新发现疑似重复的居民 {people:,} 对、"
            f"家庭户 {found['households']:,} 对、单位 {found['organisations']:,} 对",
            region_code=region_code,
            **found,
        )
    return found


# -- one person ------------------------------------------------------------------------------------------------


def _sealed_or_none(text: str, purpose: str) -> bytes | None:
    return digest(text, purpose) if text else None


def candidates_for(
    party: rules.Party, *, besides: int | None = None, least: int = rules.POSSIBLE
) -> list[tuple[int, int, list[rules.Reason]]]:
    """Who in the base may be this person: (number, score, reasons), the likeliest first; all hits are weighed.

    Goes by indexes only: the whole number (old numbers brought up to date), its last four characters, the phone, the name, its
    initials with the day of birth (so that names that sound alike are weighed), the homes.
    """
    number = rules.modern(citizen_number.normalise(party.number))
    params = {
        "digest": _sealed_or_none(number, "id_number"),
        "tail": _sealed_or_none(number[-4:], "id_tail"),
        "phone": _sealed_or_none(party.phone, "phone"),
        "name": party.name,
        "initials": hanzi.name_initials(party.name),
        "born": party.born,
        "homes": list(party.homes),
        "besides": besides or 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id FROM people_person WHERE id_digest = %(digest)s::bytea AND id <> %(besides)s
            UNION SELECT id FROM people_person WHERE id_tail = %(tail)s::bytea AND (name = %(name)s OR birth_date = %(born)s::date)
                AND id <> %(besides)s
            UNION SELECT id FROM people_person WHERE phone_digest = %(phone)s::bytea AND id <> %(besides)s
            UNION SELECT id FROM people_person WHERE linli_grams(name) @> linli_grams(%(name)s) AND name = %(name)s
                AND (birth_date = %(born)s::date OR birth_date IS NULL OR %(born)s::date IS NULL) AND id <> %(besides)s
            UNION SELECT id FROM people_person WHERE initials = %(initials)s AND initials <> ''
                AND birth_date = %(born)s::date AND id <> %(besides)s
            UNION SELECT r.person_id FROM people_residence r WHERE r.home_id = ANY(%(homes)s) AND upper_inf(r.period)
                AND r.person_id <> %(besides)s
            LIMIT 500
            """,
            params,
        )
        ids = [row[0] for row in cursor.fetchall()]
    weighed = [
        (pk, rules.total(reasons), reasons)
        for pk, (other, _region) in parties(ids).items()
        if rules.total(reasons := rules.compare(party, other)) >= least
    ]
    return sorted(weighed, key=lambda one: (-one[1], one[0]))


def party_from(
    *,
    name: str,
    number: str = "",
    sex: str = "0",
    born: date | None = None,
    phone: str = "",
    former_name: str = "",
    homes: Iterable[int] = (),
) -> rules.Party:
    """Somebody who is not in the base yet, as the rules compare them."""
    return rules.Party(
        name=name,
        sound=hanzi.name_pinyin(name),
        former_name=former_name,
        sex=sex,
        born=born,
        number=number,
        phone=phone,
        homes=frozenset(homes),
    )

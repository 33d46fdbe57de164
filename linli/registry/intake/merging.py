"""From the staging tables into the registry, a statement for each kind of thing. Cells that are empty change nothing.

Parameters: %(today)s. The statements of a step run in order; `counted` ones return how many rows they changed.
"""

# ruff: noqa: S608  the SQL is put together from constants
from __future__ import annotations

from typing import Final, NamedTuple

from linli.registry.intake import further_sql as sql
from linli.registry.intake.further import HOME_KEYS, LIVING, OF_PERSON


class Step(NamedTuple):
    """A step of the merge: what it is called, its statements, and the counter that its last statement adds to."""

    title: str
    statements: tuple[str, ...]
    counter: str = ""


PLACES: Final[tuple[Step, ...]] = (
    Step(
        "登记小区",
        (
            """
            DELETE FROM intake_home h WHERE NOT h.alone AND NOT EXISTS (SELECT 1 FROM intake_row r WHERE r.home = h.no)
            """,
            """
            INSERT INTO places_estate (region_code, name, initials, address, note, updated_at)
            SELECT DISTINCT ON (i.community, i.estate) i.community, i.estate, i.estate_initials, '', '', now()
            FROM intake_home i
            WHERE i.id IS NULL AND NOT EXISTS (SELECT 1 FROM places_estate e WHERE e.name = i.estate
                AND e.region_code >= i.community AND e.region_code < i.community || ':')
            ORDER BY i.community, i.estate
            """,
        ),
        "estates",
    ),
    Step(
        "登记楼栋",
        (
            """
            CREATE TEMP TABLE intake_estate ON COMMIT DROP AS
            SELECT i.community, i.estate, min(e.id) AS id FROM (SELECT DISTINCT community, estate FROM intake_home) i
            JOIN places_estate e ON e.name = i.estate AND e.region_code >= i.community AND e.region_code < i.community || ':'
            GROUP BY i.community, i.estate
            """,
            """
            INSERT INTO places_building (region_code, estate_id, name, number, position, kind, structure, address, note, updated_at)
            SELECT CASE WHEN min(i.grid) = max(i.grid) AND min(i.grid) <> '' THEN min(i.grid) ELSE i.community END,
                e.id, i.building, min(i.building_number), min(i.building_position), min(i.building_kind), '', '', '', now()
            FROM intake_home i JOIN intake_estate e USING (community, estate)
            WHERE i.id IS NULL AND NOT EXISTS (SELECT 1 FROM places_building b WHERE b.estate_id = e.id AND b.name = i.building)
            GROUP BY i.community, e.id, i.building
            ORDER BY e.id, min(i.building_position)
            """,
        ),
        "buildings",
    ),
    Step(
        "登记单元和房屋",
        (
            "ANALYZE intake_estate",
            "ANALYZE places_building (id, estate_id, name)",
            """
            UPDATE intake_home i SET building_id = b.id, is_new = true FROM intake_estate e, places_building b
            WHERE i.id IS NULL AND e.community = i.community AND e.estate = i.estate AND b.estate_id = e.id
                AND b.name = i.building
            """,
            "ANALYZE intake_home (is_new, building_id, unit)",
            """
            INSERT INTO places_unit (region_code, building_id, name, position)
            SELECT b.region_code, b.id, i.unit, min(i.unit_position)
            FROM intake_home i JOIN places_building b ON b.id = i.building_id
            WHERE i.is_new AND i.unit <> ''
                AND NOT EXISTS (SELECT 1 FROM places_unit u WHERE u.building_id = b.id AND u.name = i.unit)
            GROUP BY b.region_code, b.id, i.unit ORDER BY b.id, min(i.unit_position)
            """,
            "ANALYZE places_unit (id, building_id, name)",
            """
            UPDATE intake_home i SET unit_id = found.unit_id, region_code = coalesce(nullif(i.grid, ''), found.region_code),
                id = nextval((SELECT pg_get_serial_sequence('places_home', 'id')::regclass))
            FROM (SELECT n.no, b.region_code, u.id AS unit_id FROM intake_home n JOIN places_building b ON b.id = n.building_id
                LEFT JOIN places_unit u ON n.unit <> '' AND u.building_id = n.building_id AND u.name = n.unit
                WHERE n.is_new) found
            WHERE found.no = i.no
            """,
            f"""
            INSERT INTO places_home (id, region_code, building_id, unit_id, door, floor, position, full_address, use, tenure, area,
                owner_name, owner_phone, {sql.columns_sql(HOME_KEYS)}, updated_at)
            SELECT id, region_code, building_id, unit_id, door, coalesce(floor, guessed_floor), door_position, address,
                coalesce(nullif(use, ''), 'living'), coalesce(nullif(tenure, ''), 'unknown'), area, owner_name, owner_phone,
                {sql.values_sql(HOME_KEYS, "i")}, now()
            FROM intake_home i WHERE is_new ORDER BY building_id, unit_position, door_position
            """,
        ),
        "homes",
    ),
    Step(
        "更新房屋",
        (
            f"""
            UPDATE places_home h SET {sql.set_sql(HOME_KEYS, "i", "h")}, floor = coalesce(i.floor, h.floor), use = coalesce(nullif(i.use, ''), h.use),
                tenure = coalesce(nullif(i.tenure, ''), h.tenure), area = coalesce(i.area, h.area),
                owner_name = coalesce(nullif(i.owner_name, ''), h.owner_name),
                owner_phone = CASE WHEN i.owner_phone = '' THEN h.owner_phone ELSE i.owner_phone END,
                region_code = CASE WHEN i.grid = '' THEN h.region_code ELSE i.grid END, updated_at = now()
            FROM intake_home i
            WHERE h.id = i.id AND NOT i.is_new AND (
                i.floor <> coalesce(h.floor, 0) OR i.use NOT IN ('', h.use) OR i.tenure NOT IN ('', h.tenure)
                OR i.area IS DISTINCT FROM h.area AND i.area IS NOT NULL OR i.owner_name NOT IN ('', h.owner_name)
                OR i.owner_phone <> '' OR i.grid NOT IN ('', h.region_code) OR {sql.changed_sql(HOME_KEYS, "i", "h")})
            """,
        ),
        "homes_updated",
    ),
)

PEOPLE: Final[tuple[Step, ...]] = (
    Step(
        "登记居民",
        (
            """
            CREATE TEMP TABLE intake_who ON COMMIT DROP AS
            SELECT r.row, coalesce(m.person_id, nextval((SELECT pg_get_serial_sequence('people_person', 'id')::regclass))) AS person_id,
                m.person_id IS NULL AS is_new, r.household, h.id AS home_id, h.region_code,
                CASE WHEN r.hukou = 'home' OR at_home.yes THEN h.id END AS hukou_home,
                CASE WHEN r.hukou = 'home' OR at_home.yes THEN h.region_code ELSE r.hukou_region END AS hukou_region,
                CASE WHEN at_home.yes THEN '' ELSE r.hukou_address END AS hukou_address
            FROM (SELECT * FROM intake_row ORDER BY row) r
            JOIN intake_home h ON h.no = r.home
            LEFT JOIN intake_match m ON m.row = r.row
            CROSS JOIN LATERAL (SELECT r.hukou = 'place' AND length(r.hukou_region) >= 12
                AND left(h.region_code, 12) = left(r.hukou_region, 12) AND r.hukou_address IN ('', h.address)) at_home (yes)
            """,
            "ANALYZE intake_who (row, person_id, is_new, household)",
            f"""
            INSERT INTO people_person (id, region_code, name, initials, sex, birth_date, id_kind, id_number, id_digest, id_tail,
                ethnic, marital, political, education, employment, employer, phone, phone_digest, phone_tail,
                {sql.columns_sql(OF_PERSON)}, standing, source, note, created_at, updated_at)
            SELECT w.person_id, w.region_code, r.name, r.initials, coalesce(nullif(r.sex, ''), '0'), r.birth, r.id_kind,
                r.id_number, r.id_digest, r.id_tail, r.ethnic, r.marital, r.political, r.education, r.employment,
                r.employer, r.phone, r.phone_digest, r.phone_tail, {sql.values_sql(OF_PERSON, "r")},
                CASE WHEN w.hukou_region = '' THEN 'newcomer'
                    WHEN left(w.hukou_region, 12) = left(w.region_code, 12) THEN 'registered'
                    WHEN left(w.hukou_region, 6) = left(w.region_code, 6) THEN 'here_only' ELSE 'floating' END,
                %(source)s, r.note, now(), now()
            FROM intake_who w JOIN intake_row r ON r.row = w.row WHERE w.is_new ORDER BY w.person_id
            """,
        ),
        "new",
    ),
    Step(
        "更新居民",
        (
            f"""
            WITH changed AS (
                UPDATE people_person p SET {sql.set_sql(OF_PERSON, "r", "p")},
                    sex = coalesce(nullif(r.sex, ''), p.sex), birth_date = coalesce(r.birth, p.birth_date),
                    id_kind = CASE WHEN r.id_kind = '' THEN p.id_kind ELSE r.id_kind END,
                    id_number = CASE WHEN p.id_digest IS NULL THEN r.id_number ELSE p.id_number END,
                    id_tail = coalesce(p.id_tail, r.id_tail), id_digest = coalesce(p.id_digest, r.id_digest),
                    ethnic = coalesce(nullif(r.ethnic, ''), p.ethnic), marital = coalesce(nullif(r.marital, ''), p.marital),
                    political = coalesce(nullif(r.political, ''), p.political),
                    education = coalesce(nullif(r.education, ''), p.education),
                    employment = coalesce(nullif(r.employment, ''), p.employment),
                    employer = coalesce(nullif(r.employer, ''), p.employer),
                    phone = CASE WHEN r.phone_digest IS DISTINCT FROM p.phone_digest AND r.phone_digest IS NOT NULL
                        THEN r.phone ELSE p.phone END,
                    phone_digest = coalesce(r.phone_digest, p.phone_digest), phone_tail = coalesce(r.phone_tail, p.phone_tail),
                    note = coalesce(nullif(r.note, ''), p.note), updated_at = now()
                FROM intake_who w JOIN intake_row r ON r.row = w.row
                WHERE p.id = w.person_id AND NOT w.is_new AND (
                    r.sex NOT IN ('', p.sex) OR r.birth IS NOT NULL AND r.birth IS DISTINCT FROM p.birth_date
                    OR r.id_kind NOT IN ('', p.id_kind) OR r.id_digest IS NOT NULL AND p.id_digest IS NULL
                    OR r.ethnic NOT IN ('', p.ethnic) OR r.marital NOT IN ('', p.marital)
                    OR r.political NOT IN ('', p.political) OR r.education NOT IN ('', p.education)
                    OR r.employment NOT IN ('', p.employment) OR r.employer NOT IN ('', p.employer)
                    OR r.phone_digest IS NOT NULL AND r.phone_digest IS DISTINCT FROM p.phone_digest
                    OR r.note NOT IN ('', p.note) OR {sql.changed_sql(OF_PERSON, "r", "p")})
                RETURNING p.id)
            INSERT INTO intake_touched SELECT id FROM changed
            """,
        ),
    ),
)

_SPELL = """
CREATE TEMP TABLE intake_{kind} ON COMMIT DROP AS
SELECT w.row, w.person_id, s.id AS spell, lower(s.period) AS since, last.ended, {columns},
    CASE WHEN s.id IS NULL THEN {first}
        WHEN {begin} > coalesce(lower(s.period), '-infinity') THEN {begin} ELSE %(today)s::date END AS day
FROM intake_who w JOIN intake_row r ON r.row = w.row
LEFT JOIN people_residence s ON s.person_id = w.person_id AND s.kind = '{kind}' AND upper_inf(s.period) AND NOT isempty(s.period)
LEFT JOIN LATERAL (SELECT max(upper(o.period)) AS ended FROM people_residence o WHERE o.person_id = w.person_id
    AND o.kind = '{kind}' AND NOT upper_inf(o.period) AND NOT isempty(o.period)) last ON TRUE
WHERE NOT w.is_new AND {wanted}
"""

RESIDENCES: Final[tuple[Step, ...]] = (
    Step(
        "登记住址",
        (
            f"""
            INSERT INTO people_residence (region_code, person_id, kind, home_id, address, period, reason, hukou_nature,
                came_from, went_to, station, {sql.columns_sql(LIVING)})
            SELECT * FROM (
                SELECT w.region_code, w.person_id, 'living', w.home_id, '', daterange(r.moved_in, NULL), r.reason, '', '', '',
                    '', {sql.values_sql(LIVING, "r")}
                FROM intake_who w JOIN intake_row r ON r.row = w.row WHERE w.is_new
                UNION ALL
                SELECT w.hukou_region, w.person_id, 'hukou', w.hukou_home, w.hukou_address, daterange(NULL, NULL), '',
                    r.hukou_nature, '', '', {sql.value_sql("hukou_station", "r", "''")}, '', '', ''::bytea, NULL::date, '', NULL::date
                FROM intake_who w JOIN intake_row r ON r.row = w.row WHERE w.is_new AND r.hukou <> ''
            ) spells (region_code, person_id, kind, home_id, address, period, reason, nature, a, b, c, {", ".join(LIVING)})
            ORDER BY kind, person_id
            """,
        ),
    ),
    Step(
        "核对迁居",
        (
            _SPELL.format(
                kind="living",
                columns="w.home_id, w.region_code, r.reason, r.moved_in, r.further, s.home_id AS old_home, s.region_code AS old_region,"
                " s.address AS old_address, s.reason AS old_reason",
                begin="r.moved_in",
                first="CASE WHEN last.ended IS NULL THEN r.moved_in"
                " ELSE greatest(coalesce(r.moved_in, %(today)s::date), last.ended) END",
                wanted="TRUE",
            ),
            # They live there already: say since when and why, where that is new.
            f"""
            WITH changed AS (
                UPDATE people_residence s SET {sql.set_sql(LIVING, "l", "s")}, reason = coalesce(nullif(l.reason, ''), s.reason),
                    period = CASE WHEN l.moved_in IS NOT NULL AND l.ended IS NULL THEN daterange(l.moved_in, NULL) ELSE s.period END
                FROM intake_living l
                WHERE s.id = l.spell AND l.old_home = l.home_id AND (
                    l.reason NOT IN ('', l.old_reason) OR {sql.changed_sql(LIVING, "l", "s")}
                    OR l.moved_in IS NOT NULL AND l.ended IS NULL AND l.moved_in IS DISTINCT FROM l.since)
                RETURNING s.person_id)
            INSERT INTO intake_touched SELECT person_id FROM changed
            """,
            "DELETE FROM intake_living WHERE old_home = home_id",
            """
            INSERT INTO intake_moved SELECT person_id, row FROM intake_living
            """,
            "INSERT INTO intake_touched SELECT person_id FROM intake_living",
            # They live elsewhere: that spell ends where the new one begins; one that begins no earlier was a mistake.
            """
            UPDATE people_residence s SET period = daterange(l.since, l.day), went_to = h.full_address
            FROM intake_living l JOIN places_home h ON h.id = l.home_id
            WHERE s.id = l.spell AND coalesce(l.since, '-infinity') < l.day
            """,
            f"""
            UPDATE people_residence s SET home_id = l.home_id, region_code = l.region_code, address = '', {sql.set_sql(LIVING, "l", "s")},
                reason = coalesce(nullif(l.reason, ''), s.reason)
            FROM intake_living l WHERE s.id = l.spell AND l.since >= l.day
            """,
            f"""
            INSERT INTO people_residence (region_code, person_id, kind, home_id, address, period, reason, hukou_nature,
                came_from, went_to, {sql.columns_sql(LIVING)})
            SELECT l.region_code, l.person_id, 'living', l.home_id, '', daterange(l.day, NULL), l.reason, '',
                coalesce(h.full_address, l.old_address, ''), '', {sql.values_sql(LIVING, "l")}
            FROM intake_living l LEFT JOIN places_home h ON h.id = l.old_home
            WHERE l.spell IS NULL OR coalesce(l.since, '-infinity') < l.day
            """,
        ),
    ),
    Step(
        "核对户籍",
        (
            _SPELL.format(
                kind="hukou",
                columns="w.hukou_home AS home_id, w.hukou_region AS region_code,"
                " coalesce((SELECT h.full_address FROM places_home h WHERE h.id = w.hukou_home), w.hukou_address) AS address,"
                " r.hukou_nature AS nature, s.home_id AS old_home, s.region_code AS old_region,"
                " coalesce((SELECT h.full_address FROM places_home h WHERE h.id = s.home_id), s.address) AS old_address,"
                " s.hukou_nature AS old_nature",
                begin="%(today)s::date",
                first="CASE WHEN last.ended IS NULL THEN NULL ELSE greatest(%(today)s::date, last.ended) END",
                wanted="(r.hukou <> '' OR r.hukou_nature <> '' AND s.id IS NOT NULL)",
            ),
            # Nothing said but the nature, or the same place said less exactly: the place stays.
            """
            UPDATE intake_hukou SET home_id = old_home, region_code = old_region, address = old_address
            WHERE spell IS NOT NULL AND (region_code = '' OR home_id IS NULL AND address IN ('', old_address)
                AND starts_with(old_region, region_code)) AND (old_home IS NOT NULL OR home_id IS NULL)
            """,
            # The same place said more exactly, or another nature: the spell is put right.
            """
            WITH changed AS (
                UPDATE people_residence s SET home_id = l.home_id, region_code = l.region_code,
                    address = CASE WHEN l.home_id IS NULL THEN l.address ELSE '' END,
                    hukou_nature = coalesce(nullif(l.nature, ''), s.hukou_nature)
                FROM intake_hukou l
                WHERE s.id = l.spell AND (
                    (l.home_id, l.region_code, l.address) IS DISTINCT FROM (l.old_home, l.old_region, l.old_address)
                        AND (starts_with(l.region_code, l.old_region) AND l.old_home IS NULL AND l.old_address IN ('', l.address)
                            OR l.since >= l.day)
                    OR (l.home_id, l.region_code, l.address) IS NOT DISTINCT FROM (l.old_home, l.old_region, l.old_address)
                        AND l.nature NOT IN ('', l.old_nature))
                RETURNING s.id, s.person_id),
            done AS (DELETE FROM intake_hukou l USING changed c WHERE l.spell = c.id)
            INSERT INTO intake_touched SELECT person_id FROM changed
            """,
            """
            DELETE FROM intake_hukou WHERE spell IS NOT NULL
                AND (home_id, region_code, address) IS NOT DISTINCT FROM (old_home, old_region, old_address)
            """,
            "INSERT INTO intake_touched SELECT person_id FROM intake_hukou",
            """
            UPDATE people_residence s SET period = daterange(l.since, l.day) FROM intake_hukou l WHERE s.id = l.spell
            """,
            """
            INSERT INTO people_residence (region_code, person_id, kind, home_id, address, period, reason, dwelling, hukou_nature,
                came_from, went_to, permit_number)
            SELECT l.region_code, l.person_id, 'hukou', l.home_id, CASE WHEN l.home_id IS NULL THEN l.address ELSE '' END,
                daterange(l.day, NULL), '', '',
                coalesce(nullif(l.nature, ''), l.old_nature, ''), coalesce(l.old_address, ''), '', ''
            FROM intake_hukou l
            """,
            """
            WITH changed AS (
                UPDATE people_residence s SET station = r.further->>'hukou_station'
                FROM intake_who w JOIN intake_row r ON r.row = w.row
                WHERE r.further->>'hukou_station' IS NOT NULL AND NOT w.is_new AND s.person_id = w.person_id AND s.kind = 'hukou'
                    AND upper_inf(s.period) AND NOT isempty(s.period) AND s.station <> r.further->>'hukou_station'
                RETURNING s.person_id)
            INSERT INTO intake_touched SELECT person_id FROM changed
            """,
        ),
    ),
)

CONTACTS: Final[tuple[Step, ...]] = (
    Step(
        "登记紧急联系人",
        (
            """
            CREATE TEMP TABLE intake_contact ON COMMIT DROP AS
            SELECT w.person_id, w.region_code, w.is_new, r.further->>'contact_name' AS name,
                coalesce(decode(r.further->>'contact_phone', 'hex'), ''::bytea) AS phone,
                coalesce(r.further->>'contact_relation', '') AS how, k.id AS kin, lower(k.period) AS since, k.how AS old_how,
                coalesce(p.name, k.relative_name) IS NOT DISTINCT FROM r.further->>'contact_name' AS same, p.id AS relative
            FROM intake_row r JOIN intake_who w ON w.row = r.row
            LEFT JOIN people_kinship k ON NOT w.is_new AND k.person_id = w.person_id AND k.relation = 'contact'
                AND upper_inf(k.period) AND NOT isempty(k.period)
            LEFT JOIN people_person p ON p.id = k.relative_id
            WHERE r.further->>'contact_name' IS NOT NULL
            """,
            # The same as before: another number, or what they are to each other.
            """
            WITH changed AS (
                UPDATE people_kinship k SET how = coalesce(nullif(c.how, ''), k.how),
                    relative_phone = CASE WHEN c.phone = '' OR c.relative IS NOT NULL THEN k.relative_phone ELSE c.phone END
                FROM intake_contact c WHERE k.id = c.kin AND c.same
                    AND (c.how NOT IN ('', c.old_how) OR c.phone <> '' AND c.relative IS NULL)
                RETURNING k.person_id)
            INSERT INTO intake_touched SELECT person_id FROM changed
            """,
            "DELETE FROM intake_contact WHERE same",
            "INSERT INTO intake_touched SELECT person_id FROM intake_contact WHERE NOT is_new",
            "DELETE FROM people_kinship k USING intake_contact c WHERE k.id = c.kin AND c.since >= %(today)s::date",
            """
            UPDATE people_kinship k SET period = daterange(c.since, %(today)s::date) FROM intake_contact c WHERE k.id = c.kin
            """,
            """
            INSERT INTO people_kinship (region_code, person_id, relation, relative_name, relative_phone, how, period)
            SELECT region_code, person_id, 'contact', name, phone, how, daterange(%(today)s::date, NULL)
            FROM intake_contact ORDER BY person_id
            """,
        ),
    ),
)

HOUSEHOLDS: Final[tuple[Step, ...]] = (
    Step(
        "登记家庭户",
        (
            """
            UPDATE intake_household SET id = nextval((SELECT pg_get_serial_sequence('people_household', 'id')::regclass)), is_new = true
            WHERE id IS NULL
            """,
            """
            UPDATE people_household o SET kind = coalesce(nullif(g.kind, ''), o.kind), home_id = h.id, region_code = h.region_code,
                updated_at = now()
            FROM intake_household g JOIN intake_home h ON h.no = g.home
            WHERE o.id = g.id AND NOT g.is_new AND (g.kind NOT IN ('', o.kind) OR o.home_id IS DISTINCT FROM h.id)
            """,
            """
            INSERT INTO people_household (id, region_code, number, kind, home_id, note, updated_at)
            SELECT g.id, h.region_code, coalesce(nullif(g.number, ''), left(h.region_code, 12) || '-' || g.id),
                coalesce(nullif(g.kind, ''), CASE WHEN g.number = '' THEN 'living' ELSE 'family' END), h.id, '', now()
            FROM intake_household g JOIN intake_home h ON h.no = g.home WHERE g.is_new ORDER BY g.no
            """,
        ),
        "households",
    ),
)

MEMBERS: Final[tuple[Step, ...]] = (
    Step(
        "登记家庭成员",
        (
            # The checks have seen to one head for each household; no need to look again row by row at the end.
            "SELECT set_config('linli.heads_checked', 'yes', true)",
            """
            CREATE TEMP TABLE intake_member ON COMMIT DROP AS
            SELECT r.row, w.person_id, w.region_code, w.is_new, g.id AS household_id, g.is_new AS fresh, r.relation, r.moved_in,
                s.id AS spell, s.household_id AS old_household, s.relation AS old_relation, lower(s.period) AS since
            FROM intake_row r
            JOIN intake_who w ON w.row = r.row
            JOIN intake_household g ON g.no = r.household
            LEFT JOIN people_householdmember s ON NOT w.is_new AND s.person_id = w.person_id AND upper_inf(s.period)
                AND NOT isempty(s.period)
            """,
            "DELETE FROM intake_member WHERE household_id = old_household AND relation = old_relation",
            "INSERT INTO intake_touched SELECT person_id FROM intake_member WHERE NOT is_new",
            # A relation between two who both are not the head is put right where it stands.
            """
            UPDATE people_householdmember s SET relation = m.relation FROM intake_member m
            WHERE s.id = m.spell AND m.household_id = m.old_household AND m.relation <> '02' AND m.old_relation <> '02'
            """,
            """
            DELETE FROM intake_member WHERE household_id = old_household AND relation <> '02' AND old_relation <> '02'
            """,
            # Whoever changes household, begins or ceases to be the head gets a new spell from today.
            """
            DELETE FROM people_householdmember s USING intake_member m WHERE s.id = m.spell AND m.since >= %(today)s::date
            """,
            """
            UPDATE people_householdmember s SET period = daterange(m.since, %(today)s::date)
            FROM intake_member m WHERE s.id = m.spell
            """,
            """
            INSERT INTO people_householdmember (region_code, household_id, person_id, relation, period)
            SELECT m.region_code, m.household_id, m.person_id, m.relation, daterange(CASE
                WHEN m.spell IS NULL AND last.ended IS NULL AND heads.ended IS NULL THEN m.moved_in
                ELSE greatest(CASE WHEN m.spell IS NULL THEN coalesce(m.moved_in, %(today)s::date) ELSE %(today)s::date END,
                    last.ended, heads.ended) END, NULL)
            FROM intake_member m
            LEFT JOIN LATERAL (SELECT max(upper(o.period)) AS ended FROM people_householdmember o
                WHERE NOT m.is_new AND o.person_id = m.person_id AND NOT isempty(o.period)) last ON TRUE
            LEFT JOIN LATERAL (SELECT max(upper(o.period)) AS ended FROM people_householdmember o
                WHERE NOT m.fresh AND m.relation = '02' AND o.household_id = m.household_id AND o.relation = '02'
                AND NOT isempty(o.period)) heads ON TRUE
            ORDER BY m.household_id, m.person_id
            """,
        ),
    ),
)

TAGS: Final[tuple[Step, ...]] = (
    Step(
        "登记人群标签",
        (
            """
            WITH changed AS (
                UPDATE groups_membership s SET class_code = coalesce(nullif(t.class_code, ''), s.class_code),
                    level_code = coalesce(nullif(t.level_code, ''), s.level_code), updated_at = now()
                FROM intake_tag t JOIN intake_who w ON w.row = t.row
                WHERE s.person_id = w.person_id AND s.group_id = t.group_id AND upper_inf(s.period) AND NOT isempty(s.period)
                    AND NOT w.is_new AND (t.class_code NOT IN ('', s.class_code) OR t.level_code NOT IN ('', s.level_code))
                RETURNING s.person_id)
            INSERT INTO intake_touched SELECT person_id FROM changed
            """,
            """
            WITH made AS (
                INSERT INTO groups_membership (region_code, group_id, person_id, class_code, level_code, certificate, evidence,
                    period, source, note, updated_at)
                SELECT w.region_code, t.group_id, w.person_id, t.class_code, t.level_code, '', '',
                    daterange(last.ended, NULL), %(source)s, '', now()
                FROM intake_tag t
                JOIN intake_who w ON w.row = t.row
                LEFT JOIN LATERAL (SELECT CASE WHEN count(*) > 0 THEN greatest(max(upper(o.period)), %(today)s::date) END AS ended,
                    bool_or(upper_inf(o.period)) AS running FROM groups_membership o WHERE NOT w.is_new
                    AND o.person_id = w.person_id AND o.group_id = t.group_id AND NOT isempty(o.period)) last ON TRUE
                WHERE NOT coalesce(last.running, false)
                RETURNING person_id)
            INSERT INTO intake_touched SELECT person_id FROM made
            """,
        ),
    ),
)

# Households whose head goes to another household while others stay: (household, head, those who go as well).
LOST_HEADS: Final = """
SELECT s.household_id, s.person_id FROM people_householdmember s
JOIN intake_who w ON w.person_id = s.person_id AND NOT w.is_new
JOIN intake_household g ON g.no = w.household
WHERE s.relation = '02' AND upper_inf(s.period) AND NOT isempty(s.period) AND s.household_id <> coalesce(g.id, 0)
"""
GOING: Final = """
SELECT s.household_id, s.person_id FROM people_householdmember s
JOIN intake_who w ON w.person_id = s.person_id AND NOT w.is_new
JOIN intake_household g ON g.no = w.household
WHERE s.household_id = ANY(%s) AND upper_inf(s.period) AND NOT isempty(s.period) AND s.household_id <> coalesce(g.id, 0)
"""

EVERY: Final = (PLACES, PEOPLE, RESIDENCES, CONTACTS, HOUSEHOLDS, MEMBERS, TAGS)

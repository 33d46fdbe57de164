"""Set-based checks: what only shows when all rows, and the registry, are looked at together.

Each statement adds (row, column, sentence) to intake_wrong. Row numbers are counted from 0; sentences say them as Excel does.
"""

from __future__ import annotations

from typing import Final

# Homes that are there already, and the people who are: by number, else by name, birth date and home.
MATCH_HOMES: Final = """
UPDATE intake_home i SET id = h.id, building_id = h.building_id, unit_id = h.unit_id, region_code = h.region_code
FROM places_home h
JOIN places_building b ON b.id = h.building_id
JOIN places_estate e ON e.id = b.estate_id
LEFT JOIN places_unit u ON u.id = h.unit_id
WHERE e.region_code >= i.community AND e.region_code < i.community || ':' AND e.name = i.estate AND b.name = i.building
    AND coalesce(u.name, '') = i.unit AND h.door = i.door AND h.ended_on IS NULL
"""
MATCH_PEOPLE: Final = """
CREATE TEMP TABLE intake_match ON COMMIT DROP AS
SELECT r.row, p.id AS person_id, TRUE AS by_number FROM intake_row r JOIN people_person p ON p.id_digest = r.id_digest;
INSERT INTO intake_match
SELECT DISTINCT ON (r.row) r.row, p.id, FALSE
FROM intake_row r
JOIN intake_home h ON h.no = r.home
JOIN people_residence s ON s.home_id = h.id AND s.kind = 'living' AND upper_inf(s.period) AND NOT isempty(s.period)
JOIN people_person p ON p.id = s.person_id AND p.name = r.name AND p.birth_date = r.birth
WHERE (r.id_digest IS NULL OR p.id_digest IS NULL) AND NOT EXISTS (SELECT 1 FROM intake_match m WHERE m.row = r.row)
ORDER BY r.row, p.id
"""
# A household without number is the one its people are in already at that home; else one there that waits for its head;
# else, where the file names no head, the only one there.
MATCH_HOUSEHOLDS: Final = """
UPDATE intake_household i SET id = o.id FROM people_household o WHERE i.number <> '' AND o.number = i.number;
CREATE TEMP TABLE intake_heads ON COMMIT DROP AS
SELECT household_id, person_id FROM people_householdmember
WHERE relation = '02' AND upper_inf(period) AND NOT isempty(period)
    AND household_id IN (SELECT o.id FROM people_household o JOIN intake_home h ON h.id = o.home_id
        UNION SELECT id FROM intake_household WHERE id IS NOT NULL);
ANALYZE intake_heads;
ANALYZE intake_home (id);
ANALYZE intake_household (id);
UPDATE intake_household i SET id = found.id FROM (
    SELECT DISTINCT ON (r.household) r.household, o.id
    FROM intake_row r
    JOIN intake_household g ON g.no = r.household AND g.number = ''
    JOIN intake_match m ON m.row = r.row
    JOIN people_householdmember s ON s.person_id = m.person_id AND upper_inf(s.period) AND NOT isempty(s.period)
    JOIN people_household o ON o.id = s.household_id
    JOIN intake_home h ON h.no = r.home AND h.id = o.home_id
    ORDER BY r.household, (r.relation = '02') DESC, (s.relation = '02') DESC, o.id
) found WHERE found.household = i.no AND i.id IS NULL;
UPDATE intake_household i SET id = found.id FROM (
    SELECT g.no, min(o.id) AS id
    FROM intake_household g
    JOIN intake_home h ON h.no = g.home
    JOIN people_household o ON o.home_id = h.id
    WHERE g.number = '' AND g.id IS NULL AND NOT EXISTS (SELECT 1 FROM intake_heads d WHERE d.household_id = o.id)
        AND EXISTS (SELECT 1 FROM people_householdmember s WHERE s.household_id = o.id AND upper_inf(s.period)
            AND NOT isempty(s.period))
    GROUP BY g.no
) found WHERE found.no = i.no;
UPDATE intake_household i SET id = found.id FROM (
    SELECT g.no, min(o.id) AS id
    FROM intake_household g
    JOIN intake_home h ON h.no = g.home
    JOIN people_household o ON o.home_id = h.id
    JOIN intake_heads d ON d.household_id = o.id
    WHERE g.number = '' AND g.id IS NULL AND NOT EXISTS (SELECT 1 FROM intake_early e WHERE e.id = o.id)
        AND NOT EXISTS (SELECT 1 FROM intake_row r WHERE r.household = g.no AND r.relation = '02')
    GROUP BY g.no HAVING count(*) = 1
) found WHERE found.no = i.no;
CREATE TEMP TABLE intake_base_head ON COMMIT DROP AS
SELECT g.no, d.person_id, x.row, x.household, x.relation
FROM intake_household g
JOIN intake_heads d ON d.household_id = g.id
LEFT JOIN (intake_match m JOIN intake_row x ON x.row = m.row AND x.household > 0) ON m.person_id = d.person_id;
ANALYZE intake_base_head;
ANALYZE intake_household (id)
"""

WRONGS: Final[tuple[str, ...]] = (
    # The number belongs to somebody of another name.
    """
    INSERT INTO intake_wrong
    SELECT r.row, 'name', '这个证件号码在库里登记的是另一个姓名，请核对姓名和号码；确实改了名的，请在居民页面修改。'
    FROM intake_row r JOIN intake_match m ON m.row = r.row AND m.by_number
    JOIN people_person p ON p.id = m.person_id WHERE p.name <> r.name
    """,
    """
    INSERT INTO intake_wrong
    SELECT r.row, 'name', '这个人在库里登记为已去世（' || p.death_date || '），请核对；登记错了的，请先在居民页面改正。'
    FROM intake_row r JOIN intake_match m ON m.row = r.row JOIN people_person p ON p.id = m.person_id
    WHERE p.death_date IS NOT NULL
    """,
    """
    INSERT INTO intake_wrong
    SELECT row, 'name', '与第 ' || (first + 1) || ' 行是库里的同一个人，请删去一行。' FROM (
        SELECT row, person_id, min(row) OVER (PARTITION BY person_id) AS first FROM intake_match
    ) found WHERE row <> first
    """,
    # The people of one household live in one home: the head's, or the first row's where the file names no head.
    """
    INSERT INTO intake_wrong
    SELECT r.row, 'household', '户号 ' || g.number || ' 的人写在了不同的房屋（户主在' || h.address ||
        '），请改正地址；分开住的请另用户号。'
    FROM intake_row r JOIN intake_household g ON g.no = r.household JOIN intake_home h ON h.no = g.home
    WHERE r.home <> g.home AND g.number <> ''
    """,
    """
    INSERT INTO intake_wrong
    SELECT row, 'relation', CASE WHEN number = ''
        THEN '同一套房里第 ' || (first + 1) || ' 行已经是户主，一户只能有一位户主；住着两户的请填写户号区分。'
        ELSE '户号 ' || number || ' 第 ' || (first + 1) || ' 行已经是户主，一户只能有一位户主，请核对。' END
    FROM (
        SELECT r.row, g.number, min(r.row) OVER (PARTITION BY r.household) AS first
        FROM (
            SELECT row, household FROM intake_row r
            WHERE relation = '02' AND NOT EXISTS (SELECT 1 FROM intake_wrong w WHERE w.row = r.row)
            UNION ALL SELECT row, household FROM intake_early
        ) r JOIN intake_household g ON g.no = r.household
    ) found WHERE row <> first
    """,
    # The household number is in use where this user may not import. {allowed} is a condition on o.region_code.
    """
    INSERT INTO intake_wrong
    SELECT r.row, 'household', '户号 ' || g.number || ' 已在您负责的区域以外使用，请核对户号。'
    FROM intake_row r JOIN intake_household g ON g.no = r.household JOIN people_household o ON o.id = g.id
    WHERE NOT ({allowed}) AND o.home_id IS DISTINCT FROM (SELECT h.id FROM intake_home h WHERE h.no = g.home)
    """,
    # The base knows another head, whom the file does not give a new relation (or another household).
    """
    INSERT INTO intake_wrong
    SELECT r.row, 'relation', '库里这一户的户主是另一个人，请在表中一并写上原户主和他与新户主的关系，或改正这一行。'
    FROM intake_row r
    JOIN intake_base_head b ON b.no = r.household
    LEFT JOIN intake_match m ON m.row = r.row
    WHERE r.relation = '02' AND m.person_id IS DISTINCT FROM b.person_id
        AND (b.row IS NULL OR b.household = r.household AND b.relation = '02'
            OR EXISTS (SELECT 1 FROM intake_wrong w WHERE w.row = b.row))
        AND NOT EXISTS (SELECT 1 FROM intake_early e WHERE e.household = r.household)
    """,
    # No head in the file (refused rows counted as possible heads), and none in the base who stays head.
    """
    INSERT INTO intake_wrong
    SELECT r.row, 'relation', CASE WHEN g.number = ''
        THEN '这套房里的人没有户主，请把其中一位的与户主关系写成“户主”。'
        ELSE '户号 ' || g.number || ' 没有户主，请把其中一位的与户主关系写成“户主”。' END
    FROM (
        SELECT g.no, g.number FROM intake_household g
        LEFT JOIN intake_row x ON x.household = g.no AND x.relation = '02'
        LEFT JOIN intake_base_head b ON b.no = g.no AND b.row IS NULL
        WHERE NOT g.pending AND x.row IS NULL AND b.no IS NULL
    ) g JOIN intake_row r ON r.household = g.no
    WHERE NOT EXISTS (SELECT 1 FROM intake_wrong w WHERE w.row = r.row)
    """,
)

DROP_WRONG: Final = """
DELETE FROM intake_row r USING intake_wrong w WHERE w.row = r.row;
DELETE FROM intake_tag t USING intake_wrong w WHERE w.row = t.row;
DELETE FROM intake_match m USING intake_wrong w WHERE w.row = m.row;
DELETE FROM intake_household g WHERE NOT EXISTS (SELECT 1 FROM intake_row r WHERE r.household = g.no)
"""

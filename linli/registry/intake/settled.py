"""Families that can be registered before the last row is read, because no row to come can change what becomes of them.

Such a family is new altogether: its home, its household and all of its people are not in the registry, its rows so far name
exactly one head, write one home, and none was refused. Whatever a later row says of the same home or household then meets it as
something the registry knows. Everybody else waits in intake_later.
"""

from __future__ import annotations

from typing import Final

# The rows that must wait leave the staging tables; homes and households without other rows go with them.
# MATCH_HOMES comes first.
SET_ASIDE: Final = """
CREATE TEMP TABLE intake_unsettled ON COMMIT DROP AS
SELECT g.no
FROM intake_household g
JOIN intake_row r ON r.household = g.no
LEFT JOIN intake_home h ON h.no = g.home
LEFT JOIN people_person p ON p.id_digest = r.id_digest
GROUP BY g.no
HAVING bool_or(g.pending) OR bool_or(h.no IS NULL OR h.id IS NOT NULL) OR bool_or(r.home <> g.home) OR bool_or(p.id IS NOT NULL)
    OR count(*) FILTER (WHERE r.relation = '02') <> 1
UNION SELECT g.no FROM intake_household g JOIN people_household o ON g.number <> '' AND o.number = g.number
UNION SELECT household FROM intake_later
UNION SELECT 0;
WITH waiting AS (
    DELETE FROM intake_row r USING intake_unsettled u WHERE r.household = u.no RETURNING r.*
) INSERT INTO intake_later SELECT * FROM waiting;
WITH waiting AS (
    DELETE FROM intake_tag t USING intake_later l WHERE t.row = l.row RETURNING t.*
) INSERT INTO intake_later_tag SELECT * FROM waiting;
DELETE FROM intake_household g USING intake_unsettled u WHERE g.no = u.no;
UPDATE intake_home SET alone = false;
DROP TABLE intake_unsettled;
ANALYZE intake_row (row, home, household, relation, id_digest);
CREATE TEMP TABLE intake_match (row integer, person_id bigint, by_number boolean) ON COMMIT DROP
"""

# The staging tables are empty again; the heads that are in are remembered.
REMEMBER: Final = """
INSERT INTO intake_early SELECT r.row, r.household, g.id
FROM intake_row r JOIN intake_household g ON g.no = r.household WHERE r.relation = '02';
TRUNCATE intake_row, intake_tag, intake_home, intake_household, intake_touched;
DROP TABLE intake_match, intake_estate, intake_who, intake_living, intake_hukou, intake_contact, intake_member
"""

TAKE_BACK: Final = """
INSERT INTO intake_row SELECT * FROM intake_later;
INSERT INTO intake_tag SELECT * FROM intake_later_tag;
ANALYZE intake_early
"""

# Households of this file that are in already.
KNOWN_HOUSEHOLDS: Final = (
    "UPDATE intake_household i SET id = e.id FROM intake_early e WHERE e.household = i.no"
)

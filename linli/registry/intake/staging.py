"""The staging tables: what was read, on its way into the registry. They live for one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from linli.kernel import hanzi
from linli.registry.intake.rules.facts import HomeFacts, PersonFacts
from linli.registry.places import rules as places
from linli.registry.places.addresses import full_address

TABLES: Final = """
CREATE TEMP TABLE intake_row (
    row integer NOT NULL, home integer NOT NULL, household integer NOT NULL, relation text NOT NULL,
    name text NOT NULL, initials text NOT NULL, id_kind text NOT NULL, id_number bytea NOT NULL, id_digest bytea,
    id_tail bytea, sex text NOT NULL, birth date, ethnic text NOT NULL, marital text NOT NULL, political text NOT NULL,
    education text NOT NULL, employment text NOT NULL, employer text NOT NULL, phone bytea NOT NULL, phone_digest bytea,
    phone_tail bytea, moved_in date, hukou text NOT NULL, hukou_region text NOT NULL, hukou_address text NOT NULL,
    hukou_nature text NOT NULL, reason text NOT NULL, note text NOT NULL,
    further jsonb
) ON COMMIT DROP;
CREATE TEMP TABLE intake_tag (
    row integer NOT NULL, group_id bigint NOT NULL, class_code text NOT NULL, level_code text NOT NULL
) ON COMMIT DROP;
CREATE TEMP TABLE intake_home (
    no integer PRIMARY KEY, row integer NOT NULL, community text COLLATE "C" NOT NULL, grid text COLLATE "C" NOT NULL,
    estate text NOT NULL, building text NOT NULL, building_number text NOT NULL, building_kind text NOT NULL,
    building_position integer NOT NULL, unit text NOT NULL, unit_position integer NOT NULL, door text NOT NULL,
    door_position integer NOT NULL, floor integer, guessed_floor integer, use text NOT NULL, tenure text NOT NULL,
    area numeric, owner_name text NOT NULL, owner_phone bytea NOT NULL, address text NOT NULL,
    estate_initials text NOT NULL, further jsonb, alone boolean NOT NULL, id bigint, building_id bigint, unit_id bigint, region_code text COLLATE "C", is_new boolean NOT NULL DEFAULT false
) ON COMMIT DROP;
CREATE TEMP TABLE intake_household (
    no integer PRIMARY KEY, number text COLLATE "C" NOT NULL, kind text NOT NULL, pending boolean NOT NULL,
    home integer, id bigint, is_new boolean NOT NULL DEFAULT false
) ON COMMIT DROP;
CREATE TEMP TABLE intake_later (LIKE intake_row) ON COMMIT DROP;
CREATE TEMP TABLE intake_later_tag (LIKE intake_tag) ON COMMIT DROP;
CREATE TEMP TABLE intake_early (row integer NOT NULL, household integer NOT NULL, id bigint NOT NULL) ON COMMIT DROP;
CREATE TEMP TABLE intake_wrong (row integer NOT NULL, key text NOT NULL, reason text NOT NULL) ON COMMIT DROP;
CREATE TEMP TABLE intake_touched (person_id bigint NOT NULL) ON COMMIT DROP;
CREATE TEMP TABLE intake_moved (person_id bigint NOT NULL, row integer NOT NULL) ON COMMIT DROP
"""

# For this transaction: joins in memory, no compiling of statements that run once, and search indexes filled in one go.
SETTINGS: Final = """
SET LOCAL work_mem = '64MB';
SET LOCAL jit = off;
SET LOCAL gin_pending_list_limit = '128MB';
SET LOCAL maintenance_work_mem = '128MB'
"""
TIDY: Final = (
    "SELECT gin_clean_pending_list('person_name_grams'), gin_clean_pending_list('home_address_grams')"
)

# What an import before in the same transaction has left (in tests, and at the second attempt nothing).
CLEAR: Final = "DROP TABLE IF EXISTS " + ", ".join(
    f"pg_temp.intake_{name}"
    for name in (
        *("row", "tag", "home", "household", "wrong", "touched", "moved", "match", "heads", "estate", "who"),
        *("living", "hukou", "contact", "member", "base_head", "later", "later_tag", "early", "unsettled"),
    )
)
ROW_COPY: Final = "COPY intake_row FROM STDIN"
TAG_COPY: Final = "COPY intake_tag FROM STDIN"
HOME_COPY: Final = (
    "COPY intake_home (no, row, community, grid, estate, building, building_number, building_kind, building_position, "
    "unit, unit_position, door, door_position, floor, guessed_floor, use, tenure, area, owner_name, owner_phone, address, "
    "estate_initials, further, alone) FROM STDIN"
)
HOUSEHOLD_COPY: Final = "COPY intake_household (no, home, number, kind, pending) FROM STDIN"

_NULL = "\\N"


def escape(text: str) -> str:
    """A text without control characters as COPY takes it."""
    return text.replace("\\", "\\\\") if "\\" in text else text


def person_words(p: PersonFacts) -> str:
    """A person as a line of COPY, without the first three columns: the numbers of row, home and household."""
    return (
        f"{p.relation}\t{escape(p.name)}\t{p.initials}\t{p.id_kind}\t"
        f"\\\\x{p.id_number.hex()}\t{_bytes(p.id_digest)}\t{_bytes(p.id_tail)}\t{p.sex}\t{p.birth or _NULL}\t{p.ethnic}\t"
        f"{p.marital}\t{p.political}\t{p.education}\t{p.employment}\t{escape(p.employer)}\t\\\\x{p.phone.hex()}\t"
        f"{_bytes(p.phone_digest)}\t{_bytes(p.phone_tail)}\t{p.moved_in or _NULL}\t{p.hukou}\t{p.hukou_region}\t"
        f"{escape(p.hukou_address)}\t{p.hukou_nature}\t{p.reason}\t{escape(p.note)}\t{escape(p.further) or _NULL}\n"
    )


def tag_lines(row: int, tags: Iterable[tuple[int, str, str]]) -> Iterable[str]:
    """A person's tags as lines of COPY."""
    for group, class_code, level_code in tags:
        yield f"{row}\t{group}\t{class_code}\t{level_code}\n"


def home_line(home: HomeFacts, alone: bool, owner_phone: bytes, further: str = "") -> str:
    """A home as a line of COPY, with what follows from its names: the order it stands in and the spoken address.

    `alone`: a row names the home without anybody in it. `owner_phone` is sealed, `further` the JSON of the columns beyond the usual.
    """
    kind = "bungalow" if "平房" in home.building or "排" in home.building else "residential"
    values: tuple[Any, ...] = (
        home.number,
        home.row,
        home.community,
        home.grid,
        home.estate,
        home.building,
        places.number_of(home.building),
        kind,
        places.natural(home.building),
        home.unit,
        places.natural(home.unit),
        home.door,
        places.natural(home.door),
        home.floor,
        places.floor_of_door(home.door),
        home.use,
        home.tenure,
        home.area,
        home.owner_name,
    )
    address = full_address(home.estate, home.building, home.unit, home.door)
    return (
        "\t".join(_NULL if v is None else escape(str(v)) for v in values)
        + f"\t{_bytes(owner_phone)}\t{escape(address)}\t{escape(_initials(home.estate))}\t{escape(further) or _NULL}\t"
        f"{'t' if alone else 'f'}\n"
    )


@lru_cache(maxsize=4096)
def _initials(name: str) -> str:
    return hanzi.initials(name)


def _bytes(value: bytes | None) -> str:
    return _NULL if value is None else f"\\\\x{value.hex()}"

"""Who looks after what on a day, and where nobody does. One statement an answer, however large the area."""

# ruff: noqa: S608  put together from constants of this file; what is asked for are parameters
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.db import connection

from linli.facts import kept
from linli.kernel.scope import Scope
from linli.registry.networks import rules
from linli.registry.networks.models import Kind, NetworkPost

# Buildings that people live in, staircase by staircase; homes outside units are a staircase of their own.
_STAIRS = """
stairs AS (
    SELECT h.building_id, h.unit_id, min(h.region_code) AS region_code, count(*) AS homes
    FROM places_home h
    WHERE h.use = 'living' AND (h.began_on IS NULL OR h.began_on <= %(on)s::date)
        AND (h.ended_on IS NULL OR h.ended_on > %(on)s::date) AND {inside}
    GROUP BY h.building_id, h.unit_id
)"""
_HOUSEHOLDS = """
houses AS (
    SELECT o.home_id, h.building_id, h.unit_id, h.region_code, count(*) AS households
    FROM people_household o JOIN places_home h ON h.id = o.home_id
    WHERE {inside} AND EXISTS (
        SELECT 1 FROM people_householdmember m WHERE m.household_id = o.id AND m.period @> %(on)s::date)
    GROUP BY o.home_id, h.building_id, h.unit_id, h.region_code
)"""
_HELD = """
held AS (
    SELECT p.id, p.kind, p.name, p.region_code, c.building_id, c.unit_id, c.home_id
    FROM networks_networkpost p JOIN networks_cover c ON c.post_id = p.id
    WHERE p.period @> %(on)s::date AND {posts}
)"""
_MEETS = """{held}.building_id = {place}.building_id AND ({held}.unit_id IS NULL OR {held}.unit_id = {place}.unit_id)"""


def _inside(column: str, scopes: Iterable[Scope], params: dict[str, Any]) -> str:
    """SQL for a region key in one of the scopes."""
    parts = []
    for number, scope in enumerate(scopes):
        params[f"lo{number}"], params[f"hi{number}"] = scope.low, scope.high
        parts.append(f"({column} >= %(lo{number})s AND {column} < %(hi{number})s)")
    return f"({' OR '.join(parts) or 'FALSE'})"


def _rows(sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@dataclass
class Standing:
    """How the networks of a region stand on a day."""

    region_code: str
    households: int = 0
    stairs: int = 0
    stairs_held: int = 0
    grids: int = 0
    grids_held: int = 0
    groups: int = 0
    groups_over: int = 0
    households_held: int = 0

    @property
    def stairs_open(self) -> int:
        """Staircases without a door head."""
        return self.stairs - self.stairs_held

    @property
    def grids_open(self) -> int:
        """Grids without a worker."""
        return self.grids - self.grids_held

    @property
    def households_open(self) -> int:
        """Households that no group leader looks after."""
        return self.households - self.households_held

    @property
    def leaders_missing(self) -> int:
        """How many group leaders these households would need."""
        return rules.leaders_needed(self.households_open)

    @property
    def representatives(self) -> tuple[int, int]:
        """The least and the most residents' representatives that the law allows (Art. 13)."""
        return rules.representatives(self.households)

    @property
    def gaps(self) -> int:
        """Everything that is missing, counted."""
        return self.stairs_open + self.grids_open + self.groups_over + self.leaders_missing


def standing(scopes: Sequence[Scope], on: date, length: int = 12) -> dict[str, Standing]:
    """How the networks stand on a day in each region of that key length (12: communities, 15: grids)."""
    params: dict[str, Any] = {"on": on, "length": length}
    homes, posts, grids = (
        _inside(c, scopes, params) for c in ("h.region_code", "p.region_code", "g.region_code")
    )
    households = f"""
WITH {_HOUSEHOLDS.format(inside=homes)}, {_HELD.format(posts=f"p.kind = 'group_leader' AND {posts}")}, covered AS (
    SELECT DISTINCT o.home_id FROM houses o JOIN held ON {_MEETS.format(held="held", place="o")}
        AND (held.home_id IS NULL OR held.home_id = o.home_id)
)
SELECT left(o.region_code, %(length)s) AS region, sum(o.households) AS households,
    sum(o.households) FILTER (WHERE c.home_id IS NOT NULL) AS held
FROM houses o LEFT JOIN covered c ON c.home_id = o.home_id GROUP BY 1"""
    stairs = f"""
WITH {_STAIRS.format(inside=homes)}, {_HELD.format(posts=f"p.kind = 'door_head' AND {posts}")}, covered AS (
    SELECT DISTINCT s.building_id, s.unit_id FROM stairs s JOIN held ON {_MEETS.format(held="held", place="s")}
)
SELECT left(s.region_code, %(length)s) AS region, count(*) AS stairs, count(c.building_id) AS held
FROM stairs s LEFT JOIN covered c ON c.building_id = s.building_id AND c.unit_id IS NOT DISTINCT FROM s.unit_id
GROUP BY 1"""
    found: dict[str, Standing] = {}

    def at(region: str) -> Standing:
        return found.setdefault(region, Standing(region))

    for row in _rows(households, params):
        at(row["region"]).households, at(row["region"]).households_held = (
            int(row["households"]),
            int(row["held"] or 0),
        )
    for row in _rows(stairs, params):
        at(row["region"]).stairs, at(row["region"]).stairs_held = row["stairs"], row["held"]
    for row in _rows(
        f"SELECT left(g.region_code, %(length)s) AS region, g.region_code AS grid, {_WORKED} AS held {_GRIDS} AND {grids}",
        params,
    ):
        one = at(row["region"])
        one.grids += 1
        one.grids_held += row["held"]
    for group in groups(scopes, on):
        one = at(group.region_code[:length])
        one.groups += 1
        one.groups_over += group.households > rules.HOUSEHOLDS_A_GROUP
    return found


COUNTS = "networks"
_COUNTED = tuple(one.name for one in fields(Standing) if one.name != "region_code")


def counted(scopes: Sequence[Scope], on: date) -> dict[str, kept.Numbers]:
    """How the networks stand by community, as plain numbers to be kept."""
    return {
        code: {name: getattr(one, name) for name in _COUNTED} for code, one in standing(scopes, on).items()
    }


def standings(scopes: Sequence[Scope], on: date) -> tuple[list[Standing], datetime | None]:
    """How the networks of each community stand on a day, and when that was counted where it was kept."""
    found = kept.read(COUNTS, scopes, on)
    return [Standing(code, **numbers) for code, numbers in sorted(found.numbers.items())], found.at


def total(rows: Iterable[Standing]) -> Standing:
    """Several communities together."""
    found = Standing("")
    for row in rows:
        for name in _COUNTED:
            setattr(found, name, getattr(found, name) + getattr(row, name))
    return found


# A grid has a worker where a user holds that post there, or where somebody is recorded as such.
_WORKED = """(EXISTS (SELECT 1 FROM access_post a WHERE a.role = 'grid_worker' AND a.region_code = g.region_code
        AND a.valid_from <= %(on)s::date AND (a.valid_to IS NULL OR a.valid_to > %(on)s::date))
    OR EXISTS (SELECT 1 FROM networks_networkpost w WHERE w.kind = 'grid_worker' AND w.region_code = g.region_code
        AND w.period @> %(on)s::date))"""
_GRIDS = """FROM regions_region g WHERE g.level = 6 AND (g.valid_from IS NULL OR g.valid_from <= %(on)s::date)
    AND (g.valid_to IS NULL OR g.valid_to > %(on)s::date)"""


def officers(region_code: str, on: date) -> list[NetworkPost]:
    """The police officers of a place on a day: of its grid where one is named there, else of its community."""
    held = list(
        NetworkPost.objects.filter(
            kind=Kind.POLICE, region_code__in={region_code, region_code[:12]}, period__contains=on
        ).order_by("pk")
    )
    return [one for one in held if one.region_code == region_code] or held


@dataclass(frozen=True)
class Stair:
    """A staircase that no door head looks after."""

    building_id: int
    unit_id: int | None
    building: str
    unit: str
    homes: int


def open_stairs(region_code: str, on: date) -> list[Stair]:
    """The staircases of a region without a door head, in the order of the buildings."""
    params: dict[str, Any] = {"on": on}
    scopes = [Scope.of(region_code)]
    homes, posts = (_inside(c, scopes, params) for c in ("h.region_code", "p.region_code"))
    params["community"] = region_code[:12]
    posts = "p.region_code >= %(community)s AND p.region_code < %(community)s || ':'"
    sql = f"""
WITH {_STAIRS.format(inside=homes)}, {_HELD.format(posts=f"p.kind = 'door_head' AND {posts}")}
SELECT s.building_id, s.unit_id, e.name || b.name AS building, coalesce(u.name, '') AS unit, s.homes
FROM stairs s JOIN places_building b ON b.id = s.building_id JOIN places_estate e ON e.id = b.estate_id
    LEFT JOIN places_unit u ON u.id = s.unit_id
WHERE NOT EXISTS (SELECT 1 FROM held WHERE {_MEETS.format(held="held", place="s")})
ORDER BY e.name, b.position, b.id, u.position NULLS LAST"""
    return [Stair(**row) for row in _rows(sql, params)]


@dataclass(frozen=True)
class OpenHouses:
    """A building some of whose households no group leader looks after."""

    building_id: int
    building: str
    households: int


def open_houses(region_code: str, on: date) -> list[OpenHouses]:
    """The buildings of a region with households that no group leader looks after."""
    params: dict[str, Any] = {"on": on, "community": region_code[:12]}
    homes = _inside("h.region_code", [Scope.of(region_code)], params)
    posts = "p.region_code >= %(community)s AND p.region_code < %(community)s || ':'"
    sql = f"""
WITH {_HOUSEHOLDS.format(inside=homes)}, {_HELD.format(posts=f"p.kind = 'group_leader' AND {posts}")}
SELECT o.building_id, e.name || b.name AS building, sum(o.households)::int AS households
FROM houses o JOIN places_building b ON b.id = o.building_id JOIN places_estate e ON e.id = b.estate_id
WHERE NOT EXISTS (SELECT 1 FROM held WHERE {_MEETS.format(held="held", place="o")}
    AND (held.home_id IS NULL OR held.home_id = o.home_id))
GROUP BY o.building_id, e.name, b.name, b.position, b.id ORDER BY e.name, b.position, b.id"""
    return [OpenHouses(**row) for row in _rows(sql, params)]


def open_grids(region_code: str, on: date) -> list[str]:
    """The keys of the grids of a region without a worker."""
    params: dict[str, Any] = {"on": on}
    inside = _inside("g.region_code", [Scope.of(region_code)], params)
    rows = _rows(
        f"SELECT g.region_code {_GRIDS} AND {inside} AND NOT {_WORKED} ORDER BY g.region_code", params
    )
    return [row["region_code"] for row in rows]


@dataclass(frozen=True)
class Group:
    """A leader's group on a day, and how many households it has."""

    post_id: int
    region_code: str
    name: str
    group: str
    households: int


def groups(scopes: Sequence[Scope], on: date, post_ids: Sequence[int] | None = None) -> list[Group]:
    """The groups of households of these areas on a day."""
    params: dict[str, Any] = {"on": on, "ids": list(post_ids) if post_ids is not None else None}
    posts = _inside("p.region_code", scopes, params)
    chosen = "AND p.id = ANY(%(ids)s)" if post_ids is not None else ""
    sql = f"""
WITH chosen AS (
    SELECT p.id, p.region_code, p.name, p."group" FROM networks_networkpost p
    WHERE p.kind = 'group_leader' AND p.period @> %(on)s::date AND {posts} {chosen}
), theirs AS (
    SELECT DISTINCT p.id, h.id AS home_id FROM chosen p JOIN networks_cover c ON c.post_id = p.id
    JOIN places_home h ON h.building_id = c.building_id AND (c.unit_id IS NULL OR h.unit_id = c.unit_id)
        AND (c.home_id IS NULL OR h.id = c.home_id)
), counted AS (
    SELECT t.id, count(*) AS households FROM theirs t JOIN people_household o ON o.home_id = t.home_id
    WHERE EXISTS (SELECT 1 FROM people_householdmember m WHERE m.household_id = o.id AND m.period @> %(on)s::date)
    GROUP BY t.id
)
SELECT p.id AS post_id, p.region_code, p.name, p."group", coalesce(c.households, 0)::int AS households
FROM chosen p LEFT JOIN counted c ON c.id = p.id ORDER BY p.region_code, p.id"""
    return [Group(**row) for row in _rows(sql, params)]


@dataclass
class OnChart:
    """What the chart of a building says of its networks: by unit (None: outside units), and of the whole building."""

    door_heads: dict[int | None, str] = field(default_factory=dict)
    leaders: dict[int | None, list[str]] = field(default_factory=dict)


def on_chart(building_id: int, on: date) -> OnChart:
    """Who looks after the staircases of a building. A head of the whole building stands at None and holds everywhere."""
    sql = """
SELECT p.kind, p.name, c.unit_id FROM networks_cover c JOIN networks_networkpost p ON p.id = c.post_id
WHERE c.building_id = %(building)s AND p.period @> %(on)s::date ORDER BY p.id"""
    found = OnChart()
    for row in _rows(sql, {"building": building_id, "on": on}):
        if row["kind"] == Kind.DOOR_HEAD:
            found.door_heads.setdefault(row["unit_id"], row["name"])
        elif row["kind"] == Kind.GROUP_LEADER:
            names = found.leaders.setdefault(row["unit_id"], [])
            if row["name"] not in names:
                names.append(row["name"])
    return found


def gaps_by_building(building_ids: Sequence[int], on: date, user: Any) -> dict[int, int]:
    """How many staircases of each building lack a door head, and how many a group leader, added."""
    sql = f"""
WITH {_STAIRS.format(inside="h.building_id = ANY(%(buildings)s)")}, held AS (
    SELECT DISTINCT s.building_id, s.unit_id, p.kind FROM networks_cover c
    JOIN networks_networkpost p ON p.id = c.post_id AND p.period @> %(on)s::date AND p.kind IN ('door_head', 'group_leader')
    JOIN stairs s ON s.building_id = c.building_id AND (c.unit_id IS NULL OR c.unit_id = s.unit_id)
), counted AS (SELECT building_id, count(*) AS held FROM held GROUP BY building_id)
SELECT s.building_id, (2 * count(*) - coalesce(min(c.held), 0))::int AS gaps
FROM stairs s LEFT JOIN counted c ON c.building_id = s.building_id GROUP BY s.building_id"""
    return {
        row["building_id"]: row["gaps"] for row in _rows(sql, {"on": on, "buildings": list(building_ids)})
    }

"""Putting buildings under another grid or community: everything in them goes along, set-based, in the caller's transaction.

This is the one way in which the region order key of a place changes after it was made. Grids that are drawn or picked, a
building whose grid is corrected, and the adjustment of communities all end here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction

from linli.access import guard
from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region
from linli.registry.places import occupancy, rules
from linli.registry.places.models import Building, Estate, EstateManagement

COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
EDIT = Permission.EDIT_PLACES


@dataclass(frozen=True)
class Rekeyed:
    """What was put elsewhere: buildings and homes; estates that went along whole, and those that were divided."""

    buildings: int = 0
    homes: int = 0
    estates_moved: int = 0
    estates_divided: int = 0

    def __bool__(self) -> bool:
        return bool(self.buildings)


_LOCK = "SELECT id FROM places_building WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
_BUILDINGS = """
UPDATE places_building b SET region_code = w.region, updated_at = now()
FROM unnest(%s::bigint[], %s::text[]) AS w(id, region) WHERE b.id = w.id AND b.region_code <> w.region
RETURNING b.id
"""
_UNITS = """
UPDATE places_unit u SET region_code = b.region_code FROM places_building b
WHERE b.id = u.building_id AND b.id = ANY(%s) AND u.region_code <> b.region_code
"""
_HOMES = """
UPDATE places_home h SET region_code = b.region_code FROM places_building b
WHERE b.id = h.building_id AND b.id = ANY(%s) AND h.region_code <> b.region_code
RETURNING h.id
"""
# Estates of these buildings, the communities that their buildings lie in now, and how many there are of each.
_SPREAD = f"""
SELECT e.id, left(e.region_code, {COMMUNITY}), left(b.region_code, {COMMUNITY}), array_agg(b.id)
FROM places_estate e JOIN places_building b ON b.estate_id = e.id
WHERE e.id IN (SELECT estate_id FROM places_building WHERE id = ANY(%s))
GROUP BY e.id, e.region_code, left(b.region_code, {COMMUNITY})
"""  # noqa: S608  a constant length
_NAMESAKE = f"""
SELECT o.id FROM places_estate o JOIN places_estate e ON e.id = %s
WHERE o.name = e.name AND o.id <> e.id AND left(o.region_code, {COMMUNITY}) = %s LIMIT 1
"""  # noqa: S608  a constant length


def rekey(wanted: Mapping[int, str]) -> Rekeyed:
    """Give buildings (by id) the region order key of a grid or community, with their units, homes, and all that the rooms
    above keep of them.

    The caller has asked permission and records the deed. An estate whose buildings all leave for one community goes along; one
    that is cut by the new border is divided: the buildings beyond it belong to an estate of the same name there, so that
    every estate lies in one community and no address changes.
    """
    if not wanted:
        return Rekeyed()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted(wanted)])
        cursor.execute(_BUILDINGS, [list(wanted), list(wanted.values())])
        moved = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(_UNITS, [list(wanted)])
        cursor.execute(_HOMES, [list(wanted)])
        homes = [pk for (pk,) in cursor.fetchall()]
    along, divided = _settle_estates(moved)
    occupancy.followed(homes)
    occupancy.buildings_followed(moved)
    return Rekeyed(len(moved), len(homes), along, divided)


def _settle_estates(building_ids: list[int]) -> tuple[int, int]:
    """Keep every estate in one community. Returns how many went along and how many were divided."""
    if not building_ids:
        return 0, 0
    spread: dict[int, dict[str, list[int]]] = {}
    at: dict[int, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD, [building_ids])
        for estate_id, home_community, community, ids in cursor.fetchall():
            spread.setdefault(estate_id, {})[community] = ids
            at[estate_id] = home_community
    along = divided = 0
    for estate_id, parts in sorted(spread.items()):
        if set(parts) == {at[estate_id]}:
            continue
        if at[estate_id] in parts or len(parts) > 1:
            stays = at[estate_id] if at[estate_id] in parts else max(parts, key=lambda one: len(parts[one]))
            divided += 1
        else:
            (stays,) = parts
            along += 1
        if stays != at[estate_id] and not _join_namesake(estate_id, stays, parts.pop(stays)):
            with connection.cursor() as cursor:
                cursor.execute("UPDATE places_estate SET region_code = %s WHERE id = %s", [stays, estate_id])
        for community, ids in parts.items():
            if community != stays and not _join_namesake(estate_id, community, ids):
                _divide(estate_id, community, ids)
    return along, divided


def _join_namesake(estate_id: int, community: str, building_ids: list[int]) -> bool:
    """Give buildings to the estate of the same name in a community; False where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMESAKE, [estate_id, community])
        row = cursor.fetchone()
        if row is None:
            return False
        try:
            with transaction.atomic():
                cursor.execute(
                    "UPDATE places_building SET estate_id = %s WHERE id = ANY(%s)", [row[0], building_ids]
                )
        except IntegrityError as error:
            raise RuleError(
                f"{names.title(community)}已有同名的小区，里面也有同名的楼栋。请先给其中一个小区改名，再调整。"
            ) from error
    _drop_if_bare(estate_id)
    return True


def _drop_if_bare(estate_id: int) -> None:
    """An estate that was divided before and has come together again leaves no empty namesake behind."""
    estate = Estate.objects.filter(pk=estate_id).first()
    if estate is None or estate.buildings.exists():
        return
    for relation in Estate._meta.related_objects:
        found: Any = relation.related_model
        if found is EstateManagement or hasattr(found, "pgh_tracked_model"):
            continue
        if found._base_manager.filter(**{relation.field.name: estate_id}).exists():
            return
    EstateManagement.objects.filter(estate_id=estate_id).delete()
    estate.delete()


_TWIN = """
INSERT INTO places_estate ({columns}) SELECT {values} FROM places_estate WHERE id = %s RETURNING id
"""
_TWIN_MANAGEMENT = """
INSERT INTO places_estatemanagement ({columns}) SELECT {values} FROM places_estatemanagement WHERE estate_id = %s
"""


def _divide(estate_id: int, community: str, building_ids: list[int]) -> None:
    """A second estate of the same name, under the same management, takes the buildings that lie in another community now."""
    with connection.cursor() as cursor:
        columns = [f.column for f in Estate._meta.concrete_fields if f.column and f.column != "id"]
        values = ["%s" if one == "region_code" else one for one in columns]
        cursor.execute(
            _TWIN.format(columns=", ".join(columns), values=", ".join(values)), [community, estate_id]
        )
        twin = cursor.fetchone()[0]
        columns = [f.column for f in EstateManagement._meta.concrete_fields if f.column and f.column != "id"]
        values = ["%s" if one in ("region_code", "estate_id") else one for one in columns]
        given = [
            {"region_code": community, "estate_id": twin}[c]
            for c in columns
            if c in ("region_code", "estate_id")
        ]
        cursor.execute(
            _TWIN_MANAGEMENT.format(columns=", ".join(columns), values=", ".join(values)), [*given, estate_id]
        )
        cursor.execute("UPDATE places_building SET estate_id = %s WHERE id = ANY(%s)", [twin, building_ids])


def assign_buildings(
    *, acting_user: Any, building_ids: Iterable[int], region_code: str, reason: str = ""
) -> Rekeyed:
    """Put buildings under a grid of their community, or under the community itself (no grid).

    Raises RuleError for a grid of another community: that is an adjustment of communities, with a plan and a date.
    """
    ids = sorted(set(building_ids))
    guard.require(acting_user, EDIT, region_code)
    found = Region.objects.filter(region_code=region_code, valid_to__isnull=True).first()
    if found is None or found.level not in (Level.COMMUNITY, Level.GRID):
        raise RuleError("请选择要划入的网格。", field="region_code")
    with audit.action(acting_user, "places.assign_buildings", reason=reason) as act:
        rows = list(
            Building.objects.permitted(acting_user, EDIT)
            .filter(pk__in=ids)
            .select_related("estate")
            .select_for_update(of=("self",))
            .order_by("pk")
        )
        if len(rows) != len(ids):
            raise guard.NotPermitted(EDIT)
        if any(one.region_code[:COMMUNITY] != region_code[:COMMUNITY] for one in rows):
            raise RuleError(
                f"只能划入同一个社区的网格。要把楼栋划给别的社区，请用“社区设置调整”。所选网格属于{names.title(region_code[:COMMUNITY])}。",
                field="region_code",
            )
        leaving = [one for one in rows if one.region_code != region_code]
        done = rekey({one.pk: region_code for one in leaving})
        if not done:
            act.nothing_to_record()
            return done
        act.record(
            found,
            f"把 {done.buildings} 栋楼、{done.homes} 户划入{found.title}",
            buildings=[one.pk for one in leaving],
            before={str(one.pk): one.region_code for one in leaving},
        )
        for one in leaving:
            act.record(one, f"划入{found.title}", region_code=region_code)
    return done


def draw_border(*, acting_user: Any, region_code: str, outline: Any, reason: str = "") -> Region:
    """Keep the border of a community as it was drawn, or take it off (None). It is only drawn: which community a building lies in
    is changed by an adjustment.

    Raises RuleError for what is no border and for a community that is given up, NotPermitted without the right to edit regions.
    """
    guard.require(acting_user, Permission.EDIT_REGIONS, region_code)
    try:
        corners = rules.outline(outline)
    except rules.Refused as refused:
        raise RuleError(refused.message, field=refused.field) from refused
    with audit.action(acting_user, "places.draw_border", reason=reason) as act:
        found = (
            Region.objects.select_for_update()
            .filter(region_code=region_code, level=Level.COMMUNITY, valid_to__isnull=True)
            .first()
        )
        if found is None:
            raise RuleError("只能画现行社区（村）的边界。", field="outline")
        if found.outline == corners:
            act.nothing_to_record()
            return found
        found.outline = corners
        found.save(update_fields=["outline"])
        said = f"画出{found.title}的边界" if corners else f"去掉{found.title}的边界"
        act.record(found, said, corners=len(corners or ()))
    return found


def draw_grid(
    *, acting_user: Any, region_code: str, outline: Any, building_ids: Iterable[int], reason: str = ""
) -> Rekeyed:
    """Keep the border that was drawn for a grid (None leaves the one it has), and put the buildings under it, in one go.

    The border of a community is drawn by `draw_border`: here only buildings are put under it.
    """
    try:
        corners = rules.outline(outline)
    except rules.Refused as refused:
        raise RuleError(refused.message, field=refused.field) from refused
    ids = list(building_ids)
    with transaction.atomic():
        if corners is not None and len(region_code) > COMMUNITY:
            guard.require(acting_user, EDIT, region_code)
            with audit.action(acting_user, "places.draw_grid", reason=reason) as act:
                grid = Region.objects.select_for_update().get(region_code=region_code)
                grid.outline = corners
                grid.save(update_fields=["outline"])
                act.record(grid, f"画出{grid.title}的范围", corners=len(corners))
        if not ids:
            return Rekeyed()
        return assign_buildings(
            acting_user=acting_user, building_ids=ids, region_code=region_code, reason=reason
        )

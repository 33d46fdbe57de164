"""Estates, buildings, units and homes: adding, changing, laying out. Each asks for EDIT_PLACES where the place lies, locks what it decides on, and records the deed.

Fields are given by their model names. All raise `RuleError` (one Chinese sentence, with the field) for what cannot be, and
`NotPermitted` for what lies outside the acting user's area.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from linli.access import guard
from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import RuleError
from linli.kernel import citizen_number, hanzi, phone
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region
from linli.registry.places import addresses, rules
from linli.registry.places.actions import rekeying
from linli.registry.places.models import (
    Building,
    Estate,
    Home,
    Tenure,
    Unit,
)

EDIT = Permission.EDIT_PLACES
COMMUNITY = KEY_LENGTH[Level.COMMUNITY]

ESTATE_FIELDS = frozenset(
    [
        "region_code",
        "name",
        "address",
        "built_year",
        "developer",
        "heating",
        "parking_indoor",
        "parking_outdoor",
        "safety_officer",
        "safety_phone",
        "outline",
        "note",
    ]
)
BUILDING_FIELDS = frozenset(
    [
        "region_code",
        "name",
        "number",
        "kind",
        "floors",
        "basements",
        "lifts",
        "lifts_since",
        "lifts_checked_until",
        "built_year",
        "has_gas",
        "heating",
        "structure",
        "area",
        "address",
        "longitude",
        "latitude",
        "outline",
        "note",
    ]
)
HOME_FIELDS = frozenset(
    [
        "unit",
        "door",
        "floor",
        "use",
        "tenure",
        "area",
        "rooms",
        "ownership",
        "category",
        "layout",
        "origin",
        "certificate",
        "certificate_on",
        "land_paper",
        "land_certificate",
        "land_certificate_on",
        "deed",
        "public_kind",
        "owner_kind",
        "owner_paper",
        "owner_name",
        "owner_phone",
        "owner_id_number",
        "owner_address",
        "note",
    ]
)
REVEALED = ("owner_phone", "owner_id_number")

P = TypeVar("P", bound=models.Model)


@contextmanager
def ruled() -> Iterator[None]:
    """Let what the rules refuse come to the user."""
    try:
        yield
    except rules.Refused as refused:
        raise RuleError(refused.message, field=refused.field) from refused


def known(values: dict[str, Any], allowed: frozenset[str]) -> None:
    if unknown := set(values) - allowed:
        raise TypeError(f"no such field: {', '.join(sorted(unknown))}")


def tidy(record: models.Model, values: dict[str, Any]) -> dict[str, Any]:
    """Clean texts; choices must be of the list."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        field = record._meta.get_field(key)
        if isinstance(value, str) and key != "note":
            value = rules.clean(value)
        elif isinstance(value, str):
            value = value.replace("\x00", "").strip()
        choices = dict(getattr(field, "flatchoices", ()) or ())
        if choices and value not in choices and not (value == "" and getattr(field, "blank", False)):
            raise RuleError(
                f"“{getattr(field, 'verbose_name', key)}”没有“{value}”这一项，请重新选择。", field=key
            )
        found[key] = value
    return found


def put(record: models.Model, values: dict[str, Any]) -> list[str]:
    """Set the values that differ; returns the names of the fields changed."""
    changed = []
    for key, value in values.items():
        if getattr(record, key) != value:
            setattr(record, key, value)
            changed.append(key)
    return changed


def labels(record: models.Model, fields: Iterable[str]) -> str:
    return "、".join(str(getattr(record._meta.get_field(name), "verbose_name", name)) for name in fields)


def save(record: P, taken: str, field: str = "name") -> P:
    """Save; a name that is taken comes back as a sentence."""
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise RuleError(taken, field=field) from error
    return record


def region(code: str, acting_user: Any) -> str:
    """A community or grid in which the user may edit places."""
    guard.require(acting_user, EDIT, code)
    if len(code) < COMMUNITY or not Region.objects.filter(region_code=code).exists():
        raise RuleError("请选择所属的社区或网格。", field="region_code")
    return code


def _check_estate(estate: Estate) -> None:
    with ruled():
        estate.name = rules.name(estate.name, "name", "小区名称")
        rules.year(estate.built_year, timezone.localdate())
        estate.outline = rules.outline(estate.outline)
        rules.count(estate.parking_indoor, 99_999, "parking_indoor", "室内车位数")
        rules.count(estate.parking_outdoor, 99_999, "parking_outdoor", "室外车位数")
    estate.safety_phone = phone_number(estate.safety_phone, "safety_phone")
    estate.initials = hanzi.initials(estate.name)


def phone_number(text: str, field: str, *, service: bool = True) -> str:
    try:
        return phone.normalise(text, service=service) if text else ""
    except phone.InvalidPhone as error:
        raise RuleError(str(error), field=field) from error


def add_estate(*, acting_user: Any, region_code: str, name: str, reason: str = "", **fields: Any) -> Estate:
    """A new estate in a community or grid."""
    known(fields, ESTATE_FIELDS)
    with audit.action(acting_user, "places.add_estate", reason=reason) as act:
        estate = Estate(region_code=region(region_code, acting_user))
        put(estate, tidy(estate, {"name": name, **fields}))
        _check_estate(estate)
        save(estate, f"本社区已有名为“{estate.name}”的小区。")
        act.record(estate, f"新增小区“{estate.name}”")
    return estate


def update_estate(*, acting_user: Any, estate: Estate, reason: str = "", **changes: Any) -> Estate:
    """Change an estate; a new name reaches the addresses of all its homes."""
    known(changes, ESTATE_FIELDS)
    with audit.action(acting_user, "places.update_estate", reason=reason) as act:
        kept = guard.locked(Estate, estate.pk, acting_user, EDIT)
        old_region = kept.region_code
        changed = put(kept, tidy(kept, changes))
        _check_estate(kept)
        if not changed:
            act.nothing_to_record()
            return kept
        if kept.region_code != old_region:
            region(kept.region_code, acting_user)
            if kept.region_code[:COMMUNITY] != old_region[:COMMUNITY] and kept.buildings.exists():
                raise RuleError("小区里已有楼栋，只能在本社区的网格之间调整。", field="region_code")
        save(kept, f"本社区已有名为“{kept.name}”的小区。")
        if "name" in changed:
            addresses.refresh(kept.buildings.values_list("pk", flat=True))
        act.record(kept, f"修改小区“{kept.name}”：{labels(kept, changed)}")
    return kept


def _check_building(building: Building, estate: Estate) -> None:
    with ruled():
        building.name = rules.name(building.name, "name", "楼栋名称")
        rules.count(building.floors, rules.HIGHEST_FLOOR, "floors", "地上层数")
        rules.count(building.basements, 9, "basements", "地下层数")
        rules.count(building.lifts, rules.MOST_LIFTS, "lifts", "电梯数")
        rules.year(building.lifts_since, timezone.localdate(), "lifts_since", "电梯安装年份")
        if not building.lifts and (building.lifts_since or building.lifts_checked_until):
            raise rules.Refused("填了电梯安装年份或检验有效期，电梯数应大于 0。", "lifts")
        rules.year(building.built_year, timezone.localdate())
        rules.area(building.area, 9_999_999)
        rules.position_on_earth(building.longitude, building.latitude)
        building.outline = rules.outline(building.outline)
    building.number = building.number or rules.number_of(building.name)
    if building.region_code[:COMMUNITY] != estate.region_code[:COMMUNITY]:
        raise RuleError(
            f"楼栋要和小区在同一个社区：{names.title(estate.region_code[:COMMUNITY])}。", field="region_code"
        )


def follow_lifts(building: Building, number: int | None = None) -> None:
    """Let a building say what its recorded lifts say: at least so many, since the first, inspected until the earliest day."""
    found = list(building.lift_records.all())
    building.lifts = number if number is not None else max(len(found), building.lifts or 0)
    years = [one.since for one in found if one.since]
    days = [one.due_on for one in found if one.due_on]
    building.lifts_since = min(years) if years else building.lifts_since
    building.lifts_checked_until = min(days) if days else building.lifts_checked_until
    if not building.lifts:
        building.lifts_since = building.lifts_checked_until = None


def add_building(*, acting_user: Any, estate: Estate, name: str, reason: str = "", **fields: Any) -> Building:
    """A new building of an estate; it lies where the estate lies unless `region_code` names a grid of that community."""
    known(fields, BUILDING_FIELDS)
    with audit.action(acting_user, "places.add_building", reason=reason) as act:
        kept = guard.locked(Estate, estate.pk, acting_user, EDIT)
        building = Building(estate=kept, region_code=kept.region_code)
        put(building, tidy(building, {"name": name, **fields}))
        region(building.region_code, acting_user)
        _check_building(building, kept)
        building.position = rules.natural(building.number or building.name)
        save(building, f"“{kept.name}”已有名为“{building.name}”的楼栋。")
        act.record(building, f"新增楼栋“{building}”")
    return building


def update_building(*, acting_user: Any, building: Building, reason: str = "", **changes: Any) -> Building:
    """Change a building. A new name reaches its homes' addresses; another grid takes units, homes and their people along."""
    known(changes, BUILDING_FIELDS)
    with audit.action(acting_user, "places.update_building", reason=reason) as act:
        kept = guard.locked(Building, building.pk, acting_user, EDIT)
        old_region = kept.region_code
        if "name" in changes and "number" not in changes and kept.number == rules.number_of(kept.name):
            changes["number"] = rules.number_of(changes["name"])
        changed = put(kept, tidy(kept, changes))
        _check_building(kept, kept.estate)
        if not changed:
            act.nothing_to_record()
            return kept
        wanted = region(kept.region_code, acting_user)
        kept.region_code = old_region
        if {"name", "number"} & set(changed):
            kept.position = rules.natural(kept.number or kept.name)
        if kept.lift_records.exists():
            follow_lifts(kept)
        save(kept, f"“{kept.estate.name}”已有名为“{kept.name}”的楼栋。")
        if "name" in changed:
            addresses.refresh([kept.pk])
        if wanted != kept.region_code:
            rekeying.rekey({kept.pk: wanted})
            kept.region_code = wanted
        act.record(kept, f"修改楼栋“{kept}”：{labels(kept, changed)}")
    return kept


def locked_building(acting_user: Any, building: Building) -> Building:
    """The building, locked, so that two people do not lay it out at once."""
    kept = guard.locked(Building, building.pk, acting_user, EDIT)
    kept.estate = building.estate if building.estate_id == kept.estate_id else kept.estate
    return kept


def make_unit(building: Building, name: str) -> Unit:
    with ruled():
        name = rules.name(name, "name", "单元名称")
    return Unit(building=building, region_code=building.region_code, name=name, position=rules.natural(name))


def add_unit(*, acting_user: Any, building: Building, name: str) -> Unit:
    """A new unit of a building, such as 3单元."""
    with audit.action(acting_user, "places.add_unit") as act:
        kept = locked_building(acting_user, building)
        unit = save(make_unit(kept, name), f"“{kept}”已有“{rules.clean(name)}”。")
        act.record(kept, f"新增单元“{unit}”")
    return unit


def rename_unit(*, acting_user: Any, unit: Unit, name: str) -> Unit:
    """Another name for a unit; its homes' addresses follow."""
    with audit.action(acting_user, "places.rename_unit") as act:
        kept = guard.locked(Unit, unit.pk, acting_user, EDIT)
        old = kept.name
        with ruled():
            kept.name = rules.name(name, "name", "单元名称")
        if kept.name == old:
            act.nothing_to_record()
            return kept
        kept.position = rules.natural(kept.name)
        save(kept, f"“{kept.building}”已有“{kept.name}”。")
        addresses.refresh([kept.building_id])
        act.record(kept.building, f"单元改名：{old} → {kept.name}")
    return kept


def make_home(building: Building, unit: Unit | None, door: str, floor: int | None) -> Home:
    return Home(
        region_code=building.region_code,
        building=building,
        unit=unit,
        door=door,
        floor=floor,
        position=rules.natural(door),
        full_address=addresses.full_address(
            building.estate.name, building.name, unit.name if unit else "", door
        ),
    )


def check_home(home: Home) -> None:
    with ruled():
        home.door = rules.door(home.door)
        rules.floor(home.floor)
        rules.area(home.area, 99_999)
        rules.count(home.rooms, 99, "rooms", "间数")
        rules.public_kind(home.public_kind, home.ownership)
    home.owner_phone = phone_number(home.owner_phone, "owner_phone", service=False)
    home.owner_id_number = _id_number(home.owner_id_number)
    home.owner_paper = home.owner_paper or rules.paper_of(home.owner_id_number)
    unit = home.unit
    if unit is not None and unit.building_id != home.building_id:
        raise RuleError("所选单元不在这栋楼里。", field="unit")
    home.full_address = addresses.full_address(
        home.building.estate.name, home.building.name, unit.name if unit else "", home.door
    )


def _id_number(text: str) -> str:
    """A citizen number is checked; another document's number (a passport, a credit code) is kept as it is."""
    plain = citizen_number.normalise(text) if text else ""
    if len(plain) == 18 and plain[:17].isdigit():
        try:
            return citizen_number.parse(plain).number
        except citizen_number.InvalidCitizenNumber as error:
            raise RuleError(str(error), field="owner_id_number") from error
    if len(plain) > 30:
        raise RuleError("房主证件号码最多 30 个字符。", field="owner_id_number")
    return plain


def taken(home: Home) -> str:
    return f"“{home.building}”已有门牌“{home.unit.name if home.unit else ''}{home.door}”。"


def add_home(
    *,
    acting_user: Any,
    building: Building,
    door: str,
    unit: Unit | None = None,
    reason: str = "",
    **fields: Any,
) -> Home:
    """A new home. The floor is read from the door (501 → 5) unless given."""
    known(fields, HOME_FIELDS)
    with audit.action(acting_user, "places.add_home", reason=reason) as act:
        kept = locked_building(acting_user, building)
        with ruled():
            home = make_home(kept, unit, rules.door(door), None)
        put(home, tidy(home, {key: value for key, value in fields.items() if key != "unit"}))
        if home.floor is None:
            home.floor = rules.floor_of_door(home.door)
        check_home(home)
        save(home, taken(home), "door")
        act.record(home, f"新增房屋“{home.full_address}”")
    return home


def add_homes(
    *,
    acting_user: Any,
    building: Building,
    doors: Iterable[str],
    unit: Unit | None = None,
    new_unit: str = "",
) -> list[Home]:
    """Several homes at once, in a unit, or in the unit named by `new_unit` (made when the building has none of that name).

    Doors that are there already are left as they are. Returns the new homes.
    """
    with audit.action(acting_user, "places.add_homes") as act:
        kept = locked_building(acting_user, building)
        if new_unit:
            named = make_unit(kept, new_unit)
            unit = kept.units.filter(name=named.name).first() or save(named, "")
        if unit is not None and unit.building_id != kept.pk:
            raise RuleError("所选单元不在这栋楼里。", field="unit")
        there = set(kept.homes.filter(unit=unit, ended_on=None).values_list("door", flat=True))
        with ruled():
            wanted = list(dict.fromkeys(rules.door(one) for one in doors))
        made = [make_home(kept, unit, one, rules.floor_of_door(one)) for one in wanted if one not in there]
        if not made:
            raise RuleError("这些门牌都已经有了，没有新增。", field="doors")
        Home.objects.bulk_create(made)
        act.record(kept, f"在“{kept}”新增 {len(made)} 户：{made[0].door} 至 {made[-1].door}")
    return made


@dataclass(frozen=True)
class LaidOut:
    """What laying out made: units, homes, and how many homes were there before and kept."""

    units: int
    homes: int
    kept: int


def lay_out_building(*, acting_user: Any, building: Building, layout: rules.Layout) -> LaidOut:
    """Make the units and homes of a building by a pattern of doors. What is there already stays as it is."""
    with audit.action(acting_user, "places.lay_out_building") as act:
        kept = locked_building(acting_user, building)
        with ruled():
            rules.check_layout(layout)
        units = {unit.name: unit for unit in kept.units.all()}
        new_units = [
            make_unit(kept, f"{n}单元") for n in range(1, layout.units + 1) if f"{n}单元" not in units
        ]
        units |= {unit.name: unit for unit in Unit.objects.bulk_create(new_units)}
        there = set(kept.homes.filter(ended_on=None).values_list("unit_id", "door"))
        homes, old = [], 0
        for one in rules.plan_homes(layout):
            unit = units[one.unit] if one.unit else None
            if (unit.pk if unit else None, one.door) in there:
                old += 1
            else:
                homes.append(make_home(kept, unit, one.door, one.floor))
        if not homes and not new_units:
            raise RuleError("按这个排法，楼里的房屋都已经有了，没有新增。", field="units")
        Home.objects.bulk_create(homes, batch_size=1000)
        storeys = layout.first_floor - 1 + layout.floors
        if kept.floors is None or kept.floors < storeys:
            kept.floors = storeys
            kept.save(update_fields=["floors", "updated_at"])
        act.record(
            kept,
            f"排出“{kept}”的楼盘表：新增 {len(new_units)} 个单元、{len(homes)} 户",
            units=len(new_units),
            homes=len(homes),
        )
    return LaidOut(len(new_units), len(homes), old)


def update_home(*, acting_user: Any, home: Home, reason: str = "", **changes: Any) -> Home:
    """Change a home: door, tenure, owner (sealed), area …"""
    known(changes, HOME_FIELDS)
    with audit.action(acting_user, "places.update_home", reason=reason) as act:
        kept = guard.locked(Home, home.pk, acting_user, EDIT)
        if "unit" in changes and (unit := changes.pop("unit")) != kept.unit:
            kept.unit = unit
            changed = ["unit"]
        else:
            changed = []
        changed += put(kept, tidy(kept, changes))
        if not changed:
            act.nothing_to_record()
            return kept
        check_home(kept)
        if "door" in changed:
            kept.position = rules.natural(kept.door)
        save(kept, taken(kept), "door")
        act.record(kept, f"修改房屋“{kept.full_address}”：{labels(kept, changed)}")
    return kept


def set_tenure(*, acting_user: Any, home_ids: Iterable[int], tenure: str) -> int:
    """Give several homes the same tenure. Returns how many changed.

    Homes outside the user's area are left out.
    """
    if tenure not in Tenure.values:
        raise RuleError("请选择居住方式。", field="tenure")
    with audit.action(acting_user, "places.set_tenure") as act:
        rows = Home.objects.permitted(acting_user, EDIT).filter(pk__in=list(home_ids)).exclude(tenure=tenure)
        found = list(rows.select_for_update(of=("self",)).order_by("pk"))
        if not found:
            act.nothing_to_record()
            return 0
        values: dict[str, Any] = {"tenure": tenure, "updated_at": timezone.now()}
        Home.objects.filter(pk__in=[home.pk for home in found]).update(**values)
        label = Tenure(tenure).label
        for home in found:
            act.record(home, f"居住方式改为“{label}”")
    return len(found)


def reveal_owner(*, acting_user: Any, home: Home, purpose: str) -> Home:
    """The home with its owner's numbers to be shown in full; who looked, and what for, is recorded."""
    guard.require(acting_user, Permission.REVEAL_PEOPLE, home.region_code)
    with audit.action(acting_user, "places.reveal_owner", reason=purpose.strip()) as act:
        audit.disclose(
            acting_user=acting_user,
            person_ids=[],
            elements=[labels(home, [name]) for name in REVEALED],
            purpose=purpose,
            channel=Channel.PAGE,
            region_code=home.region_code,
        )
        act.record(home, "查看房主电话和证件号码")
    return home

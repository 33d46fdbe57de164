"""Changing a building that stands: a floor more, homes split, merged, renumbered, put to another use, ended.

Who lives in a home that is split, merged or ended is never lost: every occupant (`occupancy.occupants`) is said where to go, or
the deed is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access import guard
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.registry.places import addresses, occupancy, rules
from linli.registry.places.actions import keeping
from linli.registry.places.actions.keeping import EDIT, locked_building, make_home, ruled
from linli.registry.places.models import Building, Home, HomeUse, Unit


@dataclass(frozen=True)
class Part:
    """One of the homes that a home is split into."""

    door: str
    area: Decimal | None = None


def _day(on: date) -> date:
    if on > timezone.localdate():
        raise RuleError("日期还没有到，请填写今天或以前的日期。", field="on")
    return on


def _standing(building: Building, home_ids: Collection[int]) -> list[Home]:
    """The homes of the building that are there, locked; NotPermitted when one is not."""
    found = list(
        Home.objects.select_for_update(of=("self",))
        .filter(building=building, pk__in=home_ids, ended_on=None)
        .order_by("pk")
    )
    if len(found) != len(set(home_ids)):
        raise guard.NotPermitted(EDIT)
    for home in found:
        home.building = building
    return found


def _doors_free(
    building: Building, unit_id: int | None, doors: Sequence[str], besides: Collection[int]
) -> None:
    taken = (
        Home.objects.filter(building=building, unit=unit_id, door__in=doors, ended_on=None)
        .exclude(pk__in=besides)
        .values_list("door", flat=True)
        .first()
    )
    if taken is not None:
        raise RuleError(f"“{building}”已有门牌“{taken}”，请换一个门牌。", field="doors")


def add_floor(*, acting_user: Any, building: Building, floor: int) -> list[Home]:
    """A floor more: in every unit the homes of the nearest floor, with the doors of the new one (501 → 601).

    Raises RuleError where the floor is there, or where doors do not tell their floor.
    """
    with audit.action(acting_user, "places.add_floor") as act:
        kept = locked_building(acting_user, building)
        with ruled():
            if floor < 1:
                raise rules.Refused("地下的房屋请用“新增房屋”逐户添加。", "floor")
            rules.floor(floor)
        homes = list(kept.homes.filter(ended_on=None, floor__gt=0).select_related("unit"))
        made = []
        for unit in {home.unit_id: home.unit for home in homes}.values():
            own = [home for home in homes if home.unit_id == (unit.pk if unit else None)]
            there = {home.floor or 0 for home in own}
            if floor in there:
                continue
            near = min(there, key=lambda one: (abs(one - floor), one > floor))
            doors = [rules.door_on_floor(home.door, near, floor) for home in own if home.floor == near]
            made += [make_home(kept, unit, door, floor) for door in doors if door]
        if not made and any(home.floor == floor for home in homes):
            raise RuleError(f"{floor} 层已经有了。", field="floor")
        if not made:
            raise RuleError("从门牌看不出楼层，没法照着加一层。请用“新增房屋”填写门牌。", field="floor")
        taken = set(kept.homes.filter(ended_on=None).values_list("unit_id", "door"))
        made = [home for home in made if (home.unit_id, home.door) not in taken]
        for home in made:
            home.began_on = timezone.localdate()
        Home.objects.bulk_create(made)
        if kept.floors is None or kept.floors < floor:
            kept.floors = floor
            kept.save(update_fields=["floors", "updated_at"])
        act.record(kept, f"“{kept}”加 {floor} 层：新增 {len(made)} 户", homes=len(made))
    return made


def split_home(
    *,
    acting_user: Any,
    home: Home,
    parts: Sequence[Part],
    on: date,
    goes: Mapping[str, int] | None = None,
    reason: str = "",
) -> list[Home]:
    """Divide a home. The first part keeps the home's record and history; the others begin that day. `goes` says of every
    occupant (by key) in which part, counted from 0, they are from then on.

    Raises RuleError when an occupant has nowhere to go, or a door is taken.
    """
    with audit.action(acting_user, "places.split_home", reason=reason) as act:
        building = locked_building(acting_user, home.building)
        (kept,) = _standing(building, [home.pk])
        _day(on)
        with ruled():
            doors = [rules.door(one.door) for one in parts]
            for part in parts:
                rules.area(part.area, 99_999)
        if len(parts) < 2 or len(set(doors)) != len(doors):
            raise RuleError("请填写至少两个不同的门牌，例如 501A、501B。", field="doors")
        _doors_free(building, kept.unit_id, doors, [kept.pk])
        occupants = occupancy.occupants([kept.pk], acting_user)
        wanted = dict(goes or {})
        for one in occupants:
            if not 0 <= wanted.get(one.key, -1) < len(parts):
                raise RuleError(f"请选择“{one.label}”分到哪一户。", field=one.key)
        before = kept.door
        kept.door, kept.area, kept.position = doors[0], parts[0].area, rules.natural(doors[0])
        keeping.check_home(kept)
        kept.save()
        made = []
        for part, door in zip(parts[1:], doors[1:], strict=True):
            new = make_home(building, kept.unit, door, kept.floor)
            new.region_code, new.use, new.tenure = kept.region_code, kept.use, kept.tenure
            new.owner_name, new.owner_phone, new.owner_id_number = (
                kept.owner_name,
                kept.owner_phone,
                kept.owner_id_number,
            )
            new.owner_address = kept.owner_address
            new.ownership, new.category, new.area, new.began_on = kept.ownership, kept.category, part.area, on
            made.append(new)
        Home.objects.bulk_create(made)
        homes = [kept, *made]
        occupancy.move_occupants(
            act,
            acting_user,
            {one: homes[wanted[one.key]] for one in occupants if wanted[one.key] > 0},
            on,
        )
        act.record(
            building,
            f"{before} 拆成 {'、'.join(doors)}",
            homes=[one.pk for one in homes],
            moved=[one.key for one in occupants if wanted[one.key] > 0],
        )
        act.record(kept, f"由 {before} 拆分，保留为 {doors[0]}")
        for new in made:
            act.record(new, f"由 {before} 拆分而来")
    return homes


def merge_homes(
    *,
    acting_user: Any,
    building: Building,
    home_ids: Collection[int],
    into: int,
    door: str,
    area: Decimal | None,
    on: date,
    seen: Collection[str],
    reason: str = "",
) -> Home:
    """Make one home of several: `into` keeps its record, the others end that day and point at it. Everybody in them is from then
    on in the one home; `seen` are the occupants (by key) of whom the user was told.

    Raises RuleError when somebody else has come or gone meanwhile.
    """
    with audit.action(acting_user, "places.merge_homes", reason=reason) as act:
        kept = locked_building(acting_user, building)
        homes = _standing(kept, home_ids)
        if len(homes) < 2:
            raise RuleError("请选择至少两套房屋。", field="into")
        target = next((one for one in homes if one.pk == into), None)
        if target is None:
            raise RuleError("请选择合并后保留哪一套。", field="into")
        _day(on)
        with ruled():
            door = rules.door(door)
            rules.area(area, 99_999)
        _doors_free(kept, target.unit_id, [door], [one.pk for one in homes])
        others = [one for one in homes if one.pk != into]
        occupants = occupancy.occupants([one.pk for one in others], acting_user)
        if {one.key for one in occupants} != set(seen):
            raise RuleError("这几套房屋的住户刚刚有变化，请核对后再合并。")
        for one in others:
            one.ended_on, one.became = on, target
            one.save(update_fields=["ended_on", "became", "updated_at"])
        target.door, target.area, target.position = door, area, rules.natural(door)
        keeping.check_home(target)
        target.save()
        occupancy.move_occupants(act, acting_user, dict.fromkeys(occupants, target), on)
        act.record(
            kept,
            f"{'、'.join(one.door for one in others)} 并入 {door}",
            homes=[one.pk for one in homes],
            moved=[one.key for one in occupants],
        )
        act.record(target, f"并入 {'、'.join(one.full_address for one in others)}")
        for one in others:
            act.record(one, f"并入 {target.full_address}")
    return target


def end_homes(
    *, acting_user: Any, building: Building, home_ids: Collection[int], on: date, reason: str
) -> int:
    """Homes are no more (torn down, walled up, never were). Refused while anybody or anything is recorded in them."""
    with audit.action(acting_user, "places.end_homes", reason=reason) as act:
        kept = locked_building(acting_user, building)
        homes = _standing(kept, home_ids)
        _day(on)
        found = occupancy.occupants([one.pk for one in homes], acting_user)
        if found:
            doors = {one.pk: one.door for one in homes}
            busy = "、".join(dict.fromkeys(doors[one.home_id] for one in found))
            raise RuleError(f"{busy} 还登记着{found[0].label}等，请先把他们迁到别处，再注销。")
        for one in homes:
            one.ended_on = on
            one.save(update_fields=["ended_on", "updated_at"])
            act.record(one, "注销房屋")
        act.record(kept, f"注销 {len(homes)} 套房屋：{'、'.join(one.door for one in homes)[:200]}")
    return len(homes)


def reopen_home(*, acting_user: Any, home: Home, reason: str = "") -> Home:
    """A home that was ended by mistake is there again; refused when its door has been given to another."""
    with audit.action(acting_user, "places.reopen_home", reason=reason) as act:
        building = locked_building(acting_user, home.building)
        kept = guard.locked(Home, home.pk, acting_user, EDIT)
        if kept.ended_on is None:
            act.nothing_to_record()
            return kept
        _doors_free(building, kept.unit_id, [kept.door], [kept.pk])
        kept.ended_on, kept.became = None, None
        kept.save(update_fields=["ended_on", "became", "updated_at"])
        act.record(kept, "恢复已注销的房屋")
    return kept


def renumber(*, acting_user: Any, building: Building, doors: Mapping[int, str]) -> int:
    """New doors for homes of a building, given by id; doors may change places. Returns how many changed."""
    with audit.action(acting_user, "places.renumber") as act:
        kept = locked_building(acting_user, building)
        homes = {one.pk: one for one in _standing(kept, doors)}
        units = {one.pk: one for one in Unit.objects.filter(building=kept)}
        changed: list[tuple[Home, str]] = []
        for pk, text in doors.items():
            with ruled():
                door = rules.door(text)
            if homes[pk].door != door:
                changed.append((homes[pk], door))
        if not changed:
            act.nothing_to_record()
            return 0
        after: dict[tuple[int | None, str], int] = {}
        gone = {one.pk for one, _door in changed}
        rows = kept.homes.filter(ended_on=None).exclude(pk__in=gone).values_list("unit_id", "door", "pk")
        after = {(unit, door): pk for unit, door, pk in rows}
        for one, door in changed:
            if (one.unit_id, door) in after:
                raise RuleError(f"门牌“{door}”会有两套，请核对。", field=f"door_{one.pk}")
            after[(one.unit_id, door)] = one.pk
        old = {(one.unit_id, one.door) for one, _door in changed}
        said = [f"{one.door} → {door}" for one, door in changed]
        # Where doors change places, one of them steps aside first: a door is there once at any moment.
        for one, door in changed:
            if (one.unit_id, door) in old:
                Home.objects.filter(pk=one.pk).update(door=f"（{one.pk}）")
        for one, door in changed:
            unit = units.get(one.unit_id) if one.unit_id else None
            one.door, one.position = door, rules.natural(door)
            one.full_address = addresses.full_address(
                kept.estate.name, kept.name, unit.name if unit else "", door
            )
            one.save(update_fields=["door", "position", "full_address", "updated_at"])
            act.record(one, "改门牌")
        act.record(kept, f"改门牌 {len(changed)} 户：{'，'.join(said)[:300]}")
    return len(changed)


def set_use(*, acting_user: Any, home_ids: Iterable[int], use: str) -> int:
    """Put several homes to the same use. Returns how many changed; homes outside the user's area are left out."""
    if use not in HomeUse.values:
        raise RuleError("请选择房屋用途。", field="use")
    with audit.action(acting_user, "places.set_use") as act:
        rows = Home.objects.permitted(acting_user, EDIT).filter(pk__in=list(home_ids)).exclude(use=use)
        found = list(rows.select_for_update(of=("self",)).order_by("pk"))
        if not found:
            act.nothing_to_record()
            return 0
        Home.objects.filter(pk__in=[home.pk for home in found]).update(use=use, updated_at=timezone.now())
        for home in found:
            act.record(home, f"房屋用途改为“{HomeUse(use).label}”")
    return len(found)

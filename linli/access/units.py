"""The units (机构): the offices that work is given to, and whose people users are."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linli.access.guard import require
from linli.access.models import Post, Unit, UnitKind, User
from linli.access.roles import Permission
from linli.audit.recording import ActingUser, RuleError, action
from linli.regions.models import KEY_LENGTH, Level, Region, RegionKind

_COMMUNITY, _STREET = KEY_LENGTH[Level.COMMUNITY], KEY_LENGTH[Level.STREET]


def own_unit(region_code: str) -> Unit | None:
    """The unit of a community (also for its grids) or street itself, made when it is first needed; None higher up and for
    regions that are not there. Call it inside an action."""
    is_community = len(region_code) >= _COMMUNITY
    kind = UnitKind.COMMUNITY if is_community else UnitKind.STREET
    key = region_code[: _COMMUNITY if is_community else _STREET]
    if len(key) < _STREET:
        return None
    found = Unit.objects.filter(region_code=key, kind=kind).first()
    if found is None:
        region = Region.objects.filter(region_code=key).first()
        if region is None:
            return None
        found, _made = Unit.objects.get_or_create(
            region_code=key, kind=kind, defaults={"name": _name_of(region)}
        )
    return found


def _name_of(region: Region) -> str:
    """香水园街道办事处, 井庄镇人民政府, 东外社区居委会."""
    if region.level != Level.STREET:
        return region.name
    seat = "人民政府" if region.kind in (RegionKind.TOWN, RegionKind.TOWNSHIP) else "办事处"
    return region.name if region.name.endswith(seat) else region.name + seat


def named_unit(region_code: str, name: str, kind: UnitKind = UnitKind.DEPARTMENT) -> Unit:
    """The unit of that name in a region, made when it is not there. For set-up; users call `add_unit`."""
    return Unit.objects.get_or_create(region_code=region_code, name=name, defaults={"kind": kind})[0]


def add_unit(*, acting_user: ActingUser, region_code: str, kind: str, name: str, phone: str = "") -> Unit:
    """A new department, section or other unit.

    Raises RuleError for an empty or taken name, NotPermitted outside the acting user's area.
    """
    require(acting_user, Permission.MANAGE_USERS, region_code)
    with action(acting_user, "access.add_unit") as act:
        unit = Unit(region_code=region_code, kind=kind, name=_checked_name(name, region_code), phone=phone)
        if kind in (UnitKind.STREET, UnitKind.COMMUNITY):
            raise RuleError("街道和社区的机构由区划带出，不用新增。", field="kind")
        unit.save()
        act.record(unit, f"新增机构“{unit.name}”")
    return unit


def update_unit(*, acting_user: ActingUser, unit: Unit, name: str, phone: str, is_active: bool) -> Unit:
    """Change a unit's name, phone or whether work may be given to it.

    Raises RuleError for a taken name, and for closing a unit that still has people.
    """
    require(acting_user, Permission.MANAGE_USERS, unit.region_code)
    with action(acting_user, "access.update_unit") as act:
        kept = Unit.objects.select_for_update().get(pk=unit.pk)
        values = {"name": name.strip(), "phone": phone.strip(), "is_active": is_active}
        changed = [key for key, value in values.items() if getattr(kept, key) != value]
        if not changed:
            act.nothing_to_record()
            return kept
        if "name" in changed:
            _checked_name(name, kept.region_code)
        if "is_active" in changed and not is_active and members(kept):
            raise RuleError("这个机构还有在岗人员，请先结束他们的岗位。", field="is_active")
        for key in changed:
            setattr(kept, key, values[key])
        kept.save(update_fields=changed)
        act.record(kept, f"修改机构“{kept.name}”")
    return kept


def _checked_name(name: str, region_code: str) -> str:
    name = name.strip()
    if not name:
        raise RuleError("请填写机构名称。", field="name")
    if Unit.objects.filter(region_code=region_code, name=name).exists():
        raise RuleError(f"已经有名为“{name}”的机构。", field="name")
    return name


def members(unit: Unit) -> list[User]:
    """The active accounts that hold a post in the unit today, by name."""
    posts = Post.objects.filter(unit=unit, user__is_active=True).select_related("user")
    return sorted(
        {post.user for post in posts if post.in_force(timezone.localdate())}, key=lambda user: user.name
    )


def selectable(user: Any) -> Any:
    """The units that an administrator may put people into."""
    return Unit.objects.permitted(user, Permission.MANAGE_USERS).filter(is_active=True)

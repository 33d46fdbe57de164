"""What the office settles about days and regions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from linli.access.guard import NotPermitted, require
from linli.access.models import Post
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.facts import kept
from linli.jobs import actions as jobs
from linli.jobs.models import OVER, Job
from linli.kernel import hanzi
from linli.office.models import SettledDay, SettledYear
from linli.regions import names
from linli.regions.following import ways
from linli.regions.models import Level, Region, Setting
from linli.regions.rules import next_segment

RECOUNT = "office.recount"

# What must be worked out anew when the calendar changes; rooms above add theirs when they are ready.
calendar_followers: list[Callable[[Any], object]] = []


def _calendar_changed(acting_user: Any) -> None:
    for follow in calendar_followers:
        follow(acting_user)


def recount(*, acting_user: Any) -> Job:
    """Have the figures of areas wider than a street counted anew. One who waits for that already is led to the job.

    Raises NotPermitted where the user sees figures of no such area.
    """
    if not kept.is_wide(acting_user.scopes(Permission.VIEW_STATISTICS)):
        raise NotPermitted(Permission.VIEW_STATISTICS)
    waiting = Job.objects.of(acting_user).filter(kind=RECOUNT).exclude(state__in=OVER).first()
    return waiting or jobs.start(acting_user=acting_user, kind=RECOUNT, title="重新统计全区数字", unit="项")


def settle_day(*, acting_user: Any, day: date, is_worked: bool, note: str = "") -> SettledDay:
    """Say that a day is worked or off."""
    if not acting_user.can(Permission.MANAGE_SYSTEM):
        raise NotPermitted(Permission.MANAGE_SYSTEM)
    with action(acting_user, "calendar.settle_day") as act:
        settled, _made = SettledDay.objects.update_or_create(
            day=day, defaults={"is_worked": is_worked, "note": note.strip()}
        )
        act.record(settled, f"设定 {day:%Y-%m-%d} {'上班' if is_worked else '休息'}", reason_given=note)
        _calendar_changed(acting_user)
    return settled


def unsettle_day(*, acting_user: Any, settled: SettledDay) -> None:
    """Go back to the calendar known for that day."""
    if not acting_user.can(Permission.MANAGE_SYSTEM):
        raise NotPermitted(Permission.MANAGE_SYSTEM)
    with action(acting_user, "calendar.unsettle_day") as act:
        act.record(settled, f"撤销 {settled.day:%Y-%m-%d} 的设定")
        settled.delete()
        _calendar_changed(acting_user)


def settle_year(*, acting_user: Any, year: int, complete: bool) -> None:
    """Say that a year's days are all entered, or that they are not."""
    if not acting_user.can(Permission.MANAGE_SYSTEM):
        raise NotPermitted(Permission.MANAGE_SYSTEM)
    with action(acting_user, "calendar.settle_year") as act:
        if complete:
            settled, _made = SettledYear.objects.get_or_create(year=year)
            act.record(settled, f"{year} 年放假安排已录全")
        else:
            SettledYear.objects.filter(year=year).delete()
            act.record(None, f"{year} 年放假安排未录全")


def add_grid(*, acting_user: Any, community: Region, name: str) -> Region:
    """A new grid in a community.

    Raises RuleError for a name in use there, NotPermitted without the right to edit regions in the community.
    """
    require(acting_user, Permission.EDIT_REGIONS, community.region_code)
    if community.level != Level.COMMUNITY:
        raise RuleError("网格只能设在社区（村）之下。", field="name")
    name = name.strip()
    with action(acting_user, "regions.add_grid") as act:
        Region.objects.select_for_update().get(pk=community.pk)
        if community.children.filter(name=name).exists():
            raise RuleError(f"{community.title}已经有名为“{name}”的网格，请换一个名称。", field="name")
        taken = {code[-3:] for code in community.children.values_list("region_code", flat=True)}
        grid = Region.objects.create(
            region_code=community.region_code + next_segment(taken, 3),
            parent=community,
            level=Level.GRID,
            name=name,
            initials=hanzi.initials(name),
            pinyin="".join(hanzi.pinyin(name).split()),
        )
        act.record(grid, f"在{community.title}新增{name}")
    names.forget()
    return grid


def close_grid(*, acting_user: Any, grid: Region, reason: str = "") -> Region:
    """Give a grid up from today on. What lies in no building (a unit without premises, a lane) goes to its community.

    Raises RuleError while buildings lie in it or somebody holds a post there, NotPermitted without the right to edit regions.
    """
    require(acting_user, Permission.EDIT_REGIONS, grid.region_code)
    today = timezone.localdate()
    with action(acting_user, "regions.close_grid", reason=reason) as act:
        found = Region.objects.select_related("parent").select_for_update(of=("self",)).get(pk=grid.pk)
        if found.level != Level.GRID or found.parent is None:
            raise RuleError("只有网格可以在这里停用；社区的撤并请用“社区调整”。")
        if found.valid_to is not None:
            raise RuleError(f"{found.title}已于 {found.valid_to:%Y-%m-%d} 停用。")
        key, community = found.region_code, found.parent.region_code
        if buildings := _rows_in("places_building", key):
            raise RuleError(
                f"{found.title}里还有 {buildings} 栋楼，请先在地图的“划网格”里把它们划到别的网格。"
            )
        posts = [p for p in Post.objects.filter(region_code=key).select_related("user") if p.in_force(today)]
        if posts:
            who = "、".join(f"{p.user.name}（{p.get_role_display()}）" for p in posts[:3])
            raise RuleError(f"{who}的岗位还在{found.title}，请系统管理员先结束岗位或改到别的网格。")
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for table in ways():
                    cursor.execute(
                        f"UPDATE {table} SET region_code = %s WHERE region_code = %s",  # noqa: S608
                        [community, key],
                    )
        except IntegrityError as error:
            raise RuleError(f"{found.title}里有和社区重名的记录，请先改名或改到别的网格。") from error
        found.valid_to = today
        found.save(update_fields=["valid_to"])
        act.record(found, f"停用{found.title}")
    names.forget()
    return found


def _rows_in(table: str, key: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE region_code = %s", [key])  # noqa: S608
        return int(cursor.fetchone()[0])


def update_region(
    *,
    acting_user: Any,
    region: Region,
    name: str,
    address: str,
    phone: str,
    postcode: str,
    setting: str | None = None,
) -> Region:
    """Change a region's office address, phone and postcode, the name of a grid (official names come from the lists), and of a community
    whether it lies in a city, a town or the country (None leaves it)."""
    require(acting_user, Permission.EDIT_REGIONS, region.region_code)
    with action(acting_user, "regions.update") as act:
        found = Region.objects.select_for_update().get(pk=region.pk)
        wanted = {"address": address.strip(), "phone": phone.strip(), "postcode": postcode.strip()}
        if found.level == Level.COMMUNITY and setting is not None:
            if setting not in Setting.values:
                raise RuleError("请从列出的城乡分类里选一项。", field="setting")
            wanted["setting"] = setting
        if found.level == Level.GRID:
            wanted["name"] = name.strip()
            if Region.objects.filter(parent=found.parent, name=wanted["name"]).exclude(pk=found.pk).exists():
                raise RuleError(f"已经有名为“{wanted['name']}”的网格，请换一个名称。", field="name")
        changed = [field for field, value in wanted.items() if getattr(found, field) != value]
        if not changed:
            act.nothing_to_record()
            return found
        for field in changed:
            setattr(found, field, wanted[field])
        if "name" in changed:
            found.initials = hanzi.initials(found.name)
            found.pinyin = "".join(hanzi.pinyin(found.name).split())
            changed += ["initials", "pinyin"]
        found.save(update_fields=changed)
        act.record(found, f"修改{found.title}的基本情况", fields=changed)
    names.forget()
    return found

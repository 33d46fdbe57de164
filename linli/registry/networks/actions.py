"""Every write of the networks: appointing, changing what somebody looks after, ending."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from linli.access import guard
from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.recording import Act, RuleError
from linli.kernel import phone as phones
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level, Region
from linli.registry.networks import rules
from linli.registry.networks.models import OF_PLACES, Cover, Kind, NetworkPost, levels_of
from linli.registry.networks.rules import Covered
from linli.registry.people.models import Person, Standing
from linli.registry.places.models import Building, Home, Unit

EDIT = Permission.EDIT_PEOPLE
COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
GRID = KEY_LENGTH[Level.GRID]


def _region(user: Any, region_code: str, kind: str) -> Region:
    guard.require(user, EDIT, region_code)
    found = Region.objects.select_for_update().filter(region_code=region_code, valid_to__isnull=True).first()
    wanted = levels_of(kind)
    if found is None or found.level not in wanted:
        said = {Level.GRID: "网格", Level.COMMUNITY: "社区"}
        raise RuleError(f"请选择{'或'.join(said[one] for one in wanted)}。", field="region_code")
    return found


def _holder(user: Any, person_id: int | None, name: str, phone: str) -> tuple[Person | None, str, str]:
    """The resident, or the name and phone of somebody from elsewhere."""
    if person_id is not None:
        person = guard.locked(Person, person_id, user, EDIT)
        if person.standing in (Standing.GONE, Standing.DEAD):
            raise RuleError(
                f"{person.name}{'已登记去世' if person.standing == Standing.DEAD else '已迁出'}，不能任职。",
                field="person",
            )
        return person, person.name, ""
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise RuleError("请选择居民；不是本辖区居民的，请填写姓名。", field="person")
    if len(name) > 40:
        raise RuleError("姓名最多 40 个字。", field="name")
    try:
        return None, name, phones.normalise(phone, service=True) if phone else ""
    except phones.InvalidPhone as error:
        raise RuleError(str(error), field="phone") from error


def _places(community: str, covered: Collection[Covered]) -> list[Covered]:
    """The places, each once, all of the community and of the buildings they are said to be in.

    Raises RuleError.
    """
    wanted = list(dict.fromkeys(covered))
    if not wanted:
        raise RuleError("请勾选负责的单元或楼栋。", field="places")
    buildings = {one.building for one in wanted}
    inside = Building.objects.filter(pk__in=buildings, region_code__startswith=community)
    if inside.count() != len(buildings):
        raise RuleError(f"负责的楼栋要在{names.title(community)}。", field="places")
    units = {one.unit: one.building for one in wanted if one.unit is not None}
    homes = {one.home: one.building for one in wanted if one.home is not None}
    held = dict(Unit.objects.filter(pk__in=units).values_list("pk", "building_id"))
    held_homes = dict(Home.objects.filter(pk__in=homes, ended_on=None).values_list("pk", "building_id"))
    if held != units or held_homes != homes:
        raise RuleError("所选的单元或房屋不在这栋楼里，请重新选择。", field="places")
    return wanted


def _refuse_double(
    community: str, kind: str, wanted: Sequence[Covered], since: date, besides: int | None
) -> None:
    """A staircase has one door head, a household one group leader at a time.

    Raises RuleError that names who it is.
    """
    others = Cover.objects.filter(
        post__kind=kind,
        post__region_code__startswith=community,
        post__period__overlap=DateRange(since, None),
        building__in={one.building for one in wanted},
    ).exclude(post=besides)
    rows = list(others.select_related("post", "unit", "home", "building__estate"))
    ids = {one.home for one in wanted if one.home} | {one.home_id for one in rows if one.home_id}
    unit_of_home = dict(Home.objects.filter(pk__in=ids).values_list("pk", "unit_id"))
    for row in rows:
        held = Covered(row.building_id, row.unit_id, row.home_id)
        if rules.double(wanted, [held], unit_of_home) is not None:
            raise RuleError(
                f"{row}已有{row.post.get_kind_display()} {row.post.name}。换人请先给原来的办理卸任。",
                field="places",
            )


def _cover(post: NetworkPost, wanted: Sequence[Covered]) -> None:
    Cover.objects.bulk_create(
        [Cover(post=post, building_id=one.building, unit_id=one.unit, home_id=one.home) for one in wanted]
    )


def appoint(
    *,
    acting_user: Any,
    kind: str,
    region_code: str,
    since: date,
    person_id: int | None = None,
    name: str = "",
    phone: str = "",
    group: str = "",
    unit: str = "",
    places: Collection[Covered] = (),
    note: str = "",
) -> NetworkPost:
    """Somebody takes a post from a day on. A grid's post lies at a grid, a police officer's at a community or grid; a leader or
    door head looks after `places` of a community. `unit` is whose staff they are.

    Raises RuleError for a place that somebody else looks after, a day in the future, a resident who has left.
    """
    if kind not in Kind.values:
        raise RuleError("请选择岗位。", field="kind")
    if since > timezone.localdate():
        raise RuleError("任职日期还没有到，请到那天再登记。", field="since")
    with audit.action(acting_user, "networks.appoint") as act:
        region = _region(acting_user, region_code, kind)
        person, called, number = _holder(acting_user, person_id, name, phone)
        wanted: list[Covered] = []
        if kind in OF_PLACES:
            wanted = _places(region_code, places)
            _refuse_double(region_code, kind, wanted, since, None)
        elif (
            NetworkPost.objects.filter(
                kind=Kind.GRID_HEAD, region_code=region_code, period__overlap=DateRange(since, None)
            ).exists()
            and kind == Kind.GRID_HEAD
        ):
            raise RuleError(f"{region.title}已有网格长。换人请先给原来的办理卸任。", field="kind")
        post = NetworkPost.objects.create(
            region_code=region_code,
            kind=kind,
            person=person,
            name=called,
            phone=number,
            group=" ".join(group.split())[:40],
            unit=" ".join(unit.replace("\x00", "").split())[:40],
            period=DateRange(since, None),
            note=note.strip()[:500],
        )
        _cover(post, wanted)
        where = _where(post) if kind in OF_PLACES else region.title
        act.record(
            post, f"{called} 任{post.get_kind_display()}：{where}", person=person.pk if person else None
        )
        if person is not None:
            act.record(person, f"任{post.get_kind_display()}：{where}")
    return post


def _where(post: NetworkPost) -> str:
    covers = list(post.covers.select_related("unit__building__estate", "home", "building__estate")[:4])
    return "、".join(str(one) for one in covers[:3]) + ("等" if len(covers) > 3 else "")


def change_places(
    *, acting_user: Any, post: NetworkPost, places: Collection[Covered], group: str = "", note: str = ""
) -> NetworkPost:
    """What a leader or door head looks after from now on; the history of the deed says what it was."""
    with audit.action(acting_user, "networks.change_places") as act:
        kept = guard.locked(NetworkPost, post.pk, acting_user, EDIT)
        _in_force(kept)
        if kept.kind not in OF_PLACES:
            raise RuleError("这个岗位不按楼栋负责。", field="places")
        wanted = _places(kept.region_code[:COMMUNITY], places)
        _refuse_double(kept.region_code[:COMMUNITY], kept.kind, wanted, timezone.localdate(), kept.pk)
        before = {(one.building_id, one.unit_id, one.home_id) for one in kept.covers.all()}
        after = {(one.building, one.unit, one.home) for one in wanted}
        group, note = " ".join(group.split())[:40], note.strip()[:500]
        if before == after and (kept.group, kept.note) == (group, note):
            act.nothing_to_record()
            return kept
        kept.group, kept.note = group, note
        kept.save(update_fields=["group", "note"])
        kept.covers.all().delete()
        _cover(kept, wanted)
        act.record(
            kept,
            f"调整{kept.get_kind_display()} {kept.name} 的负责范围：{_where(kept)}",
            before=sorted([list(one) for one in before], key=str),
        )
    return kept


def put_right(
    *, acting_user: Any, post: NetworkPost, name: str = "", phone: str = "", unit: str = "", note: str = ""
) -> NetworkPost:
    """What was written wrongly of a post: whose staff they are and the note; of somebody from elsewhere also name and phone (a
    resident's are put right at the person). An empty phone clears it.

    Raises RuleError for a post that has ended, no name, no phone number.
    """
    with audit.action(acting_user, "networks.put_right") as act:
        kept = guard.locked(NetworkPost, post.pk, acting_user, EDIT)
        _in_force(kept)
        wanted = {"unit": " ".join(unit.replace("\x00", "").split())[:40], "note": note.strip()[:500]}
        if kept.person_id is None:
            _person, wanted["name"], wanted["phone"] = _holder(acting_user, None, name, phone)
        changed = [field for field, value in wanted.items() if getattr(kept, field) != value]
        if not changed:
            act.nothing_to_record()
            return kept
        for field in changed:
            setattr(kept, field, wanted[field])
        kept.save(update_fields=changed)
        act.record(kept, f"更正{kept.get_kind_display()} {kept.name} 的登记")
    return kept


def _in_force(post: NetworkPost) -> None:
    if post.period.upper is not None:
        raise RuleError(f"{post.name} 已于 {post.period.upper} 卸任。")


def end(*, acting_user: Any, post: NetworkPost, on: date, reason: str = "") -> NetworkPost:
    """Somebody gives up the post; `on` is the first day without it."""
    with audit.action(acting_user, "networks.end", reason=reason) as act:
        kept = guard.locked(NetworkPost, post.pk, acting_user, EDIT)
        _in_force(kept)
        if on > timezone.localdate():
            raise RuleError("卸任日期还没有到，请填写今天或以前的日期。", field="on")
        if kept.period.lower is not None and on <= kept.period.lower:
            raise RuleError(f"卸任日期应晚于任职日期 {kept.period.lower}。", field="on")
        _end(act, kept, on, reason)
    return kept


def _end(act: Act, post: NetworkPost, on: date, reason: str) -> None:
    post.period, post.reason = DateRange(post.period.lower, on), reason.strip()[:200]
    post.save(update_fields=["period", "reason"])
    act.record(post, f"{post.name} 卸任{post.get_kind_display()}")


def end_at_death(act: Act, person: Person, died: date) -> str:
    """What the networks do when somebody dies: their posts end that day (or vanish from then on)."""
    ended = []
    for post in NetworkPost.objects.select_for_update().filter(person=person, period__endswith__isnull=True):
        if post.period.lower is not None and post.period.lower >= died:
            continue
        _end(act, post, died, "去世")
        ended.append(str(post.get_kind_display()))
    return f"卸任{'、'.join(ended)}" if ended else ""

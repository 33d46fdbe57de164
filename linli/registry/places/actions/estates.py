"""Who manages an estate, its entrances, and the back streets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from linli.access import guard
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.kernel import hanzi
from linli.registry.places import rules
from linli.registry.places.actions import keeping
from linli.registry.places.actions.keeping import COMMUNITY, EDIT, ruled
from linli.registry.places.models import BackStreet, Building, Entrance, Estate, EstateManagement

ENTRANCE_FIELDS = frozenset(["name", "for_cars", "for_fire", "guarded", "longitude", "latitude", "note"])
STREET_FIELDS = frozenset(
    [
        "region_code",
        "name",
        "course",
        "facing",
        "length",
        "width",
        "condition",
        "renewal",
        "renewed_on",
        "keeper",
        "keeper_phone",
        "note",
    ]
)


def set_management(
    *,
    acting_user: Any,
    estate: Estate,
    way: str,
    since: date | None,
    company: str = "",
    phone: str = "",
    fee: Decimal | None = None,
    contract_until: date | None = None,
    note: str = "",
    reason: str = "",
) -> EstateManagement:
    """From `since` on an estate is managed so; the spell before ends that day. None: since nobody knows when, allowed only for
    the first spell.

    Raises RuleError for a day in the future or before the running spell began.
    """
    with audit.action(acting_user, "places.set_management", reason=reason) as act:
        kept = guard.locked(Estate, estate.pk, acting_user, EDIT)
        spell = EstateManagement(estate=kept, region_code=kept.region_code)
        keeping.put(
            spell, keeping.tidy(spell, {"way": way, "company": company, "phone": phone, "note": note})
        )
        spell.fee, spell.contract_until = fee, contract_until
        with ruled():
            rules.management(
                way=spell.way, company=spell.company, contract_until=contract_until, fee=fee, since=since
            )
        spell.phone = keeping.phone_number(spell.phone, "phone")
        if since is not None and since > timezone.localdate():
            raise RuleError("开始日期还没有到，请到那天再登记。", field="since")
        before = EstateManagement.objects.filter(estate=kept, period__endswith__isnull=True).first()
        last = (
            EstateManagement.objects.filter(estate=kept, period__endswith__isnull=False)
            .order_by("-period__endswith")
            .first()
        )
        if before is not None:
            begun = before.period.lower
            if since is None or (begun is not None and since <= begun):
                raise RuleError(
                    f"现在的“{before.tells}”{f'从 {begun} 开始' if begun else '还在延续'}，"
                    "请填写在它之后的开始日期；原来登记错了的，请用“更正”。",
                    field="since",
                )
            before.period = DateRange(begun, since)
            before.save(update_fields=["period"])
        elif last is not None and (since is None or since < last.period.upper):
            raise RuleError(f"上一段管理到 {last.period.upper} 为止，开始日期不能早于这一天。", field="since")
        spell.period = DateRange(since, None)
        spell.save()
        act.record(kept, f"{kept.name}改为{spell.tells}" if before else f"{kept.name}：{spell.tells}")
    return spell


def correct_management(
    *, acting_user: Any, management: EstateManagement, reason: str = "", **changes: Any
) -> EstateManagement:
    """Put right what was recorded of a spell (way, company, phone, fee, contract_until, note); its dates stay."""
    with audit.action(acting_user, "places.correct_management", reason=reason) as act:
        kept = guard.locked(EstateManagement, management.pk, acting_user, EDIT)
        keeping.known(changes, frozenset(["way", "company", "phone", "fee", "contract_until", "note"]))
        changed = keeping.put(kept, keeping.tidy(kept, changes))
        with ruled():
            rules.management(
                way=kept.way,
                company=kept.company,
                contract_until=kept.contract_until,
                fee=kept.fee,
                since=kept.period.lower,
            )
        kept.phone = keeping.phone_number(kept.phone, "phone")
        if not changed:
            act.nothing_to_record()
            return kept
        kept.save()
        act.record(kept.estate, f"更正{kept.estate.name}的管理情况：{keeping.labels(kept, changed)}")
    return kept


def _check_entrance(entrance: Entrance) -> None:
    with ruled():
        entrance.name = rules.name(entrance.name, "name", "出入口名称")
        rules.position_on_earth(entrance.longitude, entrance.latitude)


def add_entrance(*, acting_user: Any, estate: Estate, name: str, **fields: Any) -> Entrance:
    """A gate of an estate, such as 东门."""
    keeping.known(fields, ENTRANCE_FIELDS)
    with audit.action(acting_user, "places.add_entrance") as act:
        kept = guard.locked(Estate, estate.pk, acting_user, EDIT)
        entrance = Entrance(estate=kept, region_code=kept.region_code)
        keeping.put(entrance, keeping.tidy(entrance, {"name": name, **fields}))
        _check_entrance(entrance)
        keeping.save(entrance, f"“{kept.name}”已有“{entrance.name}”。")
        act.record(kept, f"新增出入口“{entrance.name}”")
    return entrance


def update_entrance(*, acting_user: Any, entrance: Entrance, **changes: Any) -> Entrance:
    """Change a gate."""
    keeping.known(changes, ENTRANCE_FIELDS)
    with audit.action(acting_user, "places.update_entrance") as act:
        kept = guard.locked(Entrance, entrance.pk, acting_user, EDIT)
        changed = keeping.put(kept, keeping.tidy(kept, changes))
        _check_entrance(kept)
        if not changed:
            act.nothing_to_record()
            return kept
        keeping.save(kept, f"“{kept.estate.name}”已有“{kept.name}”。")
        act.record(kept.estate, f"修改出入口“{kept.name}”：{keeping.labels(kept, changed)}")
    return kept


def remove_entrance(*, acting_user: Any, entrance: Entrance, reason: str = "") -> None:
    """Take away a gate that is no more or was recorded by mistake."""
    with audit.action(acting_user, "places.remove_entrance", reason=reason) as act:
        kept = guard.locked(Entrance, entrance.pk, acting_user, EDIT)
        act.record(kept.estate, f"删除出入口“{kept.name}”")
        kept.delete()


def _check_street(street: BackStreet) -> None:
    with ruled():
        street.name = rules.name(street.name, "name", "街巷名称")
        rules.count(street.length, 20_000, "length", "长度")
        if street.width is not None and not 0 < street.width <= 200:
            raise rules.Refused("宽度应大于 0，不超过 200 米。", "width")
        if street.renewed_on and street.renewal != "done":
            raise rules.Refused("填了整治完成日期，整治情况应选“已完成”。", "renewal")
        if street.renewed_on and street.renewed_on > timezone.localdate():
            raise rules.Refused("整治完成日期还没有到，请核对。", "renewed_on")
    street.keeper_phone = keeping.phone_number(street.keeper_phone, "keeper_phone")
    street.initials = hanzi.initials(street.name)


def _buildings_along(acting_user: Any, street: BackStreet, ids: Iterable[int]) -> list[Building]:
    wanted = set(ids)
    found = list(Building.objects.permitted(acting_user, EDIT).filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise guard.NotPermitted(EDIT)
    if any(one.region_code[:COMMUNITY] != street.region_code[:COMMUNITY] for one in found):
        raise RuleError("沿线楼栋要和街巷在同一个社区。", field="buildings")
    return found


def add_back_street(
    *, acting_user: Any, region_code: str, name: str, building_ids: Iterable[int] = (), **fields: Any
) -> BackStreet:
    """A back street of a community, with the buildings along it."""
    keeping.known(fields, STREET_FIELDS)
    with audit.action(acting_user, "places.add_back_street") as act:
        street = BackStreet(region_code=keeping.region(region_code, acting_user))
        keeping.put(street, keeping.tidy(street, {"name": name, **fields}))
        _check_street(street)
        along = _buildings_along(acting_user, street, building_ids)
        keeping.save(street, f"本社区已有“{street.name}”。")
        street.buildings.set(along)
        act.record(street, f"新增背街小巷“{street.name}”")
    return street


def update_back_street(
    *,
    acting_user: Any,
    street: BackStreet,
    building_ids: Iterable[int] | None = None,
    reason: str = "",
    **changes: Any,
) -> BackStreet:
    """Change a back street; `building_ids` None leaves the buildings along it as they are."""
    keeping.known(changes, STREET_FIELDS)
    with audit.action(acting_user, "places.update_back_street", reason=reason) as act:
        kept = guard.locked(BackStreet, street.pk, acting_user, EDIT)
        before = kept.region_code
        changed = keeping.put(kept, keeping.tidy(kept, changes))
        _check_street(kept)
        if kept.region_code != before:
            keeping.region(kept.region_code, acting_user)
        said = [keeping.labels(kept, changed)] if changed else []
        if building_ids is not None:
            along = _buildings_along(acting_user, kept, building_ids)
            if set(kept.buildings.values_list("pk", flat=True)) != {one.pk for one in along}:
                kept.buildings.set(along)
                said.append("沿线楼栋")
        if not said:
            act.nothing_to_record()
            return kept
        keeping.save(kept, f"本社区已有“{kept.name}”。")
        act.record(kept, f"修改背街小巷“{kept.name}”：{'、'.join(said)}")
    return kept


def remove_back_street(*, acting_user: Any, street: BackStreet, reason: str = "") -> None:
    """Take away a back street that was recorded by mistake."""
    with audit.action(acting_user, "places.remove_back_street", reason=reason) as act:
        kept = guard.locked(BackStreet, street.pk, acting_user, EDIT)
        act.record(kept, f"删除背街小巷“{kept.name}”")
        kept.delete()

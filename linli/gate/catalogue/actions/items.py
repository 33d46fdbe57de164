"""Items between editions: admitted one by one, suspended, resumed, renewed, revoked. Their warrants follow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access.guard import locked, require
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.flow import actions as flow
from linli.flow.rules.warrants import Per, Thing
from linli.gate.catalogue.actions import bases as the_bases
from linli.gate.catalogue.actions import drafts
from linli.gate.catalogue.actions.terms import checked, lock_catalogue, next_code
from linli.gate.catalogue.models import DISTRICT, Item
from linli.gate.catalogue.rules.terms import Fate

MANAGE = Permission.MANAGE_CATALOGUE


def admit(
    *,
    acting_user: Any,
    region_code: str,
    title: str,
    category: str,
    unit: Unit,
    kind: str,
    responsibility: str,
    since: date,
    until: date | None,
    hours: Decimal,
    things: Iterable[str] = (),
    times: int | None = None,
    per: str = Per.YEAR,
    expected: int | None = None,
    bases: Iterable[int] = (),
    basis_note: str = "",
    content: str = "",
    evidence: str = "",
    money: Decimal | None = None,
    reason: str = "",
) -> Item:
    """Add an item to the list in force, with its warrant when it lets things be sent.

    `region_code` is the district, or the part of it where the item holds; `bases` are numbers of `Basis` rows; `hours` are what
    one occurrence takes in one community; `expected` is how often it comes up in a year when `times` is None.
    Raises RuleError for terms that make no sense, and for a name that the list has.
    """
    require(acting_user, MANAGE, region_code)
    if len(region_code) < DISTRICT:
        raise RuleError("清单按区建立，请选择区或区内的街道、社区。", field="region_code")
    if until is not None and until <= since:
        raise RuleError("有效期的截止日期要晚于起始日期。", field="until")
    values = checked(
        {
            "title": title,
            "category": category,
            "content": content,
            "responsibility": responsibility,
            "kind": kind,
            "unit": unit,
            "things": things,
            "times": times,
            "per": per,
            "expected": expected,
            "hours": hours,
            "money": money,
            "evidence": evidence,
            "bases": bases,
            "basis_note": basis_note,
            "until": until,
        },
        region_code,
    )
    with action(acting_user, "catalogue.admit", reason=reason) as act:
        lock_catalogue(region_code)
        same = Item.objects.of_catalogue(region_code).in_force().filter(title=values["title"]).first()
        if same is not None:
            raise RuleError(f"清单里已经有“{same.title}”（编号 {same.code}），不能重复准入。", field="title")
        item = Item(region_code=region_code, code=f"{next_code(region_code):04d}", since=since, **values)
        if item.things:
            item.warrant = flow.make_warrant(
                acting_user=acting_user,
                region_code=region_code,
                title=item.title,
                issuer=unit,
                things=[Thing(one) for one in item.things],
                since=since,
                until=until,
                basis=the_bases.named(item.bases, item.basis_note),
                times=item.times,
                per=Per(item.per),
            )
        item.save()
        drafts.follow_admission(item)
        act.record(item, f"准入事项“{item.title}”，责任部门{unit.name}")
    return item


def _held(item: Item, user: Any, *, ran_out: bool = False) -> Item:
    """The item, locked, while it is in force or about to be; with `ran_out` also one whose time is up."""
    kept: Item = locked(Item, item.pk, user, MANAGE)
    if ran_out and not kept.ended_how:
        return kept
    if kept.until is not None and kept.until <= timezone.localdate():
        raise RuleError(f"事项“{kept.title}”已于 {kept.until} 到期或退出清单。")
    return kept


def suspend(*, acting_user: Any, item: Item, reason: str) -> Item:
    """Nothing more is sent under the item until it is resumed.

    Raises RuleError without a reason, when it rests already, and when nothing is sent under it.
    """
    with action(acting_user, "catalogue.suspend", reason=reason.strip()) as act:
        kept = _held(item, acting_user)
        if kept.warrant is None:
            raise RuleError(f"事项“{kept.title}”没有可下派的内容，不用暂停。")
        flow.suspend_warrant(acting_user=acting_user, warrant=kept.warrant, reason=reason)
        kept.warrant.refresh_from_db()
        act.record(kept, f"暂停事项“{kept.title}”：{reason.strip()}")
    return kept


def resume(*, acting_user: Any, item: Item, reason: str) -> Item:
    """Things may be sent under the item again. Raises RuleError without a reason, or when it does not rest."""
    with action(acting_user, "catalogue.resume", reason=reason.strip()) as act:
        kept = _held(item, acting_user)
        if kept.warrant is None:
            raise RuleError(f"事项“{kept.title}”没有暂停。")
        flow.resume_warrant(acting_user=acting_user, warrant=kept.warrant, reason=reason)
        kept.warrant.refresh_from_db()
        act.record(kept, f"恢复事项“{kept.title}”")
    return kept


def renew(*, acting_user: Any, item: Item, until: date | None, reason: str, ran_out: bool = False) -> Item:
    """The item holds longer: until `until`, or without end. With `ran_out` one whose time is up by itself holds again; nothing was sent
    under it meanwhile, for a sending is never of a day that is past.

    Raises RuleError without a reason, when that is no later than now, and for an item that has ended.
    """
    with action(acting_user, "catalogue.renew", reason=reason.strip()) as act:
        kept = _held(item, acting_user, ran_out=ran_out)
        if not reason.strip():
            raise RuleError("请填写延期的原因。", field="reason")
        if kept.until is None or (until is not None and until <= kept.until):
            raise RuleError(f"新的有效期要晚于现在的 {kept.until or '长期'}。", field="until")
        if kept.warrant is not None:
            flow.extend_warrant(acting_user=acting_user, warrant=kept.warrant, until=until, reason=reason)
        kept.until = until
        kept.save(update_fields=["until"])
        drafts.follow_renewal(kept)
        act.record(kept, f"事项“{kept.title}”延期到 {until or '长期'}")
    return kept


def revoke(*, acting_user: Any, item: Item, reason: str, on: date | None = None) -> Item:
    """The item leaves the list on a day (today): from then nothing is sent under it.

    Raises RuleError without a reason, for a day that is past, and for an item that has ended.
    """
    day = on or timezone.localdate()
    if day < timezone.localdate():
        raise RuleError("退出日期不能早于今天。", field="on")
    with action(acting_user, "catalogue.revoke", reason=reason.strip()) as act:
        kept = _held(item, acting_user)
        if not reason.strip():
            raise RuleError("请填写退出清单的原因。", field="reason")
        if kept.until is not None and kept.until <= day:
            raise RuleError(f"事项“{kept.title}”到 {kept.until} 就到期了，不用提前退出。", field="on")
        if kept.warrant is not None:
            flow.end_warrant(acting_user=acting_user, warrant=kept.warrant, on=day, reason=reason)
        kept.until = max(day, kept.since)
        kept.ended_how, kept.ended_why = Fate.CANCEL.value, reason.strip()
        kept.save(update_fields=["until", "ended_how", "ended_why"])
        drafts.follow_end(kept)
        act.record(kept, f"撤销事项“{kept.title}”，从 {day} 起退出清单")
    return kept


def tell_end(*, acting_user: Any, item: Item, reason: str) -> Item:
    """Say of an item whose time is up by itself that it is not to come back, and why. Raises RuleError while it is in force."""
    with action(acting_user, "catalogue.tell_end", reason=reason.strip()) as act:
        kept = _held(item, acting_user, ran_out=True)
        if kept.in_force_or_coming():
            raise RuleError(f"事项“{kept.title}”还在有效期内，请撤销。")
        kept.ended_how, kept.ended_why = Fate.CANCEL.value, reason.strip()
        kept.save(update_fields=["ended_how", "ended_why"])
        drafts.follow_end(kept)
        act.record(kept, f"事项“{kept.title}”期满不再实施")
    return kept

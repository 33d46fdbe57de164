"""Every write to organisations. Each asks for EDIT_ORGANISATIONS where the organisation lies.

All raise `RuleError` for what cannot be, and `NotPermitted` outside the acting user's area.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from linli.access import guard
from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.kernel import hanzi, phone
from linli.regions.models import KEY_LENGTH, Level, Region
from linli.registry.organisations import checking, premising, rules, telling
from linli.registry.organisations.models import (
    Check,
    Organisation,
    OrganisationKind,
    Position,
    Premises,
    Tie,
)

EDIT = Permission.EDIT_ORGANISATIONS
COMMUNITY = KEY_LENGTH[Level.COMMUNITY]
FIELDS = frozenset(
    [
        "region_code",
        "name",
        "credit_code",
        "kind",
        "industry",
        "address",
        "premises",
        "legal_person",
        "contact",
        "contact_phone",
        "staff",
        "founded_on",
        "note",
        "landline",
        "supervisor",
        *rules.KIND_FIELDS,
    ]
)
CHILDREN = (Premises, Position, Tie, Check)


@contextmanager
def _ruled() -> Iterator[None]:
    try:
        yield
    except rules.Refused as refused:
        raise RuleError(refused.message, field=refused.field) from refused


def _label(name: str) -> str:
    return str(getattr(Organisation._meta.get_field(name), "verbose_name", name))


def _put(one: Organisation, values: dict[str, Any]) -> list[str]:
    if unknown := set(values) - FIELDS:
        raise TypeError(f"no such field: {', '.join(sorted(unknown))}")
    changed = []
    for key, value in values.items():
        if isinstance(value, str):
            value = value.replace("\x00", "").strip()
        if getattr(one, key) != value:
            setattr(one, key, value)
            changed.append(key)
    return changed


def _check(one: Organisation, acting_user: Any) -> None:
    with _ruled():
        one.name = rules.name(one.name)
        one.credit_code = rules.credit_code(one.credit_code)
        rules.staff(one.staff)
        rules.life(one.founded_on, one.closed_on, timezone.localdate())
        rules.kind_fields(one.kind, {name: getattr(one, name) for name in rules.KIND_FIELDS})
    if one.kind not in OrganisationKind.values:
        raise RuleError("请选择单位类别。", field="kind")
    try:
        one.contact_phone = phone.normalise(one.contact_phone, service=True) if one.contact_phone else ""
    except phone.InvalidPhone as error:
        raise RuleError(str(error), field="contact_phone") from error
    guard.require(acting_user, EDIT, one.region_code)
    if len(one.region_code) < COMMUNITY or not Region.objects.filter(region_code=one.region_code).exists():
        raise RuleError("请选择所属的社区或网格。", field="region_code")
    if one.premises is not None and one.premises.region_code[:COMMUNITY] != one.region_code[:COMMUNITY]:
        raise RuleError("所在房屋要和单位在同一个社区。", field="premises")
    if one.premises is not None and not one.address:
        one.address = one.premises.full_address
    one.initials = hanzi.initials(one.name)


def _save(one: Organisation) -> None:
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError as error:
        raise RuleError(
            "这个统一社会信用代码已经登记过，请先查找，不要重复登记。", field="credit_code"
        ) from error


def _end_positions(one: Organisation, on: date) -> None:
    for position in Position.objects.filter(organisation=one):
        lower, upper = position.period.lower, position.period.upper
        if position.period.isempty or (upper is not None and upper <= on):
            continue
        if lower is not None and lower >= on:
            position.delete()
        else:
            position.period = DateRange(lower, on)
            position.save(update_fields=["period"])


def add_organisation(
    *, acting_user: Any, region_code: str, name: str, kind: str, reason: str = "", **fields: Any
) -> Organisation:
    """A new organisation in a community or grid; without an address it has that of its premises."""
    with audit.action(acting_user, "organisations.add", reason=reason) as act:
        one = Organisation()
        _put(one, {"region_code": region_code, "name": name, "kind": kind, **fields})
        _check(one, acting_user)
        _save(one)
        premising.follow(one, None, one.founded_on)
        checking.follow(one)
        act.record(one, f"登记单位“{one.name}”")
    return one


def update_organisation(
    *, acting_user: Any, organisation: Organisation, reason: str = "", **changes: Any
) -> Organisation:
    """Change what is recorded of an organisation."""
    with audit.action(acting_user, "organisations.update", reason=reason) as act:
        kept = guard.locked(Organisation, organisation.pk, acting_user, EDIT)
        before, region = kept.premises_id, kept.region_code
        kind = changes.get("kind", kept.kind)
        if kind != kept.kind:
            # What the new kind does not have goes; its history keeps it.
            blank, dropped = Organisation(), rules.KIND_FIELDS - rules.FIELDS_OF.get(kind, frozenset())
            changes = {name: getattr(blank, name) for name in dropped} | changes
        changed = _put(kept, changes)
        if not changed:
            act.nothing_to_record()
            return kept
        _check(kept, acting_user)
        _save(kept)
        if "premises" in changed:
            premising.follow(kept, before, timezone.localdate())
        if kept.region_code != region:
            for model in CHILDREN:
                model.objects.filter(organisation=kept).exclude(region_code=kept.region_code).update(
                    region_code=kept.region_code
                )
        checking.follow(kept)
        telling.soon(kept.region_code)
        labels = "、".join(_label(name) for name in changed)
        act.record(kept, f"修改单位“{kept.name}”：{labels}")
    return kept


def close_organisation(
    *, acting_user: Any, organisation: Organisation, closed_on: date, reason: str = ""
) -> Organisation:
    """An organisation ended, or left the community, on that day: it stays on record and leaves the lists of today."""
    with audit.action(acting_user, "organisations.close", reason=reason) as act:
        kept = guard.locked(Organisation, organisation.pk, acting_user, EDIT)
        if kept.closed_on is not None:
            raise RuleError(f"这个单位已在 {kept.closed_on} 注销。", field="closed_on")
        with _ruled():
            rules.life(kept.founded_on, closed_on, timezone.localdate())
        kept.closed_on = closed_on
        kept.save()
        premising.end_all(kept, closed_on)
        _end_positions(kept, closed_on)
        checking.stop(kept, acting_user, f"单位已于 {closed_on} 注销或迁出")
        telling.soon(kept.region_code)
        act.record(kept, f"单位“{kept.name}”于 {closed_on} 注销或迁出")
    return kept


def reopen_organisation(*, acting_user: Any, organisation: Organisation, reason: str = "") -> Organisation:
    """Take back a closing that was a mistake."""
    with audit.action(acting_user, "organisations.reopen", reason=reason) as act:
        kept = guard.locked(Organisation, organisation.pk, acting_user, EDIT)
        if kept.closed_on is None:
            act.nothing_to_record()
            return kept
        closed_on, kept.closed_on = kept.closed_on, None
        kept.save()
        for model in (Premises, Position):
            for spell in model.objects.filter(organisation=kept, period__endswith=closed_on):
                spell.period = DateRange(spell.period.lower, None)
                spell.save(update_fields=["period"])
        checking.follow(kept)
        telling.soon(kept.region_code)
        act.record(kept, f"恢复单位“{kept.name}”")
    return kept


def reveal_contact(*, acting_user: Any, organisation: Organisation, purpose: str) -> Organisation:
    """The organisation with its contact's phone to be shown in full; who looked, and what for, is recorded."""
    guard.require(acting_user, Permission.REVEAL_PEOPLE, organisation.region_code)
    if not purpose.strip():
        raise RuleError("请填写查看用途，例如“通知安全检查”。", field="purpose")
    with audit.action(acting_user, "organisations.reveal_contact", reason=purpose.strip()) as act:
        act.record(organisation, "查看单位联系电话")
    return organisation

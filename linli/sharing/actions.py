"""Writes of sharing: clients, keys, entitlements and their confirmation, calls and what they used."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import NotPermitted, locked, require
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.access.sealed import digest
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.facts.dictionary import UnknownTerm, dictionary
from linli.sharing import rules
from linli.sharing.models import Call, Client, Entitlement, Key, Operation, Tally

MANAGE, CONFIRM = Permission.MANAGE_SHARING, Permission.CONFIRM_SHARING
KEY_DAYS = 366
_FIELDS = ("name", "responsible", "phone", "per_minute", "people_per_day", "valid_from", "valid_to", "note")
_DIGEST = "api_key"


def save_client(
    *,
    acting_user: Any,
    values: Mapping[str, Any],
    unit: Unit,
    region_code: str = "",
    client_id: int | None = None,
) -> Client:
    """Register a department's system in a region, or change it (the region stays). Raises RuleError, NotPermitted."""
    with audit.action(acting_user, "sharing.save_client") as act:
        if client_id is None:
            require(acting_user, MANAGE, region_code)
            client = Client(region_code=region_code)
        else:
            client = locked(Client, client_id, acting_user, MANAGE)
        for name in _FIELDS:
            if name in values:
                setattr(client, name, values[name])
        client.unit = unit
        same = Client.objects.filter(name=client.name)
        if (same.exclude(pk=client.pk) if client.pk else same).exists():
            raise RuleError(_("已经有叫这个名字的系统，请换一个名字。"), field="name")
        if client.valid_to is not None and client.valid_to < client.valid_from:
            raise RuleError(_("停用日期不能早于启用日期。"), field="valid_to")
        if client.per_minute < 1 or client.people_per_day < 1:
            raise RuleError(_("次数和人数至少是 1。"), field="per_minute")
        said = _("修改接入方“%(name)s”") if client.pk else _("登记接入方“%(name)s”")
        client.save()
        act.record(client, said % {"name": client.name})
    return client


def issue_key(*, acting_user: Any, client_id: int, expires_on: date) -> tuple[Key, str]:
    """A new key for a client. The text is returned this once; what is stored cannot be turned back into it.

    Older keys go on, so that a client can change over; they are revoked by hand or run out. Raises RuleError.
    """
    today = timezone.localdate()
    if not today <= expires_on <= today + timedelta(days=KEY_DAYS):
        raise RuleError(_("有效期最长一年，请重新填写。"), field="expires_on")
    with audit.action(acting_user, "sharing.issue_key") as act:
        client = locked(Client, client_id, acting_user, MANAGE)
        if sum(1 for one in client.keys.all() if one.usable(today)) >= 3:
            raise RuleError(_("这个系统已有 3 个可用的密钥，请先吊销不用的。"))
        public, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        key = Key.objects.create(
            client=client,
            public=public,
            digest=digest(secret, _DIGEST),
            created_by=acting_user,
            expires_on=expires_on,
        )
        act.record(client, _("给“%(name)s”发放密钥 %(key)s") % {"name": client.name, "key": public})
    return key, rules.write_key(public, secret)


def revoke_key(*, acting_user: Any, key_id: int) -> Key:
    """Close a key for good, at once. Raises NotPermitted, RuleError when it is closed already."""
    with audit.action(acting_user, "sharing.revoke_key") as act:
        key = Key.objects.select_for_update(of=("self",)).select_related("client").filter(pk=key_id).first()
        if key is None or not acting_user.can(MANAGE, key.client.region_code):
            raise NotPermitted(MANAGE)
        if key.revoked_at is not None:
            raise RuleError(_("这个密钥已经吊销。"))
        key.revoked_at = timezone.now()
        key.save(update_fields=["revoked_at"])
        act.record(
            key.client, _("吊销“%(name)s”的密钥 %(key)s") % {"name": key.client.name, "key": key.public}
        )
    return key


def grant(
    *,
    acting_user: Any,
    client_id: int,
    subject: str,
    region_code: str,
    operations: Sequence[str],
    purposes: Sequence[str],
    basis: str,
    elements: Sequence[str] = (),
    conditions: Sequence[str] = (),
    measures: Sequence[str] = (),
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Entitlement:
    """Write down what a client is to be allowed; it holds only once another has confirmed it. Raises RuleError, NotPermitted."""
    with audit.action(acting_user, "sharing.grant") as act:
        client = locked(Client, client_id, acting_user, MANAGE)
        require(acting_user, MANAGE, region_code)
        if not region_code.startswith(client.region_code):
            raise RuleError(_("授权的区域要在接入方的区域之内。"), field="region_code")
        _check_terms(subject, elements, conditions, measures)
        wanted = [one for one in Operation.values if one in operations]
        _check_uses(subject, wanted, elements, measures)
        if not purposes or not basis.strip():
            raise RuleError(_("用途和依据都要填写。"), field="purposes" if not purposes else "basis")
        others = Entitlement.objects.filter(client=client, subject=subject, ended_at__isnull=True)
        if taken := rules.overlapping_purposes(purposes, (one.purposes for one in others)):
            raise RuleError(
                _("用途“%(name)s”已有一条授权，请换一个用途，或先终止那一条。") % {"name": taken[0]},
                field="purposes",
            )
        made = Entitlement.objects.create(
            client=client,
            region_code=region_code,
            subject=subject,
            elements=list(dict.fromkeys(elements)),
            conditions=list(dict.fromkeys(conditions)),
            measures=list(dict.fromkeys(measures)),
            operations=wanted,
            purposes=list(purposes),
            basis=basis.strip(),
            valid_from=valid_from or timezone.localdate(),
            valid_to=valid_to,
            granted_by=acting_user,
        )
        act.record(
            client,
            _("录入授权：%(name)s 查询%(subject)s，用途 %(purposes)s")
            % {"name": client.name, "subject": made.subject_label, "purposes": "、".join(purposes)},
            reason_of=basis.strip(),
            elements=made.elements,
            conditions=made.conditions,
            measures=made.measures,
            region=region_code,
        )
    return made


def _check_terms(
    subject: str, elements: Sequence[str], conditions: Sequence[str], measures: Sequence[str]
) -> None:
    try:
        known = dictionary.refresh().subject(subject)
        for path in elements:
            dictionary.permissions(subject, path)
    except UnknownTerm as unknown:
        raise RuleError(_("%(what)s，请重新选择。") % {"what": str(unknown)}, field="elements") from None
    if not set(conditions) <= set(known.conditions) or not set(measures) <= set(known.measures):
        raise RuleError(_("口径或指标已不存在，请重新选择。"), field="conditions")


def _check_uses(
    subject: str, operations: Sequence[str], elements: Sequence[str], measures: Sequence[str]
) -> None:
    if not operations:
        raise RuleError(_("请至少选一种用法。"), field="operations")
    of_people = [one for one in operations if one != Operation.COUNTS]
    if of_people and subject != "person":
        raise RuleError(_("按号码查询和订阅只适用于居民，其他主题请只选“查统计数”。"), field="operations")
    if of_people and not elements:
        raise RuleError(_("请选择可以查到的数据元。"), field="elements")
    if Operation.COUNTS in operations and not measures:
        raise RuleError(_("请选择可以查的指标。"), field="measures")


def _entitlement(acting_user: Any, pk: int, permission: Permission) -> Entitlement:
    return locked(Entitlement, pk, acting_user, permission)


def confirm(*, acting_user: Any, entitlement_id: int) -> Entitlement:
    """Put an entitlement in force. Nobody confirms what they granted themselves. Raises RuleError, NotPermitted."""
    with audit.action(acting_user, "sharing.confirm") as act:
        found = _entitlement(acting_user, entitlement_id, CONFIRM)
        if found.granted_by_id == acting_user.pk:
            raise RuleError(_("录入和确认要由两个人做，请另一位负责人确认。"))
        if found.confirmed_at is not None or found.ended_at is not None:
            raise RuleError(_("这条授权不在待确认状态。"))
        found.confirmed_by, found.confirmed_at = acting_user, timezone.now()
        found.save(update_fields=["confirmed_by", "confirmed_at"])
        act.record(
            found.client, _("确认授权：%(name)s，%(what)s") % {"name": found.client.name, "what": found}
        )
    return found


def end_entitlement(*, acting_user: Any, entitlement_id: int, reason: str) -> Entitlement:
    """End an entitlement at once; either side of the two may. Raises RuleError, NotPermitted."""
    if not reason.strip():
        raise RuleError(_("请填写原因。"), field="reason")
    with audit.action(acting_user, "sharing.end", reason=reason.strip()) as act:
        may = MANAGE if acting_user.can(MANAGE) else CONFIRM
        found = _entitlement(acting_user, entitlement_id, may)
        if found.ended_at is not None:
            raise RuleError(_("这条授权已经终止。"))
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        act.record(
            found.client, _("终止授权：%(name)s，%(what)s") % {"name": found.client.name, "what": found}
        )
    return found


# -- what calls leave behind: not deeds of a user, so they are no actions; the call itself is the record ------------------


def open_key(header: str, today: date) -> Key | None:
    """The usable key of an Authorization header, of a client that may call today; None otherwise."""
    parts = rules.read_key(header)
    if parts is None:
        return None
    key = Key.objects.select_related("client__unit").filter(public=parts[0]).first()
    given = digest(parts[1], _DIGEST)
    # Compared also where there is no such key, so that time tells nothing.
    same = hmac.compare_digest(bytes(key.digest) if key is not None else bytes(32), given)
    if key is None or not same or not key.usable(today) or not key.client.in_force(today):
        return None
    if key.last_used_at is None or timezone.now() - key.last_used_at > timedelta(minutes=5):
        Key.objects.filter(pk=key.pk).update(last_used_at=timezone.now())
    return key


def use(client: Client, kind: str, since: datetime, amount: int, limit: int) -> bool:
    """Add to what a client has used since a moment, if that keeps it within the limit; one statement, exact across processes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sharing_tally AS t (client_id, kind, since, used) SELECT %(client)s, %(kind)s, %(since)s, %(n)s "
            "WHERE %(n)s <= %(limit)s "
            "ON CONFLICT (client_id, kind, since) DO UPDATE SET used = t.used + EXCLUDED.used "
            "WHERE t.used + EXCLUDED.used <= %(limit)s RETURNING used",
            {"client": client.pk, "kind": kind, "since": since, "n": amount, "limit": limit},
        )
        return cursor.fetchone() is not None


def note_call(**values: Any) -> Call:
    """Keep one call."""
    return Call.objects.create(**values)


def forget_tallies(before: datetime) -> int:
    """Delete what was counted for limits long past."""
    gone, _each = Tally.objects.filter(since__lt=before).delete()
    return gone

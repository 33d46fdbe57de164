"""The list of kinds and the register of offices."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import locked, require
from linli.access.roles import Permission
from linli.audit.recording import SYSTEM, ActingUser, RuleError, action
from linli.certificates import listing
from linli.certificates.actions.steps import required
from linli.certificates.carried.allowed import ALLOWED
from linli.certificates.carried.not_allowed import NOTICE, OFFICES, TWENTY, UNREAD
from linli.certificates.models import Edition, Kind, Office, Standing
from linli.certificates.rules import wording
from linli.regions.models import KEY_LENGTH, Level

MANAGE = Permission.MANAGE_CERTIFICATES
DISTRICT = KEY_LENGTH[Level.DISTRICT]
# 民发〔2020〕20号 was signed on that day.
_NOTICE_SINCE = date(2020, 2, 20)
_LIST_SINCE = date(2026, 1, 1)


def _carried() -> dict[str, dict[str, Any]]:
    """The carried list as fields of editions, by code."""
    found: dict[str, dict[str, Any]] = {}
    for may in ALLOWED:
        found[may.code] = {
            "standing": Standing.ALLOWED,
            "title": may.title,
            "also": list(may.also),
            "basis": may.basis,
            "source": _("系统自带，本区清单另有规定的从其规定"),
            "checked": may.checked or UNREAD,
            "askers": list(may.askers),
            "conditions": list(may.conditions),
            "wording": may.wording,
            "inputs": [one._asdict() for one in may.inputs],
            "days": may.days,
            "needs_head": may.needs_head,
            "purpose_hint": may.purpose_hint,
        }
    for place, no in enumerate(TWENTY, 1):
        found[no.code] = {
            "standing": Standing.NOT_ALLOWED,
            "title": no.title,
            "also": list(no.also),
            "basis": no.basis,
            "source": f"{NOTICE}，第一批第 {place} 项",
            "checked": no.checked or UNREAD,
            "instead": no.instead,
            "offices": list(no.offices),
            "bring": no.bring,
        }
    return found


def ensure_list(*, acting_user: ActingUser = SYSTEM) -> int:
    """Put the carried list in force where it is not there yet, and a new edition where the carried text has changed since. Returns how
    many editions were added."""
    today = timezone.localdate()
    newest = {
        one.kind.code: one
        for one in Edition.objects.filter(kind__region_code="")
        .select_related("kind")
        .order_by("kind_id", "-number")
        .distinct("kind_id")
    }
    made, added = 0, 0
    with action(acting_user, "certificates.carry") as act:
        for code, values in _carried().items():
            have = newest.get(code)
            if have is not None and all(getattr(have, key) == value for key, value in values.items()):
                continue
            kind = have.kind if have is not None else Kind.objects.create(code=code)
            first = _NOTICE_SINCE if values["standing"] == Standing.NOT_ALLOWED else min(today, _LIST_SINCE)
            Edition.objects.create(
                kind=kind,
                number=have.number + 1 if have is not None else 1,
                since=max(have.since, today) if have is not None else first,
                reason=_("系统升级，按现行规定更新") if have is not None else "",
                published_by=acting_user.name,
                **values,
            )
            made += 1
            added += have is None
        if made:
            act.record(
                None,
                _("载入证明事项清单：新增 %(new)s 项，更新 %(changed)s 项")
                % {"new": added, "changed": made - added},
                count=made,
            )
        else:
            act.nothing_to_record()
    return made


def publish(
    *,
    acting_user: Any,
    region_code: str,
    values: Mapping[str, Any],
    code: str = "",
    since: date | None = None,
    reason: str = "",
) -> Edition:
    """A new edition for a region: of a kind that holds there (`code`), with a reason, else of a new kind.

    Districts and what is above publish: communities come and go by adjustments. `values` are the fields of Edition. What the list of the whole country forbids may only be told more exactly. Raises RuleError for
    anything else of it, for wording that cannot be filled, for a taken name, for a change without a reason; NotPermitted.
    """
    require(acting_user, MANAGE, region_code)
    if len(region_code) > DISTRICT:
        raise RuleError(_("证明清单由区里统一制定，请选择区。"), field="region_code")
    day = since or timezone.localdate()
    title = required(values.get("title", ""), "title", _("请填写证明名称。"), 40)
    basis = required(
        values.get("basis", ""), "basis", _("请填写依据：没有法律法规依据的证明不能列入清单。"), 400
    )
    standing = values.get("standing", Standing.ALLOWED)
    said = (
        required(reason, "reason", _("请写明为什么改，例如“本区清单修订”。"), 200) if code else reason.strip()
    )
    above = listing.in_force(region_code, day)
    with action(acting_user, "certificates.publish", reason=said) as act:
        for one in listing.in_force("", day):
            if one.standing != Standing.NOT_ALLOWED:
                continue
            if one.kind.code != code:
                if standing == Standing.ALLOWED and title in (one.title, *one.also):
                    raise RuleError(_forbidden(one), field="title")
            elif standing != Standing.NOT_ALLOWED:
                raise RuleError(_forbidden(one), field="title")
            elif title != one.title:
                raise RuleError(
                    _("“%(title)s”的名称出自%(source)s，不能改。")
                    % {"title": one.title, "source": one.source},
                    field="title",
                )
        if any(one.title == title and one.kind.code != code for one in above):
            raise RuleError(
                _("清单上已经有“%(title)s”，请打开它发布新版。") % {"title": title}, field="title"
            )
        _check(standing, values)
        kind = _kind(region_code, code)
        last = kind.editions.aggregate(number=Max("number"), since=Max("since"))
        if last["since"] is not None and day < last["since"]:
            raise RuleError(
                _("施行日期不能早于上一版的 %(day)s。") % {"day": f"{last['since']:%Y-%m-%d}"}, field="since"
            )
        edition = Edition.objects.create(
            **{
                **{key: value for key, value in values.items() if key != "since"},
                "kind": kind,
                "number": (last["number"] or 0) + 1,
                "since": day,
                "title": title,
                "basis": basis,
                "standing": standing,
                "reason": said,
                "published_by": acting_user.name,
            }
        )
        act.record(
            kind,
            _("公布证明事项“%(title)s”第 %(n)s 版：%(standing)s")
            % {"title": title, "n": edition.number, "standing": edition.get_standing_display()},
            region_code=region_code,
            edition=edition.pk,
        )
    return edition


def _forbidden(one: Edition) -> str:
    return _("“%(title)s”属于%(source)s，社区不能出具。") % {"title": one.title, "source": one.source}


def _check(standing: str, values: Mapping[str, Any]) -> None:
    if standing == Standing.NOT_ALLOWED and not values.get("instead", "").strip():
        raise RuleError(_("请写明居民该怎么办、到哪里办。"), field="instead")
    if standing != Standing.ALLOWED:
        return
    found = wording.problems(values.get("wording", ""), [one["key"] for one in values.get("inputs", [])])
    if found:
        raise RuleError(found[0], field="wording")
    if not values.get("askers"):
        raise RuleError(_("请选择谁可以申请。"), field="askers")
    days = values.get("days")
    if days is not None and not 1 <= days <= 3650:
        raise RuleError(_("有效天数请填 1 到 3650，长期有效的留空。"), field="days")


def _kind(region_code: str, code: str) -> Kind:
    if not code:
        code = f"own{secrets.token_hex(6)}"
    found, _made = Kind.objects.get_or_create(region_code=region_code, code=code)
    return Kind.objects.select_for_update().get(pk=found.pk)


def save_office(
    *,
    acting_user: Any,
    region_code: str,
    values: Mapping[str, str],
    office_id: int | None = None,
    reason: str = "",
) -> Office:
    """Keep an office to which people are sent; a change has its reason. Raises RuleError without name or kind, NotPermitted."""
    require(acting_user, MANAGE, region_code)
    kind = values.get("kind", "")
    if kind not in OFFICES:
        raise RuleError(_("请选择机构类别。"), field="kind")
    name = required(values.get("name", ""), "name", _("请填写机构名称。"), 60)
    kept = {key: values.get(key, "").strip()[:120] for key in ("address", "phone", "hours")}
    if not kept["address"] and not kept["phone"]:
        raise RuleError(_("请至少填写地址或电话，居民才找得到。"), field="address")
    said = required(reason, "reason", _("请写明为什么改。"), 200) if office_id else ""
    with action(acting_user, "certificates.save_office", reason=said) as act:
        office = locked(Office, office_id, acting_user, MANAGE) if office_id else Office()
        if office.removed_on is not None:
            raise RuleError(_("这个机构已经撤下，请重新登记一个。"))
        office.region_code, office.kind, office.name = region_code, kind, name
        for key, value in kept.items():
            setattr(office, key, value)
        office.save()
        act.record(
            office,
            (_("修改办理机构“%(name)s”") if office_id else _("登记办理机构“%(name)s”")) % {"name": name},
        )
    return office


def remove_office(*, acting_user: Any, office_id: int, reason: str) -> None:
    """Send nobody to an office any more, for a reason; it stays on record, and slips already given keep what they said. Raises
    RuleError without a reason, NotPermitted."""
    said = required(reason, "reason", _("请写明为什么撤下。"), 200)
    with action(acting_user, "certificates.remove_office", reason=said) as act:
        office = locked(Office, office_id, acting_user, MANAGE)
        if office.removed_on is not None:
            raise RuleError(_("这个机构已经撤下了。"))
        office.removed_on = timezone.localdate()
        office.save(update_fields=["removed_on"])
        act.record(office, _("撤下办理机构“%(name)s”") % {"name": office.name})

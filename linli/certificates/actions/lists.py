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
from linli.certificates.carried.not_allowed import NOTICE, OFFICES, TWENTY
from linli.certificates.models import Edition, Kind, Office, Standing
from linli.certificates.rules import wording

MANAGE = Permission.MANAGE_CERTIFICATES
# 民发〔2020〕20号 was signed on that day.
_NOTICE_SINCE = date(2020, 2, 20)


def ensure_list(*, acting_user: ActingUser = SYSTEM) -> int:
    """Put the carried list in force where it is not there yet. Returns how many kinds were added."""
    have = set(Kind.objects.filter(region_code="").values_list("code", flat=True))
    today = timezone.localdate()
    with action(acting_user, "certificates.carry") as act:
        made = 0
        for may in ALLOWED:
            if may.code in have:
                continue
            kind = Kind.objects.create(code=may.code)
            Edition.objects.create(
                kind=kind,
                number=1,
                since=min(today, date(2026, 1, 1)),
                standing=Standing.ALLOWED,
                title=may.title,
                also=list(may.also),
                basis=may.basis,
                source=_("系统自带，本区清单另有规定的从其规定"),
                askers=list(may.askers),
                conditions=list(may.conditions),
                wording=may.wording,
                inputs=[one._asdict() for one in may.inputs],
                days=may.days,
                needs_head=may.needs_head,
                purpose_hint=may.purpose_hint,
                published_by=acting_user.name,
            )
            made += 1
        for place, no in enumerate(TWENTY, 1):
            if no.code in have:
                continue
            kind = Kind.objects.create(code=no.code)
            Edition.objects.create(
                kind=kind,
                number=1,
                since=_NOTICE_SINCE,
                standing=Standing.NOT_ALLOWED,
                title=no.title,
                also=list(no.also),
                basis=no.basis,
                source=f"{NOTICE}，第一批第 {place} 项",
                instead=no.instead,
                offices=list(no.offices),
                bring=no.bring,
                published_by=acting_user.name,
            )
            made += 1
        if made:
            act.record(None, _("载入证明事项清单：%(n)s 项") % {"n": made}, count=made)
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
) -> Edition:
    """A new edition for a region: of a kind that holds there (`code`), else of a new kind.

    `values` are the fields of Edition. Raises RuleError for what the list of the whole country forbids, for wording that cannot be
    filled, for a taken name; NotPermitted.
    """
    require(acting_user, MANAGE, region_code)
    day = since or timezone.localdate()
    title = required(values.get("title", ""), "title", _("请填写证明名称。"), 40)
    basis = required(
        values.get("basis", ""), "basis", _("请填写依据：没有法律法规依据的证明不能列入清单。"), 400
    )
    standing = values.get("standing", Standing.ALLOWED)
    above = listing.in_force(region_code, day)
    with action(acting_user, "certificates.publish") as act:
        for one in above:
            if one.standing != Standing.NOT_ALLOWED or one.kind.region_code:
                continue
            if standing == Standing.ALLOWED and (one.kind.code == code or title in (one.title, *one.also)):
                raise RuleError(
                    _("“%(title)s”属于%(source)s，社区不能出具。")
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
    *, acting_user: Any, region_code: str, values: Mapping[str, str], office_id: int | None = None
) -> Office:
    """Keep an office to which people are sent. Raises RuleError without name or kind, NotPermitted."""
    require(acting_user, MANAGE, region_code)
    kind = values.get("kind", "")
    if kind not in OFFICES:
        raise RuleError(_("请选择机构类别。"), field="kind")
    name = required(values.get("name", ""), "name", _("请填写机构名称。"), 60)
    kept = {key: values.get(key, "").strip()[:120] for key in ("address", "phone", "hours")}
    if not kept["address"] and not kept["phone"]:
        raise RuleError(_("请至少填写地址或电话，居民才找得到。"), field="address")
    with action(acting_user, "certificates.save_office") as act:
        office = locked(Office, office_id, acting_user, MANAGE) if office_id else Office()
        office.region_code, office.kind, office.name = region_code, kind, name
        for key, value in kept.items():
            setattr(office, key, value)
        office.save()
        act.record(office, _("登记办理机构“%(name)s”") % {"name": name})
    return office


def remove_office(*, acting_user: Any, office_id: int) -> None:
    """Take an office off the register; slips already given keep what they said. Raises NotPermitted."""
    with action(acting_user, "certificates.remove_office") as act:
        office = locked(Office, office_id, acting_user, MANAGE)
        act.record(office, _("删去办理机构“%(name)s”") % {"name": office.name})
        office.delete()

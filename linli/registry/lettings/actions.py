"""Every write of lettings and hazards. Each asks for EDIT_PLACES where the home lies."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from linli.access import guard
from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import RuleError
from linli.kernel import phone as phones
from linli.registry.lettings import rules
from linli.registry.lettings.models import Hazard, Letting
from linli.registry.people.models import Person
from linli.registry.places.actions import update_home
from linli.registry.places.actions.keeping import known, labels, put, tidy
from linli.registry.places.models import Home, Tenure

EDIT = Permission.EDIT_PLACES
FIELDS = frozenset(
    [
        "landlord_kind", "landlord_name", "landlord_phone", "landlord_paper", "landlord_number", "tenant_name", "tenant_phone",
        "use", "rooms",
        "most", "rent", "agreed_until", "record_number", "safety_signed", "safe_exit", "fire_lane", "grade", "checked_on", "note",
    ]
)  # fmt: skip
REVEALED = ("landlord_phone", "landlord_number", "tenant_phone")


def _resident(user: Any, person_id: int | None, field: str) -> Person | None:
    if person_id is None:
        return None
    found = Person.objects.permitted(user, Permission.VIEW_PEOPLE).filter(pk=person_id).first()
    if found is None:
        raise RuleError("请从列表中选择居民。", field=field)
    return found


def _home(user: Any, home: Home) -> Home:
    kept = guard.locked(Home, home.pk, user, EDIT)
    if kept.ended_on is not None:
        raise RuleError(f"{kept.full_address}已经注销，不能再登记。")
    return kept


def _check(letting: Letting) -> None:
    """Names of residents are theirs; phones are phones; the rules hold."""
    if letting.landlord is not None:
        letting.landlord_name = letting.landlord.name
    if letting.tenant is not None:
        letting.tenant_name = letting.tenant.name
    for field in ("landlord_phone", "tenant_phone"):
        if number := getattr(letting, field):
            try:
                setattr(letting, field, phones.normalise(number))
            except phones.InvalidPhone as error:
                raise RuleError(str(error), field=field) from error
    problem, field = rules.letting_problem(
        landlord=letting.landlord_name,
        since=letting.period.lower,
        agreed_until=letting.agreed_until,
        rent=letting.rent,
        rooms=letting.rooms,
        most=letting.most,
        today=timezone.localdate(),
    )
    if problem:
        raise RuleError(problem, field=field)


def let(
    *,
    acting_user: Any,
    home: Home,
    since: date | None,
    landlord_id: int | None = None,
    tenant_id: int | None = None,
    reason: str = "",
    **fields: Any,
) -> Letting:
    """A home, or rooms of it, is let from a day on (None: nobody knows since when). Its tenure becomes 出租."""
    known(fields, FIELDS)
    with audit.action(acting_user, "lettings.let", reason=reason) as act:
        kept = _home(acting_user, home)
        letting = Letting(home=kept, region_code=kept.region_code, period=DateRange(since, None))
        put(letting, tidy(letting, fields))
        letting.landlord = _resident(acting_user, landlord_id, "landlord")
        letting.tenant = _resident(acting_user, tenant_id, "tenant")
        _check(letting)
        letting.save()
        if kept.tenure != Tenure.LET:
            update_home(acting_user=acting_user, home=kept, tenure=Tenure.LET)
        act.record(letting, f"登记租约：{kept.full_address}，出租人 {letting.landlord_name}")
        act.record(kept, f"登记租约，出租人 {letting.landlord_name}")
    return letting


def update_letting(
    *,
    acting_user: Any,
    letting: Letting,
    landlord_id: int | None = None,
    tenant_id: int | None = None,
    reason: str = "",
    **changes: Any,
) -> Letting:
    """Change or put right what is recorded of a letting; sealed numbers that are not given stay."""
    known(changes, FIELDS)
    with audit.action(acting_user, "lettings.update", reason=reason) as act:
        kept = guard.locked(Letting, letting.pk, acting_user, EDIT)
        changed = put(kept, tidy(kept, changes))
        changed += put(
            kept,
            {
                "landlord": _resident(acting_user, landlord_id, "landlord"),
                "tenant": _resident(acting_user, tenant_id, "tenant"),
            },
        )
        _check(kept)
        if not changed:
            act.nothing_to_record()
            return kept
        kept.save()
        act.record(kept, f"修改租约：{labels(kept, changed)}")
    return kept


def end_letting(*, acting_user: Any, letting: Letting, on: date, reason: str = "") -> Letting:
    """The tenant is gone; where no other letting runs the home's tenure is asked for anew (未登记)."""
    with audit.action(acting_user, "lettings.end", reason=reason) as act:
        kept = guard.locked(Letting, letting.pk, acting_user, EDIT)
        if kept.period.upper is not None:
            raise RuleError(f"这份租约已于 {kept.period.upper} 结束。", field="on")
        if problem := rules.end_problem(kept.period.lower, on, timezone.localdate()):
            raise RuleError(problem, field="on")
        kept.period, kept.reason = DateRange(kept.period.lower, on), reason.strip()[:200]
        kept.save(update_fields=["period", "reason"])
        if not Letting.objects.filter(home=kept.home_id, period__endswith__isnull=True).exists():
            home = Home.objects.get(pk=kept.home_id)
            if home.tenure == Tenure.LET:
                update_home(acting_user=acting_user, home=home, tenure=Tenure.UNKNOWN)
        act.record(kept, f"退租：{kept.home.full_address}")
    return kept


def reveal(*, acting_user: Any, letting: Letting, purpose: str) -> Letting:
    """The letting with its phones and numbers to be shown in full; who looked, and what for, is recorded."""
    guard.require(acting_user, Permission.REVEAL_PEOPLE, letting.region_code)
    with audit.action(acting_user, "lettings.reveal", reason=purpose.strip()) as act:
        audit.disclose(
            acting_user=acting_user,
            person_ids=[one for one in (letting.landlord_id, letting.tenant_id) if one],
            elements=[labels(letting, [name]) for name in REVEALED],
            purpose=purpose,
            channel=Channel.PAGE,
            region_code=letting.region_code,
        )
        act.record(letting, "查看出租人、承租人的电话和证件号码")
    return letting


def _check_hazard(hazard: Hazard) -> None:
    problem, field = rules.hazard_problem(hazard.found_on, hazard.fixed_on, timezone.localdate())
    if problem:
        raise RuleError(problem, field=field)


HAZARD_FIELDS = frozenset(["kind", "severity", "description", "found_on", "fixed_on", "measure"])


def report_hazard(*, acting_user: Any, home: Home, reason: str = "", **fields: Any) -> Hazard:
    """A hazard is found in a home."""
    known(fields, HAZARD_FIELDS)
    with audit.action(acting_user, "lettings.report_hazard", reason=reason) as act:
        kept = _home(acting_user, home)
        hazard = Hazard(home=kept, region_code=kept.region_code)
        put(hazard, tidy(hazard, fields))
        _check_hazard(hazard)
        hazard.save()
        act.record(kept, f"发现隐患：{hazard.get_kind_display()}（{hazard.get_severity_display()}）")
    return hazard


def update_hazard(*, acting_user: Any, hazard: Hazard, reason: str = "", **changes: Any) -> Hazard:
    """A hazard is put right, or what was recorded of it."""
    known(changes, HAZARD_FIELDS)
    with audit.action(acting_user, "lettings.update_hazard", reason=reason) as act:
        kept = guard.locked(Hazard, hazard.pk, acting_user, EDIT)
        changed = put(kept, tidy(kept, changes))
        _check_hazard(kept)
        if not changed:
            act.nothing_to_record()
            return kept
        kept.save()
        done = "整改完成" if "fixed_on" in changed and kept.fixed_on else "修改隐患"
        act.record(kept.home, f"{done}：{kept.get_kind_display()}")
    return kept


def move_lettings(act: Any, user: Any, wanted: dict[Any, Any], on: date) -> None:
    """Lettings of a home that is split or merged go along."""
    for one, home in wanted.items():
        letting = guard.locked(Letting, int(one.key.split("-")[1]), user, EDIT)
        letting.home, letting.region_code = home, home.region_code
        letting.save(update_fields=["home", "region_code"])
        act.record(letting, f"房屋拆分合并，改在{home.full_address}")

"""Writes to what belongs to an organisation: premises, positions, relations, managed estates, checks.

Each asks for EDIT_ORGANISATIONS where the organisation lies and raises `RuleError` for what cannot be.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from linli.access import guard
from linli.access.guard import NotPermitted
from linli.access.roles import Permission
from linli.audit import recording as audit
from linli.audit.recording import Act, RuleError
from linli.kernel import phone as phones
from linli.registry.organisations import checking, premising, rules, telling
from linli.registry.organisations.models import (
    Check,
    CheckKind,
    CheckResult,
    ManagedEstate,
    Organisation,
    OrganisationKind,
    Position,
    PositionRole,
    Premises,
    PremisesUse,
    Tie,
    TieKind,
)
from linli.registry.people.models import Person
from linli.registry.places.models import EstateManagement, Home

EDIT = Permission.EDIT_ORGANISATIONS


@contextmanager
def ruled() -> Iterator[None]:
    """A rule's refusal as the form shows it."""
    try:
        yield
    except rules.Refused as refused:
        raise RuleError(refused.message, field=refused.field) from refused


def _organisation(user: Any, pk: int) -> Organisation:
    return guard.locked(Organisation, pk, user, EDIT)


def _child(model: Any, pk: int, user: Any) -> Any:
    """A row of an organisation, locked after it."""
    found = model.objects.filter(pk=pk).values_list("organisation_id", flat=True).first()
    if found is None:
        raise NotPermitted(EDIT)
    _organisation(user, found)
    return model.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)


def _running(rows: Any, since: date | None, until: date | None) -> Any:
    """Those rows whose period overlaps a span."""
    return rows.filter(period__overlap=DateRange(since, until))


# -- premises ------------------------------------------------------------------------------------------------------


def _settle_premises(one: Organisation) -> None:
    wanted = premising.main_of(one, timezone.localdate())
    if wanted is not None and wanted != one.premises_id:
        one.premises_id = wanted
        one.save(update_fields=["premises", "updated_at"])


def add_premises(
    *,
    acting_user: Any,
    organisation_id: int,
    home: Home,
    use: str = PremisesUse.MAIN,
    since: date | None = None,
    until: date | None = None,
) -> Premises:
    """An organisation is in a home from a day on; the main premises entered last are the ones it is found at."""
    with audit.action(acting_user, "organisations.add_premises") as act:
        one = _organisation(acting_user, organisation_id)
        with ruled():
            rules.spell(since, until, timezone.localdate())
        if use not in PremisesUse.values:
            raise RuleError("请选择用途。", field="use")
        if home.region_code[:12] != one.region_code[:12]:
            raise RuleError("房屋要和单位在同一个社区。", field="home")
        if _running(Premises.objects.filter(organisation=one, home=home), since, until).exists():
            raise RuleError("这段时间已经登记在这套房屋，不用重复登记。", field="home")
        made = Premises.objects.create(
            region_code=one.region_code, organisation=one, home=home, use=use, period=DateRange(since, until)
        )
        _settle_premises(one)
        act.record(one, f"登记场所：{home.full_address}")
    return made


def end_premises(*, acting_user: Any, premises_id: int, on: date) -> Premises:
    """An organisation left a home on a day."""
    with audit.action(acting_user, "organisations.end_premises") as act:
        spell: Premises = _child(Premises, premises_id, acting_user)
        _check_end(spell, on)
        one = spell.organisation
        spell.period = DateRange(spell.period.lower, on)
        spell.save(update_fields=["period"])
        if one.premises_id == spell.home_id:
            one.premises_id = premising.main_of(one, timezone.localdate())
            one.save(update_fields=["premises", "updated_at"])
        act.record(one, f"{on} 退出场所：{spell.home.full_address}")
    return spell


def _check_end(spell: Any, on: date) -> None:
    today = timezone.localdate()
    if on > today:
        raise RuleError("日期还没有到，请填写今天或以前的日期。", field="on")
    if spell.period.upper is not None and spell.period.upper <= today:
        raise RuleError(f"已于 {spell.period.upper} 结束。")
    if spell.period.lower is not None and on <= spell.period.lower:
        raise RuleError(f"日期应晚于开始日期 {spell.period.lower}。", field="on")


# -- positions -----------------------------------------------------------------------------------------------------


def _settle_legal_person(one: Organisation) -> None:
    """The organisation names who holds the position today."""
    holder = (
        Position.objects.filter(
            organisation=one, role=PositionRole.LEGAL_PERSON, period__contains=timezone.localdate()
        )
        .select_related("person")
        .first()
    )
    if holder is not None and one.legal_person != holder.who:
        one.legal_person = holder.who
        one.save(update_fields=["legal_person", "updated_at"])


def add_position(
    *,
    acting_user: Any,
    organisation_id: int,
    role: str,
    person_id: int | None = None,
    name: str = "",
    phone: str = "",
    title: str = "",
    since: date | None = None,
    until: date | None = None,
    note: str = "",
    reason: str = "",
) -> Position:
    """Somebody is something in an organisation: a person of the base whom the user may see, or somebody by name."""
    with audit.action(acting_user, "organisations.add_position", reason=reason) as act:
        one = _organisation(acting_user, organisation_id)
        name = " ".join(name.split())
        person = None
        if person_id is not None:
            person = (
                Person.objects.permitted(acting_user, Permission.VIEW_PEOPLE).filter(pk=person_id).first()
            )
            if person is None:
                raise RuleError("没有找到这位居民，请重新查找。", field="person_id")
            name = ""
        elif not name:
            raise RuleError("请选择居民，不在册的填写姓名。", field="person_id")
        if len(name) > 40:
            raise RuleError("姓名最多 40 个字。", field="name")
        with ruled():
            rules.role(one.kind, role)
            rules.spell(since, until, timezone.localdate())
            same = _running(
                Position.objects.filter(organisation=one, role=role), since, until
            ).select_related("person")
            rules.single(role, [held.who for held in same])
        if any(held.person_id == person_id if person_id else held.name == name for held in same):
            raise RuleError("这段时间已经登记了这个职务，不用重复登记。", field="role")
        try:
            number = phones.normalise(phone) if phone and person is None else ""
        except phones.InvalidPhone as error:
            raise RuleError(str(error), field="phone") from error
        made = Position.objects.create(
            region_code=one.region_code,
            organisation=one,
            person=person,
            name=name,
            phone=number,
            role=role,
            title=title.strip()[:40],
            period=DateRange(since, until),
            note=note.strip()[:200],
        )
        _settle_legal_person(one)
        _record_position(act, made, "任职")
    return made


def end_position(*, acting_user: Any, position_id: int, on: date, reason: str = "") -> Position:
    """Somebody left a position on a day."""
    with audit.action(acting_user, "organisations.end_position", reason=reason) as act:
        position: Position = _child(Position, position_id, acting_user)
        _check_end(position, on)
        position.period = DateRange(position.period.lower, on)
        position.save(update_fields=["period"])
        _settle_legal_person(position.organisation)
        _record_position(act, position, "离任")
    return position


def _record_position(act: Act, position: Position, what: str) -> None:
    said = f"{position.get_role_display()} {position.who} {what}"
    act.record(position.organisation, said, position=position.pk)


def end_at_death(act: Act, person: Person, died: date) -> str:
    """Positions end with their bearer's life; called by `people.record_death`."""
    count = 0
    for position in Position.objects.filter(person=person):
        lower, upper = position.period.lower, position.period.upper
        if position.period.isempty or (upper is not None and upper <= died):
            continue
        if lower is not None and lower >= died:
            position.delete()
        else:
            position.period = DateRange(lower, died)
            position.save(update_fields=["period"])
        count += 1
    return f"结束 {count} 项任职" if count else ""


# -- relations -----------------------------------------------------------------------------------------------------


def add_tie(
    *,
    acting_user: Any,
    organisation_id: int,
    other_id: int,
    kind: str,
    since: date | None = None,
    until: date | None = None,
    contract: str = "",
    contract_until: date | None = None,
) -> Tie:
    """An organisation stands in a relation to another that the user may see."""
    with audit.action(acting_user, "organisations.add_tie") as act:
        one = _organisation(acting_user, organisation_id)
        other = (
            Organisation.objects.permitted(acting_user, Permission.VIEW_ORGANISATIONS)
            .filter(pk=other_id)
            .first()
        )
        if other is None:
            raise RuleError("没有找到对方单位，请重新查找。", field="other_id")
        if other.pk == one.pk:
            raise RuleError("不能和自己建立关系。", field="other_id")
        if kind not in TieKind.values:
            raise RuleError("请选择关系。", field="kind")
        if contract_until and kind not in (TieKind.SERVICE, TieKind.PURCHASE):
            raise RuleError("只有合同关系才填合同到期日。", field="contract_until")
        with ruled():
            rules.spell(since, until, timezone.localdate())
        if since and contract_until and contract_until < since:
            raise RuleError("合同到期日不能早于开始日期。", field="contract_until")
        same = Tie.objects.filter(organisation=one, other=other, kind=kind)
        if _running(same, since, until).exists():
            raise RuleError("这段时间已经登记了这种关系。", field="other_id")
        if kind == TieKind.PARENT and _above(other, one.pk):
            raise RuleError(f"“{other.name}”是它的下级，不能再作它的上级。", field="other_id")
        made = Tie.objects.create(
            region_code=one.region_code,
            organisation=one,
            other=other,
            kind=kind,
            contract=contract.strip()[:60],
            contract_until=contract_until,
            period=DateRange(since, until),
        )
        checking.follow_tie(made)
        telling.soon(one.region_code)
        act.record(one, f"{made.get_kind_display()}：{other.name}")
    return made


def _above(one: Organisation, wanted: int) -> bool:
    """Whether somebody up the line of parents is the organisation of that number."""
    here, seen = {one.pk}, set()
    while here:
        if wanted in here:
            return True
        seen |= here
        here = (
            set(
                Tie.objects.filter(
                    organisation__in=here, kind=TieKind.PARENT, period__contains=timezone.localdate()
                ).values_list("other_id", flat=True)
            )
            - seen
        )
    return False


def end_tie(*, acting_user: Any, tie_id: int, on: date) -> Tie:
    """A relation ended on a day."""
    with audit.action(acting_user, "organisations.end_tie") as act:
        tie: Tie = _child(Tie, tie_id, acting_user)
        _check_end(tie, on)
        tie.period = DateRange(tie.period.lower, on)
        tie.save(update_fields=["period"])
        checking.follow_tie(tie)
        telling.soon(tie.region_code)
        act.record(tie.organisation, f"{on} 结束{tie.get_kind_display()}：{tie.other.name}")
    return tie


def tie_management(*, acting_user: Any, organisation_id: int, management_id: int) -> ManagedEstate:
    """A spell of an estate's management is this property company's."""
    with audit.action(acting_user, "organisations.tie_management") as act:
        one = _organisation(acting_user, organisation_id)
        if one.kind != OrganisationKind.PROPERTY:
            raise RuleError("只有物业公司才能关联管理的小区。", field="management")
        management = (
            EstateManagement.objects.permitted(acting_user, Permission.VIEW_PLACES)
            .select_related("estate")
            .filter(pk=management_id)
            .first()
        )
        if management is None:
            raise RuleError("没有找到这个小区的管理记录，请重新选择。", field="management")
        held = ManagedEstate.objects.filter(management=management).select_related("organisation").first()
        if held is not None:
            if held.organisation_id == one.pk:
                act.nothing_to_record()
                return held
            raise RuleError(f"已经关联到“{held.organisation.name}”，请先解除。", field="management")
        made = ManagedEstate.objects.create(
            region_code=management.region_code, organisation=one, management=management
        )
        act.record(one, f"关联管理的小区：{management.estate.name}")
    return made


def untie_management(*, acting_user: Any, tie_id: int) -> None:
    """Take back a tie that was a mistake."""
    with audit.action(acting_user, "organisations.untie_management") as act:
        tie: ManagedEstate = _child(ManagedEstate, tie_id, acting_user)
        act.record(tie.organisation, f"解除关联的小区：{tie.management.estate.name}")
        tie.delete()


# -- checks --------------------------------------------------------------------------------------------------------


def add_check(
    *, acting_user: Any, organisation_id: int, kind: str, due_on: date, every_months: int = 0
) -> Check:
    """Something falls due of an organisation, once or every so many months."""
    with audit.action(acting_user, "organisations.add_check") as act:
        one = _organisation(acting_user, organisation_id)
        if one.closed_on is not None:
            raise RuleError("单位已注销或迁出，不用再安排检查。")
        if kind not in CheckKind.values:
            raise RuleError("请选择事项。", field="kind")
        with ruled():
            rules.every(every_months)
        if Check.objects.filter(organisation=one, kind=kind, due_on=due_on, result="").exists():
            raise RuleError("同一天已经安排了这一项，不用重复安排。", field="due_on")
        made = Check.objects.create(
            region_code=one.region_code, organisation=one, kind=kind, due_on=due_on, every_months=every_months
        )
        telling.soon(one.region_code)
        act.record(one, f"安排{made.get_kind_display()}：{due_on}")
    return made


def finish_check(
    *,
    acting_user: Any,
    check_id: int,
    result: str,
    on: date | None = None,
    said: str = "",
    again_on: date | None = None,
) -> Check:
    """A check is done, with its result. One of a period comes again by itself; what is to be mended is looked at again on a day.

    Raises RuleError for results that say nothing of what is wrong, and for days to come.
    """
    with audit.action(acting_user, "organisations.finish_check", reason=said.strip()) as act:
        check: Check = _child(Check, check_id, acting_user)
        today = timezone.localdate()
        day = on or today
        if check.result:
            raise RuleError("这一项已经办过了。")
        if result not in CheckResult.values:
            raise RuleError("请选择结果。", field="result")
        if day > today:
            raise RuleError("办理日期还没有到，请填写今天或以前的日期。", field="on")
        if result != CheckResult.PASSED and len(said.strip()) < 2:
            raise RuleError("请写明情况：要整改什么、为什么不合格或不适用。", field="said")
        if result == CheckResult.MEND and (again_on is None or again_on <= day):
            raise RuleError("请填写复查日期，应晚于办理日期。", field="again_on")
        check.result, check.said, check.done_on = result, said.strip()[:300], day
        check.done_by_id = acting_user.pk or None
        check.save(update_fields=["result", "said", "done_on", "done_by"])
        one = check.organisation
        wanted = (
            [rules.next_due(check.due_on, check.every_months, day)]
            if result != CheckResult.NOT_APPLICABLE
            else []
        )
        if result == CheckResult.MEND and again_on is not None:
            Check.objects.create(
                region_code=one.region_code, organisation=one, kind=check.kind, due_on=again_on
            )
        for due_on in wanted:
            if due_on is not None:
                Check.objects.get_or_create(
                    organisation=one,
                    kind=check.kind,
                    due_on=due_on,
                    result="",
                    defaults={"region_code": one.region_code, "every_months": check.every_months},
                )
        telling.soon(one.region_code)
        act.record(one, f"{check.get_kind_display()}（{check.due_on}）：{check.get_result_display()}")
    return check

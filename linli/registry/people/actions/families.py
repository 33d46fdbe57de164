"""Households and kin: who belongs together, and who is the head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.guard import require
from linli.access.models import Permission
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.kernel.codes import KINSHIP
from linli.registry.people.actions import steps
from linli.registry.people.actions.steps import EDIT, Family
from linli.registry.people.models import HEAD, Household, HouseholdMember, Kinship, Person, Relation
from linli.registry.people.rules import details, family, kin, spells
from linli.registry.places.models import Home


def found_household(
    *,
    acting_user: Any,
    head_id: int,
    home_id: int,
    on: date | None = None,
    number: str = "",
    kind: str = "living",
    new_head_id: int | None = None,
) -> Household:
    """A new household in a home, with its head, who leaves the household they were in."""
    with audit.action(acting_user, "people.found_household") as act:
        home = steps.home_for(acting_user, home_id)
        (person,) = steps.lock_with_households(acting_user, [head_id])
        steps.alive(person)
        steps.day_of(_("立户"), person, on)
        said = []
        if steps.membership_of(person) is not None:
            if on is None:
                raise RuleError(_("请填写立户日期。"), field="on")
            said.append(steps.leave(person, on, new_head_id=new_head_id))
        said.append(steps.enter_family(acting_user, person, Family(None, HEAD, number, kind), home, on))
        member = steps.membership_of(person)
        if member is None:
            raise RuleError(_("立户没有成功，请重试。"))
        act.record(person, f"{person.name} " + "，".join(said))
        act.record(member.household, _("立户，户主%(name)s") % {"name": person.name})
    return member.household


def join_household(
    *,
    acting_user: Any,
    person_id: int,
    household_id: int,
    relation: str,
    on: date | None = None,
    new_head_id: int | None = None,
) -> HouseholdMember:
    """Put somebody into a household with their relation to its head; they leave the one they were in that day."""
    with audit.action(acting_user, "people.join_household") as act:
        household = steps.lock_household(acting_user, household_id)
        (person,) = steps.lock_with_households(acting_user, [person_id], household_id)
        steps.alive(person)
        steps.day_of(_("入户"), person, on)
        now = steps.membership_of(person)
        said = ""
        if now is not None:
            if now.household_id == household.pk:
                raise RuleError(_("%(name)s 已经是这一户的成员。") % {"name": person.name}, field="person")
            if on is None:
                raise RuleError(
                    _("%(name)s 现在另一户，请填写转入日期。") % {"name": person.name}, field="on"
                )
            said = steps.leave(person, on, new_head_id=new_head_id)
        joined = steps.join(person, household, relation, on)
        label = KINSHIP.label(relation)
        summary = _("%(name)s %(joined)s（%(relation)s）") % {
            "name": person.name,
            "joined": joined,
            "relation": label,
        }
        act.record(person, f"{summary}；{said}" if said else summary)
        act.record(household, summary)
    member = steps.membership_of(person)
    if member is None:
        raise RuleError(_("加入没有成功，请重试。"))
    return member


def leave_household(
    *, acting_user: Any, person_id: int, on: date, new_head_id: int | None = None, reason: str = ""
) -> Person:
    """Take somebody out of their household; a head who leaves others behind is followed by `new_head_id`."""
    with audit.action(acting_user, "people.leave_household", reason=reason) as act:
        (person,) = steps.lock_with_households(acting_user, [person_id])
        steps.day_of(_("退户"), person, on)
        member = steps.membership_of(person)
        if member is None:
            raise RuleError(_("%(name)s 现在不在任何一户。") % {"name": person.name})
        require(acting_user, EDIT, member.household.region_code)
        if member.period.lower is not None:
            steps.refuse(spells.end_problem(_("户内成员关系"), steps.spell_of(member.period), on), "on")
        said = f"{person.name} {steps.leave(person, on, new_head_id=new_head_id)}"
        act.record(person, said)
        act.record(member.household, said)
    return person


def change_head(
    *,
    acting_user: Any,
    household_id: int,
    new_head_id: int,
    on: date,
    relations: Mapping[int, str] | None = None,
    reason: str = "",
) -> Household:
    """Another member becomes the head; everybody's relation is said anew, as the rules infer or as `relations` (person to
    code) says."""
    with audit.action(acting_user, "people.change_head", reason=reason) as act:
        household = steps.lock_household(acting_user, household_id)
        before = next((one for one in steps.members_of(household) if one.relation == HEAD), None)
        if before is not None and before.person_id == new_head_id:
            raise RuleError(_("%(name)s 已经是户主。") % {"name": before.person.name}, field="new_head")
        if on > steps.today():
            raise RuleError(_("变更日期还没有到，请填写今天或以前的日期。"), field="on")
        known = {one.person_id for one in steps.members_of(household)}
        given = {person: code for person, code in (relations or {}).items() if person in known}
        head = steps.say_relations_anew(household, new_head_id, on, given)
        summary = _("户 %(number)s 的户主由%(before)s改为%(after)s") % {
            "number": household.number,
            "before": before.person.name if before else _("（空缺）"),
            "after": head.name,
        }
        act.record(household, summary)
        act.record(head, summary)
    return household


def set_relation(*, acting_user: Any, household_id: int, person_id: int, relation: str) -> HouseholdMember:
    """Put right a member's relation to the head. The head's own is changed by `change_head` only."""
    with audit.action(acting_user, "people.set_relation") as act:
        household = steps.lock_household(acting_user, household_id)
        member = next((one for one in steps.members_of(household) if one.person_id == person_id), None)
        if member is None:
            raise RuleError(_("这位居民不是本户现有成员。"), field="person")
        steps.refuse(family.relation_problem(relation), "relation")
        if HEAD in (relation, member.relation) and relation != member.relation:
            raise RuleError(_("户主请用“变更户主”办理。"), field="relation")
        if relation == member.relation:
            act.nothing_to_record()
            return member
        before, member.relation = member.relation, relation
        member.save(update_fields=["relation"])
        act.record(
            member.person,
            _("%(name)s 与户主关系由“%(before)s”改为“%(after)s”")
            % {
                "name": member.person.name,
                "before": KINSHIP.label(before),
                "after": KINSHIP.label(relation),
            },
        )
    return member


def update_household(
    *,
    acting_user: Any,
    household_id: int,
    number: str,
    kind: str,
    home_id: int | None,
    note: str = "",
    reason: str = "",
) -> Household:
    """Put right a household's number, kind, home and note. The people stay where they live; see `move_household`."""
    with audit.action(acting_user, "people.update_household", reason=reason) as act:
        household = steps.lock_household(acting_user, household_id)
        number = "".join(number.split()).upper()
        if not number:
            raise RuleError(_("请填写户号。"), field="number")
        if Household.objects.filter(number=number).exclude(pk=household.pk).exists():
            raise RuleError(_("户号 %(number)s 已经有了，请核对。") % {"number": number}, field="number")
        home: Home | None = None
        if home_id is not None:
            home = household.home if home_id == household.home_id else steps.home_for(acting_user, home_id)
        wanted: dict[str, Any] = {"number": number, "kind": kind, "home": home, "note": note.strip()[:500]}
        changed = [key for key, value in wanted.items() if getattr(household, key) != value]
        if not changed:
            act.nothing_to_record()
            return household
        for key in changed:
            setattr(household, key, wanted[key])
        if home is not None:
            household.region_code = home.region_code
        household.save(update_fields=[*changed, "region_code", "updated_at"])
        labels = "、".join(steps.label(Household, key) for key in changed)
        act.record(household, _("修改户 %(number)s 的%(labels)s") % {"number": number, "labels": labels})
    return household


# Whose relation is not told by the kind of kinship; nobody is their own, and being a head is none.
SAID_HOW = frozenset({Relation.GUARDIAN, Relation.CONTACT})
NOT_HOW = frozenset({"01", HEAD})


def set_kin(
    *,
    acting_user: Any,
    person_id: int,
    relation: str,
    relative_id: int | None = None,
    relative_name: str = "",
    relative_phone: str = "",
    how: str = "",
    since: date | None = None,
) -> Kinship:
    """Say who is somebody's spouse, father, mother, guardian or contact in need, in the base or by name and phone. One before them of
    the same kind ends that day. A spouse in the base is recorded both ways. `how` says what a guardian or contact is to them.

    Raises RuleError for kin with oneself, a spouse who is married to somebody else, parents younger than their child, and a contact
    who cannot be called.
    """
    with audit.action(acting_user, "people.set_kin") as act:
        if relation not in Relation.values:
            raise RuleError(_("请选择亲属关系。"), field="relation")
        if how and (how not in KINSHIP or how in NOT_HOW):
            raise RuleError(_("请选择与本人的关系。"), field="how")
        if relative_id == person_id:
            raise RuleError(_("不能把本人登记为自己的亲属。"), field="relative")
        ids = [person_id] if relative_id is None else sorted({person_id, relative_id})
        locked = {
            one.pk: one
            for one in Person.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
        }
        person = locked.get(person_id)
        if person is None:
            raise steps.NotPermitted(EDIT)
        require(acting_user, EDIT, person.region_code)
        steps.day_of(_("开始"), person, since, "since")
        relative = locked.get(relative_id) if relative_id is not None else None
        if relative_id is not None:
            if relative is None:
                raise steps.NotPermitted(EDIT)
            require(acting_user, Permission.VIEW_PEOPLE, relative.region_code)
        try:
            name = "" if relative is not None else details.clean_name(relative_name)
            number = "" if relative is not None else details.read_phone("relative_phone", relative_phone)
        except details.Wrong as error:
            field = "relative_name" if error.field == "name" else error.field
            raise RuleError(error.message, field=field) from error
        if relative is not None and relation in (Relation.FATHER, Relation.MOTHER):
            if person.birth_date and relative.birth_date and relative.birth_date >= person.birth_date:
                raise RuleError(_("父母应比本人年长，请核对出生日期。"), field="relative")
            if relative.sex in ("1", "2") and (relative.sex == "1") != (relation == Relation.FATHER):
                raise RuleError(_("性别与关系不符，请核对。"), field="relative")
        if relation == Relation.CONTACT and relative is None and not number:
            raise RuleError(_("紧急联系人不在册的，请填写电话。"), field="relative_phone")
        if relation == Relation.SPOUSE:
            _may_be_spouses(person, relative)
        stop_kin(person, relation, since)
        said = how if relation in SAID_HOW else ""
        made = add_kin(person, relation, relative, name, number, since, said)
        if relative is not None and relation == Relation.SPOUSE:
            stop_kin(relative, relation, since)
            add_kin(relative, relation, person, "", "", since)
        if relation == Relation.SPOUSE:
            both = [one for one in (person, relative) if one is not None]
            set_marital([one for one in both if one.marital not in kin.HAS_SPOUSE], kin.MARRIED)
        label = Relation(relation).label
        act.record(
            person,
            _("登记 %(name)s 的%(relation)s：%(relative)s")
            % {"name": person.name, "relation": label, "relative": relative.name if relative else name},
        )
    return made


def _may_be_spouses(person: Person, relative: Person | None) -> None:
    """Nobody dead is somebody's spouse, and a marriage to another is ended before the next begins: it ends for both."""
    for one, other in ((person, relative), (relative, person)):
        if one is None:
            continue
        steps.alive(one)
        now = running_kin(one, Relation.SPOUSE)
        if now is not None and now.relative_id is not None and now.relative != other:
            raise RuleError(
                _("%(name)s 已登记有其他配偶，请先结束那一条。") % {"name": one.name}, field="relative"
            )


def set_marital(people: Iterable[Person], code: str) -> None:
    """Write the marital status that follows from a deed; the dead keep theirs."""
    for person in people:
        if person.marital != code and person.death_date is None:
            person.marital, person.updated_at = code, timezone.now()
            person.save(update_fields=["marital", "updated_at"])


def running_kin(person: Person, relation: str) -> Kinship | None:
    """The kinship of a kind that has no end yet."""
    return (
        Kinship.objects.select_related("relative")
        .filter(person=person, relation=relation, period__endswith__isnull=True)
        .exclude(period__isempty=True)
        .first()
    )


def add_kin(
    person: Person,
    relation: str,
    relative: Person | None,
    name: str,
    number: str,
    since: date | None,
    how: str = "",
) -> Kinship:
    """Open a kinship; one of the kind before it is to be ended."""
    return Kinship.objects.create(
        region_code=person.region_code,
        person=person,
        relation=relation,
        relative=relative,
        relative_name=name,
        relative_phone=number,
        how=how,
        period=DateRange(since, None),
    )


def stop_kin(person: Person, relation: str, on: date | None) -> None:
    """End the running kinship of a kind; one without a known beginning, or begun later, was a mistake and goes."""
    for one in Kinship.objects.filter(person=person, relation=relation, period__endswith__isnull=True):
        since = one.period.lower
        if on is None or (since is not None and since >= on):
            one.delete()
        else:
            one.period = DateRange(since, on)
            one.save(update_fields=["period"])


def end_kin(*, acting_user: Any, kinship_id: int, on: date, reason: str = "") -> None:
    """A relation ends (a guardian's term); a marriage ends for both, who are divorced then."""
    with audit.action(acting_user, "people.end_kin", reason=reason) as act:
        kinship = Kinship.objects.select_related("person").filter(pk=kinship_id).first()
        if kinship is None:
            raise steps.NotPermitted(EDIT)
        person = steps.lock_person(acting_user, kinship.person_id)
        steps.refuse(spells.end_problem(_("这条关系"), steps.spell_of(kinship.period), on), "on")
        steps.day_of(_("结束"), person, on)
        stop_kin(person, kinship.relation, on)
        if kinship.relation == Relation.SPOUSE:
            spouse = kinship.relative
            if spouse is not None:
                stop_kin(spouse, kinship.relation, on)
            set_marital([one for one in (person, spouse) if one is not None], kin.DIVORCED)
        act.record(
            person,
            _("结束 %(name)s 的%(relation)s关系")
            % {"name": person.name, "relation": kinship.get_relation_display()},
        )

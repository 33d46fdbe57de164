"""Households divided and joined, and the families of a building that is torn down moved in one deed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.kernel.codes import KINSHIP
from linli.registry.people import standing
from linli.registry.people.actions import steps
from linli.registry.people.actions.steps import EDIT, Place
from linli.registry.people.models import HEAD, Household, HouseholdMember, Person, ResidenceKind
from linli.registry.people.rules import family, spells

LIVING, HUKOU = ResidenceKind.LIVING, ResidenceKind.HUKOU


def _lock_households(user: Any, *ids: int) -> list[Household]:
    """Households in the order of their numbers, and then the people in them."""
    found = {pk: steps.lock_household(user, pk) for pk in sorted(set(ids))}
    members = HouseholdMember.objects.filter(household__in=found, period__endswith__isnull=True)
    list(
        Person.objects.select_for_update(of=("self",))
        .filter(pk__in=members.values("person_id"))
        .order_by("pk")
    )
    return [found[pk] for pk in ids]


def split_household(
    *,
    acting_user: Any,
    household_id: int,
    person_ids: Sequence[int],
    head_id: int,
    on: date,
    new_head_id: int | None = None,
    number: str = "",
    kind: str = "",
    home_id: int | None = None,
    reason: str = "",
) -> Household:
    """Some members become a household of their own (分户) from a day on, headed by `head_id`; their relations are said anew
    from the old ones. `new_head_id` follows a head who goes. The new household has the same home unless another is named;
    where people live is not changed.

    Raises RuleError when nobody or everybody goes.
    """
    with audit.action(acting_user, "people.split_household", reason=reason) as act:
        (household,) = _lock_households(acting_user, household_id)
        members = {one.person_id: one for one in steps.members_of(household)}
        going = [pk for pk in dict.fromkeys(person_ids) if pk in members]
        if not going or len(going) != len(set(person_ids)):
            raise RuleError(_("请选择要分出去的成员。"), field="people")
        if len(going) == len(members):
            raise RuleError(_("不能把全户都分出去，至少留一人。"), field="people")
        if head_id not in going:
            raise RuleError(_("新户的户主要在分出去的人里面选。"), field="head")
        people = {one.pk: one for one in steps.lock_people(acting_user, going)}
        for pk in going:
            steps.day_of(_("分户"), people[pk], on)
            steps.refuse(spells.end_problem(people[pk].name, steps.spell_of(members[pk].period), on), "on")
        told = [
            family.Member(pk, members[pk].relation, people[pk].sex, people[pk].birth_date) for pk in going
        ]
        relations = (
            family.relations_to(head_id, told)
            if any(m.relation == HEAD for m in told)
            else _among(head_id, told)
        )
        old_head = next(pk for pk, one in members.items() if one.relation == HEAD)
        if old_head in going:
            rest = [pk for pk in members if pk not in going]
            follows = new_head_id if new_head_id in rest else None
            if follows is None:
                raise RuleError(_("原户主要分出去，请选择由谁接任原户的户主。"), field="new_head")
            steps.say_relations_anew(household, follows, on)
        for pk in going:
            now = steps.membership_of(people[pk])
            if now is not None:
                steps.end_membership(now, on)
        home = steps.home_for(acting_user, home_id) if home_id is not None else household.home
        made = steps.open_household(home, household.region_code, number=number, kind=kind or household.kind)
        for pk in sorted(going, key=lambda one: one != head_id):
            steps.join(people[pk], made, relations[pk], on)
        steps.settle(acting_user, list(people.values()))
        said = _("从户 %(old)s 分出户 %(new)s：%(who)s，户主%(head)s") % {
            "old": household.number,
            "new": made.number,
            "who": "、".join(people[pk].name for pk in going),
            "head": people[head_id].name,
        }
        for target in (household, made, *people.values()):
            act.record(target, said)
    return made


def _among(head_id: int, members: list[family.Member]) -> dict[int, str]:
    """Relations to a head when the old one stays behind: a son who goes with his wife and child is their husband and father."""
    head = next(one for one in members if one.person_id == head_id)
    found = {}
    for one in members:
        if one.person_id == head_id:
            found[one.person_id] = HEAD
        elif (
            head.relation in family.CHILD and one.relation in family.CHILD_IN_LAW and one.sex != head.sex
        ) or (head.relation in family.CHILD_IN_LAW and one.relation in family.CHILD and one.sex != head.sex):
            found[one.person_id] = "11" if one.sex == family.MAN else "12"
        elif head.relation in family.CHILD | family.CHILD_IN_LAW and one.relation in family.GRANDCHILD:
            found[one.person_id] = "30" if one.sex == family.WOMAN else "20"
        elif family.NOT_KIN in (head.relation, one.relation):
            found[one.person_id] = family.NOT_KIN
        else:
            found[one.person_id] = family.OTHER_KIN
    return found


def merge_households(
    *,
    acting_user: Any,
    household_id: int,
    into_id: int,
    on: date,
    relations: Mapping[int, str] | None = None,
    reason: str = "",
) -> Household:
    """All members of a household join another (并户) from a day on; `relations` says each one's relation to its head (其他亲属
    where nothing is said). The household left is empty and stays in the books."""
    with audit.action(acting_user, "people.merge_households", reason=reason) as act:
        if household_id == into_id:
            raise RuleError(_("请选择另一户。"), field="into")
        household, into = _lock_households(acting_user, household_id, into_id)
        members = steps.members_of(household)
        if not members:
            raise RuleError(_("这一户现在没有成员，不用并户。"))
        if not steps.members_of(into):
            raise RuleError(_("要并入的户现在没有成员，请另选一户。"), field="into")
        people = {one.pk: one for one in steps.lock_people(acting_user, [one.person_id for one in members])}
        for one in members:
            steps.day_of(_("并户"), people[one.person_id], on)
            steps.refuse(spells.end_problem(one.person.name, steps.spell_of(one.period), on), "on")
        steps.refuse_members_after(household, on)
        for one in sorted(members, key=lambda m: m.relation == HEAD):
            steps.end_membership(one, on)
        for one in members:
            relation = (relations or {}).get(one.person_id) or family.OTHER_KIN
            if relation == HEAD:
                raise RuleError(_("并入的户已有户主，请另选关系。"), field="into")
            steps.join(people[one.person_id], into, relation, on)
        steps.settle(acting_user, list(people.values()))
        said = _("户 %(old)s 并入户 %(new)s：%(who)s") % {
            "old": household.number,
            "new": into.number,
            "who": "、".join(
                f"{one.person.name}（{KINSHIP.label((relations or {}).get(one.person_id) or family.OTHER_KIN)}）"
                for one in members
            ),
        }
        for target in (household, into, *people.values()):
            act.record(target, said)
    return into


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a family of a cleared home goes: a home of the area, or a place outside it as far as it is known."""

    home_id: int | None = None
    outside: Place | None = None


def clear_homes(
    *,
    acting_user: Any,
    moves: Mapping[int, Destination],
    on: date,
    with_hukou: bool = False,
    reason: str,
) -> int:
    """Everybody who lives in these homes moves at once (a building is torn down): `moves` says for each home where its people
    go. With `with_hukou` the hukou of those registered there goes along. Households whose home it was follow into a new
    home. All or nothing; the sentence says whose move stands against it. Returns how many people moved.

    Raises RuleError without a reason.
    """
    if not reason.strip():
        raise RuleError(_("请填写搬迁的原因，例如“12号楼拆除”。"), field="reason")
    if not moves:
        raise RuleError(_("请至少选择一户。"), field="homes")
    with audit.action(acting_user, "people.clear_homes", reason=reason.strip()) as act:
        homes = {pk: steps.home_for(acting_user, pk) for pk in sorted(moves)}
        targets = {
            one.home_id: steps.home_for(acting_user, one.home_id)
            for one in moves.values()
            if one.home_id is not None
        }
        if set(targets) & set(homes):
            raise RuleError(_("不能搬到正在搬空的房屋，请另选去处。"), field="homes")
        households = list(
            Household.objects.select_for_update(of=("self",)).filter(home__in=homes).order_by("pk")
        )
        spells_there = steps.Residence.objects.filter(home__in=homes, period__endswith__isnull=True).exclude(
            period__isempty=True
        )
        ids = set(spells_there.values_list("person_id", flat=True))
        people = {one.pk: one for one in steps.lock_people(acting_user, ids)}
        moved: list[Person] = []
        for spell in spells_there.select_related("home").order_by("person_id", "kind"):
            if spell.kind == HUKOU and not with_hukou:
                continue
            person, going = people[spell.person_id], moves[spell.home_id or 0]
            target = targets.get(going.home_id) if going.home_id is not None else None
            place = Place(home_id=target.pk) if target is not None else going.outside or Place()
            if target is None and len(place.region_code) >= standing.INSIDE:
                raise RuleError(_("去处在本辖区的，请选房屋。"), field="homes")
            after = (
                steps.place_text(place, target)
                if target is not None or place.region_code or place.address
                else ""
            )
            try:
                steps.day_of(_("搬迁"), person, on)
                steps.end_residence(spell, on, went_to=after)
                if target is not None or place.region_code or (place.address and spell.kind == LIVING):
                    kept: dict[str, Any] = (
                        {
                            "hukou_nature": spell.hukou_nature,
                            "station": spell.station
                            if target is not None and target.region_code[:12] == spell.region_code[:12]
                            else "",
                        }
                        if spell.kind == HUKOU
                        else {
                            "reason": spell.reason,
                            **steps.permit_of(spell),
                        }
                        if target is not None
                        else {}
                    )
                    steps.begin_residence(
                        person, spell.kind, place, on, home=target, came_from=steps.place_text(spell), **kept
                    )
            except RuleError as error:
                raise RuleError(f"{person.name}：{error.message}", field=error.field or "homes") from error
            if spell.kind == LIVING:
                moved.append(person)
                act.record(
                    person,
                    _("%(name)s 随楼搬迁%(to)s")
                    % {"name": person.name, "to": f"到 {after}" if after else ""},
                )
        for household in households:
            going = moves[household.home_id or 0]
            target = targets.get(going.home_id) if going.home_id is not None else None
            if target is not None:
                household.home, household.region_code = target, target.region_code
                household.save(update_fields=["home", "region_code", "updated_at"])
                act.record(
                    household,
                    _("户 %(number)s 随楼搬到 %(home)s")
                    % {"number": household.number, "home": target.full_address},
                )
        _leave_emptied(act, list(people.values()), on)
        steps.settle(acting_user, list(people.values()), check=False)
        if not moved and not households:
            raise RuleError(_("这些房屋里没有住人，也没有户。"), field="homes")
        for home in homes.values():
            act.record(home, _("%(home)s 搬空") % {"home": home.full_address})
    return len(moved)


def _leave_emptied(act: Any, people: list[Person], on: date) -> None:
    """Who neither lives nor is registered in the base any more leaves their household; a head who leaves others is followed by
    whom the rules propose."""
    for person in people:
        inside = any(
            spell is not None and len(spell.region_code) >= standing.INSIDE
            for spell in (steps.running(person, LIVING), steps.running(person, HUKOU))
        )
        member = steps.membership_of(person)
        if inside or member is None:
            continue
        rest = [
            one for one in steps.as_members(steps.members_of(member.household)) if one.person_id != person.pk
        ]
        staying = {one.pk for one in people if one.pk != person.pk}
        # Those who leave as well do not take over, unless nobody else is there.
        follow = family.successor([one for one in rest if one.person_id not in staying] or rest, on)
        said = steps.leave(person, on, new_head_id=follow.person_id if follow is not None else None)
        act.record(member.household, f"{person.name} {said}")


__all__ = ["EDIT", "Destination", "clear_homes", "merge_households", "split_household"]

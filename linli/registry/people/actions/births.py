"""Birth and adoption: the child, its parents, its home and its household in one deed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.access.guard import require
from linli.access.models import Permission
from linli.audit import recording as audit
from linli.audit.recording import RuleError
from linli.registry.people.actions import steps
from linli.registry.people.actions.families import add_kin, stop_kin
from linli.registry.people.actions.marriages import are_lineal
from linli.registry.people.actions.registering import register_person
from linli.registry.people.actions.steps import EDIT, Family, Place
from linli.registry.people.models import HouseholdMember, Kinship, Person, Relation, ResidenceKind
from linli.registry.people.rules import kin


def _household_of(parents: Iterable[Person], child_sex: str, *, adopted: bool = False) -> Family | None:
    """The household of a parent, and the child's relation to its head."""
    for parent in parents:
        member: HouseholdMember | None = steps.membership_of(parent)
        if member is not None:
            relation = kin.child_of(member.relation, parent.sex, child_sex, adopted=adopted)
            return Family(member.household_id, relation)
    return None


def record_birth(
    *,
    acting_user: Any,
    values: Mapping[str, Any],
    mother_id: int | None = None,
    father_id: int | None = None,
    hukou_with: str = "",
    reason: str = "",
) -> Person:
    """Register a newborn: they live from the day of birth where a parent lives, belong to that household, and are the child of
    both. `hukou_with` is mother or father when the hukou is already entered there; otherwise it is to be added (户籍待补).

    Raises RuleError without a birth date, and when no parent lives in the user's area.
    """
    with audit.action(acting_user, "people.record_birth", reason=reason) as act:
        born = values.get("birth_date")
        if born is None and not values.get("id_number"):
            raise RuleError(_("请填写出生日期。"), field="birth_date")
        ids = [pk for pk in (mother_id, father_id) if pk is not None]
        if not ids:
            raise RuleError(_("请选择母亲或父亲。"), field="mother")
        found = {one.pk: one for one in Person.objects.filter(pk__in=ids)}
        if len(found) != len(set(ids)):
            raise steps.NotPermitted(EDIT)
        parents = [
            (relation, found[pk])
            for relation, pk in ((Relation.MOTHER, mother_id), (Relation.FATHER, father_id))
            if pk
        ]
        for _relation, parent in parents:
            require(acting_user, Permission.VIEW_PEOPLE, parent.region_code)
        living = next(
            (
                (parent, spell)
                for _relation, parent in parents
                if (spell := steps.running(parent, ResidenceKind.LIVING)) is not None
                and spell.home_id is not None
            ),
            None,
        )
        if living is None:
            raise RuleError(_("父母都不住在本辖区，请用“登记居民”。"), field="mother")
        hukou = None
        if hukou_with:
            chosen = found.get((mother_id if hukou_with == "mother" else father_id) or 0)
            spell = steps.running(chosen, ResidenceKind.HUKOU) if chosen is not None else None
            if spell is None:
                raise RuleError(_("随其落户的一方没有登记户籍，请选“还没有落户”。"), field="hukou_with")
            hukou = Place(home_id=spell.home_id, region_code=spell.region_code, address=spell.address)
        person = register_person(
            acting_user=acting_user,
            values={"source": _("出生登记"), "marital": kin.UNMARRIED, **values},
            home_id=living[1].home_id,
            since=born,
            hukou=hukou,
            hukou_since=born if hukou is not None else None,
            family=_household_of(
                [living[0], *(p for _r, p in parents if p is not living[0])], str(values.get("sex") or "1")
            ),
            share_home=True,
        )
        for relation, parent in parents:
            _make_parent(person, relation, parent, person.birth_date)
        said = _("%(name)s 出生，%(parents)s") % {
            "name": person.name,
            "parents": "，".join(f"{Relation(relation).label}{parent.name}" for relation, parent in parents),
        }
        act.record(person, said)
        for _relation, parent in parents:
            act.record(parent, said)
    return person


def _make_parent(child: Person, relation: str, parent: Person, since: date | None) -> None:
    field = "mother" if relation == Relation.MOTHER else "father"
    if parent.sex in ("1", "2") and (parent.sex == "1") != (relation == Relation.FATHER):
        raise RuleError(
            _("%(name)s 的性别与“%(relation)s”不符，请核对。")
            % {"name": parent.name, "relation": Relation(relation).label},
            field=field,
        )
    steps.refuse(kin.parent_problem(child.birth_date, parent.birth_date), field)
    add_kin(child, relation, parent, "", "", since)


def adopt(
    *,
    acting_user: Any,
    person_id: int,
    on: date,
    mother_id: int | None = None,
    father_id: int | None = None,
    join_household: bool = True,
    new_head_id: int | None = None,
    reason: str = "",
) -> Person:
    """Record an adoption: from that day the adopters are the parents, those before are so no longer, and the child belongs to
    the adopters' household. Where the child lives is moved by the deeds of moving.

    Raises RuleError for an adopter who is too young or is the child's own descendant.
    """
    with audit.action(acting_user, "people.adopt", reason=reason) as act:
        ids = [pk for pk in (mother_id, father_id) if pk is not None]
        if not ids:
            raise RuleError(_("请选择收养人。"), field="mother")
        if person_id in ids:
            raise RuleError(_("不能收养本人。"), field="mother")
        target = (
            HouseholdMember.objects.filter(person_id__in=ids, period__endswith__isnull=True)
            .values_list("household_id", flat=True)
            .first()
        )
        (person,) = steps.lock_with_households(acting_user, [person_id], target if join_household else None)
        steps.alive(person)
        steps.day_of(_("收养"), person, on)
        found = {one.pk: one for one in Person.objects.filter(pk__in=ids)}
        if len(found) != len(set(ids)):
            raise steps.NotPermitted(EDIT)
        adopters = [
            (relation, found[pk])
            for relation, pk in ((Relation.MOTHER, mother_id), (Relation.FATHER, father_id))
            if pk
        ]
        for _relation, adopter in adopters:
            require(acting_user, Permission.VIEW_PEOPLE, adopter.region_code)
            steps.alive(adopter)
            if (
                are_lineal(adopter, person)
                and Kinship.objects.filter(person=adopter, relative=person).exists()
            ):
                raise RuleError(_("收养人是本人的子女，请核对。"), field="mother")
        for relation in (Relation.MOTHER, Relation.FATHER):
            stop_kin(person, relation, on)
        for relation, adopter in adopters:
            _make_parent(person, relation, adopter, on)
        said = [
            _("%(name)s 于 %(day)s 由%(who)s收养")
            % {"name": person.name, "day": on, "who": "、".join(p.name for _r, p in adopters)}
        ]
        wanted = (
            _household_of([p for _r, p in adopters], person.sex, adopted=True) if join_household else None
        )
        now = steps.membership_of(person)
        if (
            wanted is not None
            and wanted.household_id is not None
            and (now is None or now.household_id != wanted.household_id)
        ):
            household = steps.lock_household(acting_user, wanted.household_id)
            said.append(steps.leave(person, on, new_head_id=new_head_id))
            said.append(steps.join(person, household, wanted.relation, on))
        steps.settle(acting_user, [person])
        act.record(person, "，".join(one for one in said if one))
        for _relation, adopter in adopters:
            act.record(adopter, said[0])
    return person

"""Marriage, divorce, widowhood: kin and marital status together, so that they never contradict."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.access.guard import require
from linli.access.models import Permission
from linli.audit import recording as audit
from linli.audit.recording import Act, RuleError
from linli.registry.people.actions import steps
from linli.registry.people.actions.families import add_kin, running_kin, set_marital, stop_kin
from linli.registry.people.actions.steps import EDIT
from linli.registry.people.models import Kinship, Person, Relation
from linli.registry.people.rules import details, kin, spells


def _couple(user: Any, person_id: int, spouse_id: int | None) -> tuple[Person, Person | None]:
    """Both, locked in order; who is edited lies in the user's area, the other must at least be seen."""
    if spouse_id == person_id:
        raise RuleError(_("不能与本人登记结婚。"), field="spouse")
    ids = sorted({person_id, *([spouse_id] if spouse_id is not None else [])})
    found = {
        one.pk: one
        for one in Person.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    if len(found) != len(ids):
        raise steps.NotPermitted(EDIT)
    require(user, EDIT, found[person_id].region_code)
    spouse = found[spouse_id] if spouse_id is not None else None
    if spouse is not None:
        require(user, Permission.VIEW_PEOPLE, spouse.region_code)
    return found[person_id], spouse


def are_lineal(one: Person, other: Person) -> bool:
    """Whether one is recorded as the other's parent."""
    parents = (Relation.FATHER, Relation.MOTHER)
    return (
        Kinship.objects.filter(person=one, relative=other, relation__in=parents).exists()
        or Kinship.objects.filter(person=other, relative=one, relation__in=parents).exists()
    )


def marry(
    *,
    acting_user: Any,
    person_id: int,
    on: date,
    spouse_id: int | None = None,
    spouse_name: str = "",
    reason: str = "",
) -> Person:
    """Record a marriage: each is the other's spouse from that day, and their marital status follows (初婚, 再婚, 复婚). A spouse
    who is not in the base is kept by name.

    Raises RuleError for somebody who has a spouse, for lineal kin, and for two of one sex.
    """
    with audit.action(acting_user, "people.marry", reason=reason) as act:
        person, spouse = _couple(acting_user, person_id, spouse_id)
        both = [one for one in (person, spouse) if one is not None]
        for one in both:
            steps.alive(one)
            steps.day_of(_("结婚"), one, on)
            if running_kin(one, Relation.SPOUSE) is not None:
                raise RuleError(
                    _("%(name)s 已登记有配偶，请先办理“离婚”。") % {"name": one.name},
                    field="spouse" if one is spouse else "",
                )
            latest = Kinship.objects.filter(person=one, relation=Relation.SPOUSE, period__endswith__gt=on)
            if latest.exists():
                raise RuleError(
                    _("%(name)s 在这一天的上一段婚姻还没有结束，请核对日期。") % {"name": one.name},
                    field="on",
                )
        if spouse is None:
            try:
                spouse_name = details.clean_name(spouse_name)
            except details.Wrong as error:
                raise RuleError(_("请选择配偶；没有登记的，填写配偶姓名。"), field="spouse") from error
        else:
            problem = kin.marriage_problem(
                (person.sex, spouse.sex),
                (person.birth_date, spouse.birth_date),
                on,
                near_kin=are_lineal(person, spouse),
            )
            steps.refuse(problem, "spouse")
        again = (
            spouse is not None
            and Kinship.objects.filter(person=person, relative=spouse, relation=Relation.SPOUSE).exists()
        )
        add_kin(person, Relation.SPOUSE, spouse, spouse_name if spouse is None else "", "", on)
        if spouse is not None:
            add_kin(spouse, Relation.SPOUSE, person, "", "", on)
        for one in both:
            set_marital([one], kin.marital_after_marriage(one.marital, to_the_same=again))
        said = _("%(one)s 与 %(other)s 于 %(day)s 结婚") % {
            "one": person.name,
            "other": spouse.name if spouse is not None else spouse_name,
            "day": on,
        }
        for one in both:
            act.record(one, said)
    return person


def divorce(*, acting_user: Any, person_id: int, on: date, reason: str = "") -> Person:
    """Record a divorce: the marriage ends for both that day, and both are 离婚. Households stay as they are."""
    with audit.action(acting_user, "people.divorce", reason=reason) as act:
        bond = Kinship.objects.filter(
            person_id=person_id, relation=Relation.SPOUSE, period__endswith__isnull=True
        ).first()
        person, spouse = _couple(acting_user, person_id, bond.relative_id if bond is not None else None)
        bond = running_kin(person, Relation.SPOUSE)
        if bond is None:
            raise RuleError(_("%(name)s 没有登记配偶。") % {"name": person.name})
        steps.refuse(spells.end_problem(_("这段婚姻"), steps.spell_of(bond.period), on), "on")
        both = [one for one in (person, spouse) if one is not None]
        for one in both:
            steps.day_of(_("离婚"), one, on)
            stop_kin(one, Relation.SPOUSE, on)
        set_marital(both, kin.DIVORCED)
        said = _("%(one)s 与 %(other)s 于 %(day)s 离婚") % {
            "one": person.name,
            "other": spouse.name if spouse is not None else bond.relative_name,
            "day": on,
        }
        for one in both:
            act.record(one, said)
    return person


def widow(act: Act, person: Person, died: date) -> str:
    """The marriage of somebody who died ends with them, and the other is 丧偶. Returns what was done in words."""
    bond = running_kin(person, Relation.SPOUSE)
    if bond is None:
        return ""
    stop_kin(person, Relation.SPOUSE, died)
    spouse = bond.relative
    if spouse is None:
        return ""
    stop_kin(spouse, Relation.SPOUSE, died)
    if spouse.death_date is not None:
        return ""
    set_marital([spouse], kin.WIDOWED)
    act.record(
        spouse, _("配偶 %(name)s 于 %(day)s 去世，婚姻状况改为丧偶") % {"name": person.name, "day": died}
    )
    return _("配偶 %(name)s 改为丧偶") % {"name": spouse.name}


def rejoin_widowed(act: Act, person: Person, died: date) -> None:
    """A death is taken back: the marriage that ended with it goes on, unless the other has married since."""
    for bond in Kinship.objects.filter(person=person, relation=Relation.SPOUSE, period__endswith=died):
        spouse = bond.relative
        if spouse is not None and (running_kin(spouse, Relation.SPOUSE) or spouse.death_date is not None):
            continue
        bond.period = steps.DateRange(bond.period.lower, None)
        bond.save(update_fields=["period"])
        if spouse is not None:
            Kinship.objects.filter(
                person=spouse, relative=person, relation=Relation.SPOUSE, period__endswith=died
            ).update(period=steps.DateRange(bond.period.lower, None))
            set_marital([spouse], kin.MARRIED)
            act.record(
                spouse, _("配偶 %(name)s 的去世登记已撤销，婚姻状况恢复为已婚") % {"name": person.name}
            )

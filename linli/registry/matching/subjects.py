"""What can be merged: people, households, organisations; for each the fields to choose from and the checks of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from linli.access.models import Permission
from linli.audit.recording import RuleError
from linli.kernel.codes import KINSHIP
from linli.registry.matching.models import SubjectKind
from linli.registry.organisations.models import Organisation
from linli.registry.people import standing
from linli.registry.people.actions import steps
from linli.registry.people.models import HEAD, Household, HouseholdMember, Kinship, Person, Relation
from linli.registry.people.rules import details, family

MERGED = "merged"
# Columns that the system keeps itself.
KEPT_BY_SYSTEM = frozenset({"id", "created_at", "updated_at", "standing"})


@dataclass(frozen=True)
class Choice:
    """What the clerk decided beyond fields: for which tables the merged record's rows stay (`sides`), and for households how the
    other head stands to the one who stays (`relation`, GB/T 4761)."""

    fields: frozenset[str] = frozenset()
    sides: Mapping[str, str] = field(default_factory=dict)
    relation: str = ""


@dataclass(frozen=True)
class MergeSubject:
    """A kind of record. `companions` are columns that go with a field (digests with their number)."""

    key: str
    model: type[models.Model]
    view: Permission
    edit: Permission
    companions: Mapping[str, str]
    before: Callable[[Any, Any, Choice], None]
    after: Callable[[Any, Any], None]

    def fields(self) -> list[models.Field]:
        """The fields whose value can be chosen."""
        return [
            one
            for one in self.model._meta.concrete_fields
            if one.name not in KEPT_BY_SYSTEM
            and one.attname not in self.companions
            and one.name not in self.companions
            and not (self.key == SubjectKind.PERSON and one.name == "region_code")
        ]

    def with_companions(self, name: str) -> list[str]:
        """A field and the columns that go with it."""
        return [name, *(column for column, leader in self.companions.items() if leader == name)]


# -- people ----------------------------------------------------------------------------------------------------

_HEADLESS = """
SELECT h.number FROM people_household h JOIN people_householdmember m ON m.household_id = h.id
WHERE h.id = ANY(%s) AND NOT isempty(m.period)
GROUP BY h.id, h.number
HAVING range_agg(m.period) <> coalesce(range_agg(m.period) FILTER (WHERE m.relation = '02'), '{}')
"""


def _headless(ids: list[int]) -> set[str]:
    """Households that have members on days without a head."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADLESS, [ids])
        return {row[0] for row in cursor.fetchall()}


def _check_people(survivor: Person, merged: Person, choice: Choice) -> None:
    """What two people must agree on before they are one."""
    if (survivor.death_date is None) != (merged.death_date is None):
        dead, alive = (survivor, merged) if survivor.death_date else (merged, survivor)
        raise RuleError(
            _(
                "%(dead)s 一方已登记去世、另一方没有。请先给另一方登记去世（核实确已去世），或撤销错误的去世登记，再合并。"
            )
            % {"dead": dead.name if dead.name == alive.name else f"{dead.name}/{alive.name}"}
        )
    picked = {
        key: getattr(merged if key in choice.fields else survivor, key)
        for key in ("id_number", "birth_date", "sex", "id_kind")
    }
    source = merged if "id_number" in choice.fields else survivor
    try:
        identity = details.read_identity(source.id_kind, source.id_number, on=steps.today())
        details.agree(
            identity,
            sex="" if picked["sex"] == "0" else picked["sex"],
            born=picked["birth_date"],
        )
    except details.Wrong as error:
        raise RuleError(error.message, field=error.field) from error


def _tidy_people(survivor: Any, _merged: Any) -> None:
    """Nobody is kin to oneself, and a spouse is recorded both ways or not at all."""
    Kinship.objects.filter(person=survivor, relative=survivor).delete()
    mine = list(Kinship.objects.filter(person=survivor, relation=Relation.SPOUSE, relative__isnull=False))
    for one in Kinship.objects.filter(relative=survivor, relation=Relation.SPOUSE):
        if not any(own.relative_id == one.person_id and _overlap(own.period, one.period) for own in mine):
            one.delete()
    standing.refresh([survivor.pk])


def _overlap(left: Any, right: Any) -> bool:
    return family_spell(left).overlaps(family_spell(right))


def family_spell(period: Any) -> Any:
    """A stored range as the rules know it."""
    return steps.spell_of(period)


# -- households ------------------------------------------------------------------------------------------------


def _join_families(survivor: Household, merged: Household, choice: Choice) -> None:
    """Before the members of one household move to another: their relation is said to the head who stays."""
    stay, come = steps.members_of(survivor), steps.members_of(merged)
    head = next((one for one in stay if one.relation == HEAD), None)
    other = next((one for one in come if one.relation == HEAD), None)
    relations: dict[int, str] = {}
    if head is not None and other is not None:
        if not choice.relation:
            raise RuleError(
                _("请选择 %(other)s 与户主 %(head)s 的关系。")
                % {"other": other.person.name, "head": head.person.name},
                field="relation",
            )
        steps.refuse(family.relation_problem(choice.relation), "relation")
        if choice.relation == HEAD:
            raise RuleError(_("合并后一户只能有一名户主，请选择与户主的关系。"), field="relation")
        one = family.Member(head.person_id, HEAD, head.person.sex, head.person.birth_date)
        two = family.Member(other.person_id, choice.relation, other.person.sex, other.person.birth_date)
        back = family.relations_to(other.person_id, [one, two])[head.person_id]
        known = [
            family.Member(head.person_id, back, head.person.sex, head.person.birth_date),
            *steps.as_members(come),
        ]
        relations = family.relations_to(head.person_id, known)
        relations[other.person_id] = choice.relation
    rows = HouseholdMember.objects.filter(household=merged)
    for row in rows:
        wanted = relations.get(row.person_id)
        if wanted is None and row.relation == HEAD and stay:
            wanted = family.OTHER_KIN
        if wanted is not None and wanted != row.relation:
            row.relation = wanted
            row.save(update_fields=["relation"])


def _tidy_household(survivor: Any, _merged: Any) -> None:
    """Members count where they live; only the household's own row is to be left alone."""
    numbers = _headless([survivor.pk])
    if numbers:
        raise RuleError(
            _("合并后户 %(number)s 有一段时间没有户主，请先变更户主，再合并。")
            % {"number": "、".join(numbers)}
        )


# -- organisations ---------------------------------------------------------------------------------------------


def _check_organisations(survivor: Organisation, merged: Organisation, _choice: Choice) -> None:
    if bool(survivor.closed_on) != bool(merged.closed_on):
        raise RuleError(_("一方已注销、另一方在册，请先核实并改成一致，再合并。"))


def _nothing(_survivor: Any, _merged: Any) -> None:
    return None


SUBJECTS: dict[str, MergeSubject] = {
    SubjectKind.PERSON: MergeSubject(
        SubjectKind.PERSON,
        Person,
        Permission.VIEW_PEOPLE,
        Permission.EDIT_PEOPLE,
        {
            "initials": "name",
            "id_kind": "id_number",
            "id_digest": "id_number",
            "id_tail": "id_number",
            "phone_digest": "phone",
            "phone_tail": "phone",
        },
        _check_people,
        _tidy_people,
    ),
    SubjectKind.HOUSEHOLD: MergeSubject(
        SubjectKind.HOUSEHOLD,
        Household,
        Permission.VIEW_PEOPLE,
        Permission.EDIT_PEOPLE,
        {"region_code": "home_id"},
        _join_families,
        _tidy_household,
    ),
    SubjectKind.ORGANISATION: MergeSubject(
        SubjectKind.ORGANISATION,
        Organisation,
        Permission.VIEW_ORGANISATIONS,
        Permission.EDIT_ORGANISATIONS,
        {"initials": "name", "region_code": "premises_id"},
        _check_organisations,
        _nothing,
    ),
}


def households_of(person_ids: list[int]) -> list[int]:
    """The households that these people are or were in."""
    return list(
        HouseholdMember.objects.filter(person_id__in=person_ids)
        .values_list("household_id", flat=True)
        .distinct()
    )


def refuse_headless(before: set[str], households: list[int]) -> None:
    """Refuse when a household has lost its head by the merge."""
    lost = _headless(households) - before
    if lost:
        raise RuleError(
            _(
                "合并后户 %(number)s 会没有户主。只有一条记录是户主的，请保留那一户；两条都是户主的，"
                "先到户 %(number)s 的页面变更户主，再回来合并。"
            )
            % {"number": "、".join(sorted(lost))},
            field="household",
        )


def headless(households: list[int]) -> set[str]:
    """Households that have members on days without a head, before a merge."""
    return _headless(households)


def relation_label(code: str) -> str:
    """A relation in words."""
    return KINSHIP.label(code)

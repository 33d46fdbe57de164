"""Lives as timelines: of a person, a household and a home, from their spells and the history, as far as the user may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.access.roles import Permission
from linli.audit import history
from linli.pages.timeline import Moment
from linli.registry.people.actions import place_text
from linli.registry.people.models import (
    HEAD,
    Household,
    HouseholdMember,
    Kinship,
    Person,
    Relation,
    Residence,
    ResidenceKind,
)

VIEW = Permission.VIEW_PEOPLE
# What rooms above know of a person's life: moments(person, user).
Source = Callable[[Person, Any], list[Moment]]
_sources: dict[str, Source] = {}


def register(key: str, source: Source) -> None:
    """Add what a room above knows; the same key replaces."""
    _sources[key] = source


def of_person(person: Person, user: Any) -> list[Moment]:
    """Birth, homes, hukou, households, marriages, children, changes of name, groups, death."""
    found = [
        *_vital(person),
        *_places(person),
        *_households(person, user),
        *_kin(person, user),
        *_names(person),
    ]
    for source in _sources.values():
        found += source(person, user)
    return found


def _vital(person: Person) -> Iterator[Moment]:
    if person.birth_date is not None:
        yield Moment(person.birth_date, _("出生"), _("%(name)s 出生") % {"name": person.name})
    if person.death_date is not None:
        yield Moment(person.death_date, _("去世"), _("%(name)s 去世") % {"name": person.name})
    yield Moment(timezone.localdate(person.created_at), _("登记"), _("登记到系统"))


def _places(person: Person) -> Iterator[Moment]:
    spells = Residence.objects.select_related("home").filter(person=person).exclude(period__isempty=True)
    for spell in spells:
        living = spell.kind == ResidenceKind.LIVING
        kind = _("居住") if living else _("户籍")
        url = spell.home.get_absolute_url() if spell.home is not None else ""
        place = place_text(spell)
        yield Moment(
            spell.period.lower,
            kind,
            (_("住进 %(place)s") if living else _("户籍在 %(place)s")) % {"place": place},
            url,
        )
        if spell.period.upper is not None and spell.period.upper != person.death_date:
            gone = f"，{_('去往')} {spell.went_to}" if spell.went_to else ""
            said = (_("离开 %(place)s") if living else _("户籍迁出 %(place)s")) % {"place": place}
            yield Moment(spell.period.upper, kind, said + gone, url)


def _households(person: Person, user: Any) -> Iterator[Moment]:
    spells = HouseholdMember.objects.select_related("household").filter(person=person).order_by("period")
    before: HouseholdMember | None = None
    for spell in spells:
        one = spell.household
        url = one.get_absolute_url() if user.can(VIEW, one.region_code) else ""
        follows = (
            before is not None and before.household_id == one.pk and before.period.upper == spell.period.lower
        )
        said = (
            _("户 %(number)s 内改为%(relation)s") if follows else _("加入户 %(number)s，%(relation)s")
        ) % {"number": one.number, "relation": spell.get_relation_display()}
        yield Moment(spell.period.lower, _("家庭"), said, url)
        if spell.period.upper is not None:
            goes_on = spells.filter(household=one, period__startswith=spell.period.upper).exists()
            if not goes_on and spell.period.upper != person.death_date:
                yield Moment(
                    spell.period.upper, _("家庭"), _("离开户 %(number)s") % {"number": one.number}, url
                )
        before = spell


def _kin(person: Person, user: Any) -> Iterator[Moment]:
    parents = Q(relation__in=(Relation.FATHER, Relation.MOTHER), relative=person)
    rows = Kinship.objects.select_related("person", "relative").filter(
        parents | Q(person=person, relation__in=(Relation.SPOUSE, Relation.GUARDIAN))
    )
    for row in rows.exclude(period__isempty=True):
        other = row.person if row.relative_id == person.pk and row.person_id != person.pk else row.relative
        name = other.name if other is not None else row.relative_name
        url = other.get_absolute_url() if other is not None and user.can(VIEW, other.region_code) else ""
        if row.relation == Relation.SPOUSE:
            yield Moment(row.period.lower, _("婚姻"), _("与 %(name)s 结婚") % {"name": name}, url)
            if row.period.upper is not None:
                widowed = other is not None and other.death_date == row.period.upper
                said = _("配偶 %(name)s 去世") if widowed else _("与 %(name)s 的婚姻结束")
                yield Moment(row.period.upper, _("婚姻"), said % {"name": name}, url)
        elif row.relation == Relation.GUARDIAN:
            yield Moment(row.period.lower, _("监护"), _("%(name)s 任监护人") % {"name": name}, url)
        else:
            yield Moment(row.period.lower, _("子女"), _("子女 %(name)s") % {"name": name}, url)


def _names(person: Person) -> Iterator[Moment]:
    label = str(Person._meta.get_field("name").verbose_name)
    for change in history.changes(person):
        if change.label == label:
            said = _("姓名由“%(before)s”改为“%(after)s”") % {"before": change.before, "after": change.after}
            yield Moment(timezone.localdate(change.at), _("更正"), said)


def of_household(household: Household, user: Any) -> list[Moment]:
    """Who came and went, who headed it, and where it moved."""
    found = []
    spells = HouseholdMember.objects.select_related("person").filter(household=household).order_by("period")
    for spell in spells:
        who = spell.person
        sees = user.can(VIEW, who.region_code)
        name, url = who.name, who.get_absolute_url() if sees else ""
        came = not any(
            o.person_id == who.pk and o.period.upper == spell.period.lower for o in spells if o.period.upper
        )
        if spell.relation == HEAD:
            found.append(Moment(spell.period.lower, _("户主"), _("%(name)s 任户主") % {"name": name}, url))
        elif came:
            said = _("%(name)s 入户，%(relation)s") % {"name": name, "relation": spell.get_relation_display()}
            found.append(Moment(spell.period.lower, _("成员"), said, url))
        stays = any(
            o.person_id == who.pk and o.period.lower == spell.period.upper for o in spells if o.period.lower
        )
        if spell.period.upper is not None and not stays:
            died = who.death_date == spell.period.upper
            said = (_("%(name)s 去世") if died else _("%(name)s 离开本户")) % {"name": name}
            found.append(Moment(spell.period.upper, _("成员"), said, url))
    return [*found, *_moves_of(spells)]


def _moves_of(spells: Iterable[HouseholdMember]) -> Iterator[Moment]:
    """Where members of a household moved while they belonged to it: those who went to one place on one day together."""
    inside: dict[int, list[Any]] = {}
    for spell in spells:
        inside.setdefault(spell.person_id, []).append(spell.period)
    rows = Residence.objects.select_related("home").filter(
        person__in=list(inside), kind=ResidenceKind.LIVING, period__startswith__isnull=False
    )
    together: dict[tuple[date, str], list[Residence]] = {}
    for one in rows.exclude(period__isempty=True).order_by("period", "pk"):
        since = one.period.lower
        # Who came with the day of joining is told among the members.
        if any(
            (p.lower is None or p.lower < since) and (p.upper is None or since < p.upper)
            for p in inside[one.person_id]
        ):
            together.setdefault((since, place_text(one)), []).append(one)
    for (since, place), moved in together.items():
        home = moved[0].home
        said = _("%(n)d 人搬到 %(place)s") % {"n": len(moved), "place": place}
        yield Moment(since, _("搬家"), said, home.get_absolute_url() if home is not None else "")


def of_home(home: Any, user: Any) -> list[Moment]:
    """Who moved in and out."""
    found = []
    spells = Residence.objects.select_related("person").filter(home_id=home.pk, kind=ResidenceKind.LIVING)
    for spell in spells.exclude(period__isempty=True):
        url = spell.person.get_absolute_url() if user.can(VIEW, spell.person.region_code) else ""
        name = {"name": spell.person.name}
        found.append(Moment(spell.period.lower, _("住户"), _("%(name)s 住进") % name, url))
        if spell.period.upper is not None:
            died = spell.person.death_date == spell.period.upper
            said = _("%(name)s 去世") if died else _("%(name)s 搬走")
            found.append(Moment(spell.period.upper, _("住户"), said % name, url))
    return found

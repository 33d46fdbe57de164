"""What people know of homes, for the building chart and the page of a home; registered with `places.occupancy`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Prefetch
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.kernel import codes, phone
from linli.kernel.ages import age_on
from linli.pages.timeline import by_year
from linli.registry.people import lives, standing
from linli.registry.people.actions.reshaping import follow_home
from linli.registry.people.models import (
    HEAD,
    Household,
    HouseholdMember,
    Person,
    Residence,
    ResidenceKind,
    describe_period,
)
from linli.registry.places import occupancy as places

# What other rooms say of people on a home's page: tags(person_ids, on, user) → {person_id: [(label, tone)]}.
Tags = Callable[[Sequence[int], date, Any], dict[int, list[tuple[str, str]]]]
_tags: dict[str, Tags] = {}


def register_tags(key: str, tags: Tags) -> None:
    """Add a source of tags beside people's names; one query for all the people of a page."""
    _tags[key] = tags


def tags_of(person_ids: Sequence[int], on: date, user: Any) -> dict[int, list[tuple[str, str]]]:
    """The tags of these people on that day, as far as the user may see them."""
    found: dict[int, list[tuple[str, str]]] = {}
    for source in _tags.values():
        for pk, tags in source(person_ids, on, user).items():
            found.setdefault(pk, []).extend(tags)
    return found


_OCCUPANCY = """
SELECT r.home_id, min(h.region_code), count(*),
    (array_agg(p.name ORDER BY (m.relation = %(head)s) DESC NULLS LAST, p.birth_date NULLS LAST, p.id))[1],
    bool_or(octet_length(p.phone) > 0 OR octet_length(p.landline) > 0),
    count(*) FILTER (WHERE p.id_digest IS NULL),
    count(*) FILTER (WHERE m.id IS NULL)
FROM people_residence r
JOIN places_home h ON h.id = r.home_id
JOIN people_person p ON p.id = r.person_id
LEFT JOIN people_householdmember m ON m.person_id = p.id AND m.period @> %(on)s::date
WHERE r.kind = 'living' AND r.home_id = ANY(%(homes)s) AND r.period @> %(on)s::date
GROUP BY r.home_id
"""


def occupancy(home_ids: Sequence[int], on: date, user: Any) -> dict[int, places.Occupancy]:
    """Who lives in these homes on that day, in one query.

    Names, and what is missing about people, only where the user may see people; how many live there is no personal data.
    """
    allowed = user.scopes(Permission.VIEW_PEOPLE)
    with connection.cursor() as cursor:
        cursor.execute(_OCCUPANCY, {"homes": list(home_ids), "on": on, "head": HEAD})
        rows = cursor.fetchall()
    found = {}
    for home_id, region, people, name, has_phone, without_number, without_household in rows:
        if not any(region in scope for scope in allowed):
            found[home_id] = places.Occupancy(people)
            continue
        missing = []
        if not has_phone:
            missing.append("联系电话")
        if without_number:
            missing.append(f"{without_number} 人的证件号码")
        if without_household:
            missing.append(f"{without_household} 人未归入家庭户")
        found[home_id] = places.Occupancy(people, name or "", (), tuple(missing))
    return found


@dataclass(frozen=True)
class Resident:
    """A resident on the page of a home; the phone is masked."""

    pk: int
    name: str
    sex: str
    age: int | None
    relation: str
    household: str
    phone: str
    standing: str
    period: str
    tags: list[tuple[str, str]]

    @property
    def url(self) -> str:
        """The person's page."""
        try:
            return reverse("people:person", args=[self.pk])
        except NoReverseMatch:
            return ""


def _resident(person: Person, period: Any, on: date, tags: list[tuple[str, str]]) -> Resident:
    member = next((one for one in person.memberships_on if one.household_id), None)  # type: ignore[attr-defined]
    number = person.phone or person.landline
    return Resident(
        pk=person.pk,
        name=person.name,
        sex=codes.SEX.label(person.sex) if person.sex in ("1", "2") else "",
        age=age_on(person.birth_date, on) if person.birth_date and person.birth_date <= on else None,
        relation=codes.KINSHIP.label(member.relation) if member else "",
        household=member.household.number if member else "",
        phone=phone.mask(number) if number else "",
        standing=str(person.get_standing_display()),
        period=describe_period(period),
        tags=tags,
    )


def residents(home: Any, on: date, user: Any) -> dict[str, Any] | None:
    """Who lives in a home on that day, who lived there before, whose hukou is there without living there.

    None where the user may not see people: the panel is left out.
    """
    if not user.can(Permission.VIEW_PEOPLE, home.region_code):
        return None
    members = HouseholdMember.objects.filter(period__contains=on).select_related("household")
    spells = list(
        Residence.objects.filter(home_id=home.pk)
        .select_related("person")
        .prefetch_related(Prefetch("person__memberships", members, to_attr="memberships_on"))
        .order_by("person_id", "pk")
    )
    current = [s for s in spells if s.kind == ResidenceKind.LIVING and on in s.period]
    tags = tags_of([spell.person_id for spell in current], on, user)
    here = {spell.person_id for spell in current}
    living = [
        (spell, _resident(spell.person, spell.period, on, tags.get(spell.person_id, []))) for spell in current
    ]
    living.sort(
        key=lambda one: (
            one[1].household or "~",
            one[1].relation != codes.KINSHIP.label(HEAD),
            one[0].person.birth_date or date.max,
        )
    )
    past = [
        _resident(s.person, s.period, on, [])
        for s in sorted(spells, key=lambda one: one.period.upper or date.max, reverse=True)
        if s.kind == ResidenceKind.LIVING and s.period.upper and s.period.upper <= on
    ]
    hukou = [
        _resident(s.person, s.period, on, [])
        for s in spells
        if s.kind == ResidenceKind.HUKOU and on in s.period and s.person_id not in here
    ]
    return {
        "living": [resident for _spell, resident in living],
        "past": past,
        "hukou_only": hukou,
        "households": list(Household.objects.filter(home_id=home.pk).values_list("pk", "number")),
        "can_edit": user.can(Permission.EDIT_PEOPLE, home.region_code),
        "home": home,
    }


_FOLLOW_RESIDENCE = """
UPDATE people_residence r SET region_code = h.region_code FROM places_home h
WHERE h.id = r.home_id AND h.id = ANY(%s) AND r.region_code <> h.region_code
RETURNING r.person_id
"""
_FOLLOW_HOUSEHOLD = """
UPDATE people_household o SET region_code = h.region_code FROM places_home h
WHERE h.id = o.home_id AND h.id = ANY(%s) AND o.region_code <> h.region_code
"""


def follow_homes(home_ids: Sequence[int]) -> None:
    """Homes lie in another grid now: residences and households follow, and with them the people."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW_RESIDENCE, [list(home_ids)])
        people = {pk for (pk,) in cursor.fetchall()}
        cursor.execute(_FOLLOW_HOUSEHOLD, [list(home_ids)])
    if people:
        standing.refresh(people)


def occupants(home_ids: Sequence[int], user: Any) -> list[places.Occupant]:
    """Who lives or has their hukou in these homes, and households of which nobody does. Named where the user may see people."""
    spells = (
        Residence.objects.filter(home__in=home_ids, period__endswith__isnull=True, period__isempty=False)
        .select_related("person")
        .order_by("home_id", "person__birth_date", "person_id", "kind")
    )
    kinds: dict[tuple[int, int], list[str]] = {}
    people: dict[int, Person] = {}
    for spell in spells:
        people[spell.person_id] = spell.person
        kinds.setdefault((spell.home_id or 0, spell.person_id), []).append(str(spell.get_kind_display()))
    members = {
        one.person_id: one
        for one in HouseholdMember.objects.filter(
            person__in=people, period__endswith__isnull=True, period__isempty=False
        )
    }
    found = []
    for (home_id, pk), said in kinds.items():
        person, member = people[pk], members.get(pk)
        sees = user.can(Permission.VIEW_PEOPLE, person.region_code)
        role = "，户主" if member is not None and member.relation == HEAD else ""
        found.append(
            places.Occupant(
                f"people-{pk}-{home_id}",
                home_id,
                f"{person.name if sees else '一位居民'}（{'、'.join(said)}{role}）",
                f"household-{member.household_id}" if member is not None else "",
            )
        )
    followed = {member.household_id for member in members.values() if member.relation == HEAD}
    for household in Household.objects.filter(home__in=home_ids).exclude(pk__in=followed).order_by("pk"):
        found.append(
            places.Occupant(
                f"people-household-{household.pk}",
                household.home_id or 0,
                f"户号 {household.number} 的家庭户",
                f"household-{household.pk}",
            )
        )
    return found


def move_occupants(act: Any, user: Any, wanted: dict[places.Occupant, Any], on: date) -> None:
    """They are in another home from a day on."""
    people: list[tuple[int, int, Any]] = []
    households: dict[int, Any] = {}
    for one, home in wanted.items():
        _source, first, second = one.key.split("-")
        if first == "household":
            households[int(second)] = home
        else:
            people.append((int(first), one.home_id, home))
    follow_home(act, user, people, households, on)


_HOUSEHOLDS = """
SELECT h.building_id, count(*) FROM people_household o JOIN places_home h ON h.id = o.home_id
WHERE h.building_id = ANY(%(buildings)s) AND EXISTS (
    SELECT 1 FROM people_householdmember m WHERE m.household_id = o.id AND m.period @> %(on)s::date)
GROUP BY h.building_id
"""
_RESIDENTS = """
SELECT h.building_id, count(*) FROM people_residence r JOIN places_home h ON h.id = r.home_id
WHERE h.building_id = ANY(%(buildings)s) AND r.kind = 'living' AND r.period @> %(on)s::date
GROUP BY h.building_id
"""


def _counted(statement: str) -> Callable[[Sequence[int], date, Any], dict[int, int]]:
    """Numbers by building, for the overview map; how many live somewhere is no personal data."""

    def values(building_ids: Sequence[int], on: date, user: Any) -> dict[int, int]:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"buildings": list(building_ids), "on": on})
            return dict(cursor.fetchall())

    return values


def life_of(home: Any, on: date, user: Any) -> dict[str, Any] | None:
    """Who came and went, as a timeline; None where the user may not see people."""
    if not user.can(Permission.VIEW_PEOPLE, home.region_code):
        return None
    return {"life": by_year(lives.of_home(home, user), on)}


def register() -> None:
    """Called once, when the app is ready."""
    places.register_map_layer(
        places.MapLayer("households", _("户数"), "户", (10, 30, 50, 80), _counted(_HOUSEHOLDS), order=0)
    )
    places.register_map_layer(
        places.MapLayer("residents", _("居住人数"), "人", (30, 80, 150, 240), _counted(_RESIDENTS), order=10)
    )
    places.register_panel(places.Panel("life", _("住户变化"), "people/_home_life.html", life_of, order=90))
    places.register_occupants("people", occupants, move_occupants)
    places.register_source("people", occupancy, order=0)
    places.register_panel(places.Panel("people", _("住户"), "people/_home_residents.html", residents))
    places.register_follower("people", follow_homes)

"""What the pages show of people: masked numbers, places, families; each for many people with one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.utils import timezone

from linli.kernel import ages, citizen_number, codes, phone
from linli.pages.asof import is_past
from linli.regions import names
from linli.regions.models import Level
from linli.registry.people import as_of
from linli.registry.people.actions.steps import Place, place_text
from linli.registry.people.models import HEAD, HouseholdMember, Person, ResidenceKind, Standing
from linli.registry.people.rules import family

TONES = {
    Standing.REGISTERED: "",
    Standing.HERE_ONLY: "brand",
    Standing.HUKOU_ONLY: "brand",
    Standing.FLOATING: "brand",
    Standing.NEWCOMER: "warn",
    Standing.GONE: "",
    Standing.DEAD: "",
}


def sex_and_age(person: Person, on: date | None = None) -> str:
    """男 · 61 岁; the age at death for the dead."""
    parts = [codes.SEX.label(person.sex) if person.sex in ("1", "2") else ""]
    age = age_of(person, on)
    if age is not None:
        parts.append(f"{age} 岁")
    return " · ".join(part for part in parts if part)


def age_of(person: Person, on: date | None = None) -> int | None:
    """Full years today (or on a day), or at death; None before birth."""
    day = on or timezone.localdate()
    if person.birth_date is None or person.birth_date > day:
        return None
    return ages.age_on(person.birth_date, min(person.death_date, day) if person.death_date else day)


def masked_number(person: Person) -> str:
    """The certificate number with its middle hidden; "" for none."""
    return citizen_number.mask(person.id_number) if person.id_number else ""


def masked_permit(number: str) -> str:
    """A residence permit's number with its middle hidden; "" for none."""
    if len(number) <= 8:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


def masked_phone(number: str) -> str:
    """A phone number with its middle hidden; "" for none."""
    return phone.mask(number) if number else ""


@dataclass
class Shown:
    """A person in a list, with what stands beside them."""

    place: str = ""
    tags: list[tuple[str, str]] = field(default_factory=list)
    on: date | None = None


_SPELLS = """
SELECT r.person_id, r.kind, h.full_address, r.region_code, r.address
FROM people_residence r LEFT JOIN places_home h ON h.id = r.home_id
WHERE r.person_id = ANY(%s) AND r.period @> %s::date
"""


def _spells(person_ids: Sequence[int], on: date) -> Iterable[tuple[int, str, str | None, str, str]]:
    """The residence spells that hold on a day, as `as_of.residences` gives them: every list asks for today's."""
    if is_past(on):
        return as_of.residences(on, person_id__in=person_ids).values_list(
            "person_id", "kind", "home__full_address", "region_code", "address"
        )
    with connection.cursor() as cursor:
        cursor.execute(_SPELLS, [list(person_ids), on])
        return cursor.fetchall()


def addresses(person_ids: Sequence[int], on: date | None = None) -> dict[int, str]:
    """Where each lives on a day, else where their hukou is; the community is left out, lists show it beside."""
    found: dict[int, tuple[bool, str]] = {}
    for person_id, kind, home, region, address in _spells(person_ids, on or timezone.localdate()):
        living = kind == ResidenceKind.LIVING
        if living or person_id not in found:
            found[person_id] = (living, home or place_text(Place(region_code=region, address=address)))
    return {pk: text for pk, (_living, text) in found.items()}


@dataclass(frozen=True)
class Relative:
    """A member of a household as pages show them."""

    person: Person
    relation: str
    relation_label: str
    since: date | None
    warnings: tuple[str, ...]
    on: date | None = None

    @property
    def is_head(self) -> bool:
        """Whether this is the head."""
        return self.relation == HEAD

    @property
    def about(self) -> str:
        """Sex and age."""
        return sex_and_age(self.person, self.on)


def relatives(members: Iterable[HouseholdMember], on: date | None = None) -> list[Relative]:
    """Members with what looks odd about their relation; the head first, then by the code of the relation and age."""
    listed = list(members)
    head = next((one for one in listed if one.relation == HEAD), None)
    today = on or timezone.localdate()
    found = []
    for one in listed:
        who = family.Member(one.person_id, one.relation, one.person.sex, one.person.birth_date)
        warnings: list[str] = []
        if head is not None:
            first = family.Member(head.person_id, HEAD, head.person.sex, head.person.birth_date)
            warnings = family.relation_warnings(first, who, today)
        found.append(
            Relative(
                one.person,
                one.relation,
                codes.KINSHIP.label(one.relation),
                one.period.lower,
                tuple(warnings),
                on,
            )
        )
    return sorted(found, key=lambda one: (not one.is_head, one.relation, one.person.birth_date or date.max))


def area(region_code: str) -> str:
    """The community in words, or the grid where there is one: 东外第一网格; with the community before it where the grid's name
    does not say which: 东外社区 · 第一网格."""
    community = names.title_at(region_code, Level.COMMUNITY)
    grid = names.title_at(region_code, Level.GRID)
    if not grid:
        return community or names.title(region_code)
    stem = community.removesuffix("社区").removesuffix("村")
    return grid if stem and grid.startswith(stem) else f"{community} · {grid}"


def missing_of(person: Person, *, has_household: bool, has_hukou: bool) -> list[str]:
    """What has not been recorded of somebody who lives here."""
    found = []
    if not person.id_number:
        found.append("证件号码")
    age = age_of(person)
    if not person.phone and not person.landline and (age is None or age >= 16):
        found.append("联系电话")
    if not has_hukou:
        found.append("户籍")
    if not has_household:
        found.append("所在的户")
    return found

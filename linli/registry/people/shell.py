"""What people add to the shell and to places: entries of the sidebar, hits of the search, who lives in a home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.pages import nav, search
from linli.registry.people import describing, extensions, filters, standing
from linli.registry.people.models import (
    HEAD,
    HouseholdMember,
    Person,
    Residence,
    ResidenceKind,
    describe_period,
)
from linli.registry.places import occupancy
from linli.registry.places.models import Home

VIEW = Permission.VIEW_PEOPLE
SECTION = "人房底数"


def find_people(user: Any, query: str, limit: int) -> list[search.Hit]:
    """Residents by name, initials, last four, or a whole number; addresses are left to the homes."""
    rows = Person.objects.permitted(user, VIEW).only("name", "sex", "birth_date", "death_date", "standing")
    found = list(filters.find_people(rows, query, addresses=False)[:limit])
    places = describing.addresses([one.pk for one in found])
    return [
        search.Hit(
            one.name,
            " · ".join(
                part for part in (describing.sex_and_age(one), places.get(one.pk, ""), _away(one)) if part
            ),
            one.get_absolute_url(),
            "user",
        )
        for one in found
    ]


def _away(person: Person) -> str:
    return describing.SHORT[person.standing] if person.standing in filters.AWAY else ""  # type: ignore[index]


def _living(home_ids: Sequence[int], on: date) -> Any:
    """The living spells in homes on a day, of those not dead."""
    return (
        Residence.objects.filter(home__in=home_ids, kind=ResidenceKind.LIVING, period__contains=on)
        .exclude(person__death_date__lte=on)
        .select_related("person")
    )


def occupants(home_ids: Sequence[int], on: date, user: Any) -> dict[int, occupancy.Occupancy]:
    """How many live in each home, the head's name, and what is missing of them; for those who may see people."""
    if not user.can(VIEW):
        return {}
    spells = [one for one in _living(home_ids, on) if user.can(VIEW, one.region_code)]
    ids = [one.person_id for one in spells]
    relations = dict(
        HouseholdMember.objects.filter(person__in=ids, period__contains=on).values_list(
            "person_id", "relation"
        )
    )
    with_hukou = set(
        Residence.objects.filter(person__in=ids, kind=ResidenceKind.HUKOU, period__contains=on).values_list(
            "person_id", flat=True
        )
    )
    homes: dict[int, list[Person]] = {}
    for one in spells:
        homes.setdefault(one.home_id or 0, []).append(one.person)
    found = {}
    for home_id, people in homes.items():
        first = min(
            people,
            key=lambda one: (relations.get(one.pk) != HEAD, one.birth_date or date.max, one.pk),
        )
        missing: dict[str, int] = {}
        for one in people:
            for what in describing.missing_of(
                one, has_household=one.pk in relations, has_hukou=one.pk in with_hukou
            ):
                missing[what] = missing.get(what, 0) + 1
        found[home_id] = occupancy.Occupancy(
            people=len(people),
            name=first.name,
            missing=tuple(f"{n} 人的{what}" for what, n in missing.items()),
        )
    return found


def people_of_home(home: Home, on: date, user: Any) -> dict[str, Any] | None:
    """Who lives in a home on a day, whose hukou is there without them, and who lived there before."""
    if not user.can(VIEW, home.region_code):
        return None
    now = list(_living([home.pk], on))
    ids = [one.person_id for one in now]
    relations = {
        one.person_id: one
        for one in HouseholdMember.objects.select_related("household").filter(
            person__in=ids, period__contains=on
        )
    }
    tags = extensions.tags_of(ids, user)
    living = [
        {
            "person": one.person,
            "about": describing.sex_and_age(one.person, on),
            "phone": describing.masked_phone(one.person.phone),
            "relation": relations[one.person_id].get_relation_display() if one.person_id in relations else "",
            "household": relations[one.person_id].household if one.person_id in relations else None,
            "order": relations[one.person_id].relation if one.person_id in relations else "99",
            "standing": describing.SHORT[one.person.standing],
            "tone": describing.TONES[one.person.standing],
            "tags": tags.get(one.person_id, []),
            "since": describe_period(one.period),
        }
        for one in now
    ]
    hukou_only = (
        Residence.objects.select_related("person")
        .filter(home=home, kind=ResidenceKind.HUKOU, period__contains=on)
        .exclude(person__in=ids)
        .exclude(person__death_date__lte=on)
    )
    before = (
        Residence.objects.select_related("person")
        .filter(home=home, kind=ResidenceKind.LIVING, period__endswith__lte=on)
        .order_by("-period__endswith")[:20]
    )
    return {
        "living": sorted(
            living,
            key=lambda one: (
                one["household"].pk if one["household"] else 0,
                one["order"] != HEAD,
                one["order"],
            ),
        ),
        "hukou_only": [one.person for one in hukou_only if user.can(VIEW, one.person.region_code)],
        "before": [
            {"person": one.person, "when": describe_period(one.period)}
            for one in before
            if user.can(VIEW, one.person.region_code)
        ],
        "home": home,
        "can_edit": user.can(Permission.EDIT_PEOPLE, home.region_code),
    }


def follow_homes(home_ids: Sequence[int]) -> None:
    """Homes lie in another region now: their spells, households and people follow."""
    ids = list(home_ids)
    with connection.cursor() as cursor:
        for table in ("people_residence", "people_household"):
            cursor.execute(
                f"UPDATE {table} f SET region_code = h.region_code FROM places_home h "  # noqa: S608
                "WHERE h.id = f.home_id AND f.region_code <> h.region_code AND h.id = ANY(%s)",
                [ids],
            )
    concerned = Residence.objects.filter(home__in=ids, period__contains=timezone.localdate())
    standing.refresh(list(concerned.values_list("person_id", flat=True).distinct()))


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(nav.NavItem(SECTION, _("居民"), "people:list", "users", VIEW, 10))
    nav.register(nav.NavItem(SECTION, _("家庭户"), "people:households", "users-group", VIEW, 11))
    search.register(
        "people",
        _("居民"),
        find_people,
        order=10,
        more_url=lambda q: f"{reverse('people:list')}?{urlencode({'q': q})}",
    )
    occupancy.register_source("people", occupants, order=0)
    occupancy.register_panel(
        occupancy.Panel("people", _("住的人"), "people/_home_people.html", people_of_home, order=0)
    )
    occupancy.register_follower("people", follow_homes)

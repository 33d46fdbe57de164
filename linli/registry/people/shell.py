"""What people add to the shell: entries of the sidebar and hits of the search."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.pages import nav, search
from linli.registry.people import describing, filters
from linli.registry.people.models import Person

VIEW = Permission.VIEW_PEOPLE


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
    return person.get_standing_display() if person.standing in filters.AWAY else ""


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(nav.NavItem(nav.PEOPLE, _("居民"), "people:list", "users", VIEW, 10))
    nav.register(nav.NavItem(nav.PEOPLE, _("家庭户"), "people:households", "users-group", VIEW, 11))
    search.register(
        "people",
        _("居民"),
        find_people,
        order=10,
        more_url=lambda q: f"{reverse('people:list')}?{urlencode({'q': q})}",
    )

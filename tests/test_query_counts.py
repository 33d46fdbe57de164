"""How many statements the pages ask at most that everybody opens all day, however much there is to show.

What the sidebar asks on every page is left out. A page that asks more than stands here has begun to ask row by row, or wants a reason and a new number.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.access.models import User
from linli.demo.testing import build_small
from linli.pages import nav
from linli.regions import names
from linli.registry.people.models import Household, Person, Residence
from linli.registry.places.models import Building

MOST = {
    "people:list": 16,
    "people:person": 23,
    "people:households": 12,
    "people:household": 12,
    "places:estates": 10,
    "places:buildings": 10,
    "places:building": 19,
    "places:homes": 10,
    "places:home": 26,
    "groups:list": 13,
    "organisations:organisations": 11,
    "home": 14,
    "networks:overview": 11,
    "networks:posts": 16,
    "networks:community": 16,
    "places:map": 14,
    "places:back_streets": 10,
    "lettings:list": 10,
    "quality:overview": 9,
    "quality:community": 8,
    "matching:list": 10,
    "changes:list": 9,
    "returns:list": 10,
    "lists:index": 18,
    "adjustment:sizes": 17,
    "regions": 10,
    "search": 18,
}


def statements_of_the_sidebar() -> int:
    """What the numbers in the sidebar ask, on every page: one a room that has something waiting, each pinned by its room."""
    user = User.objects.get(username="jiedao")
    assert user.current_posts
    with CaptureQueriesContext(connection) as asked:  # type: ignore[arg-type]
        nav.nav_for(user, "/")
    return len(asked)


@pytest.mark.django_db
def test_pages_ask_no_more_than_they_need(settings: Any) -> None:
    settings.LINLI_BADGE_SECONDS = 600
    build_small(communities=2, homes=240)
    client = Client()
    client.force_login(User.objects.get(username="jiedao"))
    person = Person.objects.filter(standing="registered").order_by("pk")[3]
    home = Residence.objects.get(person=person, kind="living", period__upper_inf=True).home
    assert home is not None
    building = Building.objects.order_by("pk")[1]
    household = Household.objects.filter(members__person=person).first()
    assert household is not None
    rows = {
        "people:person": person.pk,
        "people:household": household.pk,
        "places:building": building.pk,
        "places:home": home.pk,
        "networks:community": person.region_code[:12],
        "quality:community": person.region_code[:12],
    }
    found = {}
    sidebar = statements_of_the_sidebar()
    for name in MOST:
        address = reverse(name, args=[rows[name]] if name in rows else [])
        if name == "search":
            address += f"?q={person.name}"
        assert client.get(address).status_code == 200, name
        cache.clear()
        names.forget()
        with CaptureQueriesContext(connection) as asked:  # type: ignore[arg-type]
            client.get(address)
        found[name] = len(asked) - sidebar
    assert {name: number for name, number in found.items() if number > MOST[name]} == {}

"""How many statements the pages ask at most that everybody opens all day, however much there is to show.

A page that asks more than stands here has begun to ask row by row, or wants a reason and a new number.
"""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.access.models import User
from linli.demo.testing import build_small
from linli.regions import names
from linli.registry.people.models import Household, Person, Residence
from linli.registry.places.models import Building

MOST = {
    "people:list": 25,
    "people:person": 25,
    "people:households": 20,
    "people:household": 17,
    "places:estates": 17,
    "places:buildings": 23,
    "places:building": 22,
    "places:homes": 18,
    "places:home": 29,
    "groups:list": 18,
    "organisations:organisations": 17,
    "home": 20,
    "networks:overview": 14,
    "networks:posts": 20,
    "networks:community": 19,
    "places:map": 17,
    "places:back_streets": 17,
    "lettings:list": 17,
    "quality:overview": 12,
    "quality:community": 20,
    "matching:list": 17,
    "changes:list": 14,
    "returns:list": 14,
    "lists:index": 24,
    "adjustment:sizes": 30,
    "regions": 17,
    "search": 18,
}


@pytest.mark.django_db
def test_pages_ask_no_more_than_they_need() -> None:
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
    for name in MOST:
        address = reverse(name, args=[rows[name]] if name in rows else [])
        if name == "search":
            address += f"?q={person.name}"
        assert client.get(address).status_code == 200, name
        cache.clear()
        names.forget()
        with CaptureQueriesContext(connection) as asked:  # type: ignore[arg-type]
            client.get(address)
        found[name] = len(asked)
    assert {name: number for name, number in found.items() if number > MOST[name]} == {}

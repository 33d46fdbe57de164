"""A group's roster leads to the same people as a list that can be taken away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.testing import Characters, characters
from linli.audit.recording import SYSTEM
from linli.facts.dictionary import dictionary
from linli.registry.groups import actions, taking
from linli.registry.groups.models import Group, Membership
from linli.registry.groups.seeds import ensure_groups
from linli.registry.people.tests.street import make_homes, register
from linli.registry.places.models import Home

pytestmark = pytest.mark.django_db


def day(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


@pytest.fixture
def who() -> Characters:
    ensure_groups(acting_user=SYSTEM)
    return characters()


def homes() -> list[Home]:
    """The homes of the community, made once."""
    return list(Home.objects.order_by("pk")) or make_homes()


def blind(who: Characters, name: str, home: int, **more: Any) -> Membership:
    given = {"class_code": "1", "level_code": "2", "certificate": "C1", "since": day(-300)} | more
    return actions.add_membership(
        acting_user=who.worker,
        person_id=register(who.worker, homes()[home], name, serial=home + 1).pk,
        group_code="disabled",
        evidence="残疾人证",
        **given,
    )


def exported(client: Client, address: str) -> str:
    """Where the roster's button leads."""
    url: str = client.get(address).context["export_url"]
    return url


@pytest.mark.parametrize(
    ("filters", "names"),
    [("", {"王建国", "孙建国"}), ("?class_code=2", {"孙建国"}), ("?level_code=2", {"王建国", "孙建国"})],
)
def test_the_button_leads_to_the_people_of_the_roster(
    who: Characters, client: Client, filters: str, names: set[str]
) -> None:
    blind(who, "王建国", 0)
    blind(who, "孙建国", 1, class_code="2", certificate="C2")
    client.force_login(who.worker)
    url = exported(client, reverse("groups:roster", args=["disabled"]) + filters)
    assert urlsplit(url).path == reverse("lists:export")
    assert client.get(url).status_code == 200
    listed = client.get(f"{reverse('lists:make')}?{urlsplit(url).query}")
    assert listed.status_code == 200
    text = listed.content.decode()
    assert {name for name in ("王建国", "孙建国") if name in text} == names


def test_every_group_has_a_list_with_what_it_records(who: Characters, client: Client) -> None:
    """Whatever a group asks, classes or none: the address that its roster makes can be opened."""
    client.force_login(who.worker)
    today = timezone.localdate()
    for group in Group.objects.filter(is_active=True):
        for asked in ({}, {"due": "overdue"}, {"due": "review"}, {"due": "ending"}):
            query = taking.list_of(group, asked, today, today, dictionary.refresh())
            answer = client.get(f"{reverse('lists:make')}?{query}")
            assert answer.status_code == 200, (group.code, asked)
    columns = [
        value
        for key, value in parse_qsl(
            taking.list_of(Group.objects.get(code="disabled"), {}, today, today, dictionary.refresh())
        )
        if key == "col"
    ]
    assert {"disabled_class", "disabled_level", "disabled.certificate", "disabled_cause"} <= set(columns)


def test_what_lists_cannot_say_has_no_button(who: Characters, client: Client) -> None:
    blind(who, "王建国", 0)
    client.force_login(who.worker)
    for filters in ("?q=王", "?state=ended"):
        assert exported(client, reverse("groups:roster", args=["disabled"]) + filters) == ""


def test_the_day_goes_along(who: Characters, client: Client) -> None:
    client.force_login(who.worker)
    past = day(-30).isoformat()
    url = exported(client, f"{reverse('groups:roster', args=['disabled'])}?on={past}")
    assert ("on", past) in parse_qsl(urlsplit(url).query)

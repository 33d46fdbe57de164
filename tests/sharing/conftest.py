"""A small base, a client of the civil affairs bureau with a key, and ways to call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from linli.access.models import Post, Unit, User
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET, Characters, characters
from linli.audit.recording import SYSTEM
from linli.registry.groups.seeds import ensure_groups
from linli.registry.people.models import Person
from linli.registry.people.tests.street import make_homes, register
from linli.sharing import actions
from linli.sharing.models import Client, Entitlement

PURPOSE = "低保资格复核"


@dataclass
class Api:
    """The client and its key."""

    who: Characters
    client: Client
    key: str
    here: list[Person]
    there: Person

    def headers(self) -> dict[str, str]:
        return {"HTTP_AUTHORIZATION": f"Bearer {self.key}"}

    def post(self, what: str, **body: Any) -> Any:
        return Browser().post(
            f"/api/v1/people/{what}",
            {"purpose": PURPOSE, **body},
            content_type="application/json",
            **self.headers(),
        )

    def get(self, what: str, **query: Any) -> Any:
        return Browser().get(f"/api/v1/{what}", {"purpose": PURPOSE, **query}, **self.headers())

    def entitle(self, **more: Any) -> Entitlement:
        return entitle(self.who, self.client, **more)


def confirmer() -> User:
    """A second person of the district."""
    found, made = User.objects.get_or_create(username="confirmer", defaults={"name": "马海英"})
    if made:
        Post.objects.create(user=found, role=Role.DISTRICT_OFFICER, region_code="110119")
    return found


def entitle(who: Characters, client: Client, **more: Any) -> Entitlement:
    """Granted by one, confirmed by another."""
    wanted: dict[str, Any] = {
        "subject": "person",
        "region_code": COMMUNITY,
        "operations": ["lookup", "batch", "changes"],
        "purposes": [PURPOSE],
        "basis": "社会救助暂行办法",
        "elements": ["name", "sex", "birth_date", "age", "id_number", "address"],
    } | more
    made = actions.grant(acting_user=who.administrator, client_id=client.pk, **wanted)
    return actions.confirm(acting_user=confirmer(), entitlement_id=made.pk)


def make_api() -> Api:
    """Three people here, one next door, and a client in force with a key."""
    ensure_groups(acting_user=SYSTEM)
    who = characters()
    homes = make_homes()
    here = [
        register(who.worker, homes[0], "王建国", serial=21),
        register(who.worker, homes[1], "李秀英", born=date(1940, 3, 4), sex="2", serial=22),
        register(who.worker, homes[2], "张磊", born=date(1990, 7, 8), serial=23),
    ]
    there = register(who.neighbour, make_homes(NEIGHBOUR, 1, "川北小区")[0], "赵德海", serial=24)
    unit = Unit.objects.get_or_create(region_code="110119", name="延庆区民政局", kind="department")[0]
    client = actions.save_client(
        acting_user=who.administrator,
        region_code=STREET,
        unit=unit,
        values={"name": "低保核对系统", "responsible": "周文华"},
    )
    _key, text = actions.issue_key(
        acting_user=who.administrator,
        client_id=client.pk,
        expires_on=timezone.localdate() + timedelta(days=300),
    )
    return Api(who, client, text, here, there)


@pytest.fixture
def api(db: None) -> Api:
    return make_api()

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils import timezone

from linli.access import units
from linli.access.models import Post, Unit, User
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, DISTRICT, STREET, Characters, characters
from linli.audit.recording import SYSTEM
from linli.flow import actions
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Per, Thing
from linli.flow.tests.example import WHISTLE
from linli.regions import loading


@dataclass
class Cast:
    """The characters with their units, a second department officer and a colleague of the first."""

    people: Characters
    community: Unit
    street: Unit
    department: Unit
    water: Unit
    water_officer: User
    colleague: User


def officer_of(unit: Unit, username: str, name: str) -> User:
    user = User.objects.create(username=username, name=name, password="!")
    Post.objects.create(
        user=user,
        role=Role.DEPARTMENT_OFFICER,
        region_code=unit.region_code,
        unit=unit,
        valid_from=date(2020, 1, 1),
    )
    return user


@pytest.fixture
def cast(db: None) -> Cast:
    loading.load_carried(SYSTEM)
    people = characters()
    actions.ensure_kind(WHISTLE)
    department = Unit.objects.get(name="延庆区民政局")
    water = units.named_unit(DISTRICT, "延庆区水务局")
    community, street = units.own_unit(COMMUNITY), units.own_unit(STREET)
    assert community is not None
    assert street is not None
    return Cast(
        people,
        community,
        street,
        department,
        water,
        officer_of(water, "shuiwu", "孟水清"),
        officer_of(department, "minzheng2", "邹民安"),
    )


@pytest.fixture
def warrant(cast: Cast) -> Warrant:
    return actions.make_warrant(
        acting_user=SYSTEM,
        region_code=STREET,
        title="协助处置积水",
        issuer=cast.water,
        things=[Thing.CASE, Thing.INSPECTION],
        since=timezone.localdate() - timedelta(days=10),
        until=timezone.localdate() + timedelta(days=300),
        times=2,
        per=Per.ONCE,
    )

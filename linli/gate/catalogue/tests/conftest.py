from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from linli.access import units
from linli.access.models import Post, Unit, User
from linli.access.roles import Role
from linli.access.testing import DISTRICT, Characters, characters
from linli.audit.recording import SYSTEM
from linli.gate.catalogue import actions
from linli.gate.catalogue.models import Basis, Item
from linli.regions import loading


@dataclass
class Office:
    """The district's community office with its officer, and two departments."""

    people: Characters
    officer: User
    civil: Unit
    health: Unit
    admit: Callable[..., Item]


def district_officer(username: str, region_code: str = DISTRICT) -> User:
    user = User.objects.create(username=username, name="马区办", password="!")
    unit = units.named_unit(region_code, "延庆区委社会工作部")
    Post.objects.create(
        user=user,
        role=Role.DISTRICT_OFFICER,
        region_code=region_code,
        unit=unit,
        valid_from=date(2020, 1, 1),
    )
    return user


@pytest.fixture
def office(db: None) -> Office:
    loading.load_carried(SYSTEM)
    people = characters()
    actions.ensure_bases()
    civil = Unit.objects.get(name="延庆区民政局")
    officer = district_officer("quban")

    def admit(title: str = "协助做好最低生活保障对象走访", **terms: Any) -> Item:
        basis = Basis.objects.filter(title="中华人民共和国社会救助法").first()
        given = {
            "region_code": DISTRICT,
            "category": "社会救助",
            "unit": civil,
            "kind": "serve",
            "responsibility": "assist",
            "since": timezone.localdate(),
            "until": None,
            "hours": Decimal(4),
            "things": ["form", "case"],
            "times": 2,
            "per": "quarter",
            "bases": [basis.pk] if basis else [],
            **terms,
        }
        return actions.admit(acting_user=officer, title=title, **given)

    return Office(people, officer, civil, units.named_unit(DISTRICT, "延庆区卫生健康委"), admit)

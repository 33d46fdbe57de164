from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from linli.access import units
from linli.access.models import Post, Unit, User
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, DISTRICT, NEIGHBOUR, STREET, Characters, characters
from linli.admission import actions
from linli.admission.examples import HELD
from linli.admission.models import Application
from linli.audit.recording import SYSTEM
from linli.gate.catalogue import actions as catalogue
from linli.gate.catalogue.models import Basis
from linli.regions import loading

TODAY = timezone.localdate()
HEADINGS = (*HELD, "每日步数", "智能手环编号", "子女微信号")


@dataclass
class Cast:
    """The characters, with the community office and its officer, and an officer of another department."""

    people: Characters
    office: Unit
    decider: User
    department: Unit
    community: Unit
    street: Unit
    health: Unit
    health_officer: User
    head: User

    @property
    def applicant(self) -> User:
        return self.people.department


def _person(username: str, name: str, role: Role, region: str, unit: Unit | None) -> User:
    user = User.objects.create(username=username, name=name, password="!")
    Post.objects.create(user=user, role=role, region_code=region, unit=unit, valid_from=date(2020, 1, 1))
    return user


def pdf(name: str = "凭证.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 made up", content_type="application/pdf")


def workbook(headings: Any = HEADINGS, title: str = "老年人基本情况登记表") -> bytes:
    from tests.bench.forms import form

    return form(tuple(headings), title)


@pytest.fixture
def cast(db: None) -> Cast:
    loading.load_carried(SYSTEM)
    catalogue.ensure_bases()
    people = characters()
    office = units.named_unit(DISTRICT, "延庆区委社会工作部")
    health = units.named_unit(DISTRICT, "延庆区卫生健康委员会")
    community, street = units.own_unit(COMMUNITY), units.own_unit(STREET)
    assert community is not None
    assert street is not None
    units.own_unit(NEIGHBOUR)
    return Cast(
        people,
        office,
        _person("shegong", "马主任", Role.DISTRICT_OFFICER, DISTRICT, office),
        Unit.objects.get(name="延庆区民政局"),
        community,
        street,
        health,
        _person("weijian", "何卫生", Role.DEPARTMENT_OFFICER, DISTRICT, health),
        _person("shuji", "王书记", Role.COMMUNITY_HEAD, COMMUNITY, community),
    )


def basis() -> int:
    found = Basis.objects.filter(title__contains="老年人权益保障法").first() or Basis.objects.first()
    assert found is not None
    return found.pk


def asked(**more: Any) -> dict[str, Any]:
    """The values of a good application."""
    return {
        "title": "高龄津贴资格年审",
        "content": "每季度核对享受高龄津贴的老人是否健在、是否仍在本区居住",
        "category": "民政服务",
        "things": ["form", "meeting"],
        "times": 4,
        "per": "year",
        "since": TODAY + timedelta(days=60),
        "until": TODAY + timedelta(days=60 + 730),
        "hours": Decimal(6),
        "powers": "查询高龄津贴发放系统",
        "bases": [basis()],
        "money": Decimal("600.00"),
        "money_per": "quarter",
        "pay_within": 30,
        "responsible": "郭晓峰",
        "phone": "010-69100000",
        "areas": [STREET],
        **more,
    }


@pytest.fixture
def draft(cast: Cast) -> Application:
    return actions.save_draft(acting_user=cast.applicant, unit=cast.department, **asked())


def handed_in(cast: Cast, **more: Any) -> Application:
    made = actions.save_draft(acting_user=cast.applicant, unit=cast.department, **asked(**more))
    return actions.submit(acting_user=cast.applicant, application=made)


def consulted(cast: Cast, **more: Any) -> Application:
    made = actions.consult(acting_user=cast.decider, application=handed_in(cast, **more))
    if made.case is not None and made.case.assignments.filter(unit=cast.street).exists():
        actions.give_opinion(
            acting_user=cast.people.officer, application=made, unit=cast.street, stance="agree"
        )
    return made


def admitted(cast: Cast, *, starts_in: int = 0, **more: Any) -> Application:
    """An item in force from today on (or in some days), without the working days ahead."""
    begins = TODAY + timedelta(days=starts_in)
    values = {"since": begins, "until": begins + timedelta(days=400), **more}
    made = consulted(cast, **values)
    # Streets that have said nothing until the limit are not waited for.
    Application.objects.filter(pk=made.pk).update(consult_until=timezone.now() - timedelta(seconds=1))
    return actions.decide(acting_user=cast.decider, application=made, outcome="admitted")


def as_file(data: bytes, name: str = "表.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, io.BytesIO(data).read())

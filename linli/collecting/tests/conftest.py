"""A community with people, a department with a warrant for forms, a head who signs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from linli.access.models import Post, Unit, User
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, DISTRICT, Characters, characters
from linli.access.units import named_unit, own_unit
from linli.audit.recording import SYSTEM
from linli.collecting import actions
from linli.collecting.models import FormPart, FormTask
from linli.flow.actions import make_warrant
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Per, Thing
from linli.jobs import actions as jobs
from linli.ledgers.tests.sheets import as_bytes, plain
from linli.ledgers.tests.street import Street, build

ON = date(2026, 11, 1)
HEADINGS = ["序号", "姓名", "身份证号", "文化程度", "联系电话", "助餐需求", "备注"]


def elderly(*more: str) -> bytes:
    """A roster of the elderly with one column that the base does not hold, and further ones."""
    return as_bytes(plain([*HEADINGS[:-1], *more, "备注"], "60周岁以上老年人花名册"))


@dataclass
class Cast:
    """The characters, the head of the community, and another department."""

    people: Characters
    head: User
    water: User
    department: Unit
    street: Street


def user_of(username: str, name: str, role: str, region: str, unit: Unit | None) -> User:
    user = User.objects.create(username=username, name=name, password="!")
    Post.objects.create(user=user, role=role, region_code=region, unit=unit, valid_from=date(2020, 1, 1))
    return user


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast(db: None) -> Cast:
    street = build()
    people = characters()
    water = named_unit(DISTRICT, "延庆区水务局")
    return Cast(
        people,
        user_of("head", "王主任", Role.COMMUNITY_HEAD, COMMUNITY, own_unit(COMMUNITY)),
        user_of("shuiwu", "孟水清", Role.DEPARTMENT_OFFICER, DISTRICT, water),
        Unit.objects.get(name="延庆区民政局"),
        street,
    )


def a_warrant(issuer: Unit, **more: Any) -> Warrant:
    today = timezone.localdate()
    terms: dict[str, Any] = {
        "region_code": DISTRICT,
        "title": "老年人信息核对",
        "issuer": issuer,
        "things": [Thing.FORM],
        "since": today - timedelta(days=10),
        "until": today + timedelta(days=300),
        "times": 4,
        "per": Per.YEAR,
    }
    return make_warrant(acting_user=SYSTEM, **(terms | more))


@pytest.fixture
def warrant(cast: Cast) -> Warrant:
    return a_warrant(cast.department)


Issue = Callable[..., FormTask]


@pytest.fixture
def issue(cast: Cast, warrant: Warrant) -> Issue:
    """Draft and issue a form."""

    def make(
        data: bytes | None = None, *, user: User | None = None, under: Warrant | None = None, **more: Any
    ) -> FormTask:
        who = user or cast.people.department
        task = actions.draft(
            acting_user=who, warrant=under or warrant, name="老年人.xlsx", data=data or elderly()
        )
        values: dict[str, Any] = {
            "communities": [COMMUNITY],
            "purpose": "发放助餐补贴",
            "on": ON,
            "working_days": 3,
        }
        return actions.issue(acting_user=who, task=task, **(values | more))

    return make


def filled(cast: Cast, task: FormTask) -> FormPart:
    """The community's copy, received and filled."""
    part = task.parts.get(region_code=COMMUNITY)
    jobs.perform_inline(actions.receive(acting_user=cast.people.worker, part=part))
    return FormPart.objects.select_related("task__unit").get(pk=part.pk)


def signed(cast: Cast, task: FormTask) -> FormPart:
    """The community's copy, filled, submitted with its blanks, and signed."""
    part = filled(cast, task)
    actions.submit(acting_user=cast.people.worker, part=part, note="助餐需求还在问")
    actions.sign(acting_user=cast.head, part=part)
    return FormPart.objects.select_related("task__unit").get(pk=part.pk)

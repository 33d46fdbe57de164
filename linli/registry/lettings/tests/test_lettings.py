"""Lettings and hazards: what is recorded, what is refused, what forms read of them, who may see numbers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.models import Disclosure
from linli.audit.recording import RuleError
from linli.facts import plan
from linli.kernel.scope import Scope
from linli.notices.models import Notice
from linli.registry.lettings import actions, jobs
from linli.registry.lettings.models import Hazard, Letting
from linli.registry.people.tests.street import make_homes, register
from linli.registry.places import actions as places
from linli.registry.places import chart, occupancy
from linli.registry.places.actions import Part
from linli.registry.places.models import Home

pytestmark = pytest.mark.django_db
SINCE = date(2024, 3, 1)


@pytest.fixture
def who() -> Characters:
    return characters()


@pytest.fixture
def home(who: Characters) -> Home:
    return make_homes(COMMUNITY, 2)[0]


def _let(who: Characters, home: Home, **more) -> Letting:
    values = {
        "since": SINCE,
        "landlord_name": "葛房东",
        "landlord_phone": "139 0000 0009",
        "tenant_name": "马租客",
        "rent": Decimal("2300"),
        "agreed_until": date(2025, 3, 1),
        "use": "02",
        **more,
    }
    return actions.let(acting_user=who.worker, home=home, **values)


def _read(*elements: str, on: date | None = None) -> list:
    wish = plan.Wish("home", [Scope.of(COMMUNITY)], on or timezone.localdate(), elements)
    return next(values for _pk, values in plan.rows(wish))


def test_a_letting_makes_the_home_let_and_forms_read_it(who: Characters, home: Home) -> None:
    letting = _let(who, home)
    home.refresh_from_db()
    assert home.tenure == "let"
    assert (letting.landlord_phone, letting.region_code) == ("13900000009", COMMUNITY)
    assert _read("rent", "let_from", "let_until", "letting_use", "tenant_name") == [
        Decimal("2300.00"),
        SINCE,
        date(2025, 3, 1),
        "02",
        "马租客",
    ]
    assert _read("rent", on=date(2024, 2, 28)) == [None]
    with connection.cursor() as cursor:
        cursor.execute("SELECT landlord_phone FROM lettings_letting")
        assert b"13900000009" not in bytes(cursor.fetchone()[0])


def test_rooms_are_let_to_several_and_rents_add_up(who: Characters, home: Home) -> None:
    first = _let(who, home, rooms=1, rent=Decimal(900))
    _let(who, home, rooms=1, rent=Decimal(850), tenant_name="牛租客")
    assert _read("rent", "rooms_let", "tenant_name") == [Decimal("1750.00"), 2, "马租客、牛租客"]
    actions.end_letting(acting_user=who.worker, letting=first, on=date(2025, 1, 1), reason="搬走")
    home.refresh_from_db()
    assert home.tenure == "let"
    second = Letting.objects.get(period__endswith__isnull=True)
    actions.end_letting(acting_user=who.worker, letting=second, on=date(2025, 1, 1))
    home.refresh_from_db()
    assert home.tenure == "unknown"
    with pytest.raises(RuleError, match="已于"):
        actions.end_letting(acting_user=who.worker, letting=second, on=date(2025, 2, 1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"landlord_name": ""}, "landlord_name"),
        ({"since": date(2999, 1, 1)}, "since"),
        ({"agreed_until": SINCE}, "agreed_until"),
        ({"rent": Decimal(-1)}, "rent"),
        ({"rooms": 0}, "rooms"),
        ({"landlord_phone": "139100"}, "landlord_phone"),
        ({"landlord_id": 10**9}, "landlord"),
        ({"use": "77"}, "use"),
    ],
)
def test_what_cannot_be_is_said(who: Characters, home: Home, changes: dict, field: str) -> None:
    with pytest.raises(RuleError) as refused:
        _let(who, home, **changes)
    assert refused.value.field == field
    home.refresh_from_db()
    assert (Letting.objects.count(), home.tenure) == (0, "unknown")


def test_landlord_and_tenant_may_be_residents(who: Characters, home: Home) -> None:
    owner = register(who.worker, home, "王建国", serial=4)
    letting = _let(who, home, landlord_id=owner.pk, landlord_name="", landlord_phone="")
    assert letting.landlord_name == "王建国"


def test_hazards_are_found_and_fixed(who: Characters, home: Home) -> None:
    today = timezone.localdate()
    _let(who, home, checked_on=today)
    assert _read("hazard", "hazard_level") == ["00", "安全"]
    hazard = actions.report_hazard(
        acting_user=who.worker,
        home=home,
        kind="01",
        severity="severe",
        description="私拉电线",
        found_on=today - timedelta(days=3),
    )
    assert _read("hazard", "hazard_level", "hazard_told") == ["01", "严重", "私拉电线"]
    assert plan.total(plan.Wish("home", [Scope.of(COMMUNITY)], today), "homes_hazardous") == 1
    with pytest.raises(RuleError) as refused:
        actions.update_hazard(acting_user=who.worker, hazard=hazard, fixed_on=today - timedelta(days=9))
    assert refused.value.field == "fixed_on"
    actions.update_hazard(acting_user=who.worker, hazard=hazard, fixed_on=today, measure="已拆除")
    assert _read("hazard_level", on=today) == ["安全"]
    assert _read("hazard_level", on=today - timedelta(days=1)) == ["严重"]


def test_a_split_takes_the_letting_where_it_is_said(who: Characters, home: Home) -> None:
    letting = _let(who, home)
    (key,) = [one.key for one in occupancy.occupants([home.pk], who.worker)]
    _kept, made = places.split_home(
        acting_user=who.worker,
        home=home,
        parts=[Part("101A"), Part("101B")],
        on=timezone.localdate(),
        goes={key: 1},
    )
    letting.refresh_from_db()
    assert letting.home == made


def test_only_who_may_edit_places_there_and_looks_are_recorded(who: Characters, home: Home) -> None:
    letting = _let(who, home)
    for user in (who.neighbour, who.department, who.stranger):
        with pytest.raises(NotPermitted):
            actions.let(acting_user=user, home=home, since=SINCE, landlord_name="甲")
        with pytest.raises(NotPermitted):
            actions.reveal(acting_user=user, letting=letting, purpose="核实")
        with pytest.raises(NotPermitted):
            actions.report_hazard(acting_user=user, home=home, kind="01", found_on=SINCE)
    actions.reveal(acting_user=who.worker, letting=letting, purpose="电话核实出租情况")
    assert Disclosure.objects.get().purpose == "电话核实出租情况"


def test_from_the_home_to_the_letting_by_the_pages(who: Characters, home: Home) -> None:
    client = Client()
    client.force_login(who.worker)
    add = reverse("lettings:add", args=[home.pk])
    assert f'href="{add}"' in client.get(home.get_absolute_url()).content.decode()
    data = {
        "landlord_kind": "owner",
        "landlord_name": "葛房东",
        "landlord_phone": "13900000009",
        "rent": "2300",
    }
    assert client.post(add, {**data, "landlord_name": ""}).status_code == 422
    assert client.post(add, data).status_code == 302
    letting = Letting.objects.get()
    page = client.get(letting.get_absolute_url()).content.decode()
    assert "139****0009" in page
    assert "13900000009" not in page
    edit = reverse("lettings:edit", args=[letting.pk])
    assert "139****0009" in client.get(edit).content.decode()
    assert client.post(edit, {**data, "landlord_phone": "", "rent": "2500"}).status_code == 302
    letting.refresh_from_db()
    assert (letting.rent, letting.landlord_phone) == (Decimal("2500.00"), "13900000009")
    numbers = client.post(reverse("lettings:numbers", args=[letting.pk]), {"purpose": "电话核实"})
    assert "13900000009" in numbers.content.decode()
    listed = client.get(reverse("lettings:list"), {"q": "葛房东"}).content.decode()
    assert home.full_address in listed
    assert "未检查" in listed
    hazard = client.post(
        reverse("lettings:hazard_add", args=[home.pk]),
        {"kind": "01", "severity": "ordinary", "found_on": "2025-01-01", "description": "电动车进楼"},
    )
    assert hazard.status_code == 302
    assert "电动车进楼" in client.get(home.get_absolute_url()).content.decode()
    assert Hazard.objects.count() == 1


def test_a_letting_past_its_end_is_a_to_do_until_it_is_renewed(who: Characters, home: Home) -> None:
    letting = _let(who, home)
    today = timezone.localdate()
    jobs.tell_overdue(today)
    assert Notice.objects.get(user=who.worker).title == "东外社区：1 份租约到期未续，请核实"
    actions.update_letting(acting_user=who.worker, letting=letting, agreed_until=today + timedelta(days=300))
    jobs.tell_overdue(today)
    assert not Notice.objects.filter(done_at=None).exists()


def test_the_list_of_lettings_can_be_asked_for_a_day(who: Characters, home: Home) -> None:
    letting = _let(who, home)
    actions.end_letting(acting_user=who.worker, letting=letting, on=date(2025, 1, 1))
    client = Client()
    client.force_login(who.worker)
    assert home.full_address not in client.get(reverse("lettings:list")).content.decode()
    assert home.full_address in client.get(reverse("lettings:list"), {"on": "2024-12-31"}).content.decode()


def test_the_chart_asks_for_the_letting_and_for_the_hazard(who: Characters, home: Home) -> None:
    today = timezone.localdate()

    def missing() -> tuple[str, ...]:
        made = chart.make(home.building, today, who.worker)
        return next(cell.missing for cell in made.cells if cell.home.pk == home.pk)

    places.update_home(acting_user=who.worker, home=home, tenure="let")
    assert "租约" in missing()
    _let(who, home)
    hazard = actions.report_hazard(acting_user=who.worker, home=home, kind="01", found_on=today)
    assert "租约" not in missing()
    assert "隐患整改" in missing()
    actions.update_hazard(acting_user=who.worker, hazard=hazard, fixed_on=today)
    assert "隐患整改" not in missing()

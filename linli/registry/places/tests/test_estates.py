"""Managements, gates, back streets."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.recording import RuleError
from linli.facts import plan
from linli.facts.dictionary import dictionary
from linli.kernel.scope import Scope
from linli.notices.models import Notice
from linli.registry.places import actions, jobs
from linli.registry.places.models import BackStreet, Estate, EstateManagement
from linli.registry.places.tests.street import make_regions

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def estate(who: Characters) -> Estate:
    return actions.add_estate(acting_user=who.worker, region_code=COMMUNITY, name="新兴小区")


def _count(on: date, measure: str) -> int:
    return plan.total(plan.Wish("estate", [Scope.of(COMMUNITY)], on), measure)


def test_managements_follow_each_other_and_the_past_can_be_asked(who: Characters, estate: Estate) -> None:
    user = who.worker
    actions.set_management(acting_user=user, estate=estate, way="property", company="甲物业", since=None)
    actions.set_management(acting_user=user, estate=estate, way="abandoned", since=date(2022, 5, 1))
    actions.set_management(
        acting_user=user,
        estate=estate,
        way="property",
        company="乙物业",
        since=date(2024, 3, 1),
        contract_until=date(2027, 3, 1),
    )
    spells = list(estate.managements.order_by("period").values_list("way", "period"))
    assert [(way, p.lower, p.upper) for way, p in spells] == [
        ("property", None, date(2022, 5, 1)),
        ("abandoned", date(2022, 5, 1), date(2024, 3, 1)),
        ("property", date(2024, 3, 1), None),
    ]
    assert _count(date(2023, 1, 1), "estates_abandoned") == 1
    assert _count(date(2025, 1, 1), "estates_abandoned") == 0
    wish = plan.Wish(
        "estate",
        [Scope.of(COMMUNITY)],
        date(2021, 1, 1),
        ["management", "property_company", "contract_until"],
    )
    assert [values for _pk, values in plan.rows(wish)] == [["物业管理", "甲物业", None]]


@pytest.mark.parametrize("since", [None, date(2020, 1, 1), date(2019, 1, 1)])
def test_a_change_comes_after_what_it_ends(who: Characters, estate: Estate, since: date | None) -> None:
    actions.set_management(acting_user=who.worker, estate=estate, way="self", since=date(2020, 1, 1))
    with pytest.raises(RuleError) as refused:
        actions.set_management(acting_user=who.worker, estate=estate, way="abandoned", since=since)
    assert refused.value.field == "since"
    assert EstateManagement.objects.count() == 1


def test_tomorrow_and_wrong_words_are_refused(who: Characters, estate: Estate) -> None:
    with pytest.raises(RuleError, match="还没有到"):
        actions.set_management(
            acting_user=who.worker,
            estate=estate,
            way="self",
            since=timezone.localdate() + timedelta(days=1),
        )
    with pytest.raises(RuleError, match="物业公司"):
        actions.set_management(acting_user=who.worker, estate=estate, way="property", since=None)
    with pytest.raises(NotPermitted):
        actions.set_management(acting_user=who.neighbour, estate=estate, way="self", since=None)


def test_the_database_refuses_two_managements_at_once(who: Characters, estate: Estate) -> None:
    actions.set_management(acting_user=who.worker, estate=estate, way="self", since=date(2020, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        EstateManagement.objects.create(
            estate=estate, region_code=COMMUNITY, way="unit", period=(date(2018, 1, 1), date(2021, 1, 1))
        )


def test_a_correction_keeps_the_dates(who: Characters, estate: Estate) -> None:
    spell = actions.set_management(
        acting_user=who.worker, estate=estate, way="property", company="甲", since=date(2020, 1, 1)
    )
    actions.correct_management(acting_user=who.worker, management=spell, company="甲物业有限公司")
    spell.refresh_from_db()
    assert (spell.company, spell.period.lower) == ("甲物业有限公司", date(2020, 1, 1))


def test_gates_are_named_once(who: Characters, estate: Estate) -> None:
    gate = actions.add_entrance(acting_user=who.worker, estate=estate, name="东门", for_fire=True)
    with pytest.raises(RuleError, match="已有"):
        actions.add_entrance(acting_user=who.worker, estate=estate, name="东门")
    actions.update_entrance(acting_user=who.worker, entrance=gate, guarded=True)
    actions.remove_entrance(acting_user=who.worker, entrance=gate, reason="封闭")
    assert not estate.entrances.exists()


def test_a_back_street_knows_its_buildings(who: Characters, estate: Estate) -> None:
    building = actions.add_building(acting_user=who.worker, estate=estate, name="1号楼")
    street = actions.add_back_street(
        acting_user=who.worker,
        region_code=COMMUNITY,
        name="东外胡同",
        length=320,
        building_ids=[building.pk],
    )
    assert list(building.back_streets.all()) == [street]
    with pytest.raises(RuleError) as refused:
        actions.update_back_street(acting_user=who.worker, street=street, renewed_on=date(2024, 1, 1))
    assert refused.value.field == "renewal"
    actions.update_back_street(
        acting_user=who.worker, street=street, renewal="done", renewed_on=date(2024, 1, 1), building_ids=[]
    )
    assert not street.buildings.exists()
    wish = plan.Wish("back_street", [Scope.of(COMMUNITY)], timezone.localdate())
    assert plan.total(wish, "back_street_metres") == 320
    assert plan.total(wish, "back_streets_renewed") == 1
    actions.remove_back_street(acting_user=who.worker, street=street)
    assert not BackStreet.objects.exists()


def test_an_estate_goes_with_its_managements_and_gates_but_not_with_buildings(
    who: Characters, estate: Estate
) -> None:
    actions.set_management(acting_user=who.worker, estate=estate, way="self", since=None)
    actions.add_entrance(acting_user=who.worker, estate=estate, name="东门")
    actions.remove_estate(acting_user=who.worker, estate=estate, reason="重复")
    assert not Estate.objects.exists()
    assert dictionary.subject("estate").measures["estates_managed"].where == ("property",)


def test_what_runs_out_is_told_once_and_closed_when_it_is_renewed(who: Characters, estate: Estate) -> None:
    today = timezone.localdate()
    spell = actions.set_management(
        acting_user=who.worker,
        estate=estate,
        way="property",
        company="甲物业",
        since=date(2020, 1, 1),
        contract_until=today + timedelta(days=20),
    )
    building = actions.add_building(
        acting_user=who.worker,
        estate=estate,
        name="1号楼",
        lifts=2,
        lifts_checked_until=today - timedelta(days=1),
    )
    for _ in range(2):
        jobs.tell_what_runs_out(today)
    told = Notice.objects.filter(user=who.worker, done_at=None)
    assert sorted(told.values_list("title", flat=True)) == [
        "东外社区：1 个小区的物业合同到期或快到期",
        "东外社区：1 栋楼的电梯检验到期或快到期",
    ]
    assert not Notice.objects.filter(user=who.neighbour).exists()
    actions.correct_management(
        acting_user=who.worker, management=spell, contract_until=today + timedelta(days=400)
    )
    actions.update_building(
        acting_user=who.worker, building=building, lifts_checked_until=today + timedelta(days=300)
    )
    jobs.tell_what_runs_out(today)
    assert not Notice.objects.filter(done_at=None).exists()


def test_the_list_of_estates_can_be_asked_for_a_day(who: Characters, estate: Estate) -> None:
    actions.set_management(
        acting_user=who.worker, estate=estate, way="property", company="甲物业", since=date(2020, 1, 1)
    )
    actions.set_management(acting_user=who.worker, estate=estate, way="abandoned", since=date(2023, 1, 1))
    client = Client()
    client.force_login(who.worker)
    url = reverse("places:estates")
    assert "甲物业" not in client.get(url).content.decode()
    then = client.get(url, {"on": "2022-06-30"}).content.decode()
    assert "甲物业" in then
    assert estate.name in client.get(url, {"on": "2022-06-30", "management": "property"}).content.decode()
    assert estate.name not in client.get(url, {"management": "property"}).content.decode()
    book = client.get(reverse("places:estates_export"), {"on": "2022-06-30"})
    (sheet,) = load_workbook(BytesIO(b"".join(book.streaming_content))).worksheets
    heads, row = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert row[heads.index("物业公司")] == "甲物业"
    assert row[heads.index("管理方式")] == "物业管理"

"""The working calendar as administrators settle it, and grids."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.recording import SYSTEM, RuleError
from linli.office import actions, calendar
from linli.office.models import SettledDay
from linli.regions import loading, names
from linli.regions.models import Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Characters:
    return characters()


def test_a_settled_day_wins_and_can_be_taken_back(people: Characters) -> None:
    day = date(2026, 11, 23)
    assert calendar.current().is_working_day(day)
    settled = actions.settle_day(acting_user=people.administrator, day=day, is_worked=False, note="测试")
    assert not calendar.current().is_working_day(day)
    actions.unsettle_day(acting_user=people.administrator, settled=settled)
    assert calendar.current().is_working_day(day)


def test_a_year_not_published_is_provisional_until_entered(people: Characters) -> None:
    day = date(2027, 10, 1)
    assert calendar.current().is_provisional(day)
    actions.settle_year(acting_user=people.administrator, year=2027, complete=True)
    assert not calendar.current().is_provisional(day)


def test_only_administrators_settle(people: Characters) -> None:
    with pytest.raises(NotPermitted):
        actions.settle_day(acting_user=people.officer, day=date(2026, 1, 1), is_worked=True)


def test_the_page_shows_and_settles(people: Characters) -> None:
    client = Client()
    client.force_login(people.administrator)
    assert "还没有录入" in client.get("/calendar", {"year": "2027"}).content.decode()
    assert "个工作日" in client.get("/calendar", {"year": "不是年份"}).content.decode()
    answer = client.post("/calendar/days/new", {"day": "2027-10-01", "is_worked": "0", "note": "国庆"})
    assert answer.status_code == 302
    assert SettledDay.objects.get().day == date(2027, 10, 1)
    assert client.post("/calendar/days/new", {"day": "1899-01-01", "is_worked": "0"}).status_code == 422


def test_grids_get_keys_in_their_community(people: Characters) -> None:
    loading.load_carried(SYSTEM)
    community = Region.objects.get(region_code=COMMUNITY)
    first = actions.add_grid(acting_user=people.administrator, community=community, name="东外第一网格")
    second = actions.add_grid(acting_user=people.administrator, community=community, name="东外第二网格")
    assert (first.region_code, second.region_code) == (COMMUNITY + "001", COMMUNITY + "002")
    with pytest.raises(RuleError):
        actions.add_grid(acting_user=people.administrator, community=community, name="东外第一网格")
    with pytest.raises(NotPermitted):
        actions.add_grid(acting_user=people.worker, community=community, name="东外第三网格")
    with pytest.raises(RuleError):
        actions.add_grid(acting_user=people.administrator, community=first, name="网格之下")
    assert names.title(second.region_code) == "东外第二网格"


def test_official_names_are_not_changed_by_hand(people: Characters) -> None:
    loading.load_carried(SYSTEM)
    client = Client()
    client.force_login(people.administrator)
    answer = client.post(
        f"/regions/{COMMUNITY}/edit", {"name": "改名", "address": "东外大街1号", "postcode": "102100"}
    )
    assert answer.status_code == 302
    region = Region.objects.get(region_code=COMMUNITY)
    assert (region.name, region.address) == ("东外社区居委会", "东外大街1号")

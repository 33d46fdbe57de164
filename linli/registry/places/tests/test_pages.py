"""The pages of places as each character sees them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linli.access.models import User
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.audit.models import Event
from linli.pages import search
from linli.registry.places import actions, filters, pages, sheets, shell
from linli.registry.places.models import Building, Estate, Home
from linli.registry.places.rules import Layout
from linli.registry.places.tests.street import GRID, make_regions

pytestmark = pytest.mark.django_db
DRAWER = {"HX-Request": "true", "HX-Target": "div#drawer-body"}


@pytest.fixture
def who() -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def building(who: Characters) -> Building:
    estate = actions.add_estate(acting_user=who.worker, region_code=COMMUNITY, name="新兴小区")
    made = actions.add_building(
        acting_user=who.worker, estate=estate, name="12号楼", lifts=0, built_year=1998
    )
    actions.lay_out_building(acting_user=who.worker, building=made, layout=Layout(3, 6, 2))
    return made


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _addresses(building: Building) -> dict[str, tuple[str, bool]]:
    """Every address about that building: and whether it only looks."""
    home, unit = building.homes.all()[0], building.units.all()[0]
    pages = {
        "estate": (building.estate_id, True),
        "estate_edit": (building.estate_id, False),
        "estate_remove": (building.estate_id, False),
        "building_add": (building.estate_id, False),
        "building": (building.pk, True),
        "building_facts": (building.pk, True),
        "building_edit": (building.pk, False),
        "building_layout": (building.pk, False),
        "building_remove": (building.pk, False),
        "homes_add": (building.pk, False),
        "unit_edit": (unit.pk, False),
        "unit_remove": (unit.pk, False),
        "home": (home.pk, True),
        "home_edit": (home.pk, False),
        "home_owner": (home.pk, False),
        "home_remove": (home.pk, False),
    }
    return {name: (reverse(f"places:{name}", args=[pk]), looks) for name, (pk, looks) in pages.items()}


def test_every_page_for_every_character(who: Characters, building: Building) -> None:
    expected = {
        "worker": (200, 200),
        "officer": (200, 200),
        "department": (200, 403),
        "neighbour": (404, 404),
    }
    for name, user in who.all().items():
        client = _client(user)
        looking, editing = expected.get(name, (403, 403))
        for page, (url, looks) in _addresses(building).items():
            assert client.get(url).status_code == (looking if looks else editing), (name, page)
            if looks:
                assert client.get(url, headers=DRAWER).status_code == looking, (name, page)
    assert Client().get(reverse("places:building", args=[building.pk])).status_code == 302


def test_lists_show_ones_own_area_only(who: Characters, building: Building) -> None:
    home = building.homes.order_by("floor", "position")[0]
    for name, one in (("estates", building.estate), ("buildings", building), ("homes", home)):
        url, link = reverse(f"places:{name}"), f'href="{one.get_absolute_url()}"'
        assert link in _client(who.worker).get(url).content.decode()
        assert link not in _client(who.neighbour).get(url).content.decode()
        assert _client(who.stranger).get(url).status_code == 403


def test_a_list_costs_the_same_for_one_row_and_for_many(
    who: Characters, building: Building, settings: Any, django_assert_max_num_queries: object
) -> None:
    settings.LINLI_BADGE_SECONDS = 600  # the sidebar's own questions aside
    for number in range(20):
        actions.add_building(acting_user=who.worker, estate=building.estate, name=f"{100 + number}号楼")
    client = _client(who.worker)
    client.get(reverse("places:buildings"))
    with django_assert_max_num_queries(11):  # type: ignore[operator]
        client.get(reverse("places:buildings"))


def test_the_filters_of_buildings(who: Characters, building: Building) -> None:
    client = _client(who.worker)

    def shown(query: str) -> bool:
        answer = client.get(f"{reverse('places:buildings')}?{query}")
        assert answer.status_code == 200
        return f'href="{building.get_absolute_url()}"' in answer.content.decode()

    for query in (
        "q=新兴",
        "q=xxxq12",
        "q=12",
        "kind=residential",
        "lifts=no",
        "built_from=1990&built_to=2000",
        f"region={COMMUNITY}",
    ):
        assert shown(query), query
    for query in (
        "q=川北",
        "q=13",
        "kind=office",
        "lifts=yes",
        "lifts=unknown",
        "built_from=2001",
        f"region={GRID}",
        "built_from=99999999999999999999",
    ):
        assert not shown(query), query
    assert shown("kind=nonsense&built_from=abc&region=99&sort=-nothing&page=-5")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("新兴小区12号楼3单元501室", 1),
        ("新兴小区12号楼", 36),
        ("xxxq12-3-501", 1),
        ("12-3-501", 1),
        ("12-501", 3),
        ("501", 3),
        ("xxxq", 36),
        ("13-501", 0),
        ("川北", 0),
        ("  ", 36),
    ],
)
def test_homes_are_found_as_people_write_addresses(building: Building, typed: str, number: int) -> None:
    assert filters.find_homes(Home.objects.all(), typed).count() == number


def test_options_for_a_combobox(who: Characters, building: Building) -> None:
    url = reverse("places:home_options")
    found = _client(who.worker).get(url, {"q": "12-3-501"}).json()["results"]
    home = Home.objects.get(full_address="新兴小区12号楼3单元501室")
    assert found == [{"value": str(home.pk), "label": home.full_address, "hint": "东外社区"}]
    assert _client(who.neighbour).get(url, {"q": "12-3-501"}).json() == {"results": []}
    assert _client(who.worker).get(url).json() == {"results": []}
    assert len(_client(who.worker).get(url, {"q": "新兴小区"}).json()["results"]) == 20
    assert _client(who.stranger).get(url, {"q": "新兴"}).status_code == 403


def test_the_global_search_knows_buildings_and_homes(who: Characters, building: Building) -> None:
    groups = {group.key: group.hits for group in search.find(who.worker, "新兴小区12号楼1单元101", 5)}
    assert [hit.title for hit in groups["homes"]] == ["新兴小区12号楼1单元101室"]
    assert [hit.title for hit in shell.find_buildings(who.worker, "新兴", 5)] == [
        "新兴小区",
        "新兴小区12号楼",
    ]
    assert shell.find_buildings(who.neighbour, "新兴", 5) == []
    assert shell.find_homes(who.neighbour, "12-501", 5) == []


def test_from_nothing_to_a_laid_out_building(who: Characters) -> None:
    client = _client(who.worker)
    answer = client.post(
        reverse("places:estate_add"),
        {"region_code": COMMUNITY, "name": "川北小区", "management": "property", "built_year": "1995"},
    )
    estate = Estate.objects.get()
    assert answer["Location"] == estate.get_absolute_url()
    answer = client.post(
        reverse("places:building_add", args=[estate.pk]),
        {"region_code": GRID, "name": "3号楼", "kind": "residential", "floors": "6", "has_gas": "true"},
    )
    building = Building.objects.get()
    assert (building.region_code, building.number, building.has_gas) == (GRID, "3", True)
    assert answer["Location"] == reverse("places:building_layout", args=[building.pk])
    layout = {"units": "2", "floors": "6", "homes_per_floor": "2", "pattern": "through", "first_floor": "1"}
    answer = client.post(answer["Location"], layout)
    assert answer["Location"] == building.get_absolute_url()
    assert Home.objects.filter(full_address="川北小区3号楼2单元604室", region_code=GRID).exists()
    answer = client.post(reverse("places:building_layout", args=[building.pk]), layout)
    assert answer.status_code == 422
    assert "没有新增" in answer.content.decode()


def test_a_form_with_errors_keeps_what_was_typed(who: Characters, building: Building) -> None:
    home = building.homes.all()[0]
    answer = _client(who.worker).post(
        reverse("places:home_edit", args=[home.pk]),
        {"tenure": "let", "use": "living", "door": "101", "area": "-5", "owner_name": "何磊", "floor": "1"},
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "建筑面积应大于 0" in text
    assert 'value="何磊"' in text


def test_sealed_numbers_stay_masked_until_asked_for(who: Characters, building: Building) -> None:
    home = building.homes.filter(unit__name="1单元", door="101").get()
    actions.update_home(acting_user=who.worker, home=home, tenure="let", owner_phone="13910018017")
    client = _client(who.worker)
    for url in (home.get_absolute_url(), reverse("places:home_edit", args=[home.pk])):
        text = client.get(url).content.decode()
        assert "139****8017" in text
        assert "13910018017" not in text
    kept = {"tenure": "let", "use": "living", "door": "101", "floor": "1", "unit": str(home.unit_id)}
    client.post(reverse("places:home_edit", args=[home.pk]), {**kept, "owner_name": "何磊"})
    home.refresh_from_db()
    assert (home.owner_name, home.owner_phone) == ("何磊", "13910018017")
    url = reverse("places:home_owner", args=[home.pk])
    assert client.post(url, {"purpose": ""}).status_code == 422
    assert "13910018017" in client.post(url, {"purpose": "电话核实"}).content.decode()
    assert Event.objects.filter(verb="places.reveal_owner", user_id=who.worker.pk).count() == 1
    client.post(reverse("places:home_edit", args=[home.pk]), {**kept, "owner_phone": "无"})
    home.refresh_from_db()
    assert home.owner_phone == ""


def test_setting_the_tenure_of_picked_homes(who: Characters, building: Building) -> None:
    picked = [str(pk) for pk in building.homes.values_list("pk", flat=True)[:3]]
    answer = _client(who.worker).post(reverse("places:homes"), {"action": "let", "pk": picked})
    assert answer.status_code == 302
    assert Home.objects.filter(tenure="let").count() == 3
    assert (
        _client(who.department).post(reverse("places:homes"), {"action": "let", "pk": picked}).status_code
        == 404
    )


@pytest.mark.parametrize(
    "query", ["on=1899-01-01", "on=2999-01-01", "on=abc", "show=nothing", "on=2020-02-30"]
)
def test_odd_addresses_show_the_chart_of_today(who: Characters, building: Building, query: str) -> None:
    answer = _client(who.worker).get(f"{building.get_absolute_url()}?{query}")
    assert answer.status_code == 200
    assert "回到今天" not in answer.content.decode()


def test_an_empty_building_says_what_to_do(who: Characters, building: Building) -> None:
    empty = actions.add_building(acting_user=who.worker, estate=building.estate, name="14号楼")
    assert "排出楼盘表" in _client(who.worker).get(empty.get_absolute_url()).content.decode()


def test_regions_offered_are_ones_own(who: Characters) -> None:
    text = _client(who.worker).get(reverse("places:estate_add")).content.decode()
    assert COMMUNITY in text
    assert NEIGHBOUR not in text


def test_the_owner_is_shown_only_to_those_who_may_see_people(who: Characters, building: Building) -> None:
    home = building.homes.get(unit__name="1单元", door="101")
    actions.update_home(acting_user=who.worker, home=home, owner_name="何磊磊", owner_phone="13910018017")
    for user, sees in ((who.worker, True), (who.department, False)):
        client = _client(user)
        for url in (
            home.get_absolute_url(),
            f"{home.get_absolute_url()}?tab=history",
            reverse("places:homes"),
        ):
            assert ("何磊磊" in client.get(f"{url}").content.decode()) is sees, (user, url)
    assert "8017" not in _client(who.department).get(home.get_absolute_url()).content.decode()


def test_lists_too_long_for_one_deed_or_one_workbook_say_so(
    who: Characters, building: Building, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _client(who.worker)
    url = reverse("places:homes")
    monkeypatch.setattr(pages, "MOST_AT_ONCE", 1)
    said = client.post(url, {"action": "let", "all": "1"}, follow=True).content.decode()
    assert "一次最多改 1 套" in said
    assert not building.homes.filter(tenure="let").exists()
    monkeypatch.setattr(sheets, "MOST", 1)
    answer = client.get(f"{url}export/", {"q": "1"}, follow=True)
    assert answer.request["PATH_INFO"] == url
    assert "一次最多导出 1 行" in answer.content.decode()


def test_the_chart_in_edit_keeps_what_was_ticked(who: Characters, building: Building) -> None:
    client = _client(who.worker)
    url = reverse("places:chart_edit", args=[building.pk])
    picked = sorted(building.homes.order_by("pk").values_list("pk", flat=True)[:2])

    def ticked(page: str) -> list[int]:
        return sorted(int(pk) for pk in re.findall(r'name="pk" value="(\d+)" checked', page))

    refused = client.post(url, {"pk": picked, "do": "split"}, follow=True).content.decode()
    assert "一次只能拆分一套房屋" in refused
    assert ticked(refused) == picked
    asked = client.post(url, {"pk": picked, "do": "merge"}, follow=True).content.decode()
    back = f"{url}?homes={','.join(map(str, picked))}"
    assert back in asked
    assert ticked(client.get(back).content.decode()) == picked
    assert ticked(client.get(f"{url}?homes=x,99999999999999999999999").content.decode()) == []


def test_a_printed_chart_says_of_which_day_it_is(who: Characters, building: Building) -> None:
    page = _client(who.worker).get(building.get_absolute_url(), {"on": "2026-01-02"}).content.decode()
    assert '<p class="on-paper">截至 2026-01-02 的情况</p>' in page


def test_forms_begin_with_what_is_likely(who: Characters, building: Building) -> None:
    client = _client(who.worker)
    page = client.get(reverse("places:estate_add")).content.decode()
    assert re.search(f'<option value="{COMMUNITY}" selected', page)
    home = building.homes.order_by("pk")[0]
    page = client.get(reverse("places:home_split", args=[home.pk])).content.decode()
    assert f'value="{home.door}A、{home.door}B"' in page

"""The overview map, drawing grids, where buildings stand, the content policy with a tile server."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.models import Post, User
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET, Characters, characters
from linli.audit.recording import RuleError
from linli.pages.middleware import POLICY, policy
from linli.regions.models import Region
from linli.registry.places import actions, mapping
from linli.registry.places.models import Building, Estate
from linli.registry.places.rules import Layout
from linli.registry.places.tests.street import GRID, make_regions

pytestmark = pytest.mark.django_db
WEST = [[115.970, 40.460], [115.975, 40.460], [115.975, 40.465], [115.970, 40.465]]


@pytest.fixture
def who() -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def estate(who: Characters) -> Estate:
    """Three buildings: one in the west with an outline, one in the east with a point, one that nobody knows of."""
    estate = actions.add_estate(acting_user=who.worker, region_code=COMMUNITY, name="新兴小区")
    places = (
        {"outline": [[115.971, 40.461], [115.972, 40.461], [115.972, 40.4612], [115.971, 40.4612]]},
        {"longitude": Decimal("115.978"), "latitude": Decimal("40.462")},
        {},
    )
    for number, place in enumerate(places, 1):
        building = actions.add_building(acting_user=who.worker, estate=estate, name=f"{number}号楼", **place)
        actions.lay_out_building(acting_user=who.worker, building=building, layout=Layout(1, 2, 2))
    return estate


def _client(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_map_links_every_building_and_names_those_without_a_place(
    who: Characters, estate: Estate
) -> None:
    page = _client(who.worker).get(reverse("places:map"), {"by": "missing"}).content.decode()
    first, second, third = estate.buildings.order_by("position")
    svg = page[page.index('<svg class="map"') : page.index("</svg>", page.index('<svg class="map"'))]
    assert svg.count("<a href=") == 2
    assert f'href="{first.get_absolute_url()}" aria-label="新兴小区1号楼：4 套"' in svg
    assert second.get_absolute_url() in svg
    assert third.get_absolute_url() not in svg
    assert "1 栋楼还没有位置" in page
    assert "heat-2" in svg
    assert "style=" not in svg


def test_by_management_and_only_ones_own_area(who: Characters, estate: Estate) -> None:
    actions.set_management(acting_user=who.worker, estate=estate, way="abandoned", since=None)
    page = (
        _client(who.officer)
        .get(reverse("places:map"), {"by": "management", "region": STREET})
        .content.decode()
    )
    assert page.count('class="place way-abandoned"') >= 3
    assert "新兴小区1号楼：弃管" in page
    neighbour = _client(who.neighbour)
    assert neighbour.get(reverse("places:map"), {"region": COMMUNITY}).status_code == 404
    assert "新兴小区" not in neighbour.get(reverse("places:map")).content.decode()


def test_the_plane_keeps_distances() -> None:
    plane = mapping.Plane(WEST, margin=0)
    assert plane.width == pytest.approx(423, abs=2)
    assert plane.height == pytest.approx(556, abs=2)
    assert re.fullmatch(r"M0 [\d.]+L[\d. L]+Z", plane.path(WEST))
    assert [mapping.band_of(value, (0, 3, 8)) for value in (0, 1, 3, 4, 9)] == [0, 1, 1, 2, 3]


def test_a_grid_is_drawn_and_takes_what_was_ticked(who: Characters, estate: Estate) -> None:
    client = _client(who.worker)
    url = reverse("places:grids", args=[COMMUNITY])
    page = client.get(url).content.decode()
    assert page.count('name="buildings"') == 3
    first = estate.buildings.order_by("position")[0]
    assert client.post(url, {"buildings": [first.pk]}).status_code == 422
    assert client.post(url, {"grid": GRID}).status_code == 422
    assert client.post(url, {"grid": GRID, "outline": "[[1,2]]", "buildings": [first.pk]}).status_code == 422
    answer = client.post(url, {"grid": GRID, "outline": json.dumps(WEST), "buildings": [first.pk]})
    assert answer.status_code == 302
    first.refresh_from_db()
    assert first.region_code == GRID
    assert set(first.homes.values_list("region_code", flat=True)) == {GRID}
    assert Region.objects.get(region_code=GRID).outline == WEST
    assert "border" in client.get(reverse("places:map")).content.decode()
    # A grid of another community is not among the choices.
    assert client.post(url, {"grid": NEIGHBOUR, "buildings": [first.pk]}).status_code == 422


def test_a_place_drawn_or_typed(who: Characters, estate: Estate) -> None:
    third: Building = estate.buildings.order_by("position")[2]
    client = _client(who.worker)
    url = reverse("places:building_position", args=[third.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"outline": "nonsense"}).status_code == 422
    drawn = {"outline": json.dumps(WEST), "longitude": "115.9725", "latitude": "40.4625", "datum": "wgs84"}
    assert client.post(url, drawn).status_code == 302
    third.refresh_from_db()
    assert (third.outline, third.longitude) == (WEST, Decimal("115.972500"))
    typed = {"outline": "", "longitude": "115.981234", "latitude": "40.462345", "datum": "gcj02"}
    assert client.post(url, typed).status_code == 302
    third.refresh_from_db()
    assert third.outline is None
    # A road map's position lies some hundred metres off.
    assert 0.004 < Decimal("115.981234") - third.longitude < 0.008
    area = reverse("places:estate_outline", args=[estate.pk])
    assert client.post(area, {"outline": json.dumps(WEST)}).status_code == 302
    estate.refresh_from_db()
    assert estate.outline == WEST
    with pytest.raises(RuleError):
        actions.update_building(acting_user=who.worker, building=third, outline=[[1, 2]])


def test_a_tile_server_may_send_pictures_and_nothing_else() -> None:
    assert policy("") == POLICY
    assert (
        policy("http://10.0.0.5:8080/t/{z}/{x}/{y}.png") == f"{POLICY}; img-src 'self' http://10.0.0.5:8080"
    )
    assert policy("javascript:alert(1)") == POLICY


@pytest.fixture
def head(who: Characters) -> User:
    """The head of the street's office, who may edit its divisions."""
    user = User.objects.create(username="head.of.street", name="周主任")
    Post.objects.create(user=user, role=Role.STREET_HEAD, region_code=STREET, valid_from=date(2020, 1, 1))
    return user


def test_the_border_of_a_community_is_drawn_and_stands_on_the_map(
    who: Characters, estate: Estate, head: User
) -> None:
    client = _client(head)
    page = client.get(reverse("region", args=[COMMUNITY])).content.decode()
    url = reverse("places:community_border", args=[COMMUNITY])
    assert url in page
    assert reverse("places:grids", args=[COMMUNITY]) in page
    data = re.search(r'<script id="map-data"[^>]*>(.*?)</script>', client.get(url).content.decode(), re.S)
    assert data is not None
    assert {one["label"] for one in json.loads(data[1])["buildings"]} == {"新兴小区1号楼", "新兴小区2号楼"}
    assert client.post(url, {"outline": "[[1,2]]"}).status_code == 422
    assert client.post(url, {"outline": json.dumps(WEST)}).status_code == 302
    assert Region.objects.get(region_code=COMMUNITY).outline == WEST
    assert "border" in client.get(reverse("places:map"), {"region": COMMUNITY}).content.decode()
    assert Building.objects.filter(region_code=COMMUNITY).count() == 3  # only drawn: nobody moves
    assert client.post(url, {"outline": ""}).status_code == 302
    assert Region.objects.get(region_code=COMMUNITY).outline is None
    assert _client(who.worker).get(url).status_code == 403


def test_a_grid_is_given_up_when_it_is_empty(who: Characters, estate: Estate, head: User) -> None:
    buildings = [one.pk for one in estate.buildings.all()]
    actions.assign_buildings(acting_user=who.worker, building_ids=buildings, region_code=GRID)
    lane = actions.add_back_street(acting_user=who.worker, region_code=GRID, name="新兴后街")
    client, url = _client(head), reverse("grid_close", args=[GRID])
    assert url in client.get(reverse("region", args=[GRID])).content.decode()
    assert "还有 3 栋楼" in client.post(url, {"reason": "并入"}).content.decode()
    actions.assign_buildings(acting_user=who.worker, building_ids=buildings, region_code=COMMUNITY)
    walker = User.objects.create(username="walker", name="孙志芳")
    post = Post.objects.create(
        user=walker, role=Role.GRID_WORKER, region_code=GRID, valid_from=date(2020, 1, 1)
    )
    assert "孙志芳（网格员）的岗位还在" in client.post(url, {"reason": "并入"}).content.decode()
    post.delete()
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "并入第二网格"}).status_code == 302
    lane.refresh_from_db()
    assert lane.region_code == COMMUNITY
    # It is no choice any more, its page and its community's say that it was.
    assert GRID not in client.get(reverse("places:grids", args=[COMMUNITY])).content.decode()
    listed = client.get(reverse("regions"), {"q": "第一网格"}).content.decode()
    assert reverse("region", args=[GRID]) not in listed
    assert "停用的下级区划" in client.get(reverse("region", args=[COMMUNITY])).content.decode()
    page = client.get(reverse("region", args=[GRID])).content.decode()
    assert f"{timezone.localdate():%Y-%m-%d} 停用" in page
    assert url not in page
    assert client.post(url, {"reason": "再来"}).status_code == 422

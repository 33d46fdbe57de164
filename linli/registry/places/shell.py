"""What places add to the shell: entries of the sidebar and hits of the search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.office import region_lives
from linli.pages import nav, search
from linli.regions.models import Level, Region
from linli.registry.places import areas, filters, occupancy
from linli.registry.places.models import Building, Estate, Home

VIEW = Permission.VIEW_PLACES


def _list(name: str, query: str) -> str:
    return f"{reverse(name)}?{urlencode({'q': query})}"


def find_buildings(user: Any, query: str, limit: int) -> list[search.Hit]:
    """Estates and buildings."""
    hits = [
        search.Hit(one.name, areas.community_of(one.region_code), one.get_absolute_url(), "building-estate")
        for one in filters.find_estates(Estate.objects.permitted(user, VIEW), query)[:limit]
    ]
    rows = filters.find_buildings(Building.objects.permitted(user, VIEW), query).select_related("estate")
    return [
        *hits,
        *(
            search.Hit(
                str(one), areas.community_of(one.region_code), one.get_absolute_url(), "building-community"
            )
            for one in rows[: max(0, limit - len(hits))]
        ),
    ]


def find_homes(user: Any, query: str, limit: int) -> list[search.Hit]:
    """Homes by address; a query without a number asks for no single home."""
    if not any(character.isdigit() for character in query):
        return []
    rows = filters.find_homes(Home.objects.permitted(user, VIEW).filter(ended_on=None), query).only(
        "full_address", "region_code"
    )
    return [
        search.Hit(one.full_address, areas.community_of(one.region_code), one.get_absolute_url(), "door")
        for one in rows[:limit]
    ]


def missing_by_building(building_ids: Sequence[int], on: date, user: Any) -> dict[int, int]:
    """How many homes of each building lack tenure or area."""
    rows = (
        Home.objects.filter(Home.standing(on), building__in=building_ids, use="living")
        .filter(Q(tenure="unknown") | Q(area=None))
        .order_by()
        .values("building")
        .annotate(n=Count("pk"))
    )
    return {row["building"]: row["n"] for row in rows}


def region_links(region: Region, user: Any) -> list[region_lives.Link]:
    """From a division's page to its map, its grids and its border."""
    key = region.region_code
    if region.valid_to is not None or region.level not in (Level.STREET, Level.COMMUNITY):
        return []
    found = []
    if user.can(VIEW, key):
        found.append(region_lives.Link(_("看地图"), f"{reverse('places:map')}?region={key}", "map-2"))
    if region.level == Level.COMMUNITY and user.can(Permission.EDIT_PLACES, key):
        found.append(region_lives.Link(_("划网格"), reverse("places:grids", args=[key]), "vector"))
    if region.level == Level.COMMUNITY and user.can(Permission.EDIT_REGIONS, key) and user.can(VIEW, key):
        found.append(region_lives.Link(_("画边界"), reverse("places:community_border", args=[key]), "vector"))
    return found


def register() -> None:
    """Called once, when the app is ready."""
    region_lives.register_links("places", region_links)
    nav.register(nav.NavItem(nav.PLACES, _("楼盘表"), "places:buildings", "building-community", VIEW, 20))
    nav.register(nav.NavItem(nav.PLACES, _("小区"), "places:estates", "building-estate", VIEW, 21))
    nav.register(nav.NavItem(nav.PLACES, _("房屋"), "places:homes", "door", VIEW, 22))
    nav.register(nav.NavItem(nav.PLACES, _("背街小巷"), "places:back_streets", "road", VIEW, 23))
    nav.register(nav.NavItem(nav.PLACES, _("地图"), "places:map", "map-2", VIEW, 19))
    occupancy.register_map_layer(
        occupancy.MapLayer(
            "missing",
            _("待补的房屋"),
            "套",
            (0, 3, 8, 20),
            missing_by_building,
            order=20,
            note=_("没有登记居住方式或建筑面积的房屋。"),
        )
    )
    search.register(
        "buildings",
        _("小区和楼栋"),
        find_buildings,
        order=20,
        more_url=lambda q: _list("places:buildings", q),
    )
    search.register("homes", _("房屋"), find_homes, order=30, more_url=lambda q: _list("places:homes", q))

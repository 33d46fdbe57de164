"""What the networks add to the shell, to the building chart and to the page of a home."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.facts import kept
from linli.pages import nav
from linli.registry.networks import actions, reading
from linli.registry.networks.models import OF_PLACES, NetworkPost
from linli.registry.people import followers
from linli.registry.places import occupancy
from linli.registry.places.occupancy import UnitNote

VIEW, EDIT = Permission.VIEW_PEOPLE, Permission.EDIT_PEOPLE


def unit_notes(building: Any, on: date, user: Any) -> dict[int | None, list[UnitNote]]:
    """Under each unit's name: its door head and group leader, or that there is none, with the way to appoint one."""
    if not user.can(VIEW, building.region_code):
        return {}
    found = reading.on_chart(building.pk, on)
    may = user.can(EDIT, building.region_code)
    community = building.region_code[:12]
    notes: dict[int | None, list[UnitNote]] = {}
    units: list[int | None] = [*building.unit_ids, None]
    for unit in units:
        head = found.door_heads.get(unit) or found.door_heads.get(None)
        leaders = found.leaders.get(unit) or found.leaders.get(None) or []
        place = f"{building.pk}-{unit}" if unit is not None else str(building.pk)

        def way(kind: str, place: str = place) -> str:
            url = reverse("networks:appoint", args=[community, kind])
            return f"{url}?place={place}" if may else ""

        notes[unit] = [
            UnitNote(f"楼门长 {head}") if head else UnitNote("缺楼门栋长", "danger", way("door_head")),
            UnitNote(f"小组长 {'、'.join(leaders)}")
            if leaders
            else UnitNote("缺居民小组长", "warn", way("group_leader")),
        ]
    return notes


def panel(home: Any, on: date, user: Any) -> dict[str, Any] | None:
    """Who looks after a home; None, and no panel, where the user may not see people."""
    if not user.can(VIEW, home.region_code):
        return None
    rows = (
        NetworkPost.objects.filter(kind__in=OF_PLACES, period__contains=on, covers__building=home.building_id)
        .filter(Q(covers__unit=None) | Q(covers__unit=home.unit_id))
        .filter(Q(covers__home=None) | Q(covers__home=home.pk))
        .distinct()
        .order_by("kind", "pk")
    )
    return {"posts": [*rows, *reading.officers(home.region_code, on)]}


def register() -> None:
    """Called once, when the app is ready."""
    kept.register(reading.COUNTS, reading.counted)
    nav.register(nav.NavItem(nav.PLACES, _("网格与楼门"), "networks:overview", "sitemap", VIEW, 24))
    occupancy.register_unit_notes("networks", unit_notes)
    occupancy.register_panel(
        occupancy.Panel("networks", _("网格与楼门"), "networks/_home.html", panel, order=20)
    )
    occupancy.register_map_layer(
        occupancy.MapLayer(
            "network_gaps",
            _("网络缺口"),
            "处",
            (0, 1, 2, 4),
            reading.gaps_by_building,
            order=30,
            note=_("没有楼门栋长的单元，加上没有居民小组长的单元。"),
            permission=VIEW,
        )
    )
    followers.at_death("networks", actions.end_at_death)

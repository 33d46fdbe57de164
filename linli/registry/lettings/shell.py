"""What rented homes add to the shell, to the page of a home and to the deeds on homes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.pages import nav
from linli.registry.lettings import actions
from linli.registry.lettings.models import Hazard, Letting
from linli.registry.places import occupancy

VIEW, EDIT = Permission.VIEW_PEOPLE, Permission.EDIT_PLACES


def panel(home: Any, on: date, user: Any) -> dict[str, Any] | None:
    """The lettings of a home, running and past, and its hazards; None, and no panel, for homes that were never let and are safe,
    where the user may not add anything."""
    sees = user.can(VIEW, home.region_code)
    lettings = list(Letting.objects.filter(home=home).order_by("-period")) if sees else []
    hazards = list(Hazard.objects.filter(home=home))
    may = user.can(EDIT, home.region_code) and home.ended_on is None
    if not lettings and not hazards and not may:
        return None
    return {
        "home": home,
        "on": on,
        "running": [one for one in lettings if on in one.period],
        "past": [one for one in lettings if one.period.upper and one.period.upper <= on],
        "hazards": hazards,
        "can_edit": may,
    }


def occupants(home_ids: Sequence[int], user: Any) -> list[occupancy.Occupant]:
    """The lettings that run in these homes."""
    rows = Letting.objects.filter(home__in=home_ids, period__endswith__isnull=True).order_by("home_id", "pk")
    return [
        occupancy.Occupant(f"lettings-{one.pk}", one.home_id, f"{one.landlord_name} 出租（租约）")
        for one in rows
    ]


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(nav.NavItem(nav.PLACES, _("出租房"), "lettings:list", "key", VIEW, 25))
    occupancy.register_panel(
        occupancy.Panel("lettings", _("出租与隐患"), "lettings/_home.html", panel, order=5)
    )
    occupancy.register_occupants("lettings", occupants, actions.move_lettings)

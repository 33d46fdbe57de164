"""What rented homes add to the shell, to the page of a home and to the deeds on homes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.pages import nav
from linli.registry.lettings import actions
from linli.registry.lettings.models import Hazard, Letting
from linli.registry.places import occupancy
from linli.registry.places.models import Home, Tenure

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


def known(home_ids: Sequence[int], on: date, user: Any) -> dict[int, occupancy.Occupancy]:
    """What the chart should say is missing: the letting of a home that is let, the putting right of a hazard."""
    missing: dict[int, list[str]] = {}
    let = Home.objects.filter(pk__in=home_ids, tenure=Tenure.LET)
    for pk in let.exclude(lettings__period__contains=on).values_list("pk", flat=True):
        missing.setdefault(pk, []).append("租约")
    open_ones = Hazard.objects.filter(home__in=home_ids, found_on__lte=on).filter(
        Q(fixed_on=None) | Q(fixed_on__gt=on)
    )
    for pk in open_ones.values_list("home_id", flat=True).distinct():
        missing.setdefault(pk, []).append("隐患整改")
    return {pk: occupancy.Occupancy(missing=tuple(said)) for pk, said in missing.items()}


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
    occupancy.register_source("lettings", known, order=30)
    occupancy.register_occupants("lettings", occupants, actions.move_lettings)

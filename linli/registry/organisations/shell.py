"""What organisations add to the shell, and to the building chart and the page of a home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.pages import nav, search
from linli.registry.organisations import describing, filters
from linli.registry.organisations.models import Organisation, Position, Premises
from linli.registry.people import extensions
from linli.registry.places import areas, occupancy

VIEW = Permission.VIEW_ORGANISATIONS


def find(user: Any, query: str, limit: int) -> list[search.Hit]:
    """Organisations by name, initials and credit code."""
    rows = filters.find(Organisation.objects.permitted(user, VIEW), query)
    return [
        search.Hit(
            one.name,
            f"{one.get_kind_display()} · {areas.community_of(one.region_code)}",
            one.get_absolute_url(),
            "building-store",
        )
        for one in rows[:limit]
    ]


def _at(home_ids: Sequence[int], on: date, user: Any) -> Any:
    """The organisations that stood in these homes on that day."""
    there = (Q(founded_on__isnull=True) | Q(founded_on__lte=on)) & (
        Q(closed_on__isnull=True) | Q(closed_on__gt=on)
    )
    spells = Premises.objects.filter(home__in=home_ids, period__contains=on)
    rows = Organisation.objects.permitted(user, VIEW).filter(there, premises_spells__in=spells)
    return rows.annotate(there_id=F("premises_spells__home_id")).order_by("pk")


def occupants(home_ids: Sequence[int], on: date, user: Any) -> dict[int, occupancy.Occupancy]:
    """The name of the first organisation in each home."""
    found: dict[int, occupancy.Occupancy] = {}
    for home_id, name in _at(home_ids, on, user).values_list("there_id", "name"):
        found.setdefault(home_id, occupancy.Occupancy(name=name))
    return found


def panel(home: Any, on: date, user: Any) -> dict[str, Any] | None:
    """The organisations in a home; None, and no panel, where there are none."""
    rows = list(_at([home.pk], on, user))
    return {"organisations": rows} if rows else None


def positions_of(person: Any, user: Any) -> dict[str, Any] | None:
    """What somebody is and was in organisations, as far as the user may see them; None, and no tab, where there is nothing."""
    rows = list(Position.objects.permitted(user, VIEW).filter(person=person).select_related("organisation"))
    if not rows:
        return None
    today = timezone.localdate()
    found: list[Any] = sorted(rows, key=lambda row: row.period.lower or date.min, reverse=True)
    for row in found:
        row.when = describing.span(row.period)
        row.now = row.period.upper is None or row.period.upper > today
    return {"positions": found, "count": sum(row.now for row in found)}


def register() -> None:
    """Called once, when the app is ready."""
    extensions.register_tab(
        extensions.PersonTab("positions", _("任职"), "organisations/_person.html", positions_of, order=20)
    )
    nav.register(
        nav.NavItem(nav.PLACES, _("单位"), "organisations:organisations", "building-store", VIEW, 30)
    )
    search.register(
        "organisations",
        _("单位"),
        find,
        order=40,
        more_url=lambda q: f"{reverse('organisations:organisations')}?{urlencode({'q': q})}",
    )
    occupancy.register_source("organisations", occupants, order=20)
    occupancy.register_panel(
        occupancy.Panel("organisations", _("单位"), "organisations/_home_organisations.html", panel, order=10)
    )

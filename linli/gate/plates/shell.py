"""What plates add to the shell: their entry in the sidebar with what waits, and hits of the search."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.gate.plates.actions import PREFIX
from linli.gate.plates.models import Plate
from linli.notices.counting import open_by_room
from linli.pages import nav, search
from linli.regions import names


def waiting(user: Any) -> int:
    """How many to-dos about plates are open on the user's bell."""
    return open_by_room(user).get(PREFIX.removesuffix("."), 0)


def find(user: Any, query: str, limit: int) -> list[search.Hit]:
    """Plates that the user may see, by what is written on them or who wanted them."""
    rows = Plate.objects.permitted(user, Permission.VIEW_GATE).filter(
        Q(name__icontains=query) | Q(unit__name__icontains=query)
    )
    return [
        search.Hit(
            one.name,
            f"{names.title(one.region_code)} · {one.get_state_display()}",
            one.get_absolute_url(),
            "id-badge-2",
        )
        for one in rows[:limit]
    ]


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(
        nav.NavItem(nav.GATE, _("机构牌子"), "plates:home", "id-badge-2", Permission.VIEW_GATE, 55, waiting)
    )
    search.register(
        "plates",
        _("机构牌子"),
        find,
        order=75,
        more_url=lambda query: f"{reverse('plates:list')}?{urlencode({'q': query})}",
    )

"""What the catalogue adds to the shell: the sidebar and the search."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.gate.catalogue.models import Item
from linli.pages import nav, search


def find(user: Any, query: str, limit: int) -> list[search.Hit]:
    """Items by a part of the name or of what the community does, those in force first."""
    rows = Item.objects.visible(user).filter(Q(title__icontains=query) | Q(content__icontains=query))
    current = rows.in_force().select_related("unit")[:limit]
    return [
        search.Hit(
            one.title,
            f"{one.get_responsibility_display()} · {one.unit.name} · {one.frequency}",
            one.get_absolute_url(),
            "clipboard-list",
        )
        for one in current
    ]


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(
        nav.NavItem(
            nav.GATE, _("社区事项清单"), "catalogue:items", "clipboard-list", Permission.VIEW_REGIONS, 50
        )
    )
    search.register(
        "items",
        _("社区事项"),
        find,
        order=55,
        more_url=lambda query: f"{reverse('catalogue:items')}?{urlencode({'q': query})}",
    )

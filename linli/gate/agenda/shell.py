"""What the agenda adds to the shell: its entries in the sidebar with what waits, and hits of the search."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.gate.agenda.actions.telling import PREFIX
from linli.gate.agenda.models import Proposal
from linli.gate.catalogue import ways
from linli.notices.counting import open_by_room
from linli.pages import nav, search


def waiting(user: Any) -> int:
    """How many of the agenda's to-dos are open on the user's bell."""
    return open_by_room(user).get(PREFIX.removesuffix("."), 0)


def find(user: Any, query: str, limit: int) -> list[search.Hit]:
    """Proposals that the user may see, by title or unit."""
    rows = Proposal.objects.visible(user).filter(Q(title__icontains=query) | Q(unit__name__icontains=query))
    return [
        search.Hit(
            one.title,
            f"{one.get_thing_display()} · {one.unit} · {timezone.localdate(one.proposed_at)}",
            one.get_absolute_url(),
            "calendar-event",
        )
        for one in rows.select_related("unit")[:limit]
    ]


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(
        nav.NavItem(
            nav.GATE, _("检查会议日程"), "agenda:home", "calendar-event", Permission.VIEW_GATE, 50, waiting
        )
    )
    search.register(
        "agenda",
        _("检查会议"),
        find,
        order=70,
        more_url=lambda query: f"{reverse('agenda:proposals')}?{urlencode({'q': query})}",
    )
    ways.register(
        "unlisted",
        ways.Way(
            _("登记没有准入的检查会议"),
            "flag",
            Permission.RECEIVE_AGENDA,
            lambda community: reverse("agenda:unlisted", kwargs={"region_code": community}),
        ),
    )

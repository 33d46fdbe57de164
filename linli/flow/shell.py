"""What the flow adds to the shell: the inbox, and the recount when the calendar changes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.flow import inbox
from linli.flow.models import Case, Clock
from linli.jobs import actions as jobs
from linli.office import actions as office
from linli.pages import nav, search


def recount(acting_user: Any) -> None:
    """Ask for the running clocks to be worked out anew; nothing when none runs."""
    if Clock.objects.filter(stopped_at__isnull=True).exists():
        jobs.start(acting_user=acting_user, kind="flow.recount", title="按新的工作日历重算期限", unit="个")


def find(user: Any, query: str, limit: int) -> list[search.Hit]:
    """Cases that the user may see, by a part of the title or the beginning of the number."""
    rows = Case.objects.visible(user).filter(Q(title__icontains=query) | Q(number__istartswith=query))
    return [
        search.Hit(one.title, f"{one.number} · {one.edition.kind.name}", one.get_absolute_url(), "inbox")
        for one in rows.select_related("edition__kind")[:limit]
    ]


def show_inbox() -> None:
    """Put the inbox into the sidebar and the search. Called by each room that brings a kind of case: without one there is
    nothing to find there."""
    nav.register(
        nav.NavItem(
            "", _("办件"), "flow:inbox", "inbox", Permission.HANDLE_CASES, order=2, badge=inbox.waiting_for
        )
    )
    search.register(
        "cases",
        _("办件"),
        find,
        order=60,
        more_url=lambda query: f"{reverse('flow:inbox')}?{urlencode({'box': 'all', 'q': query})}",
    )


def register() -> None:
    """Called once, when the app is ready."""
    office.calendar_followers.append(recount)

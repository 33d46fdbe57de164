"""What the room adds to the shell: its entry in the sidebar with what waits, and a community's way to report."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.gate.catalogue import ways
from linli.gate.offlist.actions import PREFIX
from linli.notices.counting import open_by_room
from linli.pages import nav


def waiting(user: Any) -> int:
    """How many reports wait for the user's answer."""
    return open_by_room(user).get(PREFIX.removesuffix("."), 0)


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(
        nav.NavItem(nav.GATE, _("清单外要求"), "offlist:home", "flag", Permission.VIEW_GATE, 26, waiting)
    )
    ways.register(
        "offlist",
        ways.Way(
            _("反映清单外的要求"),
            "message-report",
            Permission.REPORT_OFFLIST,
            lambda community: f"{reverse('offlist:report_new')}?community={community}",
        ),
    )

"""What the assessment adds to the sidebar."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.pages import nav


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(nav.NavItem(nav.GATE, _("综合考核"), "assessment:home", "medal", Permission.VIEW_GATE, 60))

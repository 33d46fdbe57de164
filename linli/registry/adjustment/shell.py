"""What adjustments add to the sidebar and to the pages of divisions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.office import region_lives as office_lives
from linli.pages import nav
from linli.registry.adjustment import region_lives
from linli.registry.adjustment.models import Plan, PlanState


def waiting(user: Any) -> int:
    """Plans that wait for the user's approval."""
    return (
        Plan.objects.permitted(user, Permission.APPROVE_ADJUSTMENT).filter(state=PlanState.SUBMITTED).count()
    )


def register() -> None:
    """Called once, when the app is ready."""
    office_lives.register("adjustment", region_lives.of_region)
    nav.register(
        nav.NavItem(nav.SETTING, _("社区规模"), "adjustment:sizes", "ruler-2", Permission.VIEW_STATISTICS, 50)
    )
    nav.register(
        nav.NavItem(
            nav.SETTING,
            _("社区调整"),
            "adjustment:plans",
            "arrows-exchange",
            Permission.PLAN_ADJUSTMENT,
            51,
            badge=waiting,
        )
    )

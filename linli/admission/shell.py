"""What admission adds to the shell: its entries of the sidebar, its kinds' own pages, the inbox."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.admission.kinds import ADMISSION, OBJECTION, ROOM
from linli.admission.models import Application, Instalment, Objection
from linli.admission.waiting import asked_of
from linli.flow import owners
from linli.flow.shell import show_inbox
from linli.pages import nav


def _application(name: str) -> Any:
    return lambda case: reverse(f"admission:{name}", args=[case.application.pk])


def _objection(name: str) -> Any:
    return lambda case: reverse(f"admission:{name}", args=[case.objection.pk])


def _undecided(user: Any) -> int:
    if not user.can(Permission.DECIDE_ADMISSION):
        return 0
    return Application.objects.visible(user).pending().exclude(case__state="correcting").count()


def _late(user: Any) -> int:
    if not (user.can(Permission.APPLY_ADMISSION) or user.can(Permission.DECIDE_ADMISSION)):
        return 0
    return Instalment.objects.visible(user).late().values("admission").distinct().count()


def _unanswered(user: Any) -> int:
    if not user.can(Permission.DECIDE_ADMISSION):
        return 0
    return Objection.objects.visible(user).filter(answered_at__isnull=True).count()


def register() -> None:
    """Called once, when the app is ready."""
    owners.register(
        ADMISSION.key,
        owners.Owner(
            ROOM,
            _("看准入申请"),
            _application("application"),
            {
                "consult": _application("consult"),
                "correct": _application("send_back"),
                "resubmit": _application("application"),
                "admit": _application("decide"),
                "try": _application("decide"),
                "refuse": _application("decide"),
                "confirm": _application("settle_trial"),
                "drop": _application("settle_trial"),
                "withdraw": _application("withdraw"),
                owners.REPORT: _application("opinion"),
            },
        ),
    )
    owners.register(
        OBJECTION.key,
        owners.Owner(
            ROOM,
            _("看异议"),
            _objection("objection"),
            {"explain": _objection("objection_answer"), "uphold": _objection("objection_answer")},
        ),
    )
    view = Permission.VIEW_ADMISSION
    entries = (
        (_("准入申请"), "applications", "clipboard-check", view, 20, _undecided),
        (_("征求意见"), "consultations", "message-2", Permission.GIVE_OPINIONS, 21, asked_of),
        (_("事项经费"), "dues", "coin", view, 22, _late),
        (_("事项异议"), "objections", "message-report", view, 23, _unanswered),
        (_("应急通道"), "emergencies", "urgent", view, 24, None),
    )
    for label, name, icon, permission, order, badge in entries:
        nav.register(
            nav.NavItem(nav.GATE, label, f"admission:{name}", icon, permission, order=order, badge=badge)
        )
    show_inbox()

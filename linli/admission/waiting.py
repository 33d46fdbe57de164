"""What waits for a user's word."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from linli.access.roles import Permission
from linli.admission.models import Application, Opinion


def consulted(user: Any) -> Any:
    """The applications on which opinions are asked and the user may speak."""
    if not user.can(Permission.GIVE_OPINIONS):
        return Application.objects.none()
    return Application.objects.visible(user).asking()


def asked_of(user: Any) -> int:
    """How many of them none of the user's units has said anything to."""
    said = Opinion.objects.filter(unit__in=user.unit_ids, round=F("application__opinion_round")).values(
        "application"
    )
    return int(consulted(user).exclude(pk__in=said).count())

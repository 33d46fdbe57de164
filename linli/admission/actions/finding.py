"""The rows that actions work on, locked, when the acting user may do so."""

from __future__ import annotations

from typing import Any

from linli.access.guard import NotPermitted
from linli.access.roles import Permission
from linli.admission.models import Application


def own(application: Application, user: Any) -> Application:
    """An application of one's own department, locked. Raises NotPermitted for another's."""
    kept = _locked(application)
    allowed = not user.pk or (user.can(Permission.APPLY_ADMISSION) and kept.unit_id in user.unit_ids)
    if not allowed:
        raise NotPermitted(Permission.APPLY_ADMISSION)
    return kept


def decided_here(application: Application, user: Any) -> Application:
    """An application handed in, locked, where the user decides. Raises NotPermitted elsewhere."""
    kept = _locked(application)
    if kept.case_id is None or not user.can(Permission.DECIDE_ADMISSION, kept.region_code):
        raise NotPermitted(Permission.DECIDE_ADMISSION)
    return kept


def _locked(application: Application) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("unit", "case__edition__kind", "case__coordinator")
        .get(pk=application.pk)
    )

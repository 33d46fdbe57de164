"""Which findings a user sees and may deal with: those of records that they may see, of groups those that they may see members of."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

from linli.access.models import Permission, scopes_q
from linli.access.roles import GRANTS
from linli.registry.groups import seeing
from linli.registry.groups.models import Membership
from linli.registry.quality import measuring
from linli.registry.quality.models import Finding

P = Permission
VIEW: Final = {
    "person": P.VIEW_PEOPLE,
    "home": P.VIEW_PLACES,
    "building": P.VIEW_PLACES,
    "estate": P.VIEW_PLACES,
    "letting": P.VIEW_PEOPLE,
    "household": P.VIEW_PEOPLE,
    "organisation": P.VIEW_ORGANISATIONS,
    "membership": P.VIEW_GROUPS,
}
EDIT: Final = {
    "person": P.EDIT_PEOPLE,
    "home": P.EDIT_PLACES,
    "building": P.EDIT_PLACES,
    "estate": P.EDIT_PLACES,
    "letting": P.EDIT_PLACES,
    "household": P.EDIT_PEOPLE,
    "organisation": P.EDIT_ORGANISATIONS,
    "membership": P.EDIT_GROUPS,
}


def of_user(rows: QuerySet[Finding], user: Any) -> QuerySet[Finding]:
    """Those of the findings that the user may see."""
    allowed = Q(pk__in=[])
    for permission in sorted({*VIEW.values()} - {P.VIEW_GROUPS}):
        scopes = user.scopes(permission)
        if scopes:
            subjects = [subject for subject, needed in VIEW.items() if needed == permission]
            allowed |= Q(subject__in=subjects) & scopes_q("region_code", scopes)
    if user.scopes(P.VIEW_GROUPS):
        members = Membership.objects.filter(seeing.of_visible_groups(user)).order_by().values("pk")
        allowed |= Q(subject="membership", row__in=members) & scopes_q(
            "region_code", user.scopes(P.VIEW_GROUPS)
        )
    return rows.filter(allowed)


def visible(user: Any, region_code: str, on: date) -> QuerySet[Finding]:
    """What was wrong in a region on a day, as far as the user may see it."""
    return of_user(measuring.findings(region_code, on), user)


def set_aside(user: Any, region_code: str, on: date) -> QuerySet[Finding]:
    """What stands set aside in a region on a day, as far as the user may see it."""
    rows: QuerySet[Finding] = Finding.objects.in_region(region_code)
    return of_user(rows.filter(period__contains=on, aside_on__lte=on), user)


def deals_with(role: str, subject: str) -> bool:
    """Whether a role may mend what is wrong with records of a subject: of groups, of every one."""
    needed = {EDIT[subject], VIEW[subject]} | (
        {P.VIEW_SENSITIVE_GROUPS} if subject == "membership" else set()
    )
    return needed <= GRANTS.get(role, frozenset())

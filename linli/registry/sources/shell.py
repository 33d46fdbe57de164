"""What sources add to the shell: the contradictions that wait, and on a person's page where each fact comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.audit import history
from linli.pages import nav
from linli.registry.people import extensions
from linli.registry.people.models import Person
from linli.registry.sources import knowing
from linli.registry.sources.models import Claim, ClaimState

EDIT = Permission.EDIT_PEOPLE


def waiting(user: Any) -> int:
    """How many contradictions wait in the user's area."""
    return Claim.objects.permitted(user, EDIT).filter(state=ClaimState.CONFLICT).count()


def sources_of(person: Person, user: Any) -> dict[str, Any] | None:
    """Each known fact with who said it and when, and what other sources say of it."""
    if not user.can(Permission.VIEW_PEOPLE, person.region_code):
        return None
    sees = user.can(Permission.VIEW_SENSITIVE_GROUPS, person.region_code)
    elements = [one for one in knowing.ELEMENTS if sees or one not in knowing.SENSITIVE]
    claims = list(Claim.objects.select_related("source").filter(person=person))
    waits = sum(1 for one in claims if one.state == ClaimState.CONFLICT and one.element in elements)
    return {
        "facts": lambda: _facts(person, elements, claims),
        "count": waits or None,
        "can_edit": user.can(EDIT, person.region_code),
    }


def _facts(person: Person, elements: Iterable[str], claims: Iterable[Claim]) -> list[dict[str, Any]]:
    """What is known, element by element."""
    by_element: dict[str, list[Claim]] = {}
    for claim in claims:
        by_element.setdefault(claim.element, []).append(claim)
    changed: dict[str, history.Change] = {}
    for change in history.changes(person):
        changed.setdefault(change.label, change)
    listed = []
    for element in elements:
        value = knowing.as_text(element, getattr(person, element))
        said = by_element.get(element, [])
        if not said and (not value or (element == "sex" and value == "0")):
            continue
        holding = max(
            (
                one
                for one in said
                if one.state in (ClaimState.TAKEN, ClaimState.AGREED) and knowing.value_of(one) == value
            ),
            key=lambda one: (one.source.rank, one.on),
            default=None,
        )
        listed.append(
            {
                "label": knowing.label(element),
                "value": knowing.shown(element, value),
                **_origin(person, element, holding, changed.get(knowing.label(element))),
                "others": [
                    {
                        "value": knowing.shown(element, knowing.value_of(one)),
                        "source": one.source.name,
                        "by": one.said_by,
                        "on": one.on,
                        "state": one.get_state_display(),
                        "waits": one.state == ClaimState.CONFLICT,
                    }
                    for one in said
                    if one.state in (ClaimState.CONFLICT, ClaimState.REFUSED)
                ],
            }
        )
    return listed


def _origin(
    person: Person, element: str, holding: Claim | None, change: history.Change | None
) -> dict[str, Any]:
    """Who said the value that holds: a source on record, whoever last changed it, or whoever registered the person."""
    if holding is not None:
        return {"source": holding.source.name, "by": holding.said_by, "on": holding.on}
    if change is not None:
        return {"source": _t("修改"), "by": change.user_name, "on": timezone.localdate(change.at)}
    return {
        "source": person.source or _t("登记"),
        "by": "",
        "on": timezone.localdate(person.created_at),
    }


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(
        nav.NavItem(nav.CHECKING, _("来源冲突"), "sources:conflicts", "arrows-split", EDIT, 42, badge=waiting)
    )
    nav.register(
        nav.NavItem(nav.SYSTEM, _("来源可靠程度"), "sources:kinds", "scale", Permission.MANAGE_SYSTEM, 95)
    )
    extensions.register_tab(
        extensions.PersonTab("sources", _("来源"), "sources/_person.html", sources_of, order=90)
    )

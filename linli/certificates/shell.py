"""What certificates add to the shell: the sidebar, the search, a tab on a person's page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.certificates import listing
from linli.certificates.models import Certificate, Refusal, State
from linli.pages import nav, search
from linli.registry.people import extensions
from linli.registry.people.models import Person

VIEW, ISSUE = Permission.VIEW_CERTIFICATES, Permission.ISSUE_CERTIFICATES
APPROVE = Permission.APPROVE_CERTIFICATES


def waiting(user: Any) -> int:
    """What waits for the user's approval."""
    return Certificate.objects.permitted(user, APPROVE).filter(state=State.WAITING).count()


def find(user: Any, query: str, limit: int) -> list[search.Hit]:
    """Certificates and slips by number; kinds of the list by what people call them."""
    if not user.can(VIEW):
        return []
    hits = [
        search.Hit(
            one.number_text,
            f"{one.edition.title} · {one.get_state_display()}",
            one.get_absolute_url(),
            "certificate",
        )
        for one in Certificate.objects.permitted(user, VIEW)
        .filter(number_text__contains=query, number__isnull=False)
        .select_related("edition")[:limit]
    ]
    hits += [
        search.Hit(one.number_text, f"{_('不予出具')} · {one.asked}", one.get_absolute_url(), "file-x")
        for one in Refusal.objects.permitted(user, VIEW).filter(
            Q(number_text__contains=query) | Q(asker__name__contains=query)
        )[:limit]
    ]
    if "证明" in query:
        scopes = user.scopes(VIEW)
        base = reverse("certificates:counter") if user.can(ISSUE) else reverse("certificates:kinds")
        hits += [
            search.Hit(
                one.title,
                str(one.get_standing_display()),
                f"{base}?{urlencode({'q': one.title})}",
                "certificate" if one.standing == "allowed" else "file-x",
            )
            for one in listing.find(query, listing.in_force(scopes[0].low if scopes else ""))[:limit]
        ]
    return hits[:limit]


def of_person(person: Person, user: Any) -> dict[str, Any] | None:
    """The certificates about a person, and the way to a new one."""
    if not user.can(VIEW, person.region_code):
        return None
    return {
        "person": person,
        "certificates": lambda: list(
            Certificate.objects.permitted(user, VIEW)
            .filter(person=person)
            .select_related("edition", "receiver")[:50]
        ),
        "refusals": lambda: list(
            Refusal.objects.permitted(user, VIEW).filter(person=person).select_related("asker")[:50]
        ),
        "can_issue": user.can(ISSUE, person.region_code),
    }


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(
        nav.NavItem(nav.GATE, _("证明用印"), "certificates:list", "certificate", VIEW, 55, badge=waiting)
    )
    search.register("certificates", _("证明"), find, order=60)
    extensions.register_tab(
        extensions.PersonTab("certificates", _("证明"), "certificates/_of_person.html", of_person, order=70)
    )

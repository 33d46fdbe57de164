"""What proposals add to the shell and to the pages of people, homes and organisations."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.pages import nav
from linli.registry.changes import facts_of
from linli.registry.changes.models import About, ChangeRequest, State
from linli.registry.organisations import extensions as organisations
from linli.registry.people import extensions
from linli.registry.people.models import Person
from linli.registry.places import occupancy as places

PROPOSE = Permission.PROPOSE_CHANGES


def waiting(user: Any) -> int:
    """How many wait for the user to decide."""
    return ChangeRequest.objects.to_decide(user).filter(state=State.OPEN).count()


def _listed(rows: Any, about: str, pk: int, user: Any) -> dict[str, Any]:
    found = [
        {
            "url": one.get_absolute_url(),
            "label": facts_of.label(about, one.element),
            "after": facts_of.shown(about, one.element, one.values[1]),
            "who": (_("居民 ") + one.asked_by) if one.asked_by else f"{one.unit} {one.author.name}".strip(),
            "on": one.made_at,
            "state": one.get_state_display(),
            "open": one.state == State.OPEN,
        }
        for one in rows.select_related("author")[:30]
    ]
    return {
        "proposals": found,
        "count": sum(1 for one in found if one["open"]) or None,
        "propose_url": reverse("changes:propose", args=[about, pk]) if user.can(PROPOSE) else "",
    }


def of_person(person: Person, user: Any) -> dict[str, Any] | None:
    """A person's proposals as far as the user may see them."""
    rows = ChangeRequest.objects.of(user).filter(person=person)
    return _listed(rows, About.PERSON, person.pk, user)


def of_home(home: Any, on: Any, user: Any) -> dict[str, Any] | None:
    """A home's."""
    if not user.can(PROPOSE):
        return None
    return _listed(ChangeRequest.objects.of(user).filter(home_id=home.pk), About.HOME, home.pk, user)


def of_organisation(organisation: Any, user: Any) -> dict[str, Any] | None:
    """An organisation's."""
    if not user.can(PROPOSE):
        return None
    rows = ChangeRequest.objects.of(user).filter(organisation=organisation)
    return _listed(rows, About.ORGANISATION, organisation.pk, user)


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(nav.NavItem(nav.CHECKING, _("更正申请"), "changes:list", "edit", PROPOSE, 43, badge=waiting))
    extensions.register_tab(
        extensions.PersonTab("changes", _("更正"), "changes/_person.html", of_person, order=95)
    )
    organisations.register_tab(
        organisations.OrganisationTab("changes", _("更正"), "changes/_person.html", of_organisation, order=95)
    )
    places.register_panel(places.Panel("changes", _("更正申请"), "changes/_list.html", of_home))

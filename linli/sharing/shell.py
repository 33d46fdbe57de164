"""What sharing adds to the shell: entries of the sidebar, and on a person's page who has seen their data."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.audit.models import Channel, Disclosure
from linli.facts.dictionary import UnknownTerm, dictionary
from linli.pages import nav
from linli.registry.people import extensions
from linli.registry.people.models import Person

SHOWN = 100


def _labels(keys: list[str]) -> str:
    found = []
    for key in keys:
        subject, _dot, path = key.partition(".") if "." in key else ("person", "", key)
        try:
            found.append(dictionary.label(subject, path))
        except (UnknownTerm, KeyError):
            try:
                found.append(dictionary.subject(subject).conditions[path].label)
            except (UnknownTerm, KeyError):
                found.append(key)
    labels = list(dict.fromkeys(found))
    return f"{'、'.join(labels[:8])} 等 {len(labels)} 项" if len(labels) > 8 else "、".join(labels)


def looks_at(person: Person, user: Any) -> dict[str, Any] | None:
    """Who saw the person's data in full, by which way, what for: pages, exports, forms and departments' systems."""
    if not user.can(Permission.VIEW_AUDIT, person.region_code):
        return None
    rows = Disclosure.objects.filter(people__person_id=person.pk).order_by("-id")
    channels = dict(Channel.choices)
    return {
        "looks": [
            {
                "at": one.at,
                "who": one.user_name,
                "channel": channels.get(one.channel, one.channel),
                "is_system": one.client_id is not None,
                "purpose": one.purpose,
                "elements": _labels(one.elements),
            }
            for one in rows[:SHOWN]
        ],
        "count": rows.count(),
        "shown": SHOWN,
    }


def register() -> None:
    """Called once, when the app is ready."""
    view = Permission.VIEW_SHARING
    nav.register(nav.NavItem(nav.DATA, _("数据共享"), "sharing:clients", "share", view, 60))
    nav.register(nav.NavItem(nav.DATA, _("接口调用记录"), "sharing:calls", "api", view, 61))
    extensions.register_tab(
        extensions.PersonTab("looks", _("谁看过"), "sharing/_looks.html", looks_at, order=90)
    )

"""What form tasks add to the shell: their entry in the sidebar with what waits, and hits of the search."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.collecting.actions.telling import PREFIX
from linli.collecting.models import FormTask, Question
from linli.notices.models import Notice
from linli.pages import nav, search


def waiting(user: Any) -> int:
    """How many copies wait for the user."""
    return Notice.objects.filter(
        user_id=user.pk, done_at__isnull=True, key__startswith=f"{PREFIX}part:"
    ).count()


def to_decide(user: Any) -> int:
    """How many proposals to ask forms as one wait for the user's word."""
    return Notice.objects.filter(
        user_id=user.pk, done_at__isnull=True, key__startswith=f"{PREFIX}joint:"
    ).count()


def to_ask(user: Any) -> int:
    """How many blanks the user is to ask about."""
    return Question.objects.waiting().filter(assigned_to=user.pk).count()


def find(user: Any, query: str, limit: int) -> list[search.Hit]:
    """Tasks that the user may see, by title or unit."""
    rows = FormTask.objects.visible(user).filter(Q(title__icontains=query) | Q(unit__name__icontains=query))
    return [
        search.Hit(
            one.title,
            f"{one.unit}" + (f" · {one.due_on:%Y-%m-%d} 截止" if one.due_on else " · 草稿"),
            one.get_absolute_url(),
            "report",
        )
        for one in rows.select_related("unit")[:limit]
    ]


def register() -> None:
    """Called once, when the app is ready."""
    nav.register(
        nav.NavItem(nav.GATE, _("报表任务"), "collecting:home", "report", Permission.VIEW_GATE, 55, waiting)
    )
    nav.register(
        nav.NavItem(
            nav.GATE,
            _("合并下发"),
            "collecting:joints",
            "arrows-join",
            Permission.SEND_TO_COMMUNITIES,
            57,
            to_decide,
        )
    )
    nav.register(
        nav.NavItem(
            nav.GATE, _("入户采集"), "collecting:asks", "clipboard-list", Permission.EDIT_PEOPLE, 56, to_ask
        )
    )
    nav.register(nav.NavItem("", _("台账"), "collecting:ledgers", "book", Permission.FILL_FORMS, 21))
    search.register(
        "form_tasks",
        _("报表任务"),
        find,
        order=75,
        more_url=lambda query: f"{reverse('collecting:tasks')}?{urlencode({'q': query})}",
    )

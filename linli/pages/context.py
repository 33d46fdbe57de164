"""What every page's frame needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from linli.pages import badges
from linli.pages.nav import nav_for
from linli.regions import names

Counter = Callable[[Any], int]
_bell: tuple[Counter, str] | None = None


def register_bell(count: Counter, url_name: str) -> None:
    """Say how the bell counts a user's unread notices, and which page it opens."""
    global _bell
    _bell = (count, url_name)


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _bell_of(request: HttpRequest) -> dict[str, Any]:
    if _bell is None:
        return {"count": 0, "url": ""}
    count, url_name = _bell
    return {"count": badges.counted(request, url_name, count), "url": _url(url_name)}


def _who(user: Any) -> dict[str, str]:
    post = user.main_post
    if post is None:
        return {"name": user.name, "initial": user.name[:1], "post": "", "region": ""}
    region = names.title(post.region_code) if post.region_code else ""
    return {"name": user.name, "initial": user.name[:1], "post": post.get_role_display(), "region": region}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of the page frame: sidebar, bell, who is logged in. Computed only where a page uses it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "shell_nav": SimpleLazyObject(
            lambda: nav_for(user, request.path, count=partial(badges.counted, request))
        ),
        "shell_bell": SimpleLazyObject(lambda: _bell_of(request)),
        "shell_who": SimpleLazyObject(lambda: _who(user)),
        "shell_urls": {
            name: _url(name) for name in ("home", "profile", "logout", "search", "search_suggest")
        },
    }

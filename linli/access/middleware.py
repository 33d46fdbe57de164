"""Ending idle sessions, and having a first password changed."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

_SEEN = "seen"
# The moment of the last request is written at most this often (seconds), so that not every page writes a session.
_GRAIN = 60


class SessionTimeout:
    """Logs a user out after LINLI_SESSION_IDLE_MINUTES without a request (MLPS: session timeout).

    A request that the page makes by itself (header `Linli-Background`) does not count as use.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            seen = request.session.get(_SEEN)
            if seen is not None and now - seen > settings.LINLI_SESSION_IDLE_MINUTES * 60:
                logout(request)
                messages.info(request, _("长时间没有操作，已自动退出，请重新登录。"))
            elif (seen is None or now - seen >= _GRAIN) and not request.headers.get("Linli-Background"):
                request.session[_SEEN] = now
            if request.user.is_authenticated and request.user.must_change_password and not _may_pass(request):
                return redirect("password")
        return self.get_response(request)


def _may_pass(request: HttpRequest) -> bool:
    """With a password that must be changed only the page for it, logging out and static files are open."""
    return request.path in (reverse("password"), reverse("logout")) or request.path.startswith(
        settings.STATIC_URL
    )

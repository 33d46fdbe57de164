"""The numbers beside the sidebar's entries, and on the bell. A dozen rooms count something of their own: once counted they are kept
in the session for half a minute, and counted anew after every deed of the user."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_KEY = "badges"
_SAFE = ("GET", "HEAD", "OPTIONS")


def counted(request: HttpRequest, name: str, count: Callable[[Any], int]) -> int:
    """The number of that name for the user of the request."""
    seconds = settings.LINLI_BADGE_SECONDS
    if not seconds:
        return count(request.user)
    now = int(time.time())
    kept = request.session.get(_KEY)
    if kept is None or not 0 <= now - kept["at"] < seconds:
        kept = {"at": now, "of": {}}
    if name not in kept["of"]:
        kept["of"][name] = count(request.user)
        request.session[_KEY] = kept
    number: int = kept["of"][name]
    return number


class CountAnew:
    """Middleware: after a deed nothing is taken from the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _SAFE:
            request.session.pop(_KEY, None)
        response = self.get_response(request)
        if request.method not in _SAFE:
            request.session.pop(_KEY, None)
        return response

"""HTTP headers of every page: a strict content security policy."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

POLICY = "; ".join(
    [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


def policy(tiles: str = "") -> str:
    """The policy; with the address of a tile server pictures may come from its origin as well."""
    parts = urlsplit(tiles)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return POLICY
    return f"{POLICY}; img-src 'self' {parts.scheme}://{parts.netloc}"


class ContentSecurityPolicy:
    """Sets the policy on every answer: nothing inline, nothing from elsewhere, no framing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = policy(settings.LINLI_MAP_TILES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        return response

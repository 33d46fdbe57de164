"""The region in the address of a quality page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from linli.access.models import Permission
from linli.kernel.scope import Scope, within
from linli.pages.views import Permitted

VIEW = Permission.VIEW_PEOPLE


class InRegion(Permitted):
    """Pages of a region in the user's area."""

    permission = VIEW
    request: HttpRequest
    kwargs: dict[str, Any]

    def region(self) -> str:
        """The region named in the address; 404 outside the user's area."""
        wanted = str(self.kwargs["region"])
        user: Any = self.request.user
        if not wanted.isdecimal() or within(user.scopes(VIEW), wanted) != (Scope.of(wanted),):
            raise Http404
        return wanted

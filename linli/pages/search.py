"""The search over everything: each room registers a provider for what it knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

SHORTEST, LONGEST = 1, 60


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, what tells it from its like, where it is."""

    title: str
    subtitle: str
    url: str
    icon: str = "search"


class Provider(Protocol):
    """Finds at most `limit` things that the user may see, best first."""

    def __call__(self, user: Any, query: str, limit: int) -> list[Hit]: ...


@dataclass(frozen=True)
class Source:
    """A registered provider; `more_url` names the list page to which the query can be taken as ?q=."""

    key: str
    label: Any
    provider: Provider
    order: int = 0
    more_url: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Group:
    """The hits of one source. `more` says that there were more than shown."""

    key: str
    label: Any
    hits: list[Hit]
    more: bool
    more_url: str


_sources: dict[str, Source] = {}


def register(
    key: str,
    label: Any,
    provider: Provider,
    *,
    order: int = 0,
    more_url: Callable[[str], str] | None = None,
) -> None:
    """Add a source of hits; the same key replaces."""
    _sources[key] = Source(key, label, provider, order, more_url)


def find(user: Any, query: str, limit: int) -> list[Group]:
    """What the user's sources know for a query, at most `limit` hits each; nothing for an empty query."""
    wanted = " ".join(query.replace("\x00", "").split())[:LONGEST]
    if len(wanted) < SHORTEST:
        return []
    groups = []
    for source in sorted(_sources.values(), key=lambda one: one.order):
        hits = source.provider(user, wanted, limit + 1)
        if hits:
            more_url = source.more_url(wanted) if source.more_url else ""
            groups.append(Group(source.key, source.label, hits[:limit], len(hits) > limit, more_url))
    return groups


def page(request: HttpRequest) -> HttpResponse:
    """The page of results, 20 of each kind."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    groups = find(request.user, query, 20)
    return render(request, "pages/search.html", {"query": query, "groups": groups, "title": _("搜索")})


def suggest(request: HttpRequest) -> HttpResponse:
    """The list under the search box, 5 of each kind, as a fragment."""
    query = request.GET.get("q", "").strip()[:LONGEST]
    response = render(
        request, "pages/_suggest.html", {"query": query, "groups": find(request.user, query, 5)}
    )
    response.headers["Cache-Control"] = "no-store"
    return response

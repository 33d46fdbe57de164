"""Further things that a community can do from the page of its items; rooms above the catalogue add theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from linli.access.roles import Permission


@dataclass(frozen=True)
class Way:
    """A button: `url` makes its address from the community's key; only who holds `permission` there sees it."""

    label: Any
    icon: str
    permission: Permission
    url: Callable[[str], str]


_ways: dict[str, Way] = {}


def register(key: str, way: Way) -> None:
    """Add a way; one of the same key is replaced."""
    _ways[key] = way


def offered(user: Any, community: str) -> list[tuple[Way, str]]:
    """The ways that a user has for a community, with their addresses."""
    return [(way, way.url(community)) for way in _ways.values() if user.can(way.permission, community)]

"""Scopes: half-open ranges of region order keys.

A region's order key (`region_code`) is a string of digits whose prefixes are the keys of the regions above it, so
everything inside a region lies in [key, key + ":") under byte order (":" follows "9").
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Scope(NamedTuple):
    """`low` ≤ key < `high`."""

    low: str
    high: str

    @classmethod
    def of(cls, key: str) -> Scope:
        """The scope of a region and everything in it; the empty key is the whole country."""
        return cls(key, key + ":")

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.low <= key < self.high

    def covers(self, other: Scope) -> bool:
        return self.low <= other.low and other.high <= self.high


def merge(scopes: Iterable[Scope]) -> tuple[Scope, ...]:
    """The same area without scopes that lie in another."""
    kept: list[Scope] = []
    for scope in sorted(set(scopes), key=lambda s: (s.low, -len(s.high), s.high)):
        if not any(other.covers(scope) for other in kept):
            kept.append(scope)
    return tuple(kept)


def within(scopes: Iterable[Scope], region_key: str) -> tuple[Scope, ...]:
    """The part of `scopes` that lies in a region: the region itself, the scopes inside it, or nothing."""
    target = Scope.of(region_key)
    found = [
        target if scope.covers(target) else scope
        for scope in scopes
        if scope.covers(target) or target.covers(scope)
    ]
    return merge(found)


def touches(area: Scope, scopes: Iterable[Scope]) -> bool:
    """Whether an area and any of the scopes have a key in common."""
    return any(scope.covers(area) or area.covers(scope) for scope in scopes)


def common(first: Iterable[Scope], second: Iterable[Scope]) -> tuple[Scope, ...]:
    """The area that both have: of two scopes one lies in the other, or they are apart."""
    others = tuple(second)
    return merge(
        one if other.covers(one) else other
        for one in first
        for other in others
        if other.covers(one) or one.covers(other)
    )

"""Kinds whose steps do more than move a case: the room that brings such a kind takes them, on pages of its own.

A decision that admits an item, say, must admit it and move the case at once; the case's general form would only move it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

REPORT = "report"


@dataclass(frozen=True)
class Owner:
    """A room that takes steps of a kind itself. `room` is what it calls `actions.move` and `actions.report` with; `page` gives
    its page of a case and `label` what the link there says; `steps` the address where each of its steps is taken (`REPORT`
    for what a unit reports), given the case."""

    room: str
    label: Any
    page: Callable[[Any], str]
    steps: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)


_owners: dict[str, Owner] = {}


def register(kind: str, owner: Owner) -> None:
    """Say which room owns a kind. Called when the app is ready; a second time changes nothing."""
    _owners[kind] = owner


def of(kind: str) -> Owner | None:
    """The room that owns a kind; None for kinds whose steps only move the case."""
    return _owners.get(kind)


def keeps(kind: str, step: str, room: str) -> bool:
    """Whether the step belongs to the kind's room, and it is not that room that takes it."""
    owner = _owners.get(kind)
    return owner is not None and step in owner.steps and owner.room != room


def address(kind: str, step: str, case: Any) -> str:
    """Where the kind's room takes the step; "" where the case's own page does."""
    owner = _owners.get(kind)
    found = owner.steps.get(step) if owner is not None else None
    return found(case) if found is not None else ""

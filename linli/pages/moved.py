"""Records that were merged into another: their old addresses lead to the one that stays.

A room that merges registers in its AppConfig.ready() where a record of a model has gone; `DetailPage` asks when it finds none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

# number of a record that is not there → number of the one it was merged into, None when it never was.
Successor = Callable[[Any], int | None]
_successors: dict[type[models.Model], Successor] = {}


def register(model: type[models.Model], successor: Successor) -> None:
    """Say where records of a model go; a second registration replaces the first."""
    _successors[model] = successor


def successor(model: type[models.Model] | None, pk: Any) -> int | None:
    """The record that one was merged into."""
    found = _successors.get(model) if model is not None else None
    return found(pk) if found is not None else None

"""What rooms above must do when a person dies: they say so in their AppConfig.ready(), and the action calls them by name,
inside its transaction. There is nothing else that happens behind an action's back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from linli.audit.recording import Act
from linli.registry.people.models import Person

# (act, person, died on) → what was done, for the summary; "" for nothing.
AtDeath = Callable[[Act, Person, date], str]
_at_death: dict[str, AtDeath] = {}


def at_death(name: str, follow: AtDeath) -> None:
    """Register what a room does at a death; the same name replaces."""
    _at_death[name] = follow


def follow_death(act: Act, person: Person, died: date) -> list[str]:
    """Let every room do its part; what each did, in words."""
    return [said for follow in _at_death.values() if (said := follow(act, person, died))]

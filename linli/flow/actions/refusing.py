"""What the gate refuses is kept (ADR 0038): noted while the action runs, written when it ends refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linli.access.models import Unit
from linli.audit.recording import Act, running
from linli.flow.models import Refusal, RefusedPlace, Warrant
from linli.flow.rules.warrants import Thing
from linli.regions.models import KEY_LENGTH

_LENGTHS = sorted(KEY_LENGTH.values(), reverse=True)


@dataclass
class Attempt:
    """What somebody tries to send: one record, however many communities refuse it."""

    thing: Thing
    warrant: Warrant | None
    title: str = ""
    sender: Unit | None = None
    places: dict[str, tuple[date, str]] = field(default_factory=dict)

    def write(self, act: Act) -> None:
        """Keep the record with its communities."""
        made = Refusal.objects.create(
            region_code=around(self.places),
            user_id=act.user.pk or None,
            user_name=act.user.name,
            unit=self.sender or _unit_of(act.user) or (self.warrant.issuer if self.warrant else None),
            warrant=self.warrant,
            thing=self.thing,
            title=self.title or (self.warrant.title if self.warrant else ""),
            verb=act.verb,
        )
        RefusedPlace.objects.bulk_create(
            [
                RefusedPlace(refusal=made, region_code=key, day=day, why=why)
                for key, (day, why) in sorted(self.places.items())
            ],
            batch_size=1000,
        )


def around(keys: Iterable[str]) -> str:
    """The key of the lowest region that holds all of these; "" for none."""
    known = sorted(keys) or [""]
    first, last = known[0], known[-1]
    shared = (first[:n] for n in _LENGTHS if n <= len(first) and first[:n] == last[:n])
    return next(shared, "")


def _unit_of(user: Any) -> Unit | None:
    return Unit.objects.filter(pk__in=user.unit_ids).order_by("pk").first() if user.pk else None


def note(
    thing: Thing,
    warrant: Warrant | None,
    places: dict[str, tuple[date, str]],
    *,
    title: str = "",
    sender: Unit | None = None,
) -> None:
    """Remember that communities (by key: the day and why not) refuse a thing. When the running action ends refused, one record of it
    is kept; outside of actions nothing was tried, and nothing is kept."""
    act = running()
    if act is None:
        return
    key = ("flow.refusal", warrant.pk if warrant else 0, str(thing))
    found = _noted(act, key) or Attempt(Thing(thing), warrant)
    found.places |= places
    found.title, found.sender = title or found.title, sender or found.sender
    act.leave_behind(key, found.write)


def _noted(act: Act, key: Any) -> Attempt | None:
    write = act.left_behind.get(key)
    owner = getattr(write, "__self__", None)
    return owner if isinstance(owner, Attempt) else None

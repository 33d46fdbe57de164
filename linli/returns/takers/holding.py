"""Whose word holds for homes, buildings and organisations, of which no claims are kept: the last change in the history stands for
what is known, the source and day of the roster for what is said (ADR 0022, 0034)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import models
from django.utils import timezone

from linli.registry.sources import knowing
from linli.registry.sources import rules as words_of
from linli.registry.sources.rules import Known
from linli.returns.models import Return

# Values that say nothing: what a record has before anybody said anything.
_NOTHING: Final = frozenset({("tenure", "unknown"), ("is_key", False), ("is_outlet", False)})


class Holding:
    """For one roster: whether its word is taken over what a record says."""

    def __init__(self, returned: Return) -> None:
        self.said = Known("x", returned.source.rank, returned.on)
        self.rank = knowing.kind("visit").rank
        self.after = timezone.make_aware(datetime.combine(returned.on + timedelta(days=1), time()))
        self.then: dict[tuple[type[models.Model], int], Any] = {}
        self.looked: set[type[models.Model]] = set()

    def load(self, model: type[models.Model], ids: Iterable[int]) -> None:
        """How these records were at the end of the roster's day, as far as they were changed since: one query."""
        events: Any = model.pgh_event_model  # type: ignore[attr-defined]
        rows = events.objects.filter(pgh_obj_id__in=list(ids), pgh_created_at__gte=self.after)
        for one in rows.order_by("pgh_obj_id", "pgh_id").distinct("pgh_obj_id"):
            self.then[model, one.pgh_obj_id] = one
        self.looked.add(model)

    def takes(self, record: models.Model, field: str) -> bool:
        """Whether the roster's word on a field is taken."""
        have = getattr(record, field)
        if have in (None, "") or (field, have) in _NOTHING:
            return True
        known = Known("y", self.rank, self._since(record, field))
        return words_of.decide("", known, self.said) == words_of.TAKE

    def _since(self, record: models.Model, field: str) -> Any:
        """The day from which a value counts: after the roster's when it was changed since, or recorded since."""
        model = type(record)
        later = self.said.on + timedelta(days=1) if self.said.on else None
        if model not in self.looked:
            self.load(model, [record.pk])
        then = self.then.get((model, record.pk))
        if then is not None:
            return later if getattr(then, field, None) != getattr(record, field) else None
        updated = getattr(record, "updated_at", None)
        return later if updated is not None and updated >= self.after else None

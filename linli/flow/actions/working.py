"""The frame in which a case is worked on: its row locked, the acting user's part in it known, every deed a step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.functional import cached_property

from linli.access.guard import NotPermitted
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.audit.recording import Act, action
from linli.flow.models import Assignment, Case, CaseStep
from linli.flow.rules.kinds import Actor, Kind, State
from linli.kernel.working_time import Calendar
from linli.office.calendar import current as current_calendar


@dataclass
class Work:
    """A case under its lock. `now` is one moment for the whole deed."""

    case: Case
    user: Any
    act: Act
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar in force."""
        return current_calendar()

    @property
    def kind(self) -> Kind:
        """The table under which the case goes."""
        return self.case.rules

    @property
    def state(self) -> State:
        """The state the case is in."""
        return self.kind.state(self.case.state)

    @property
    def is_system(self) -> bool:
        """Whether the system itself acts."""
        return not self.user.pk

    @cached_property
    def open_assignments(self) -> list[Assignment]:
        """The units that hold the case now, the leading one first."""
        return list(
            self.case.assignments.filter(state__in=Assignment.OPEN)
            .select_related("unit", "handler")
            .order_by("-is_lead", "pk")
        )

    @property
    def mine(self) -> list[Assignment]:
        """The open assignments of the acting user's units."""
        return [one for one in self.open_assignments if one.unit_id in self._units]

    @property
    def _units(self) -> frozenset[int]:
        return frozenset() if self.is_system else self.user.unit_ids

    @property
    def coordinates(self) -> bool:
        """Whether the user is one of the coordinating unit's people (or the system)."""
        return self.is_system or self.case.coordinator_id in self._units

    @property
    def oversees(self) -> bool:
        """Whether the user oversees the place the case is about."""
        return bool(self.user.can(Permission.OVERSEE_CASES, self.case.region_code))

    @property
    def actors(self) -> frozenset[Actor]:
        """In what parts the user may take steps."""
        if self.is_system:
            return frozenset(Actor)
        found = set()
        if any(one.is_lead for one in self.mine):
            found.add(Actor.LEAD)
        if self.mine:
            found.add(Actor.MEMBER)
        if self.case.origin_id in self._units or self.case.opened_by_id == self.user.pk:
            found.add(Actor.ORIGIN)
        if self.case.coordinator_id in self._units:
            found.add(Actor.COORDINATOR)
        return frozenset(found)

    @property
    def unit(self) -> Unit | None:
        """For which unit the user acts: one that holds the case, else one that began or coordinates it, else their own."""
        if self.mine:
            return self.mine[0].unit
        if self.is_system:
            return None
        for unit_id in (self.case.origin_id, self.case.coordinator_id):
            if unit_id in self._units:
                return Unit.objects.get(pk=unit_id)
        return Unit.objects.filter(pk__in=self._units).first()

    def forget_assignments(self) -> None:
        """Read the holders anew after they changed."""
        self.__dict__.pop("open_assignments", None)

    def step(
        self,
        key: str,
        name: str,
        *,
        after: str = "",
        reason: str = "",
        text: str = "",
        unit: Unit | None = None,
    ) -> CaseStep:
        """Append what happened, with the state it leads to (else the one it is in); save the case and the event."""
        before = self.case.state
        last = self.case.steps.aggregate(last=Max("number"))["last"] or 0
        self.case.state = after or before
        self.case.save()
        made = CaseStep.objects.create(
            case=self.case,
            number=last + 1,
            key=key,
            name=name,
            before=before if after and after != before else "",
            after=self.case.state,
            unit=unit or self.unit,
            user_id=self.user.pk or None,
            user_name=self.user.name,
            reason=reason.strip(),
            text=text.strip(),
            at=self.now,
        )
        self.act.record(
            self.case, f"{self.case.number}：{name}" + (f"，{text.strip()}" if text.strip() else "")
        )
        return made


@contextmanager
def on_case(acting_user: Any, case: Case, verb: str, *, reason: str = "") -> Iterator[Work]:
    """Lock the case and work on it. Raises NotPermitted when the acting user may not see it."""
    with action(acting_user, verb, reason=reason.strip()) as act:
        rows = Case.objects.all() if not acting_user.pk else Case.objects.visible(acting_user)
        if not rows.filter(pk=case.pk).exists():
            raise NotPermitted(Permission.HANDLE_CASES)
        kept = (
            Case.objects.select_for_update(of=("self",))
            .select_related("edition__kind", "origin", "coordinator")
            .get(pk=case.pk)
        )
        yield Work(kept, acting_user, act)

"""What a user can do with a case and its tasks now: which buttons stand on its page, which forms open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linli.audit.recording import Act
from linli.flow import owners
from linli.flow.actions.working import Work
from linli.flow.models import Assignment, Case
from linli.flow.rules.kinds import Step


def look(case: Case, user: Any) -> Work:
    """The case as the user stands to it, without a lock: for showing, not for writing."""
    return Work(case, user, Act(user, "", ""))


def steps(work: Work) -> list[Step]:
    """The steps that lead on from here and are the user's to take."""
    return [step for step in work.kind.steps_from(work.case.state) if set(step.by) & work.actors]


def moves(work: Work) -> list[tuple[Step, str]]:
    """The user's steps, each with the address where the kind's room takes it ("" where the case's own page does)."""
    return [(step, owners.address(work.kind.key, step.key, work.case)) for step in steps(work)]


def may_call_others(work: Work) -> bool:
    """Whether the user may give the case to further units, or take tasks back."""
    return work.case.closed_at is None and (work.coordinates or any(one.is_lead for one in work.mine))


def may_extend(work: Work) -> bool:
    """Whether the user may give more time."""
    return work.coordinates or work.oversees


@dataclass(frozen=True)
class TaskRights:
    """What the user can do with one unit's task."""

    work: Work
    task: Assignment

    @property
    def is_open(self) -> bool:
        """Whether the unit still holds it."""
        return self.task.ended_at is None

    @property
    def _ours(self) -> bool:
        return self.is_open and self.task.unit_id in self.work.user.unit_ids

    @property
    def _mine(self) -> bool:
        return self._ours and self.task.handler_id in (None, self.work.user.pk)

    @property
    def claim(self) -> bool:
        """Take it on."""
        return self._ours and self.task.handler_id is None

    @property
    def report(self) -> bool:
        """Say what was done; the leading unit takes a step instead."""
        return self._mine and not self.task.is_lead

    @property
    def report_url(self) -> str:
        """Where it is reported, when the kind's room has a page of its own for it."""
        return owners.address(self.work.kind.key, owners.REPORT, self.work.case)

    @property
    def hand_over(self) -> bool:
        """Give it to a colleague."""
        return self._mine or (self.is_open and self.work.oversees)

    @property
    def send_back(self) -> bool:
        """Refuse it."""
        return self._mine and self.work.case.coordinator_id not in (None, self.task.unit_id)

    @property
    def withdraw(self) -> bool:
        """Take it back from the unit."""
        return self.is_open and not self.task.is_lead and may_call_others(self.work)

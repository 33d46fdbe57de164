"""Reading merged askings: which forms can be asked as one, what that saves, who is to say something to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from linli.access.roles import Permission
from linli.collecting import joint_rules, reading, rules, shapes
from linli.collecting.common_form import common_of
from linli.collecting.joint_rules import Common, CommonList, Saving
from linli.collecting.models import FormList, FormPart, FormTask, Joined, Joint
from linli.collecting.reading import Meeting
from linli.collecting.rules import JointState, Stance
from linli.facts import plan, sight
from linli.kernel.scope import Scope
from linli.ledgers.actions import words
from linli.ledgers.filling.scope import wish_for
from linli.ledgers.recognition import ROSTER, Recognition
from linli.office.calendar import current


def can_be_joined(task: FormTask) -> bool:
    """Whether a form is one that several departments may ask as one: nothing but rosters of known populations, one of the form or
    several."""
    return (
        not task.is_merged
        and task.closed_at is None
        and all(
            one.kind == ROSTER and one.fillable and one.regions is None
            for one in task.recognition.regions_of_form
        )
    )


def open_communities(tasks: Iterable[FormTask]) -> dict[int, list[str]]:
    """Of issued forms: the communities whose copy nobody has checked yet, and that is not asked together with others already."""
    found: dict[int, list[str]] = {one.pk: [] for one in tasks}
    parts = FormPart.objects.to_fill().filter(task__in=list(found), state__in=rules.JOINABLE)
    for task, key in parts.order_by("region_code").values_list("task_id", "region_code"):
        found[task].append(key)
    return found


@dataclass(frozen=True)
class Partner:
    """A form that can be asked as one with another: what both ask, of which communities it is asked, until when; the proposal that it
    is in already, if there is one."""

    task: FormTask
    labels: tuple[str, ...]
    communities: tuple[str, ...]
    on: date
    due_on: date
    purpose: str
    joint: Joint | None = None


def partners(task: FormTask, communities: Iterable[str] | None = None) -> list[Partner]:
    """Other forms about the same people that ask some of the same and can still be asked as one: issued ones that nobody has checked
    yet, and drafts whose departments have proposed it. Of these communities, else of the item's region. The most alike first."""
    if not can_be_joined(task):
        return []
    wanted = None if communities is None else set(communities)
    area = Scope.of(task.warrant.region_code)
    proposed = Joined.objects.filter(joint__state=JointState.PROPOSED).exclude(stance=Stance.DECLINED)
    rows = (
        FormList.objects.filter(task__joint=None, task__closed_at=None)
        .filter(Q(task__issued_at__isnull=False) | Q(task__in=proposed.values("task")))
        .select_related("task__unit", "task__warrant")
        .prefetch_related(Prefetch("task__joinings", proposed.select_related("joint"), to_attr="proposals"))
    )
    labels: dict[int, list[str]] = {}
    tasks: dict[int, Any] = {}
    for met in reading.meetings(task, rows):
        other = met.other.task
        if can_be_joined(other) and _same_people(task, met):
            tasks[other.pk] = other
            labels.setdefault(other.pk, []).extend(met.labels)
    found = list(tasks.values())
    where = open_communities(one for one in found if not one.is_draft)
    made = []
    for one in found:
        joined: Joined | None = next(iter(one.proposals), None)
        keys = joined.communities if one.is_draft and joined is not None else where.get(one.pk, [])
        keys = [key for key in keys if (key in wanted if wanted is not None else key in area)]
        if not keys:
            continue
        if joined is not None:
            terms = (joined.on, joined.due_on, joined.purpose)
        elif one.on is not None and one.due_on is not None:
            terms = (one.on, one.due_on, one.purpose)
        else:
            continue
        shared = tuple(dict.fromkeys(labels[one.pk]))
        made.append(Partner(one, shared, tuple(keys), *terms, joined.joint if joined is not None else None))
    return sorted(made, key=lambda one: (-len(one.labels), one.task.pk))


def _same_people(task: FormTask, met: Meeting) -> bool:
    theirs = met.other.task.recognition.regions_of_form[met.other.number]
    return shapes.same_people(task.recognition.regions_of_form[met.mine], theirs)


def proposal_of(task: FormTask) -> Joint | None:
    """The proposal that a form is in and that waits for a decision."""
    return (
        Joint.objects.proposed()
        .filter(members__in=Joined.objects.filter(task=task).exclude(stance=Stance.DECLINED))
        .first()
    )


def may_propose(user: Any, task: FormTask) -> bool:
    """Whether the user may propose that a form be asked as one with others: its department, and, of an issued one, who coordinates
    what comes into any of its communities."""
    if not can_be_joined(task) or proposal_of(task) is not None:
        return False
    if reading.sends(user, task):
        return True
    if task.is_draft or not user.can(Permission.COORDINATE_AGENDA):
        return False
    return any(user.can(Permission.COORDINATE_AGENDA, key) for key in open_communities([task])[task.pk])


def members_of(joint: Joint) -> list[Joined]:
    """The forms that take part, those that do not last."""
    rows = joint.members.select_related("task__unit", "task__warrant", "said_by")
    return sorted(rows, key=lambda one: (one.stance == Stance.DECLINED, one.pk))


def asked_by(members: Sequence[Joined]) -> dict[int, list[str]]:
    """Of which communities each form that takes part is asked now."""
    open_now = open_communities(one.task for one in members if not one.task.is_draft)
    return {
        one.task_id: one.communities
        if one.task.is_draft
        else [key for key in one.communities if key in set(open_now[one.task_id])]
        for one in members
        if one.stance != Stance.DECLINED
    }


@dataclass(frozen=True)
class Outlook:
    """What a merged asking would be: its lists, the communities in which just which forms come together, what it saves (None where
    the user may not know how many people there are)."""

    lists: list[CommonList]
    groups: dict[frozenset[int], list[str]]
    saving: Saving | None

    @property
    def common(self) -> list[Common]:
        """The columns of all its lists."""
        return [one for listed in self.lists for one in listed.columns]

    @property
    def communities(self) -> list[str]:
        """The communities in which something comes together."""
        return sorted(key for keys in self.groups.values() for key in keys)

    @property
    def columns_apart(self) -> int:
        """How many columns the forms have that ask something."""
        return sum(len(one.needs) for one in self.common)


def outlook(tasks: Sequence[FormTask], asked: Mapping[int, Iterable[str]], on: date, user: Any) -> Outlook:
    """What these forms come to when they are asked as one in the communities where at least two of them are asked."""
    groups = joint_rules.together(asked)
    part = {form for forms in groups for form in forms}
    taking = [one for one in tasks if one.pk in part]
    lists = common_of(taking)
    return Outlook(lists, groups, _saving(taking, lists, groups, on, user))


def _saving(
    tasks: Sequence[FormTask],
    lists: Sequence[CommonList],
    groups: Mapping[frozenset[int], Sequence[str]],
    on: date,
    user: Any,
) -> Saving | None:
    if not tasks:
        return None
    known = {
        (task.pk, number): listed
        for task in tasks
        for number, listed in enumerate(task.recognition.regions_of_form)
    }
    found = []
    for one in lists:
        rows = _records(known[one.first], one, groups, on, user)
        if rows is None:
            return None
        found.append(joint_rules.saving(one.columns, rows))
    return joint_rules.in_all(found)


def _records(
    recognition: Recognition,
    listed: CommonList,
    groups: Mapping[frozenset[int], Sequence[str]],
    on: date,
    user: Any,
) -> dict[frozenset[int], tuple[int, int]] | None:
    """How many communities there are in which just which forms come together, and how many records of a list there; None where the user
    may not know."""
    terms, population = words(), recognition.population
    rows = {}
    for forms, keys in groups.items():
        scopes = tuple(Scope.of(key) for key in keys)
        if not forms & listed.forms:
            rows[forms] = (len(keys), 0)
            continue
        if sight.withheld(
            population.subject,
            user,
            scopes,
            paths=[path for path, _codes in population.filters],
            conditions=population.conditions,
            words=terms,
        ):
            return None
        wish = wish_for(recognition, [], terms, scopes, on)
        rows[forms] = (len(keys), int(plan.total(wish, words=terms)))
    return rows


def decides(user: Any, joint: Joint) -> bool:
    """Whether the user coordinates what comes into all of its communities."""
    return bool(user.can(Permission.COORDINATE_AGENDA, joint.region_code))


def speaks_for(user: Any, member: Joined) -> bool:
    """Whether the form is of the user's unit."""
    return reading.sends(user, member.task)


def listed(user: Any) -> QuerySet[Joint]:
    """The merged askings that a user may see, with their forms."""
    return (
        Joint.objects.visible(user)
        .select_related("proposed_by")
        .prefetch_related(Prefetch("members", Joined.objects.select_related("task__unit")))
    )


def earliest(members: Iterable[Joined], today: date) -> date:
    """The last day of a merged asking: the earliest that anybody needs, never one that is over."""
    return max(min(one.due_on for one in members), current().add_working_days(today, 1))


def latest(members: Iterable[Joined]) -> date:
    """The day whose state is asked: the latest that anybody wants."""
    return min(max(one.on for one in members), timezone.localdate())

"""Reading form tasks: what else asks the same, under which items one may issue, how far the communities are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.collecting import rules, shapes
from linli.collecting.models import OPEN, FormList, FormPart, FormTask
from linli.collecting.rules import Asked, State
from linli.facts import plan, sight
from linli.facts.figures import narrowed
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.kernel.scope import Scope
from linli.ledgers.actions import words
from linli.ledgers.filling.scope import narrowing_of, wish_for
from linli.regions.models import KEY_LENGTH, Level, Region

STREET, COMMUNITY = KEY_LENGTH[Level.STREET], KEY_LENGTH[Level.COMMUNITY]


def own_warrants(user: Any) -> QuerySet[Warrant]:
    """The warrants of the user's units that let forms through and have not run out."""
    return Warrant.objects.filter(
        Q(period__endswith__isnull=True) | Q(period__endswith__gt=timezone.localdate()),
        issuer__in=user.unit_ids,
        things__contains=[Thing.FORM.value],
    ).select_related("issuer")


def communities(user: Any, region_code: str) -> QuerySet[Region]:
    """The communities of a region to which the user may send."""
    return Region.objects.filter(
        scopes_q("region_code", user.scopes(Permission.SEND_TO_COMMUNITIES)),
        level=Level.COMMUNITY,
        region_code__startswith=region_code,
        valid_to__isnull=True,
    ).order_by("region_code")


@dataclass(frozen=True)
class Same:
    """Another task that asks some of the same: which columns, of how many of the communities, of whom, and whether it is over."""

    task: FormTask
    labels: tuple[str, ...]
    communities: int
    is_open: bool
    people: str = ""

    @property
    def share(self) -> str:
        """How much of the form that is, in words."""
        return f"{len(self.labels)} 列"


@dataclass(frozen=True)
class Meeting:
    """A list of a task and a list of another that ask some of the same: what both ask, by the dictionary's names or the headings."""

    mine: int
    other: FormList
    labels: tuple[str, ...]


def meetings(task: FormTask, rows: QuerySet[FormList]) -> list[Meeting]:
    """Which of these lists of other tasks ask the same elements about the same kind of record as the task's own lists. Names alone make
    no lists the same: every roster of people has them."""
    own = [
        (number, shapes.subject_of(listed), {one.key: one for one in (*asked.held, *asked.new)})
        for number, listed in enumerate(task.recognition.regions_of_form)
        for asked in [rules.held(listed.mappings)]
    ]
    alike = Q(pk__in=())
    for _number, subject, keys in own:
        wanted = list(keys)
        alike |= Q(subject=subject) & (Q(elements__overlap=wanted) | Q(new_labels__overlap=wanted))
    found = []
    for other in rows.filter(alike).exclude(task=task.pk).order_by("task", "number"):
        for number, subject, keys in own:
            shared = [keys[key] for key in (*other.elements, *other.new_labels) if key in keys]
            if subject == other.subject and any(each.element not in IDENTITY for each in shared):
                labels = tuple(dict.fromkeys(_called(each) for each in shared))
                found.append(Meeting(number, other, labels))
    return found


def asked_elsewhere(task: FormTask, keys: Iterable[str] | None = None, user: Any = None) -> list[Same]:
    """Other tasks that ask the same elements, of the same people, in the same communities (all of the item's region without `keys`):
    open ones, and those of the last ninety days. The most alike first. How many people both ask is counted where the user may know
    of whom the forms are; else it is told by the words of their populations alone."""
    if keys is None:
        scope = Scope.of(task.warrant.region_code)
        where = Q(task__parts__region_code__gte=scope.low, task__parts__region_code__lt=scope.high)
    else:
        where = Q(task__parts__region_code__in=sorted(set(keys)))
    since = timezone.now() - timedelta(days=rules.KEPT_FOR)
    rows = (
        FormList.objects.filter(
            Q(task__closed_at__isnull=True) | Q(task__issued_at__gte=since),
            task__issued_at__isnull=False,
            task__joint=None,
        )
        .annotate(
            reached=Count(
                "task__parts", filter=where & ~Q(task__parts__state=State.WITHDRAWN.value), distinct=True
            )
        )
        .filter(reached__gt=0)
        .select_related("task__unit")
    )
    by_task: dict[int, list[tuple[Meeting, str]]] = {}
    for one in meetings(task, rows):
        people = same_people(task, one.mine, one.other, user)
        if people is not None:
            by_task.setdefault(one.other.task_id, []).append((one, people))
    made = []
    for told in by_task.values():
        other: Any = told[0][0].other
        labels = tuple(dict.fromkeys(label for one, _people in told for label in one.labels))
        said = "；".join(dict.fromkeys(people for _one, people in told if people))
        made.append(Same(other.task, labels, other.reached, other.task.closed_at is None, said))
    return sorted(made, key=lambda same: (-len(same.labels), -same.task.pk))


def same_people(task: FormTask, which: int, other: FormList, user: Any) -> str | None:
    """How far a list of a task and one of another are about the same people or things, in words; None where they are about different ones.

    Lists of different groups share columns and nobody: that is no asking twice."""
    mine = task.recognition.regions_of_form[which]
    theirs = other.task.recognition.regions_of_form[other.number]
    subject = shapes.subject_of(mine)
    if not subject:
        return ""
    said = rules.alike(
        (mine.population.conditions, mine.population.filters),
        (theirs.population.conditions, theirs.population.filters),
    )
    if said == rules.SAME_PEOPLE or user is None:
        return said
    keys = list(other.task.parts.exclude(state=State.WITHDRAWN).values_list("region_code", flat=True))
    inside = Scope.of(task.region_code)
    scopes = tuple(Scope.of(key) for key in keys if key in inside)
    if not scopes:
        return said
    terms = words()
    conditions = [*mine.population.conditions, *theirs.population.conditions]
    paths = [path for path, _codes in (*mine.population.filters, *theirs.population.filters)]
    if sight.withheld(subject, user, scopes, paths=paths, conditions=conditions, words=terms):
        return said
    on = timezone.localdate()
    alone = wish_for(mine, [], terms, scopes, on)
    both = replace(alone, conditions=tuple(dict.fromkeys(conditions)))
    both = narrowed(both, [narrowing_of(path, codes) for path, codes in theirs.population.filters], terms)
    whole = int(plan.total(alone, words=terms))
    shared = int(plan.total(both, words=terms)) if whole else 0
    if not shared:
        return None
    percent = shared * 100 // whole
    return f"本表 {shared:,} / {whole:,} 条两边都要（{percent}%）"


IDENTITY = frozenset(
    ("name", "sex", "birth_date", "age", "id_number", "id_kind", "community", "street", "district")
)


def _called(one: Asked) -> str:
    return one.element_label or one.label


def counted(rows: QuerySet) -> QuerySet:
    """Tasks with how many copies wait, are sent, are late."""
    today = timezone.localdate()
    waiting = Q(parts__state__in=OPEN)
    return rows.annotate(
        total=Count("parts", filter=~Q(parts__state=State.WITHDRAWN.value)),
        signed=Count("parts", filter=Q(parts__state=State.SIGNED.value)),
        waiting=Count("parts", filter=waiting),
        late=Count("parts", filter=waiting & Q(due_on__lt=today)),
    )


def receives(user: Any, part: FormPart) -> bool:
    """Whether the user fills the copy: one of the community's people."""
    return bool(user.can(Permission.RECEIVE_FORMS, part.region_code))


def signs(user: Any, part: FormPart) -> bool:
    """Whether the user signs for the community."""
    return bool(user.can(Permission.SIGN_FORMS, part.region_code))


def sends(user: Any, task: FormTask) -> bool:
    """Whether the task is of the user's unit: it watches, takes back and gets what is sent. The common form of a merged asking is
    nobody's own."""
    return (
        not task.is_merged
        and task.unit_id in user.unit_ids
        and bool(user.can(Permission.SEND_TO_COMMUNITIES))
    )

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
from linli.collecting import rules
from linli.collecting.models import OPEN, FormPart, FormTask
from linli.collecting.rules import Asked, State
from linli.facts import plan, sight
from linli.facts.figures import Narrowing, narrowed
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.kernel.scope import Scope
from linli.ledgers.actions import words
from linli.ledgers.filling.scope import wish_for
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


def asked_elsewhere(task: FormTask, keys: Iterable[str] | None = None, user: Any = None) -> list[Same]:
    """Other tasks that ask the same elements, of the same people, in the same communities (all of the item's region without `keys`):
    open ones, and those of the last ninety days. The most alike first. How many people both ask is counted where the user may know
    of whom the forms are; else it is told by the words of their populations alone."""
    asked = rules.held(task.recognition.mappings)
    mine = {one.key: one for one in (*asked.held, *asked.new)}
    if keys is None:
        scope = Scope.of(task.warrant.region_code)
        where = Q(parts__region_code__gte=scope.low, parts__region_code__lt=scope.high)
    else:
        where = Q(parts__region_code__in=sorted(set(keys)))
    since = timezone.now() - timedelta(days=rules.KEPT_FOR)
    found = (
        FormTask.objects.filter(Q(closed_at__isnull=True) | Q(issued_at__gte=since), issued_at__isnull=False)
        .filter(subject=task.subject, joint=None)
        .filter(Q(elements__overlap=task.elements) | Q(new_labels__overlap=task.new_labels))
        .exclude(pk=task.pk)
        .annotate(
            reached=Count("parts", filter=where & ~Q(parts__state=State.WITHDRAWN.value), distinct=True)
        )
        .filter(reached__gt=0)
        .select_related("unit")
    )
    made = []
    for one in found:
        shared = [mine[key] for key in (*one.elements, *one.new_labels) if key in mine]
        names = tuple(dict.fromkeys(_called(each) for each in shared))
        # A name alone makes no form the same: every roster of people has one.
        if not any(each.element not in IDENTITY for each in shared):
            continue
        people = same_people(task, one, user)
        if people is not None:
            made.append(Same(one, names, one.reached, one.closed_at is None, people))
    return sorted(made, key=lambda same: (-len(same.labels), -same.task.pk))


def same_people(task: FormTask, other: FormTask, user: Any) -> str | None:
    """How far two tasks are about the same people or things, in words; None where they are about different ones.

    Forms of different groups share columns and nobody: that is no asking twice."""
    if not task.subject:
        return ""
    mine, theirs = task.recognition, other.recognition
    said = rules.alike(
        (mine.population.conditions, mine.population.filters),
        (theirs.population.conditions, theirs.population.filters),
    )
    if said == rules.SAME_PEOPLE or user is None:
        return said
    keys = list(other.parts.exclude(state=State.WITHDRAWN).values_list("region_code", flat=True))
    inside = Scope.of(task.region_code)
    scopes = tuple(Scope.of(key) for key in keys if key in inside)
    if not scopes:
        return said
    terms = words()
    conditions = [*mine.population.conditions, *theirs.population.conditions]
    paths = [path for path, _codes in (*mine.population.filters, *theirs.population.filters)]
    if sight.withheld(task.subject, user, scopes, paths=paths, conditions=conditions, words=terms):
        return said
    on = timezone.localdate()
    alone = wish_for(mine, [], terms, scopes, on)
    both = replace(alone, conditions=tuple(dict.fromkeys(conditions)))
    both = narrowed(both, [Narrowing(path, tuple(codes)) for path, codes in theirs.population.filters], terms)
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

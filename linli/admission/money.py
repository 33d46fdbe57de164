"""Money as pages show it: what is due when, summed over communities; what is late, by department."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import Left
from django.utils import timezone

from linli.admission.models import Application, Instalment
from linli.regions import names


@dataclass(frozen=True)
class Group:
    """The instalments of one application that are due on one day: in how many communities what was paid and what came agree or not.
    `only` is the instalment where the user sees that of one community."""

    application: Application
    since: date
    until: date
    due_on: date
    communities: int
    amount: Decimal
    paid: Decimal
    agreed: int = 0
    disputed: int = 0
    only: Instalment | None = None

    @property
    def rest(self) -> Decimal:
        """What is still to be paid (元)."""
        return self.amount - self.paid

    @property
    def is_late(self) -> bool:
        """Whether it should have been paid before today."""
        return self.rest > 0 and self.due_on < timezone.localdate()

    @property
    def standing(self) -> tuple[str, str]:
        """How it stands, as a word and its tone."""
        if self.rest <= 0:
            return "已付清", "ok"
        if self.is_late:
            return "已逾期", "danger"
        return ("付了一部分", "warn") if self.paid > 0 else ("未到期", "")


def grouped(rows: QuerySet[Instalment]) -> list[Group]:
    """Instalments summed by application and day due, the earliest first."""
    found = list(
        rows.order_by()
        .values("admission__application", "due_on", "since", "until")
        .annotate(
            n=Count("pk"),
            total=Sum("amount"),
            settled=Sum("paid"),
            agreed=Count("pk", filter=Q(said_at__isnull=False, received=F("paid"))),
            disputed=Count("pk", filter=Q(said_at__isnull=False) & ~Q(received=F("paid"))),
            one=Min("pk"),
        )
        .order_by("due_on", "admission__application", "since")
    )
    held = Application.objects.select_related("unit", "case").in_bulk(
        {one["admission__application"] for one in found}
    )
    single = Instalment.objects.in_bulk([one["one"] for one in found if one["n"] == 1])
    return [
        Group(
            held[one["admission__application"]],
            one["since"],
            one["until"],
            one["due_on"],
            one["n"],
            one["total"],
            one["settled"],
            one["agreed"],
            one["disputed"],
            single.get(one["one"]),
        )
        for one in found
    ]


def groups_of(application: Application, user: Any) -> list[Group]:
    """An application's schedule as far as the user sees it."""
    rows: Any = Instalment.objects.visible(user).filter(admission__application=application)
    return grouped(rows)


@dataclass(frozen=True)
class Payer:
    """A department, or the communities of a district or street: what should have been paid by today, what was paid, what is late, what
    communities say has come, in how many instalments that differs, how many items rest for it."""

    name: str
    due: Decimal
    paid: Decimal
    late: Decimal
    received: Decimal
    disputed: int
    suspended: int


def payers(rows: QuerySet[Instalment]) -> list[Payer]:
    """The departments that have promised money, those that owe most first."""
    found = _summed(rows.order_by().values(name=F("unit__name")))
    return sorted(found, key=lambda one: (-one.late, one.name))


def places(rows: QuerySet[Instalment]) -> list[Payer]:
    """The same by district where there are several in sight, else by street; nothing where all lie in one street."""
    for length in (6, 9):
        found = list(_summed(rows.order_by().values(name=Left("region_code", length))))
        if len(found) > 1:
            return [replace(one, name=names.title(one.name)) for one in sorted(found, key=lambda o: o.name)]
    return []


def _summed(rows: Any) -> Iterator[Payer]:
    past = Q(due_on__lt=timezone.localdate())
    zero = Decimal(0)
    for one in rows.annotate(
        due=Sum("amount", filter=past),
        settled=Sum("paid"),
        late=Sum(F("amount") - F("paid"), filter=past & Q(paid__lt=F("amount"))),
        came=Sum("received"),
        disputed=Count("pk", filter=Q(said_at__isnull=False) & ~Q(received=F("paid"))),
        rests=Count("admission", filter=Q(admission__arrears_since__isnull=False), distinct=True),
    ):
        yield Payer(
            one["name"],
            one["due"] or zero,
            one["settled"] or zero,
            one["late"] or zero,
            one["came"] or zero,
            one["disputed"],
            one["rests"],
        )

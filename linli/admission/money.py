"""Money as pages show it: what is due when, summed over communities; what is late, by department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from linli.admission.models import Application, Instalment


@dataclass(frozen=True)
class Group:
    """The instalments of one application that are due on one day."""

    application: Application
    since: date
    until: date
    due_on: date
    communities: int
    amount: Decimal
    paid: Decimal

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
        .annotate(n=Count("pk"), total=Sum("amount"), settled=Sum("paid"))
        .order_by("due_on", "admission__application", "since")
    )
    held = Application.objects.select_related("unit", "case").in_bulk(
        {one["admission__application"] for one in found}
    )
    return [
        Group(
            held[one["admission__application"]],
            one["since"],
            one["until"],
            one["due_on"],
            one["n"],
            one["total"],
            one["settled"],
        )
        for one in found
    ]


def groups_of(application: Application, user: Any) -> list[Group]:
    """An application's schedule as far as the user sees it."""
    rows: Any = Instalment.objects.visible(user).filter(admission__application=application)
    return grouped(rows)


@dataclass(frozen=True)
class Payer:
    """A department: what it should have paid by today, what it paid, what is late, how many of its items rest for it."""

    name: str
    due: Decimal
    paid: Decimal
    late: Decimal
    suspended: int


def payers(rows: QuerySet[Instalment]) -> list[Payer]:
    """The departments that have promised money, those that owe most first."""
    today = timezone.localdate()
    past = Q(due_on__lt=today)
    zero = Decimal(0)
    found = (
        rows.order_by()
        .values("unit__name")
        .annotate(
            due=Sum("amount", filter=past),
            settled=Sum("paid"),
            late=Sum(F("amount") - F("paid"), filter=past & Q(paid__lt=F("amount"))),
            rests=Count("admission", filter=Q(admission__arrears_since__isnull=False), distinct=True),
        )
    )
    made = [
        Payer(
            one["unit__name"], one["due"] or zero, one["settled"] or zero, one["late"] or zero, one["rests"]
        )
        for one in found
    ]
    return sorted(made, key=lambda one: (-one.late, one.name))

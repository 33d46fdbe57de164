"""What was asked off the list, counted by department: refused by the gate, reported by communities, come as an unlisted visit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, NullIf, TruncDate

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.flow.models import Refusal, RefusedPlace
from linli.gate.agenda.models import State, Visit
from linli.gate.offlist import rules
from linli.gate.offlist.models import Report

VIEW = Permission.VIEW_OFFLIST
NOBODY = Value("没有写明单位", output_field=TextField())


def refusals_of(user: Any) -> QuerySet[Refusal]:
    """What the gate refused, as far as the user may see it: for a community of one's area, or wanted by one's own department."""
    if not getattr(user, "is_authenticated", False):
        return Refusal.objects.none()
    mine = user.unit_ids if user.pk else ()
    return Refusal.objects.filter(Q(unit__in=mine) | Exists(places_of(user).filter(refusal=OuterRef("pk"))))


def places_of(user: Any) -> QuerySet[RefusedPlace]:
    """The communities of what the gate refused, of one's area."""
    return RefusedPlace.objects.filter(scopes_q("region_code", user.scopes(VIEW)))


def seen_places(user: Any) -> QuerySet[RefusedPlace]:
    """The communities of what the gate refused, of one's area and of what one's own department wanted."""
    return RefusedPlace.objects.filter(
        Q(refusal__unit__in=user.unit_ids) | scopes_q("region_code", user.scopes(VIEW))
    )


def unlisted_of(user: Any) -> QuerySet[Visit]:
    """The inspections and meetings that came without the gate, of one's area and those of one's own department."""
    return Visit.objects.filter(is_unlisted=True, state=State.DONE).filter(
        Q(unit__in=user.unit_ids) | scopes_q("region_code", user.scopes(VIEW))
    )


@dataclass
class Row:
    """A department in a year. `refused` are attempts: the same thing tried again on the same day is one; `places` are communities of
    them, each attempt's for itself. `months` counts what reached communities: confirmed reports and unlisted visits."""

    name: str
    refused: int = 0
    places: int = 0
    reported: int = 0
    waiting: int = 0
    confirmed: int = 0
    unlisted: int = 0
    months: list[int] = field(default_factory=lambda: [0] * 12)

    @property
    def reached(self) -> int:
        """How often something reached a community off the list, as found."""
        return self.confirmed + self.unlisted


def _who() -> Any:
    return Coalesce("unit__name", NullIf("unit_name", Value("", output_field=TextField())), NOBODY)


def departments(
    places: QuerySet[RefusedPlace], reports: QuerySet[Report], visits: QuerySet[Visit], year: int
) -> list[Row]:
    """The departments with their figures of a year, those that reached communities most often first."""
    rows: dict[str, Row] = {}

    def of(name: str) -> Row:
        return rows.setdefault(name, Row(name))

    tried = places.filter(refusal__at__year=year).annotate(
        name=Coalesce("refusal__unit__name", NOBODY), tried_on=TruncDate("refusal__at")
    )
    for name, *_what, n in (
        tried.order_by()
        .values_list("name", "refusal__warrant", "refusal__thing", "tried_on")
        .annotate(n=Count("region_code", distinct=True))
    ):
        of(name).refused += 1
        of(name).places += n
    said = reports.filter(asked_on__year=year, withdrawn_at__isnull=True).annotate(name=_who())
    for name, month, outcome, n in (
        said.order_by().values_list("name", "asked_on__month", "outcome").annotate(n=Count("pk"))
    ):
        row = of(name)
        row.reported += n
        if not outcome:
            row.waiting += n
        elif outcome in rules.CONFIRMED:
            row.confirmed += n
            row.months[month - 1] += n
    came = visits.filter(day__year=year).annotate(name=_who())
    for name, month, n in came.order_by().values_list("name", "day__month").annotate(n=Count("pk")):
        of(name).unlisted += n
        of(name).months[month - 1] += n
    return sorted(rows.values(), key=lambda one: (-one.reached, -one.refused, one.name))


def years(
    places: QuerySet[RefusedPlace], reports: QuerySet[Report], visits: QuerySet[Visit], today: date
) -> list[int]:
    """The years of which there is something to tell, this one included, the newest first."""
    found = {today.year}
    found |= {one.year for one in reports.dates("asked_on", "year")}
    found |= {one.year for one in visits.dates("day", "year")}
    found |= {one.year for one in Refusal.objects.filter(places__in=places).dates("at", "year")}
    return sorted(found, reverse=True)


def asked_year(text: str, offered: Iterable[int]) -> int:
    """The year of an address among those offered, else the newest."""
    known = list(offered)
    wanted = int(text) if text.isdecimal() and len(text) == 4 else 0
    return wanted if wanted in known else known[0]

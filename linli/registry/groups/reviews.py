"""What falls due of memberships: reviews and ends, each carried to its end with a record of what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from linli.audit.recording import RuleError
from linli.kernel.scope import Scope
from linli.registry.groups import seeing
from linli.registry.groups.models import Matter, Membership, Outcome, Review, Upper

SOON_DAYS = 30  # what is due within so many days is listed
LOOK_BACK_DAYS = 180  # an end that nobody decided on is listed for so many days


def due(rows: QuerySet[Membership], on: date, *, days: int = SOON_DAYS) -> QuerySet[Membership]:
    """Those memberships of living people whose review or end falls due within `days`, or has fallen due and nobody decided,
    with `matter` and `due_on`. An end comes before a review of the same day or later."""
    last = on + timedelta(days=days)

    def decided(matter: Matter, field: Any) -> Exists:
        return Exists(Review.objects.filter(membership=OuterRef("pk"), matter=matter, due_on=field))

    rows = rows.filter(person__death_date__isnull=True).annotate(ends_on=Upper("period"))
    ends = Q(
        ends_on__gt=on - timedelta(days=LOOK_BACK_DAYS), ends_on__lte=last, period__upper_inf=False
    ) & ~decided(Matter.EXPIRY, OuterRef("ends_on"))
    review = Q(review_on__lte=last) & (Q(period__upper_inf=True) | Q(ends_on__gt=on))
    return rows.filter(ends | review).annotate(
        matter=Case(When(ends, then=Value(Matter.EXPIRY.value)), default=Value(Matter.REVIEW.value)),
        due_on=Case(When(ends, then=F("ends_on")), default=F("review_on"), output_field=DateField()),
    )


_COUNTS = """
SELECT left(m.region_code, %(length)s), m.group_id, count(*), count(*) FILTER (WHERE d.due_on < %(on)s::date), min(d.due_on)
FROM groups_membership m
JOIN groups_group g ON g.id = m.group_id AND g.is_active
JOIN people_person p ON p.id = m.person_id AND p.death_date IS NULL
CROSS JOIN LATERAL (
    SELECT CASE WHEN upper(m.period) > %(on)s::date - %(back)s AND upper(m.period) <= %(on)s::date + %(days)s
        AND NOT EXISTS (SELECT 1 FROM groups_review r WHERE r.membership_id = m.id AND r.matter = 'expiry'
            AND r.due_on = upper(m.period))
        THEN upper(m.period)
        WHEN m.review_on <= %(on)s::date + %(days)s AND (upper_inf(m.period) OR upper(m.period) > %(on)s::date)
        THEN m.review_on END AS due_on
) d
WHERE d.due_on IS NOT NULL AND m.region_code >= %(low)s AND m.region_code < %(high)s AND (
    m.review_on <= %(on)s::date + %(days)s
    OR (NOT upper_inf(m.period) AND upper(m.period) BETWEEN %(on)s::date - %(back)s AND %(on)s::date + %(days)s)
)
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Due:
    """What is due of a group in a community: how many, of these how many already overdue, and the earliest day."""

    number: int
    overdue: int
    first: date


def counts(on: date, *, length: int, within: str = "") -> dict[tuple[str, int], Due]:
    """What is due in each community (region keys cut to `length`) of each group, `within` a region;
    one query."""
    low, high = Scope.of(within)
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS,
            {"on": on, "length": length, "days": SOON_DAYS, "back": LOOK_BACK_DAYS, "low": low, "high": high},
        )
        return {(region, group): Due(n, late, first) for region, group, n, late, first in cursor.fetchall()}


def visible(user: Any, on: date) -> QuerySet[Membership]:
    """What is due and the user's to deal with."""
    rows: QuerySet[Membership] = seeing.memberships(user) & Membership.objects.permitted(user, seeing.EDIT)
    return due(rows.filter(group__is_active=True), on)


def note(
    membership: Membership,
    *,
    matter: Matter,
    due_on: date,
    outcome: Outcome,
    on: date,
    reason: str = "",
    user: Any = None,
) -> Review:
    """Write down what became of what was due; a second decision on the same replaces the first. Called by the actions."""
    review, _made = Review.objects.update_or_create(
        membership=membership,
        matter=matter,
        due_on=due_on,
        defaults={
            "outcome": outcome,
            "reason": reason.strip()[:200],
            "decided_on": on,
            "decided_by_id": getattr(user, "pk", None) or None,
        },
    )
    return review


def of(membership_ids: Iterable[int]) -> dict[int, list[Review]]:
    """The decisions on each of these memberships, newest first."""
    found: dict[int, list[Review]] = {}
    for one in Review.objects.filter(membership__in=list(membership_ids)).select_related("decided_by"):
        found.setdefault(one.membership_id, []).append(one)
    return found


def due_day(membership: Membership, matter: str) -> date:
    """The day on which the matter falls due. Raises RuleError where there is nothing of that sort to decide."""
    if matter not in Matter.values:
        raise RuleError(_("请选择是复核还是到期。"), field="matter")
    day: date | None = membership.review_on if matter == Matter.REVIEW else membership.period.upper
    if day is None:
        raise RuleError(_("没有待办的复核。") if matter == Matter.REVIEW else _("长期有效，没有到期日。"))
    return day

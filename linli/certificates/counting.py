"""Which organisations keep asking for what communities do not issue."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max

from linli.access.roles import Permission
from linli.certificates.models import Refusal

VIEW = Permission.VIEW_CERTIFICATES


@dataclass
class Asking:
    """An organisation: how often it asked, for what, in how many communities, when last; and what it answered."""

    pk: int
    name: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    times: int = 0
    communities: int = 0
    last: date | None = None
    since_answer: int = 0
    kinds: list[tuple[str, int]] = field(default_factory=list)

    @property
    def kinds_text(self) -> str:
        """亲属关系证明 3 次、健在证明 1 次."""
        return "、".join(f"{title} {times} 次" for title, times in self.kinds)


def askings(user: Any, *, since: date | None = None, until: date | None = None) -> list[Asking]:
    """By organisation, the most frequent first, of the refusals that the user may see; those for which the resident did not
    qualify or the facts did not agree are no fault of the organisation and are left out."""
    rows = Refusal.objects.permitted(user, VIEW).filter(why__in=["not_allowed", "not_listed"])
    if since is not None:
        rows = rows.filter(issued_on__gte=since)
    if until is not None:
        rows = rows.filter(issued_on__lte=until)
    found: dict[int, Asking] = {}
    for one in (
        rows.order_by()
        .values("asker_id", "asker__name", "asker__answer", "asker__answered_at", "asker__answered_by")
        .annotate(times=Count("pk"), communities=Count("issuer_code", distinct=True), last=Max("issued_on"))
    ):
        found[one["asker_id"]] = Asking(
            one["asker_id"],
            one["asker__name"],
            one["asker__answer"],
            one["asker__answered_at"],
            one["asker__answered_by"],
            one["times"],
            one["communities"],
            one["last"],
        )
    by_kind = rows.order_by().values_list("asker_id", "asked", "edition__title").annotate(times=Count("pk"))
    for asker_id, asked, known, times in by_kind:
        asking, title = found[asker_id], known or asked
        have = dict(asking.kinds)
        have[title] = have.get(title, 0) + times
        asking.kinds = sorted(have.items(), key=lambda pair: (-pair[1], pair[0]))
    answered = {one.pk: one.answered_at for one in found.values() if one.answered_at is not None}
    for asker_id, at in rows.filter(asker_id__in=answered).values_list("asker_id", "issued_at"):
        if at > answered[asker_id]:
            found[asker_id].since_answer += 1
    return sorted(found.values(), key=lambda one: (-one.times, one.name))

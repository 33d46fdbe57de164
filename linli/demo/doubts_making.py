"""What a living base has open: sources that contradict, proposals that wait. None of it changes who lives in the street."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from linli.access.models import User
from linli.access.roles import Role
from linli.audit.recording import SYSTEM
from linli.registry.changes.actions import propose_change
from linli.registry.people.models import Person, Standing
from linli.registry.sources import actions as sources
from linli.registry.sources import knowing

# Every so manieth grown resident of the street says something else than the book.
_EVERY = 4_500
_SAYS = (("education", "31"), ("employment", "70"), ("political", "13"), ("marital", "40"))
_PROPOSED = (
    ("education", "大学本科教育", "毕业证复印件在我局办理补贴时收取"),
    ("employer", "延庆区园林绿化服务中心", "社保登记的单位已变更"),
    ("occupation", "养老护理员", "本人持职业资格证到窗口说明"),
)


def make_doubts(street_key: str, on: date) -> None:
    """Let some residents contradict the book, and a department propose. Duplicates are looked for by the daily work."""
    grown = Person.objects.in_region(street_key).filter(
        standing=Standing.REGISTERED, birth_date__lt=on - timedelta(days=365 * 30)
    )
    ids = list(grown.order_by("pk").values_list("pk", flat=True))[100::_EVERY]
    for number, person in enumerate(Person.objects.filter(pk__in=ids).order_by("pk")):
        element, value = _SAYS[number % len(_SAYS)]
        sources.hear(
            acting_user=SYSTEM,
            person_id=person.pk,
            values={element: value},
            source=knowing.kind("self"),
            said_by="入户时本人说",
            on=on,
        )
    officer = User.objects.filter(posts__role=Role.DEPARTMENT_OFFICER, is_active=True).order_by("pk").first()
    if officer is not None:
        _propose(officer, grown, ids)


def _propose(officer: Any, grown: Any, ids: list[int]) -> None:
    for (element, after, reason), person in zip(
        _PROPOSED, grown.exclude(pk__in=ids).exclude(education="20").order_by("pk")[7:10], strict=False
    ):
        propose_change(
            acting_user=officer,
            about="person",
            target_id=person.pk,
            element=element,
            after=after,
            reason=reason,
            by_number=True,
        )

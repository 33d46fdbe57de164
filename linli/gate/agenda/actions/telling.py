"""What is told to whom when something is to come into a community."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse

from linli.access.holders import nearest_holders
from linli.access.models import User
from linli.access.roles import Permission
from linli.access.units import members
from linli.gate.agenda import reading
from linli.gate.agenda.models import Proposal, State, Visit
from linli.notices import actions as notices
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level

PREFIX = "agenda."
HOURS = f"{PREFIX}hours:"
STREET = KEY_LENGTH[Level.STREET]


def settle(proposal: Proposal) -> None:
    """Keep the to-dos of a proposal as it stands: the street's, where its consent is asked, and the department's, where all that is
    left can be fixed or must be moved."""
    waiting = list(
        Visit.objects.filter(proposal=proposal, state=State.PROPOSED).select_related("unit", "joint")
    )
    looked = reading.look(waiting, better=False)
    asked = [one for one in looked if one.open and not one.must_move]
    street = proposal.region_code[:STREET]
    notices.keep_todo(
        f"{PREFIX}consent:{proposal.pk}",
        [user.pk for user in nearest_holders(Permission.COORDINATE_AGENDA, street)] if asked else [],
        f"请协调：{proposal.unit.name}“{proposal.title}”有 {len(asked)} 个社区时间冲突或超过上限",
        url=proposal.get_absolute_url(),
        due_on=min((one.visit.day for one in asked), default=None),
    )
    moved = [one for one in looked if one.must_move]
    ready = waiting and not asked
    said = (
        f"请改期：“{proposal.title}”有 {len(moved)} 个社区的日期不行"
        if moved
        else f"可以确定：“{proposal.title}”，{len(waiting)} 个社区"
    )
    notices.keep_todo(
        f"{PREFIX}fix:{proposal.pk}",
        [user.pk for user in members(proposal.unit)] if ready else [],
        said,
        url=proposal.get_absolute_url(),
        due_on=min((one.day for one in waiting), default=None),
    )


def tell_communities(
    proposal: Proposal, communities: Iterable[str], said: str, *, besides: Any = None, is_urgent: bool = False
) -> None:
    """Tell the workers of communities; each once."""
    told: set[int] = {getattr(besides, "pk", 0) or 0}
    for key in sorted(set(communities)):
        for user in nearest_holders(Permission.RECEIVE_AGENDA, key):
            if user.pk not in told:
                told.add(user.pk)
                notices.send(user, said, url=proposal.get_absolute_url(), is_urgent=is_urgent)


def tell_unit(visit: Visit, said: str, *, besides: Any = None) -> None:
    """Tell the people of the unit that comes."""
    if visit.unit is not None:
        _send([one for one in members(visit.unit) if one.pk != getattr(besides, "pk", 0)], visit, said)


def tell_street(visit: Visit, said: str, *, besides: Any = None) -> None:
    """Tell the street that coordinates."""
    people = nearest_holders(Permission.COORDINATE_AGENDA, visit.region_code[:STREET])
    _send([one for one in people if one.pk != getattr(besides, "pk", 0)], visit, said)


def tell_community(visit: Visit, said: str, *, besides: Any = None) -> None:
    """Tell the community's workers."""
    people = nearest_holders(Permission.RECEIVE_AGENDA, visit.region_code)
    _send([one for one in people if one.pk != getattr(besides, "pk", 0)], visit, said)


def _send(people: Iterable[User], visit: Visit, said: str) -> None:
    for user in people:
        notices.send(user, said, body=names.title(visit.region_code), url=visit.get_absolute_url())


def tell_hours(on: date) -> int:
    """Keep one to-do for each community whose past visits wait for the hours that they took; returns for how many."""
    found = (
        Visit.objects.filter(state=State.FIXED, last_day__lt=on)
        .order_by()
        .values("region_code")
        .annotate(n=Count("pk"), first=Min("day"))
    )
    keys: dict[str, list[int]] = defaultdict(list)
    for row in found:
        region = row["region_code"]
        key = f"{HOURS}{region}"
        keys[key] = [user.pk for user in nearest_holders(Permission.RECEIVE_AGENDA, region)]
        notices.keep_todo(
            key,
            keys[key],
            f"{names.title(region)}：{row['n']} 项检查、会议还没记实际用了几小时",
            url=f"{reverse('agenda:visits')}?region={region}&state=unrecorded",
            due_on=row["first"],
        )
    notices.settle_kept(HOURS, besides=list(keys))
    return len(keys)

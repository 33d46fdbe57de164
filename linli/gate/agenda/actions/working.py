"""What the actions of the agenda share: locks, whose visit it is, asking the gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from linli.access.guard import NotPermitted
from linli.access.models import Unit
from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.flow.actions import dispatch, may_send, note
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.gate.agenda.models import State, Visit
from linli.regions import names

_LOCKS = 7_000_000_000_000_000  # added to a community's key: its agenda is settled by one at a time


def lock_agendas(communities: Iterable[str]) -> None:
    """Wait until nobody else settles the agenda of these communities; until the transaction ends."""
    with connection.cursor() as cursor:
        for key in sorted(set(communities)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCKS + int(key)])


def own(user: Any, unit_id: int | None) -> bool:
    """Whether the user is one of the unit's people (the system is everybody's)."""
    return not user.pk or unit_id in user.unit_ids


def require_own(user: Any, unit_id: int | None) -> None:
    """Raise NotPermitted unless the user is one of the unit's people."""
    if not own(user, unit_id):
        raise NotPermitted(Permission.SEND_TO_COMMUNITIES)


def locked(visits: Iterable[Visit], user: Any) -> list[Visit]:
    """The visits, locked, with their agendas; those of communities that the user does not see are refused."""
    wanted = list(visits)
    lock_agendas(one.region_code for one in wanted)
    found = list(
        Visit.objects.select_for_update(of=("self",))
        .filter(pk__in=[one.pk for one in wanted])
        .select_related("proposal__warrant__issuer", "unit", "joint")
        .order_by("region_code", "day", "pk")
    )
    for one in found:
        if not own(user, one.unit_id) and not user.can(Permission.VIEW_GATE, one.region_code):
            raise NotPermitted(Permission.VIEW_GATE)
    return found


def refusals(found: Mapping[str, Sequence[str]], of: int) -> RuleError:
    """One error that names the communities of each reason."""
    return RuleError(
        " ".join(f"{why}" if of == 1 else f"{'、'.join(where)}：{why}" for why, where in found.items()),
        field="communities",
    )


def ask_gate(warrant: Warrant, thing: Thing, days: Mapping[str, date], *, title: str, sender: Unit) -> None:
    """Raise RuleError, naming the communities, when the gate would not let the thing through; what was tried is kept by its own
    title."""
    refused: dict[str, list[str]] = {}
    for community, day in days.items():
        if why := may_send(warrant, thing, community, day):
            refused.setdefault(why, []).append(names.title(community))
    if refused:
        note(thing, warrant, {}, title=title, sender=sender)
        raise refusals(refused, len(days))


def send(user: Any, visits: Sequence[Visit]) -> None:
    """Fix visits: each gets its dispatch from the gate. Raises RuleError for those that the gate refuses."""
    groups: dict[tuple[int, date], list[Visit]] = {}
    for one in visits:
        groups.setdefault((one.proposal_id or 0, one.day), []).append(one)
    for (_proposal, day), together in groups.items():
        proposal = together[0].proposal
        assert proposal is not None
        sent = dispatch(
            acting_user=user,
            warrant=proposal.warrant,
            thing=Thing(proposal.thing),
            communities=[one.region_code for one in together],
            title=proposal.title,
            sender=proposal.unit,
            day=day,
        )
        by_community = {one.region_code: one for one in sent}
        for one in together:
            one.dispatch, one.state = by_community[one.region_code], State.FIXED
            one.save(update_fields=["day", "last_day", "dispatch", "state", "joint"])

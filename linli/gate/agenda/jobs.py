"""Daily work of the agenda: past visits whose hours nobody has recorded, and proposals whose day has passed."""

from __future__ import annotations

from datetime import date

from linli.gate.agenda.actions import settle, tell_hours
from linli.gate.agenda.models import Proposal, State
from linli.jobs.daily import daily


@daily("agenda.hours")
def ask_for_hours(on: date) -> str:
    """To-dos of visits that took place, one for each community."""
    return f"提醒 {tell_hours(on)} 个社区"


@daily("agenda.waiting")
def settle_waiting(on: date) -> str:
    """The to-dos of proposals that wait, as they stand today."""
    waiting = Proposal.objects.filter(visits__state=State.PROPOSED).distinct().select_related("unit")
    for proposal in waiting:
        settle(proposal)
    return f"核对 {len(waiting)} 件申请"

"""Daily work: reports whose answer is late go to the district's community office too."""

from __future__ import annotations

from datetime import date

from linli.gate.offlist import actions
from linli.jobs.daily import daily


@daily("offlist.waiting")
def look_at_waiting(on: date) -> str:
    """The to-dos of reports that wait."""
    return f"清单外反映答复逾期 {actions.look_at_waiting(on)} 件"

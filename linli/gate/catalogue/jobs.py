"""The work of the day: editions whose day has come are carried out."""

from __future__ import annotations

from datetime import date

from linli.gate.catalogue import actions
from linli.jobs.daily import daily


@daily("catalogue.editions")
def carry_out_editions(on: date) -> str:
    """Carry out what is due."""
    done = actions.apply_due(on)
    return f"施行 {done} 版社区事项清单。" if done else "没有到期施行的清单。"

"""Daily work of plates: those that should be gone."""

from __future__ import annotations

from datetime import date

from linli.gate.plates.actions import tell_overdue
from linli.jobs.daily import daily


@daily("plates.overdue")
def remind(on: date) -> str:
    """To-dos of overdue removals, one for each community."""
    return f"提醒 {tell_overdue(on)} 个社区"

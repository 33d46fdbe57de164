"""What organisations do each night."""

from __future__ import annotations

from datetime import date

from linli.jobs.daily import daily
from linli.registry.organisations import telling


@daily("organisations.due")
def tell_what_is_due(on: date) -> str:
    """To-dos of checks, ends of terms, licences and contracts."""
    return f"{telling.tell(on)} 个社区有单位事项要办"

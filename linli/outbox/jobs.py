"""Every ten minutes what is new is gathered and sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.jobs.daily import now_and_then
from linli.outbox import actions


@now_and_then("outbox.send")
def send(now: datetime) -> None:
    """Gather, and send once that is kept."""
    actions.gather(now)
    transaction.on_commit(lambda: actions.deliver(now))

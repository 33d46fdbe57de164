"""What the worker does by itself: it looks at the clocks every five minutes."""

from __future__ import annotations

from django.db import connections
from procrastinate.contrib.django import app

from linli.flow import actions


@app.periodic(cron="*/5 * * * *")
@app.task(name="linli.flow.look_at_clocks", queue="jobs", queueing_lock="linli.flow.look_at_clocks")
def look_at_clocks(timestamp: int) -> None:
    """Remind of what is due and report what is overdue."""
    try:
        actions.look_at_clocks()
    finally:
        connections.close_all()

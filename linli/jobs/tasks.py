"""What procrastinate knows: run a job by its number, and do the work of the day each night."""

from __future__ import annotations

from django.db import connections
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from linli.jobs import actions, daily

_AGAIN = RetryStrategy(max_attempts=60, wait=2, retry_exceptions={actions.StillRunning, *actions.TEMPORARY})


@app.task(name="linli.jobs.run", queue="jobs", retry=_AGAIN)
def run(job_id: int) -> None:
    """Run the job; called again after a lost worker, a database that was away, or while another run still lives."""
    try:
        actions.perform(job_id)
        actions.delete_old_files()
    finally:
        connections.close_all()  # the worker's threads outlive the job


@app.periodic(cron="*/10 * * * *")
@app.task(name="linli.jobs.daily", queue="jobs", lock="linli.jobs.daily", queueing_lock="linli.jobs.daily")
def run_daily(timestamp: int) -> None:
    """Look whether the work of the day is still to be done, and do it; then what wants doing more often."""
    try:
        daily.run_if_due()
        daily.look_around(timezone.localtime())
    finally:
        connections.close_all()

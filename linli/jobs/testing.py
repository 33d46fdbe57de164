"""Running jobs in tests."""

from __future__ import annotations

from linli.jobs.actions import perform_inline
from linli.jobs.models import Job, State


def run_now(job: Job | None = None) -> Job:
    """Run a job (the newest waiting one when none is given) in the test's own transaction, and return it as it ended."""
    wanted = job or Job.objects.filter(state=State.WAITING).latest("pk")
    perform_inline(wanted)
    return Job.objects.get(pk=wanted.pk)

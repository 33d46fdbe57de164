"""What a handler is handed: the way to say how far it is and what came of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from linli.audit.recording import SYSTEM
from linli.jobs.models import Job, State

LEAST_PAUSE = 0.35  # seconds between two writes of progress
LOCKS = 0x4C4A  # the class of the advisory locks that keep a job from running twice at once


class Cancelled(Exception):
    """The user asked to stop; the handler's transaction is rolled back."""


class Running:
    """One run of a job. Progress goes through a connection of its own that commits at once, so that it is seen while the
    handler's transaction is still open.

    Within its transaction a handler never writes the job's row itself; it says `finish` after the transaction.
    """

    def __init__(self, job: Job, side: BaseDatabaseWrapper | None = None) -> None:
        self.job = job
        self.user: Any = job.user if job.user_id else SYSTEM
        self._side = side if side is not None else connection
        self._last = 0.0
        self._finished: dict[str, Any] | None = None

    # -- said by the handler ---------------------------------------------------------------------------------

    def stage(self, text: str, total: int = 0, *, unit: str | None = None) -> None:
        """Begin a step: what is being done, and how many units it has (0: not known)."""
        self.job.stage, self.job.done, self.job.total = text, 0, total
        if unit is not None:
            self.job.unit = unit
        self._write()

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how many units are done. Cheap: most calls write nothing.

        Raises Cancelled when the user has asked to stop.
        """
        self.job.done = done
        if total is not None:
            self.job.total = total
        if time.monotonic() - self._last >= LEAST_PAUSE:
            self._write()

    def finish(
        self,
        message: str,
        *,
        result: dict[str, Any] | None = None,
        file: Path | None = None,
        name: str = "",
    ) -> None:
        """Say what came of it. `file` must lie under `folder()`; `name` is what it is called when downloaded."""
        relative = ""
        if file is not None:
            relative = str(file.resolve().relative_to(Path(settings.MEDIA_ROOT).resolve()))
        self._finished = {
            "message": message,
            "result": result or {},
            "result_file": relative,
            "result_name": name or (file.name if file else ""),
        }

    def folder(self) -> Path:
        """The job's own folder for files, made when missing."""
        made = Path(settings.MEDIA_ROOT) / "jobs" / str(self.job.pk)
        made.mkdir(parents=True, exist_ok=True, mode=0o700)
        return made

    # -- used by the runner ----------------------------------------------------------------------------------

    @property
    def finished(self) -> dict[str, Any]:
        """What `finish` was told; a handler that said nothing is simply done."""
        return self._finished or {"message": "已完成。", "result": {}, "result_file": "", "result_name": ""}

    def begin(self) -> None:
        """Note the start of this attempt."""
        self.job.attempts += 1
        self.job.state, self.job.started_at = State.RUNNING, timezone.now()
        with self._side.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_job SET state = %s, attempts = attempts + 1, started_at = %s, done = 0, total = 0, stage = '' "
                "WHERE id = %s",
                [State.RUNNING, self.job.started_at, self.job.pk],
            )

    def _write(self) -> None:
        self._last = time.monotonic()
        with self._side.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_job SET stage = %s, done = %s, total = %s, unit = %s WHERE id = %s RETURNING stop_asked",
                [self.job.stage, self.job.done, self.job.total, self.job.unit, self.job.pk],
            )
            row = cursor.fetchone()
        if row is not None and row[0]:
            raise Cancelled


@contextlib.contextmanager
def side_connection() -> Iterator[BaseDatabaseWrapper]:
    """A second connection to the same database, committing each statement."""
    side = connection.copy()
    try:
        side.connect()
        yield side
    finally:
        side.close()


def take(side: BaseDatabaseWrapper, job_id: int) -> bool:
    """Take the job for this connection; False when another run of it is still alive. Freed when the connection ends."""
    with side.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, job_id % 2**31])
        return bool(cursor.fetchone()[0])

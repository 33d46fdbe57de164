"""Jobs whose worker was killed: queued again when the next worker starts.

procrastinate leaves such a job "doing" for good. Under `linli serve` there is exactly one worker, a child of
the supervisor; when it is not running, every job that is "doing" is lost. With several workers on one
configured database, only those of workers without a heartbeat are.
"""

from __future__ import annotations

import time

from linli.site.embedded import connect
from linli.site.home import Home

HEARTBEAT_SECONDS = 30
WORKER_APPLICATION = "linli-worker"

_LOST = """
    SELECT job.id FROM procrastinate_jobs job
    LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND (worker.id IS NULL OR %(all)s OR worker.last_heartbeat < now() - %(seconds)s * interval '1 second')
    ORDER BY job.id
"""


def recover(home: Home, *, only_worker: bool) -> int:
    """Queue lost jobs again; returns how many. `only_worker`: no other worker can be alive on this database.

    How often a job may take its worker down is for the job's own room to decide, when it begins again.
    """
    with connect(home) as database:
        if database.execute("SELECT to_regclass('procrastinate_workers')").fetchone() == (None,):
            return 0
        if only_worker:
            # A killed worker's statement may still run in its backend; the job must not run beside it.
            for _ in range(100):
                ended = database.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = %s AND datname = current_database()"
                    " AND pid <> pg_backend_pid()",
                    [WORKER_APPLICATION],
                ).fetchall()
                if not ended:
                    break
                time.sleep(0.1)
        with database.transaction():
            lost = database.execute(_LOST, {"all": only_worker, "seconds": HEARTBEAT_SECONDS}).fetchall()
            for (number,) in lost:
                database.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [number])
            if only_worker:
                database.execute("DELETE FROM procrastinate_workers")
        return len(lost)

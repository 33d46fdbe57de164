"""Starting, running and stopping jobs."""

from __future__ import annotations

import contextlib
import logging
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.audit import recording as audit
from linli.jobs import registry
from linli.jobs.models import OVER, Job, State
from linli.jobs.running import Cancelled, Running, side_connection, take
from linli.notices import actions as notices

log = logging.getLogger("linli.jobs")

MOST_ATTEMPTS = 3  # a job that took its worker down this often is given up
KEEP_FILES_DAYS = 30  # result files are deleted after so many days: they hold personal data

# The database is away or asks to try again; the job is run once more.
TEMPORARY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


class StillRunning(Exception):
    """Another run of the job has not ended yet; try again soon."""


def start(
    *,
    acting_user: Any,
    kind: str,
    title: str,
    region_code: str = "",
    unit: str = "行",
    **params: Any,
) -> Job:
    """Ask for a piece of long work; it begins when this transaction is committed. `params` must be JSON.

    Raises UnknownKind when no room does such work.
    """
    from linli.jobs.tasks import run

    registry.find(kind)
    with audit.action(acting_user, "jobs.start") as act:
        job = Job.objects.create(
            kind=kind,
            title=title,
            user_id=acting_user.pk or None,
            region_code=region_code,
            unit=unit,
            params=params,
        )
        run.defer(job_id=job.pk)
        act.record(job, _("提交任务“%(title)s”") % {"title": title})
    return job


def cancel(*, acting_user: Any, job: Job) -> Job:
    """Stop one's own job: one that waits at once, one that runs at its next sign of progress, leaving nothing half done.

    Raises RuleError when it is over or somebody else's.
    """
    with audit.action(acting_user, "jobs.cancel") as act:
        found = Job.objects.select_for_update().filter(pk=job.pk).first()
        if found is None or found.user_id != acting_user.pk:
            raise audit.RuleError(_("只能停止自己的任务。"))
        if found.is_over:
            raise audit.RuleError(_("任务已经结束，不用停止。"))
        if found.state == State.WAITING:
            found.state, found.message, found.finished_at = (
                State.CANCELLED,
                _("已取消，没有执行。"),
                timezone.now(),
            )
        found.stop_asked = True
        found.save(update_fields=["state", "message", "finished_at", "stop_asked"])
        act.record(found, _("停止任务“%(title)s”") % {"title": found.title})
    if found.is_over:
        _delete_inputs(found)
    return found


def perform(job_id: int) -> Job | None:
    """Run a job to its end, in the worker. Safe to call twice: one that is over is left alone.

    Raises StillRunning or a TEMPORARY error when it is to be tried again.
    """
    with side_connection() as side:
        if not take(side, job_id):
            raise StillRunning(job_id)
        job = Job.objects.select_related("user").filter(pk=job_id).first()
        if job is None or job.is_over:
            return job
        if job.attempts >= MOST_ATTEMPTS:
            _end(
                job,
                State.FAILED,
                _(
                    "这项任务中断了 %(n)s 次，不再重试。数据没有改动；请检查文件后重新提交，若再出现请联系系统管理员。"
                )
                % {"n": job.attempts},
            )
            return job
        return _perform(Running(job, side))


def perform_inline(job: Job) -> Job:
    """Run a job now, on the connection and in the transaction one is in: for tests and the command line.

    Errors that nobody expected are raised, not noted.
    """
    job = Job.objects.select_related("user").get(pk=job.pk)
    return _perform(Running(job), raises=True)


def _perform(running: Running, *, raises: bool = False) -> Job:
    job = running.job
    running.begin()
    try:
        found = registry.find(job.kind)
        with transaction.atomic() if raises else contextlib.nullcontext():
            found.function(running, **job.params)
    except Cancelled:
        _end(job, State.CANCELLED, _("已按要求停止，数据没有改动。"))
    except audit.RuleError as error:
        _end(job, State.FAILED, error.message)
    except ValidationError as error:
        _end(job, State.FAILED, " ".join(error.messages))
    except Http404 as error:
        _end(job, State.FAILED, str(error))
    except TEMPORARY:
        raise
    except Exception as error:
        if raises:
            raise
        log.exception("job %s (%s) failed", job.pk, job.kind)
        said = _("出现意外错误，数据没有改动。请稍后再试；若再出现，请把任务编号 %(n)s 告诉系统管理员。")
        if isinstance(error, MemoryError):
            said = _("内存不够，没有做完，数据没有改动。请把文件分成几份后再试（任务编号 %(n)s）。")
        elif isinstance(error, OSError) and error.errno == 28:
            said = _("服务器磁盘已满，没有做完，数据没有改动。请联系系统管理员清理后再试（任务编号 %(n)s）。")
        elif isinstance(error, DatabaseError):
            said = _("写入数据库时出错，数据没有改动。请把任务编号 %(n)s 告诉系统管理员。")
        _end(job, State.FAILED, said % {"n": job.pk})
    else:
        _end(job, State.DONE, **running.finished)
    return job


def _end(job: Job, state: State, message: str, **more: Any) -> None:
    """Write the end of a job and tell its user, together."""
    changes = {"state": state, "message": message, "finished_at": timezone.now(), **more}
    for name, value in changes.items():
        setattr(job, name, value)
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**changes)
        if job.user is not None and state is not State.CANCELLED:
            done = state is State.DONE
            notices.send(
                job.user,
                (_("“%(title)s”已完成") if done else _("“%(title)s”没有完成")) % {"title": job.title},
                body=message,
                url=job.get_absolute_url(),
                is_urgent=not done,
                key=f"job-{job.pk}",
            )
    _delete_inputs(job)


def _delete_inputs(job: Job) -> None:
    root = Path(settings.MEDIA_ROOT).resolve()
    try:
        names = registry.find(job.kind).files
    except registry.UnknownKind:
        return
    for name in names:
        file = (root / str(job.params.get(name, ""))).resolve()
        if root in file.parents:
            file.unlink(missing_ok=True)


def delete_old_files() -> int:
    """Delete the files of jobs that ended long ago; the jobs themselves stay. Returns how many."""
    old = Job.objects.filter(
        state__in=OVER, finished_at__lt=timezone.now() - timedelta(days=KEEP_FILES_DAYS)
    ).exclude(result_file="")
    count = 0
    for job in old:
        shutil.rmtree(Path(settings.MEDIA_ROOT) / "jobs" / str(job.pk), ignore_errors=True)
        Job.objects.filter(pk=job.pk).update(result_file="")
        count += 1
    return count

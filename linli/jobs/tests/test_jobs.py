"""Long work: started, seen while it runs, ended, stopped, run again after a death."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from linli.access.models import User
from linli.access.testing import Characters, characters
from linli.audit.recording import SYSTEM, RuleError
from linli.jobs import actions, registry
from linli.jobs.models import Job, State
from linli.jobs.running import Cancelled, Running, side_connection, take
from linli.jobs.testing import run_now
from linli.notices.models import Notice


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    with contextlib.suppress(registry.UnknownKind):
        registry.find("")  # the rooms' kinds are read once: before the copy, or later tests would miss them
    monkeypatch.setattr(registry, "_handlers", dict(registry._handlers))

    @registry.handler("test.sum", title="求和")
    def sum_up(running: Running, *, numbers: list[int]) -> None:
        running.stage("相加", len(numbers))
        for place, _number in enumerate(numbers, 1):
            running.progress(place)
        file = running.folder() / "sum.txt"
        file.write_text(str(sum(numbers)))
        running.finish(f"合计 {sum(numbers)}", result={"sum": sum(numbers)}, file=file, name="合计.txt")

    @registry.handler("test.refused", title="不许")
    def refused(running: Running) -> None:
        raise RuleError("表里没有“姓名”一列，请加上后再试。")

    @registry.handler("test.broken", title="坏了", files=("path",))
    def broken(running: Running, *, path: str = "") -> None:
        raise ZeroDivisionError


@pytest.fixture
def cast(db: None) -> Characters:
    return characters()


def _start(user: Any, kind: str = "test.sum", **params: Any) -> Job:
    if kind == "test.sum":
        params.setdefault("numbers", [1, 2, 3])
    return actions.start(acting_user=user, kind=kind, title="试一试", **params)


def test_a_job_runs_and_says_what_came_of_it(cast: Characters) -> None:
    job = run_now(_start(cast.worker))
    assert (job.state, job.message, job.result) == (State.DONE, "合计 6", {"sum": 6})
    assert job.percent == 100
    assert job.finished_at is not None
    assert Notice.objects.filter(user=cast.worker, url=job.get_absolute_url(), body="合计 6").exists()


def test_starting_queues_exactly_one_task_and_rolls_back_with_its_transaction(cast: Characters) -> None:
    def queued() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'linli.jobs.run'")
            return int(cursor.fetchone()[0])

    before = queued()
    with transaction.atomic():
        _start(cast.worker)
        transaction.set_rollback(True)
    assert queued() == before
    assert not Job.objects.exists()
    _start(cast.worker)
    assert queued() == before + 1


def test_an_unknown_kind_is_refused_at_once(cast: Characters) -> None:
    with pytest.raises(registry.UnknownKind):
        _start(cast.worker, "test.nothing")


def test_a_rule_that_says_no_ends_the_job_with_its_sentence(cast: Characters) -> None:
    job = run_now(_start(cast.worker, "test.refused"))
    assert job.state == State.FAILED
    assert job.message == "表里没有“姓名”一列，请加上后再试。"
    assert Notice.objects.get(user=cast.worker).is_urgent


def test_a_job_of_the_system_has_no_user_and_tells_nobody(db: None) -> None:
    assert run_now(_start(SYSTEM)).state == State.DONE
    assert not Notice.objects.exists()


def test_cancelling_a_waiting_job(cast: Characters) -> None:
    job = actions.cancel(acting_user=cast.worker, job=_start(cast.worker))
    assert job.state == State.CANCELLED
    with pytest.raises(RuleError, match="已经结束"):
        actions.cancel(acting_user=cast.worker, job=job)


def test_only_ones_own_job_can_be_cancelled(cast: Characters) -> None:
    with pytest.raises(RuleError, match="自己的"):
        actions.cancel(acting_user=cast.officer, job=_start(cast.worker))


def test_progress_heeds_the_wish_to_stop(cast: Characters) -> None:
    job = _start(cast.worker)
    Job.objects.filter(pk=job.pk).update(stop_asked=True)
    assert run_now(job).state == State.CANCELLED


def test_old_files_are_deleted_and_the_job_stays(cast: Characters) -> None:
    job = run_now(_start(cast.worker))
    assert actions.delete_old_files() == 0
    Job.objects.filter(pk=job.pk).update(finished_at=timezone.now() - timezone.timedelta(days=31))
    folder = Running(job).folder()
    assert list(folder.iterdir())
    assert actions.delete_old_files() == 1
    assert not folder.exists()
    assert Job.objects.get(pk=job.pk).result_file == ""


# -- as the worker runs it: several connections, real commits ----------------------------------------------


@pytest.fixture
def committed(transactional_db: None) -> User:
    return User.objects.create(username="worker", name="陈小静")


def test_progress_is_seen_while_the_transaction_is_open(committed: User) -> None:
    seen: list[tuple[str, int]] = []

    @registry.handler("test.open", title="开着")
    def work(running: Running) -> None:
        with transaction.atomic():
            running.stage("写入", 10)
            with side_connection() as other, other.cursor() as cursor:
                cursor.execute("SELECT stage, total FROM jobs_job WHERE id = %s", [running.job.pk])
                seen.append(cursor.fetchone())

    job = actions.perform(_start(committed, "test.open").pk)
    assert job is not None
    assert job.state == State.DONE
    assert seen == [("写入", 10)]


def test_running_a_finished_job_again_does_nothing(committed: User) -> None:
    job = _start(committed)
    actions.perform(job.pk)
    actions.perform(job.pk)
    assert Job.objects.get(pk=job.pk).attempts == 1
    assert Notice.objects.count() == 1


def test_an_unexpected_error_gives_a_sentence_and_deletes_the_upload(
    committed: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    upload = Path(settings.MEDIA_ROOT) / "a.xlsx"
    upload.write_bytes(b"x")
    job = actions.perform(_start(committed, "test.broken", path="a.xlsx").pk)
    assert job is not None
    assert job.state == State.FAILED
    assert "意外错误" in job.message
    assert str(job.pk) in job.message
    assert "ZeroDivisionError" in caplog.text
    assert not upload.exists()


def test_two_runs_of_one_job_at_once_are_refused(committed: User) -> None:
    job = _start(committed)
    with side_connection() as first:
        assert take(first, job.pk)
        with pytest.raises(actions.StillRunning):
            actions.perform(job.pk)
    done = actions.perform(job.pk)
    assert done is not None
    assert done.state == State.DONE


def test_a_database_that_went_away_leaves_the_job_to_be_run_again(committed: User) -> None:
    calls: list[int] = []

    @registry.handler("test.away", title="断了")
    def work(running: Running) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise OperationalError("server closed the connection unexpectedly")

    job = _start(committed, "test.away")
    with pytest.raises(OperationalError):
        actions.perform(job.pk)
    assert Job.objects.get(pk=job.pk).state == State.RUNNING
    actions.perform(job.pk)
    assert Job.objects.get(pk=job.pk).state == State.DONE


def test_a_job_that_kills_its_worker_is_given_up_with_advice(committed: User) -> None:
    job = _start(committed)
    Job.objects.filter(pk=job.pk).update(state=State.RUNNING, attempts=actions.MOST_ATTEMPTS)
    ended = actions.perform(job.pk)
    assert ended is not None
    assert ended.state == State.FAILED
    assert "中断了 3 次" in ended.message
    assert "重新提交" in ended.message


def test_cancelling_while_it_runs_rolls_back_what_it_wrote(committed: User) -> None:
    @registry.handler("test.long", title="久")
    def work(running: Running) -> None:
        with transaction.atomic():
            User.objects.filter(pk=committed.pk).update(name="改了")
            with side_connection() as other, other.cursor() as cursor:
                cursor.execute("UPDATE jobs_job SET stop_asked = true WHERE id = %s", [running.job.pk])
            with pytest.raises(Cancelled):
                running.stage("下一步")
            raise Cancelled

    job = actions.perform(_start(committed, "test.long").pk)
    assert job is not None
    assert job.state == State.CANCELLED
    committed.refresh_from_db()
    assert committed.name == "陈小静"


# -- pages -------------------------------------------------------------------------------------------------


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_polls_until_the_job_is_over(cast: Characters) -> None:
    job, client = _start(cast.worker), _client(cast.worker)
    page = client.get(job.get_absolute_url()).content.decode()
    assert 'hx-trigger="every 1s"' in page
    run_now(job)
    fragment = client.get(
        job.get_absolute_url(), headers={"HX-Request": "true", "HX-Target": "section#progress"}
    ).content.decode()
    assert "every 1s" not in fragment
    assert "<html" not in fragment
    assert "合计 6" in fragment


def test_the_file_is_for_its_owner_only(cast: Characters) -> None:
    job = run_now(_start(cast.worker))
    address = f"/jobs/{job.pk}/file"
    answer = _client(cast.worker).get(address)
    assert b"".join(answer.streaming_content) == b"6"  # type: ignore[attr-defined]
    for other in (cast.officer, cast.administrator, cast.stranger):
        assert _client(other).get(address).status_code == 404
        assert _client(other).get(job.get_absolute_url()).status_code == 404


def test_a_job_without_file_has_none_to_download(cast: Characters) -> None:
    assert _client(cast.worker).get(f"/jobs/{_start(cast.worker).pk}/file").status_code == 404


def test_the_list_shows_ones_own_jobs(cast: Characters) -> None:
    _start(cast.worker)
    assert "试一试" in _client(cast.worker).get("/jobs/").content.decode()
    assert "试一试" not in _client(cast.officer).get("/jobs/").content.decode()


def test_stopping_from_the_page(cast: Characters) -> None:
    job = _start(cast.worker)
    assert _client(cast.worker).post(f"/jobs/{job.pk}/cancel").status_code == 302
    assert Job.objects.get(pk=job.pk).state == State.CANCELLED

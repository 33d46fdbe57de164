"""`linli serve` as a whole: starting, recovering from every kind of death, stopping."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import psycopg
import pytest

from linli.site import lost_jobs
from linli.site.embedded import Server, answers, connect
from linli.site.home import Home
from linli.site.supervisor import Child, PortTaken, check_port, describe_exit, state_of

CHECKOUT = Path(__file__).resolve().parents[3]


def eventually(condition: Callable[[], bool], seconds: float = 60.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes(home: Home) -> dict[int, str]:
    """Every live process started for this home, with its command line."""
    found = {}
    wanted = f"LINLI_HOME={home.path}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            mine = wanted in (entry / "environ").read_bytes().split(b"\0")
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if (mine or f"-D {home.database_folder} " in command) and int(entry.name) != os.getpid() and command:
            found[int(entry.name)] = command
    return found


@dataclass
class Serving:
    """A running `linli serve`."""

    home: Home
    port: int
    process: subprocess.Popen[bytes]
    output: Path

    def pids(self, part: str) -> list[int]:
        return sorted(pid for pid, command in processes(self.home).items() if part in command)

    def page_answers(self) -> bool:
        """Whether the web gives an answer of its own, whatever page there is."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as response:
                return response.status < 500
        except HTTPError as error:
            return error.code < 500
        except OSError:
            return False

    def said(self) -> str:
        return self.output.read_text("utf-8")

    def all_well(self) -> bool:
        return self.page_answers() and bool(self.pids("linli.site.cli work")) and answers(self.home)


def serve(home: Home, *more: str) -> Serving:
    port = free_port()
    output = home.path / f"output-{port}.txt"
    with open(output, "ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "linli.site.cli", "serve", "--port", str(port), *more],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            cwd=CHECKOUT,
            env={k: v for k, v in os.environ.items() if k != "PGOPTIONS"} | {"LINLI_HOME": str(home.path)},
        )
    return Serving(home, port, process, output)


@pytest.fixture(scope="module")
def runs() -> Iterator[list[Serving]]:
    """The runs of `linli serve` over one installation, whose tables are made once; the last may be going on."""
    made: list[Serving] = []
    yield made
    for run in made:
        if run.process.poll() is None:
            run.process.terminate()
            run.process.wait(90)
    for folder in {run.home.path for run in made}:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def serving(runs: list[Serving]) -> Serving:
    """`linli serve`, up and well: the run of the test before if it still goes, else a new one."""
    if not runs or runs[-1].process.poll() is not None:
        if runs:
            home = runs[-1].home
        else:
            folder = Path(tempfile.mkdtemp(prefix="linli-test-")).resolve()
            folder.chmod(0o755)
            home = Home(folder)
        runs.append(serve(home))
        assert eventually(lambda: "邻里已经启动" in runs[-1].said(), 180), runs[-1].said()
    assert eventually(runs[-1].all_well, 60), runs[-1].said()
    return runs[-1]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["granian", "linli.site.cli work", "/postgres -D"])
def test_a_killed_child_is_started_again(serving: Serving, part: str) -> None:
    with connect(serving.home) as database:
        database.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        database.execute("INSERT INTO kept VALUES (1)")
        before = database.execute("SELECT count(*) FROM kept").fetchone()
    former = serving.pids(part)
    assert former, processes(serving.home)
    os.kill(former[0], signal.SIGKILL)
    assert eventually(lambda: former[0] not in serving.pids(part) and bool(serving.pids(part)))
    assert eventually(serving.all_well), serving.said()
    assert "意外停止" in serving.said()
    with connect(serving.home) as database:
        assert database.execute("SELECT count(*) FROM kept").fetchone() == before


@pytest.mark.slow
def test_a_killed_web_master_leaves_no_workers_behind(serving: Serving) -> None:
    former = serving.pids("granian")
    assert len(former) > 1, "a master and at least one worker"
    os.kill(former[0], signal.SIGKILL)
    assert eventually(lambda: not set(former) & set(serving.pids("granian")))
    assert eventually(serving.all_well)


@pytest.mark.slow
def test_a_killed_web_worker_alone_is_started_again(serving: Serving) -> None:
    former = serving.pids("granian")
    os.kill(former[-1], signal.SIGKILL)
    assert eventually(
        lambda: former[-1] not in serving.pids("granian") and len(serving.pids("granian")) == len(former)
    )
    assert eventually(serving.all_well)


@pytest.mark.slow
def test_what_a_killed_web_left_of_an_upload_is_deleted(serving: Serving) -> None:
    left = serving.home.uploading / "tmp1234.upload.xlsx"
    left.write_bytes(b"PK")
    os.kill(serving.pids("granian")[0], signal.SIGKILL)
    assert eventually(lambda: not left.exists())
    assert eventually(serving.all_well)


def memory_of(pids: list[int]) -> int:
    """The largest memory of these processes so far, in MB."""
    found = [re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in pids]
    return max(int(one.group(1)) for one in found if one) // 1024


@pytest.mark.slow
def test_an_upload_beyond_the_limit_is_answered_without_being_kept(serving: Serving) -> None:
    environment = os.environ | {
        "LINLI_HOME": str(serving.home.path),
        "LINLI_ADMIN_PASSWORD": "Xiangshui-2026",
    }
    command = [sys.executable, "-m", "linli.site.cli", "createadmin", "wang", "--name", "王芳"]
    subprocess.run(command, env=environment, cwd=CHECKOUT, check=True, capture_output=True, timeout=120)
    opener = build_opener(HTTPCookieProcessor(jar := CookieJar()))
    address = f"http://127.0.0.1:{serving.port}"
    page = opener.open(f"{address}/login", timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token.group(1), "username": "wang", "password": "Xiangshui-2026"}
    opener.open(f"{address}/login", urlencode(form).encode(), timeout=60)
    before = memory_of(serving.pids("granian"))

    connection = HTTPConnection("127.0.0.1", serving.port, timeout=120)
    connection.putrequest("POST", "/intake/")
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.putheader("Cookie", "; ".join(f"{one.name}={one.value}" for one in jar))
    megabytes = 300
    connection.putheader("Content-Length", str(megabytes * 1024 * 1024))
    connection.endheaders()
    for _megabyte in range(megabytes):
        connection.send(bytes(1024 * 1024))
    answer = connection.getresponse()
    assert answer.status == 413
    assert "文件太大，最多 200 MB" in answer.read().decode()
    assert memory_of(serving.pids("granian")) < before + 50
    assert not list(serving.home.uploading.iterdir())


@pytest.mark.slow
def test_the_address_is_said_and_a_second_serve_says_where_the_first_is(serving: Serving) -> None:
    assert f"http://127.0.0.1:{serving.port}/" in serving.said()
    state = state_of(serving.home)
    assert state is not None
    assert state["port"] == serving.port
    second = serve(serving.home)
    assert second.process.wait(90) == 1
    assert f"邻里已经在运行：http://127.0.0.1:{serving.port}/" in second.said()


@pytest.mark.slow
def test_a_job_lost_with_its_worker_is_queued_again(serving: Serving) -> None:
    """The row a killed worker leaves: "doing", of a worker that is no more."""
    with connect(serving.home) as database:
        worker = database.execute("SELECT id FROM procrastinate_workers").fetchone()
        assert worker is not None
        row = database.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)"
            " VALUES ('default', 'no.such.task', 'doing', %s) RETURNING id",
            [worker[0]],
        ).fetchone()
        assert row is not None
    os.kill(serving.pids("linli.site.cli work")[0], signal.SIGKILL)
    assert eventually(lambda: "已重新排队" in serving.said())
    with connect(serving.home) as database:
        events = [
            kind
            for (kind,) in database.execute(
                "SELECT type::text FROM procrastinate_events WHERE job_id = %s ORDER BY id", [row[0]]
            ).fetchall()
        ]
    assert "deferred_for_retry" in events


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_nothing_running(serving: Serving, number: signal.Signals) -> None:
    log = serving.home.path / "log" / "postgresql.log"
    shut_down = log.read_text("utf-8").count("database system is shut down")
    serving.process.send_signal(number)
    assert serving.process.wait(60) == 0
    assert not processes(serving.home)
    assert log.read_text("utf-8").count("database system is shut down") == shut_down + 1
    assert state_of(serving.home) is None


@pytest.mark.slow
def test_when_the_supervisor_is_killed_its_children_go_and_a_new_one_takes_over(serving: Serving) -> None:
    with connect(serving.home) as database:
        database.execute("CREATE TABLE kept_by_next AS SELECT 1 AS n")
    serving.process.kill()
    serving.process.wait()
    assert eventually(lambda: not processes(serving.home)), processes(serving.home)
    again = serve(serving.home)
    try:
        assert eventually(lambda: "邻里已经启动" in again.said(), 60), again.said()
        with connect(serving.home) as database:
            assert database.execute("SELECT n FROM kept_by_next").fetchone() == (1,)
    finally:
        again.process.terminate()
        again.process.wait(90)


def test_a_taken_port_is_said_with_what_to_type(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"linli serve --port {port + 1}"):
            check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_said() -> None:
    with pytest.raises(PortTaken, match="不是本机的"):
        check_port("192.0.2.1", 8000)
    with pytest.raises(PortTaken, match="--host"):
        check_port("没有这个地址", 8000)


def test_pauses_grow_for_a_child_that_keeps_dying_and_a_steady_run_resets_them() -> None:
    child = Child("x", "x", [], 1.0)
    child.started = time.monotonic()
    assert [child.plan_restart() for _ in range(8)] == [0, 1, 2, 4, 8, 16, 30, 30]
    child.started = time.monotonic() - 3600
    assert child.plan_restart() == 0


def test_exits_in_words() -> None:
    assert describe_exit(-9) == "被信号 SIGKILL 结束"
    assert describe_exit(3) == "退出码 3"


@pytest.fixture
def queue(home: Home) -> Iterator[psycopg.Connection]:
    """A database with procrastinate's own tables."""
    from procrastinate.schema import SchemaManager

    with Server(home), connect(home) as database:
        database.execute(SchemaManager.get_schema().encode())
        yield database


def _job(database: psycopg.Connection, worker: int | None) -> int:
    row = database.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)"
        " VALUES ('default', 'a.task', 'doing', %s) RETURNING id",
        [worker],
    ).fetchone()
    assert row is not None
    return row[0]


def _worker(database: psycopg.Connection, silent_seconds: int) -> int:
    row = database.execute(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 s')"
        " RETURNING id",
        [silent_seconds],
    ).fetchone()
    assert row is not None
    return row[0]


def _status(database: psycopg.Connection, job: int) -> str:
    row = database.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [job]).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.slow
def test_with_several_workers_only_jobs_of_silent_ones_are_queued_again(
    home: Home, queue: psycopg.Connection
) -> None:
    lively, silent, orphan = (
        _job(queue, _worker(queue, 5)),
        _job(queue, _worker(queue, 120)),
        _job(queue, None),
    )
    assert lost_jobs.recover(home, only_worker=False) == 2
    assert [_status(queue, job) for job in (lively, silent, orphan)] == ["doing", "todo", "todo"]


@pytest.mark.slow
def test_a_killed_workers_statement_is_ended_before_its_job_runs_again(
    home: Home, queue: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_APPLICATION", lost_jobs.WORKER_APPLICATION)
    with connect(home) as left:
        monkeypatch.delenv("LINLI_APPLICATION")
        lost_jobs.recover(home, only_worker=True)
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")


def test_recovery_before_there_are_tables_does_nothing(home: Home) -> None:
    with Server(home):
        assert lost_jobs.recover(home, only_worker=True) == 0

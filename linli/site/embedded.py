"""The embedded PostgreSQL: made, started, watched and stopped by Linli itself.

The server is a direct child of whoever starts it, listens on a unix socket only, and is told by the kernel
to shut down (SIGINT, a clean "fast" shutdown) should that parent die. A file lock keeps two supervisors from
one cluster. Ready means that a real connection was made, never that a pid file exists.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import psycopg
from psycopg import sql

from linli.site.binaries import Binaries, DatabaseProblem, copied_out, find_binaries, reachable
from linli.site.home import Home

PORT = "5432"
LOG_LIMIT = 10 * 1024 * 1024
START_SECONDS = 300.0  # crash recovery after a long import may take a while on a slow disk
STOP_SECONDS = 60.0

__all__ = ["DatabaseProblem", "Server", "answers", "die_with_parent", "running_or_start"]

_PR_SET_PDEATHSIG = 1
_libc: Any = None
if sys.platform == "linux":
    with contextlib.suppress(OSError):
        _libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends this signal to the child when the thread that started it ends."""
    parent = os.getpid()

    def arrange() -> None:
        ask_for_death_signal(signal_number)
        if os.getppid() != parent:  # the parent died before we asked
            os._exit(1)

    return arrange


def ask_for_death_signal(signal_number: int) -> None:
    """Have the kernel send this process the signal when its parent dies (Linux; elsewhere nothing)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def memory_bytes() -> int:
    """The machine's memory, or the container's limit where that is smaller."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with contextlib.suppress(OSError, ValueError):
            total = min(total, int(Path(limit).read_text("ascii")))
    return total


def server_settings(memory: int) -> dict[str, str]:
    """PostgreSQL settings for a machine of that much memory (bytes) that also runs the web and the worker."""
    mb = memory // (1024 * 1024)

    def share(part: int, least: int, most: int) -> str:
        return f"{max(least, min(most, mb // part))}MB"

    settings = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "shared_buffers": share(8, 64, 2048),
        "effective_cache_size": share(2, 256, 16384),
        "maintenance_work_mem": share(32, 32, 512),
        "work_mem": share(256, 4, 32),
        "max_wal_size": "2GB",
        "min_wal_size": "128MB",
        "checkpoint_timeout": "10min",
        "random_page_cost": "1.1",
        "effective_io_concurrency": "32",
        "jit": "off",
        "max_parallel_workers_per_gather": "1",
        "password_encryption": "scram-sha-256",
        "timezone": "Asia/Shanghai",
        "log_timezone": "Asia/Shanghai",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_checkpoints": "off",
        "log_statement": "none",
        "log_parameter_max_length_on_error": "0",
    }
    with contextlib.suppress(OSError):
        shared = os.statvfs("/dev/shm")  # noqa: S108
        if shared.f_frsize * shared.f_blocks < 256 * 1024 * 1024:
            settings["dynamic_shared_memory_type"] = "mmap"
    return settings


def answers(home: Home, seconds: float = 0.0) -> bool:
    """Whether the database accepts a connection within that time."""
    until = time.monotonic() + seconds
    while True:
        try:
            connect(home).close()
            return True
        except psycopg.OperationalError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.05)


def connect(home: Home, database: str | None = None) -> psycopg.Connection[tuple[Any, ...]]:
    """A connection as Linli's own role, outside Django; autocommit."""
    settings = home.database_settings()
    return psycopg.connect(
        host=settings["HOST"] or None,
        port=settings["PORT"] or None,
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        dbname=database or settings["NAME"],
        connect_timeout=10,
        autocommit=True,
        **settings["OPTIONS"],
    )


class Server:
    """One embedded cluster of one installation. Not for installations with LINLI_DATABASE_URL."""

    def __init__(self, home: Home | None = None) -> None:
        self.home = home or Home.from_environment()
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self.binaries: Binaries | None = None

    # -- what is there ------------------------------------------------------------------------------------

    @property
    def data(self) -> Path:
        return self.home.database_folder

    @property
    def made_by(self) -> int | None:
        """The major version that made the cluster; None when there is no cluster yet."""
        file = self.data / "PG_VERSION"
        return int(file.read_text("ascii").strip()) if file.exists() else None

    @property
    def log_file(self) -> Path:
        return self.home.path / "log" / "postgresql.log"

    def choose_binaries(self) -> Binaries:
        """The programs for this cluster, where the server's user can run them."""
        found = find_binaries(self.made_by)
        user = self.home.server_user
        if user and not reachable(found.folder / "postgres", user.pw_uid, [user.pw_gid]):
            shelf = Path("/var/lib/linli")
            shelf.mkdir(mode=0o755, parents=True, exist_ok=True)
            found = copied_out(found, shelf)
        return found

    # -- lock ---------------------------------------------------------------------------------------------

    def take_lock(self) -> bool:
        """Become the one who runs this cluster. False when another process is."""
        self._prepare_place()
        lock = open(self.home.place / "database.lock", "a+", encoding="ascii")  # noqa: SIM115
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._lock = lock
        return True

    def lock_holder(self) -> int | None:
        """The process that runs the cluster now, as far as the lock file says."""
        try:
            with open(self.home.place / "database.lock", encoding="ascii") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except OSError:
                    return int(lock.read().strip() or 0) or None
        except (OSError, ValueError):
            pass
        return None

    def release_lock(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    # -- making -------------------------------------------------------------------------------------------

    def _prepare_place(self) -> None:
        home, user = self.home, self.home.server_user
        if os.geteuid() == 0 and user is None:
            raise DatabaseProblem(
                "以 root 运行时，数据库由普通用户来跑，这台电脑上却没有 linli、postgres 或 nobody 用户。"
                "请执行 useradd --system linli 后再试。"
            )
        place = home.place
        try:
            home.path.mkdir(parents=True, exist_ok=True)
            (home.path / "log").mkdir(mode=0o700, exist_ok=True)
            place.mkdir(mode=0o755, parents=True, exist_ok=True)
            sockets = home.socket_folder
            sockets.mkdir(mode=0o700, exist_ok=True)
            if user:
                if place != home.path and not (home.path / "database.place").exists():
                    (home.path / "database.place").write_text(f"{place}\n", "utf-8")
                if not (home.path / "database.user").exists():
                    (home.path / "database.user").write_text(f"{user.pw_name}\n", "utf-8")
                os.chown(sockets, user.pw_uid, user.pw_gid)
        except PermissionError as error:
            raise DatabaseProblem(
                f"没有权限写 {error.filename}。它可能是用另一个用户（例如 root）建的："
                "请用同一个用户运行，或用环境变量 LINLI_HOME 另选一个文件夹。"
            ) from error
        held = sockets.stat()
        if held.st_uid not in {os.geteuid(), user.pw_uid if user else os.geteuid()}:
            raise DatabaseProblem(f"文件夹 {sockets} 属于另一个用户，不能放数据库的套接字。请删除它后再试。")

    def _run_as(self) -> dict[str, Any]:
        user = self.home.server_user
        base: dict[str, Any] = {
            "cwd": "/",
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "Asia/Shanghai"},
        }
        return base | ({"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {})

    def _initdb(self, binaries: Binaries) -> None:
        """Make the cluster in a temporary folder, then rename it: there is never half a cluster."""
        place, user = self.home.place, self.home.server_user
        for left in place.glob(".making-*"):
            shutil.rmtree(left, ignore_errors=True)
        making = Path(tempfile.mkdtemp(prefix=".making-", dir=place))
        password = making / "password"
        data = making / "database"
        try:
            password.write_text(self.home.secret("database-admin") + "\n", "ascii")
            password.chmod(0o600)
            if user:
                os.chown(making, user.pw_uid, user.pw_gid)
                os.chown(password, user.pw_uid, user.pw_gid)
            base = [
                binaries.program("initdb"),
                f"--pgdata={data}",
                "--username=postgres",
                "--auth=scram-sha-256",
                f"--pwfile={password}",
                "--encoding=UTF8",
                "--data-checksums",
                "--no-sync",
                "--no-instructions",
            ]
            said = ""
            for locale in locale_choices(binaries.major):
                shutil.rmtree(data, ignore_errors=True)
                ran = subprocess.run(
                    [*base, *locale], capture_output=True, text=True, errors="replace", **self._run_as()
                )
                if ran.returncode == 0:
                    break
                said = ran.stderr.strip() or ran.stdout.strip()
            else:
                raise DatabaseProblem(f"数据库没有建成。PostgreSQL 说：{said[-500:]}")
            subprocess.run(
                [binaries.program("initdb"), "--sync-only", f"--pgdata={data}"],
                check=True,
                capture_output=True,
                **self._run_as(),
            )
            data.rename(self.data)
        except OSError as error:
            raise DatabaseProblem(f"数据库没有建成：{error}。请检查 {place} 的剩余空间和权限。") from error
        finally:
            shutil.rmtree(making, ignore_errors=True)

    def _make_role_and_database(self) -> None:
        """Role and database `linli`: owner of its own data, not a superuser. Safe to repeat."""
        password = self.home.secret("database")
        with psycopg.connect(
            host=str(self.home.socket_folder),
            port=PORT,
            user="postgres",
            password=self.home.secret("database-admin"),
            dbname="postgres",
            autocommit=True,
        ) as admin:
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = 'linli'").fetchone():
                admin.execute(
                    sql.SQL("CREATE ROLE linli LOGIN CREATEDB PASSWORD {}").format(sql.Literal(password))
                )
            else:
                admin.execute(sql.SQL("ALTER ROLE linli PASSWORD {}").format(sql.Literal(password)))
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = 'linli'").fetchone():
                admin.execute("CREATE DATABASE linli OWNER linli TEMPLATE template0")

    # -- starting -----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the server and wait until it answers; make the cluster first if there is none.

        Raises DatabaseProblem when another process runs it or when it does not come up.
        """
        if self._lock is None and not self.take_lock():
            raise DatabaseProblem(f"数据库正由另一个 linli 进程（{self.lock_holder() or '未知'}）运行。")
        try:
            self.binaries = self.choose_binaries()
            fresh = self.made_by is None
            if fresh:
                self._initdb(self.binaries)
            self._clear_leftovers()
            self._launch(self.binaries)
        except BaseException:
            self.stop()
            raise

    def restart(self) -> None:
        """Start again after the server died; the lock is kept throughout."""
        if self.process and self.process.poll() is None:
            raise RuntimeError("the server is still running")
        self.start()

    def _command(self, binaries: Binaries) -> list[str]:
        settings = server_settings(memory_bytes()) | {"unix_socket_directories": str(self.home.socket_folder)}
        command = [binaries.program("postgres"), "-D", str(self.data), "-p", PORT]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _launch(self, binaries: Binaries) -> None:
        until = time.monotonic() + START_SECONDS
        shared_memory_tries = 0
        while True:
            with contextlib.suppress(OSError):
                if self.log_file.stat().st_size > LOG_LIMIT:
                    self.log_file.replace(self.log_file.with_suffix(".log.1"))
            with open(self.log_file, "ab") as log:
                begin = log.tell()
                self.process = subprocess.Popen(
                    self._command(binaries),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C is ours to pass on, after the web and the worker
                    preexec_fn=die_with_parent(signal.SIGINT),
                    **self._run_as(),
                )
            if self._wait_until_ready(until):
                return
            said = self._log_since(begin)
            if "shared memory block" in said and shared_memory_tries < 5:
                # Backends of a server that was killed outlive it for a moment.
                shared_memory_tries += 1
                time.sleep(1)
                self._end_processes_of_cluster(signal.SIGQUIT)
                continue
            lines = [
                line for line in said.splitlines() if "FATAL" in line or "HINT" in line or "PANIC" in line
            ]
            raise DatabaseProblem(
                f"数据库没有启动。PostgreSQL 说：{' '.join(lines[-3:])[-600:] or said[-600:] or '(没有说)'} "
                f"（全文见 {self.log_file}）"
            )

    def _wait_until_ready(self, until: float) -> bool:
        assert self.process is not None
        mended = False
        while self.process.poll() is None:
            try:
                connect(self.home).close()
                return True
            except psycopg.OperationalError as error:
                said = str(error)
                if not mended and ("does not exist" in said or "password authentication failed" in said):
                    try:
                        self._make_role_and_database()
                    except psycopg.OperationalError as refused:
                        if "password authentication failed" in str(refused):
                            raise DatabaseProblem(
                                f"数据库不认 {self.home.path / 'secrets'} 里的口令："
                                "口令文件和数据库不是同一次安装的，请把原来的 secrets 文件夹放回来。"
                            ) from refused
                        raise
                    mended = True
                    continue
            if time.monotonic() > until:
                raise DatabaseProblem(f"数据库 {START_SECONDS:.0f} 秒内没有就绪，请看 {self.log_file}。")
            time.sleep(0.02)
        return False

    def _log_since(self, begin: int) -> str:
        with open(self.log_file, "rb") as log:
            log.seek(begin)
            return log.read().decode("utf-8", "replace")

    def _clear_leftovers(self) -> None:
        """What a killed supervisor or server left behind; we hold the lock, so nothing of it is wanted."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text("utf-8").split("\n", 1)[0])
        except (OSError, ValueError):
            pid = 0
        if pid and pid in self._processes_of_cluster():
            os.kill(pid, signal.SIGINT)
            until = time.monotonic() + STOP_SECONDS
            while pid in self._processes_of_cluster() and time.monotonic() < until:
                time.sleep(0.05)
        if pid and pid not in self._processes_of_cluster():
            # The number may by now belong to another program, which PostgreSQL would mistake for a server.
            pid_file.unlink(missing_ok=True)
            for left in self.home.socket_folder.glob(".s.PGSQL.*"):
                left.unlink(missing_ok=True)

    def _processes_of_cluster(self) -> set[int]:
        """Processes that work in the data folder: a server of this cluster and its backends."""
        found = set()
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if os.readlink(entry / "cwd") == str(self.data.resolve()):
                    state = (entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
                    if state != "Z":
                        found.add(int(entry.name))
        return found - {os.getpid()}

    def _end_processes_of_cluster(self, signal_number: int) -> None:
        for pid in self._processes_of_cluster():
            with contextlib.suppress(OSError):
                os.kill(pid, signal_number)

    # -- stopping -----------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop the server cleanly (SIGINT, then SIGQUIT) and let go of the lock."""
        process = self.process
        if process is not None and process.poll() is None:
            for number, seconds in (
                (signal.SIGINT, STOP_SECONDS),
                (signal.SIGQUIT, 15.0),
                (signal.SIGKILL, 15.0),
            ):
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(number)
                try:
                    process.wait(seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
        self.process = None
        self.release_lock()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def locale_choices(major: int) -> list[list[str]]:
    """initdb's locale options, best first: bytewise order always, Unicode letters where a locale has them."""
    choices = [["--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C"], ["--locale=C"]]
    if major >= 17:
        choices.insert(0, ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"])
    return [[*choice] for choice in choices]


@contextlib.contextmanager
def running_or_start(home: Home | None = None, *, quiet: bool = True) -> Iterator[Server | None]:
    """The database running for the length of the block: the one that runs already, else one of our own.

    Yields the Server when it is ours, None when somebody else's (or a configured one) is used. One that we
    started is stopped at the end, after waiting for other commands that came to use it meanwhile.
    """
    home = home or Home.from_environment()
    if os.environ.get("LINLI_DATABASE_URL"):
        try:
            connect(home).close()
        except psycopg.Error as error:
            raise DatabaseProblem(
                f"连不上环境变量 LINLI_DATABASE_URL 指定的数据库：{str(error).strip()[-300:]}"
            ) from error
        yield None
        return
    server = Server(home)
    mine = server.take_lock()
    with open(home.place / "database.users", "a", encoding="ascii") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        if mine:
            server.start()
        else:
            until = time.monotonic() + START_SECONDS
            while not answers(home, 0.5):
                if server.take_lock():  # the other one has just stopped
                    mine = True
                    server.start()
                    break
                if time.monotonic() > until:
                    raise DatabaseProblem(
                        f"另一个 linli 进程（{server.lock_holder() or '未知'}）占着数据库，但数据库没有应答。"
                        "请先停止它。"
                    )
        try:
            yield server if mine else None
        finally:
            if mine:
                _wait_for_others(users, quiet)
                server.stop()


def _wait_for_others(users: IO[str], quiet: bool) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        if not quiet:
            print("还有别的 linli 命令在用数据库，等它们结束……", file=sys.stderr)
        fcntl.flock(users, fcntl.LOCK_EX)

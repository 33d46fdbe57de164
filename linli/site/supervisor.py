"""`linli serve`: PostgreSQL, the web and the job worker as one program.

The supervisor itself stays small: it never loads Django. What needs Django (migrations, the demonstration
street, static files) runs in a child, `linli prepare`, before the web and the worker start.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from linli.site import lost_jobs
from linli.site.embedded import DatabaseProblem, Server, connect, die_with_parent
from linli.site.home import Home

LOG_LIMIT = 10 * 1024 * 1024
LOOK_EVERY = 0.2  # seconds between looks at the children
STEADY_AFTER = 60.0  # a child that lived this long (seconds) is restarted at once when it dies
LONGEST_PAUSE = 30.0
WEB_STOP_SECONDS = 15.0
WORKER_STOP_SECONDS = 25.0


class PortTaken(Exception):
    """Another program listens where the web should; the text says what to do."""


@dataclass
class Child:
    """One program under supervision, restarted with growing pauses when it dies."""

    name: str
    label: str
    command: list[str]
    stop_seconds: float
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0  # in a row, without a steady run between
    next_start: float = 0.0

    def start(self, log_folder: Path) -> None:
        file = log_folder / f"{self.name}.log"
        with contextlib.suppress(OSError):
            if file.stat().st_size > LOG_LIMIT:
                file.replace(file.with_suffix(".log.1"))
        with open(file, "ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | self.environment,
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops the rest in order
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        self.started = time.monotonic()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill_group(self) -> None:
        """End whatever is left of the child's process group: a killed web master leaves its workers."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.stop_seconds)
        self.kill_group()
        self.process = None

    def plan_restart(self) -> float:
        """Note a death; returns the pause in seconds before the next start."""
        now = time.monotonic()
        self.deaths = 1 if now - self.started > STEADY_AFTER else self.deaths + 1
        pause = 0.0 if self.deaths == 1 else min(LONGEST_PAUSE, 2.0 ** (self.deaths - 2))
        self.next_start = now + pause
        return pause


def check_port(host: str, port: int) -> None:
    """Raise PortTaken when the web could not listen there."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise PortTaken(
            f"地址 {host} 不对：请在 --host 后写本机的地址，例如 127.0.0.1 或 0.0.0.0。"
        ) from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"端口 {port} 已被别的程序占用。请换一个端口，例如：linli serve --port {port + 1}"
                f"（用 make 时：make run PORT={port + 1}）。"
            ) from error
        if error.errno == errno.EACCES:
            raise PortTaken(f"没有权限使用端口 {port}。请用 1024 以上的端口，例如：--port 8000。") from error
        raise PortTaken(f"地址 {host} 不是本机的，不能在上面监听。请在 --host 后写本机的地址。") from error


class Supervisor:
    """Everything `linli serve` runs; `run()` returns when it has been told to stop and all has stopped."""

    def __init__(self, host: str, port: int, *, demo: bool = False, web_workers: int = 0) -> None:
        self.home = Home.from_environment()
        self.host, self.port, self.demo = host, port, demo
        self.server = None if os.environ.get("LINLI_DATABASE_URL") else Server(self.home)
        self.stopping = False
        self._preparing: subprocess.Popen[bytes] | None = None
        workers = web_workers or min(2, os.cpu_count() or 1)
        environment = {"DJANGO_SETTINGS_MODULE": "linli.site.settings", "LINLI_SUPERVISED": "1"}
        self.web = Child(
            "web",
            "网页服务",
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1"),
                *("--host", host, "--port", str(port), "--workers", str(workers)),
                *("--blocking-threads", "4", "--backlog", "256", "--log-level", "warning"),
                *("--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "10"),
                "linli.site.wsgi:application",
            ],
            WEB_STOP_SECONDS,
            environment | {"LINLI_APPLICATION": "linli-web"},
        )
        self.worker = Child(
            "worker",
            "后台任务",
            [sys.executable, "-m", "linli.site.cli", "work"],
            WORKER_STOP_SECONDS,
            environment | {"LINLI_APPLICATION": "linli-worker"},
        )

    # -- the whole run ------------------------------------------------------------------------------------

    def run(self) -> int:
        """Start everything, watch it, stop it. Returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        begun = time.monotonic()
        check_port(self.host, self.port)
        try:
            self._start_database()
            if not self.stopping and not self._prepare():
                return 0 if self.stopping else 1
            if not self.stopping:
                self.home.clear_uploading()
                self.web.start(self.home.path / "log")
                if self._wait_for_web(60.0):
                    self._greet(time.monotonic() - begun)
                self._start_worker()
            while not self.stopping:
                self._look()
                time.sleep(LOOK_EVERY)
        finally:
            self._stop_all()
        return 0

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            say("正在停止……")
            if self._preparing is not None:
                self._preparing.terminate()

    def _start_database(self) -> None:
        if self.server is None:
            connect(self.home).close()
            return
        if not self.server.take_lock():
            self._wait_for_lock(self.server)
        if not self.stopping:
            fresh = self.server.made_by is None
            if fresh:
                say("第一次运行：建立数据库……")
            self.server.start()

    def _wait_for_lock(self, server: Server) -> None:
        running = state_of(self.home)
        if running:
            raise DatabaseProblem(
                f"邻里已经在运行：http://{running['host']}:{running['port']}/ （进程 {running['pid']}）。"
                "要重新启动，先在那个窗口按 Ctrl-C。"
            )
        say(f"另一个 linli 命令（进程 {server.lock_holder()}）正在用数据库，等它结束……")
        while not self.stopping and not server.take_lock():
            time.sleep(0.5)

    def _prepare(self) -> bool:
        """Migrations, divisions, the demonstration street, static files: in a child that has Django."""
        command = [sys.executable, "-m", "linli.site.cli", "prepare", *(["--demo"] if self.demo else [])]
        self._preparing = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        code = self._preparing.wait()
        self._preparing = None
        return code == 0

    def _start_worker(self) -> None:
        with contextlib.suppress(Exception):
            count = lost_jobs.recover(self.home, only_worker=self.server is not None)
            if count:
                say(f"有 {count} 项后台任务上次没有做完，已重新排队。")
        self.worker.start(self.home.path / "log")

    # -- watching -----------------------------------------------------------------------------------------

    def _look(self) -> None:
        server = self.server
        if server is not None and server.process is not None and server.process.poll() is not None:
            self._database_died(server)
        for child in (self.web, self.worker):
            if child.process is not None and not child.alive:
                child.kill_group()
                code = child.process.returncode
                child.process = None
                pause = child.plan_restart()
                say(
                    f"{child.label}意外停止（{describe_exit(code)}）"
                    + (f",{pause:.0f} 秒后重新启动。" if pause else ",正在重新启动。")
                    + (
                        f"原因见 {self.home.path / 'log' / (child.name + '.log')}。"
                        if child.deaths > 2
                        else ""
                    )
                )
            elif child.process is None and time.monotonic() >= child.next_start:
                if child is self.worker:
                    self._start_worker()
                else:
                    self.home.clear_uploading()
                    child.start(self.home.path / "log")

    def _database_died(self, server: Server) -> None:
        """Restart PostgreSQL. The worker goes first: its jobs must not be noted as failed for want of it."""
        assert server.process is not None
        say(f"数据库意外停止（{describe_exit(server.process.returncode)}），正在重新启动。")
        self.worker.kill_group()
        self.worker.process = None
        pause = 0.0
        while not self.stopping:
            try:
                server.restart()
                say("数据库已恢复，已提交的数据都在。")
                self.worker.next_start = 0.0
                return
            except DatabaseProblem as problem:
                pause = min(LONGEST_PAUSE, pause * 2 or 1.0)
                say(f"{problem} {pause:.0f} 秒后再试。")
                until = time.monotonic() + pause
                while not self.stopping and time.monotonic() < until:
                    time.sleep(LOOK_EVERY)

    def _wait_for_web(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        while not self.stopping and self.web.alive and time.monotonic() < until:
            try:
                socket.create_connection((host, self.port), 1).close()
                return True
            except OSError:
                time.sleep(0.05)
        return False

    def _greet(self, seconds: float) -> None:
        state = {"pid": os.getpid(), "host": self.host, "port": self.port}
        (self.home.path / "serving.json").write_text(json.dumps(state), "utf-8")
        shown = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
        say("")
        say(f"邻里已经启动（{seconds:.1f} 秒）：http://{shown}:{self.port}/")
        accounts = self.home.path / "demo-accounts.txt"
        if accounts.exists():
            say(accounts.read_text("utf-8").rstrip())
        say("按 Ctrl-C 停止。")

    # -- stopping -----------------------------------------------------------------------------------------

    def _stop_all(self) -> None:
        """Web, then worker, then database."""
        self.stopping = True
        with contextlib.suppress(OSError):
            (self.home.path / "serving.json").unlink()
        if self._preparing is not None:
            self._preparing.terminate()
            self._preparing.wait()
        self.web.stop()
        self.worker.stop()
        if self.server is not None:
            self.server.stop()
        say("已停止。")


def state_of(home: Home) -> dict[str, int | str] | None:
    """Where a running `linli serve` listens, and its process; None when none runs."""
    try:
        state: dict[str, int | str] = json.loads((home.path / "serving.json").read_text("utf-8"))
        os.kill(int(state["pid"]), 0)
    except PermissionError:
        return state
    except (OSError, ValueError, KeyError):
        return None
    return state


def describe_exit(code: int | None) -> str:
    """An exit code in words."""
    if code is None:
        return "原因不明"
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"被信号 {signal.Signals(-code).name} 结束"
    return f"退出码 {code}"


def say(text: str) -> None:
    print(text, flush=True)

"""Sixteen users at once, against the real server: throughput beside that of the same SQL and an empty page (the bar, ADR 0050), and
beside that of the empty page alone; the memory of the web."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tests.bench.ground import line
from tests.bench.pages import addresses, officer, statements

USERS = 16
REQUESTS = 160  # of each page, all users together
ROUNDS = 3
BAR = 0.4
MOST_MEGABYTES = 300


def run() -> None:
    """Start the web as `linli serve` does, and let sixteen users read."""
    import statistics

    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
    pages = addresses()
    client = Client()
    client.force_login(officer())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
    empty = reverse("search")
    with _web([statements(client, url) for url in pages.values()], empty) as (port, pids):
        _read(port, empty, cookie)
        for number, (name, path) in enumerate(pages.items()):
            ours, same_sql = quote(path, safe="/?&=%"), f"/bench/{number}/"
            for url in (ours, same_sql):
                _read(port, url, cookie)
            rounds = [
                tuple(_read(port, url, cookie) for url in (ours, same_sql, empty)) for _round in range(ROUNDS)
            ]
            seconds = statistics.median(a for a, _b, _c in rounds)
            beside = statistics.median(b / a for a, b, _c in rounds)
            alone = statistics.median(c / a for a, _b, c in rounds)
            line(
                f"{USERS} 人同时看{name}",
                f"每秒 {REQUESTS / seconds:.0f} 页，是同样的 SQL 加空页的 {beside:.0%}，单是空页的 {alone:.0%}",
                f"标准不低于 {BAR:.0%}",
            )
        most = max(_peak(pid) for pid in pids())
        line("网页进程的内存", f"{most:.0f} MB", f"标准 {MOST_MEGABYTES} MB 以内")


def _read(port: int, url: str, cookie: str) -> float:
    """Seconds until all users together have read the page so many times."""
    failures: list[str] = []

    def one() -> None:
        try:
            read()
        except Exception as error:
            failures.append(f"{url}: {error!r}")

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for _number in range(REQUESTS // USERS):
            connection.request("GET", url, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                failures.append(f"{url}: {answer.status}")
                return
        connection.close()

    threads = [threading.Thread(target=one) for _user in range(USERS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(failures[0])
    return time.perf_counter() - begin


@contextmanager
def _web(statements: list[list[str]], empty: str) -> Iterator[tuple[int, Callable[[], list[int]]]]:
    """The web as `linli serve` starts it, with the baseline in front."""
    from linli.site.supervisor import Supervisor

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        "tests.bench.wsgi:application" if part == "linli.site.wsgi:application" else part
        for part in Supervisor("127.0.0.1", port).web.command
    ]
    kept = tempfile.NamedTemporaryFile("w", suffix=".json")  # noqa: SIM115  closed with the server
    json.dump(statements, kept)
    kept.flush()
    found = {"BENCH_STATEMENTS": kept.name, "BENCH_EMPTY": empty}
    process = subprocess.Popen(command, env=os.environ | found)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, lambda: [process.pid, *_children(process.pid)]
    finally:
        process.terminate()
        process.wait(30)
        kept.close()


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(one) for one in found]


def _peak(pid: int) -> float:
    """The largest memory of a process so far, in MB."""
    for text in Path(f"/proc/{pid}/status").read_text().splitlines():
        if text.startswith("VmHWM"):
            return int(text.split()[1]) / 1024
    return 0.0


if sys.platform != "linux":
    raise RuntimeError("memory is read from /proc")

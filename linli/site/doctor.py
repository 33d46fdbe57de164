"""`linli doctor`: what is wrong with this machine or this installation, in plain words, and what to do."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from linli.site.binaries import NEWEST, OLDEST, DatabaseProblem, find_binaries
from linli.site.embedded import Server, connect, memory_bytes
from linli.site.home import Home
from linli.site.supervisor import PortTaken, check_port, state_of

GOOD, NOTE, BAD = "好", "注意", "有问题"
GIB = 1024**3


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, in a sentence, and what to do when it is not good."""

    level: str
    subject: str
    text: str
    todo: str = ""

    def __str__(self) -> str:
        mark = {GOOD: "✓", NOTE: "!", BAD: "✗"}[self.level]
        return f"{mark} {self.subject}：{self.text}" + (f"\n    → {self.todo}" if self.todo else "")


def machine(home: Home, port: int) -> Iterator[Finding]:
    """What needs no database."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(GOOD, "Python", f"版本 {version}。")
    if sys.prefix == sys.base_prefix:
        yield Finding(
            NOTE, "运行环境", "没有在虚拟环境里运行。", "建议用 make setup 建好 .venv，再用 .venv/bin/linli。"
        )
    else:
        yield Finding(GOOD, "运行环境", f"虚拟环境 {sys.prefix}。")
    yield from _disk_and_memory(home)
    yield _clock()
    yield _port(home, port)
    yield _folder(home)


def _disk_and_memory(home: Home) -> Iterator[Finding]:
    places = {home.path, home.place}
    for place in sorted(places):
        there = next(p for p in (place, *place.parents) if p.exists())
        free = shutil.disk_usage(there).free / GIB
        if free < 1:
            yield Finding(
                BAD,
                "磁盘",
                f"{there} 只剩 {free:.1f} GB。",
                "请清理出至少 5 GB，磁盘写满后数据库会停止工作。",
            )
        elif free < 5:
            yield Finding(NOTE, "磁盘", f"{there} 剩 {free:.1f} GB，不多了。", "建议留出 5 GB 以上。")
        else:
            yield Finding(GOOD, "磁盘", f"{there} 剩 {free:.0f} GB。")
    memory = memory_bytes() / GIB
    if memory < 1.8:
        yield Finding(
            BAD, "内存", f"共 {memory:.1f} GB，不够。", "请用 2 GB 以上的电脑，10 万人以上建议 4 GB。"
        )
    elif memory < 3.5:
        yield Finding(NOTE, "内存", f"共 {memory:.1f} GB，导入大表时会慢。", "10 万人以上建议 4 GB。")
    else:
        yield Finding(GOOD, "内存", f"共 {memory:.1f} GB。")


def _clock() -> Finding:
    """A clock that has fallen back (before the program's own files) makes wrong ages and deadlines."""
    package = Path(__file__).stat().st_mtime
    shown = datetime.now(ZoneInfo("Asia/Shanghai"))
    if time.time() < package - 86400:
        return Finding(
            BAD,
            "时钟",
            f"现在显示 {shown:%Y-%m-%d %H:%M}，比程序文件的日期还早。",
            "年龄和期限都按时钟计算，请校准系统时间（timedatectl set-ntp true）。",
        )
    return Finding(GOOD, "时钟", f"现在是北京时间 {shown:%Y-%m-%d %H:%M}。")


def _port(home: Home, port: int) -> Finding:
    running = state_of(home)
    if running:
        return Finding(
            GOOD,
            "网页服务",
            f"正在运行：http://{running['host']}:{running['port']}/ （进程 {running['pid']}）。",
        )
    try:
        check_port("127.0.0.1", port)
    except PortTaken as taken:
        return Finding(
            NOTE, "端口", f"{port} 被别的程序占用。", str(taken).partition("。")[2] or "换一个端口。"
        )
    return Finding(GOOD, "端口", f"{port} 空闲，邻里没有在运行。启动：linli serve（或 make run）。")


def _folder(home: Home) -> Finding:
    there = next(p for p in (home.path, *home.path.parents) if p.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return Finding(
            BAD,
            "数据文件夹",
            f"当前用户不能写 {there}。",
            "请换回建立它的用户运行，或用环境变量 LINLI_HOME 另选一个文件夹。",
        )
    secrets = home.path / "secrets"
    if secrets.exists() and secrets.stat().st_mode & 0o077:
        return Finding(BAD, "密钥", f"{secrets} 别的用户也能读。", f"请执行 chmod -R go= {secrets}")
    return Finding(GOOD, "数据文件夹", f"{home.path}。")


def database_programs(home: Home) -> Iterator[Finding]:
    """Which PostgreSQL there is, whether it fits the data, and who runs it."""
    if os.environ.get("LINLI_DATABASE_URL"):
        yield Finding(GOOD, "数据库", "用环境变量 LINLI_DATABASE_URL 指定的数据库。")
        return
    server = Server(home)
    try:
        found = find_binaries(server.made_by)
    except DatabaseProblem as problem:
        yield Finding(BAD, "数据库程序", "没有合用的 PostgreSQL。", str(problem))
        return
    yield Finding(GOOD, "数据库程序", f"{found.described}。")
    if server.made_by is None:
        yield Finding(NOTE, "数据库", "还没有建立。", "第一次 linli serve（或 make run）时自动建立。")
    holder = server.lock_holder()
    if holder:
        yield Finding(GOOD, "数据库", f"正由进程 {holder} 运行。")


def database(home: Home) -> Iterator[Finding]:
    """What the running database says. Django must be set up, the database running."""
    with connect(home) as connection:
        major = connection.info.server_version // 10000
        row = connection.execute(
            "SELECT pg_database_size(current_database()),"
            " current_setting('data_checksums'), current_setting('fsync'),"
            " (SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database),"
            " (SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock')"
        ).fetchone()
        assert row is not None
        size, checksums, fsync, failures, waiting = row
        if not OLDEST <= major <= NEWEST:
            yield Finding(
                BAD,
                "数据库版本",
                f"PostgreSQL {major} 不在支持的 {OLDEST} 至 {NEWEST} 之内。",
                "请换用支持的版本。",
            )
        else:
            yield Finding(GOOD, "数据库", f"应答正常，PostgreSQL {major}，已用 {size / GIB:.2f} GB。")
        if failures:
            yield Finding(
                BAD,
                "数据校验",
                f"数据库发现 {failures} 处数据损坏，磁盘可能有故障。",
                "请立即做一份备份（linli backup），换一块磁盘，再从最近完好的备份恢复。",
            )
        if checksums != "on" or fsync != "on":
            yield Finding(
                NOTE,
                "数据库设置",
                "没有打开数据校验或落盘保证。",
                "请数据库管理员打开 data_checksums 和 fsync。",
            )
        if waiting:
            yield Finding(
                NOTE,
                "数据库锁",
                f"有 {waiting} 个操作在等别的操作。",
                "等几分钟再看；一直如此请重启 linli serve。",
            )
        yield from _tables(connection)


def _tables(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[Finding]:
    from linli.site import prepare

    pending = prepare.pending_migrations()
    if pending:
        yield Finding(
            BAD,
            "数据表",
            f"有 {len(pending)} 项升级没有执行。",
            "请执行 linli migrate（linli serve 会自动执行）。",
        )
        return
    yield Finding(GOOD, "数据表", "已是最新。")
    yield from _jobs(connection)


def _jobs(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[Finding]:
    row = connection.execute(
        "SELECT (SELECT count(*) FROM procrastinate_workers"
        " WHERE last_heartbeat > now() - interval '40 seconds'),"
        " count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'failed')"
        " FROM procrastinate_jobs"
    ).fetchone()
    assert row is not None
    alive, waiting, failed = row
    if alive:
        yield Finding(GOOD, "后台任务", f"正在运行，{waiting} 项在排队。")
    elif waiting:
        yield Finding(
            BAD, "后台任务", f"没有在运行，{waiting} 项在排队。", "请启动 linli serve，排队的任务会自动继续。"
        )
    else:
        yield Finding(NOTE, "后台任务", "没有在运行。", "linli serve 会启动它。")
    if failed:
        yield Finding(NOTE, "失败的任务", f"有 {failed} 项。", "请在“任务”页查看每一项的原因。")


def unfinished() -> bool:
    """Whether tables are missing or old, so that looking into them makes no sense."""
    from linli.site import prepare

    return bool(prepare.pending_migrations())


def built() -> Iterator[Finding]:
    """Whether the pages' scripts and styles are there."""
    from linli.site import prepare

    if prepare.built_front_end():
        yield Finding(GOOD, "页面资源", "已经生成。")
    else:
        yield Finding(BAD, "页面资源", "样式和脚本没有生成，页面会没有样式。", "请执行 make setup。")


def chain() -> Iterator[Finding]:
    """Whether the record of who did what is whole."""
    from linli.audit.chain import verify

    report = verify()
    if report.sound:
        yield Finding(GOOD, "操作记录", report.message)
    else:
        yield Finding(
            BAD, "操作记录", report.message, "请不要再操作，保留现场，联系负责审计的人，并与备份比对。"
        )


def guarded(subject: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings; a look that itself breaks is a finding too."""
    try:
        yield from look()
    except DatabaseProblem as problem:
        yield Finding(BAD, subject, "不能用。", str(problem))
    except (psycopg.Error, OSError, ImportError) as error:
        yield Finding(
            BAD, subject, f"没有查成：{str(error).strip().splitlines()[0] if str(error) else error!r}"
        )
    except Exception as error:
        yield Finding(BAD, subject, f"没有查成：{type(error).__name__} {str(error)[:200]}")


def host_name() -> str:
    """This machine's name, for the report's head."""
    with contextlib.suppress(OSError):
        return socket.gethostname()
    return "这台电脑"

"""What goes wrong on the command line, in one sentence."""

from __future__ import annotations

import sys
import traceback
from datetime import datetime

from linli.site.home import Home


class Told(Exception):
    """Something went wrong that one sentence explains."""


def known_problem(error: BaseException) -> str | None:
    """The sentence to show for an error that explains itself; None for one that does not."""
    from linli.site.archive import ArchiveProblem
    from linli.site.binaries import DatabaseProblem

    if isinstance(error, (Told, DatabaseProblem, ArchiveProblem)):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return f"找不到文件 {error.filename}。"
    if isinstance(error, PermissionError) and error.filename:
        return f"没有权限使用 {error.filename}。请换一个用户，或换一个位置。"
    if isinstance(error, OSError) and error.errno == 28:
        return "磁盘满了，没有做完。请清理后再试。"
    import psycopg

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, psycopg.OperationalError) and cause.sqlstate in {
            None,
            "57P01",
            "57P02",
            "57P03",
        }:
            return "数据库连不上，或者中途停了，事情没有做完。请执行 linli doctor 看看原因，再试一次。"
        cause = cause.__cause__
    if "django" in sys.modules:
        from django.core.exceptions import PermissionDenied, ValidationError
        from django.core.management import CommandError

        if isinstance(error, ValidationError):
            return " ".join(error.messages)
        if isinstance(error, (CommandError, PermissionDenied)):
            return str(error) or "没有权限做这件事。"
        if sys.modules.get("linli.regions.lookup"):
            from linli.audit.recording import RuleError
            from linli.regions.lookup import RegionNotFound

            if isinstance(error, (RuleError, RegionNotFound)):
                return str(error)
    return None


def note_error() -> str:
    """Write the current error's traceback to the log; returns a sentence that says where."""
    file = Home.from_environment().path / "log" / "error.log"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "a", encoding="utf-8") as log:
            log.write(
                f"--- {datetime.now():%Y-%m-%d %H:%M:%S} {' '.join(sys.argv)}\n{traceback.format_exc()}\n"
            )
    except OSError:
        return "加 --trace 再执行一次可以看到细节。"
    return f"细节已写入 {file}；或加 --trace 再执行一次。"

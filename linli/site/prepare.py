"""What must be in place before the web and the worker start. Needs Django; steps already done are skipped."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from linli import __version__
from linli.site.archive import check_data_key


def pending_migrations() -> list[str]:
    """Names of the migrations not applied yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> bool:
    """Bring the database's tables up to date. Returns whether there was anything to do."""
    check_data_key(settings.HOME)
    if not pending_migrations():
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True


def _static_stamp() -> str:
    """What the static files are now: changes whenever one of them does."""
    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            held = Path(storage.path(path)).stat()
            digest.update(f"{path} {held.st_size} {held.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> bool:
    """Copy static files, named by content and compressed, to where the web serves them, if any changed."""
    root = Path(settings.STATIC_ROOT)
    stamp_file = root / ".stamp"
    stamp = _static_stamp()
    if stamp_file.exists() and stamp_file.read_text("ascii") == stamp:
        return False
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp_file.write_text(stamp, "ascii")
    return True


def built_front_end() -> bool:
    """Whether the scripts and styles have been built into the package."""
    built = settings.PACKAGE / "pages" / "static" / "built"
    return built.is_dir() and any(built.iterdir())


def load_divisions() -> bool:
    """Load the official divisions that come with the package, if there are none. Returns whether it did."""
    if import_module("linli.regions.models").Region.objects.exists():
        return False
    import_module("linli.regions.command").divisions_command()
    return True


def ensure_groups() -> int:
    """Add the groups of care and concern that every installation starts with, and their rules, where they are missing."""
    system = import_module("linli.audit.recording").SYSTEM
    added: int = import_module("linli.registry.groups.seeds").ensure_groups(acting_user=system)
    return added


def ensure_certificates() -> int:
    """Put the list of what communities may and must not certify in force, where it is missing."""
    added: int = import_module("linli.certificates.actions").ensure_list()
    return added


def make_demonstration() -> str:
    """Make the demonstration street if nobody lives here yet. Returns what was made, in words; nothing if it was not."""
    street = import_module("linli.demo.street")
    if not street.is_empty():
        return ""
    print("还没有数据，正在建示范街道（约半分钟）……", flush=True)
    return str(street.build())


def make_scale(copies: int | None = None) -> str:
    """Make the district on which speed is measured, of so many copies of the street (all that fit when none are named).
    Returns what was made, in words. Raises RuleError where data is."""
    scale = import_module("linli.demo.scale")
    said = str(scale.build(copies=copies or scale.COPIES, say=lambda text: print(text, flush=True)))
    scale.tidy()
    return said


def note_accounts() -> str:
    """Write down the demonstration accounts that there are, for `linli serve` to show, and return the text."""
    users = import_module("linli.access.models").User.objects
    accounts = import_module("linli.demo.street").ACCOUNTS
    names = {account.username for account in accounts}
    there = set(users.filter(username__in=names, is_active=True).values_list("username", flat=True))
    rows = [(a.username, a.password, a.name, a.role, a.where) for a in accounts if a.username in there]
    text = ""
    if rows:
        text = "示范账号（居民、电话、证件号码都是编的）：\n" + aligned([HEADINGS, *rows])
    (settings.HOME.path / "demo-accounts.txt").write_text(text, "utf-8")
    return text


HEADINGS = ("用户名", "密码", "姓名", "岗位", "地方")


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns, counting a Chinese character as two places, as terminals do."""

    def places(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)

    widths = [max(places(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  " + "  ".join(cell + " " * (width - places(cell)) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"

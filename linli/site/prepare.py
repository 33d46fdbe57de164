"""What must be in place before the web and the worker start. Needs Django; steps already done are skipped."""

from __future__ import annotations

import hashlib
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


def make_demonstration() -> bool:
    """Make the demonstration street if nobody lives here yet. Returns whether it was made."""
    person = import_module("linli.registry.people.models").Person
    if person.objects.exists():
        return False
    import_module("linli.demo.street").build()
    return True


def note_accounts() -> None:
    """Write the demonstration accounts, for `linli serve` to show, when they are there."""
    accounts = import_module("linli.demo.street").ACCOUNTS
    lines = ["演示账号："]
    for account in accounts:
        lines.append(
            "  " + (account if isinstance(account, str) else "  ".join(str(part) for part in account))
        )
    (settings.HOME.path / "demo-accounts.txt").write_text("\n".join(lines) + "\n", "utf-8")

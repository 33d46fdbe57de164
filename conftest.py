"""Tests of every room share one embedded PostgreSQL, started once and used by all pytest-xdist workers."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Time never decides a test: tests look at a number right after a deed, and write without leaving events.
NEVER_KEPT = ("LINLI_BADGE_SECONDS", "LINLI_COUNT_SECONDS")
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

_database = contextlib.ExitStack()


def _refuse_a_stale_environment() -> None:
    """What setup.sh installed must be what requirements/dev.txt asks for now; elsewhere (CI's own images) nothing is known."""
    mark = Path(sys.prefix) / ".linli-dev"
    wanted = hashlib.sha256((Path(__file__).parent / "requirements" / "dev.txt").read_bytes()).hexdigest()
    if mark.exists() and mark.read_text("ascii").strip() != wanted:
        raise pytest.UsageError(
            "requirements/dev.txt has changed since .venv was made: run scripts/setup.sh dev"
        )


def pytest_configure(config: pytest.Config) -> None:
    # Test databases need not outlive a power cut. The tests of the server itself take this back.
    os.environ.setdefault("PGOPTIONS", "-c synchronous_commit=off")
    from django.conf import settings as django_settings

    for (
        name
    ) in NEVER_KEPT:  # the settings were read before this file; servers that tests start read the environment
        os.environ[name] = "0"
        setattr(django_settings, name, 0)
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
    _refuse_a_stale_environment()
    from linli.site.embedded import running_or_start

    _database.enter_context(running_or_start())


def pytest_unconfigure(config: pytest.Config) -> None:
    _database.close()


@pytest.fixture(autouse=True, scope="session")
def _uploads_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files that tests upload never reach the installation's own folder."""
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield

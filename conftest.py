"""Tests of every room share one embedded PostgreSQL, started once and used by all pytest-xdist workers."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# Time never decides a test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

_database = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    # Test databases need not outlive a power cut. The tests of the server itself take this back.
    os.environ.setdefault("PGOPTIONS", "-c synchronous_commit=off")
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
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

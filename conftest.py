"""Tests of every room share one embedded PostgreSQL, started once and used by all pytest-xdist workers."""

from __future__ import annotations

import contextlib

import pytest

_database = contextlib.ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or config.option.collectonly or config.option.help:
        return
    from linli.site.embedded import running_or_start

    _database.enter_context(running_or_start())


def pytest_unconfigure(config: pytest.Config) -> None:
    _database.close()

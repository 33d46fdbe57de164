"""Installations of their own for the tests of the site."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.site.home import Home


@pytest.fixture(autouse=True)
def _durable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits here are acknowledged as in earnest, not as quickly as other tests have it."""
    monkeypatch.delenv("PGOPTIONS", raising=False)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """An empty installation, not in pytest's own folder, which the server's user cannot reach under root."""
    folder = Path(tempfile.mkdtemp(prefix="linli-test-")).resolve()
    folder.chmod(0o755)
    monkeypatch.delenv("LINLI_DATABASE_URL", raising=False)
    monkeypatch.setenv("LINLI_HOME", str(folder))
    yield Home(folder)
    shutil.rmtree(folder, ignore_errors=True)

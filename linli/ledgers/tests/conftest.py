"""Fixtures of the room."""

from __future__ import annotations

import pytest

from linli.access.testing import Characters, characters
from linli.ledgers.tests.street import Street, build


@pytest.fixture
def street(db: None) -> Street:
    """The made-up community."""
    return build()


@pytest.fixture
def cast(db: None) -> Characters:
    """The fixed characters."""
    return characters()

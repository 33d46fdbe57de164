"""A small street of two communities, made once for each test that asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from linli.access.testing import Characters, characters
from linli.demo.testing import build_small
from linli.lists.seeds import ensure_bands

ON = date(2026, 11, 25)


@dataclass
class World:
    """The characters and their browsers."""

    who: Characters

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(getattr(self.who, name))
        return client

    def text(self, name: str, address: str, status: int = 200, **data: Any) -> str:
        answer = self.client(name).get(address, data)
        assert answer.status_code == status, (address, answer.status_code, answer.content.decode()[:500])
        return answer.content.decode()


@pytest.fixture
def world(db: None) -> World:
    build_small(2, 80, on=ON)
    ensure_bands()
    return World(characters())

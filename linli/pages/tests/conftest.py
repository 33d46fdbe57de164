from __future__ import annotations

import pytest
from django.test import Client

from linli.access.models import Post, Role, User
from linli.pages import context, nav, search


@pytest.fixture(autouse=True)
def _own_registers(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    settings.ROOT_URLCONF = "linli.pages.tests.urls"  # type: ignore[attr-defined]
    monkeypatch.setattr(nav, "_items", {})
    monkeypatch.setattr(search, "_sources", {})
    monkeypatch.setattr(context, "_bell", None)


def person(username: str, name: str, role: str) -> User:
    user = User.objects.create(username=username, name=name)
    Post.objects.create(user=user, role=role, region_code="11")
    return user


@pytest.fixture
def administrator(db: None) -> User:
    return person("admin", "周建国", Role.ADMINISTRATOR)


@pytest.fixture
def worker(db: None) -> User:
    return person("worker", "沈玉梅", Role.COMMUNITY_WORKER)


@pytest.fixture
def admin_client(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client

"""Every address × every character: the permission table holds, and no address is missing from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.permissions.table import ROOMS, TABLE, Row
from tests.permissions.world import World, make

# The departments' API knows no users; it is tried in tests/sharing.
API = {
    f"sharing:api_{name}"
    for name in ("schema", "entitlements", "lookup", "batch", "changes", "counts", "unknown")
}
# Addresses of the kit's own catalogue and of files, which are tried in the kit's tests.
ELSEWHERE = {
    "kit",
    "kit_list",
    "kit_edit",
    "kit_upload",
    "kit_person",
    "save_view",
    "delete_view",
    None,
} | API
CHARACTERS = ("worker", "officer", "department", "neighbour", "administrator", "stranger")


def _names(resolver: Any = None, space: str = "") -> Iterator[str | None]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern, inner)
        else:
            yield f"{space}{pattern.name}" if pattern.name else None


def test_every_address_has_its_row() -> None:
    rows = {row.name for row in TABLE}
    names = set(_names()) - ELSEWHERE
    assert names - rows == set(), "addresses without a row in tests/permissions/table/"
    assert rows - names == set(), "rows whose address is gone"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all rooms; what a room's rows do to it is taken back after the room."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make()
        transaction.set_rollback(True)


def _answer(client: Client, row: Row, world: World) -> int:
    url = reverse(row.name, kwargs=row.arguments(world))
    answer = client.post(url, row.query) if row.post else client.get(url, row.query)
    return answer.status_code


@pytest.mark.django_db
@pytest.mark.parametrize("room", ROOMS)
def test_the_table_holds(world: World, room: str) -> None:
    wrong = []
    for row in ROOMS[room]:
        for name in CHARACTERS:
            client = Client()
            client.force_login(getattr(world.people, name))
            got, expected = _answer(client, row, world), getattr(row, name)
            if got != expected:
                wrong.append(f"{row.name}: {name} got {got}, should get {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("room", ROOMS)
def test_nobody_gets_anything_without_logging_in(world: World, room: str) -> None:
    wrong = []
    for row in ROOMS[room]:
        if row.open_to_all:
            continue
        url = reverse(row.name, kwargs=row.arguments(world))
        answer = Client().post(url, row.query) if row.post else Client().get(url, row.query)
        if answer.status_code != 302 or not answer["Location"].startswith("/login"):
            wrong.append(f"{row.name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)

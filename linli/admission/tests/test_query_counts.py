"""How many statements the pages of admission ask at most, however much there is to show; the sidebar is left out."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET
from linli.admission.tests.conftest import Cast, admitted, handed_in

MOST = {
    "admission:applications": 18,
    "admission:application": 24,
    "admission:dues": 20,
    "offlist:home": 14,
    "offlist:reports": 12,
    "offlist:refusals": 12,
}


def statements(client: Client, name: str, pk: int | None) -> int:
    """What a page asks by itself."""
    url = reverse(name, args=[pk] if pk else [])
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_pages_ask_no_more_for_more_rows(cast: Cast, settings: Any) -> None:
    settings.LINLI_BADGE_SECONDS = 600  # the sidebar's own questions aside
    first = admitted(cast, title="第一件", areas=[STREET])
    handed_in(cast, title="第二件", areas=[COMMUNITY, NEIGHBOUR])
    admitted(cast, title="第三件", areas=[COMMUNITY])
    client = Client()
    client.force_login(cast.decider)
    pages = {name: first.pk if name == "admission:application" else None for name in MOST}
    few = {name: statements(client, name, pk) for name, pk in pages.items()}
    for number in range(4):
        handed_in(cast, title=f"又一件{number}", areas=[COMMUNITY, NEIGHBOUR])
        admitted(cast, title=f"又准一件{number}", areas=[COMMUNITY])
    many = {name: statements(client, name, pk) for name, pk in pages.items()}
    assert many == few
    assert {name: n for name, n in many.items() if n > MOST[name]} == {}

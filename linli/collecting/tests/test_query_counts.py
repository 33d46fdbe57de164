"""How many statements the pages of form tasks, of asking and of ledgers ask at most, however much there is to show; the sidebar is
left out."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.access.models import User
from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.collecting import actions
from linli.collecting.models import Question
from linli.collecting.tests.conftest import Cast, Issue, elderly, filled
from linli.ledgers.actions import upload_form

MOST = {
    "collecting:tasks": 12,
    "collecting:task": 24,
    "collecting:parts": 12,
    "collecting:part": 24,
    "collecting:asks": 12,
    "collecting:ledgers": 12,
}


def statements(user: User, name: str, pk: int | None) -> int:
    """What a page asks by itself."""
    client = Client()
    client.force_login(user)
    url = reverse(name, args=[pk] if pk else [])
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def keep(cast: Cast, title: str) -> None:
    """A standing ledger of the worker's community."""
    worker = cast.people.worker
    upload = upload_form(acting_user=worker, name=f"{title}.xlsx", data=elderly())
    actions.keep_ledger(acting_user=worker, upload=upload, region_code=COMMUNITY, title=title)


def test_pages_ask_no_more_for_more_rows(cast: Cast, issue: Issue, settings: Any) -> None:
    settings.LINLI_BADGE_SECONDS = 600  # the sidebar's own questions aside
    task = issue(communities=[COMMUNITY, NEIGHBOUR])
    part = filled(cast, task)
    meals = next(n for n, one in enumerate(task.recognition.mappings) if one.label == "助餐需求")
    actions.ask_missing(acting_user=cast.people.worker, part=part, places=[(0, meals)])
    issue(elderly("血型"), why_again="试")
    keep(cast, "助餐台账")
    department, worker = cast.people.department, cast.people.worker
    pages = {
        "collecting:tasks": (department, None),
        "collecting:task": (department, task.pk),
        "collecting:parts": (worker, None),
        "collecting:part": (worker, part.pk),
        "collecting:asks": (worker, None),
        "collecting:ledgers": (worker, None),
    }
    few = {name: statements(*where[:1], name, where[1]) for name, where in pages.items()}
    for number in range(2):
        issue(elderly(f"新列{number}"), why_again="试")
        keep(cast, f"台账{number}")
    asked = Question.objects.first()
    assert asked is not None
    Question.objects.bulk_create(
        [
            Question(
                region_code=COMMUNITY, subject="person", record=asked.record, key=f"k{n}", label=f"内容{n}"
            )
            for n in range(5)
        ]
    )
    many = {name: statements(*where[:1], name, where[1]) for name, where in pages.items()}
    assert {name: n for name, n in many.items() if n > few[name]} == {}
    assert {name: n for name, n in many.items() if n > MOST[name]} == {}, many

"""The feed of changes: everything once, nothing missed, whoever commits first; nothing of those outside."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction

from linli.audit.models import Disclosure
from linli.registry.people import actions as people
from linli.registry.people.models import Person
from tests.sharing.conftest import Api, make_api

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def api(transactional_db: None) -> Api:
    made = make_api()
    made.entitle()
    return made


def read(api: Api, cursor: str = "", limit: int = 100) -> tuple[dict[str, Any], str]:
    """All pages since a cursor: the records by name, and the removed under ""; and the cursor after them."""
    found: dict[str, Any] = {"": []}
    while True:
        query: dict[str, Any] = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        answer = api.get("people/changes", **query)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        found |= {one["values"]["name"]: one for one in page["changed"]}
        found[""] += page["removed"]
        cursor = page["cursor"]
        if not page["more"]:
            return found, cursor


def test_first_everybody_then_only_what_changed(api: Api) -> None:
    first, cursor = read(api, limit=1)
    assert set(first) == {"", "王建国", "李秀英", "张磊"}
    assert Disclosure.objects.filter(client_id=api.client.pk).count() == 3
    assert read(api, cursor)[0] == {"": []}
    worker = api.who.worker
    people.update_person(acting_user=worker, person_id=api.here[0].pk, values={"education": "20"})
    changed, cursor = read(api, cursor)
    assert set(changed) == {"", "王建国"}
    assert "name" in changed["王建国"]["changed"]
    assert changed["王建国"]["ref"] == first["王建国"]["ref"]
    # A change of somebody outside is not mentioned.
    people.update_person(acting_user=api.who.neighbour, person_id=api.there.pk, values={"education": "20"})
    assert read(api, cursor)[0] == {"": []}
    # Raw writes in bulk count as well.
    with connection.cursor() as raw:
        raw.execute("UPDATE people_person SET education = '30'")
    assert set(read(api, cursor)[0]) == {"", "王建国", "李秀英", "张磊"}


def test_who_leaves_is_told_once_and_who_comes_is_told_whole(api: Api) -> None:
    first, cursor = read(api)
    person = api.here[2]
    people.move_out(acting_user=api.who.worker, person_id=person.pk, on=date.today())
    gone, after = read(api, cursor)
    assert gone == {"": [first["张磊"]["ref"]]}
    # Asked again from the same cursor (the answer was lost): the same again.
    assert read(api, cursor)[0][""] == gone[""]
    Person.objects.filter(pk=person.pk).update(education="30")
    assert read(api, after)[0] == {"": []}
    Person.objects.filter(pk=api.there.pk).update(education="20")
    assert read(api, after)[0] == {"": []}


def test_nothing_is_missed_whatever_the_order_of_commits(api: Api) -> None:
    _first, cursor = read(api)
    early, late = threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def slow() -> None:
        """Writes first, commits last."""
        try:
            with transaction.atomic():
                Person.objects.filter(pk=api.here[0].pk).update(education="20")
                early.set()
                assert late.wait(20)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    writer = threading.Thread(target=slow)
    writer.start()
    assert early.wait(20)
    Person.objects.filter(pk=api.here[1].pk).update(education="20")  # writes later, commits first
    during, middle = read(api, cursor)
    late.set()
    writer.join()
    assert not failed
    after, _end = read(api, middle)
    seen = set(during) | set(after)
    assert {"王建国", "李秀英"} <= seen
    assert "王建国" not in during
    # What a reader got before is not lost either when the later commit is read again.
    assert "王建国" in after


def test_an_open_transaction_of_another_database_holds_nothing_back(api: Api) -> None:
    _first, cursor = read(api)
    elsewhere = connection.get_connection_params() | {"dbname": "postgres"}
    for name in ("cursor_factory", "context", "prepare_threshold"):
        elsewhere.pop(name, None)
    with psycopg.connect(**elsewhere) as other:
        other.execute("SELECT pg_current_xact_id()")
        Person.objects.filter(pk=api.here[0].pk).update(education="20")
        assert set(read(api, cursor)[0]) == {"", "王建国"}


def test_cursors_of_elsewhere_begin_again(api: Api) -> None:
    _found, cursor = read(api)
    assert api.get("people/changes", cursor=cursor).status_code == 200
    for wrong in ("abc", cursor[:-2] + "AA", "MS54LjEuMC4w"):
        answer = api.get("people/changes", cursor=wrong)
        assert answer.status_code == 410
        assert "从头读" in answer.json()["detail"]

"""Two clerks at once: what one of them is told, and that nothing is there twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, connections

from linli.access.testing import Characters, characters
from linli.audit.models import ChainHead
from linli.audit.recording import RuleError
from linli.registry.people import actions
from linli.registry.people.models import HEAD, HouseholdMember, Person, Residence
from linli.registry.people.tests.street import make_family, make_homes, register
from linli.registry.places.models import Home

ON = date(2026, 3, 1)


@pytest.fixture
def who(transactional_db: None) -> Characters:
    # The table is emptied between tests that commit.
    ChainHead.objects.get_or_create(id=1)
    return characters()


@pytest.fixture
def homes(who: Characters) -> list[Home]:
    return make_homes()


def at_once(*deeds: Callable[[], Any]) -> list[str]:
    """Run deeds in threads that start together; what each was told, "" for done."""
    start = threading.Barrier(len(deeds))
    told = ["?"] * len(deeds)

    def run(number: int, deed: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            deed()
            told[number] = ""
        except RuleError as error:
            told[number] = error.message
        except Exception as error:  # a test shows whatever else there is
            told[number] = repr(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, deed)) for n, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return told


def test_one_number_registered_twice_at_once(who: Characters, homes: list[Home]) -> None:
    told = at_once(*[lambda: register(who.worker, homes[0], "王建国") for _ in range(3)])
    assert sorted(told)[0] == ""
    assert all("已登记在" in said for said in sorted(told)[1:])
    assert Person.objects.count() == 1


def test_two_moves_of_one_person_at_once(who: Characters, homes: list[Home]) -> None:
    person = register(who.worker, homes[0], "王建国")
    told = at_once(
        *[
            lambda home=home: actions.move_within(
                acting_user=who.worker, person_id=person.pk, home_id=home.pk, on=ON
            )
            for home in homes[1:]
        ]
    )
    assert sorted(told)[0] == ""
    assert "日期应晚于" in sorted(told)[1]
    assert Residence.objects.filter(person=person, kind="living", period__endswith__isnull=True).count() == 1


def test_changing_the_head_while_the_head_leaves(who: Characters, homes: list[Home]) -> None:
    household, head, wife, son = make_family(who.worker, homes[0])
    told = at_once(
        lambda: actions.change_head(
            acting_user=who.worker, household_id=household.pk, new_head_id=son.pk, on=ON
        ),
        lambda: actions.leave_household(
            acting_user=who.worker, person_id=head.pk, on=ON, new_head_id=wife.pk
        ),
        lambda: actions.move_household(
            acting_user=who.worker, household_id=household.pk, home_id=homes[2].pk, on=ON
        ),
    )
    assert "deadlock" not in " ".join(told)
    assert "?" not in told
    heads = HouseholdMember.objects.filter(household=household, relation=HEAD, period__endswith__isnull=True)
    assert heads.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_event WHERE hash IS NULL")
        assert cursor.fetchone()[0] == 0

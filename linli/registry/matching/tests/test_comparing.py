"""What is proposed to be kept of two records that are one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from linli.access.testing import Characters, characters
from linli.registry.matching import comparing
from linli.registry.matching.models import Pair
from linli.registry.people.models import Person
from linli.registry.people.tests.street import make_homes, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Characters:
    return characters()


def proposed(who: Characters, left: Person, right: Person) -> dict[str, str]:
    pair = Pair(subject="person", left=left.pk, right=right.pk)
    return {one.name: one.proposed for one in comparing.lines(pair, left, right, who.worker) if one.name}


@pytest.mark.parametrize("papers_first", [True, False])
def test_name_and_birth_are_those_of_the_record_with_papers(who: Characters, papers_first: bool) -> None:
    """A newer record without a number, written by ear, does not rename the one whose number is known; other facts go by age."""
    home = make_homes()[0]
    sure = register(who.worker, home, "武连成", values={"employer": "旧单位"})
    heard = register(
        who.worker,
        home,
        "武连城",
        born=date(1960, 5, 7),
        values={"employer": "新单位", "id_number": ""},
    )
    today = timezone.localdate()
    Person.objects.filter(pk=sure.pk).update(verified_on=today - timedelta(days=90))
    Person.objects.filter(pk=heard.pk).update(verified_on=today)
    sure.refresh_from_db()
    heard.refresh_from_db()
    left, right = (sure, heard) if papers_first else (heard, sure)
    papers, newer = (comparing.LEFT, comparing.RIGHT) if papers_first else (comparing.RIGHT, comparing.LEFT)
    found = proposed(who, left, right)
    assert (found["field_name"], found["field_birth_date"]) == (papers, papers)
    assert found["field_employer"] == newer

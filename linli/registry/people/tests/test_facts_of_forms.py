"""What forms ask of people beyond GB/T 31000: written, hidden where it is about health, read back by the dictionary."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from linli.access.models import Role
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.recording import RuleError
from linli.facts import plan
from linli.facts.dictionary import dictionary
from linli.kernel.scope import Scope
from linli.registry.people import actions
from linli.registry.people.actions import Place
from linli.registry.people.models import Person
from linli.registry.people.rules import details
from linli.registry.people.tests.street import OUTSIDE, make_homes, register

ON = date(2026, 11, 1)
SAID = {
    "skills": "书法、水电维修",
    "started_work_on": date(1980, 9, 1),
    "birth_place": "河北省怀来县",
    "self_care": "2",
    "labour": "3",
    "medical_insurance": "2",
    "pension_insurance": "9",
}


class TestWork:
    @pytest.mark.parametrize(
        ("started", "said"),
        [
            (None, ""),
            (date(1980, 9, 1), ""),
            (date(2027, 1, 1), "还没有到"),
            (date(1965, 1, 1), "不到 10 岁"),
        ],
    )
    def test_the_day_on_which_somebody_started_to_work(self, started: date | None, said: str) -> None:
        found = details.work_problem(started, date(1960, 5, 6), ON)
        assert (said in found) if said else found == ""


pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Characters:
    return characters()


@pytest.fixture
def person(who: Characters) -> Person:
    return register(who.worker, make_homes()[0], "王建国", values=SAID)


def told(person: Person, *paths: str, conditions: tuple[str, ...] = ("on_record",)) -> list[Any]:
    wish = plan.Wish(
        subject="person",
        scopes=(Scope.of(COMMUNITY),),
        on=ON,
        elements=paths,
        conditions=conditions,
    )
    return next(values for pk, values in plan.rows(wish, dictionary.refresh()) if pk == person.pk)


def test_they_are_written_and_read_by_the_dictionary(who: Characters, person: Person) -> None:
    assert told(person, *SAID) == list(SAID.values())
    assert told(person, "is_insured", "school", "schooling") == [True, None, None]
    pupil = register(
        who.worker,
        make_homes(estate="学院小区")[0],
        "李小乐",
        born=date(2016, 3, 4),
        since=date(2016, 3, 4),
        values={"schooling": "2", "employer": "延庆区第二小学", "medical_insurance": "9"},
    )
    assert told(pupil, "is_insured", "school", "schooling") == [False, "延庆区第二小学", "2"]


def test_who_lives_elsewhere_is_away_since_then_for_that_reason(who: Characters) -> None:
    home = make_homes()[0]
    person = register(who.worker, home, "王建国", since=date(2010, 1, 1))
    assert told(person, "away_since", "away_reason") == [None, None]
    actions.move_out(
        acting_user=who.worker,
        person_id=person.pk,
        on=date(2024, 5, 6),
        went_to=Place(region_code=OUTSIDE, address="和平路1号"),
    )
    assert told(person, "is_away", "away_since") == [True, date(2024, 5, 6)]


@pytest.mark.parametrize(
    "values", [{"labour": "7"}, {"schooling": "x"}, {"started_work_on": date(1961, 1, 1)}]
)
def test_what_cannot_be_is_refused_by_field(who: Characters, person: Person, values: dict[str, Any]) -> None:
    with pytest.raises(RuleError) as caught:
        actions.update_person(acting_user=who.worker, person_id=person.pk, values=values)
    assert caught.value.field == next(iter(values))


def test_health_is_not_shown_asked_or_told_to_those_who_may_not_see_it(
    who: Characters, person: Person
) -> None:
    actions.update_person(acting_user=who.worker, person_id=person.pk, values={"self_care": "3"})
    worker, walker = Client(), Client()
    worker.force_login(who.worker)
    who.neighbour.posts.update(role=Role.GRID_WORKER, region_code=COMMUNITY)
    walker.force_login(who.neighbour)
    page = reverse("people:person", args=[person.pk])
    for address, shown in ((page, "完全丧失生活自理能力"), (f"{page}?tab=history", "部分丧失生活自理能力")):
        assert shown in worker.get(address).content.decode()
        seen = walker.get(address)
        assert seen.status_code == 200
        assert "丧失" not in seen.content.decode()
        assert "无劳动能力" not in seen.content.decode()
    page = worker.get(reverse("people:edit", args=[person.pk])).content.decode()
    assert "完全丧失生活自理能力" in page
    assert "在校的才填" in page

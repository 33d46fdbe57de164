"""What forms ask of people beyond GB/T 31000: written, hidden where it is about health, read back by the dictionary."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.models import Role
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.recording import RuleError
from linli.facts import plan
from linli.facts.dictionary import dictionary
from linli.kernel import schooling
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
    "schooling": "7",
    "school_since": 1978,
    "height": 172,
    "other_address": "永宁镇阜民街3号",
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


def told(
    person: Person, *paths: str, conditions: tuple[str, ...] = ("on_record",), on: date = ON
) -> list[Any]:
    wish = plan.Wish(
        subject="person",
        scopes=(Scope.of(COMMUNITY),),
        on=on,
        elements=paths,
        conditions=conditions,
    )
    return next(values for pk, values in plan.rows(wish, dictionary.refresh()) if pk == person.pk)


def test_they_are_written_and_read_by_the_dictionary(who: Characters, person: Person) -> None:
    assert told(person, *SAID) == list(SAID.values())
    assert told(person, "is_insured", "school", "grade") == [True, None, None]
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


def test_a_grade_is_told_as_of_the_day_in_sql_as_in_the_rule(who: Characters, person: Person) -> None:
    for stage, since in (("2", 2024), ("3", 2026), ("4", 2022), ("1", 2026), ("", None)):
        actions.update_person(
            acting_user=who.worker, person_id=person.pk, values={"schooling": stage, "school_since": since}
        )
        for on in (date(2026, 8, 31), date(2026, 9, 1), date(2027, 3, 1), ON):
            wish = plan.Wish(
                subject="person",
                scopes=(Scope.of(COMMUNITY),),
                on=on,
                elements=("grade",),
                conditions=("on_record",),
            )
            ((_pk, (found,)),) = plan.rows(wish, dictionary.refresh())
            assert (found or "") == schooling.grade_on(stage, since, on), (stage, on)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"schooling": "", "school_since": 2020}, "school_since"),
        ({"schooling": "2", "school_since": 2090}, "school_since"),
        ({"schooling": "2", "school_since": 1961}, "school_since"),
        ({"height": 17}, "height"),
    ],
)
def test_what_cannot_be_is_refused(
    who: Characters, person: Person, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(RuleError) as refused:
        actions.update_person(acting_user=who.worker, person_id=person.pk, values=values)
    assert refused.value.field == field


def test_the_edit_form_takes_them_and_the_page_says_the_grade(who: Characters) -> None:
    pupil = register(
        who.worker,
        make_homes(estate="学院小区")[0],
        "王小明",
        born=date(2018, 3, 1),
        since=date(2018, 3, 1),
        serial=31,
    )
    client = Client()
    client.force_login(who.worker)
    url = reverse("people:edit", args=[pupil.pk])
    said = {"name": "王小明", "sex": "1", "birth_date": "2018-03-01", "id_kind": "01", "schooling": "2"}
    wrong = client.post(url, said | {"school_since": "今年", "height": "300"})
    assert "请填年份" in wrong.content.decode()
    assert "30 到 250" in wrong.content.decode()
    assert client.post(url, said | {"school_since": "2024", "height": "128"}).status_code == 302
    page = client.get(reverse("people:person", args=[pupil.pk])).content.decode()
    assert "2024 年入学" in page
    assert "128 厘米" in page


class TestPolicePapers:
    def test_a_station_of_a_hukou_and_what_stands_in_for_it(self, who: Characters, person: Person) -> None:
        update = {"acting_user": who.worker, "person_id": person.pk}
        actions.set_hukou(
            **update, place=Place(region_code=OUTSIDE), on=date(2020, 1, 1), station="怀来 存瑞派出所"
        )
        assert told(person, "hukou_station") == ["怀来存瑞派出所"]
        actions.set_hukou(**update, place=Place(region_code=OUTSIDE), correction=True)
        assert told(person, "hukou_station") == ["怀来存瑞派出所"]
        home = make_homes(estate="学院小区")[0]
        actions.set_hukou(**update, place=Place(home_id=home.pk), on=date(2024, 1, 1))
        assert told(person, "hukou_station") == [
            None
        ]  # moved to another place, whose station nobody has said
        with pytest.raises(RuleError) as refused:
            actions.set_hukou(**update, place=Place(home_id=home.pk), correction=True, station="所" * 41)
        assert refused.value.field == "station"

    def test_when_and_where_a_permit_was_taken_out(self, who: Characters, person: Person) -> None:
        update = {"acting_user": who.worker, "person_id": person.pk}
        actions.update_living(
            **update,
            permit_number="YQ1",
            permit_on=date(2026, 3, 1),
            permit_until=date(2027, 3, 1),
            permit_place="香水园登记站",
        )
        paths = ("permit_on", "permit_until", "permit_place")
        assert told(person, *paths, on=timezone.localdate()) == [
            date(2026, 3, 1),
            date(2027, 3, 1),
            "香水园登记站",
        ]
        actions.update_living(**update, reason="01")  # what is not said stays
        assert told(person, *paths, on=timezone.localdate()) == [
            date(2026, 3, 1),
            date(2027, 3, 1),
            "香水园登记站",
        ]
        for wrong in (date(2027, 4, 1), date(2090, 1, 1)):
            with pytest.raises(RuleError) as refused:
                actions.update_living(**update, permit_on=wrong)
            assert refused.value.field == "permit_on"
        home = make_homes(estate="学院小区")[0]
        actions.move_within(
            acting_user=who.worker, person_id=person.pk, home_id=home.pk, on=date(2026, 10, 1)
        )
        assert told(person, *paths, on=timezone.localdate()) == [
            date(2026, 3, 1),
            date(2027, 3, 1),
            "香水园登记站",
        ]


class TestWhomToCall:
    NAMES = ("contact_name", "contact_phone", "contact_relation")

    def say(self, who: Characters, person: Person, relation: str, **more: Any) -> None:
        actions.set_kin(acting_user=who.worker, person_id=person.pk, relation=relation, **more)

    def test_who_was_named_comes_before_who_is_near(self, who: Characters, person: Person) -> None:
        assert told(person, *self.NAMES) == [None, None, None]
        self.say(who, person, "mother", relative_name="李母")
        assert told(person, *self.NAMES) == ["李母", None, "52"]
        self.say(who, person, "father", relative_name="王父", relative_phone="13801230001")
        assert told(person, *self.NAMES) == ["王父", "13801230001", "51"]
        self.say(who, person, "guardian", relative_name="王监护", relative_phone="13801230002", how="70")
        assert told(person, *self.NAMES) == ["王监护", "13801230002", "70"]
        self.say(who, person, "contact", relative_name="赵邻居", relative_phone="13801230003", how="99")
        assert told(person, *self.NAMES) == ["赵邻居", "13801230003", "99"]
        assert told(person, "contact.name", "guardian_relation") == ["赵邻居", "70"]

    def test_somebody_of_the_base_is_told_as_they_are_until_they_die(
        self, who: Characters, person: Person
    ) -> None:
        home = make_homes(estate="学院小区")[0]
        wife = register(who.worker, home, "李秀英", sex="2", serial=32, values={"phone": "13912340000"})
        self.say(who, person, "spouse", relative_id=wife.pk)
        assert told(person, *self.NAMES) == ["李秀英", "13912340000", "12"]
        actions.record_death(acting_user=who.worker, person_id=wife.pk, died=date(2026, 10, 1))
        assert told(person, *self.NAMES) == [None, None, None]

    @pytest.mark.parametrize(
        ("more", "field"),
        [({}, "relative_phone"), ({"relative_phone": "13801230003", "how": "02"}, "how")],
    )
    def test_who_cannot_be_called_is_no_contact(
        self, who: Characters, person: Person, more: dict[str, str], field: str
    ) -> None:
        with pytest.raises(RuleError) as refused:
            self.say(who, person, "contact", relative_name="赵邻居", **more)
        assert refused.value.field == field

    def test_the_page_shows_the_contact_masked(self, who: Characters, person: Person) -> None:
        client = Client()
        client.force_login(who.worker)
        said = {
            "relation": "contact",
            "relative_name": "赵邻居",
            "relative_phone": "13801230003",
            "how": "99",
        }
        assert client.post(reverse("people:kin", args=[person.pk]), said).status_code == 302
        page = client.get(reverse("people:person", args=[person.pk])).content.decode()
        assert "赵邻居" in page
        assert "138****0003" in page
        assert "13801230003" not in page

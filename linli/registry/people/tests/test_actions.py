"""Actions on people against PostgreSQL: what they write, what they refuse, whom they let."""

from __future__ import annotations

from datetime import date

import pytest

from linli.access.guard import NotPermitted
from linli.access.sealed import digest
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.audit import history
from linli.audit.models import DisclosedPerson, Disclosure, Event
from linli.audit.recording import RuleError
from linli.registry.people import actions
from linli.registry.people.models import Person, Residence
from linli.registry.people.tests.street import (
    OUTSIDE,
    head_of,
    make_family,
    make_homes,
    number,
    register,
)
from linli.registry.places.models import Home

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 1)


@pytest.fixture
def who() -> Characters:
    return characters()


@pytest.fixture
def homes() -> list[Home]:
    return make_homes()


@pytest.fixture
def elsewhere() -> Home:
    return make_homes(NEIGHBOUR, 1, "川北小区")[0]


class TestRegister:
    def test_writes_everything_derived(self, who: Characters, homes: list[Home]) -> None:
        person = register(
            who.worker,
            homes[0],
            "曾秀英",
            born=date(1949, 12, 31),
            sex="2",
            values={"phone": "139 1234 8017"},
        )
        person.refresh_from_db()
        assert (person.initials, person.sex, person.birth_date) == ("zxy", "2", date(1949, 12, 31))
        assert (person.region_code, person.standing, person.phone) == (COMMUNITY, "registered", "13912348017")
        assert bytes(person.id_tail) == digest(person.id_number[-4:], "id_tail")
        assert bytes(person.phone_digest) == digest("13912348017", "phone")
        event = Event.objects.get(target_id=person.pk)
        assert event.summary == (
            "登记居民 曾秀英：现住 东外社区新兴小区1号楼101室，户籍 东外社区新兴小区1号楼101室"
        )
        assert event.user_name == "陈小静"
        assert person.id_number not in str(event.__dict__)

    def test_a_newcomer_has_no_hukou_yet(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "赵新", hukou=None)
        assert person.standing == "newcomer"
        actions.set_hukou(
            acting_user=who.worker,
            person_id=person.pk,
            place=actions.Place(region_code=OUTSIDE, address="沙城镇"),
        )
        person.refresh_from_db()
        assert person.standing == "floating"

    def test_hukou_here_while_living_elsewhere(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, None, "钱在外", hukou=actions.Place(home_id=homes[0].pk))
        assert person.standing == "hukou_only"

    def test_neither_living_nor_hukou_here_is_refused(self, who: Characters) -> None:
        with pytest.raises(RuleError) as refused:
            register(who.worker, None, "钱在外", hukou=actions.Place(region_code=OUTSIDE))
        assert refused.value.field == "home"

    def test_a_number_twice_says_where_only_inside_ones_area(
        self, who: Characters, homes: list[Home], elsewhere: Home
    ) -> None:
        register(who.worker, homes[0], "王建国")
        with pytest.raises(RuleError) as inside:
            register(who.worker, homes[1], "王健国")
        assert "王建国（东外社区新兴小区1号楼101室）" in inside.value.message
        with pytest.raises(RuleError) as outside:
            register(who.neighbour, elsewhere, "王健国")
        assert "王建国" not in outside.value.message
        assert "东外" not in outside.value.message
        assert "街道" in outside.value.message
        assert Person.objects.count() == 1

    @pytest.mark.parametrize("role", ["neighbour", "department", "administrator", "stranger"])
    def test_others_may_not(self, who: Characters, homes: list[Home], role: str) -> None:
        with pytest.raises(NotPermitted):
            register(getattr(who, role), homes[0], "王建国")
        assert not Person.objects.exists()

    def test_the_street_officer_may(self, who: Characters, homes: list[Home]) -> None:
        assert register(who.officer, homes[0], "王建国").pk

    def test_moving_in_before_birth_is_refused(self, who: Characters, homes: list[Home]) -> None:
        with pytest.raises(RuleError) as refused:
            register(who.worker, homes[0], "王小明", born=date(2020, 1, 1), since=date(2019, 1, 1))
        assert refused.value.field == "since"

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"id_number": "110119196005061"}, "id_number"),
            ({"id_number": "11011919600506101A"}, "id_number"),
            ({"phone": "1391234"}, "phone"),
            ({"name": "王2"}, "name"),
            ({"ethnic": "77"}, "ethnic"),
            ({"note": "长" * 501}, "note"),
        ],
    )
    def test_wrong_fields_are_named(
        self, who: Characters, homes: list[Home], values: dict[str, str], field: str
    ) -> None:
        with pytest.raises(RuleError) as refused:
            register(who.worker, homes[0], "王建国", values=values)
        assert refused.value.field == field
        assert refused.value.message.endswith("。")


class TestUpdate:
    def test_writes_only_what_changed(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        events = Event.objects.count()
        actions.update_person(acting_user=who.worker, person_id=person.pk, values={"name": "王建国"})
        assert Event.objects.count() == events
        actions.update_person(
            acting_user=who.worker, person_id=person.pk, values={"name": "王建国", "occupation": "木工"}
        )
        assert Event.objects.latest("id").summary == "修改 王建国 的职业"
        person.refresh_from_db()
        assert [(c.label, c.before, c.after) for c in history.changes(person) if c.label == "职业"] == [
            ("职业", "（空）", "木工")
        ]

    def test_a_new_number_is_sealed_again_and_brings_its_birth_date(
        self, who: Characters, homes: list[Home]
    ) -> None:
        person = register(who.worker, homes[0], "王建国")
        new = number(date(1961, 1, 2), "1", 5)
        actions.update_person(acting_user=who.worker, person_id=person.pk, values={"id_number": new})
        person.refresh_from_db()
        assert (person.id_number, person.birth_date) == (new, date(1961, 1, 2))
        assert bytes(person.id_digest) == digest(new, "id_number")

    def test_taking_a_wrong_number_away_keeps_sex_and_birth_date(
        self, who: Characters, homes: list[Home]
    ) -> None:
        person = register(who.worker, homes[0], "王建国")
        actions.update_person(acting_user=who.worker, person_id=person.pk, values={"id_number": ""})
        person.refresh_from_db()
        assert (person.id_number, person.id_digest) == ("", None)
        assert (person.sex, person.birth_date) == ("1", date(1960, 5, 6))

    def test_a_birth_date_after_the_first_spell_is_refused(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        with pytest.raises(RuleError) as refused:
            actions.update_person(
                acting_user=who.worker,
                person_id=person.pk,
                values={"id_number": number(date(2001, 1, 2), "1", 5)},
            )
        assert refused.value.field == "birth_date"

    def test_somebody_elses_number_is_refused(self, who: Characters, homes: list[Home]) -> None:
        register(who.worker, homes[0], "王建国", serial=1)
        other = register(who.worker, homes[0], "王建军", serial=2)
        with pytest.raises(RuleError):
            actions.update_person(
                acting_user=who.worker,
                person_id=other.pk,
                values={"id_number": number(date(1960, 5, 6), "1", 1)},
            )

    def test_neighbours_may_not(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        with pytest.raises(NotPermitted):
            actions.update_person(acting_user=who.neighbour, person_id=person.pk, values={"name": "李四"})


class TestDeath:
    def test_ends_everything(self, who: Characters, homes: list[Home]) -> None:
        household, head, wife, _son = make_family(who.worker, homes[0])
        with pytest.raises(RuleError) as refused:
            actions.record_death(acting_user=who.worker, person_id=head.pk, died=ON)
        assert refused.value.field == "new_head"
        actions.record_death(acting_user=who.worker, person_id=head.pk, died=ON, new_head_id=wife.pk)
        head.refresh_from_db()
        assert (head.standing, head.region_code, head.death_date) == ("dead", COMMUNITY, ON)
        assert not Residence.objects.filter(person=head, period__endswith__isnull=True).exists()
        assert head_of(household) == ["李秀英"]
        for act in (
            lambda: actions.move_within(
                acting_user=who.worker, person_id=head.pk, home_id=homes[1].pk, on=ON
            ),
            lambda: actions.record_death(acting_user=who.worker, person_id=head.pk, died=ON),
        ):
            with pytest.raises(RuleError):
                act()

    def test_by_mistake_is_taken_back(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        actions.record_death(acting_user=who.worker, person_id=person.pk, died=ON)
        actions.withdraw_death(acting_user=who.worker, person_id=person.pk, reason="同名误登")
        person.refresh_from_db()
        assert (person.standing, person.death_date) == ("registered", None)

    def test_before_a_later_move_is_refused(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        actions.move_within(acting_user=who.worker, person_id=person.pk, home_id=homes[1].pk, on=ON)
        with pytest.raises(RuleError):
            actions.record_death(acting_user=who.worker, person_id=person.pk, died=date(2026, 2, 1))


class TestReveal:
    def test_shows_and_records(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国", values={"phone": "13912348017"})
        shown = actions.reveal_person(acting_user=who.worker, person_id=person.pk, purpose="电话核实居住情况")
        assert shown.phone == "13912348017"
        disclosure = Disclosure.objects.get()
        assert (disclosure.purpose, disclosure.user_name) == ("电话核实居住情况", "陈小静")
        assert set(disclosure.elements) == {"id_number", "phone"}
        assert DisclosedPerson.objects.get().person_id == person.pk

    def test_not_without_purpose_nor_for_others(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        with pytest.raises(RuleError):
            actions.reveal_person(acting_user=who.worker, person_id=person.pk, purpose=" ")
        for user in (who.neighbour, who.department, who.administrator, who.stranger):
            with pytest.raises(NotPermitted):
                actions.reveal_person(acting_user=user, person_id=person.pk, purpose="看看情况")
        assert not Disclosure.objects.exists()


def test_verifying_many_leaves_out_the_neighbours(
    who: Characters, homes: list[Home], elsewhere: Home
) -> None:
    mine = register(who.worker, homes[0], "王建国", serial=1)
    theirs = register(who.neighbour, elsewhere, "赵四", serial=2)
    assert actions.verify_people(acting_user=who.worker, person_ids=[mine.pk, theirs.pk]) == 1
    theirs.refresh_from_db()
    assert theirs.verified_on is None

"""Moving and hukou against PostgreSQL: one person, a family, with hukou or without."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.registry.people import actions, describing, lives
from linli.registry.people.models import HouseholdMember, Person, Residence
from linli.registry.people.tests.street import (
    OUTSIDE,
    head_of,
    make_family,
    make_homes,
    register,
    relation,
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


class TestMoving:
    def test_within(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        actions.move_within(acting_user=who.worker, person_id=person.pk, home_id=homes[1].pk, on=ON)
        spells = Residence.objects.filter(person=person, kind="living").order_by("period")
        assert [(s.home_id, s.period.upper) for s in spells] == [(homes[0].pk, ON), (homes[1].pk, None)]
        assert spells[1].came_from == "东外社区新兴小区1号楼101室"

    def test_to_the_neighbours_is_for_the_street(
        self, who: Characters, homes: list[Home], elsewhere: Home
    ) -> None:
        person = register(who.worker, homes[0], "王建国")
        for user in (who.worker, who.neighbour):
            with pytest.raises(NotPermitted):
                actions.move_within(acting_user=user, person_id=person.pk, home_id=elsewhere.pk, on=ON)
        actions.move_within(acting_user=who.officer, person_id=person.pk, home_id=elsewhere.pk, on=ON)
        person.refresh_from_db()
        assert (person.region_code, person.standing) == (NEIGHBOUR, "here_only")
        assert Person.objects.permitted(who.worker, "view_people").count() == 0

    def test_out_and_in_again(self, who: Characters, homes: list[Home]) -> None:
        household, head, wife, _son = make_family(who.worker, homes[0])
        actions.move_out(
            acting_user=who.worker,
            person_id=wife.pk,
            on=ON,
            went_to=actions.Place(region_code=OUTSIDE, address="沙城镇"),
        )
        wife.refresh_from_db()
        assert wife.standing == "hukou_only"
        assert relation(wife) == "12"
        assert (
            Residence.objects.get(person=wife, kind="living", period__endswith__isnull=True).address
            == "沙城镇"
        )
        actions.move_in(
            acting_user=who.worker, person_id=wife.pk, home_id=homes[1].pk, on=date(2026, 5, 1), reason="06"
        )
        wife.refresh_from_db()
        assert wife.standing == "registered"
        living = Residence.objects.get(person=wife, kind="living", period__endswith__isnull=True)
        assert living.came_from == "河北省张家口市怀来县沙城镇"
        assert head_of(household) == [head.name]

    def test_out_with_hukou_ends_the_household_and_asks_for_a_head(
        self, who: Characters, homes: list[Home]
    ) -> None:
        household, head, wife, son = make_family(who.worker, homes[0])
        with pytest.raises(RuleError) as refused:
            actions.move_out(acting_user=who.worker, person_id=head.pk, on=ON, with_hukou=True)
        assert refused.value.field == "new_head"
        head.refresh_from_db()
        assert head.standing == "registered"
        actions.move_out(
            acting_user=who.worker, person_id=head.pk, on=ON, with_hukou=True, new_head_id=wife.pk
        )
        head.refresh_from_db()
        assert (head.standing, head.region_code, relation(head)) == ("gone", COMMUNITY, None)
        assert head_of(household) == ["李秀英"]
        assert relation(son) == "21"

    def test_moving_out_before_moving_in_is_refused(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        for on in (date(2000, 1, 1), date(1999, 1, 1)):
            with pytest.raises(RuleError) as refused:
                actions.move_out(acting_user=who.worker, person_id=person.pk, on=on)
            assert refused.value.field == "on"

    def test_moving_tomorrow_is_refused(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        with pytest.raises(RuleError):
            actions.move_out(
                acting_user=who.worker, person_id=person.pk, on=timezone.localdate() + timedelta(1)
            )

    def test_nobody_is_put_among_others_without_a_word(self, who: Characters, homes: list[Home]) -> None:
        make_family(who.worker, homes[0])
        person = register(who.worker, homes[1], "赵新来", serial=20, family=actions.Family())
        said = "新兴小区1号楼101室现住 3 人（王建国、李秀英、王磊）"
        with pytest.raises(RuleError, match=said) as refused:
            actions.move_within(acting_user=who.worker, person_id=person.pk, home_id=homes[0].pk, on=ON)
        assert refused.value.field == "share_home"
        with pytest.raises(RuleError, match=said):
            register(who.worker, homes[0], "钱多", serial=21, share_home=False)
        own = HouseholdMember.objects.get(person=person).household
        with pytest.raises(RuleError, match=said):
            actions.move_household(acting_user=who.worker, household_id=own.pk, home_id=homes[0].pk, on=ON)
        assert not Residence.objects.filter(person=person, home=homes[0]).exists()
        actions.move_household(
            acting_user=who.worker, household_id=own.pk, home_id=homes[0].pk, on=ON, share_home=True
        )
        assert Residence.objects.filter(home=homes[0], kind="living").count() == 4

    def test_going_to_ones_own_household_needs_no_word(self, who: Characters, homes: list[Home]) -> None:
        household, *_people = make_family(who.worker, homes[0])
        register(
            who.worker, homes[0], "王小宝", born=date(2026, 6, 1), since=date(2026, 6, 2), serial=22,
            family=actions.Family(household.pk, "41"), share_home=False,
        )  # fmt: skip
        wife = _people[1]
        actions.move_within(acting_user=who.worker, person_id=wife.pk, home_id=homes[1].pk, on=ON)
        actions.move_within(
            acting_user=who.worker, person_id=wife.pk, home_id=homes[0].pk, on=ON + timedelta(30)
        )
        assert Residence.objects.filter(home=homes[0], kind="living", period__endswith=None).count() == 4

    def test_a_permit_goes_with_living_here(self, who: Characters, homes: list[Home]) -> None:
        person = register(
            who.worker, homes[0], "赵新来", hukou=actions.Place(region_code=OUTSIDE), since=date(2020, 1, 1)
        )
        update = {"acting_user": who.worker, "person_id": person.pk}
        actions.update_living(
            **update,
            reason="",
            dwelling="",
            permit_number=" 110119 2024000123",
            permit_until=date(2027, 1, 1),
        )
        living = Residence.objects.get(person=person, kind="living")
        assert (living.permit_number, living.permit_until) == ("1101192024000123", date(2027, 1, 1))
        assert "居住证号" in Event.objects.latest("id").summary
        assert "2024000123" not in Event.objects.latest("id").summary
        actions.update_living(**update, permit_until=date(2028, 1, 1))
        living.refresh_from_db()
        assert (living.permit_number, living.permit_until) == ("1101192024000123", date(2028, 1, 1))
        for wrong, field in (
            ({"permit_number": "证-1"}, "permit_number"),
            ({"permit_number": "", "permit_until": date(2028, 1, 1)}, "permit_number"),
            ({"permit_until": date(2019, 1, 1)}, "permit_until"),
        ):
            with pytest.raises(RuleError) as refused:
                actions.update_living(**update, **wrong)
            assert refused.value.field == field
        with pytest.raises(NotPermitted):
            actions.update_living(acting_user=who.neighbour, person_id=person.pk)
        actions.move_out(acting_user=who.worker, person_id=person.pk, on=ON)
        with pytest.raises(RuleError, match="迁入"):
            actions.update_living(**update, permit_until=date(2028, 1, 1))

    def test_a_whole_family_at_once(self, who: Characters, homes: list[Home]) -> None:
        household, *people = make_family(who.worker, homes[0])
        actions.move_household(
            acting_user=who.worker, household_id=household.pk, home_id=homes[2].pk, on=ON, with_hukou=True
        )
        household.refresh_from_db()
        assert household.home_id == homes[2].pk
        now = Residence.objects.filter(person__in=people, period__contains=ON)
        assert {(one.kind, one.home_id) for one in now} == {("living", homes[2].pk), ("hukou", homes[2].pk)}
        assert now.count() == 6
        assert (
            "王建国、李秀英、王磊"
            in Event.objects.get(
                target_id=household.pk, verb="people.move_household", target_type="people.household"
            ).summary
        )

    def test_the_life_of_a_household_tells_its_moves(self, who: Characters, homes: list[Home]) -> None:
        household, _head, wife, _son = make_family(who.worker, homes[0])
        actions.move_household(acting_user=who.worker, household_id=household.pk, home_id=homes[2].pk, on=ON)
        later = ON + timedelta(days=1)
        actions.move_within(acting_user=who.worker, person_id=wife.pk, home_id=homes[1].pk, on=later)
        moves = [one for one in lives.of_household(household, who.worker) if one.kind == "搬家"]
        assert [(one.on, one.says.split(" ")[0]) for one in moves] == [(ON, "3"), (later, "1")]
        assert homes[2].full_address in moves[0].says

    def test_a_death_before_a_later_record_names_the_record(self, who: Characters, homes: list[Home]) -> None:
        household, head, *_others = make_family(who.worker, homes[0])
        actions.move_household(acting_user=who.worker, household_id=household.pk, home_id=homes[2].pk, on=ON)
        with pytest.raises(RuleError, match=f"{ON} 住进.*301室.*更正"):
            actions.record_death(acting_user=who.worker, person_id=head.pk, died=ON - timedelta(days=1))

    def test_nobody_asks_a_new_born_for_a_telephone(self) -> None:
        today = timezone.localdate()
        for years, asked in ((0, False), (15, False), (17, True)):
            one = Person(name="王小宝", id_number="x", birth_date=today - timedelta(days=int(years * 365.25)))
            missing = describing.missing_of(one, has_household=True, has_hukou=True)
            assert ("联系电话" in missing) == asked, years

    def test_a_family_moves_all_or_none(self, who: Characters, homes: list[Home]) -> None:
        household, *_people = make_family(who.worker, homes[0])
        late = register(
            who.worker,
            homes[0],
            "王小宝",
            born=date(2026, 6, 1),
            serial=40,
            since=date(2026, 6, 1),
            family=actions.Family(household.pk, "41"),
        )
        with pytest.raises(RuleError) as refused:
            actions.move_household(
                acting_user=who.worker, household_id=household.pk, home_id=homes[1].pk, on=ON
            )
        assert late.name in refused.value.message
        assert not Residence.objects.filter(home=homes[1]).exists()

    def test_the_street_moves_a_family_to_the_next_community(
        self, who: Characters, homes: list[Home], elsewhere: Home
    ) -> None:
        household, *people = make_family(who.worker, homes[0])
        with pytest.raises(NotPermitted):
            actions.move_household(
                acting_user=who.worker, household_id=household.pk, home_id=elsewhere.pk, on=ON
            )
        actions.move_household(
            acting_user=who.officer, household_id=household.pk, home_id=elsewhere.pk, on=ON
        )
        household.refresh_from_db()
        assert household.region_code == NEIGHBOUR
        assert {p.region_code for p in Person.objects.filter(pk__in=[p.pk for p in people])} == {NEIGHBOUR}
        assert set(HouseholdMember.objects.values_list("region_code", flat=True)) == {NEIGHBOUR}

    def test_a_wrong_home_is_put_right_in_place(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        with pytest.raises(RuleError):
            actions.correct_living(
                acting_user=who.worker, person_id=person.pk, home_id=homes[1].pk, reason=" "
            )
        actions.correct_living(
            acting_user=who.worker, person_id=person.pk, home_id=homes[1].pk, reason="门牌看错"
        )
        assert Residence.objects.get(person=person, kind="living").home_id == homes[1].pk


class TestHukou:
    def test_moves_on_a_day(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国", hukou_since=date(2001, 1, 1))
        with pytest.raises(RuleError):
            actions.set_hukou(
                acting_user=who.worker, person_id=person.pk, place=actions.Place(region_code=OUTSIDE)
            )
        actions.set_hukou(
            acting_user=who.worker, person_id=person.pk, place=actions.Place(region_code=OUTSIDE), on=ON
        )
        person.refresh_from_db()
        assert person.standing == "floating"
        assert Residence.objects.filter(person=person, kind="hukou").count() == 2

    def test_correction_keeps_one_record(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        actions.set_hukou(
            acting_user=who.worker,
            person_id=person.pk,
            place=actions.Place(region_code=OUTSIDE, address="沙城镇"),
            correction=True,
        )
        assert Residence.objects.get(person=person, kind="hukou").address == "沙城镇"

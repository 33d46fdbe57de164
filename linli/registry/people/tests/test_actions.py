"""Actions on people against PostgreSQL: what they write, what they refuse, whom they let."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.sealed import digest
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.audit import history
from linli.audit.models import DisclosedPerson, Disclosure, Event
from linli.audit.recording import RuleError
from linli.registry.people import actions
from linli.registry.people.models import HEAD, Household, HouseholdMember, Kinship, Person, Residence
from linli.registry.people.tests.street import OUTSIDE, make_family, make_homes, number, register
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


def head_of(household: Household) -> list[str]:
    running = HouseholdMember.objects.filter(
        household=household, relation=HEAD, period__endswith__isnull=True
    )
    return list(running.values_list("person__name", flat=True))


def relation(person: Person) -> str | None:
    running = HouseholdMember.objects.filter(person=person, period__endswith__isnull=True)
    return running.values_list("relation", flat=True).first()


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


class TestHouseholds:
    def test_the_head_changes_and_relations_with_it(self, who: Characters, homes: list[Home]) -> None:
        household, head, wife, son = make_family(who.worker, homes[0])
        actions.change_head(acting_user=who.worker, household_id=household.pk, new_head_id=son.pk, on=ON)
        assert [relation(p) for p in (head, wife, son)] == ["51", "52", "02"]
        assert head_of(household) == ["王磊"]
        before = HouseholdMember.objects.get(
            household=household, relation=HEAD, period__contains=date(2026, 2, 1)
        )
        assert before.person_id == head.pk

    def test_the_clerk_may_say_relations(self, who: Characters, homes: list[Home]) -> None:
        household, head, wife, son = make_family(who.worker, homes[0])
        actions.change_head(
            acting_user=who.worker,
            household_id=household.pk,
            new_head_id=son.pk,
            on=ON,
            relations={wife.pk: "58", 999: "10"},
        )
        assert [relation(p) for p in (head, wife, son)] == ["51", "58", "02"]
        with pytest.raises(RuleError):
            actions.change_head(
                acting_user=who.worker,
                household_id=household.pk,
                new_head_id=wife.pk,
                on=date(2026, 4, 1),
                relations={son.pk: "02"},
            )

    def test_a_second_head_is_refused(self, who: Characters, homes: list[Home]) -> None:
        household, *_people = make_family(who.worker, homes[0])
        with pytest.raises(RuleError):
            register(who.worker, homes[0], "王二", serial=30, family=actions.Family(household.pk, HEAD))

    def test_joining_leaves_the_old_household(self, who: Characters, homes: list[Home]) -> None:
        household, head, wife, son = make_family(who.worker, homes[0])
        other = actions.found_household(acting_user=who.worker, head_id=son.pk, home_id=homes[1].pk, on=ON)
        assert other.number.startswith(COMMUNITY)
        assert relation(son) == HEAD
        with pytest.raises(RuleError) as refused:
            actions.join_household(
                acting_user=who.worker, person_id=head.pk, household_id=other.pk, relation="51", on=ON
            )
        assert refused.value.field == "new_head"
        actions.join_household(
            acting_user=who.worker,
            person_id=head.pk,
            household_id=other.pk,
            relation="51",
            on=ON,
            new_head_id=wife.pk,
        )
        assert head_of(household) == ["李秀英"]
        assert head_of(other) == ["王磊"]

    def test_the_last_one_leaves_an_empty_household(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国", family=actions.Family())
        household = Household.objects.get()
        actions.leave_household(acting_user=who.worker, person_id=person.pk, on=ON)
        assert head_of(household) == []

    def test_neighbours_may_not(self, who: Characters, homes: list[Home]) -> None:
        household, _head, wife, _son = make_family(who.worker, homes[0])
        with pytest.raises(NotPermitted):
            actions.change_head(
                acting_user=who.neighbour, household_id=household.pk, new_head_id=wife.pk, on=ON
            )

    def test_relation_is_put_right_but_not_the_heads(self, who: Characters, homes: list[Home]) -> None:
        household, head, _wife, son = make_family(who.worker, homes[0])
        actions.set_relation(
            acting_user=who.worker, household_id=household.pk, person_id=son.pk, relation="22"
        )
        assert relation(son) == "22"
        with pytest.raises(RuleError):
            actions.set_relation(
                acting_user=who.worker, household_id=household.pk, person_id=head.pk, relation="22"
            )


class TestKin:
    def test_a_spouse_is_recorded_both_ways(self, who: Characters, homes: list[Home]) -> None:
        _household, head, wife, son = make_family(who.worker, homes[0])
        actions.set_kin(
            acting_user=who.worker,
            person_id=head.pk,
            relation="spouse",
            relative_id=wife.pk,
            since=date(1985, 1, 1),
        )
        assert Kinship.objects.get(person=wife).relative_id == head.pk
        with pytest.raises(RuleError):
            actions.set_kin(acting_user=who.worker, person_id=son.pk, relation="spouse", relative_id=wife.pk)
        actions.end_kin(
            acting_user=who.worker, kinship_id=Kinship.objects.get(person=head).pk, on=date(2020, 1, 1)
        )
        assert not Kinship.objects.filter(period__endswith__isnull=True).exists()

    def test_a_guardian_outside_is_kept_by_name(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国")
        actions.set_kin(
            acting_user=who.worker,
            person_id=person.pk,
            relation="guardian",
            relative_name="王大海",
            relative_phone="13912348017",
        )
        assert Kinship.objects.get().relative_phone == "13912348017"

    def test_a_father_younger_than_his_child_is_refused(self, who: Characters, homes: list[Home]) -> None:
        _household, head, _wife, son = make_family(who.worker, homes[0])
        with pytest.raises(RuleError):
            actions.set_kin(acting_user=who.worker, person_id=head.pk, relation="father", relative_id=son.pk)


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

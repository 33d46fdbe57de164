"""Households and kin against PostgreSQL: one head at any time, relations that follow."""

from __future__ import annotations

from datetime import date

import pytest

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.audit.recording import RuleError
from linli.registry.people import actions
from linli.registry.people.models import HEAD, Household, HouseholdMember, Kinship
from linli.registry.people.tests.street import (
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

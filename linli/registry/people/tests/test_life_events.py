"""Marriage, divorce, birth, adoption, households divided and joined, a building cleared: what follows from each, and its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.testing import Characters, characters
from linli.audit.recording import RuleError
from linli.registry.people import actions, lives
from linli.registry.people.models import (
    HEAD,
    Household,
    HouseholdMember,
    Kinship,
    Person,
    Relation,
    Residence,
)
from linli.registry.people.rules import kin
from linli.registry.people.tests.street import OUTSIDE, make_family, make_homes, register
from linli.registry.places.models import Home

pytestmark = pytest.mark.django_db
WED = date(2024, 5, 1)


@pytest.fixture
def who() -> Characters:
    return characters()


@pytest.fixture
def homes() -> list[Home]:
    return make_homes(count=4)


@pytest.fixture
def family(who: Characters, homes: list[Home]) -> tuple[Household, Person, Person, Person]:
    return make_family(who.worker, homes[0])


def again(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def relation_of(person: Person) -> str:
    return HouseholdMember.objects.get(person=person, period__endswith__isnull=True).relation


class TestMarriage:
    def test_both_are_married_and_divorced(self, who: Characters, family: tuple, homes: list[Home]) -> None:
        son = family[3]
        bride = register(
            who.worker,
            homes[1],
            "孙小妹",
            born=date(1990, 1, 1),
            sex="2",
            serial=60,
            values={"marital": "10"},
        )
        actions.marry(acting_user=who.worker, person_id=son.pk, spouse_id=bride.pk, on=WED)
        assert (again(son).marital, again(bride).marital) == ("20", "21")
        assert Kinship.objects.filter(relation=Relation.SPOUSE).count() == 2
        with pytest.raises(RuleError, match="离婚"):
            actions.update_person(acting_user=who.worker, person_id=bride.pk, values={"marital": "10"})
        with pytest.raises(RuleError, match="已登记有配偶"):
            actions.marry(acting_user=who.worker, person_id=bride.pk, spouse_name="周某", on=WED)
        actions.divorce(acting_user=who.worker, person_id=bride.pk, on=WED + timedelta(400))
        assert (again(son).marital, again(bride).marital) == ("40", "40")
        assert not Kinship.objects.filter(relation=Relation.SPOUSE, period__endswith__isnull=True).exists()
        actions.marry(acting_user=who.worker, person_id=son.pk, spouse_id=bride.pk, on=WED + timedelta(800))
        assert again(son).marital == "23", "复婚"

    def test_what_cannot_be_a_marriage(self, who: Characters, family: tuple) -> None:
        _household, head, wife, son = family
        with pytest.raises(RuleError, match="性别相同"):
            actions.marry(acting_user=who.worker, person_id=head.pk, spouse_id=son.pk, on=WED)
        actions.set_kin(acting_user=who.worker, person_id=son.pk, relation="mother", relative_id=wife.pk)
        with pytest.raises(RuleError, match="父母子女"):
            actions.marry(acting_user=who.worker, person_id=son.pk, spouse_id=wife.pk, on=WED)
        assert kin.marriage_problem(("1", "2"), (date(2010, 1, 1), None), WED, near_kin=False)

    def test_a_death_widows_and_its_withdrawal_restores(self, who: Characters, family: tuple) -> None:
        _household, head, wife, _son = family
        actions.marry(acting_user=who.worker, person_id=head.pk, spouse_id=wife.pk, on=date(1985, 1, 1))
        actions.record_death(acting_user=who.worker, person_id=head.pk, died=WED, new_head_id=wife.pk)
        assert again(wife).marital == "30"
        assert relation_of(wife) == HEAD
        actions.withdraw_death(acting_user=who.worker, person_id=head.pk, reason="登错了")
        assert again(wife).marital in kin.HAS_SPOUSE
        assert Kinship.objects.filter(relation=Relation.SPOUSE, period__endswith__isnull=True).count() == 2


class TestChildren:
    def test_a_birth_makes_a_child_of_the_house(self, who: Characters, family: tuple) -> None:
        household, head, wife, _son = family
        born = timezone.localdate() - timedelta(days=30)
        child = actions.record_birth(
            acting_user=who.worker,
            values={"name": "王小宝", "sex": "2", "birth_date": born},
            mother_id=wife.pk,
            father_id=head.pk,
            hukou_with="father",
        )
        member = HouseholdMember.objects.get(person=child)
        assert (member.household_id, member.relation, member.period.lower) == (household.pk, "30", born)
        assert child.standing == "newcomer" or again(child).standing == "registered"
        assert set(Kinship.objects.filter(person=child).values_list("relation", "relative_id")) == {
            ("mother", wife.pk),
            ("father", head.pk),
        }
        with pytest.raises(RuleError, match="性别"):
            actions.record_birth(
                acting_user=who.worker,
                values={"name": "小二", "sex": "1", "birth_date": born},
                mother_id=head.pk,
            )

    def test_a_grandchild_and_an_adopted_child(self) -> None:
        assert kin.child_of("21", "1", "1") == "41"
        assert kin.child_of("32", "2", "2") == "44"
        assert kin.child_of("28", "1", "1") == "43"
        assert kin.child_of("38", "2", "2") == "42"
        assert kin.child_of(HEAD, "1", "2", adopted=True) == "37"
        assert kin.child_of("99", "1", "1") == "99"

    def test_adoption_ends_the_parents_before(
        self, who: Characters, family: tuple, homes: list[Home]
    ) -> None:
        _household, head, _wife, _son = family
        mother = register(
            who.worker, homes[1], "孙氏", born=date(1980, 1, 1), sex="2", serial=61, family=actions.Family()
        )
        child = actions.record_birth(
            acting_user=who.worker,
            values={"name": "孙小宝", "sex": "1", "birth_date": date(2020, 1, 1)},
            mother_id=mother.pk,
        )
        actions.adopt(acting_user=who.worker, person_id=child.pk, on=WED, father_id=head.pk)
        assert relation_of(child) == "27"
        running = Kinship.objects.filter(person=child, period__endswith__isnull=True)
        assert list(running.values_list("relation", "relative_id")) == [("father", head.pk)]


class TestHouseholds:
    def test_a_son_splits_off_and_comes_back(self, who: Characters, family: tuple) -> None:
        household, head, wife, son = family
        made = actions.split_household(
            acting_user=who.worker, household_id=household.pk, person_ids=[son.pk], head_id=son.pk, on=WED
        )
        assert relation_of(son) == HEAD
        assert made.home_id == household.home_id
        actions.merge_households(
            acting_user=who.worker,
            household_id=made.pk,
            into_id=household.pk,
            on=WED + timedelta(9),
            relations={son.pk: "21"},
        )
        assert relation_of(son) == "21"
        with pytest.raises(RuleError, match="接任原户"):
            actions.split_household(
                acting_user=who.worker,
                household_id=household.pk,
                person_ids=[head.pk],
                head_id=head.pk,
                on=WED + timedelta(20),
            )
        actions.split_household(
            acting_user=who.worker,
            household_id=household.pk,
            person_ids=[head.pk, wife.pk],
            head_id=wife.pk,
            new_head_id=son.pk,
            on=WED + timedelta(20),
        )
        assert (relation_of(son), relation_of(wife), relation_of(head)) == (HEAD, HEAD, "11")

    def test_the_database_knows_no_household_without_head(self, family: tuple) -> None:
        household, head, _wife, _son = family
        headship = HouseholdMember.objects.filter(household=household, person=head)

        def commit(write: Callable[[], object]) -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                write()
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

        with pytest.raises(DatabaseError, match="no head"):
            commit(lambda: headship.update(relation="97"))
        with pytest.raises(DatabaseError, match="no head"):
            commit(headship.delete)

    def test_nobody_joins_before_there_was_a_head(
        self, who: Characters, family: tuple, homes: list[Home]
    ) -> None:
        guest = register(who.worker, homes[1], "周客", serial=66)
        with pytest.raises(RuleError, match="才有户主"):
            actions.join_household(
                acting_user=who.worker,
                person_id=guest.pk,
                household_id=family[0].pk,
                relation="97",
                on=date(1999, 1, 1),
            )

    def test_dates_before_what_happened_leave_no_gap(self, who: Characters, family: tuple) -> None:
        """Found by random lives: deeds dated back would have left days without a head, or with two."""
        household, head, wife, son = family
        leave = actions.leave_household
        actions.change_head(acting_user=who.worker, household_id=household.pk, new_head_id=wife.pk, on=WED)
        with pytest.raises(RuleError, match="起任户主"):
            actions.change_head(
                acting_user=who.worker, household_id=household.pk, new_head_id=son.pk, on=WED - timedelta(5)
            )
        leave(acting_user=who.worker, person_id=son.pk, on=WED + timedelta(9))
        leave(acting_user=who.worker, person_id=head.pk, on=WED + timedelta(20))
        with pytest.raises(RuleError, match="还有成员"):
            leave(acting_user=who.worker, person_id=wife.pk, on=WED + timedelta(10))
        leave(acting_user=who.worker, person_id=wife.pk, on=WED + timedelta(30))
        with pytest.raises(RuleError, match="户主"):
            actions.join_household(
                acting_user=who.worker,
                person_id=son.pk,
                household_id=household.pk,
                relation=HEAD,
                on=WED + timedelta(12),
            )
        join = {"acting_user": who.worker, "household_id": household.pk}
        actions.join_household(**join, person_id=son.pk, relation=HEAD, on=WED + timedelta(40))
        with pytest.raises(RuleError, match="才有户主"):
            actions.join_household(**join, person_id=wife.pk, relation="52", on=WED + timedelta(35))


class TestClearing:
    def test_families_go_where_they_are_sent(self, who: Characters, family: tuple, homes: list[Home]) -> None:
        household, head, _wife, _son = family
        other, *_rest = make_family(who.worker, homes[1], serial=40)
        moved = actions.clear_homes(
            acting_user=who.worker,
            moves={
                homes[0].pk: actions.Destination(home_id=homes[3].pk),
                homes[1].pk: actions.Destination(outside=actions.Place(region_code=OUTSIDE)),
            },
            on=WED,
            with_hukou=True,
            reason="1号楼拆除",
        )
        assert moved == 6
        assert not Residence.objects.filter(home__in=homes[:2], period__endswith__isnull=True).exists()
        household.refresh_from_db()
        assert household.home_id == homes[3].pk
        assert again(head).standing == "registered"
        gone = Person.objects.filter(memberships__household=other)
        assert set(gone.values_list("standing", flat=True)) == {"gone"}
        assert not HouseholdMember.objects.filter(household=other, period__endswith__isnull=True).exists()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_all_or_nothing(self, who: Characters, family: tuple, homes: list[Home]) -> None:
        late = register(who.worker, homes[1], "赵晚来", serial=77, since=date(2025, 1, 1))
        with pytest.raises(RuleError, match=late.name):
            actions.clear_homes(
                acting_user=who.worker,
                moves={one.pk: actions.Destination() for one in homes[:2]},
                on=WED,
                reason="拆除",
            )
        assert Residence.objects.filter(home=homes[0], period__endswith__isnull=True).count() == 6


class TestPages:
    @pytest.fixture
    def client(self, who: Characters) -> Client:
        client = Client()
        client.force_login(who.worker)
        return client

    def test_each_form_reaches_its_action(self, client: Client, family: tuple, homes: list[Home]) -> None:
        household, head, wife, son = family
        post = client.post
        answer = post(reverse("people:marry", args=[head.pk]), {"spouse": wife.pk, "on": "1985-01-01"})
        assert answer.status_code == 302
        assert again(head).marital in kin.HAS_SPOUSE
        answer = post(
            reverse("people:birth", args=[wife.pk]),
            {
                "name": "王小宝",
                "sex": "1",
                "birth_date": "2024-02-03",
                "other": head.pk,
                "hukou_with": "mother",
            },
        )
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        assert Kinship.objects.filter(relation="father", relative=head).exists()
        answer = post(
            reverse("people:split_household", args=[household.pk]),
            {"people": [son.pk], "head": son.pk, "on": "2024-05-01"},
        )
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        made = HouseholdMember.objects.get(person=son, period__endswith__isnull=True).household
        answer = post(
            reverse("people:merge_household", args=[made.pk]),
            {"into": household.pk, "on": "2024-06-01", f"relation_{son.pk}": "21"},
        )
        assert answer.status_code == 302
        assert post(reverse("people:divorce", args=[head.pk]), {"on": "2024-07-01"}).status_code == 302
        assert again(head).marital == "40"
        page = client.get(reverse("people:clear_building", args=[homes[0].building_id])).content.decode()
        assert "新兴小区1号楼101室" in page
        answer = post(
            reverse("people:clear_building", args=[homes[0].building_id]),
            {"on": "2025-01-01", "reason": "拆除", "homes": [homes[0].pk], f"to_{homes[0].pk}": homes[2].pk},
        )
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        assert Residence.objects.filter(home=homes[2], kind="living").count() == 4

    def test_a_life_is_told_by_date(
        self, who: Characters, client: Client, family: tuple, homes: list[Home]
    ) -> None:
        household, head, wife, _son = family
        actions.marry(acting_user=who.worker, person_id=head.pk, spouse_id=wife.pk, on=date(1985, 1, 1))
        actions.move_within(acting_user=who.worker, person_id=head.pk, home_id=homes[2].pk, on=WED)
        actions.update_person(acting_user=who.worker, person_id=head.pk, values={"name": "王建军"})
        page = client.get(reverse("people:person", args=[head.pk]), {"tab": "life"}).content.decode()
        for said in ("出生", "与 李秀英 结婚", "住进", "姓名由“王建国”改为“王建军”", "户主", "2024 年"):
            assert said in page
        past = client.get(
            reverse("people:person", args=[head.pk]), {"tab": "life", "on": "2000-01-02"}
        ).content.decode()
        assert "2024 年" not in past
        assert (
            "任户主"
            in client.get(reverse("people:household", args=[household.pk]), {"tab": "life"}).content.decode()
        )
        assert "住进" in client.get(reverse("places:home", args=[homes[0].pk])).content.decode()
        assert lives.of_home(homes[0], who.neighbour)[0].url == ""

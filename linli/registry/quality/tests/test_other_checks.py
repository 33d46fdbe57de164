"""Each check of households, organisations and groups: one case that has the fault, and one that has not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.kernel import credit_code
from linli.registry.groups.models import Group, Membership
from linli.registry.matching.models import Pair
from linli.registry.organisations.models import Check, Organisation, Position, Premises
from linli.registry.people import actions as people
from linli.registry.people.models import Household, HouseholdMember, Person, Residence
from linli.registry.people.tests.street import make_family, make_homes, make_regions, register
from linli.registry.places.models import Home
from linli.registry.quality.tests.finding import found

ALWAYS = DateRange(date(2020, 1, 1), None)


@pytest.fixture
def who(db: Any) -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def homes(who: Characters) -> list[Home]:
    return make_homes(count=4)


def members(household: Household) -> Any:
    return HouseholdMember.objects.filter(household=household)


# -- households --------------------------------------------------------------------------------------------


def test_a_household_has_a_head(who: Characters, homes: list[Home]) -> None:
    household, head, _wife, _son = make_family(who.worker, homes[0])
    assert found("household_no_head") == {}
    with connection.cursor() as cursor:  # as rows that an import gave back leave it
        cursor.execute("SET LOCAL linli.heads_checked = 'yes'")
    members(household).filter(person=head).update(relation="99")
    assert found("household_no_head") == {household.pk: "3 人"}


def test_a_head_has_one_spouse(who: Characters, homes: list[Home]) -> None:
    household, _head, _wife, son = make_family(who.worker, homes[0])
    assert found("household_two_spouses") == {}
    members(household).filter(person=son).update(relation="10")
    assert found("household_two_spouses") == {household.pk: "2 人登记为配偶"}


@pytest.mark.parametrize(
    ("relation", "born", "wrong"),
    [
        ("21", date(1988, 7, 8), False),
        ("21", date(1972, 5, 5), True),  # the head was born 1960-05-06
        ("21", date(1972, 5, 7), False),
        ("27", date(1965, 1, 1), False),  # adopted
        ("51", date(1940, 1, 1), False),
        ("51", date(1950, 1, 1), True),
        ("41", date(1983, 1, 1), True),
        ("41", date(2010, 1, 1), False),
        ("62", date(1937, 1, 1), True),
        ("62", date(1910, 1, 1), False),
    ],
)
def test_kin_are_as_old_as_kin_can_be(
    who: Characters, homes: list[Home], relation: str, born: date, wrong: bool
) -> None:
    household, _head, _wife, son = make_family(who.worker, homes[0])
    members(household).filter(person=son).update(relation=relation)
    Person.objects.filter(pk=son.pk).update(birth_date=born)
    assert found("household_ages") == ({household.pk: "1 人"} if wrong else {})


def test_children_do_not_live_alone(who: Characters, homes: list[Home]) -> None:
    household, head, wife, son = make_family(who.worker, homes[0])
    child = timezone.localdate() - timedelta(days=365 * 10)
    Person.objects.filter(pk__in=[wife.pk, son.pk]).update(birth_date=child)
    assert found("household_minors") == {}
    Person.objects.filter(pk=head.pk).update(birth_date=child)
    assert found("household_minors") == {household.pk: "3 人"}
    Household.objects.update(kind="collective")
    assert found("household_minors") == {}


def test_head_and_members_belong_to_the_home(who: Characters, homes: list[Home]) -> None:
    household, head, _wife, son = make_family(who.worker, homes[0])
    Residence.objects.filter(person=son, kind="living").update(home=homes[1])
    assert found("household_members_away") == {}  # the hukou is still here: 人户分离 is recorded
    Residence.objects.filter(person=son).update(home=homes[1])
    assert found("household_members_away") == {household.pk: "1 人"}
    assert found("household_head_away") == {}
    Residence.objects.filter(person=head).update(home=homes[1])
    assert found("household_head_away") == {household.pk: ""}
    assert found("household_members_away") == {}  # told once, of the head


def test_households_that_wait_in_the_queue(who: Characters, homes: list[Home]) -> None:
    first = make_family(who.worker, homes[0])[0]
    second = make_family(who.worker, homes[1], serial=40)[0]
    pair = Pair.objects.create(
        subject="household", left=first.pk, right=second.pk, region_code=COMMUNITY, score=70, reasons=[]
    )
    assert found("household_double").keys() == {first.pk, second.pk}
    Pair.objects.filter(pk=pair.pk).update(state="different")
    assert found("household_double") == {}


# -- organisations -----------------------------------------------------------------------------------------


def firm(name: str = "妫水小卖部", **more: Any) -> Organisation:
    return Organisation.objects.create(
        **{"region_code": COMMUNITY, "name": name, "kind": "shop", "landline": "69100001", **more}
    )


@given(
    st.lists(st.sampled_from(credit_code.ALPHABET), min_size=9, max_size=9).map("".join), st.integers(0, 30)
)
def test_the_check_character_is_that_of_the_standard(own: str, last: int) -> None:
    code = f"91110119{own}{credit_code.ALPHABET[last]}"
    sums = sum(pow(3, n, 31) * credit_code.ALPHABET.index(sign) for n, sign in enumerate(code[:17]))
    assert credit_code.is_valid(code) == (last == (31 - sums % 31) % 31)


def test_a_code_that_is_none(who: Characters) -> None:
    good = next(
        code for sign in credit_code.ALPHABET if credit_code.is_valid(code := f"91110119MA00EXAM2{sign}")
    )
    firm(credit_code=good)
    assert found("organisation_wrong_code") == {}
    other = next(sign for sign in credit_code.ALPHABET if sign != good[-1])
    bad = {
        firm(f"单位{n}", credit_code=code).pk: code
        for n, code in enumerate((good[:-1] + other, good[:-1], "I" + good[1:], good[:3] + "A" + good[4:]))
    }
    assert found("organisation_wrong_code") == bad
    Organisation.objects.update(closed_on=date(2024, 1, 1))
    assert found("organisation_wrong_code") == {}


def test_the_dead_and_the_gone_hold_no_posts(who: Characters, homes: list[Home]) -> None:
    _household, head, wife, son = make_family(who.worker, homes[0])
    shop, owners = firm(), firm("新兴小区业主委员会", kind="owners")
    for person in (head, wife, son):
        for organisation in (shop, owners):
            Position.objects.create(
                region_code=COMMUNITY, organisation=organisation, person=person, role="other", period=ALWAYS
            )
    assert found("organisation_dead_holder") == {}
    assert found("organisation_gone_holder") == {}
    Person.objects.filter(pk=head.pk).update(standing="dead")
    Person.objects.filter(pk=wife.pk).update(standing="gone")
    assert found("organisation_dead_holder") == {shop.pk: "1 项任职", owners.pk: "1 项任职"}
    assert found("organisation_gone_holder") == {owners.pk: "1 项任职"}


def test_a_shop_in_a_home_where_somebody_lives(who: Characters, homes: list[Home]) -> None:
    make_family(who.worker, homes[0])
    rows = [
        (firm("住人的", premises=homes[0]), homes[0], "main"),
        (firm("空房里", premises=homes[1]), homes[1], "main"),
    ]
    rows.append((firm("只注册", premises=homes[0]), homes[0], "registered"))
    for organisation, home, use in rows:
        Premises.objects.create(
            region_code=COMMUNITY, organisation=organisation, home=home, use=use, period=ALWAYS
        )
    assert found("organisation_in_home") == {rows[0][0].pk: homes[0].full_address}
    Home.objects.update(use="shop")
    assert found("organisation_in_home") == {}


def test_one_name_in_a_community(who: Characters) -> None:
    first = firm()
    firm(region_code=NEIGHBOUR)
    assert found("organisation_double") == {}
    second = firm()
    assert found("organisation_double").keys() == {first.pk, second.pk}
    Pair.objects.create(
        subject="organisation",
        left=first.pk,
        right=second.pk,
        region_code=COMMUNITY,
        score=70,
        reasons=[],
        state="different",
    )
    assert found("organisation_double") == {}
    other = firm("妫水百货")
    Pair.objects.create(
        subject="organisation", left=first.pk, right=other.pk, region_code=COMMUNITY, score=61, reasons=[]
    )
    assert found("organisation_double").keys() == {first.pk, other.pk}


def test_how_to_reach_an_organisation_and_where_it_is(who: Characters, homes: list[Home]) -> None:
    firm("有电话有场所", premises=homes[0])
    silent = firm("没有电话", landline="", premises=homes[0])
    led = firm("有负责人", landline="", premises=homes[0])
    Position.objects.create(region_code=COMMUNITY, organisation=led, name="孙某", role="head", period=ALWAYS)
    nowhere = firm("没有场所", address="妫水北街")
    unit = firm("单位", kind="resident_unit")
    firm("有地址的单位", kind="resident_unit", address="妫水北街")
    firm("物业", kind="property")
    assert found("organisation_no_contact") == {silent.pk: ""}
    assert found("organisation_no_premises") == {nowhere.pk: "", unit.pk: ""}


def test_terms_and_checks_that_are_over(who: Characters) -> None:
    today = timezone.localdate()
    owners = firm("业主委员会", kind="owners", term_until=today)
    late = firm("过期没查")
    for organisation, due, source, result in (
        (owners, date(2024, 1, 1), "term_until", ""),
        (late, today - timedelta(days=1), "", ""),
        (firm("今天应查"), today, "", ""),
        (firm("查过了"), date(2024, 1, 1), "", "passed"),
    ):
        Check.objects.create(
            region_code=COMMUNITY,
            organisation=organisation,
            kind="fire",
            due_on=due,
            source=source,
            result=result,
        )
    assert found("owners_term_over") == {}
    assert found("organisation_check_overdue") == {late.pk: "1 项"}
    Organisation.objects.filter(pk=owners.pk).update(term_until=today - timedelta(days=1))
    assert found("owners_term_over") == {owners.pk: f"{today - timedelta(days=1)} 届满"}


# -- groups ------------------------------------------------------------------------------------------------


def group(code: str, **more: Any) -> Group:
    made, _new = Group.objects.update_or_create(
        code=code, defaults={"name": code, "category": "care", **more}
    )
    return made


def enrol(kind: Group, person: Person, **more: Any) -> Membership:
    return Membership.objects.create(
        **{"region_code": COMMUNITY, "group": kind, "person": person, "period": ALWAYS, **more}
    )


def test_who_died_or_left_is_in_no_group(who: Characters, homes: list[Home]) -> None:
    _household, head, wife, son = make_family(who.worker, homes[0])
    aid, other = group("low_income"), group("volunteer")
    rows = {person.pk: enrol(aid, person) for person in (head, wife, son)}
    enrol(other, wife)
    Person.objects.filter(pk=head.pk).update(standing="dead")
    Person.objects.filter(pk=wife.pk).update(standing="gone")
    assert found("membership_dead") == {rows[head.pk].pk: ""}
    assert found("membership_gone") == {rows[wife.pk].pk: ""}
    Membership.objects.update(period=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    assert found("membership_dead") == {}


def test_a_group_is_for_people_of_an_age(who: Characters, homes: list[Home]) -> None:
    _household, head, wife, son = make_family(who.worker, homes[0])
    today = timezone.localdate()
    Person.objects.filter(pk=head.pk).update(birth_date=today.replace(year=today.year - 80, day=1))
    Person.objects.filter(pk=wife.pk).update(birth_date=today - timedelta(days=365 * 45))
    Person.objects.filter(pk=son.pk).update(birth_date=today - timedelta(days=365 * 45))
    old, worker, orphan = group("old_age_allowance"), group("age_4050"), group("orphan")
    enrol(old, head)
    wrong = {enrol(old, wife).pk, enrol(worker, son).pk, enrol(orphan, son).pk}
    enrol(worker, wife)
    assert found("membership_age").keys() == wrong


def test_who_lives_alone_lives_with_nobody(who: Characters, homes: list[Home]) -> None:
    _household, head, _wife, _son = make_family(who.worker, homes[0])
    alone = register(who.worker, homes[1], "赵独居", serial=77, family=people.Family(kind="family"))
    kind = group("elderly_alone")
    enrol(kind, alone)
    wrong = enrol(kind, head)
    assert found("membership_not_alone") == {wrong.pk: ""}


def test_what_a_group_asks_is_there(who: Characters, homes: list[Home]) -> None:
    _household, head, wife, son = make_family(who.worker, homes[0])
    kind = group("disabled", classes=[{"code": "1", "label": "一"}], needs_certificate=True)
    enrol(kind, head, class_code="1", certificate="12345678")
    wrong = {enrol(kind, wife, certificate="1234").pk, enrol(kind, son, class_code="1").pk}
    assert found("membership_no_class").keys() == wrong
    group("disabled", classes=[], needs_certificate=False)
    assert found("membership_no_class") == {}


def test_details_that_others_have(who: Characters, homes: list[Home]) -> None:
    persons = [*make_family(who.worker, homes[0])[1:], *make_family(who.worker, homes[1], serial=40)[1:]]
    kind = group("low_income")
    rows = [enrol(kind, person) for person in persons[:4]]
    assert found("membership_no_details") == {}
    Membership.objects.filter(pk__in=[rows[0].pk, rows[1].pk]).update(details={"cause": "1"})
    assert found("membership_no_details").keys() == {rows[2].pk, rows[3].pk}


def test_papers_and_reviews_that_ran_out(who: Characters, homes: list[Home]) -> None:
    _household, head, wife, son = make_family(who.worker, homes[0])
    today = timezone.localdate()
    card = group("disabled")
    own = group("own", details=[{"code": "until", "label": "证书有效期至", "kind": "date"}])
    wrong = {
        enrol(card, head, details={"issued_on": "2010-01-01"}).pk,
        enrol(own, head, details={"until": "2021-01-01"}).pk,
    }
    enrol(card, wife, details={"issued_on": today.isoformat()})
    enrol(own, wife, details={"until": today.isoformat()})
    enrol(own, son)
    assert found("membership_paper_over").keys() == wrong
    late = enrol(card, son, review_on=today - timedelta(days=1))
    Membership.objects.filter(person=wife).update(review_on=today)
    assert found("membership_review_over") == {late.pk: f"{today - timedelta(days=1)} 应复核"}

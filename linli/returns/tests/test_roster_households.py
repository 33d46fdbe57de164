"""A roster of one row a person with 户主 and 与户主关系 founds households and has people enter them."""
# ruff: noqa: F811  fixtures of another file

from __future__ import annotations

from datetime import date

import pytest

from linli.access.testing import Characters
from linli.ledgers.tests.street import Street
from linli.registry.groups.models import Membership
from linli.registry.people.models import HEAD, Household, HouseholdMember, Person
from linli.registry.people.tests.street import number
from linli.registry.places.models import Home
from linli.returns import actions, rules
from linli.returns.tests.test_returns import look, roster, said, send, street, who  # noqa: F401

pytestmark = pytest.mark.django_db
HEADINGS = ["姓名", "身份证号", "户主姓名", "与户主关系", "现住址"]
NAMES = ("陈大勇", "方小梅", "陈小宝")
NUMBERS = (
    number(date(1970, 1, 1), "1", 21),
    number(date(1972, 2, 2), "2", 22),
    number(date(2000, 3, 3), "1", 23),
)


def empty_home() -> Home:
    """A home in which nobody lives, beside one of the street."""
    beside = Home.objects.select_related("building").order_by("pk")[0]
    return Home.objects.create(
        region_code=beside.region_code,
        building=beside.building,
        unit=beside.unit,
        door="909",
        floor=9,
        full_address=f"{beside.full_address.removesuffix('室')[: -len(beside.door)]}909室",
    )


def family(
    home: Home, *, order: tuple[int, ...] = (0, 1, 2), relations: tuple[str, ...] = ("户主", "妻", "子")
) -> list[list[str]]:
    rows = [
        [name, given, NAMES[0], relation, home.full_address]
        for name, given, relation in zip(NAMES, NUMBERS, relations, strict=True)
    ]
    return [rows[place] for place in order]


def entered(given: str) -> HouseholdMember | None:
    return (
        HouseholdMember.objects.filter(person__in=Person.objects.all())
        .select_related("person", "household")
        .filter(person__name=NAMES[NUMBERS.index(given)])
        .first()
    )


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_newcomers_found_a_household_and_enter_it_whatever_the_order(
    who: Characters,
    street: Street,
    order: tuple[int, ...],
) -> None:
    home = empty_home()
    returned = send(who, roster(HEADINGS, *family(home, order=order)))
    found = look(who, returned)
    assert set(found) == {rules.NEW}, said(found)
    assert not Person.objects.filter(name=NAMES[0]).exists()
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    members = [entered(one) for one in NUMBERS]
    assert [one.relation for one in members if one] == [HEAD, "12", "20"]
    (household,) = {one.household_id for one in members if one}
    kept = Household.objects.get(pk=household)
    assert (kept.home_id, kept.kind) == (home.pk, "living")
    again = send(who, roster(HEADINGS, *family(home, order=order)))
    assert set(look(who, again)) == {rules.SAME}


def test_somebody_known_without_a_household_enters_that_of_the_head(
    who: Characters,
    street: Street,
) -> None:
    head = HouseholdMember.objects.select_related("person", "household__home").filter(
        relation=HEAD, household__home__isnull=False
    )[0]
    row = [
        "石来宝",
        number(date(1995, 5, 5), "1", 24),
        head.person.name,
        "侄子",
        head.household.home.full_address,
    ]  # type: ignore[union-attr]
    returned = send(who, roster(HEADINGS, row))
    found = look(who, returned)
    assert set(found) == {rules.NEW}, said(found)
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    member = HouseholdMember.objects.get(person__name="石来宝")
    assert member.household_id == head.household_id
    assert HouseholdMember.objects.filter(household=head.household, relation=HEAD).count() == 1


def test_a_head_who_is_not_there_and_one_who_is_not_the_head_are_told(
    who: Characters,
    street: Street,
) -> None:
    home = empty_home()
    rows = family(home)[1:]
    wrong = ["陈二勇", number(date(1968, 6, 6), "1", 25), "别的人", "户主", home.full_address]
    returned = send(who, roster(HEADINGS, *rows, wrong))
    found = look(who, returned)
    problems = [
        problem for rows_of in found.values() for row in rows_of for _label, problem in row["problems"]
    ]
    assert sum("没有找到户主陈大勇的户" in one for one in problems) == 2
    assert any("写的是户主，但户主姓名是“别的人”" in one for one in problems)
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    assert Person.objects.filter(name=NAMES[1]).exists()
    assert entered(NUMBERS[1]) is None


def test_unticked_it_founds_nothing(who: Characters, street: Street) -> None:
    returned = send(who, roster(HEADINGS, *family(empty_home())))
    chosen = dict.fromkeys(("register", "move", "group"), "on")
    actions.choose_options(acting_user=who.worker, return_id=returned.pk, chosen=chosen)
    actions.preview_return(acting_user=who.worker, return_id=returned.pk)
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    assert Person.objects.filter(name__in=NAMES).count() == 3
    assert not HouseholdMember.objects.filter(person__name__in=NAMES).exists()


def test_nobody_who_is_in_a_household_is_moved_by_a_roster(who: Characters, street: Street) -> None:
    before = list(
        HouseholdMember.objects.order_by("pk").values_list("person", "household", "relation", "period")
    )
    member = HouseholdMember.objects.select_related("person").exclude(relation=HEAD)[0]
    returned = send(
        who,
        roster(
            ["姓名", "身份证号", "户主姓名", "与户主关系"],
            [member.person.name, member.person.id_number, "另一人", "子"],
        ),
    )
    found = look(who, returned)
    assert [change[3] for row in found[rules.CONFLICT] for change in row["changes"]] == ["note"]
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    assert before == list(
        HouseholdMember.objects.order_by("pk").values_list("person", "household", "relation", "period")
    )


def test_what_a_group_asks_comes_back_with_its_roster(who: Characters, street: Street) -> None:
    member = street.son
    Membership.objects.filter(group__code="party", person=member).delete()
    headings = ["姓名", "身份证号", "党员类别", "所属党支部", "入党时间", "转正情况", "党内主要职务"]
    row = [member.name, member.id_number, "正式党员", "东外第一支部", "2001年7月", "按期转正", "宣传委员"]
    returned = send(who, roster(headings, row, title="社区党员花名册"))
    found = look(who, returned)
    assert set(found) == {rules.CHANGED}, said(found)
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    made = Membership.objects.get(group__code="party", person=member)
    assert made.details == {
        "branch": "东外第一支部",
        "joined_on": "2001-07-01",
        "became_full": "1",
        "post": "宣传委员",
    }
    row[3:] = ["东外第二支部", "", "不清楚", ""]
    again = send(who, roster(headings, row, title="社区党员花名册"))
    shown = look(who, again)
    problems = [one for rows_of in shown.values() for each in rows_of for one in each["problems"]]
    assert [label for label, _said in problems] == ["转正情况"], problems
    actions.apply_return(acting_user=who.worker, return_id=again.pk)
    made.refresh_from_db()
    assert (made.details["branch"], made.details["joined_on"]) == ("东外第二支部", "2001-07-01")

"""The made-up street holds together: checked in memory, over many seeds."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.demo.numbers import Numbers, places
from linli.demo.people_making import relation_to
from linli.demo.places_making import COMMUNITIES, STREET
from linli.demo.records import Membership, Period, Person, Street
from linli.demo.street import make, summarise
from linli.kernel import citizen_number, codes, credit_code, phone
from linli.registry.groups.rules import evidence_problem, limits_problem

ON = date(2026, 11, 22)
small = settings(
    max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
seeds = st.integers(0, 10_000)


@cache
def street_of(seed: int) -> Street:
    return make(seed=seed, on=ON, communities=2, homes=160)


@cache
def whole() -> Street:
    return make(seed=4, on=ON)


def overlaps(one: Period, other: Period) -> bool:
    return (one[0] or date.min) < (other[1] or date.max) and (other[0] or date.min) < (one[1] or date.max)


def assert_apart(periods: list[Period], who: object) -> None:
    ordered = sorted(periods, key=lambda p: p[0] or date.min)
    for one, other in pairwise(ordered):
        assert not overlaps(one, other), (who, one, other)
    for start, end in ordered:
        assert start is None or end is None or start < end, (who, start, end)


@small
@given(seeds)
def test_every_household_has_exactly_one_head_while_it_has_members(seed: int) -> None:
    by_household = defaultdict(list)
    for member in street_of(seed).members:
        by_household[member.household.number].append(member)
    for number, members in by_household.items():
        heads = [m for m in members if m.relation == "02"]
        assert_apart([m.period for m in heads], number)
        for day in {m.period[0] for m in members if m.period[0]} | {ON}:
            inside = [m for m in members if (m.period[0] or date.min) <= day < (m.period[1] or date.max)]
            at_head = [m for m in inside if m.relation == "02"]
            assert len(at_head) == bool(inside), (
                number,
                day,
                [(m.person.name, m.relation, m.period) for m in members],
            )


@small
@given(seeds)
def test_nobody_is_in_two_places_or_two_households(seed: int) -> None:
    street = street_of(seed)
    households = defaultdict(list)
    for member in street.members:
        households[member.person.id].append(member.period)
    for person in street.people:
        for kind in ("living", "hukou"):
            assert_apart([r.period for r in person.residences if r.kind == kind], (person.name, kind))
        assert_apart(households[person.id], person.name)


@small
@given(seeds)
def test_spells_begin_after_the_house_and_the_birth_and_end_by_death(seed: int) -> None:
    for person in street_of(seed).people:
        for spell in person.residences:
            start, end = spell.period
            if start is not None:
                assert person.birth <= start <= ON, person.name
            if start is not None and spell.home is not None:
                assert start.year >= spell.home.building.built, person.name
            if person.death is not None:
                assert end is not None, (person.name, spell)
                assert spell.kind == "hukou" or end <= person.death
            assert end is None or end <= ON


@small
@given(seeds)
def test_spouses_are_mutual_of_two_sexes_and_of_fitting_ages(seed: int) -> None:
    street = street_of(seed)
    rows = {
        (k.person.id, k.relative.id): k.period for k in street.kin if k.relation == "spouse" and k.relative
    }
    for (one, other), period in rows.items():
        assert rows[other, one] == period
    assert rows
    for person in street.people:
        if person.spouse is None:
            continue
        assert person.spouse.spouse is person
        assert person.spouse.sex != person.sex
        assert abs((person.birth - person.spouse.birth).days) < 15 * 366, person.name
        assert person.married_on is not None
        assert person.married_on.year - person.birth.year >= 20, person.name


@small
@given(seeds)
def test_children_are_at_least_sixteen_years_younger(seed: int) -> None:
    for person in street_of(seed).people:
        for parent in (person.father, person.mother):
            if parent is not None:
                assert (person.birth - parent.birth).days >= 16 * 365.25, (person.name, parent.name)
                assert person in parent.children
        if person.mother is not None:
            assert (person.birth - person.mother.birth).days <= 43 * 366
        if person.father is not None and person.mother is not None:
            assert person.father.sex == "1"
            assert person.mother.sex == "2"


@small
@given(seeds)
def test_numbers_are_valid_once_and_agree_with_the_person(seed: int) -> None:
    street = street_of(seed)
    seen = set()
    for person in street.people:
        number = citizen_number.parse(person.id_number, on=ON)
        assert (number.birth_date, number.sex) == (person.birth, person.sex)
        assert number.county_code in places() or number.county_code == "110229"
        assert person.id_number not in seen
        seen.add(person.id_number)
        assert not person.phone or phone.is_mobile(person.phone)
        assert not person.landline or phone.is_valid(person.landline)
    for organisation in street.organisations:
        assert not organisation.credit_code or credit_code.is_valid(organisation.credit_code)
        assert phone.is_valid(organisation.phone)
    for membership in street.memberships:
        if membership.group == "disabled":
            assert membership.certificate == (
                f"{membership.person.id_number}{membership.class_code}{membership.level_code}"
            )


def _unfit(membership: Membership) -> str:
    """What the rules of groups have against a membership; "" for nothing. A person is too long to print."""
    since, person = membership.period[0], membership.person
    if since is None or not membership.evidence.startswith(f"{since} "):
        return f"{membership.group}: {membership.evidence}"
    is_here = person.standing not in ("gone", "dead")
    said = limits_problem(
        membership.group, membership.group, sex=person.sex, born=person.birth, is_here=is_here,
        died=person.death, on=since,
    )  # fmt: skip
    return evidence_problem(membership.evidence) or said


@small
@given(seeds)
def test_codes_are_of_their_lists_and_groups_once_at_a_time(seed: int) -> None:
    street = street_of(seed)
    for person in street.people:
        for value, code_list in (
            (person.sex, codes.SEX),
            (person.ethnic, codes.ETHNIC),
            (person.marital, codes.MARITAL),
            (person.political, codes.POLITICAL),
            (person.education, codes.EDUCATION),
            (person.employment, codes.EMPLOYMENT),
            (person.health, codes.HEALTH),
            (person.blood_type, codes.BLOOD_TYPE),
        ):
            assert not value or code_list.label(value), (person.name, value)
    spells = defaultdict(list)
    for membership in street.memberships:
        spells[membership.group, membership.person.id].append(membership.period)
        said = _unfit(membership)
        assert said == ""
    for key, periods in spells.items():
        assert_apart(periods, key)
    kin = defaultdict(list)
    people = set(street.people)
    for row in street.kin:
        assert row.relative is not None or row.name
        assert row.relative is None or row.relative in people
        kin[row.person.id, row.relation].append(row.period)
    for key, periods in kin.items():
        assert_apart(periods, key)


@small
@given(seeds)
def test_every_child_has_a_guardian(seed: int) -> None:
    street = street_of(seed)
    guarded = {k.person.id for k in street.kin if k.relation == "guardian"}
    for person in street.people:
        if person.death is None and person.age(ON) < 18:
            assert person.id in guarded, person.name


@small
@given(seeds)
def test_relations_to_the_head_say_what_the_family_is(seed: int) -> None:
    for family in street_of(seed).families:
        if family.household is None or family.sort == "collective":
            continue
        for person in family.people:
            relation = relation_to(family.head, person)
            assert relation != "99", (family.shape, person.name)
            assert codes.KINSHIP.label(relation)


@small
@given(seeds)
def test_the_old_who_live_alone_are_those_whom_the_spells_show(seed: int) -> None:
    street = street_of(seed)
    at_home: dict[int, list[Person]] = defaultdict(list)
    for person in street.people:
        spell = person.at("living", ON)
        if spell is not None and spell.home is not None:
            at_home[spell.home.id].append(person)
    alone = {p.id for people in at_home.values() if len(people) == 1 for p in people if p.age(ON) >= 60}
    recorded = {m.person.id for m in street.memberships if m.group == "elderly_alone" and m.period[1] is None}
    assert alone == recorded


def test_same_seed_same_street() -> None:
    one = make(seed=7, on=ON, communities=1, homes=80)
    other = make(seed=7, on=ON, communities=1, homes=80)
    third = make(seed=8, on=ON, communities=1, homes=80)

    def told(street: Street) -> list[tuple[object, ...]]:
        return [(p.id, p.name, p.id_number, p.phone, p.region, len(p.residences)) for p in street.people]

    assert told(one) == told(other)
    assert told(one) != told(third)


def test_numbers_are_never_given_twice() -> None:
    from random import Random

    numbers = Numbers(Random(1))
    given_out = [numbers.citizen("110119", date(1980, 1, 1), "1") for _ in range(150)]
    assert len(set(given_out)) == 150
    assert all(number.startswith("110229") for number in given_out)
    assert numbers.citizen("110119", date(2020, 1, 1), "2").startswith("110119")


def test_a_crowded_day_uses_all_its_numbers_and_then_says_so() -> None:
    from random import Random

    numbers = Numbers(Random(1))
    given_out = {numbers.citizen("130730", date(1980, 1, 1), "2") for _ in range(450)}
    assert len(given_out) == 450
    with pytest.raises(ValueError, match="no number left"):
        _ = [numbers.citizen("130730", date(1980, 1, 1), "2") for _ in range(51)]


def test_totals_follow_the_study() -> None:
    street = whole()
    counts = summarise(street, 0).counts
    assert counts["buildings"] == 302
    assert counts["residents"] == 45_000
    assert abs(counts["households"] - 15_000) <= 300
    assert counts["party"] == 1_687
    assert counts["units"] == 99
    assert abs(counts["women"] - 13_000) <= 400
    assert counts["age_4050"] > 200
    assert {g.region[:12] for g in street.grids} == {STREET + suffix for suffix in COMMUNITIES}
    per_community = Counter(g.region[:12] for g in street.grids)
    assert set(per_community.values()) <= {3, 4, 5}
    party = Counter(
        m.person.region[9:12] for m in street.memberships if m.group == "party" and not m.period[1]
    )
    assert party["011"] == 438
    assert sum(1 for count in party.values() if count > 100) == 8
    assert sum(1 for count in party.values() if count > 150) == 3


def test_the_street_is_a_small_county_town() -> None:
    street = whole()
    here = [p for p in street.people if (r := p.at("living", ON)) is not None and r.home is not None]
    share = Counter(p.standing for p in here)
    old = sum(1 for p in here if p.age(ON) >= 60) / len(here)
    assert 0.17 < old < 0.23
    assert 0.10 < share["floating"] / len(here) < 0.22
    assert 0.48 < sum(1 for p in here if p.sex == "2") / len(here) < 0.53
    living = [h for h in street.homes if h.use == "living"]
    assert 0.06 < sum(1 for h in living if not h.families) / len(living) < 0.12
    assert 0.09 < sum(1 for h in living if h.tenure == "let") / len(living) < 0.16
    assert {p.standing for p in street.people} == {
        "registered", "here_only", "hukou_only", "floating", "newcomer", "gone", "dead",
    }  # fmt: skip
    moved = sum(
        1 for p in here if len([r for r in p.residences if r.kind == "living" and r.home is not None]) > 1
    )
    assert moved > 500


def test_some_facts_are_missing_as_in_every_base() -> None:
    adults = [p for p in whole().people if p.death is None and 18 <= p.age(ON) < 80]
    without_phone = sum(1 for p in adults if not p.phone) / len(adults)
    without_schooling = sum(1 for p in adults if not p.education) / len(adults)
    assert 0.02 < without_phone < 0.05
    assert 0.03 < without_schooling < 0.08


@pytest.mark.parametrize("group", ["disabled", "low_income", "low_income_edge", "destitute", "orphan", "veteran", "entitled",
    "unemployed", "age_4050", "volunteer", "representative", "group_leader", "door_head", "bereaved", "home_care",
    "old_age_allowance", "elderly_alone", "empty_nest", "party", "aided", "left_behind_child", "hard_to_employ"])  # fmt: skip
def test_every_group_has_members(group: str) -> None:
    assert any(m.group == group and m.period[1] is None for m in whole().memberships)


def test_representatives_and_group_leaders_are_one_for_so_many_households() -> None:
    street = whole()
    households = len({m.household.id for m in street.members if m.period[1] is None})
    current = Counter(m.group for m in street.memberships if m.period[1] is None)
    assert 20 <= households / current["representative"] <= 50
    assert 40 <= households / current["group_leader"] <= 60

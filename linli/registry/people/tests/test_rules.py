"""The rules of a life and of a family, without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.registry.people.rules import details, family, spells
from linli.registry.people.rules.family import HEAD, Member
from linli.registry.people.rules.spells import Spell

TODAY = date(2026, 11, 22)
DAYS = st.dates(date(1950, 1, 1), date(2026, 11, 22))


def span(a: date, b: date | None) -> Spell:
    return Spell(a, b)


class TestSpells:
    def test_a_spell_holds_from_its_first_day_to_the_day_before_its_last(self) -> None:
        spell = Spell(date(2020, 1, 1), date(2020, 1, 3))
        assert [spell.covers(date(2020, 1, day)) for day in (1, 2, 3)] == [True, True, False]

    @given(DAYS, DAYS, DAYS, DAYS)
    def test_overlap_means_a_common_day(self, a: date, b: date, c: date, d: date) -> None:
        one, two = Spell(min(a, b), max(a, b)), Spell(min(c, d), max(c, d))
        common = max(one.since, two.since) < min(one.until, two.until)
        if one.since < one.until and two.since < two.until:
            assert one.overlaps(two) == two.overlaps(one) == common

    def test_spells_that_touch_do_not_overlap(self) -> None:
        assert not Spell(None, TODAY).overlaps(Spell(TODAY))
        assert Spell(None).overlaps(Spell(TODAY))

    def test_ending_on_the_first_day_is_refused_and_says_what_to_do(self) -> None:
        assert "更正" in spells.end_problem("现居住", Spell(TODAY), TODAY)
        assert spells.end_problem("现居住", Spell(None), TODAY) == ""

    def test_nothing_happens_before_birth_after_death_or_tomorrow(self) -> None:
        life = {"born": date(1950, 1, 1), "died": date(2020, 5, 5), "today": TODAY}
        assert "早于出生" in spells.day_problem("迁入", date(1949, 12, 31), **life)
        assert "晚于去世" in spells.day_problem("迁入", date(2020, 5, 6), **life)
        assert "还没有到" in spells.day_problem("迁入", date(2026, 11, 23), **life)
        assert spells.day_problem("迁入", date(1950, 1, 1), **life) == ""
        assert spells.day_problem("迁入", None, **life) == ""

    @given(DAYS, DAYS)
    def test_who_dies_on_the_day_of_moving_in_has_lived_there_a_day(self, since: date, died: date) -> None:
        if died >= since:
            assert spells.span_problem(Spell(since, spells.closing_day(Spell(since), died))) == ""


class TestDetails:
    def test_names_are_brought_into_one_shape(self) -> None:
        assert details.clean_name(" 王 秀英 ") == "王秀英"
        assert details.clean_name("买买提•吐尔逊") == "买买提·吐尔逊"
        assert details.clean_name("John  Smith") == "John Smith"

    @pytest.mark.parametrize("name", ["", "  ", "王3", "王秀英；李四", "王" * 51])
    def test_what_is_no_name_is_refused(self, name: str) -> None:
        with pytest.raises(details.Wrong):
            details.clean_name(name)

    def test_a_citizen_number_says_sex_and_birth_date(self) -> None:
        identity = details.read_identity("", "11010519491231002x", on=TODAY)
        assert (identity.kind, identity.number) == ("01", "11010519491231002X")
        assert details.agree(identity, sex="", born=None) == ("2", date(1949, 12, 31))
        with pytest.raises(details.Wrong) as wrong:
            details.agree(identity, sex="1", born=None)
        assert wrong.value.field == "sex"
        with pytest.raises(details.Wrong) as wrong:
            details.agree(identity, sex="", born=date(1949, 12, 30))
        assert wrong.value.field == "birth_date"

    def test_a_passport_is_kept_as_it_is(self) -> None:
        assert details.read_identity("03", "e1234 5678", on=TODAY).number == "E12345678"


HUSBAND = Member(1, HEAD, "1", date(1960, 1, 1))
WIFE = Member(2, "12", "2", date(1962, 1, 1))
SON = Member(3, "21", "1", date(1988, 1, 1))
DAUGHTER_IN_LAW = Member(4, "38", "2", date(1989, 1, 1))
GRANDSON = Member(5, "41", "1", date(2015, 1, 1))
MOTHER = Member(6, "52", "2", date(1938, 1, 1))
NANNY = Member(7, "99", "2", date(1975, 1, 1))
ALL = [HUSBAND, WIFE, SON, DAUGHTER_IN_LAW, GRANDSON, MOTHER, NANNY]


class TestFamily:
    @pytest.mark.parametrize(
        ("new", "expected"),
        [
            (WIFE, {1: "11", 2: "02", 3: "21", 4: "38", 5: "41", 6: "54", 7: "99"}),
            (SON, {1: "51", 2: "52", 3: "02", 4: "12", 5: "20", 6: "62", 7: "99"}),
            (DAUGHTER_IN_LAW, {1: "53", 2: "54", 3: "11", 4: "02", 5: "20", 6: "97", 7: "99"}),
            (MOTHER, {1: "20", 2: "38", 3: "41", 4: "97", 5: "97", 6: "02", 7: "99"}),
            (GRANDSON, {1: "61", 2: "62", 3: "51", 4: "52", 5: "02", 6: "97", 7: "99"}),
        ],
    )
    def test_relations_are_said_anew(self, new: Member, expected: dict[int, str]) -> None:
        assert family.relations_to(new.person_id, ALL) == expected

    def test_two_sons_make_in_laws_uncertain(self) -> None:
        other = Member(8, "23", "1", date(1990, 1, 1))
        said = family.relations_to(3, [*ALL, other])
        assert said[8] == "73"
        assert said[4] == said[5] == "97"

    def test_a_stranger_to_the_household_cannot_be_its_head(self) -> None:
        with pytest.raises(ValueError):
            family.relations_to(99, ALL)

    @given(st.sampled_from(ALL), st.sets(st.sampled_from(ALL)))
    def test_there_is_always_exactly_one_head(self, new: Member, others: set[Member]) -> None:
        members = sorted({new, *others, HUSBAND}, key=lambda one: one.person_id)
        said = family.relations_to(new.person_id, members)
        assert [person for person, code in said.items() if code == HEAD] == [new.person_id]
        assert family.head_problem(list(said.values())) == ""
        assert all(family.relation_problem(code) == "" for code in said.values())

    def test_husband_and_wife_there_and_back_again(self) -> None:
        members = [HUSBAND, WIFE, SON, GRANDSON, NANNY]
        said = family.relations_to(2, members)
        there = [Member(m.person_id, said[m.person_id], m.sex, m.born) for m in members]
        assert family.relations_to(1, there) == {m.person_id: m.relation for m in members}

    def test_the_spouse_follows_then_the_eldest_grown_up(self) -> None:
        assert family.successor(ALL, TODAY) == WIFE
        assert family.successor([HUSBAND, SON, GRANDSON, NANNY], TODAY) == SON
        assert family.successor([HUSBAND, GRANDSON], TODAY) == GRANDSON
        assert family.successor([HUSBAND], TODAY) is None

    def test_no_head_and_two_heads_are_refused(self) -> None:
        assert "必须有" in family.head_problem(["12", "20"])
        assert "只能有" in family.head_problem([HEAD, HEAD])
        assert family.head_problem([]) == ""

    def test_odd_relations_are_pointed_out(self) -> None:
        assert family.relation_warnings(HUSBAND, WIFE, TODAY) == []
        assert family.relation_warnings(HUSBAND, Member(9, "12", "1"), TODAY) == [
            "性别与关系“妻”不符，请核对。"
        ]
        assert (
            "只差 2 岁" in family.relation_warnings(HUSBAND, Member(9, "20", "1", date(1962, 1, 1)), TODAY)[0]
        )
        assert (
            "户主只有 11 岁"
            in family.relation_warnings(GRANDSON, Member(5, HEAD, "1", GRANDSON.born), TODAY)[0]
        )

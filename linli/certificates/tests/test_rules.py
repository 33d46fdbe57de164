"""Wording, numbers, finding: without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.certificates.carried.allowed import ALLOWED
from linli.certificates.carried.not_allowed import OFFICES, TWENTY
from linli.certificates.rules import finding, numbers, wording
from linli.certificates.rules.wording import Fact

NAMES = [finding.Named(n, one.title, one.also) for n, one in enumerate((*ALLOWED, *TWENTY))]
TITLES = [one.title for one in NAMES]


def test_the_twenty_are_the_twenty_of_the_notice() -> None:
    assert [one.title for one in TWENTY] == [
        "亲属关系证明",
        "居民身份信息证明",
        "户口登记项目内容变更申请证明",
        "居民养犬证明",
        "无犯罪记录证明",
        "社区戒毒社区康复人员情况证明",
        "人员失踪证明",
        "婚姻状况证明",
        "出生证明",
        "健在证明",
        "死亡证明",
        "疾病状况证明",
        "残疾状况证明",
        "婚育状况证明",
        "居民就业状况证明",
        "居民个人档案证明",
        "居民财产证明",
        "遗产继承权证明",
        "市场主体住所证明",
        "证件遗失证明",
    ]
    for one in TWENTY:
        assert one.instead
        assert one.bring
        assert one.basis
        assert set(one.offices) <= set(OFFICES)


def test_what_is_carried_can_be_published() -> None:
    for one in ALLOWED:
        assert wording.problems(one.wording, [asked.key for asked in one.inputs]) == [], one.title
        assert set(one.conditions) <= set(wording.CONDITIONS)
        assert set(one.askers) <= set(wording.ASKERS)
    codes = [one.code for one in (*ALLOWED, *TWENTY)]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("居住证明", "居住情况证明"),
        ("开个居住证明", "居住情况证明"),
        ("亲属关系证明", "亲属关系证明"),
        ("亲属关系", "亲属关系证明"),
        ("证明母女关系", "亲属关系证明"),
        ("无犯罪记录证明", "无犯罪记录证明"),
        ("无犯罪记录", "无犯罪记录证明"),
        ("活着证明", "健在证明"),
        ("单身证明", "婚姻状况证明"),
        ("房产证明", "居民财产证明"),
        ("养狗", "居民养犬证明"),
        ("公民代理推荐信", "诉讼代理人推荐证明"),
        ("身份证丢了", "证件遗失证明"),
    ],
)
def test_people_find_what_they_call_by_another_name(said: str, title: str) -> None:
    assert TITLES[finding.find(said, NAMES)[0]] == title


def test_every_name_and_synonym_finds_its_own_first() -> None:
    wrong = [
        (name, TITLES[found[0]] if found else None)
        for one in NAMES
        for name in (one.title, *one.also)
        if not (found := finding.find(name, NAMES)) or found[0] != one.key
    ]
    assert wrong == []


def test_what_nobody_knows_finds_nothing() -> None:
    assert finding.find("菜刀实名购买", NAMES) == []


FACTS = {
    "姓名": Fact("姓名", "王建国"),
    "现住址": Fact("现住址", "新兴小区1号楼101室"),
    "入住日期": Fact("入住日期", "", "people:correct_living", "没有登记从哪天起住在这里。"),
}


def test_wording_is_filled_from_facts_and_answers() -> None:
    text = wording.fill("{姓名}住在{现住址}，{法院}。", FACTS, {"法院": "延庆区人民法院"})
    assert text == "王建国住在新兴小区1号楼101室，延庆区人民法院。"


def test_an_answer_cannot_fill_a_place_of_the_base() -> None:
    assert wording.problems("{姓名}", ["姓名"]) != []


def test_missing_facts_and_failed_conditions_stand_in_the_way() -> None:
    found = wording.obstacles(
        "{姓名}自{入住日期}起",
        ["alive", "lives_here"],
        FACTS,
        {"alive": True},
        {"lives_here": "people:move_in"},
    )
    assert [one.fix for one in found] == ["people:move_in", "people:correct_living"]
    with pytest.raises(KeyError):
        wording.fill("{入住日期}", FACTS, {})


@pytest.mark.parametrize("template", ["", "{姓名", "姓名}", "{没有的}", "{{姓名}}"])
def test_bad_templates_are_told(template: str) -> None:
    assert wording.problems(template, [])


def test_names_and_numbers_are_masked() -> None:
    assert numbers.masked_name("王建国") == "王*国"
    assert numbers.masked_name("李娜") == "李*"
    assert numbers.masked_name("欧阳娜娜") == "欧**娜"
    assert numbers.masked_name("买买提·吐尔逊").count("*") == 5
    assert numbers.last_four("11010519491231002X") == "002X"
    assert numbers.last_four("1234") == ""


@given(st.text(min_size=2, max_size=8))
def test_a_masked_name_shows_at_most_two_letters(name: str) -> None:
    kept = name.strip()
    shown = numbers.masked_name(name)
    assert len(shown) == len(kept)
    assert sum(one != "*" for one in shown) <= 2


def test_numbers_are_the_same_however_brackets_are_typed() -> None:
    text = numbers.number_text("东外社区", "证", 2026, 12)
    assert text == "东外社区证字〔2026〕第0012号"
    for typed in ("东外社区证字[2026]第12号", "东外社区证字（2026）第 0012 号", "东外社区证2026-12"):
        assert numbers.plain_number(typed) == numbers.plain_number(text)
    assert numbers.plain_number("东外社区证字〔2026〕第0112号") != numbers.plain_number(text)
    assert numbers.plain_number("东外社区不予字〔2026〕第0012号") != numbers.plain_number(text)


def test_validity_counts_the_day_of_issue() -> None:
    until = numbers.valid_until(date(2026, 11, 1), 30)
    assert until == date(2026, 11, 30)
    assert numbers.standing(withdrawn=False, until=until, on=date(2026, 11, 30)) == "valid"
    assert numbers.standing(withdrawn=False, until=until, on=date(2026, 12, 1)) == "expired"
    assert numbers.standing(withdrawn=True, until=until, on=date(2026, 12, 1)) == "withdrawn"
    assert numbers.valid_until(date(2026, 11, 1), None) is None


def test_tokens_are_long_and_differ() -> None:
    made = {numbers.token() for _ in range(500)}
    assert len(made) == 500
    assert all(len(one) == numbers.TOKEN_LENGTH and one.isalnum() for one in made)

"""The weights of matching, and the threshold between "look at this" and "leave it", over made-up pairs."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from linli.kernel import hanzi
from linli.kernel.citizen_number import checksum
from linli.registry.matching import rules
from linli.registry.matching.rules import Firm, Held, Party

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = (
    "秀英",
    "建国",
    "桂兰",
    "志强",
    "玉梅",
    "雨桐",
    "浩然",
    "淑珍",
    "德海",
    "晓雯",
    "伟",
    "静",
    "丽",
    "磊",
)


def number_of(born: date, sex: str, serial: int, county: str = "110119") -> str:
    middle = (serial * 2 + (1 if sex == "1" else 0)) % 1000
    first = f"{county}{born:%Y%m%d}{middle:03d}"
    return first + checksum(first)


def somebody(rng: random.Random, **more: Any) -> Party:
    name = rng.choice(SURNAMES) + rng.choice(GIVEN)
    born = date(1930, 1, 1) + timedelta(days=rng.randrange(33_000))
    sex = rng.choice("12")
    county = rng.choice(("110119", "110119", "130730", "412701"))
    values: dict[str, Any] = {
        "name": name,
        "sound": hanzi.name_pinyin(name),
        "sex": sex,
        "born": born,
        "number": number_of(born, sex, rng.randrange(500), county),
        "phone": f"13{rng.randrange(10**9):09d}",
        "homes": frozenset({rng.randrange(100_000)}),
        "buildings": frozenset({rng.randrange(5_000)}),
    }
    return Party(**(values | more))


def changed(one: Party, **more: Any) -> Party:
    found = {name: getattr(one, name) for name in Party.__dataclass_fields__} | more
    if "name" in more:
        found["sound"] = hanzi.name_pinyin(more["name"])
    return Party(**found)


def slipped(rng: random.Random, number: str) -> str:
    """A number typed wrong: one digit, or two neighbours exchanged, before the check character."""
    at = rng.randrange(6, 16)
    if rng.random() < 0.5:
        wrong = str((int(number[at]) + rng.randrange(1, 10)) % 10)
        return number[:at] + wrong + number[at + 1 :]
    if number[at] == number[at + 1]:
        return number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def same_person_twice(rng: random.Random) -> tuple[Party, Party]:
    """One human being registered twice, in the ways it happens at a counter."""
    one = somebody(rng)
    elsewhere = frozenset({rng.randrange(100_000)})
    kind = rng.randrange(6)
    if kind == 0:  # no number taken down, another home
        return one, changed(one, number="", homes=elsewhere, phone="")
    if kind == 1:  # the number typed wrong
        return one, changed(one, number=slipped(rng, one.number), homes=elsewhere)
    if kind == 2:  # by ear, in the same home
        alike = {"静": "婧", "伟": "玮", "丽": "莉", "磊": "雷"}
        name = one.name[0] + rng.choice(tuple(alike))
        first = changed(one, name=name, number="")
        return first, changed(first, name=name[0] + alike[name[1]])
    if kind == 3:  # old number of fifteen digits
        born = date(1950, 1, 1) + timedelta(days=rng.randrange(15_000))
        new = number_of(born, one.sex, rng.randrange(500))
        first = changed(one, number=new, born=born)
        return first, changed(first, number=new[:6] + new[8:17], homes=elsewhere)
    if kind == 4:  # day of birth not known, same home
        return one, changed(one, number="", born=None)
    return one, changed(one, number="", born=None, homes=elsewhere)  # name and phone only


def two_people(rng: random.Random) -> tuple[Party, Party]:
    """Two human beings who look alike."""
    one = somebody(rng)
    kind = rng.randrange(6)
    if kind == 0:  # twins in one home
        name = one.name[0] + rng.choice([g for g in GIVEN if g != one.name[1:]])
        serial = (int(one.number[14:17]) + 2) % 1000
        first = f"{one.number[:14]}{serial:03d}"
        return one, changed(one, name=name, number=first + checksum(first))
    if kind == 1:  # father and son of one name, one telephone
        born = (one.born or date(1960, 1, 1)) + timedelta(days=9_000)
        return one, changed(one, born=born, number=number_of(born, "1", 33))
    if kind == 2:  # namesakes born on one day, both with numbers
        other = number_of(one.born or date.today(), one.sex, 77, "320105")
        return one, changed(one, number=other, phone="", homes=frozenset({-1}), buildings=frozenset({-1}))
    if kind == 3:  # husband and wife: one telephone, one home
        return one, somebody(rng, phone=one.phone, homes=one.homes, buildings=one.buildings)
    if kind == 4:  # namesakes without numbers in different places, other days of birth
        return changed(one, number=""), changed(
            somebody(rng), name=one.name, number="", phone="", sex=one.sex
        )
    return one, somebody(rng)


def test_the_threshold_separates_the_pairs_it_was_set_on() -> None:
    rng = random.Random(20261126)
    pairs = [(*same_person_twice(rng), True) for _ in range(1_500)]
    pairs += [(*two_people(rng), False) for _ in range(1_500)]
    found = rules.measure(pairs, rules.POSSIBLE)
    assert found.recall >= 0.99, found.notes[:5]
    assert found.precision >= 0.99, found.notes[:5]
    sure = rules.measure(pairs, rules.SURE)
    assert sure.false_alarms == 0, sure.notes[:5]


def test_a_score_is_the_sum_of_what_it_says() -> None:
    rng = random.Random(1)
    for _ in range(200):
        one, other = (same_person_twice if rng.random() < 0.5 else two_people)(rng)
        reasons = rules.compare(one, other)
        assert rules.total(reasons) == max(0, min(100, sum(r.points for r in reasons)))
        assert all(r.said for r in reasons)
        assert sorted(rules.compare(other, one)) == sorted(reasons) or len(reasons) == len(
            rules.compare(other, one)
        )
        assert rules.total(rules.compare(other, one)) == rules.total(reasons)


@pytest.mark.parametrize(
    ("left", "right", "said"),
    [
        ("110119196005060015", "110119196005060015", ""),
        ("110119196005060015", "110119196005061015", "只有第 15 位不同"),
        ("110119196005060015", "110119196050060015", "第 11、12 位颠倒"),
        ("110119196005060015", "110119196005060016", "只有校验位不同"),
        ("110119196005060015", "130119197005060015", ""),
        ("E12345678", "110119196005060015", ""),
    ],
)
def test_slips_of_the_pen(left: str, right: str, said: str) -> None:
    assert rules.slip(left, right) == said


def test_old_numbers_are_brought_up_to_date() -> None:
    new = number_of(date(1960, 5, 6), "1", 7)
    assert rules.modern(new[:6] + new[8:17]) == new
    assert rules.modern("110119991332001") == "110119991332001"  # no such day


def test_organisations_with_one_bare_name_need_a_place_or_telephone_as_well() -> None:
    one = Firm("延庆区妫川便利店", "shop", phone="13910018017", home=5)
    assert (
        rules.total(rules.compare_firms(one, Firm("妫川便利店", "shop", phone="13910018017")))
        >= rules.POSSIBLE
    )
    assert rules.total(rules.compare_firms(one, Firm("妫川便利店", "shop"))) < rules.POSSIBLE
    assert rules.bare_name("北京市延庆区妫川商贸有限责任公司") == "妫川商贸"
    branch = Firm("安居物业", "property", credit_code="91110229MA01ABCDE4", phone="1", home=5)
    other = Firm("安居物业", "property", credit_code="91110105MA0199XYZ1", phone="1", home=5)
    assert rules.total(rules.compare_firms(branch, other)) < rules.POSSIBLE


def test_the_value_to_keep_is_the_reliable_and_then_the_newer() -> None:
    old, new = date(2020, 1, 1), date(2026, 1, 1)
    assert rules.propose(Held("甲", on=old), Held("乙", on=new)) == "right"
    assert rules.propose(Held("甲", rank=4, on=old), Held("乙", rank=1, on=new)) == "left"
    assert rules.propose(Held("", on=new), Held("乙", on=old)) == "right"
    assert rules.propose(Held("甲", on=new), Held("0", on=new)) == "left"


def test_the_smallest_common_region() -> None:
    lengths = (2, 4, 6, 9, 12, 15)
    assert rules.common_region("110119002001001", "110119002001002", lengths) == "110119002001"
    assert rules.common_region("110119002001", "110119002002", lengths) == "110119002"
    assert rules.common_region("110119002001", "130730", lengths) == ""

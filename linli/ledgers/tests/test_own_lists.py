"""A form's own lists of codes: legends, what its codes mean, and what is written for each of our values."""

from __future__ import annotations

import pytest

from linli.facts.dictionary import Element, Kind
from linli.kernel import codes
from linli.ledgers.meaning import own_lists
from linli.ledgers.meaning.manner import yes_no

POLITICAL = next(one for one in vars(codes).values() if getattr(one, "key", "") == "political")
PARTY = Element("political", "政治面貌", kind=Kind.CODE, codes=POLITICAL)
AIDED = Element("aided", "是否享受低保", kind=Kind.BOOLEAN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("政治面貌（1.党员 2.团员 3.群众）", [{"1": "党员", "2": "团员", "3": "群众"}]),
        ("政治面貌：1党员2团员3群众", [{"1": "党员", "2": "团员", "3": "群众"}]),
        ("填写说明：A 享受 B 未享受", [{"A": "享受", "B": "未享受"}]),
        ("0-否，1-是", [{"0": "否", "1": "是"}]),
        ("1=未婚；2=已婚；9=其他。", [{"1": "未婚", "2": "已婚", "9": "其他"}]),
        ("填表说明：1.本台账由社区填写，一人一行；2.联系电话填写本人手机。", []),
        ("1-2人 3-5人", []),
        ("60岁以上 61岁", []),
        ("面积1室2厅", []),
    ],
)
def test_legends_are_told_from_numbered_sentences(text: str, expected: list[dict[str, str]]) -> None:
    assert [said for _start, _stop, said in own_lists.legends(text)] == expected


def test_a_heading_stays_without_its_legend() -> None:
    assert own_lists.legend_in("政治面貌（1.党员 2.团员 3.群众）")[1] == "政治面貌"
    assert own_lists.legend_in("联系电话") == ({}, "联系电话")


def test_a_legend_of_the_instructions_belongs_to_the_heading_before_it() -> None:
    told = "婚姻状况：1=未婚，2=已婚；政治面貌：1.党员 2.群众\n“文化程度”栏填代码：1.初中 2.高中"
    assert own_lists.legend_of("政治面貌", told) == {"1": "党员", "2": "群众"}
    assert own_lists.legend_of("文化程度", told) == {"1": "初中", "2": "高中"}
    assert own_lists.legend_of("民族", told) == {}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("未参保", "已参保"), ("已参保", "未参保")),
        (("享受", "未享受"), ("享受", "未享受")),
        (("无", "有"), ("有", "无")),
        (("男", "女"), None),
        (("未婚", "已婚"), ("已婚", "未婚")),
        (("是", "否", "不详"), None),
    ],
)
def test_which_word_says_yes(words: tuple[str, ...], expected: tuple[str, str] | None) -> None:
    assert yes_no(words) == expected


def test_codes_in_front_of_options_are_no_part_of_what_they_mean() -> None:
    assert own_lists.meanings(["A 享受", "B 未享受"], {}) == {"A 享受": "享受", "B 未享受": "未享受"}
    assert own_lists.meanings(["1级", "2级"], {}) == {"1级": "1级", "2级": "2级"}
    assert own_lists.meanings([], {"1": "党员"}) == {"1": "党员"}


def test_names_tell_what_they_can_and_nothing_more() -> None:
    told = own_lists.counterparts(PARTY, (), {"1": "党员", "2": "团员", "3": "群众"}, {})
    named = {POLITICAL.label(code): word for code, word in told.items() if word}
    assert named == {POLITICAL.label("01"): "1", POLITICAL.label("03"): "2", POLITICAL.label("13"): "3"}
    assert own_lists.counterparts(AIDED, ("A 享受", "B 未享受"), {}, {}) == {"1": "A 享受", "0": "B 未享受"}
    assert set(own_lists.counterparts(PARTY, ("甲类", "乙类"), {}, {}).values()) == {""}


def test_what_was_decided_is_read_back() -> None:
    values = {"01": "甲", "02": "甲", "13": "丙", own_lists.REST: "乙"}
    every = [item.code for item in POLITICAL]
    assert own_lists.decided(values, "13") == "丙"
    assert own_lists.decided(values, "05") == "乙"
    assert own_lists.meant_by("丙", values, {}, every) == ["13"]
    assert own_lists.meant_by("甲", values, {}, every) == ["01", "02"]
    assert "05" in own_lists.meant_by("乙", values, {}, every)
    assert own_lists.meant_by("丁", values, {}, every) == []
    assert own_lists.meant_by("党员", {"01": "1"}, {"1": "党员"}, every) == ["01"]

"""Plans as plain data: one community for every building, edits, problems, words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.registry.adjustment.norms import Measured, Rule, applied, chosen, judge, share_out, staff_needed
from linli.registry.adjustment.rules import (
    Base,
    Block,
    Community,
    Draft,
    Refused,
    Size,
    cut_estates,
    explain,
    problems,
    sizes,
    tidied,
)

A, B, C = "110119002001", "110119002002", "110119002003"


def base() -> Base:
    """Three communities; two estates in the first, one in each other, three buildings of 100 households each."""
    communities = {A: Community(A, "东外社区"), B: Community(B, "川北社区"), C: Community(C, "高塔社区")}
    blocks = {}
    for number, (community, estate, name) in enumerate(
        [(A, 1, "东外小区"), (A, 2, "东外南区"), (B, 3, "川北小区"), (C, 4, "高塔小区")]
    ):
        for n in range(1, 4):
            pk = number * 3 + n
            blocks[pk] = Block(pk, community, estate, name, f"{n}号楼", 100, 280, 110, n)
    return Base(communities, blocks)


def test_a_plan_says_only_what_changes() -> None:
    draft = Draft().move(base(), [1, 2], B)
    assert draft.changes(base()) == {1: B, 2: B}
    assert draft.move(base(), [1, 2], A).is_empty
    with pytest.raises(Refused, match="已经在东外社区"):
        Draft().move(base(), [1], A)
    with pytest.raises(Refused, match="请先选择"):
        draft.move(base(), [99], B)


def test_a_community_that_is_gone_is_told_in_words_and_tidied_away() -> None:
    draft = Draft().merge(base(), A, B)
    later = base()
    without = Base(
        {key: one for key, one in later.communities.items() if key != A},
        {
            pk: replace(block, community=B if block.community == A else block.community)
            for pk, block in later.blocks.items()
        },
    )
    said = [problem.text for problem in problems(draft, without)]
    assert any("1 个已经不是现行社区" in text for text in said)
    assert not any(A in text for text in said)
    assert tidied(draft, without).is_empty


def test_a_merger_takes_along_what_is_not_moved_elsewhere() -> None:
    draft = Draft().move(base(), [4, 5, 6], C).merge(base(), A, B)
    goes = draft.assignment(base())
    assert {goes[1], goes[2], goes[3]} == {B}
    assert {goes[4], goes[5], goes[6]} == {C}
    assert sizes(base(), goes) == {B: Size(6, 600, 1680, 660), C: Size(6, 600, 1680, 660)}
    with pytest.raises(Refused, match="保留或新设"):
        draft.move(base(), [7], A)
    again = draft.merge(base(), B, C)
    assert set(again.assignment(base()).values()) == {C}
    assert again.merged == {A: C, B: C}
    assert draft.restore(A).assignment(base())[1] == A


def test_a_split_has_a_name_and_a_code_of_its_own() -> None:
    draft = Draft().split(base(), [1, 2, 3], "东外南社区", "110119002050")
    assert draft.assignment(base())[1] == "new1"
    assert not [p for p in problems(draft, base()) if p.grave]
    for name, code, said in (
        ("川北社区", "", "已有"),
        ("", "", "请填写"),
        ("新社区", "1101190020", "12 位"),
        ("新社区", B, "已有社区使用"),
        ("新社区", "110119002300", "001 至 199"),
    ):
        with pytest.raises(Refused, match=said):
            draft.found(base(), name, code)
    assert draft.rename(base(), "new1", "东外新社区", "").founded[0].name == "东外新社区"
    assert draft.drop("new1").is_empty


def test_problems_are_told() -> None:
    empty = Draft().found(base(), "空社区")[0]
    assert any("没有楼栋" in p.text for p in problems(empty, base()))
    bare = Draft().move(base(), [7, 8, 9], C)
    assert any("川北社区没有楼栋" in p.text for p in problems(bare, base()))
    now = base()
    moved = Base(now.communities, {**now.blocks, 1: Block(1, C, 1, "东外小区", "1号楼", 100)})
    drifted = Draft().move(now, [1], B)
    assert any("换了社区" in p.text for p in problems(drifted, moved))
    assert not [p for p in problems(tidied(drifted, moved), moved) if p.grave]
    stray = Base(now.communities, {**now.blocks, 50: Block(50, "", 9, "新楼盘", "1号楼")})
    assert any("不属于任何现行社区" in p.text for p in problems(Draft(), stray))


def test_a_plan_in_words() -> None:
    draft = Draft().move(base(), [4, 5, 6], C).move(base(), [1], B)
    assert explain(draft, base()) == [
        "东外小区（1号楼） 1 栋、100 户由东外社区划入川北社区。",
        "东外南区 3 栋、300 户由东外社区划入高塔社区。",
    ]
    assert cut_estates(base(), draft.assignment(base())) == {1: {A, B}}


EDIT = st.one_of(
    st.tuples(st.just("move"), st.lists(st.integers(1, 12), min_size=1, max_size=5), st.integers(0, 4)),
    st.tuples(st.just("merge"), st.integers(0, 2), st.integers(0, 4)),
    st.tuples(st.just("split"), st.lists(st.integers(1, 12), min_size=1, max_size=5), st.integers(0, 99)),
    st.tuples(st.just("keep"), st.integers(0, 4), st.just(0)),
)


@given(st.lists(EDIT, max_size=8))
def test_whatever_is_edited_every_building_has_one_community_that_stays(edits: list) -> None:
    now, draft = base(), Draft()
    for kind, first, second in edits:
        keys = list(draft.communities(now))
        try:
            if kind == "move":
                draft = draft.move(now, first, keys[second % len(keys)])
            elif kind == "merge":
                draft = draft.merge(now, keys[first], keys[second % len(keys)])
            elif kind == "split":
                draft = draft.split(now, first, f"第{second}社区")
            else:
                key = keys[first % len(keys)]
                draft = draft.drop(key) if key.startswith("new") else draft.restore(key)
        except Refused:
            continue
        goes = draft.assignment(now)
        assert set(goes) == set(now.blocks)
        assert set(goes.values()) <= set(draft.staying(now))
        assert sum(sizes(now, goes).values(), Size()) == Size(12, 1200, 3360, 1320)
        assert Draft.from_json(draft.as_json()) == draft


# -- norms ---------------------------------------------------------------------------------------------------------

LAW = Rule("households", "", "法", low=Decimal(1000), high=Decimal(3000), pk=1)
CITY = Rule("households", "", "市", "1501", "呼和浩特市", Decimal(2400), Decimal(3600), pk=2)
STAFF = Rule("staff", "", "区", "330203", "海曙区", high=Decimal(250), pk=3)
LEAST = Rule("staff_least", "", "区", "330203", "海曙区", low=Decimal(6), below=1500, pk=4)


def test_sizes_against_a_norm() -> None:
    assert (judge(LAW, 887).tone, judge(LAW, 887).by) == ("low", 113)
    assert (judge(LAW, 3040).tone, judge(LAW, 3040).text) == ("high", "多 40 户")
    assert judge(LAW, 1000).tone == judge(LAW, 3000).tone == "ok"


def test_the_local_norm_comes_first_and_both_are_kept() -> None:
    from datetime import date

    here = applied([LAW, CITY, STAFF], "150102001", date(2026, 11, 26))
    assert [one.rule.pk for one in here["households"]] == [2, 1]
    there = applied([LAW, CITY, STAFF], "110119002", date(2026, 11, 26))
    assert [one.rule.pk for one in there["households"]] == [1]
    assert [(one.rule.pk, one.said) for one in there["staff"]] == [(3, "参照海曙区")]
    assert there["households"][0].said == "全国"


@pytest.mark.parametrize(
    ("households", "staff"), [(0, 6), (900, 6), (1499, 6), (1500, 6), (1501, 7), (3000, 12)]
)
def test_workers_for_so_many_households(households: int, staff: int) -> None:
    from datetime import date

    rules = chosen(applied([STAFF, LEAST], "330203", date(2026, 1, 1)))
    assert staff_needed(rules, households) == staff
    assert Measured.STAFF == "staff"


@given(
    st.dictionaries(st.sampled_from("abc"), st.decimals(0, 10**7, places=2), min_size=1),
    st.dictionaries(
        st.sampled_from("abc"), st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3000), min_size=1)
    ),
)
def test_money_that_follows_households_is_not_lost(due: dict, moved: dict) -> None:
    assert sum(share_out(due, moved).values()) == sum(due.values())

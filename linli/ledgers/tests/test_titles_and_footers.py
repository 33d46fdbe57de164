"""Whom a title means, and which rows close a list."""

from __future__ import annotations

import pytest

from linli.ledgers.actions import recognise_bytes, words
from linli.ledgers.measuring.made_up import build
from linli.ledgers.sheet.layout import is_footer
from linli.ledgers.tests.sheets import as_bytes, plain

HEADS = ["序号", "姓名", "性别", "身份证号", "出生日期"]


@pytest.mark.django_db
def test_a_title_that_narrows_further_is_asked_and_ages_are_read() -> None:
    build()
    terms = words()

    def listed(title: str) -> tuple[list[str], str, list[tuple[str, tuple[object, ...]]]]:
        made = recognise_bytes(as_bytes(plain(HEADS, title)), "表.xlsx", terms).population
        return sorted(made.conditions), made.doubt, made.filters

    assert listed("60周岁（含）以上老年人花名册")[:2] == (["aged_60"], "")
    assert listed("7周岁以下儿童健康管理花名册")[:2] == (["under_7"], "")
    assert listed("65-79岁老年人体检名单")[2] == [("age", tuple(range(65, 80)))]
    # Narrower than anything that is held: whoever fills says who is meant.
    assert listed("困难党员走访慰问名单")[:2] == (["in_party"], "困难")
    assert listed("18周岁男性公民兵役登记花名册")[1] == "18岁"
    assert listed("女党员名册")[1] == "女"
    # A wider age adds nothing to a narrower one; days of birth are read; who is told only by an age may be somebody special.
    assert listed("80周岁以上高龄老年人探访名单")[:2] == (["aged_80"], "")
    born = listed("1951年1月1日至1960年12月31日出生居民体检名单")
    assert born[1:] == ("", [("birth_date", ("1951-01-01", "1960-12-31"))])
    assert listed("2027年秋季小学一年级适龄儿童摸底表")[1:] == (
        "",
        [("birth_date", ("2020-09-01", "2021-08-31"))],
    )
    assert listed("18-22岁在校大学生名册")[1]
    assert listed("城乡居民基本医疗保险参保缴费登记表")[:2] == ([], "")
    assert listed("未参加城乡居民基本医疗保险人员花名册")[1]
    # Several groups beside each other may be any of them or all at once.
    assert listed("低保、特困人员花名册")[1]
    assert listed("城乡低保对象信息表")[:2] == (["in_low_income"], "")


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("合计", True),
        ("合  计（人）", True),
        ("填表人：", True),
        ("审核人　　　　", True),
        ("注：一式两份", True),
        ("审核意见", True),
        ("审核亮", False),
        ("合计庄12号", False),
        ("日期颐园小区", False),
        ("联系电话亭旁", False),
        ("制表厂宿舍", False),
    ],
)
def test_a_row_that_begins_like_a_footer_is_not_one(text: str, closes: bool) -> None:
    assert is_footer(text) is closes

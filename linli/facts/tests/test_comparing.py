"""Comparisons: values are checked against the element, said in Chinese, and never become SQL."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.facts import comparing
from linli.facts.comparing import BadComparison, Comparison
from linli.facts.dictionary import Element, Kind
from linli.kernel import codes

AGE = Element("age", "年龄", sql="{t}.age", kind=Kind.INTEGER, unit="岁")
BORN = Element("born", "出生日期", sql="{t}.born", kind=Kind.DATE)
SEX = Element("sex", "性别", sql="{t}.sex", kind=Kind.CODE, codes=codes.SEX)
NAME = Element("name", "姓名", sql="{t}.name")
NUMBER = Element("number", "号码", sql="{t}.number", decode=str)
YES = Element("yes", "是否", sql="{t}.yes", kind=Kind.BOOLEAN)
ALL = (AGE, BORN, SEX, NAME, NUMBER, YES)


def one(element: Element, operator: str, *values: str) -> Comparison:
    return Comparison(element.key, operator, values)


def test_values_are_read_as_the_element_has_them() -> None:
    assert comparing.parse(AGE, one(AGE, "between", "60", "")) == [Decimal(60), None]
    assert comparing.parse(BORN, one(BORN, "between", "2026-01-02", "2026-02-01"))[0] == date(2026, 1, 2)
    assert comparing.parse(SEX, one(SEX, "one_of", "1", "2")) == ["1", "2"]


@pytest.mark.parametrize(
    ("element", "wrong"),
    [
        (AGE, ("between", "", "")),
        (AGE, ("between", "many", "")),
        (AGE, ("between", "NaN", "")),
        (AGE, ("between", "9", "1")),
        (AGE, ("contains", "1")),
        (BORN, ("between", "2026-02-30", "")),
        (BORN, ("next_days", "-3")),
        (BORN, ("next_days", "٣")),
        (BORN, ("in_month", "13")),
        (SEX, ("one_of", "男")),
        (SEX, ("one_of",)),
        (NAME, ("contains", " ")),
        (NUMBER, ("is", "110119196005061342")),
        (NAME, ("'; --", "x")),
    ],
)
def test_what_is_no_value_is_refused_with_a_sentence(element: Element, wrong: tuple[str, ...]) -> None:
    with pytest.raises(BadComparison, match=r"[一-鿿].*[。]$"):
        comparing.parse(element, one(element, *wrong))


@given(st.sampled_from(ALL), st.data())
def test_what_is_typed_is_only_ever_a_parameter(element: Element, data: st.DataObject) -> None:
    operator = data.draw(st.sampled_from([*comparing.LABELS]))
    mark = "zq'\"%;--"
    values = data.draw(st.lists(st.sampled_from([mark, "1", "2026-01-02", "60", ""]), max_size=3))
    given_values: list[object] = []

    def give(value: object) -> str:
        given_values.append(value)
        return f"%(p{len(given_values)})s"

    try:
        sql = comparing.sql(element, "t0.x", Comparison(element.key, operator, tuple(values)), give)
    except BadComparison:
        return
    assert "zq" not in sql
    assert sql.count("%(") == len(given_values)


def test_comparisons_are_said() -> None:
    assert comparing.words(AGE, one(AGE, "between", "60", "79")) == "60–79岁"
    assert comparing.words(AGE, one(AGE, "between", "60", "")) == "60岁及以上"
    assert comparing.words(SEX, one(SEX, "one_of", "2")) == "是女"
    assert comparing.words(BORN, one(BORN, "next_days", "30")) == "在今后 30 天内"
    assert comparing.words(NAME, one(NAME, "contains", "王")) == "包含“王”"

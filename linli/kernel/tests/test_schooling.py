"""Grades follow from the stage, the year in which it was entered, and the day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import codes
from linli.kernel.schooling import GRADE, GRADES, grade_on, since_problem


@pytest.mark.parametrize(
    ("stage", "since", "on", "label"),
    [
        ("2", 2026, date(2026, 8, 31), ""),  # enters tomorrow
        ("2", 2026, date(2026, 9, 1), "一年级"),
        ("2", 2026, date(2027, 8, 31), "一年级"),
        ("2", 2021, date(2026, 11, 26), "六年级"),
        ("2", 2020, date(2026, 11, 26), ""),  # has gone on to another school
        ("3", 2024, date(2026, 11, 26), "初三"),
        ("4", 2025, date(2026, 3, 1), "高一"),
        ("1", 2026, date(2026, 9, 1), "小班"),
        ("7", 2023, date(2026, 9, 1), "大四"),
        ("2", None, date(2026, 9, 1), ""),
        ("", 2024, date(2026, 9, 1), ""),
    ],
)
def test_the_grade_on_a_day(stage: str, since: int | None, on: date, label: str) -> None:
    assert GRADE.label(grade_on(stage, since, on)) == label


def test_every_stage_has_its_grades_and_words_are_told_apart() -> None:
    assert set(GRADES) == {one.code for one in codes.SCHOOLING.items}
    for word, code in (
        ("七年级", "3-1"),
        ("3年级", "2-3"),
        ("小学三年级", "2-3"),
        ("高二年级", "4-2"),
        ("大一", "7-1"),
    ):
        assert GRADE.match(word) == code, word


@given(
    st.sampled_from(sorted(GRADES)),
    st.integers(1990, 2030),
    st.dates(date(1990, 1, 1), date(2040, 12, 31)),
)
def test_a_year_later_it_is_one_grade_more_or_over(stage: str, since: int, on: date) -> None:
    on = on.replace(day=min(on.day, 28))
    now, later = grade_on(stage, since, on), grade_on(stage, since, on.replace(year=on.year + 1))
    if now and later:
        assert int(later.split("-")[1]) == int(now.split("-")[1]) + 1
    if now and not later:
        assert int(now.split("-")[1]) == len(GRADES[stage])


@pytest.mark.parametrize(
    ("stage", "since", "born", "said"),
    [
        ("2", 2024, date(2018, 1, 1), ""),
        ("", None, None, ""),
        ("", 2024, None, "请选择就读学段"),
        ("2", 2027, None, "应在 1950 到 2026 之间"),
        ("1", 2024, date(2023, 5, 1), "不到 2 岁"),
    ],
)
def test_what_cannot_be_of_a_year_of_entering(
    stage: str, since: int | None, born: date | None, said: str
) -> None:
    found = since_problem(stage, since, born, date(2026, 11, 26))
    assert said in found
    assert bool(found) == bool(said)

"""Stages of school and the grades in them: a grade is never stored, it follows from the year in which the stage was entered, so
that it is right on any day and needs no upkeep in September."""

from __future__ import annotations

from datetime import date
from typing import Final

from linli.kernel.codelist import Code, CodeList

# Stage (codes.SCHOOLING) → the names of its grades, in order. 初中 has four years in places with 五四学制.
_NUMERALS: Final = "一二三四五六七八九"
_JUNIOR: Final = (
    ("初一", "七年级", "初中一年级", "7年级", "初一年级"),
    ("初二", "八年级", "初中二年级", "8年级", "初二年级"),
    ("初三", "九年级", "初中三年级", "9年级", "初三年级"),
    ("初四", "初中四年级", "初四年级"),
)


def _years(prefix: str, count: int, *more: str) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (f"{prefix}{one}年级", *(form.format(one=one, n=n) for form in more))
        for n, one in enumerate(_NUMERALS[:count], 1)
    )


GRADES: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "1": (("小班", "幼儿园小班"), ("中班", "幼儿园中班"), ("大班", "幼儿园大班")),
    "2": _years("", 6, "小学{one}年级", "{n}年级", "小{one}"),
    "3": _JUNIOR,
    "4": tuple((f"高{one}", f"高中{one}年级", f"高{one}年级") for one in _NUMERALS[:3]),
    "5": _years("中职", 3, "中专{one}年级", "职高{one}年级", "职高{one}"),
    "6": _years("大专", 3, "专科{one}年级", "大专{one}"),
    "7": tuple((f"大{one}", f"大学{one}年级", f"本科{one}年级") for one in _NUMERALS[:5]),
    "8": _years("研究生", 4, "研{one}"),
    "9": _years("特教", 9),
}
GRADE: Final = CodeList(
    "grade",
    "年级",
    "《教育法》的学制；由就读学段和入学年份推算，每年 9 月升一级",
    tuple(
        Code(f"{stage}-{place}", names[0], names[1:])
        for stage, grades in GRADES.items()
        for place, names in enumerate(grades, 1)
    ),
)
STARTS_IN: Final = 9  # the month in which a school year begins
EARLIEST: Final = 1950


def grade_on(stage: str, since: int | None, on: date) -> str:
    """The code of the grade in which a pupil is who entered a stage in the September of `since`; "" when nothing is known, before the
    first day and after the stage's last year: then somebody has to say what came next."""
    if since is None or stage not in GRADES:
        return ""
    year = on.year - (on.month < STARTS_IN) - since + 1
    return f"{stage}-{year}" if 1 <= year <= len(GRADES[stage]) else ""


def grade_sql(stage: str, since: str, on: str) -> str:
    """`grade_on` as SQL over three expressions; NULL for ""."""
    year = f"(extract(year from {on})::int - (extract(month from {on}) < {STARTS_IN})::int - {since} + 1)"
    most = " ".join(f"WHEN '{key}' THEN {len(grades)}" for key, grades in GRADES.items())
    return f"CASE WHEN {year} BETWEEN 1 AND (CASE {stage} {most} END) THEN {stage} || '-' || {year} END"


def since_problem(stage: str, since: int | None, born: date | None, today: date) -> str:
    """What is wrong with the year in which somebody entered a stage; "" when all is well."""
    if since is None:
        return ""
    if not stage:
        return "填了入学年份的，请选择就读学段。"
    if not EARLIEST <= since <= today.year:
        return f"入学年份应在 {EARLIEST} 到 {today.year} 之间，写升入现在这个学段的那一年。"
    if born is not None and since - born.year < 2:
        return f"入学年份 {since} 时还不到 2 岁，请核对出生日期和入学年份。"
    return ""

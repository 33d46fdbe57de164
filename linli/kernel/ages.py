"""Ages in full years 周岁 and the birth dates that belong to them.

Two readings exist. In criminal law a year of age is reached on the day *after* the birthday
(最高人民法院 interpretations on 周岁); the lists, allowances and forms of a neighbourhood count it from the
birthday itself. Linli counts from the birthday; :func:`age_in_law` gives the other reading.

Who was born on 29 February has the birthday on 28 February in common years, as Article 202 of the Civil Code
has it (a month without the corresponding day ends the period on its last day).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

BANDS: Final = (0, 3, 6, 16, 18, 35, 60, 70, 80, 90, 100)
"""Lower edges in years of the bands in which population is usually shown."""


def birthday_in(birth: date, year: int) -> date:
    """The birthday in a given year; 29 February is kept on 28 February in common years."""
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def age_on(birth: date, on: date) -> int:
    """Full years of age on a day, a year more on the birthday itself; negative before birth."""
    years = on.year - birth.year
    if (on.month, on.day) >= (birth.month, birth.day):
        return years
    if birth.month == 2 and birth.day == 29 and on == birthday_in(birth, on.year):
        return years
    return years - 1


def age_in_law(birth: date, on: date) -> int:
    """Full years of age as criminal law counts them: a year more on the day after the birthday."""
    return age_on(birth, on - timedelta(days=1))


def born_on_or_before(on: date, years: int) -> date:
    """The latest birth date of somebody who is ``years`` old or older on the day ``on``.

    ``age_on(b, on) >= years`` holds exactly for ``b <= born_on_or_before(on, years)``.

    :raises ValueError: when ``years`` reaches back beyond the year 1.
    """
    year = on.year - years
    if on.month == 2 and on.day >= 28:
        leap = _is_leap(year)
        last_of_month = on.day == 29 or not _is_leap(on.year)
        return date(year, 2, 29 if leap and last_of_month else 28)
    return date(year, on.month, on.day)


def born_after(on: date, years: int) -> date:
    """The earliest birth date of somebody who is not yet ``years`` old on the day ``on``."""
    return born_on_or_before(on, years) + timedelta(days=1)


def band(age: int, edges: Sequence[int] = BANDS) -> str:
    """The band an age falls into, in words: ``60–69岁``, ``100岁及以上``, ``18岁以下`` below the first edge.

    :param edges: ascending lower edges in years.
    """
    if age < 0:
        return "未出生"
    lower: int | None = None
    for edge in edges:
        if age < edge:
            if lower is None:
                return f"{edge}岁以下"
            return f"{lower}岁" if edge - 1 == lower else f"{lower}–{edge - 1}岁"
        lower = edge
    return f"{lower}岁及以上" if lower is not None else f"{age}岁"


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)

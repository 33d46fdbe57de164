"""Citizen numbers 公民身份号码, GB 11643-1999.

Eighteen characters: six of the county where the number was first given, eight of the birth date, three of
a sequence (odd for men, even for women) and a check character (ISO 7064 MOD 11-2). The county is never a
ground for refusing a number: counties are renamed and abolished while their numbers live on, so an unknown
county is only a warning. Residence permits of Hong Kong (81), Macao (82) and Taiwan (83) residents
港澳台居民居住证 and the permanent residence cards of foreigners since 2023 (first digit 9) are built the
same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import mul
from time import monotonic
from typing import Final

WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS: Final = "10X98765432"
PERMIT_PREFIXES: Final = frozenset({"81", "82", "83"})
OLDEST_YEARS: Final = 150

_TO_DROP = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]+")
_APOSTROPHES = "'\u2018\u2019`\u00b4\u2032"
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+|\d{15,}\.\d+")


class InvalidCitizenNumber(ValueError):
    """The text is not a citizen number; ``str()`` is one Chinese sentence for the person who typed it."""


@dataclass(frozen=True, slots=True)
class CitizenNumber:
    """A number that passed every check of GB 11643."""

    number: str
    """The eighteen characters, check character in upper case."""
    county_code: str
    """First six digits: the county (GB/T 2260) where the number was first given."""
    birth_date: date
    sex: str
    """GB/T 2261.1: ``"1"`` man, ``"2"`` woman."""
    is_permit: bool
    """True for 港澳台居民居住证 (81, 82, 83)."""

    def __str__(self) -> str:
        return self.number


def normalise(text: str) -> str:
    """Clean what people and spreadsheets write around a number, without judging it.

    Full-width characters become half-width, spaces and invisible characters anywhere go, so does a leading
    apostrophe, and letters become upper case.
    """
    if type(text) is str and text.isascii() and text.isalnum():
        return text.upper()
    cleaned = unicodedata.normalize("NFKC", str(text).strip().lstrip(_APOSTROPHES))
    return _TO_DROP.sub("", cleaned).strip(_APOSTROPHES).upper()


def checksum(first17: str) -> str:
    """The check character for the first seventeen digits: ``"0"``–``"9"`` or ``"X"``.

    :raises ValueError: when ``first17`` is not seventeen ASCII digits.
    """
    if len(first17) != 17 or not (first17.isascii() and first17.isdigit()):
        raise ValueError("计算校验码需要前 17 位数字。")
    return _check_character(first17)


def _check_character(first17: str) -> str:
    return CHECK_CHARACTERS[
        (
            _WEIGHED[0][first17[:3]]
            + _WEIGHED[1][first17[3:6]]
            + _WEIGHED[2][first17[6:9]]
            + _WEIGHED[3][first17[9:12]]
            + _WEIGHED[4][first17[12:15]]
            + _WEIGHED[5][first17[15:]]
        )
        % 11
    ]


def _weigh(start: int, length: int) -> dict[str, int]:
    """The weighted sums of every group of digits that can stand at one place of the number."""
    weights = WEIGHTS[start : start + length]
    groups = (f"{n:0{length}}" for n in range(10**length))
    return {group: sum(map(mul, map(int, group), weights)) % 11 for group in groups}


_WEIGHED: Final = (*(_weigh(start, 3) for start in range(0, 15, 3)), _weigh(15, 2))


def _real_date(digits: str) -> date | None:
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


def parse(text: str, *, on: date | None = None) -> CitizenNumber:
    """Read a citizen number.

    :param on: the day on which the number is looked at (today when left out); later births are refused.
    :raises InvalidCitizenNumber: with one Chinese sentence that says what is wrong and what to do.
    """
    number = normalise(text)
    body = number[:17]
    if len(number) != 18 or not (body.isascii() and body.isdigit()) or number[17] not in CHECK_CHARACTERS:
        raise InvalidCitizenNumber(_wrong_shape(number))
    birth_date = _real_date(number[6:14])
    if birth_date is None:
        raise InvalidCitizenNumber(
            f"身份证号第 7 至 14 位“{number[6:14]}”不是真实存在的日期，请对照证件核对出生日期。"
        )
    today = on if on is not None else _today()
    if birth_date > today:
        raise InvalidCitizenNumber(
            f"身份证号中的出生日期 {_chinese_date(birth_date)}晚于 {_chinese_date(today)}，请对照证件核对。"
        )
    if today.year - birth_date.year > OLDEST_YEARS:
        raise InvalidCitizenNumber(
            f"身份证号中的出生日期 {_chinese_date(birth_date)}距今已超过 {OLDEST_YEARS} 年，请对照证件核对。"
        )
    expected = _check_character(body)
    if number[17] != expected:
        raise InvalidCitizenNumber(_wrong_check(number, expected))
    return CitizenNumber(
        number,
        number[:6],
        birth_date,
        "1" if number[16] in "13579" else "2",
        number[:2] in PERMIT_PREFIXES,
    )


def is_valid(text: str, *, on: date | None = None) -> bool:
    """Whether :func:`parse` would accept the text."""
    try:
        parse(text, on=on)
    except InvalidCitizenNumber:
        return False
    return True


def upgrade_15(text: str) -> str:
    """The eighteen-character number that replaces a fifteen-digit number given before October 1999.

    The old numbers carry two digits of the year, always of the 1900s.

    :raises InvalidCitizenNumber: when the text is not fifteen digits with a real date.
    """
    old = normalise(text)
    if len(old) != 15 or not (old.isascii() and old.isdigit()):
        raise InvalidCitizenNumber("旧身份证号应为 15 位数字，请核对后重新填写。")
    body = f"{old[:6]}19{old[6:]}"
    if _real_date(body[6:14]) is None:
        raise InvalidCitizenNumber(
            f"旧身份证号第 7 至 12 位“{old[6:12]}”不是真实存在的日期，请对照证件核对出生日期。"
        )
    return body + _check_character(body)


def county_warning(number: str | CitizenNumber, known: Callable[[str], bool]) -> str | None:
    """A warning when nobody knows the county of the number, otherwise ``None``.

    :param known: answers whether a six-digit county code exists or ever existed.
    """
    code = str(number)[:6]
    if code[:2] in PERMIT_PREFIXES or code.startswith("9") or known(code):
        return None
    return f"身份证号前 6 位“{code}”不在已知的行政区划代码中（可能是已撤销的旧代码），可以保存，请留意核对。"


def mask(number: str) -> str:
    """The number with its birth date and first sequence digits hidden: 110105********002X.

    A text too short to be a number is hidden but for its first character.
    """
    text = number.upper() if number.isascii() and number.isalnum() else normalise(number)
    if len(text) < 15:
        return text[:1] + "*" * (len(text) - 1)
    return text[:6] + "*" * (len(text) - 10) + text[-4:]


_clock: tuple[float, date] = (float("-inf"), date.min)


def _today() -> date:
    """Today, looked up once a second: asking the system costs as much as the whole checksum."""
    global _clock
    now = monotonic()
    if now - _clock[0] > 1:
        _clock = (now, date.today())
    return _clock[1]


def _chinese_date(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _wrong_shape(number: str) -> str:
    if not number:
        return "身份证号为空，请填写 18 位身份证号。"
    if _SCIENTIFIC.fullmatch(number):
        return "身份证号被表格软件存成了数字，末几位已经丢失，请把单元格设为文本后按证件重新填写。"
    for position, character in enumerate(number[:17], start=1):
        if not ("0" <= character <= "9"):
            return f"身份证号第 {position} 位是“{character}”，应为数字，请对照证件修改。"
    if len(number) == 15:
        return "这是 15 位的旧身份证号，请填写现在使用的 18 位号码。"
    if len(number) != 18:
        return f"身份证号应为 18 位，现在是 {len(number)} 位，请核对后重新填写。"
    return f"身份证号第 18 位是“{number[17]}”，应为数字或字母 X，请对照证件修改。"


def _wrong_check(number: str, expected: str) -> str:
    if number.endswith("000"):
        return "身份证号校验不通过，末三位“000”多半是表格软件丢失了后几位，请按证件重新填写并存为文本。"
    return (
        f"身份证号校验不通过：按前 17 位推算，最后一位应为“{expected}”，现在是“{number[17]}”，"
        "请对照证件逐位核对。"
    )

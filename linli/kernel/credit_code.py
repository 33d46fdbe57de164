"""Unified social credit codes 统一社会信用代码, GB 32100-2015.

The check character comes from python-stdnum. Its format check is not used: it wants a digit in front, but the
codes of rural collectives (``N``), of the military (``A``) and of others (``Y``) begin with a letter.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from stdnum.cn import uscc

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TO_DROP = re.compile(r"[\s\-\u2010-\u2015'\u2018\u2019`\u200b-\u200f\u2060\ufeff]+")
DEPARTMENTS: Final = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监督管理",
    "A": "中央军委改革和编制办公室",
    "N": "农业农村",
    "Y": "其他",
}
"""The registering department that the first character stands for (GB 32100-2015, amendment 1)."""


class InvalidCreditCode(ValueError):
    """The text is not a unified social credit code; ``str()`` is one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class CreditCode:
    """A code that passed every check of GB 32100."""

    number: str
    department: str
    """First character: the registering department, see :data:`DEPARTMENTS`."""
    county_code: str
    """Third to eighth character: the division of the registering office (GB/T 2260)."""
    organisation_code: str
    """Ninth to seventeenth character: the organisation code of GB 11714."""

    def __str__(self) -> str:
        return self.number


def normalise(text: str) -> str:
    """Half-width, upper case, without spaces, hyphens and apostrophes."""
    return _TO_DROP.sub("", unicodedata.normalize("NFKC", str(text))).upper()


def parse(text: str) -> CreditCode:
    """Read a unified social credit code.

    :raises InvalidCreditCode: with one Chinese sentence that says what is wrong and what to do.
    """
    code = normalise(text)
    if not code:
        raise InvalidCreditCode("统一社会信用代码为空，请填写营业执照或登记证书上的 18 位代码。")
    if len(code) != 18:
        raise InvalidCreditCode(f"统一社会信用代码应为 18 位，现在是 {len(code)} 位，请核对后重新填写。")
    for position, character in enumerate(code, start=1):
        if character not in ALPHABET:
            hint = "（代码中不使用字母 I、O、S、V、Z）" if character in "IOSVZ" else ""
            raise InvalidCreditCode(
                f"统一社会信用代码第 {position} 位不能是“{character}”{hint}，请对照证照修改。"
            )
        if 3 <= position <= 8 and not character.isdigit():
            raise InvalidCreditCode(
                f"统一社会信用代码第 {position} 位是“{character}”，应为数字，请对照证照修改。"
            )
    if code[0] not in DEPARTMENTS:
        raise InvalidCreditCode(f"统一社会信用代码首位“{code[0]}”不是登记管理部门代码，请对照证照修改。")
    if not code[1].isdigit():
        raise InvalidCreditCode(f"统一社会信用代码第 2 位“{code[1]}”不是机构类别代码，请对照证照修改。")
    expected = uscc.calc_check_digit(code[:17])
    if code[17] != expected:
        raise InvalidCreditCode(
            f"统一社会信用代码校验不通过：按前 17 位推算，最后一位应为“{expected}”，现在是“{code[17]}”，"
            "请对照证照逐位核对。"
        )
    return CreditCode(code, code[0], code[2:8], code[8:17])


def is_valid(text: str) -> bool:
    """Whether :func:`parse` would accept the text."""
    try:
        parse(text)
    except InvalidCreditCode:
        return False
    return True

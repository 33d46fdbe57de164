"""Telephone numbers of the mainland: mobiles, landlines with or without area code, service numbers.

Mobiles have eleven digits and begin with 13–19 (工业和信息化部 numbering plan); area codes have three digits
(010, 02x) or four (03xx–09xx), local numbers seven or eight. Service numbers of three to five digits (110, 12345, 95588)
are an organisation's, never a resident's.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_TO_DROP = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff'\u2018\u2019`]+")
_DASHES = re.compile(r"[\-\u2010-\u2015\u2212\uff0d_.·()\[\]【】〔〕/]+")
_COUNTRY = re.compile(r"^(?:\+|00)86")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_AREA_CODES: Final = r"(?:10|2[0-57-9]|[3-9]\d{2})"
_LANDLINE = re.compile(rf"(0{_AREA_CODES})([2-8]\d{{6,7}})(?:(?:转|分机|EXT|X|#|,|P)?(\d{{1,6}}))?")
_EXTENSION = re.compile(r"(.*?)(?:转|分机|EXT|X|#|,|P)([0-9]{1,6})")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_SERVICE = re.compile(r"[48]00\d{7}|1(?:1\d|2[0-2])|1[0-2]\d{3}|9[56]\d{3,6}")
_SHORT: Final = 5


class InvalidPhone(ValueError):
    """The text is not a telephone number; ``str()`` is one Chinese sentence."""


def normalise(text: str, *, service: bool = False) -> str:
    """Bring a telephone number to the one way in which it is kept.

    Mobiles become eleven digits (``13912348017``); landlines ``010-69141234``, with an extension
    ``010-69141234-802``; local numbers without area code and service numbers stay bare digits. `service` lets the short
    service numbers pass: for the phone of an organisation or a duty, not of a person.

    :raises InvalidPhone: with one Chinese sentence that says what is wrong and what to do.
    """
    raw = _TO_DROP.sub("", unicodedata.normalize("NFKC", str(text))).upper()
    if not raw:
        raise InvalidPhone("联系电话为空，请填写手机号码或带区号的固定电话。")
    if re.fullmatch(r"\d+\.0", raw):
        raw = raw[:-2]
    raw = _COUNTRY.sub("", raw)
    if raw.startswith("86") and len(raw) == 13:
        raw = raw[2:]
    extension = ""
    if match := _EXTENSION.fullmatch(raw):
        raw, extension = match.group(1), match.group(2)
    parts = [part for part in _DASHES.split(raw) if part]
    digits = "".join(parts)
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidPhone(
            f"联系电话“{_short(text)}”里有数字以外的内容，请只填一个号码，如 13912348017 或 010-69141234。"
        )
    if len(digits) == 12 and digits.startswith("01") and _MOBILE.fullmatch(digits[1:]):
        digits = digits[1:]
    if not extension and _MOBILE.fullmatch(digits):
        return digits
    if len(parts) == 3 and not extension and parts[0].startswith("0"):
        extension = parts.pop()
        digits = "".join(parts)
    if match := _LANDLINE.fullmatch(_with_zero(parts, digits)):
        area, local, glued = match.groups()
        if not glued and _right_length(area, local):
            return f"{area}-{local}" + (f"-{extension}" if extension else "")
    if len(parts) == 2 and not extension and _LOCAL.fullmatch(parts[0]) and len(parts[1]) <= 6:
        return f"{parts[0]}-{parts[1]}"
    if _LOCAL.fullmatch(digits):
        return digits + (f"-{extension}" if extension else "")
    if not extension and _SERVICE.fullmatch(digits):
        if service or len(digits) > _SHORT:
            return digits
        raise InvalidPhone(
            f"“{digits}”是服务热线，不是个人的电话，请填 11 位手机号码，或带区号的固定电话如 010-69141234。"
        )
    if len(digits) >= 14:
        raise InvalidPhone(f"“{_short(text)}”像是两个号码连在一起，请在每一格只填一个联系电话。")
    if digits.startswith("1") and len(digits) != 11:
        raise InvalidPhone(f"手机号码应为 11 位，现在是 {len(digits)} 位，请核对后重新填写。")
    if len(digits) == 11 and digits.startswith("1"):
        raise InvalidPhone(f"没有以“{digits[:3]}”开头的手机号段，请核对后重新填写。")
    if len(digits) < 7:
        raise InvalidPhone(
            f"“{_short(text)}”太短，固定电话不带区号有 7 到 8 位，手机号码有 11 位，请核对后重新填写。"
        )
    raise InvalidPhone(
        f"“{_short(text)}”不是有效的联系电话，请填 11 位手机号码，或带区号的固定电话如 010-69141234。"
    )


def is_mobile(text: str) -> bool:
    """Whether the text is a mainland mobile number (one that can receive a text message)."""
    try:
        return _MOBILE.fullmatch(normalise(text)) is not None
    except InvalidPhone:
        return False


def is_valid(text: str) -> bool:
    """Whether :func:`normalise` would accept the text."""
    try:
        normalise(text)
    except InvalidPhone:
        return False
    return True


def mask(number: str) -> str:
    """Hide the middle: ``139****8017``, ``010-****1234``; what is no number shows its last two digits."""
    if (
        len(number) == 11
        and number.isascii()
        and number.isdecimal()
        and number[0] == "1"
        and number[1] >= "3"
    ):
        return f"{number[:3]}****{number[7:]}"
    try:
        kept = normalise(number, service=True)
    except InvalidPhone:
        kept = str(number).strip()
        return "*" * max(len(kept) - 2, 1) + kept[-2:] if len(kept) > 4 else "*" * len(kept)
    if _MOBILE.fullmatch(kept):
        return f"{kept[:3]}****{kept[7:]}"
    parts = kept.split("-")
    local = 1 if parts[0].startswith("0") and len(parts) > 1 else 0
    number_part = parts[local]
    if len(number_part) < 7:
        return kept
    parts[local] = "*" * (len(number_part) - 4) + number_part[-4:]
    return "-".join(parts)


def _with_zero(parts: list[str], digits: str) -> str:
    """``10-69141234`` and ``0 10…`` mean area code 010 when a separator shows where it ends."""
    if len(parts) >= 2 and not digits.startswith("0") and re.fullmatch(_AREA_CODES, parts[0]):
        return "0" + digits
    return digits


def _right_length(area: str, local: str) -> bool:
    return len(local) == 8 if len(area) == 3 else len(local) in (7, 8)


def _short(text: object) -> str:
    shown = str(text).strip()
    return shown if len(shown) <= 20 else shown[:20] + "…"

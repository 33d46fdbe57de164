"""Numbers, check words, tokens, and what a stranger may see of a holder."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from typing import Final

# Without 0 O 1 I L: read aloud and typed by hand.
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
TOKEN_LENGTH: Final = 26  # 26 of 31 letters: about 128 bits
WORD_LENGTH: Final = 6
_LEAST_SHOWN: Final = 4


def token() -> str:
    """An address nobody can guess."""
    return "".join(secrets.choice(_LETTERS) for _ in range(TOKEN_LENGTH))


def check_word() -> str:
    """The check word printed beside the number, for checking by hand."""
    return "".join(secrets.choice(_LETTERS) for _ in range(WORD_LENGTH))


def number_text(stem: str, kind: str, year: int, number: int) -> str:
    """东外社区证字〔2026〕第0012号: the number as it is printed. `kind` is 证 or 不予."""
    return f"{stem}{kind}字〔{year}〕第{number:04d}号"


def plain_number(text: str) -> str:
    """A number as somebody typed it, made comparable: brackets of any sort, spaces and leading zeros do not matter."""
    kept: list[str] = []
    digits = ""
    for letter in f"{text} ":
        if letter.isdigit() and letter.isascii():
            digits += letter
            continue
        if digits:
            kept.append(digits.lstrip("0") or "0")
            kept.append("/")
            digits = ""
        if "一" <= letter <= "鿿" and letter not in "第号字年":
            kept.append(letter)
    return "".join(kept).strip("/")


def plain_word(text: str) -> str:
    """A check word as somebody typed it."""
    return "".join(letter for letter in text.upper() if letter.isalnum())


def digest(text: str) -> str:
    """The digest of a certificate's text (SHA-256, hexadecimal)."""
    return hashlib.sha256(text.encode()).hexdigest()


def masked_name(name: str) -> str:
    """王*国, 李*, 欧***娜: the first and, from three characters on, the last character."""
    kept = name.strip()
    if len(kept) <= 1:
        return kept and "*"
    return f"{kept[0]}*" if len(kept) == 2 else f"{kept[0]}{'*' * (len(kept) - 2)}{kept[-1]}"


def last_four(number: str) -> str:
    """The last four of a certificate number; "" for a number too short to hide anything."""
    kept = number.strip()
    return kept[-4:] if len(kept) >= 2 * _LEAST_SHOWN else ""


def valid_until(issued_on: date, days: int | None) -> date | None:
    """The last day of validity; None without end. Valid for `days` days, the day of issue among them."""
    return None if days is None else issued_on + timedelta(days=days - 1)


def standing(*, withdrawn: bool, until: date | None, on: date) -> str:
    """valid, expired or withdrawn on a day; withdrawal goes before expiry."""
    if withdrawn:
        return "withdrawn"
    return "expired" if until is not None and until < on else "valid"

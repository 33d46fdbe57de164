"""Money in yuan, kept exactly as whole fen 分 (GB 3100 leaves money to common usage; 1 元 = 100 分)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

UNITS: Final[dict[str, Decimal]] = {
    "分": Decimal("0.01"),
    "角": Decimal("0.1"),
    "毛": Decimal("0.1"),
    "元": Decimal(1),
    "块": Decimal(1),
    "百元": Decimal(100),
    "百": Decimal(100),
    "千元": Decimal(1000),
    "千": Decimal(1000),
    "万元": Decimal(10_000),
    "万": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
    "亿": Decimal(100_000_000),
}
"""Units that a form may name, in yuan."""

LARGEST: Final = Decimal(10) ** 15
_CENT = Decimal("0.01")
_TO_DROP = re.compile(r"[\s,，、_'’\u200b-\u200f\ufeff]+")
_SYMBOL = re.compile(r"^(?:人民币|RMB|CNY|[¥￥])[:：]?", re.IGNORECASE)
_AMOUNT = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(亿元?|百万元|万元?|千元?|百元?|元|块|角|毛|分)?")


class InvalidMoney(ValueError):
    """The text is not an amount of money; ``str()`` is one Chinese sentence."""


def parse(text: str | int | float | Decimal, *, unit: str = "元") -> Decimal:
    """An amount in yuan with two decimals, from ``1.2万元``, ``￥3,400.50``, ``3元5角``, ``（200）``.

    :param unit: what a bare number counts, as the form's heading has it (``元``, ``万元``, …).
    :raises InvalidMoney: with one Chinese sentence.
    """
    if unit not in UNITS:
        raise InvalidMoney(f"不认识的金额单位“{unit}”，请使用元、万元或亿元。")
    raw = unicodedata.normalize("NFKC", f"{text:f}" if isinstance(text, Decimal) else str(text))
    cleaned = _TO_DROP.sub("", raw)
    if not cleaned:
        raise InvalidMoney("金额为空，请填写数字，如 3400.50。")
    negative = False
    if cleaned.startswith("(") and cleaned.endswith(")"):
        negative, cleaned = True, cleaned[1:-1]
    for _ in range(2):
        if cleaned[:1] in "-−–" and cleaned[:1]:
            negative, cleaned = not negative, cleaned[1:]
        cleaned = _SYMBOL.sub("", cleaned.removeprefix("+"))
    cleaned = re.sub(r"(?<=[元角分\d])[整正]$", "", cleaned)
    yuan = _add_up(cleaned, unit)
    if yuan is None:
        shown = str(text).strip()[:20]
        raise InvalidMoney(f"“{shown}”不是有效的金额，请填写数字，如 3400.50 或 1.2万元。")
    if yuan >= LARGEST:
        raise InvalidMoney("金额过大，请检查是否多填了位数或弄错了单位。")
    yuan = yuan.quantize(_CENT, ROUND_HALF_UP)
    return -yuan if negative and yuan else yuan


def _add_up(cleaned: str, unit: str) -> Decimal | None:
    """Sum parts such as 3元5角; the units must become smaller from left to right."""
    if re.fullmatch(r"\d+(\.\d+)?E[+-]?\d{1,2}", cleaned, re.IGNORECASE):
        try:
            return Decimal(cleaned) * UNITS[unit]
        except InvalidOperation:
            return None
    if len(cleaned) > 60:
        return None
    total = Decimal(0)
    position = 0
    last: Decimal | None = None
    while position < len(cleaned):
        match = _AMOUNT.match(cleaned, position)
        if match is None:
            return None
        number, named = match.groups()
        if named is None and last is not None:
            return None
        worth = UNITS[named or unit]
        if last is not None and worth >= last:
            return None
        total += Decimal(number) * worth
        last = worth
        position = match.end()
    return total if last is not None else None


def to_fen(yuan: Decimal | int) -> int:
    """Whole fen of an amount in yuan, halves rounded away from zero."""
    return int((Decimal(yuan) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def from_fen(fen: int) -> Decimal:
    """Yuan with two decimals of an amount in fen."""
    return Decimal(fen).scaleb(-2)


def format_yuan(yuan: Decimal | int, *, symbol: str = "") -> str:
    """Two decimals and thousands separators: ``3,400.50``; with ``symbol="￥"`` ``￥3,400.50``."""
    rounded = Decimal(yuan).quantize(_CENT, ROUND_HALF_UP)
    sign = "-" if rounded < 0 else ""
    return f"{sign}{symbol}{abs(rounded):,.2f}"


def format_wan(yuan: Decimal | int, *, places: int = 2) -> str:
    """In ten thousands of yuan: ``1.2万元``; trailing zeros are left out."""
    wan = (Decimal(yuan) / 10_000).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    shown = f"{wan:,.{places}f}"
    if "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    return f"{'0' if shown == '-0' else shown}万元"


@dataclass(frozen=True, slots=True, order=True)
class Yuan:
    """An exact amount of money. Adds, subtracts and multiplies by whole numbers without rounding."""

    fen: int

    @classmethod
    def of(cls, yuan: Decimal | int) -> Yuan:
        """From an amount in yuan, rounded to the fen."""
        return cls(to_fen(yuan))

    @classmethod
    def parse(cls, text: str | int | float | Decimal, *, unit: str = "元") -> Yuan:
        """From what somebody wrote; see :func:`parse`."""
        return cls(to_fen(parse(text, unit=unit)))

    @property
    def amount(self) -> Decimal:
        """Yuan with two decimals."""
        return from_fen(self.fen)

    def format(self, *, symbol: str = "") -> str:
        """``3,400.50``; see :func:`format_yuan`."""
        return format_yuan(self.amount, symbol=symbol)

    def format_wan(self, *, places: int = 2) -> str:
        """``1.2万元``; see :func:`format_wan`."""
        return format_wan(self.amount, places=places)

    def __str__(self) -> str:
        return self.format()

    def __add__(self, other: Yuan) -> Yuan:
        return Yuan(self.fen + other.fen)

    def __sub__(self, other: Yuan) -> Yuan:
        return Yuan(self.fen - other.fen)

    def __mul__(self, times: int) -> Yuan:
        return Yuan(self.fen * times)

    __rmul__ = __mul__

    def __neg__(self) -> Yuan:
        return Yuan(-self.fen)

    def __bool__(self) -> bool:
        return self.fen != 0

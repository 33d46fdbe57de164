"""What a form's own formula comes to, for the few that totals are made of: + - * /, SUM, cells, ranges, numbers, percentages."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, DivisionByZero, InvalidOperation
from typing import Any

from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from linli.ledgers.book.workbook import formula_of

MOST_DEEP = 40
MOST_CELLS = 20_000

_TOKEN = re.compile(
    r"\s*(?:(?P<range>\$?[A-Za-z]{1,3}\$?\d{1,7}:\$?[A-Za-z]{1,3}\$?\d{1,7})|(?P<cell>\$?[A-Za-z]{1,3}\$?\d{1,7}(?![\w(]))"
    r"|(?P<number>\d+(?:\.\d+)?%?)|(?P<sum>SUM\()|(?P<sign>[-+*/(),]))",
    re.IGNORECASE,
)
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)")


class Unknown(Exception):
    """A formula that is not computed here."""


class Expression:
    """Reads sums and products of terms. `term` gives the value of a token that is neither a number nor a sign."""

    def __init__(self, tokens: list[tuple[str, str]], term: Callable[[str, str], Decimal]) -> None:
        self.tokens, self.term, self.at = tokens, term, 0

    def value(self) -> Decimal:
        """The value of all tokens. Raises Unknown."""
        try:
            found = self._sum()
        except (DivisionByZero, InvalidOperation, ZeroDivisionError):
            raise Unknown from None
        if self.at != len(self.tokens):
            raise Unknown
        return found

    def _peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def _sum(self) -> Decimal:
        found = self._product()
        while self._peek() in ("+", "-"):
            sign = self._peek()
            self.at += 1
            found = found + self._product() if sign == "+" else found - self._product()
        return found

    def _product(self) -> Decimal:
        found = self._factor()
        while self._peek() in ("*", "/"):
            sign = self._peek()
            self.at += 1
            found = found * self._factor() if sign == "*" else found / self._factor()
        return found

    def _factor(self) -> Decimal:
        if self.at >= len(self.tokens):
            raise Unknown
        kind, text = self.tokens[self.at]
        self.at += 1
        if text in ("+", "-"):
            return self._factor() if text == "+" else -self._factor()
        if text == "(":
            found = self._sum()
            self._close()
            return found
        if kind == "sum":
            found = Decimal(0)
            while True:
                found += self._part()
                if self._peek() != ",":
                    break
                self.at += 1
            self._close()
            return found
        if kind == "number":
            return Decimal(text.rstrip("%")) / (100 if text.endswith("%") else 1)
        if kind == "sign":
            raise Unknown
        return self.term(kind, text)

    def _part(self) -> Decimal:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "range":
            self.at += 1
            return self.term("range", self.tokens[self.at - 1][1])
        return self._sum()

    def _close(self) -> None:
        if self._peek() != ")":
            raise Unknown
        self.at += 1


def _tokens(formula: str) -> list[tuple[str, str]]:
    made: list[tuple[str, str]] = []
    at = 0
    text = formula.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unknown
        made.append((str(match.lastgroup), match.group().strip()))
        at = match.end()
    return made


def number_in(value: Any) -> Decimal | None:
    """A cell's value as a number; None for texts, days and nothing."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    text = str(value).replace(",", "").strip()
    return Decimal(text) if re.fullmatch(r"-?\d+(?:\.\d+)?", text) else None


def computed(sheet: Worksheet, row: int, column: int, depth: int = 0) -> Decimal | None:
    """The number that a cell shows, its formula worked out; None where it shows none, or where it is not computed here."""
    cell = sheet._cells.get((row, column))
    if cell is None:
        return None
    formula = formula_of(cell)
    if not formula:
        return number_in(cell.value)
    if depth > MOST_DEEP:
        return None

    def at(place: tuple[int, int]) -> Decimal:
        held = sheet._cells.get(place)
        if held is not None and formula_of(held):
            found = computed(sheet, *place, depth + 1)
            if found is None:
                raise Unknown
            return found
        return (number_in(held.value) if held is not None else None) or Decimal(0)

    def term(kind: str, text: str) -> Decimal:
        ends = [(int(r), column_index_from_string(c)) for c, r in _CELL.findall(text)]
        if kind == "cell":
            return at(ends[0])
        (top, left), (bottom, right) = ends
        if (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
            raise Unknown
        return sum((at((r, c)) for r in range(top, bottom + 1) for c in range(left, right + 1)), Decimal(0))

    try:
        return Expression(_tokens(formula.removeprefix("=")), term).value()
    except Unknown:
        return None

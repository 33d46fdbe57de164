"""Comparisons: what the value of an element must be. The operators that each kind of value knows, and their SQL.

A comparison comes from a user, so its values only ever become query parameters; the operator is a key of `OPERATORS` and
the element a path of the dictionary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from linli.facts.dictionary import Element, Kind


class BadComparison(ValueError):
    """A comparison that the element does not know, or a value that is no value of it; the text is for the user."""


@dataclass(frozen=True)
class Comparison:
    """`path`'s value compared by `operator` with `values` (as text, as users write them and lists keep them)."""

    path: str
    operator: str
    values: tuple[str, ...] = ()


_CASTS = {Kind.DATE: "date", Kind.INTEGER: "numeric", Kind.DECIMAL: "numeric", Kind.MONEY: "numeric"}


def _between(value: str, give: Callable[[Any], str], low: Any, high: Any, cast: str, top: str = "<=") -> str:
    parts = []
    if low is not None:
        parts.append(f"{value} >= {give(low)}::{cast}")
    if high is not None:
        parts.append(f"{value} {top} {give(high)}::{cast}")
    return " AND ".join(parts)


def _filled(value: str, kind: Kind, sealed: bool) -> str:
    if sealed:
        return f"octet_length(coalesce({value}, ''::bytea)) > 0"
    if kind is Kind.TEXT:
        return f"coalesce({value}, '') <> ''"
    if kind is Kind.CODES:
        return f"cardinality(coalesce({value}, '{{}}')) > 0"
    if kind is Kind.CODE:
        return f"coalesce({value}, '') <> ''"
    return f"{value} IS NOT NULL"


# Labels are put between the element's name and the values: 年龄 在 60–79 之间.
LABELS: dict[str, tuple[str, str]] = {
    "contains": ("包含", "one"),
    "starts": ("开头是", "one"),
    "is": ("等于", "one"),
    "one_of": ("是下列之一", "many"),
    "none_of": ("不是下列各项", "many"),
    "between": ("在范围内", "range"),
    "band": ("在分段内", "range"),
    "next_days": ("在今后若干天内", "days"),
    "last_days": ("在最近若干天内", "days"),
    "in_month": ("的月份是", "month"),
    "yes": ("为“是”", "none"),
    "no": ("为“否”", "none"),
    "filled": ("已填写", "none"),
    "empty": ("没有填写", "none"),
}
_BY_KIND: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("contains", "starts", "is", "filled", "empty"),
    Kind.DATE: ("between", "next_days", "last_days", "in_month", "filled", "empty"),
    Kind.INTEGER: ("between", "filled", "empty"),
    Kind.DECIMAL: ("between", "band", "filled", "empty"),
    Kind.MONEY: ("between", "band", "filled", "empty"),
    Kind.BOOLEAN: ("yes", "no"),
    Kind.CODE: ("one_of", "none_of", "filled", "empty"),
    Kind.CODES: ("one_of", "none_of", "filled", "empty"),
}
MOST_VALUES = 100
MOST_DAYS = 36_600


def operators(element: Element) -> tuple[str, ...]:
    """The keys of the operators that the element knows; a sealed one is only filled or empty."""
    if element.decode is not None:
        return ("filled", "empty")
    return _BY_KIND[element.kind]


def parse(element: Element, comparison: Comparison) -> list[Any]:
    """The values as the database wants them. Raises BadComparison with one sentence for the user."""
    name, key = element.label, comparison.operator
    if key not in operators(element):
        raise BadComparison(f"“{name}”不能这样比较，请重新选择。")
    takes = LABELS[key][1]
    texts = [text.strip() for text in comparison.values]
    if takes == "none":
        return []
    if takes == "range":
        low, high = (*texts, "", "")[:2]
        if not low and not high:
            raise BadComparison(f"请填写“{name}”的起或止，至少一个。")
        found = [_value(element, text) if text else None for text in (low, high)]
        if found[0] is not None and found[1] is not None and found[0] > found[1]:
            raise BadComparison(f"“{name}”的起不能大于止，请对调后再试。")
        return found
    texts = [text for text in texts if text]
    if not texts:
        raise BadComparison(f"请填写“{name}”要比较的内容。")
    if takes in ("days", "month"):
        if not texts[0].isascii() or not texts[0].isdigit() or len(texts[0]) > 5:
            raise BadComparison(f"“{name}”请填写整数。")
        number = int(texts[0])
        if takes == "month" and not 1 <= number <= 12:
            raise BadComparison("月份请填 1 到 12。")
        if number > MOST_DAYS:
            raise BadComparison("天数太大，请填 36600 以内的整数。")
        return [number]
    if len(texts) > MOST_VALUES or any(len(text) > 100 for text in texts):
        raise BadComparison(f"“{name}”的内容太长，请减少后再试。")
    if element.codes is not None:
        known = {one.code for one in element.codes.items}
        wrong = [text for text in texts if text not in known]
        if wrong:
            raise BadComparison(f"“{name}”没有“{wrong[0]}”这一项，请从列表中选择。")
    return list(texts) if takes == "many" else texts[:1]


def _value(element: Element, text: str) -> Any:
    if element.kind is Kind.DATE:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise BadComparison(f"“{element.label}”请填写日期，例如 2026-11-22。") from None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise BadComparison(f"“{element.label}”请填写数字。")
    return number


def sql(element: Element, value: str, comparison: Comparison, give: Callable[[Any], str]) -> str:
    """The clause; it is never NULL. `value` is the element's SQL, `give` makes a parameter of a value.

    Raises BadComparison.
    """
    found, key = parse(element, comparison), comparison.operator
    value = f"({value})"
    if key in ("filled", "empty"):
        clause = _filled(value, element.kind, element.decode is not None)
        return clause if key == "filled" else f"NOT ({clause})"
    if key == "yes":
        return f"coalesce({value}, false)"
    if key == "no":
        return f"NOT coalesce({value}, false)"
    if key == "between":
        return f"coalesce({_between(value, give, found[0], found[1], _CASTS[element.kind])}, false)"
    if key == "band":
        return f"coalesce({_between(value, give, found[0], found[1], _CASTS[element.kind], '<')}, false)"
    if key == "next_days":
        return f"coalesce({value} >= {{on}} AND {value} <= {{on}} + {give(found[0])}::int, false)"
    if key == "last_days":
        return f"coalesce({value} <= {{on}} AND {value} >= {{on}} - {give(found[0])}::int, false)"
    if key == "in_month":
        return f"coalesce(extract(month from {value}) = {give(found[0])}::int, false)"
    if key in ("one_of", "none_of"):
        if element.kind is Kind.CODES:
            clause = f"coalesce({value} && {give(found)}::text[], false)"
        else:
            clause = f"coalesce({value} = ANY({give(found)}::text[]), false)"
        return clause if key == "one_of" else f"NOT {clause}"
    if key == "contains":
        return f"position({give(found[0])}::text in coalesce({value}, '')) > 0"
    if key == "starts":
        return f"starts_with(coalesce({value}, ''), {give(found[0])}::text)"
    return f"coalesce({value} = {give(found[0])}::text, false)"


def words(element: Element, comparison: Comparison) -> str:
    """The comparison in Chinese, without the element's name: 在 60–79 之间."""
    key, values = comparison.operator, [text for text in comparison.values if text]
    label = LABELS.get(key, (key, ""))[0]
    if key in ("one_of", "none_of"):
        codes = element.codes
        said = "、".join(codes.label(text) if codes is not None else text for text in values)
        return f"是{said}" if key == "one_of" else f"不是{said}"
    if key == "band":
        low, high = (*comparison.values, "", "")[:2]
        if low and high:
            return f"{low} 至不足 {high}{element.unit}"
        return f"{low}{element.unit}及以上" if low else f"不足 {high}{element.unit}"
    if key == "between":
        low, high = (*comparison.values, "", "")[:2]
        unit = element.unit
        if low and high:
            return f"{low}{unit}" if low == high else f"{low}–{high}{unit}"
        return f"{low}{unit}及以上" if low else f"{high}{unit}及以下"
    if key == "next_days":
        return f"在今后 {values[0] if values else ''} 天内"
    if key == "last_days":
        return f"在最近 {values[0] if values else ''} 天内"
    if key == "in_month":
        return f"在 {values[0] if values else ''} 月"
    if key in ("contains", "starts", "is"):
        return f"{label}“{values[0] if values else ''}”"
    return label

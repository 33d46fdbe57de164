"""The truth behind a form's expectation: read from the registry by the dictionary's plans, never through recognition."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from linli.facts import plan
from linli.facts.dictionary import Dictionary, Element, UnknownTerm
from linli.facts.figures import Figure, Narrowing, figures, narrowed
from linli.kernel.scope import Scope
from linli.ledgers.measuring.expectations import Expected, FormExpectation, Number


@dataclass
class Truth:
    """The rows of a form's population and what each path holds for them."""

    ids: list[int] = field(default_factory=list)
    values: dict[str, list[Any]] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


def narrowings(given: Any) -> tuple[Narrowing, ...]:
    """Narrowings as expectations write them: path → values, or {from, to}."""
    found = []
    for path, wanted in dict(given).items():
        if isinstance(wanted, dict):
            found.append(
                Narrowing(path, low=wanted.get("from"), high=wanted.get("to"), negate=bool(wanted.get("not")))
            )
        else:
            values = wanted if isinstance(wanted, list | tuple) else [wanted]
            found.append(Narrowing(path, tuple(values)))
    return tuple(found)


def wish_of(
    expected: FormExpectation, words: Dictionary, region: str, on: date, paths: list[str]
) -> plan.Wish:
    """The wish for a form's population."""
    wish = plan.Wish(
        subject=expected.subject,
        scopes=(Scope.of(region),),
        on=on,
        elements=tuple(paths),
        conditions=expected.conditions,
    )
    return narrowed(wish, narrowings(expected.narrow), words)


def known_paths(subject: str, blanks: list[Expected], words: Dictionary, truth: Truth) -> list[str]:
    """The paths that the dictionary knows; the others are noted in `truth.missing`."""
    found = []
    for path in dict.fromkeys(path for blank in blanks for path in blank.paths):
        try:
            truth.elements[path] = words.walk(subject, path)[2]
            found.append(path)
        except UnknownTerm:
            truth.missing.add(path)
    return found


def rows_of(
    expected: FormExpectation, blanks: list[Expected], words: Dictionary, region: str, on: date
) -> Truth:
    """The rows of the population with every path that the blanks ask."""
    truth = Truth()
    paths = known_paths(expected.subject, blanks, words, truth)
    truth.values = {path: [] for path in paths}
    for identity, values in plan.rows(wish_of(expected, words, region, on, paths), words):
        truth.ids.append(identity)
        for path, value in zip(paths, values, strict=True):
            truth.values[path].append(value)
    return truth


def number_of(number: Number, words: Dictionary, region: str, on: date) -> Any:
    """The value of one number in a region; None for a share of nothing. Raises UnknownTerm."""
    aggregate = "sum" if number.sum else "avg" if number.average else ""
    figure = Figure((), (), number.measure, aggregate, number.sum or number.average)
    wish = plan.Wish(subject=number.count, scopes=(Scope.of(region),), on=on, conditions=number.where)
    found = figures(narrowed(wish, narrowings(number.narrow), words), [figure], words)
    value = next(iter(found.values()), [0])[0]
    if number.share_of is None:
        return value
    whole = number_of(number.share_of, words, region, on)
    return Decimal(100) * Decimal(value or 0) / Decimal(whole) if whole else None

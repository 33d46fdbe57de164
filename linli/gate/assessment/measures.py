"""The numbers of the dictionary that parts may be computed from, and their values by community."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from linli.facts import plan
from linli.facts.dictionary import UnknownTerm, dictionary
from linli.kernel.scope import Scope
from linli.regions.models import KEY_LENGTH, Level

COMMUNITY = KEY_LENGTH[Level.COMMUNITY]


def choices() -> list[tuple[str, str]]:
    """Every measure that counts rows of a place: `subject.measure`, and what it is called."""
    return [
        (f"{subject.key}.{key}", f"{subject.label}：{measure.label}")
        for subject in dictionary.subjects()
        if subject.permission is not None and subject.region
        for key, measure in subject.measures.items()
    ]


def label(name: str) -> str:
    """What a measure is called; its key when it is gone."""
    try:
        subject, key = name.split(".", 1)
        return dictionary.subject(subject).measures[key].label
    except (UnknownTerm, KeyError, ValueError):
        return name


def subject_label(name: str) -> str:
    """What a measure's subject is called; its key when it is gone."""
    key = name.split(".", 1)[0]
    try:
        return dictionary.subject(key).label
    except UnknownTerm:
        return key


def _grouped(name: str, region_code: str, on: date) -> dict[str, Decimal]:
    subject, key = name.split(".", 1)
    wish = plan.Wish(subject, [Scope.of(region_code)], on)
    found = plan.grouped(wish, key, by_region_length=COMMUNITY)
    return {code: Decimal(str(value or 0)) for code, value in found.items()}


def recorded(measure: str, region_code: str, on: date) -> set[str]:
    """The communities of a region in which anything was ever recorded of what a measure counts, whatever became of it.

    Raises UnknownTerm for measures that are gone.
    """
    return plan.recorded_in(measure.split(".", 1)[0], Scope.of(region_code), on, by_region_length=COMMUNITY)


def values(
    measure: str, per: str, region_code: str, communities: Iterable[str], on: date
) -> dict[str, Decimal | None]:
    """The value of each community of a region on a day; with `per`, for each hundred of it (None where there is none of it).

    Raises UnknownTerm for measures that are gone.
    """
    keys = list(communities)
    if not keys:
        return {}
    above = _grouped(measure, region_code, on)
    if not per:
        return {key: above.get(key, Decimal(0)) for key in keys}
    below = _grouped(per, region_code, on)
    return {key: above.get(key, Decimal(0)) * 100 / below[key] if below.get(key) else None for key in keys}


def rows_query(measure: str, region_code: str, on: date) -> str:
    """The query of a list of the rows that a measure counts in a region on a day; "" when it is gone or its subject is not listed."""
    try:
        name, key = measure.split(".", 1)
        subject = dictionary.subject(name)
        counted = subject.measures[key]
    except (UnknownTerm, KeyError, ValueError):
        return ""
    if not subject.page:
        return ""
    pairs = [("subject", name), *(("c", one) for one in counted.where)]
    pairs += [("region", region_code), ("on", on.isoformat())]
    return urlencode(pairs)

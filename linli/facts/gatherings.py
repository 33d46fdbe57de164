"""Gatherings: the many that belong to one — a household's members, a person's children. Forms list them in a few rows.

A gathering yields pairs (owner id, member id, relation code of the member to the owner, GB/T 4761) for given owners as of
a date; what is asked of the members is then an ordinary wish over their ids. Rooms declare them in their facts.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True)
class Gathering:
    """`pairs` is SQL with {ids} (the owners) and {on}; its columns are owner, member and relation, in
    listing order. `conditions` are those under which the members are read (none: the default of their subject)."""

    subject: str
    key: str
    label: str
    to: str
    pairs: str
    also: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The label and every synonym."""
        return (self.label, *self.also)


_GATHERINGS: dict[tuple[str, str], Gathering] = {}


def gather(
    subject: str,
    key: str,
    label: str,
    *,
    to: str,
    pairs: str,
    also: Iterable[str] = (),
    conditions: Iterable[str] = (),
) -> Gathering:
    """Declare a gathering; a second declaration of the key is an error."""
    if (subject, key) in _GATHERINGS:
        raise ValueError(f"{subject}.{key} declared twice")
    made = _GATHERINGS[subject, key] = Gathering(
        subject, key, label, to, pairs, tuple(also), tuple(conditions)
    )
    return made


def of_subject(subject: str) -> list[Gathering]:
    """The gatherings of a subject's rows."""
    return [one for (owner, _key), one in _GATHERINGS.items() if owner == subject]


def gathering(subject: str, key: str) -> Gathering:
    """One gathering. Raises KeyError."""
    return _GATHERINGS[subject, key]


def members(one: Gathering, owners: Sequence[int], on: date) -> dict[int, list[tuple[int, str]]]:
    """For each owner its members with their relation codes ("" where none is known), in listing order."""
    found: dict[int, list[tuple[int, str]]] = {owner: [] for owner in owners}
    sql = one.pairs.replace("{ids}", "%(ids)s").replace("{on}", "%(on)s::date")
    with connection.cursor() as cursor:
        cursor.execute(sql, {"ids": list(owners), "on": on})
        for owner, member, relation in cursor.fetchall():
            found.setdefault(owner, []).append((member, relation or ""))
    return found

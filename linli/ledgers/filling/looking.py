"""A form's rows as they would be filled, a page of them, without a workbook: for looking at a form that is always current."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from linli.facts import plan
from linli.facts.dictionary import Dictionary
from linli.ledgers.book.workbook import Picture
from linli.ledgers.filling.scope import check_fillable, permitted_scopes, refuse_sensitive, usable, wish_for
from linli.ledgers.filling.values import ColumnWriter, Words
from linli.ledgers.recognition import Recognition


@dataclass
class Looked:
    """Some of a form's rows: each with its record and what would stand in every place of the mappings; how many there are in all; the
    places whose columns the user may not see."""

    total: int
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)
    withheld: frozenset[int] = frozenset()


def look(
    recognition: Recognition,
    words: Dictionary,
    drawn: Picture,
    *,
    region_code: str,
    on: date,
    user: Any,
    limit: int | None = None,
    offset: int = 0,
    ids: Sequence[int] | None = None,
) -> Looked:
    """The rows of a roster, or the people of cards, from `offset` on. Raises RuleError as filling does."""
    check_fillable(recognition)
    scopes = permitted_scopes(user, region_code)
    refuse_sensitive(recognition, user, scopes, words)
    used, hidden = usable(recognition.mappings, recognition.subject, user, scopes, words)
    wish = replace(wish_for(recognition, used, words, scopes, on), ids=ids)
    places = {id(one): place for place, one in enumerate(recognition.mappings)}
    at = {path: number for number, path in enumerate(wish.elements)}
    knowledge = Words(words, recognition.subject)
    writers = [
        (
            places[id(one)],
            at[one.element],
            one.column,
            ColumnWriter(
                one,
                words.walk(recognition.subject, one.element)[2],
                drawn.options(one.row or recognition.first_row, one.column),
                knowledge,
                "",
            ),
        )
        for one in used
    ]
    made = Looked(int(plan.total(wish, words=words)), withheld=frozenset(hidden))
    for identity, values in plan.rows(replace(wish, limit=limit, offset=offset), words):
        cells: list[Any] = [None] * len(recognition.mappings)
        written: dict[int, Any] = {}
        for place, number, column, convert in writers:
            value, _problem = convert(values[number], written)
            written[column] = cells[place] = value
        made.rows.append((identity, cells))
    return made

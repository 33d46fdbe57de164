"""One answer about a record that is known, taken into the base as a row of a roster would be: read, weighed, applied by the registry's
own actions. Nothing is kept of it here but what those actions record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from linli.audit.recording import RuleError
from linli.facts.dictionary import UnknownTerm, dictionary
from linli.ledgers.meaning.mapping import ELEMENT, Mapping
from linli.ledgers.meaning.population import Population
from linli.ledgers.recognition import Recognition
from linli.registry.sources import knowing
from linli.returns.models import Return
from linli.returns.placebook import PlaceBook
from linli.returns.saying import Row
from linli.returns.takers import TAKERS
from linli.returns.takers.base import Taker
from linli.returns.takers.holding import Holding

# Subjects whose takers go on from a record that is known.
SUBJECTS: Final = frozenset(("person", "household", "home", "organisation"))
VISIT: Final = "visit"


def _taker(
    user: Any, subject: str, element: str, region_code: str, on: date, said_by: str, options: Sequence[str]
) -> Taker | None:
    words = dictionary.refresh()
    if subject not in SUBJECTS:
        return None
    try:
        label = words.label(subject, element)
    except UnknownTerm:
        return None
    recognition = Recognition(
        title=said_by,
        population=Population(subject=subject),
        mappings=[
            Mapping(1, (label,), ELEMENT, element, label, 1.0, options=tuple(options)),
        ],
    )
    told = Return(
        region_code=region_code,
        name=said_by,
        title=said_by,
        sender=said_by,
        source=knowing.kind(VISIT),
        on=on,
        uploaded_by=user,
        recognised=recognition.as_json(),
    )
    found = TAKERS[subject](told, user, words)
    return found if found.columns else None


def has_place(user: Any, subject: str, element: str, region_code: str) -> bool:
    """Whether the base takes answers to an element: facts that follow from others have no place of their own."""
    return _taker(user, subject, element, region_code, date(2000, 1, 1), "入户采集", ()) is not None


def take_answer(
    *,
    acting_user: Any,
    subject: str,
    record: int,
    element: str,
    value: str,
    region_code: str,
    on: date,
    said_by: str = "入户采集",
    options: Sequence[str] = (),
) -> bool:
    """Write what was said of a record into the base, by the word of a visit. False where the base has no place for it.

    Raises RuleError with the sentence of whatever refuses it: what is no date or number or not in the list, what contradicts a more
    reliable source, what the user may not write.
    """
    taker = _taker(acting_user, subject, element, region_code, on, said_by, options)
    if taker is None:
        return False
    taker.places, taker.holding = PlaceBook(taker.region), Holding(taker.returned)
    row, parts = taker.read_row(1, {1: value})
    _refuse(row)
    row.record = record
    taker.plan([(row, parts)])
    _refuse(row)
    if not row.do:
        if row.changes:
            raise RuleError("登记库里已有不同的内容，而且来源更可靠。请先到登记库核对，再改。", field="value")
        return True
    taker.apply(row)
    _refuse(row)
    return True


def _refuse(row: Row) -> None:
    if row.problems:
        label, said = row.problems[0]
        raise RuleError(f"{said}" if not label or label in said else f"{label}：{said}", field="value")

"""Fill the forms of a folder from the made-up street and compare every blank with the truth."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from linli.audit.recording import SYSTEM, RuleError
from linli.facts.dictionary import Dictionary
from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import BadWorkbook, Picture, open_workbook, pictures
from linli.ledgers.filling import fill
from linli.ledgers.filling.numbers import region_rows
from linli.ledgers.measuring import comparing
from linli.ledgers.measuring.expectations import Expected, FormExpectation
from linli.ledgers.measuring.made_up import COMMUNITY, ON, STREET
from linli.ledgers.measuring.others import card_blanks, member_blanks, number_blanks, region_blanks
from linli.ledgers.measuring.outcomes import (
    ASKED,
    BLANK,
    DECLINED,
    RIGHT,
    UNTESTED,
    WRONG,
    BlankResult,
)
from linli.ledgers.measuring.truth import Truth, rows_of
from linli.ledgers.recognition import Recognition, recognise


@dataclass
class FormResult:
    """What became of one form."""

    name: str
    kind: str = ""
    blanks: list[BlankResult] = field(default_factory=list)
    problem: str = ""
    seconds: float = 0.0
    rows: tuple[int, int] = (0, 0)

    def count(self, outcome: str, answerable: str = "", *, known: bool | None = None) -> int:
        """How many blanks ended so."""
        return sum(
            1
            for one in self.blanks
            if one.outcome == outcome
            and (not answerable or one.answerable == answerable)
            and (known is None or one.known == known)
        )


def measure_form(path: Path, expected: FormExpectation, words: Dictionary) -> FormResult:
    """Fill one form and compare. Whatever stops the filling is a problem of the form, never an exception."""
    result = FormResult(path.stem, expected.kind)
    data = path.read_bytes()
    begun = time.perf_counter()
    try:
        seen = pictures(open_workbook(data))
        recognition = recognise(seen, words, path.name)
    except BadWorkbook as problem:
        result.problem = str(problem)
        return result
    result.seconds = time.perf_counter() - begun
    if expected.whole:
        _whole(result, expected, recognition)
        return result
    if expected.parts:
        _parts(result, expected, recognition, data, seen, words)
        return result
    if expected.kind != "roster":
        _other(result, expected, recognition, data, words)
        return result
    book = open_workbook(data)
    try:
        account = fill(book, recognition, words, region_code=COMMUNITY, on=ON, user=SYSTEM)
        out = io.BytesIO()
        save(book, out)
    except RuleError as problem:
        result.problem = str(problem)
        _all_blank(result, expected, words)
        return result
    filled = load_workbook(io.BytesIO(out.getvalue()))
    sheet = filled[expected.sheet] if expected.sheet in filled.sheetnames else filled[recognition.sheet]
    _roster(result, expected, recognition, sheet, seen, account, words)
    return result


def _parts(
    result: FormResult,
    expected: FormExpectation,
    recognition: Recognition,
    data: bytes,
    seen: list[Picture],
    words: Dictionary,
) -> None:
    """A workbook of several regions, filled in one go; each compared on its own."""
    book = open_workbook(data)
    try:
        account = fill(book, recognition, words, region_code=COMMUNITY, on=ON, user=SYSTEM)
    except RuleError as problem:
        result.problem = str(problem)
        for part in expected.parts:
            _all_blank(result, part, words)
        return
    out = io.BytesIO()
    save(book, out)
    filled = load_workbook(io.BytesIO(out.getvalue()))
    left = list(zip(recognition.regions_of_form, account.everywhere, strict=True))
    wanted, given = 0, 0
    for part in expected.parts:
        found = next((pair for pair in left if _answers(part, pair[0])), None)
        if found is None:
            _all_blank(result, part, words)
            continue
        left.remove(found)
        region, told = found
        result.problem = result.problem or told.problem
        sheet = filled[part.sheet]
        if part.kind == "aggregate":
            result.blanks.extend(number_blanks(part, region, sheet, words, COMMUNITY, moved=told.moved))
            continue
        _roster(result, part, region, sheet, seen, told, words)
        wanted, given = wanted + result.rows[0], given + result.rows[1]
    result.rows = (wanted, given)


def _answers(part: FormExpectation, region: Recognition) -> bool:
    """Whether a recognised region is the one that a part of the expectation speaks of."""
    if region.sheet != part.sheet or (part.kind == "aggregate") != (region.kind == "aggregate"):
        return False
    if part.kind == "aggregate":
        return True
    columns = {column_index_from_string(blank.place) for blank in part.columns}
    return columns == {mapping.column for mapping in region.mappings}


def _other(
    result: FormResult, expected: FormExpectation, recognition: Recognition, data: bytes, words: Dictionary
) -> None:
    """A card (filled for several people one by one) or a table of numbers."""
    region = STREET if expected.regions else COMMUNITY
    before = load_workbook(io.BytesIO(data))
    sheet_name = expected.sheet if expected.sheet in before.sheetnames else recognition.sheet
    try:
        if expected.kind == "aggregate":
            book = open_workbook(data)
            fill(book, recognition, words, region_code=region, on=ON, user=SYSTEM)
            sheet = book[sheet_name]
            if expected.regions:
                keys = region_rows(region, expected.regions)[0]
                result.blanks.extend(region_blanks(expected, recognition, sheet, words, keys, region))
            else:
                result.blanks.extend(number_blanks(expected, recognition, sheet, words, region))
            return
        _cards(result, expected, recognition, data, before[sheet_name], words)
    except RuleError as problem:
        result.problem = str(problem)
        _all_blank(result, expected, words)


def _cards(
    result: FormResult,
    expected: FormExpectation,
    recognition: Recognition,
    data: bytes,
    before: Worksheet,
    words: Dictionary,
) -> None:
    truth = rows_of(expected, expected.blanks, words, COMMUNITY, ON)
    result.rows = (len(truth.ids), len(truth.ids))
    worst: dict[str, BlankResult] = {}
    order = {WRONG: 0, BLANK: 1, ASKED: 2, DECLINED: 3, RIGHT: 4, UNTESTED: 5}
    for row in range(0, len(truth.ids), max(1, len(truth.ids) // 12)):
        book = open_workbook(data)
        fill(book, recognition, words, region_code=COMMUNITY, on=ON, user=SYSTEM, ids=[truth.ids[row]])
        sheet = book[before.title] if before.title in book.sheetnames else book.worksheets[0]
        found = card_blanks(expected, recognition, before, sheet, words, truth, row)
        for listed in expected.members:
            found.extend(member_blanks(expected, listed, sheet, truth.ids[row], words))
        for one in found:
            kept = worst.setdefault(one.place, one)
            kept.cells[one.outcome] += 1
            kept.stayed_free = kept.stayed_free and one.stayed_free
            if order[one.outcome] < order[kept.outcome]:
                kept.outcome, kept.note = one.outcome, one.note
    result.blanks.extend(worst.values())


def _whole(result: FormResult, expected: FormExpectation, recognition: Recognition) -> None:
    """A form that is to be declined, or that the registry knows nothing of."""
    declined = bool(recognition.declined)
    for place, answerable in expected.answerable.items():
        if expected.whole == "declined":
            outcome = DECLINED if declined else WRONG if recognition.fillable else BLANK
            result.blanks.append(BlankResult(place, "", answerable, outcome, by_design=True))
        else:
            outcome = WRONG if recognition.fillable else RIGHT
            result.blanks.append(BlankResult(place, "", answerable, outcome, known=False))


def _all_blank(result: FormResult, expected: FormExpectation, words: Dictionary) -> None:
    asked = [*expected.columns, *expected.blanks]
    truth = rows_of(expected, asked, words, COMMUNITY, ON) if expected.subject else Truth()
    for blank in [*expected.columns, *expected.blanks]:
        known = any(path in truth.values for path in blank.paths) or "serial" in blank.options
        outcome = RIGHT if blank.may_be_blank else BLANK
        result.blanks.append(
            BlankResult(
                blank.place,
                blank.label,
                blank.answerable,
                outcome,
                known=known or bool(blank.number),
                stayed_free=blank.may_be_blank,
                by_design="declined" in blank.options,
            )
        )


def _options(pictures_seen: list[Picture], sheet: str, row: int, column: int) -> tuple[tuple[str, ...], bool]:
    """The options of a plain drop-down at a cell, and whether it is a cascade."""
    for one in pictures_seen:
        if one.name == sheet and (choices := one.options(row, column)) is not None:
            return choices.options, bool(choices.depends_on)
    return (), False


def _roster(
    result: FormResult,
    expected: FormExpectation,
    recognition: Recognition,
    sheet: Worksheet,
    seen: list[Picture],
    account: Any,
    words: Dictionary,
) -> None:
    truth = rows_of(expected, expected.columns, words, COMMUNITY, ON)
    result.rows = (len(truth.ids), account.rows)
    place_of = {identity: number for number, identity in enumerate(account.ids)}
    targets = {mapping.column: mapping.target for mapping in recognition.mappings}
    same = set(truth.ids) == set(account.ids)
    for blank in expected.columns:
        column = column_index_from_string(blank.place)
        one = BlankResult(blank.place, blank.label, blank.answerable, UNTESTED)
        one.known = "serial" in blank.options or any(path in truth.values for path in blank.paths)
        one.stayed_free, one.by_design = blank.may_be_blank, "declined" in blank.options
        options, cascade = _options(seen, sheet.title, recognition.first_row, column)
        for number, identity in enumerate(truth.ids):
            at = place_of.get(identity)
            cell = (
                None
                if at is None
                else sheet.cell(*_cell_of(expected, recognition, account, at, column)).value
            )
            one.stayed_free = one.stayed_free and comparing.is_blank(cell)
            outcome, note = _cell(blank, cell, truth, number, at, options, cascade)
            if outcome:
                one.cells[outcome] += 1
                one.note = one.note or (note if outcome in (WRONG, BLANK) else "")
        one.outcome = _verdict(one, blank, targets.get(column, ""), same)
        result.blanks.append(one)


def _cell_of(
    expected: FormExpectation, recognition: Recognition, account: Any, at: int, column: int
) -> tuple[int, int]:
    """Where the row at a place of a list stands; a list in halves is read down its first half, then down the next."""
    if not expected.halves:
        return account.first_row + at, column
    printed = recognition.last_row - recognition.first_row + 1
    halves = len(expected.halves)
    height = printed if account.rows <= printed * halves else -(-account.rows // halves)
    half, line = divmod(at, height)
    first = column_index_from_string(expected.halves[0])
    return account.first_row + line, column - first + column_index_from_string(expected.halves[half])


def _cell(
    blank: Expected,
    cell: Any,
    truth: Truth,
    number: int,
    at: int | None,
    options: tuple[str, ...],
    cascade: bool,
) -> tuple[str, str]:
    """The outcome of one cell of a roster, "" where there is nothing to test."""
    empty = comparing.is_blank(cell)
    if "serial" in blank.options:
        return (RIGHT if cell == (at or 0) + 1 else WRONG), f"{cell!r}"
    held = [(path, truth.values[path][number]) for path in blank.paths if path in truth.values]
    told = [(path, value) for path, value in held if value is not None and value != "" and value != []]
    if empty:
        if blank.may_be_blank:
            return RIGHT, ""
        if not told:
            return "", ""
        if not any(comparing.offered(value, truth.elements[path], options) for path, value in told):
            return "", ""
        return BLANK, f"{told[0][0]}={told[0][1]!r}"
    for path, value in told:
        if comparing.agrees(cell, value, truth.elements[path], options or (("",) if cascade else ())):
            return RIGHT, ""
    shown = f"{cell!r} ≠ {told[0][1]!r}" if told else f"{cell!r}，应空"
    return WRONG, shown


def _verdict(one: BlankResult, blank: Expected, target: str, same: bool) -> str:
    if one.cells[WRONG]:
        return WRONG
    if target == "asked" and not (blank.may_be_blank and not blank.paths):
        return ASKED
    if one.cells[BLANK]:
        return BLANK
    if target == "asked":
        return ASKED
    if "declined" in blank.options:
        return DECLINED if target == "declined" else RIGHT
    if not same and not blank.may_be_blank:
        return WRONG
    if not one.cells and not blank.may_be_blank:
        return UNTESTED if one.known else BLANK
    return RIGHT

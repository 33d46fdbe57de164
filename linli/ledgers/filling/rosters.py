"""Filling a roster: one wish, one query, the rows written in the form's own manner, and an account of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl.workbook.workbook import Workbook

from linli.audit.recording import RuleError
from linli.facts import plan
from linli.facts.dictionary import Dictionary
from linli.ledgers.book.workbook import Picture, picture
from linli.ledgers.book.writing import write_rows
from linli.ledgers.filling.account import EMPTY, PREVIEW_ROWS, Account, ColumnAccount, opened
from linli.ledgers.filling.scope import permitted_scopes, refuse_sensitive, usable, wish_for
from linli.ledgers.filling.unit_line import fill_unit_line
from linli.ledgers.filling.values import ColumnWriter, Words, shown
from linli.ledgers.meaning.mapping import SERIAL, Mapping
from linli.ledgers.recognition import Recognition


def fill_roster(
    book: Workbook,
    recognition: Recognition,
    words: Dictionary,
    *,
    region_code: str,
    on: date,
    user: Any,
    highlight: bool = False,
) -> Account:
    """Fill the workbook in place. Raises RuleError when it may not or cannot be filled."""
    scopes = permitted_scopes(user, region_code)
    knowledge = Words(words, recognition.subject)
    refuse_sensitive(recognition, user, scopes, words)
    sheet = book[recognition.sheet]
    drawn = picture(sheet)
    account = Account()
    used, hidden = usable(recognition.mappings, recognition.subject, user, scopes, words)
    for place, mapping in enumerate(recognition.mappings):
        column = opened(mapping)
        account.columns.append(column)
        if place in hidden:
            column.target = "withheld"
            column.reasons = [f"您没有查看“{hidden[place]}”信息的权限"]
    wish = wish_for(recognition, used, words, scopes, on)
    rows = list(plan.rows(wish, words))
    if len(rows) > 1_000_000:
        raise RuleError("名单超过一百万行，放不进一张工作表，请选择较小的区域。")
    writer = _row_writer(recognition, drawn, used, wish, knowledge, account)
    lines, write_line = in_halves(recognition, rows, writer)
    account.first_row = write_rows(
        sheet,
        lines,
        write_line,
        first_row=recognition.first_row,
        footer_row=recognition.footer_row,
        columns=[m.column + shift for shift in (0, *recognition.shifts) for m in recognition.mappings],
        hint_rows=recognition.hint_rows if recognition.delete_hints else (),
        highlight=highlight,
    )
    account.pushed = pushed(recognition.footer_row, account.first_row, len(lines))
    account.rows = len(rows)
    for column in account.columns:
        if column.target in EMPTY:
            column.blank = account.rows
    account.ids = [identity for identity, _values in rows]
    account.elements = [mapping.element for mapping in used]
    account.unit_cells = fill_unit_line(book, recognition, region_code, on)
    return account


def pushed(footer_row: int, first_row: int, rows: int) -> tuple[int, int] | None:
    """Before which row how many were put in to make room; None when the rows fitted."""
    more = rows - (footer_row - first_row)
    return (footer_row, more) if footer_row and more > 0 else None


def in_halves(recognition: Recognition, rows: list[Any], writer: Any) -> tuple[list[Any], Any]:
    """The lines of a list that goes on beside itself, and what writes one: down the first half, then down the next."""
    if not recognition.shifts:
        return rows, writer
    parts = 1 + len(recognition.shifts)
    printed = max(recognition.last_row - recognition.first_row + 1, 0)
    height = max(printed if len(rows) <= printed * parts else 0, -(-len(rows) // parts))
    height = min(height, len(rows)) or 1
    lines = [(identity, [place]) for place, (identity, _values) in enumerate(rows[:height])]

    def write(number: int, _identity: int, _values: Sequence[Any]) -> list[tuple[int, Any]]:
        made: list[tuple[int, Any]] = []
        for half, shift in enumerate((0, *recognition.shifts)):
            place = number - 1 + half * height
            if place < len(rows):
                identity, values = rows[place]
                made.extend((column + shift, value) for column, value in writer(place + 1, identity, values))
        return made

    return lines, write


def _row_writer(
    recognition: Recognition,
    drawn: Picture,
    used: list[Mapping],
    wish: plan.Wish,
    knowledge: Words,
    account: Account,
) -> Any:
    places = {path: number for number, path in enumerate(wish.elements)}
    by_column = {column.column: column for column in account.columns}
    writers: list[tuple[int, int, ColumnWriter, ColumnAccount]] = []
    for mapping in used:
        element = knowledge.dictionary.walk(recognition.subject, mapping.element)[2]
        hint = next(
            (
                drawn.text(row, mapping.column)
                for row in recognition.hint_rows
                if drawn.text(row, mapping.column)
            ),
            "",
        )
        choices = drawn.options(recognition.first_row, mapping.column)
        writers.append(
            (
                mapping.column,
                places[mapping.element],
                ColumnWriter(mapping, element, choices, knowledge, hint),
                by_column[mapping.column],
            )
        )
    serials = [mapping.column for mapping in recognition.mappings if mapping.target == SERIAL]

    def write(number: int, _identity: int, values: Sequence[Any]) -> list[tuple[int, Any]]:
        written: dict[int, Any] = {}
        for column in serials:
            written[column] = number
            by_column[column].filled += 1
        for column, place, convert, tally in writers:
            asked = values[place]
            if asked is None:
                written[column] = None
                tally.blank += 1
                continue
            if convert.as_is and type(asked) is str and asked:
                written[column] = asked
                tally.filled += 1
                continue
            value, problem = convert(asked, written)
            written[column] = value
            if value is None:
                tally.blank += 1
            else:
                tally.filled += 1
            if problem:
                tally.problems[problem] = tally.problems.get(problem, 0) + 1
        if len(account.preview) < PREVIEW_ROWS:
            account.preview.append([shown(written.get(m.column), m, knowledge) for m in recognition.mappings])
        return list(written.items())

    return write

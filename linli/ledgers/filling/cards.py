"""Filling cards: one person, household, home or organisation a sheet; the form's sheet is copied for each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from linli.audit.recording import RuleError
from linli.facts import plan
from linli.facts.dictionary import Dictionary, Element, Kind
from linli.facts.gatherings import gathering, members
from linli.kernel import codes
from linli.kernel.scope import Scope
from linli.kernel.textnorm import squash
from linli.ledgers.book.workbook import Picture, formula_of, picture
from linli.ledgers.filling import marks
from linli.ledgers.filling.account import PREVIEW_ROWS, Account, ColumnAccount, opened
from linli.ledgers.filling.scope import permitted_scopes, refuse_sensitive, usable, wish_for
from linli.ledgers.filling.unit_line import fill_unit_line
from linli.ledgers.filling.values import ColumnWriter, Words, shown
from linli.ledgers.meaning.cards import MemberList
from linli.ledgers.meaning.manner import fit_code
from linli.ledgers.meaning.mapping import ELEMENT, RELATION, SERIAL, Mapping
from linli.ledgers.recognition import Recognition
from linli.ledgers.sheet import writing_places as places

MOST_CARDS = 300


@dataclass
class _Blank:
    """One mapping with what writes its value."""

    mapping: Mapping
    element: Element
    writer: ColumnWriter
    place: int
    line: ColumnAccount


@dataclass
class _Rows:
    """The members that one list shows, by owner: their relation codes and values."""

    listed: MemberList
    blanks: list[_Blank]
    by_owner: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    values: dict[int, list[Any]] = field(default_factory=dict)

    @property
    def room(self) -> int:
        """How many members the card has printed rows for."""
        return self.listed.last_row - self.listed.first_row + 1

    def of(self, owner: int) -> list[tuple[int, str]]:
        """The members of an owner with their relation codes, in the card's order."""
        return [(m, relation) for m, relation in self.by_owner.get(owner, []) if m in self.values]

    def pages(self, owner: int) -> int:
        """How many cards the members of an owner take, one at least."""
        return max(1, -(-len(self.of(owner)) // self.room))


class _Cards:
    def __init__(
        self,
        recognition: Recognition,
        words: Dictionary,
        drawn: Picture,
        account: Account,
        user: Any,
        scopes: Sequence[Scope],
    ) -> None:
        self.recognition, self.words, self.drawn, self.account = recognition, words, drawn, account
        self.knowledge = Words(words, recognition.subject)
        self.group_words = {
            squash(c.label): [c.label, *c.also]
            for c in words.subject("person").conditions.values()
            if c.key.startswith("in_")
        }
        used, hidden = usable(recognition.mappings, recognition.subject, user, scopes, words)
        lines = []
        for place, mapping in enumerate(recognition.mappings):
            line = opened(mapping)
            if place in hidden:
                line.target, line.reasons = "withheld", [f"您没有查看“{hidden[place]}”信息的权限"]
            account.columns.append(line)
            lines.append((mapping, line))
        self.elements = list(dict.fromkeys(mapping.element for mapping in used))
        # How far from the recognised card the one stands that is written.
        self.shift = (0, 0)
        chosen = {id(mapping) for mapping in used}
        self.blanks = [
            self._blank(mapping, recognition.subject, self.elements, line)
            for mapping, line in lines
            if id(mapping) in chosen
        ]

    def _blank(self, mapping: Mapping, subject: str, elements: list[str], line: ColumnAccount) -> _Blank:
        element = self.words.walk(subject, mapping.element)[2]
        choices = self.drawn.options(mapping.row, mapping.column)
        writer = ColumnWriter(mapping, element, choices, self.knowledge, "")
        return _Blank(mapping, element, writer, elements.index(mapping.element), line)

    # --- lists ----------------------------------------------------------------------------------------------
    def rows_of(self, listed: MemberList, owners: Sequence[int], on: date, scopes: Any) -> _Rows | None:
        """The members of every owner with what the list asks of them."""
        if not listed.gathering:
            return None
        one = gathering(self.recognition.subject, listed.gathering)
        wanted = [mapping for mapping in listed.mappings if mapping.target == ELEMENT]
        elements = list(dict.fromkeys(mapping.element for mapping in wanted))
        made = _Rows(listed, [])
        for mapping in listed.mappings:
            line = opened(mapping)
            self.account.columns.append(line)
            if mapping in wanted:
                made.blanks.append(self._blank(mapping, one.to, elements, line))
        made.by_owner = members(one, owners, on)
        ids = sorted({member for found in made.by_owner.values() for member, _relation in found})
        wish = plan.Wish(
            subject=one.to, scopes=scopes, on=on, elements=elements, ids=ids, conditions=one.conditions
        )
        made.values = dict(plan.rows(wish, self.words))
        return made

    def write_list(self, sheet: Worksheet, rows: _Rows, owner: int, page: int = 0) -> None:
        """Write the members of one owner that stand on a page of theirs: the card itself, then its continuation sheets."""
        listed, start = rows.listed, page * rows.room
        for number, (member, relation) in enumerate(rows.of(owner)[start : start + rows.room], start=start):
            row = listed.first_row + number - start
            for mapping in listed.mappings:
                if mapping.target == RELATION and relation:
                    self._put(sheet, row, mapping.column, self._relation(relation, row, mapping.column))
                elif mapping.target == SERIAL:
                    self._put(sheet, row, mapping.column, number + 1)
            for blank in rows.blanks:
                value = rows.values[member][blank.place]
                written, _problem = blank.writer(value, {})
                blank.line.filled += written is not None
                blank.line.blank += written is None
                if written is not None:
                    self._put(sheet, row, blank.mapping.column, written)

    def go_on(self, book: Workbook, card: Worksheet, lists: Sequence[_Rows], owner: int) -> list[str]:
        """Where an owner has more members than the card has rows: copies of the card behind it that go on with them. Returns
        their names."""
        made = []
        for page in range(1, max((rows.pages(owner) for rows in lists), default=1)):
            sheet = copied(book, card, f"{card.title[:18]}续表{page}")
            book.move_sheet(sheet, book.index(card) + page - book.index(sheet))
            for rows in lists:
                _clear(sheet, rows.listed)
                self.write_list(sheet, rows, owner, page)
            made.append(sheet.title)
        return made

    def _relation(self, code: str, row: int, column: int) -> str:
        choices = self.drawn.options(row, column)
        if choices is not None and choices.options:
            return fit_code(codes.KINSHIP, code, choices.options) or ""
        return codes.KINSHIP.label(code)

    # --- blanks ---------------------------------------------------------------------------------------------
    def write(self, sheet: Worksheet, values: Sequence[Any]) -> list[str]:
        """Write one card; returns what is shown of it."""
        written: dict[int, Any] = {}
        by_cell: dict[tuple[int, int], list[tuple[_Blank, Any]]] = defaultdict(list)
        preview = {}
        for blank in self.blanks:
            value = values[blank.place]
            plain, problem = self._plain(blank, value, written)
            if problem:
                blank.line.problems[problem] = blank.line.problems.get(problem, 0) + 1
            if plain is None:
                blank.line.blank += 1
                continue
            by_cell[blank.mapping.row, blank.mapping.column].append((blank, (value, plain)))
            preview[id(blank.mapping)] = plain
        for (row, column), found in by_cell.items():
            self._cell(sheet, row, column, found)
        return [shown(preview.get(id(m)), m, self.knowledge) for m in self.recognition.mappings]

    def _plain(self, blank: _Blank, value: Any, written: dict[int, Any]) -> tuple[Any, str]:
        if value is None or value == "" or value == []:
            return None, ""
        if blank.mapping.form in (
            places.CHOICES,
            places.DIGITS,
            places.INLINE,
            places.BOXES,
            places.TEMPLATE,
        ):
            if blank.element.kind is Kind.CODE and blank.element.codes is not None:
                return blank.element.codes.label(str(value)), ""
            if blank.element.kind is Kind.CODES:
                return "、".join(str(one) for one in value), ""
        found, problem = blank.writer(value, written)
        written[blank.mapping.column] = found
        return found, problem

    def _cell(self, sheet: Worksheet, row: int, column: int, found: list[tuple[_Blank, Any]]) -> None:
        cell = sheet.cell(row + self.shift[0], column + self.shift[1])
        text = str(cell.value) if isinstance(cell.value, str) else ""
        form = found[0][0].mapping.form
        if form in ("", places.CELL):
            blank, (_value, plain) = found[0]
            self._put(sheet, row, column, plain)
            blank.line.filled += 1
            return
        pieces = places.pieces(text) if form == places.INLINE else []
        for blank, (value, plain) in sorted(found, key=lambda one: -one[0].mapping.piece):
            said = f"{plain:%Y-%m-%d}" if isinstance(plain, date) else str(plain)
            if form == places.INLINE:
                if blank.mapping.piece >= len(pieces):
                    blank.line.blank += 1
                    continue
                piece = pieces[blank.mapping.piece]
                made = marks.into(
                    piece.text, value, said, blank.element, self.group_words, blank.mapping.values
                )
                if made is not None:
                    tail = (
                        "  "
                        if text[piece.end :].strip() and piece.manner in (places.CELL, places.TEMPLATE)
                        else ""
                    )
                    text = f"{text[: piece.start]}{made}{tail}{text[piece.end :]}"
            else:
                made = marks.into(text, value, said, blank.element, self.group_words, blank.mapping.values)
                text = made if made is not None else text
            if made is None:
                blank.line.blank += 1
                note = f"表上的选项里没有“{said}”"
                blank.line.problems[note] = blank.line.problems.get(note, 0) + 1
            else:
                blank.line.filled += 1
        self._put(sheet, row, column, text)

    def _put(self, sheet: Worksheet, row: int, column: int, value: Any) -> None:
        cell = sheet.cell(row + self.shift[0], column + self.shift[1])
        if isinstance(cell, MergedCell) or value in (None, "") or formula_of(cell):
            return
        number_format = cell.number_format
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        if cell.number_format != number_format:
            cell.number_format = number_format


def _clear(sheet: Worksheet, listed: MemberList) -> None:
    """Empty what a list's rows say of members; what the form prints or computes there stays."""
    columns = [m.column for m in listed.mappings if m.target in (ELEMENT, RELATION, SERIAL)]
    for row in range(listed.first_row, listed.last_row + 1):
        for cell in (sheet.cell(row, column) for column in columns):
            if not isinstance(cell, MergedCell) and not formula_of(cell):
                cell.value = None


_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def copied(book: Workbook, source: Worksheet, title: str) -> Worksheet:
    """A copy of the card's sheet with its drop-downs, print settings and conditional formats."""
    made = book.copy_worksheet(source)
    name = _FORBIDDEN.sub("", title)[:24] or "表"
    number, wanted = 1, name
    while wanted in book.sheetnames:
        number += 1
        wanted = f"{name}{number}"
    made.title = wanted
    for rule in source.data_validations.dataValidation:
        made.add_data_validation(copy(rule))
    for entry in source.conditional_formatting:
        for rule in entry.rules:
            made.conditional_formatting.add(str(entry.sqref), rule)
    made.page_margins = copy(source.page_margins)
    made.print_options = copy(source.print_options)
    made.sheet_properties = copy(source.sheet_properties)
    made.freeze_panes = source.freeze_panes
    for part in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
        setattr(made.HeaderFooter, part, copy(getattr(source.HeaderFooter, part)))
    made.row_breaks, made.col_breaks = copy(source.row_breaks), copy(source.col_breaks)
    if source.print_area:
        made.print_area = [part.rpartition("!")[2] for part in str(source.print_area).split(",")]
    made.print_title_rows, made.print_title_cols = source.print_title_rows, source.print_title_cols
    return made


def fill_cards(
    book: Workbook,
    recognition: Recognition,
    words: Dictionary,
    *,
    region_code: str,
    on: date,
    user: Any,
    ids: Sequence[int] | None = None,
) -> Account:
    """Fill a sheet for each row of the population (or each of `ids`).

    Raises RuleError when the user may not, when nobody is there, or when there are more than fit a workbook.
    """
    scopes = permitted_scopes(user, region_code)
    refuse_sensitive(recognition, user, scopes, words)
    account = Account()
    sheet = book[recognition.sheet]
    cards = _Cards(recognition, words, picture(sheet), account, user, scopes)
    wish = replace(wish_for(recognition, [blank.mapping for blank in cards.blanks], words, scopes, on))
    wish = replace(
        wish, elements=cards.elements, ids=list(ids) if ids is not None else None, limit=MOST_CARDS + 1
    )
    rows = list(plan.rows(wish, words))
    if len(rows) > MOST_CARDS:
        raise RuleError(
            f"符合条件的超过 {MOST_CARDS} 个，一个工作簿放不下；请选择较小的区域、限定填报范围，或只选要填的人。",
            field="region",
        )
    if not rows:
        raise RuleError("所选区域里没有符合条件的人或户，请检查填报范围和日期。", field="region")
    owners = [identity for identity, _values in rows]
    lists = [
        made for one in recognition.lists if (made := cards.rows_of(one, owners, on, scopes)) is not None
    ]
    account.unit_cells = fill_unit_line(book, recognition, region_code, on)
    key = "name" if "name" in words.subject(recognition.subject).elements else ""
    names = _names(recognition, words, wish, key) if len(rows) > 1 else {}
    if recognition.copies:
        _write_stacked(book, sheet, cards, rows, lists, names)
    else:
        _write_each(book, sheet, cards, rows, lists, names)
    _finish(account, recognition, cards, owners)
    return account


Rows = Sequence[tuple[int, Sequence[Any]]]


def _write_each(
    book: Workbook, sheet: Worksheet, cards: _Cards, rows: Rows, lists: Sequence[_Rows], names: dict[int, str]
) -> None:
    """A sheet for each row, with its continuations right behind it."""
    account = cards.account
    targets = [sheet]
    for identity, _values in rows[1:]:
        targets.append(copied(book, sheet, names.get(identity, "")))
    if len(rows) > 1 and names.get(rows[0][0]):
        sheet.title = _free(book, names[rows[0][0]], sheet.title)
    for target, (identity, values) in zip(targets, rows, strict=True):
        preview = cards.write(target, values)
        for made in lists:
            cards.write_list(target, made, identity)
        account.continued.extend(cards.go_on(book, target, lists, identity))
        account.sheets.append(target.title)
        if len(account.preview) < PREVIEW_ROWS:
            account.preview.append(preview)


def _write_stacked(
    book: Workbook, sheet: Worksheet, cards: _Cards, rows: Rows, lists: Sequence[_Rows], names: dict[int, str]
) -> None:
    """As many cards on a sheet as it has printed; members beyond a card's rows go on upon the next card."""
    account = cards.account
    shifts = [(0, 0), *cards.recognition.copies]
    slots = [
        (identity, values, page)
        for identity, values in rows
        for page in range(max((one.pages(identity) for one in lists), default=1))
    ]
    held = len(shifts)
    chunks = [slots[start : start + held] for start in range(0, len(slots), held)]
    targets = [sheet]
    for chunk in chunks[1:]:
        targets.append(copied(book, sheet, f"{names.get(chunk[0][0], '')}等"))
    if len(chunks) > 1 and names.get(rows[0][0]):
        sheet.title = _free(book, f"{names[rows[0][0]]}等", sheet.title)
    for target, chunk in zip(targets, chunks, strict=True):
        for cards.shift, (identity, values, page) in zip(shifts, chunk, strict=False):
            preview = cards.write(target, values)
            for made in lists:
                cards.write_list(target, made, identity, page)
            if page:
                account.continued.append(f"{target.title}（{names.get(identity, '')}）")
                continue
            account.sheets.append(target.title)
            if len(account.preview) < PREVIEW_ROWS:
                account.preview.append(preview)
    cards.shift = (0, 0)


def _free(book: Workbook, title: str, own: str) -> str:
    name = _FORBIDDEN.sub("", title)[:24]
    return name if name and name not in book.sheetnames else own


def _names(recognition: Recognition, words: Dictionary, wish: plan.Wish, key: str) -> dict[int, str]:
    """What each sheet is called: the name of whom it is about."""
    subject = recognition.subject
    path = {"household": "head.name", "home": "address"}.get(subject, key)
    if not path:
        return {}
    return {
        identity: str(values[0] or "")
        for identity, values in plan.rows(replace(wish, elements=[path]), words)
    }


def _finish(account: Account, recognition: Recognition, cards: _Cards, owners: list[int]) -> None:
    account.rows = len(owners)
    account.ids = owners
    account.elements = cards.elements
    account.first_row = recognition.first_row
    for line in account.columns:
        if line.target in ("unknown", "asked", "declined", "withheld"):
            line.blank = account.rows

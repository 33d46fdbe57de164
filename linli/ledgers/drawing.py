"""The picture of a sheet beside its mappings: the rows worth seeing, headings marked by how sure their meaning is."""

from __future__ import annotations

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from linli.ledgers.book.workbook import Picture
from linli.ledgers.meaning.mapping import Mapping
from linli.ledgers.recognition import ROSTER, Recognition

MOST_ROWS, MOST_CARD_ROWS = 14, 60
MOST_COLUMNS = 90
MOST_TEXT = 120

TONES = {
    "element": "sure",
    "number": "sure",
    "relation": "sure",
    "serial": "sure",
    "asked": "asked",
    "unknown": "unknown",
    "never": "plain",
    "declined": "declined",
}


def tone(mapping: Mapping) -> str:
    """How a column is coloured: sure, likely, asked, unknown, declined or plain."""
    if mapping.target == "element" and mapping.confidence < 0.86:
        return "likely"
    return TONES.get(mapping.target, "plain")


@dataclass
class DrawnCell:
    """One cell of the drawn table."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    tone: str = ""
    head: bool = False
    letter: str = ""
    title: str = ""


@dataclass
class DrawnRow:
    """One row of the drawn table with its number on the sheet."""

    number: int
    cells: list[DrawnCell] = field(default_factory=list)


@dataclass
class Drawing:
    """The sheet as an HTML table can show it."""

    letters: list[str]
    rows: list[DrawnRow]
    cut: bool = False


def draw(picture: Picture, recognition: Recognition) -> Drawing:
    """The first rows of the form's sheet: title, unit line, headings, hints, two empty rows, the footer."""
    if recognition.kind != ROSTER and recognition.regions is None:
        return _whole(picture, recognition)
    tones = {mapping.column: tone(mapping) for mapping in recognition.mappings}
    last_column = min(max([*tones, picture.columns, 1]), MOST_COLUMNS)
    top, bottom = recognition.header_rows
    wanted = [row for row in range(1, top) if row in picture.by_row][-5:]
    wanted += [*range(top, bottom + 1), *recognition.hint_rows]
    wanted += [recognition.first_row, recognition.first_row + 1]
    if recognition.footer_row:
        wanted += [
            row for row in range(recognition.footer_row, recognition.footer_row + 2) if row in picture.by_row
        ]
    rows = sorted(dict.fromkeys(wanted))[:MOST_ROWS]
    covered: set[tuple[int, int]] = set()
    drawn: list[DrawnRow] = []
    for row in rows:
        line = DrawnRow(row)
        for column in range(1, last_column + 1):
            if (row, column) in covered:
                continue
            box = picture.box(row, column)
            right = min(box.right, last_column)
            below = [r for r in rows if row <= r <= box.bottom]
            for r in below:
                covered.update((r, c) for c in range(column, right + 1))
            text = picture.text(row, column)
            head = top <= row <= bottom and bool(text)
            leaf = box.bottom >= bottom or row == bottom
            line.cells.append(
                DrawnCell(
                    text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…",
                    right - column + 1,
                    len(below),
                    (tones.get(column, "plain") if leaf else "group") if head else "",
                    head,
                    get_column_letter(column),
                )
            )
        drawn.append(line)
    letters = [get_column_letter(column) for column in range(1, last_column + 1)]
    return Drawing(letters, drawn, picture.columns > last_column)


def _whole(picture: Picture, recognition: Recognition) -> Drawing:
    """A card or a table of numbers: the sheet with every blank coloured, what it will hold said in it."""
    asked = {(mapping.row, mapping.column): mapping for mapping in recognition.mappings}
    for listed in recognition.lists:
        asked.update({(listed.first_row, mapping.column): mapping for mapping in listed.mappings})
    last_column = min(max([column for _row, column in [*asked, *picture.values]], default=1), MOST_COLUMNS)
    last_row = min(max([row for row, _column in [*asked, *picture.values]], default=1), MOST_CARD_ROWS)
    covered: set[tuple[int, int]] = set()
    drawn: list[DrawnRow] = []
    for row in range(1, last_row + 1):
        line = DrawnRow(row)
        for column in range(1, last_column + 1):
            if (row, column) in covered:
                continue
            box = picture.box(row, column)
            bottom, right = min(box.bottom, last_row), min(box.right, last_column)
            covered.update((r, c) for r in range(row, bottom + 1) for c in range(column, right + 1))
            mapping = asked.get((row, column))
            text = picture.text(row, column)
            shown = text or (mapping.element_label if mapping is not None else "")
            if not shown and (row, column) in picture.formulas:
                shown = "由公式算出"
            line.cells.append(
                DrawnCell(
                    shown if len(shown) <= MOST_TEXT else shown[:MOST_TEXT] + "…",
                    right - column + 1,
                    bottom - row + 1,
                    tone(mapping) if mapping is not None else "",
                    mapping is not None,
                    mapping.where if mapping is not None else "",
                )
            )
        drawn.append(line)
    letters = [get_column_letter(column) for column in range(1, last_column + 1)]
    return Drawing(letters, drawn, picture.columns > last_column)

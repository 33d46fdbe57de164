"""The cells of lists are written into an empty form: rows of rosters, rows that are areas, tables, cards; a file's lists one after the
other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.workbook import Workbook

from linli.collecting import rules, shapes
from linli.collecting.rules import Grid
from linli.ledgers.book.writing import write_rows
from linli.ledgers.filling import follow, lowest_first
from linli.ledgers.filling.cards import copied
from linli.ledgers.filling.paper import set_cards
from linli.ledgers.filling.rosters import pushed
from linli.ledgers.filling.unit_line import fill_unit_line
from linli.ledgers.meaning.mapping import SERIAL
from linli.ledgers.recognition import AGGREGATE, CARD, Recognition

# Before which row how many were put in; None where nothing moved.
Pushed = tuple[int, int] | None
WriteOne = Callable[[Recognition, int], Pushed]


def write_lists(recognition: Recognition, write_one: WriteOne) -> None:
    """Have every list of a form written, the lowest of a sheet first: `write_one` gets a list (its footers where they stand by then)
    and its number."""
    numbers = {id(one): number for number, one in enumerate(recognition.regions_of_form)}
    done: list[tuple[str, tuple[int, int]]] = []
    for listed in lowest_first(recognition):
        here = replace(listed, parts=[])
        for sheet, moved in done:
            if sheet == here.sheet:
                follow(here, *moved)
        more = write_one(here, numbers[id(listed)])
        if more is not None:
            done.append((here.sheet, more))


def write_copy(
    book: Workbook,
    recognition: Recognition,
    grids: Sequence[Grid],
    filled: Workbook | None,
    region_code: str,
    on: date | None,
) -> None:
    """Write one copy's lists into the empty form. Cards are taken over from the workbook that was `filled` before."""
    set_cards(book, recognition)

    def write_one(listed: Recognition, number: int) -> Pushed:
        grid, sheet = grids[number], book[listed.sheet]
        more: Pushed = None
        if listed.kind == CARD:
            if filled is not None and grid.rows:
                _cards_again(book, listed, grid, filled)
            return None
        if listed.regions is not None:
            more = write_areas(sheet, listed, [grid])
        elif listed.kind == AGGREGATE:
            shapes.put_cells(sheet, listed, grid)
        else:
            more = write_roster(sheet, listed, [grid])
        if on is not None:
            fill_unit_line(book, listed, region_code, on)
        return more

    write_lists(recognition, write_one)


def write_roster(sheet: Any, listed: Recognition, grids: Sequence[Grid]) -> Pushed:
    """Write the rows of rosters into an empty form's sheet, numbered anew."""
    columns = [one.column for one in listed.mappings]
    serial = [n for n, one in enumerate(listed.mappings) if one.target == SERIAL]
    rows = [(number, (grid, row)) for grid in grids for number, row in enumerate(grid.rows)]

    def writer(number: int, _identity: int, pair: Sequence[Any]) -> list[tuple[int, Any]]:
        grid, row = pair
        values = [rules.for_sheet(value, kind) for value, kind in zip(row.cells, grid.kinds, strict=True)]
        for place in serial:
            values[place] = number
        return list(zip(columns, values, strict=True))

    first = write_rows(
        sheet,
        rows,
        writer,
        first_row=listed.first_row,
        footer_row=listed.footer_row,
        columns=columns,
        hint_rows=listed.hint_rows if listed.delete_hints else (),
    )
    return pushed(listed.footer_row, first, len(rows))


def first_area(listed: Recognition) -> int:
    """The row of the empty form in which the first area stands: below the total where that comes first."""
    place = listed.regions
    assert place is not None
    return place.first_row + (1 if place.total_row == place.first_row else 0)


def write_areas(sheet: Any, listed: Recognition, grids: Sequence[Grid]) -> Pushed:
    """Write rows that are areas, one below the other, and their total where the form has one."""
    place = listed.regions
    assert place is not None
    first = first_area(listed)
    ends = [row for row in (place.footer_row, place.total_row) if row and row >= first]
    footer = min(ends) if ends else 0
    columns = [one.column for one in listed.mappings]
    rows = [(number, (grid, row)) for grid in grids for number, row in enumerate(grid.rows)]

    def writer(number: int, _identity: int, pair: Sequence[Any]) -> list[tuple[int, Any]]:
        grid, row = pair
        said = [(place.name_column, row.name)]
        if place.serial_column:
            said.append((place.serial_column, number))
        cells = [rules.for_sheet(value, kind) for value, kind in zip(row.cells, grid.kinds, strict=True)]
        return [*said, *zip(columns, cells, strict=True)]

    write_rows(sheet, rows, writer, first_row=first, footer_row=footer, columns=[place.name_column, *columns])
    more = pushed(footer, first, len(rows))
    if place.total_row:
        moved = more[1] if more is not None and place.total_row >= footer else 0
        for number, mapping in enumerate(listed.mappings):
            if rules.adds_up(mapping):
                total = rules.summed(row.cells[number] for grid in grids for row in grid.rows)
                shapes.put(sheet, place.total_row + moved, mapping.column, total, "number")
    return more


def _cards_again(book: Workbook, listed: Recognition, grid: Grid, filled: Workbook) -> None:
    """Take cards over from the workbook that was filled, with what was changed on the page since; sheets on which a card goes on with
    further members come along behind it."""
    model: Any = book[listed.sheet]
    known = {one.sheet for one in grid.rows}
    empty = set(book.sheetnames)
    wanted, ours = [], False
    for sheet in filled.worksheets:
        ours = sheet.title in known or (ours and sheet.title not in empty)
        if ours:
            wanted.append(sheet)
    model.title = wanted[0].title
    place, made = book.index(model), [model]
    for theirs in wanted[1:]:
        sheet = copied(book, model, theirs.title)
        sheet.title = theirs.title
        made.append(sheet)
        book.move_sheet(sheet, place + len(made) - 1 - book.index(sheet))
    for sheet, theirs in zip(made, wanted, strict=True):
        for (row, column), cell in theirs._cells.items():
            if not isinstance(cell, MergedCell) and cell.value is not None:
                sheet.cell(row, column).value = cell.value
    for (row, place_of), value in grid.edits.items():
        at, column = grid.spot(row, place_of)
        shapes.put(book[grid.rows[row].sheet], at, column, value, grid.kinds[place_of])

"""The three shapes of a list as cells: a roster's rows, a table's cells (or a row for each region), a card for each person or
household; read from a workbook, written into one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.workbook import Workbook

from linli.collecting import rules
from linli.collecting.rules import Grid, GridRow
from linli.ledgers.filling import Account
from linli.ledgers.meaning.mapping import DECLINED, NEVER, SERIAL, Mapping
from linli.ledgers.recognition import AGGREGATE, CARD, ROSTER, Recognition

# What a form of each kind is counted in.
UNITS = {ROSTER: "行", AGGREGATE: "格", CARD: "张"}


def asked_places(mappings: Sequence[Mapping]) -> list[int]:
    """The places of columns and cells that are to be answered; of several blanks in one cell the first stands for the cell."""
    found, taken = [], set()
    for place, one in enumerate(mappings):
        cell = (one.row, one.column)
        if one.target in (SERIAL, NEVER, DECLINED) or (one.row and cell in taken):
            continue
        taken.add(cell)
        found.append(place)
    return found


def subject_of(listed: Recognition) -> str:
    """What the rows of a list are records of; "" of tables of numbers, whose cells are no records."""
    return "" if listed.kind == AGGREGATE else listed.subject


def list_names(recognition: Recognition) -> list[str]:
    """What the lists of a form are called: by their titles, told apart by their sheets and numbers where these are the same."""
    regions = recognition.regions_of_form
    found = [one.title or one.sheet for one in regions]
    for more in ([one.sheet for one in regions], [str(n) for n in range(1, len(regions) + 1)]):
        twice = {name for name in found if found.count(name) > 1}
        found = [
            f"{name}（{said}）" if name in twice and said not in name else name
            for name, said in zip(found, more, strict=True)
        ]
    return found


def same_people(one: Recognition, other: Recognition) -> bool:
    """Whether two lists are about the same records, by the words that narrow them."""
    first, second = one.population, other.population
    said = rules.alike((first.conditions, first.filters), (second.conditions, second.filters))
    return one.subject == other.subject and said == rules.SAME_PEOPLE


_BAD = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def sheet_name(title: str, taken: set[str], usual: str = "社区") -> str:
    """A sheet's name that is allowed and not among those taken (in small letters), where it is added."""
    base = (title.translate(_BAD).strip(" '") or usual)[:28]
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base}{number}"
    taken.add(name.lower())
    return name


def leave_formulas(book: Workbook, recognition: Recognition) -> None:
    """Cells of a table that the form itself works out are left to it."""
    if recognition.kind != AGGREGATE:
        return
    sheet: Any = book[recognition.sheet]
    for mapping in recognition.mappings:
        if mapping.row and _is_formula(sheet.cell(mapping.row, mapping.column).value):
            mapping.target, mapping.number = NEVER, {}
            mapping.reasons = ["表里有公式，自动算出"]


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


def printed(book: Workbook, recognition: Recognition) -> list[str]:
    """What the empty form prints in each place of a table or card."""
    sheet: Any = book[recognition.sheet]
    return [
        str(value)
        if one.row and (value := sheet.cell(one.row, one.column).value) is not None and not _is_formula(value)
        else ""
        for one in recognition.mappings
    ]


def read(book: Workbook, listed: Recognition, account: Account, blank: Workbook) -> Grid:
    """The cells of one list of a workbook that was just filled. `blank` is the empty form."""
    if listed.kind == ROSTER:
        return read_rows(book, listed, account.first_row, account.ids)
    if listed.kind == AGGREGATE and listed.regions is not None:
        return region_rows(
            book[listed.sheet], listed, range(account.first_row, account.first_row + account.rows)
        )
    grid = cells_grid(listed, printed(blank, listed), account.moved)
    if listed.kind == AGGREGATE:
        grid.rows = [of_sheet(book[listed.sheet], listed, grid, None)]
    else:
        grid.rows = [
            of_sheet(book[name], listed, grid, owner)
            for name, owner in zip(account.sheets, account.ids, strict=True)
        ]
    return grid


def read_rows(book: Workbook, recognition: Recognition, first: int, ids: Sequence[int | None]) -> Grid:
    """The rows of a roster: `ids` from row `first` on."""
    cells = book[recognition.sheet]._cells
    columns = [one.column for one in recognition.mappings]
    raw = [
        [found.value if (found := cells.get((first + n, column))) is not None else None for column in columns]
        for n in range(len(ids))
    ]
    kinds = [rules.kind_of(row[place] for row in raw) for place in range(len(columns))]
    rows = [
        GridRow(first + n, pk, [rules.plain(value) for value in row])
        for n, (pk, row) in enumerate(zip(ids, raw, strict=True))
    ]
    return Grid(columns, kinds, rows)


def region_rows(sheet: Any, listed: Recognition, rows: Sequence[int]) -> Grid:
    """The rows of a table that has one for each area."""
    place = listed.regions
    assert place is not None
    columns = [one.column for one in listed.mappings]
    made = [
        GridRow(
            row,
            None,
            [rules.plain(sheet.cell(row, column).value) for column in columns],
            "",
            str(sheet.cell(row, place.name_column).value or "").strip(),
        )
        for row in rows
    ]
    return Grid(columns, ["any"] * len(columns), made)


def cells_grid(listed: Recognition, said: list[str], moved: int = 0) -> Grid:
    """The places of a table or card that stands `moved` rows further down than in the empty form, without rows yet."""
    usual = "any" if listed.kind == AGGREGATE else "text"
    return Grid(
        [one.column for one in listed.mappings],
        ["number" if one.number else usual for one in listed.mappings],
        lines=[one.row + moved if one.row else 0 for one in listed.mappings],
        printed=said,
    )


def of_sheet(sheet: Any, listed: Recognition, grid: Grid, owner: int | None) -> GridRow:
    """The cells of a table, or of one card, where the grid has its places."""
    cells = [
        rules.plain(sheet.cell(row, column).value)
        for row, column in zip(grid.lines, grid.columns, strict=True)
    ]
    return GridRow(0, owner, cells, sheet.title, sheet.title if listed.kind == CARD else "")


# --- writing --------------------------------------------------------------------------------------------------


def put(sheet: Any, row: int, column: int, value: Any, kind: str) -> None:
    """Write one cell, its look kept; merged cells and the form's own formulas are left alone."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell) or _is_formula(cell.value):
        return
    looks = cell.number_format
    cell.value = rules.for_sheet(value, kind)
    if isinstance(value, str) and cell.data_type == "f":
        cell.data_type = "s"
    if value is not None and looks != "General":
        cell.number_format = looks


def put_cells(sheet: Any, listed: Recognition, grid: Grid, row: int = 0) -> None:
    """Write the cells of a table into a sheet like the empty form's."""
    for place in asked_places(listed.mappings):
        mapping = listed.mappings[place]
        put(sheet, mapping.row, mapping.column, grid.rows[row].cells[place], grid.kinds[place])


def put_edits(book: Workbook, listed: Recognition, grid: Grid) -> None:
    """Write what was changed of a list since its workbook was kept into that workbook."""
    for (row, place), value in grid.edits.items():
        name = grid.rows[row].sheet or listed.sheet
        sheet = book[name if name in book.sheetnames else listed.sheet]
        at, column = grid.spot(row, place)
        put(sheet, at, column, value, grid.kinds[place])

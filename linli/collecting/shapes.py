"""The three shapes of a form as cells: a roster's rows, a table's cells (or a row for each region), a card for each person or
household; read from a workbook, found again in one that comes back, written into an empty form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.workbook import Workbook

from linli.audit.recording import RuleError
from linli.collecting import rules
from linli.collecting.rules import Grid, GridRow
from linli.kernel.textnorm import squash
from linli.ledgers.filling import Account
from linli.ledgers.meaning.mapping import DECLINED, NEVER, SERIAL, Mapping
from linli.ledgers.recognition import AGGREGATE, CARD, ROSTER, Recognition

# Below the rows of regions stands the total, or nothing.
MOST_REGIONS = 2000
_ENDS = ("", "合计", "总计", "小计", "共计")
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


def read(
    book: Workbook, recognition: Recognition, account: Account, blank: Workbook, before: Sequence[str]
) -> Grid:
    """The cells of a workbook that was just filled. `blank` is the empty form, `before` the names of its sheets."""
    if recognition.kind == ROSTER:
        return read_rows(book, recognition, account.first_row, account.ids)
    if recognition.kind == AGGREGATE and recognition.regions is not None:
        rows = range(account.first_row, account.first_row + account.rows)
        return _region_rows(book, recognition, rows)
    grid = _cells_grid(recognition, printed(blank, recognition))
    if recognition.kind == AGGREGATE:
        grid.rows = [_of_sheet(book[recognition.sheet], recognition, None)]
    else:
        grid.rows = [
            _of_sheet(sheet, recognition, owner)
            for sheet, owner in zip(
                _card_sheets(book, recognition, [*before, *account.continued]), account.ids, strict=True
            )
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


def _region_rows(book: Workbook, recognition: Recognition, rows: Sequence[int]) -> Grid:
    place = recognition.regions
    assert place is not None
    sheet: Any = book[recognition.sheet]
    columns = [one.column for one in recognition.mappings]
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


def _cells_grid(recognition: Recognition, said: list[str]) -> Grid:
    usual = "any" if recognition.kind == AGGREGATE else "text"
    return Grid(
        [one.column for one in recognition.mappings],
        ["number" if one.number else usual for one in recognition.mappings],
        lines=[one.row for one in recognition.mappings],
        printed=said,
    )


def _of_sheet(sheet: Any, recognition: Recognition, owner: int | None) -> GridRow:
    cells = [rules.plain(sheet.cell(one.row, one.column).value) for one in recognition.mappings]
    name = sheet.title if recognition.kind == CARD else ""
    return GridRow(0, owner, cells, sheet.title, name)


def _card_sheets(book: Workbook, recognition: Recognition, before: Sequence[str]) -> list[Any]:
    """The card's own sheet and its copies, in the order of those they are about."""
    place = list(before).index(recognition.sheet)
    kept = [name for name in before if name != recognition.sheet]
    model = book.worksheets[place]
    return [model, *[one for one in book.worksheets if one is not model and one.title not in kept]]


# --- what comes back ------------------------------------------------------------------------------------------


def read_back(book: Workbook, blank: Workbook, recognition: Recognition, before: Grid) -> Grid:
    """The cells of a table or of cards that were completed outside. Raises RuleError where it is another form."""
    if recognition.kind == CARD:
        return _cards_back(book, blank, recognition, before)
    sheet = _sheet_of(book, recognition.sheet)
    _same_labels(sheet, blank[recognition.sheet], recognition)
    if recognition.regions is None:
        grid = _cells_grid(recognition, before.printed)
        grid.rows = [_of_sheet(sheet, recognition, None)]
        return grid
    first = before.rows[0].at if before.rows else recognition.first_row
    last = first
    while (
        squash(str(sheet.cell(last, recognition.regions.name_column).value or "")) not in _ENDS
        and last - first < MOST_REGIONS
    ):
        last += 1
    return _region_rows(book, recognition, range(first, last))


def _sheet_of(book: Workbook, name: str) -> Any:
    return book[name] if name in book.sheetnames else book.worksheets[0]


def _cards_back(book: Workbook, blank: Workbook, recognition: Recognition, before: Grid) -> Grid:
    grid = _cells_grid(recognition, before.printed)
    known = {one.sheet: one for one in before.rows}
    model = blank[recognition.sheet]
    for sheet in book.worksheets:
        if sheet.title not in known:
            continue
        _same_labels(sheet, model, recognition)
        grid.rows.append(_of_sheet(sheet, recognition, known[sheet.title].id))
    missing = [one.name for one in before.rows if one.sheet not in {row.sheet for row in grid.rows}]
    if missing:
        raise RuleError(
            f"上传的文件里少了“{missing[0]}”这一张。请下载本任务的表，在它上面填，不要改工作表的名字，也不要删。",
            field="file",
        )
    return grid


def _same_labels(sheet: Any, model: Any, recognition: Recognition) -> None:
    """Raise RuleError when a label of the empty form is not where it stood: then blanks would be read from the wrong cells."""
    blanks = {(one.row, one.column) for one in recognition.mappings if one.row}
    blanks |= {
        (row, mapping.column)
        for listed in recognition.lists
        for row in range(listed.first_row, listed.last_row + 1)
        for mapping in listed.mappings
    }
    wanted = {squash(part) for one in recognition.mappings for part in one.path if len(squash(part)) > 1}
    bottom = recognition.first_row if recognition.regions is not None else model.max_row
    for (row, column), cell in model._cells.items():
        text = squash(str(cell.value)) if isinstance(cell.value, str) else ""
        if text not in wanted or (row, column) in blanks or row > bottom:
            continue
        if squash(str(sheet.cell(row, column).value or "")) != text:
            raise RuleError(
                f"这不是本任务的表：{cell.coordinate} 应是“{str(cell.value).strip()}”。请下载本任务的表，在它上面填，不要改表的样子。",
                field="file",
            )


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


def put_cells(sheet: Any, grid: Grid, row: int, places: Sequence[int]) -> None:
    """Write the cells of a table into a sheet like the empty form's."""
    for place in places:
        at, column = grid.spot(row, place)
        put(sheet, at, column, grid.rows[row].cells[place], grid.kinds[place])


def put_edits(book: Workbook, recognition: Recognition, grid: Grid) -> None:
    """Write what was changed of a grid since its workbook was kept into that workbook."""
    for (row, place), value in grid.edits.items():
        name = grid.rows[row].sheet or recognition.sheet
        sheet = book[name if name in book.sheetnames else recognition.sheet]
        at, column = grid.spot(row, place)
        put(sheet, at, column, value, grid.kinds[place])

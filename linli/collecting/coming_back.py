"""A workbook that was completed outside comes back: the cells of each of its lists, found by the form's own headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from openpyxl.workbook.workbook import Workbook

from linli.audit.recording import RuleError
from linli.collecting import keeping, rules, shapes
from linli.collecting.models import FormTask
from linli.collecting.rules import Grid, GridRow
from linli.collecting.writing import first_area
from linli.kernel.textnorm import squash
from linli.ledgers.actions import words
from linli.ledgers.book.workbook import BadWorkbook, open_workbook
from linli.ledgers.recognition import AGGREGATE, CARD, ROSTER, Recognition
from linli.returns.reading import Column, Uncomputed, data_rows, recognise_filled

# Below the rows of areas stands the total, or nothing.
MOST_AREAS = 2000
_ENDS = ("", "合计", "总计", "小计", "共计")
_ON_IT = "请下载本任务的表，在它上面填，"


def read_back(data: bytes, name: str, task: FormTask, before: Sequence[Grid]) -> list[Grid]:
    """The cells of an uploaded workbook, list by list, where it is the task's own form: `before` is what its copy says now.

    Raises RuleError (field file) where it cannot be read or is another form."""
    recognition = task.recognition
    if not task.is_several and recognition.kind == ROSTER:
        return [_roster_back(data, name, recognition)]
    try:
        book = open_workbook(data)
    except BadWorkbook as problem:
        raise RuleError(str(problem), field="file") from None
    blank = keeping.blank_book(task)
    if not task.is_several:
        return [_one_back(data, book, blank, recognition, before[0])]
    moved = _moved(book, blank, recognition)
    return [
        _one_back(data, book, blank, listed, grid, further)
        for listed, grid, further in zip(recognition.regions_of_form, before, moved, strict=True)
    ]


def _one_back(
    data: bytes,
    book: Workbook,
    blank: Workbook,
    listed: Recognition,
    before: Grid,
    further: int | None = None,
) -> Grid:
    """One list: the file's only one, or one of several, whose headings stand `further` rows down from where they are in the empty form."""
    moved = further or 0
    if listed.kind == CARD:
        return _cards_back(book, blank, listed, before)
    sheet = _sheet_of(book, listed.sheet)
    if listed.kind == ROSTER:
        return _rows_back(data, sheet, blank, listed, moved)
    _same_labels(sheet, blank[listed.sheet], listed, moved, alone=further is None)
    if listed.regions is None:
        grid = shapes.cells_grid(listed, before.printed, moved)
        grid.rows = [shapes.of_sheet(sheet, listed, grid, None)]
        return grid
    first = last = first_area(listed) + moved
    while (
        squash(str(sheet.cell(last, listed.regions.name_column).value or "")) not in _ENDS
        and last - first < MOST_AREAS
    ):
        last += 1
    return shapes.region_rows(sheet, listed, range(first, last))


def _sheet_of(book: Workbook, name: str) -> Any:
    return book[name] if name in book.sheetnames else book.worksheets[0]


# --- where the lists stand ------------------------------------------------------------------------------------


def _labels(model: Any, listed: Recognition) -> dict[tuple[int, int], str]:
    """The texts by which a list of the empty form is found: its headings, of a table the labels on top."""
    columns = [one.column for one in listed.mappings]
    top, bottom = listed.header_rows
    if listed.kind == AGGREGATE and listed.regions is None:
        wanted = {squash(part) for one in listed.mappings for part in one.path}
        rows = [
            row
            for (row, _column), cell in model._cells.items()
            if isinstance(cell.value, str) and squash(cell.value) in wanted and row >= top
        ]
        top = bottom = min(rows, default=top)
    return {
        (row, column): squash(str(cell.value))
        for (row, column), cell in model._cells.items()
        if top <= row <= bottom
        and min(columns) <= column <= max(columns)
        and isinstance(cell.value, str)
        and squash(cell.value)
    }


def _moved(book: Workbook, blank: Workbook, recognition: Recognition) -> list[int]:
    """How many rows further down each list stands than in the empty form: rows that were put in above push it. Cards stay."""
    regions = recognition.regions_of_form
    found = [0] * len(regions)
    below: dict[str, list[tuple[int, int]]] = {}
    order = sorted(range(len(regions)), key=lambda n: (regions[n].sheet, regions[n].header_rows[0]))
    for number in order:
        listed = regions[number]
        if listed.kind == CARD:
            continue
        if listed.sheet not in book.sheetnames:
            raise RuleError(
                f"上传的文件里少了“{listed.sheet}”这张工作表。{_ON_IT}不要改工作表的名字，也不要删。",
                field="file",
            )
        sheet, labels = book[listed.sheet], _labels(blank[listed.sheet], listed)
        top, bottom = min((r for r, _c in labels), default=1), max((r for r, _c in labels), default=1)
        # What stood above it in the empty form still does.
        after = max((end + 1 for last, end in below.get(listed.sheet, ()) if last < top), default=1)
        place = next(
            (
                start
                for start in range(after, sheet.max_row + 1)
                if all(
                    squash(str(sheet.cell(start + row - top, column).value or "")) == text
                    for (row, column), text in labels.items()
                )
            ),
            None,
        )
        if place is None:
            called = shapes.list_names(recognition)[number]
            raise RuleError(
                f"这不是本任务的表：没有找到“{called}”的表头（{'、'.join(list(labels.values())[:4])}……）。{_ON_IT}不要增减列。",
                field="file",
            )
        found[number] = place - top
        below.setdefault(listed.sheet, []).append((bottom, place + bottom - top))
    return found


def _end(sheet: Any, model: Any, listed: Recognition, first: int) -> int:
    """The row in which what stands below a roster begins; 0 where nothing does."""
    if not listed.footer_row:
        return 0
    columns = [one.column for one in listed.mappings]
    texts = {
        column: squash(str(value))
        for column in range(min(columns), max(columns) + 1)
        if (value := model.cell(listed.footer_row, column).value) is not None and squash(str(value))
    }
    if not texts:
        return 0
    return next(
        (
            row
            for row in range(first, sheet.max_row + 1)
            if all(squash(str(sheet.cell(row, column).value or "")) == text for column, text in texts.items())
        ),
        0,
    )


# --- rows -----------------------------------------------------------------------------------------------------


def _roster_back(data: bytes, name: str, listed: Recognition) -> Grid:
    """The rows of a file with one roster, also where columns stand elsewhere now."""
    made = recognise_filled(data, name, words(), {listed.subject})
    asked = [one.label for one in listed.mappings]
    if [one.label for one in made.mappings] != asked:
        wanted = next((one for one in asked if one not in {m.label for m in made.mappings}), "")
        said = f"缺“{wanted}”一列" if wanted else "表头和下发的不一样"
        raise RuleError(f"这不是本任务的表：{said}。{_ON_IT}不要增减列。", field="file")
    return _rows(data, made, listed)


def _rows_back(data: bytes, sheet: Any, blank: Workbook, listed: Recognition, moved: int) -> Grid:
    """The rows of one roster of a file with several lists."""
    gone = len(listed.hint_rows) if listed.delete_hints else 0
    first = listed.first_row - gone + moved
    here = replace(
        listed,
        sheet=sheet.title,
        first_row=first,
        footer_row=_end(sheet, blank[listed.sheet], listed, first),
        hint_rows=[] if gone else [row + moved for row in listed.hint_rows],
    )
    return _rows(data, here, listed)


def _rows(data: bytes, here: Recognition, listed: Recognition) -> Grid:
    asked = [one.label for one in listed.mappings]
    places = keeping.asked_places(listed.mappings)
    wanted = [Column(here.mappings[n].column, asked[n], "", None) for n in places]
    columns = [one.column for one in here.mappings]
    rows = []
    for at, cells in data_rows(data, here, wanted):
        for one in wanted:
            if isinstance(cell := cells.get(one.column), Uncomputed):
                raise RuleError(f"第 {at} 行的“{one.label}”{cell.why}。", field="file")
        rows.append(GridRow(at, None, [rules.plain(cells.get(column)) for column in columns]))
    return Grid(columns, ["text"] * len(columns), rows)


# --- tables and cards -----------------------------------------------------------------------------------------


def _cards_back(book: Workbook, blank: Workbook, listed: Recognition, before: Grid) -> Grid:
    grid = shapes.cells_grid(listed, before.printed)
    known = {one.sheet: one for one in before.rows}
    model = blank[listed.sheet]
    for sheet in book.worksheets:
        if sheet.title not in known:
            continue
        _same_labels(sheet, model, listed)
        grid.rows.append(shapes.of_sheet(sheet, listed, grid, known[sheet.title].id))
    missing = [one.name for one in before.rows if one.sheet not in {row.sheet for row in grid.rows}]
    if missing:
        raise RuleError(
            f"上传的文件里少了“{missing[0]}”这一张。{_ON_IT}不要改工作表的名字，也不要删。", field="file"
        )
    return grid


def _same_labels(sheet: Any, model: Any, listed: Recognition, moved: int = 0, *, alone: bool = True) -> None:
    """Raise RuleError when a label of the empty form is not where it stood: then blanks would be read from the wrong cells. Where the list
    is not `alone`, only its own rows are looked at."""
    blanks = {(one.row, one.column) for one in listed.mappings if one.row}
    blanks |= {
        (row, mapping.column)
        for members in listed.lists
        for row in range(members.first_row, members.last_row + 1)
        for mapping in members.mappings
    }
    wanted = {squash(part) for one in listed.mappings for part in one.path if len(squash(part)) > 1}
    top, bottom = 1, model.max_row
    if not alone and listed.kind == AGGREGATE:
        top = min((row for row, _column in _labels(model, listed)), default=1)
        bottom = max((one.row for one in listed.mappings), default=top)
    if listed.regions is not None:
        bottom = listed.first_row
    for (row, column), cell in model._cells.items():
        text = squash(str(cell.value)) if isinstance(cell.value, str) else ""
        if text not in wanted or (row, column) in blanks or not top <= row <= bottom:
            continue
        if squash(str(sheet.cell(row + moved, column).value or "")) != text:
            where = sheet.cell(row + moved, column).coordinate
            raise RuleError(
                f"这不是本任务的表：{where} 应是“{str(cell.value).strip()}”。{_ON_IT}不要改表的样子。",
                field="file",
            )

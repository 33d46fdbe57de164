"""A short way of writing forms down, with what every blank asks beside its heading or in its place.

A list is told line by line: `出租人 > 姓名 = landlord_name`; groups stand before ` > `, `⏎` is a line break in the cell. A page
of labels and blanks is told row by row, cells parted by `|`: `<` belongs to the cell on the left, `^` to the one above,
`_path` is a blank and what it asks (`/` where either is right), `text @path` a blank within a text, `-` an empty cell that
asks nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from linli.ledgers.tests.sheets import THIN, choices
from linli.ledgers.tests.unseen.build import Unseen

Line = str | Sequence[str | None]


def _put(page: Worksheet, row: int, column: int, text: Any, *, frame: bool = True) -> None:
    cell = page.cell(row, column)
    if text is not None:
        cell.value = text
        cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    if frame:
        cell.border = THIN


def _wide(page: Worksheet, row: int, width: int, line: Line) -> None:
    """A line over or under a list: one text over its whole width, or texts spread over it."""
    if isinstance(line, str):
        page.cell(row, 1, line)
        page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
        return
    step = max(1, width // len(line))
    for place, text in enumerate(line):
        if text is not None:
            page.cell(row, 1 + place * step, text)


def _heads(told: str) -> list[tuple[tuple[str, ...], str]]:
    found = []
    for line in told.strip("\n ").splitlines():
        head, _sign, path = line.strip(" ").rpartition(" = ")
        found.append((tuple(one.replace("⏎", "\n") for one in head.split(" > ")), path.strip()))
    return found


def headings(page: Worksheet, top: int, heads: Sequence[tuple[str, ...]]) -> int:
    """Draw headings of one to four rows, equal groups beside each other merged; returns the row below."""
    depth = max(len(one) for one in heads)
    for number, path in enumerate(heads):
        for level, text in enumerate(path):
            first = (
                not number or heads[number - 1][: level + 1] != path[: level + 1] or level == len(path) - 1
            )
            _put(page, top + level, number + 1, text if first else None)
            if not first or level == len(path) - 1:
                continue
            last = number
            while last + 1 < len(heads) and heads[last + 1][: level + 1] == path[: level + 1]:
                last += 1
            if last > number:
                page.merge_cells(
                    start_row=top + level,
                    end_row=top + level,
                    start_column=number + 1,
                    end_column=last + 1,
                )
        for level in range(len(path), depth):
            _put(page, top + level, number + 1, None)
        if len(path) < depth:
            page.merge_cells(
                start_row=top + len(path) - 1,
                end_row=top + depth - 1,
                start_column=number + 1,
                end_column=number + 1,
            )
    return top + depth


def roster(
    page: Worksheet,
    title: str,
    told: str,
    *,
    top: int = 1,
    above: Sequence[Line] = (),
    below: Sequence[Line] = (),
    under: Sequence[Sequence[str]] = (),
    empty: int = 5,
    menus: dict[str, str] | None = None,
    hidden: str = "",
) -> int:
    """Draw a list; `under` are rows of codes or examples below the headings. Returns the next free row."""
    asked = _heads(told)
    width, row = len(asked), top
    if title:
        page.cell(row, 1, title).font = Font(size=18, bold=True)
        page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
        row += 1
    for line in above:
        _wide(page, row, width, line)
        row += 1
    row = headings(page, row, [heads for heads, _path in asked])
    for codes in under:
        for place, text in enumerate(codes):
            _put(page, row, place + 1, text or None)
        row += 1
    for line_of in range(row, row + empty):
        for column in range(1, width + 1):
            _put(page, line_of, column, None)
    for letter, options in (menus or {}).items():
        choices(page, letter, f'"{options}"', row, row + empty - 1)
    for letter in hidden.split():
        page.column_dimensions[letter].hidden = True
    row += empty
    for line in below:
        _wide(page, row, width, line)
        row += 1
    return row


def asks(told: str) -> dict[str, str]:
    """What the columns of a list ask."""
    return {
        f"{get_column_letter(place)} {heads[-1]}": path
        for place, (heads, path) in enumerate(_heads(told), start=1)
        if path
    }


def listed(
    name: str, title: str, scope: dict[str, Any], told: str, *, sheet: str = "Sheet1", **how: Any
) -> Unseen:
    """A list on a page of its own."""

    def make() -> Workbook:
        made = Workbook()
        page: Any = made.active
        page.title = sheet
        roster(page, title, told, **how)
        return made

    return Unseen(name, make, {"scope": scope, "columns": asks(told)})


def nobody(name: str, title: str, told: str, *, why: str = "unknown", **how: Any) -> Unseen:
    """A list of whom the base does not hold (`unknown`), or leaves out by design (`declined`)."""
    made = listed(name, title, {}, told, **how)
    fields = [
        {"column": key.partition(" ")[0], "label": key, "answerable": "no"} for key in made.expect["columns"]
    ]
    return Unseen(name, made.make, {"whole": why, "fields": fields})


def areas(name: str, title: str, told: str, numbers: dict[str, Any], *, empty: int = 4, **how: Any) -> Unseen:
    """A row for each community; what a column asks is a path or a key of `numbers`."""

    def make() -> Workbook:
        made = Workbook()
        page: Any = made.active
        roster(page, title, told, empty=empty, **how)
        return made

    depth = max(len(heads) for heads, _path in _heads(told))
    first = 1 + bool(title) + len(how.get("above", ())) + depth + len(how.get("under", ()))
    columns = {key: numbers.get(path, path) for key, path in asks(told).items()}
    return Unseen(name, make, {"regions": "community", "first_row": first, "columns": columns})


def _cells(told: str) -> list[list[str]]:
    return [line.strip(" ").split("|") for line in told.strip("\n ").splitlines()]


def lay(page: Worksheet, told: str, top: int = 1, *, bare: Sequence[int] = ()) -> dict[str, str]:
    """Draw a page of labels and blanks; lines in `bare` (from 1) have no frame. Returns what each blank asks."""
    cells = _cells(told)
    found: dict[str, str] = {}
    for number, line in enumerate(cells):
        for place, told_here in enumerate(line):
            text, _sign, path = told_here.partition(" @")
            if text.startswith("_"):
                text, path = "", text[1:]
            row, column = top + number, place + 1
            if text.strip() in ("<", "^", "-", ""):
                shown: str | None = None
            else:
                shown = text.replace("⏎", "\n")
            _put(page, row, column, shown, frame=number + 1 not in bare)
            if path:
                found[f"{get_column_letter(column)}{row}"] = path.strip().replace("/", "|")
            if text.strip() in ("<", "^"):
                continue
            right, down = place, number
            while right + 1 < len(line) and line[right + 1].strip() == "<":
                right += 1
            while (
                down + 1 < len(cells)
                and place < len(cells[down + 1])
                and cells[down + 1][place].strip() == "^"
            ):
                down += 1
            if right > place or down > number:
                page.merge_cells(start_row=row, end_row=top + down, start_column=column, end_column=right + 1)
    return found


def laid(
    name: str,
    title: str,
    told: str,
    *,
    scope: dict[str, Any] | None = None,
    numbers: dict[str, Any] | None = None,
    members: Sequence[dict[str, Any]] = (),
    bare: Sequence[int] = (),
    sheet: str = "Sheet1",
) -> Unseen:
    """A card or a table whose cells are told one by one; blanks ask a path or a key of `numbers`."""
    width = max(len(line) for line in _cells(told))

    def draw(page: Worksheet) -> dict[str, str]:
        if title:
            page.cell(1, 1, title).font = Font(size=18, bold=True)
            page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
        return lay(page, told, 2 if title else 1, bare=bare)

    def make() -> Workbook:
        made = Workbook()
        page: Any = made.active
        page.title = sheet
        draw(page)
        return made

    blanks = {
        place: (numbers or {}).get(path, path) for place, path in draw(Workbook().create_sheet("x")).items()
    }
    expect: dict[str, Any] = {"blanks": blanks}
    if scope:
        expect["scope"] = scope
    if members:
        expect["members"] = list(members)
    return Unseen(name, make, expect)


__all__ = ["areas", "asks", "laid", "lay", "listed", "nobody", "roster"]

"""Building blocks of forms as departments draw them: titles over frames, merged headings, rules, drop-downs, footers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from linli.ledgers.tests.sheets import THIN, as_bytes, choices

Cells = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Unseen:
    """One form: how it is drawn, and what a person who reads it says that its blanks ask."""

    name: str
    make: Callable[[], Workbook]
    expect: dict[str, Any]

    @property
    def data(self) -> bytes:
        return as_bytes(self.make())


def draw(
    page: Worksheet,
    cells: Cells,
    merges: str = "",
    *,
    top: int = 1,
    left: int = 1,
    title: bool = True,
    framed: tuple[int, int] | None = None,
    empty: int = 0,
    bare: Sequence[int] = (),
) -> int:
    """Put texts on a page from (`top`, `left`) on; None is a blank. The first line is a large title when `title`; lines
    from the second on (or `framed`, counted from 1) have a frame but for those in `bare`; `empty` framed lines follow.
    Returns the next free row."""
    width = max(len(line) for line in cells)
    first, last = framed or (2 if title else 1, len(cells))
    for number, line in enumerate([*cells, *([None] * width for _ in range(empty))], start=1):
        row = top + number - 1
        for place in range(width):
            cell = page.cell(row, left + place)
            if first <= number <= last + empty and number not in bare:
                cell.border = THIN
            if place < len(line) and line[place] is not None:
                cell.value = line[place]
                cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
    if title:
        page.cell(top, left).font = Font(size=18, bold=True)
    for one in merges.split():
        page.merge_cells(one)
    return top + len(cells) + empty


def book(cells: Cells, merges: str = "", *, name: str = "Sheet1", **more: Any) -> Workbook:
    """A workbook of one page."""
    made = Workbook()
    page: Any = made.active
    page.title = name
    draw(page, cells, merges, **more)
    return made


def another(made: Workbook, name: str, cells: Cells, merges: str = "", **more: Any) -> Worksheet:
    """One more page of a workbook."""
    page: Worksheet = made.create_sheet(name)
    draw(page, cells, merges, **more)
    return page


def asked(*paths: str, first: str = "A") -> dict[str, str]:
    """Expectations of columns from one on; "" leaves a column out."""
    start = ord(first)
    return {chr(start + place): path for place, path in enumerate(paths) if path}


def of(subject: str, *conditions: str, **narrow: Any) -> dict[str, Any]:
    """A scope: a subject under conditions, narrowed by values."""
    made: dict[str, Any] = {"subject": subject, "conditions": list(conditions)}
    return {**made, "narrow": narrow} if narrow else made


def count(subject: str = "person", *where: str, **narrow: Any) -> dict[str, Any]:
    """A number: rows of a subject under conditions, narrowed by values."""
    made: dict[str, Any] = {"count": subject}
    if where:
        made["where"] = list(where)
    if narrow:
        made["narrow"] = narrow
    return made


def write(forms: Sequence[Unseen], folder: Path) -> None:
    """Write workbooks and, beside each, what its blanks ask, so that `linli forms measure` measures them."""
    folder.mkdir(parents=True, exist_ok=True)
    for form in forms:
        (folder / f"{form.name}.xlsx").write_bytes(form.data)
        said = yaml.safe_dump(form.expect, allow_unicode=True, sort_keys=False)
        (folder / f"{form.name}.yaml").write_text(said, "utf-8")


__all__ = ["Unseen", "another", "asked", "book", "choices", "count", "draw", "of", "write"]

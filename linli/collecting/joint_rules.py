"""Several forms about the same people as one: the union of what they ask, what that saves. No Django, no database."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from linli.collecting import rules
from linli.collecting.rules import Grid, GridRow
from linli.kernel.textnorm import squash
from linli.ledgers.meaning.mapping import ELEMENT, NUMBER
from linli.ledgers.meaning.mapping import Mapping as Column


@dataclass(frozen=True)
class Form:
    """A list of a form that takes part: the form's number, who asks it (a short name), what the list's columns ask, which list of the
    form it is."""

    key: int
    who: str
    columns: Sequence[Column]
    listed: int = 0


@dataclass
class Common:
    """A column of the common form: its heading, what it asks, and which forms need it, as (form, list, place of the column there)."""

    label: str
    column: Column
    needs: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        """Whether the base holds it."""
        return self.column.target in (ELEMENT, NUMBER)

    @property
    def forms(self) -> set[int]:
        """The forms that need it."""
        return {form for form, _listed, _place in self.needs}


@dataclass
class CommonList:
    """A list of the common form: what it is called, which list of which form it is first (form, list), its columns."""

    title: str
    first: tuple[int, int]
    columns: list[Common]

    @property
    def forms(self) -> set[int]:
        """The forms that need any of it."""
        return {form for one in self.columns for form in one.forms}


def column_key(column: Column) -> str:
    """What two columns that ask the same have in common: the dictionary's path, else the heading."""
    return column.element if column.target == ELEMENT else squash(column.label)


def union(forms: Iterable[Form]) -> list[Common]:
    """What the forms ask, each thing once: the first form's columns in its order, then what each further one asks besides.

    Columns for a hand and running numbers are no question. Where two forms offer different answers to a question that the base cannot
    settle, they stay two questions, for one answer could not stand in both."""
    found: list[Common] = []
    for form in forms:
        for place, column in enumerate(form.columns):
            if not rules.asks(column).counts:
                continue
            same = next((one for one in found if _is_same(one.column, column)), None)
            if same is None:
                taken = {squash(one.label) for one in found}
                label = column.label
                if squash(label) in taken:
                    label = f"{column.label}（{form.who}）"
                number = 2
                while squash(label) in taken:
                    label, number = f"{column.label}（{form.who}{number}）", number + 1
                same = Common(label, column)
                found.append(same)
            elif column.options and not same.column.options and column.target != ELEMENT:
                same.column = column
            same.needs.append((form.key, form.listed, place))
    return found


def _is_same(one: Column, other: Column) -> bool:
    if column_key(one) != column_key(other) or (one.target == ELEMENT) != (other.target == ELEMENT):
        return False
    if one.target == ELEMENT or not one.options or not other.options:
        return True
    return set(one.options) == set(other.options)


def shared(common: Iterable[Common]) -> list[Common]:
    """Those that more than one form needs."""
    return [one for one in common if len(one.forms) > 1]


@dataclass(frozen=True)
class Saving:
    """What is asked of communities: copies of forms, cells to look through, and of them those that the base does not hold and
    somebody has to ask; apart and as one."""

    copies_apart: int = 0
    copies: int = 0
    cells_apart: int = 0
    cells: int = 0
    new_apart: int = 0
    new: int = 0

    @property
    def saved(self) -> int:
        """Cells that need not be looked at twice."""
        return self.cells_apart - self.cells


def saving(common: Iterable[Common], rows: Mapping[frozenset[int], tuple[int, int]]) -> Saving:
    """What is saved, from how many communities and rows there are where just those forms are asked together."""
    columns = list(common)
    copies_apart = copies = cells_apart = cells = new_apart = new = 0
    for forms, (communities, records) in rows.items():
        for one in columns:
            asked = sum(form in forms for form, _listed, _place in one.needs)
            cells_apart += asked * records
            cells += bool(asked) * records
            if not one.is_held:
                new_apart += asked * records
                new += bool(asked) * records
        copies_apart += len(forms) * communities
        copies += communities
    return Saving(copies_apart, copies, cells_apart, cells, new_apart, new)


def in_all(lists: Iterable[Saving]) -> Saving:
    """What is saved over all lists of the common form: its copies are counted once."""
    found = list(lists)
    first = found[0] if found else Saving()
    return Saving(
        first.copies_apart,
        first.copies,
        sum(one.cells_apart for one in found),
        sum(one.cells for one in found),
        sum(one.new_apart for one in found),
        sum(one.new for one in found),
    )


def together(asked: Mapping[int, Iterable[str]]) -> dict[frozenset[int], list[str]]:
    """The communities in which at least two of the forms are asked, by just which."""
    where: dict[str, set[int]] = {}
    for form, communities in asked.items():
        for key in communities:
            where.setdefault(key, set()).add(form)
    found: dict[frozenset[int], list[str]] = {}
    for key in sorted(where):
        if len(where[key]) > 1:
            found.setdefault(frozenset(where[key]), []).append(key)
    return found


Cells = Mapping[tuple[int, int], Any]


def typed_cells(grid: Grid, fresh: Mapping[int, Sequence[Any]]) -> dict[tuple[int, int], Any]:
    """What people wrote into a copy or cleared, by record and place: the cells that say something else than the base does (`fresh`, by
    record)."""
    return {
        (row.id, place): value
        for row in grid.rows
        if row.id is not None and row.id in fresh
        for place, value in enumerate(row.cells)
        if _text(value) != _text(fresh[row.id][place])
    }


def traced_cells(grid: Grid, after: Mapping[int, Container[str]]) -> dict[tuple[int, int], Any]:
    """The cells that stand as somebody changed them, by record and place: `after` is what was written, by place."""
    return {
        (row.id, place): value
        for row in grid.rows
        if row.id is not None
        for place, value in enumerate(row.cells)
        if not rules.is_blank(value) and _text(value) in after.get(place, ())
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def carried(grid: Grid, typed: Cells, places: Mapping[int, int], asked: Iterable[int]) -> int:
    """Write into a copy what people wrote into another one about the same records: `places` leads from a place there to one here.
    Returns how many cells changed."""
    known = {row.id: number for number, row in enumerate(grid.rows) if row.id is not None}
    open_to = set(asked)
    count = 0
    for (record, there), value in typed.items():
        here, number = places.get(there), known.get(record)
        if here is None or number is None or here not in open_to:
            continue
        if _text(grid.rows[number].cells[here]) != _text(value):
            grid.rows[number].cells[here] = grid.edits[number, here] = value
            count += 1
    return count


def projected(
    common: Grid, typed: Cells, own: Mapping[int, Sequence[Any]], places: Mapping[int, int], width: int
) -> list[GridRow]:
    """The rows of one form, from those of the common copy: what people wrote as they wrote it, everything else as the form itself
    would be filled (`own`, by record). `places` leads from a place of this form to one of the common form; a row that no record is
    behind is taken as it is written."""
    rows: list[GridRow] = []
    for row in common.rows:
        known = own.get(row.id) if row.id is not None else None
        cells: list[Any] = list(known) if known is not None else [None] * width
        for here, there in places.items():
            if known is None:
                cells[here] = row.cells[there]
            elif (row.id, there) in typed:
                cells[here] = typed[row.id or 0, there]
        rows.append(GridRow(0, row.id, cells, why=row.why))
    return rows

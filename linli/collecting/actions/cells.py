"""What the actions on a copy's cells share: keeping them, tracing what people changed, what a row is called."""

from __future__ import annotations

import json
from collections.abc import Iterable

from linli.collecting import keeping
from linli.collecting.models import CellChange, FormPart
from linli.collecting.rules import Difference, Grid
from linli.ledgers.meaning.mapping import ELEMENT
from linli.ledgers.recognition import Recognition


def name_place(recognition: Recognition) -> int | None:
    """The place of the column that names a row: the name, else the first that is known; tables have none."""
    known = [n for n, one in enumerate(recognition.mappings) if one.target == ELEMENT]
    named = [n for n in known if recognition.mappings[n].element.rpartition(".")[2] in ("name", "address")]
    return next(iter(named or known), None)


def called(grid: Grid, row: int, recognition: Recognition) -> str:
    """What a row is called."""
    place = name_place(recognition)
    return grid.rows[row].name or (str(grid.rows[row].cells[place] or "") if place is not None else "")


def keep_grid(part: FormPart, grid: Grid) -> None:
    """Keep a copy's cells, counted anew."""
    places = keeping.asked_places(part.task.recognition.mappings)
    keeping.forget(part.grid)
    part.grid = keeping.keep_grid(grid)
    part.rows, part.cells = len(grid.rows), len(grid.rows) * len(places)
    part.blanks = sum(grid.blanks(places).values())
    part.save(update_fields=["book", "grid", "rows", "cells", "blanks"])


def trace(part: FormPart, user_id: int, found: Iterable[Difference], way: str) -> int:
    """Write down what was changed, by whom and in which way. Returns how much."""
    rows = [
        CellChange(
            part=part,
            sending=part.sendings_made + 1,
            what=one.what,
            way=way,
            column=one.column,
            said=json.dumps([one.row, one.name, one.before, one.after], ensure_ascii=False),
            by_id=user_id,
        )
        for one in found
    ]
    CellChange.objects.bulk_create(rows, batch_size=1000)
    return len(rows)

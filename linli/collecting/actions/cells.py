"""What the actions on a copy's cells share: keeping them, tracing what people changed, what a row is called."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from linli.audit.recording import RuleError
from linli.collecting import keeping, rules
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


def counted(part: FormPart, grids: Sequence[Grid], problems: Sequence[str] = ()) -> None:
    """Count a copy's cells, list by list and in all. `problems` say why a list could not be filled; else they stay as they were."""
    before = part.by_list
    told: list[list[Any]] = []
    for number, (listed, grid) in enumerate(zip(part.task.recognition.regions_of_form, grids, strict=True)):
        places = keeping.asked_places(listed.mappings)
        problem = problems[number] if problems else before[number].problem if number < len(before) else ""
        told.append(
            [len(grid.rows), len(grid.rows) * len(places), sum(grid.blanks(places).values()), problem]
        )
    part.tallies = told
    whole = sum(rules.tallies(told), rules.Tally())
    part.rows, part.cells, part.blanks = whole.rows, whole.cells, whole.blanks


COUNTED = ("rows", "cells", "blanks", "tallies")


def keep_grids(part: FormPart, grids: Sequence[Grid]) -> None:
    """Keep a copy's cells, counted anew."""
    keeping.forget(part.grid)
    part.grid = keeping.keep_grids(grids)
    counted(part, grids)
    part.save(update_fields=["book", "grid", *COUNTED])


def list_of(part: FormPart, which: int) -> Recognition:
    """One list of a copy's form. Raises RuleError where there is none of that number."""
    regions = part.task.recognition.regions_of_form
    if not 0 <= which < len(regions):
        raise RuleError("这份报表里没有这一张，请刷新页面后再试。")
    return regions[which]


def trace(part: FormPart, user_id: int, found: Iterable[Difference], way: str, listed: int = 0) -> int:
    """Write down what was changed in a list, by whom and in which way. Returns how much."""
    rows = [
        CellChange(
            part=part,
            sending=part.sendings_made + 1,
            what=one.what,
            way=way,
            listed=listed,
            column=one.column,
            said=json.dumps([one.row, one.name, one.before, one.after], ensure_ascii=False),
            by_id=user_id,
        )
        for one in found
    ]
    CellChange.objects.bulk_create(rows, batch_size=1000)
    return len(rows)

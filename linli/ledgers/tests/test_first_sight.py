"""Forms that were written before anybody looked at what the engine makes of them: nothing is filled wrong, and most is filled."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from linli.ledgers.actions import words
from linli.ledgers.measuring.expectations import parse
from linli.ledgers.measuring.forms import measure_form
from linli.ledgers.measuring.made_up import build
from linli.ledgers.measuring.outcomes import HELD, NOT_HELD, TOLD, WRONG, BlankResult, tally
from linli.ledgers.tests.unseen.sight import SIGHT
from linli.ledgers.tests.unseen.sight.second import SECOND
from linli.ledgers.tests.unseen.sight.third import THIRD


@pytest.mark.django_db
def test_forms_of_first_sight_are_filled_and_never_wrong(tmp_path: Path) -> None:
    build()
    terms = words()
    blanks: list[BlankResult] = []
    told = []
    for form in (*SIGHT, *SECOND, *THIRD):
        path = tmp_path / f"{form.name}.xlsx"
        path.write_bytes(form.data)
        result = measure_form(path, parse(form.expect), terms)
        blanks.extend(result.blanks)
        told.extend((form.name, b.place, b.label, b.note) for b in result.blanks if b.outcome == WRONG)
    counted: Counter[tuple[str, str]] = tally(blanks)
    tested = sum(counted[HELD, one] for one in TOLD)
    assert tested > 600
    assert counted[HELD, WRONG] + counted[NOT_HELD, WRONG] == 0, told
    assert counted[HELD, "right"] * 100 >= 85 * tested, counted

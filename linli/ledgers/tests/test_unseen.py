"""Forms of other provinces and departments: what is right without a human confirmation, and that next to nothing is wrong."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from linli.audit.recording import SYSTEM
from linli.ledgers.actions import recognise_bytes, words
from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import formula_of, open_workbook
from linli.ledgers.filling import fill
from linli.ledgers.measuring.expectations import parse
from linli.ledgers.measuring.forms import measure_form
from linli.ledgers.measuring.made_up import COMMUNITY, ON, build
from linli.ledgers.measuring.outcomes import HELD, NOT_HELD, TOLD, WRONG, BlankResult, tally
from linli.ledgers.tests.keeping import differing, lost
from linli.ledgers.tests.unseen import FORMS
from linli.ledgers.tests.unseen.formulas import FORMULAS
from linli.ledgers.tests.unseen.mixed import MIXED
from linli.ledgers.tests.unseen.rosters import ROSTERS


@pytest.mark.django_db
def test_unseen_forms_are_filled_right_and_never_wrong(tmp_path: Path) -> None:
    build()
    terms = words()
    blanks: list[BlankResult] = []
    told = []
    for form in FORMS:
        path = tmp_path / f"{form.name}.xlsx"
        path.write_bytes(form.data)
        result = measure_form(path, parse(form.expect), terms)
        assert result.rows[0] == result.rows[1], (form.name, result.rows)
        blanks.extend(result.blanks)
        told.extend(
            (form.name, b.place, b.label, b.outcome, b.note) for b in result.blanks if b.outcome == WRONG
        )
    counted: Counter[tuple[str, str]] = tally(blanks)
    tested = sum(counted[HELD, one] for one in TOLD)
    assert tested > 300
    assert counted[HELD, WRONG] + counted[NOT_HELD, WRONG] == 0, told
    assert counted[HELD, "right"] * 100 >= 95 * tested, counted


@pytest.mark.django_db
def test_filled_forms_keep_formats_merges_drop_downs_and_print_settings(tmp_path: Path) -> None:
    build()
    terms = words()
    for form in (ROSTERS[0], ROSTERS[6], *MIXED[2:4]):
        recognition = recognise_bytes(form.data, form.name, terms)
        book = open_workbook(form.data)
        fill(book, recognition, terms, region_code=COMMUNITY, on=ON, user=SYSTEM)
        out = io.BytesIO()
        save(book, out)
        (tmp_path / f"{form.name}.xlsx").write_bytes(out.getvalue())
        before, after = load_workbook(io.BytesIO(form.data)), load_workbook(io.BytesIO(out.getvalue()))
        for page in before.worksheets:
            rows = [r.first_row for r in recognition.regions_of_form if r.sheet == page.title]
            assert lost(page, after[page.title], min(rows)) == [], (form.name, page.title)
    _through_libreoffice(tmp_path)


@pytest.mark.django_db
def test_formulas_stay_and_what_they_leave_open_is_filled(tmp_path: Path) -> None:
    build()
    terms = words()
    for form in FORMULAS:
        path = tmp_path / f"{form.name}.xlsx"
        path.write_bytes(form.data)
        result = measure_form(path, parse(form.expect), terms)
        assert {b.outcome for b in result.blanks} == {"right"}, (form.name, result.problem, result.blanks)
        recognition = recognise_bytes(form.data, form.name, terms)
        book = open_workbook(form.data)
        fill(book, recognition, terms, region_code=COMMUNITY, on=ON, user=SYSTEM)
        before = load_workbook(io.BytesIO(form.data)).worksheets[0]
        told = {cell.coordinate: cell.value for row in before.iter_rows() for cell in row if formula_of(cell)}
        kept = {at: book.worksheets[0][at].value for at in told}
        if recognition.kind == "roster":
            told.pop("E6"), kept.pop("E6")  # the total has gone down with the rows
        assert kept == told, form.name


def _through_libreoffice(folder: Path) -> None:
    """Where LibreOffice is there: what it opens and saves again says the same."""
    if shutil.which("soffice") is None:
        return
    files = sorted(folder.glob("*.xlsx"))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/office",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder / "out"),
            *map(str, files),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    for file in files:
        assert differing(load_workbook(file), load_workbook(folder / "out" / file.name)) == [], file.name

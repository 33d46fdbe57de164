"""Forms of other places filled from the made-up street, blank by blank; nothing of the street stays."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from linli.audit.recording import SYSTEM
from linli.facts.dictionary import dictionary
from linli.ledgers.actions import recognise_bytes, words
from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import open_workbook
from linli.ledgers.filling import fill
from linli.ledgers.measuring import comparing
from linli.ledgers.measuring.command import measure_command
from linli.ledgers.measuring.expectations import parse
from linli.ledgers.measuring.forms import measure_form
from linli.ledgers.measuring.made_up import COMMUNITY, ON, STREET, build
from linli.ledgers.measuring.outcomes import ASKED, BLANK, RIGHT, WRONG
from linli.ledgers.tests.own_forms import FORMS, OwnForm
from linli.registry.people.models import Person


@pytest.mark.django_db
def test_forms_of_other_places_are_filled_right(tmp_path: Path) -> None:
    build()
    terms = words()
    found: Counter[str] = Counter()
    told = []
    for form in FORMS:
        path = tmp_path / f"{form.name}.xlsx"
        path.write_bytes(form.data)
        result = measure_form(path, parse(form.expect), terms)
        assert not result.problem, (form.name, result.problem)
        assert result.rows[0] == result.rows[1], form.name
        for blank in result.blanks:
            found[blank.outcome] += 1
            if blank.outcome in (WRONG, BLANK, ASKED):
                told.append((form.name, blank.place, blank.outcome, blank.note))
    assert found[WRONG] == 0, told
    assert found[RIGHT] * 100 >= 95 * (found[RIGHT] + found[BLANK] + found[ASKED]), told


@pytest.mark.django_db
def test_the_command_says_what_was_measured_and_leaves_nothing(tmp_path: Path) -> None:
    form = FORMS[0]
    (tmp_path / "001.xlsx").write_bytes(form.data)
    (tmp_path / "001.yaml").write_text(
        "subject: person\nexpect_scope: {subject: person, conditions: [aged_60]}\nscope: 老年人\n"
        "fields:\n- {column: B, label: 姓名, answerable: 'yes', expect: name}\n"
        "- {column: F, label: 年龄, answerable: 'yes', expect: birth_date}\n",
        "utf-8",
    )
    said: list[str] = []
    assert measure_command(tmp_path, say=said.append, details=True) == 0
    text = "\n".join(said)
    assert "能答的空（yes）：2 空，对 1，错 1" in text
    assert not Person.objects.exists()
    assert measure_command(tmp_path / "nowhere", say=said.append) == 1


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("1949-10-01", True),
        ("1949年10月1日", True),
        ("19491001", True),
        ("1949.10", True),
        ("1950-10-01", False),
    ],
)
def test_a_date_is_told_in_any_shape(cell: str, says: bool) -> None:
    element = dictionary.subject("person").elements["birth_date"]
    assert comparing.agrees(cell, date(1949, 10, 1), element) is says


def filled(form: OwnForm, path: Path, region: str) -> None:
    recognition = recognise_bytes(form.data, form.name, words())
    book = open_workbook(form.data)
    fill(book, recognition, words(), region_code=region, on=ON, user=SYSTEM)
    save(book, path)


@pytest.mark.django_db
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_filled_forms_open_in_libreoffice_as_they_were_saved(tmp_path: Path) -> None:
    build()
    for form in (FORMS[0], FORMS[6], FORMS[10]):
        path = tmp_path / f"{form.name}.xlsx"
        filled(form, path, STREET if form.name == "各社区汇总" else COMMUNITY)
        subprocess.run(
            ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(path)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        ours, theirs = load_workbook(path), load_workbook(tmp_path / "out" / path.name)
        assert ours.sheetnames == theirs.sheetnames
        for page in ours.worksheets:
            other = theirs[page.title]
            assert {str(one) for one in page.merged_cells.ranges} == {
                str(one) for one in other.merged_cells.ranges
            }
            for row in page.iter_rows():
                for cell in row:
                    if cell.value not in (None, ""):
                        assert str(other[cell.coordinate].value) == str(cell.value)

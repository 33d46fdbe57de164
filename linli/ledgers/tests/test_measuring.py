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
from linli.ledgers.measuring.outcomes import (
    ASKED,
    BLANK,
    DECLINED,
    HELD,
    LEFT_OUT,
    NO_VALUE,
    NOT_HELD,
    RIGHT,
    UNTESTED,
    WRONG,
    BlankResult,
    tally,
)
from linli.ledgers.measuring.truth import number_of
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
        "- {column: F, label: 年龄, answerable: 'yes', expect: birth_date}\n"
        "- {column: K, label: 身高, answerable: 'yes', expect: unknown}\n"
        "- {column: L, label: 血压, answerable: 'yes', expect: 'email|unknown'}\n",
        "utf-8",
    )
    said: list[str] = []
    assert measure_command(tmp_path, say=said.append, details=True) == 0
    text = "\n".join(said)
    assert "能答的空（yes）：4 空，登记库里有而且比过的 2 空：对 1（50.0%），错 1（50.0%）" in text
    assert "登记库里没有的（或本来不该填的）2 空，不算在内：留空 2，误填 0，误问 0" in text
    assert not Person.objects.exists()
    assert measure_command(tmp_path / "nowhere", say=said.append) == 1


def test_a_blank_that_may_stay_blank_proves_nothing_until_it_is_filled() -> None:
    kept = BlankResult("A", "", "yes", RIGHT, stayed_free=True)
    filled = BlankResult("B", "", "yes", RIGHT)
    unknown = BlankResult("C", "", "yes", WRONG, known=False)
    untested = BlankResult("D", "", "yes", UNTESTED)
    religion = BlankResult("E", "", "yes", DECLINED, known=False, by_design=True)
    assert [one.proves for one in (kept, filled, unknown, untested, religion)] == [
        NOT_HELD,
        HELD,
        NOT_HELD,
        NO_VALUE,
        LEFT_OUT,
    ]
    assert tally([kept, filled, unknown])[HELD, RIGHT] == 1


def test_a_list_that_is_finer_than_the_standard_asks_more_than_is_held() -> None:
    health = dictionary.subject("person").elements["health"]
    assert not comparing.offered("31", health, ("健康", "高血压", "冠心病"))
    assert comparing.offered("31", health, ("健康", "心血管病", "冠心病"))
    assert comparing.offered("37", health, ("健康", "糖尿病"))


def test_a_group_is_not_another_whose_name_begins_alike() -> None:
    assert comparing.same_group("低保户", "低保")
    assert not comparing.same_group("低保", "低保边缘")
    assert not comparing.same_group("特困职工", "特困人员")


@pytest.mark.django_db
def test_a_share_is_of_another_number() -> None:
    build()
    given = {"count": "person", "where": ["male"], "share_of": {"count": "person"}}
    share = parse({"blanks": {"A1": given}}).blanks[0].number
    men = parse({"blanks": {"A1": {"count": "person", "where": ["male"]}}}).blanks[0].number
    everybody = parse({"blanks": {"A1": {"count": "person"}}}).blanks[0].number
    assert share is not None
    assert men is not None
    assert everybody is not None
    wanted = 100 * number_of(men, words(), COMMUNITY, ON) / number_of(everybody, words(), COMMUNITY, ON)
    assert 0 < wanted < 100
    assert float(number_of(share, words(), COMMUNITY, ON)) == pytest.approx(wanted)


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

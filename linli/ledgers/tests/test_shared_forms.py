"""Extra checks on the empty workbooks kept beside a checkout, run only where they are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from linli.access.testing import COMMUNITY
from linli.ledgers.actions import words
from linli.ledgers.book.workbook import open_workbook, pictures
from linli.ledgers.command import fill_command
from linli.ledgers.recognition import Recognition, recognise
from linli.ledgers.tests.keeping import printing
from linli.ledgers.tests.street import ON, Street, groups

FORMS = Path(__file__).resolve().parents[4] / "shared" / "forms"
pytestmark = pytest.mark.skipif(not FORMS.is_dir(), reason="no forms beside this checkout")


def described() -> list[dict[str, Any]]:
    if not FORMS.is_dir():
        return []
    found = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(FORMS.glob("*.yaml"))]
    return [one for one in found if one["kind"] == "roster"]


def named(form: dict[str, Any]) -> str:
    return form["file"]


def recognised(form: dict[str, Any]) -> Recognition:
    return recognise(pictures(open_workbook(FORMS / form["file"])), words(), form["file"])


# Subjects of the descriptions that the registry has no table for yet, and what stands in for them.
STANDS_FOR = {"staff": "person", "facility": "organisation", "case": ""}
# A roster of employees lists people in posts, for which the base has a table of its own.
POSTS = {26: "position"}


@pytest.mark.django_db
@pytest.mark.parametrize("form", described(), ids=named)
def test_every_roster_is_recognised_with_its_rows_and_subject(form: dict[str, Any]) -> None:
    groups()
    found = recognised(form)
    layout = form["layout"]
    assert found.kind == "roster"
    assert found.sheet == layout["sheet"]
    assert list(found.header_rows) == layout["header_rows"]
    assert found.first_row == layout["first_data_row"]
    if not found.declined:
        wanted = STANDS_FOR.get(form["subject"], form["subject"])
        assert found.subject == POSTS.get(form["number"], wanted)


@pytest.mark.django_db
def test_forms_of_groups_left_out_by_design_are_declined() -> None:
    groups()
    outcome = {form["number"]: recognised(form).declined for form in described()}
    assert outcome[13]
    assert outcome[14]
    assert not any(declined for number, declined in outcome.items() if number not in (13, 14))


@pytest.mark.django_db
@pytest.mark.parametrize("form", [f for f in described() if f["number"] in (7, 29, 32, 41)], ids=named)
def test_what_is_answerable_is_mapped(form: dict[str, Any]) -> None:
    groups()
    by_letter = {get_column_letter(m.column): m for m in recognised(form).mappings}
    for asked in form["fields"]:
        if asked["answerable"] == "yes":
            assert by_letter[asked["column"]].target in ("element", "serial"), asked


@pytest.mark.parametrize("number", [7, 29, 32, 41])
def test_filled_from_the_command_line(number: int, street: Street, tmp_path: Path) -> None:
    form = next(f for f in described() if f["number"] == number)
    out = tmp_path / "filled.xlsx"
    said: list[str] = []
    assert fill_command(form=FORMS / form["file"], region=COMMUNITY, out=out, on=ON, say=said.append) == 0, (
        said
    )
    sheet = load_workbook(out)[form["sheet"]]
    first = form["layout"]["first_data_row"] - (1 if form["layout"].get("annotation_row") else 0)
    letters = {f["label"].strip("* "): f["column"] for f in form["fields"]}
    expected = street.son if number == 29 else street.head
    number_column = next(
        letters[n] for n in ("身份证号码", "证件号码", "身份证号", "公民身份证号") if n in letters
    )
    numbers = [sheet[f"{f['column']}{first}"].value for f in form["fields"]]
    assert sheet[f"{letters['姓名']}{first}"].value == expected.name
    assert expected.id_number in numbers, number_column
    if number == 29:
        assert all(
            sheet[f"{f['column']}2"].value is not None for f in form["fields"] if f["answerable"] == "yes"
        )


def made_of(path: Path, sheet: str, first: int) -> dict[str, Any]:
    """What of a sheet must survive filling: merges of the head, widths, heights, freezing."""
    page = load_workbook(path)[sheet]
    return {
        "merges": sorted(str(one) for one in page.merged_cells.ranges if one.max_row < first),
        "widths": {letter: one.width for letter, one in page.column_dimensions.items()},
        "heights": {row: page.row_dimensions[row].height for row in range(1, first)},
        "freeze": page.freeze_panes,
        "head": [[cell.value for cell in row] for row in page.iter_rows(max_row=first - 1)][-1],
        "fonts": [[cell.font.name for cell in row] for row in page.iter_rows(max_row=first - 1)],
    }


def rules(path: Path, sheet: str) -> Counter[tuple[Any, ...]]:
    """The sheet's validations, wherever they hold."""
    found = load_workbook(path)[sheet].data_validations.dataValidation
    return Counter((rule.type, rule.formula1, rule.allow_blank) for rule in found)


@pytest.mark.parametrize("number", [4, 7, 8, 15, 29, 32, 41])
def test_filling_leaves_the_rest_of_the_sheet_as_it_was(number: int, street: Street, tmp_path: Path) -> None:
    form = next(f for f in described() if f["number"] == number)
    out = tmp_path / "filled.xlsx"
    said: list[str] = []
    done = fill_command(form=FORMS / form["file"], region=COMMUNITY, out=out, on=ON, say=said.append)
    assert done == 0, said
    layout = form["layout"]
    first = layout["first_data_row"] - (1 if layout.get("annotation_row") else 0)
    assert made_of(out, form["sheet"], first) == made_of(FORMS / form["file"], form["sheet"], first)
    said = printing(load_workbook(FORMS / form["file"])[form["sheet"]])
    assert said.items() <= printing(load_workbook(out)[form["sheet"]]).items()
    # Drop-downs of the extension list, which openpyxl does not read, come back as ordinary ones: more, never fewer.
    assert rules(FORMS / form["file"], form["sheet"]) <= rules(out, form["sheet"])
    before, after = load_workbook(FORMS / form["file"]), load_workbook(out)
    assert after.sheetnames[: len(before.sheetnames)] == before.sheetnames
    assert [s.sheet_state for s in after][: len(before.sheetnames)] == [s.sheet_state for s in before]
    assert set(after.defined_names) == set(before.defined_names)

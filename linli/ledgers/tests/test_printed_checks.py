"""Relations that forms print between their numbers, and their own total formulas: verified after the fill, told, never forced."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from linli.access.testing import COMMUNITY, Characters
from linli.audit.recording import SYSTEM
from linli.ledgers.actions import fill_form, recognise_bytes, upload_form, words
from linli.ledgers.book.computing import computed
from linli.ledgers.book.workbook import open_workbook
from linli.ledgers.command import fill_command
from linli.ledgers.filling import Account, fill
from linli.ledgers.sheet.relations import COLUMNS, ROWS, Axes, Relation, relations_in, resolve
from linli.ledgers.tests.sheets import as_bytes
from linli.ledgers.tests.street import ON, Street
from linli.ledgers.tests.unseen.build import book as laid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("合计=男+女", ["合计=男+女"]),
        ("审核关系：1栏=2栏+3栏；4栏≤1栏。", ["1栏=2栏+3栏", "4栏≤1栏"]),
        ("表内关系: (1)≥(2)", ["(1)≥(2)"]),
        ("列间关系说明:5=4/(1*10000)*100,6=7+8", ["5=4/(1*10000)*100", "6=7+8"]),
        ("注：1.总户数大于等于低保户数；2.男+女=总人数", ["总户数大于等于低保户数", "男+女=总人数"]),
        ("①=②+③", ["(1)=(2)+(3)"]),
        ("填表人：", []),
        ("3=1+2=4", ["3=1+2=4", "3=1+2=4"]),
        ("日期格式如 2026-11-22", []),
    ],
)
def test_what_a_text_states(text: str, expected: list[str]) -> None:
    assert [one.text for one in relations_in(text)] == expected


def stated(text: str) -> Relation:
    return relations_in(text)[0]


def axes(columns: list[tuple[str, ...]], rows: list[tuple[str, ...]] | None = None) -> Axes:
    made = Axes()
    made.labels[COLUMNS] = dict(enumerate(columns, 1))
    made.labels[ROWS] = dict(enumerate(rows or [], 1))
    return made


def test_labels_and_numbers_name_lines() -> None:
    one = axes([("社区",), ("合计",), ("男",), ("女",)], [("合计",), ("60岁以上",)])
    found = resolve(stated("合计=男+女"), one)
    assert [(axis, sorted(lines.values())) for axis, lines in found] == [(COLUMNS, [2, 3, 4])]
    assert resolve(stated("合计≥残疾人"), one) == []
    one.numbers[COLUMNS] = {1: 2, 2: 3, 3: 4}
    assert sorted(resolve(stated("(1)=(2)+(3)"), one)[0][1].values()) == [2, 3, 4]
    one.numbers[ROWS] = {1: 1, 2: 2, 3: 3}
    assert resolve(stated("(1)=(2)+(3)"), one) == [], "rows or columns cannot be told"
    assert resolve(stated("1栏=2栏+3栏"), one)[0][0] == COLUMNS
    assert resolve(stated("第1行≥第2行"), one)[0][0] == ROWS


def test_the_same_labels_under_several_groups_are_one_relation_each() -> None:
    groups = [(g, part) for g in ("常住", "流动") for part in ("合计", "男", "女")]
    found = resolve(stated("合计=男+女"), axes(groups))
    assert [sorted(lines.values()) for _axis, lines in found] == [[1, 2, 3], [4, 5, 6]]


def test_formulas_of_totals_are_worked_out() -> None:
    page: Any = Workbook().active
    for at, value in {
        "A1": 2,
        "A2": 3,
        "A3": "=SUM(A1:A2,4)",
        "B1": "=A3*2-1",
        "B2": "=IF(A1>1,1,0)",
        "B3": "=B2+1",
        "C1": "=C1",
    }.items():
        page[at] = value
    assert computed(page, 3, 1) == 9
    assert computed(page, 1, 2) == 17
    assert computed(page, 2, 2) is None
    assert computed(page, 3, 2) is None
    assert computed(page, 1, 3) is None
    assert computed(page, 9, 9) is None


def table(*notes: str, total: str | None = None) -> Workbook:
    rows: list[list[str | None]] = [[name, None, None, None] for name in ("合计", "0-17岁", "60岁及以上")]
    made = laid(
        [["常住人口年龄统计表", None, None, None], ["年龄段", "合计", "男", "女"], *rows],
        "A1:D1",
    )
    for number, note in enumerate(notes):
        made.active.cell(7 + number, 1, note)
    if total:
        made.active["B3"] = total
    return made


def filled(made: Workbook) -> tuple[Workbook, Account]:
    data = as_bytes(made)
    found = recognise_bytes(data, "表.xlsx", words())
    book = open_workbook(data)
    return book, fill(book, found, words(), region_code=COMMUNITY, on=ON, user=SYSTEM)


@pytest.mark.django_db
def test_relations_are_verified_after_the_fill(street: Street) -> None:
    book, account = filled(table("审核关系：合计=男+女；男>合计；甲指标=男+女"))
    page = book.worksheets[0]
    whole, men = page["B3"].value, page["C3"].value
    assert whole > men > 0
    told = {one["said"]: one for one in account.relations}
    assert told["合计=男+女"]["holds"]
    assert told["合计=男+女"]["checked"] == 3
    assert not told["男>合计"]["holds"]
    assert told["男>合计"]["differing"][0] == f"第 3 行（合计）：左边 {men}，右边 {whole}"
    assert told["甲指标=男+女"]["checked"] == 0
    assert filled(table())[1].relations == []


@pytest.mark.django_db
def test_columns_go_by_their_printed_numbers(street: Street) -> None:
    rows: list[list[Any]] = [
        ["栏次", 1, 2, "3=1-2"],
        *([name, None, None, None] for name in ("合计", "0-17岁", "60岁及以上")),
    ]
    made = laid([["常住人口年龄统计表", None, None, None], ["年龄段", "合计", "男", "女"], *rows], "A1:D1")
    made.active["A9"] = "表内关系：1栏≥2栏"
    _book, account = filled(made)
    assert {one["said"]: (one["holds"], one["checked"]) for one in account.relations} == {
        "1栏≥2栏": (True, 3),
        "3=1-2": (True, 3),
    }


@pytest.mark.django_db
def test_a_column_that_the_form_defines_is_worked_out(street: Street) -> None:
    rows: list[list[Any]] = [
        ["栏次", 1, 2, "3=2/1*100"],
        *([name, None, None, None] for name in ("合计", "0-17岁", "60岁及以上")),
    ]
    made = laid(
        [["常住人口年龄统计表", None, None, None], ["年龄段", "合计", "男", "某某指数"], *rows], "A1:D1"
    )
    book, account = filled(made)
    page = book.worksheets[0]
    assert page["B4"].value > page["C4"].value > 0
    assert page["D4"].value == round(page["C4"].value / page["B4"].value * 100, 2)
    assert page["B5"].value == 0
    assert page["D5"].value is None, "nothing is divided by nobody"
    line = next(one for one in account.columns if (one.row, one.column) == (4, 4))
    assert (line.filled, line.blank, line.target) == (1, 0, "number")
    assert "3=2/1*100" in line.reasons[0]


@pytest.mark.django_db
def test_a_formula_of_the_form_is_compared_with_the_registry(street: Street) -> None:
    book, account = filled(table(total="=C3+D3"))
    assert book.worksheets[0]["B3"].value == "=C3+D3"
    assert (account.formulas, account.other_formulas) == (1, [])
    book, account = filled(table(total="=C3"))
    assert book.worksheets[0]["B3"].value == "=C3"
    assert "表里的公式算出" in account.other_formulas[0]
    assert account.other_formulas[0].startswith("B3（合计·合计）")


@pytest.mark.django_db
def test_what_was_verified_is_told_on_the_page_and_in_the_terminal(
    street: Street, cast: Characters, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    made = table("合计=男+女；男>合计", total="=C3")
    upload = upload_form(acting_user=cast.worker, name="表.xlsx", data=as_bytes(made))
    done = fill_form(acting_user=cast.worker, upload=upload, region_code=COMMUNITY, on=ON)
    browser = Client()
    browser.force_login(cast.worker)
    shown = browser.get(reverse("filled_form", args=[done.pk])).content.decode()
    assert "表上印的审核关系" in shown
    assert "不成立" in shown
    assert "表里的公式算出" in shown
    path = tmp_path / "form.xlsx"
    path.write_bytes(as_bytes(made))
    said = io.StringIO()
    fill_command(path, COMMUNITY, tmp_path / "out.xlsx", ON, say=lambda text: print(text, file=said))
    assert "审核关系 男>合计：不成立" in said.getvalue()
    assert "公式：B3" in said.getvalue()

"""A department's list that already names people is completed, never overwritten, and nobody is taken for somebody else."""

from __future__ import annotations

import io

import pytest

from linli.audit.recording import SYSTEM
from linli.ledgers.actions import recognise_bytes, words
from linli.ledgers.book.workbook import open_workbook
from linli.ledgers.filling import fill
from linli.ledgers.measuring.made_up import COMMUNITY, ON, build
from linli.ledgers.tests.sheets import as_bytes, plain

HEADS = ["序号", "姓名", "身份证号", "性别", "联系电话", "现住址", "备注"]


@pytest.mark.django_db
def test_named_rows_get_what_is_missing_and_nothing_else() -> None:
    people = [p for p in build().people if p.region_code.startswith(COMMUNITY)][:5]
    one, two, three, four, five = people
    book = plain(HEADS, "高龄补贴待核实人员名单", rows=8)
    page = book.active
    rows = [
        (one.name, one.id_number, None, None),
        (two.name, three.id_number, None, None),
        (three.name, None, "男" if three.sex == "2" else "女", None),
        ("查无此人", None, None, None),
        (four.name, four.id_number.lower(), None, "01012345678"),
        (five.name, None, None, None),
    ]
    for number, (name, identity, sex, phone) in enumerate(rows, start=1):
        for column, value in enumerate((number, name, identity, sex, phone), start=1):
            page.cell(number + 2, column, value)
    data = as_bytes(book)
    terms = words()
    recognition = recognise_bytes(data, "名单.xlsx", terms)
    assert recognition.given == [3, 4, 5, 6, 7, 8]
    filled = open_workbook(io.BytesIO(data))
    account = fill(filled, recognition, terms, region_code=COMMUNITY, on=ON, user=SYSTEM)
    sheet = filled.active
    cells = [[sheet.cell(row, column).value for column in range(1, 8)] for row in range(3, 12)]
    assert cells[0][3:5] == [{"1": "男", "2": "女"}[one.sex], one.phone]
    assert cells[0][5]
    # The number is somebody else's: nothing is put beside it.
    assert cells[1] == [2, two.name, three.id_number, None, None, None, None]
    # The name alone tells who it is, unless the row says something else of them.
    assert cells[2] == [3, three.name, None, "男" if three.sex == "2" else "女", None, None, None]
    assert cells[5][2] == five.id_number
    assert cells[3] == [4, "查无此人", None, None, None, None, None]
    assert cells[4][4] == "01012345678"
    assert cells[4][2] == four.id_number.lower()
    assert all(value is None for row in cells[6:] for value in row)
    assert account.ids == [one.pk, four.pk, five.pk]
    assert sum(account.columns[2].problems.values()) == 3

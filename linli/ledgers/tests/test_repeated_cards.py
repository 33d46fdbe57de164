"""Cards that stand several times on one sheet, and cards for more people than a workbook holds."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from linli.access.testing import COMMUNITY
from linli.audit.recording import SYSTEM
from linli.ledgers.actions import recognise_bytes, words
from linli.ledgers.book.workbook import open_workbook, picture
from linli.ledgers.command import fill_command
from linli.ledgers.filling import Account, fill, packing
from linli.ledgers.recognised import Recognition
from linli.ledgers.sheet.repeats import repeated
from linli.ledgers.tests.sheets import as_bytes
from linli.ledgers.tests.street import ON, Street
from linli.ledgers.tests.unseen.build import draw

CARD = [
    ["老年人信息卡", None, None, None],
    ["姓名", None, "性别", None],
    ["身份证号", None, "民族", None],
    ["联系电话", None, "文化程度", None],
]


def sheet(*places: tuple[int, int], cells: Any = CARD) -> Workbook:
    made = Workbook()
    for top, left in places:
        draw(made.active, cells, top=top, left=left)
        made.active.merge_cells(start_row=top, end_row=top, start_column=left, end_column=left + 3)
    return made


def filled(made: Workbook) -> tuple[Workbook, Account, Recognition]:
    data = as_bytes(made)
    found = recognise_bytes(data, "卡.xlsx", words())
    again = Recognition.from_json(found.as_json())
    book = open_workbook(data)
    account = fill(book, again, words(), region_code=COMMUNITY, on=ON, user=SYSTEM)
    return load_workbook(io.BytesIO(as_bytes(book))), account, again


def test_a_card_is_told_from_itself_again() -> None:
    below = repeated(picture(sheet((1, 1), (6, 1), (11, 1)).active))
    assert below is not None
    assert below[1] == [(5, 0), (10, 0)]
    beside = repeated(picture(sheet((1, 1), (1, 6)).active))
    assert beside is not None
    assert beside[1] == [(0, 5)]
    assert repeated(picture(sheet((1, 1)).active)) is None
    other = sheet((1, 1), (6, 1))
    other.active["A9"] = "备注"
    assert repeated(picture(other.active)) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("places", "at"), [(((1, 1), (6, 1)), ("B2", "B7")), (((1, 1), (1, 6)), ("B2", "G2"))]
)
def test_each_block_of_a_sheet_is_somebody_s(
    places: tuple[tuple[int, int], ...], at: tuple[str, str], street: Street
) -> None:
    book, account, found = filled(sheet(*places))
    assert (found.kind, found.subject, len(found.copies)) == ("card", "person", 1)
    page = book.worksheets[0]
    assert {page[one].value for one in at} == {street.head.name, street.wife.name}
    assert account.rows == len(account.ids) == len(account.sheets) == 2
    assert set(account.sheets) == {page.title}
    assert len(book.worksheets) == 1


@pytest.mark.django_db
def test_a_further_sheet_begins_when_the_blocks_are_full(street: Street) -> None:
    everybody = [["居民信息卡", None, None, None], *CARD[1:]]
    book, account, _found = filled(sheet((1, 1), (6, 1), cells=everybody))
    assert account.rows == 4
    names = [page[one].value for page in book.worksheets for one in ("B2", "B7")]
    assert sorted(names) == sorted(p.name for p in (street.head, street.wife, street.son, street.lodger))
    assert len(book.worksheets) == 2


@pytest.mark.django_db
def test_the_command_packs_many_cards_with_an_index(
    street: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "MOST_CARDS", 1)
    form = tmp_path / "卡.xlsx"
    sheet((1, 1)).save(form)
    said: list[str] = []
    assert fill_command(form, COMMUNITY, tmp_path / "out.xlsx", ON, say=said.append) == 0
    assert "分成 2 个" in "\n".join(said)
    with zipfile.ZipFile(tmp_path / "out.zip") as package:
        names = package.namelist()
        index = load_workbook(io.BytesIO(package.read(packing.INDEX))).worksheets[0]
        rows = list(index.iter_rows(values_only=True))
        books = {
            name: load_workbook(io.BytesIO(package.read(name))) for name in names if name != packing.INDEX
        }
    assert rows[0] == ("序号", "姓名", "证件号码末四位", "文件", "工作表")
    assert {row[1]: row[2] for row in rows[1:]} == {street.head.name: "0016", street.wife.name: "0024"}
    for _number, name, _four, file, page in rows[1:]:
        assert books[file][page]["B2"].value == name

"""Cells of returned rosters that compute themselves: the kept result counts, one that is not kept is no empty cell."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook

from linli.access.testing import characters
from linli.ledgers.recognition import Recognition
from linli.ledgers.tests import sheets
from linli.ledgers.tests.street import build
from linli.returns.reading import Column, Uncomputed, data_rows
from linli.returns.tests.test_returns import look, send

COLUMNS = [Column(2, "姓名", "name", None), Column(3, "联系电话", "phone", None)]
READ = Recognition(sheet="名册", first_row=2)


def kept() -> bytes:
    """A list as Excel saves it, with the results of its formulas."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet("名册")
    page.write_row(0, 0, ["序号", "姓名", "联系电话"])
    page.write(1, 1, "测试人甲")
    page.write_formula(1, 2, '="138"&"00001111"', None, "13800001111")
    page.write_formula(2, 1, "=UPPER(B2)", None, "测试人乙")
    page.write_formula(3, 1, '=IF(A4="","",A4)', None, "")
    page.write(4, 1, "测试人丙")
    page.write_formula(4, 2, "=VLOOKUP(B5,X:Y,2,0)", None, "#N/A")
    book.close()
    return out.getvalue()


def test_the_kept_result_is_what_the_cell_says() -> None:
    found = dict(data_rows(kept(), READ, COLUMNS))
    assert found[2] == {2: "测试人甲", 3: "13800001111"}
    assert found[3][2] == "测试人乙"
    assert 4 not in found
    assert found[5][3] == Uncomputed("#N/A")


def test_what_has_no_result_is_said_to_have_none() -> None:
    book = Workbook()
    page: Any = book.active
    page.title = "名册"
    page.append(["序号", "姓名", "联系电话"])
    page.append([1, "测试人甲", "=A2&B2"])
    page.append([None, "=B2", "=C2"])
    found = dict(data_rows(sheets.as_bytes(book), READ, COLUMNS))
    assert found == {2: {1: 1, 2: "测试人甲", 3: Uncomputed()}}


@pytest.mark.django_db
def test_the_row_is_marked_with_what_to_do(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    street, who = build(), characters()
    book = sheets.plain(["姓名", "身份证号", "联系电话"], "居民花名册", rows=1)
    page: Any = book.active
    page["A3"], page["B3"], page["C3"] = street.head.name, street.head.id_number, "=138&1"
    found = look(who, send(who, book))
    (row,) = [one for rows in found.values() for one in rows]
    assert "联系电话" in str(row)
    assert "文件里没有算好的结果" in str(row)

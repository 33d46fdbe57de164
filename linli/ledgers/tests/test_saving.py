"""Saving writes what openpyxl writes."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from linli.ledgers.book.saving import save
from linli.ledgers.tests.sheets import as_bytes, elderly, hinted

FORMS = Path(__file__).resolve().parents[4] / "shared" / "forms"


def motley() -> Workbook:
    """All kinds of cells, next to each other and alone in their rows."""
    book = Workbook()
    page: Any = book.active
    for row, value in enumerate(
        (
            "文字", " 前后空格 ", "两\n行", "<&>\"'", " ", "", 0, -7, 12345678901234567890, 1.5, 0.1 + 0.2, 1e300, True,
            date(2026, 11, 22), "=SUM(A7:A9)", None,
        ),
        start=1,
    ):  # fmt: skip
        page.cell(row, 1, value)
        page.cell(row, 3, value).font = Font(bold=True)
        page.cell(row, 30)
    page.row_dimensions[2].height = 33.5
    page.row_dimensions[3].hidden = True
    page.row_dimensions[90].height = 20
    page["E4"].comment = Comment("批注", "某人")
    page["E5"] = "网址"
    page["E5"].hyperlink = "https://example.com/"
    page.merge_cells("G1:H2")
    page["G1"] = "合并"
    return book


def inside(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist() if name != "docProps/core.xml"}


def ours(book: Workbook) -> bytes:
    out = io.BytesIO()
    save(book, out)
    return out.getvalue()


@pytest.mark.parametrize("make", [motley, elderly, hinted])
def test_every_part_is_the_same_to_the_byte(make: Any) -> None:
    assert inside(ours(make())) == inside(as_bytes(make()))


@pytest.mark.skipif(not FORMS.is_dir(), reason="no forms beside this checkout")
def test_the_same_for_departments_forms() -> None:
    for path in sorted(FORMS.glob("*.xlsx"))[:12]:
        assert inside(ours(load_workbook(path))) == inside(as_bytes(load_workbook(path))), path.name

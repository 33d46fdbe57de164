"""Paper: what a form says of printing stands, what it leaves open is set; PDF by LibreOffice where it is there, else drawn."""

from __future__ import annotations

import io
import re
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from linli.access.testing import COMMUNITY, Characters
from linli.audit.recording import RuleError
from linli.jobs.actions import perform_inline
from linli.jobs.models import Job, State
from linli.ledgers import actions
from linli.ledgers.book.paper import PAGES, fits, let_be_read, set_paper
from linli.ledgers.filling.cards import copied
from linli.ledgers.notes import SHEET as NOTES
from linli.ledgers.printing import OFFICE, OWN, Printed, drawn, office, only_printed, paper_name, print_form
from linli.ledgers.recognised import CARD, Recognition
from linli.ledgers.tests.sheets import as_bytes, elderly, plain
from linli.ledgers.tests.street import ON, Street

HEADINGS = ["序号", "姓名", "身份证号", "性别", "联系电话"]


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has, whether its objects are packed or not."""
    parts = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(packed))
        except zlib.error:
            continue
    return sum(len(re.findall(rb"/Type\s*/Page(?![A-Za-z])", part)) for part in parts)


def roster(people: int, *, ruled: int = 5, headings: list[str] = HEADINGS) -> Workbook:
    book = plain(headings, "居民花名册", rows=ruled)
    page: Any = book.active
    for number in range(1, people + 1):
        for column, value in enumerate(
            [number, "王建国", "110119194001010012", "男", "13800000000"], start=1
        ):
            page.cell(number + 2, column, value)
    return book


def test_a_form_that_says_nothing_is_as_wide_as_an_a4_page_with_its_headings_on_every_page() -> None:
    page: Any = roster(60, ruled=60).active
    set_paper(page, heading=(2, 2))
    assert page.page_setup.paperSize == 9
    assert page.page_setup.orientation == "portrait"
    assert fits(page)
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == "$2:$2"
    assert page.oddFooter.center.text == PAGES
    assert not page.print_area


def test_a_wide_list_lies_across_and_a_short_one_has_no_page_numbers() -> None:
    page: Any = roster(3, headings=[*HEADINGS, *(f"第{n}项" for n in range(12))]).active
    set_paper(page, heading=(2, 2))
    assert page.page_setup.orientation == "landscape"
    assert not page.oddFooter.center.text


def test_each_setting_of_the_form_s_own_stands() -> None:
    page: Any = roster(60).active
    page.page_setup.paperSize, page.page_setup.orientation, page.page_setup.scale = 8, "portrait", 85
    page.print_title_rows = "1:2"
    page.print_area = "A1:D40"
    page.oddFooter.left.text = "延庆区民政局制"
    page.page_margins.left = 0.2
    set_paper(page, heading=(2, 2))
    kept: Any = load_workbook(io.BytesIO(as_bytes(page.parent))).active
    assert (kept.page_setup.paperSize, kept.page_setup.orientation, kept.page_setup.scale) == (
        8,
        "portrait",
        85,
    )
    assert not fits(kept)
    assert kept.print_title_rows == "$1:$2"
    assert str(kept.print_area).endswith("$A$1:$D$40")
    assert kept.oddFooter.left.text == "延庆区民政局制"
    assert not kept.oddFooter.center.text
    assert kept.page_margins.left == 0.2


def test_pages_fitted_or_broken_by_the_form_are_left_so() -> None:
    fitted: Any = roster(3).active
    fitted.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    fitted.page_setup.fitToWidth, fitted.page_setup.fitToHeight = 2, 3
    set_paper(fitted)
    assert (fitted.page_setup.fitToWidth, fitted.page_setup.fitToHeight) == (2, 3)
    broken: Any = roster(3).active
    broken.col_breaks.append(Break(id=3))
    set_paper(broken)
    assert not fits(broken)


def test_ruled_rows_that_would_be_empty_pages_are_not_printed() -> None:
    page: Any = roster(10, ruled=200).active
    set_paper(page, heading=(2, 2))
    assert str(page.print_area).endswith("$A$1:$E$12")
    card: Any = roster(10, ruled=200).active
    set_paper(card, card=True)
    assert not card.print_area


def test_setting_twice_changes_nothing_and_an_empty_sheet_is_left_alone() -> None:
    page: Any = roster(60, ruled=200).active
    set_paper(page, heading=(2, 2))
    once = as_bytes(page.parent)
    set_paper(page, heading=(2, 2))
    one, two = (load_workbook(io.BytesIO(data)).active for data in (once, as_bytes(page.parent)))
    assert (str(one.print_area), dict(one.page_setup)) == (str(two.print_area), dict(two.page_setup))  # type: ignore[union-attr]
    empty: Any = Workbook().active
    set_paper(empty)
    assert empty.page_setup.paperSize is None


def test_a_card_is_one_page_and_so_are_its_copies() -> None:
    book = plain(["姓名", "性别"], "居民情况登记表", rows=20)
    page: Any = book.active
    page.oddHeader.right.text = "附件2"
    page.row_breaks.append(Break(id=9))
    set_paper(page, card=True)
    made: Any = copied(book, page, "王建国")
    kept: Any = load_workbook(io.BytesIO(as_bytes(book)))["王建国"]
    assert made.page_setup.orientation == "portrait"
    assert fits(kept)
    assert (kept.page_setup.fitToWidth, kept.page_setup.fitToHeight) == (1, 1)
    assert kept.oddHeader.right.text == "附件2"
    assert [one.id for one in kept.row_breaks.brk] == [9]
    long: Any = plain(["姓名", "性别"], "居民情况登记表", rows=200).active
    set_paper(long, card=True)
    assert long.page_setup.fitToHeight == 0


def test_what_would_be_cut_off_on_paper_is_wrapped_or_set_smaller() -> None:
    book = Workbook()
    page: Any = book.active
    address = "香水园街道东外小区3号楼2单元101室"
    page.append([address, date(1950, 1, 2), "110119194001010012", address, None])
    page.append(["短", 1, "短", address, "旁边"])
    for letter in "ABCD":
        page.column_dimensions[letter].width = 8
    page.row_dimensions[2].height = 15
    let_be_read(page)
    wraps = [cell.alignment.wrap_text for cell in page[1]]
    shrinks = [cell.alignment.shrink_to_fit for cell in page[1]]
    assert wraps == [True, None, None, None, None]
    assert shrinks == [None, True, True, None, None]
    assert page["D2"].alignment.wrap_text
    assert page.row_dimensions[1].height > 60
    assert page.row_dimensions[2].height > 60
    assert not page["A2"].alignment.wrap_text


# --- drawn ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        (date(2026, 3, 5), "yyyy-mm-dd", "2026-03-05"),
        (date(2026, 3, 5), 'yyyy"年"m"月"d"日"', "2026年3月5日"),
        (date(2026, 3, 5), "yyyy/m/d", "2026/3/5"),
        (date(2026, 3, 5), "yyyy.mm", "2026.03"),
        (datetime(2026, 3, 5, 14, 30), "yyyy-mm-dd hh:mm", "2026-03-05 14:30"),
        (0.256, "0.0%", "25.6%"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (3.14159, "0.00", "3.14"),
        (7, "000", "007"),
        (12.0, "General", "12"),
        ("110119194001010012", "@", "110119194001010012"),
        (None, "General", ""),
    ],
)
def test_values_are_drawn_as_the_sheet_shows_them(value: Any, code: str, said: str) -> None:
    assert drawn.shown(value, code) == said


@given(st.text(max_size=60), st.floats(6, 30), st.floats(2, 80))
def test_fitting_a_text_loses_nothing_of_it(text: str, size: float, wide: float) -> None:
    made, small = drawn.fitted(text, size, wide)
    assert made.replace("\u200b", "") == text.replace("\u200b", "")
    assert small <= size
    assert drawn.fitted("1" * 18, 11, 60) == ("1" * 18, 11)


def test_drawn_a_long_list_goes_on_over_pages_and_says_what_is_missing() -> None:
    book = roster(120)
    page: Any = book.active
    page["B3"] = "王\ue123"
    page["A123"], page["B123"] = "合计", "=COUNTA(B3:B122)"
    page["E3"].alignment = Alignment(textRotation=255)
    page.row_breaks.append(Break(id=10))
    set_paper(page, heading=(2, 2))
    made = drawn.draw([page, book.create_sheet("空")])
    assert made.data.startswith(b"%PDF-")
    assert pages_of(made.data) >= 3
    assert made.missing == "\ue123"
    assert made.formulas == 1
    assert "U+E123" in Printed(made.data, OWN, made.missing, made.formulas).message
    assert "1 格是公式" in Printed(made.data, OWN, made.missing, made.formulas).message


def test_drawn_a_card_is_one_page_each_and_hidden_columns_are_gone() -> None:
    book = plain(["姓名", "性别"], "登记表", rows=60)
    page: Any = book.active
    page.column_dimensions["B"].hidden = True
    set_paper(page, card=True)
    assert pages_of(drawn.draw([page]).data) == 1
    copied(book, page, "王建国")
    assert pages_of(drawn.draw(book.worksheets).data) == 2


def test_what_is_too_long_to_draw_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawn, "MOST_CELLS", 10)
    with pytest.raises(RuleError, match="用 Excel 或 WPS 打印"):
        drawn.draw(roster(3).worksheets)


def test_only_the_form_s_own_sheets_are_printed() -> None:
    book = roster(3)
    for name in ("填表说明", "王建国", NOTES):
        book.create_sheet(name)["A1"] = name
    book.create_sheet("字典").sheet_state = "hidden"
    made = only_printed(book, Recognition(kind=CARD, sheet="Sheet1"), ["Sheet1", "填表说明", "字典"])
    assert [one.title for one in made.worksheets if one.sheet_state == "visible"] == ["Sheet1", "王建国"]
    assert paper_name("老人（已填）.xlsx") == "老人（已填）.pdf"


# --- LibreOffice ------------------------------------------------------------------------------------------------

PAGE = Recognition(sheet="Sheet1", header_rows=(2, 2))


def test_by_libreoffice(settings: Any) -> None:
    settings.LINLI_OFFICE = ""
    if not office.program():
        pytest.skip("LibreOffice is not installed")
    book = roster(120)
    book.worksheets[0]["B123"] = "=COUNTA(B3:B122)"
    made = print_form(as_bytes(book), PAGE, as_bytes(roster(0)))
    assert made.way == OFFICE
    assert made.data.startswith(b"%PDF-")
    assert pages_of(made.data) >= 2


def test_where_it_fails_or_is_not_wanted_the_sheets_are_drawn(settings: Any, tmp_path: Path) -> None:
    broken = tmp_path / "soffice"
    broken.write_text("#!/bin/sh\necho cannot\nexit 1\n")
    broken.chmod(0o755)
    for way in (str(broken), "none", str(tmp_path / "nowhere")):
        settings.LINLI_OFFICE = way
        made = print_form(as_bytes(roster(3)), PAGE, as_bytes(roster(0)))
        assert made.way == OWN
        assert pages_of(made.data) == 1
    with pytest.raises(office.NotConverted, match="cannot"):
        office.converted(str(broken), b"x")


# --- the page ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_from_the_filled_form_to_paper(
    street: Street, cast: Characters, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT, settings.LINLI_OFFICE = tmp_path, "none"
    upload = actions.upload_form(acting_user=cast.worker, name="老人.xlsx", data=as_bytes(elderly()))
    filled = actions.fill_form(acting_user=cast.worker, upload=upload, region_code=COMMUNITY, on=ON)
    with filled.file.open("rb") as stored:
        page = load_workbook(stored).worksheets[0]
    assert page.print_title_rows == "$3:$4"
    assert page.page_setup.fitToWidth == 1
    browser = Client()
    browser.force_login(cast.worker)
    where = reverse("filled_paper", args=[filled.pk])
    assert where in browser.get(reverse("filled_form", args=[filled.pk])).content.decode()
    assert browser.get(where).status_code == 405
    answer = browser.post(where)
    job = Job.objects.latest("pk")
    assert answer["Location"] == reverse("job", args=[job.pk])
    done = perform_inline(job)
    assert done.state == State.DONE, done.message
    assert done.result_name == "老人（已填）.pdf"
    assert (tmp_path / done.result_file).read_bytes().startswith(b"%PDF-")
    stranger = Client()
    stranger.force_login(cast.neighbour)
    assert stranger.post(where).status_code == 404

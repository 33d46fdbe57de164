"""Whatever is not a form gets one clear sentence, and nothing dangerous is unpacked."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from linli.ledgers.book.workbook import BadWorkbook, open_workbook, pictures
from linli.ledgers.tests.sheets import as_bytes, choices, elderly, plain


def packed(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in names.items():
            package.writestr(name, data)
    return out.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(BadWorkbook) as problem:
        open_workbook(data)
    return str(problem.value)


def test_empty_text_pdf_and_old_formats_are_named() -> None:
    assert "空的" in refused(b"")
    assert "不是 Excel" in refused("姓名,性别".encode())
    assert "PDF" in refused(b"%PDF-1.7 ...")
    assert "另存为 .xlsx" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "密码" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))


def test_other_packages_are_named() -> None:
    assert "Word" in refused(packed({"word/document.xml": b"<x/>"}))
    assert "PowerPoint" in refused(packed({"ppt/presentation.xml": b"<x/>"}))
    assert "xlsb" in refused(packed({"xl/workbook.bin": b""}))
    assert "不是 Excel" in refused(packed({"readme.txt": b"hello"}))


def test_a_bomb_is_not_unpacked() -> None:
    zeros = b"0" * (40 * 1024 * 1024)
    assert "压缩比" in refused(packed({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": zeros}))


def test_a_merge_over_the_whole_sheet_is_refused() -> None:
    sheet = b'<worksheet><sheetData/><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    assert "合并" in refused(packed({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": sheet}))


def test_damage_is_told() -> None:
    data = as_bytes(plain(["姓名", "性别"]))
    assert "损坏" in refused(data[: len(data) // 2])
    assert "损坏" in refused(packed({"xl/workbook.xml": b"<not xml", "[Content_Types].xml": b"<x/>"}))


def test_entities_are_not_expanded() -> None:
    book = Workbook()
    book.active["A1"] = "x"
    source = zipfile.ZipFile(io.BytesIO(as_bytes(book)))
    evil = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><worksheet><sheetData/>&c;</worksheet>'
    names = {n: evil if "sheet1" in n else source.read(n) for n in source.namelist()}
    assert refused(packed(names))


def test_a_picture_shows_merges_hidden_sheets_and_lists() -> None:
    form, hidden = pictures(open_workbook(as_bytes(elderly())))
    assert form.text(3, 2) == "姓 名*"
    assert form.box(3, 5).width == 3
    assert hidden.hidden
    assert form.options(5, 3).options == ("1-男", "2-女")
    assert form.options(6, 5).options == ("北京", "天津", "河北")
    assert form.options(7, 5) is None


def test_a_cascade_gives_options_by_the_column_it_depends_on() -> None:
    book = plain(["省", "市"])
    page = book.active
    lists = book.create_sheet("表")
    lists["A1"], lists["A2"] = "延庆区", "密云区"
    book.defined_names["北京"] = DefinedName("北京", attr_text="表!$A$1:$A$2")
    choices(page, "B", "INDIRECT($A2)", 2, 9)
    found = pictures(open_workbook(as_bytes(book)))[0].options(2, 2)
    assert found.depends_on == 1
    assert found.given("北京") == ("延庆区", "密云区")
    assert found.given("上海") == ()


def test_drop_downs_kept_in_the_extension_list_are_not_lost() -> None:
    book = plain(["姓名", "性别"])
    lists = book.create_sheet("选项")
    lists["A1"], lists["A2"] = "男", "女"
    source = zipfile.ZipFile(io.BytesIO(as_bytes(book)))
    extension = (
        b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        b'<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
        b'<x14:dataValidation type="list" allowBlank="1" showErrorMessage="1"><x14:formula1><xm:f>'
        + "选项!$A$1:$A$2".encode()
        + b"</xm:f></x14:formula1><xm:sqref>B2:B9</xm:sqref></x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    names = {n: source.read(n) for n in source.namelist()}
    names["xl/worksheets/sheet1.xml"] = names["xl/worksheets/sheet1.xml"].replace(
        b"</worksheet>", extension + b"</worksheet>"
    )
    again = open_workbook(packed(names))
    assert pictures(again)[0].options(2, 2).options == ("男", "女")
    assert pictures(open_workbook(as_bytes(again)))[0].options(9, 2).options == ("男", "女")

"""Filled workbooks as PDF: by LibreOffice where it is installed, else drawn by Linli itself with typst (ADR 0042)."""

from __future__ import annotations

import io
import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl.workbook.workbook import Workbook

from linli.audit.recording import RuleError
from linli.ledgers.book.paper import let_be_read
from linli.ledgers.book.saving import save
from linli.ledgers.book.workbook import BadWorkbook, open_workbook
from linli.ledgers.filling.paper import set_sheets
from linli.ledgers.notes import SHEET as NOTES
from linli.ledgers.printing import drawn, office
from linli.ledgers.recognition import Recognition

log = logging.getLogger(__name__)

OFFICE, OWN = "office", "own"


@dataclass(frozen=True)
class Printed:
    """A PDF, which way it was made, and what is not as in the workbook: characters that no font draws, formulas that stay blank."""

    data: bytes
    way: str
    missing: str = ""
    formulas: int = 0

    @property
    def message(self) -> str:
        """What is to be known before printing, in plain words."""
        said = [_("PDF 已做好，打开后直接打印。")]
        if self.missing:
            said.append(
                _("有 %(n)s 个字字库里没有（%(missing)s），纸上是〓，请手写补上。")
                % {
                    "n": len(self.missing),
                    "missing": "、".join(f"{one} U+{ord(one):X}" for one in self.missing),
                }
            )
        if self.formulas:
            said.append(
                _("有 %(n)s 格是公式，纸上留空；要印出来，请下载表格用 Excel 或 WPS 打印。")
                % {"n": self.formulas}
            )
        return "".join(said)


def paper_name(name: str) -> str:
    """What the PDF of a workbook is called."""
    return f"{name.rsplit('.', 1)[0]}.pdf"


def only_printed(book: Workbook, recognition: Recognition, blank: Collection[str]) -> Workbook:
    """Hide what is not the form itself: instructions, code lists, 填报说明. `blank` are the sheets of the empty form; sheets that it
    does not have were made when it was filled (a card for each person). Raises RuleError when nothing is left."""
    own = {one.sheet for one in recognition.regions_of_form}
    shown = [
        sheet
        for sheet in book.worksheets
        if sheet.sheet_state == "visible"
        and (sheet.title in own or sheet.title not in blank)
        and not (sheet.title.startswith(NOTES) and sheet.title not in blank)
    ]
    if not shown:
        raise RuleError(_("表里没有可以打印的工作表，请下载表格查看。"))
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is shown[0]
        if sheet not in shown:
            sheet.sheet_state = "hidden"
    book.active = book.index(shown[0])
    return book


def print_form(data: bytes, recognition: Recognition, blank: bytes) -> Printed:
    """A filled workbook as PDF; `blank` is the empty form. Raises RuleError when a workbook cannot be read."""
    try:
        book = only_printed(open_workbook(data), recognition, open_workbook(blank).sheetnames)
    except BadWorkbook as problem:
        raise RuleError(str(problem)) from None
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    set_sheets(sheets, recognition)
    program = office.program()
    if program:
        for sheet in sheets:
            let_be_read(sheet)
        out = io.BytesIO()
        save(book, out)
        try:
            return Printed(office.converted(program, out.getvalue()), OFFICE)
        except office.NotConverted as problem:
            log.warning("LibreOffice made no PDF, the sheets are drawn instead: %s", problem)
    made = drawn.draw(sheets)
    return Printed(made.data, OWN, made.missing, made.formulas)

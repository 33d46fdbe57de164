"""The print settings of a form, by what was recognised of it."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from linli.ledgers.book.paper import set_paper
from linli.ledgers.recognition import CARD, Recognition


def _on_sheets(recognition: Recognition) -> dict[str, list[Recognition]]:
    found: dict[str, list[Recognition]] = {}
    for region in recognition.regions_of_form:
        found.setdefault(region.sheet, []).append(region)
    return found


def set_cards(book: Workbook, recognition: Recognition) -> None:
    """Before cards are filled: their copies take the settings over, each on a page of its own."""
    for name, regions in _on_sheets(recognition).items():
        if name in book.sheetnames and all(one.kind == CARD for one in regions):
            set_paper(book[name], card=True)


def set_lists(book: Workbook, recognition: Recognition) -> None:
    """After lists and tables are filled. Headings are repeated where the sheet has one list only."""
    for name, regions in _on_sheets(recognition).items():
        if name not in book.sheetnames or all(one.kind == CARD for one in regions):
            continue
        set_list(book[name], regions)


def set_list(sheet: Worksheet, regions: Sequence[Recognition]) -> None:
    """A sheet with these lists or tables on it, after they are filled."""
    heading = regions[0].header_rows if len(regions) == 1 else (0, 0)
    set_paper(sheet, heading=(heading[0], heading[1]))


def set_sheets(sheets: Sequence[Worksheet], recognition: Recognition) -> None:
    """Sheets of a workbook that is filled already, also by other hands: cards that were copied have names of their own."""
    known = _on_sheets(recognition)
    for sheet in sheets:
        regions = known.get(sheet.title, [])
        if regions and any(one.kind != CARD for one in regions):
            set_list(sheet, regions)
        elif recognition.kind == CARD:
            set_paper(sheet, card=True)

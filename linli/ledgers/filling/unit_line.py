"""The unit line of a form: who fills it and when."""

from __future__ import annotations

from datetime import date

from openpyxl.cell.cell import MergedCell
from openpyxl.workbook.workbook import Workbook

from linli.ledgers.book.workbook import formula_of
from linli.ledgers.recognition import Recognition
from linli.ledgers.sheet import unitline
from linli.regions import names
from linli.regions.models import Level
from linli.regions.rules import NAMELESS


def fill_unit_line(book: Workbook, recognition: Recognition, region_code: str, on: date) -> list[str]:
    """Write the unit line; returns the cells written."""
    unit = unit_name(region_code)
    done = []
    for blank in recognition.blanks:
        cell = book[blank.sheet].cell(blank.row, blank.column)
        if isinstance(cell, MergedCell) or formula_of(cell):
            continue
        if blank.inside:
            cell.value = unitline.complete(str(cell.value), unit, on)
        elif blank.what == unitline.DATE:
            cell.value = f"{on:%Y-%m-%d}"
        elif blank.what == unitline.UNIT:
            cell.value = unit
        elif value := level_name(region_code, blank.what):
            cell.value = value
        else:
            continue
        done.append(f"{blank.sheet}!{cell.coordinate}")
    return done


def level_name(region_code: str, what: str) -> str:
    """The name of the region's ancestor at a level of the unit line; "" below the region itself."""
    level = {
        unitline.PROVINCE: Level.PROVINCE,
        unitline.CITY: Level.CITY,
        unitline.DISTRICT: Level.DISTRICT,
        unitline.STREET: Level.STREET,
        unitline.COMMUNITY: Level.COMMUNITY,
    }[what]
    name = names.title_at(region_code, level)
    return names.title_at(region_code, Level.PROVINCE) if name in NAMELESS else name


def unit_name(region_code: str) -> str:
    """How the region names itself on a form: 香水园街道东外社区."""
    return names.path(region_code, since=Level.STREET, until=Level.COMMUNITY) or names.title(region_code)

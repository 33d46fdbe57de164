"""The form that communities fill instead of several departments': drawn by Linli from what those ask, recognised as what they were
recognised as."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from linli.audit.recording import RuleError
from linli.collecting import joint_rules
from linli.collecting.joint_rules import Common, Form
from linli.collecting.models import FormTask
from linli.ledgers.actions import recognise_bytes, words
from linli.ledgers.meaning.mapping import SERIAL
from linli.ledgers.recognition import ROSTER, Recognition

SHEET, SERIAL_HEADING = "合并填报", "序号"
HEADING_ROW, FIRST_ROW, EMPTY_ROWS = 3, 4, 3
_MOST_LISTED = 250  # characters that a list of choices may have within the sheet


@dataclass
class CommonForm:
    """The drawn workbook, how it is filled, and by place which forms need a column."""

    data: bytes
    recognition: Recognition
    sources: list[list[list[int]]]


def form_of(task: FormTask) -> Form:
    """A task's form, as the rules of merging read it."""
    return Form(task.pk, task.unit.name, task.recognition.mappings)


def common_of(tasks: Sequence[FormTask]) -> list[Common]:
    """What the tasks ask, each thing once."""
    return joint_rules.union(form_of(one) for one in tasks)


def draw_common(tasks: Sequence[FormTask], title: str) -> CommonForm:
    """The common form of tasks about the same people. Raises RuleError when what is drawn cannot be read back."""
    common = common_of(tasks)
    data = _drawn(title, common)
    found = recognise_bytes(data, f"{SHEET}.xlsx", words())
    labels = [SERIAL_HEADING, *(one.label for one in common)]
    if [one.label for one in found.mappings] != labels:
        raise RuleError("这几份报表的表头合不成一张表，请分开下发，或请各单位先把相同的列写成一样。")
    first = tasks[0].recognition
    mappings = [
        replace(found.mappings[0], target=SERIAL),
        *(
            replace(
                deepcopy(one.column),
                column=place + 1,
                path=found.mappings[place].path,
                part=0,
                manner={},
                remembered="",
                reasons=["合并前各表的对应关系"],
            )
            for place, one in enumerate(common, start=1)
        ),
    ]
    recognition = replace(
        found,
        kind=ROSTER,
        title=title,
        first_row=FIRST_ROW,
        footer_row=0,
        population=deepcopy(first.population),
        population_label=first.population_label,
        mappings=mappings,
        declined="",
        keeper="",
        given=[],
        parts=[],
        shifts=[],
    )
    sources = [[], *([[form, place] for form, place in one.needs] for one in common)]
    return CommonForm(data, recognition, sources)


def _drawn(title: str, common: Sequence[Common]) -> bytes:
    book = Workbook()
    page: Any = book.active
    page.title = SHEET
    width = len(common) + 1
    page["A1"] = title
    page["A1"].font = Font(size=16, bold=True)
    page["A1"].alignment = Alignment(horizontal="center", vertical="center")
    page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    page["A2"] = "填报单位："
    line = Border(*(Side("thin"),) * 4)
    centred = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for column, heading in enumerate([SERIAL_HEADING, *(one.label for one in common)], start=1):
        cell = page.cell(HEADING_ROW, column, heading)
        cell.font, cell.alignment = Font(bold=True), centred
        page.column_dimensions[get_column_letter(column)].width = 6 if column == 1 else 16
        for row in range(HEADING_ROW, FIRST_ROW + EMPTY_ROWS):
            page.cell(row, column).border = line
    for column, one in enumerate(common, start=2):
        listed = ",".join(one.column.options)
        if one.column.options and len(listed) <= _MOST_LISTED:
            choices = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
            choices.add(
                f"{get_column_letter(column)}{FIRST_ROW}:{get_column_letter(column)}{FIRST_ROW + EMPTY_ROWS - 1}"
            )
            page.add_data_validation(choices)
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    page.freeze_panes = f"B{FIRST_ROW}"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def places_between(common: FormTask, task: FormTask) -> dict[int, int]:
    """Of one form of a merged asking: which place of its own is which of the common form."""
    return {
        there: place for place, needs in enumerate(common.sources) for form, there in needs if form == task.pk
    }

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
from linli.collecting import joint_rules, shapes
from linli.collecting.joint_rules import Common, CommonList, Form
from linli.collecting.models import FormTask
from linli.ledgers.actions import recognise_bytes, words
from linli.ledgers.meaning.mapping import SERIAL
from linli.ledgers.recognition import ROSTER, Recognition

SHEET, SERIAL_HEADING = "合并填报", "序号"
HEADING_ROW, FIRST_ROW, EMPTY_ROWS = 3, 4, 3
_MOST_LISTED = 250  # characters that a list of choices may have within the sheet


@dataclass
class CommonForm:
    """The drawn workbook, how it is filled, and by list and place which forms need a column, as [form, list, place] there."""

    data: bytes
    recognition: Recognition
    sources: list[list[list[list[int]]]]


def common_of(tasks: Sequence[FormTask]) -> list[CommonList]:
    """What the tasks ask, each thing once: lists about the same records are one, the others stand beside each other."""
    groups: list[tuple[Recognition, list[Form], list[str]]] = []
    for task in tasks:
        names = shapes.list_names(task.recognition)
        for number, listed in enumerate(task.recognition.regions_of_form):
            form = Form(task.pk, task.unit.name, listed.mappings, number)
            found = next((one for one in groups if shapes.same_people(one[0], listed)), None)
            if found is None:
                groups.append((listed, [form], [names[number]]))
            else:
                found[1].append(form)
                found[2].append(names[number])
    return [
        CommonList(
            called[0] if len(called) == 1 else f"{called[0]}等 {len(called)} 张",
            (forms[0].key, forms[0].listed),
            joint_rules.union(forms),
        )
        for _listed, forms, called in groups
    ]


def draw_common(tasks: Sequence[FormTask], title: str) -> CommonForm:
    """The common form of tasks about the same people, a sheet for each of its lists. Raises RuleError when what is drawn cannot be read
    back."""
    lists = common_of(tasks)
    known = {
        (task.pk, number): listed
        for task in tasks
        for number, listed in enumerate(task.recognition.regions_of_form)
    }
    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    regions = []
    for number, one in enumerate(lists):
        heading = one.title if len(lists) > 1 else title
        name = shapes.sheet_name(one.title, taken) if len(lists) > 1 else SHEET
        _draw(book.create_sheet(name), heading, one.columns)
        regions.append(_recognised(heading, one.columns, known[one.first], name, number))
    regions[0].parts = regions[1:]
    return CommonForm(
        _as_bytes(book),
        regions[0],
        [[[], *([list(need) for need in column.needs] for column in one.columns)] for one in lists],
    )


def _recognised(
    heading: str, common: Sequence[Common], first: Recognition, sheet: str, number: int
) -> Recognition:
    """How a list of the common form is filled: its place on the sheet by its drawing, what it asks by the forms that it stands for."""
    book = Workbook()
    _draw(book.worksheets[0], heading, common)
    book.worksheets[0].title = SHEET
    found = recognise_bytes(_as_bytes(book), f"{SHEET}.xlsx", words())
    labels = [SERIAL_HEADING, *(one.label for one in common)]
    if [one.label for one in found.mappings] != labels:
        raise RuleError("这几份报表的表头合不成一张表，请分开下发，或请各单位先把相同的列写成一样。")
    mappings = [
        replace(found.mappings[0], target=SERIAL, part=number),
        *(
            replace(
                deepcopy(one.column),
                column=place + 1,
                path=found.mappings[place].path,
                part=number,
                manner={},
                remembered="",
                reasons=["合并前各表的对应关系"],
            )
            for place, one in enumerate(common, start=1)
        ),
    ]
    return replace(
        found,
        kind=ROSTER,
        sheet=sheet,
        title=heading,
        first_row=FIRST_ROW,
        footer_row=0,
        population=deepcopy(first.population),
        population_label=first.population_label,
        mappings=mappings,
        blanks=[replace(one, sheet=sheet) for one in found.blanks],
        declined="",
        keeper="",
        given=[],
        parts=[],
        shifts=[],
        place=f"工作表“{sheet}”" if number else "",
    )


def _draw(page: Any, title: str, common: Sequence[Common]) -> None:
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


def _as_bytes(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass(frozen=True)
class Between:
    """How a list of a form stands in the common one: its number there and in the form itself, and which place of its own is which there."""

    common: int
    own: int
    places: dict[int, int]


def between(common: FormTask, task: FormTask) -> list[Between]:
    """Of one form of a merged asking: where its lists stand in the common form."""
    found: dict[tuple[int, int], dict[int, int]] = {}
    for number, columns in enumerate(common.sources):
        for place, needs in enumerate(columns):
            for form, listed, there in needs:
                if form == task.pk:
                    found.setdefault((number, listed), {})[there] = place
    return [Between(number, listed, places) for (number, listed), places in found.items()]

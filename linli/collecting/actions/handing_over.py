"""The department gets what was signed: one community's workbook, or one workbook of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from django.db import transaction
from openpyxl.styles import Font
from openpyxl.workbook.workbook import Workbook

from linli.access.guard import NotPermitted
from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import RuleError
from linli.collecting import keeping, reading, rules
from linli.collecting.actions.working import SEND
from linli.collecting.models import FormTask, Sending
from linli.collecting.rules import Grid
from linli.ledgers.book.writing import write_rows
from linli.ledgers.filling.unit_line import fill_unit_line
from linli.ledgers.meaning.mapping import SERIAL
from linli.ledgers.recognition import Recognition
from linli.regions import names

SHEETS, ROWS = "sheets", "rows"
STATE_SHEET = "报送情况"
_BAD = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
Tick = Callable[[int], None]


def latest(task: FormTask) -> list[Sending]:
    """What each community sent last, also where it is being corrected now."""
    return list(
        Sending.objects.filter(part__task=task)
        .exclude(part__state=rules.State.WITHDRAWN.value)
        .select_related("part", "signed_by")
        .order_by("part__region_code", "-number")
        .distinct("part__region_code")
    )


def _disclose(user: Any, task: FormTask, sendings: Iterable[tuple[Sending, Grid]], region_code: str) -> None:
    audit.disclose(
        acting_user=user,
        person_ids=[pk for _one, grid in sendings for pk in grid.ids] if task.subject == "person" else [],
        elements=[f"{task.subject}.{path}" for path in task.elements],
        purpose=f"{task.unit.name}接收报送：{task.title}（{task.purpose}）",
        channel=Channel.EXPORT,
        region_code=region_code,
    )


def hand_over(*, acting_user: Any, sending: Sending) -> tuple[bytes, str]:
    """One signed workbook for the department that asked, or for the community itself, and what it is called; the disclosure is recorded.

    Raises NotPermitted for everybody else.
    """
    part = sending.part
    task = part.task
    if not reading.sends(acting_user, task) and not reading.receives(acting_user, part):
        raise NotPermitted(SEND)
    with transaction.atomic():
        _disclose(acting_user, task, [(sending, keeping.grid_of(sending))], part.region_code)
    return keeping.read(
        sending.book
    ), f"{task.name.rsplit('.', 1)[0]}（{names.title(part.region_code)}）.xlsx"


def merged(*, acting_user: Any, task: FormTask, way: str, tick: Tick | None = None) -> tuple[bytes, int, int]:
    """One workbook of what the communities signed: a sheet each, or all rows in the form's own sheet, and a last sheet that says who
    sent what when. Returns the file, how many communities, how many rows.

    Raises RuleError when nothing has been signed yet, NotPermitted for users of other units.
    """
    if not reading.sends(acting_user, task):
        raise NotPermitted(SEND)
    found = latest(task)
    if not found:
        raise RuleError("还没有社区报送，没有可以合并的内容。")
    recognition, book = task.recognition, keeping.blank_book(task)
    both = [(one, keeping.grid_of(one)) for one in found]
    names.learn(one.part.region_code for one in found)
    if way == SHEETS:
        _as_sheets(book, recognition, both, task, tick)
    else:
        _as_rows(book, recognition, both, task, tick)
    _state_sheet(book, task, found)
    with transaction.atomic():
        _disclose(acting_user, task, both, task.region_code)
    return keeping.as_bytes(book), len(found), sum(len(grid.rows) for _one, grid in both)


def _write(sheet: Any, recognition: Recognition, grids: Sequence[Grid]) -> None:
    """Write rows into an empty form's sheet, numbered anew."""
    columns = [one.column for one in recognition.mappings]
    serial = [n for n, one in enumerate(recognition.mappings) if one.target == SERIAL]
    rows = [(number, (grid, row)) for grid in grids for number, row in enumerate(grid.rows)]

    def writer(number: int, _identity: int, pair: Sequence[Any]) -> list[tuple[int, Any]]:
        grid, row = pair
        values = [rules.for_sheet(value, kind) for value, kind in zip(row.cells, grid.kinds, strict=True)]
        for place in serial:
            values[place] = number
        return list(zip(columns, values, strict=True))

    write_rows(
        sheet,
        rows,
        writer,
        first_row=recognition.first_row,
        footer_row=recognition.footer_row,
        columns=columns,
        hint_rows=recognition.hint_rows if recognition.delete_hints else (),
    )


def _as_rows(
    book: Workbook,
    recognition: Recognition,
    both: Sequence[tuple[Sending, Grid]],
    task: FormTask,
    tick: Tick | None,
) -> None:
    _write(book[recognition.sheet], recognition, [grid for _one, grid in both])
    area = _common([one.part.region_code for one, _grid in both])
    if task.on is not None:
        fill_unit_line(book, recognition, area, task.on)
    if tick is not None:
        tick(len(both))


def _common(keys: Sequence[str]) -> str:
    """The smallest region that holds all: their community, street or district."""
    return next(
        (keys[0][:length] for length in (12, 9, 6) if len({key[:length] for key in keys}) == 1), keys[0][:4]
    )


def _as_sheets(
    book: Workbook,
    recognition: Recognition,
    both: Sequence[tuple[Sending, Grid]],
    task: FormTask,
    tick: Tick | None,
) -> None:
    model: Any = book[recognition.sheet]
    place = book.index(model)
    taken = {one.lower() for one in book.sheetnames}
    for number, (one, grid) in enumerate(both, start=1):
        sheet = book.copy_worksheet(model)
        sheet.title = _free(names.title(one.part.region_code), taken)
        for rule in model.data_validations.dataValidation:
            sheet.add_data_validation(copy(rule))
        for entry in model.conditional_formatting:
            for each in entry.rules:
                sheet.conditional_formatting.add(str(entry.sqref), copy(each))
        sheet.print_title_rows, sheet.freeze_panes = model.print_title_rows, model.freeze_panes
        _write(sheet, recognition, [grid])
        if task.on is not None:
            here = replace(
                recognition,
                blanks=[
                    replace(blank, sheet=sheet.title)
                    for blank in recognition.blanks
                    if blank.sheet == recognition.sheet
                ],
            )
            fill_unit_line(book, here, one.part.region_code, task.on)
        book.move_sheet(sheet, offset=place + number - 1 - book.index(sheet))
        if tick is not None:
            tick(number)
    book.remove(model)
    book.active = place


def _free(title: str, taken: set[str]) -> str:
    """A sheet's name that is allowed and not taken."""
    base = (title.translate(_BAD).strip(" '") or "社区")[:28]
    name, number = base, 1
    while name.lower() in taken:
        number += 1
        name = f"{base}{number}"
    taken.add(name.lower())
    return name


def _state_sheet(book: Workbook, task: FormTask, found: Sequence[Sending]) -> None:
    """A last sheet: who sent what when, and who has not."""
    sheet: Any = book.create_sheet(_free(STATE_SHEET, {one.lower() for one in book.sheetnames}))
    sheet.append(["社区", "状态", "行数", "空白格", "审核签字", "签字时间", "第几次报送", "说明"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sent = {one.part_id: one for one in found}
    for part in task.parts.order_by("region_code"):
        one = sent.get(part.pk)
        sheet.append(
            [
                names.title(part.region_code),
                part.get_state_display(),
                one.rows if one else None,
                one.blanks if one else None,
                one.signed_by.name if one else "",
                rules.plain(one.signed_at.astimezone().replace(tzinfo=None)) if one else "",
                one.number if one else None,
                one.note if one else part.why,
            ]
        )
        for cell in sheet[sheet.max_row]:
            if cell.data_type == "f":
                cell.data_type = "s"
    for letter, width in zip("ABCDEFGH", (22, 10, 8, 8, 12, 14, 12, 40), strict=True):
        sheet.column_dimensions[letter].width = width

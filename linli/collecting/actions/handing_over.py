"""The department gets what was signed: one community's workbook, or one workbook of all."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import transaction
from openpyxl.styles import Font
from openpyxl.workbook.workbook import Workbook

from linli.access.guard import NotPermitted
from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import RuleError
from linli.collecting import keeping, reading, rules, shapes
from linli.collecting.actions.working import SEND
from linli.collecting.models import FormTask, Sending
from linli.collecting.rules import Grid
from linli.collecting.writing import Pushed, write_areas, write_lists, write_roster
from linli.ledgers.filling.cards import copied
from linli.ledgers.filling.paper import set_list, set_lists
from linli.ledgers.filling.unit_line import fill_unit_line
from linli.ledgers.recognition import AGGREGATE, CARD, Recognition
from linli.regions import names

SHEETS, ROWS = "sheets", "rows"
STATE_SHEET, DETAIL_SHEET = "报送情况", "各社区明细"
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


def _disclose(
    user: Any, task: FormTask, sendings: Iterable[tuple[Sending, Sequence[Grid]]], region_code: str
) -> None:
    audit.disclose(
        acting_user=user,
        person_ids=list(
            dict.fromkeys(pk for _one, grids in sendings for pk in keeping.people_of(task, grids))
        ),
        elements=task.told_elements,
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
        _disclose(acting_user, task, [(sending, keeping.grids_of(sending))], part.region_code)
    return keeping.read(
        sending.book
    ), f"{task.name.rsplit('.', 1)[0]}（{names.title(part.region_code)}）.xlsx"


@dataclass(frozen=True)
class Merged:
    """What the department takes along: a workbook, or a zip of workbooks where `ending` says so; of how many communities, and how much."""

    data: bytes
    ending: str
    communities: int
    rows: int


def merged(*, acting_user: Any, task: FormTask, way: str, tick: Tick | None = None) -> Merged:
    """What the communities signed, in one file, with who sent what when. By community (`sheets`): a sheet each; of cards, and of forms with
    several lists, a workbook each. Together (`rows`): all rows in the form's own sheets; a table with its cells added up, and a sheet
    that has every community's cells beside each other; the cards as one list.

    Raises RuleError when nothing has been signed yet, NotPermitted for users of other units.
    """
    if not reading.sends(acting_user, task):
        raise NotPermitted(SEND)
    found = latest(task)
    if not found:
        raise RuleError("还没有社区报送，没有可以合并的内容。")
    recognition = task.recognition
    both = [(one, keeping.grids_of(one)) for one in found]
    names.learn(one.part.region_code for one in found)
    ending = "xlsx"
    if way == SHEETS and (task.is_several or recognition.kind == CARD):
        data, ending = _zip(task, both, found, tick), "zip"
    else:
        data = keeping.as_bytes(_merged_book(task, recognition, both, found, way, tick))
    with transaction.atomic():
        _disclose(acting_user, task, both, task.region_code)
    return Merged(data, ending, len(found), sum(len(grid.rows) for _one, grids in both for grid in grids))


Whole = Sequence[tuple[Sending, list[Grid]]]
Both = Sequence[tuple[Sending, Grid]]


def _merged_book(
    task: FormTask,
    recognition: Recognition,
    whole: Whole,
    found: Sequence[Sending],
    way: str,
    tick: Tick | None,
) -> Workbook:
    book = _empty() if task.kinds == [CARD] else keeping.blank_book(task)
    if way == SHEETS:
        _as_sheets(book, recognition, [(one, grids[0]) for one, grids in whole], task, tick)
    else:
        _together(book, recognition, whole, task)
    set_lists(book, recognition)
    if tick is not None:
        tick(len(whole))
    _state_sheet(book, task, found)
    return book


def _empty() -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    return book


def _together(book: Workbook, recognition: Recognition, whole: Whole, task: FormTask) -> None:
    """Every list of the form with what all communities sent."""
    several = shapes.list_names(recognition) if task.is_several else [""]

    def write_one(listed: Recognition, number: int) -> Pushed:
        both = [(one, grids[number]) for one, grids in whole]
        if listed.kind == CARD:
            _as_list(book, listed, both, several[number])
            return None
        if listed.kind == AGGREGATE and listed.regions is None:
            _as_sums(book, listed, both, task, several[number])
            return None
        return _as_rows(book, listed, both, task)

    write_lists(recognition, write_one)
    for listed in recognition.regions_of_form:
        # In place of an empty card there is the list of all.
        if listed.kind == CARD and listed.sheet in book.sheetnames:
            book.remove(book[listed.sheet])


def _zip(task: FormTask, whole: Whole, found: Sequence[Sending], tick: Tick | None) -> bytes:
    """The communities' own signed workbooks, each under its name."""
    out, taken = io.BytesIO(), set[str]()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for number, (one, _grids) in enumerate(whole, start=1):
            archive.writestr(
                f"{shapes.sheet_name(names.title(one.part.region_code), taken)}.xlsx", keeping.read(one.book)
            )
            if tick is not None:
                tick(number)
        book = Workbook()
        _state_sheet(book, task, found)
        book.remove(book.worksheets[0])
        archive.writestr(f"{shapes.sheet_name(STATE_SHEET, taken)}.xlsx", keeping.as_bytes(book))
    return out.getvalue()


def _as_list(book: Workbook, recognition: Recognition, both: Both, called: str = "") -> None:
    """Cards as one list: a row a card, a column for each blank."""
    taken = {one.lower() for one in book.sheetnames}
    place = book.sheetnames.index(recognition.sheet) if recognition.sheet in book.sheetnames else 0
    sheet: Any = book.create_sheet(shapes.sheet_name(f"{called[:22]}汇总名册", taken), place)
    places = keeping.asked_places(recognition.mappings)
    sheet.append(["社区", "填的是谁", *(recognition.mappings[place].label for place in places)])
    for one, grid in both:
        for number, row in enumerate(grid.rows):
            cells = [None if grid.is_blank(number, place) else row.cells[place] for place in places]
            sheet.append([names.title(one.part.region_code), row.name, *cells])
            _as_text(sheet, sheet.max_row)
    _heading(sheet)


def _heading(sheet: Any) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 16
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"


def _as_text(sheet: Any, row: int) -> None:
    """What people typed is no formula."""
    for cell in sheet[row]:
        if cell.data_type == "f":
            cell.data_type = "s"


def _as_sums(book: Workbook, recognition: Recognition, both: Both, task: FormTask, called: str = "") -> None:
    """The department's own table with the communities' cells added up, and every community's cells beside each other. Shares, averages
    and texts do not add up: their cells stay empty."""
    sheet: Any = book[recognition.sheet]
    places = keeping.asked_places(recognition.mappings)
    taken = {one.lower() for one in book.sheetnames}
    detail: Any = book.create_sheet(shapes.sheet_name(f"{called[:20]}{DETAIL_SHEET}", taken))
    detail.append(["格", "内容", "合计", *(names.title(one.part.region_code) for one, _grid in both)])
    for place in places:
        mapping = recognition.mappings[place]
        values = [grid.rows[0].cells[place] for _one, grid in both]
        total = rules.summed(values) if rules.adds_up(mapping) else None
        if total is not None:
            shapes.put(sheet, mapping.row, mapping.column, total, "number")
        detail.append([mapping.where, mapping.label, total, *values])
        _as_text(detail, detail.max_row)
    _heading(detail)
    detail.column_dimensions["B"].width = 40
    if task.on is not None:
        fill_unit_line(
            book, recognition, rules.common_key([one.part.region_code for one, _grid in both]), task.on
        )


def _as_rows(book: Workbook, recognition: Recognition, both: Both, task: FormTask) -> Pushed:
    grids = [grid for _one, grid in both]
    write = write_areas if recognition.regions is not None else write_roster
    more = write(book[recognition.sheet], recognition, grids)
    if task.on is not None:
        fill_unit_line(
            book, recognition, rules.common_key([one.part.region_code for one, _grid in both]), task.on
        )
    return more


def _as_sheets(
    book: Workbook, recognition: Recognition, both: Both, task: FormTask, tick: Tick | None
) -> None:
    model: Any = book[recognition.sheet]
    place = book.index(model)
    taken = {one.lower() for one in book.sheetnames}
    for number, (one, grid) in enumerate(both, start=1):
        sheet = copied(book, model, names.title(one.part.region_code))
        taken.add(sheet.title.lower())
        if task.is_table:
            shapes.put_cells(sheet, recognition, grid)
        elif recognition.regions is not None:
            write_areas(sheet, recognition, [grid])
        else:
            write_roster(sheet, recognition, [grid])
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
        set_list(sheet, recognition.regions_of_form)
        book.move_sheet(sheet, offset=place + number - 1 - book.index(sheet))
        if tick is not None:
            tick(number)
    book.remove(model)
    book.active = place


def _state_sheet(book: Workbook, task: FormTask, found: Sequence[Sending]) -> None:
    """A last sheet: who sent what when, and who has not."""
    sheet: Any = book.create_sheet(shapes.sheet_name(STATE_SHEET, {one.lower() for one in book.sheetnames}))
    amount = "内容" if task.is_several else "行数"
    sheet.append(["社区", "状态", amount, "空白格", "审核签字", "签字时间", "第几次报送", "说明"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sent = {one.part_id: one for one in found}
    for part in task.parts.order_by("region_code"):
        one = sent.get(part.pk)
        sheet.append(
            [
                names.title(part.region_code),
                part.get_state_display(),
                (one.amount if task.is_several else one.rows) if one else None,
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

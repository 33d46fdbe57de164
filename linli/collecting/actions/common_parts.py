"""The common copy of a merged asking and the departments' own copies: what was collected goes over into it, what was signed comes
back into each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.collecting import joint_rules, keeping, rules
from linli.collecting.actions import telling
from linli.collecting.actions.cells import keep_grids, name_place, trace
from linli.collecting.actions.rows import anybody, cells_of
from linli.collecting.actions.working import settle
from linli.collecting.common_form import places_between
from linli.collecting.models import CellChange, FormPart, FormTask, Sending
from linli.collecting.rules import Grid, GridRow, State
from linli.ledgers.actions import words
from linli.ledgers.book.workbook import picture
from linli.ledgers.filling.looking import look
from linli.regions import names


def carry_over(part: FormPart, grids: Sequence[Grid], user: Any) -> int:
    """Write into a copy that was just filled what people had written into the copies whose place it takes (or, where it is filled by
    itself again, into the common one): corrected cells, and rows that were added for a reason. Returns how many cells and rows."""
    task, grid = part.task, grids[0]
    asked = keeping.asked_places(task.recognition.mappings)
    if task.is_merged:
        earlier = [
            (one, places_between(task, one.task))
            for one in part.members.filter(state=State.JOINED).exclude(grid="").select_related("task")
        ]
    elif part.joined_to is not None and part.joined_to.grid:
        there = places_between(part.joined_to.task, task)
        earlier = [(part.joined_to, {common: own for own, common in there.items()})]
    else:
        return 0
    count = 0
    for one, places in earlier:
        theirs = keeping.grid_of(one)
        count += joint_rules.carried(grid, joint_rules.traced_cells(theirs, _written(one)), places, asked)
        known = set(grid.ids)
        for row in theirs.rows:
            if row.id is None or (row.why and row.id not in known):
                grid.rows.append(_taken_along(part, row, places, user))
                grid.is_rewritten, count = True, count + 1
    if grid.is_rewritten:
        grid.edits = {}
    return count


def _written(part: FormPart) -> dict[int, set[str]]:
    """What people wrote into a copy, by place."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, mapping in enumerate(part.task.recognition.mappings):
        places[mapping.label].append(place)
    found: dict[int, set[str]] = defaultdict(set)
    for column, said in CellChange.objects.filter(part=part, what="changed").values_list("column", "said"):
        for place in places[column]:
            found[place].add(str(json.loads(said)[3]).strip())
    return found


def _taken_along(part: FormPart, row: GridRow, places: Mapping[int, int], user: Any) -> GridRow:
    """A row that people added to another copy, as it stands in this one."""
    recognition = part.task.recognition
    filled = cells_of(part, anybody(recognition), row.id, user) if row.id is not None else None
    cells = filled or [None] * len(recognition.mappings)
    for there, here in places.items():
        if rules.is_blank(cells[here]):
            cells[here] = row.cells[there]
    return GridRow(0, row.id, cells, why=row.why)


def hand_out(part: FormPart, grids: Sequence[Grid], user: Any) -> list[Sending]:
    """From a common copy that was just signed, fill and send each department's own: only what its form asks, in its form's manner.
    Whose data goes to which department, and what for, is recorded for each."""
    members = list(
        part.members.select_for_update(of=("self",))
        .filter(state=State.JOINED)
        .select_related("task__unit")
        .order_by("pk")
    )
    grid = grids[0]
    typed = joint_rules.typed_cells(grid, _base(part.task, part, grid, user)[0])
    return [_hand_out(one, part, grid, typed, user) for one in members]


def _base(task: FormTask, part: FormPart, grid: Grid, user: Any) -> tuple[dict[int, list[Any]], list[str]]:
    """What the base says now of the records of a common copy, in the manner of one form; and of what kind each place's cells are."""
    recognition = anybody(task.recognition)
    found = look(
        recognition,
        words(),
        picture(keeping.blank_book(task)[recognition.sheet]),
        region_code=part.region_code,
        on=part.task.on or timezone.localdate(),
        user=user,
        ids=grid.ids,
    )
    kinds = [
        rules.kind_of(cells[place] for _pk, cells in found.rows) for place in range(len(recognition.mappings))
    ]
    return {pk: [rules.plain(value) for value in cells] for pk, cells in found.rows}, kinds


def _hand_out(
    part: FormPart,
    common: FormPart,
    grid: Grid,
    typed: Mapping[tuple[int, int], Any],
    user: Any,
) -> Sending:
    task = part.task
    mappings = task.recognition.mappings
    own, kinds = _base(task, common, grid, user)
    rows = joint_rules.projected(grid, typed, own, places_between(common.task, task), len(mappings))
    made = Grid([one.column for one in mappings], kinds, rows, is_rewritten=True)
    number = part.sendings_made + 1
    if number > 1:
        _trace_differences(part, made, user)
    keeping.forget(part.book)
    part.book = keeping.keep(keeping.rewritten(task, [made], part.region_code, common.task.on))
    keep_grids(part, [made])
    part.received_by, part.received_at = common.received_by, common.received_at
    part.submitted_by, part.submitted_at = common.submitted_by, common.submitted_at
    part.note, part.why = common.note, ""
    sending = send(part, [made], user)
    part.save(update_fields=["received_by", "received_at", "submitted_by", "submitted_at", "note", "why"])
    return sending


def _trace_differences(part: FormPart, after: Grid, user: Any) -> None:
    """What a correction changed of what the department has."""
    before = keeping.grid_of(part)
    by_record = {row.id: number for number, row in enumerate(before.rows) if row.id is not None}
    pairs = {
        number: by_record[row.id]
        for number, row in enumerate(after.rows)
        if row.id is not None and row.id in by_record
    }
    recognition = part.task.recognition
    trace(
        part,
        user.pk,
        rules.differences(
            before,
            after,
            pairs,
            [one.label for one in recognition.mappings],
            keeping.asked_places(recognition.mappings),
            name_place(recognition),
        ),
        "common",
    )


def send(part: FormPart, grids: Sequence[Grid], user: Any) -> Sending:
    """Freeze a copy as it was signed: the department has it from now on. Of a common copy nobody gets anything by itself."""
    task = part.task
    number = part.sendings_made + 1
    changed = CellChange.objects.filter(part=part, sending=number).count()
    shown = None
    if not task.is_merged:
        shown = audit.disclose(
            acting_user=user,
            person_ids=keeping.people_of(task, grids),
            elements=task.told_elements,
            purpose=f"报送{task.unit.name}：{task.title}（{task.purpose}）",
            channel=Channel.FORM,
            region_code=part.region_code,
        )
    sending = Sending.objects.create(
        part=part,
        number=number,
        signed_by=user,
        rows=part.rows,
        blanks=part.blanks,
        tallies=part.tallies,
        changed=changed if number > 1 else 0,
        note=part.note,
        book=keeping.keep(keeping.workbook(part)),
        grid=keeping.keep_grids(grids),
        disclosure_id=shown.pk if shown is not None else None,
    )
    part.state, part.signed_at, part.sendings_made = State.SIGNED.value, sending.signed_at, number
    part.save(update_fields=["state", "signed_at", "sendings_made"])
    telling.todo(part)
    if not task.is_merged:
        telling.tell_unit(
            part, f"{names.title(part.region_code)}{'已报送' if number == 1 else '已更正并重新报送'}"
        )
    settle(task)
    return sending


def open_members(part: FormPart) -> None:
    """A common copy is corrected: the departments' own wait with it again, and keep what was sent."""
    for one in part.members.select_for_update(of=("self",)).filter(state=State.SIGNED).select_related("task"):
        one.state, one.signed_at = State.JOINED.value, None
        one.save(update_fields=["state", "signed_at"])
        settle(one.task)


def left_alone(part: FormPart) -> None:
    """A copy was taken back: where one department is left of the common one that it was joined to, that one's form is filled by itself
    again, with what was collected."""
    common = part.common
    if common is None or common.state not in rules.OPEN:
        return
    left = list(
        FormPart.objects.select_for_update(of=("self",))
        .filter(joined_to=common, state=State.JOINED)
        .select_related("task__unit")
    )
    if len(left) > 1:
        return
    common.state = State.WITHDRAWN.value
    common.why = f"{part.task.unit.name}收回了《{part.task.title}》"
    common.save(update_fields=["state", "why"])
    telling.todo(common)
    settle(common.task)
    for one in left:
        one.state = (State.FILLING if one.book else State.SENT).value
        one.save(update_fields=["state"])
        telling.todo(one)

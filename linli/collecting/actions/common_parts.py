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
from linli.collecting.common_form import between
from linli.collecting.models import CellChange, FormPart, FormTask, Sending
from linli.collecting.rules import Grid, GridRow, State
from linli.ledgers.actions import words
from linli.ledgers.book.workbook import picture
from linli.ledgers.filling.looking import look
from linli.ledgers.recognition import Recognition
from linli.regions import names


def carry_over(part: FormPart, grids: Sequence[Grid], user: Any) -> int:
    """Write into a copy that was just filled what people had written into the copies whose place it takes (or, where it is filled by
    itself again, into the common one): corrected cells, and rows that were added for a reason. Returns how many cells and rows."""
    task = part.task
    regions = task.recognition.regions_of_form
    count = 0
    for one, links in _earlier(part):
        theirs, written = keeping.grids_of(one), _written(one)
        for there, here, places in links:
            grid, listed = grids[here], regions[here]
            typed = joint_rules.traced_cells(theirs[there], written[there])
            count += joint_rules.carried(grid, typed, places, keeping.asked_places(listed.mappings))
            known = set(grid.ids)
            for row in theirs[there].rows:
                if row.id is None or (row.why and row.id not in known):
                    grid.rows.append(_taken_along(part, listed, row, places, user))
                    grid.is_rewritten, count = True, count + 1
    for grid in grids:
        if grid.is_rewritten:
            grid.edits = {}
    return count


# From which list to which, and for each place there its place here.
Link = tuple[int, int, dict[int, int]]


def _earlier(part: FormPart) -> list[tuple[FormPart, list[Link]]]:
    """The copies whose place a copy takes, and how their lists lead to its own."""
    task = part.task
    if task.is_merged:
        members = part.members.filter(state=State.JOINED).exclude(grid="").select_related("task")
        return [
            (one, [(link.own, link.common, link.places) for link in between(task, one.task)])
            for one in members
        ]
    common = part.joined_to
    if common is None or not common.grid:
        return []
    return [
        (
            common,
            [
                (link.common, link.own, {there: own for own, there in link.places.items()})
                for link in between(common.task, task)
            ],
        )
    ]


def _written(part: FormPart) -> dict[int, dict[int, set[str]]]:
    """What people wrote into a copy, by list and place."""
    places: dict[tuple[int, str], list[int]] = defaultdict(list)
    for number, listed in enumerate(part.task.recognition.regions_of_form):
        for place, mapping in enumerate(listed.mappings):
            places[number, mapping.label].append(place)
    found: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    changes = CellChange.objects.filter(part=part, what="changed")
    for number, column, said in changes.values_list("listed", "column", "said"):
        for place in places[number, column]:
            found[number][place].add(str(json.loads(said)[3]).strip())
    return found


def _taken_along(
    part: FormPart, listed: Recognition, row: GridRow, places: Mapping[int, int], user: Any
) -> GridRow:
    """A row that people added to another copy, as it stands in this one."""
    filled = cells_of(part, anybody(listed), row.id, user) if row.id is not None else None
    cells = filled or [None] * len(listed.mappings)
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
    typed = [
        joint_rules.typed_cells(grid, _base(part.task, listed, part, grid, user)[0])
        for listed, grid in zip(part.task.recognition.regions_of_form, grids, strict=True)
    ]
    return [_hand_out(one, part, grids, typed, user) for one in members]


def _base(
    task: FormTask, listed: Recognition, part: FormPart, grid: Grid, user: Any
) -> tuple[dict[int, list[Any]], list[str]]:
    """What the base says now of the records of a list of a common copy, in the manner of one list of a form; and of what kind each
    place's cells are."""
    found = look(
        anybody(listed),
        words(),
        picture(keeping.blank_book(task)[listed.sheet]),
        region_code=part.region_code,
        on=part.task.on or timezone.localdate(),
        user=user,
        ids=grid.ids,
    )
    kinds = [
        rules.kind_of(cells[place] for _pk, cells in found.rows) for place in range(len(listed.mappings))
    ]
    return {pk: [rules.plain(value) for value in cells] for pk, cells in found.rows}, kinds


def _hand_out(
    part: FormPart,
    common: FormPart,
    grids: Sequence[Grid],
    typed: Sequence[Mapping[tuple[int, int], Any]],
    user: Any,
) -> Sending:
    task = part.task
    regions = task.recognition.regions_of_form
    made = [
        Grid([one.column for one in listed.mappings], ["text"] * len(listed.mappings), is_rewritten=True)
        for listed in regions
    ]
    for link in between(common.task, task):
        listed, theirs = regions[link.own], grids[link.common]
        own, made[link.own].kinds = _base(task, listed, common, theirs, user)
        made[link.own].rows = joint_rules.projected(
            theirs, typed[link.common], own, link.places, len(listed.mappings)
        )
    number = part.sendings_made + 1
    if number > 1:
        _trace_differences(part, made, user)
    keeping.forget(part.book)
    part.book = keeping.keep(keeping.rewritten(task, made, part.region_code, common.task.on))
    keep_grids(part, made)
    part.received_by, part.received_at = common.received_by, common.received_at
    part.submitted_by, part.submitted_at = common.submitted_by, common.submitted_at
    part.note, part.why = common.note, ""
    sending = send(part, made, user)
    part.save(update_fields=["received_by", "received_at", "submitted_by", "submitted_at", "note", "why"])
    return sending


def _trace_differences(part: FormPart, grids: Sequence[Grid], user: Any) -> None:
    """What a correction changed of what the department has."""
    kept = keeping.grids_of(part)
    for number, listed in enumerate(part.task.recognition.regions_of_form):
        before, after = kept[number], grids[number]
        by_record = {row.id: at for at, row in enumerate(before.rows) if row.id is not None}
        pairs = {
            at: by_record[row.id]
            for at, row in enumerate(after.rows)
            if row.id is not None and row.id in by_record
        }
        labels = [one.label for one in listed.mappings]
        places = keeping.asked_places(listed.mappings)
        found = rules.differences(before, after, pairs, labels, places, name_place(listed))
        trace(part, user.pk, found, "common", number)


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

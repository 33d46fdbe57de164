"""A community receives its copy, corrects it on the page or in the workbook, takes it along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import RuleError, action
from linli.collecting import keeping, rules, shapes
from linli.collecting.actions import telling
from linli.collecting.actions.asking import key_of, remember_answer
from linli.collecting.actions.cells import keep_grids, list_of, name_place, trace
from linli.collecting.actions.working import RECEIVE, SIGN, locked_part, require_state
from linli.collecting.coming_back import read_back
from linli.collecting.models import CellChange, FormPart
from linli.collecting.models.answers import WRITES
from linli.collecting.rules import Difference, Grid, GridRow, State
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.ledgers.book.workbook import open_workbook
from linli.ledgers.meaning.mapping import ELEMENT, NUMBER
from linli.ledgers.printing import Printed, print_form
from linli.ledgers.recognition import ROSTER, Recognition
from linli.regions import names
from linli.regions.models import Region
from linli.registry.people.models import Person
from linli.registry.people.sealing import id_columns
from linli.registry.sources import knowing
from linli.returns.actions import upload_return
from linli.returns.models import Return

FILL = "collecting.fill"


def receive(*, acting_user: Any, part: FormPart) -> Job:
    """Receive the copy (签收) and begin to fill it; called again, it is filled anew where that did not succeed.

    Raises RuleError when it is filled already, sent, or taken back.
    """
    with action(acting_user, "collecting.receive") as act:
        kept = locked_part(acting_user, part.pk, RECEIVE)
        require_state(kept, State.SENT, State.FILLING)
        if kept.book:
            raise RuleError("这份报表已经填好，请直接核对。")
        if kept.state == State.SENT:
            kept.state = State.FILLING.value
            kept.received_by, kept.received_at = acting_user, timezone.now()
        job = jobs.start(
            acting_user=acting_user,
            kind=FILL,
            title=f"填报：{kept.task.title}",
            region_code=kept.region_code,
            part=kept.pk,
        )
        kept.job_id = job.pk
        kept.save(update_fields=["state", "received_by", "received_at", "job_id"])
        telling.todo(kept)
        act.record(kept, f"签收报表《{kept.task.title}》")
    return job


def open_to(acting_user: Any, pk: int) -> FormPart:
    """The copy, while the user may correct it: the fillers while it is being filled, whoever signs also while it is checked."""
    kept = locked_part(acting_user, pk, RECEIVE)
    if kept.state == State.CHECKING and acting_user.can(SIGN, kept.region_code):
        return kept
    require_state(kept, State.FILLING)
    return kept


def correct_row(
    *, acting_user: Any, part: FormPart, row: int, values: Mapping[int, str], which: int = 0
) -> FormPart:
    """Set cells of one row of one list (`which`): `row` from 0, `values` by the column's place; what is not named stays.

    Raises RuleError (field c<place>) for a date or number that is none, and for what is not among a drop-down's options.
    """
    with action(acting_user, "collecting.correct") as act:
        kept = open_to(acting_user, part.pk)
        if not kept.book:
            raise RuleError("这份报表还没有填好，请稍等。")
        recognition, grids = list_of(kept, which), keeping.grids_of(kept)
        grid = grids[which]
        if not 0 <= row < len(grid.rows):
            raise RuleError("没有这一行，请刷新页面后再试。")
        changed = []
        line = grid.rows[row]
        name = name_place(recognition)
        called = line.name or (str(line.cells[name] or "") if name is not None else "")
        for place in keeping.asked_places(recognition.mappings):
            if place not in values:
                continue
            mapping = recognition.mappings[place]
            try:
                value = rules.typed(values[place], grid.kinds[place])
            except ValueError as error:
                raise RuleError(f"“{mapping.label}”：{error}", field=f"c{place}") from None
            was = line.cells[place]
            if ("" if was is None else str(was)) == ("" if value is None else str(value)):
                continue
            if mapping.options and value is not None and str(value) not in mapping.options:
                raise RuleError(
                    f"“{mapping.label}”请从下拉选项中选：{'、'.join(mapping.options[:12])}。",
                    field=f"c{place}",
                )
            changed.append(
                Difference(
                    row + 1, called, mapping.label, str(was or ""), "" if value is None else str(value)
                )
            )
            line.cells[place] = value
            grid.edits[row, place] = value
        if not changed:
            act.nothing_to_record()
            return kept
        keep_grids(kept, grids)
        trace(kept, acting_user.pk, changed, "page", which)
        _remember(kept, recognition, line, [one.column for one in changed], acting_user)
        act.record(
            kept,
            f"改《{kept.task.title}》第 {row + 1} 行 {len(changed)} 格",
            columns=[one.column for one in changed],
        )
    return kept


def _remember(part: FormPart, listed: Recognition, row: GridRow, columns: Iterable[str], user: Any) -> None:
    """What the base has no place for is remembered of the record, so that the next form that asks it is filled."""
    subject = shapes.subject_of(listed)
    if row.id is None or subject not in WRITES:
        return
    for place, mapping in enumerate(listed.mappings):
        if mapping.label in columns and mapping.target not in (ELEMENT, NUMBER):
            value = row.cells[place]
            remember_answer(
                user,
                subject,
                row.id,
                key_of(mapping),
                mapping.label,
                "" if value is None else str(value),
                part.region_code,
                f"报表《{part.task.title}》",
            )


def take_workbook(*, acting_user: Any, part: FormPart, name: str, data: bytes) -> int:
    """Take a workbook that was completed outside in place of the copy's. Returns how many cells and rows differ.

    Raises RuleError (field file) when it cannot be read, is another form, or holds no rows.
    """
    with action(acting_user, "collecting.take_workbook") as act:
        kept = open_to(acting_user, part.pk)
        regions = kept.task.recognition.regions_of_form
        before = keeping.grids_of(kept) if kept.grid else [Grid([], []) for _one in regions]
        after = read_back(data, name, kept.task, before)
        if not any(one.rows for one in after) and any(one.rows for one in before):
            raise RuleError("上传的表里没有数据行，请检查是不是上传了空表。", field="file")
        found = 0
        for number, (listed, was, now) in enumerate(zip(regions, before, after, strict=True)):
            differing = _differences(listed, was, now, kept.region_code)
            found += trace(kept, acting_user.pk, differing, "upload", number)
        keeping.forget(kept.book)
        kept.book = keeping.keep(data)
        keep_grids(kept, after)
        act.record(kept, f"上传填好的《{kept.task.title}》，改动 {found} 处", changes=found)
    return found


def _differences(listed: Recognition, before: Grid, after: Grid, community: str) -> list[Difference]:
    """What differs between a list as it was and as it came back, whose rows are found again."""
    after.kinds = before.kinds or after.kinds
    if listed.kind == ROSTER:
        pairs = rules.match_rows(before.rows, after.rows, _row_keys(listed))
    else:
        pairs = _same_names(before, after)
    for number, old in pairs.items():
        after.rows[number].id = before.rows[old].id
    _recognise_people(after, listed, community)
    labels = [one.label for one in listed.mappings]
    places = keeping.asked_places(listed.mappings)
    return list(rules.differences(before, after, pairs, labels, places, name_place(listed)))


def _same_names(before: Grid, after: Grid) -> dict[int, int]:
    """Which row of a table or which card is which: by what it is called."""
    known = {(row.sheet, row.name): number for number, row in enumerate(before.rows)}
    return {
        number: known[row.sheet, row.name]
        for number, row in enumerate(after.rows)
        if (row.sheet, row.name) in known
    }


def _recognise_people(grid: Grid, recognition: Recognition, community: str) -> None:
    """Rows added by hand are of the community's registered people where their identity numbers say so: what is sent of them is then
    recorded as theirs."""
    place = next(
        (
            n
            for n, one in enumerate(recognition.mappings)
            if one.target == ELEMENT and one.element == "id_number"
        ),
        None,
    )
    if recognition.subject != "person" or place is None:
        return
    unknown: dict[bytes, GridRow] = {}
    for row in grid.rows:
        number = "".join(str(row.cells[place] or "").split()).upper()
        if row.id is None and (key := id_columns(number)["id_digest"]):
            unknown[key] = row
    found = Person.objects.in_region(community).filter(id_digest__in=list(unknown))
    for person in found.only("pk", "id_digest"):
        unknown[bytes(person.id_digest or b"")].id = person.pk


def _row_keys(recognition: Recognition) -> list[list[int]]:
    """By what a row is found again: the identity number, else the name with what else names it, else the name alone."""
    by_key: dict[str, int] = {}
    for place, mapping in enumerate(recognition.mappings):
        if mapping.target == ELEMENT:
            by_key.setdefault(mapping.element, place)
    number = [by_key[key] for key in ("id_number", "head.id_number", "credit_code") if key in by_key][:1]
    name = name_place(recognition)
    named = [name] if name is not None else []
    more = [
        by_key[key] for key in ("birth_date", "address", "phone") if key in by_key and by_key[key] != name
    ]
    return [one for one in (number, named + more, named) if one]


def download(*, acting_user: Any, part: FormPart) -> tuple[bytes, str]:
    """The copy's workbook for one of the community's people, and what it is called; the disclosure is recorded."""
    with transaction.atomic():
        kept = locked_part(acting_user, part.pk, RECEIVE)
        task = kept.task
        if not kept.book:
            return keeping.read(task.path), task.name
        audit.disclose(
            acting_user=acting_user,
            person_ids=keeping.people_of(task, keeping.grids_of(kept)),
            elements=task.told_elements,
            purpose=f"填报：{task.title}（{task.asker}）",
            channel=Channel.FORM,
            region_code=kept.region_code,
        )
        return keeping.workbook(kept), f"{task.name.rsplit('.', 1)[0]}（已填）.xlsx"


def print_part(*, acting_user: Any, part: FormPart) -> tuple[Printed, str]:
    """The copy as PDF for one of the community's people (the empty form where it is not filled yet), and what its workbook is called;
    the disclosure is recorded."""
    data, name = download(acting_user=acting_user, part=part)
    task = part.task
    return print_form(data, task.recognition, keeping.read(task.path)), name


def to_base(*, acting_user: Any, part: FormPart, which: int = 0) -> Return:
    """Hand a roster of the copy to the registry's intake of filled rosters, so that what was asked once is held from then on. What it
    would change is looked at and applied there.

    Raises RuleError when nobody has changed anything, for tables and cards, for lists that share their sheet, and what `upload_return`
    raises.
    """
    with action(acting_user, "collecting.to_base") as act:
        kept = locked_part(acting_user, part.pk, RECEIVE)
        task, listed = kept.task, list_of(kept, which)
        if listed.kind != ROSTER:
            raise RuleError("只有花名册能这样收进登记库；表和卡片里要改的，请在登记库里改。")
        if not kept.book or not CellChange.objects.filter(part=kept, listed=which).exists():
            raise RuleError("这一张没有补填或改过，登记库里已经都有，不用收。")
        made = upload_return(
            acting_user=acting_user,
            name=task.name,
            data=_alone(keeping.workbook(kept), task.recognition, which),
            region=Region.objects.get(region_code=kept.region_code),
            sender=names.title(kept.region_code),
            source=knowing.kind("visit"),
            on=task.on or timezone.localdate(),
        )
        act.record(kept, f"把《{task.title}》里补填的内容交给名册入库", returned=made.pk, listed=which)
    return made


def _alone(data: bytes, recognition: Recognition, which: int) -> bytes:
    """The workbook without the sheets of the form's other lists. Raises RuleError where one shares the list's sheet."""
    regions = recognition.regions_of_form
    listed = regions[which]
    others = [one for number, one in enumerate(regions) if number != which]
    if not others:
        return data
    if any(one.sheet == listed.sheet for one in others):
        raise RuleError(
            "这一张和别的表排在同一个工作表里，不能直接收。请下载以后，把它另存成单独的文件，在“名册入库”里上传。"
        )
    book = open_workbook(data)
    for sheet in book.worksheets:
        if sheet.title != listed.sheet and sheet.sheet_state == "visible":
            book.remove(sheet)
    return keeping.as_bytes(book)

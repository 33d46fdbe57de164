"""A department prepares a form task: uploads the empty form, says what doubtful columns mean, whom the form lists."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.audit.recording import RuleError, action
from linli.collecting import keeping, rules, shapes
from linli.collecting.actions.working import SEND, locked_draft
from linli.collecting.models import FormList, FormTask
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.ledgers.actions import as_plain, recognise_bytes, remember, set_meaning, set_scope, words
from linli.ledgers.book.workbook import BadWorkbook, open_workbook
from linli.ledgers.recognition import AGGREGATE, Recognition
from linli.ledgers.value_actions import column_of, drop_values, put_values


def draft(*, acting_user: Any, warrant: Warrant, name: str, data: bytes) -> FormTask:
    """Keep an empty file that is to be issued under a warrant, and recognise its lists and tables. Nothing reaches anybody yet.
    Further lists of which nothing tells what their rows are stay out of the task, and are named in its `left_out`.

    Raises RuleError when the workbook cannot be read, nothing of it is held, it names people already, or it asks for what is left out by
    design.
    """
    if warrant.issuer_id not in acting_user.unit_ids or not acting_user.can(SEND):
        raise NotPermitted(SEND)
    if Thing.FORM.value not in warrant.things:
        raise RuleError(f"事项“{warrant.title}”没有准入报表，不能在它下面下发。")
    short = PurePosixPath(name.replace("\\", "/")).name[:200] or "表格.xlsx"
    terms = words()
    recognition = recognise_bytes(data, short, terms)
    left_out = _only_askable(recognition)
    try:
        book = open_workbook(data)
    except BadWorkbook as problem:
        raise RuleError(str(problem), field="file") from None
    for listed in recognition.regions_of_form:
        shapes.leave_formulas(book, listed)
    remember(recognition, terms)
    with action(acting_user, "collecting.draft") as act:
        task = FormTask(
            region_code=warrant.region_code,
            warrant=warrant,
            unit=warrant.issuer,
            title=_title_of(recognition, short)[:120],
            name=short,
            path=keeping.keep(data),
            fingerprint=recognition.fingerprint,
            left_out=left_out,
            made_by_id=acting_user.pk or None,
        )
        keep_lists(task, recognition)
        act.record(
            task,
            f"起草报表任务《{task.title}》",
            lists=len(recognition.regions_of_form),
            columns=len(recognition.all_mappings),
        )
    return task


def _title_of(recognition: Recognition, name: str) -> str:
    """What a task is called: by its list's title; a file with several lists by its own name."""
    stem = PurePosixPath(name).stem
    return stem if recognition.parts else recognition.title or stem


def _only_askable(recognition: Recognition) -> list[str]:
    """Leave those lists of a file in it that can be asked, numbered in their order. Returns what the others are called. Raises RuleError
    where the file cannot be issued with what is in it."""
    names = shapes.list_names(recognition)
    kept, left = [], []
    for name, listed in zip(names, recognition.regions_of_form, strict=True):
        which = f"“{name}”这一张" if recognition.parts else "这张表"
        if listed.given:
            raise RuleError(
                f"{which}里已经写着名单，表格任务只发空表：请删去表头下面的名单再上传，由各社区按登记的内容填出。",
                field="file",
            )
        if listed.declined:
            raise RuleError(
                f"{which}涉及“{listed.declined}”，系统按设计不收集这类信息，不能下发；名单由{listed.keeper}掌握，请向其索取。",
                field="file",
            )
        why = listed.why_not
        if not listed.subject and listed.kind != AGGREGATE:
            why = f"没有认出{which}每行登记的是什么（居民、家庭户、房屋、单位……）。请检查表头，把“姓名”“房屋地址”这样的列写清楚再上传。"
        if why and listed is recognition:
            raise RuleError(why, field="file")
        if why:
            left.append(name)
        elif listed is not recognition:
            kept.append(listed)
    recognition.parts = kept
    for number, listed in enumerate(recognition.regions_of_form):
        # Copies are read back row by row, and a card of a task has a sheet of its own.
        listed.shifts, listed.copies = [], []
        for mapping in [*listed.mappings, *(one for members in listed.lists for one in members.mappings)]:
            mapping.part = number
    return left


def keep_lists(task: FormTask, recognition: Recognition) -> None:
    """Save a task with what was recognised, and by what other tasks find each of its lists."""
    task.recognised = as_plain(recognition)
    task.save()
    names = shapes.list_names(recognition)
    FormList.objects.filter(task=task).delete()
    made = []
    for number, listed in enumerate(recognition.regions_of_form):
        asked = rules.held(listed.mappings)
        made.append(
            FormList(
                task=task,
                number=number,
                title=names[number],
                kind=listed.kind,
                subject=shapes.subject_of(listed),
                elements=list(dict.fromkeys(one.element for one in asked.held)),
                new_labels=list(dict.fromkeys(one.key for one in asked.new)),
            )
        )
    FormList.objects.bulk_create(made)


def set_column(*, acting_user: Any, task: FormTask, column: int, target: str, element: str = "") -> FormTask:
    """Say what a column of a draft asks, of this task alone. Raises RuleError."""
    with action(acting_user, "collecting.set_column") as act:
        kept = locked_draft(acting_user, task.pk)
        recognition = kept.recognition
        _place, mapping = set_meaning(
            recognition, column, target, element, by=acting_user.name, at=timezone.now()
        )
        keep_lists(kept, recognition)
        act.record(kept, f"《{kept.title}》的“{mapping.label}”改为“{mapping.element_label or '由社区填写'}”")
    return kept


def set_values(*, acting_user: Any, task: FormTask, column: int, values: dict[str, Any]) -> FormTask:
    """Say which word of the file's own list is written for each of our values (a key of `values`; "*" for the rest). It holds for this
    draft, and is remembered like what is said on uploads: for files of the same structure, and wherever the very same list comes. Raises
    RuleError."""
    with action(acting_user, "collecting.set_values") as act:
        kept = locked_draft(acting_user, task.pk)
        recognition = kept.recognition
        listed, place, mapping = column_of(recognition, column)
        put_values(listed, place, values, acting_user=acting_user)
        keep_lists(kept, recognition)
        act.record(kept, f"《{kept.title}》的“{mapping.label}”对好选项", values=len(mapping.values))
    return kept


def forget_values(*, acting_user: Any, task: FormTask, column: int) -> FormTask:
    """Forget what was said of a column's list, for everybody; in this draft the column is recognised anew. Raises RuleError when nothing is
    remembered."""
    with action(acting_user, "collecting.forget_values") as act:
        kept = locked_draft(acting_user, task.pk)
        recognition = kept.recognition
        _listed, _place, mapping = column_of(recognition, column)

        def recognise() -> Recognition:
            anew = recognise_bytes(keeping.read(kept.path), kept.name, words())
            _only_askable(anew)
            return anew

        drop_values(recognition, column, recognise)
        keep_lists(kept, recognition)
        act.record(kept, f"《{kept.title}》的“{mapping.label}”不再按 {mapping.valued} 的选项对照")
    return kept


def choose_scope(*, acting_user: Any, task: FormTask, conditions: list[str], which: int = 0) -> FormTask:
    """Say whom a list of a draft lists. Raises RuleError."""
    with action(acting_user, "collecting.choose_scope") as act:
        kept = locked_draft(acting_user, task.pk)
        recognition = kept.recognition
        if not 0 <= which < len(recognition.regions_of_form):
            raise RuleError("这份报表里没有这一张，请刷新页面后再试。")
        listed = recognition.regions_of_form[which]
        set_scope(listed, conditions, by=acting_user.name)
        keep_lists(kept, recognition)
        act.record(
            kept,
            f"《{shapes.list_names(recognition)[which]}》的填报范围选为“{listed.population_label}”",
            listed=which,
        )
    return kept


def discard(*, acting_user: Any, task: FormTask) -> None:
    """Delete a draft. Raises RuleError once it is issued."""
    with action(acting_user, "collecting.discard") as act:
        kept = locked_draft(acting_user, task.pk)
        act.record(kept, f"删除报表任务草稿《{kept.title}》")
        keeping.forget(kept.path)
        kept.delete()

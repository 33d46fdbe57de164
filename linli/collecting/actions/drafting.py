"""A department prepares a form task: uploads the empty form, says what doubtful columns mean, whom the form lists."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.audit.recording import RuleError, action
from linli.collecting import keeping, rules, shapes
from linli.collecting.actions.working import SEND, locked_draft
from linli.collecting.models import FormTask
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.ledgers.actions import as_plain, recognise_bytes, remember, set_meaning, set_scope, words
from linli.ledgers.book.workbook import BadWorkbook, open_workbook
from linli.ledgers.recognition import AGGREGATE, Recognition


def draft(*, acting_user: Any, warrant: Warrant, name: str, data: bytes) -> FormTask:
    """Keep an empty form that is to be issued under a warrant, and recognise it. Nothing reaches anybody yet.
    Of a file with several lists or tables the first is asked; `left_out` of the task names the others.

    Raises RuleError when the workbook cannot be read, nothing of it is held, or it asks for what is left out by design.
    """
    if warrant.issuer_id not in acting_user.unit_ids or not acting_user.can(SEND):
        raise NotPermitted(SEND)
    if Thing.FORM.value not in warrant.things:
        raise RuleError(f"事项“{warrant.title}”没有准入报表，不能在它下面下发。")
    short = PurePosixPath(name.replace("\\", "/")).name[:200] or "表格.xlsx"
    terms = words()
    recognition = recognise_bytes(data, short, terms)
    # A task asks one list or table: its copies are read back row by row.
    left_out = tuple(one.title or one.place or one.sheet for one in recognition.parts)
    recognition.parts, recognition.shifts = [], []
    if recognition.given:
        raise RuleError(
            "这张表里已经写着名单，表格任务只发空表：请删去表头下面的名单再上传，由各社区按登记的内容填出。",
            field="file",
        )
    if recognition.declined:
        raise RuleError(
            f"这张表涉及“{recognition.declined}”，系统按设计不收集这类信息，不能下发；名单由{recognition.keeper}掌握，请向其索取。",
            field="file",
        )
    if not recognition.subject and recognition.kind != AGGREGATE:
        raise RuleError(
            "没有认出这张表每行登记的是什么（居民、家庭户、房屋、单位……）。请检查表头，把“姓名”“房屋地址”这样的列写清楚再上传。",
            field="file",
        )
    if recognition.why_not:
        raise RuleError(recognition.why_not, field="file")
    try:
        shapes.leave_formulas(open_workbook(data), recognition)
    except BadWorkbook as problem:
        raise RuleError(str(problem), field="file") from None
    remember(recognition, terms)
    with action(acting_user, "collecting.draft") as act:
        task = FormTask(
            region_code=warrant.region_code,
            warrant=warrant,
            unit=warrant.issuer,
            title=(recognition.title or PurePosixPath(short).stem)[:120],
            name=short,
            path=keeping.keep(data),
            fingerprint=recognition.fingerprint,
            made_by_id=acting_user.pk or None,
        )
        _keep(task, recognition)
        task.save()
        task.left_out = left_out
        act.record(task, f"起草报表任务《{task.title}》", columns=len(recognition.mappings))
    return task


def _keep(task: FormTask, recognition: Recognition) -> None:
    """Write what was recognised, and by what other tasks find it."""
    asked = rules.held(recognition.mappings)
    # A card of a task has a sheet of its own, also where the form prints several on one.
    recognition.copies = []
    task.recognised = as_plain(recognition)
    task.subject = "" if recognition.kind == AGGREGATE else recognition.subject
    task.elements = list(dict.fromkeys(one.element for one in asked.held))
    task.new_labels = list(dict.fromkeys(one.key for one in asked.new))


_KEPT = ["recognised", "subject", "elements", "new_labels"]


def set_column(*, acting_user: Any, task: FormTask, column: int, target: str, element: str = "") -> FormTask:
    """Say what a column of a draft asks, of this task alone. Raises RuleError."""
    with action(acting_user, "collecting.set_column") as act:
        kept = locked_draft(acting_user, task.pk)
        recognition = kept.recognition
        _place, mapping = set_meaning(
            recognition, column, target, element, by=acting_user.name, at=timezone.now()
        )
        _keep(kept, recognition)
        kept.save(update_fields=_KEPT)
        act.record(kept, f"《{kept.title}》的“{mapping.label}”改为“{mapping.element_label or '由社区填写'}”")
    return kept


def choose_scope(*, acting_user: Any, task: FormTask, conditions: list[str]) -> FormTask:
    """Say whom the form of a draft lists. Raises RuleError."""
    with action(acting_user, "collecting.choose_scope") as act:
        kept = locked_draft(acting_user, task.pk)
        recognition = kept.recognition
        set_scope(recognition, conditions, by=acting_user.name)
        _keep(kept, recognition)
        kept.save(update_fields=_KEPT)
        act.record(kept, f"《{kept.title}》的填报范围选为“{recognition.population_label}”")
    return kept


def discard(*, acting_user: Any, task: FormTask) -> None:
    """Delete a draft. Raises RuleError once it is issued."""
    with action(acting_user, "collecting.discard") as act:
        kept = locked_draft(acting_user, task.pk)
        act.record(kept, f"删除报表任务草稿《{kept.title}》")
        keeping.forget(kept.path)
        kept.delete()

"""A department issues a form to communities through the gate, reminds them, takes it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from linli.access.guard import require
from linli.audit.recording import RuleError, action
from linli.collecting import reading, rules, shapes
from linli.collecting.actions import telling
from linli.collecting.actions.common_parts import left_alone
from linli.collecting.actions.working import SEND, locked_draft, locked_task, require_reason, settle
from linli.collecting.models import OPEN, FormPart, FormTask
from linli.collecting.rules import State
from linli.flow.actions import cancel_dispatch, dispatch, note
from linli.flow.rules.warrants import Thing
from linli.ledgers.filling import check_fillable
from linli.office.calendar import current as current_calendar
from linli.regions import names


def issue(
    *,
    acting_user: Any,
    task: FormTask,
    communities: Iterable[str],
    purpose: str,
    on: date,
    working_days: int,
    why_again: str = "",
) -> FormTask:
    """Send the form to communities: one copy each, all or none. `on` is the day whose state is asked, `working_days` from today is the
    last day; `why_again` says why it is asked although other tasks ask the same.

    Raises RuleError for what the gate refuses, for figures that make no sense, and for a form that cannot be filled as it is.
    """
    keys = sorted(set(communities))
    check_terms(keys, purpose, on, working_days)
    with action(acting_user, "collecting.issue", reason=purpose.strip()) as act:
        kept = locked_draft(acting_user, task.pk)
        check_area(acting_user, kept, keys)
        same = reading.asked_elsewhere(kept, keys, acting_user)
        if same and not why_again.strip():
            raise RuleError(
                f"这些社区已有 {len(same)} 份报表要过同样的内容。请先看能不能直接用；仍要下发，请写明原因。",
                field="why_again",
            )
        due_on = current_calendar().add_working_days(timezone.localdate(), working_days)
        for part in send_out(acting_user, kept, keys, purpose, on, due_on, why_again if same else ""):
            telling.todo(part)
        asked = rules.held(kept.recognition.all_mappings)
        act.record(
            kept,
            f"下发报表《{kept.title}》到 {len(keys)} 个社区，{kept.due_on} 截止",
            communities=keys,
            held=len(asked.held),
            new=[one.label for one in asked.new],
            same=[one.task.pk for one in same],
        )
    return kept


def check_terms(keys: Sequence[str], purpose: str, on: date, working_days: int) -> None:
    """Raise RuleError for what makes no sense whatever the form is."""
    today = timezone.localdate()
    if not keys:
        raise RuleError("请至少选一个社区。", field="communities")
    if not purpose.strip():
        raise RuleError("请写明用途：社区和居民都有权知道数据拿去做什么。", field="purpose")
    if on.year < 1950 or on > today:
        raise RuleError("数据日期应在 1950 年以后且不晚于今天，请重新选择。", field="on")
    if not 1 <= working_days <= rules.MOST_DAYS:
        raise RuleError(f"期限要在 1 到 {rules.MOST_DAYS} 个工作日之间。", field="working_days")


def check_area(acting_user: Any, task: FormTask, keys: Sequence[str]) -> None:
    """Raise RuleError for communities outside the item's area (kept as refused), and for a form that cannot be filled as it is;
    NotPermitted for those to which the user may not send."""
    offered = set(
        reading.communities(acting_user, task.warrant.region_code).values_list("region_code", flat=True)
    )
    for key in keys:
        require(acting_user, SEND, key)
        if key not in offered:
            why = f"“{names.title(key)}”不在事项的范围内，请重新选择。"
            note(
                Thing.FORM,
                task.warrant,
                {key: (timezone.localdate(), why)},
                title=task.title,
                sender=task.unit,
            )
            raise RuleError(why, field="communities")
    recognition = task.recognition
    for name, listed in zip(shapes.list_names(recognition), recognition.regions_of_form, strict=True):
        try:
            check_fillable(listed)
        except RuleError as problem:
            raise RuleError(
                f"“{name}”：{problem.message}" if task.is_several else problem.message, field=problem.field
            ) from None


def send_out(
    acting_user: Any,
    task: FormTask,
    keys: Sequence[str],
    purpose: str,
    on: date,
    due_on: date,
    why_again: str,
) -> list[FormPart]:
    """Send a locked draft to communities through the gate: one copy each. Raises RuleError for what the gate refuses."""
    sent = dispatch(
        acting_user=acting_user,
        warrant=task.warrant,
        thing=Thing.FORM,
        communities=keys,
        title=task.title,
        sender=task.unit,
    )
    task.purpose, task.why_again = purpose.strip(), why_again.strip()
    task.on, task.due_on, task.issued_at = on, due_on, timezone.now()
    task.save(update_fields=["purpose", "why_again", "on", "due_on", "issued_at"])
    names.learn(keys)
    return FormPart.objects.bulk_create(
        [FormPart(region_code=one.region_code, task=task, dispatch=one) for one in sent]
    )


def remind(*, acting_user: Any, task: FormTask) -> int:
    """Remind the communities whose copies wait, each at most once a day. Returns how many.

    Raises RuleError when none waits, or all were reminded today.
    """
    with action(acting_user, "collecting.remind") as act:
        kept = locked_task(acting_user, task.pk)
        now = timezone.now()
        waiting = list(
            FormPart.objects.select_for_update(of=("self",))
            .filter(task=kept, state__in=OPEN)
            .select_related("task__unit", "joined_to__task__unit")
        )
        if not waiting:
            raise RuleError("没有还没报送的社区，不用催办。")
        today = timezone.localdate()
        found = [
            one
            for one in waiting
            if one.reminded_at is None or timezone.localtime(one.reminded_at).date() < today
        ]
        if not found:
            raise RuleError("今天已经催办过了。一个社区一天只提醒一次。")
        for part in found:
            part.reminded_at = now
            where = part.common or part
            people = telling.signers(where) if where.state == State.CHECKING else telling.fillers(where)
            telling.tell(people, where, f"{kept.unit.name}催办", is_urgent=part.is_late)
        FormPart.objects.bulk_update(found, ["reminded_at"])
        act.record(
            kept, f"催办《{kept.title}》，{len(found)} 个社区", communities=[one.region_code for one in found]
        )
    return len(found)


def take_back(*, acting_user: Any, task: FormTask, parts: Iterable[FormPart], reason: str) -> int:
    """Take copies back that were not sent yet; they no longer count for the frequency. Returns how many.

    Raises RuleError without a reason, and when none of them waits.
    """
    why = require_reason(reason, "请写明收回的原因，社区会看到。")
    with action(acting_user, "collecting.take_back", reason=why) as act:
        kept = locked_task(acting_user, task.pk)
        found = list(
            FormPart.objects.select_for_update(of=("self",))
            .filter(task=kept, pk__in=[one.pk for one in parts], state__in=OPEN)
            .select_related("task__unit", "dispatch", "joined_to__task__unit")
        )
        if not found:
            raise RuleError("请选择还没有报送的社区；已经报送的不能收回。", field="parts")
        for part in found:
            if part.dispatch is not None:
                cancel_dispatch(acting_user=acting_user, sent=part.dispatch, reason=why)
            part.state, part.why = State.WITHDRAWN.value, why
            part.save(update_fields=["state", "why"])
            telling.todo(part)
            telling.tell({*telling.fillers(part), *telling.signers(part)}, part, "已收回，不用再填")
            left_alone(part)
        settle(kept)
        act.record(
            kept, f"收回《{kept.title}》，{len(found)} 个社区", communities=[one.region_code for one in found]
        )
    return len(found)

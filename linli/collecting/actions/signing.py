"""A copy goes its way: submitted, sent back, signed and sent, corrected later."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.audit.recording import RuleError, action
from linli.collecting import keeping, reading
from linli.collecting.actions import common_parts, telling
from linli.collecting.actions.working import (
    RECEIVE,
    SEND,
    SIGN,
    locked_part,
    require_reason,
    require_state,
    settle,
)
from linli.collecting.models import FormPart, Sending
from linli.collecting.rules import State
from linli.ledgers.recognition import AGGREGATE
from linli.regions import names


def submit(*, acting_user: Any, part: FormPart, note: str = "") -> FormPart:
    """Say that it is filled: whoever signs for the community is asked next.

    Raises RuleError when it is not filled, and for blanks that are not explained.
    """
    with action(acting_user, "collecting.submit") as act:
        kept = locked_part(acting_user, part.pk, RECEIVE)
        require_state(kept, State.FILLING)
        if not kept.book:
            raise RuleError("这份报表还没有填，请先签收并等系统填好。")
        if kept.blanks and not note.strip():
            raise RuleError(f"还有 {kept.blanks} 格空白。请补填，或写明为什么填不上、找过谁。", field="note")
        kept.state, kept.note, kept.why = State.CHECKING.value, note.strip(), ""
        kept.submitted_by, kept.submitted_at = acting_user, timezone.now()
        kept.save(update_fields=["state", "note", "why", "submitted_by", "submitted_at"])
        telling.todo(kept)
        act.record(kept, f"填好《{kept.task.title}》，提交审核", rows=kept.rows, blanks=kept.blanks)
    return kept


def sign(*, acting_user: Any, part: FormPart) -> Sending:
    """Sign for the community and send: the department gets this state of the copy. Who gets whose data, and what for, is recorded.

    Raises RuleError when it has not been submitted.
    """
    with action(acting_user, "collecting.sign") as act:
        kept = locked_part(acting_user, part.pk, SIGN)
        require_state(kept, State.CHECKING)
        task, grids = kept.task, keeping.grids_of(kept)
        sending = common_parts.send(kept, grids, acting_user)
        number, changed = sending.number, sending.changed
        if task.is_merged:
            for one in common_parts.hand_out(kept, grids, acting_user):
                act.record(
                    one.part,
                    f"合并填报签字，向{one.part.task.unit.name}报送《{one.part.task.title}》{one.amount}",
                    rows=one.rows,
                    blanks=one.blanks,
                    number=one.number,
                )
        act.record(
            kept,
            f"审核签字，向{task.asker}报送《{task.title}》{kept.amount}"
            + (f"（第 {number} 次，改动 {changed} 处）" if number > 1 else ""),
            rows=kept.rows,
            blanks=kept.blanks,
            number=number,
            without_record=sum(
                len(grid.rows) - len(grid.ids)
                for listed, grid in zip(task.recognition.regions_of_form, grids, strict=True)
                if listed.kind != AGGREGATE
            ),
        )
    return sending


def send_back(*, acting_user: Any, part: FormPart, reason: str) -> FormPart:
    """Whoever signs gives it back to be filled better. Raises RuleError without a reason."""
    why = require_reason(reason, "请写明哪里要改。")
    with action(acting_user, "collecting.send_back", reason=why) as act:
        kept = locked_part(acting_user, part.pk, SIGN)
        require_state(kept, State.CHECKING)
        _open_again(kept, why)
        if kept.submitted_by is not None and kept.submitted_by_id != acting_user.pk:
            telling.tell([kept.submitted_by], kept, f"退回修改，{why}")
        act.record(kept, f"退回修改《{kept.task.title}》")
    return kept


def reopen(*, acting_user: Any, part: FormPart, reason: str) -> FormPart:
    """What was sent is to be corrected: the community saw a mistake, or the department did. The department keeps what it has until the
    correction is signed. Raises RuleError without a reason, and when it was not sent."""
    why = require_reason(reason, "请写明要更正什么。")
    with action(acting_user, "collecting.reopen", reason=why) as act:
        named = FormPart.objects.select_related("task__unit", "joined_to").filter(pk=part.pk).first()
        if named is None:
            raise NotPermitted(SEND)
        asks = reading.sends(acting_user, named.task)
        if not asks and not reading.receives(acting_user, named):
            raise NotPermitted(RECEIVE)
        found = (
            FormPart.objects.select_for_update(of=("self",))
            .select_related("task__unit")
            .get(pk=(named.common or named).pk)
        )
        require_state(found, State.SIGNED)
        _open_again(found, why)
        common_parts.open_members(found)
        settle(found.task)
        if asks:
            telling.tell(telling.fillers(found), found, f"{named.task.unit.name}请更正：{why}")
        else:
            telling.tell_unit(found, f"{names.title(found.region_code)}要更正已报送的内容")
        act.record(found, f"重新打开《{found.task.title}》更正")
    return found


def _open_again(part: FormPart, why: str) -> None:
    part.state, part.why, part.signed_at = State.FILLING.value, why, None
    part.save(update_fields=["state", "why", "signed_at"])
    telling.todo(part)

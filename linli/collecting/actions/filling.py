"""A community's copy is filled from the base, by the forms' pipeline and under the permissions of whoever receives it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linli.audit import recording as audit
from linli.audit.models import Channel
from linli.audit.recording import RuleError, action
from linli.collecting import keeping, shapes
from linli.collecting.actions import telling
from linli.collecting.actions.asking import link_waiting, overlay_known
from linli.collecting.actions.cells import COUNTED, counted
from linli.collecting.actions.common_parts import carry_over
from linli.collecting.actions.working import RECEIVE, locked_part, require_state
from linli.collecting.models import FormPart
from linli.collecting.rules import State
from linli.ledgers.actions import account_json, words
from linli.ledgers.filling import fill


def fill_part(*, acting_user: Any, part: FormPart) -> FormPart:
    """Fill the copy as of the task's day; what people corrected before is kept, for a copy that is filled is left alone.

    Raises RuleError when the user may not read what the form asks, or the form cannot be filled.
    """
    with action(acting_user, "collecting.fill", reason=f"填报：{part.task.title}") as act:
        kept = locked_part(acting_user, part.pk, RECEIVE)
        require_state(kept, State.FILLING)
        task = kept.task
        if kept.book:
            act.nothing_to_record()
            return kept
        if task.on is None:
            raise RuleError("这份报表没有数据日期，请联系要表单位重新下发。")
        recognition = task.recognition
        book, blank = keeping.blank_book(task), keeping.blank_book(task)
        account = fill(book, recognition, words(), region_code=kept.region_code, on=task.on, user=acting_user)
        told = list(zip(recognition.regions_of_form, account.everywhere, strict=True))
        grids = [shapes.read(book, listed, one, blank) for listed, one in told]
        remembered = overlay_known(kept, grids)
        carried = carry_over(kept, grids, acting_user)
        kept.book, kept.grid = keeping.keep(keeping.as_bytes(book)), keeping.keep_grids(grids)
        kept.account = account_json(account, recognition)["columns"]
        counted(kept, grids, [one.problem for one in account.everywhere])
        kept.filled_at = timezone.now()
        kept.save(update_fields=["book", "grid", "account", "filled_at", *COUNTED])
        waiting = link_waiting(kept, grids)
        audit.disclose(
            acting_user=acting_user,
            person_ids=list(
                dict.fromkeys(pk for listed, one in told if listed.subject == "person" for pk in one.ids)
            ),
            elements=list(
                dict.fromkeys(f"{listed.subject}.{path}" for listed, one in told for path in one.elements)
            ),
            purpose=f"填报：{task.title}（{task.asker}）",
            channel=Channel.FORM,
            region_code=kept.region_code,
        )
        telling.todo(kept)
        act.record(
            kept,
            f"自动填好《{task.title}》{kept.amount}，空白 {kept.blanks} 格",
            rows=kept.rows,
            blanks=kept.blanks,
            remembered=remembered,
            carried=carried,
            waiting=waiting,
        )
    return kept

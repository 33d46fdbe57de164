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
        before = list(book.sheetnames)
        account = fill(book, recognition, words(), region_code=kept.region_code, on=task.on, user=acting_user)
        grid = shapes.read(book, recognition, account, blank, before)
        remembered = overlay_known(kept, grid)
        carried = carry_over(kept, grid, acting_user)
        places = keeping.asked_places(recognition.mappings)
        kept.book, kept.grid = keeping.keep(keeping.as_bytes(book)), keeping.keep_grid(grid)
        kept.account = account_json(account, recognition)["columns"]
        kept.rows, kept.cells = len(grid.rows), len(grid.rows) * len(places)
        kept.blanks = sum(grid.blanks(places).values())
        kept.filled_at = timezone.now()
        kept.save(update_fields=["book", "grid", "account", "rows", "cells", "blanks", "filled_at"])
        waiting = link_waiting(kept, grid)
        audit.disclose(
            acting_user=acting_user,
            person_ids=account.ids if recognition.subject == "person" else [],
            elements=[f"{recognition.subject}.{path}" for path in dict.fromkeys(account.elements)],
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

"""Objections (异议) to items: a community's own, or a resident's that a worker enters; answered with a reason within a limit."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linli.access.guard import NotPermitted, require
from linli.access.roles import Permission
from linli.access.units import own_unit
from linli.admission.kinds import OBJECTION, ROOM
from linli.admission.models import Objection
from linli.admission.settings import office_of
from linli.audit.recording import RuleError, action
from linli.flow import actions as flow
from linli.gate.catalogue.models import Item

COMMUNITY = 12


def raise_objection(
    *, acting_user: Any, region_code: str, item: Item, text: str, by: str = Objection.By.COMMUNITY
) -> Objection:
    """Object to an item that holds in a community. Raises RuleError for one that does not hold there, and without words."""
    require(acting_user, Permission.GIVE_OPINIONS, region_code)
    if len(region_code) != COMMUNITY:
        raise RuleError("请选择提出异议的社区。", field="region_code")
    if not text.strip():
        raise RuleError("请写明对事项有什么异议。", field="text")
    if not region_code.startswith(item.region_code) or not item.in_force():
        raise RuleError("这个事项现在不在这个社区实施，请核对。", field="item")
    with action(acting_user, "admission.raise_objection") as act:
        pending = Objection.objects.filter(
            item=item, region_code=region_code, by=by, answered_at__isnull=True
        )
        if pending.exists():
            raise RuleError("对这个事项已经有一件异议在等答复，有新情况请写到那一件里。", field="item")
        flow.ensure_kind(OBJECTION)
        office = office_of(region_code)
        case = flow.open_case(
            acting_user=acting_user,
            kind=OBJECTION.key,
            title=f"对“{item.title}”的异议",
            body=text,
            region_code=region_code,
            origin=own_unit(region_code),
            coordinator=office,
            give=[office],
        )
        made = Objection.objects.create(
            region_code=region_code,
            item=item,
            case=case,
            by=Objection.By(by),
            text=text.strip(),
            user_id=acting_user.pk or None,
        )
        act.record(made, f"{made.get_by_display()}对“{item.title}”提出异议")
    return made


def answer_objection(*, acting_user: Any, objection: Objection, upheld: bool, answer: str) -> Objection:
    """Answer an objection with a reason: it is right (then the item is to be changed or revoked), or the item stays."""
    if not answer.strip():
        raise RuleError("请写明答复的理由，社区会看到。", field="answer")
    with action(acting_user, "admission.answer_objection") as act:
        kept = (
            Objection.objects.select_for_update(of=("self",))
            .select_related("case", "item")
            .get(pk=objection.pk)
        )
        if not acting_user.can(Permission.DECIDE_ADMISSION, kept.region_code):
            raise NotPermitted(Permission.DECIDE_ADMISSION)
        step = "uphold" if upheld else "explain"
        flow.move(acting_user=acting_user, case=kept.case, step=step, reason=answer, text="", room=ROOM)
        kept.answer, kept.answered_at = answer.strip(), timezone.now()
        kept.answered_by_id = acting_user.pk or None
        kept.save(update_fields=["answer", "answered_at", "answered_by"])
        act.record(kept, f"答复对“{kept.item.title}”的异议：{'成立' if upheld else '说明理由'}")
    return kept

"""What streets and communities say to an application. Streets are asked as units that hold the case; communities may speak, and
nothing is given to them to do."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import Unit, UnitKind
from linli.access.roles import Permission
from linli.admission.kinds import ROOM
from linli.admission.models import Application, Opinion, Stance
from linli.audit.recording import RuleError, action
from linli.flow import actions as flow
from linli.flow.models import Assignment
from linli.kernel.scope import Scope, touches


def units_of(application: Application, user: Any) -> list[Unit]:
    """The streets and communities for which the user may speak on the application: those they work for that it concerns."""
    if not user.can(Permission.GIVE_OPINIONS):
        return []
    areas = [Scope.of(one.region_code) for one in application.areas.all()]
    mine = Unit.objects.filter(
        pk__in=user.unit_ids, kind__in=[UnitKind.STREET, UnitKind.COMMUNITY], is_active=True
    )
    return [unit for unit in mine if touches(Scope.of(unit.region_code), areas)]


def give_opinion(
    *, acting_user: Any, application: Application, unit: Unit, stance: str, text: str = ""
) -> Opinion:
    """Say what a street or community thinks, or change it, while opinions are asked. A street's word ends its task.

    Raises RuleError outside that time, and without a reason for not agreeing.
    """
    said = text.strip()
    if stance not in Stance.values:
        raise RuleError("请选择同意、调整或不同意。", field="stance")
    if stance != Stance.AGREE and not said:
        raise RuleError("请写明理由或怎样调整，方便社区办研究。", field="text")
    with action(acting_user, "admission.give_opinion") as act:
        kept = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
        if unit not in units_of(kept, acting_user):
            raise NotPermitted(Permission.GIVE_OPINIONS)
        if not kept.is_asking or kept.case is None:
            raise RuleError("现在不在征求意见的时间里。已经准入的事项，可以提出异议。")
        made, _new = Opinion.objects.update_or_create(
            application=kept,
            unit=unit,
            round=kept.opinion_round,
            defaults={
                "region_code": unit.region_code,
                "stance": stance,
                "text": said,
                "user_id": acting_user.pk or None,
                "at": timezone.now(),
            },
        )
        task = (
            kept.case.assignments.filter(unit=unit, state__in=Assignment.OPEN, is_lead=False)
            .select_related("case")
            .first()
        )
        if task is not None:
            words = f"{made.get_stance_display()}{'：' if said else ''}{said}"
            flow.report(acting_user=acting_user, assignment=task, text=words, room=ROOM)
        act.record(made, f"{unit}对“{kept.title}”的意见：{made.get_stance_display()}")
    return made

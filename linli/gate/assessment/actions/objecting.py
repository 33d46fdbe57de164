"""A community objects to a score; the district answers within its term, with a changed score or with the reason for keeping it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access.guard import NotPermitted, require
from linli.access.holders import nearest_holders
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.gate.assessment import rules
from linli.gate.assessment.models import Objection, ObjectionState, PlanState, Score
from linli.notices import actions as notices
from linli.office.calendar import current as current_calendar
from linli.regions import names
from linli.regions.models import KEY_LENGTH, Level

MANAGE, OBJECT = Permission.MANAGE_ASSESSMENT, Permission.RECEIVE_AGENDA
PREFIX = "assessment.objection:"
COMMUNITY = KEY_LENGTH[Level.COMMUNITY]


def last_day(score: Score) -> date:
    """The last day on which the score may be objected to."""
    return current_calendar().add_working_days(
        timezone.localtime(score.at).date(), score.part.plan.objection_days
    )


def may_object(score: Score) -> bool:
    """Whether the score may be objected to today."""
    return (
        score.part.plan.state == PlanState.PUBLISHED
        and timezone.localdate() <= last_day(score)
        and not score.objections.filter(state=ObjectionState.OPEN).exists()
    )


def object_to(*, acting_user: Any, score: Score, reason: str, wanted: Decimal | None = None) -> Objection:
    """The community objects. Raises RuleError when it is too late, was objected to already or says too little; NotPermitted."""
    require(acting_user, OBJECT, score.region_code)
    with action(acting_user, "assessment.object", reason=reason.strip()) as act:
        kept = Score.objects.select_for_update(of=("self",)).select_related("part__plan").get(pk=score.pk)
        plan = kept.part.plan
        if plan.state != PlanState.PUBLISHED:
            raise RuleError("这一年的考核已经结束，不能再申诉。")
        if timezone.localdate() > (end := last_day(kept)):
            raise RuleError(f"申诉期到 {end:%Y-%m-%d} 为止，已经过了。")
        if kept.objections.filter(state=ObjectionState.OPEN).exists():
            raise RuleError("已经申诉了，请等答复。")
        wrong, field = rules.objection_problem(reason, wanted, kept.points)
        if wrong:
            raise RuleError(wrong, field=field)
        made = Objection.objects.create(
            region_code=kept.region_code,
            score=kept,
            points_then=kept.points,
            wanted=wanted,
            reason=reason.strip(),
            made_by_id=acting_user.pk or None,
            due_on=current_calendar().add_working_days(timezone.localdate(), plan.answer_days),
        )
        said = f"{names.title(kept.region_code)}对“{kept.part.title}”的得分（{kept.said}）申诉"
        act.record(made, said)
        notices.keep_todo(
            f"{PREFIX}{made.pk}",
            [user.pk for user in nearest_holders(MANAGE, plan.region_code)],
            f"请答复：{said}",
            url=kept.get_absolute_url(),
            due_on=made.due_on,
        )
    return made


def _open(acting_user: Any, objection: Objection) -> Objection:
    found = (
        Objection.objects.select_for_update(of=("self",))
        .select_related("score__part__plan", "made_by")
        .get(pk=objection.pk)
    )
    if found.state != ObjectionState.OPEN:
        raise RuleError(f"这件申诉现在是“{found.get_state_display()}”，不能再改。")
    return found


def answer_objection(
    *, acting_user: Any, objection: Objection, answer: str, points: Decimal | None = None
) -> Objection:
    """The district answers: with other `points` the score is changed, without them it stays. Either way with words."""
    if not answer.strip():
        raise RuleError("请写明答复：核对了什么、为什么改或不改。", field="answer")
    with action(acting_user, "assessment.answer_objection", reason=answer.strip()) as act:
        kept = _open(acting_user, objection)
        score = kept.score
        require(acting_user, MANAGE, score.part.plan.region_code)
        if points is not None:
            if not 0 <= points <= rules.WHOLE:
                raise RuleError("得分要在 0 到 100 之间。", field="points")
            if points == score.points:
                raise RuleError("改后的得分和现在的一样；维持原分的，得分留空。", field="points")
            score.points, score.note = points, "申诉后改分"
            score.save(update_fields=["points", "note"])
        kept.state = ObjectionState.UPHELD if points is not None else ObjectionState.REJECTED
        kept.answer, kept.points_after = answer.strip(), score.points
        kept.answered_at, kept.answered_by_id = timezone.now(), acting_user.pk or None
        kept.save()
        said = (
            f"“{score.part.title}”的申诉：改为 {score.said}"
            if points is not None
            else f"“{score.part.title}”的申诉：维持原分（{score.said}）"
        )
        act.record(kept, said)
        notices.settle_key(f"{PREFIX}{kept.pk}")
        people = {one.pk: one for one in nearest_holders(OBJECT, kept.region_code)}
        if kept.made_by is not None:
            people[kept.made_by.pk] = kept.made_by
        for user in people.values():
            notices.send(user, said, body=answer.strip(), url=score.get_absolute_url())
    return kept


def may_withdraw(user: Any, objection: Objection) -> bool:
    """Whether it is the user's to take back: who made it, or somebody of the community; the street above does not speak for it."""
    if not user.pk:  # the system itself
        return True
    here = (one for one in user.scopes(OBJECT) if len(one.low) >= COMMUNITY)
    return objection.made_by_id == user.pk or any(objection.region_code in one for one in here)


def withdraw_objection(*, acting_user: Any, objection: Objection) -> Objection:
    """The community takes its objection back before it is answered. Raises RuleError for the street above it."""
    with action(acting_user, "assessment.withdraw_objection") as act:
        kept = _open(acting_user, objection)
        if not acting_user.can(OBJECT, kept.region_code):
            raise NotPermitted(OBJECT)
        if not may_withdraw(acting_user, kept):
            raise RuleError("申诉由提出的社区撤回。不同意的，由区里答复。")
        kept.state = ObjectionState.WITHDRAWN
        kept.save(update_fields=["state"])
        act.record(kept, f"撤回对“{kept.score.part.title}”得分的申诉")
        notices.settle_key(f"{PREFIX}{kept.pk}")
    return kept

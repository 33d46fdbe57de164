"""Trials: opinions asked before they are decided on; confirmed, prolonged once, or ended, also when their day has passed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from linli.admission.actions.deciding import ask_streets, case_of, decided, leave, opinions_are_in, promise
from linli.admission.actions.finding import decided_here
from linli.admission.kinds import ROOM
from linli.admission.models import Admission, Application, Outcome
from linli.audit.recording import RuleError, action
from linli.flow import actions as flow
from linli.gate.catalogue import actions as catalogue

ENDS = (Outcome.CONFIRMED, Outcome.EXTENDED, Outcome.DROPPED)


def _on_trial(application: Application, user: Any) -> Application:
    kept = decided_here(application, user)
    if kept.state != "trial":
        raise RuleError(f"申请现在是“{kept.state_name}”，没有在试行。")
    return kept


def was_extended(application: Application) -> bool:
    """Whether its trial was prolonged already."""
    return application.decisions.filter(outcome=Outcome.EXTENDED).exists()


def asked_about(application: Application) -> bool:
    """Whether opinions on the trial that runs, or ran out, were asked."""
    return application.opinion_round > int(was_extended(application))


def consult_on_trial(*, acting_user: Any, application: Application) -> Application:
    """Ask streets and communities what they think of a trial, once for each trial. Raises RuleError when they were asked."""
    with action(acting_user, "admission.consult_on_trial") as act:
        kept = _on_trial(application, acting_user)
        if asked_about(kept):
            raise RuleError("已经就这次试行征求过意见。")
        kept.opinion_round += 1
        kept.save(update_fields=["opinion_round"])
        units = ask_streets(kept, case_of(kept), acting_user, "提出试行意见")
        act.record(kept, f"就“{kept.title}”的试行征求 {len(units)} 个街道和所辖社区的意见")
    return kept


def settle_trial(
    *,
    acting_user: Any,
    application: Application,
    outcome: str,
    reason: str = "",
    trial_until: date | None = None,
) -> Application:
    """Decide on a trial that runs or ran out: the item holds on until it was granted for, is tried once more until `trial_until`, or
    leaves the list. For days between the end of a trial and the decision no money is owed, and nothing was sent.

    Raises RuleError when opinions were not asked or are still out (ending it needs none), and for a second prolonging.
    """
    if outcome not in ENDS:
        raise RuleError("请选择怎样审定。", field="outcome")
    ends = Outcome(outcome)
    if ends is not Outcome.CONFIRMED and not reason.strip():
        said = "延长试行" if ends is Outcome.EXTENDED else "试行后不予准入"
        raise RuleError(f"请写明{said}的理由。", field="reason")
    with action(acting_user, "admission.settle_trial", reason=reason) as act:
        kept = _on_trial(application, acting_user)
        if ends is not Outcome.DROPPED:
            if not asked_about(kept):
                raise RuleError("请先就试行征求街道和社区的意见，再审定。", field="outcome")
            opinions_are_in(kept)
        brought = list(kept.admissions.select_related("item"))
        if ends is Outcome.EXTENDED:
            _may_extend(kept, brought, trial_until)
        else:
            step = "confirm" if ends is Outcome.CONFIRMED else "drop"
            flow.move(acting_user=acting_user, case=case_of(kept), step=step, reason=reason, room=ROOM)
        why = reason.strip() or "试行期满，准予准入"
        for admission in brought:
            if ends is Outcome.DROPPED:
                _drop(admission, acting_user, why)
            else:
                _hold_on(admission, acting_user, why, trial_until if ends is Outcome.EXTENDED else None)
        changes = [f"试行延长到 {trial_until}"] if ends is Outcome.EXTENDED else []
        decided(kept, acting_user, ends, reason, changes)
        act.record(kept, f"“{kept.title}”{ends.label}", changes=changes)
    return kept


def _may_extend(application: Application, brought: list[Admission], until: date | None) -> None:
    if was_extended(application):
        raise RuleError("试行只能延长一次，请准予准入或不予准入。", field="outcome")
    today = timezone.localdate()
    for one in brought:
        assert one.trial_until is not None
        if until is None or not max(one.trial_until, today) < until < one.until:
            raise RuleError(
                f"试行要延长到今天和现在的 {one.trial_until} 以后、{one.until} 以前，请重新填写。",
                field="trial_until",
            )
    if application.is_asking:
        application.consult_until = timezone.now()
        application.save(update_fields=["consult_until"])


def _hold_on(admission: Admission, user: Any, why: str, trial_until: date | None) -> None:
    """The item holds until the end of a further trial, or until it was granted for; money is owed from the day it holds again."""
    before, until = admission.trial_until, trial_until or admission.until
    assert before is not None
    catalogue.renew(acting_user=user, item=admission.item, until=until, reason=why, ran_out=True)
    admission.trial_until = trial_until
    admission.save(update_fields=["trial_until"])
    promise(admission, admission.application.unit, max(before, timezone.localdate()), until)


def _drop(admission: Admission, user: Any, why: str) -> None:
    if admission.item.in_force():
        leave(admission, user, why, timezone.localdate())
    else:
        catalogue.tell_end(acting_user=user, item=admission.item, reason=why)

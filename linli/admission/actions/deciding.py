"""The community office decides: asks for opinions, sends back, admits as it is or with changes, lets try, refuses, revokes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access.models import Post, Unit
from linli.access.roles import Role
from linli.access.units import own_unit
from linli.admission import checking
from linli.admission.actions.finding import decided_here
from linli.admission.kinds import ROOM
from linli.admission.models import Admission, Application, Decision, Instalment, Outcome
from linli.admission.rules import asking, schedule
from linli.admission.rules.asking import YEARLY, Terms
from linli.admission.settings import setting_of
from linli.audit.recording import RuleError, action
from linli.flow import actions as flow
from linli.flow.models import Assignment, Case
from linli.flow.rules import clocks
from linli.flow.rules.clocks import Limit, Measure
from linli.flow.rules.warrants import Per
from linli.gate.catalogue import actions as catalogue
from linli.notices import actions as notices
from linli.office.calendar import current as current_calendar
from linli.regions import names
from linli.regions.models import Level, Region


@dataclass(frozen=True)
class Grant:
    """What is granted; `trial_until` the first day after the trial, None for no trial."""

    terms: Terms
    trial_until: date | None = None


def case_of(application: Application) -> Case:
    """The case of an application that was handed in."""
    assert application.case is not None
    return application.case


def streets_of(application: Application) -> list[str]:
    """The streets that an application concerns."""
    keys = [one.region_code for one in application.areas.all()]
    streets = {key[:9] for key in keys if len(key) >= 9}
    if application.region_code in keys:
        streets |= set(
            Region.objects.filter(
                level=Level.STREET, valid_to__isnull=True, region_code__startswith=application.region_code
            ).values_list("region_code", flat=True)
        )
    return sorted(streets)


def consult(*, acting_user: Any, application: Application, text: str = "") -> Application:
    """Ask the streets concerned for their opinion, each with a limit, and tell the communities that they may speak."""
    with action(acting_user, "admission.consult") as act:
        kept = decided_here(application, acting_user)
        case = flow.move(acting_user=acting_user, case=case_of(kept), step="consult", text=text, room=ROOM)
        units = ask_streets(kept, case, acting_user, "提出准入意见")
        act.record(kept, f"就“{kept.title}”征求 {len(units)} 个街道和所辖社区的意见")
    return kept


def ask_streets(application: Application, case: Case, user: Any, task: str) -> list[Unit]:
    """Give the streets concerned the task of an opinion with its limit, and tell the communities that they may speak."""
    limit = Limit(setting_of(application.region_code).opinion_days, Measure.WORKING_DAYS)
    units = [
        unit for key in streets_of(application) if (unit := own_unit(key)) is not None and unit.is_active
    ]
    flow.add_units(acting_user=user, case=case, units=units, task=task, limit=limit)
    application.consult_until = clocks.due(current_calendar(), limit, timezone.now())
    application.save(update_fields=["consult_until"])
    until = timezone.localtime(application.consult_until)
    tell_communities(application, f"可以提意见，到 {until:%m月%d日} 为止")
    return units


def tell_communities(application: Application, said: str) -> None:
    """News, not a to-do, for the heads of the communities concerned."""
    where = checking.communities(one.region_code for one in application.areas.all())
    today = timezone.localdate()
    heads = Post.objects.filter(
        role=Role.COMMUNITY_HEAD, region_code__in=where, valid_from__lte=today, user__is_active=True
    ).select_related("user")
    for user in {post.user for post in heads if post.in_force(today)}:
        notices.send(
            user,
            f"{application.unit}申请把“{application.title}”交社区：{said}",
            body="提不提由社区自己定。",
            url=application.get_absolute_url(),
        )


def send_back(*, acting_user: Any, application: Application, reason: str) -> Application:
    """Send an application back to its department to be corrected; the clock of the whole stands still meanwhile."""
    with action(acting_user, "admission.send_back", reason=reason) as act:
        kept = decided_here(application, acting_user)
        flow.move(acting_user=acting_user, case=case_of(kept), step="correct", reason=reason, room=ROOM)
        kept.consult_until = None
        kept.save(update_fields=["consult_until"])
        act.record(kept, f"准入申请“{kept.title}”退回补正")
    return kept


def refuse(*, acting_user: Any, application: Application, reason: str) -> Application:
    """Refuse an application, with the reason that its department reads."""
    if not reason.strip():
        raise RuleError("请写明不予准入的理由，申请部门会看到。", field="reason")
    with action(acting_user, "admission.refuse", reason=reason) as act:
        kept = decided_here(application, acting_user)
        flow.move(
            acting_user=acting_user, case=case_of(kept), step="refuse", reason=reason, text=reason, room=ROOM
        )
        decided(kept, acting_user, Outcome.REFUSED, reason)
        act.record(kept, f"不予准入“{kept.title}”")
    return kept


def decide(
    *, acting_user: Any, application: Application, outcome: str, reason: str = "", grant: Grant | None = None
) -> Application:
    """Decide an application: admitted, trial, or refused. `grant` is what is granted, None for all as it was asked.

    Raises RuleError when the checks found what forbids admission, opinions are still out, or more is granted than was asked.
    """
    if outcome == Outcome.REFUSED:
        return refuse(acting_user=acting_user, application=application, reason=reason)
    if outcome not in (Outcome.ADMITTED, Outcome.TRIAL):
        raise RuleError("请选择怎样决定。", field="outcome")
    with action(acting_user, "admission.decide", reason=reason) as act:
        kept = decided_here(application, acting_user)
        if kept.state != "consulting":
            raise RuleError(f"申请现在是“{kept.state_name}”，征求意见以后才能审定。")
        _nothing_forbids(kept)
        opinions_are_in(kept)
        given = grant or Grant(kept.terms)
        given = Grant(_not_before_today(given.terms), given.trial_until)
        changed = _checked(kept, given, outcome)
        if changed and not reason.strip():
            raise RuleError("批准的与申请的不一样，请写明理由。", field="reason")
        step = "try" if outcome == Outcome.TRIAL else "admit"
        flow.move(
            acting_user=acting_user,
            case=case_of(kept),
            step=step,
            reason=reason,
            text="；".join(changed),
            room=ROOM,
        )
        if kept.renews_id is not None:
            _prolong(kept, acting_user, given)
        else:
            _admit(kept, acting_user, given)
        decided(kept, acting_user, Outcome(outcome), reason, changed)
        act.record(kept, f"{Outcome(outcome).label}“{kept.title}”", changes=changed)
    return kept


def _not_before_today(terms: Terms) -> Terms:
    since = max(terms.since, timezone.localdate())
    return Terms(terms.things, terms.times, terms.per, terms.expected, since, terms.until, terms.hours)


def _nothing_forbids(application: Application) -> None:
    report = application.reports.first()
    if report is None or report.stops:
        why = "".join(report.stops) if report is not None else ""
        raise RuleError(f"系统检查有不符合的，不能准入：{why}请退回补正，或不予准入。", field="outcome")


def opinions_are_in(application: Application) -> None:
    """Raise RuleError while streets that were asked have time left to answer."""
    waiting = case_of(application).assignments.filter(state__in=Assignment.OPEN, is_lead=False)
    out = [one.unit.name for one in waiting.select_related("unit")]
    until = application.consult_until
    if out and until is not None and timezone.now() < until:
        raise RuleError(
            f"还有 {len(out)} 个街道没有反馈意见（{'、'.join(out[:5])}），到"
            f" {timezone.localtime(until):%Y-%m-%d %H:%M} 截止，之后可以审定。"
        )


def _checked(application: Application, given: Grant, outcome: str) -> list[str]:
    asked = application.terms
    if why := asking.wider(asked, given.terms):
        raise RuleError(why, field="times" if "次数" in why else "until")
    if not given.terms.things:
        raise RuleError("请至少准予一项下派的内容。", field="things")
    changed = asking.changes(asked, given.terms)
    if outcome == Outcome.TRIAL:
        trial = given.trial_until
        if application.renews_id is not None:
            raise RuleError("续期不用试行。", field="outcome")
        if trial is None or not given.terms.since < trial < given.terms.until:
            raise RuleError("试行要在开始日期和结束日期之间结束，请填写试行到哪天。", field="trial_until")
        changed.append(f"先试行到 {trial}")
    if application.renews_id is not None and not asking.same_but_dates(asked, given.terms):
        raise RuleError("续期只能改结束日期。", field="times")
    return changed


def _admit(application: Application, user: Any, given: Grant) -> None:
    terms = given.terms
    areas = [one.region_code for one in application.areas.all()]
    money = application.money or Decimal(0)
    for area in areas:
        title = application.title if len(areas) == 1 else f"{application.title}（{names.title(area)}）"
        item = catalogue.admit(
            acting_user=user,
            region_code=area,
            title=title,
            category=application.category or "其他",
            unit=application.unit,
            kind=application.kind,
            responsibility=application.responsibility,
            things=[thing.value for thing in terms.things],
            times=terms.times,
            per=terms.per,
            expected=application.expected,
            since=terms.since,
            until=given.trial_until or terms.until,
            hours=terms.hours,
            bases=application.bases,
            basis_note=application.document,
            content=application.content,
            evidence=application.evidence,
            money=money * YEARLY[Per(application.money_per)],
            reason=f"准入申请 {case_of(application).number}",
        )
        admission = Admission.objects.create(
            region_code=area,
            application=application,
            item=item,
            until=terms.until,
            trial_until=given.trial_until,
            money=money,
            money_per=application.money_per,
            pay_within=application.pay_within,
        )
        promise(admission, application.unit, terms.since, given.trial_until or terms.until)


def _prolong(application: Application, user: Any, given: Grant) -> None:
    assert application.renews is not None
    for admission in application.renews.admissions.select_related("item"):
        before = admission.until
        catalogue.renew(
            acting_user=user,
            item=admission.item,
            until=given.terms.until,
            reason=f"续期申请 {case_of(application).number}",
        )
        admission.application, admission.until, admission.trial_until = application, given.terms.until, None
        admission.money = application.money or Decimal(0)
        admission.money_per, admission.pay_within = application.money_per, application.pay_within
        admission.save()
        promise(admission, application.unit, before, given.terms.until)


def promise(admission: Admission, unit: Unit, since: date, until: date) -> int:
    """Put the money promised for the days [since, until) into the schedule of every community. Returns how many rows."""
    dues = schedule.instalments(since, until, Per(admission.money_per), admission.money, admission.pay_within)
    made = [
        Instalment(
            region_code=community,
            admission=admission,
            unit=unit,
            since=due.since,
            until=due.until,
            due_on=due.due_on,
            amount=due.amount,
        )
        for community in checking.communities([admission.region_code])
        for due in dues
    ]
    Instalment.objects.bulk_create(made, batch_size=1000)
    return len(made)


def revoke(*, acting_user: Any, application: Application, reason: str, on: date | None = None) -> Application:
    """The items that an application brought leave the list on a day (today); money for later days is no longer owed."""
    if not reason.strip():
        raise RuleError("请写明撤销的理由，部门和社区都会看到。", field="reason")
    day = on or timezone.localdate()
    with action(acting_user, "admission.revoke", reason=reason) as act:
        kept = decided_here(application, acting_user)
        found = [one for one in kept.admissions.select_related("item") if one.item.in_force(day)]
        if not found:
            raise RuleError("这份申请下没有还在有效期内的事项。")
        for admission in found:
            leave(admission, acting_user, reason, day)
        decided(kept, acting_user, Outcome.REVOKED, reason)
        for user in {post.user for post in Post.objects.filter(unit=kept.unit).select_related("user")}:
            notices.send(
                user, f"事项“{kept.title}”从 {day} 起撤销准入", body=reason, url=kept.get_absolute_url()
            )
        act.record(kept, f"撤销准入“{kept.title}”，从 {day} 起退出清单")
    return kept


def leave(admission: Admission, user: Any, reason: str, on: date) -> None:
    """An item leaves the list on a day; what is owed for later days falls away."""
    catalogue.revoke(acting_user=user, item=admission.item, reason=reason, on=on)
    admission.instalments.filter(since__gte=on, paid=0).delete()
    cut = list(admission.instalments.filter(since__lt=on, until__gt=on, paid=0))
    for one in cut:
        one.amount = schedule.cut(one.amount, one.since, one.until, on)
        one.until = on
    Instalment.objects.bulk_update(cut, ["amount", "until"], batch_size=1000)


def decided(
    application: Application, user: Any, outcome: Outcome, reason: str, changes: Iterable[str] = ()
) -> Decision:
    """Keep a decision."""
    return Decision.objects.create(
        application=application,
        outcome=outcome,
        reason=reason.strip(),
        changes=list(changes),
        user_id=user.pk or None,
    )

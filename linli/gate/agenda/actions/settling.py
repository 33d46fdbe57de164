"""Settling when it comes: the community's word, the street's consent or refusal, fixing, moving, cancelling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from linli.access.guard import NotPermitted, require
from linli.access.roles import Permission
from linli.audit.recording import RuleError, action
from linli.flow.actions import cancel_dispatch
from linli.gate.agenda import reading, rules
from linli.gate.agenda.actions import telling
from linli.gate.agenda.actions.working import locked, own, refusals, require_own, send
from linli.gate.agenda.models import OPEN, Proposal, State, Visit
from linli.regions import names


def answer(*, acting_user: Any, visit: Visit, wish_day: date | None = None, wish: str = "") -> Visit:
    """The community says what it thinks of a proposed visit, and which day it would rather have."""
    require(acting_user, Permission.RECEIVE_AGENDA, visit.region_code)
    if not wish.strip() and wish_day is None:
        raise RuleError("请写明意见，或选一个更合适的日期。", field="wish")
    if wish_day is not None and wish_day <= timezone.localdate():
        raise RuleError("建议的日期要在今天以后。", field="wish_day")
    with action(acting_user, "agenda.answer", reason=wish.strip()) as act:
        (kept,) = locked([visit], acting_user)
        if kept.state != State.PROPOSED:
            raise RuleError(f"这项安排现在是“{kept.get_state_display()}”，意见请直接联系{kept.who}。")
        kept.wish_day, kept.wish = wish_day, wish.strip()
        kept.save(update_fields=["wish_day", "wish"])
        said = f"{names.title(kept.region_code)}对“{kept.title}”提出意见" + (
            f"，建议改到{rules.said(wish_day)}" if wish_day else ""
        )
        act.record(kept, said)
        telling.tell_unit(kept, said, besides=acting_user)
        telling.tell_street(kept, said, besides=acting_user)
    return kept


def consent(*, acting_user: Any, visits: Iterable[Visit], reason: str) -> list[Visit]:
    """The street puts up with what stands in the way of these visits, for a reason; a later change of the day asks anew.

    Raises RuleError where nothing is to be consented to, or where the ceiling's rule allows no consent.
    """
    if not reason.strip():
        raise RuleError("请写明同意的理由。", field="reason")
    with action(acting_user, "agenda.consent", reason=reason.strip()) as act:
        kept = [one for one in locked(visits, acting_user) if one.state == State.PROPOSED]
        done = []
        for seen in reading.look(kept, better=False):
            require(acting_user, Permission.COORDINATE_AGENDA, seen.visit.region_code)
            if seen.must_move:
                raise RuleError(
                    f"{names.title(seen.visit.region_code)}：{seen.open[0].says}。按负担上限的规定不能同意，请改期。"
                )
            if not seen.open:
                continue
            seen.visit.consented_to = sorted({one.trouble.value for one in seen.problems if one.is_firm})
            seen.visit.consent_reason = reason.strip()
            seen.visit.save(update_fields=["consented_to", "consent_reason"])
            act.record(
                seen.visit,
                f"街道同意“{seen.visit.title}”在{rules.said(seen.visit.day)}进社区："
                + "；".join(one.says for one in seen.open),
            )
            done.append(seen.visit)
        if not done:
            raise RuleError("这些安排没有冲突，也没有超过上限，不用街道同意。")
        _settle(done)
    return done


def refuse(*, acting_user: Any, visits: Iterable[Visit], reason: str) -> list[Visit]:
    """The street refuses proposed visits, for a reason."""
    if not reason.strip():
        raise RuleError("请写明不同意的理由。", field="reason")
    with action(acting_user, "agenda.refuse", reason=reason.strip()) as act:
        kept = [one for one in locked(visits, acting_user) if one.state == State.PROPOSED]
        if not kept:
            raise RuleError("没有待定的安排。已经确定的，请与申请单位商量取消。")
        for one in kept:
            require(acting_user, Permission.COORDINATE_AGENDA, one.region_code)
            one.state, one.reason = State.REFUSED, reason.strip()
            one.save(update_fields=["state", "reason"])
            act.record(one, f"街道不同意“{one.title}”进{names.title(one.region_code)}")
        telling.tell_unit(
            kept[0],
            f"街道不同意“{kept[0].title}”（{len(kept)} 个社区）：{reason.strip()}",
            besides=acting_user,
        )
        _settle(kept)
    return kept


def fix(*, acting_user: Any, proposal: Proposal, visits: Sequence[Visit] | None = None) -> list[Visit]:
    """Fix what is proposed (all, or some of it): each visit is dispatched through the gate, all or none.

    Raises RuleError that names the communities in whose way something stands, with what to do.
    """
    require_own(acting_user, proposal.unit_id)
    with action(acting_user, "agenda.fix") as act:
        wanted = Visit.objects.filter(proposal=proposal, state=State.PROPOSED)
        if visits is not None:
            wanted = wanted.filter(pk__in=[one.pk for one in visits])
        kept = [one for one in locked(wanted, acting_user) if one.state == State.PROPOSED]
        if not kept:
            raise RuleError("没有待定的安排。请刷新页面看最新情况。")
        for one in kept:
            require(acting_user, Permission.SEND_TO_COMMUNITIES, one.region_code)
        refused: dict[str, list[str]] = {}
        for seen in reading.look(kept):
            if seen.open:
                refused.setdefault(_told(seen), []).append(names.title(seen.visit.region_code))
        if refused:
            raise refusals(refused, len(kept))
        send(acting_user, kept)
        act.record(
            proposal,
            f"确定{proposal.get_thing_display()}“{proposal.title}”，{len(kept)} 个社区",
            days={one.region_code: one.day.isoformat() for one in kept},
        )
        for one in kept:
            telling.tell_community(
                one, f"已定：{rules.said(one.day)}{one.who}“{one.title}”", besides=acting_user
            )
        telling.settle(proposal)
    return kept


def _told(seen: reading.Look) -> str:
    said = "；".join(one.says for one in seen.open) + "。"
    days = "、".join(rules.said(one.day) for one in seen.better)
    if seen.must_move:
        return said + (f"请改期，例如{days}。" if days else "请改期。")
    return said + (f"请改到{days}，或请街道同意并写明理由。" if days else "请改期，或请街道同意并写明理由。")


def move(*, acting_user: Any, visit: Visit, day: date, reason: str = "") -> Visit:
    """Put a visit on another day. One that was fixed needs a reason, and is asked of the gate anew; where the new day needs the
    street's consent it is proposed again."""
    if day <= timezone.localdate():
        raise RuleError("新的日期要在今天以后。", field="day")
    with action(acting_user, "agenda.move", reason=reason.strip()) as act:
        (kept,) = locked([visit], acting_user)
        require_own(acting_user, kept.unit_id)
        if kept.state not in OPEN:
            raise RuleError(f"这项安排现在是“{kept.get_state_display()}”，不能改期。")
        if kept.day == day:
            raise RuleError("日期没有变。", field="day")
        was_fixed, before, sent = kept.state == State.FIXED, kept.day, kept.dispatch
        if was_fixed and not reason.strip():
            raise RuleError("已经定下的安排改期，请写明原因。", field="reason")
        assert kept.proposal is not None
        kept.hours, kept.last_day = kept.proposal.hours, day + timedelta(days=kept.proposal.length - 1)
        kept.day, kept.joint, kept.state, kept.dispatch = day, None, State.PROPOSED, None
        kept.consented_to, kept.consent_reason, kept.reason = [], "", reason.strip()
        kept.save()
        if sent is not None:
            cancel_dispatch(acting_user=acting_user, sent=sent, reason=f"改期：{reason.strip()}")
        (seen,) = reading.look([kept], better=False)
        if was_fixed and not seen.open:
            send(acting_user, [kept])
        said = f"{kept.who}“{kept.title}”从{rules.said(before)}改到{rules.said(day)}"
        waits = was_fixed and kept.state == State.PROPOSED
        act.record(kept, said + ("，等街道同意" if waits else ""))
        if was_fixed:
            telling.tell_community(kept, f"改期：{said}。{reason.strip()}", besides=acting_user)
        _settle([kept])
    return kept


def cancel(*, acting_user: Any, visits: Iterable[Visit], reason: str) -> list[Visit]:
    """Cancel visits that are proposed or fixed: the department its own, the street what comes into its communities; with a reason
    that all concerned are told. What was dispatched no longer counts."""
    if not reason.strip():
        raise RuleError("请写明取消的原因。", field="reason")
    with action(acting_user, "agenda.cancel", reason=reason.strip()) as act:
        kept = [one for one in locked(visits, acting_user) if one.state in OPEN]
        if not kept:
            raise RuleError("没有可以取消的安排。")
        for one in kept:
            if not own(acting_user, one.unit_id) and not acting_user.can(
                Permission.COORDINATE_AGENDA, one.region_code
            ):
                raise NotPermitted(Permission.COORDINATE_AGENDA)
            sent, was_fixed = one.dispatch, one.state == State.FIXED
            one.state, one.reason = State.CANCELLED, reason.strip()
            one.save(update_fields=["state", "reason"])
            if sent is not None:
                cancel_dispatch(acting_user=acting_user, sent=sent, reason=reason)
            said = f"取消：{rules.said(one.day)}{one.who}“{one.title}”"
            act.record(one, said)
            if was_fixed:
                telling.tell_community(one, f"{said}。{reason.strip()}", besides=acting_user)
        if not own(acting_user, kept[0].unit_id):
            telling.tell_unit(kept[0], f"街道取消“{kept[0].title}”：{reason.strip()}", besides=acting_user)
        _settle(kept)
    return kept


def _settle(visits: Iterable[Visit]) -> None:
    """The to-dos of the proposals concerned, and of those that wait for the same communities in the same weeks."""
    changed = list(visits)
    ids = {one.proposal_id for one in changed if one.proposal_id}
    near = Visit.objects.filter(
        state=State.PROPOSED,
        region_code__in=[one.region_code for one in changed],
        day__gte=min(one.day for one in changed) - timedelta(days=31),
        day__lte=max(one.day for one in changed) + timedelta(days=31),
    )
    ids |= set(near.values_list("proposal_id", flat=True))
    for proposal in Proposal.objects.filter(pk__in=ids).select_related("unit"):
        telling.settle(proposal)

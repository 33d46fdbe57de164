"""Communities say what has come of the money promised to them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import User
from linli.access.roles import Permission
from linli.access.units import members
from linli.admission.models import Instalment, Receipt
from linli.admission.settings import office_of
from linli.audit.recording import RuleError, action
from linli.kernel.money import format_yuan
from linli.kernel.scope import Scope
from linli.notices import actions as notices
from linli.regions import names

COMMUNITY = 12


def may_say(user: Any, region_code: str) -> bool:
    """Whether the user speaks for the community: its own people, not those of its street."""
    if not user.pk:
        return True
    there = Scope.of(region_code)
    scopes = user.scopes(Permission.GIVE_OPINIONS)
    return any(len(one.low) >= COMMUNITY and one.covers(there) for one in scopes)


def record_receipt(
    *, acting_user: Any, instalment: Instalment, amount: Decimal, received_on: date, remark: str = ""
) -> Receipt:
    """A community says that money of an instalment has come: which day, how much; 0 with a remark that nothing has. Where that is other
    than what the department recorded as paid, the department and the community office are told.

    Raises RuleError for a day to come, a sum below nought or beyond what is owed, and for nothing without a word.
    """
    if amount < 0:
        raise RuleError("收到的金额不能是负数。", field="amount")
    if received_on > timezone.localdate():
        raise RuleError("到账日期不能晚于今天。", field="received_on")
    if amount == 0 and not remark.strip():
        raise RuleError("没有收到的，请写明情况，例如“查账没有这笔款”。", field="remark")
    with action(acting_user, "admission.record_receipt", reason=remark.strip()) as act:
        kept = _locked(instalment, acting_user)
        if kept.received + amount > kept.amount:
            rest = format_yuan(kept.amount - kept.received)
            raise RuleError(f"比这一期应付的多了，最多还能登记 {rest} 元，请核对。", field="amount")
        made = Receipt.objects.create(
            instalment=kept,
            received_on=received_on,
            amount=amount,
            remark=remark.strip(),
            user_id=acting_user.pk or None,
        )
        _settle(kept)
        where = names.title(kept.region_code)
        act.record(kept, f"{where}登记到账 {format_yuan(amount)} 元", receipt=made.pk)
        if kept.received != kept.paid:
            _tell(kept, acting_user)
    return made


def cancel_receipt(*, acting_user: Any, receipt: Receipt, reason: str) -> Receipt:
    """Take back what was said wrongly, with a reason."""
    if not reason.strip():
        raise RuleError("请写明作废的原因。", field="reason")
    with action(acting_user, "admission.cancel_receipt", reason=reason.strip()) as act:
        held = _locked(receipt.instalment, acting_user)
        kept = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt.pk)
        if kept.cancelled_at is not None:
            raise RuleError("这次登记已经作废。")
        kept.cancelled_at = timezone.now()
        kept.save(update_fields=["cancelled_at"])
        _settle(held)
        act.record(held, f"作废到账登记 {format_yuan(kept.amount)} 元")
    return kept


def _locked(instalment: Instalment, user: Any) -> Instalment:
    kept = (
        Instalment.objects.select_for_update(of=("self",))
        .select_related("admission__application", "unit")
        .get(pk=instalment.pk)
    )
    if not may_say(user, kept.region_code):
        raise NotPermitted(Permission.GIVE_OPINIONS)
    return kept


def _settle(instalment: Instalment) -> None:
    held = instalment.receipts.filter(cancelled_at__isnull=True)
    instalment.received = held.aggregate(s=Sum("amount"))["s"] or Decimal(0)
    newest = held.order_by("-at").first()
    instalment.said_at = newest.at if newest is not None else None
    instalment.save(update_fields=["received", "said_at"])


def _tell(instalment: Instalment, user: Any) -> None:
    application = instalment.admission.application
    people: set[User] = set(members(instalment.unit))
    with suppress(RuleError):
        people |= set(members(office_of(application.region_code)))
    said = (
        f"{names.title(instalment.region_code)}说“{application.title}”只到账 {format_yuan(instalment.received)} 元，"
        f"登记的拨付是 {format_yuan(instalment.paid)} 元，请核对"
    )
    if instalment.received > instalment.paid:
        said = (
            f"{names.title(instalment.region_code)}说“{application.title}”到账 {format_yuan(instalment.received)} 元，"
            f"登记的拨付只有 {format_yuan(instalment.paid)} 元，请补登"
        )
    for one in sorted(people, key=lambda found: found.pk):
        if one.pk != user.pk:
            notices.send(one, said, url=f"{reverse('admission:dues')}?standing=disputed")

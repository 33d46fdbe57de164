"""Payments of the money promised: recorded with the paper that shows them, shared out over what is owed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from linli.access import sealed_files
from linli.access.guard import NotPermitted
from linli.access.roles import Permission
from linli.admission.actions.arrears import settle_arrears
from linli.admission.models import Admission, Application, Instalment, Payment, PaymentPart
from linli.admission.rules import schedule
from linli.audit.recording import RuleError, action
from linli.kernel.money import format_yuan


def _may_pay(application: Application, user: Any) -> None:
    own = user.can(Permission.APPLY_ADMISSION) and application.unit_id in user.unit_ids if user.pk else True
    if not own and not user.can(Permission.DECIDE_ADMISSION, application.region_code):
        raise NotPermitted(Permission.APPLY_ADMISSION)


def record_payment(
    *,
    acting_user: Any,
    application: Application,
    instalments: Iterable[Instalment],
    amount: Decimal,
    paid_on: date,
    upload: Any,
    voucher: str = "",
) -> Payment:
    """Record a payment for some instalments of an application: shared out over what rests of them, in proportion.

    An item that was suspended for this money is resumed. Raises RuleError for more than rests, a day to come, or no paper.
    """
    _may_pay(application, acting_user)
    if amount <= 0:
        raise RuleError("请填写付款金额。", field="amount")
    if paid_on > timezone.localdate():
        raise RuleError("付款日期不能晚于今天。", field="paid_on")
    if upload is None:
        raise RuleError("请附上付款凭证（扫描件或照片）。", field="paper")
    with action(acting_user, "admission.record_payment") as act:
        wanted = {one.pk for one in instalments}
        owed = list(
            Instalment.objects.select_for_update()
            .filter(pk__in=wanted, admission__application=application)
            .order_by("due_on", "region_code", "pk")
        )
        owed = [one for one in owed if one.rest > 0]
        if not owed:
            raise RuleError("选中的都已付清，不用再登记。", field="amount")
        try:
            parts = schedule.share(amount, [one.rest for one in owed])
        except ValueError:
            rest = sum((one.rest for one in owed), Decimal(0))
            raise RuleError(f"金额超过还欠的 {format_yuan(rest)} 元，请核对。", field="amount") from None
        paper = sealed_files.keep(upload, folder="admission", field="paper")
        made = Payment.objects.create(
            application=application,
            paid_on=paid_on,
            amount=amount,
            voucher=voucher.strip(),
            path=paper.path,
            name=paper.name,
            media_type=paper.media_type,
            user_id=acting_user.pk or None,
        )
        rows = []
        for one, part in zip(owed, parts, strict=True):
            if part > 0:
                one.paid += part
                rows.append(PaymentPart(payment=made, instalment=one, amount=part))
        PaymentPart.objects.bulk_create(rows, batch_size=1000)
        Instalment.objects.bulk_update(owed, ["paid"], batch_size=1000)
        act.record(
            application,
            f"“{application.title}”拨付 {format_yuan(amount)} 元，分到 {len(rows)} 笔应付款",
            payment=made.pk,
        )
        _look_again(owed)
    return made


def cancel_payment(*, acting_user: Any, payment: Payment, reason: str) -> Payment:
    """Take a payment back that was recorded wrongly, with a reason: what it paid is owed again."""
    if not reason.strip():
        raise RuleError("请写明作废的原因。", field="reason")
    application = payment.application
    _may_pay(application, acting_user)
    with action(acting_user, "admission.cancel_payment", reason=reason) as act:
        kept = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
        if kept.cancelled_at is not None:
            raise RuleError("这笔拨付已经作废。")
        parts = {part.instalment_id: part.amount for part in kept.parts.all()}
        owed = list(Instalment.objects.select_for_update().filter(pk__in=parts).order_by("pk"))
        for one in owed:
            one.paid -= parts[one.pk]
        Instalment.objects.bulk_update(owed, ["paid"], batch_size=1000)
        kept.cancelled_at, kept.cancelled_why = timezone.now(), reason.strip()
        kept.save(update_fields=["cancelled_at", "cancelled_why"])
        act.record(application, f"“{application.title}”的拨付 {format_yuan(kept.amount)} 元作废")
        _look_again(owed)
    return kept


def _look_again(owed: list[Instalment]) -> None:
    found = Admission.objects.filter(pk__in={one.admission_id for one in owed})
    for admission in found.select_related("item__warrant", "application__unit"):
        settle_arrears(admission)

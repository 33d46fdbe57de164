"""Money promised, paid, late: the schedule, payments shared out, suspension and resuming by themselves."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.admission import actions
from linli.admission.models import Application, Instalment, PaymentPart
from linli.admission.tests.conftest import TODAY, Cast, admitted, pdf
from linli.audit.recording import RuleError
from linli.flow import actions as flow
from linli.flow.rules.warrants import Thing
from linli.notices.models import Notice


def overdue(application: Application, days: int) -> None:
    """As if the first instalments had fallen due so many days ago."""
    first = Instalment.objects.filter(admission__application=application).order_by("due_on")[0].due_on
    Instalment.objects.filter(admission__application=application, due_on=first).update(
        due_on=TODAY - timedelta(days=days)
    )


def pay(cast: Cast, application: Application, amount: str, **only: object):
    rows = Instalment.objects.late().filter(admission__application=application, **only)
    return actions.record_payment(
        acting_user=cast.applicant,
        application=application,
        instalments=rows,
        amount=Decimal(amount),
        paid_on=TODAY,
        upload=pdf(),
        voucher="2026-118",
    )


def send(cast: Cast, application: Application) -> None:
    warrant = application.admissions.get().item.warrant
    assert warrant is not None
    flow.dispatch(
        acting_user=cast.applicant,
        warrant=warrant,
        thing=Thing.FORM,
        communities=[COMMUNITY],
        title="年审表",
        sender=cast.department,
    )


def test_late_beyond_the_rule_suspends_and_payment_resumes(cast: Cast) -> None:
    made = admitted(cast, areas=[COMMUNITY], times=None, expected=4)
    overdue(made, 10)
    assert actions.look_at_arrears()["suspended"] == 0
    send(cast, made)  # late, but not beyond the rule
    told = Notice.objects.get(user=cast.applicant, key=f"admission.due.{made.pk}")
    assert "逾期超过 15 个工作日将暂停" in told.title
    overdue(made, 40)
    assert actions.look_at_arrears()["suspended"] == 1
    assert actions.look_at_arrears()["suspended"] == 0
    brought = made.admissions.select_related("item__warrant").get()
    assert brought.arrears_since == TODAY
    assert "经费逾期未付" in brought.item.suspended
    for user in (cast.applicant, cast.decider):
        assert Notice.objects.filter(user=user, title__contains="已自动暂停", is_urgent=True).exists()
    with pytest.raises(RuleError, match=r"已暂停：经费逾期未付.*请先解决，恢复后再下派"):
        send(cast, made)
    rest = Instalment.objects.late().aggregate(s=Sum("amount"))["s"]
    pay(cast, made, f"{rest - 1}")
    with pytest.raises(RuleError, match="已暂停"):
        send(cast, made)
    pay(cast, made, "1")
    send(cast, made)
    brought.refresh_from_db()
    assert brought.arrears_since is None
    actions.look_at_arrears()
    assert Notice.objects.get(pk=told.pk).done_at is not None


def test_what_was_suspended_for_another_reason_stays_suspended(cast: Cast) -> None:
    from linli.gate.catalogue import actions as catalogue

    made = admitted(cast, areas=[COMMUNITY])
    item = made.admissions.get().item
    catalogue.suspend(acting_user=cast.decider, item=item, reason="核查中")
    overdue(made, 60)
    assert actions.look_at_arrears()["suspended"] == 0
    pay(cast, made, f"{Instalment.objects.late().get().amount}")
    item.refresh_from_db()
    assert item.suspended == "核查中"


def test_a_payment_is_shared_out_and_can_be_cancelled(cast: Cast) -> None:
    made = admitted(cast, areas=[COMMUNITY, NEIGHBOUR])
    for admission in made.admissions.all():
        first = admission.instalments.order_by("due_on")[0]
        Instalment.objects.filter(pk=first.pk).update(due_on=TODAY - timedelta(days=60), amount=Decimal(600))
    actions.look_at_arrears()
    payment = pay(cast, made, "601.01")
    assert sorted(payment.parts.values_list("amount", flat=True)) == [Decimal("300.50"), Decimal("300.51")]
    assert Instalment.objects.aggregate(s=Sum("paid"))["s"] == Decimal("601.01")
    with pytest.raises(RuleError, match=r"超过还欠的 598\.99 元"):
        pay(cast, made, "600")
    pay(cast, made, "299.49", region_code=COMMUNITY)
    resumed = made.admissions.get(region_code=COMMUNITY)
    assert resumed.arrears_since is None
    assert made.admissions.get(region_code=NEIGHBOUR).arrears_since is not None
    with pytest.raises(RuleError, match="作废的原因"):
        actions.cancel_payment(acting_user=cast.applicant, payment=payment, reason="")
    actions.cancel_payment(acting_user=cast.applicant, payment=payment, reason="金额登错")
    resumed.refresh_from_db()
    assert resumed.arrears_since == TODAY  # owes again
    with pytest.raises(RuleError, match="已经作废"):
        actions.cancel_payment(acting_user=cast.applicant, payment=payment, reason="再来")
    paid = PaymentPart.objects.filter(payment__cancelled_at__isnull=True).aggregate(s=Sum("amount"))["s"]
    assert Instalment.objects.aggregate(s=Sum("paid"))["s"] == paid == Decimal("299.49")


def test_payments_need_sense_a_paper_and_the_right_person(cast: Cast) -> None:
    made = admitted(cast, areas=[COMMUNITY])
    rows = Instalment.objects.filter(admission__application=made)
    given = {
        "application": made,
        "instalments": rows,
        "amount": Decimal(1),
        "paid_on": TODAY,
        "upload": pdf(),
    }
    record = actions.record_payment
    for user in (cast.health_officer, cast.people.worker, cast.people.officer):
        with pytest.raises(NotPermitted):
            record(acting_user=user, **given)
    for wrong, says in (
        ({"amount": Decimal(0)}, "付款金额"),
        ({"paid_on": TODAY + timedelta(days=1)}, "不能晚于今天"),
        ({"upload": None}, "付款凭证"),
    ):
        with pytest.raises(RuleError, match=says):
            record(acting_user=cast.applicant, **{**given, **wrong})


def test_who_sees_what_is_owed(cast: Cast) -> None:
    admitted(cast, areas=[COMMUNITY])
    everybody = {**cast.people.all(), "decider": cast.decider, "health": cast.health_officer}
    seen = {name for name, user in everybody.items() if Instalment.objects.visible(user).exists()}
    assert seen == {"worker", "officer", "department", "decider"}


def test_department_is_told_before_money_is_due(cast: Cast) -> None:
    made = admitted(cast, areas=[COMMUNITY], pay_within=5)
    actions.look_at_arrears()
    told = Notice.objects.get(user=cast.applicant, key=f"admission.due.{made.pk}")
    assert "前拨付到社区" in told.title
    assert told.due_on == TODAY + timedelta(days=5)
    assert not told.is_urgent

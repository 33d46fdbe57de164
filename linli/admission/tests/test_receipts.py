"""What communities say has come of the money, against what departments say they paid."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET
from linli.admission import actions
from linli.admission.models import Instalment, Receipt
from linli.admission.money import payers, places
from linli.admission.tests.conftest import TODAY, Cast, admitted
from linli.admission.tests.test_money import overdue, pay
from linli.audit.recording import RuleError
from linli.notices.models import Notice


def paid(cast: Cast) -> Instalment:
    """600 元 that fell due yesterday and that the department says it has paid to the community."""
    made = admitted(cast, areas=[STREET], money=Decimal(600), money_per="once")
    overdue(made, 1)
    pay(cast, made, "600", region_code=COMMUNITY)
    return Instalment.objects.get(admission__application=made, region_code=COMMUNITY)


def say(cast: Cast, one: Instalment, amount: str, remark: str = "", **more: object) -> Receipt:
    values = {"received_on": TODAY, "acting_user": cast.people.worker, **more}
    return actions.record_receipt(instalment=one, amount=Decimal(amount), remark=remark, **values)


def told(cast: Cast) -> list[str]:
    rows = Notice.objects.filter(user__in=[cast.applicant, cast.decider], title__contains="请核对")
    return list(rows.values_list("title", flat=True))


def test_what_agrees_is_quiet_and_what_does_not_is_told(cast: Cast) -> None:
    one = paid(cast)
    assert one.standing == ("待社区核对", "warn")
    assert list(Instalment.objects.unsaid()) == [one]
    first = say(cast, one, "400")
    one.refresh_from_db()
    assert (one.received, one.standing) == (Decimal(400), ("对不上", "danger"))
    assert list(Instalment.objects.disputed()) == [one]
    assert len(told(cast)) == 2
    say(cast, one, "200")
    one.refresh_from_db()
    assert one.standing == ("已到账", "ok")
    assert not Instalment.objects.disputed().exists()
    assert len(told(cast)) == 2
    actions.cancel_receipt(acting_user=cast.people.worker, receipt=first, reason="记重了")
    one.refresh_from_db()
    assert (one.received, one.standing[0]) == (Decimal(200), "对不上")


def test_nothing_came_is_said_with_a_word(cast: Cast) -> None:
    one = paid(cast)
    for amount, remark, field in (("0", " ", "remark"), ("-1", "", "amount"), ("600.01", "", "amount")):
        with pytest.raises(RuleError) as refused:
            say(cast, one, amount, remark)
        assert refused.value.field == field
    with pytest.raises(RuleError, match="不能晚于今天"):
        say(cast, one, "600", received_on=TODAY + timedelta(days=1))
    say(cast, one, "0", "查账没有这笔款")
    one.refresh_from_db()
    assert one.standing[0] == "对不上"


def test_only_the_communitys_own_people_say(cast: Cast) -> None:
    one = paid(cast)
    for user in (cast.people.officer, cast.people.neighbour, cast.applicant, cast.decider):
        with pytest.raises(NotPermitted):
            say(cast, one, "600", acting_user=user)
        client = Client()
        client.force_login(user)
        assert client.get(reverse("admission:receive", args=[one.pk])).status_code in (403, 404)
    say(cast, one, "600", acting_user=cast.head)


def test_the_pages_show_it(cast: Cast) -> None:
    one = paid(cast)
    client = Client()
    client.force_login(cast.people.worker)
    dues = reverse("admission:dues")
    assert reverse("admission:receive", args=[one.pk]) in client.get(dues).content.decode()
    answer = client.post(
        reverse("admission:receive", args=[one.pk]),
        {"amount": "0", "received_on": TODAY, "remark": "查账没有这笔款"},
    )
    assert answer.status_code == 302
    client.force_login(cast.decider)
    page = client.get(dues).content.decode()
    assert "部门登记拨付 600.00 元，社区说收到 0.00 元：查账没有这笔款" in page
    assert "各部门付款情况" in page
    assert client.get(dues, {"standing": "disputed"}).status_code == 200


def test_sums_by_department_and_place(cast: Cast) -> None:
    one = paid(cast)
    say(cast, one, "500")
    other = admitted(cast, title="森林防火巡查", areas=["110119001"], money=Decimal(100), money_per="once")
    overdue(other, 1)
    rows = Instalment.objects.all()
    (department,) = payers(rows)
    communities = Instalment.objects.filter(due_on__lt=TODAY).count()
    assert department.due == sum(rows.filter(due_on__lt=TODAY).values_list("amount", flat=True))
    assert (department.paid, department.received, department.disputed) == (Decimal(600), Decimal(500), 1)
    streets = places(rows)
    assert [one.disputed for one in streets] == [0, 1]
    for name in ("due", "paid", "late", "received", "disputed"):
        assert sum(getattr(one, name) for one in streets) == getattr(department, name)
    assert communities > 2
    assert places(rows.filter(region_code__in=[COMMUNITY, NEIGHBOUR])) == []

"""What an adjustment of communities does to the district's list: its editions and rules stay, an item of a community goes with it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from linli.access.units import named_unit
from linli.admission.models import Setting
from linli.audit.recording import SYSTEM
from linli.gate.catalogue import actions as catalogue
from linli.gate.catalogue.models import Duty, Edition, Item
from linli.registry.adjustment import actions
from tests.adjustment.street import STREET, carried_out, head, make_street, plan_of

pytestmark = pytest.mark.django_db
A, B, C = STREET + "001", STREET + "002", STREET + "003"
DISTRICT = STREET[:6]


def item(title: str, region: str, today: date) -> Item:
    return catalogue.admit(
        acting_user=SYSTEM,
        region_code=region,
        title=title,
        category="民政",
        unit=named_unit(DISTRICT, "延庆区民政局"),
        kind="serve",
        responsibility="assist",
        things=["form"],
        times=2,
        since=today - timedelta(days=30),
        until=None,
        hours=Decimal(2),
        basis_note="区政府文件",
    )


def test_editions_and_rules_stay_and_items_go_to_the_successor() -> None:
    today = timezone.localdate()
    make_street(today)
    edition = Edition.objects.create(region_code=DISTRICT, number=1, title="社区事项清单")
    setting = Setting.objects.create(region_code=DISTRICT, ahead_days=20)
    mine, everybodys = item("社区的事", B, today), item("全区的事", DISTRICT, today)
    user = head()
    plan = plan_of(user)
    actions.merge_community(acting_user=user, plan=plan, key=B, into=A)
    carried_out(user, plan, today)
    for kept in (edition, setting, everybodys):
        kept.refresh_from_db()
        assert kept.region_code == DISTRICT
    mine.refresh_from_db()
    assert mine.warrant is not None
    assert (mine.region_code, mine.warrant.region_code) == (A, A)
    there = Duty.objects.filter(region_code=A, closed=None).values_list("item", flat=True)
    assert set(there) == {mine.pk, everybodys.pk}
    assert not Duty.objects.filter(region_code=B, closed=None).exists()

"""Items between editions: admitted, suspended, resumed, renewed, revoked; the warrant follows each time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, STREET
from linli.audit.models import Event
from linli.audit.recording import SYSTEM, RuleError
from linli.flow import actions as flow
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.gate.catalogue import actions
from linli.gate.catalogue.models import Basis, Item
from linli.gate.catalogue.tests.conftest import Office, district_officer

TODAY = timezone.localdate()


def send(item: Item) -> Any:
    assert item.warrant is not None
    return flow.dispatch(
        acting_user=SYSTEM,
        warrant=Warrant.objects.get(pk=item.warrant_id),
        thing=Thing.FORM,
        communities=[COMMUNITY],
        title="低保对象走访表",
        sender=item.unit,
    )


def test_the_carried_bases_are_loaded_once_with_their_text(office: Office) -> None:
    assert Basis.objects.count() == 140
    assert actions.ensure_bases() == 0
    basis = Basis.objects.get(title="中华人民共和国人民调解法", article="第八条")
    assert str(basis) == "《人民调解法》第八条"
    assert "居民委员会设立人民调解委员会" in basis.text
    assert basis.in_force(TODAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        basis.delete()


def test_an_admitted_item_lets_its_department_send_that_and_no_more(office: Office) -> None:
    item = office.admit()
    item.refresh_from_db()
    assert (item.code, item.frequency, item.yearly_times, item.yearly_hours) == (
        "0001",
        "每季度 2 次",
        8,
        Decimal(32),
    )
    assert item.warrant is not None
    assert item.warrant.basis.startswith("《社会救助法》第五条")
    assert len(send(item)) == 1
    send(item)
    with pytest.raises(RuleError, match="每季度不超过 2 次"):
        send(item)
    assert office.admit("协助无偿献血宣传").code == "0002"


def test_an_item_without_things_has_no_warrant(office: Office) -> None:
    item = office.admit("召集居民会议", responsibility="perform", kind="lead", things=[])
    assert item.warrant is None
    with pytest.raises(RuleError, match="没有可下派的内容"):
        actions.suspend(acting_user=office.officer, item=item, reason="试")
    actions.revoke(acting_user=office.officer, item=item, reason="试")
    assert not Item.objects.in_force().exists()


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"title": " "}, "事项名称"),
        ({"category": ""}, "所属的类"),
        ({"bases": []}, "法律依据"),
        ({"bases": [0]}, "不在依据库"),
        ({"hours": Decimal(0)}, "工时"),
        ({"times": 0}, "1 到 999"),
        ({"money": Decimal(-1)}, "负数"),
        ({"until": TODAY}, "晚于起始"),
        ({"unit": None}, "责任部门"),
        ({"region_code": "1101"}, "按区建立"),
    ],
)
def test_terms_that_make_no_sense_are_refused(office: Office, terms: dict[str, Any], says: str) -> None:
    actor = {"title": "协助做好走访", **terms}
    if terms.get("region_code"):
        with pytest.raises((RuleError, NotPermitted)):
            office.admit(**actor)
        return
    with pytest.raises(RuleError, match=says):
        office.admit(**actor)
    assert not Item.objects.exists()
    assert not Warrant.objects.exists()


def test_a_name_in_force_is_not_admitted_twice_but_may_return_later(office: Office) -> None:
    first = office.admit()
    with pytest.raises(RuleError, match="编号 0001"):
        office.admit()
    actions.revoke(acting_user=office.officer, item=first, reason="社区反映做不了")
    assert office.admit().code == "0002"


def test_only_the_community_office_keeps_the_list(office: Office) -> None:
    item = office.admit()
    elsewhere = district_officer("bieququ", "110118")
    for user in (*office.people.all().values(), elsewhere):
        with pytest.raises(NotPermitted):
            actions.suspend(acting_user=user, item=item, reason="试")
        with pytest.raises(NotPermitted):
            actions.revoke(acting_user=user, item=item, reason="试")
        with pytest.raises(NotPermitted):
            actions.add_document(
                acting_user=user, region_code=item.region_code, title="办法", effective_on=TODAY
            )


def test_a_suspended_item_sends_nothing_until_it_is_resumed(office: Office) -> None:
    item = office.admit()
    with pytest.raises(RuleError, match="填写原因"):
        actions.suspend(acting_user=office.officer, item=item, reason=" ")
    actions.suspend(acting_user=office.officer, item=item, reason="经费逾期未付")
    assert Item.objects.get().suspended == "经费逾期未付"
    with pytest.raises(RuleError, match="已暂停：经费逾期未付"):
        send(item)
    with pytest.raises(RuleError, match="已经暂停"):
        actions.suspend(acting_user=office.officer, item=item, reason="再来")
    actions.resume(acting_user=office.officer, item=item, reason="经费到账")
    send(item)
    with pytest.raises(RuleError, match="没有暂停"):
        actions.resume(acting_user=office.officer, item=item, reason="再来")
    verbs = Event.objects.filter(target_type="catalogue.item", target_id=item.pk).values_list(
        "verb", flat=True
    )
    assert set(verbs) == {"catalogue.admit", "catalogue.suspend", "catalogue.resume"}


def test_an_item_is_renewed_and_then_revoked(office: Office) -> None:
    soon, later = TODAY + timedelta(days=10), TODAY + timedelta(days=100)
    item = office.admit(until=soon)
    with pytest.raises(RuleError, match="晚于现在的"):
        actions.renew(acting_user=office.officer, item=item, until=soon, reason="试")
    actions.renew(acting_user=office.officer, item=item, until=later, reason="工作需要")
    warrant = Warrant.objects.get()
    assert (Item.objects.get().until, warrant.period.upper) == (later, later)
    with pytest.raises(RuleError, match="不能早于今天"):
        actions.revoke(acting_user=office.officer, item=item, reason="试", on=TODAY - timedelta(days=1))
    actions.revoke(acting_user=office.officer, item=item, reason="居民代表会议不同意", on=soon)
    item.refresh_from_db()
    warrant.refresh_from_db()
    assert (item.until, warrant.period.upper, item.ended_why) == (soon, soon, "居民代表会议不同意")
    assert item.in_force()
    assert not item.in_force(soon)


def test_an_item_revoked_before_it_begins_never_sends(office: Office) -> None:
    item = office.admit(since=TODAY + timedelta(days=30))
    actions.revoke(acting_user=office.officer, item=item, reason="部门撤回申请")
    item.refresh_from_db()
    assert not item.in_force(item.since)
    assert item.warrant is not None
    with pytest.raises(RuleError, match="已暂停：生效前已取消"):
        flow.dispatch(
            acting_user=SYSTEM,
            warrant=item.warrant,
            thing=Thing.FORM,
            communities=[COMMUNITY],
            title="表",
            sender=item.unit,
            day=item.since,
        )


def test_an_item_that_has_ended_is_not_touched(office: Office) -> None:
    item = office.admit()
    actions.revoke(acting_user=office.officer, item=item, reason="试")
    for act in (actions.suspend, actions.resume, actions.revoke):
        with pytest.raises(RuleError, match="到期或退出清单"):
            act(acting_user=office.officer, item=item, reason="试")
    with pytest.raises(RuleError, match="到期或退出清单"):
        actions.renew(acting_user=office.officer, item=item, until=None, reason="试")


def test_a_community_sees_the_items_that_hold_for_it(office: Office) -> None:
    office.admit()
    office.admit("香水园街道试行的事项", region_code=STREET)
    office.admit("别的街道试行的事项", region_code="110119005")
    here = Item.objects.in_force().for_community(COMMUNITY)
    assert {one.title for one in here} == {"协助做好最低生活保障对象走访", "香水园街道试行的事项"}
    people = office.people
    assert Item.objects.visible(people.worker).count() == 2
    assert Item.objects.visible(people.department).count() == 3
    assert Item.objects.visible(people.stranger).count() == 0
    assert Item.objects.visible(district_officer("bieququ", "110118")).count() == 0


def test_documents_of_the_district_may_be_a_basis(office: Office) -> None:
    made = actions.add_document(
        acting_user=office.officer,
        region_code="110119",
        title="《关于规范社区工作事项的意见》",
        number="延政发〔2026〕3号",
        effective_on=TODAY,
    )
    assert office.admit(bases=[made.pk]).warrant.basis == "《关于规范社区工作事项的意见》"  # type: ignore[union-attr]
    assert made in actions.selectable(COMMUNITY)
    assert made not in actions.selectable("110118")
    with pytest.raises(RuleError, match="已经在依据里"):
        actions.add_document(
            acting_user=office.officer,
            region_code="110119",
            title="关于规范社区工作事项的意见",
            effective_on=TODAY,
        )
    with pytest.raises(RuleError, match="区级以上"):
        actions.add_document(acting_user=office.officer, region_code=STREET, title="办法", effective_on=TODAY)

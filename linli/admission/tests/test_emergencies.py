"""The emergency channel, and objections."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET
from linli.admission import actions
from linli.admission.actions.emergencies import remind_reviews
from linli.admission.models import Emergency, Objection
from linli.admission.tests.conftest import TODAY, Cast, admitted
from linli.audit.recording import RuleError
from linli.flow import actions as flow
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.notices.models import Notice


def approve(cast: Cast, **more: object) -> Emergency:
    values = {
        "region_code": STREET,
        "unit": cast.health,
        "title": "寒潮期间独居老人走访",
        "reason": "气象台今天发布寒潮橙色预警",
        "things": ["form"],
        "until": TODAY + timedelta(days=5),
        **more,
    }
    return actions.approve_emergency(acting_user=cast.decider, **values)


def send(cast: Cast, warrant: Warrant) -> None:
    flow.dispatch(
        acting_user=cast.health_officer,
        warrant=warrant,
        thing=Thing.FORM,
        communities=[COMMUNITY],
        title="走访登记",
        sender=cast.health,
    )


def test_it_lets_send_at_once_and_ends_by_itself(cast: Cast) -> None:
    one = approve(cast)
    assert one.warrant.is_emergency
    assert "马主任批准" in one.warrant.basis
    send(cast, one.warrant)
    Warrant.objects.filter(pk=one.warrant_id).update(period=(TODAY - timedelta(days=5), TODAY))
    one.warrant.refresh_from_db()
    with pytest.raises(RuleError, match="到期或取消"):
        send(cast, one.warrant)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"title": " "}, "应急事项"),
        ({"reason": ""}, "来不及走准入"),
        ({"until": TODAY}, "晚于今天"),
        ({"until": TODAY + timedelta(days=16)}, "最长 15 天"),
        ({"things": []}, "至少选一项"),
        ({"region_code": "11"}, "区、街道或社区"),
    ],
)
def test_what_is_refused(cast: Cast, more: dict, says: str) -> None:
    with pytest.raises((RuleError, NotPermitted)) as refused:
        approve(cast, **more)
    assert isinstance(refused.value, NotPermitted) or says in refused.value.message


def test_not_for_ones_own_unit_and_only_by_approvers(cast: Cast) -> None:
    with pytest.raises(RuleError, match="本单位"):
        approve(cast, unit=cast.office)
    for user in (cast.applicant, cast.people.officer, cast.people.worker):
        with pytest.raises(NotPermitted):
            actions.approve_emergency(
                acting_user=user,
                region_code=STREET,
                unit=cast.health,
                title="试",
                reason="试",
                things=["form"],
                until=TODAY + timedelta(days=1),
            )


def test_no_second_one_without_looking_back(cast: Cast) -> None:
    one = approve(cast)
    approve(cast, title="第二件")  # the first still holds
    with pytest.raises(RuleError, match="结束以后再写复盘"):
        actions.review_emergency(
            acting_user=cast.health_officer, emergency=one, text="十个字以上的复盘说明。"
        )
    actions.end_emergency(acting_user=cast.decider, emergency=one, reason="预警解除")
    one.warrant.refresh_from_db()
    with pytest.raises(RuleError):
        send(cast, one.warrant)
    assert remind_reviews(TODAY) == 1
    assert Notice.objects.filter(user=cast.health_officer, title__contains="事后复盘", done_at=None).exists()
    with pytest.raises(RuleError, match="还没有复盘"):
        approve(cast, title="第三件")
    with pytest.raises(NotPermitted):
        actions.review_emergency(acting_user=cast.applicant, emergency=one, text="十个字以上的复盘说明。")
    actions.review_emergency(
        acting_user=cast.health_officer, emergency=one, text="走访独居老人一百二十户，下次列入年度事项。"
    )
    assert remind_reviews(TODAY) == 0
    approve(cast, title="第三件")


def test_it_is_counted_in_public_without_names_of_people(cast: Cast) -> None:
    approve(cast)
    answer = Client().get(reverse("admission:public_emergencies"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "寒潮期间独居老人走访" in page
    assert "延庆区卫生健康委员会" in page
    assert "马主任" not in page
    assert "寒潮橙色预警" not in page


def test_an_objection_is_answered_with_a_reason(cast: Cast) -> None:
    made = admitted(cast, areas=[COMMUNITY])
    item = made.admissions.get().item
    raise_it = actions.raise_objection
    with pytest.raises(RuleError, match="不在这个社区实施"):
        raise_it(acting_user=cast.people.neighbour, region_code=NEIGHBOUR, item=item, text="试")
    with pytest.raises(NotPermitted):
        raise_it(acting_user=cast.people.neighbour, region_code=COMMUNITY, item=item, text="试")
    one = raise_it(
        acting_user=cast.people.worker, region_code=COMMUNITY, item=item, text="老人跑两趟", by="resident"
    )
    assert one.case.number.startswith("YY-")
    assert one.case.clocks.get(scope="whole").amount == 10
    with pytest.raises(RuleError, match="在等答复"):
        raise_it(acting_user=cast.people.worker, region_code=COMMUNITY, item=item, text="又", by="resident")
    with pytest.raises(RuleError, match="答复的理由"):
        actions.answer_objection(acting_user=cast.decider, objection=one, upheld=False, answer=" ")
    with pytest.raises(NotPermitted):
        actions.answer_objection(acting_user=cast.applicant, objection=one, upheld=False, answer="试")
    actions.answer_objection(
        acting_user=cast.decider, objection=one, upheld=True, answer="改为上门核对，不再要求老人到场"
    )
    one = Objection.objects.select_related("case").get(pk=one.pk)
    assert (one.case.outcome, one.answered_by) == ("异议成立", cast.decider)
    assert Notice.objects.filter(user=cast.people.worker, title__contains="异议成立").exists()

"""Tours: several departments in several communities, decided in one go; nothing is arranged before."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET
from linli.audit.recording import RuleError
from linli.flow.models import Dispatch
from linli.flow.tests.conftest import Cast
from linli.gate.agenda import actions, reading, touring
from linli.gate.agenda.models import LoadRule, Proposal, State, Tour, Visit
from linli.gate.agenda.tests.conftest import Propose, a_warrant, working_day
from linli.notices.models import Notice
from linli.regions.models import Level, Region

pytestmark = pytest.mark.django_db
BOTH = (COMMUNITY, NEIGHBOUR)


@pytest.fixture
def two(cast: Cast, propose: Propose) -> tuple[Proposal, Proposal]:
    """Two departments want to inspect the same two communities, in different weeks."""
    water = a_warrant(cast, issuer=cast.water, title="防汛检查")
    first = propose(communities=BOTH, first_day=working_day(2))
    second = propose(
        acting_user=cast.water_officer,
        warrant=water,
        title="防汛检查",
        communities=BOTH,
        first_day=working_day(2) + timedelta(days=7),
    )
    return first, second


def _found() -> dict[str, list[Visit]]:
    rows = Visit.objects.select_related("unit", "joint", "proposal").order_by("region_code", "day")
    return touring.tourable(rows, timezone.localdate())


def test_each_community_gets_its_slot_and_nothing_is_arranged_by_looking(cast: Cast, two: Any) -> None:
    stops = touring.stops(_found(), hours=Decimal(3), per_day=1)
    assert {one.region_code for one in stops} == set(BOTH)
    assert len({one.day for one in stops}) == 2  # one community a day
    same_day = touring.stops(_found(), hours=Decimal(2), per_day=2)
    if len({one.day for one in same_day}) == 1:
        assert len({one.starts_at for one in same_day}) == 2
    assert all(not one.problems for one in stops)
    assert [one.alone_hours for one in stops] == [Decimal(4), Decimal(4)]
    assert not Dispatch.objects.exists()
    assert set(Visit.objects.values_list("state", flat=True)) == {State.PROPOSED}


def test_one_decision_for_the_communities_that_are_picked(cast: Cast, two: Any) -> None:
    found = _found()
    stops = touring.stops(found, hours=Decimal(3), per_day=2)
    picked = [
        actions.Together(one.visits, one.day, one.starts_at) for one in stops if one.region_code == COMMUNITY
    ]
    values: dict[str, Any] = {
        "stops": picked,
        "hours": Decimal(3),
        "lead": cast.department,
        "title": "年末联合检查",
    }
    with pytest.raises(NotPermitted):
        actions.join_tour(acting_user=cast.people.worker, **values)
    with pytest.raises(NotPermitted):
        actions.join_tour(acting_user=cast.people.department, **values)
    with pytest.raises(RuleError, match="至少选一个"):
        actions.join_tour(acting_user=cast.people.officer, **(values | {"stops": []}))
    with pytest.raises(RuleError, match="牵头"):
        actions.join_tour(acting_user=cast.people.officer, **(values | {"lead": cast.street}))
    tour = actions.join_tour(acting_user=cast.people.officer, **values)
    joint = tour.joints.get()
    assert joint.region_code == COMMUNITY
    assert {one.day for one in joint.visits.all()} == {picked[0].day}
    assert sum(one.hours for one in joint.visits.all()) == Decimal(3)
    assert set(Visit.objects.filter(region_code=NEIGHBOUR).values_list("joint", flat=True)) == {None}
    assert Notice.objects.filter(user=cast.water_officer, title__contains="联合行动").exists()
    for proposal, user in zip(two, (cast.people.department, cast.water_officer), strict=True):
        actions.fix(acting_user=user, proposal=proposal, visits=proposal.visits.filter(region_code=COMMUNITY))
    (slots,) = reading.agendas([COMMUNITY], joint.day, joint.day).values()
    assert [one.hours for one in slots if one.day == joint.day] == [Decimal(3)]


def test_what_stands_in_the_way_asks_for_a_reason_or_for_another_day(
    cast: Cast, two: Any, propose: Propose
) -> None:
    day = working_day(4)
    other = propose(title="消防检查", first_day=day)
    actions.fix(acting_user=cast.people.department, proposal=other)
    found = {key: ones for key, ones in _found().items() if key == COMMUNITY}
    found[COMMUNITY] = [one for one in found[COMMUNITY] if one.proposal_id != other.pk]
    (seen,) = touring.stops(found, hours=Decimal(3), per_day=1, chosen={COMMUNITY: (day, time(9))})
    assert seen.asks_consent
    assert seen.better
    values: dict[str, Any] = {
        "acting_user": cast.people.officer,
        "stops": [actions.Together(found[COMMUNITY], day, time(9))],
        "hours": Decimal(3),
        "lead": cast.department,
        "title": "联合检查",
    }
    with pytest.raises(RuleError, match="写明同意的理由"):
        actions.join_tour(**values)
    assert not Tour.objects.exists()
    LoadRule.objects.create(
        region_code=STREET, since=timezone.localdate(), week_hours=8, month_hours=24, collision="refuse"
    )
    with pytest.raises(RuleError, match="不能同意"):
        actions.join_tour(**values, reason="年底前必须完成")
    LoadRule.objects.all().delete()
    tour = actions.join_tour(**values, reason="年底前必须完成")
    assert {one.consent_reason for one in tour.joints.get().visits.all()} == {"年底前必须完成"}


def test_one_that_is_fixed_stays_in_its_week(cast: Cast, two: Any) -> None:
    first, _second = two
    actions.fix(acting_user=cast.people.department, proposal=first)
    stops = touring.stops(_found(), hours=Decimal(2), per_day=2)
    week = {working_day(1) + timedelta(days=n) for n in range(7)}
    assert {one.day for one in stops} <= week
    with pytest.raises(RuleError, match="不在这一周"):
        actions.join_tour(
            acting_user=cast.people.officer,
            stops=[actions.Together(stops[0].visits, working_day(2) + timedelta(days=14))],
            hours=Decimal(2),
            lead=cast.department,
            title="联合检查",
            reason="都有空",
        )


def test_the_page_plans_looks_again_and_does_it(cast: Cast, two: Any) -> None:
    Region.objects.filter(region_code__in=BOTH, level=Level.COMMUNITY).update(valid_to=None)
    client = Client()
    client.force_login(cast.people.officer)
    url = reverse("agenda:plan_tour", args=[STREET])
    assert "养老驿站检查" in client.get(url).content.decode()
    address = f"{url}?p={two[0].pk}&p={two[1].pk}&hours=3&per_day=1"
    page = client.get(address)
    rows = page.context["stops"]
    sent: dict[str, Any] = {"hours": "3", "per_day": "1", "title": "联合检查", "lead": cast.department.pk}
    for row in rows:
        sent[f"day_{row['stop'].region_code}"] = row["stop"].day.isoformat()
        sent[f"at_{row['stop'].region_code}"] = "09:00"
    moved = working_day(5)
    again = client.post(
        address, sent | {f"day_{COMMUNITY}": moved.isoformat(), "stop": [COMMUNITY], "do": "look"}
    )
    assert again.status_code == 200
    assert {row["stop"].day for row in again.context["stops"] if row["stop"].region_code == COMMUNITY} == {
        moved
    }
    assert not Tour.objects.exists()
    refused = client.post(address, sent | {"lead": "", "stop": list(BOTH), "do": "join"})
    assert refused.status_code == 422
    assert "牵头单位" in refused.content.decode()
    done = client.post(address, sent | {"stop": list(BOTH), "do": "join"}, follow=True)
    tour = Tour.objects.get()
    assert done.redirect_chain[0][0] == tour.get_absolute_url()
    assert tour.joints.count() == 2
    assert client.get(f"{url}?p=x&p=99&hours=abc&per_day=999").status_code == 200

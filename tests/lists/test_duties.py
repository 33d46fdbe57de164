"""Duties, applications and their money in the dictionary: what adds up over communities, and what does not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from linli.access.testing import COMMUNITY, DISTRICT, NEIGHBOUR, STREET
from linli.admission.tests.conftest import Cast, admitted, cast, consulted
from linli.audit.recording import SYSTEM
from linli.facts import plan
from linli.facts.dictionary import dictionary
from linli.facts.plan import Wish
from linli.facts.sight import Sight
from linli.flow.actions import dispatch
from linli.flow.rules.warrants import Thing
from linli.gate.catalogue import actions as catalogue
from linli.gate.catalogue.models import Duty, Item
from linli.gate.catalogue.rules.terms import Kind, Responsibility
from linli.kernel.scope import Scope
from linli.regions.models import Level, Region

__all__ = ["cast"]
TODAY = timezone.localdate()


def item(cast: Cast, title: str, region: str, **more: Any) -> Item:
    values: dict[str, Any] = {
        "category": "民政",
        "unit": cast.department,
        "kind": Kind.SERVE,
        "responsibility": Responsibility.ASSIST,
        "things": ["form"],
        "times": 4,
        "per": "year",
        "since": TODAY - timedelta(days=40),
        "until": None,
        "hours": Decimal("2.5"),
        "basis_note": "区政府文件",
        "money": Decimal(1200),
    }
    return catalogue.admit(acting_user=SYSTEM, region_code=region, title=title, **(values | more))


def total(measure: str, region: str, on: date = TODAY, subject: str = "duty", **more: Any) -> Any:
    return plan.total(Wish(subject, [Scope.of(region)], on, **more), measure)


def communities(region: str) -> list[str]:
    rows = Region.objects.filter(region_code__startswith=region, level=Level.COMMUNITY, valid_to=None)
    return list(rows.values_list("region_code", flat=True))


def test_an_item_counts_once_and_its_work_in_every_community(cast: Cast) -> None:
    item(cast, "全区的事", DISTRICT)
    item(cast, "街道的事", STREET, things=[], money=None)
    item(cast, "社区的事", COMMUNITY, hours=Decimal(1))
    here, all_of_them = communities(STREET), communities(DISTRICT)
    assert total("duties", DISTRICT) == 3
    assert total("duties", COMMUNITY) == 3
    assert total("duties", NEIGHBOUR) == 2
    assert total("duty_hours", COMMUNITY) == 24
    assert total("duty_hours", NEIGHBOUR) == 20
    assert total("duty_places", DISTRICT) == len(all_of_them) + len(here) + 1
    for measure in ("duty_places", "duty_hours", "duty_money"):
        assert total(measure, DISTRICT) == sum(total(measure, one) for one in all_of_them)
    each = total("duty_hours", STREET) / len(here)
    assert abs(total("duty_hours_each", STREET) - each) <= Decimal("0.05")
    assert total("duties", DISTRICT, conditions=["sends"]) == 2


def test_what_is_read_of_a_duty_is_what_its_item_says(cast: Cast) -> None:
    held = item(cast, "高龄津贴核对", STREET, things=["form", "meeting"])
    assert held.warrant is not None
    dispatch(
        acting_user=SYSTEM,
        warrant=held.warrant,
        thing=Thing.FORM,
        communities=[COMMUNITY],
        title="表",
        sender=cast.department,
    )
    names = (
        "title", "department", "responsibility", "kind", "things", "frequency", "yearly_times", "yearly_hours", "basis", "state",
        "sent_this_year", "community", "item",
    )  # fmt: skip
    ((pk, values),) = plan.rows(Wish("duty", [Scope.of(COMMUNITY)], TODAY, elements=names))
    said = dict(zip(names, values, strict=True))
    assert said == {
        "title": "高龄津贴核对",
        "department": cast.department.name,
        "responsibility": "依法协助",
        "kind": "协助公共服务",
        "things": "报表、会议",
        "frequency": held.frequency,
        "yearly_times": 4,
        "yearly_hours": Decimal("10.0"),
        "basis": "区政府文件",
        "state": "现行",
        "sent_this_year": 1,
        "community": "东外社区",
        "item": held.pk,
    }
    assert Duty.objects.get(pk=pk).item == held


def test_days_are_asked_and_items_that_left_are_told_apart(cast: Cast) -> None:
    held = item(cast, "人口抽样", STREET)
    catalogue.revoke(acting_user=SYSTEM, item=held, reason="不属于社区职责")
    assert total("duties", STREET) == 0
    assert total("duties", STREET, TODAY - timedelta(days=1)) == 1
    assert total("duties", STREET, TODAY - timedelta(days=60)) == 0
    assert total("duties", STREET, conditions=["left"]) == 1
    Region.objects.filter(region_code=NEIGHBOUR).update(valid_to=TODAY - timedelta(days=10))
    assert total("duty_places", NEIGHBOUR, TODAY - timedelta(days=20)) == 1
    assert total("duty_places", NEIGHBOUR, TODAY - timedelta(days=5)) == 0


def test_a_community_says_how_many_duties_it_has(cast: Cast) -> None:
    item(cast, "全区的事", DISTRICT)
    wish = Wish("community", [Scope.of(COMMUNITY)], TODAY, elements=("duties", "duty_hours"))
    ((_pk, values),) = plan.rows(wish)
    assert list(values) == [1, Decimal("10.0")]


@pytest.mark.django_db
def test_applications_and_money(cast: Cast) -> None:
    admitted(cast, title="残疾人需求调查", areas=[STREET], money=Decimal(600), money_per="quarter")
    consulted(cast, title="人口抽样", areas=[STREET])
    on = TODAY + timedelta(days=35)
    assert total("applications", DISTRICT, subject="application") == 2
    assert total("admitted", DISTRICT, subject="application") == 1
    assert total("applications", DISTRICT, subject="application", conditions=["undecided"]) == 1
    for measure, conditions in (("amount", ["promised"]), ("arrears", ["promised"])):
        parts = [total(measure, one, on, "instalment", conditions=conditions) for one in communities(STREET)]
        assert total(measure, STREET, on, "instalment", conditions=conditions) == sum(parts)
    assert total("arrears", COMMUNITY, on, "instalment") > 0


def test_a_department_does_not_list_what_others_ask(cast: Cast) -> None:
    for key in ("application", "instalment"):
        seen = Sight(cast.applicant).scopes(dictionary.subject(key).seen)
        assert not seen
        assert Sight(cast.decider).scopes(dictionary.subject(key).seen)
    assert Sight(cast.people.worker).scopes(dictionary.subject("instalment").seen)

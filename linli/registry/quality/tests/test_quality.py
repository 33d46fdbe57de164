"""Quality: each fault is found where it is and nowhere else; the score is what it says."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.jobs import daily
from linli.notices.models import Notice
from linli.registry.people import actions as people
from linli.registry.people.models import HouseholdMember, Kinship, Person, Residence
from linli.registry.people.tests.street import make_family, make_homes, make_regions, register
from linli.registry.quality import actions, measuring, rules
from linli.registry.quality.models import QualityScore


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_the_score_lies_between_nothing_and_a_hundred(people: int, part: float) -> None:
    points = rules.score(people, people * part)
    assert 0 <= points <= 100
    assert rules.score(people, 0) == 100


def test_only_what_has_no_fault_has_a_hundred() -> None:
    assert rules.score(100_000, 0.2) == 99.9
    assert rules.total({"people": (100_000, 0.2), "places": (10, 0.0)}) == 99.9
    assert rules.total({"people": (3, 0.0), "places": (10, 0.0), "households": (7, 0.0)}) == 100


@pytest.fixture
def who(db: Any) -> Characters:
    make_regions()
    return characters()


def faults(person: Person) -> set[str]:
    today = timezone.localdate()
    rows = Person.objects.filter(pk=person.pk)
    return {check.key for check in rules.CHECKS if measuring.people_with(rows, check.key, today).exists()}


def test_every_fault_is_found_where_it_is(who: Characters) -> None:
    homes = make_homes()
    _household, head, wife, son = make_family(who.worker, homes[0])
    good = {"no_phone"}  # nobody here gave a telephone number
    assert [faults(one) for one in (head, wife, son)] == [good, good, good]
    people.set_kin(acting_user=who.worker, person_id=son.pk, relation="father", relative_id=head.pk)
    assert faults(son) == good
    Person.objects.filter(pk=head.pk).update(birth_date=date(1980, 1, 1))
    assert "young_parent" in faults(son)
    Person.objects.filter(pk=head.pk).update(birth_date=date(1890, 1, 1))
    assert "too_old" in faults(head)
    Person.objects.filter(pk=head.pk).update(birth_date=date(2015, 1, 1), marital="20")
    assert {"married_child", "before_birth"} <= faults(head)
    HouseholdMember.objects.filter(person=wife).update(relation="11")
    assert "wrong_sex" in faults(wife)
    for one in (head, son):
        Kinship.objects.create(
            region_code=COMMUNITY, person=one, relation="spouse", relative=wife, period=DateRange(None, None)
        )
    assert "two_spouses" in faults(wife)
    alone = register(
        who.worker, homes[1], "小童", born=date(2016, 1, 1), family=people.Family(kind="living"), since=None
    )
    assert faults(alone) == {"child_alone"}
    bare = people.register_person(acting_user=who.worker, values={"name": "赵无名"}, home_id=homes[2].pk)
    assert faults(bare) == {"no_number", "no_birth", "no_hukou", "no_household"}
    Residence.objects.filter(person=son, kind="hukou").update(home=None)
    Person.objects.filter(pk=son.pk).update(verified_on=date(2020, 1, 1))
    assert {"hukou_homeless", "stale"} <= faults(son)


def test_the_counts_are_the_rows_behind_them(who: Characters) -> None:
    homes = make_homes()
    make_family(who.worker, homes[0])
    people.register_person(acting_user=who.worker, values={"name": "赵无名"}, home_id=homes[2].pk)
    today = timezone.localdate()
    (one,) = measuring.count(COMMUNITY, today)
    for check in rules.CHECKS:
        rows = Person.objects.in_region(COMMUNITY)
        assert one.counts.get(check.key, 0) == measuring.people_with(rows, check.key, today).count(), (
            check.key
        )
    # A district asks each sub-query once, a community narrows it to its people: the numbers are the same.
    (wide,) = measuring.count(COMMUNITY[:6], today)
    assert (wide.people, wide.lost, wide.counts) == (one.people, one.lost, one.counts)
    # Three without a telephone (0.2 each) and one whose gravest fault is the missing number (0.5).
    assert (one.people, round(one.lost, 2)) == (4, 1.1)
    assert one.judged == {"people": (4, 1.1), "places": (5, 0.0), "households": (1, 0.0)}
    # People 50, places 20, households 15 of 100; there are no organisations and groups, so 85 are shared out.
    assert float(one.score) == round(100 * (50 * (1 - 1.1 / 4) + 20 + 15) / 85, 1)


def test_measured_nightly_and_by_hand(who: Characters) -> None:
    make_family(who.worker, make_homes()[0])
    assert "1 个社区" in daily.works()["quality.measure"](timezone.localdate())
    actions.measure(acting_user=who.worker, region_code=COMMUNITY)
    assert QualityScore.objects.count() == 1
    with pytest.raises(NotPermitted):
        actions.measure(acting_user=who.neighbour, region_code=COMMUNITY)
    QualityScore.objects.create(region_code=COMMUNITY, on=date(2026, 1, 31), people=3, lost=1, score="66.7")
    months = measuring.trend(QualityScore.objects.all(), date(2026, 2, 1))
    assert months == [("2026-01", 66.7)]


def test_on_the_web(who: Characters) -> None:
    make_family(who.worker, make_homes()[0])
    client = Client()
    client.force_login(who.worker)
    assert "还没有计算过" in client.get("/quality/").content.decode()
    client.post("/quality/")
    assert "东外社区" in client.get("/quality/").content.decode()
    page = client.get(f"/quality/{COMMUNITY}/").content.decode()
    assert "成年人没有电话" in page
    assert "去改" in client.get(f"/quality/{COMMUNITY}/no_phone/").content.decode()
    client.post(f"/quality/{COMMUNITY}/", {"check": "no_phone"})
    assert "3 人" in Notice.objects.get(user=who.worker).title
    for url in (f"/quality/{NEIGHBOUR}/", "/quality/abc/", f"/quality/{COMMUNITY}/nothing/"):
        assert client.get(url).status_code == 404, url

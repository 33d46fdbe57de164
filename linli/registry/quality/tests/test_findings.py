"""Findings: they begin, last and end; are set aside, come up again; weigh in the score; become to-dos that close themselves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from linli.access.guard import NotPermitted
from linli.access.models import Post
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.jobs.models import Job
from linli.notices.models import Notice
from linli.registry.groups.models import Group, Membership
from linli.registry.organisations.models import Organisation
from linli.registry.people.models import Residence
from linli.registry.people.tests.street import make_family, make_homes, make_regions
from linli.registry.places.models import Building, Home
from linli.registry.quality import actions, jobs, measuring, rules, scanning, sight
from linli.registry.quality.models import Finding, QualityScore

PART = st.tuples(st.integers(0, 5000), st.floats(0, 1))


@pytest.fixture
def who(db: Any) -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def homes(who: Characters) -> list[Home]:
    made = make_homes(count=3)
    make_family(who.worker, made[0])
    Home.objects.update(tenure="owned")
    return made


def look(on: date | None = None) -> None:
    scanning.scan(COMMUNITY, on or timezone.localdate())


def empty_homes() -> list[int]:
    rows = Finding.objects.filter(fault="home_owned_empty", period__upper_inf=True, aside_on=None)
    return sorted(rows.values_list("row", flat=True))


# -- rules -------------------------------------------------------------------------------------------------


def test_every_check_is_declared_in_full() -> None:
    assert len({check.key for check in rules.EVERY}) == len(rules.EVERY)
    for check in rules.EVERY:
        assert check.subject in rules.SUBJECTS
        assert 0 < check.weight <= 1
        assert bool(check.where) != bool(check.rows), check.key
        assert check.says.endswith("。"), check.key
        assert check.category in dict(rules.CLASSES)
    assert sum(part.share for part in rules.PARTS) == 100
    assert set(sight.VIEW) == set(sight.EDIT) == set(rules.SUBJECTS)


@given(st.dictionaries(st.sampled_from([part.key for part in rules.PARTS]), PART))
def test_the_score_lies_between_its_parts(parts: dict[str, tuple[int, float]]) -> None:
    judged = {key: (n, n * bad) for key, (n, bad) in parts.items()}
    points = [100 * (1 - lost / n) for n, lost in judged.values() if n]
    total = rules.total(judged)
    assert min(points, default=100) - 0.05 <= total <= max(points, default=100) + 0.05


@given(st.lists(st.dictionaries(st.sampled_from(["people", "places"]), PART), max_size=4))
def test_a_district_is_the_sum_of_its_communities(several: list[dict[str, tuple[int, float]]]) -> None:
    found = measuring.added(several)
    for key in ("people", "places"):
        assert found.get(key, (0, 0.0))[0] == sum(one.get(key, (0, 0.0))[0] for one in several)


# -- how findings last -------------------------------------------------------------------------------------


def test_a_finding_lasts_until_it_is_mended(homes: list[Home]) -> None:
    today = timezone.localdate()
    look(today - timedelta(days=9))
    assert empty_homes() == [homes[1].pk, homes[2].pk]
    look()
    one = Finding.objects.get(fault="home_owned_empty", row=homes[1].pk)
    assert one.period == DateRange(today - timedelta(days=9), None)
    Home.objects.filter(pk=homes[1].pk).update(tenure="unknown")
    look()
    one.refresh_from_db()
    assert one.period == DateRange(today - timedelta(days=9), today)
    # What was so on a day that is past can still be asked; what came and went on one day leaves nothing.
    assert measuring.findings(COMMUNITY, today - timedelta(days=1)).filter(pk=one.pk).exists()
    Home.objects.filter(pk=homes[1].pk).update(tenure="owned")
    look()
    assert Finding.objects.filter(fault="home_owned_empty", row=homes[1].pk).count() == 2
    Home.objects.filter(pk=homes[1].pk).update(tenure="unknown")
    look()
    assert Finding.objects.filter(fault="home_owned_empty", row=homes[1].pk).count() == 1


def test_a_look_at_one_place_or_check_leaves_the_others(homes: list[Home]) -> None:
    look()
    Home.objects.update(tenure="unknown")
    scanning.scan(NEIGHBOUR, timezone.localdate())
    scanning.scan(COMMUNITY, timezone.localdate(), [rules.BY_KEY["building_no_year"]])
    assert empty_homes() == [homes[1].pk, homes[2].pk]


def test_a_finding_follows_its_record_to_another_community(homes: list[Home]) -> None:
    look()
    Home.objects.update(region_code=NEIGHBOUR)
    Residence.objects.update(region_code=NEIGHBOUR)
    scanning.scan("110119002", timezone.localdate())
    assert set(Finding.objects.filter(fault="home_owned_empty").values_list("region_code", flat=True)) == {
        NEIGHBOUR
    }


# -- setting aside -----------------------------------------------------------------------------------------


def test_what_is_so_and_right_is_set_aside(who: Characters, homes: list[Home]) -> None:
    look()
    one = Finding.objects.get(fault="home_owned_empty", row=homes[1].pk)
    with pytest.raises(NotPermitted):
        actions.set_aside(acting_user=who.department, finding_ids=[one.pk], reason="房主在外地")
    with pytest.raises(RuleError, match="请先勾选"):
        actions.set_aside(acting_user=who.neighbour, finding_ids=[one.pk], reason="房主在外地")
    with pytest.raises(RuleError, match="请写明理由"):
        actions.set_aside(acting_user=who.worker, finding_ids=[one.pk], reason=" 是 ")
    wrong = Finding.objects.get(fault="building_no_year")
    with pytest.raises(RuleError, match="请改正记录"):
        actions.set_aside(acting_user=who.worker, finding_ids=[wrong.pk], reason="房主在外地")
    assert actions.set_aside(acting_user=who.worker, finding_ids=[one.pk], reason=" 房主  在外地 ") == 1
    event = Event.objects.get(verb="quality.set_aside")
    assert (event.reason, event.data["rows"], event.region_code) == ("房主 在外地", [homes[1].pk], COMMUNITY)
    look()
    assert empty_homes() == [homes[2].pk]
    assert actions.bring_back(acting_user=who.worker, finding_ids=[one.pk]) == 1
    assert empty_homes() == [homes[1].pk, homes[2].pk]


def test_it_comes_up_again_when_what_it_rests_on_changes(who: Characters, homes: list[Home]) -> None:
    Home.objects.update(area=14)
    look()
    one = Finding.objects.get(fault="home_crowded")
    actions.set_aside(acting_user=who.worker, finding_ids=[one.pk], reason="一家三口，面积属实")
    look()
    one.refresh_from_db()
    assert one.aside_on is not None
    Home.objects.update(area=10)
    look()
    one.refresh_from_db()
    assert (one.rests_on, one.aside_on, one.aside_reason) == ("10 平方米住 3 人", None, "")


# -- score -------------------------------------------------------------------------------------------------


def test_a_record_loses_its_gravest_fault_only(who: Characters, homes: list[Home]) -> None:
    Home.objects.update(area=10, floor=9)
    Building.objects.update(floors=3, built_year=2001)
    measuring.keep(COMMUNITY, timezone.localdate())
    one = QualityScore.objects.get()
    # Three homes above the roof (0.5), of which one crowded too (0.5) and two empty (0.2); the estate has no management (0.5).
    assert one.judged["places"] == (5, 2.0)
    assert (one.counts["home_above"], one.counts["home_crowded"], one.counts["home_owned_empty"]) == (3, 1, 2)
    ids = Finding.objects.filter(fault="home_crowded").values_list("pk", flat=True)
    actions.set_aside(acting_user=who.worker, finding_ids=list(ids), reason="面积属实")
    (after,) = measuring.keep(COMMUNITY, timezone.localdate())
    assert after.counts.get("home_crowded") is None
    assert after.judged["places"] == (5, 2.0)


def test_a_score_of_people_alone_is_still_read() -> None:
    old = QualityScore(region_code=COMMUNITY, on=date(2026, 1, 1), people=10, lost=1.0, score="90.0")
    assert measuring.summed([old])[:2] == ({"people": (10, 1.0)}, 90.0)


# -- to-dos ------------------------------------------------------------------------------------------------


def test_a_todo_says_how_many_are_left_and_closes_itself(who: Characters, homes: list[Home]) -> None:
    look()
    assert actions.make_todo(acting_user=who.worker, region_code=COMMUNITY, check="home_owned_empty") == 1
    notice = Notice.objects.get(user=who.worker, key=f"quality-home_owned_empty-{COMMUNITY}")
    assert "2 套" in notice.title
    Home.objects.filter(pk=homes[1].pk).update(tenure="unknown")
    actions.measure(acting_user=who.worker, region_code=COMMUNITY)
    notice.refresh_from_db()
    assert ("1 套" in notice.title, notice.done_at) == (True, None)
    last = Finding.objects.get(fault="home_owned_empty", period__upper_inf=True)
    actions.set_aside(acting_user=who.worker, finding_ids=[last.pk], reason="房主在外地")
    notice.refresh_from_db()
    assert notice.done_at is not None
    with pytest.raises(NotPermitted):
        actions.make_todo(acting_user=who.neighbour, region_code=COMMUNITY, check="home_owned_empty")


def test_todos_of_people_close_too(who: Characters, homes: list[Home]) -> None:
    actions.make_todo(acting_user=who.worker, region_code=COMMUNITY, check="no_phone")
    assert Notice.objects.filter(key__startswith="quality-no_phone", done_at=None).exists()
    Residence.objects.first().person.__class__.objects.update(landline="69100001")  # type: ignore[union-attr]
    jobs.measure_all(timezone.localdate())
    assert not Notice.objects.filter(key__startswith="quality-no_phone", done_at=None).exists()


def test_what_is_mended_by_day_is_ticked_off_within_minutes(who: Characters, homes: list[Home]) -> None:
    look()
    actions.make_todo(acting_user=who.worker, region_code=COMMUNITY, check="home_owned_empty")
    Home.objects.update(tenure="unknown")
    now = timezone.localtime() + timedelta(hours=1)
    jobs.follow_what_was_mended(now)
    assert Notice.objects.filter(key__startswith="quality-", done_at=None).exists()  # nobody wrote anything
    Event.objects.create(
        user_id=1, user_name="x", verb="places.home_edit", region_code=COMMUNITY, summary="x", at=now
    )
    jobs.follow_what_was_mended(now)
    assert not Notice.objects.filter(key__startswith="quality-", done_at=None).exists()


def test_a_todo_about_a_group_goes_to_those_who_see_every_group(who: Characters) -> None:
    assert sight.deals_with("community_worker", "membership")
    assert not sight.deals_with("grid_worker", "membership")
    assert sight.deals_with("grid_worker", "home")
    assert not sight.deals_with("grid_worker", "organisation")


# -- pages -------------------------------------------------------------------------------------------------


def test_on_the_web(who: Characters, homes: list[Home]) -> None:
    client = Client()
    client.force_login(who.worker)
    client.post("/quality/")
    page = client.get(f"/quality/{COMMUNITY}/").content.decode()
    assert "登记自住，却没有登记住的人" in page
    assert "房屋和楼栋" in page
    assert "没有记录，不计分" in page
    listed = client.get(f"/quality/{COMMUNITY}/home_owned_empty/").content.decode()
    assert homes[1].full_address in listed
    assert f"/places/homes/{homes[1].pk}/" in listed
    mends = client.get(f"/quality/{COMMUNITY}/building_no_year/").content.decode()
    assert f"/places/buildings/{homes[0].building_id}/edit/" in mends
    assert "情况属实" not in mends
    one = Finding.objects.get(fault="home_owned_empty", row=homes[1].pk)
    answer = client.post(f"/quality/{COMMUNITY}/home_owned_empty/", {"action": "aside", "pk": one.pk})
    assert answer["Location"].endswith("/aside/")
    assert "1 套" in client.get(answer["Location"]).content.decode()
    assert client.post(answer["Location"], {"reason": ""}).status_code == 422
    assert client.post(answer["Location"], {"reason": "房主长期在外地"}).status_code == 302
    aside = client.get(f"/quality/{COMMUNITY}/home_owned_empty/?state=aside").content.decode()
    assert "房主长期在外地" in aside
    assert homes[1].full_address in aside
    assert homes[1].full_address not in client.get(f"/quality/{COMMUNITY}/home_owned_empty/").content.decode()
    client.post(f"/quality/{COMMUNITY}/home_owned_empty/?state=aside", {"action": "back", "pk": one.pk})
    assert empty_homes() == [homes[1].pk, homes[2].pk]
    Home.objects.update(tenure="unknown")
    client.post(f"/quality/{COMMUNITY}/home_owned_empty/again/")
    assert "没有这种问题了" in client.get(f"/quality/{COMMUNITY}/home_owned_empty/").content.decode()


def test_a_group_is_told_only_to_those_who_see_it(who: Characters, homes: list[Home]) -> None:
    person = Residence.objects.first().person  # type: ignore[union-attr]
    secret, _new = Group.objects.update_or_create(
        code="disabled",
        defaults={"name": "残疾人", "category": "disability", "sensitivity": 3, "viewers": ["street_head"]},
    )
    Membership.objects.create(
        region_code=COMMUNITY,
        group=secret,
        person=person,
        period=DateRange(None, None),
        review_on=date(2024, 1, 1),
    )
    look()
    assert Finding.objects.filter(fault="membership_review_over").count() == 1
    client = Client()
    client.force_login(who.worker)
    assert "过了复核日期" not in client.get(f"/quality/{COMMUNITY}/").content.decode()
    assert person.name not in client.get(f"/quality/{COMMUNITY}/membership_review_over/").content.decode()
    Group.objects.update(viewers=[])
    assert "过了复核日期" in client.get(f"/quality/{COMMUNITY}/").content.decode()
    assert person.name in client.get(f"/quality/{COMMUNITY}/membership_review_over/").content.decode()


def test_a_district_is_counted_by_a_job(who: Characters, homes: list[Home]) -> None:
    Post.objects.filter(user=who.worker).update(region_code="110119", role="district_officer")
    client = Client()
    client.force_login(who.worker)
    assert client.post("/quality/")["Location"].startswith("/jobs/")
    assert Job.objects.get().kind == jobs.MEASURE


def test_a_past_day_shows_what_was_wrong_then(who: Characters, homes: list[Home]) -> None:
    today = timezone.localdate()
    look(today - timedelta(days=9))
    Home.objects.update(tenure="unknown")
    look()
    client = Client()
    client.force_login(who.worker)
    then = today - timedelta(days=3)
    assert "登记自住" in client.get(f"/quality/{COMMUNITY}/?on={then}").content.decode()
    assert "登记自住" not in client.get(f"/quality/{COMMUNITY}/").content.decode()


def test_organisations_are_not_shown_without_the_permission(who: Characters) -> None:
    Organisation.objects.create(region_code=COMMUNITY, name="无电话", kind="shop")
    look()
    client = Client()
    client.force_login(who.worker)
    assert client.get(f"/quality/{COMMUNITY}/organisation_no_contact/").status_code == 200
    assert client.get(f"/quality/{NEIGHBOUR}/organisation_no_contact/").status_code == 404

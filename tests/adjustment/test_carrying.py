"""Carrying a plan out re-keys everything, keeps the past, and loses nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from linli.access.models import Post, User
from linli.access.roles import Role
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.facts import plan as facts
from linli.facts.dictionary import dictionary
from linli.facts.plan import Wish
from linli.kernel.scope import Scope
from linli.regions.models import FormerRegion, Level, OfficialCode, Recut, Region
from linli.registry.adjustment import actions, base, rules
from linli.registry.adjustment.models import PlanState
from linli.registry.organisations.models import Organisation
from linli.registry.people import standing
from linli.registry.people.models import Person
from linli.registry.places.models import BackStreet, Building, Estate, Home
from tests.adjustment.street import STREET, buildings, carried_out, head, make_street, plan_of

pytestmark = pytest.mark.django_db
A, B, C = STREET + "001", STREET + "002", STREET + "003"


@pytest.fixture
def today() -> date:
    return timezone.localdate()


CORE = {
    ("household", "households"),
    ("person", "residents"),
    ("person", "registered"),
    ("person", "in_party"),
    ("building", "buildings"),
    ("estate", "estates"),
    ("home", "homes"),
    ("organisation", "organisations"),
    ("community", "communities"),
}


def _by_community(on: date, keys: list[str], *, every: bool = False, **more: Any) -> dict[Any, Any]:
    """Measures (all, or the core of them) of these regions on a day."""
    dictionary.refresh()
    return {
        (subject.key, measure, key): facts.total(Wish(subject.key, [Scope.of(key)], on, **more), measure)
        for subject in dictionary.subjects()
        for measure in subject.measures
        if every or (subject.key, measure) in CORE
        for key in keys
    }


def test_a_merger_leaves_nothing_behind(today: date) -> None:
    make_street(today)
    user = head()
    worker = User.objects.create(username="w", name="网格员乙")
    Post.objects.create(user=worker, role=Role.COMMUNITY_WORKER, region_code=B, valid_from=date(2021, 1, 1))
    loose = Organisation.objects.create(region_code=B, name="没有房屋的单位", kind="resident_unit")
    for key in (A, B):
        BackStreet.objects.create(region_code=key, name="同名胡同")
    yesterday = today - timedelta(days=1)
    then = _by_community(yesterday, [STREET, A, B, C], every=True)
    plan = plan_of(user)
    actions.merge_community(acting_user=user, plan=plan, key=B, into=A)
    done = carried_out(user, plan, today)

    assert done.closed == [B]
    assert not actions.left_behind([B])
    assert Region.objects.get(region_code=B).valid_to == today
    assert Region.objects.filter(region_code__startswith=B, valid_to__isnull=True).count() == 0
    assert not OfficialCode.objects.filter(region__region_code=B, valid_to__isnull=True).exists()
    assert Organisation.objects.get(pk=loose.pk).region_code == A
    assert standing.refresh(None, on=today) == 0
    lanes = BackStreet.objects.filter(name__startswith="同名胡同").values_list("region_code", "name")
    assert sorted(lanes) == [(A, "同名胡同"), (A, "同名胡同（原川北东社区）")]
    # the old cut of yesterday is what was counted before, to the last figure
    assert _by_community(yesterday, [STREET, A, B, C], every=True) == then
    # and the new cut of yesterday is the same street, shared out anew
    now = _by_community(yesterday, [STREET, A, B, C], every=True, cut="now")
    for subject, measure, key in then:
        if subject == "community" or key in (STREET, C):
            continue
        if key == A:
            both = then[subject, measure, A] + then[subject, measure, B]
            assert now[subject, measure, A] == both, (subject, measure)
        else:
            assert now[subject, measure, B] == 0, (subject, measure)
    # the post goes on in the successor, and the old one is on record
    held = list(Post.objects.filter(user=worker).order_by("pk").values_list("region_code", "valid_to"))
    assert held == [(B, today), (A, None)]
    assert Recut.objects.get().on == today
    assert Event.objects.filter(verb="adjustment.carry_out").count() == 1
    plan.refresh_from_db()
    assert plan.state == PlanState.DONE


def test_a_split_sets_up_a_community_with_its_code(today: date) -> None:
    make_street(today)
    user = head()
    yesterday = today - timedelta(days=1)
    then = _by_community(yesterday, [STREET, A, B, C])
    ids = buildings("001", today)[:2]
    plan = plan_of(user)
    actions.found_community(acting_user=user, plan=plan, name="东外南社区", code=STREET + "050", ids=ids)
    foretold = rules.sizes(
        base.read_base(STREET, today), plan_draft(plan).assignment(base.read_base(STREET, today))
    )
    done = carried_out(user, plan, today)

    (key,) = done.opened
    assert key == STREET + "050"
    new = Region.objects.get(region_code=key)
    assert (new.level, new.kind, new.valid_from, new.title) == (
        Level.COMMUNITY,
        "residents",
        today,
        "东外南社区",
    )
    code = OfficialCode.objects.get(region=new)
    assert (code.code, code.source, code.valid_from) == (STREET + "050", "街道拟定", today)
    assert code.predecessor is not None
    assert code.predecessor.region.region_code == A
    size = foretold["new1"]
    after = {
        measure: facts.total(Wish(subject, [Scope.of(key)], today), measure)
        for subject, measure in (("household", "households"), ("person", "residents"), ("home", "homes"))
    }
    assert after == {"households": size.households, "residents": size.people, "homes": size.homes}
    assert after["residents"] > 0
    # every building came in a grid of the new community, and its homes and people with it
    for pk in ids:
        region = Building.objects.get(pk=pk).region_code
        assert region.startswith(key)
        assert len(region) == 15
        assert set(Home.objects.filter(building_id=pk).values_list("region_code", flat=True)) == {region}
    # estates are cut in two of one name; the part was not there before
    for estate in Estate.objects.filter(region_code=key):
        assert Estate.objects.filter(name=estate.name).count() == 2
        assert FormerRegion.objects.get(held="places_estate", row_id=estate.pk).region_code == "~"
    assert _by_community(yesterday, [STREET, A, B, C]) == then
    assert facts.total(Wish("person", [Scope.of(key)], yesterday), "residents") == 0


def plan_draft(plan: Any) -> rules.Draft:
    plan.refresh_from_db()
    return plan.draft


def test_adjusted_twice_each_date_has_its_cut(today: date) -> None:
    make_street(today)
    user = head()
    first, second = today - timedelta(days=40), today - timedelta(days=10)
    before = _by_community(first - timedelta(days=1), [A, B, C])
    one = plan_of(user)
    actions.move_buildings(acting_user=user, plan=one, ids=buildings("001", today)[:2], to=B)
    carried_out(user, one, first)
    between = _by_community(second - timedelta(days=1), [A, B, C])
    two = plan_of(user)
    actions.merge_community(acting_user=user, plan=two, key=B, into=C)
    carried_out(user, two, second)
    assert _by_community(first - timedelta(days=1), [A, B, C]) == before
    assert _by_community(second - timedelta(days=1), [A, B, C]) == between
    assert between["building", "buildings", A] == before["building", "buildings", A] - 2
    late = plan_of(user)
    actions.move_buildings(acting_user=user, plan=late, ids=buildings("001", today)[:1], to=C)
    actions.submit(acting_user=user, plan=late)
    with pytest.raises(RuleError, match="生效日期要晚于"):
        actions.approve(acting_user=user, plan=late, approval="某文号", effective_on=first)


def test_a_plan_for_a_later_day_waits_for_it(today: date) -> None:
    make_street(today, communities=2, homes=80)
    user = head()
    plan = plan_of(user)
    actions.merge_community(acting_user=user, plan=plan, key=B, into=A)
    plan = actions.submit(acting_user=user, plan=plan)
    day = today + timedelta(days=3)
    plan = actions.approve(acting_user=user, plan=plan, approval="延政函〔2026〕2号", effective_on=day)
    with pytest.raises(RuleError, match="到时系统自动执行"):
        actions.carry_out(acting_user=user, plan=plan)
    assert actions.carry_out_due(today) == []
    type(plan).objects.filter(pk=plan.pk).update(effective_on=today)
    ((done, said),) = actions.carry_out_due(today)
    assert done.pk == plan.pk
    assert "已执行" in said
    assert actions.carry_out_due(today) == []


def test_a_loss_undoes_everything(today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    make_street(today, communities=2, homes=80)
    user = head()
    plan = plan_of(user)
    actions.merge_community(acting_user=user, plan=plan, key=B, into=A)
    keys = set(Person.objects.values_list("region_code", flat=True))
    monkeypatch.setattr("linli.registry.adjustment.carrying.Carrying._follow", lambda self, way: None)
    monkeypatch.setattr("linli.registry.adjustment.carrying.Carrying._loose", lambda self: None)
    with pytest.raises(RuleError, match="没有转出"):
        carried_out(user, plan, today)
    assert set(Person.objects.values_list("region_code", flat=True)) == keys
    assert Region.objects.get(region_code=B).valid_to is None
    assert not Recut.objects.exists()


def test_history_keeps_the_old_rows(today: date) -> None:
    make_street(today, communities=2, homes=240)
    user = head()
    plan = plan_of(user)
    pk = buildings("001", today)[0]
    old = Building.objects.get(pk=pk).region_code
    actions.move_buildings(acting_user=user, plan=plan, ids=[pk], to=B)
    carried_out(user, plan, today)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT region_code, pgh_context->>'verb' FROM places_buildingevent WHERE pgh_obj_id = %s", [pk]
        )
        assert (old, "adjustment.carry_out") in cursor.fetchall()

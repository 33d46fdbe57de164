"""Plates: registered, proposed through the gate, ordered away, gone with a photograph; walks; the guard."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.access import sealed_files
from linli.access.guard import NotPermitted
from linli.access.models import User
from linli.access.testing import COMMUNITY, DISTRICT, NEIGHBOUR, STREET
from linli.audit.recording import SYSTEM, RuleError
from linli.facts import plan
from linli.flow.actions import make_warrant
from linli.flow.models import Dispatch, Refusal, Warrant
from linli.flow.rules.warrants import Per, Thing
from linli.flow.tests.conftest import Cast, cast
from linli.gate.plates import actions, rules
from linli.gate.plates.filters import PlateFilters
from linli.gate.plates.models import Plate, PlateKind
from linli.gate.plates.rules import State
from linli.kernel.scope import Scope
from linli.notices.models import Notice

__all__ = ["cast"]
TODAY = timezone.localdate()
PNG = b"\x89PNG\r\n\x1a\n rest"


def photo(name: str = "牌子.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG)


def a_warrant(cast: Cast, **more: Any) -> Warrant:
    terms: dict[str, Any] = {
        "region_code": DISTRICT,
        "title": "社区警务室标识",
        "issuer": cast.department,
        "things": [Thing.PLATE],
        "since": TODAY - timedelta(days=10),
        "until": TODAY + timedelta(days=300),
        "times": 1,
        "per": Per.ONCE,
    }
    return make_warrant(acting_user=SYSTEM, **(terms | more))


def found(cast: Cast, name: str = "安全生产领导小组", **more: Any) -> Plate:
    return actions.register(acting_user=cast.people.worker, region_code=COMMUNITY, name=name, **more)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, ""),
        ({"on": TODAY + timedelta(days=1)}, "removed_on"),
        ({"on": date(2019, 1, 1)}, "removed_on"),
        ({"photographs": 0}, "photos"),
        ({"photographs": 0, "has_board": False}, ""),
    ],
)
def test_a_board_is_gone_only_with_a_photograph(change: dict[str, Any], field: str) -> None:
    values: dict[str, Any] = {
        "on": TODAY,
        "since": date(2020, 1, 1),
        "today": TODAY,
        "has_board": True,
        "photographs": 1,
    }
    assert rules.removed_problem(**(values | change))[1] == field


def test_removal_has_a_day_ahead_and_a_sensible_cost() -> None:
    assert rules.removal_problem(TODAY, None, TODAY) == ("", "")
    assert rules.removal_problem(TODAY - timedelta(days=1), None, TODAY)[1] == "remove_by"
    assert rules.removal_problem(TODAY + timedelta(days=400), None, TODAY)[1] == "remove_by"
    assert rules.removal_problem(TODAY, Decimal(-1), TODAY)[1] == "cost"
    assert not rules.overdue(State.REMOVING, TODAY, TODAY)
    assert rules.overdue(State.REMOVING, TODAY - timedelta(days=1), TODAY)


def test_the_usual_three_stay_all_others_wait(cast: Cast) -> None:
    kept = found(cast, "东外社区党委", kind_name="社区党组织")
    assert kept.state == State.ALLOWED
    with pytest.raises(RuleError, match="每种只挂一块"):
        found(cast, "东外社区党总支", kind_name="社区党组织")
    with pytest.raises(RuleError, match="从列表中选择"):
        found(cast, "某站", kind_name="工作站")
    waits = found(cast, photos=[photo()])
    assert waits.state == State.FOUND
    assert sealed_files.read(waits.photos.get().path) == PNG
    with pytest.raises(RuleError, match="已经登记"):
        found(cast)
    with pytest.raises(NotPermitted):
        actions.register(acting_user=cast.people.neighbour, region_code=COMMUNITY, name="某牌")
    with pytest.raises(NotPermitted):
        actions.register(acting_user=cast.people.department, region_code=COMMUNITY, name="某牌")


def test_a_kind_is_settled_by_the_district_and_not_while_it_hangs(cast: Cast) -> None:
    found(cast, "东外社区党委", kind_name="社区党组织")
    with pytest.raises(NotPermitted):
        actions.set_kind(
            acting_user=cast.people.officer, region_code=DISTRICT, name="社区服务站", is_allowed=False
        )
    with pytest.raises(RuleError, match="还有 1 块"):
        actions.set_kind(acting_user=SYSTEM, region_code=DISTRICT, name="社区党组织", is_allowed=False)
    with pytest.raises(RuleError, match="依据"):
        actions.set_kind(acting_user=SYSTEM, region_code=DISTRICT, name="警务室", is_allowed=True)
    actions.set_kind(
        acting_user=SYSTEM, region_code=DISTRICT, name="警务室", is_allowed=True, basis="市委文件"
    )
    assert found(cast, "东外警务室", kind_name="警务室").state == State.ALLOWED


def test_a_department_asks_through_the_gate_and_the_street_decides(cast: Cast) -> None:
    warrant = a_warrant(cast)
    values: dict[str, Any] = {
        "acting_user": cast.people.department,
        "warrant": warrant,
        "communities": [COMMUNITY, NEIGHBOUR],
        "name": "社区警务室",
        "purpose": "《某条例》第三条",
    }
    with pytest.raises(NotPermitted):
        actions.propose(**(values | {"acting_user": cast.people.officer}))
    with pytest.raises(RuleError, match="不能下派机构牌子"):
        actions.propose(**(values | {"warrant": a_warrant(cast, things=[Thing.FORM], title="只有报表")}))
    assert Refusal.objects.get().title == "社区警务室"
    first, second = actions.propose(**values, papers=[photo("依据.png")])
    assert [one.photos.count() for one in (first, second)] == [1, 1]
    assert Notice.objects.filter(user=cast.people.officer, key=f"plates.proposed:{STREET}").exists()
    with pytest.raises(NotPermitted):
        actions.accept(acting_user=cast.people.worker, plate=first, reason="好")
    kept = actions.accept(acting_user=cast.people.officer, plate=first, reason="有法律依据")
    assert kept.state == State.LISTED
    assert Dispatch.objects.get().thing == "plate"
    refused = actions.refuse(acting_user=cast.people.officer, plate=second, reason="已有同类")
    assert refused.state == State.REFUSED
    assert Notice.objects.filter(user=cast.people.department, title__startswith="不同意").exists()
    with pytest.raises(RuleError, match="已经下派 1 次"):
        actions.propose(**(values | {"communities": [COMMUNITY], "name": "第二块"}))


def test_what_was_found_may_stay_only_under_an_item(cast: Cast) -> None:
    plate = found(cast)
    with pytest.raises(RuleError, match="没有准入事项"):
        actions.accept(acting_user=cast.people.officer, plate=plate, reason="好看")
    kept = actions.accept(
        acting_user=cast.people.officer, plate=plate, reason="法律规定", warrant=a_warrant(cast)
    )
    assert kept.state == State.LISTED


def test_removal_is_ordered_reminded_of_and_done_with_a_photograph(cast: Cast) -> None:
    allowed = found(cast, "东外社区党委", kind_name="社区党组织")
    plate = found(cast, unit=cast.department)
    with pytest.raises(NotPermitted):
        actions.order_removal(acting_user=cast.people.worker, plates=[plate], remove_by=TODAY, reason="清理")
    with pytest.raises(RuleError, match="都不用摘除"):
        actions.order_removal(
            acting_user=cast.people.officer, plates=[allowed], remove_by=TODAY, reason="清理"
        )
    (ordered,) = actions.order_removal(
        acting_user=cast.people.officer,
        plates=[allowed, plate],
        remove_by=TODAY,
        reason="清理",
        payer=cast.department,
        cost=Decimal(200),
    )
    assert (ordered.pk, ordered.state) == (plate.pk, State.REMOVING)
    assert actions.tell_overdue(TODAY) == 0
    assert actions.tell_overdue(TODAY + timedelta(days=1)) == 1
    late = Notice.objects.filter(key=f"plates.overdue:{COMMUNITY}", done_at__isnull=True)
    assert {one.user for one in late} >= {cast.people.worker, cast.people.department}
    with pytest.raises(RuleError, match="附摘除后的照片"):
        actions.remove(acting_user=cast.people.worker, plate=plate, removed_on=TODAY)
    with pytest.raises(RuleError, match="照片要是"):
        actions.remove(
            acting_user=cast.people.worker,
            plate=plate,
            removed_on=TODAY,
            photos=[SimpleUploadedFile("x.pdf", b"%PDF-1.7")],
        )
    gone = actions.remove(acting_user=cast.people.worker, plate=plate, removed_on=TODAY, photos=[photo()])
    assert (gone.state, gone.removed_on) == (State.REMOVED, TODAY)
    assert not late.all().exists()


def test_a_walk_finds_what_is_gone_and_what_hangs_again(cast: Cast) -> None:
    one, two, three = (found(cast, name) for name in ("甲站", "乙组", "丙室"))
    actions.remove(acting_user=cast.people.worker, plate=three, removed_on=TODAY, photos=[photo()])
    with pytest.raises(NotPermitted):
        actions.walk(acting_user=cast.people.neighbour, region_code=COMMUNITY, seen={one.pk: True})
    made = actions.walk(
        acting_user=cast.people.worker,
        region_code=COMMUNITY,
        seen={one.pk: True, two.pk: False, three.pk: True},
    )
    assert (made.hanging, made.gone) == (2, 1)
    states = {plate.name: plate.state for plate in Plate.objects.all()}
    assert states == {"甲站": "found", "乙组": "removed", "丙室": "found"}


def test_the_dictionary_counts_before_and_now(cast: Cast) -> None:
    plates = [found(cast, name, since=TODAY - timedelta(days=30)) for name in ("甲站", "乙组", "丙室")]
    found(cast, "消防领导小组", form="body", since=TODAY - timedelta(days=30))
    actions.remove(acting_user=cast.people.worker, plate=plates[0], removed_on=TODAY, photos=[photo()])

    def ask(measure: str, on: date, *conditions: str) -> int:
        wish = plan.Wish("plate", [Scope.of(STREET)], on, conditions=conditions)
        return int(plan.total(wish, measure))

    assert ask("plates", TODAY - timedelta(days=1)) == 4
    assert ask("plates", TODAY) == 3
    assert ask("plates", TODAY, "ever") == 4
    assert ask("plates", TODAY, "removed") == 1
    assert ask("bodies", TODAY) == 1
    assert ask("removed_this_year", TODAY) == 1
    assert ask("removed_this_year", date(TODAY.year - 1, 12, 31)) == 0
    order = {"remove_by": TODAY + timedelta(days=3), "reason": "没有准入", "acting_user": cast.people.officer}
    actions.order_removal(plates=plates[1:2], **order)
    assert ask("plates", TODAY, "due_soon") == 1
    assert ask("overdue", TODAY + timedelta(days=5)) == 1
    wish = plan.Wish("plate", [Scope.of(STREET)], TODAY + timedelta(days=5), ("days_over",), ("overdue",))
    assert [values for _pk, values in plan.rows(wish)] == [[2]]
    here = plan.Wish("community", [Scope.of(COMMUNITY)], TODAY, ("plates_now", "plates_removed_this_year"))
    assert [values for _pk, values in plan.rows(here)] == [[3, 1]]

    def listed(state: str) -> list[Plate]:
        asking = SimpleNamespace(user=cast.people.officer)
        return list(PlateFilters({"state": state}, queryset=Plate.objects.all(), request=asking).qs)

    assert listed("no_photo") == []
    assert listed("removed_this_year") == [plates[0]]


def by_action(warrant: Warrant, where: str, kind: PlateKind, who: User) -> None:
    (plate,) = actions.propose(
        acting_user=SYSTEM,
        warrant=warrant,
        communities=[where],
        name=f"牌{Plate.objects.count()}",
        purpose="试",
    )
    actions.accept(acting_user=SYSTEM, plate=plate, reason="试")


def in_bulk(warrant: Warrant, where: str, kind: PlateKind, who: User) -> None:
    Plate.objects.bulk_create([Plate(region_code=where, name="试", state=State.LISTED, warrant=warrant)])


def by_update(warrant: Warrant, where: str, kind: PlateKind, who: User) -> None:
    plate = Plate.objects.create(region_code=where, name="试", state=State.FOUND)
    Plate.objects.filter(pk=plate.pk).update(state=State.LISTED)


def with_anothers(warrant: Warrant, where: str, kind: PlateKind, who: User) -> None:
    sent = Dispatch.objects.exclude(region_code=where, thing="plate").first()
    Plate.objects.create(region_code=where, name="试", state=State.LISTED, dispatch=sent)


def as_allowed(warrant: Warrant, where: str, kind: PlateKind, who: User) -> None:
    Plate.objects.create(region_code=where, name="试", state=State.ALLOWED, kind=kind)


def raw(warrant: Warrant, where: str, kind: PlateKind, who: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO plates_plate (region_code, name, form, unit_name, place, since, state, purpose, reason)"
            " VALUES (%s, '试', 'board', '', '', now(), 'listed', '', '')",
            [where],
        )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    things=st.sets(st.sampled_from(list(Thing)), min_size=1, max_size=5),
    since=st.integers(-60, 5),
    length=st.one_of(st.none(), st.integers(1, 100)),
    times=st.one_of(st.none(), st.integers(1, 2)),
    suspended=st.sampled_from(["", "", "", "经费逾期未付"]),
    attempts=st.lists(
        st.tuples(
            st.sampled_from([by_action, by_action, in_bulk, by_update, with_anothers, as_allowed, raw]),
            st.sampled_from([COMMUNITY, NEIGHBOUR, "110119001001"]),
        ),
        min_size=6,
        max_size=12,
    ),
)
def test_random_attempts_by_every_path_put_up_nothing_without_the_gate(
    cast: Cast,
    things: set[Thing],
    since: int,
    length: int | None,
    times: int | None,
    suspended: str,
    attempts: list[Any],
) -> None:
    with transaction.atomic():
        begins = TODAY + timedelta(days=since)
        warrant = a_warrant(
            cast,
            region_code=STREET,
            things=things,
            since=begins,
            until=begins + timedelta(days=length) if length else None,
            times=times,
        )
        Warrant.objects.filter(pk=warrant.pk).update(suspended=suspended)
        warrant.refresh_from_db()
        kind = PlateKind.objects.create(region_code=DISTRICT, name="不允许的", is_allowed=False)
        up: dict[str, int] = {}
        for way, where in attempts:
            in_force = begins <= TODAY and (length is None or begins + timedelta(days=length) > TODAY)
            allowed = (
                way is by_action
                and where.startswith(STREET)
                and Thing.PLATE in things
                and in_force
                and not suspended
                and (times is None or up.get(where, 0) < times)
            )
            try:
                with transaction.atomic():
                    way(warrant, where, kind, cast.people.officer)
                got = True
            except (RuleError, IntegrityError):
                got = False
            assert got == allowed, way.__name__
            up[where] = up.get(where, 0) + got
        assert Plate.objects.filter(state=State.LISTED).count() == sum(up.values())
        assert not Plate.objects.filter(state=State.ALLOWED).exists()
        transaction.set_rollback(True)

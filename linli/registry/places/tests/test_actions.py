"""The writes of places against PostgreSQL."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.audit.history import changes
from linli.audit.models import Disclosure, Event
from linli.audit.recording import RuleError
from linli.facts import plan
from linli.kernel.scope import Scope
from linli.registry.places import actions, addresses, occupancy
from linli.registry.places.models import Building, Estate, Home, Tenure, Unit
from linli.registry.places.rules import Layout
from linli.registry.places.tests.street import GRID, make_regions

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def estate(who: Characters) -> Estate:
    return actions.add_estate(
        acting_user=who.worker, region_code=COMMUNITY, name=" 新兴 小区 ", built_year=1998
    )


@pytest.fixture
def building(who: Characters, estate: Estate) -> Building:
    made = actions.add_building(acting_user=who.worker, estate=estate, name="12号楼")
    actions.lay_out_building(acting_user=who.worker, building=made, layout=Layout(3, 6, 2))
    return made


def _home(address: str) -> Home:
    return Home.objects.get(full_address=address)


def test_an_estate_is_added_with_its_initials_and_recorded(who: Characters, estate: Estate) -> None:
    assert (estate.name, estate.initials, estate.region_code) == ("新兴 小区", "xxxq", COMMUNITY)
    event = Event.objects.get(verb="places.add_estate")
    assert (event.user_name, event.target_id, event.region_code) == ("陈小静", estate.pk, COMMUNITY)


def test_the_same_name_twice_is_refused_and_leaves_nothing(who: Characters, estate: Estate) -> None:
    with pytest.raises(RuleError, match="已有名为") as refused:
        actions.add_estate(acting_user=who.worker, region_code=COMMUNITY, name="新兴 小区")
    assert refused.value.field == "name"
    assert Estate.objects.count() == 1
    assert Event.objects.filter(verb="places.add_estate").count() == 1


def test_only_who_may_edit_there(who: Characters, estate: Estate, building: Building) -> None:
    for user in (who.department, who.neighbour, who.administrator, who.stranger):
        with pytest.raises(NotPermitted):
            actions.add_estate(acting_user=user, region_code=COMMUNITY, name="别处小区")
        with pytest.raises(NotPermitted):
            actions.update_estate(acting_user=user, estate=estate, note="x")
        with pytest.raises(NotPermitted):
            actions.add_building(acting_user=user, estate=estate, name="99号楼")
        with pytest.raises(NotPermitted):
            actions.lay_out_building(acting_user=user, building=building, layout=Layout(1, 1, 1))
        with pytest.raises(NotPermitted):
            actions.update_home(acting_user=user, home=building.homes.all()[0], note="x")
        with pytest.raises(NotPermitted):
            actions.reveal_owner(acting_user=user, home=building.homes.all()[0], purpose="核实")
        assert (
            actions.set_tenure(acting_user=user, home_ids=[h.pk for h in building.homes.all()], tenure="let")
            == 0
        )
    actions.update_estate(acting_user=who.officer, estate=estate, note="街道核实")


def test_no_place_is_moved_out_of_ones_area(who: Characters, estate: Estate) -> None:
    with pytest.raises(NotPermitted):
        actions.update_estate(acting_user=who.worker, estate=estate, region_code=NEIGHBOUR)
    with pytest.raises(RuleError):
        actions.add_estate(acting_user=who.officer, region_code="110119002", name="街道小区")


def test_an_estate_with_buildings_stays_in_its_community(
    who: Characters, estate: Estate, building: Building
) -> None:
    with pytest.raises(RuleError, match="网格之间"):
        actions.update_estate(acting_user=who.officer, estate=estate, region_code=NEIGHBOUR)
    with pytest.raises(RuleError, match="同一个社区"):
        actions.update_building(acting_user=who.officer, building=building, region_code=NEIGHBOUR)


def test_laying_out_makes_units_and_homes_once(who: Characters, building: Building) -> None:
    assert [unit.name for unit in building.units.all()] == ["1单元", "2单元", "3单元"]
    home = _home("新兴 小区12号楼3单元602室")
    assert (home.floor, home.position, home.region_code) == (6, 602, COMMUNITY)
    assert Building.objects.get(pk=building.pk).floors == 6
    done = actions.lay_out_building(acting_user=who.worker, building=building, layout=Layout(4, 6, 2))
    assert (done.units, done.homes, done.kept) == (1, 12, 36)
    with pytest.raises(RuleError, match="没有新增"):
        actions.lay_out_building(acting_user=who.worker, building=building, layout=Layout(4, 6, 2))


def test_renaming_keeps_every_address_right(who: Characters, estate: Estate, building: Building) -> None:
    actions.add_home(acting_user=who.worker, building=building, door="底商甲")
    actions.update_estate(acting_user=who.worker, estate=estate, name="新兴西里")
    actions.update_building(acting_user=who.worker, building=building, name="甲12号楼")
    actions.rename_unit(acting_user=who.worker, unit=building.units.get(name="2单元"), name="东2单元")
    found = list(Home.objects.select_related("building__estate", "unit"))
    assert len(found) == 37
    for home in found:
        unit = home.unit.name if home.unit else ""
        expected = addresses.full_address("新兴西里", "甲12号楼", unit, home.door)
        assert home.full_address == expected
    assert Building.objects.get(pk=building.pk).number == "甲12"


@pytest.mark.parametrize("door", ["701", "12号", "B102", "底商甲", "0", "9室"])
def test_the_address_in_sql_is_the_address_in_python(who: Characters, building: Building, door: str) -> None:
    unit = building.units.get(name="1单元")
    home = Home.objects.create(
        region_code=COMMUNITY, building=building, unit=unit, door=door, full_address="?"
    )
    assert addresses.refresh([building.pk]) == 1
    home.refresh_from_db()
    assert home.full_address == addresses.full_address("新兴 小区", "12号楼", "1单元", door)


def test_another_grid_takes_homes_along_and_tells_the_rooms_above(
    who: Characters, building: Building, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setitem(occupancy._followers, "test", told.extend)
    actions.update_building(acting_user=who.worker, building=building, region_code=GRID)
    assert set(building.homes.values_list("region_code", flat=True)) == {GRID}
    assert set(building.units.values_list("region_code", flat=True)) == {GRID}
    assert len(told) == 36


def test_a_home_changes_and_its_owner_is_sealed(who: Characters, building: Building) -> None:
    home = building.homes.get(unit__name="1单元", door="101")
    actions.update_home(
        acting_user=who.worker,
        home=home,
        tenure="let",
        owner_name="何磊",
        owner_phone="139 1001 8017",
        owner_id_number="11010519491231002x",
        area=Decimal("62.50"),
        reason="入户核实",
    )
    kept = Home.objects.get(pk=home.pk)
    assert (kept.owner_phone, kept.owner_id_number) == ("13910018017", "11010519491231002X")
    with connection.cursor() as cursor:
        cursor.execute("SELECT owner_phone, owner_id_number FROM places_home WHERE id = %s", [home.pk])
        stored = b"".join(bytes(one) for one in cursor.fetchone())
    assert b"13910018017" not in stored
    assert b"19491231" not in stored
    event = Event.objects.get(verb="places.update_home")
    assert event.reason == "入户核实"
    assert "房主电话" in event.summary
    assert "139" not in event.summary
    assert {c.after for c in changes(kept) if c.label == "房主电话"} == {"（已加密）"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"door": ""}, "door"),
        ({"door": "102"}, "door"),
        ({"floor": 0}, "floor"),
        ({"area": Decimal(-1)}, "area"),
        ({"tenure": "squatted"}, "tenure"),
        ({"owner_phone": "139100"}, "owner_phone"),
        ({"owner_id_number": "110105194912310021"}, "owner_id_number"),
        ({"rooms": 200}, "rooms"),
    ],
)
def test_bad_values_are_refused_beside_their_field(
    who: Characters, building: Building, change: dict[str, object], field: str
) -> None:
    home = building.homes.get(unit__name="1单元", door="101")
    with pytest.raises(RuleError) as refused:
        actions.update_home(acting_user=who.worker, home=home, **change)
    assert refused.value.field == field
    assert Home.objects.get(pk=home.pk).door == "101"


def test_a_unit_of_another_building_is_refused(who: Characters, estate: Estate, building: Building) -> None:
    other = actions.add_building(acting_user=who.worker, estate=estate, name="13号楼")
    unit = actions.add_unit(acting_user=who.worker, building=other, name="1单元")
    for attempt in (
        lambda: actions.add_home(acting_user=who.worker, building=building, door="9901", unit=unit),
        lambda: actions.add_homes(acting_user=who.worker, building=building, doors=["9901"], unit=unit),
        lambda: actions.update_home(acting_user=who.worker, home=building.homes.all()[0], unit=unit),
    ):
        with pytest.raises(RuleError, match="不在这栋楼里"):
            attempt()


def test_a_home_may_leave_its_unit(who: Characters, building: Building) -> None:
    home = building.homes.get(unit__name="1单元", door="101")
    actions.update_home(acting_user=who.worker, home=home, unit=None, door="底商1")
    assert Home.objects.get(pk=home.pk).full_address == "新兴 小区12号楼底商1室"


def test_homes_by_list_in_a_new_unit(who: Characters, building: Building) -> None:
    made = actions.add_homes(
        acting_user=who.worker, building=building, doors=["101", "102"], new_unit="4单元"
    )
    assert [home.full_address for home in made] == ["新兴 小区12号楼4单元101室", "新兴 小区12号楼4单元102室"]
    with pytest.raises(RuleError, match="都已经有了"):
        actions.add_homes(acting_user=who.worker, building=building, doors=["101"], new_unit="4单元")


def test_setting_the_tenure_of_many(who: Characters, building: Building) -> None:
    ids = list(building.homes.values_list("pk", flat=True))
    assert actions.set_tenure(acting_user=who.worker, home_ids=ids, tenure=Tenure.OWNED) == 36
    assert actions.set_tenure(acting_user=who.worker, home_ids=ids, tenure=Tenure.OWNED) == 0
    assert Event.objects.filter(verb="places.set_tenure").count() == 36


def test_places_are_removed_from_the_inside_out(who: Characters, estate: Estate) -> None:
    building = actions.add_building(acting_user=who.worker, estate=estate, name="1号楼")
    unit = actions.add_unit(acting_user=who.worker, building=building, name="1单元")
    home = actions.add_home(acting_user=who.worker, building=building, door="101", unit=unit)
    worker = {"acting_user": who.worker, "reason": "录错"}
    for attempt in (
        lambda: actions.remove_estate(estate=estate, **worker),
        lambda: actions.remove_building(building=building, **worker),
        lambda: actions.remove_unit(unit=unit, **worker),
    ):
        with pytest.raises(RuleError, match="不能删除"):
            attempt()
    actions.remove_home(home=home, **worker)
    actions.remove_unit(unit=unit, **worker)
    actions.remove_building(building=building, **worker)
    actions.remove_estate(estate=estate, **worker)
    assert not Estate.objects.exists()
    assert not Unit.objects.exists()
    assert Event.objects.get(verb="places.remove_home").reason == "录错"


def test_looking_at_the_owners_numbers_needs_a_purpose_and_is_recorded(
    who: Characters, building: Building
) -> None:
    home = building.homes.all()[0]
    with pytest.raises(RuleError) as refused:
        actions.reveal_owner(acting_user=who.worker, home=home, purpose="  ")
    assert refused.value.field == "purpose"
    actions.reveal_owner(acting_user=who.worker, home=home, purpose="电话核实出租情况")
    assert Disclosure.objects.get().purpose == "电话核实出租情况"
    assert Event.objects.get(verb="places.reveal_owner").target_id == home.pk


def test_papers_of_owners_and_public_housing(who: Characters, building: Building) -> None:
    home = building.homes.get(unit__name="1单元", door="101")
    update = {"acting_user": who.worker, "home": home}
    actions.update_home(**update, owner_id_number="11010519491231002X")
    home.refresh_from_db()
    assert home.owner_paper == "identity"  # its check digit tells
    actions.update_home(**update, owner_id_number="G12345678", owner_paper="passport", ownership="public")
    actions.update_home(**update, public_kind="direct", deed="use")
    wish = plan.Wish(
        "home",
        (Scope.of(COMMUNITY),),
        timezone.localdate(),
        elements=("owner_paper", "public_kind", "deed"),
        conditions=("public_housing", "public_direct"),
    )
    assert [values for _pk, values in plan.rows(wish)] == [["passport", "direct", "use"]]
    with pytest.raises(RuleError) as refused:
        actions.update_home(**update, ownership="private")
    assert refused.value.field == "public_kind"


def test_the_keeper_of_a_back_street_can_be_called(who: Characters) -> None:
    street = actions.add_back_street(
        acting_user=who.worker,
        region_code=COMMUNITY,
        name="东外胡同",
        keeper="高志强",
        keeper_phone="139 1000 7100",
    )
    assert street.keeper_phone == "13910007100"
    with pytest.raises(RuleError) as refused:
        actions.update_back_street(acting_user=who.worker, street=street, keeper_phone="不知道")
    assert refused.value.field == "keeper_phone"

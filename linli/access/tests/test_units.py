"""Units: the offices whose people users are."""

from __future__ import annotations

import pytest

from linli.access import actions, units
from linli.access.guard import NotPermitted
from linli.access.models import Unit, UnitKind
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, DISTRICT, NEIGHBOUR, STREET, Characters, characters
from linli.audit.recording import SYSTEM, RuleError
from linli.regions import loading

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Characters:
    loading.load_carried(SYSTEM)
    return characters()


def test_a_community_and_its_grids_share_one_unit_and_a_street_has_its_own(people: Characters) -> None:
    own = units.own_unit(COMMUNITY)
    assert own is not None
    assert own.kind == UnitKind.COMMUNITY
    assert units.own_unit(COMMUNITY + "001") == own
    street = units.own_unit(STREET)
    assert street is not None
    assert (street.kind, street.name) == (UnitKind.STREET, "香水园街道办事处")
    assert units.own_unit(DISTRICT) is None
    assert units.own_unit("999999999999") is None


def test_a_post_without_a_chosen_unit_is_one_of_the_regions_own_people(people: Characters) -> None:
    made = actions.create_user(
        acting_user=people.administrator,
        username="xin",
        name="新来的",
        password="Linli-2026-Test",
        role=Role.GRID_WORKER,
        region_code=COMMUNITY,
    )
    assert made.unit_ids == people.worker.unit_ids
    assert made.unit_ids.isdisjoint(people.neighbour.unit_ids)
    assert people.stranger.unit_ids == frozenset()


def test_units_are_added_once_in_the_administrators_area(people: Characters) -> None:
    made = units.add_unit(
        acting_user=people.administrator, region_code=STREET, kind=UnitKind.SECTION, name=" 社区办 "
    )
    assert made.name == "社区办"
    with pytest.raises(RuleError, match="已经有名为"):
        units.add_unit(
            acting_user=people.administrator, region_code=STREET, kind=UnitKind.SECTION, name="社区办"
        )
    with pytest.raises(RuleError, match="由区划带出"):
        units.add_unit(
            acting_user=people.administrator, region_code=NEIGHBOUR, kind=UnitKind.COMMUNITY, name="另一个"
        )
    with pytest.raises(NotPermitted):
        units.add_unit(acting_user=people.officer, region_code=STREET, kind=UnitKind.SECTION, name="党建办")


def test_a_unit_with_people_cannot_be_closed(people: Characters) -> None:
    department = Unit.objects.get(name="延庆区民政局")
    assert units.members(department) == [people.department]
    with pytest.raises(RuleError, match="在岗人员"):
        units.update_unit(
            acting_user=people.administrator, unit=department, name=department.name, phone="", is_active=False
        )
    actions.end_post(acting_user=people.administrator, post=people.department.posts.get())
    kept = units.update_unit(
        acting_user=people.administrator,
        unit=department,
        name="延庆区民政局",
        phone="69100000",
        is_active=False,
    )
    assert not kept.is_active
    assert department not in units.selectable(people.administrator)

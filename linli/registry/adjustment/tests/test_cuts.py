"""Questions as of a date before communities were adjusted are answered in the cut of that date."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.facts import plan
from linli.facts.plan import Wish
from linli.kernel.scope import Scope
from linli.regions.models import NOWHERE, FormerRegion, Level, Recut, Region
from linli.registry.people.tests.street import make_homes
from linli.registry.places.models import Building, Estate, Home

pytestmark = pytest.mark.django_db
STREET = COMMUNITY[:9]
ON = date(2025, 7, 1)
BEFORE, AFTER = date(2025, 6, 30), ON


@pytest.fixture
def moved() -> Building:
    """A building of three homes that lay in the first community and lies in its neighbour since ON."""
    make_homes(count=2, estate="老院")
    home = make_homes(NEIGHBOUR, 3)[0]
    FormerRegion.objects.create(
        held="places_building", row_id=home.building_id, region_code=COMMUNITY, period=(None, ON)
    )
    Recut.objects.create(region_code=STREET, on=ON, title="试调整")
    return home.building


def _homes(key: str, on: date, **more: object) -> int:
    return int(plan.total(Wish("home", [Scope.of(key)], on, **more), "homes"))


def test_homes_count_where_their_building_lay(moved: Building) -> None:
    assert (_homes(COMMUNITY, BEFORE), _homes(NEIGHBOUR, BEFORE)) == (5, 0)
    assert (_homes(COMMUNITY, AFTER), _homes(NEIGHBOUR, AFTER)) == (2, 3)
    assert _homes(STREET, BEFORE) == _homes(STREET, AFTER) == 5


def test_the_new_cut_of_an_old_date(moved: Building) -> None:
    assert (_homes(COMMUNITY, BEFORE, cut="now"), _homes(NEIGHBOUR, BEFORE, cut="now")) == (2, 3)


def test_rows_name_the_community_of_then(moved: Building) -> None:
    wish = Wish(
        "home",
        [Scope.of(STREET)],
        BEFORE,
        elements=("community", "estate_name"),
        ids=[moved.homes.first().pk],
    )
    ((_pk, values),) = plan.rows(wish)
    assert values == ["东外社区", "新兴小区"]


def test_a_key_set_up_since_reads_as_what_it_came_from(moved: Building) -> None:
    new = Region.objects.create(
        region_code=STREET + "099",
        level=Level.COMMUNITY,
        name="新设社区居委会",
        parent=Region.objects.get(region_code=STREET),
        valid_from=ON,
    )
    FormerRegion.objects.create(
        held="regions_region", row_id=new.pk, region_code=COMMUNITY, period=(None, ON)
    )
    late = Estate.objects.create(region_code=new.region_code, name="新建小区")
    building = Building.objects.create(region_code=new.region_code, estate=late, name="1号楼")
    Home.objects.create(region_code=new.region_code, building=building, door="101")
    assert _homes(COMMUNITY, BEFORE) == 6
    assert _homes(new.region_code, BEFORE) == 0
    assert _homes(new.region_code, AFTER) == 1
    communities = Wish("community", [Scope.of(STREET)], BEFORE)
    assert plan.total(communities, "communities") == 2
    assert plan.total(Wish("community", [Scope.of(STREET)], AFTER), "communities") == 3


def test_what_was_not_there_yet_lies_nowhere(moved: Building) -> None:
    estate = Estate.objects.create(region_code=NEIGHBOUR, name="划出的半个小区")
    FormerRegion.objects.create(
        held="places_estate", row_id=estate.pk, region_code=NOWHERE, period=(None, ON)
    )
    everywhere = Scope.of("")
    before = plan.total(Wish("estate", [everywhere], BEFORE), "estates")
    assert plan.total(Wish("estate", [everywhere], AFTER), "estates") == before + 1


def test_questions_of_today_ask_nothing_more(moved: Building) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert _homes(COMMUNITY, timezone.localdate()) == 2
    assert len(queries) == 1
    assert "former" not in queries[0]["sql"]


def test_later_dates_than_the_last_adjustment_read_plainly(moved: Building) -> None:
    sql, _params = plan.compile_measure(
        Wish("home", [Scope.of(COMMUNITY)], AFTER + timedelta(days=1)), "homes"
    )
    assert "former" not in sql
    assert "former" in plan.compile_measure(Wish("home", [Scope.of(COMMUNITY)], BEFORE), "homes")[0]

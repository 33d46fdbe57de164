"""The district for measuring is the street many times over, as other people, and as sound as the street."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.models import F

from linli.audit.recording import RuleError
from linli.demo import scale
from linli.demo.places_making import STREET
from linli.demo.street import make
from linli.kernel import citizen_number
from linli.regions.models import Level, Region
from linli.registry.lettings.models import Letting
from linli.registry.networks.models import NetworkPost
from linli.registry.people.models import HouseholdMember, Person, Residence
from linli.registry.places.models import Building, Home
from linli.registry.quality.models import QualityScore

ON = date(2026, 11, 22)
COPIES = 3


def constraints() -> set[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint UNION ALL "
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL "
            "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
        )
        return {one for one in cursor.fetchall() if not one[0].startswith("scale_")}


@pytest.mark.django_db
def test_a_street_repeated() -> None:
    before = constraints()
    first = make(seed=4, on=ON, communities=2, homes=120)
    scale.build(first=first, copies=COPIES, say=lambda text: None)
    assert constraints() == before

    people, homes = len(first.people), len(first.homes)
    assert Person.objects.count() == people * (COPIES + 1)
    assert Home.objects.count() == homes * (COPIES + 1)

    # Everybody has a number of their own that fits their birth date and sex.
    numbers = set()
    for person in Person.objects.exclude(id_digest=None):
        parsed = citizen_number.parse(person.id_number)
        assert (parsed.birth_date, parsed.sex) == (person.birth_date, person.sex)
        numbers.add(parsed.number)
    assert len(numbers) == Person.objects.exclude(id_digest=None).count()

    # Each copy lies in communities of its own, and what belongs together stays together.
    assert Region.objects.filter(level=Level.GRID).count() == len(first.grids) * (COPIES + 1)
    for home in Home.objects.select_related("building", "unit"):
        assert home.region_code.startswith(home.building.region_code[:12])
        assert home.unit is None or home.unit.building_id == home.building_id
    assert (
        not Residence.objects.filter(home__isnull=False).exclude(region_code=F("home__region_code")).exists()
    )
    assert not HouseholdMember.objects.exclude(household__region_code__startswith=STREET[:6]).exists()
    by_community = {
        code[:12]
        for code in Building.objects.values_list("region_code", flat=True)
        if not code.startswith(STREET)
    }
    assert len(by_community) == 2 * COPIES

    # Networks and lettings come along, under the names that the copies bear; quality is counted.
    assert NetworkPost.objects.count() == len(first.posts) * (COPIES + 1)
    assert not NetworkPost.objects.filter(person__isnull=False).exclude(name=F("person__name")).exists()
    assert not Letting.objects.filter(tenant__isnull=False).exclude(tenant_name=F("tenant__name")).exists()
    assert not Letting.objects.exclude(region_code=F("home__region_code")).exists()
    assert QualityScore.objects.filter(region_code__in=by_community, people__gt=0).count() == 2 * COPIES

    # The counters go on behind the copies, and nothing is made upon data.
    assert Person.objects.create(name="王小明", region_code=f"{STREET}001").pk > people * (COPIES + 1)
    with pytest.raises(RuleError, match="已经有居民数据"):
        scale.build(first=first, copies=1, say=lambda text: None)

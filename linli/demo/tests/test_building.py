"""The street in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.db import connection

from linli.access.models import Post, User
from linli.access.roles import Permission
from linli.audit.models import Event
from linli.audit.recording import RuleError
from linli.demo import street as demo
from linli.demo.accounts import ACCOUNTS
from linli.demo.testing import build_small
from linli.facts import plan
from linli.facts.dictionary import dictionary
from linli.kernel import citizen_number, phone
from linli.kernel.scope import Scope
from linli.regions.models import Level, Region
from linli.registry.groups.models import Membership
from linli.registry.organisations.models import Organisation
from linli.registry.people import standing
from linli.registry.people.models import Household, HouseholdMember, Person, Residence
from linli.registry.people.sealing import id_columns
from linli.registry.places.models import Building, Home

ON = date(2026, 11, 22)
pytestmark = pytest.mark.django_db


def test_a_small_street_is_whole() -> None:
    assert demo.is_empty()
    summary = build_small(on=ON)
    assert not demo.is_empty()
    assert Person.objects.count() == summary.counts["people"]
    assert Home.objects.filter(use="living").count() >= 200
    assert Region.objects.filter(level=Level.GRID, region_code__startswith=demo.STREET).count() >= 6
    assert Membership.objects.filter(group__code="elderly_alone").exists()
    assert Organisation.objects.exists()
    event = Event.objects.get(verb="demo.build")
    assert event.data["residents"] == summary.counts["residents"]


def test_the_dictionary_counts_what_the_summary_says() -> None:
    summary = build_small(on=ON)
    dictionary.refresh()
    for subject, measure, key in (
        ("person", "residents", "residents"),
        ("person", "child_bearing", "women"),
        ("person", "in_party", "party"),
        ("household", "households", "households"),
        ("building", "buildings", "buildings"),
    ):
        wish = plan.Wish(subject, [Scope.of(demo.STREET)], ON)
        assert plan.total(wish, measure) == summary.counts[key], measure


def test_every_term_of_the_dictionary_can_be_asked() -> None:
    build_small(on=ON, homes=60, communities=1)
    dictionary.refresh()
    for subject in dictionary.subjects():
        everywhere = plan.Wish(subject.key, [Scope.of("11")], ON)
        wanted = [*subject.elements]
        for identity, values in plan.rows(replace(everywhere, elements=wanted, limit=30)):
            assert identity
            assert len(values) == len(wanted)
        for key in subject.conditions:
            assert plan.total(replace(everywhere, conditions=[key])) >= 0, key
        for key in subject.measures:
            assert plan.total(everywhere, key) >= 0, key


def test_communities_add_up_to_the_street() -> None:
    build_small(on=ON)
    dictionary.refresh()
    for subject in ("person", "household", "home", "building", "organisation"):
        wish = plan.Wish(subject, [Scope.of(demo.STREET)], ON)
        for key in dictionary.subject(subject).measures:
            parts = plan.grouped(wish, key, by_region_length=12)
            assert sum(parts.values()) == plan.total(wish, key), key


def test_standing_and_region_are_already_what_the_rule_says() -> None:
    build_small(on=ON)
    assert standing.refresh(None, on=ON) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_personevent")
        assert cursor.fetchone()[0] == 0


def test_sealed_columns_open_and_are_found_by_digest() -> None:
    build_small(on=ON, homes=60, communities=1)
    for person in Person.objects.exclude(phone=b"")[:50]:
        assert citizen_number.parse(person.id_number, on=ON).birth_date == person.birth_date
        assert phone.is_mobile(person.phone) or not person.phone
        assert Person.objects.get(id_digest=id_columns(person.id_number)["id_digest"]) == person


def test_counters_go_on_after_the_copy() -> None:
    build_small(on=ON, homes=60, communities=1)
    last = Person.objects.order_by("-id")[0].pk
    made = Person.objects.create(name="后来者", region_code="110119002001")
    assert made.pk > last
    home = Home.objects.order_by("-id")[0]
    assert Home.objects.create(building=home.building, region_code=home.region_code, door="后来").pk > home.pk


def test_refuses_where_people_live() -> None:
    Person.objects.create(name="原住民", region_code="110119002001")
    with pytest.raises(RuleError, match="已经有居民数据"):
        demo.build(on=ON)
    with pytest.raises(RuleError, match="已经有居民数据"):
        build_small(on=ON)


def test_accounts_log_in_where_they_belong() -> None:
    build_small(on=ON)
    for account in ACCOUNTS:
        validate_password(account.password, User(username=account.username, name=account.name))
    worker = authenticate(username="dongwai", password=ACCOUNTS[0].password)
    assert isinstance(worker, User)
    assert worker.can(Permission.EDIT_PEOPLE, "110119002001001")
    assert not worker.can(Permission.VIEW_PEOPLE, "110119002002001")
    assert Person.objects.permitted(worker, Permission.VIEW_PEOPLE).exists()
    assert Post.objects.filter(role="grid_worker").count() >= 6
    assert not User.objects.filter(username="xinxing").exists()


@pytest.mark.slow
def test_the_whole_street() -> None:
    summary = demo.build(on=ON)
    assert Building.objects.count() == 302
    living = Residence.objects.filter(kind="living", home__isnull=False, period__contains=ON)
    assert living.count() == 45_000
    in_force = HouseholdMember.objects.filter(period__contains=ON)
    assert abs(in_force.values("household").distinct().count() - 15_000) <= 300
    assert in_force.filter(relation="02").count() == in_force.values("household").distinct().count()
    assert Household.objects.count() > 15_000
    party = Membership.objects.filter(group__code="party", period__contains=ON)
    assert party.count() == 1_687
    assert Person.objects.filter(political__in=["01", "02"]).count() == 1_687
    assert "1,687" in str(summary)
    assert standing.refresh(None, on=ON) == 0

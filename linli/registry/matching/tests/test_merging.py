"""Merging and undoing: nothing is lost, nothing is forgotten, and undoing gives the same rows back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import connection, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, NEIGHBOUR, Characters, characters
from linli.audit.models import Event
from linli.audit.recording import SYSTEM, RuleError
from linli.jobs import daily
from linli.registry.groups.models import Group, Membership
from linli.registry.groups.seeds import ensure_groups
from linli.registry.matching import actions, candidates, dependants
from linli.registry.matching.models import Merge, Pair, PairState, successor
from linli.registry.matching.subjects import Choice
from linli.registry.organisations import actions as organisations
from linli.registry.people import actions as people
from linli.registry.people import standing
from linli.registry.people.models import (
    Household,
    HouseholdMember,
    Kinship,
    Person,
    Residence,
    ResidenceKind,
)
from linli.registry.people.tests.street import make_family, make_homes, make_regions, register
from linli.registry.places.models import Home

# What is only ever added to, and what merging itself keeps.
KEPT_ASIDE = (
    "audit_",
    "access_",
    "matching_",
    "pgh",
    "notices_",
    "jobs_",
    "procrastinate",
    "django_",
    "facts_",
)


def everything() -> dict[str, list[str]]:
    """All rows of all tables of the base, history aside."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table.startswith(KEPT_ASIDE) or table.endswith("event") or not model._meta.managed:
                continue
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t ORDER BY 1')
            found[table] = [json.dumps(json.loads(row[0]), sort_keys=True) for row in cursor.fetchall()]
    return found


@pytest.fixture
def who(db: Any) -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def homes(who: Characters) -> list[Home]:
    return make_homes()


def twice(who: Characters, homes: list[Home]) -> tuple[Person, Person]:
    one = register(who.worker, homes[0], "王建国", serial=1, values={"phone": "13910018017"})
    other = people.register_person(
        acting_user=who.worker,
        values={"name": "王建国", "birth_date": date(1960, 5, 6), "sex": "1", "education": "61"},
        home_id=homes[1].pk,
        since=date(2020, 1, 1),
    )
    return one, other


@pytest.mark.parametrize("subject", [Person, Household, apps.get_model("organisations.Organisation")])
def test_every_foreign_key_to_what_can_be_merged_is_handled(subject: type[models.Model]) -> None:
    """A new model whose constraints nobody has thought of raises Unhandled here, before it loses somebody's rows."""
    found = dependants.dependants(subject)
    reached = {(one.table, one.column) for one in found}
    for model, field in dependants.foreign_keys(subject):
        assert (model._meta.db_table, field.column) in reached
    database = set()
    with connection_cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c JOIN pg_attribute a "
            "ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey) WHERE c.contype = 'f' AND c.confrelid = %s::regclass",
            [subject._meta.db_table],
        )
        database = set(cursor.fetchall())
    assert database <= reached, "tables with a foreign key that no model tells of"


def connection_cursor() -> Any:
    return connection.cursor()


@pytest.fixture(autouse=True)
def _database(db: Any) -> None:
    """Every test here reads the database's catalogue or rows."""


def test_a_constraint_that_nobody_has_thought_of_is_refused() -> None:
    class Odd(models.Model):
        person = models.ForeignKey(Person, models.CASCADE)
        span = DateRangeField()

        class Meta:
            app_label = "matching_test"
            managed = False
            constraints = [
                ExclusionConstraint(
                    name="odd",
                    expressions=[("person", RangeOperators.EQUAL), ("span", RangeOperators.OVERLAPS)],
                )
            ]

        def __str__(self) -> str:
            return "odd"

    with pytest.raises(dependants.Unhandled):
        dependants.of_field(Odd, Odd._meta.get_field("person"))  # type: ignore[arg-type]


def test_merging_moves_everything_and_the_old_number_leads_to_the_survivor(
    who: Characters, homes: list[Home]
) -> None:
    one, other = twice(who, homes)
    household, _head, wife, _son = make_family(who.worker, homes[2])
    ensure_groups(acting_user=SYSTEM)
    volunteer = Group.objects.get(code="volunteer")
    Membership.objects.create(
        region_code=COMMUNITY, group=volunteer, person=other, period=DateRange(date(2021, 1, 1), None)
    )
    people.set_kin(acting_user=who.worker, person_id=other.pk, relation="guardian", relative_id=wife.pk)
    before = everything()
    merge = actions.merge_records(
        acting_user=who.worker,
        subject="person",
        survivor_id=one.pk,
        merged_id=other.pk,
        choice=Choice(fields=frozenset({"education"}), sides={"people_residence:living": "merged"}),
        reason="上门看了身份证",
    )
    one.refresh_from_db()
    assert (one.education, one.phone) == ("61", "13910018017")
    assert not Person.objects.filter(pk=other.pk).exists()
    living = Residence.objects.filter(person=one, kind=ResidenceKind.LIVING).order_by("period")
    assert [(r.home_id, r.period.lower, r.period.upper) for r in living] == [
        (homes[0].pk, date(2000, 1, 1), date(2020, 1, 1)),
        (homes[1].pk, date(2020, 1, 1), None),
    ]
    assert Membership.objects.get(group=volunteer).person == one
    assert Kinship.objects.get(relation="guardian", person=one).relative == wife
    assert successor("person", other.pk) == one.pk
    client = Client()
    client.force_login(who.worker)
    assert client.get(f"/people/{other.pk}/")["Location"] == one.get_absolute_url()
    client.force_login(who.neighbour)
    assert client.get(f"/people/{other.pk}/").status_code == 404
    assert Event.objects.filter(verb="matching.merge", target_id=one.pk, reason="上门看了身份证").exists()
    actions.undo_merge(acting_user=who.worker, merge_id=merge.pk, reason="不是一个人")
    assert everything() == before
    assert successor("person", other.pk) is None
    assert household.members.count() == 3


def test_only_who_may_edit_both(who: Characters, homes: list[Home]) -> None:
    one = register(who.worker, homes[0], "王建国", serial=1)
    (elsewhere,) = make_homes(NEIGHBOUR, 1, "川北小区")
    other = register(who.neighbour, elsewhere, "王建国", serial=2)
    for user in (who.worker, who.neighbour, who.department, who.administrator, who.stranger):
        with pytest.raises(NotPermitted):
            actions.merge_records(acting_user=user, subject="person", survivor_id=one.pk, merged_id=other.pk)
    merge = actions.merge_records(
        acting_user=who.officer, subject="person", survivor_id=one.pk, merged_id=other.pk
    )
    assert merge.region_code == "110119002"
    with pytest.raises(NotPermitted):
        actions.undo_merge(acting_user=who.worker, merge_id=merge.pk, reason="x")


def test_a_household_is_not_left_without_its_head(who: Characters, homes: list[Home]) -> None:
    _household, head, _wife, _son = make_family(who.worker, homes[0])
    double = register(who.worker, homes[1], "王建国", serial=77, family=people.Family(kind="living"))
    with pytest.raises(RuleError, match="没有户主"):
        actions.merge_records(
            acting_user=who.worker,
            subject="person",
            survivor_id=head.pk,
            merged_id=double.pk,
            choice=Choice(sides={"people_householdmember": "merged"}),
        )
    assert HouseholdMember.objects.filter(person=head, relation="02").exists()
    actions.merge_records(acting_user=who.worker, subject="person", survivor_id=head.pk, merged_id=double.pk)
    assert HouseholdMember.objects.filter(person=head).count() == 1


def test_the_living_and_the_dead_are_not_merged_unseen(who: Characters, homes: list[Home]) -> None:
    one, other = twice(who, homes)
    people.record_death(acting_user=who.worker, person_id=other.pk, died=date(2025, 1, 1))
    with pytest.raises(RuleError, match="去世"):
        actions.merge_records(
            acting_user=who.worker, subject="person", survivor_id=one.pk, merged_id=other.pk
        )


def test_a_number_that_disagrees_with_the_birth_date_chosen_is_refused(
    who: Characters, homes: list[Home]
) -> None:
    one = register(who.worker, homes[0], "王建国", serial=1)
    other = people.register_person(
        acting_user=who.worker,
        values={"name": "王建国", "birth_date": date(1960, 6, 5), "sex": "1"},
        home_id=homes[1].pk,
    )
    with pytest.raises(RuleError) as refused:
        actions.merge_records(
            acting_user=who.worker,
            subject="person",
            survivor_id=one.pk,
            merged_id=other.pk,
            choice=Choice(fields=frozenset({"birth_date"})),
        )
    assert refused.value.field == "birth_date"


def test_what_changed_since_stands_against_undoing(who: Characters, homes: list[Home]) -> None:
    one, other = twice(who, homes)
    merge = actions.merge_records(
        acting_user=who.worker,
        subject="person",
        survivor_id=one.pk,
        merged_id=other.pk,
        choice=Choice(fields=frozenset({"education"})),
    )
    people.update_person(acting_user=who.worker, person_id=one.pk, values={"occupation": "木工"})
    people.update_person(acting_user=who.worker, person_id=one.pk, values={"education": "31"})
    with pytest.raises(RuleError, match="居民"):
        actions.undo_merge(acting_user=who.worker, merge_id=merge.pk, reason="错了")
    people.update_person(acting_user=who.worker, person_id=one.pk, values={"education": "61"})
    actions.undo_merge(acting_user=who.worker, merge_id=merge.pk, reason="错了")
    one.refresh_from_db()
    assert (one.education, one.occupation) == ("", "木工")
    with pytest.raises(RuleError, match="已经撤销"):
        actions.undo_merge(acting_user=who.worker, merge_id=merge.pk, reason="错了")


def test_merges_of_merges_are_undone_from_the_last(who: Characters, homes: list[Home]) -> None:
    one, other = twice(who, homes)
    third = register(who.worker, homes[2], "王建国", serial=9)
    before = everything()
    first = actions.merge_records(
        acting_user=who.worker, subject="person", survivor_id=one.pk, merged_id=other.pk
    )
    second = actions.merge_records(
        acting_user=who.worker, subject="person", survivor_id=third.pk, merged_id=one.pk
    )
    assert successor("person", other.pk) == third.pk
    with pytest.raises(RuleError, match="先撤销后一次合并"):
        actions.undo_merge(acting_user=who.worker, merge_id=first.pk, reason="错了")
    for merge in (second, first):
        actions.undo_merge(acting_user=who.worker, merge_id=merge.pk, reason="错了")
    assert everything() == before


def test_duplicate_households_and_organisations(who: Characters, homes: list[Home]) -> None:
    household, _head, _wife, _son = make_family(who.worker, homes[0])
    mother = register(
        who.worker, homes[0], "赵桂兰", born=date(1935, 1, 2), sex="2", family=people.Family(kind="living")
    )
    double = Household.objects.get(members__person=mother)
    shop = organisations.add_organisation(
        acting_user=who.worker, region_code=COMMUNITY, name="妫川便利店", kind="shop"
    )
    again = organisations.add_organisation(
        acting_user=who.worker, region_code=COMMUNITY, name="妫川便利店（底商）", kind="shop", contact="老赵"
    )
    before = everything()
    with pytest.raises(RuleError) as refused:
        actions.merge_records(
            acting_user=who.worker, subject="household", survivor_id=household.pk, merged_id=double.pk
        )
    assert refused.value.field == "relation"
    merges = [
        actions.merge_records(
            acting_user=who.worker,
            subject="household",
            survivor_id=household.pk,
            merged_id=double.pk,
            choice=Choice(relation="52"),
        ),
        actions.merge_records(
            acting_user=who.worker,
            subject="organisation",
            survivor_id=shop.pk,
            merged_id=again.pk,
            choice=Choice(fields=frozenset({"contact"})),
        ),
    ]
    assert {m.person: m.relation for m in household.members.all()}[mother] == "52"
    shop.refresh_from_db()
    assert shop.contact == "老赵"
    for merge in merges[::-1]:
        actions.undo_merge(acting_user=who.worker, merge_id=merge.pk, reason="错了")
    assert everything() == before


def test_scanning_finds_all_hits_and_remembers_decisions(who: Characters, homes: list[Home]) -> None:
    one, other = twice(who, homes)
    third = people.register_person(
        acting_user=who.worker, values={"name": "王建国", "birth_date": date(1960, 5, 6)}, home_id=homes[2].pk
    )
    found = candidates.scan(acting_user=who.worker, region_code=COMMUNITY)
    assert found["people"] == 3
    party = candidates.party_from(name="王建国", born=date(1960, 5, 6), number=one.id_number)
    hits = candidates.candidates_for(party)
    assert next(pk for pk, _score, _reasons in hits) == one.pk
    assert {pk for pk, *_ in hits} == {
        one.pk,
        other.pk,
        third.pk,
    }
    pair = Pair.objects.get(left=one.pk, right=third.pk)
    actions.decide_pair(acting_user=who.worker, pair_id=pair.pk, decision="different")
    assert candidates.scan(acting_user=who.worker, region_code=COMMUNITY)["people"] == 0
    pair.refresh_from_db()
    assert pair.state == PairState.DIFFERENT
    actions.merge_records(acting_user=who.worker, subject="person", survivor_id=one.pk, merged_id=other.pk)
    assert set(Pair.objects.filter(state=PairState.DIFFERENT).values_list("left", "right")) >= {
        (one.pk, third.pk)
    }
    assert not Pair.objects.filter(right=other.pk, state=PairState.OPEN).exists()


def test_the_night_looks_for_duplicates(who: Characters, homes: list[Home]) -> None:
    twice(who, homes)
    assert "新发现疑似重复 1 对" in daily.works()["matching.scan"](date(2026, 11, 26))
    assert "新发现疑似重复 0 对" in daily.works()["matching.scan"](date(2026, 11, 27))


def test_on_the_web_side_by_side(who: Characters, homes: list[Home]) -> None:
    one, other = twice(who, homes)
    candidates.scan(acting_user=who.worker, region_code=COMMUNITY)
    pair = Pair.objects.get()
    client = Client()
    client.force_login(who.worker)
    page = client.get("/matching/").content.decode()
    assert "王建国 / 王建国" in page
    page = client.get(pair.get_absolute_url()).content.decode()
    assert "姓名相同" in page
    assert one.id_number not in page
    assert 'name="field_education"' in page
    wrong = client.post(pair.get_absolute_url(), {"decision": "maybe"})
    assert wrong.status_code == 422
    done = client.post(
        pair.get_absolute_url(),
        {
            "decision": "same",
            "survivor": "right",
            "field_id_number": "left",
            "field_phone": "left",
            "field_education": "right",
            "side_people_residence:living": "right",
        },
    )
    merge = Merge.objects.get()
    assert done["Location"] == merge.get_absolute_url()
    assert (merge.survivor, merge.merged) == (other.pk, one.pk)
    other.refresh_from_db()
    assert other.id_number == one.id_number
    assert other.id_digest is not None
    assert other.phone == one.phone
    assert client.post(merge.get_absolute_url(), {"reason": ""}).status_code == 422
    assert client.post(merge.get_absolute_url(), {"reason": "错了"}).status_code == 302
    assert "已撤销" in client.get(merge.get_absolute_url()).content.decode()
    assert client.get(pair.get_absolute_url()).status_code == 200


# -- any two people --------------------------------------------------------------------------------------------

DAYS = st.integers(0, 5_000).map(lambda n: date(2010, 1, 1) + timedelta(days=n))


@st.composite
def spells(draw: Any) -> list[DateRange]:
    """Disjoint spells, the last perhaps open-ended, the first perhaps of unknown beginning."""
    days = sorted(draw(st.sets(DAYS, max_size=6)))
    made = [DateRange(a, b) for a, b in zip(days[::2], days[1::2], strict=False)]
    if len(days) % 2:
        made.append(DateRange(days[-1], None))
    if not made and draw(st.booleans()):
        made.append(DateRange(None, None))
    elif made and draw(st.booleans()):
        made[0] = DateRange(None, made[0].upper)
    return made


class Life:
    """What hypothesis draws for one person."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self.living, self.hukou, self.member = draw(spells()), draw(spells()), draw(spells())
        self.groups = [draw(spells()) for _ in range(2)]
        self.spouse = draw(spells())
        self.homes = draw(st.lists(st.integers(0, 2), min_size=20, max_size=20))
        self.heads = draw(st.booleans())
        self.facts = draw(
            st.fixed_dictionaries(
                {
                    "education": st.sampled_from(["", "61", "31"]),
                    "note": st.sampled_from(["", "甲", "乙\n丙"]),
                    "native_place": st.sampled_from(["", "北京"]),
                }
            )
        )


lives = st.composite(lambda draw: Life(draw))


def live(life: Life, person: Person, homes: list[Home], groups: list[Group], spouse: Person, no: int) -> None:
    at = iter(life.homes)
    for kind, periods in (("living", life.living), ("hukou", life.hukou)):
        for period in periods:
            home = homes[next(at)]
            Residence.objects.create(
                person=person, kind=kind, home=home, region_code=home.region_code, period=period
            )
    for period in life.member:
        household = Household.objects.create(
            region_code=COMMUNITY, number=f"{no}-{next(at)}-{period.lower}-{Household.objects.count()}"
        )
        HouseholdMember.objects.create(
            region_code=COMMUNITY, household=household, person=person, relation="02", period=period
        )
        if life.heads:
            HouseholdMember.objects.create(
                region_code=COMMUNITY,
                household=household,
                person=Person.objects.create(region_code=COMMUNITY, name="同住人"),
                relation="99",
                period=period,
            )
    for group, periods in zip(groups, life.groups, strict=True):
        for period in periods:
            Membership.objects.create(
                region_code=COMMUNITY,
                group=group,
                person=person,
                period=period,
                evidence=["", "证"][next(at) % 2],
            )
    for period in life.spouse:
        for one, two in ((person, spouse), (spouse, person)):
            Kinship.objects.create(
                region_code=COMMUNITY, person=one, relation="spouse", relative=two, period=period
            )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=lives(), other=lives(), data=st.data())
def test_undoing_gives_the_same_rows_back(
    who: Characters, homes: list[Home], one: Life, other: Life, data: Any
) -> None:
    """Any two lives: either the merge is refused and nothing changed, or it is undone to the very same rows."""
    ensure_groups(acting_user=SYSTEM)
    groups = list(Group.objects.order_by("pk")[:2])
    point = transaction.savepoint()
    try:
        made = []
        for no, life in enumerate((one, other)):
            person = Person.objects.create(region_code=COMMUNITY, name="王建国", sex="1", **life.facts)
            spouse = Person.objects.create(region_code=COMMUNITY, name="李秀英", sex="2")
            live(life, person, homes, groups, spouse, no)
            made.append(person)
        standing.refresh([one.pk for one in made])
        before = everything()
        fields = data.draw(st.sets(st.sampled_from(["education", "note", "native_place"])))
        tables = [
            "people_residence:living",
            "people_residence:hukou",
            "people_householdmember",
            "groups_membership",
        ]
        sides = dict.fromkeys(data.draw(st.sets(st.sampled_from(tables))), "merged")
        try:
            merge = actions.merge_records(
                acting_user=who.officer,
                subject="person",
                survivor_id=made[0].pk,
                merged_id=made[1].pk,
                choice=Choice(fields=frozenset(fields), sides=sides),
            )
        except RuleError:
            assert everything() == before
            return
        after = everything()
        assert after != before
        mine = set(Kinship.objects.filter(person=made[0]).values_list("relative_id", flat=True))
        assert mine >= set(Kinship.objects.filter(relative=made[0]).values_list("person_id", flat=True))
        actions.undo_merge(acting_user=who.officer, merge_id=merge.pk, reason="错了")
        assert everything() == before
    finally:
        transaction.savepoint_rollback(point)

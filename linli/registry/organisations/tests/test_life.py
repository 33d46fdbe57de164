"""The life of an organisation: what its kind has, premises, people, relations, checks, and its pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from linli.access.guard import NotPermitted
from linli.access.models import Role, User
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.recording import RuleError
from linli.facts import plan
from linli.facts.dictionary import dictionary
from linli.facts.plan import Wish
from linli.jobs.daily import run_all
from linli.kernel.scope import Scope
from linli.notices.models import Notice
from linli.registry.organisations import actions, dealings, rules
from linli.registry.organisations.models import (
    Check,
    ManagedEstate,
    Organisation,
    OrganisationKind,
    Position,
    PositionRole,
    Premises,
)
from linli.registry.people import actions as people
from linli.registry.people.models import Person
from linli.registry.people.tests.street import make_homes, make_regions, register
from linli.registry.places import occupancy
from linli.registry.places.models import Estate, EstateManagement, Home

SCOPE = [Scope.of(COMMUNITY)]


def day(offset: int = 0) -> date:
    return timezone.localdate() + timedelta(days=offset)


class TestRules:
    def test_every_kind_says_what_it_has_and_every_role_is_known(self) -> None:
        assert set(rules.FIELDS_OF) == set(OrganisationKind.values)
        names = {field.name for field in Organisation._meta.concrete_fields}
        assert names >= rules.KIND_FIELDS >= set(rules.AUTOMATIC)
        for kind in OrganisationKind.values:
            assert set(rules.roles_of(kind)) <= set(PositionRole.values)
        assert set(PositionRole.values) >= rules.LEADING | rules.SINGLE

    @pytest.mark.parametrize(
        ("kind", "values", "field"),
        [
            ("shop", {"seats": 5}, "seats"),
            ("owners", {"seats": 2}, "seats"),
            ("owners", {"term_from": date(2026, 1, 1), "term_until": date(2026, 1, 1)}, "term_until"),
            ("social", {"members": 5, "party_members": 6}, "party_members"),
            ("social", {"registered_on": date(2026, 1, 2), "valid_until": date(2026, 1, 1)}, "valid_until"),
            ("department", {"is_outlet": True}, "is_outlet"),
        ],
    )
    def test_what_cannot_be(self, kind: str, values: dict[str, Any], field: str) -> None:
        with pytest.raises(rules.Refused) as refused:
            rules.kind_fields(kind, values)
        assert refused.value.field == field

    @given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 60), st.integers(-400, 2000))
    def test_the_next_check_lies_after_the_last_and_in_step(self, due: date, months: int, later: int) -> None:
        done = due + timedelta(days=later)
        found = rules.next_due(due, months, done)
        assert found is not None
        assert found > max(due, done)
        passed = (found.year * 12 + found.month) - (due.year * 12 + due.month)
        assert passed % months == 0
        assert rules.next_due(due, 0, done) is None

    def test_the_last_day_of_short_months(self) -> None:
        assert rules.next_due(date(2026, 8, 31), 6, date(2026, 8, 31)) == date(2027, 2, 28)
        assert rules.next_due(date(2026, 8, 31), 12, date(2026, 8, 31)) == date(2027, 8, 31)


@pytest.fixture
def who(db: Any) -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def homes(who: Characters) -> list[Home]:
    return make_homes()


def organisation(who: Characters, name: str = "妫川便利店", kind: str = "shop", **more: Any) -> Organisation:
    return actions.add_organisation(
        acting_user=who.worker, region_code=COMMUNITY, name=name, kind=kind, **more
    )


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestPremises:
    def test_the_main_premises_of_today_follow_the_spells(self, who: Characters, homes: list[Home]) -> None:
        one = organisation(who, premises=homes[0], founded_on=day(-900))
        (first,) = Premises.objects.all()
        assert (first.home, first.period.lower, first.period.upper) == (homes[0], day(-900), None)
        dealings.add_premises(acting_user=who.worker, organisation_id=one.pk, home=homes[1], since=day(-30))
        one.refresh_from_db()
        assert one.premises == homes[1]
        with pytest.raises(RuleError, match="不用重复"):
            dealings.add_premises(acting_user=who.worker, organisation_id=one.pk, home=homes[1])
        second = Premises.objects.get(home=homes[1])
        dealings.end_premises(acting_user=who.worker, premises_id=second.pk, on=day(-1))
        one.refresh_from_db()
        assert one.premises == homes[0]
        assert set(occupancy.occupancy([homes[0].pk, homes[1].pk], day(), who.worker)) == {homes[0].pk}
        assert homes[1].pk in occupancy.occupancy([homes[1].pk], day(-20), who.worker)

    def test_changing_the_premises_ends_the_spell_and_closing_ends_all(
        self, who: Characters, homes: list[Home]
    ) -> None:
        one = organisation(who, premises=homes[0], founded_on=day(-900))
        actions.update_organisation(acting_user=who.worker, organisation=one, premises=homes[1])
        assert set(Premises.objects.values_list("home_id", "period__endswith")) == {
            (homes[0].pk, day()),
            (homes[1].pk, None),
        }
        Premises.objects.filter(home=homes[1]).update(period=(day(-5), None))
        dealings.add_position(
            acting_user=who.worker, organisation_id=one.pk, role="head", name="赵店长", since=day(-9)
        )
        dealings.add_check(acting_user=who.worker, organisation_id=one.pk, kind="safety", due_on=day(9))
        actions.close_organisation(acting_user=who.worker, organisation=one, closed_on=day(-1))
        assert not Premises.objects.filter(period__contains=day()).exists()
        assert Position.objects.get().period.upper == day(-1)
        assert Check.objects.get().result == "not_applicable"
        actions.reopen_organisation(acting_user=who.worker, organisation=one)
        assert Premises.objects.filter(period__contains=day()).exists()
        assert Position.objects.get().period.upper is None


class TestPositions:
    @pytest.fixture
    def person(self, who: Characters, homes: list[Home]) -> Person:
        return register(who.worker, homes[0], "王建国")

    def test_how_to_reach_a_chair_and_an_estates_manager(self, who: Characters, person: Person) -> None:
        people.update_person(acting_user=who.worker, person_id=person.pk, values={"phone": "13912340001"})
        owners = organisation(who, "东里业委会", "owners")
        dealings.add_position(
            acting_user=who.worker,
            organisation_id=owners.pk,
            role="chair",
            person_id=person.pk,
            since=day(-9),
        )
        company = organisation(who, "海坨物业公司", "property")
        spell = EstateManagement.objects.create(
            region_code=COMMUNITY,
            estate=Estate.objects.get(),
            way="property",
            company=company.name,
            period=DateRange(day(-99), None),
        )
        dealings.tie_management(acting_user=who.worker, organisation_id=company.pk, management_id=spell.pk)
        dealings.add_position(
            acting_user=who.worker,
            organisation_id=company.pk,
            role="project_manager",
            name="孙经理",
            phone="13912340002",
            since=day(-9),
        )

        def told(subject: str, *paths: str, on: date | None = None) -> dict[int, list[Any]]:
            found = plan.rows(Wish(subject, SCOPE, on or day(), elements=paths))
            return {pk: list(values) for pk, values in found}

        assert told("organisation", "chair", "chair_phone")[owners.pk] == ["王建国", "13912340001"]
        manager = ("project_manager", "project_manager_phone")
        assert told("estate", *manager) == {spell.estate_id: ["孙经理", "13912340002"]}
        assert told("estate", *manager, on=day(-30)) == {spell.estate_id: [None, None]}
        assert set(map(tuple, told("home", *manager).values())) == {("孙经理", "13912340002")}
        dealings.add_position(
            acting_user=who.worker,
            organisation_id=company.pk,
            role="project_manager",
            name="周经理",
            phone="13912340003",
            since=day(-8),
        )
        # Two of them: which one looks after this estate, nobody has said.
        assert told("estate", *manager) == {spell.estate_id: [None, None]}

    def test_people_of_the_base_and_by_name(self, who: Characters, person: Person) -> None:
        one = organisation(who, "东里业委会", "owners")
        dealings.add_position(
            acting_user=who.worker, organisation_id=one.pk, role="chair", person_id=person.pk, since=day(-99)
        )
        with pytest.raises(RuleError, match="已由王建国担任"):
            dealings.add_position(acting_user=who.worker, organisation_id=one.pk, role="chair", name="李四")
        with pytest.raises(RuleError, match="没有这个职务"):
            dealings.add_position(acting_user=who.worker, organisation_id=one.pk, role="guard", name="李四")
        with pytest.raises(RuleError, match="填写姓名"):
            dealings.add_position(acting_user=who.worker, organisation_id=one.pk, role="committee")
        dealings.add_position(
            acting_user=who.worker,
            organisation_id=one.pk,
            role="committee",
            name="李四",
            phone="139 1001 8017",
        )
        page = logged_in(who.worker).get(f"{one.get_absolute_url()}?tab=people").content.decode()
        assert "王建国" in page
        assert "139****8017" in page
        tab = logged_in(who.worker).get(f"{person.get_absolute_url()}?tab=positions").content.decode()
        assert "东里业委会" in tab

    def test_the_legal_person_follows_the_position(self, who: Characters, person: Person) -> None:
        one = organisation(who, legal_person="旧人")
        held = dealings.add_position(
            acting_user=who.worker,
            organisation_id=one.pk,
            role="legal_person",
            person_id=person.pk,
            since=day(-9),
        )
        one.refresh_from_db()
        assert one.legal_person == "王建国"
        dealings.end_position(acting_user=who.worker, position_id=held.pk, on=day(-1))
        dealings.add_position(
            acting_user=who.worker, organisation_id=one.pk, role="legal_person", name="新人", since=day(-1)
        )
        one.refresh_from_db()
        assert one.legal_person == "新人"

    def test_they_end_at_death(self, who: Characters, person: Person) -> None:
        one = organisation(who)
        dealings.add_position(
            acting_user=who.worker, organisation_id=one.pk, role="clerk", person_id=person.pk, since=day(-9)
        )
        people.record_death(acting_user=who.worker, person_id=person.pk, died=day(-2))
        assert Position.objects.get().period.upper == day(-2)

    def test_employees_are_not_shown_to_those_who_may_not_see_people(
        self, who: Characters, person: Person
    ) -> None:
        one = organisation(who)
        dealings.add_position(
            acting_user=who.worker, organisation_id=one.pk, role="clerk", person_id=person.pk
        )
        dealings.add_position(
            acting_user=who.worker, organisation_id=one.pk, role="head", name="赵店长", phone="13910018017"
        )
        page = logged_in(who.department).get(f"{one.get_absolute_url()}?tab=people").content.decode()
        assert "赵店长" in page
        assert "王建国" not in page
        assert "8017" not in page

    def test_only_where_one_may_edit(self, who: Characters, person: Person) -> None:
        one = organisation(who)
        for user in (who.neighbour, who.department, who.administrator):
            with pytest.raises(NotPermitted):
                dealings.add_position(acting_user=user, organisation_id=one.pk, role="head", name="某人")


class TestRelations:
    def test_parents_do_not_go_round(self, who: Characters) -> None:
        head, middle, low = (
            organisation(who, name, "resident_unit") for name in ("总公司", "分公司", "门店")
        )
        for one, other in ((middle, head), (low, middle)):
            dealings.add_tie(acting_user=who.worker, organisation_id=one.pk, other_id=other.pk, kind="parent")
        with pytest.raises(RuleError, match="下级"):
            dealings.add_tie(acting_user=who.worker, organisation_id=head.pk, other_id=low.pk, kind="parent")
        with pytest.raises(RuleError, match="自己"):
            dealings.add_tie(acting_user=who.worker, organisation_id=head.pk, other_id=head.pk, kind="joint")
        page = logged_in(who.worker).get(f"{head.get_absolute_url()}?tab=dealings").content.decode()
        assert "下级单位" in page
        assert "分公司" in page

    def test_a_contract_falls_due(self, who: Characters) -> None:
        owners, company = organisation(who, "东里业委会", "owners"), organisation(who, "延物业", "property")
        tie = dealings.add_tie(
            acting_user=who.worker,
            organisation_id=owners.pk,
            other_id=company.pk,
            kind="service",
            since=day(-300),
            contract_until=day(20),
        )
        assert Check.objects.get().due_on == day(20)
        dealings.end_tie(acting_user=who.worker, tie_id=tie.pk, on=day(-1))
        assert not Check.objects.exists()

    def test_an_estates_management_is_one_companys(self, who: Characters) -> None:
        company, other = organisation(who, "延物业", "property"), organisation(who, "别的物业", "property")
        estate = Estate.objects.create(region_code=COMMUNITY, name="东里小区")
        spell = EstateManagement.objects.create(
            region_code=COMMUNITY, estate=estate, way="property", company="延物业", period=(day(-99), None)
        )
        client = logged_in(who.worker)
        url = reverse("organisations:estate_add", args=[company.pk])
        assert "东里小区（延物业）" in client.get(url).content.decode()
        client.post(url, {"management": spell.pk})
        assert ManagedEstate.objects.get().organisation == company
        with pytest.raises(RuleError, match="已经关联到“延物业”"):
            dealings.tie_management(acting_user=who.worker, organisation_id=other.pk, management_id=spell.pk)
        with pytest.raises(RuleError, match="只有物业公司"):
            dealings.tie_management(
                acting_user=who.worker, organisation_id=organisation(who).pk, management_id=spell.pk
            )
        wish = Wish("organisation", SCOPE, day(), elements=["estates_managed"], ids=[company.pk])
        assert [values for _pk, values in plan.rows(wish)] == [["东里小区"]]


class TestChecks:
    def test_terms_and_licences_fall_due_by_themselves(self, who: Characters) -> None:
        one = organisation(who, "东里业委会", "owners", term_from=day(-1800), term_until=day(12))
        (check,) = Check.objects.all()
        assert (check.kind, check.due_on) == ("election", day(12))
        dealings.finish_check(acting_user=who.worker, check_id=check.pk, result="passed", said="已换届")
        actions.update_organisation(
            acting_user=who.worker, organisation=one, term_from=day(), term_until=day(1826)
        )
        assert Check.objects.get(result="").due_on == day(1826)
        actions.update_organisation(acting_user=who.worker, organisation=one, term_until=None)
        assert not Check.objects.filter(result="").exists()

    def test_a_period_comes_again_and_what_is_to_be_mended_is_looked_at_again(self, who: Characters) -> None:
        one = organisation(who)
        check = dealings.add_check(
            acting_user=who.worker, organisation_id=one.pk, kind="safety", due_on=day(-1), every_months=3
        )
        finish = {"acting_user": who.worker, "check_id": check.pk}
        with pytest.raises(RuleError, match="写明情况"):
            dealings.finish_check(**finish, result="mend", again_on=day(7))
        with pytest.raises(RuleError, match="复查日期"):
            dealings.finish_check(**finish, result="mend", said="灭火器过期")
        dealings.finish_check(**finish, result="mend", said="灭火器过期", again_on=day(7))
        with pytest.raises(RuleError, match="已经办过"):
            dealings.finish_check(**finish, result="passed")
        waiting = sorted(Check.objects.filter(result="").values_list("due_on", "every_months"))
        assert waiting == [(day(7), 0), (rules.next_due(day(-1), 3, day()), 3)]

    def test_the_night_tells_and_the_list_shows(self, who: Characters) -> None:
        one = organisation(who)
        dealings.add_check(acting_user=who.worker, organisation_id=one.pk, kind="fire", due_on=day(-2))
        dealings.add_check(acting_user=who.worker, organisation_id=one.pk, kind="annual", due_on=day(31))
        run_all(day())
        (told,) = Notice.objects.filter(key__startswith="organisations.due", done_at__isnull=True)
        assert (told.user, told.title) == (who.worker, "东外社区：1 项单位检查、换届或到期要办")
        page = logged_in(who.worker).get(reverse("organisations:checks")).content.decode()
        assert "逾期 2 天" in page
        assert page.count("妫川便利店") == 1
        assert (
            "妫川便利店" not in logged_in(who.neighbour).get(reverse("organisations:checks")).content.decode()
        )
        shown = logged_in(who.department).get(reverse("organisations:checks")).content.decode()
        assert "妫川便利店" in shown
        assert "/finish/" not in shown
        listed = (
            logged_in(who.worker)
            .get(reverse("organisations:organisations"), {"due": "late"})
            .content.decode()
        )
        assert "妫川便利店" in listed


class TestPages:
    def test_the_form_asks_what_the_kind_has(self, who: Characters) -> None:
        client = logged_in(who.worker)
        assert "委员人数" not in client.get(reverse("organisations:add")).content.decode()
        assert "委员人数" in client.get(reverse("organisations:add"), {"kind": "owners"}).content.decode()
        sent = client.post(
            reverse("organisations:add") + "?kind=owners",
            {
                "name": "东里业委会",
                "kind": "owners",
                "region_code": COMMUNITY,
                "seats": "7",
                "term_from": str(day(-10)),
                "term_until": str(day(1800)),
            },
        )
        assert sent.status_code == 302
        one = Organisation.objects.get(name="东里业委会")
        assert one.seats == 7
        edit = reverse("organisations:edit", args=[one.pk])
        assert "委员人数" in client.get(edit).content.decode()
        # Another kind drops what it does not have.
        client.post(edit, {"name": "东里业委会", "kind": "social", "region_code": COMMUNITY, "seats": "7"})
        one.refresh_from_db()
        assert (one.kind, one.seats, one.term_until) == ("social", None, None)

    @pytest.mark.parametrize(
        "tab", ["facts", "people", "premises", "checks", "dealings", "timeline", "history"]
    )
    def test_every_part_shows(self, who: Characters, homes: list[Home], tab: str) -> None:
        one = organisation(
            who, premises=homes[0], founded_on=day(-900), is_outlet=True, opening_hours="每天 7:00–21:00",
            business_scope="百货", valid_until=day(10),
        )  # fmt: skip
        dealings.add_position(
            acting_user=who.worker, organisation_id=one.pk, role="head", name="赵店长", since=day(-9)
        )
        page = logged_in(who.worker).get(f"{one.get_absolute_url()}?tab={tab}").content.decode()
        expected = {
            "facts": "每天 7:00–21:00",
            "people": "赵店长",
            "premises": "新兴小区",
            "checks": "证照到期",
            "timeline": "进驻",
        }
        assert expected.get(tab, one.name) in page

    def test_the_list_of_another_day(self, who: Characters) -> None:
        one = organisation(who, founded_on=day(-900))
        actions.close_organisation(acting_user=who.worker, organisation=one, closed_on=day(-10))
        client, url = logged_in(who.worker), reverse("organisations:organisations")
        for offset, state, there in (
            (-11, "open", True),
            (-10, "open", False),
            (-10, "closed", True),
            (-901, "", False),
        ):
            page = client.get(url, {"on": str(day(offset)), "state": state}).content.decode()
            assert (one.name in page) is there, (offset, state)

    def test_export_and_picker(self, who: Characters) -> None:
        organisation(who, is_outlet=True)
        client = logged_in(who.worker)
        got = client.get(reverse("organisations:export"), {"mark": "outlet"})
        assert b"".join(got.streaming_content)[:2] == b"PK"  # type: ignore[arg-type]
        found = client.get(reverse("organisations:options"), {"q": "便利"}).json()["results"]
        assert [one["label"] for one in found] == ["妫川便利店"]
        assert (
            logged_in(who.neighbour).get(reverse("organisations:options"), {"q": "便利"}).json()["results"]
            == []
        )

    def test_a_grid_worker_sees_and_may_not_change(self, who: Characters) -> None:
        post = who.neighbour.posts.get()
        post.role, post.region_code = Role.GRID_WORKER, COMMUNITY
        post.save()
        one = organisation(who)
        client = logged_in(User.objects.get(pk=who.neighbour.pk))
        assert client.get(one.get_absolute_url()).status_code == 200
        assert client.get(reverse("organisations:position_add", args=[one.pk])).status_code == 403


@pytest.mark.django_db
class TestFacts:
    def test_every_term_of_organisations_can_be_asked(self, who: Characters) -> None:
        for subject in ("organisation", "position", "check"):
            declared = dictionary.subject(subject)
            wish = Wish(subject, SCOPE, day(), elements=list(declared.elements))
            assert list(plan.rows(wish)) == []
            for key in declared.conditions:
                assert plan.total(Wish(subject, SCOPE, day(), conditions=[key])) == 0
            for key in declared.measures:
                assert plan.total(Wish(subject, SCOPE, day()), key) == 0

    def test_values(self, who: Characters, homes: list[Home]) -> None:
        one = organisation(
            who,
            "东里社区合唱团",
            "social",
            registration="filed",
            members=30,
            party_members=4,
            social_class="culture",
        )
        person = register(who.worker, homes[0], "王建国")
        dealings.add_position(
            acting_user=who.worker, organisation_id=one.pk, role="president", person_id=person.pk
        )
        wish = Wish(
            "organisation",
            SCOPE,
            day(),
            elements=["name", "social_class", "members", "president", "positions"],
        )
        assert [values for _pk, values in plan.rows(wish)] == [["东里社区合唱团", "culture", 30, "王建国", 1]]
        assert plan.total(Wish("organisation", SCOPE, day()), "social_number") == 1
        assert plan.total(Wish("organisation", SCOPE, day(), conditions=["filed_social"])) == 1
        row = Wish("position", SCOPE, day(), elements=["name", "role", "organisation.name", "phone"])
        assert [values[:3] for _pk, values in plan.rows(row)] == [["王建国", "president", "东里社区合唱团"]]

"""Groups are added and changed on a page; who may see one is enforced wherever its members could show."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.models import Role, User
from linli.access.testing import COMMUNITY, STREET, Characters, characters
from linli.audit.recording import SYSTEM, RuleError
from linli.facts import plan
from linli.facts.dictionary import dictionary
from linli.facts.plan import Wish
from linli.facts.sight import withheld
from linli.jobs.models import Job
from linli.jobs.testing import run_now
from linli.kernel.scope import Scope
from linli.registry.groups import actions, defining, rules, seeing
from linli.registry.groups.models import Group, Membership, Proposal
from linli.registry.groups.seeds import ensure_groups
from linli.registry.people import occupancy
from linli.registry.people.models import Person
from linli.registry.people.tests.street import make_homes, register
from linli.registry.places import occupancy as places

pytestmark = pytest.mark.django_db
SCOPE = [Scope.of(COMMUNITY)]


@pytest.fixture
def who() -> Characters:
    ensure_groups(acting_user=SYSTEM)
    return characters()


@pytest.fixture
def person(who: Characters) -> Person:
    return register(who.worker, make_homes()[0], "王建国")


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestOptions:
    def test_codes_stay_when_labels_change(self) -> None:
        kept = [{"code": "1", "label": "甲", "also": ["一"]}, {"code": "2", "label": "乙"}]
        assert rules.read_options("1 甲类\n丙\n乙", kept) == [
            {"code": "1", "label": "甲类", "also": ["一"]},
            {"code": "3", "label": "丙"},
            {"code": "2", "label": "乙"},
        ]
        assert rules.read_options(rules.written_options(kept), kept) == kept
        assert rules.read_options(" \n", kept) == []

    @pytest.mark.parametrize(
        "text", ["甲\n甲", "1 甲\n1 乙", "长" * 31, "\n".join(f"第{n}" for n in range(61))]
    )
    def test_what_cannot_be(self, text: str) -> None:
        with pytest.raises(ValueError, match="。"):
            rules.read_options(text, [])

    @pytest.mark.parametrize("name", ["社区矫正人员", "吸毒人员", "信教群众", "严重精神障碍患者", "上访户"])
    def test_lists_that_are_left_out_by_design(self, name: str) -> None:
        assert "不收集" in rules.group_name_problem(name, [], [])


class TestDefining:
    def test_a_new_group_is_a_term_at_once_and_takes_members(self, who: Characters, person: Person) -> None:
        client = logged_in(who.administrator)
        form = {
            "name": "失能老人",
            "also": "半失能老人，失能人员",
            "category": "care",
            "sensitivity": "2",
            "review_months": "6",
            "classes": "半失能\n失能",
            "levels": "",
            "is_active": "on",
        }
        assert client.post(reverse("groups:kind_add"), form).status_code == 302
        group = Group.objects.get(name="失能老人")
        assert [one["code"] for one in group.classes] == ["1", "2"]
        assert dictionary.subject("person").conditions[f"in_{group.code}"].also == ("半失能老人", "失能人员")
        actions.add_membership(
            acting_user=who.worker,
            person_id=person.pk,
            group_code=group.code,
            class_code="2",
            evidence="评估表",
        )
        wish = Wish("person", SCOPE, timezone.localdate(), conditions=[f"in_{group.code}"])
        assert plan.total(wish) == 1
        taken = client.post(reverse("groups:kind_add"), form)
        assert taken.status_code == 422
        assert "另一类人群" in taken.content.decode()
        with pytest.raises(RuleError, match="编号不变"):
            defining.update_group(
                acting_user=who.administrator, group_id=group.pk, classes=[{"code": "1", "label": "半失能"}]
            )
        edit = reverse("groups:kind_edit", args=[group.pk])
        assert "2 失能" in client.get(edit).content.decode()
        assert (
            client.post(edit, form | {"name": "失能失智老人", "classes": "1 半失能\n2 失能失智"}).status_code
            == 302
        )
        assert Group.objects.get(pk=group.pk).class_label("2") == "失能失智"

    def test_only_administrators(self, who: Characters) -> None:
        with pytest.raises(NotPermitted):
            defining.add_group(acting_user=who.worker, name="甲类", category="care")
        with pytest.raises(RuleError, match="没有查看这类人群的权限"):
            defining.update_group(
                acting_user=who.administrator,
                group_id=Group.objects.get(code="disabled").pk,
                viewers=[Role.GRID_WORKER],
            )

    def test_a_rule_added_on_a_page_proposes_by_a_job(self, who: Characters, person: Person) -> None:
        Person.objects.filter(pk=person.pk).update(birth_date=date(1940, 1, 1))
        client = logged_in(who.administrator)
        group = Group.objects.get(code="home_care")
        url = reverse("groups:rule_add", args=[group.pk])
        assert client.post(url, {"move": "join"}).status_code == 422
        sent = client.post(url, {"move": "join", "when1": "aged_80", "when2": "present", "unless1": "male"})
        assert sent.status_code == 302
        job = run_now(Job.objects.get(kind="groups.propose"))
        assert "没有新的建议" in job.message or "1 条" in job.message
        rule = group.rules.get(unless=["male"])
        page = client.get(f"{reverse('groups:kind', args=[group.pk])}?tab=rules").content.decode()
        assert "80岁及以上、常住；且不属于：男性" in page
        client.post(reverse("groups:rule_stop", args=[rule.pk]))
        rule.refresh_from_db()
        assert not rule.is_active
        assert Proposal.objects.filter(rule=rule).count() <= 1


class TestWhoSees:
    """A group for street officers alone: nothing of it reaches the worker of the community, by any way."""

    @pytest.fixture
    def member(self, who: Characters, person: Person) -> Membership:
        Group.objects.filter(code="volunteer").update(viewers=[Role.STREET_OFFICER], shown_on_chart=True)
        dictionary.refresh()
        return actions.add_membership(
            acting_user=who.officer,
            person_id=person.pk,
            group_code="volunteer",
            evidence="注册",
            since=timezone.localdate() - timedelta(days=9),
        )

    def test_pages(self, who: Characters, person: Person, member: Membership) -> None:
        worker, officer = logged_in(who.worker), logged_in(who.officer)
        for url, status in (
            (reverse("groups:roster", args=["volunteer"]), 404),
            (reverse("groups:membership", args=[member.pk]), 404),
            (reverse("groups:edit", args=[member.pk]), 404),
            (reverse("groups:add", args=["volunteer"]), 404),
        ):
            assert worker.get(url).status_code == status
            assert officer.get(url).status_code == 200
        for url in (
            reverse("groups:list"),
            reverse("people:list"),
            f"{person.get_absolute_url()}?tab=groups",
            f"{person.get_absolute_url()}?tab=history",
        ):
            assert "志愿者" not in worker.get(url).content.decode(), url
        assert "志愿者" in officer.get(f"{person.get_absolute_url()}?tab=groups").content.decode()

    def test_actions(self, who: Characters, person: Person, member: Membership) -> None:
        with pytest.raises(NotPermitted):
            actions.end_membership(
                acting_user=who.worker, membership_id=member.pk, on=timezone.localdate(), reason="看到了"
            )
        with pytest.raises(NotPermitted):
            actions.add_membership(
                acting_user=who.worker, person_id=person.pk, group_code="volunteer", evidence="注册"
            )

    def test_tags_and_chart(self, who: Characters, person: Person, member: Membership) -> None:
        today = timezone.localdate()
        home = person.residences.get(kind="living").home_id
        assert occupancy.tags_of([person.pk], today, who.worker) == {}
        assert [tag for tag, _tone in occupancy.tags_of([person.pk], today, who.officer)[person.pk]] == [
            "志愿者"
        ]
        assert places.occupancy([home], today, who.worker)[home].care == ()
        assert places.occupancy([home], today, who.officer)[home].care == ("志愿者",)

    def test_terms_of_the_dictionary(self, who: Characters, member: Membership) -> None:
        asked = {"conditions": ["in_volunteer"], "paths": ["is_volunteer", "volunteer.from_date"]}
        assert withheld("person", who.worker, SCOPE, **asked) == ["是否志愿者", "志愿者"]
        assert withheld("person", who.officer, SCOPE, **asked) == []
        assert withheld("person", who.officer, [Scope.of(STREET[:6])], **asked) == ["是否志愿者", "志愿者"]
        assert withheld("household", who.worker, SCOPE, conditions=["in_volunteer"]) == ["志愿者"]
        assert withheld("household", who.worker, SCOPE, paths=["head.volunteer.evidence"]) == ["志愿者"]
        assert withheld("person", who.worker, SCOPE, measure="in_volunteer") == ["志愿者"]
        assert withheld("person", who.worker, SCOPE, paths=["name"], conditions=["aged_60"]) == []
        assert withheld("membership", who.worker, SCOPE, paths=["evidence"]) == ["人群成员"]
        assert withheld("membership", who.officer, SCOPE, paths=["evidence"]) == []

    def test_the_tags_of_all_groups_leave_it_out(
        self, who: Characters, person: Person, member: Membership
    ) -> None:
        Group.objects.filter(code="volunteer").update(category="care")
        wish = Wish("person", SCOPE, timezone.localdate(), elements=["care_groups"], ids=[person.pk])
        assert [values for _pk, values in plan.rows(wish)] == [[None]]

    def test_the_system_sees_all(self, member: Membership) -> None:
        assert list(seeing.memberships(SYSTEM)) == [member]

"""The pages of groups: who gets them, sensitive ones hidden, and that every form reaches its action."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from linli.access.models import Role, User
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.models import Disclosure
from linli.audit.recording import SYSTEM
from linli.registry.groups import actions
from linli.registry.groups.models import Membership
from linli.registry.groups.seeds import ensure_groups
from linli.registry.people.models import Person
from linli.registry.people.tests.street import make_homes, register


@pytest.fixture
def who(db: None) -> Characters:
    ensure_groups(acting_user=SYSTEM)
    return characters()


@pytest.fixture
def person(who: Characters) -> Person:
    return register(who.worker, make_homes()[0], "王建国")


@pytest.fixture
def disabled(who: Characters, person: Person) -> Membership:
    return actions.add_membership(
        acting_user=who.worker,
        person_id=person.pk,
        group_code="disabled",
        class_code="4",
        level_code="2",
        certificate="11011919600506101342",
        evidence="残疾人证",
        since=date(2020, 1, 1),
    )


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def grid_worker(who: Characters) -> User:
    """The neighbour, made a grid worker here: sees groups, not the sensitive ones."""
    post = who.neighbour.posts.get()
    post.role, post.region_code = Role.GRID_WORKER, COMMUNITY
    post.save()
    return User.objects.get(pk=who.neighbour.pk)


class TestWhoSees:
    def test_lists(self, who: Characters, disabled: Membership) -> None:
        for url in (reverse("groups:list"), reverse("groups:roster", args=["disabled"])):
            assert logged_in(who.worker).get(url).status_code == 200
            assert logged_in(who.administrator).get(url).status_code == 403
            assert Client().get(url).status_code == 302
        assert "王建国" in text(logged_in(who.worker).get(reverse("groups:roster", args=["disabled"])))
        assert "王建国" not in text(logged_in(who.neighbour).get(reverse("groups:roster", args=["disabled"])))

    @pytest.mark.parametrize("name", ["edit", "end", "confirm", "certificate"])
    def test_forms(self, who: Characters, disabled: Membership, name: str) -> None:
        url = reverse(f"groups:{name}", args=[disabled.pk])
        assert logged_in(who.worker).get(url).status_code == 200
        assert logged_in(who.neighbour).get(url).status_code == 404
        assert logged_in(grid_worker(who)).get(url).status_code in (403, 404)

    def test_sensitive_groups_do_not_exist_for_a_grid_worker(
        self, who: Characters, person: Person, disabled: Membership
    ) -> None:
        client = logged_in(grid_worker(who))
        assert client.get(reverse("groups:roster", args=["disabled"])).status_code == 404
        assert client.get(reverse("groups:roster", args=["volunteer"])).status_code == 200
        assert "残疾人" not in text(client.get(reverse("groups:list")))
        for tab in ("basic", "groups", "history"):
            page = text(client.get(person.get_absolute_url(), {"tab": tab}))
            assert "王建国" in page
            assert "残疾" not in page
        assert "残疾" not in text(client.get(reverse("people:list")))
        assert "王建国" in text(client.get(reverse("people:list"), {"group": "disabled"}))  # no such choice

    def test_adding_to_somebody_elsewhere_is_404(self, who: Characters, person: Person) -> None:
        url = reverse("groups:add", args=["volunteer"])
        assert logged_in(who.worker).get(url, {"person": person.pk}).status_code == 200
        assert logged_in(who.worker).get(url).status_code == 200
        assert logged_in(who.neighbour).get(url, {"person": person.pk}).status_code == 404
        assert logged_in(who.worker).get(reverse("groups:add", args=["nothing"])).status_code == 404


class TestShows:
    def test_counts_tags_and_masked_certificate(
        self, who: Characters, person: Person, disabled: Membership
    ) -> None:
        client = logged_in(who.worker)
        assert "残疾人" in text(client.get(reverse("people:list")))
        roster = text(client.get(reverse("groups:roster", args=["disabled"])))
        assert "肢体残疾" in roster
        assert "1101********1342" in roster
        assert disabled.certificate not in roster
        tab = text(client.get(person.get_absolute_url(), {"tab": "groups"}))
        assert "残疾人证" in tab
        assert disabled.certificate not in tab

    def test_residents_by_group(self, who: Characters, person: Person, disabled: Membership) -> None:
        client = logged_in(who.worker)
        url = reverse("people:list")
        assert "王建国" in text(client.get(url, {"group": "disabled"}))
        assert ">王建国</a>" not in text(client.get(url, {"group": "volunteer"}))

    @pytest.mark.parametrize(
        ("filters", "shown"),
        [
            ({}, True),
            ({"class_code": "4"}, True),
            ({"class_code": "1"}, False),
            ({"level_code": "2", "q": "wjg"}, True),
            ({"q": "李"}, False),
            ({"due": "overdue"}, False),
            ({"state": "ended"}, False),
            ({"sort": "-age"}, True),
            ({"sort": "due"}, True),
        ],
    )
    def test_roster_filters(
        self, who: Characters, disabled: Membership, filters: dict[str, str], shown: bool
    ) -> None:
        page = text(logged_in(who.worker).get(reverse("groups:roster", args=["disabled"]), filters))
        assert (">王建国</a>" in page) is shown


class TestForms:
    def test_a_membership(self, who: Characters, person: Person) -> None:
        client = logged_in(who.worker)
        add = reverse("groups:add", args=["low_income"])
        wrong = client.post(f"{add}?person={person.pk}", {"since": "2026-01-01"})
        assert wrong.status_code == 422
        assert "请选择" in text(wrong)
        data = {
            "class_code": "1",
            "certificate": "B2020",
            "evidence": "确认文书",
            "since": "2026-01-01",
            "amount": "900",
        }
        assert client.post(f"{add}?person={person.pk}", data).status_code == 302
        made = Membership.objects.get()
        assert (made.certificate, made.review_on) == ("B2020", date(2027, 1, 1))
        edit = reverse("groups:edit", args=[made.pk])
        assert "B2020" not in text(client.get(edit))
        assert client.post(edit, data | {"certificate": "", "amount": "950"}).status_code == 302
        made.refresh_from_db()
        assert (made.certificate, int(made.amount or 0)) == ("B2020", 950)
        assert client.post(reverse("groups:confirm", args=[made.pk]), {"on": "2026-06-01"}).status_code == 302
        shown = client.post(reverse("groups:certificate", args=[made.pk]), {"purpose": "核对证件"})
        assert "B2020" in text(shown)
        assert Disclosure.objects.count() == 1
        end = reverse("groups:end", args=[made.pk])
        assert client.post(end, {"on": "2026-07-01"}).status_code == 422
        assert client.post(end, {"on": "2026-07-01", "reason": "年审未通过"}).status_code == 302
        made.refresh_from_db()
        assert made.period.upper == date(2026, 7, 1)

    def test_many_from_the_list_of_residents(self, who: Characters, person: Person) -> None:
        client = logged_in(who.worker)
        answer = client.post(reverse("people:list"), {"action": "groups", "pk": [person.pk]})
        assert answer.headers["Location"] == reverse("groups:add_people")
        assert "已选 1 人" in text(client.get(reverse("groups:add_people")))
        answer = client.post(
            reverse("groups:add_people"),
            {"group": "volunteer", "evidence": "志愿者注册", "since": "2026-01-01"},
            follow=True,
        )
        assert "已加入 1 人" in text(answer)
        assert Membership.objects.get().person_id == person.pk

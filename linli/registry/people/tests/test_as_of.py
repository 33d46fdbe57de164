"""As of: what was true of a day is found again after whatever happened later, in lists, figures and pages alike."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from linli.access.models import Permission, Post, Role, User
from linli.access.testing import COMMUNITY, NEIGHBOUR, STREET, Characters, characters
from linli.audit.recording import RuleError
from linli.facts.dictionary import dictionary
from linli.facts.plan import Wish, grouped, rows, total
from linli.registry.people import actions, as_of
from linli.registry.people.models import Household, Person, Standing
from linli.registry.people.tests.street import OUTSIDE, make_family, make_homes, register
from linli.registry.people.tests.test_lives import happen
from linli.registry.places.models import Home

pytestmark = pytest.mark.django_db
DAY = date(2025, 12, 31)
VIEW = Permission.VIEW_PEOPLE


def in_base_since(day: date) -> None:
    """As if everything so far had been registered before that day."""
    long_ago = timezone.now() - timedelta(days=(timezone.localdate() - day).days + 10)
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET created_at = %s", [long_ago])
        for table in ("person", "household", "residence", "householdmember", "kinship"):
            cursor.execute(f"DELETE FROM people_{table}event")


@pytest.fixture
def who() -> Characters:
    return characters()


@pytest.fixture
def homes() -> list[Home]:
    return make_homes(count=4)


def figures(user: Any, on: date) -> dict[str, Any]:
    """Everything that is counted: measures by community, people by several elements, lists with their rows."""
    scopes = user.scopes(Permission.VIEW_STATISTICS)
    found: dict[str, Any] = {}
    for key in ("person", "household"):
        subject = dictionary.subject(key)
        for measure, declared in subject.measures.items():
            if not set(declared.where) <= set(subject.conditions):
                continue  # of a group that another test made
            found[f"{key}.{measure}"] = grouped(Wish(key, scopes, on), measure, by_region_length=12)
        for condition, said in subject.conditions.items():
            if said.region == "kept_region":
                continue  # who is kept in the base today, for the proposals of groups
            found[f"{key}?{condition}"] = total(Wish(key, scopes, on, conditions=[condition]))
    for element in (
        "sex",
        "age",
        "political",
        "education",
        "marital",
        "standing",
        "household_size",
        "relation",
    ):
        found[element] = grouped(Wish("person", scopes, on), by=element)
    elements = ["name", "phone", "head_name", "household_number", "spouse_name", "living.place", "political"]
    found["roster"] = list(rows(Wish("person", scopes, on, elements=elements)))
    found["books"] = list(
        rows(Wish("household", scopes, on, elements=["number", "size", "head.name", "address"]))
    )
    people = as_of.people(user, VIEW, on)
    region, standing = as_of.fields(on)
    found["list"] = sorted(people.values_list("pk", region, standing))
    books = as_of.households(user, VIEW, on)
    found["households"] = sorted(books.values_list("pk", region))
    return found


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "in",
                "out",
                "out_hukou",
                "within",
                "family",
                "head",
                "join",
                "leave",
                "death",
                "hukou",
                "fields",
                "new",
            ]
        ),
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(1, 40),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(CHANGES)
@example(
    [("family", 0, 1, 5, 7), ("family", 0, 0, 0, 7)]
)  # the two families trade places, whichever is which
@example([("family", 0, 0, 5, 7), ("family", 0, 1, 0, 7)])
def test_later_changes_leave_a_day_as_it_was(changes: list[tuple[str, int, int, int, int]]) -> None:
    with transaction.atomic():
        user = User.objects.create(username="officer", name="李建民", password="!")
        Post.objects.create(
            user=user, role=Role.STREET_OFFICER, region_code=STREET, valid_from=date(2020, 1, 1)
        )
        homes = [*make_homes(count=3), *make_homes(NEIGHBOUR, count=3, estate="川北小区")]
        make_family(user, homes[0], serial=10)
        make_family(user, homes[3], serial=40)
        Household.objects.filter(home__isnull=True).update(home=homes[0])
        people = list(Person.objects.order_by("id"))
        dictionary.refresh()
        in_base_since(DAY)
        before = figures(user, DAY)
        assert before["person.residents"] == {COMMUNITY: 3, NEIGHBOUR: 3}
        day = DAY
        for number, (event, one, other, home, later) in enumerate(changes):
            day = min(day + timedelta(days=later), timezone.localdate())
            person = people[one]
            with contextlib.suppress(RuleError), transaction.atomic():
                if event == "fields":
                    values = {
                        "name": f"改名{'甲乙丙丁'[number % 4]}",
                        "political": "01",
                        "phone": "13900000000",
                        "education": "20",
                    }
                    actions.update_person(acting_user=user, person_id=person.pk, values=values)
                elif event == "new":
                    register(
                        user, homes[home], "新来的", born=date(1990, 1, 1), serial=100 + number, since=None
                    )
                else:
                    happen(user, event, person, people[other], homes[home], day)
        after = figures(user, DAY)
        for key, value in before.items():
            assert after[key] == value, key
        transaction.set_rollback(True)


def test_the_list_and_the_figures_agree(who: Characters, homes: list[Home]) -> None:
    """The derived columns of today, the list of a past day and the dictionary say the same of today's spells."""
    there = make_homes(NEIGHBOUR, count=1, estate="川北小区")
    make_family(who.worker, homes[0])
    register(who.worker, homes[1], "赵外来", serial=60, hukou=actions.Place(region_code=OUTSIDE))
    register(who.worker, homes[2], "孙待补", serial=61, hukou=None)
    register(who.worker, homes[2], "周分离", serial=62, hukou=actions.Place(region_code=NEIGHBOUR))
    gone = register(who.worker, homes[3], "吴迁走", serial=63)
    actions.move_out(
        acting_user=who.worker,
        person_id=gone.pk,
        on=date(2010, 1, 1),
        went_to=actions.Place(region_code=OUTSIDE),
        with_hukou=True,
    )
    assert there
    yesterday = timezone.localdate() - timedelta(days=1)
    then = {
        pk: (region, standing)
        for pk, region, standing in as_of.people(who.officer, VIEW, yesterday).values_list(
            "pk", "region_on", "standing_on"
        )
    }
    assert then == {one.pk: (one.region_code, one.standing) for one in Person.objects.all()}
    scopes = who.officer.scopes(VIEW)
    said = dict(rows(Wish("person", scopes, yesterday, elements=["standing"])))
    assert {pk: value[0] for pk, value in said.items()} == {
        pk: s for pk, (_r, s) in then.items() if s != Standing.GONE
    }


class TestPages:
    @pytest.fixture
    def client(self, who: Characters) -> Client:
        client = Client()
        client.force_login(who.worker)
        return client

    def test_a_list_shows_who_lived_there_then(
        self, who: Characters, homes: list[Home], client: Client
    ) -> None:
        there = make_homes(NEIGHBOUR, count=1, estate="川北小区")[0]
        _household, head, wife, _son = make_family(who.worker, homes[0])
        in_base_since(DAY)
        actions.move_within(
            acting_user=who.officer,
            person_id=wife.pk,
            home_id=there.pk,
            on=date(2026, 3, 1),
            family=actions.Family(),
        )
        actions.update_person(acting_user=who.worker, person_id=head.pk, values={"name": "王建军"})
        url = reverse("people:list")
        today = client.get(url).content.decode()
        assert "王建军" in today
        assert "李秀英" not in today
        assert "截至今天" in today
        past = client.get(url, {"on": DAY.isoformat()}).content.decode()
        assert "正在看 2025-12-31 的情况" in past
        assert "王建国" in past
        assert "李秀英" in past
        assert "王建军" not in past
        assert reverse("people:person", args=[head.pk]) + "?on=2025-12-31" in past
        assert reverse("people:person", args=[wife.pk]) not in past, (
            "she counts elsewhere now: named, not opened"
        )
        assert "核实日期记为今天" not in past, "nobody is verified on a past day"
        filtered = client.get(url, {"on": DAY.isoformat(), "standing": "living", "sex": "2"}).content.decode()
        assert "李秀英" in filtered
        assert "王建国" not in filtered
        page = client.get(reverse("people:person", args=[head.pk]), {"on": DAY.isoformat()}).content.decode()
        assert "王建国" in page
        assert "65 岁" in page

    def test_households(self, who: Characters, homes: list[Home], client: Client) -> None:
        household, head, wife, _son = make_family(who.worker, homes[0])
        in_base_since(DAY)
        actions.record_death(
            acting_user=who.worker, person_id=head.pk, died=date(2026, 2, 3), new_head_id=wife.pk
        )
        url = reverse("people:households")
        assert "李秀英" in client.get(url).content.decode()
        assert "王建国" in client.get(url, {"on": DAY.isoformat()}).content.decode()
        assert "王建国" not in client.get(url, {"on": DAY.isoformat(), "q": "李秀英"}).content.decode()
        page = client.get(
            reverse("people:household", args=[household.pk]), {"on": DAY.isoformat()}
        ).content.decode()
        assert "户主王建国" in page

    @pytest.mark.parametrize("text", ["2999-01-01", "昨天", "1900-01-01"])
    def test_impossible_days_say_so(
        self, who: Characters, homes: list[Home], client: Client, text: str
    ) -> None:
        page = client.get(reverse("people:list"), {"on": text}).content.decode()
        assert "截至日期" in page
        assert "正在看" not in page

    def test_queries_do_not_grow(self, who: Characters, homes: list[Home], client: Client) -> None:
        def count() -> int:
            with CaptureQueriesContext(
                connection,
            ) as found:
                client.get(reverse("people:list"), {"on": DAY.isoformat()})
            return len(found)

        make_family(who.worker, homes[0])
        count()
        first = count()
        make_family(who.worker, homes[1], serial=50)
        assert count() == first

    def test_neighbours_see_only_their_own_past(self, who: Characters, homes: list[Home]) -> None:
        make_family(who.worker, homes[0])
        in_base_since(DAY)
        client = Client()
        client.force_login(who.neighbour)
        assert "王建国" not in client.get(reverse("people:list"), {"on": DAY.isoformat()}).content.decode()

"""The pages of people: who gets them, what they hide, and that every form reaches its action."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from linli.access.models import Role, User
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.models import Disclosure
from linli.registry.people import actions
from linli.registry.people.models import HEAD, Household, HouseholdMember, Kinship, Person, Residence
from linli.registry.people.tests.street import OUTSIDE, make_family, make_homes, number, register
from linli.registry.places.models import Home

pytestmark = pytest.mark.django_db
OF_PERSON = (
    "person",
    "edit",
    "reveal",
    "move_in",
    "move_within",
    "move_out",
    "correct_living",
    "hukou",
    "death",
    "join",
    "found_household",
    "leave_household",
    "kin",
)
OF_HOUSEHOLD = ("household", "household_edit", "change_head", "move_household")
DRAWER = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "div#drawer-body"}


@pytest.fixture
def who() -> Characters:
    return characters()


@pytest.fixture
def homes() -> list[Home]:
    return make_homes()


@pytest.fixture
def family(who: Characters, homes: list[Home]) -> tuple[Household, Person, Person, Person]:
    return make_family(who.worker, homes[0])


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


class TestWhoSees:
    def test_lists(self, who: Characters, family: tuple) -> None:
        for name in ("list", "households", "register"):
            assert logged_in(who.worker).get(reverse(f"people:{name}")).status_code == 200
            assert logged_in(who.administrator).get(reverse(f"people:{name}")).status_code == 403
            assert logged_in(who.stranger).get(reverse(f"people:{name}")).status_code == 403
            assert Client().get(reverse(f"people:{name}")).status_code == 302
        assert "王建国" in text(logged_in(who.worker).get(reverse("people:list")))
        assert "王建国" not in text(logged_in(who.neighbour).get(reverse("people:list")))

    @pytest.mark.parametrize("name", OF_PERSON)
    def test_pages_of_a_person(self, who: Characters, family: tuple, name: str) -> None:
        url = reverse(f"people:{name}", args=[family[1].pk])
        assert logged_in(who.worker).get(url).status_code == 200
        assert logged_in(who.worker).get(url, **DRAWER).status_code == 200
        assert logged_in(who.officer).get(url).status_code == 200
        assert logged_in(who.neighbour).get(url).status_code == 404
        assert logged_in(who.administrator).get(url).status_code == 403

    @pytest.mark.parametrize("name", OF_HOUSEHOLD)
    def test_pages_of_a_household(self, who: Characters, family: tuple, name: str) -> None:
        url = reverse(f"people:{name}", args=[family[0].pk])
        assert logged_in(who.worker).get(url).status_code == 200
        assert logged_in(who.neighbour).get(url).status_code == 404

    @pytest.mark.parametrize("tab", ["basic", "family", "places", "groups", "history"])
    def test_tabs(self, who: Characters, family: tuple, tab: str) -> None:
        url = reverse("people:person", args=[family[1].pk])
        assert logged_in(who.worker).get(url, {"tab": tab}).status_code == 200
        assert logged_in(who.worker).get(url, {"tab": tab}, **DRAWER).status_code == 200

    def test_posts_of_others_are_404(self, who: Characters, family: tuple) -> None:
        client = logged_in(who.neighbour)
        assert client.post(reverse("people:verify", args=[family[1].pk])).status_code == 404
        assert (
            client.post(reverse("people:death", args=[family[1].pk]), {"died": "2026-01-01"}).status_code
            == 404
        )

    def test_options_keep_to_the_area(self, who: Characters, family: tuple) -> None:
        for name, query in (("options", "王建国"), ("household_options", "王建国")):
            url = reverse(f"people:{name}")
            assert len(logged_in(who.worker).get(url, {"q": query}).json()["results"]) == 1
            assert logged_in(who.neighbour).get(url, {"q": query}).json()["results"] == []
        regions = logged_in(who.worker).get(reverse("people:region_options"), {"q": "怀来"}).json()["results"]
        assert regions[0]["value"] == OUTSIDE


class TestList:
    def test_masks(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[0], "王建国", values={"phone": "13912348017"})
        page = text(logged_in(who.worker).get(reverse("people:list")))
        assert "139****8017" in page
        assert "13912348017" not in page
        assert person.id_number not in page
        assert person.id_number[:6] + "********" + person.id_number[-4:] in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("王建国", {"王建国"}),
            ("建国", {"王建国"}),
            ("wjg", {"王建国"}),
            ("WJ", {"王建国"}),
            ("王", {"王建国", "王磊"}),
            ("8017", {"王建国"}),
            ("13912348017", {"王建国"}),
            ("139 1234 8017", {"王建国"}),
            ("number", {"王建国"}),
            ("新兴小区1号楼101", {"王建国", "王磊"}),
            ("新兴小区", {"王建国", "王磊", "李秀英"}),
            ("没有此人", set()),
            ("0000", set()),
            ("\x00", {"王建国", "王磊", "李秀英"}),
        ],
    )
    def test_search(self, who: Characters, homes: list[Home], query: str, found: set[str]) -> None:
        first = register(who.worker, homes[0], "王建国", serial=7, values={"phone": "13912348017"})
        register(who.worker, homes[0], "王磊", born=date(1990, 1, 1), serial=8)
        register(who.worker, homes[1], "李秀英", born=date(1962, 1, 1), sex="2", serial=9)
        query = first.id_number if query == "number" else query
        page = text(logged_in(who.worker).get(reverse("people:list"), {"q": query}))
        assert {name for name in ("王建国", "王磊", "李秀英") if f">{name}</a>" in page} == found

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({}, {"老王", "小李"}),
            ({"age": "60"}, {"老王"}),
            ({"age": "0-2"}, set()),
            ({"age": "18-34"}, {"小李"}),
            ({"sex": "2"}, {"小李"}),
            ({"standing": "floating"}, {"小李"}),
            ({"standing": "living"}, {"老王", "小李"}),
            ({"standing": "dead"}, {"已故"}),
            ({"standing": "all"}, {"老王", "小李", "已故"}),
            ({"missing": "phone"}, {"老王", "小李"}),
            ({"missing": "household"}, {"小李"}),
            ({"missing": "home"}, set()),
            ({"missing": "verified"}, {"老王", "小李"}),
            ({"region": "110119002001"}, {"老王", "小李"}),
            ({"sort": "-age"}, {"老王", "小李"}),
            ({"sort": "name"}, {"老王", "小李"}),
            ({"sort": "nonsense", "page": "9999", "per_page": "7"}, {"老王", "小李"}),
        ],
    )
    def test_filters(
        self, who: Characters, homes: list[Home], filters: dict[str, str], found: set[str]
    ) -> None:
        register(who.worker, homes[0], "老王", born=date(1950, 1, 1), family=actions.Family())
        register(
            who.worker,
            homes[0],
            "小李",
            born=date(1995, 1, 1),
            sex="2",
            since=date(2020, 1, 1),
            hukou=actions.Place(region_code=OUTSIDE),
        )
        dead = register(who.worker, homes[1], "已故", born=date(1940, 1, 1), serial=3)
        actions.record_death(acting_user=who.worker, person_id=dead.pk, died=date(2026, 1, 1))
        page = text(logged_in(who.worker).get(reverse("people:list"), filters))
        assert {name for name in ("老王", "小李", "已故") if f">{name}</a>" in page} == found

    def test_rows_alone_for_htmx(self, who: Characters, family: tuple) -> None:
        page = text(
            logged_in(who.worker).get(
                reverse("people:list"), HTTP_HX_REQUEST="true", HTTP_HX_TARGET="div#rows"
            )
        )
        assert "王建国" in page
        assert "<html" not in page

    def test_asks_few_questions(
        self, who: Characters, family: tuple, django_assert_max_num_queries: object
    ) -> None:
        client = logged_in(who.worker)
        client.get(reverse("people:list"))
        with django_assert_max_num_queries(18):  # type: ignore[operator]
            client.get(reverse("people:list"))

    def test_counting_begins_with_a_thousand(self, who: Characters, family: tuple) -> None:
        client = logged_in(who.worker)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("people:list"))
        counts = [one["sql"] for one in asked if "COUNT(*)" in one["sql"] and "people_person" in one["sql"]]
        assert counts
        assert all("LIMIT 1001" in sql for sql in counts)

    def test_verifying_picked(self, who: Characters, family: tuple) -> None:
        client = logged_in(who.worker)
        answer = client.post(
            reverse("people:list"), {"action": "verify", "pk": [family[1].pk, family[2].pk, "x"]}, follow=True
        )
        assert "已核实 2 人" in text(answer)
        assert Person.objects.filter(verified_on__isnull=False).count() == 2

    def test_too_many_picked_are_refused(
        self, who: Characters, family: tuple, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("linli.registry.people.extensions.MOST_PICKED", 2)
        answer = logged_in(who.worker).post(
            reverse("people:list"), {"action": "verify", "all": "1"}, follow=True
        )
        assert "一次最多处理 2 人" in text(answer)
        assert not Person.objects.filter(verified_on__isnull=False).exists()

    def test_a_neighbour_cannot_pick_by_number(self, who: Characters, family: tuple) -> None:
        logged_in(who.neighbour).post(reverse("people:list"), {"action": "verify", "pk": [family[1].pk]})
        assert not Person.objects.filter(verified_on__isnull=False).exists()


class TestRegister:
    def test_finds_first(self, who: Characters, family: tuple) -> None:
        client = logged_in(who.worker)
        url = reverse("people:register")
        page = text(client.post(url, {"step": "find", "id_number": family[1].id_number}))
        assert "可能是下面的人" in page
        assert "王建国" in page
        page = text(client.post(url, {"step": "find", "name": "赵新来"}))
        assert "没有查到这个人" in page
        assert 'name="id_number"' in page
        assert client.post(url, {"step": "find"}).status_code == 422

    def test_looks_for_no_wrong_number(self, who: Characters, family: tuple) -> None:
        answer = logged_in(who.worker).post(
            reverse("people:register"), {"step": "find", "id_number": "110119196005061010"}
        )
        assert answer.status_code == 422
        assert "身份证号校验不通过" in text(answer)

    def test_does_not_tell_who_lives_elsewhere(self, who: Characters, family: tuple) -> None:
        page = text(
            logged_in(who.neighbour).post(
                reverse("people:register"), {"step": "find", "id_number": family[1].id_number}
            )
        )
        assert "区域以外登记" in page
        assert "王建国" not in page

    def test_registers(self, who: Characters, homes: list[Home]) -> None:
        data = {
            "step": "save",
            "name": "赵新来",
            "id_number": number(date(1990, 2, 3), "2", 5),
            "home": homes[1].pk,
            "since": "2026-01-02",
            "hukou": "away",
            "hukou_region": OUTSIDE,
            "hukou_address": "沙城镇",
            "family": "new",
        }
        answer = logged_in(who.worker).post(reverse("people:register"), data)
        person = Person.objects.get()
        assert answer.headers["Location"] == person.get_absolute_url()
        assert (person.standing, person.sex, person.birth_date) == ("floating", "2", date(1990, 2, 3))
        assert HouseholdMember.objects.get().relation == HEAD

    def test_joining_or_founding_follows_from_the_home(
        self, who: Characters, homes: list[Home], family: tuple
    ) -> None:
        client = logged_in(who.worker)

        def chosen(query: str) -> list[str]:
            page = text(client.post(reverse("people:register") + query, {"step": "new", "name": "赵新来"}))
            radios = re.findall(r'<input type="radio" name="family"[^>]*>', page)
            assert len(radios) == 3
            return [re.findall('value="([a-z]+)"', one)[0] for one in radios if " checked" in one]

        assert chosen("") == []
        assert chosen(f"?home={homes[0].pk}") == ["join"]
        assert chosen(f"?home={homes[1].pk}") == ["new"]
        assert chosen(f"?household={family[0].pk}&home={homes[0].pk}") == ["join"]

    def test_asks_whether_a_home_is_shared_and_keeps_what_was_typed(
        self, who: Characters, homes: list[Home], family: tuple
    ) -> None:
        client = logged_in(who.worker)
        url = reverse("people:register")
        assert "share_home" not in text(client.post(url, {"step": "new", "name": "赵新来"}))
        data = {
            "step": "save",
            "name": "赵新来",
            "home": homes[0].pk,
            "hukou": "unknown",
            "family": "new",
        }
        answer = client.post(url, data)
        page = text(answer)
        assert answer.status_code == 422
        assert "现住 3 人（王建国、李秀英、王磊）" in page
        assert 'name="share_home"' in page
        assert "赵新来" in page
        assert homes[0].full_address in page
        assert client.post(url, data | {"share_home": "on"}).status_code == 302

    def test_asks_before_moving_in_with_others(
        self, who: Characters, homes: list[Home], family: tuple
    ) -> None:
        person = register(who.worker, homes[1], "赵新来", serial=30)
        client = logged_in(who.worker)
        url = reverse("people:move_within", args=[person.pk])
        assert "share_home" not in text(client.get(url))
        data = {"home": homes[0].pk, "on": "2026-01-05", "family": "keep"}
        assert "share_home" not in text(client.post(url, data | {"on": "昨天"}))
        answer = client.post(url, data)
        assert answer.status_code == 422
        assert 'name="share_home"' in text(answer)
        assert client.post(url, data | {"share_home": "on"}).status_code == 302

    def test_the_permit_has_its_form(self, who: Characters, homes: list[Home]) -> None:
        person = register(who.worker, homes[1], "赵新来", hukou=actions.Place(region_code=OUTSIDE))
        client = logged_in(who.worker)
        url = reverse("people:living", args=[person.pk])
        data = {"permit_number": "1101192024000123", "permit_until": "2026-01-31"}
        assert client.post(url, data).status_code == 302
        page = text(client.get(person.get_absolute_url() + "?tab=places"))
        assert "居住证：1101********0123，有效期至 2026-01-31" in page
        assert "已过期" in page
        form = text(client.get(url))
        assert "1101********0123" in form
        assert "1101192024000123" not in form + page
        assert client.post(url, {"permit_until": "2027-01-31"}).status_code == 302
        spell = Residence.objects.get(person=person, kind="living")
        assert (spell.permit_number, spell.permit_until) == ("1101192024000123", date(2027, 1, 31))

    def test_keeps_what_was_typed(self, who: Characters, homes: list[Home]) -> None:
        data = {
            "step": "save",
            "name": "赵新来",
            "id_number": "1101",
            "home": homes[1].pk,
            "hukou": "away",
            "family": "none",
        }
        answer = logged_in(who.worker).post(reverse("people:register"), data)
        assert answer.status_code == 422
        page = text(answer)
        assert "请选择户籍所在的县区" in page
        assert "身份证号应为 18 位" in page
        assert homes[1].full_address in page
        assert "赵新来" in page


class TestForms:
    def test_edit_hides_and_keeps_numbers(self, who: Characters, family: tuple) -> None:
        person = family[1]
        client = logged_in(who.worker)
        url = reverse("people:edit", args=[person.pk])
        assert person.id_number not in text(client.get(url))
        data = {
            "name": "王建国",
            "id_kind": "01",
            "sex": "1",
            "birth_date": "1960-05-06",
            "occupation": "木工",
        }
        assert client.post(url, data).status_code == 302
        person.refresh_from_db()
        assert (person.occupation, len(person.id_number)) == ("木工", 18)
        answer = client.post(url, data | {"phone": "123"})
        assert answer.status_code == 422
        assert "手机号码应为 11 位" in text(answer)

    def test_health_is_for_those_who_may_see_sensitive_groups(self, who: Characters, family: tuple) -> None:
        person = family[1]
        actions.update_person(acting_user=who.worker, person_id=person.pk, values={"health": "31"})
        post = who.neighbour.posts.get()
        post.role, post.region_code = Role.GRID_WORKER, COMMUNITY
        post.save()
        edit = reverse("people:edit", args=[person.pk])
        assert "心血管病" in text(logged_in(who.worker).get(person.get_absolute_url()))
        client = logged_in(User.objects.get(pk=who.neighbour.pk))
        assert "心血管病" not in text(client.get(person.get_absolute_url()))
        assert "心血管病" not in text(client.get(edit))
        assert "心血管病" not in text(client.get(person.get_absolute_url(), {"tab": "history"}))
        assert client.post(edit, {"name": "王建国", "occupation": "木工", "health": "10"}).status_code == 302
        person.refresh_from_db()
        assert (person.occupation, person.health) == ("木工", "31")

    def test_reveal_needs_a_purpose_and_is_recorded(self, who: Characters, family: tuple) -> None:
        client = logged_in(who.worker)
        url = reverse("people:reveal", args=[family[1].pk])
        assert client.post(url, {"purpose": ""}).status_code == 422
        assert not Disclosure.objects.exists()
        assert family[1].id_number in text(client.post(url, {"purpose": "电话核实"}, **DRAWER))
        assert Disclosure.objects.get().purpose == "电话核实"

    def test_a_life(self, who: Characters, homes: list[Home], family: tuple) -> None:
        household, head, wife, son = family
        client = logged_in(who.worker)

        def send(name: str, pk: int, **data: object) -> None:
            answer = client.post(reverse(f"people:{name}", args=[pk]), data)
            assert answer.status_code == 302, text(answer)

        send("move_within", son.pk, home=homes[1].pk, on="2026-01-05", family="new")
        own = HouseholdMember.objects.get(person=son, period__endswith__isnull=True)
        assert own.relation == HEAD
        send("join", wife.pk, household=own.household_id, relation="52", on="2026-02-01")
        send("leave_household", wife.pk, on="2026-03-01", reason="登记有误")
        send("join", wife.pk, household=household.pk, relation="12", on="2026-03-02")
        send("kin", head.pk, relation="spouse", relative=wife.pk, since="1985-01-01")
        send("end_kin", Kinship.objects.get(person=head).pk, on="2026-03-03")
        send("change_head", household.pk, new_head=wife.pk, on="2026-03-04")
        send("move_household", household.pk, home=homes[2].pk, on="2026-03-05", people=[head.pk, wife.pk])
        assert Residence.objects.filter(home=homes[2], kind="living").count() == 2
        send("household_edit", household.pk, number="H 100", kind="family", home=homes[2].pk)
        send("hukou", head.pk, hukou="away", hukou_region=OUTSIDE, on="2026-03-06")
        send("move_out", head.pk, on="2026-03-07", went_region=OUTSIDE, went_address="沙城镇")
        send("move_in", head.pk, home=homes[0].pk, on="2026-03-08", family="new")
        send("correct_living", head.pk, home=homes[1].pk, reason="门牌看错")
        send("death", head.pk, died="2026-03-10")
        send("withdraw_death", head.pk, reason="同名误登")
        send("found_household", head.pk, home=homes[1].pk, on="2026-03-11", kind="living")
        send("verify", head.pk)
        head.refresh_from_db()
        assert (head.standing, head.death_date) == ("floating", None)

    def test_refusals_stand_beside_their_field(self, who: Characters, family: tuple) -> None:
        head = family[1]
        client = logged_in(who.worker)
        for name, data, said in (
            ("move_out", {"on": "1999-01-01"}, "日期应晚于"),
            ("move_out", {"on": "2999-01-01"}, "还没有到"),
            ("move_out", {"on": "昨天"}, "2026-01-31"),
            ("move_within", {"home": "99999999", "on": "2026-01-01", "family": "keep"}, ""),
            ("death", {"died": "1950-01-01"}, "早于出生日期"),
            ("join", {"on": "2026-01-01"}, "从列表中选择"),
        ):
            answer = client.post(reverse(f"people:{name}", args=[head.pk]), data)
            assert answer.status_code == (422 if said else 404), name
            assert said in text(answer)

    def test_who_lives_elsewhere_is_not_moved_along(self, who: Characters, family: tuple) -> None:
        household, head, wife, _son = family
        actions.move_out(
            acting_user=who.worker,
            person_id=wife.pk,
            on=date(2026, 1, 5),
            went_to=actions.Place(region_code=OUTSIDE),
        )
        page = text(logged_in(who.worker).get(reverse("people:move_household", args=[household.pk])))
        ticked = set(re.findall(r'name="people" value="(\d+)"[^>]*checked', page))
        assert str(head.pk) in ticked
        assert str(wife.pk) not in ticked

    def test_relation_is_put_right(self, who: Characters, family: tuple) -> None:
        household, _head, _wife, son = family
        url = reverse("people:set_relation", args=[household.pk, son.pk])
        client = logged_in(who.worker)
        assert client.get(url).status_code == 200
        assert client.post(url, {"relation": "22"}).status_code == 302
        assert logged_in(who.neighbour).get(url).status_code == 404


def test_the_home_shows_who_lives_there(who: Characters, homes: list[Home], family: tuple) -> None:
    url = reverse("places:home", args=[homes[0].pk])
    page = text(logged_in(who.worker).get(url))
    assert "王建国" in page
    assert "李秀英" in page
    assert "王建国" not in text(logged_in(who.department).get(url))


def test_global_search_finds_people(who: Characters, family: tuple) -> None:
    url = reverse("search_suggest")
    assert "王建国" in text(logged_in(who.worker).get(url, {"q": "wjg"}))
    assert "王建国" not in text(logged_in(who.neighbour).get(url, {"q": "wjg"}))

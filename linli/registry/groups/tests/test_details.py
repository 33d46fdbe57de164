"""What groups ask besides: shapes and definitions without a database; memberships, dictionary and pages with one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pgtrigger
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from linli.access.guard import NotPermitted
from linli.access.models import Role
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit import history
from linli.audit.recording import SYSTEM, RuleError
from linli.facts import plan
from linli.facts.dictionary import dictionary
from linli.facts.sight import withheld
from linli.kernel.scope import Scope
from linli.registry.groups import actions, detail_rules, detail_seeds, detailing
from linli.registry.groups.detail_rules import Detail
from linli.registry.groups.models import Group
from linli.registry.groups.seeds import SEEDS, ensure_groups
from linli.registry.people.actions import Family
from linli.registry.people.models import Person
from linli.registry.people.tests.street import make_homes, register

CAUSES = ({"code": "1", "label": "先天"}, {"code": "2", "label": "疾病"})
ASKS = (
    Detail("branch", "所在党支部"),
    Detail("joined_on", "入党日期", detail_rules.DATE),
    Detail("cause", "残疾原因", detail_rules.CODE, options=CAUSES),
    Detail("income", "月收入", detail_rules.MONEY),
    Detail("times", "次数", detail_rules.NUMBER, unit="次"),
    Detail("card", "是否持证", detail_rules.FLAG),
)
BY_CODE = {one.code: one for one in ASKS}
TODAY = date(2026, 11, 26)


def put(kept: dict[str, Any], **values: Any) -> dict[str, Any]:
    return detail_rules.merged(ASKS, kept, values, born=date(1950, 1, 1), today=TODAY)


class TestShapes:
    def test_values_are_kept_in_one_shape_and_told_in_words(self) -> None:
        kept = put(
            {},
            branch="  第一 支部 ",
            joined_on=date(1985, 7, 1),
            cause="2",
            income=Decimal("1250.5"),
            times="3",
            card="否",
        )
        assert kept == {
            "branch": "第一 支部",
            "joined_on": "1985-07-01",
            "cause": "2",
            "income": "1250.50",
            "times": 3,
            "card": False,
        }
        assert detail_rules.in_words(ASKS, kept) == [
            ("所在党支部", "第一 支部"),
            ("入党日期", "1985-07-01"),
            ("残疾原因", "疾病"),
            ("月收入", "1,250.50 元"),
            ("次数", "3 次"),
            ("是否持证", "否"),
        ]

    def test_a_blank_takes_away_and_what_is_not_given_stays(self) -> None:
        assert put({"branch": "甲", "cause": "1"}, branch="", income=None) == {"cause": "1"}

    @pytest.mark.parametrize(
        ("code", "value", "said"),
        [
            ("branch", "长" * 101, "最多 100 个字"),
            ("joined_on", "去年", "这样的日期"),
            ("joined_on", date(1949, 12, 31), "早于出生日期"),
            ("joined_on", date(9999, 1, 1), "年份"),
            ("cause", "9", "请从列表中选择"),
            ("income", "很多", "请填数字"),
            ("income", -1, "0 到"),
            ("times", "2.5", "整数"),
            ("card", "也许", "请选是或否"),
            ("other", "x", "没有这一项"),
        ],
    )
    def test_what_does_not_fit_is_said_in_one_sentence(self, code: str, value: Any, said: str) -> None:
        with pytest.raises(detail_rules.Wrong, match=said) as caught:
            put({}, **{code: value})
        assert caught.value.code == code

    @given(
        st.fixed_dictionaries(
            {},
            optional={
                "branch": st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=40),
                "joined_on": st.dates(date(1950, 1, 1), TODAY),
                "cause": st.sampled_from(["1", "2"]),
                "income": st.decimals(0, 99999, places=2),
                "times": st.integers(0, 999),
                "card": st.booleans(),
            },
        )
    )
    def test_what_was_kept_can_be_given_again_and_changes_nothing(self, values: dict[str, Any]) -> None:
        kept = put({}, **values)
        assert put(kept, **kept) == kept
        assert len(detail_rules.in_words(ASKS, kept)) == len(kept)

    def test_definitions(self) -> None:
        others = list(ASKS)
        assert detail_rules.definition_problem(Detail("own_1", "转正日期", detail_rules.DATE), others) == ""
        for wrong, said in (
            (Detail("own_1", ""), "名称"),
            (Detail("own_1", "长" * 21), "20 个字"),
            (Detail("own_1", "所在党支部"), "已经有"),
            (Detail("own_1", "新", also=("月收入",)), "已经有"),
            (Detail("own_1", "新", "other"), "填什么"),
            (Detail("own_1", "新", detail_rules.CODE, options=CAUSES[:1]), "两项"),
            (Detail("own_1", "新", detail_rules.DATE, options=CAUSES), "请清空"),
        ):
            assert said in detail_rules.definition_problem(wrong, others)
        many = [Detail(f"own_{n}", f"第{n}项") for n in range(detail_rules.MOST_DETAILS)]
        assert "最多" in detail_rules.definition_problem(Detail("x", "又一项"), many)

    def test_codes_are_not_given_twice(self) -> None:
        assert detail_rules.next_code([Detail("branch", "甲"), Detail("own_3", "乙")]) == "own_4"
        assert detail_rules.next_code([]) == "own_1"

    def test_what_the_starting_groups_ask_is_well_formed_and_read_back(self) -> None:
        for seed in SEEDS:
            asks = detail_rules.read(seed["details"])
            assert [one.as_json() for one in asks] == seed["details"]
            assert len({one.code for one in asks}) == len(asks)
            for one in asks:
                others = [each for each in asks if each.code != one.code]
                assert detail_rules.definition_problem(one, others) == "", (seed["code"], one.label)
        taken = {"class", "level", "since", "ended", "amount", "persons"}
        assert not taken & {one.code for asks in detail_seeds.DETAILS.values() for one in asks}
        assert set(detail_seeds.DETAILS) <= {seed["code"] for seed in SEEDS}


pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Characters:
    ensure_groups(acting_user=SYSTEM)
    return characters()


@pytest.fixture
def person(who: Characters) -> Person:
    return register(who.worker, make_homes()[0], "王建国", family=Family(kind="family"))


def join(who: Characters, person: Person, **details: Any) -> Any:
    return actions.add_membership(
        acting_user=who.worker,
        person_id=person.pk,
        group_code="party",
        class_code="1",
        evidence="组织关系介绍信",
        since=date(2020, 1, 1),
        details=details,
    )


@contextmanager
def on_the_day(day: date) -> Iterator[None]:
    """What is written of memberships inside was recorded on an earlier day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce((SELECT max(id) FROM groups_membership), 0)")
        (made,) = cursor.fetchone()
        cursor.execute("SELECT coalesce((SELECT max(pgh_id) FROM groups_membershipevent), 0)")
        (changed,) = cursor.fetchone()
        yield
        moment = timezone.make_aware(datetime.combine(day, time(12)))
        with pgtrigger.ignore():
            cursor.execute("UPDATE groups_membership SET created_at = %s WHERE id > %s", [moment, made])
            cursor.execute(
                "UPDATE groups_membershipevent SET pgh_created_at = %s WHERE pgh_id > %s", [moment, changed]
            )


def told(person: Person, path: str, on: date = date(2026, 11, 1)) -> Any:
    wish = plan.Wish(subject="person", scopes=(Scope.of(COMMUNITY),), on=on, elements=(path,))
    words = dictionary.refresh()
    return next(values[0] for pk, values in plan.rows(wish, words) if pk == person.pk)


class TestMemberships:
    def test_details_are_written_read_by_the_dictionary_and_kept_in_the_history(
        self, who: Characters, person: Person
    ) -> None:
        made = join(who, person, branch="第一党支部", joined_on=date(1999, 7, 1), floating_card=False)
        assert told(person, "party_branch") == "第一党支部"
        assert told(person, "party_joined_on") == date(1999, 7, 1)
        assert told(person, "party_floating_card") is False
        assert told(person, "household.party_branch") == "第一党支部"
        actions.update_membership(
            acting_user=who.worker, membership_id=made.pk, details={"branch": "第二党支部", "post": "书记"}
        )
        made.refresh_from_db()
        assert made.details["joined_on"] == "1999-07-01"
        assert told(person, "party_branch") == "第二党支部"
        (change,) = history.changes(made)
        assert "所在党支部 第一党支部" in change.before
        assert "党内职务 书记" in change.after

    def test_what_was_told_is_read_as_it_was_recorded_on_the_day(
        self, who: Characters, person: Person
    ) -> None:
        with on_the_day(timezone.localdate() - timedelta(days=500)):
            aid = actions.add_membership(
                acting_user=who.worker,
                person_id=person.pk,
                group_code="low_income",
                class_code="1",
                certificate="低保0001",
                evidence="审批表",
                amount=Decimal(600),
                since=date(2020, 1, 1),
                details={"income": "1200"},
            )
            party = join(who, person, branch="第一党支部")
        with on_the_day(timezone.localdate() - timedelta(days=100)):
            actions.update_membership(
                acting_user=who.worker,
                membership_id=aid.pk,
                certificate="低保0002",
                amount=Decimal(900),
                class_code="2",
                details={"income": "300"},
            )
            actions.update_membership(
                acting_user=who.worker, membership_id=party.pk, details={"branch": "第二党支部"}
            )
        paths = (
            "party_branch",
            "household.party_branch",
            "low_income_income",
            "low_income_class",
            "low_income.certificate",
            "aid_certificate",
            "household.low_income_amount",
        )
        last_year, lately = (timezone.localdate() - timedelta(days=n) for n in (300, 50))
        before = ["第一党支部", "第一党支部", Decimal(1200), "1", "低保0001", "低保0001", Decimal(600)]
        after = ["第二党支部", "第二党支部", Decimal(300), "2", "低保0002", "低保0002", Decimal(900)]
        assert [told(person, path, last_year) for path in paths] == before
        assert [told(person, path, lately) for path in paths] == after
        assert [told(person, path, timezone.localdate()) for path in paths] == after
        words = dictionary.refresh()
        for on, paid in ((last_year, 600), (lately, 900)):
            wish = plan.Wish(subject="person", scopes=(Scope.of(COMMUNITY),), on=on)
            assert plan.total(wish, "monthly_aid", words) == paid

        # Told for the first time after the day: what is known now is shown of that day too.
        assert told(person, "party_branch", timezone.localdate() - timedelta(days=700)) == "第二党支部"

    def test_the_roster_of_a_past_day_says_what_was_recorded_then(
        self, who: Characters, person: Person
    ) -> None:
        today = timezone.localdate()
        with on_the_day(today - timedelta(days=500)):
            made = actions.add_membership(
                acting_user=who.worker,
                person_id=person.pk,
                group_code="disabled",
                class_code="4",
                level_code="3",
                certificate="11010519491231002X43",
                evidence="残疾人证",
                since=date(2020, 1, 1),
            )
        actions.update_membership(acting_user=who.worker, membership_id=made.pk, level_code="2")
        group = made.group
        before, now = group.level_label("3"), group.level_label("2")
        client = Client()
        client.force_login(who.worker)
        then = (today - timedelta(days=100)).isoformat()
        roster = reverse("groups:roster", args=["disabled"])

        def cells(query: str) -> str:
            page = client.get(f"{roster}{query}").content.decode()
            return page.partition("<tbody")[2].partition("</tbody")[0]

        assert before in cells(f"?on={then}")
        assert now not in cells(f"?on={then}")
        assert now in cells("")
        assert person.name in cells(f"?on={then}&level_code=3")
        assert person.name not in cells(f"?on={then}&level_code=2")
        assert person.name in cells("?level_code=2")

    def test_a_detail_that_does_not_fit_names_its_field_and_writes_nothing(
        self, who: Characters, person: Person
    ) -> None:
        with pytest.raises(RuleError, match="早于出生日期") as caught:
            join(who, person, joined_on=date(1900, 1, 1))
        assert caught.value.field == "detail_joined_on"
        assert not person.groups.exists()

    def test_details_of_sensitive_groups_are_only_for_those_who_see_them(self, who: Characters) -> None:
        words, scopes = dictionary.refresh(), [Scope.of(COMMUNITY)]
        walker = who.neighbour
        walker.posts.update(role=Role.GRID_WORKER, region_code=COMMUNITY)
        for path, hidden in (("low_income_income", ["低保月收入"]), ("party_joined_on", [])):
            assert withheld("person", who.worker, scopes, paths=[path], words=words) == []
            assert withheld("person", walker, scopes, paths=[path], words=words) == hidden

    def test_a_base_from_before_gets_the_details_and_one_of_its_own_stays(self, who: Characters) -> None:
        Group.objects.update(details=[])
        ensure_groups(acting_user=SYSTEM)
        party = Group.objects.get(code="party")
        assert [one.code for one in party.asks] == [one.code for one in detail_seeds.DETAILS["party"]]
        detailing.remove_detail(acting_user=who.administrator, group_id=party.pk, code="first_branch")
        ensure_groups(acting_user=SYSTEM)
        party.refresh_from_db()
        assert "first_branch" not in [one.code for one in party.asks]


class TestDefining:
    def test_administrators_add_change_and_remove_on_pages(self, who: Characters, person: Person) -> None:
        client = Client()
        client.force_login(who.administrator)
        group = Group.objects.get(code="volunteer")
        add = reverse("groups:detail_add", args=[group.pk])
        assert "填什么" in client.get(add).content.decode()
        answer = client.post(
            add, {"label": "马甲尺码", "kind": "code", "options": "大\n中", "also": "衣服尺码"}
        )
        assert answer.status_code == 302
        group.refresh_from_db()
        made = group.asks[-1]
        assert (made.code, made.also, len(made.options)) == ("own_1", ("衣服尺码",), 2)
        assert (
            "马甲尺码"
            in client.get(f"{reverse('groups:kind', args=[group.pk])}?tab=details").content.decode()
        )
        edit = reverse("groups:detail_edit", args=[group.pk, made.code])
        assert "衣服尺码" in client.get(edit).content.decode()

        worker = Client()
        worker.force_login(who.worker)
        form = {
            "evidence": "志愿者注册",
            "since": "2026-01-05",
            "detail_own_1": "1",
            "detail_free_time": "周末",
        }
        address = f"{reverse('groups:add', args=['volunteer'])}?person={person.pk}"
        assert worker.post(address, form).status_code == 302
        membership = person.groups.get()
        assert membership.details == {"own_1": "1", "free_time": "周末"}
        page = worker.get(reverse("groups:membership", args=[membership.pk])).content.decode()
        assert "马甲尺码" in page
        assert "周末" in page
        shown = worker.get(reverse("groups:edit", args=[membership.pk])).content.decode()
        assert 'value="周末"' in shown

        refused = client.post(edit, {"label": "马甲尺码", "kind": "code", "options": "2 中\n小"})
        assert refused.status_code == 422
        assert "还有成员填的是“大”" in refused.content.decode()
        refused = client.post(edit, {"label": "马甲尺码", "kind": "text"})
        assert "不能改填法" in refused.content.decode()
        gone = reverse("groups:detail_remove", args=[group.pk, made.code])
        assert "不能删除" in client.post(gone).content.decode()
        actions.update_membership(acting_user=who.worker, membership_id=membership.pk, details={"own_1": ""})
        assert client.post(gone).status_code == 302
        group.refresh_from_db()
        assert "own_1" not in [one.code for one in group.asks]

    def test_only_administrators(self, who: Characters) -> None:
        group = Group.objects.get(code="volunteer")
        with pytest.raises(NotPermitted):
            detailing.add_detail(acting_user=who.worker, group_id=group.pk, label="甲", kind="text")
        assert Client().get(reverse("groups:detail_edit", args=[group.pk, "nothing"])).status_code in (
            302,
            404,
        )

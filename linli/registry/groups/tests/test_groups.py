"""Groups: rules without a database, actions and permissions with one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from linli.access.guard import NotPermitted
from linli.access.models import Role
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.models import Disclosure, Event
from linli.audit.recording import SYSTEM, RuleError
from linli.registry.groups import actions, rules
from linli.registry.groups.models import Membership
from linli.registry.groups.rules import Kind
from linli.registry.groups.seeds import SEEDS, ensure_groups
from linli.registry.people import actions as people_actions
from linli.registry.people.models import Person
from linli.registry.people.tests.street import make_homes, register

DISABLED = Kind("残疾人", ("1", "2"), ("1", "2", "3", "4"), True)
REVIEWED = Kind("低保", review_months=12)
PLAIN = Kind("志愿者")
TODAY = date(2026, 11, 22)


class TestRules:
    def test_class_and_level_must_be_the_groups(self) -> None:
        assert rules.class_problem(DISABLED, "1") == "" == rules.level_problem(DISABLED, "4")
        assert "没有这个类别" in rules.class_problem(DISABLED, "9")
        assert "请选择" in rules.level_problem(DISABLED, "")
        assert "留空" in rules.class_problem(PLAIN, "1")

    def test_evidence_and_certificate(self) -> None:
        assert "认定依据" in rules.evidence_problem(" ")
        assert rules.evidence_problem("入户核实") == ""
        assert "证件号" in rules.certificate_problem(DISABLED, "")
        assert rules.certificate_problem(PLAIN, "") == ""

    @pytest.mark.parametrize(
        ("on", "months", "until", "expected"),
        [
            (date(2026, 1, 31), 1, None, date(2026, 2, 28)),
            (date(2026, 12, 1), 12, None, date(2027, 12, 1)),
            (date(2026, 6, 30), 6, None, date(2026, 12, 30)),
            (date(2026, 1, 1), 12, date(2026, 6, 1), date(2026, 6, 1)),
            (date(2026, 1, 1), 0, None, None),
        ],
    )
    def test_next_review(self, on: date, months: int, until: date | None, expected: date | None) -> None:
        assert rules.next_review(Kind("x", review_months=months), on, until) == expected

    @given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 60))
    def test_the_review_falls_in_the_right_month(self, on: date, months: int) -> None:
        due = rules.next_review(Kind("x", review_months=months), on)
        assert due is not None
        assert (due.year * 12 + due.month) - (on.year * 12 + on.month) == months
        assert due.day <= on.day

    @pytest.mark.parametrize(
        ("code", "sex", "born", "is_here", "says"),
        [
            ("elderly_alone", "1", date(1966, 11, 22), True, ""),
            ("elderly_alone", "1", date(1966, 11, 23), True, "年满 60 周岁，这位居民在 2026-11-22 是 59 岁"),
            ("elderly_alone", "1", date(1950, 1, 1), False, "不住在本辖区"),
            ("elderly_alone", "1", None, True, "补登"),
            ("empty_nest", "2", date(1988, 1, 1), True, "60"),
            ("old_age_allowance", "2", date(1946, 11, 22), True, ""),
            ("old_age_allowance", "2", date(1946, 11, 23), True, "80"),
            ("age_4050", "2", date(1986, 11, 22), True, ""),
            ("age_4050", "1", date(1986, 11, 22), True, "男性年满 50 周岁"),
            ("age_4050", "0", date(1966, 11, 22), True, "性别"),
            ("left_behind_child", "1", date(2010, 11, 22), True, "未满 16 周岁"),
            ("left_behind_child", "1", date(2010, 11, 23), True, ""),
            ("low_income", "1", None, True, ""),
            ("low_income", "1", None, False, "不住在本辖区"),
            ("volunteer", "0", None, False, ""),
        ],
    )
    def test_whom_a_group_is_for(
        self, code: str, sex: str, born: date | None, is_here: bool, says: str
    ) -> None:
        said = rules.limits_problem(
            code, "某人群", sex=sex, born=born, is_here=is_here, died=None, on=date(2026, 11, 22)
        )
        assert says in said
        assert bool(said) == bool(says)

    def test_limits_are_of_groups_that_there_are(self) -> None:
        assert set(rules.LIMITS) <= {seed["code"] for seed in SEEDS}

    def test_what_is_due(self) -> None:
        assert rules.due(TODAY, until=None, review_on=date(2026, 11, 20)) == rules.Due(
            "danger", "复核已逾期 2 天"
        )
        assert rules.due(TODAY, until=None, review_on=date(2026, 12, 2)) == rules.Due("warn", "10 天后复核")
        assert rules.due(TODAY, until=date(2026, 12, 22), review_on=None) == rules.Due("warn", "30 天后到期")
        assert rules.due(TODAY, until=None, review_on=date(2027, 12, 2)) is None
        assert rules.due(TODAY, until=TODAY, review_on=None) == rules.Due("", "已于 2026-11-22 结束")


@pytest.fixture
def who(db: None) -> Characters:
    ensure_groups(acting_user=SYSTEM)
    return characters()


@pytest.fixture
def person(who: Characters) -> Person:
    return register(who.worker, make_homes()[0], "王建国")


def add(user: object, person: Person, group: str = "volunteer", **more: object) -> Membership:
    more.setdefault("evidence", "入户核实")
    return actions.add_membership(acting_user=user, person_id=person.pk, group_code=group, **more)  # type: ignore[arg-type]


class TestActions:
    def test_adds_with_review_date(self, who: Characters, person: Person) -> None:
        made = add(who.worker, person, "elderly_alone", since=date(2026, 1, 31))
        assert (made.region_code, made.review_on) == (COMMUNITY, date(2026, 7, 31))
        assert Event.objects.latest("id").summary == "王建国 加入人群：独居老人"

    def test_sensitive_groups_are_not_named_in_events(self, who: Characters, person: Person) -> None:
        made = add(
            who.worker, person, "disabled", class_code="4", level_code="2", certificate="11011919600506101 42"
        )
        event = Event.objects.latest("id")
        assert (event.summary, event.target_type, event.target_id) == (
            "王建国 加入人群：（敏感类人群）",
            "groups.membership",
            made.pk,
        )
        assert actions.in_words(made) == "残疾人（肢体残疾，二级）"

    @pytest.mark.parametrize(
        ("group", "more", "field"),
        [
            ("disabled", {"class_code": "9", "level_code": "1", "certificate": "1"}, "class_code"),
            ("disabled", {"class_code": "1", "certificate": "1"}, "level_code"),
            ("disabled", {"class_code": "1", "level_code": "1"}, "certificate"),
            ("volunteer", {"class_code": "1"}, "class_code"),
            ("volunteer", {"evidence": ""}, "evidence"),
            ("volunteer", {"since": date(1950, 1, 1)}, "since"),
            ("volunteer", {"since": date(2999, 1, 1)}, "since"),
            ("volunteer", {"since": date(2026, 1, 2), "until": date(2026, 1, 2)}, "until"),
            ("low_income", {"class_code": "1", "certificate": "1", "amount": Decimal(-1)}, "amount"),
        ],
    )
    def test_refuses(
        self, who: Characters, person: Person, group: str, more: dict[str, object], field: str
    ) -> None:
        with pytest.raises(RuleError) as refused:
            add(who.worker, person, group, **more)
        assert refused.value.field == field
        assert not Membership.objects.exists()

    def test_once_at_a_time(self, who: Characters, person: Person) -> None:
        first = add(who.worker, person, since=date(2025, 1, 1))
        with pytest.raises(RuleError):
            add(who.worker, person, since=date(2026, 1, 1))
        actions.end_membership(
            acting_user=who.worker, membership_id=first.pk, on=date(2026, 1, 1), reason="本人申请"
        )
        assert add(who.worker, person, since=date(2026, 1, 1)).pk

    def test_ending_needs_a_reason_and_a_later_day(self, who: Characters, person: Person) -> None:
        made = add(who.worker, person, since=date(2026, 1, 1))
        for on, reason, field in ((date(2026, 2, 1), "", "reason"), (date(2026, 1, 1), "本人申请", "on")):
            with pytest.raises(RuleError) as refused:
                actions.end_membership(acting_user=who.worker, membership_id=made.pk, on=on, reason=reason)
            assert refused.value.field == field

    def test_update_writes_only_what_changed(self, who: Characters, person: Person) -> None:
        made = add(who.worker, person, since=date(2026, 1, 1))
        events = Event.objects.count()
        actions.update_membership(acting_user=who.worker, membership_id=made.pk, evidence="入户核实")
        assert Event.objects.count() == events
        actions.update_membership(
            acting_user=who.worker, membership_id=made.pk, evidence="注册证书", since=date(2025, 6, 1)
        )
        made.refresh_from_db()
        assert (made.evidence, made.period.lower) == ("注册证书", date(2025, 6, 1))

    def test_confirming_moves_the_review(self, who: Characters, person: Person) -> None:
        made = add(who.worker, person, "elderly_alone", since=date(2025, 1, 1))
        actions.confirm_membership(acting_user=who.worker, membership_id=made.pk, on=date(2026, 1, 10))
        made.refresh_from_db()
        assert made.review_on == date(2026, 7, 10)

    @pytest.mark.parametrize("role", ["neighbour", "department", "administrator", "stranger"])
    def test_others_may_not(self, who: Characters, person: Person, role: str) -> None:
        made = add(who.worker, person)
        user = getattr(who, role)
        with pytest.raises(NotPermitted):
            add(user, person, "veteran")
        with pytest.raises(NotPermitted):
            actions.end_membership(
                acting_user=user, membership_id=made.pk, on=timezone.localdate(), reason="本人申请"
            )
        with pytest.raises(NotPermitted):
            actions.reveal_certificate(acting_user=user, membership_id=made.pk, purpose="核对证件")

    def test_a_grid_worker_edits_no_groups(self, who: Characters, person: Person) -> None:
        post = who.neighbour.posts.get()
        post.role, post.region_code = Role.GRID_WORKER, COMMUNITY
        post.save()
        with pytest.raises(NotPermitted):
            add(who.neighbour, person)

    def test_revealing_a_certificate_is_recorded(self, who: Characters, person: Person) -> None:
        made = add(who.worker, person, "unemployed", certificate="A123")
        assert (
            actions.reveal_certificate(acting_user=who.worker, membership_id=made.pk, purpose="核对证件")
            == "A123"
        )
        assert Disclosure.objects.get().elements == ["certificate:unemployed"]

    def test_who_is_too_young_or_gone_stays_out(self, who: Characters, person: Person) -> None:
        home = make_homes(estate="二小区")[0]
        young = register(who.worker, home, "李建军", born=date(1988, 1, 1), serial=2)
        with pytest.raises(RuleError, match="年满 60 周岁") as caught:
            add(who.worker, young, "elderly_alone")
        assert caught.value.field == "person"
        people_actions.move_out(
            acting_user=who.worker, person_id=person.pk, on=date(2026, 3, 1), with_hukou=True
        )
        with pytest.raises(RuleError, match="不住在本辖区"):
            add(who.worker, person, "elderly_alone")
        assert actions.add_people(
            acting_user=who.worker,
            person_ids=[young.pk, person.pk],
            group_code="elderly_alone",
            evidence="入户核实",
        ) == (0, 2)
        made = add(who.worker, young, "party", class_code="1", since=date(2020, 1, 1))
        with pytest.raises(RuleError, match="年满 18 周岁"):
            actions.update_membership(acting_user=who.worker, membership_id=made.pk, since=date(2001, 1, 1))

    def test_many_at_once(self, who: Characters, person: Person) -> None:
        other = register(who.worker, make_homes(estate="二小区")[0], "李建军", serial=2)
        add(who.worker, person, since=date(2026, 1, 1))
        ids = [person.pk, other.pk]
        assert actions.add_people(
            acting_user=who.worker, person_ids=ids, group_code="volunteer", evidence="志愿者注册"
        ) == (1, 1)
        assert actions.add_people(
            acting_user=who.neighbour, person_ids=ids, group_code="door_head", evidence="推选"
        ) == (0, 0)
        with pytest.raises(RuleError):
            actions.add_people(
                acting_user=who.worker, person_ids=ids, group_code="disabled", evidence="残疾人证"
            )

    def test_death_ends_memberships(self, who: Characters, person: Person) -> None:
        made = add(who.worker, person, "elderly_alone", since=date(2025, 1, 1))
        people_actions.record_death(acting_user=who.worker, person_id=person.pk, died=date(2026, 3, 1))
        made.refresh_from_db()
        assert made.period.upper == date(2026, 3, 1)
        assert "结束 1 项人群资格" in Event.objects.latest("id").summary
        with pytest.raises(RuleError):
            add(who.worker, person, since=date(2026, 3, 2))

    def test_memberships_follow_the_person(self, who: Characters, person: Person) -> None:
        made = add(who.worker, person)
        home = make_homes("110119002002", 1, "川北小区")[0]
        people_actions.move_within(
            acting_user=who.officer, person_id=person.pk, home_id=home.pk, on=date(2026, 3, 1)
        )
        made.refresh_from_db()
        assert made.region_code == "110119002002"

"""Preparing, issuing, withdrawing, refusing: what is written, what is refused, what the database holds."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from linli.access import sealed_files
from linli.access.guard import NotPermitted
from linli.access.models import Post
from linli.access.roles import Role
from linli.access.testing import COMMUNITY, DISTRICT, NEIGHBOUR, Characters, _user, characters
from linli.audit import history
from linli.audit.models import Disclosure, Event
from linli.audit.recording import RuleError
from linli.certificates import actions, counting, listing
from linli.certificates.models import Certificate, Edition, Kind, Refusal, SealUse, Series, State
from linli.certificates.tests.counter import ANSWERS, BASE, issued, prepared, seal
from linli.facts import plan
from linli.facts.dictionary import dictionary
from linli.kernel.scope import Scope
from linli.notices.models import Notice
from linli.registry.people import actions as people
from linli.registry.people.models import Person
from linli.registry.people.tests.street import make_family, make_homes, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def who() -> Characters:
    return characters()


@pytest.fixture
def family(who: Characters):
    actions.ensure_list()
    homes = make_homes(COMMUNITY, 3)
    _household, head, wife, son = make_family(who.worker, homes[0])
    return homes, head, wife, son


@pytest.fixture
def head_of_community():
    return _user("shuji", "王建华", Role.COMMUNITY_HEAD, COMMUNITY)


@pytest.fixture
def district():
    return _user("quji", "马海英", Role.DISTRICT_OFFICER, DISTRICT)


def test_the_text_says_what_the_registry_says(who, family) -> None:
    _homes, head, _wife, _son = family
    made = prepared(who.worker, head.pk)
    assert made.state == State.DRAFT
    assert made.body == (
        f"兹证明王建国（男，居民身份证号码：{head.id_number}），自2000年1月1日起居住在北京市延庆区香水园街道新兴小区1号楼101室，"
        f"截至{timezone.localdate().year}年{timezone.localdate().month}月{timezone.localdate().day}日仍居住在该处。"
    )
    assert made.holder_masked == "王*国"
    assert made.holder_tail == head.id_number[-4:]


def test_who_lives_together_is_told_with_relations_as_recorded(who, family) -> None:
    _homes, head, wife, son = family
    body = prepared(who.worker, wife.pk, "living_together").body
    assert f"王建国（户主，证件号码末四位{head.id_number[-4:]}）" in body
    assert "李秀英（户主的" in body
    assert "王磊（户主的" in body
    assert head.id_number not in body
    people.move_out(
        acting_user=who.worker,
        person_id=son.pk,
        on=timezone.localdate() - timedelta(days=1),
    )
    assert "王磊" not in prepared(who.worker, wife.pk, "living_together").body


def test_what_is_not_recorded_is_put_right_in_the_registry_first(who, family) -> None:
    homes, *_rest = family
    unknown = register(who.worker, homes[1], "张不详", serial=40, since=None)
    with pytest.raises(RuleError, match="从哪天起住在这里"):
        prepared(who.worker, unknown.pk)
    moved = register(who.worker, homes[1], "张搬走", serial=41)
    people.move_out(acting_user=who.worker, person_id=moved.pk, on=timezone.localdate())
    moved = Person.objects.get(pk=moved.pk)
    with pytest.raises(RuleError, match="现在居住在本社区"):
        prepared(who.worker, moved.pk)


def test_a_past_day_is_read_as_it_was(who, family) -> None:
    homes, _head, _wife, son = family
    today = timezone.localdate()
    people.move_within(acting_user=who.worker, person_id=son.pk, home_id=homes[1].pk, on=today)
    assert "1号楼201室" in prepared(who.worker, son.pk).body
    made = prepared(who.worker, son.pk, as_of=today - timedelta(days=30))
    assert "1号楼101室" in made.body


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purpose": " "}, "purpose"),
        ({"receiver": ""}, "receiver"),
        ({"asker_paper": ""}, "asker_paper"),
        ({"asker_kind": "agent"}, "asker_name"),
        ({"asker_kind": "neighbour"}, "asker_kind"),
        ({"copies": 0}, "copies"),
        ({"code": "kinship"}, "code"),
        ({"code": "no_such"}, "code"),
    ],
)
def test_what_is_asked_must_be_answered(who, family, changes, field) -> None:
    with pytest.raises(RuleError) as told:
        prepared(who.worker, family[1].pk, **changes)
    assert told.value.field == field


def test_neighbours_and_officers_issue_nothing_here(who, family) -> None:
    for stranger in (who.neighbour, who.officer, who.department, who.administrator, who.stranger):
        with pytest.raises(NotPermitted):
            prepared(stranger, family[1].pk)


def test_issuing_freezes_number_text_and_paper(who, family) -> None:
    head = family[1]
    made = issued(who, head.pk, copies=2)
    year = timezone.localdate().year
    assert made.number_text == f"东外社区证字〔{year}〕第0001号"
    assert made.issuer_name == "北京市延庆区香水园街道东外社区居民委员会"
    data = sealed_files.read(made.file)
    assert data.startswith(b"%PDF-")
    assert hashlib.sha256(data).hexdigest() == made.sha256
    line = SealUse.objects.get(certificate=made)
    assert (line.number, line.copies, line.hand, line.requested_by, line.approved_by) == (
        1,
        2,
        "王建华",
        "王建国",
        who.worker.name,
    )
    told = Disclosure.objects.filter(people__person_id=head.pk).latest("pk")
    assert made.receiver.name in told.purpose
    assert "id_number" in told.elements
    assert Event.objects.filter(verb="certificates.issue", target_id=made.pk).exists()
    for field, value in (("number", 7), ("holder_masked", "李*"), ("purpose", "x"), ("sha256", "")):
        with pytest.raises(DatabaseError), transaction.atomic():
            Certificate.objects.filter(pk=made.pk).update(**{field: value})
    with pytest.raises(DatabaseError), transaction.atomic():
        made.delete()


def test_a_certificate_about_several_people_is_disclosed_for_all(who, family) -> None:
    _homes, head, wife, son = family
    issued(who, head.pk, code="living_together")
    told = Disclosure.objects.latest("pk")
    assert set(told.people.values_list("person_id", flat=True)) == {head.pk, wife.pk, son.pk}


def test_a_change_after_the_preview_is_noticed(who, family) -> None:
    head = family[1]
    made = prepared(who.worker, head.pk)
    used = seal()
    people.update_person(acting_user=who.worker, person_id=head.pk, values={"name": "王建邦"})
    ask = {"acting_user": who.worker, "certificate_id": made.pk}
    with pytest.raises(RuleError, match="重新读取底数"):
        actions.issue(**ask, seal_id=used.pk, hand="王建华", base_url=BASE)
    assert "王建邦" in actions.reread(**ask).body
    done = actions.issue(**ask, seal_id=used.pk, hand="王建华", base_url=BASE)
    assert done.holder_masked == "王*邦"


def test_no_seal_no_certificate_and_no_number_lost(who, family) -> None:
    made = prepared(who.worker, family[1].pk)
    with pytest.raises(RuleError, match="印章"):
        actions.issue(
            acting_user=who.worker, certificate_id=made.pk, seal_id=None, hand="王建华", base_url=BASE
        )
    seal()
    other = seal(NEIGHBOUR)
    with pytest.raises(RuleError, match="印章"):
        actions.issue(
            acting_user=who.worker, certificate_id=made.pk, seal_id=other.pk, hand="王建华", base_url=BASE
        )
    with pytest.raises(RuleError, match="盖章人"):
        actions.issue(
            acting_user=who.worker,
            certificate_id=made.pk,
            seal_id=seal().pk,
            hand=" ",
            base_url=BASE,
        )
    assert Certificate.objects.get(pk=made.pk).state == State.DRAFT
    assert issued(who, family[2].pk).number == 1


def test_what_needs_the_head_waits_for_the_head(who, family, head_of_community) -> None:
    made = prepared(who.worker, family[1].pk, "litigation_agent", answers=ANSWERS)
    ask = {"acting_user": who.worker, "certificate_id": made.pk}
    used = seal()
    with pytest.raises(RuleError, match="审批"):
        actions.issue(**ask, seal_id=used.pk, hand="王建华", base_url=BASE)
    actions.submit(**ask)
    assert Notice.objects.filter(user=head_of_community, done_at=None).count() == 1
    with pytest.raises(NotPermitted):
        actions.approve(**ask)
    back = actions.send_back(acting_user=head_of_community, certificate_id=made.pk, reason="案由写全")
    assert (back.state, back.returned) == (State.DRAFT, "案由写全")
    actions.submit(**ask)
    actions.approve(acting_user=head_of_community, certificate_id=made.pk)
    assert not Notice.objects.filter(user=head_of_community, done_at=None).exists()
    done = actions.issue(**ask, seal_id=used.pk, hand="王建华", base_url=BASE)
    assert done.seal_uses.get().approved_by == "王建华"
    assert "推荐赵明理（公民身份号码：11010519491231002X）" in done.body


def test_a_wrong_number_of_the_agent_is_refused(who, family) -> None:
    with pytest.raises(RuleError) as told:
        prepared(
            who.worker,
            family[1].pk,
            "litigation_agent",
            answers=ANSWERS | {"代理人号码": "110105194912310021"},
        )
    assert told.value.field == "answer_代理人号码"


def test_withdrawal_keeps_number_and_paper(who, family) -> None:
    made = issued(who, family[1].pk)
    with pytest.raises(RuleError):
        actions.withdraw(acting_user=who.worker, certificate_id=made.pk, reason=" ")
    gone = actions.withdraw(acting_user=who.worker, certificate_id=made.pk, reason="住址登记错了")
    assert gone.standing() == "withdrawn"
    assert sealed_files.read(gone.file)
    with pytest.raises(RuleError):
        actions.add_copies(
            acting_user=who.worker,
            certificate_id=made.pk,
            copies=1,
            seal_id=seal().pk,
            hand="王建华",
            reason="再要一份",
        )
    assert issued(who, family[1].pk).number == 2


def test_copies_are_logged(who, family) -> None:
    made = issued(who, family[1].pk)
    more = actions.add_copies(
        acting_user=who.worker,
        certificate_id=made.pk,
        copies=3,
        seal_id=made.seal_uses.get().seal_id,
        hand="王建华",
        reason="学校另要",
    )
    assert more.copies == 4
    assert list(made.seal_uses.order_by("number").values_list("number", "copies")) == [(1, 1), (2, 3)]


def test_dropped_ones_take_no_number(who, family) -> None:
    made = prepared(who.worker, family[1].pk)
    dropped = actions.drop(acting_user=who.worker, certificate_id=made.pk, reason="不办了")
    assert dropped.number is None
    assert issued(who, family[1].pk).number == 1


def test_refusals_say_where_to_go(who, family, district) -> None:
    actions.save_office(
        acting_user=district,
        region_code="110119002",
        values={"kind": "police", "name": "香水园派出所", "address": "湖北西路1号", "phone": "010-69100110"},
    )
    made = actions.refuse(
        acting_user=who.worker,
        region_code=COMMUNITY,
        asked="母女关系证明",
        asker="中国 工商银行延庆支行",
        why="not_allowed",
        code="kinship",
        person_id=family[2].pk,
    )
    assert made.number_text.startswith("东外社区不予字〔")
    assert made.offices[0]["name"] == "香水园派出所"
    assert "公证机构" in {one["name"] for one in made.offices}
    assert made.asker.name == "中国工商银行延庆支行"
    assert "民发〔2020〕20号" in made.basis
    assert sealed_files.read(made.file).startswith(b"%PDF-")
    with pytest.raises(DatabaseError), transaction.atomic():
        Refusal.objects.filter(pk=made.pk).update(reason="x")


@pytest.mark.parametrize(
    ("code", "why"), [("residence", "not_listed"), ("residence", "not_allowed"), ("", "facts")]
)
def test_refusals_must_be_right(who, family, code, why) -> None:
    with pytest.raises(RuleError):
        actions.refuse(
            acting_user=who.worker,
            region_code=COMMUNITY,
            asked="居住证明",
            asker="某公司",
            why=why,
            code=code,
            name="王某",
        )


def test_who_keeps_asking_is_counted_and_answered(who, family, district) -> None:
    def refuse(asker: str, code: str = "kinship", **more) -> None:
        actions.refuse(
            acting_user=who.worker,
            region_code=COMMUNITY,
            asked="证明",
            asker=asker,
            why=more.pop("why", "not_allowed"),
            code=code,
            name="王某",
            **more,
        )

    refuse("甲银行")
    refuse("甲银行")
    refuse("甲银行", "alive")
    refuse("乙公司", "alive")
    refuse("丙学校", "residence", why="facts", reason="没有住在这里")
    rows = counting.askings(district)
    assert [(one.name, one.times) for one in rows] == [("甲银行", 3), ("乙公司", 1)]
    assert rows[0].kinds == [("亲属关系证明", 2), ("健在证明", 1)]
    with pytest.raises(NotPermitted):
        actions.answer_asker(acting_user=who.worker, asker_id=rows[0].pk, answer="改")
    actions.answer_asker(acting_user=district, asker_id=rows[0].pk, answer="改为个人承诺")
    refuse("甲银行")
    assert counting.askings(district)[0].since_answer == 1
    assert counting.askings(who.neighbour) == []


def test_the_list_of_a_district_goes_before_but_never_against_the_notice(who, family, district) -> None:
    with pytest.raises(RuleError, match="民发"):
        actions.publish(
            acting_user=district,
            region_code=DISTRICT,
            values={
                "title": "亲属关系证明",
                "basis": "本区规定",
                "standing": "allowed",
                "wording": "{姓名}",
                "askers": ["self"],
            },
            code="kinship",
            reason="本区要求",
        )
    stop = {"title": "居住情况证明", "basis": "本区清单", "standing": "ended"}
    with pytest.raises(RuleError, match="为什么改"):
        actions.publish(acting_user=district, region_code=DISTRICT, values=stop, code="residence")
    stopping = {"region_code": DISTRICT, "values": stop, "code": "residence", "reason": "改为告知承诺"}
    actions.publish(acting_user=district, **stopping)
    assert "residence" not in {one.kind.code for one in listing.allowed(COMMUNITY)}
    assert "residence" in {one.kind.code for one in listing.allowed("")}
    with pytest.raises(RuleError):
        prepared(who.worker, family[1].pk)
    with pytest.raises(NotPermitted):
        actions.publish(acting_user=who.worker, **stopping)
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.update(title="x")


def test_a_district_tells_more_exactly_where_to_go(who, family, district) -> None:
    exact = {
        "title": "居民养犬证明",
        "basis": "《北京市养犬管理规定》",
        "standing": "not_allowed",
        "instead": "到香水园派出所养犬登记窗口办理，每年五月集中年检。",
        "offices": ["police"],
    }
    asked = {"acting_user": district, "region_code": DISTRICT, "code": "dog", "reason": "写明本区窗口"}
    with pytest.raises(RuleError, match="名称"):
        actions.publish(**asked, values={**exact, "title": "养狗证明"})
    with pytest.raises(RuleError, match="不能出具"):
        actions.publish(**asked, values={**exact, "standing": "ended"})
    actions.publish(**asked, values=exact)
    here = listing.one_in_force(COMMUNITY, "dog")
    assert here is not None
    assert "年检" in here.instead
    assert "年检" not in listing.one_in_force("", "dog").instead
    slip = actions.refuse(
        acting_user=who.worker,
        region_code=COMMUNITY,
        asked="养狗证明",
        asker="甲宠物医院",
        why="not_allowed",
        code="dog",
        name="王某",
    )
    assert "年检" in slip.instead


def test_editions_are_a_dated_record_with_reasons(who, family, district) -> None:
    today = timezone.localdate()
    held = listing.one_in_force(DISTRICT, "residence")
    kept = {name: getattr(held, name) for name in ("title", "basis", "wording", "askers", "conditions")}
    for since, days, reason in (
        (today - timedelta(days=30), 60, "居民反映三十天太短"),
        (today, 90, "与本区入学时间衔接"),
    ):
        actions.publish(
            acting_user=district,
            region_code=DISTRICT,
            code="residence",
            since=since,
            reason=reason,
            values={**kept, "standing": "allowed", "days": days},
        )
    assert listing.one_in_force(COMMUNITY, "residence", today - timedelta(days=31)).days == 30
    assert listing.one_in_force(COMMUNITY, "residence", today - timedelta(days=1)).days == 60
    assert listing.one_in_force(COMMUNITY, "residence").days == 90
    latest, before, first = listing.editions_of("residence", ["", DISTRICT])
    assert (latest.edition.reason, latest.is_in_force, latest.until) == ("与本区入学时间衔接", True, None)
    assert before.until == today - timedelta(days=1)
    assert [(one.label, one.before, one.after) for one in latest.changes] == [("有效天数", "60 天", "90 天")]
    assert ("有效天数", "30 天", "60 天") in {(one.label, one.before, one.after) for one in before.changes}
    assert first.where == "系统自带"
    assert first.changes == ()


def test_a_changed_carried_text_is_a_new_edition(who, family) -> None:
    assert actions.ensure_list() == 0
    kind = Kind.objects.get(code="dog", region_code="")
    Edition.objects.create(
        kind=kind, number=2, since=timezone.localdate(), standing="not_allowed", title="旧", basis="旧"
    )
    assert actions.ensure_list() == 1
    newest = kind.editions.first()
    assert (newest.number, newest.title) == (3, "居民养犬证明")
    assert newest.reason
    assert actions.ensure_list() == 0


def test_offices_are_changed_with_a_reason_and_stay_on_record(who, family, district) -> None:
    values = {"kind": "police", "name": "香水园派出所", "address": "妫水北街", "phone": ""}
    office = actions.save_office(acting_user=district, region_code=DISTRICT, values=values)
    moved = {**values, "address": "高塔街"}
    with pytest.raises(RuleError, match="为什么"):
        actions.save_office(acting_user=district, region_code=DISTRICT, values=moved, office_id=office.pk)
    actions.save_office(
        acting_user=district, region_code=DISTRICT, values=moved, office_id=office.pk, reason="搬迁"
    )
    assert [one.address for one in listing.desks(COMMUNITY, ["police"])] == ["高塔街"]
    with pytest.raises(RuleError, match="为什么"):
        actions.remove_office(acting_user=district, office_id=office.pk, reason=" ")
    actions.remove_office(acting_user=district, office_id=office.pk, reason="并入另一所")
    assert [one.name for one in listing.desks(COMMUNITY, ["police"])] == ["公安派出所"]
    office.refresh_from_db()
    assert {one.label for one in history.changes(office)} >= {"地址", "撤下日期"}
    assert [one.reason for one in history.events_of(office)][:2] == ["并入另一所", "搬迁"]


def test_figures_come_out_of_the_dictionary(who, family) -> None:
    issued(who, family[1].pk)
    issued(who, family[2].pk)
    actions.refuse(
        acting_user=who.worker,
        region_code=COMMUNITY,
        asked="健在证明",
        asker="甲公司",
        why="not_allowed",
        code="alive",
        name="王某",
    )
    wish = plan.Wish(
        "community",
        [Scope.of(COMMUNITY)],
        timezone.localdate(),
        ("certificates_this_year", "refusals_this_year"),
    )
    assert [list(values) for _pk, values in plan.rows(wish)] == [[2, 1]]
    here = [Scope.of(COMMUNITY)]
    today = timezone.localdate()

    def total(subject: str, measure: str, *conditions: str) -> Any:
        return plan.total(plan.Wish(subject, here, today, conditions=conditions), measure)

    assert total("certificate", "certificates", "kind_residence") == 2
    assert total("certificate", "certificates", "kind_apart") == 0
    assert total("certificate", "at_once") == 2
    assert total("certificate", "days_total") == 0
    assert total("certificate", "certificates", "numbered_this_month") == 2
    assert total("refusal", "refusals", "kind_alive") == 1
    assert total("refusal", "refusals", "must_not") == 1
    assert total("seal_use", "seal_uses", "of_certificates") == 2
    assert total("seal_use", "seal_uses", "of_others") == 0
    by_month = plan.grouped(plan.Wish("certificate", here, today), "certificates", by="month")
    assert {key: int(n) for key, n in by_month.items()} == {f"{today:%Y-%m}": 2}
    assert "certificates" in dictionary.subject("certificate").measures


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_when_many_issue_at_once(transactional_db) -> None:
    """Eight clerks at once, every third fails after its number was given: 1, 2, 3 … without a gap."""
    who = characters()
    actions.ensure_list()
    home = make_homes(COMMUNITY, 1)[0]
    used = seal()
    made = [
        prepared(who.worker, register(who.worker, home, f"王{name}", serial=60 + n).pk).pk
        for n, name in enumerate("甲乙丙丁戊己庚辛壬癸子丑")
    ]

    def one(place: int) -> int | None:
        try:
            with transaction.atomic():
                found = actions.issue(
                    acting_user=who.worker,
                    certificate_id=made[place],
                    seal_id=used.pk,
                    hand="王建华",
                    base_url=BASE,
                )
                if place % 3 == 2:
                    raise RuleError("printer on fire")
                return found.number
        except RuleError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        given = [number for number in pool.map(one, range(12)) if number is not None]
    assert sorted(given) == list(range(1, 9))
    assert Series.objects.get(sort="certificate").last == 8
    assert sorted(SealUse.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_a_number_that_skips_is_refused_by_the_database(who, family) -> None:
    made = issued(who, family[1].pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        SealUse.objects.create(
            region_code=COMMUNITY,
            seal=made.seal_uses.get().seal,
            issuer_code=COMMUNITY,
            year=made.year,
            number=5,
            paper="x",
            reason="x",
            requested_by="x",
            approved_by="x",
            hand="x",
        )


def test_posts_that_ended_are_not_told(who, family, head_of_community) -> None:
    Post.objects.filter(user=head_of_community).update(valid_to=timezone.localdate())
    made = prepared(who.worker, family[1].pk, "litigation_agent", answers=ANSWERS)
    actions.submit(acting_user=who.worker, certificate_id=made.pk)
    assert not Notice.objects.filter(user=head_of_community).exists()

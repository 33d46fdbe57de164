"""Change requests: proposed by who may not edit, decided by who may, never overwriting silently."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY, Characters, characters
from linli.audit.recording import RuleError
from linli.notices.models import Notice
from linli.registry.changes import actions, facts_of, rules
from linli.registry.changes.models import ChangeRequest, State
from linli.registry.organisations import actions as organisations
from linli.registry.people import actions as people
from linli.registry.people.models import Person
from linli.registry.people.tests.street import make_homes, make_regions, register
from linli.registry.places.models import Home
from linli.registry.sources.models import Claim


@pytest.fixture
def who(db: Any) -> Characters:
    make_regions()
    return characters()


@pytest.fixture
def homes(who: Characters) -> list[Home]:
    return make_homes()


@pytest.fixture
def person(who: Characters, homes: list[Home]) -> Person:
    return register(who.worker, homes[0], "王建国", values={"education": "61", "phone": "13910018017"})


def propose(who: Characters, person: Person, **more: Any) -> ChangeRequest:
    given: dict[str, Any] = {
        "acting_user": who.department,
        "about": "person",
        "target_id": person.pk,
        "element": "education",
        "after": "大学本科教育",
        "reason": "毕业证复印件在我局",
        "by_number": True,
    }
    return actions.propose_change(**(given | more))


def test_every_fact_that_can_be_proposed_is_one() -> None:
    for about in facts_of.ELEMENTS:
        listed = [one for _group, choices in facts_of.choices(about) for one in choices]
        assert all(label for _element, label in listed)
        assert all(facts_of.known(about, element) for element, _label in listed)


def test_a_fact_is_overtaken_when_it_became_something_else() -> None:
    assert not rules.overtaken("61", "61", "20")
    assert not rules.overtaken("61", "20", "20")
    assert rules.overtaken("61", "70", "20")


def test_a_department_proposes_and_the_community_accepts(who: Characters, person: Person) -> None:
    assert actions.find_by_number(who.department, " 王建国 ", person.id_number) == person
    for name, number in (("王建军", person.id_number), ("王建国", "110119196005060000"), ("王建国", "")):
        with pytest.raises(RuleError):
            actions.find_by_number(who.department, name, number)
    made = propose(who, person)
    person.refresh_from_db()
    assert person.education == "61"
    todo = Notice.objects.get(user=who.worker, key=f"change-{made.pk}")
    assert (todo.kind, todo.url) == ("todo", made.get_absolute_url())
    for user in (who.neighbour, who.department, who.administrator):
        with pytest.raises(NotPermitted):
            actions.decide_change(acting_user=user, proposal_id=made.pk, accept=True)
    actions.decide_change(acting_user=who.worker, proposal_id=made.pk, accept=True)
    person.refresh_from_db()
    assert person.education == made.after
    todo.refresh_from_db()
    assert todo.done_at is not None
    assert Notice.objects.filter(user=who.department, title__contains="已采纳").exists()
    assert Claim.objects.get(person=person, element="education").said_by == "延庆区民政局"
    with pytest.raises(RuleError, match="已经处理"):
        actions.decide_change(acting_user=who.worker, proposal_id=made.pk, accept=True)


def test_a_refusal_says_why(who: Characters, person: Person) -> None:
    made = propose(who, person)
    with pytest.raises(RuleError) as refused:
        actions.decide_change(acting_user=who.worker, proposal_id=made.pk, accept=False)
    assert refused.value.field == "answer"
    done = actions.decide_change(
        acting_user=who.worker, proposal_id=made.pk, accept=False, answer="本人说没有读过大学"
    )
    assert done.state == State.REFUSED
    assert Notice.objects.get(user=who.department, title__contains="未采纳").body == "本人说没有读过大学"


def test_what_changed_in_between_is_never_overwritten_silently(who: Characters, person: Person) -> None:
    made = propose(who, person)
    people.update_person(acting_user=who.worker, person_id=person.pk, values={"education": "70"})
    with pytest.raises(RuleError) as refused:
        actions.decide_change(acting_user=who.worker, proposal_id=made.pk, accept=True)
    assert refused.value.field == "anyway"
    person.refresh_from_db()
    assert person.education == "70"
    actions.decide_change(acting_user=who.worker, proposal_id=made.pk, accept=True, anyway=True)
    person.refresh_from_db()
    assert person.education == made.after


def test_numbers_are_sealed_and_masked(who: Characters, person: Person) -> None:
    made = propose(who, person, element="phone", after="139 2222 3333")
    assert (made.before, made.after, made.values) == ("", "", ("13910018017", "13922223333"))
    client = Client()
    client.force_login(who.worker)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "139****3333" in page
    assert "13922223333" not in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": "错"}, "reason"),
        ({"element": "standing"}, "element"),
        ({"after": "读过书"}, "after"),
        ({"after": "普通高级中学教育", "element": "education"}, "after"),
        ({"element": "birth_date", "after": "去年"}, "after"),
        ({"element": "phone", "after": "1391001801"}, "after"),
    ],
)
def test_what_cannot_be_is_refused(
    who: Characters, person: Person, change: dict[str, Any], field: str
) -> None:
    if change.get("after") == "普通高级中学教育":
        change = {"after": person.get_education_display()}
    with pytest.raises(RuleError) as refused:
        propose(who, person, **change)
    assert refused.value.field == field


def test_one_at_a_time_and_taken_back(who: Characters, person: Person) -> None:
    made = propose(who, person)
    with pytest.raises(RuleError, match="还在处理"):
        propose(who, person)
    with pytest.raises(NotPermitted):
        actions.withdraw_change(acting_user=who.worker, proposal_id=made.pk)
    actions.withdraw_change(acting_user=who.department, proposal_id=made.pk)
    assert not Notice.objects.filter(key=f"change-{made.pk}", done_at__isnull=True).exists()
    propose(who, person)


def test_homes_and_organisations(who: Characters, homes: list[Home]) -> None:
    shop = organisations.add_organisation(
        acting_user=who.worker, region_code=COMMUNITY, name="妫川便利店", kind="shop"
    )
    for about, target, element, after in (
        ("home", homes[0], "tenure", "出租"),
        ("organisation", shop, "staff", "5"),
    ):
        made = propose(
            who,
            target,
            about=about,
            element=element,
            after=after,
            by_number=False,  # type: ignore[arg-type]
        )
        actions.decide_change(acting_user=who.worker, proposal_id=made.pk, accept=True)
        target.refresh_from_db()
    assert (homes[0].tenure, shop.staff) == ("let", 5)
    with pytest.raises(NotPermitted):
        propose(who, homes[0], about="home", element="tenure", after="自住", acting_user=who.neighbour)  # type: ignore[arg-type]


def test_a_deed_is_done_before_it_is_accepted(who: Characters, person: Person, homes: list[Home]) -> None:
    made = propose(who, person, element="living", after="搬到2号楼301了", reason="本人到窗口说明")
    assert (made.before, made.after) == (homes[0].full_address, "搬到2号楼301了")
    client = Client()
    client.force_login(who.worker)
    url = made.get_absolute_url()
    page = client.get(url).content.decode()
    assert "辖区内移动" in page
    assert "已办好，告诉提出人" in page
    assert "现在登记的是" not in page
    answer = client.post(url, {"decision": "accept", "answer": ""})
    assert answer.status_code == 422
    assert "请先办好" in answer.content.decode()
    made.refresh_from_db()
    assert made.state == State.OPEN
    people.move_within(
        acting_user=who.worker,
        person_id=person.pk,
        home_id=homes[1].pk,
        on=timezone.localdate(),
    )
    page = client.get(url).content.decode()
    assert "现在登记的是" in page
    assert homes[1].full_address in page
    assert "请核对后再决定" not in page
    assert client.post(url, {"decision": "accept", "answer": ""}).status_code == 302
    made.refresh_from_db()
    assert made.state == State.ACCEPTED
    assert Notice.objects.filter(user=who.department, title__contains="已采纳").exists()


def test_a_deed_that_the_record_does_not_tell_is_taken_at_its_word(
    who: Characters, person: Person, homes: list[Home]
) -> None:
    made = propose(
        who, homes[0], about="home", element="residents", after="现在住的是一家三口", by_number=False
    )  # type: ignore[arg-type]
    actions.decide_change(acting_user=who.worker, proposal_id=made.pk, accept=True)
    made.refresh_from_db()
    assert made.state == State.ACCEPTED
    refused = propose(who, person, element="groups", after="应列入残疾人", reason="持有残疾人证")
    actions.decide_change(acting_user=who.worker, proposal_id=refused.pk, accept=False, answer="证件已经注销")
    refused.refresh_from_db()
    assert refused.state == State.REFUSED


def test_on_the_web(who: Characters, person: Person) -> None:
    client = Client()
    client.force_login(who.department)
    data = {
        "name": "王建国",
        "number": person.id_number,
        "element": "employer",
        "after": "县医院",
        "reason": "社保登记单位已变更",
        "file": SimpleUploadedFile("证明.pdf", b"%PDF-1.4 x"),
    }
    assert client.post("/changes/propose/", data | {"number": "1"}).status_code == 422
    data["file"] = SimpleUploadedFile("证明.pdf", b"%PDF-1.4 x")
    answer = client.post("/changes/propose/", data)
    made = ChangeRequest.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    page = client.get(made.get_absolute_url()).content.decode()
    assert "县医院" in page
    assert "提出时登记的是" not in page  # a department is not shown what is registered
    assert client.get(f"/people/{person.pk}/").status_code == 403
    client.force_login(who.worker)
    assert "县医院" in client.get("/changes/?whose=decide").content.decode()
    assert "县医院" in client.get(f"{person.get_absolute_url()}?tab=changes").content.decode()
    assert client.get(f"/changes/{made.pk}/file").content.startswith(b"%PDF")
    assert client.post(made.get_absolute_url(), {"decision": "refuse", "answer": ""}).status_code == 422
    assert client.post(made.get_absolute_url(), {"decision": "accept", "answer": ""}).status_code == 302
    person.refresh_from_db()
    assert person.employer == "县医院"
    client.force_login(who.neighbour)
    assert client.get(made.get_absolute_url()).status_code == 404
    assert "县医院" not in client.get("/changes/").content.decode()


def test_a_worker_enters_it_for_a_resident(who: Characters, person: Person) -> None:
    client = Client()
    client.force_login(who.worker)
    url = f"/changes/propose/person/{person.pk}/"
    data = {
        "element": "education",
        "after": "大学本科教育",
        "reason": "本人到窗口说明",
        "asked_phone": "13900001234",
    }
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "请填写反映人的姓名" in answer.content.decode()
    assert client.post(url, data | {"asked_by": "王大爷"}).status_code == 422
    client.post(url, data | {"asked_by": "王大爷", "asked_via": "counter"})
    made = ChangeRequest.objects.get()
    assert (made.asked_by, made.asked_via, made.asked_phone, made.source.code) == (
        "王大爷",
        "counter",
        "13900001234",
        "self",
    )
    page = client.get(made.get_absolute_url()).content.decode()
    assert "王大爷 139****1234（窗口，由提出人代填）" in page
    assert "居民王大爷（" in client.get("/changes/").content.decode()
    actions.decide_change(acting_user=who.worker, proposal_id=made.pk, accept=True)
    assert Claim.objects.get(person=person, element="education", source__code="self").said_by == "王大爷"


def test_an_organisations_page_leads_to_a_proposal(who: Characters, homes: list[Home]) -> None:
    one = organisations.add_organisation(
        acting_user=who.worker, region_code=COMMUNITY, name="东外小卖部", kind="shop"
    )
    actions.propose_change(
        acting_user=who.department,
        about="organisation",
        target_id=one.pk,
        element="legal_person",
        after="赵六",
        reason="营业执照已变更",
    )
    client = Client()
    client.force_login(who.worker)
    page = client.get(f"/organisations/{one.pk}/?tab=changes").content.decode()
    assert "法定代表人 → 赵六" in page
    assert f"/changes/propose/organisation/{one.pk}/" in page

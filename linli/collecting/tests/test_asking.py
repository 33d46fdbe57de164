"""Blanks that are asked on the spot: once, into the base, and into every form that waits."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from linli.access.guard import NotPermitted
from linli.access.models import User
from linli.access.roles import Role
from linli.access.testing import COMMUNITY
from linli.audit.recording import RuleError
from linli.collecting import actions, keeping
from linli.collecting.models import Answer, Asking, CellChange, FormPart, Question
from linli.collecting.rules import QuestionState
from linli.collecting.tests.conftest import Cast, Issue, elderly, filled, user_of
from linli.ledgers.tests.street import GRID
from linli.notices.models import Notice
from linli.registry.people.models import Person
from linli.registry.people.sealing import phone_columns
from linli.registry.sources.models import Claim

pytestmark = pytest.mark.django_db

HEAD, WIFE = "郭老汉", "韩玉梅"


@pytest.fixture
def hand(cast: Cast) -> User:
    """The grid's worker."""
    return user_of("wangge", "孙网格", Role.GRID_WORKER, GRID, None)


@pytest.fixture
def without_phone(cast: Cast) -> Person:
    wife = cast.street.wife
    Person.objects.filter(pk=wife.pk).update(phone="", **phone_columns(""))
    return wife


def client(user: User) -> Client:
    made = Client()
    made.force_login(user)
    return made


def place(part: FormPart, label: str) -> int:
    return [one.label for one in part.task.recognition.mappings].index(label)


def cell(part: FormPart, label: str, name: str = HEAD) -> Any:
    part = FormPart.objects.get(pk=part.pk)
    grid = keeping.grid_of(part)
    row = next(one for one in grid.rows if name in one.cells)
    return row.cells[place(part, label)]


def ask(cast: Cast, part: FormPart, *labels: str) -> actions.asking.Asked:
    return actions.ask_missing(
        acting_user=cast.people.worker, part=part, places=[(0, place(part, one)) for one in labels]
    )


def question(label: str, record: int) -> Question:
    return Question.objects.get(label=label, record=record)


def test_blanks_become_questions_of_the_grids_worker(
    cast: Cast, issue: Issue, hand: User, without_phone: Person
) -> None:
    part = filled(cast, issue(on=timezone.localdate()))
    done = ask(cast, part, "联系电话", "助餐需求")
    found = Question.objects.all()
    assert done.new == len(found) >= 2
    assert {one.assigned_to for one in found if one.record == without_phone.pk} == {hand}
    phone = question("联系电话", without_phone.pk)
    assert (phone.key, phone.element, phone.region_code) == ("phone", "phone", GRID)
    assert question("助餐需求", without_phone.pk).element == ""
    assert Notice.objects.get(user=hand, done_at=None).title == f"有 {len(found)} 处要入户问"
    with pytest.raises(RuleError, match="没有空白"):
        ask(cast, part, "姓名")


def test_an_answer_goes_into_the_base_and_from_there_into_the_form(
    cast: Cast, issue: Issue, hand: User, without_phone: Person
) -> None:
    part = filled(cast, issue(on=timezone.localdate()))
    ask(cast, part, "联系电话")
    before = FormPart.objects.get(pk=part.pk).blanks
    with pytest.raises(RuleError, match="11 位"):
        actions.answer(acting_user=hand, question=question("联系电话", without_phone.pk), value="12")
    assert cell(part, "联系电话", WIFE) is None
    done = actions.answer(
        acting_user=hand, question=question("联系电话", without_phone.pk), value="139 1111 2222"
    )
    assert (done.in_base, done.state) == (True, QuestionState.ANSWERED)
    assert Person.objects.get(pk=without_phone.pk).phone == "13911112222"
    claim = Claim.objects.get(person=without_phone, element="phone")
    assert (claim.source.code, claim.said_by) == ("visit", "入户采集《入户采集》")
    assert cell(part, "联系电话", WIFE) == "13911112222"
    assert FormPart.objects.get(pk=part.pk).blanks == before - 1
    assert CellChange.objects.get(part=part).way == "visit"
    with pytest.raises(RuleError, match="孙网格已经答过"):
        actions.answer(acting_user=hand, question=done, value="13911112223")


def test_what_has_no_place_in_the_base_is_remembered_and_fills_the_next_form(
    cast: Cast, issue: Issue, hand: User
) -> None:
    head = cast.street.head
    part = filled(cast, issue(on=timezone.localdate()))
    ask(cast, part, "助餐需求")
    done = actions.answer(acting_user=hand, question=question("助餐需求", head.pk), value="每天中午")
    assert not done.in_base
    assert Answer.objects.get().value == "每天中午"
    assert cell(part, "助餐需求") == "每天中午"
    other = filled(cast, issue(elderly("鞋码"), why_again="换季", on=timezone.localdate()))
    assert cell(other, "助餐需求") == "每天中午"
    sheet = load_workbook(
        BytesIO(keeping.workbook(FormPart.objects.select_related("task").get(pk=other.pk)))
    ).worksheets[0]
    assert "每天中午" in [one.value for row in sheet.iter_rows() for one in row]


def test_the_same_blank_is_asked_once_and_closes_in_every_form(
    cast: Cast, issue: Issue, hand: User, without_phone: Person
) -> None:
    first = filled(cast, issue(on=timezone.localdate()))
    second = filled(cast, issue(elderly("鞋码"), why_again="换季", on=timezone.localdate()))
    assert ask(cast, first, "联系电话").new == 1
    again = ask(cast, second, "联系电话")
    assert (again.new, again.waiting) == (0, 1)
    third = filled(cast, issue(elderly("帽号"), why_again="又一次", on=timezone.localdate()))
    assert Asking.objects.filter(part=third, question__label="联系电话").count() == 1
    assert Question.objects.count() == 1
    actions.answer(acting_user=hand, question=Question.objects.get(), value="13911112222")
    for part in (first, second, third):
        assert cell(part, "联系电话", WIFE) == "13911112222"


def test_what_cannot_be_found_out_is_said_with_its_reason(cast: Cast, issue: Issue, hand: User) -> None:
    part = filled(cast, issue(on=timezone.localdate()))
    ask(cast, part, "助餐需求")
    asked = question("助餐需求", cast.street.head.pk)
    with pytest.raises(RuleError, match="为什么问不到"):
        actions.give_up(acting_user=hand, question=asked, why=" ")
    actions.give_up(acting_user=hand, question=asked, why="三次上门没有人")
    page = client(cast.people.worker).get(part.get_absolute_url() + "?tab=missing").content.decode()
    assert "三次上门没有人" in page


def test_questions_that_the_base_answers_by_now_are_not_asked(
    cast: Cast, issue: Issue, hand: User, without_phone: Person
) -> None:
    part = filled(cast, issue(on=timezone.localdate()))
    ask(cast, part, "联系电话")
    Person.objects.filter(pk=without_phone.pk).update(phone="13911112222", **phone_columns("13911112222"))
    assert actions.drop_known(timezone.localdate()) == 1
    assert Question.objects.get().state == QuestionState.DROPPED
    assert cell(part, "联系电话", WIFE) == "13911112222"


def test_others_neither_see_nor_answer(cast: Cast, issue: Issue, hand: User) -> None:
    part = filled(cast, issue(on=timezone.localdate()))
    ask(cast, part, "助餐需求")
    asked = question("助餐需求", cast.street.head.pk)
    for user in (cast.people.neighbour, cast.people.department):
        with pytest.raises(NotPermitted):
            actions.answer(acting_user=user, question=asked, value="有")
        where = reverse("collecting:ask", args=["person", asked.record])
        assert client(user).get(where).status_code in (403, 404)


def test_the_phone_asks_one_record_after_the_other(
    cast: Cast, issue: Issue, hand: User, without_phone: Person
) -> None:
    part = filled(cast, issue(on=timezone.localdate()))
    ask(cast, part, "联系电话", "助餐需求")
    browser = client(hand)
    round_ = browser.get(reverse("collecting:asks")).content.decode()
    assert WIFE in round_
    asked = question("联系电话", without_phone.pk)
    page = browser.get(asked.get_absolute_url()).content.decode()
    assert "新兴小区12号楼3单元501室" in page
    assert "下一家" in page
    where = reverse("collecting:answer", args=[asked.pk])
    wrong = browser.post(where, {"value": "12"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.content.decode()
    right = browser.post(where, {"value": "13911112222"}, headers={"HX-Request": "true"})
    assert "登记库和等着的报表都填上了" in right.content.decode()
    plain = browser.post(
        reverse("collecting:give_up", args=[question("助餐需求", without_phone.pk).pk]), {"why": "不愿说"}
    )
    assert plain.status_code == 302
    assert Question.objects.filter(record=without_phone.pk, state=QuestionState.OPEN).count() == 0


def test_the_community_chooses_what_is_asked(cast: Cast, issue: Issue, hand: User) -> None:
    part = filled(cast, issue(on=timezone.localdate()))
    browser = client(cast.people.worker)
    where = reverse("collecting:ask_missing", args=[part.pk])
    assert "助餐需求（" in browser.get(where).content.decode()
    answer = browser.post(where, {"places": [f"0-{place(part, '助餐需求')}"]}, follow=True)
    assert "处转给网格员" in answer.content.decode()
    assert COMMUNITY in Question.objects.first().region_code


def test_a_number_with_an_area_code_is_the_landline_whatever_was_asked(cast: Cast) -> None:
    son = cast.street.son
    asked = Question.objects.create(
        region_code=COMMUNITY,
        subject="person",
        record=son.pk,
        key="phone",
        element="phone",
        label="联系电话",
    )
    mobile = son.phone
    actions.answer(acting_user=cast.people.worker, question=asked, value="010-69101234")
    son.refresh_from_db()
    assert "69101234" in son.landline
    assert son.phone == mobile

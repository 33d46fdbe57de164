"""A file's own lists of options, seen and set against ours before a task is sent."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from linli.access.guard import NotPermitted
from linli.access.testing import COMMUNITY
from linli.audit.recording import RuleError
from linli.collecting import actions, keeping
from linli.collecting.models import FormPart, FormTask
from linli.collecting.tests.conftest import ON, Cast, filled
from linli.flow.models import Warrant
from linli.ledgers.models import ValueChoice
from linli.ledgers.tests.sheets import as_bytes, choices, plain

pytestmark = pytest.mark.django_db


def coded() -> bytes:
    """A roster whose sexes are classes that no name tells."""
    book = plain(["序号", "姓名", "身份证号", "性别", "备注"], "60周岁以上老年人花名册")
    choices(book.worksheets[0], "D", '"甲类,乙类"', 3, 7)
    return as_bytes(book)


def drafted(cast: Cast, warrant: Warrant) -> FormTask:
    return actions.draft(
        acting_user=cast.people.department, warrant=warrant, name="老年人.xlsx", data=coded()
    )


def sex(task: FormTask) -> Any:
    return next(one for one in task.recognition.mappings if one.label == "性别")


def client(user: Any) -> Client:
    made = Client()
    made.force_login(user)
    return made


def test_options_are_set_on_the_draft_and_filled_so(cast: Cast, warrant: Warrant) -> None:
    task = drafted(cast, warrant)
    assert sex(task).target == "asked"
    who = cast.people.department
    browser = client(who)
    page = browser.get(task.get_absolute_url()).content.decode()
    assert "没有对上" in page
    where = reverse("collecting:values", args=[task.pk, sex(task).key])
    assert where in page
    assert "甲类" in browser.get(where).content.decode()
    answer = browser.post(where, {"value_1": "甲类", "value_2": "乙类"})
    assert answer["Location"] == task.get_absolute_url()
    task.refresh_from_db()
    assert (sex(task).target, sex(task).values) == ("element", {"1": "甲类", "2": "乙类"})
    assert "sex" in task.lists.get().elements
    page = " ".join(browser.get(task.get_absolute_url()).content.decode().split())
    assert "没有对上" not in page
    issued = actions.issue(
        acting_user=who, task=task, communities=[COMMUNITY], purpose="核对", on=ON, working_days=3
    )
    part = filled(cast, issued)
    sheet: Any = load_workbook(io.BytesIO(keeping.workbook(part))).worksheets[0]
    said = {sheet.cell(row, 2).value: sheet.cell(row, 4).value for row in (3, 4)}
    assert said == {cast.street.head.name: "甲类", cast.street.wife.name: "乙类"}
    assert part.blanks == 0
    # The street sees on the issued task to which of ours each belongs, and cannot change it.
    seen = client(cast.people.officer).get(task.get_absolute_url() + "?tab=columns").content.decode()
    assert "甲类" in seen
    assert where not in seen
    assert browser.get(where).status_code == 404


def test_what_was_said_is_taken_for_the_next_file_until_it_is_forgotten(cast: Cast, warrant: Warrant) -> None:
    who = cast.people.department
    first = drafted(cast, warrant)
    key = sex(first).key
    actions.set_values(acting_user=who, task=first, column=key, values={"1": "甲类", "2": "乙类"})
    again = drafted(cast, warrant)
    assert sex(again).values == {"1": "甲类", "2": "乙类"}
    browser = client(who)
    address = reverse("collecting:values_forget", args=[again.pk, key])
    assert address in browser.get(again.get_absolute_url()).content.decode()
    assert browser.post(address).status_code == 302
    again.refresh_from_db()
    assert sex(again).target == "asked"
    assert not ValueChoice.objects.exists()
    assert sex(drafted(cast, warrant)).target == "asked"
    with pytest.raises(RuleError, match="没有记住的对照"):
        actions.forget_values(acting_user=who, task=again, column=key)


def test_only_words_of_the_list_and_only_by_the_unit(cast: Cast, warrant: Warrant) -> None:
    task = drafted(cast, warrant)
    key = sex(task).key
    with pytest.raises(RuleError, match="从表上的选项里选"):
        actions.set_values(acting_user=cast.people.department, task=task, column=key, values={"1": "丙类"})
    with pytest.raises(NotPermitted):
        actions.set_values(acting_user=cast.water, task=task, column=key, values={"1": "甲类"})
    name = next(one.key for one in task.recognition.mappings if one.label == "姓名")
    address = reverse("collecting:values", args=[task.pk, name])
    assert client(cast.people.department).get(address).status_code == 404
    assert not FormPart.objects.exists()

"""Rosters as communities keep them: homes written in many ways, several sheets, columns nobody knows, spoilt numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from linli.access.testing import COMMUNITY, Characters, characters
from linli.ledgers.tests import sheets
from linli.ledgers.tests.street import ON, Street, build
from linli.regions import names
from linli.regions.models import Level, Region
from linli.registry.people.models import Person
from linli.registry.sources import knowing
from linli.returns import actions, rules
from linli.returns.addresses import address_key
from linli.returns.models import Return
from linli.returns.saying import Row
from linli.returns.tests.test_returns import look, roster, send

NEW = "110101199003074530"


@pytest.fixture
def street(db: Any) -> Street:
    made = build()
    names.forget()
    return made


@pytest.fixture
def who(street: Street) -> Characters:
    return characters()


@pytest.mark.parametrize(
    "written",
    [
        "和平小区12-3-501",
        "和平小区12—3—501室",
        "和平小区12#3-501",
        "和平小区12#-3-501",
        "和平小区12楼3-501",
        "和平小区12栋3单元501",
        "和平小区12幢3单元-501室",
        "和平小区１２号楼３门５０１",
        "和平小区十二号楼三单元501室",
        "和平小区第十二栋三单元五零一室",
        "和平小区 12 号楼 3 单元 501 室",
    ],
)
def test_one_home_in_many_writings(written: str) -> None:
    assert address_key(written) == address_key("和平小区12号楼3单元501室")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("和平小区12号楼3单元501室", "和平小区12号楼5单元301室"),
        ("和平小区1-2号楼3单元401", "和平小区2号楼3单元401"),
        ("三里河一区2-1-101", "三里河二区2-1-101"),
        ("和平小区6号楼底商4号", "和平小区6号楼底商14号"),
        ("和平小区12号楼3单元501-1", "和平小区12号楼3单元501-2"),
    ],
)
def test_homes_that_differ_stay_different(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


_BUILDING, _UNIT, _DOOR = st.integers(1, 99), st.integers(1, 12), st.integers(101, 3399)


@given(_BUILDING, _UNIT, _DOOR)
def test_dashes_say_what_words_say_and_a_key_is_its_own_key(building: int, unit: int, door: int) -> None:
    key = address_key(f"和平小区{building}号楼{unit}单元{door}室")
    assert address_key(f"和平小区{building}-{unit}-{door}") == key
    assert address_key(key) == key


def test_a_home_written_shortly_is_where_the_person_lives(who: Characters, street: Street) -> None:
    book = roster(
        ["姓名", "身份证号", "现住地址"],
        ["郭建军", "110229197803030038", "新兴小区12-3-501"],
        ["郭老汉", "110229194910010016", "延庆区香水园街道新兴小区十二号楼三单元501"],
    )
    assert set(look(who, send(who, book))) == {rules.SAME}


def test_somebody_new_is_not_registered_without_the_number_that_the_row_spoils(who: Characters) -> None:
    book = roster(
        ["姓名", "身份证号", "出生日期", "现住地址"],
        ["钱多多", 1.1010119900307e17, "1990-03-07", "新兴小区12-3-501"],
    )
    returned = send(who, book)
    (row,) = look(who, returned)[rules.WRONG]
    assert "存成了数字" in row["problems"][0][1]
    actions.apply_return(acting_user=who.worker, return_id=returned.pk)
    assert not Person.objects.filter(name="钱多多").exists()


def test_somebody_new_in_a_home_that_is_not_on_record_is_told_which_home(who: Characters) -> None:
    book = roster(["姓名", "身份证号", "现住地址"], ["赵晓禾", NEW, "新兴小区99号楼1单元101室"])
    (row,) = look(who, send(who, book))[rules.UNKNOWN]
    assert "“新兴小区99号楼1单元101室”不在楼盘表里" in row["problems"][0][1]


def test_a_word_of_no_list_is_answered_with_the_list(who: Characters) -> None:
    book = roster(["姓名", "身份证号", "婚姻状况"], ["郭建军", "110229197803030038", "保密"])
    (row,) = look(who, send(who, book))[rules.WRONG]
    assert "可以填：未婚、已婚" in row["problems"][0][1]


def test_numbers_that_differ_only_where_they_are_hidden_say_so() -> None:
    row = Row(1)
    row.change("手机号码", "135****8408", "135****8408")
    row.change("手机号码", "135****8408", "136****8408")
    assert [after for _label, _before, after, _word in row.changes] == [
        "135****8408（隐去的几位不同）",
        "136****8408",
    ]


def two_sheets() -> Workbook:
    """Residents on the first sheet, floating people on the second, and an explanation."""
    book = Workbook()
    first: Any = book.active
    first.title = "户籍人口"
    first.append(["姓名", "身份证号", "文化程度", "内部编号"])
    first.append(["郭建军", "110229197803030038", "大学本科", "A-1"])
    second = book.create_sheet("流动人口")
    second.append(["姓名", "证件号码", "工作单位"])
    second.append(["苏外来", "130730198804040041", "小吃店"])
    third = book.create_sheet("填写说明")
    third.append(["姓名", "按身份证填写"])
    third.append(["证件号码", "18 位"])
    return book


def test_every_sheet_of_a_workbook_is_a_roster_of_its_own(who: Characters, street: Street) -> None:
    made, left = actions.upload_workbook(
        acting_user=who.worker,
        name="两张.xlsx",
        data=sheets.as_bytes(two_sheets()),
        region=Region.objects.get(region_code=COMMUNITY),
        sender="东外社区",
        source=knowing.kind("civil"),
        on=ON,
    )
    assert [one.recognition.sheet for one in made] == ["户籍人口", "流动人口"]
    assert left == []
    assert actions.together(made[1]) == made
    for one in made:
        look(who, one)
        actions.apply_return(acting_user=who.worker, return_id=one.pk)
    street.son.refresh_from_db()
    street.lodger.refresh_from_db()
    assert (street.son.education[:1], street.lodger.employer) == ("2", "小吃店")


def test_the_page_names_its_sheets_and_the_columns_it_does_not_know(who: Characters, client: Client) -> None:
    client.force_login(who.worker)
    answer = client.post(
        reverse("returns:list"),
        {
            "file": SimpleUploadedFile("两张.xlsx", sheets.as_bytes(two_sheets())),
            "region": COMMUNITY,
            "sender": "东外社区",
            "source": knowing.kind("visit").pk,
            "on": date(2026, 11, 1).isoformat(),
        },
        follow=True,
    )
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "这份工作簿有 2 张名册" in text
    assert "有 1 列没有认出来，现在不入库：内部编号" in text
    assert Return.objects.filter(uploaded_by=who.worker).count() == 2


def test_only_what_may_be_imported_into_is_offered(who: Characters, client: Client) -> None:
    """A grid is no place to import into; the only community stands there already."""
    Region.objects.filter(level=Level.GRID, region_code__startswith=COMMUNITY).get()
    client.force_login(who.worker)
    form = client.get(reverse("returns:list")).context["form"]
    assert [code for code, _name in form.fields["region"].choices] == [COMMUNITY]


def test_the_import_says_where_rosters_of_other_shapes_go(who: Characters, client: Client) -> None:
    client.force_login(who.worker)
    address = reverse("intake:import")
    assert reverse("returns:list") in client.get(address).content.decode()
    answer = client.post(
        address,
        {
            "region": COMMUNITY,
            "file": SimpleUploadedFile(
                "表.xlsx", sheets.as_bytes(roster(["姓名", "身份证号", "现住地址"], ["郭建军", "", ""]))
            ),
        },
    )
    assert answer.status_code == 422
    assert "请从“名册入库”上传" in answer.content.decode()

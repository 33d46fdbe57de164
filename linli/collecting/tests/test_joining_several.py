"""Files with several lists asked as one: lists about the same people are merged, the others stand beside each other."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from linli.access.testing import COMMUNITY
from linli.audit.models import Disclosure
from linli.collecting import actions, joint_reading, keeping
from linli.collecting.models import CellChange, FormPart, FormTask, Joint
from linli.collecting.rules import State
from linli.collecting.tests.conftest import ON, Cast, Issue, a_warrant
from linli.collecting.tests.test_joining import common_part, filled_part, terms
from linli.collecting.tests.test_several import place
from linli.ledgers.tests.sheets import as_bytes, plain

pytestmark = pytest.mark.django_db

# The lists of the common form, in the order of the file whose last day is the earlier one.
ALL, OLD = 0, 1
ELDERLY, RESIDENTS = "60周岁以上老年人花名册", "居民花名册"


def file_of(*lists: tuple[str, str, list[str]]) -> bytes:
    """Rosters on a sheet each: (sheet, title, headings)."""
    sheet, title, headings = lists[0]
    book = plain(headings, title, sheet=sheet)
    for sheet, title, headings in lists[1:]:
        page: Any = book.create_sheet(sheet)
        page.append([title])
        page.append(headings)
        for _ in range(3):
            page.append([None] * len(headings))
    return as_bytes(book)


@pytest.fixture
def first(issue: Issue) -> FormTask:
    """The civil affairs bureau's file: the elderly, then everybody."""
    return issue(
        file_of(
            ("老人", ELDERLY, ["序号", "姓名", "身份证号", "联系电话", "助餐需求"]),
            ("全部", RESIDENTS, ["序号", "姓名", "身份证号", "文化程度", "兴趣爱好"]),
        )
    )


@pytest.fixture
def second(cast: Cast, first: FormTask) -> FormTask:
    """The water bureau's: everybody first, then the elderly, then women, whom nobody else asks about."""
    unit = cast.water.posts.get().unit
    assert unit is not None
    return actions.draft(
        acting_user=cast.water,
        warrant=a_warrant(unit, title="节水补贴"),
        name="节水.xlsx",
        data=file_of(
            ("用水", RESIDENTS, ["姓名", "身份证号", "文化程度", "家庭用水量"]),
            ("老人用水", ELDERLY, ["姓名", "身份证号", "联系电话", "节水器具"]),
            ("妇女", "育龄妇女花名册", ["姓名", "身份证号", "联系电话", "节水宣传"]),
        ),
    )


def agreed(cast: Cast, second: FormTask) -> Joint:
    joint = actions.propose(acting_user=cast.water, task=second, **terms())
    return actions.agree(acting_user=cast.people.department, joint=joint)


def fresh(part: FormPart) -> FormPart:
    return FormPart.objects.select_related("task__unit").get(pk=part.pk)


def test_lists_about_the_same_people_become_one(cast: Cast, first: FormTask, second: FormTask) -> None:
    (partner,) = joint_reading.partners(second)
    assert partner.task == first
    made = joint_reading.outlook(
        [second, first], {first.pk: [COMMUNITY], second.pk: [COMMUNITY]}, ON, cast.people.officer
    )
    assert [one.title for one in made.lists] == [
        f"{RESIDENTS}等 2 张",
        f"{ELDERLY}等 2 张",
        "育龄妇女花名册",
    ]
    assert made.saving is not None
    assert (made.saving.copies_apart, made.saving.copies) == (2, 1)
    assert made.saving.cells < made.saving.cells_apart
    joint = agreed(cast, second)
    common = common_part(joint).task
    assert [one.title for one in common.recognition.regions_of_form] == [one.title for one in made.lists]
    residents, elderly, women = (
        [mapping.label for mapping in one.mappings] for one in common.recognition.regions_of_form
    )
    assert elderly == ["序号", "姓名", "身份证号", "联系电话", "节水器具", "助餐需求"]
    assert residents == ["序号", "姓名", "身份证号", "文化程度", "家庭用水量", "兴趣爱好"]
    assert women == ["序号", "姓名", "身份证号", "联系电话", "节水宣传"]
    assert common.stands_for == {first.pk, second.pk}
    browser = Client()
    browser.force_login(cast.people.officer)
    shown = browser.get(joint.get_absolute_url(), {"tab": "columns"}).content.decode()
    for said in (*(one.title for one in made.lists), "家庭用水量", "节水宣传"):
        assert said in shown


def test_filled_once_and_handed_out_in_each_own_layout(cast: Cast, first: FormTask, second: FormTask) -> None:
    part = filled_part(cast.people.worker, common_part(agreed(cast, second)))
    worker, street = cast.people.worker, cast.street
    assert keeping.grid_of(part, OLD).ids == [street.head.pk, street.wife.pk]
    part = actions.correct_row(
        acting_user=worker, part=part, row=0, values={place(part, OLD, "助餐需求"): "送餐"}, which=OLD
    )
    son = keeping.grid_of(part, ALL).ids.index(street.son.pk)
    part = actions.correct_row(
        acting_user=worker,
        part=part,
        row=son,
        values={place(part, ALL, "家庭用水量"): "8", place(part, ALL, "兴趣爱好"): "打球"},
        which=ALL,
    )
    part = actions.add_row(acting_user=worker, part=part, who=street.son.name, why="照看老人", which=OLD)
    actions.submit(acting_user=worker, part=part, note="还在问")
    actions.sign(acting_user=cast.head, part=fresh(part))
    civil, water = first.parts.get(), second.parts.get()
    assert (civil.state, water.state) == (State.SIGNED.value, State.SIGNED.value)

    def sheet(copy: FormPart, name: str) -> list[tuple[Any, ...]]:
        book = load_workbook(io.BytesIO(keeping.read(copy.sendings.latest("number").book)))
        return list(book[name].iter_rows(min_row=3, values_only=True))

    elderly = sheet(civil, "老人")
    assert [row[1] for row in elderly if row[1]] == [street.head.name, street.wife.name, street.son.name]
    assert elderly[0][4] == "送餐"
    everybody = {row[1]: row for row in sheet(civil, "全部") if row[1]}
    assert everybody[street.son.name][4] == "打球"
    used = {row[0]: row for row in sheet(water, "用水") if row[0]}
    assert used[street.son.name][3] == "8"
    assert [row[0] for row in sheet(water, "老人用水") if row[0]] == [
        street.head.name,
        street.wife.name,
        street.son.name,
    ]
    for copy, foreign in ((civil, ("8", "节水器具", "节水宣传")), (water, ("送餐", "打球", "兴趣爱好"))):
        book = load_workbook(io.BytesIO(keeping.read(copy.sendings.latest("number").book)))
        said = {cell.value for page in book for row in page.iter_rows() for cell in row}
        assert not said & set(foreign)
        assert [one.rows for one in copy.by_list][: len(first.kinds)] == [
            one.rows for one in copy.sendings.latest("number").by_list
        ][: len(first.kinds)]
    told = Disclosure.objects.filter(purpose__startswith="报送延庆区民政局").latest("pk")
    assert "person.education" in told.elements


def test_what_was_written_before_goes_over_and_corrections_come_back_by_list(
    cast: Cast, first: FormTask, second: FormTask
) -> None:
    worker, street = cast.people.worker, cast.street
    own = filled_part(worker, first.parts.get())
    head = keeping.grid_of(own, 1).ids.index(street.head.pk)
    actions.correct_row(
        acting_user=worker, part=own, row=head, values={place(own, 1, "文化程度"): "高中"}, which=1
    )
    part = filled_part(worker, common_part(agreed(cast, second)))
    at = keeping.grid_of(part, ALL).ids.index(street.head.pk)
    assert keeping.grid_of(part, ALL).rows[at].cells[place(part, ALL, "文化程度")] == "高中"
    actions.submit(acting_user=worker, part=part, note="还在问")
    actions.sign(acting_user=cast.head, part=fresh(part))
    again = actions.reopen(acting_user=worker, part=fresh(part), reason="补一格")
    actions.correct_row(
        acting_user=worker, part=again, row=0, values={place(part, OLD, "节水器具"): "有"}, which=OLD
    )
    actions.submit(acting_user=worker, part=fresh(part), note="还在问")
    actions.sign(acting_user=cast.head, part=fresh(part))
    water = second.parts.get()
    changes = CellChange.objects.filter(part=water, way="common")
    assert [(one.listed, one.column, one.sending) for one in changes] == [(1, "节水器具", 2)]
    assert not CellChange.objects.filter(part=first.parts.get(), way="common").exists()

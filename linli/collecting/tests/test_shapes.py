"""Tables of numbers and cards as form tasks: filled, corrected, signed, and handed over as one."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.audit.models import Disclosure
from linli.audit.recording import RuleError
from linli.collecting import actions, keeping, reading, shapes
from linli.collecting.actions.handing_over import DETAIL_SHEET, ROWS, SHEETS, STATE_SHEET
from linli.collecting.models import CellChange, FormPart, FormTask
from linli.collecting.tests.conftest import Cast, Issue, a_warrant, filled
from linli.jobs import actions as jobs
from linli.ledgers.meaning.mapping import NUMBER, Mapping
from linli.ledgers.recognition import Recognition
from linli.ledgers.tests.own_forms import laid
from linli.ledgers.tests.sheets import as_bytes, plain

pytestmark = pytest.mark.django_db


def table() -> bytes:
    """Numbers by age and sex, and a row that nobody holds."""
    return as_bytes(
        laid(
            [
                ["常住人口年龄结构统计表", None, None, None],
                ["年龄段", "人数", "其中", None],
                [None, None, "男", "女"],
                ["合计", None, None, None],
                ["0-17岁", None, None, None],
                ["18-59岁", None, None, None],
                ["60岁及以上", None, None, None],
                ["参加合唱队的", None, None, None],
            ],
            "A1:D1 A2:A3 B2:B3 C2:D2",
        )
    )


def card() -> bytes:
    return as_bytes(
        laid(
            [
                ["60周岁以上老年人信息登记卡", None, None, None],
                ["姓名", None, "性别", None],
                ["身份证号", None, "出生日期", None],
                ["现住址", None, "联系电话", None],
                ["兴趣爱好", None, "文化程度", None],
            ],
            "A1:D1",
        )
    )


def regions() -> bytes:
    return as_bytes(plain(["社区", "总人口", "男", "女"], "人口统计表"))


def page_of(user: Any, address: str) -> str:
    browser = Client()
    browser.force_login(user)
    answer = browser.get(address)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def sent(cast: Cast, task: FormTask) -> FormPart:
    part = filled(cast, task)
    actions.submit(acting_user=cast.people.worker, part=part, note="没有的在问")
    actions.sign(acting_user=cast.head, part=part)
    return FormPart.objects.select_related("task__unit").get(pk=part.pk)


def neighbour_copy(cast: Cast, task: FormTask) -> FormPart:
    part = task.parts.get(region_code=NEIGHBOUR)
    jobs.perform_inline(actions.receive(acting_user=cast.people.neighbour, part=part))
    return FormPart.objects.select_related("task__unit").get(pk=part.pk)


def test_a_table_comes_filled_with_what_is_counted(cast: Cast, issue: Issue) -> None:
    task = issue(table())
    assert (task.kind, task.lists.get().subject, task.is_table) == ("aggregate", "", True)
    part = filled(cast, task)
    grid = keeping.grid_of(part)
    assert len(grid.rows) == 1
    places = keeping.asked_places(task.recognition.mappings)
    cells = {task.recognition.mappings[p].where: grid.rows[0].cells[p] for p in places}
    assert cells["C7"] + cells["D7"] == cells["B7"] > 0
    assert cells["B8"] is None
    assert part.blanks == 3
    assert part.amount == f"{len(places)} 格"
    shown = page_of(cast.people.worker, part.get_absolute_url() + "?tab=rows")
    assert "参加合唱队的" in shown
    assert "补填、改数" in shown
    told = Disclosure.objects.latest("pk")
    assert (told.persons, told.elements) == (0, [])


def test_a_number_is_corrected_with_a_trace_and_goes_into_the_workbook(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue(table()))
    mappings = part.task.recognition.mappings
    place = next(n for n, one in enumerate(mappings) if one.where == "B8")
    worker = cast.people.worker
    with pytest.raises(RuleError, match="没有这一行"):
        actions.correct_row(acting_user=worker, part=part, row=1, values={place: "5"})
    part = actions.correct_row(acting_user=worker, part=part, row=0, values={place: "12"})
    assert part.blanks == 2
    assert CellChange.objects.get().column == mappings[place].label
    data, _name = actions.download(acting_user=worker, part=part)
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    assert page["B8"].value == 12


def test_a_table_comes_back_and_only_where_its_labels_stand(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue(table()))
    data, _name = actions.download(acting_user=cast.people.worker, part=part)
    book = load_workbook(io.BytesIO(data))
    book.worksheets[0]["C8"] = 4
    assert (
        actions.take_workbook(acting_user=cast.people.worker, part=part, name="x.xlsx", data=as_bytes(book))
        == 1
    )
    book.worksheets[0]["A8"] = "参加舞蹈队的"
    with pytest.raises(RuleError, match="A8 应是“参加合唱队的”"):
        actions.take_workbook(acting_user=cast.people.worker, part=part, name="x.xlsx", data=as_bytes(book))


def test_tables_are_added_up_with_every_community_beside(cast: Cast, issue: Issue) -> None:
    task = issue(table(), communities=[COMMUNITY, NEIGHBOUR])
    ours = sent(cast, task)
    theirs = neighbour_copy(cast, task)
    place = next(n for n, one in enumerate(task.recognition.mappings) if one.where == "B8")
    for part, user, said in ((ours, cast.people.worker, "3"), (theirs, cast.people.neighbour, "4")):
        if part is ours:
            part = actions.reopen(acting_user=user, part=part, reason="补一格")
        actions.correct_row(acting_user=user, part=part, row=0, values={place: said})
        actions.submit(acting_user=user, part=part, note="男女没有分开问")
    actions.sign(acting_user=cast.head, part=FormPart.objects.get(pk=ours.pk))
    theirs_head = FormPart.objects.get(pk=theirs.pk)
    with pytest.raises(Exception, match=r".*"):
        actions.sign(acting_user=cast.head, part=theirs_head)
    made = actions.merged(acting_user=cast.people.department, task=task, way=ROWS)
    book = load_workbook(io.BytesIO(made.data))
    assert book.worksheets[0]["B8"].value == 3
    assert [cell.value for cell in book[DETAIL_SHEET][1]][:3] == ["格", "内容", "合计"]
    assert STATE_SHEET in book.sheetnames
    whole = next(row for row in book[DETAIL_SHEET].iter_rows(values_only=True) if row[0] == "B7")
    assert (
        whole[2]
        == whole[3]
        == next(
            row
            for n, row in enumerate(keeping.grid_of(ours).rows[0].cells)
            if task.recognition.mappings[n].where == "B7"
        )
    )
    each = actions.merged(acting_user=cast.people.department, task=task, way=SHEETS)
    sheets = load_workbook(io.BytesIO(each.data)).sheetnames
    assert len(sheets) == 2


def test_a_row_for_each_community_is_put_below_the_others(cast: Cast, issue: Issue) -> None:
    task = issue(regions())
    part = sent(cast, task)
    grid = keeping.grid_of(part)
    assert [row.name for row in grid.rows] == ["振兴社区"] or len(grid.rows) == 1
    made = actions.merged(acting_user=cast.people.department, task=task, way=ROWS)
    page = load_workbook(io.BytesIO(made.data)).worksheets[0]
    assert page["A3"].value == grid.rows[0].name
    assert page["B3"].value == grid.rows[0].cells[0] > 0


def test_cards_come_one_a_person_and_leave_as_files_or_as_one_list(cast: Cast, issue: Issue) -> None:
    task = issue(card())
    assert task.kind == "card"
    part = filled(cast, task)
    grid = keeping.grid_of(part)
    assert {row.name for row in grid.rows} >= {"郭老汉"}
    assert part.amount == f"{len(grid.rows)} 张"
    labels = [one.label for one in task.recognition.mappings]
    hobby = labels.index("兴趣爱好")
    at = next(n for n, row in enumerate(grid.rows) if row.name == "郭老汉")
    assert grid.is_blank(at, hobby)
    worker = cast.people.worker
    shown = page_of(worker, part.get_absolute_url() + "?tab=rows")
    assert "郭老汉" in shown
    assert "110229194910010016" not in shown
    part = actions.correct_row(acting_user=worker, part=part, row=at, values={hobby: "下棋"})
    data, _name = actions.download(acting_user=worker, part=part)
    book = load_workbook(io.BytesIO(data))
    assert [cell.value for row in book["郭老汉"].iter_rows() for cell in row if cell.value == "下棋"] == [
        "下棋"
    ]
    book["郭老汉"]["B5"] = "书法"
    assert actions.take_workbook(acting_user=worker, part=part, name="x.xlsx", data=as_bytes(book)) == 1
    book["郭老汉"].title = "老郭"
    with pytest.raises(RuleError, match="少了“郭老汉”"):
        actions.take_workbook(acting_user=worker, part=part, name="x.xlsx", data=as_bytes(book))
    actions.submit(acting_user=worker, part=part, note="还在问")
    actions.sign(acting_user=cast.head, part=part)
    files = actions.merged(acting_user=cast.people.department, task=task, way=SHEETS)
    assert files.ending == "zip"
    with zipfile.ZipFile(io.BytesIO(files.data)) as archive:
        inside = archive.namelist()
    assert len(inside) == 2
    assert f"{STATE_SHEET}.xlsx" in inside
    one = actions.merged(acting_user=cast.people.department, task=task, way=ROWS)
    listed = load_workbook(io.BytesIO(one.data)).worksheets[0]
    rows = [
        dict(zip([c.value for c in listed[1]], row, strict=True))
        for row in listed.iter_rows(2, values_only=True)
    ]
    found = next(row for row in rows if row["填的是谁"] == "郭老汉")
    assert (found["兴趣爱好"], found["身份证号"]) == ("书法", "110229194910010016")


def test_tables_that_ask_the_same_numbers_are_seen_whatever_they_are_called(cast: Cast, issue: Issue) -> None:
    first = issue(table())
    other = as_bytes(
        laid(
            [
                ["常住老年人分性别统计表", None, None],
                ["年龄段", "男", "女"],
                ["60岁及以上", None, None],
                ["70岁及以上", None, None],
                ["80岁及以上", None, None],
            ],
            "A1:C1",
        )
    )
    draft = actions.draft(
        acting_user=cast.people.department,
        warrant=a_warrant(cast.department, title="老龄统计"),
        name="x.xlsx",
        data=other,
    )
    assert [same.task for same in reading.asked_elsewhere(draft)] == [first]


def test_the_department_sees_the_cells_of_its_table(cast: Cast, issue: Issue) -> None:
    task = issue(table())
    shown = page_of(cast.people.department, reverse("collecting:task", args=[task.pk]) + "?tab=columns")
    assert "60岁及以上 / 其中 / 男" in shown or "60岁及以上" in shown


def test_what_the_form_works_out_itself_is_not_asked() -> None:
    book = Workbook()
    page: Any = book.active
    page["B2"] = "=SUM(B3:B9)"
    recognition = Recognition(
        kind="aggregate",
        sheet=page.title,
        mappings=[Mapping(2, ("合计",), NUMBER, row=2), Mapping(2, ("男",), NUMBER, row=3)],
    )
    shapes.leave_formulas(book, recognition)
    assert shapes.asked_places(recognition.mappings) == [1]

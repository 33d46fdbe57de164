"""A file with several lists as one task: asked, filled, corrected, sent and handed over list by list, in the file's own layout."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from linli.access.testing import COMMUNITY, NEIGHBOUR
from linli.audit.models import Disclosure
from linli.audit.recording import RuleError
from linli.collecting import actions, coming_back, keeping, reading
from linli.collecting.actions.handing_over import ROWS, SHEETS
from linli.collecting.models import Asking, CellChange, FormPart, FormTask, Question
from linli.collecting.rules import Grid, GridRow, Tally
from linli.collecting.tests.conftest import Cast, Issue, a_warrant, elderly, filled
from linli.flow.models import Warrant
from linli.ledgers.recognition import Recognition
from linli.ledgers.tests.own_forms import laid
from linli.ledgers.tests.sheets import THIN, as_bytes

pytestmark = pytest.mark.django_db

OLD, ALL, TABLE = 0, 1, 2


def several() -> bytes:
    """Two rosters below one another, the upper one with room for one row, and a table on a second sheet."""
    book = laid(
        [
            ["60周岁以上老年人花名册", None, None, None, None],
            ["序号", "姓名", "身份证号", "联系电话", "助餐需求"],
            [None] * 5,
            ["居民花名册", None, None, None, None],
            ["序号", "姓名", "身份证号", "文化程度", "兴趣爱好"],
            [None] * 5,
            [None] * 5,
        ],
        "A1:E1 A4:E4",
        name="名册",
    )
    page: Any = book.create_sheet("统计")
    for row in (
        ["常住人口年龄结构统计表"],
        ["年龄段", "人数", "男", "女"],
        ["合计"],
        ["0-17岁"],
        ["18-59岁"],
        ["60岁及以上"],
    ):
        page.append(row)
    return as_bytes(book)


def place(part: FormPart, which: int, label: str) -> int:
    mappings = part.task.recognition.regions_of_form[which].mappings
    return next(n for n, one in enumerate(mappings) if one.label == label)


def cells(data: bytes, sheet: str = "名册") -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(data))[sheet].iter_rows(values_only=True))


def fresh(part: FormPart) -> FormPart:
    return FormPart.objects.select_related("task__unit").get(pk=part.pk)


def test_every_list_of_a_file_is_asked(cast: Cast, issue: Issue) -> None:
    task = issue(several())
    assert [(one.number, one.title, one.subject, one.kind) for one in task.lists.all()] == [
        (0, "60周岁以上老年人花名册", "person", "roster"),
        (1, "居民花名册", "person", "roster"),
        (2, "常住人口年龄结构统计表", "", "aggregate"),
    ]
    assert task.lists.get(number=OLD).new_labels == ["助餐需求"]
    assert task.lists.get(number=ALL).new_labels == ["兴趣爱好"]
    assert "person.education" in task.told_elements


def test_a_copy_is_filled_list_by_list_and_counted_so(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue(several()))
    street = cast.street
    grids = keeping.grids_of(part)
    assert grids[OLD].ids == [street.head.pk, street.wife.pk]
    assert set(grids[ALL].ids) > {street.head.pk, street.wife.pk, street.son.pk}
    assert len(grids[TABLE].rows) == 1
    told = part.by_list
    assert [one.rows for one in told] == [2, len(grids[ALL].rows), 1]
    assert part.cells == sum(one.cells for one in told)
    assert part.blanks == sum(one.blanks for one in told)
    assert part.amount == f"{2 + len(grids[ALL].rows)} 行、{told[TABLE].cells} 格"
    shown = Disclosure.objects.filter(purpose__startswith="填报：").latest("pk")
    assert shown.persons == len(grids[ALL].ids)
    page = cells(actions.download(acting_user=cast.people.worker, part=part)[0])
    heads = [n for n, row in enumerate(page) if row[1] == "姓名"]
    assert [page[heads[0] + n][1] for n in (1, 2)] == [street.head.name, street.wife.name]
    assert page[heads[1] + 1][1]
    assert len(heads) == 2
    for number, row in enumerate(grids[ALL].rows):
        assert page[row.at - 1][1] == row.cells[place(part, ALL, "姓名")], number


def test_what_is_corrected_stands_where_the_list_was_pushed(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue(several()))
    worker, hobby = cast.people.worker, place(part, ALL, "兴趣爱好")
    part = actions.correct_row(acting_user=worker, part=part, row=1, values={hobby: "下棋"}, which=ALL)
    change = CellChange.objects.get()
    assert (change.listed, change.column) == (ALL, "兴趣爱好")
    row = keeping.grid_of(part, ALL).rows[1]
    page = cells(keeping.workbook(part))
    assert page[row.at - 1][4] == "下棋"
    assert page[row.at - 1][1] == row.cells[place(part, ALL, "姓名")]
    with pytest.raises(RuleError, match="没有这一张"):
        actions.correct_row(acting_user=worker, part=part, row=0, values={}, which=7)


def test_rows_added_and_left_out_leave_the_other_lists_whole(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue(several()))
    worker, son = cast.people.worker, cast.street.son
    hobby = place(part, ALL, "兴趣爱好")
    part = actions.correct_row(acting_user=worker, part=part, row=0, values={hobby: "书法"}, which=ALL)
    part = actions.add_row(acting_user=worker, part=part, who=son.name, why="照看老人", which=OLD)
    part = actions.remove_row(acting_user=worker, part=part, row=1, why="不住这里了", which=ALL)
    page = cells(keeping.workbook(part))
    heads = [n for n, row in enumerate(page) if row[1] == "姓名"]
    assert [row[1] for row in page[heads[0] + 1 : heads[0] + 4]] == [
        cast.street.head.name,
        cast.street.wife.name,
        son.name,
    ]
    below = page[heads[1] + 1 :]
    grids = keeping.grids_of(part)
    assert [row[1] for row in below if row[1]] == [
        row.cells[place(part, ALL, "姓名")] for row in grids[ALL].rows
    ]
    assert below[0][4] == "书法"
    table = {row[0]: row[1:] for row in cells(keeping.workbook(part), "统计")}
    mappings = part.task.recognition.regions_of_form[TABLE].mappings
    first = {one.where: value for one, value in zip(mappings, grids[TABLE].rows[0].cells, strict=True)}
    assert table["60岁及以上"][0] == first["B6"] > 0
    assert [one.rows for one in part.by_list] == [3, len(grids[ALL].rows), 1]


def test_a_completed_file_comes_back_list_by_list(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue(several()))
    worker = cast.people.worker
    book = load_workbook(io.BytesIO(actions.download(acting_user=worker, part=part)[0]))
    page: Any = book["名册"]
    wife = next(n for n in range(1, 20) if page.cell(n, 2).value == cast.street.wife.name)
    page.cell(wife, 5, "送到家")
    # One more row of the upper list pushes the lower one, as Excel does it.
    title = next(one for one in page.merged_cells.ranges if one.min_row > 1)
    page.unmerge_cells(str(title))
    page.insert_rows(wife + 1)
    page.cell(wife + 1, 2, "外来的老人")
    lower = keeping.grid_of(part, ALL).rows[0].at + 1
    page.cell(lower, 5, "唱歌")
    book["统计"]["B6"] = 99
    assert actions.take_workbook(acting_user=worker, part=part, name="x.xlsx", data=as_bytes(book)) == 4
    found = {(one.listed, one.what, one.column) for one in CellChange.objects.all()}
    assert {(OLD, "changed", "助餐需求"), (OLD, "added", ""), (ALL, "changed", "兴趣爱好")} < found
    part = fresh(part)
    grids = keeping.grids_of(part)
    assert [len(one.rows) for one in grids[:2]] == [3, part.by_list[ALL].rows]
    assert grids[ALL].rows[0].id is not None
    assert grids[ALL].rows[0].cells[place(part, ALL, "兴趣爱好")] == "唱歌"
    # What is corrected on the page afterwards goes where the list stands now.
    part = actions.correct_row(
        acting_user=worker, part=part, row=0, values={place(part, ALL, "兴趣爱好"): "跳舞"}, which=ALL
    )
    assert cells(keeping.workbook(part))[lower - 1][4] == "跳舞"


def test_another_file_is_refused_with_what_is_missing(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue(several()))
    worker = cast.people.worker
    data = actions.download(acting_user=worker, part=part)[0]

    def says(match: str, change: Any) -> None:
        book = load_workbook(io.BytesIO(data))
        change(book)
        with pytest.raises(RuleError, match=match):
            actions.take_workbook(acting_user=worker, part=part, name="x.xlsx", data=as_bytes(book))

    says("少了“统计”这张工作表", lambda book: book.remove(book["统计"]))
    says("没有找到“居民花名册”的表头", lambda book: _rename(book["名册"], "兴趣爱好", "爱好"))
    says("A6 应是“60岁及以上”", lambda book: _rename(book["统计"], "60岁及以上", "六十岁以上"))
    assert not CellChange.objects.exists()


def _rename(page: Any, text: str, other: str) -> None:
    for row in page.iter_rows():
        for cell in row:
            if cell.value == text:
                cell.value = other


def test_the_department_gets_every_list_of_every_community(cast: Cast, issue: Issue) -> None:
    task = issue(several(), communities=[COMMUNITY, NEIGHBOUR])
    part = filled(cast, task)
    worker = cast.people.worker
    actions.submit(acting_user=worker, part=part, note="还在问")
    actions.sign(acting_user=cast.head, part=part)
    sent = fresh(part).sendings.get()
    assert sent.by_list == part.by_list
    assert sent.amount == part.amount
    assert Disclosure.objects.filter(purpose__startswith="报送").latest("pk").persons == len(
        keeping.grid_of(part, ALL).ids
    )
    who = cast.people.department
    made = actions.merged(acting_user=who, task=task, way=ROWS)
    page = cells(made.data)
    heads = [n for n, row in enumerate(page) if row[1] == "姓名"]
    assert page[heads[0] + 2][1] == cast.street.wife.name
    assert [row[1] for row in page[heads[1] + 1 :] if row[1]] == [
        row.cells[place(part, ALL, "姓名")] for row in keeping.grid_of(part, ALL).rows
    ]
    assert {row[0]: row[1] for row in cells(made.data, "统计")}["60岁及以上"] > 0
    files = actions.merged(acting_user=who, task=task, way=SHEETS)
    with zipfile.ZipFile(io.BytesIO(files.data)) as archive:
        inside = archive.namelist()
        own = next(one for one in inside if "报送情况" not in one)
        assert cells(archive.read(own)) == cells(keeping.workbook(fresh(part)))
    assert (files.ending, len(inside)) == ("zip", 2)
    again = actions.reopen(acting_user=worker, part=fresh(part), reason="补一格")
    again = actions.correct_row(
        acting_user=worker, part=again, row=0, values={place(part, ALL, "兴趣爱好"): "钓鱼"}, which=ALL
    )
    actions.submit(acting_user=worker, part=again, note="还在问")
    assert actions.sign(acting_user=cast.head, part=again).changed == 1


def test_blanks_of_every_list_are_asked_on_the_spot(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue(several()))
    worker = cast.people.worker
    meals, hobby = place(part, OLD, "助餐需求"), place(part, ALL, "兴趣爱好")
    asked = actions.ask_missing(acting_user=worker, part=part, places=[(OLD, meals), (ALL, hobby)])
    assert asked.new == 2 + part.by_list[ALL].rows
    assert set(Asking.objects.values_list("listed", "place")) == {(OLD, meals), (ALL, hobby)}
    question = Question.objects.get(key="兴趣爱好", record=cast.street.head.pk)
    actions.answer(acting_user=worker, question=question, value="养花")
    grid = keeping.grid_of(fresh(part), ALL)
    row = grid.ids.index(cast.street.head.pk)
    assert grid.rows[row].cells[hobby] == "养花"
    assert CellChange.objects.get().listed == ALL
    # The next file that asks it in whichever list has it filled.
    other = filled(cast, issue(elderly("兴趣爱好"), why_again="试"))
    assert "养花" in keeping.grid_of(other).rows[0].cells


def test_what_a_further_list_asks_is_no_news(cast: Cast, issue: Issue, warrant: Warrant) -> None:
    first = issue(several())
    again = actions.draft(
        acting_user=cast.people.department,
        warrant=a_warrant(cast.department, title="另一项"),
        name="x.xlsx",
        data=as_bytes(
            laid([["居民花名册", None, None], ["姓名", "身份证号", "兴趣爱好"], [None] * 3], "A1:C1")
        ),
    )
    (same,) = reading.asked_elsewhere(again)
    assert (same.task, same.labels[-1], same.people) == (first, "兴趣爱好", "同一批")


def test_a_list_that_must_not_be_asked_stops_the_file(cast: Cast, warrant: Warrant) -> None:
    book = load_workbook(io.BytesIO(several()))
    page: Any = book.create_sheet("戒毒")
    for row in (["吸毒人员花名册"], ["姓名", "身份证号", "联系电话", "现住址"], [None] * 4):
        page.append(row)
    with pytest.raises(RuleError, match="涉及“涉毒人员”"):
        actions.draft(acting_user=cast.people.department, warrant=warrant, name="x.xlsx", data=as_bytes(book))
    assert not FormTask.objects.exists()


def test_the_scope_of_each_list_is_its_own(cast: Cast, warrant: Warrant) -> None:
    who = cast.people.department
    task = actions.draft(acting_user=who, warrant=warrant, name="x.xlsx", data=several())
    task = actions.choose_scope(acting_user=who, task=task, conditions=["aged_80"], which=ALL)
    first, second, _table = task.recognition.regions_of_form
    assert second.population.conditions == ["aged_80"]
    assert first.population.conditions != ["aged_80"]
    key = next(one.key for one in second.mappings if one.label == "兴趣爱好")
    task = actions.set_column(acting_user=who, task=task, column=key, target="element", element="sex")
    assert "sex" in task.lists.get(number=ALL).elements
    assert "sex" not in task.lists.get(number=OLD).elements
    with pytest.raises(RuleError, match="没有这一张"):
        actions.choose_scope(acting_user=who, task=task, conditions=[], which=5)


def client(user: Any) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def test_the_pages_go_list_by_list(cast: Cast, issue: Issue) -> None:
    task = issue(several())
    part = filled(cast, task)
    browser = client(cast.people.worker)

    def shown(address: str, **query: Any) -> str:
        answer = browser.get(address, query)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())

    here = part.get_absolute_url()
    assert cast.street.son.name not in shown(here)
    page = shown(here, list=ALL)
    assert cast.street.son.name in page
    assert "居民花名册" in page
    assert "60岁及以上" in shown(here, list=TABLE)
    assert "居民花名册 · 兴趣爱好" in shown(here, tab="missing")
    where = reverse("collecting:row", args=[part.pk, ALL, 0])
    hobby = place(part, ALL, "兴趣爱好")
    answer = browser.post(where, {f"c{hobby}": "太极拳"})
    assert answer["Location"] == f"{here}?list={ALL}"
    assert "太极拳" in shown(here, tab="changes")
    added = browser.post(
        reverse(
            "collecting:add_row",
            args=[
                part.pk,
                OLD,
            ],
        ),
        {"who": cast.street.son.name, "why": "照看老人"},
    )
    assert added.status_code == 302
    for wrong in (
        reverse("collecting:row", args=[part.pk, 9, 0]),
        reverse("collecting:add_row", args=[part.pk, TABLE]),
        reverse("collecting:remove_row", args=[part.pk, TABLE, 0]),
        reverse("collecting:row", args=[part.pk, ALL, 999]),
    ):
        assert browser.get(wrong).status_code == 404, wrong
    actions.submit(acting_user=cast.people.worker, part=fresh(part), note="还在问")
    actions.sign(acting_user=cast.head, part=fresh(part))
    seen = client(cast.people.department).get(task.get_absolute_url()).content.decode()
    assert "合并成一个文件" in seen
    assert "居民花名册" in seen


def test_what_was_kept_as_one_list_is_still_read(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue())
    grid = keeping.grid_of(part)
    part.grid = keeping.keep(json.dumps(grid.as_json()).encode())
    part.save(update_fields=["grid"])
    assert keeping.grids_of(part) == [grid]
    actions.submit(acting_user=cast.people.worker, part=part, note="还在问")
    sent = actions.sign(acting_user=cast.head, part=part)
    sent.tallies = []
    assert sent.by_list == [Tally(part.rows, part.cells, part.blanks)]


NAMES = st.lists(st.text("赵钱孙李周吴郑王冯陈", min_size=2, max_size=4), max_size=7)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(upper=NAMES, lower=NAMES)
def test_whatever_the_lists_hold_comes_back_the_same(
    cast: Cast, several_task: FormTask, upper: list[str], lower: list[str]
) -> None:
    recognition: Recognition = several_task.recognition
    grids = []
    for listed, names in zip(recognition.regions_of_form, (upper, lower, []), strict=True):
        columns = [one.column for one in listed.mappings]
        rows = [GridRow(0, None, [None, name, f"{n}", "无", "有"]) for n, name in enumerate(names)]
        if listed.kind == "aggregate":
            rows = [GridRow(0, None, list(range(len(columns))))]
        grids.append(Grid(columns, ["text"] * len(columns), rows, is_rewritten=True))
    data = keeping.rewritten(several_task, grids, COMMUNITY, None)
    back = coming_back.read_back(data, "x.xlsx", several_task, grids)
    for before, after in zip(grids[:2], back[:2], strict=True):
        assert [row.cells[1:] for row in before.rows] == [row.cells[1:] for row in after.rows]
    asked = keeping.asked_places(recognition.regions_of_form[TABLE].mappings)
    assert [back[TABLE].rows[0].cells[n] for n in asked] == asked


@pytest.fixture
def several_task(cast: Cast, warrant: Warrant) -> FormTask:
    return actions.draft(acting_user=cast.people.department, warrant=warrant, name="x.xlsx", data=several())


def test_the_neighbour_sees_nothing_of_another_community(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue(several()))
    browser = client(cast.people.neighbour)
    assert browser.get(reverse("collecting:row", args=[part.pk, ALL, 0])).status_code == 404
    assert browser.get(reverse("collecting:add_row", args=[part.pk, ALL])).status_code == 404


def with_cards() -> bytes:
    """A roster, and a card for each of the elderly on a sheet of its own."""
    book = laid(
        [
            ["居民花名册", None, None, None],
            ["姓名", "身份证号", "文化程度", "兴趣爱好"],
            [None] * 4,
            [None] * 4,
        ],
        "A1:D1",
        name="名册",
    )
    page: Any = book.create_sheet("登记卡")
    for row in (
        ["60周岁以上老年人信息登记卡", None, None, None],
        ["姓名", None, "性别", None],
        ["身份证号", None, "出生日期", None],
        ["现住址", None, "联系电话", None],
        ["饮食习惯", None, "文化程度", None],
    ):
        page.append(row)
    page.merge_cells("A1:D1")
    for row in page.iter_rows(min_row=1, max_row=5, max_col=4):
        for cell in row:
            cell.border = THIN
    return as_bytes(book)


def test_cards_go_along_with_a_roster_that_is_written_anew(cast: Cast, issue: Issue) -> None:
    task = issue(with_cards())
    assert task.kinds == ["roster", "card"]
    part = filled(cast, task)
    worker, street = cast.people.worker, cast.street
    cards = keeping.grid_of(part, 1)
    assert [row.name for row in cards.rows] == [street.head.name, street.wife.name]
    assert part.amount == f"{len(keeping.grid_of(part).rows)} 行、2 张"
    diet = place(part, 1, "饮食习惯")
    part = actions.correct_row(acting_user=worker, part=part, row=1, values={diet: "少盐"}, which=1)
    before = len(keeping.grid_of(part).rows)
    part = actions.remove_row(acting_user=worker, part=part, row=0, why="不住这里了")
    data = keeping.workbook(part)
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames[:3] == ["名册", street.head.name, street.wife.name]
    assert book[street.head.name]["B2"].value == street.head.name
    assert book[street.wife.name]["B5"].value == "少盐"
    assert len([row for row in cells(data) if row[0]]) == before - 1 + 2
    book[street.head.name]["B5"] = "吃素"
    assert actions.take_workbook(acting_user=worker, part=part, name="x.xlsx", data=as_bytes(book)) == 1
    change = CellChange.objects.latest("pk")
    assert (change.listed, change.column, change.way) == (1, "饮食习惯", "upload")
    actions.submit(acting_user=worker, part=fresh(part), note="还在问")
    actions.sign(acting_user=cast.head, part=fresh(part))
    made = load_workbook(
        io.BytesIO(actions.merged(acting_user=cast.people.department, task=task, way=ROWS).data)
    )
    assert "登记卡" not in made.sheetnames
    listed = made["60周岁以上老年人信息登记卡汇总名册"]
    assert {row[1] for row in listed.iter_rows(2, values_only=True)} == {street.head.name, street.wife.name}
    assert len([row for row in made["名册"].iter_rows(3, values_only=True) if row[0]]) == before - 1


def test_a_roster_of_several_goes_into_the_registry_by_itself(cast: Cast, issue: Issue) -> None:
    part = filled(cast, issue(with_cards()))
    worker = cast.people.worker
    education = place(part, 0, "文化程度")
    with pytest.raises(RuleError, match="没有补填或改过"):
        actions.to_base(acting_user=worker, part=part)
    row = next(n for n, one in enumerate(keeping.grid_of(part).rows) if one.id == cast.street.son.pk)
    actions.correct_row(acting_user=worker, part=part, row=row, values={education: "大学本科"})
    made = actions.to_base(acting_user=worker, part=part)
    assert made.title == "居民花名册"
    with pytest.raises(RuleError, match="只有花名册"):
        actions.to_base(acting_user=worker, part=part, which=1)
    together = filled(cast, issue(several(), why_again="试"))
    actions.correct_row(
        acting_user=worker, part=together, row=0, values={place(together, 0, "助餐需求"): "要"}
    )
    with pytest.raises(RuleError, match="排在同一个工作表里"):
        actions.to_base(acting_user=worker, part=together)

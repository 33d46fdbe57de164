"""Several forms as one: what they ask once, what that saves, what goes over and comes back. No database."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from linli.collecting import joint_rules
from linli.collecting.joint_rules import Form, column_key, saving, together, union
from linli.collecting.rules import Grid, GridRow
from linli.ledgers.meaning.mapping import ASKED, ELEMENT, NEVER, SERIAL, Mapping


def column(label: str, target: str = ASKED, element: str = "", options: tuple[str, ...] = ()) -> Mapping:
    return Mapping(1, (label,), target, element, options=options)


def element(label: str, path: str) -> Mapping:
    return column(label, ELEMENT, path)


CIVIL = Form(
    1,
    "民政局",
    [column("序号", SERIAL), element("姓名", "name"), element("联系电话", "phone"), column("探访频次")],
)
HEALTH = Form(
    2,
    "卫健委",
    [
        element("老人姓名", "name"),
        element("手机号", "phone"),
        column("家庭医生"),
        column("探访 频次"),
        column("签字", NEVER),
    ],
)


def test_each_thing_is_asked_once_and_said_who_needs_it() -> None:
    found = union([CIVIL, HEALTH])
    assert [one.label for one in found] == ["姓名", "联系电话", "探访频次", "家庭医生"]
    assert [one.needs for one in found] == [
        [(1, 0, 1), (2, 0, 0)],
        [(1, 0, 2), (2, 0, 1)],
        [(1, 0, 3), (2, 0, 3)],
        [(2, 0, 2)],
    ]
    assert [one.label for one in joint_rules.shared(found)] == ["姓名", "联系电话", "探访频次"]


def test_a_question_with_other_answers_stays_another() -> None:
    one = Form(1, "民政局", [column("需要照料", options=("是", "否"))])
    other = Form(2, "卫健委", [column("需要照料", options=("轻", "中", "重"))])
    same = Form(3, "残联", [column("需要照料", options=("否", "是"))])
    found = union([one, other, same])
    assert [each.label for each in found] == ["需要照料", "需要照料（卫健委）"]
    assert [each.forms for each in found] == [{1, 3}, {2}]


def test_a_heading_that_means_something_else_keeps_both() -> None:
    found = union([Form(1, "民政局", [column("电话")]), Form(2, "卫健委", [element("电话", "phone")])])
    assert [one.label for one in found] == ["电话", "电话（卫健委）"]


def test_what_is_saved_is_counted() -> None:
    found = union([CIVIL, HEALTH])
    made = saving(found, {frozenset({1, 2}): (3, 100)})
    assert (made.copies_apart, made.copies) == (6, 3)
    assert (made.cells_apart, made.cells) == (700, 400)
    assert (made.new_apart, made.new) == (300, 200)
    assert made.saved == 300


def test_only_where_at_least_two_are_asked() -> None:
    assert together({1: ["a", "b"], 2: ["b", "c"], 3: ["c", "b"]}) == {
        frozenset({1, 2, 3}): ["b"],
        frozenset({2, 3}): ["c"],
    }
    assert together({1: ["a"], 2: ["b"]}) == {}


columns = st.lists(
    st.builds(
        lambda name, held: element(name, name) if held else column(name),
        st.sampled_from("甲乙丙丁戊"),
        st.booleans(),
    ),
    max_size=6,
)


@given(st.lists(columns, min_size=1, max_size=4))
def test_every_column_finds_its_place_once(forms: list[list[Mapping]]) -> None:
    made = [Form(number, f"单位{number}", one) for number, one in enumerate(forms)]
    found = union(made)
    needs = [need for one in found for need in one.needs]
    assert sorted(needs) == [(form.key, 0, place) for form in made for place in range(len(form.columns))]
    assert len({one.label for one in found}) == len(found)
    for one in found:
        for form, _listed, place in one.needs:
            assert column_key(forms[form][place]) == column_key(one.column)
    counted = saving(found, {frozenset(range(len(forms))): (1, 1)})
    assert counted.cells == len(found) <= counted.cells_apart == len(needs)


def test_what_people_wrote_comes_back_and_the_rest_in_the_forms_own_manner() -> None:
    common = Grid(
        [1, 2, 3],
        ["text"] * 3,
        [GridRow(4, 7, ["甲", "1380000", "每周"]), GridRow(5, None, ["新来的", "1390000", ""])],
    )
    typed = joint_rules.typed_cells(common, {7: ["甲", "1370000", None]})
    assert typed == {(7, 1): "1380000", (7, 2): "每周"}
    rows = joint_rules.projected(common, typed, {7: [None, "甲（女）", "1370000"]}, {1: 0, 2: 1}, 3)
    assert [one.cells for one in rows] == [[None, "甲（女）", "1380000"], [None, "新来的", "1390000"]]


def test_only_what_stands_as_it_was_changed_goes_over() -> None:
    theirs = Grid([1, 2], ["text"] * 2, [GridRow(4, 7, ["甲", "午餐"]), GridRow(5, 8, ["乙", "晚餐"])])
    typed = joint_rules.traced_cells(theirs, {1: {"午餐"}})
    assert typed == {(7, 1): "午餐"}
    mine = Grid([1, 2, 3], ["text"] * 3, [GridRow(4, 8, ["乙", "", ""]), GridRow(5, 7, ["甲", "", ""])])
    assert joint_rules.carried(mine, typed, {1: 2}, [1, 2]) == 1
    assert mine.edits == {(1, 2): "午餐"}
    assert joint_rules.carried(mine, typed, {1: 2}, [1, 2]) == 0

"""What a form asks, rows found again, what somebody typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.collecting import rules
from linli.collecting.rules import Difference, Grid, GridRow, State
from linli.ledgers.meaning.mapping import DECLINED, ELEMENT, NEVER, SERIAL, UNKNOWN, Mapping


def mapping(label: str, target: str, element: str = "") -> Mapping:
    return Mapping(1, (label,), target, element, label)


def test_what_is_held_leaves_out_what_asks_nothing() -> None:
    asked = rules.held(
        [
            mapping("序号", SERIAL),
            mapping("姓名", ELEMENT, "name"),
            mapping("电话", ELEMENT, "phone"),
            mapping("助餐需求", UNKNOWN),
            mapping("签字", NEVER),
            mapping("宗教信仰", DECLINED),
        ]
    )
    assert [one.label for one in asked.held] == ["姓名", "电话"]
    assert [one.label for one in asked.new] == ["助餐需求"]
    assert (asked.total, asked.percent) == (3, 66)
    assert [one.label for one in asked.declined] == ["宗教信仰"]


def test_never_all_while_one_is_new() -> None:
    many = [mapping(str(n), ELEMENT, str(n)) for n in range(999)]
    assert rules.held([*many, mapping("新", UNKNOWN)]).percent == 99
    assert rules.held(many).percent == 100
    assert rules.held([]).percent == 0


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("  ", "text", None),
        (" 需要 午餐 ", "text", "需要 午餐"),
        ("1,200", "number", 1200),
        ("3.5", "number", 3.5),
        ("2026/01/31", "date", "2026-01-31"),
        ("2026-01-31", "date", "2026-01-31"),
    ],
)
def test_what_is_typed(text: str, kind: str, value: object) -> None:
    assert rules.typed(text, kind) == value


@pytest.mark.parametrize(
    ("text", "kind"), [("很多", "number"), ("nan", "number"), ("去年", "date"), ("2026-02-30", "date")]
)
def test_what_is_no_date_or_number(text: str, kind: str) -> None:
    with pytest.raises(ValueError, match="请"):
        rules.typed(text, kind)


@pytest.mark.parametrize(
    ("state", "signed", "late"),
    [
        (State.SENT, None, True),
        (State.CHECKING, None, True),
        (State.SIGNED, date(2026, 11, 5), False),
        (State.SIGNED, date(2026, 11, 6), True),
        (State.WITHDRAWN, None, False),
    ],
)
def test_late(state: State, signed: date | None, late: bool) -> None:
    assert rules.is_late(state, date(2026, 11, 5), date(2026, 11, 9), signed) is late
    assert not rules.is_late(State.SENT, date(2026, 11, 9), date(2026, 11, 9), None)


def grid(*rows: tuple[str, str, str]) -> Grid:
    return Grid([1, 2, 3], ["text"] * 3, [GridRow(n + 5, n + 100, list(row)) for n, row in enumerate(rows)])


LABELS = ["身份证号", "姓名", "电话"]
KEYS = [[0], [1]]


def changes(before: Grid, after: Grid) -> list[Difference]:
    pairs = rules.match_rows(before.rows, after.rows, KEYS)
    return list(rules.differences(before, after, pairs, LABELS, [0, 1, 2], 1))


def test_rows_are_found_by_number_then_by_name() -> None:
    before = grid(("1", "甲", "a"), ("2", "乙", "b"), ("", "丙", "c"))
    after = grid(("", "丙", "c"), ("2", "乙二", "b"), ("9", "丁", "d"))
    assert changes(before, after) == [
        Difference(2, "乙二", "姓名", "乙", "乙二"),
        Difference(3, "丁", "", "", "", "added"),
        Difference(1, "甲", "", "", "", "removed"),
    ]


rows = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "3"]), st.sampled_from(["甲", "乙", "丙"]), st.text("ab", max_size=2)
    ),
    max_size=12,
)


@given(rows, st.randoms())
def test_another_order_changes_nothing_where_numbers_tell_rows_apart(
    found: list[tuple[str, str, str]], random: object
) -> None:
    apart = list({row[0]: row for row in found if row[0]}.values())
    shuffled = list(apart)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert changes(grid(*apart), grid(*shuffled)) == []


@given(rows, rows)
def test_each_row_is_one_other_at_most(
    before: list[tuple[str, str, str]], after: list[tuple[str, str, str]]
) -> None:
    pairs = rules.match_rows(grid(*before).rows, grid(*after).rows, KEYS)
    assert len(set(pairs.values())) == len(pairs)
    said = changes(grid(*before), grid(*after))
    assert sum(one.what == "added" for one in said) == len(after) - len(pairs)
    assert sum(one.what == "removed" for one in said) == len(before) - len(pairs)


@given(rows)
def test_a_grid_comes_back_from_its_file(found: list[tuple[str, str, str]]) -> None:
    made = grid(*found)
    if made.rows:
        made.edits[0, 2] = "x"
    again = Grid.from_json(made.as_json())
    assert again == made


def test_how_two_populations_stand_to_each_other() -> None:
    elderly, oldest = (["aged_60"], []), (["aged_60", "alone"], [])
    assert rules.alike(elderly, (["aged_60"], [])) == rules.SAME_PEOPLE
    assert rules.alike(oldest, elderly) == rules.PART_OF
    assert rules.alike(elderly, oldest) == rules.AROUND
    assert rules.alike((["in_disabled"], []), elderly) == rules.PERHAPS
    assert rules.alike(([], [("sex", ("1", "2"))]), ([], [("sex", ("2", "1"))])) == rules.SAME_PEOPLE

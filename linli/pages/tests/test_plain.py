"""What needs no database: pages of lists, numbers, charts."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.pages import html
from linli.pages.paging import CAP, CHEAP_ROWS, CHEAP_WORK, CappedPaginator
from linli.pages.parts import chart
from linli.pages.templatetags.linli import chart_rows


class Rows:
    """Stands for a table's rows over a queryset of `n` rows, and notes how far it was counted. The planner expects `expected`
    rows (None: as many as there are), for so much `work`."""

    def __init__(self, n: int, expected: int | None = None, work: float = 1.0) -> None:
        self.items = list(range(n))
        self.plan = {"Plan Rows": n if expected is None else expected, "Total Cost": work}
        self.counted = 0
        self.data = self
        self.query = True

    def order_by(self) -> Rows:
        return self

    def values_list(self, *names: str, flat: bool = False) -> Rows:
        return self

    def __getitem__(self, part: slice) -> Rows:
        found = Rows(0)
        found.items = self.items[part]
        self.last = found
        return found

    def __len__(self) -> int:
        return len(self.items)

    def explain(self, **options: str) -> str:
        return json.dumps({"Plan": self.plan})

    def count(self) -> int:
        self.counted = len(self.items)
        return self.counted


@given(st.integers(0, 3000), st.integers(1, 100), st.integers(-5, 10_000))
def test_every_row_is_on_a_page_and_next_tells_the_truth(n: int, per_page: int, number: int) -> None:
    rows = Rows(n, expected=10**6)
    paginator = CappedPaginator(rows, per_page)
    page = paginator.page(number)
    start = (page.number - 1) * per_page
    assert [*page.object_list.items] == rows.items[start : start + per_page]
    assert page.has_next() == (start + per_page < n)
    assert paginator.count == min(n, CAP)
    assert paginator.count_text == (f"{CAP:,}+" if n > CAP else f"{n:,}")
    assert page.end_index() == start + len(page.object_list.items)
    assert page.number in page.window or n == 0


def test_counting_stops_at_the_cap() -> None:
    rows = Rows(50_000, expected=CHEAP_ROWS + 1)
    assert CappedPaginator(rows, 50).capped
    assert rows.last.counted == CAP + 1
    assert CappedPaginator(Rows(50_000, expected=10, work=CHEAP_WORK + 1), 50).count_text == "1,000+"
    assert CappedPaginator(rows, 50, exact=True).count == 50_000


def test_what_is_cheap_is_counted_to_the_end() -> None:
    paginator = CappedPaginator(Rows(2_304), 50)
    assert (paginator.count_text, paginator.capped, paginator.num_pages) == ("2,304", False, 47)
    assert list(paginator.page(47).object_list.items) == [*range(2_300, 2_304)]


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        (15284, "15,284"),
        (None, "—"),
        (0, "0"),
        ("86.3", "86.3"),
        (86.5, "86.5"),
        (Decimal("1.3E+3"), "1,300"),
    ],
)
def test_thousands(given_: object, shown: str) -> None:
    assert html.thousands(given_) == shown


def test_money() -> None:
    assert html.money(Decimal("1280.5")) == "1,280.50"
    assert html.money(None) == "—"


def test_tags_are_empty_where_there_are_none() -> None:
    assert html.tags([]) == ""
    assert html.tags([("党员", "danger")]) == '<span class="tags"><span class="tag danger">党员</span></span>'


def test_chart_data_become_rows() -> None:
    data = chart("bar", ["甲", "乙"], {"男": [1, 2], "女": [3]}, "人")
    assert chart_rows(data) == [("甲", [1, 3]), ("乙", [2, None])]
    with pytest.raises(ValueError):
        chart("radar", [], {})

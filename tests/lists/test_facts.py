"""The plan's comparisons, sets of conditions, order, paging and tables, against what the rows themselves say."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.facts import comparing, cross, plan
from linli.facts.comparing import Comparison
from linli.facts.cross import Axis
from linli.facts.dictionary import Kind, UnknownTerm
from linli.facts.plan import Wish
from linli.kernel.scope import Scope
from linli.lists.asking import words
from tests.lists.conftest import ON, World

EVERYWHERE = (Scope.of("1101"),)
SAMPLE = {
    "contains": ("一",),
    "starts": ("东",),
    "is": ("东外社区",),
    "between": ("1", "40"),
    "band": ("1", "40"),
    "next_days": ("400",),
    "last_days": ("4000",),
    "in_month": ("5",),
}


def read(wish: Wish) -> list[tuple[int, list[Any]]]:
    return list(plan.rows(wish, words()))


def test_every_comparison_of_every_element_runs_and_its_opposite_is_the_rest(world: World) -> None:
    opposites = {"filled": "empty", "yes": "no", "one_of": "none_of"}
    tried = 0
    for subject in list(words().subjects()):
        if not subject.page:
            continue
        base = Wish(subject.key, EVERYWHERE, ON)
        everything = plan.total(base)
        for element_key in subject.elements:
            element = words().walk(subject.key, element_key)[2]
            counts = {}
            for operator in comparing.operators(element):
                values = SAMPLE.get(operator, ())
                if element.kind is Kind.DATE and operator == "between":
                    values = ("1950-01-01", "2030-01-01")
                if operator in ("one_of", "none_of"):
                    values = (element.codes.items[0].code,) if element.codes else ("低保",)
                one = Comparison(element_key, operator, values)
                counts[operator] = plan.total(Wish(subject.key, EVERYWHERE, ON, comparisons=[one]))
                tried += 1
            for first, second in opposites.items():
                if first in counts:
                    assert counts[first] + counts[second] == everything, (subject.key, element_key, first)
    assert tried > 400


def test_sets_of_conditions_are_what_logic_says(world: World) -> None:
    def ids(**more: Any) -> set[int]:
        return {pk for pk, _values in read(Wish("person", EVERYWHERE, ON, **more))}

    everybody, old, women = ids(), ids(conditions=["aged_60"]), ids(conditions=["female"])
    assert old
    assert old & women
    assert ids(any_of=[["aged_60", "female"]]) == old | women
    assert ids(any_of=[["aged_60", "female"], ["male"]]) == (old | women) & ids(conditions=["male"])
    assert ids(none_of=["aged_60", "female"]) == everybody - old - women
    ages = dict(read(Wish("person", EVERYWHERE, ON, elements=["age"])))
    between = ids(comparisons=[Comparison("age", "between", ("30", "39"))])
    assert between == {pk for pk, (age,) in ages.items() if age is not None and 30 <= age <= 39}
    with pytest.raises(UnknownTerm):
        ids(conditions=["nothing_of_the_kind"])


def test_pages_in_order_are_the_whole_list(world: World) -> None:
    wish = Wish("person", EVERYWHERE, ON, elements=["age", "name"], sort=[("age", True)])
    whole = read(wish)
    ages = [age for _pk, (age, _name) in whole if age is not None]
    assert ages == sorted(ages, reverse=True)
    paged = [
        row
        for start in range(0, len(whole) + 1, 37)
        for row in read(Wish(**{**wish.__dict__, "limit": 37, "offset": start}))
    ]
    assert paged == whole


AXES = {
    "sex": Axis(path="sex"),
    "education": Axis(path="education"),
    "age": Axis(path="age", edges=(0, 18, 60, 80)),
    "community": Axis(region_length=12),
    "born": Axis(path="birth_date", part="year"),
    "alone": Axis(conditions=("lives_alone",)),
    "groups": Axis(conditions=("in_low_income", "in_disabled", "in_party", "aged_80")),
    "nothing": Axis(),
}


def _classes(axis: Axis) -> dict[int, list[str]]:
    """Into which classes each person falls, found out one class at a time by other means than the table's."""
    everybody = {pk for pk, _values in read(Wish("person", EVERYWHERE, ON))}
    if axis.conditions:
        inside = {
            key: {pk for pk, _v in read(Wish("person", EVERYWHERE, ON, conditions=[key]))}
            for key in axis.conditions
        }
        return {pk: [key for key in axis.conditions if pk in inside[key]] or [""] for pk in everybody}
    path = axis.path or ("living.region_code" if axis.region_length else "sex")
    found: dict[int, list[str]] = {}
    for pk, (value,) in read(Wish("person", EVERYWHERE, ON, elements=[path])):
        if axis.region_length:
            key = value[: axis.region_length]
        elif not axis.path or value is None:
            key = ""
        elif axis.edges:
            key = str(sum(1 for edge in axis.edges if value >= edge))
        elif axis.part:
            key = f"{value:%Y}"
        else:
            key = str(value)
        found[pk] = [key]
    return found


def test_totals_agree_for_any_two_axes(world: World) -> None:
    classes = {name: _classes(axis) for name, axis in AXES.items()}
    ages = {pk: values[0] for pk, values in read(Wish("person", EVERYWHERE, ON, elements=["age"]))}
    words()
    for first, rows in AXES.items():
        for second, columns in AXES.items():
            for number in ("", "age"):
                table = cross.table(Wish("person", EVERYWHERE, ON), rows, columns, number=number)
                cells: dict[tuple[str, str], int] = {}
                by_row: dict[str, int] = {}
                by_column: dict[str, int] = {}
                total = 0
                for pk, keys in classes[first].items():
                    value = (ages[pk] or 0) if number else 1
                    total += value
                    for key in keys:
                        by_row[key] = by_row.get(key, 0) + value
                        for other in classes[second][pk]:
                            cells[key, other] = cells.get((key, other), 0) + value
                    for other in classes[second][pk]:
                        by_column[other] = by_column.get(other, 0) + value
                assert {k: v or 0 for k, v in table.cells.items()} == cells, (first, second)
                assert {k: v or 0 for k, v in table.rows.items()} == by_row
                assert {k: v or 0 for k, v in table.columns.items()} == by_column
                assert table.total == total


def test_a_page_of_rows_is_one_query(world: World) -> None:
    words()
    today = timezone.localdate()  # earlier days also ask for adjusted communities
    with CaptureQueriesContext(connection) as asked:
        list(
            plan.rows(Wish("person", EVERYWHERE, today, elements=["name", "head.name", "address"], limit=50))
        )
    assert len([one for one in asked.captured_queries if "SELECT" in one["sql"]]) == 1

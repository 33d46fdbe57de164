"""The cells of a table's page, rendered fast.

django-tables2 inspects the signature of each column's render function for every cell; over 500 cells that is most of a
page's time. Here what is the same for a column is found out once, and columns with anything unusual fall back to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django_tables2.columns import ManyToManyColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import Accessor, signature

from linli.pages import html

Make = Callable[[Any], Any]


def _labels(model: type, name: str) -> dict[Any, str]:
    """The labels of the attribute's choices in the language of the page; none where it has no choices."""
    if not issubclass(model, Model):
        return {}
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return {}
    return {value: str(label) for value, label in getattr(field, "flatchoices", None) or ()}


def _value_of(bound: Any) -> Make:
    """How a record's value for the column is read: by attribute, by a choice's label, or by the accessor's longer way."""
    accessor = Accessor(bound.accessor)
    if len(accessor.bits) != 1:

        def resolve(record: Any) -> Any:
            try:
                return accessor.resolve(record)
            except Exception:  # as django-tables2: what cannot be followed is empty
                return None

        return resolve
    name = accessor.bits[0]
    labels: dict[type, dict[Any, str]] = {}

    def read(record: Any) -> Any:
        kind = type(record)
        if kind not in labels:
            labels[kind] = _labels(kind, name)
        if labels[kind]:
            raw = getattr(record, name)
            return labels[kind].get(raw, raw)
        if isinstance(record, dict):
            return record.get(name)
        value = getattr(record, name, None)
        if callable(value) and not getattr(value, "alters_data", False):
            return value if getattr(value, "do_not_call_in_templates", False) else value()
        return value

    return read


class Line:
    """One record of a table's page; django-tables2's own row is made only where a column asks for it."""

    def __init__(self, table: Any, record: Any) -> None:
        self.table = table
        self.record = record

    @cached_property
    def bound(self) -> BoundRow:
        """The row as django-tables2 knows it."""
        return BoundRow(self.record, table=self.table)


def records(table: Any) -> Iterable[Any]:
    """The records of the table's page."""
    found: Iterable[Any] = table.paginated_rows.data
    return found


@lru_cache(maxsize=2_000)
def _of_method(function: Any) -> tuple[tuple[str, ...], bool]:
    wanted, rest = signature(function)
    return tuple(wanted)[1:], bool(rest)


def _wanted(render: Any) -> tuple[tuple[str, ...], bool]:
    """The names of a render function's arguments, and whether it takes any others. Columns are copied for each table, their
    methods are not."""
    function = getattr(render, "__func__", None)
    if function is not None:
        return _of_method(function)
    wanted, rest = signature(render)
    return tuple(wanted), bool(rest)


def cell_maker(table: Any, bound: Any) -> Make:
    """The function that renders the column's cell of a row."""
    if bound.link or isinstance(bound.column, ManyToManyColumn):
        return lambda line: line.bound.get_cell(bound.name)
    wanted, rest = _wanted(bound.render)
    fixed = {"column": bound.column, "bound_column": bound, "table": table}
    known = {"value", "record", "bound_row", *fixed}
    if rest or any(name not in known for name in wanted):
        return lambda line: line.bound.get_cell(bound.name)
    given = {name: fixed[name] for name in wanted if name in fixed}
    value_of, render, default = _value_of(bound), bound.render, bound.default
    empty = bound.column.empty_values
    with_value, with_record, with_row = "value" in wanted, "record" in wanted, "bound_row" in wanted

    if not given and not with_row and not with_record:

        def make_of_value(line: Line) -> Any:
            value = value_of(line.record)
            if value in empty:
                return default
            return render(value=value) if with_value else render()

        return make_of_value
    if not given and not with_row and not with_value:

        def make_of_record(line: Line) -> Any:
            return default if value_of(line.record) in empty else render(record=line.record)

        return make_of_record

    def make(line: Line) -> Any:
        value = value_of(line.record)
        if value in empty:
            return default
        more = dict(given)
        if with_value:
            more["value"] = value
        if with_record:
            more["record"] = line.record
        if with_row:
            more["bound_row"] = line.bound
        return render(**more)

    return make


def _sort_mark(bound: Any) -> SafeString:
    if not bound.is_ordered:
        return html.icon("arrows-sort")
    return html.icon("arrow-down" if bound.order_by_alias.is_descending else "arrow-up")


def head(table: Any, request: Any) -> SafeString:
    """The headings; those that can be sorted by are links to the first page in that order."""
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    query.pop("page", None)
    parts: list[str] = []
    for bound in table.columns:
        order = ""
        if bound.is_ordered:
            order = f' aria-sort="{"descending" if bound.order_by_alias.is_descending else "ascending"}"'
        shown = html.text(bound.header)
        if bound.orderable:
            query[table.prefixed_order_by_field] = bound.order_by_alias.next
            url = html.text(f"?{query.urlencode()}")
            shown = f'<a id="sort-{html.text(bound.name)}" href="{url}" hx-get="{url}">{shown}{_sort_mark(bound)}</a>'
        parts.append(f'\n<th scope="col" {bound.attrs["th"].as_html()}{order}>{shown}</th>')
    return mark_safe("".join(parts))  # noqa: S308  every part is escaped above


def rows(table: Any) -> SafeString:
    """All rows of the table's page, every cell with the heading that phones show beside it."""
    columns = []
    for bound in table.columns:
        label = "" if bound.name == "pick" else format_html(' data-label="{}"', bound.header)
        varies = any(callable(value) for value in bound.column.attrs.get("td", {}).values())
        opening = "" if varies else f"<td {bound.attrs['td'].as_html()}{label}>"
        columns.append((bound, label, opening, cell_maker(table, bound), bound.localize))
    parts: list[str] = []
    for record in records(table):
        line = Line(table, record)
        parts.append(f"<tr {line.bound.attrs.as_html()}>" if table.row_attrs else "<tr>")
        for bound, label, opening, make, localised in columns:
            cell = make(line)
            if not opening:
                bound.current_value, bound.current_record = cell, record
                opening = f"<td {bound.attrs['td'].as_html()}{label}>"
            kind = type(cell)
            if kind is str:
                parts.append(f"{opening}{escape(cell)}</td>")
            elif kind is SafeString:
                parts.append(f"{opening}{cell}</td>")
            else:
                parts.append(f"{opening}{html.text(localize(cell) if localised else cell)}</td>")
        parts.append("</tr>\n")
    return mark_safe("".join(parts))  # noqa: S308  every part is escaped above

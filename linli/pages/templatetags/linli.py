"""Template tags of the kit (built in to every template)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from linli.pages import html
from linli.regions import names

register = template.Library()

register.simple_tag(html.asset, name="asset")
register.simple_tag(html.icon, name="icon")
register.simple_tag(html.copyable, name="copyable")
register.simple_tag(names.title, name="region_title")
register.filter("thousands", html.thousands)
register.filter("money", html.money)


@register.filter
def dash(value: Any) -> Any:
    """A dash for what is empty."""
    return html.DASH if value is None or value == "" else value


@register.simple_tag
def tag(label: Any, tone: str = "") -> SafeString:
    """A coloured word; see `linli.pages.html.tag`."""
    return html.tag(label, tone)


@register.simple_tag
def table_rows(table: Any) -> SafeString:
    """The rows of a table's page. In Python, because a template takes thrice as long over 500 cells.

    What stands the same in every cell of a column (attributes, the heading shown on phones) is made once.
    """
    opening: dict[str, str | None] = {}
    for column in table.columns:
        label = "" if column.name == "pick" else format_html(' data-label="{}"', column.header)
        varies = any(callable(value) for value in column.column.attrs.get("td", {}).values())
        opening[column.name] = None if varies else f"<td {column.attrs['td'].as_html()}{label}>"
    parts: list[str] = []
    for row in table.paginated_rows:
        parts.append(f"<tr {row.attrs.as_html()}>")
        for column, cell in row.items():
            start = opening[column.name]
            if start is None:
                label = format_html(' data-label="{}"', column.header)
                start = f"<td {column.attrs['td'].as_html()}{label}>"
            parts.append(f"{start}{conditional_escape(localize(cell) if column.localize else cell)}</td>")
        parts.append("</tr>\n")
    return mark_safe("".join(parts))  # noqa: S308  every part is escaped above


@register.filter
def chart_rows(data: dict[str, Any]) -> list[tuple[Any, list[Any]]]:
    """A chart's data as rows of a table: (label, [value of each series])."""
    series = data.get("series", [])
    return [
        (label, [one["data"][index] if index < len(one["data"]) else None for one in series])
        for index, label in enumerate(data.get("x", []))
    ]

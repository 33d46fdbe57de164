"""Template tags of the kit (built in to every template)."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import QueryDict
from django.utils.safestring import SafeString, mark_safe

from linli.pages import asof, cells, html
from linli.regions import names

register = template.Library()

register.simple_tag(html.asset, name="asset")
register.simple_tag(html.icon, name="icon")
register.simple_tag(html.copyable, name="copyable")
register.simple_tag(names.title, name="region_title")
register.simple_tag(cells.head, name="table_head")
register.simple_tag(cells.rows, name="table_rows")
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


@register.simple_tag(takes_context=True)
def dated(context: Any, url: str) -> str:
    """An address with the day of the page it is shown on; see `linli.pages.asof.carry`."""
    return asof.carry(url, context.get("request"))


@register.simple_tag(takes_context=True)
def tab_url(context: Any, key: str) -> str:
    """The address of another tab of the page, on the same day."""
    request = context.get("request")
    return asof.carry(f"{request.path if request is not None else ''}?tab={key}", request)


@register.filter
def chart_rows(data: dict[str, Any]) -> list[tuple[Any, list[Any]]]:
    """A chart's data as rows of a table: (label, [value of each series])."""
    series = data.get("series", [])
    return [
        (label, [one["data"][index] if index < len(one["data"]) else None for one in series])
        for index, label in enumerate(data.get("x", []))
    ]


@register.simple_tag(takes_context=True)
def page_query(context: Any) -> str:
    """The address' query up to the number of a page: ?q=王&page="""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    query.pop("page", None)
    kept = query.urlencode()
    return f"?{kept}&page=" if kept else "?page="


@register.simple_tag
def plain_field(field: Any, css: str = "", icon: str = "") -> SafeString:
    """A field of a list's filters: label and control, as c-field shows them, without a template."""
    shown = f"{html.icon(icon)}{field}" if icon else str(field)
    control = f'<div class="with-icon">{shown}</div>' if icon else shown
    label = f'<label for="{html.text(field.id_for_label)}">{html.text(field.label)}</label>'
    return mark_safe(f'<div class="field{" " + css if css else ""}">{label}{control}</div>')  # noqa: S308  the parts are escaped


@register.filter
def is_plain(field: Any) -> bool:
    """Whether a field has nothing but a label and a control."""
    return not (
        field.errors
        or field.help_text
        or field.field.required
        or field.use_fieldset
        or field.widget_type in ("checkbox", "textarea", "filedrop")
    )

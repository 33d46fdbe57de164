"""Tables and their columns, on django-tables2."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from linli.pages import asof, html


class Table(tables.Table):
    """The house's table: 40 px rows, cards on a phone. Declare columns and `class Meta(Table.Meta)`."""

    class Meta:
        attrs = {"class": "table cards"}
        default = html.DASH
        order_by_field = "sort"
        template_name = "pages/table.html"


class TitleColumn(tables.Column):
    """The column that names the row and opens its drawer (the record's get_absolute_url)."""

    def __init__(self, *args: Any, wide: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"td": {"class": "title"}})
        super().__init__(*args, **kwargs)
        self.wide = wide

    def render(self, value: Any, record: Any, table: Any) -> Any:
        """The value as a link to the record on the day of the list; the value alone for a record that says it may not be
        opened (`may_open` False)."""
        if not getattr(record, "may_open", True):
            return value
        url = asof.carry(record.get_absolute_url(), getattr(table, "request", None))
        return html.drawer_link(url, value, wide=self.wide)


class NumberColumn(tables.Column):
    """Numbers with thousands separators, to the right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", {"th": {"class": "num"}, "td": {"class": "num"}})
        super().__init__(*args, **kwargs)

    def render(self, value: Any) -> str:
        """The value with separators."""
        return html.thousands(value)


class MoneyColumn(NumberColumn):
    """Amounts in 元."""

    def render(self, value: Any) -> str:
        """The value with two decimals."""
        return html.money(value)


class DateColumn(tables.Column):
    """Dates as 2026-11-22; of a moment, the day that it was here."""

    def render(self, value: Any) -> str:
        """The ISO date."""
        return f"{timezone.localtime(value) if isinstance(value, datetime) else value:%Y-%m-%d}"


class TagColumn(tables.Column):
    """A choice's label as a tag; `tones` maps values to tones."""

    def __init__(self, *args: Any, tones: dict[Any, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tones = tones or {}

    def render(self, value: Any, record: Any, bound_column: Any) -> SafeString:
        """The label in its tone."""
        raw = bound_column.accessor.resolve(record)
        return html.tag(value, self.tones.get(raw, ""))


class PickColumn(tables.Column):
    """The box that picks a row for batch actions."""

    def __init__(self) -> None:
        super().__init__(
            accessor="pk",
            orderable=False,
            exclude_from_export=True,
            attrs={"th": {"class": "pick"}, "td": {"class": "pick"}},
        )

    @property
    def header(self) -> SafeString:
        """The box that picks the whole page."""
        return format_html('<input type="checkbox" data-pick-all aria-label="{}">', _("选择本页全部"))

    @cached_property
    def says(self) -> str:
        """The label of a row's box, translated once for a table: each table has its own columns."""
        return str(_("选择 %(row)s"))

    def render(self, value: Any, record: Any) -> SafeString:
        """The row's box."""
        pick, label = html.text(value), html.text(self.says % {"row": record})
        return mark_safe(f'<input type="checkbox" name="pk" value="{pick}" data-pick aria-label="{label}">')  # noqa: S308  both are escaped

"""The lists of plans and norms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from linli.pages import html
from linli.pages.tables import DateColumn, Table, TagColumn
from linli.regions import names
from linli.registry.adjustment.models import Norm, Plan, PlanState

TONES = {
    PlanState.SUBMITTED: "warn",
    PlanState.APPROVED: "brand",
    PlanState.DONE: "ok",
}


class PlanTable(Table):
    """Plans."""

    name = tables.Column(verbose_name=_("方案"), attrs={"td": {"class": "title"}})
    state = TagColumn(verbose_name=_("状态"), tones=TONES)
    region_code = tables.Column(verbose_name=_("范围"))
    approval = tables.Column(verbose_name=_("批准文号"))
    effective_on = DateColumn(verbose_name=_("生效日期"))
    updated_at = DateColumn(verbose_name=_("最近修改"))

    class Meta(Table.Meta):
        model = Plan
        fields: tuple[str, ...] = ()

    def render_name(self, record: Plan) -> SafeString:
        """The name leads to the plan's page."""
        return html.format_html('<a href="{}">{}</a>', record.get_absolute_url(), record.name)

    def render_region_code(self, value: str) -> str:
        """The area."""
        return names.title(value)


class NormTable(Table):
    """Norms."""

    kind = tables.Column(verbose_name=_("标准内容"), attrs={"td": {"class": "title"}})
    low = tables.Column(verbose_name=_("数值"), orderable=False, empty_values=())
    region_code = tables.Column(verbose_name=_("适用地区"), empty_values=())
    source = tables.Column(verbose_name=_("来源"), attrs={"td": {"class": "wrap"}})
    valid_from = DateColumn(verbose_name=_("施行"))
    valid_to = DateColumn(verbose_name=_("停用"))

    class Meta(Table.Meta):
        model = Norm
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, editable: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editable = editable

    def render_kind(self, value: Any, record: Norm) -> Any:
        """The kind leads to the form where one may change it."""
        if self.editable is not None and self.editable(record):
            return html.format_html(
                '<a href="{}">{}</a>', reverse("adjustment:norm_edit", args=[record.pk]), value
            )
        return value

    def render_low(self, record: Norm) -> str:
        """From low to high, and for whom."""
        return describe(record.low, record.high, record.below)

    def render_region_code(self, value: str) -> str:
        """Where it holds."""
        return names.path(value) if value else str(_("全国"))


def number(value: Decimal) -> str:
    """Without needless decimals."""
    return html.thousands(int(value)) if value == int(value) else f"{value:,.2f}"


def describe(low: Decimal | None, high: Decimal | None, below: int | None) -> str:
    """1,000—3,000, 不少于 300, 每 250 …"""
    if low is not None and high is not None:
        said = number(low) if low == high else f"{number(low)}—{number(high)}"
    elif low is not None:
        said = f"不少于 {number(low)}"
    else:
        said = f"{number(high)}" if high is not None else ""
    return f"{said}（{below:,} 户以下的社区）" if below else said

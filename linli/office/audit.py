"""What was done, and who saw whose data."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views import View

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.audit import chain
from linli.audit.models import Channel, Disclosure, Event
from linli.facts.dictionary import UnknownTerm, dictionary
from linli.pages.filtering import FilterSet
from linli.pages.tables import NumberColumn, Table, TagColumn
from linli.pages.views import ListPage, Permitted
from linli.pages.widgets import DateInput
from linli.regions import names


class _InArea(Permitted):
    """Rows of the regions where the user may look at the audit; the empty region belongs to the whole country."""

    permission = Permission.VIEW_AUDIT

    def get_queryset(self) -> QuerySet[Any]:
        user: Any = self.request.user
        model: Any = self.model
        return model.objects.filter(scopes_q("region_code", user.scopes(Permission.VIEW_AUDIT)))


class EventFilters(FilterSet):
    """By words, by who, by when."""

    q = django_filters.CharFilter(label=_("内容"), field_name="summary", lookup_expr="contains")
    user_name = django_filters.CharFilter(label=_("操作人"), lookup_expr="contains")
    since = django_filters.DateFilter(
        label=_("开始日期"), field_name="at", lookup_expr="date__gte", widget=DateInput()
    )
    until = django_filters.DateFilter(
        label=_("截止日期"), field_name="at", lookup_expr="date__lte", widget=DateInput()
    )


class EventTable(Table):
    """Deeds."""

    at = tables.DateTimeColumn(verbose_name=_("时间"), format="Y-m-d H:i:s")
    user_name = tables.Column(verbose_name=_("操作人"))
    summary = tables.Column(verbose_name=_("内容"), attrs={"td": {"class": "title"}})
    reason = tables.Column(verbose_name=_("事由"))
    region_code = tables.Column(verbose_name=_("区域"))
    seq = NumberColumn(verbose_name=_("序号"))

    class Meta(Table.Meta):
        pass

    def render_region_code(self, value: str) -> str:
        return names.title(value)


class EventList(_InArea, ListPage):
    """The deeds of the area, newest first."""

    model = Event
    template_name = "office/events.html"
    title = _("操作记录")
    subtitle = _("每次写入都留痕，逐条相扣；任何一条被改动或删除，校验都会发现。")
    noun = _("条记录")
    filterset_class = EventFilters
    table_class = EventTable
    empty_title = _("还没有操作记录")
    empty_hint = _("每一次登记、修改、导出，谁做的、为什么，都记在这里。")


class VerifyChain(Permitted, View):
    """Recompute the chain and say what came of it."""

    permission = Permission.VIEW_AUDIT

    def get(self, request: HttpRequest) -> HttpResponse:
        """The address opened by hand: back to the list with its button."""
        return redirect("events")

    def post(self, request: HttpRequest) -> HttpResponse:
        report = chain.verify()
        (messages.success if report.sound else messages.error)(request, report.message)
        return redirect("events")


class DisclosureFilters(FilterSet):
    """By purpose, by who, by which way."""

    q = django_filters.CharFilter(label=_("用途"), field_name="purpose", lookup_expr="contains")
    user_name = django_filters.CharFilter(label=_("查看人"), lookup_expr="contains")
    channel = django_filters.ChoiceFilter(label=_("方式"), choices=Channel.choices, empty_label=_("全部"))
    since = django_filters.DateFilter(
        label=_("开始日期"), field_name="at", lookup_expr="date__gte", widget=DateInput()
    )
    until = django_filters.DateFilter(
        label=_("截止日期"), field_name="at", lookup_expr="date__lte", widget=DateInput()
    )


def _element_label(key: str) -> str:
    """The Chinese name of a disclosed element: `person.household.head.name`, or a bare element of a person."""
    subject, _dot, path = key.partition(".") if "." in key else ("person", "", key)
    try:
        return dictionary.label(subject, path)
    except (UnknownTerm, KeyError):
        pass
    try:
        return dictionary.subject(subject).conditions[path].label
    except (UnknownTerm, KeyError):
        return key


class DisclosureTable(Table):
    """Looks at personal data."""

    at = tables.DateTimeColumn(verbose_name=_("时间"), format="Y-m-d H:i:s")
    user_name = tables.Column(verbose_name=_("查看人"))
    channel = TagColumn(verbose_name=_("方式"))
    purpose = tables.Column(verbose_name=_("用途"), attrs={"td": {"class": "title"}})
    elements = tables.Column(verbose_name=_("数据项"), orderable=False)
    persons = NumberColumn(verbose_name=_("涉及人数"))
    region_code = tables.Column(verbose_name=_("区域"))

    class Meta(Table.Meta):
        pass

    def render_elements(self, value: list[str]) -> str:
        labels = list(dict.fromkeys(_element_label(one) for one in value))
        shown = "、".join(labels[:6])
        return f"{shown} 等 {len(labels)} 项" if len(labels) > 6 else shown

    def render_region_code(self, value: str) -> str:
        return names.title(value)


class DisclosureList(_InArea, ListPage):
    """Who saw unmasked data, for what, of how many people."""

    model = Disclosure
    title = _("查看记录")
    subtitle = _("谁、为什么、看了多少人的未脱敏信息。")
    noun = _("条记录")
    filterset_class = DisclosureFilters
    table_class = DisclosureTable
    empty_title = _("还没有查看记录")
    empty_hint = _("谁看过居民的完整号码、为了什么，都记在这里。")

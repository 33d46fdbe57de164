"""Finding cases."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.flow import inbox
from linli.flow.models import Case, CaseKind
from linli.pages.filtering import FilterSet


class CaseFilters(FilterSet):
    """By words of the title, number, kind, and whether it is over; `box` is kept from the tabs."""

    q = django_filters.CharFilter(
        label=_("关键字"),
        method="search",
        widget=forms.TextInput(attrs={"placeholder": _("标题、编号")}),
    )
    kind = django_filters.ModelChoiceFilter(
        label=_("种类"), field_name="edition__kind", queryset=CaseKind.objects.all(), empty_label=_("全部")
    )
    over = django_filters.ChoiceFilter(
        label=_("进度"),
        method="by_over",
        choices=[("no", _("办理中")), ("yes", _("已办结"))],
        empty_label=_("全部"),
    )
    box = django_filters.CharFilter(method="by_box", widget=forms.HiddenInput)

    class Meta:
        model = Case
        fields = ["q", "kind", "over", "box"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A part of the title, or the beginning of the number."""
        return rows.filter(Q(title__icontains=value) | Q(number__istartswith=value))

    def by_over(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Closed or not."""
        return rows.filter(closed_at__isnull=value == "no")

    def by_box(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """What the box leaves; done by the page for the first box too."""
        return rows

    @property
    def in_box(self) -> Any:
        """The box asked for."""
        return inbox.find(self.data.get("box", ""))

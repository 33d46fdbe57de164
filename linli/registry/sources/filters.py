"""What the list of contradictions is narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.access.models import Permission, scopes_q
from linli.kernel.scope import Scope
from linli.pages.filtering import FilterSet
from linli.pages.widgets import Combobox
from linli.registry.places import areas
from linli.registry.sources import knowing
from linli.registry.sources.models import Claim, ClaimState, SourceKind


class ClaimFilters(FilterSet):
    """Without a state, those that wait."""

    q = django_filters.CharFilter(
        label=_("姓名"),
        field_name="person__name",
        lookup_expr="startswith",
        widget=forms.TextInput(attrs={"placeholder": _("姓名开头")}),
    )
    element = django_filters.ChoiceFilter(label=_("数据项"), empty_label=_("全部"), choices=[])
    source = django_filters.ModelChoiceFilter(
        label=_("来源"), queryset=SourceKind.objects.all(), empty_label=_("全部")
    )
    region = django_filters.ChoiceFilter(
        label=_("社区或网格"),
        method="in_region",
        empty_label=_("全部"),
        widget=Combobox(placeholder=_("输入名称查找")),
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"), method="by_state", choices=ClaimState.choices, empty_label=_("待核定")
    )

    class Meta:
        model = Claim
        fields = ["q", "element", "source", "region", "state"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self
        mine.filters["element"].extra["choices"] = [(key, knowing.label(key)) for key in knowing.ELEMENTS]
        mine.filters["region"].extra["choices"] = areas.filter_choices(
            self.request.user, Permission.EDIT_PEOPLE
        )

    def filter_queryset(self, rows: QuerySet) -> QuerySet:
        """What waits, unless another state is asked for."""
        found = super().filter_queryset(rows)
        if self.form.cleaned_data.get("state"):
            return found
        return found.filter(state=ClaimState.CONFLICT)

    def in_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A region and everything in it."""
        return rows.filter(scopes_q("region_code", [Scope.of(value)]))

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """One state."""
        return rows.filter(state=value)

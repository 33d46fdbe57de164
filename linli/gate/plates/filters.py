"""What the list of plates is narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.gate.plates.models import STATES, Form, PhotoKind, Plate, PlatePhoto
from linli.gate.plates.rules import HANGING, State
from linli.kernel.scope import Scope
from linli.pages.filtering import FilterSet
from linli.pages.widgets import Combobox
from linli.registry.places import areas


class PlateFilters(FilterSet):
    """Search first, then region, state, form."""

    q = django_filters.CharFilter(
        label=_("关键字"),
        method="search",
        widget=forms.TextInput(attrs={"placeholder": _("牌子、部门、位置")}),
    )
    region = django_filters.ChoiceFilter(
        label=_("社区"), method="by_region", widget=Combobox(placeholder=_("全部社区"))
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        method="by_state",
        choices=[
            ("overdue", _("逾期未摘除")),
            ("hanging", _("现在挂着的")),
            ("removed_this_year", _("本年摘除的")),
            ("no_photo", _("已摘除，没有摘除后照片")),
            *STATES,
        ],
        empty_label=_("全部"),
    )
    form_of = django_filters.ChoiceFilter(
        label=_("形式"), field_name="form", choices=Form.choices, empty_label=_("全部")
    )

    class Meta:
        model = Plate
        fields = ["q", "region", "state", "form_of"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = areas.filter_choices(getattr(self.request, "user", None), Permission.VIEW_GATE)
        self.filters["region"].extra["choices"] = [one for one in found if len(one[0]) <= 12]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By what is written, who wanted it, where it hangs."""
        text = value.strip()
        if not text:
            return rows
        return rows.filter(
            Q(name__icontains=text)
            | Q(unit__name__icontains=text)
            | Q(unit_name__icontains=text)
            | Q(place__icontains=text)
        )

    def by_region(self, rows: Any, _name: str, value: str) -> QuerySet:
        """A community, street or district."""
        scope = Scope.of(value)
        return rows.filter(region_code__gte=scope.low, region_code__lt=scope.high)

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By state, or what is late."""
        today = timezone.localdate()
        if value == "overdue":
            return rows.filter(state=State.REMOVING, remove_by__lt=today)
        if value == "removed_this_year":
            return rows.filter(removed_on__year=today.year)
        if value == "no_photo":
            after = PlatePhoto.objects.filter(plate=OuterRef("pk"), kind=PhotoKind.AFTER)
            return rows.filter(~Exists(after), state=State.REMOVED).exclude(form=Form.BODY)
        return rows.filter(state__in=HANGING) if value == "hanging" else rows.filter(state=value)

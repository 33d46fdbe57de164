"""Filters of the lists of this room."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.certificates.models import Asker, Certificate, Refusal, SealUse, State, Why
from linli.pages.filtering import FilterSet
from linli.pages.widgets import DateInput
from linli.regions.models import KEY_LENGTH, Level
from linli.registry.places import areas

STATES = [*State.choices, ("expired", _("已过有效期"))]


class _PaperFilters(FilterSet):
    """By words, where the columns of `texts` hold them, and by community."""

    permission: Any = Permission.VIEW_CERTIFICATES
    texts: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_areas()

    def _offer_areas(self) -> None:
        """The communities of the user, where there are more than one."""
        mine: Any = self
        longest = KEY_LENGTH[Level.COMMUNITY]
        choices = [
            one for one in areas.filter_choices(self.request.user, self.permission) if len(one[0]) <= longest
        ]
        if len(choices) > 1:
            mine.filters["area"].extra["choices"] = choices
        else:
            del mine.filters["area"]

    def by_text(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Where any of the texts holds the words."""
        found = Q()
        for field in self.texts:
            found |= Q(**{f"{field}__contains": value.strip()})
        return rows.filter(found)

    def by_area(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """In a region."""
        found: QuerySet = rows.in_region(value)  # type: ignore[attr-defined]
        return found


def _area() -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=_("社区"), choices=[], empty_label=_("全部"), method="by_area")


def _since(field: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=_("开始日期"), field_name=field, lookup_expr="gte", widget=DateInput()
    )


def _until(field: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=_("截止日期"), field_name=field, lookup_expr="lte", widget=DateInput()
    )


class CertificateFilters(_PaperFilters):
    """By name, number, receiver; state; days."""

    texts = ("person__name", "number_text", "receiver__name", "edition__title")
    q = django_filters.CharFilter(
        label=_("关键字"),
        method="by_text",
        widget=forms.TextInput(attrs={"placeholder": _("姓名、编号、接收单位")}),
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"), choices=STATES, empty_label=_("全部"), method="by_state"
    )
    area = _area()
    since = _since("issued_on")
    until = _until("issued_on")

    class Meta:
        model = Certificate
        fields: tuple[str, ...] = ()

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """The state; expired ones are issued ones past their day."""
        if value == "expired":
            return rows.filter(state=State.ISSUED, valid_until__lt=timezone.localdate())
        return rows.filter(state=value)


class RefusalFilters(_PaperFilters):
    """By name, organisation, reason, days."""

    texts = ("name", "asked", "asker__name", "number_text")
    q = django_filters.CharFilter(
        label=_("关键字"),
        method="by_text",
        widget=forms.TextInput(attrs={"placeholder": _("姓名、证明名称、要求的单位")}),
    )
    why = django_filters.ChoiceFilter(label=_("理由"), choices=Why.choices, empty_label=_("全部"))
    area = _area()
    asker = django_filters.ModelChoiceFilter(
        label=_("要求的单位"), queryset=Asker.objects.none(), empty_label=_("全部")
    )
    since = _since("issued_on")
    until = _until("issued_on")

    class Meta:
        model = Refusal
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self
        seen = Refusal.objects.permitted(self.request.user, self.permission).values("asker_id")
        mine.filters["asker"].queryset = Asker.objects.filter(pk__in=seen)


class SealFilters(_PaperFilters):
    """By paper, seal, days."""

    texts = ("paper", "reason", "requested_by", "hand")
    q = django_filters.CharFilter(
        label=_("关键字"),
        method="by_text",
        widget=forms.TextInput(attrs={"placeholder": _("文件名称、事由、人名")}),
    )
    area = _area()
    since = _since("at__date")
    until = _until("at__date")

    class Meta:
        model = SealUse
        fields: tuple[str, ...] = ()

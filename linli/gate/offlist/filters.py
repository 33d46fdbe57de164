"""What the lists of reports and of refused attempts are narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.flow.models import THINGS, Refusal
from linli.gate.offlist import rules
from linli.gate.offlist.models import By, Report
from linli.gate.offlist.reading import places_of
from linli.gate.offlist.rules import Outcome
from linli.kernel.scope import Scope
from linli.pages.filtering import FilterSet
from linli.pages.widgets import Combobox
from linli.registry.places import areas


def _communities(request: Any) -> list[tuple[str, str]]:
    if request is None:
        return []
    return [one for one in areas.filter_choices(request.user, Permission.VIEW_OFFLIST) if len(one[0]) <= 12]


class ReportFilters(FilterSet):
    """Search first, then place, how it stands, how it was asked."""

    q = django_filters.CharFilter(
        label=_("关键字"),
        method="search",
        widget=forms.TextInput(attrs={"placeholder": _("要做什么、哪个单位")}),
    )
    region = django_filters.ChoiceFilter(
        label=_("社区"), method="by_region", widget=Combobox(placeholder=_("全部社区"))
    )
    stands = django_filters.ChoiceFilter(
        label=_("进度"),
        method="by_standing",
        choices=[
            ("waiting", _("待答复")),
            ("late", _("答复已逾期")),
            ("confirmed", _("属实")),
            *((one.value, one.label) for one in Outcome),
            ("withdrawn", _("社区已撤回")),
        ],
        empty_label=_("全部"),
    )
    by = django_filters.ChoiceFilter(label=_("怎么要求的"), choices=By.choices, empty_label=_("全部"))

    class Meta:
        model = Report
        fields = ["q", "region", "stands", "by"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["region"].extra["choices"] = _communities(self.request)

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By what was asked or by whom."""
        return rows.filter(
            Q(title__icontains=value)
            | Q(text__icontains=value)
            | Q(unit__name__icontains=value)
            | Q(unit_name__icontains=value)
        )

    def by_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A community, street or district."""
        return rows.filter(scopes_q("region_code", [Scope.of(value)]))

    def by_standing(self, rows: Any, _name: str, value: str) -> QuerySet:
        """Waiting, late, found to be so, or one outcome."""
        if value in ("waiting", "late"):
            late = {"due_on__lt": timezone.localdate()} if value == "late" else {}
            return rows.waiting().filter(**late)
        if value == "withdrawn":
            return rows.filter(withdrawn_at__isnull=False)
        return rows.filter(outcome__in=rules.CONFIRMED if value == "confirmed" else [value])


class RefusalFilters(FilterSet):
    """Search first, then place and what was to be sent."""

    q = django_filters.CharFilter(
        label=_("关键字"),
        method="search",
        widget=forms.TextInput(attrs={"placeholder": _("标题、事项、单位")}),
    )
    region = django_filters.ChoiceFilter(
        label=_("社区"), method="by_region", widget=Combobox(placeholder=_("全部社区"))
    )
    thing = django_filters.ChoiceFilter(label=_("类型"), choices=THINGS, empty_label=_("全部"))

    class Meta:
        model = Refusal
        fields = ["q", "region", "thing"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["region"].extra["choices"] = _communities(self.request)

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By title, item or unit."""
        return rows.filter(
            Q(title__icontains=value) | Q(warrant__title__icontains=value) | Q(unit__name__icontains=value)
        )

    def by_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Refused for a community of the region."""
        user: Any = self.request.user
        there = places_of(user).filter(scopes_q("region_code", [Scope.of(value)]))
        return rows.filter(pk__in=there.values("refusal"))

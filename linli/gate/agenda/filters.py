"""What the lists of proposals and visits are narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.gate.agenda.models import THINGS, Proposal, State, Visit
from linli.kernel.scope import Scope
from linli.pages.filtering import FilterSet
from linli.pages.widgets import Combobox
from linli.registry.places import areas


def _box(placeholder: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"placeholder": placeholder})


class ProposalFilters(FilterSet):
    """Search first, then kind and how far they are."""

    q = django_filters.CharFilter(label=_("关键字"), method="search", widget=_box(_("名称、单位")))
    thing = django_filters.ChoiceFilter(label=_("类型"), choices=THINGS, empty_label=_("全部"))
    state = django_filters.ChoiceFilter(
        label=_("进展"),
        method="by_state",
        choices=[("open", _("有待定的")), ("fixed", _("有已定的")), ("mine", _("本单位申请的"))],
        empty_label=_("全部"),
    )

    class Meta:
        model = Proposal
        fields = ["q", "thing", "state"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By title and unit."""
        text = value.strip()
        return rows.filter(Q(title__icontains=text) | Q(unit__name__icontains=text)) if text else rows

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """With visits that wait, that are fixed; or one's own."""
        if value == "mine":
            user: Any = self.request.user
            return rows.filter(unit__in=user.unit_ids)
        wanted = State.PROPOSED if value == "open" else State.FIXED
        return rows.filter(Exists(Visit.objects.filter(proposal=OuterRef("pk"), state=wanted)))


class VisitFilters(FilterSet):
    """Search first, then region, kind, state, days."""

    q = django_filters.CharFilter(label=_("关键字"), method="search", widget=_box(_("名称、单位")))
    region = django_filters.ChoiceFilter(
        label=_("社区"), method="by_region", widget=Combobox(placeholder=_("全部社区"))
    )
    thing = django_filters.ChoiceFilter(label=_("类型"), choices=THINGS, empty_label=_("全部"))
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        method="by_state",
        choices=[
            ("coming", _("还没到的")),
            ("unrecorded", _("没记时间的")),
            ("unlisted", _("未经准入的")),
            *State.choices,
        ],
        empty_label=_("全部"),
    )
    since = django_filters.DateFilter(
        label=_("从哪天"), field_name="day", lookup_expr="gte", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        label=_("到哪天"), field_name="day", lookup_expr="lte", widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Visit
        fields = ["q", "region", "thing", "state", "since", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = getattr(self.request, "user", None)
        found = areas.filter_choices(user, Permission.VIEW_GATE)
        self.filters["region"].extra["choices"] = [one for one in found if len(one[0]) <= 12]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By title and unit."""
        text = value.strip()
        if not text:
            return rows
        return rows.filter(
            Q(title__icontains=text) | Q(unit__name__icontains=text) | Q(unit_name__icontains=text)
        )

    def by_region(self, rows: Any, _name: str, value: str) -> QuerySet:
        """A community, street or district."""
        scope = Scope.of(value)
        return rows.filter(region_code__gte=scope.low, region_code__lt=scope.high)

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By state, or what waits for somebody."""
        today = timezone.localdate()
        if value == "coming":
            return rows.filter(state=State.FIXED, day__gte=today)
        if value == "unrecorded":
            return rows.filter(state=State.FIXED, last_day__lt=today)
        if value == "unlisted":
            return rows.filter(is_unlisted=True)
        return rows.filter(state=value)

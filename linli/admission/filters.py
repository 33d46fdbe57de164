"""Finding applications and objections."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.access.models import Unit
from linli.admission.kinds import ADMISSION
from linli.admission.models import Application, Objection
from linli.pages.filtering import FilterSet

STAGES = [("draft", _("草稿")), *((state.key, state.outcome or state.name) for state in ADMISSION.states)]


def _departments(request: Any) -> Any:
    if request is None:
        return Unit.objects.none()
    seen = Application.objects.visible(request.user).values("unit")
    return Unit.objects.filter(pk__in=seen)


class ApplicationFilters(FilterSet):
    """By words, by how far it is, by department."""

    q = django_filters.CharFilter(
        label=_("关键字"),
        method="search",
        widget=forms.TextInput(attrs={"placeholder": _("事项名称、编号")}),
    )
    stage = django_filters.ChoiceFilter(
        label=_("进度"), method="by_stage", choices=STAGES, empty_label=_("全部")
    )
    unit = django_filters.ModelChoiceFilter(label=_("申请部门"), queryset=_departments, empty_label=_("全部"))

    class Meta:
        model = Application
        fields = ["q", "stage", "unit"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A part of the title, or the beginning of the case's number."""
        return rows.filter(Q(title__icontains=value) | Q(case__number__istartswith=value))

    def by_stage(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Drafts, or those whose case is in that state."""
        return rows.filter(case__isnull=True) if value == "draft" else rows.filter(case__state=value)


class ObjectionFilters(FilterSet):
    """By words, and whether it is answered."""

    q = django_filters.CharFilter(
        label=_("关键字"),
        method="search",
        widget=forms.TextInput(attrs={"placeholder": _("事项名称、内容")}),
    )
    answered = django_filters.ChoiceFilter(
        label=_("进度"),
        method="by_answered",
        choices=[("no", _("待答复")), ("yes", _("已答复"))],
        empty_label=_("全部"),
    )

    class Meta:
        model = Objection
        fields = ["q", "answered"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A part of the item's title or of the words."""
        return rows.filter(Q(item__title__icontains=value) | Q(text__icontains=value))

    def by_answered(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Answered or not."""
        return rows.filter(answered_at__isnull=value == "no")

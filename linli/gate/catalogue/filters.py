"""What the lists of items, entries and bases are narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import Unit
from linli.flow.models import THINGS
from linli.gate.catalogue.models import Basis, BasisKind, Entry, Item
from linli.gate.catalogue.rules.terms import Fate, Kind, Responsibility
from linli.pages.filtering import FilterSet


def _labels(kinds: Any) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in kinds]


def _search(says: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"placeholder": says})


class TermsFilters(FilterSet):
    """By words, class, responsibility, department, way, and what may be sent."""

    q = django_filters.CharFilter(
        label=_("关键字"), method="search", widget=_search(_("事项、社区做什么、部门"))
    )
    category = django_filters.ChoiceFilter(label=_("类"), empty_label=_("全部类"))
    responsibility = django_filters.ChoiceFilter(
        label=_("职责"), choices=_labels(Responsibility), empty_label=_("全部")
    )
    unit = django_filters.ModelChoiceFilter(
        label=_("责任部门"), queryset=Unit.objects.none(), empty_label=_("全部部门")
    )
    kind = django_filters.ChoiceFilter(label=_("方式"), choices=_labels(Kind), empty_label=_("全部"))
    thing = django_filters.ChoiceFilter(
        label=_("可下派"), method="by_thing", choices=[*THINGS, ("none", _("不下派"))], empty_label=_("全部")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.queryset.order_by()
        names = sorted(set(rows.values_list("category", flat=True)))
        self.filters["category"].extra["choices"] = [(one, one) for one in names]
        self.filters["unit"].queryset = Unit.objects.filter(pk__in=rows.values("unit")).order_by("name")

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """All of the words, each somewhere in the item."""
        for word in value.split():
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(content__icontains=word)
                | Q(unit__name__icontains=word)
                | Q(category__icontains=word)
            )
        return rows

    def by_thing(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Items that allow the thing, or none at all."""
        return rows.filter(things=[]) if value == "none" else rows.filter(things__contains=[value])


class ItemFilters(TermsFilters):
    """Those in force unless others are asked for."""

    state = django_filters.ChoiceFilter(
        label=_("状态"),
        method="by_state",
        choices=[
            ("suspended", _("已暂停")),
            ("coming", _("还没有生效")),
            ("gone", _("已退出")),
            ("all", _("全部")),
        ],
        empty_label=_("在清单内"),
    )

    class Meta:
        model = Item
        fields = ["q", "category", "responsibility", "state", "unit", "kind", "thing"]

    @property
    def qs(self) -> QuerySet:
        """The rows."""
        found: Any = super().qs
        return found if self.form["state"].value() else found.in_force()

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Resting, coming, gone, or all."""
        items: Any = rows
        today = timezone.localdate()
        if value == "suspended":
            return items.in_force().exclude(warrant=None).exclude(warrant__suspended="")
        if value == "coming":
            return rows.filter(since__gt=today)
        return rows.filter(until__lte=today) if value == "gone" else rows


class EntryFilters(TermsFilters):
    """Kept ones unless others are asked for."""

    fate = django_filters.ChoiceFilter(
        label=_("处理"),
        method="by_fate",
        choices=[*_labels(Fate)[1:], ("gone", _("全部退出的")), ("new", _("新增")), ("all", _("全部"))],
        empty_label=_("保留"),
    )

    class Meta:
        model = Entry
        fields = ["q", "category", "fate", "responsibility", "unit", "kind", "thing"]

    @property
    def qs(self) -> QuerySet:
        """The rows."""
        found = super().qs
        return found if self.form["fate"].value() else found.filter(fate=Fate.KEEP.value)

    def by_fate(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """One fate, those that go, what is new, or all."""
        if value == "gone":
            return rows.exclude(fate=Fate.KEEP.value)
        if value == "new":
            return rows.filter(fate=Fate.KEEP.value).filter(Q(item=None) | Q(is_new=True))
        return rows if value == "all" else rows.filter(fate=value)


class BasisFilters(FilterSet):
    """By words and kind."""

    q = django_filters.CharFilter(
        label=_("关键字"), method="search", widget=_search(_("法律名称、条文里的字"))
    )
    kind = django_filters.ChoiceFilter(label=_("类别"), choices=BasisKind.choices, empty_label=_("全部"))

    class Meta:
        model = Basis
        fields = ["q", "kind"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """All of the words, each in the name, article, number or text."""
        for word in value.split():
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(article__icontains=word)
                | Q(number__icontains=word)
                | Q(text__icontains=word)
            )
        return rows

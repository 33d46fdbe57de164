"""What the queue of pairs is narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.access.models import Permission, scopes_q
from linli.kernel.scope import Scope
from linli.pages.filtering import FilterSet
from linli.pages.widgets import Combobox
from linli.registry.matching import rules
from linli.registry.matching.models import Merge, Pair, PairState, SubjectKind
from linli.registry.places import areas

BANDS = [(str(least), word) for least, word in rules.BANDS]


class PairFilters(FilterSet):
    """Without a state, those that wait."""

    subject = django_filters.ChoiceFilter(label=_("类别"), choices=SubjectKind.choices, empty_label=_("全部"))
    band = django_filters.ChoiceFilter(
        label=_("相似程度"), method="by_band", choices=BANDS, empty_label=_("全部")
    )
    region = django_filters.ChoiceFilter(
        label=_("社区或网格"),
        method="in_region",
        empty_label=_("全部"),
        widget=Combobox(placeholder=_("输入名称查找")),
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"), method="by_state", choices=PairState.choices, empty_label=_("待核对")
    )

    class Meta:
        model = Pair
        fields = ["subject", "band", "region", "state"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self
        mine.filters["region"].extra["choices"] = areas.filter_choices(
            self.request.user, Permission.EDIT_PEOPLE
        )

    def filter_queryset(self, rows: QuerySet) -> QuerySet:
        """What waits, unless another state is asked for."""
        found = super().filter_queryset(rows)
        return found if self.form.cleaned_data.get("state") else found.filter(state=PairState.OPEN)

    def by_band(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """From one threshold up to the next."""
        least = int(value)
        above = min((one for one, _word in rules.BANDS if one > least), default=101)
        return rows.filter(score__gte=least, score__lt=above)

    def in_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A region and everything in it."""
        return rows.filter(scopes_q("region_code", [Scope.of(value)]))

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """One state."""
        return rows.filter(state=value)


class MergeFilters(FilterSet):
    """What the list of merges is narrowed by."""

    name = django_filters.CharFilter(label=_("名称"), lookup_expr="icontains")
    subject = django_filters.ChoiceFilter(label=_("类别"), choices=SubjectKind.choices, empty_label=_("全部"))

    class Meta:
        model = Merge
        fields = ["name", "subject"]

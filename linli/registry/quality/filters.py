"""What the findings of a check are narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.access.models import scopes_q
from linli.kernel.scope import Scope
from linli.pages.widgets import Combobox
from linli.registry.places import areas
from linli.registry.quality import sight
from linli.registry.quality.models import Finding


class FindingFilters(django_filters.FilterSet):
    """Those that are to be mended, unless those set aside are asked for."""

    region = django_filters.ChoiceFilter(
        label=_("社区或网格"),
        method="in_region",
        empty_label=_("全部"),
        widget=Combobox(placeholder=_("输入名称查找")),
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"), method="by_state", choices=[("aside", _("情况属实"))], empty_label=_("待改正")
    )

    class Meta:
        model = Finding
        fields = ["region", "state"]

    def __init__(self, *args: Any, subject: str = "home", may_stand: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self
        mine.filters["region"].extra["choices"] = areas.filter_choices(self.request.user, sight.VIEW[subject])
        if not may_stand:
            del mine.filters["state"]

    def filter_queryset(self, rows: QuerySet) -> QuerySet:
        """What waits, unless what was set aside is asked for."""
        found = super().filter_queryset(rows)
        return found if self.form.cleaned_data.get("state") else found.filter(aside_on__isnull=True)

    def in_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A region and everything in it."""
        return rows.filter(scopes_q("region_code", [Scope.of(value)]))

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Set aside."""
        return rows.filter(aside_on__isnull=value != "aside")

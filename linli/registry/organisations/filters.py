"""Finding organisations."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.kernel import credit_code
from linli.registry.organisations.models import Organisation, OrganisationKind
from linli.registry.places.filters import PlaceFilters, contains, search_box
from linli.registry.places.rules import clean


def find(rows: QuerySet, text: str) -> QuerySet:
    """Organisations by a part of the name, the beginning of the initials, or of the credit code."""
    query = clean(text)
    if not query:
        return rows
    plain = credit_code.normalise(query)
    if plain.isascii() and plain.isalnum():
        either = Q(credit_code__startswith=plain) | Q(name__icontains=query)
        if query.isalpha():
            either |= Q(initials__startswith=query.lower())
        return rows.filter(either)
    return contains(rows, "name", query)


class OrganisationFilters(PlaceFilters):
    """Filters of the list."""

    permission = Permission.VIEW_ORGANISATIONS
    q = django_filters.CharFilter(
        label=_("关键字"), method="search", widget=search_box(_("单位名称、拼音首字母、信用代码"))
    )
    kind = django_filters.ChoiceFilter(
        label=_("单位类别"), choices=OrganisationKind.choices, empty_label=_("全部")
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        method="by_state",
        choices=[("open", _("在册")), ("closed", _("已注销或迁出"))],
        empty_label=_("全部"),
    )

    class Meta:
        model = Organisation
        fields = ["q", "region", "kind", "state"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By name, initials and credit code."""
        return find(rows, value)

    def by_state(self, rows: QuerySet, _name: str, value: Any) -> QuerySet:
        """There today, or not any more."""
        here = Q(closed_on__isnull=True) | Q(closed_on__gt=timezone.localdate())
        return rows.filter(here if value == "open" else ~here)

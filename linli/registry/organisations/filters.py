"""Finding organisations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.kernel import credit_code
from linli.pages.asof import day_of
from linli.registry.organisations.models import Check, Organisation, OrganisationKind, Ownership, SocialClass
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

    mark = django_filters.ChoiceFilter(
        label=_("标记"),
        method="by_mark",
        choices=[("outlet", _("便民网点")), ("key", _("重点单位"))],
        empty_label=_("不限"),
    )
    ownership = django_filters.ChoiceFilter(
        label=_("单位性质"), choices=Ownership.choices, empty_label=_("全部")
    )
    social_class = django_filters.ChoiceFilter(
        label=_("社会组织类别"), choices=SocialClass.choices, empty_label=_("全部")
    )
    due = django_filters.ChoiceFilter(
        label=_("检查与到期"),
        method="by_due",
        choices=[("late", _("有逾期的")), ("soon", _("30 天内要办的"))],
        empty_label=_("不限"),
    )

    class Meta:
        model = Organisation
        fields = ["q", "region", "kind", "state", "mark", "ownership", "social_class", "due"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By name, initials and credit code."""
        return find(rows, value)

    def by_state(self, rows: QuerySet, _name: str, value: Any) -> QuerySet:
        """There today, or not any more."""
        here = Q(closed_on__isnull=True) | Q(closed_on__gt=day_of(self.request))
        return rows.filter(here if value == "open" else ~here)

    def by_mark(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Outlets, or units of weight."""
        return rows.filter(is_outlet=True) if value == "outlet" else rows.filter(is_key=True)

    def by_due(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Those of which something is due."""
        today = timezone.localdate()
        open_checks = Check.objects.filter(result="")
        if value == "late":
            open_checks = open_checks.filter(due_on__lt=today)
        else:
            open_checks = open_checks.filter(due_on__range=(today, today + timedelta(days=30)))
        return rows.filter(pk__in=open_checks.order_by().values("organisation_id"))

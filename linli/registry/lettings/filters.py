"""What the list of lettings is narrowed by."""

from __future__ import annotations

from datetime import timedelta

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.pages.asof import day_of
from linli.registry.lettings.models import Grade, Hazard, Letting
from linli.registry.places.filters import PlaceFilters, contains, search_box
from linli.registry.places.models import Home


class LettingFilters(PlaceFilters):
    """Search first, then region, state, terms, hazards."""

    permission = Permission.VIEW_PEOPLE
    q = django_filters.CharFilter(
        label=_("关键字"), method="search", widget=search_box(_("地址、出租人或承租人"))
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        method="by_state",
        choices=[
            ("due", _("30 天内到期")),
            ("over", _("到期未续")),
            ("past", _("已退租")),
            ("all", _("全部")),
        ],
        empty_label=_("在租"),
    )
    hazard = django_filters.ChoiceFilter(
        label=_("隐患"),
        method="by_hazard",
        choices=[("open", _("有未整改隐患")), ("unchecked", _("没有检查过"))],
        empty_label=_("全部"),
    )
    grade = django_filters.ChoiceFilter(label=_("管理类别"), choices=Grade.choices, empty_label=_("全部"))

    class Meta:
        model = Letting
        fields = ["q", "region", "state", "hazard", "grade"]

    @property
    def qs(self) -> QuerySet:
        """Those that run unless others are asked for."""
        found = super().qs
        return found if self.form["state"].value() else found.filter(period__contains=day_of(self.request))

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By address and names."""
        text = " ".join(value.split())
        if not text:
            return rows
        homes = contains(Home.objects.all(), "full_address", text).values("pk")
        return rows.filter(
            Q(home__in=homes) | Q(landlord_name__contains=text) | Q(tenant_name__contains=text)
        )

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Running ones near or past their contract's end, those that are over, or all."""
        today = day_of(self.request)
        running = rows.filter(period__contains=today)
        if value == "due":
            return running.filter(agreed_until__gte=today, agreed_until__lt=today + timedelta(days=30))
        if value == "over":
            return running.filter(agreed_until__lt=today)
        return rows.filter(period__endswith__lte=today) if value == "past" else rows

    def by_hazard(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Homes with something open, or that nobody has looked at."""
        if value == "open":
            return rows.filter(Exists(Hazard.objects.filter(home=OuterRef("home"), fixed_on=None)))
        return rows.filter(checked_on=None)

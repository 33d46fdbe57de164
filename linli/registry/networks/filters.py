"""What the list of posts is narrowed by."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.pages.asof import day_of
from linli.registry.networks.models import Kind, NetworkPost
from linli.registry.people.models import Standing
from linli.registry.places.filters import PlaceFilters, search_box


class PostFilters(PlaceFilters):
    """Search first, then region, kind and state."""

    permission = Permission.VIEW_PEOPLE
    q = django_filters.CharFilter(label=_("关键字"), method="search", widget=search_box(_("姓名或居民小组")))
    kind = django_filters.ChoiceFilter(label=_("岗位"), choices=Kind.choices, empty_label=_("全部"))
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        method="by_state",
        choices=[("left", _("任职人已迁出或去世")), ("past", _("已卸任")), ("all", _("含已卸任"))],
        empty_label=_("现任"),
    )

    class Meta:
        model = NetworkPost
        fields = ["q", "region", "kind", "state"]

    @property
    def qs(self) -> QuerySet:
        """Those in office unless others are asked for."""
        found = super().qs
        if self.form["state"].value():
            return found
        return found.filter(period__contains=day_of(self.request))

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By name and group."""
        text = " ".join(value.split())
        return rows.filter(Q(name__icontains=text) | Q(group__icontains=text)) if text else rows

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Those whose holder has left, those that are over, or all."""
        today = day_of(self.request)
        if value == "left":
            gone = (Standing.GONE, Standing.DEAD, Standing.HUKOU_ONLY)
            return rows.filter(period__contains=today, person__standing__in=gone)
        return rows.filter(period__endswith__lte=today) if value == "past" else rows

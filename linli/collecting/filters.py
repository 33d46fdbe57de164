"""What the lists of tasks and copies are narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.collecting.models import OPEN, STATES, FormPart, FormTask, Joined, Joint
from linli.collecting.rules import JointState, State
from linli.kernel.scope import Scope
from linli.pages.filtering import FilterSet
from linli.pages.widgets import Combobox
from linli.registry.places import areas


def _box(placeholder: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"placeholder": placeholder})


class TaskFilters(FilterSet):
    """Search first, then how far they are."""

    q = django_filters.CharFilter(label=_("关键字"), method="search", widget=_box(_("表名、单位")))
    state = django_filters.ChoiceFilter(
        label=_("进展"),
        method="by_state",
        choices=[
            ("open", _("进行中")),
            ("late", _("有超期的")),
            ("over", _("已结束")),
            ("draft", _("草稿")),
            ("mine", _("本单位要的")),
        ],
        empty_label=_("全部"),
    )

    class Meta:
        model = FormTask
        fields = ["q", "state"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By title and unit."""
        text = value.strip()
        return rows.filter(Q(title__icontains=text) | Q(unit__name__icontains=text)) if text else rows

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Open, late, over, drafts, or one's own."""
        if value == "mine":
            user: Any = self.request.user
            return rows.filter(unit__in=user.unit_ids)
        if value == "draft":
            return rows.filter(issued_at__isnull=True)
        if value == "over":
            return rows.filter(closed_at__isnull=False)
        rows = rows.filter(issued_at__isnull=False, closed_at__isnull=True)
        if value == "late":
            waits = FormPart.objects.filter(task=OuterRef("pk"), state__in=OPEN)
            return rows.filter(Exists(waits), due_on__lt=timezone.localdate())
        return rows


class JointFilters(FilterSet):
    """Search first, then what became of them."""

    q = django_filters.CharFilter(label=_("关键字"), method="search", widget=_box(_("名称、单位")))
    state = django_filters.ChoiceFilter(
        label=_("结果"),
        choices=[(one.value, one.label) for one in JointState],
        empty_label=_("全部"),
    )

    class Meta:
        model = Joint
        fields = ["q", "state"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By title and the units that take part."""
        text = value.strip()
        if not text:
            return rows
        units = Joined.objects.filter(joint=OuterRef("pk"), task__unit__name__icontains=text)
        return rows.filter(Q(title__icontains=text) | Exists(units))


class PartFilters(FilterSet):
    """Search first, then community and state."""

    q = django_filters.CharFilter(label=_("关键字"), method="search", widget=_box(_("表名、单位")))
    region = django_filters.ChoiceFilter(
        label=_("社区"), method="by_region", widget=Combobox(placeholder=_("全部社区"))
    )
    state = django_filters.ChoiceFilter(
        label=_("状态"),
        method="by_state",
        choices=[
            ("open", _("还没报送的")),
            ("late", _("已超期的")),
            *(one for one in STATES if one[0] != State.JOINED),
        ],
        empty_label=_("全部"),
    )

    class Meta:
        model = FormPart
        fields = ["q", "region", "state"]

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
        return rows.filter(Q(task__title__icontains=text) | Q(task__unit__name__icontains=text))

    def by_region(self, rows: Any, _name: str, value: str) -> QuerySet:
        """A community, street or district."""
        scope = Scope.of(value)
        return rows.filter(region_code__gte=scope.low, region_code__lt=scope.high)

    def by_state(self, rows: Any, _name: str, value: str) -> QuerySet:
        """By state, what waits, what is late."""
        if value == "open":
            return rows.filter(state__in=OPEN)
        if value == "late":
            late: QuerySet = rows.late(timezone.localdate())
            return late
        return rows.filter(state=value)

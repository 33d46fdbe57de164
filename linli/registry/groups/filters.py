"""What a roster is narrowed by."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.kernel.scope import Scope
from linli.pages.asof import day_of
from linli.pages.filtering import FilterSet
from linli.pages.widgets import Combobox
from linli.registry.groups import as_of
from linli.registry.groups.models import Group, Membership
from linli.registry.people.filters import find_people
from linli.registry.people.models import Person
from linli.registry.places import areas


class RosterFilters(FilterSet):
    """Filters of a group's roster. Those who left it are shown only when asked for."""

    q = django_filters.CharFilter(
        label=_("关键字"),
        method="search",
        widget=forms.TextInput(attrs={"placeholder": _("姓名、拼音、号码后四位、住址"), "maxlength": "60"}),
    )
    region = django_filters.ChoiceFilter(
        label=_("社区或网格"),
        method="in_region",
        empty_label=_("全部"),
        widget=Combobox(placeholder=_("输入名称查找")),
    )
    due = django_filters.ChoiceFilter(
        label=_("到期与复核"),
        method="by_due",
        choices=[
            ("overdue", _("复核已逾期")),
            ("review", _("30 天内应复核")),
            ("ending", _("30 天内到期")),
        ],
        empty_label=_("不限"),
    )
    class_code = django_filters.ChoiceFilter(label=_("类别"), method="by_recorded", empty_label=_("全部"))
    level_code = django_filters.ChoiceFilter(label=_("等级"), method="by_recorded", empty_label=_("全部"))
    state = django_filters.ChoiceFilter(
        label=_("状态"), method="by_state", choices=[("ended", _("已退出"))], empty_label=_("现有成员")
    )

    class Meta:
        model = Membership
        fields = ["q", "region", "due", "class_code", "level_code", "state"]

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self
        user: Any = self.request.user
        mine.filters["region"].extra["choices"] = areas.filter_choices(user, Permission.VIEW_GROUPS)
        for key, options in (("class_code", group.classes), ("level_code", group.levels)):
            if options:
                mine.filters[key].extra["choices"] = [(one["code"], one["label"]) for one in options]
            else:
                del mine.filters[key]

    def filter_queryset(self, rows: QuerySet) -> QuerySet:
        """Leave out those who left, unless asked for."""
        found = super().filter_queryset(rows)
        if self.form.cleaned_data.get("state"):
            return found
        on = self.on
        return found.filter(period__contains=on).exclude(person__death_date__lte=on)

    @property
    def on(self) -> date:
        """The day the roster speaks of."""
        return day_of(self.request)

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By what finds people."""
        people = find_people(Person.objects.permitted(self.request.user, Permission.VIEW_GROUPS), value)
        return rows.filter(person__in=people.order_by().values("pk"))

    def in_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A region and everything in it."""
        return rows.filter(scopes_q("region_code", [Scope.of(value)]))

    def by_recorded(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Of that class or level, as it was recorded on the day."""
        return as_of.recorded(rows, self.on, name).filter(**{f"{name}_on": value})

    def by_due(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """What is due."""
        today = self.on
        soon = today + timedelta(days=30)
        if value == "overdue":
            return as_of.recorded(rows, today, "review_on").filter(review_on_on__lt=today)
        if value == "review":
            return as_of.recorded(rows, today, "review_on").filter(review_on_on__range=(today, soon))
        return rows.filter(period__endswith__gt=today, period__endswith__lte=soon)

    def by_state(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Those who left."""
        return rows.filter(period__endswith__lte=self.on)

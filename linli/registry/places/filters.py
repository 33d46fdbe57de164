"""Finding places: what the lists are narrowed by, and addresses as people type them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, F, Func, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.kernel import hanzi
from linli.kernel.scope import Scope
from linli.pages.asof import day_of
from linli.pages.filtering import FilterSet
from linli.pages.widgets import Combobox
from linli.registry.places import areas, rules
from linli.registry.places.models import (
    BackStreet,
    Building,
    BuildingKind,
    Estate,
    EstateManagement,
    Home,
    HomeUse,
    Lift,
    Management,
    Renewal,
    StreetCondition,
    Tenure,
)


def contains(rows: QuerySet, field: str, text: str) -> QuerySet:
    """The rows whose field contains the text, by the two-character grams where there are two characters."""
    found = rows.filter(**{f"{field}__icontains": text})
    grams = hanzi.grams(text)
    if len(hanzi.normalise(text)) < 2:
        return found
    alias = f"{field.replace('__', '_')}_grams"
    wanted = Func(F(field), function="linli_grams", output_field=ArrayField(TextField()))
    return found.alias(**{alias: wanted}).filter(**{f"{alias}__contains": grams})


def _letters(text: str) -> bool:
    return bool(text) and text.isascii() and text.isalpha()


def find_estates(rows: QuerySet, text: str) -> QuerySet:
    """Estates by a part of the name or the beginning of its initials."""
    query = rules.clean(text)
    if _letters(query):
        return rows.filter(Q(initials__startswith=query.lower()) | Q(name__icontains=query))
    return contains(rows, "name", query) if query else rows


def find_buildings(rows: QuerySet, text: str) -> QuerySet:
    """Buildings by estate (name or initials) and number: 新兴小区12, xxxq12, 12号楼."""
    query = rules.read_query(text)
    found = _in_estate(rows, "estate", query.words)
    if query.numbers:
        number = query.numbers[0]
        found = found.filter(
            Q(number__iexact=number) | Q(name__startswith=number) | Q(estate__name__contains=number)
        )
    return found


def _in_estate(rows: QuerySet, path: str, words: str) -> QuerySet:
    if not words:
        return rows
    if _letters(words):
        return rows.filter(**{f"{path}__initials__startswith": words.lower()})
    estates = contains(Estate.objects.all(), "name", words).values("pk")
    return rows.filter(**{f"{path}__in": estates})


def find_homes(rows: QuerySet, text: str) -> QuerySet:
    """Homes by address as spoken (新兴小区12号楼3单元501) or short (xxxq12-3-501, 12-3-501, 12-501, 501)."""
    plain = rules.clean(text)
    query = rules.read_query(plain)
    if not query.numbers:
        if _letters(query.words):
            return rows.filter(building__estate__initials__startswith=query.words.lower())
        return contains(rows, "full_address", plain) if plain else rows
    if any("一" <= character <= "鿿" for character in plain[len(query.words) :]):
        # Written out: the address itself, word for word.
        return contains(rows, "full_address", plain.replace(" ", "").removesuffix("室"))
    found = _in_estate(rows, "building__estate", query.words)
    *before, door = query.numbers
    if not before:
        either = Q(door__startswith=door)
        return (
            found.filter(either | Q(building__number__iexact=door)) if query.words else found.filter(either)
        )
    found = found.filter(building__number__iexact=before[0])
    if len(before) > 1:
        return found.filter(unit__name__startswith=before[1], door__startswith=door)
    return found.filter(Q(door__startswith=door) | Q(unit__name__startswith=door))


def contracts_due(today: date, *, over: bool) -> QuerySet[EstateManagement]:
    """Managements of today whose contract has run out, or runs out within 90 days."""
    now = EstateManagement.objects.filter(period__contains=today)
    if over:
        return now.filter(contract_until__lt=today)
    return now.filter(contract_until__gte=today, contract_until__lt=today + timedelta(days=90))


class PlaceFilters(FilterSet):
    """Search first, then the region."""

    permission = Permission.VIEW_PLACES
    q = django_filters.CharFilter(label=_("关键字"), method="search")
    region = django_filters.ChoiceFilter(
        label=_("社区或网格"),
        method="in_region",
        empty_label=_("全部"),
        widget=Combobox(placeholder=_("输入名称查找")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user: Any = self.request.user
        if "region" in self.filters:
            self.filters["region"].extra["choices"] = areas.filter_choices(user, self.permission)

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By the room's own way of finding."""
        raise NotImplementedError

    def in_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A region and everything in it."""
        return rows.filter(scopes_q("region_code", [Scope.of(value)]))


def search_box(hint: Any) -> forms.TextInput:
    """The box of the first filter."""
    return forms.TextInput(attrs={"placeholder": hint, "maxlength": "60"})


class EstateFilters(PlaceFilters):
    """Filters of the list of estates."""

    q = django_filters.CharFilter(
        label=_("关键字"), method="search", widget=search_box(_("小区名称或拼音首字母"))
    )
    management = django_filters.ChoiceFilter(
        label=_("管理方式"),
        method="managed",
        choices=[*Management.choices, ("none", _("未登记"))],
        empty_label=_("全部"),
    )
    contract = django_filters.ChoiceFilter(
        label=_("物业合同"),
        method="by_contract",
        choices=[("due", _("90 天内到期")), ("over", _("已到期未续签"))],
        empty_label=_("全部"),
    )

    class Meta:
        model = Estate
        fields = ["q", "region", "management", "contract"]

    def managed(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By the management of the day."""
        today = day_of(self.request)
        now = EstateManagement.objects.filter(period__contains=today)
        if value == "none":
            return rows.exclude(pk__in=now.values("estate"))
        return rows.filter(pk__in=now.filter(way=value).values("estate"))

    def by_contract(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By the day until which the contract in force runs."""
        return rows.filter(pk__in=contracts_due(day_of(self.request), over=value == "over").values("estate"))

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By name and initials."""
        return find_estates(rows, value)


class BuildingFilters(PlaceFilters):
    """Filters of the list of buildings."""

    q = django_filters.CharFilter(
        label=_("关键字"), method="search", widget=search_box(_("小区和楼号，如：新兴小区12"))
    )
    kind = django_filters.ChoiceFilter(
        label=_("楼栋类型"), choices=BuildingKind.choices, empty_label=_("全部")
    )
    lifts = django_filters.ChoiceFilter(
        label=_("电梯"),
        method="by_lifts",
        choices=[
            ("yes", _("有电梯")),
            ("no", _("无电梯")),
            ("unknown", _("未登记")),
            ("unrecorded", _("没有逐部登记全")),
        ],
        empty_label=_("全部"),
    )
    lift_check = django_filters.ChoiceFilter(
        label=_("电梯检验"),
        method="by_lift_check",
        choices=[("due", _("30 天内到期")), ("over", _("已超期"))],
        empty_label=_("全部"),
    )
    built_from = django_filters.NumberFilter(label=_("建成年份不早于"), method="since")
    built_to = django_filters.NumberFilter(label=_("建成年份不晚于"), method="until")

    class Meta:
        model = Building
        fields = ["q", "region", "kind", "lifts", "lift_check", "built_from", "built_to"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By estate and number."""
        return find_buildings(rows, value)

    def by_lifts(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """With, without, not recorded."""
        if value == "unrecorded":
            recorded = Lift.objects.filter(building=OuterRef("pk")).order_by().values("building")
            counted = Coalesce(Subquery(recorded.annotate(n=Count("pk")).values("n")), 0)
            return rows.alias(recorded_lifts=counted).filter(lifts__gt=F("recorded_lifts"))
        wanted = {"yes": Q(lifts__gt=0), "no": Q(lifts=0), "unknown": Q(lifts__isnull=True)}
        return rows.filter(wanted[value])

    def by_lift_check(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By the day until which the lifts' inspection holds."""
        today = timezone.localdate()
        found = rows.filter(lifts__gt=0)
        if value == "over":
            return found.filter(lifts_checked_until__lt=today)
        return found.filter(
            lifts_checked_until__gte=today, lifts_checked_until__lt=today + timedelta(days=30)
        )

    def since(self, rows: QuerySet, _name: str, value: Any) -> QuerySet:
        """Built in that year or later; what no year can be finds nothing."""
        return rows.filter(built_year__gte=int(value)) if abs(value) < 10_000 else rows.none()

    def until(self, rows: QuerySet, _name: str, value: Any) -> QuerySet:
        """Built in that year or earlier."""
        return rows.filter(built_year__lte=int(value)) if abs(value) < 10_000 else rows.none()


class HomeFilters(PlaceFilters):
    """Filters of the list of homes."""

    q = django_filters.CharFilter(
        label=_("关键字"), method="search", widget=search_box(_("地址，如：新兴小区12-3-501"))
    )
    tenure = django_filters.ChoiceFilter(label=_("居住方式"), choices=Tenure.choices, empty_label=_("全部"))
    use = django_filters.ChoiceFilter(label=_("房屋用途"), choices=HomeUse.choices, empty_label=_("全部"))
    standing = django_filters.ChoiceFilter(
        label=_("存废"),
        method="by_standing",
        choices=[("ended", _("已注销")), ("all", _("含已注销"))],
        empty_label=_("现有"),
    )

    class Meta:
        model = Home
        fields = ["q", "region", "tenure", "use", "standing"]

    @property
    def qs(self) -> QuerySet:
        """Homes that are gone only where they are asked for."""
        found = super().qs
        return found if self.form["standing"].value() else found.filter(Home.standing(day_of(self.request)))

    def by_standing(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Those that are gone, or all."""
        return rows.exclude(Home.standing(day_of(self.request))) if value == "ended" else rows

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By address."""
        return find_homes(rows, value)


class BackStreetFilters(PlaceFilters):
    """Filters of the list of back streets."""

    q = django_filters.CharFilter(
        label=_("关键字"), method="search", widget=search_box(_("街巷名称或拼音首字母"))
    )
    renewal = django_filters.ChoiceFilter(label=_("整治情况"), choices=Renewal.choices, empty_label=_("全部"))
    condition = django_filters.ChoiceFilter(
        label=_("现状"), choices=StreetCondition.choices, empty_label=_("全部")
    )

    class Meta:
        model = BackStreet
        fields = ["q", "region", "renewal", "condition"]

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By name and initials."""
        query = rules.clean(value)
        if _letters(query):
            return rows.filter(Q(initials__startswith=query.lower()) | Q(name__icontains=query))
        return rows.filter(name__icontains=query) if query else rows

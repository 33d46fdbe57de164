"""Finding people: by name, initials, numbers and address, and what the list is narrowed by."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.access.sealed import digest
from linli.kernel import ages, citizen_number, codes, hanzi, phone
from linli.kernel.scope import Scope
from linli.pages.asof import day_of, is_past
from linli.pages.choices import Offered, shared
from linli.pages.filtering import FilterSet
from linli.pages.widgets import Combobox, Select
from linli.registry.people import as_of, extensions
from linli.registry.people.models import (
    HEAD,
    Household,
    HouseholdKind,
    Person,
    ResidenceKind,
    Standing,
)
from linli.registry.places import areas
from linli.registry.places.filters import contains, find_homes
from linli.registry.places.models import Home

VIEW = Permission.VIEW_PEOPLE
_TAIL = re.compile(r"\d{3}[\dX]")
AWAY = (Standing.GONE, Standing.DEAD)
LIVING_HERE = (Standing.REGISTERED, Standing.HERE_ONLY, Standing.FLOATING, Standing.NEWCOMER)


def living_on(day: date, **where: Any) -> QuerySet:
    """The living spells that hold on a day."""
    return as_of.residences(day, kind=ResidenceKind.LIVING, **where)


PERMIT_SOON = timedelta(days=30)


def permits_running_out(day: date) -> QuerySet:
    """The living spells in the base whose residence permit has run out by a day, or will within thirty."""
    return living_on(day, home__isnull=False, permit_until__lte=day + PERMIT_SOON)


def by_number(rows: QuerySet, text: str) -> QuerySet | None:
    """People by a whole certificate number or phone, or by the last four characters of either; None when the text is none of
    these."""
    number = citizen_number.normalise(text)
    if _TAIL.fullmatch(number):
        return rows.filter(Q(id_tail=digest(number, "id_tail")) | Q(phone_tail=digest(number, "phone_tail")))
    if len(number) == 18 and number[:17].isdigit():
        return rows.filter(id_digest=digest(number, "id_number"))
    if phone.is_mobile(text):
        return rows.filter(phone_digest=digest(phone.normalise(text), "phone"))
    return None


def by_address(rows: QuerySet, text: str, on: date | None = None) -> QuerySet:
    """People who live, or have their hukou, in a home of that address (today, unless a day is given)."""
    homes = find_homes(Home.objects.all(), text).order_by().values("pk")
    there = as_of.residences(on or timezone.localdate(), home__in=homes)
    return rows.filter(pk__in=there.values("person_id"))


def find_people(rows: QuerySet, text: str, *, addresses: bool = True, on: date | None = None) -> QuerySet:
    """People by what a clerk types: 王秀英, 秀英, wxy, 8017, a whole number, 新兴小区12-3-501. Names go before addresses, which
    `addresses=False` leaves out. Names and numbers are today's; addresses those of the day `on`."""
    query = hanzi.normalise(text.replace("\x00", ""))[:60]
    if not query:
        return rows
    numbered = by_number(rows, query)
    if numbered is not None:
        return numbered
    if query.isascii() and query.isalpha():
        named = rows.filter(Q(initials__startswith=query) | Q(name__istartswith=query))
        return named if not addresses or named.order_by().exists() else by_address(rows, query, on)
    if any(character.isdigit() for character in query):
        return by_address(rows, text, on) if addresses else rows.none()
    named = rows.filter(name__startswith=query) if len(query) == 1 else contains(rows, "name", query)
    if not addresses or len(query) == 1 or named.order_by().exists():
        return named
    return by_address(rows, text, on)


SEXES = Offered([("1", _("男")), ("2", _("女"))])
POLITICAL = Offered(codes.POLITICAL.choices)
AGES = Offered(
    (
        ("0-2", _("0–2岁")),
        ("3-6", _("3–6岁")),
        ("7-15", _("7–15岁")),
        ("16-17", _("16–17岁")),
        ("18-34", _("18–34岁")),
        ("35-59", _("35–59岁")),
        ("60", _("60岁及以上")),
        ("65", _("65岁及以上")),
        ("70", _("70岁及以上")),
        ("80", _("80岁及以上")),
        ("90", _("90岁及以上")),
        ("100", _("100岁及以上")),
    )
)
STANDINGS = Offered(
    (
        ("living", _("现住本地")),
        *((code, label) for code, label in Standing.choices),
        ("all", _("全部（含迁出、已故）")),
    )
)
MISSING = Offered(
    (
        ("id_number", _("缺证件号码")),
        ("phone", _("缺手机号码")),
        ("hukou", _("缺户籍")),
        ("household", _("未入户")),
        ("home", _("缺现住址")),
        ("verified", _("一年内未核实")),
        ("permit", _("居住证 30 天内到期或已过期")),
    )
)


class PeopleFilters(FilterSet):
    """Filters of the list of residents. Without a standing and without a search, those who left or died are left out."""

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
    standing = django_filters.ChoiceFilter(
        label=_("人口类型"), method="by_standing", choices=STANDINGS, empty_label=_("全部在册"), widget=Select
    )
    sex = django_filters.ChoiceFilter(label=_("性别"), choices=SEXES, empty_label=_("全部"), widget=Select)
    age = django_filters.ChoiceFilter(
        label=_("年龄"), method="by_age", choices=AGES, empty_label=_("全部"), widget=Select
    )
    political = django_filters.ChoiceFilter(
        label=_("政治面貌"), method="by_political", choices=POLITICAL, empty_label=_("全部"), widget=Select
    )
    missing = django_filters.ChoiceFilter(
        label=_("缺项"), method="by_missing", choices=MISSING, empty_label=_("不限"), widget=Select
    )

    class Meta:
        model = Person
        fields = ["q", "region", "standing", "sex", "age", "political", "missing"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self
        user: Any = self.request.user
        mine.filters["region"].extra["choices"] = areas.filter_choices(user, VIEW)
        for number, wanted in enumerate(extensions.filters()):
            choices = shared(tuple(wanted.choices(user)))
            if choices:
                made = django_filters.ChoiceFilter(
                    field_name=wanted.key,
                    label=wanted.label,
                    choices=choices,
                    empty_label=_("全部"),
                    method="by_extension",
                    widget=Select,
                )
                made.parent, made.model = self, Person
                order = list(mine.filters)
                mine.filters[wanted.key] = made
                if number == 0:
                    # The first stands with the filters always shown.
                    order.insert(3, wanted.key)
                    mine.filters = {key: mine.filters[key] for key in order}

    @property
    def on(self) -> date:
        """The day the list speaks of."""
        return day_of(self.request)

    def filter_queryset(self, rows: QuerySet) -> QuerySet:
        """Leave out who left or died, unless asked for."""
        found = super().filter_queryset(rows)
        wanted = self.form.cleaned_data
        if not wanted.get("standing") and not wanted.get("q"):
            found = found.exclude(**{f"{as_of.fields(self.on)[1]}__in": AWAY})
        return found

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By name, initials, number or address."""
        return find_people(rows, value, on=self.on)

    def in_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A region and everything in it."""
        return rows.filter(scopes_q(as_of.fields(self.on)[0], [Scope.of(value)]))

    def by_standing(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """One standing, all who live here, or everybody."""
        if value == "all":
            return rows
        field = as_of.fields(self.on)[1]
        return rows.filter(**({f"{field}__in": LIVING_HERE} if value == "living" else {field: value}))

    def by_political(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """The political status as it was recorded."""
        if not is_past(self.on):
            return rows.filter(political=value)
        return as_of.recorded(rows, self.on, "political").filter(political_on=value)

    def by_age(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """An age band in full years, both ends included."""
        low, _dash, high = value.partition("-")
        found = rows.filter(birth_date__lte=ages.born_on_or_before(self.on, int(low)))
        return found.filter(birth_date__gt=ages.born_on_or_before(self.on, int(high) + 1)) if high else found

    def by_missing(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Who lacks something."""
        if value in ("id_number", "phone"):
            field = "id_digest" if value == "id_number" else "phone_digest"
            if not is_past(self.on):
                return rows.filter(**{f"{field}__isnull": True})
            return as_of.recorded(rows, self.on, field).filter(**{f"{field}_on__isnull": True})
        if value == "hukou":
            return rows.filter(**{as_of.fields(self.on)[1]: Standing.NEWCOMER})
        if value == "household":
            return rows.filter(~Exists(as_of.memberships(self.on, person=OuterRef("pk"))))
        if value == "home":
            return rows.filter(~Exists(living_on(self.on, person=OuterRef("pk"))))
        if value == "permit":
            return rows.filter(pk__in=permits_running_out(self.on).values("person_id"))
        long_ago = self.on - timedelta(days=365)
        if is_past(self.on):
            rows = as_of.recorded(rows, self.on, "verified_on")
            return rows.filter(Q(verified_on_on__isnull=True) | Q(verified_on_on__lt=long_ago))
        return rows.filter(Q(verified_on__isnull=True) | Q(verified_on__lt=long_ago))

    def by_extension(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """What another room filters by."""
        wanted = next(one for one in extensions.filters() if one.key == name)
        return wanted.rows(rows, value, self.request.user, self.on)


def find_households(rows: QuerySet, text: str, on: date | None = None) -> QuerySet:
    """Households by the head's name, the beginning of the number, or the address (today's, unless a day is given)."""
    query = hanzi.normalise(text.replace("\x00", ""))[:60]
    if not query:
        return rows
    day = on or timezone.localdate()
    if query.isascii() and any(character.isdigit() for character in query):
        numbered = rows.filter(number__startswith=query.upper())
        if numbered.order_by().exists():
            return numbered
    if not any(character.isdigit() for character in query):
        named = find_people(Person.objects.all(), query)
        heads = as_of.memberships(day, person__in=named.order_by().values("pk"), relation=HEAD)
        found = rows.filter(pk__in=heads.values("household_id"))
        if found.order_by().exists():
            return found
    homes = find_homes(Home.objects.all(), text).order_by().values("pk")
    return rows.filter(**{"home_on__in" if is_past(day) else "home__in": homes})


class HouseholdFilters(FilterSet):
    """Filters of the list of households. Those without members are left out unless asked for."""

    q = django_filters.CharFilter(
        label=_("关键字"),
        method="search",
        widget=forms.TextInput(attrs={"placeholder": _("户主姓名、户号或地址"), "maxlength": "60"}),
    )
    region = django_filters.ChoiceFilter(
        label=_("社区或网格"),
        method="in_region",
        empty_label=_("全部"),
        widget=Combobox(placeholder=_("输入名称查找")),
    )
    kind = django_filters.ChoiceFilter(
        label=_("户类型"), choices=HouseholdKind.choices, empty_label=_("全部")
    )
    members = django_filters.ChoiceFilter(
        label=_("成员"),
        method="by_members",
        choices=[("empty", _("没有成员")), ("all", _("全部"))],
        empty_label=_("有成员的户"),
    )

    class Meta:
        model = Household
        fields = ["q", "region", "kind", "members"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine: Any = self
        mine.filters["region"].extra["choices"] = areas.filter_choices(self.request.user, VIEW)

    @property
    def on(self) -> date:
        """The day the list speaks of."""
        return day_of(self.request)

    def _inhabited(self) -> Exists:
        return Exists(as_of.memberships(self.on, household=OuterRef("pk"), relation=HEAD))

    def filter_queryset(self, rows: QuerySet) -> QuerySet:
        """Leave out the empty ones, unless asked for."""
        found = super().filter_queryset(rows)
        return found if self.form.cleaned_data.get("members") else found.filter(self._inhabited())

    def search(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """By head, number or address."""
        return find_households(rows, value, self.on)

    def in_region(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """A region and everything in it."""
        return rows.filter(scopes_q(as_of.fields(self.on)[0], [Scope.of(value)]))

    def by_members(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        """Empty households, or all."""
        return rows.filter(~self._inhabited()) if value == "empty" else rows

"""Fields that the forms about people share: days, codes, and records picked by typing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.kernel import codes
from linli.pages.widgets import Combobox, DateInput
from linli.regions import names
from linli.regions.lookup import RegionNotFound, by_code
from linli.regions.models import Level
from linli.registry.people.models import Household, Person
from linli.registry.places.models import Home

_UNKNOWN = _("未登记")


def blank(choices: Iterable[tuple[str, Any]], label: Any = _UNKNOWN) -> list[tuple[str, Any]]:
    """Choices with an empty one first."""
    return [("", label), *choices]


def coded(code_list: codes.CodeList, label: Any = None, **kwargs: Any) -> forms.ChoiceField:
    """A code of a national list, or nothing."""
    return forms.ChoiceField(
        label=label or code_list.title, choices=blank(code_list.choices), required=False, **kwargs
    )


def text(label: Any, *, most: int, required: bool = False, **kwargs: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(label=label, max_length=most, required=required, **kwargs)


def day(label: Any, *, required: bool = True, **kwargs: Any) -> forms.DateField:
    """A day; the browser offers none after today."""
    field = forms.DateField(label=label, required=required, widget=DateInput(), **kwargs)
    field.error_messages["invalid"] = _("请按 2026-01-31 的样子填写日期。")
    return field


class OptionField(forms.Field):
    """The number of a record picked by typing; options come from `source`. The option picked is kept after an error."""

    def __init__(self, *, source: Any, placeholder: Any, **kwargs: Any) -> None:
        super().__init__(widget=Combobox(placeholder=placeholder), **kwargs)
        self.source = source
        self.user: Any = None
        self.choices: list[tuple[str, str]] = [("", "")]
        self.error_messages["required"] = _("请输入文字查找，再从列表中选择。")

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Give the widget the option that is picked."""
        bound = super().get_bound_field(form, field_name)
        widget: Any = self.widget
        widget.source = str(self.source)
        value = bound.value()
        widget.choices = [*self.choices, *self.options_of(value)] if value else self.choices
        return bound

    def options_of(self, value: Any) -> list[tuple[str, str]]:
        """The option of a value."""
        return []

    def to_python(self, value: Any) -> Any:
        """The number, None for nothing."""
        if value in self.empty_values:
            return None
        digits = str(value)
        if not digits.isdecimal() or len(digits) > 18:
            raise forms.ValidationError(_("请从列表中选择。"))
        return int(digits)


class HomeField(OptionField):
    """A home, picked by its address."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("房屋"))
        super().__init__(
            source=reverse_lazy("places:home_options"),
            placeholder=_("小区、楼号、门牌号"),
            **kwargs,
        )

    def options_of(self, value: Any) -> list[tuple[str, str]]:
        """Its address."""
        if self.user is None or not str(value).isdecimal():
            return []
        home = Home.objects.permitted(self.user, Permission.VIEW_PLACES).filter(pk=value).first()
        return [(str(home.pk), home.full_address)] if home is not None else []


class HouseholdField(OptionField):
    """A household, picked by its head's name, its number or its address."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("家庭户"))
        super().__init__(
            source=reverse_lazy("people:household_options"),
            placeholder=_("户主姓名、户号或地址"),
            **kwargs,
        )

    def options_of(self, value: Any) -> list[tuple[str, str]]:
        """Its number."""
        if self.user is None or not str(value).isdecimal():
            return []
        found = Household.objects.permitted(self.user, Permission.VIEW_PEOPLE).filter(pk=value).first()
        return [(str(found.pk), _("户 %(number)s") % {"number": found.number})] if found is not None else []


class PersonField(OptionField):
    """A resident, picked by name, initials or the last four of a number."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            source=reverse_lazy("people:options"),
            placeholder=_("姓名、拼音首字母或证件后四位"),
            **kwargs,
        )

    def options_of(self, value: Any) -> list[tuple[str, str]]:
        """Their name."""
        if self.user is None or not str(value).isdecimal():
            return []
        found = Person.objects.permitted(self.user, Permission.VIEW_PEOPLE).filter(pk=value).first()
        return [(str(found.pk), found.name)] if found is not None else []


class RegionField(forms.CharField):
    """A division of the country, picked by name or code."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(
            label=label, widget=Combobox(placeholder=_("县、区名称，如：怀来")), max_length=15, **kwargs
        )

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Give the widget the option that is picked."""
        bound = super().get_bound_field(form, field_name)
        widget: Any = self.widget
        widget.source = str(reverse_lazy("people:region_options"))
        value = bound.value() or ""
        widget.choices = [("", "")]
        if value:
            widget.choices.append((value, names.path(str(value)[:15], since=Level.PROVINCE)))
        return bound

    def to_python(self, value: Any) -> str:
        """The region's order key."""
        code = super().to_python(value)
        if not code:
            return ""
        try:
            return by_code(code).region_code
        except RegionNotFound as error:
            raise forms.ValidationError(_("请从列表中选择区划。")) from error

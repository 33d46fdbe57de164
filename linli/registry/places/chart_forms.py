"""Forms of changes on the building chart: floors, units, homes divided and joined, doors, homes that are no more."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.pages.widgets import DateInput
from linli.registry.places import rules
from linli.registry.places.forms import text_field
from linli.registry.places.models import (
    Home,
)


def _today_field() -> forms.DateField:
    return forms.DateField(label=_("从哪天起"), widget=DateInput(), initial=timezone.localdate)


class FloorForm(forms.Form):
    """A floor more."""

    floor = forms.IntegerField(
        label=_("加哪一层"),
        min_value=1,
        max_value=rules.HIGHEST_FLOOR,
        help_text=_("照最近的一层生成每个单元的房屋，门牌跟着改：501 变 601"),
    )


class NewUnitForm(forms.Form):
    """A unit more."""

    name = text_field(_("单元名称"), required=True, most=20, help_text=_("例如：4单元"))
    doors = forms.CharField(
        label=_("门牌号"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("可以先不填；填写的话用空格或顿号隔开，也可以写一段：101-104"),
    )

    def clean_doors(self) -> list[str]:
        """The doors, one by one."""
        text = self.cleaned_data["doors"]
        try:
            return rules.split_doors(text) if text.strip() else []
        except rules.Refused as refused:
            raise forms.ValidationError(refused.message) from refused


class SplitForm(forms.Form):
    """Into which doors a home is split."""

    doors = forms.CharField(
        label=_("拆成哪几户"),
        max_length=200,
        help_text=_("用顿号隔开，例如：501A、501B。第一个门牌沿用这套房屋原来的记录"),
    )
    areas = forms.CharField(
        label=_("各户建筑面积（平方米）"),
        required=False,
        max_length=200,
        help_text=_("按同样的顺序，用顿号隔开，例如：42、38.5；不清楚可以留空"),
    )
    on = _today_field()

    def clean_doors(self) -> list[str]:
        """The doors, one by one; at least two."""
        try:
            found = rules.split_doors(self.cleaned_data["doors"])
        except rules.Refused as refused:
            raise forms.ValidationError(refused.message) from refused
        if len(found) < 2:
            raise forms.ValidationError("请填写至少两个门牌，例如 501A、501B。")
        return found

    def clean_areas(self) -> list[Decimal]:
        """The areas as numbers."""
        parts = [one for one in re.split(r"[\s、,，;；]+", self.cleaned_data["areas"]) if one]
        try:
            return [Decimal(one) for one in parts]
        except ArithmeticError as error:
            raise forms.ValidationError("面积只写数字，用顿号隔开，例如：42、38.5。") from error

    def clean(self) -> dict[str, Any]:
        """As many areas as doors, or none."""
        data: dict[str, Any] = super().clean() or {}
        areas, doors = data.get("areas") or [], data.get("doors") or []
        if areas and doors and len(areas) != len(doors):
            self.add_error("areas", f"拆成 {len(doors)} 户，却填了 {len(areas)} 个面积，请核对。")
        return data


class AssignForm(forms.Form):
    """In which part everybody is from then on."""

    def __init__(self, *args: Any, occupants: Any, doors: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in occupants:
            self.fields[one.key] = forms.TypedChoiceField(
                label=one.label,
                choices=[(str(number), door) for number, door in enumerate(doors)],
                coerce=int,
                widget=forms.RadioSelect,
            )


class HomeChoice(forms.ModelChoiceField):
    """One of several homes, by door."""

    def label_from_instance(self, obj: Any) -> str:
        """3单元501（自住，86.5 平方米，房主 王建国）."""
        told = [str(obj.get_tenure_display())]
        if obj.area is not None:
            told.append(f"{obj.area} 平方米")
        if obj.owner_name:
            told.append(f"房主 {obj.owner_name}")
        return f"{obj.unit.name if obj.unit else ''}{obj.door}（{'，'.join(told)}）"


class MergeForm(forms.Form):
    """What the one home is called, and that everybody goes along."""

    into = HomeChoice(
        label=_("保留哪一套的记录"),
        queryset=Home.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=_("房主、产权证号等沿用这一套的；其他几套注销，记录仍可查"),
    )
    door = text_field(_("合并后的门牌号"), required=True, most=20)
    area = forms.DecimalField(
        label=_("合并后的建筑面积（平方米）"), required=False, max_digits=8, decimal_places=2
    )
    on = _today_field()
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, homes: Any, occupants: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = homes
        self.fields["seen"].initial = ",".join(one.key for one in occupants)
        if occupants:
            self.fields["sure"] = forms.BooleanField(
                label=f"以上 {len(occupants)} 项今后都登记在合并后的房屋里",
                error_messages={"required": "请确认这些住户都登记到合并后的房屋；不是的，请先办理迁移。"},
            )


class DoorsForm(forms.Form):
    """New doors for the homes of a building."""

    def __init__(self, *args: Any, homes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for home in homes:
            unit = home.unit.name if home.unit else ""
            self.fields[f"door_{home.pk}"] = forms.CharField(
                label=f"{unit}{home.door}", max_length=20, initial=home.door
            )

    def doors(self) -> dict[int, str]:
        """What was typed, by home."""
        return {int(name.removeprefix("door_")): value for name, value in self.cleaned_data.items()}


class EndForm(forms.Form):
    """Homes that are no more."""

    on = _today_field()
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("例如：拆除、录错"))

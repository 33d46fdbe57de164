"""The forms of sharing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import Unit
from linli.facts.dictionary import Dictionary, Sensitivity, UnknownTerm
from linli.pages.widgets import Combobox, DateInput
from linli.sharing.models import Operation
from linli.sharing.rules import read_purposes


class ClientForm(forms.Form):
    """A department's system."""

    name = forms.CharField(label=_("系统名称"), max_length=60, help_text=_("例如：低保核对系统。"))
    unit = forms.ModelChoiceField(
        label=_("使用单位"), queryset=Unit.objects.none(), widget=Combobox(placeholder=_("输入单位名称查找"))
    )
    region_code = forms.ChoiceField(
        label=_("可查的最大范围"), help_text=_("授权的区域不能超出这里。"), widget=Combobox()
    )
    responsible = forms.CharField(label=_("责任人"), max_length=30)
    phone = forms.CharField(label=_("责任人电话"), max_length=30, required=False)
    per_minute = forms.IntegerField(
        label=_("每分钟最多调用次数"), min_value=1, max_value=100_000, initial=120
    )
    people_per_day = forms.IntegerField(
        label=_("每天最多查询人数"), min_value=1, max_value=10_000_000, initial=10_000
    )
    valid_from = forms.DateField(label=_("启用日期"), widget=DateInput(), initial=timezone.localdate)
    valid_to = forms.DateField(label=_("停用日期"), widget=DateInput(), required=False)
    note = forms.CharField(
        label=_("说明"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, regions: list[tuple[str, str]], units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region_code"].choices = regions  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class KeyForm(forms.Form):
    """Until when a key is good."""

    expires_on = forms.DateField(
        label=_("有效期至"),
        widget=DateInput(),
        initial=lambda: timezone.localdate() + timedelta(days=365),
        help_text=_("最长一年。到期前请发放新的，两个可以同时用一段时间。"),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class GrantForm(forms.Form):
    """What a client may read."""

    operations = forms.MultipleChoiceField(
        label=_("用法"), choices=Operation.choices, widget=forms.CheckboxSelectMultiple
    )
    purposes = forms.CharField(
        label=_("用途"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一个。对方每次调用都要写明其中之一，例如：低保资格复核。"),
    )
    basis = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("法律、文件或共享协议的名称和文号。")
    )
    region_code = forms.ChoiceField(label=_("区域"), widget=Combobox())
    valid_from = forms.DateField(label=_("起"), widget=DateInput(), initial=timezone.localdate)
    valid_to = forms.DateField(label=_("止"), widget=DateInput(), required=False)
    conditions = forms.MultipleChoiceField(
        label=_("只限这些人（全部要符合，可不选）"), required=False, widget=forms.CheckboxSelectMultiple
    )
    elements = forms.MultipleChoiceField(
        label=_("可以查到的数据元"), required=False, widget=forms.CheckboxSelectMultiple
    )
    measures = forms.MultipleChoiceField(
        label=_("可以查的指标"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, words: Dictionary, subject: str, regions: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        here = words.subject(subject)
        fields: Any = self.fields
        fields["region_code"].choices = regions
        fields["conditions"].choices = [
            (one.key, one.label) for one in here.conditions.values() if one.key != here.default
        ]
        fields["measures"].choices = [(one.key, one.label) for one in here.measures.values()]
        if subject == "person":
            fields["elements"].choices = _elements(words, subject)
        else:
            del fields["elements"]
            fields["operations"].choices = [(Operation.COUNTS.value, Operation.COUNTS.label)]
            fields["operations"].initial = [Operation.COUNTS.value]

    def clean_purposes(self) -> list[str]:
        """One a line."""
        return read_purposes(self.cleaned_data["purposes"])


def _elements(words: Dictionary, subject: str) -> list[tuple[str, str]]:
    found = []
    for key, element in words.subject(subject).elements.items():
        if key.endswith("region_code"):
            continue
        try:
            words.permissions(subject, key)
            target = words.walk(subject, key)[2]
        except UnknownTerm:
            continue
        mark = "（敏感）" if target.sensitivity >= Sensitivity.SENSITIVE else ""
        found.append((key, f"{element.label}{mark}"))
    return found

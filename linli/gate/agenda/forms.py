"""Forms of the agenda."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import Unit
from linli.flow.forms import PapersField
from linli.flow.models import Warrant
from linli.flow.rules.warrants import Thing
from linli.gate.agenda import rules
from linli.gate.agenda.models import THINGS, LoadRule, Visit
from linli.pages.widgets import Combobox, DateInput
from linli.regions import names

_REASON = forms.Textarea(attrs={"rows": 3})


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    field = forms.DateField(label=label, widget=DateInput(), **kwargs)
    field.error_messages["invalid"] = _("请按 2026-01-31 的样子填写日期。")
    return field


def _hours(label: Any, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=5, decimal_places=1, **kwargs)


def _time(label: Any, **kwargs: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs
    )


class ProposeForm(forms.Form):
    """What is to come, when, for how long, who comes, what is asked."""

    thing = forms.ChoiceField(label=_("类型"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("名称"), max_length=80, help_text=_("例如：第四季度消防安全检查"))
    purpose = forms.CharField(
        label=_("目的"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("为什么要来，看什么"),
    )
    communities = forms.MultipleChoiceField(label=_("去哪些社区"), widget=forms.CheckboxSelectMultiple)
    spread = forms.ChoiceField(
        label=_("怎么排"),
        choices=[("0", _("都在同一天")), ("1", _("由系统错开：给每个社区挑负担轻的日子"))],
        widget=forms.RadioSelect,
        initial="1",
    )
    first_day = _day(_("最早哪天"), help_text=_("“同一天”就是这一天"))
    last_day = _day(_("最晚哪天"), required=False, help_text=_("错开时用；最长三个月"))
    per_day = forms.IntegerField(label=_("每天去几个社区"), min_value=1, max_value=50, initial=3)
    starts_at = _time(_("几点开始"))
    hours = _hours(_("每天占用社区（小时）"), initial=Decimal(2))
    length = forms.IntegerField(label=_("连续几天"), min_value=1, max_value=10, initial=1)
    prep_hours = _hours(
        _("要社区准备（小时）"), initial=Decimal(0), help_text=_("准备材料、布置场地要用的时间，计入社区负担")
    )
    asks = forms.CharField(
        label=_("请社区准备什么"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("系统里已有的数据，请直接查，不要让社区再报"),
    )
    comers = forms.CharField(label=_("来的人"), required=False, max_length=200)
    people = forms.IntegerField(label=_("来几个人"), required=False, min_value=1, max_value=200)

    def __init__(
        self, *args: Any, warrant: Warrant, communities: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        found: dict[str, Any] = self.fields
        found["thing"].choices = [one for one in THINGS if one[0] in warrant.things]
        found["communities"].choices = communities

    def values(self) -> dict[str, Any]:
        """The clean data as the action takes them."""
        data = dict(self.cleaned_data)
        return data | {"thing": Thing(data["thing"]), "spread": data["spread"] == "1"}


class AnswerForm(forms.Form):
    """The community's word."""

    wish_day = _day(_("更合适的日期"), required=False)
    wish = forms.CharField(
        label=_("意见"),
        required=False,
        max_length=300,
        widget=_REASON,
        help_text=_("例如：当天居民代表会议，人手不够"),
    )


class ReasonForm(forms.Form):
    """Only a reason."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=_REASON)


class PickForm(ReasonForm):
    """A reason for some of a proposal's visits."""

    visits = forms.ModelMultipleChoiceField(
        label=_("哪些社区"), queryset=Visit.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("visits", "reason")

    def __init__(self, *args: Any, visits: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["visits"]
        field.queryset = visits
        field.label_from_instance = _place


def _place(visit: Visit) -> str:
    return f"{names.title(visit.region_code)} {rules.said(visit.day)}"


class MoveForm(forms.Form):
    """Another day."""

    day = _day(_("改到"))
    reason = forms.CharField(
        label=_("原因"),
        required=False,
        max_length=300,
        widget=_REASON,
        help_text=_("已经定下的要写，社区和街道都会看到"),
    )


class JoinForm(forms.Form):
    """Which inspections come together, when, who leads."""

    visits = forms.ModelMultipleChoiceField(
        label=_("合并哪些"), queryset=Visit.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    title = forms.CharField(
        label=_("名称"), required=False, max_length=80, help_text=_("不填就用各项检查的名称")
    )
    day = _day(_("日期"))
    starts_at = _time(_("几点开始"))
    hours = _hours(_("占用社区（小时）"), initial=Decimal(3))
    lead = forms.ModelChoiceField(label=_("牵头单位"), queryset=Unit.objects.none(), empty_label=_("请选择"))

    def __init__(self, *args: Any, visits: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["visits"].queryset = visits
        fields["visits"].label_from_instance = lambda one: f"{one.who}：{one.title}，{rules.said(one.day)}"
        fields["lead"].queryset = Unit.objects.filter(visits__in=visits).distinct()


class HoursForm(forms.Form):
    """What it took."""

    spent_hours = _hours(_("一共用了（小时）"), help_text=_("包括准备、陪同和整改材料的时间"))
    spent_people = forms.IntegerField(label=_("社区几个人参加"), required=False, min_value=0, max_value=200)
    remark = forms.CharField(label=_("记录"), required=False, max_length=500, widget=_REASON)
    papers = PapersField(label=_("照片、材料"), required=False)


class FindingsForm(forms.Form):
    """What came of it."""

    findings = forms.CharField(
        label=_("结果、发现的问题"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    papers = PapersField(label=_("照片、材料"), required=False)


class UnlistedForm(forms.Form):
    """What came without the gate."""

    thing = forms.ChoiceField(label=_("类型"), choices=THINGS, widget=forms.RadioSelect)
    title = forms.CharField(label=_("是什么检查、会议"), max_length=80)
    unit = forms.ModelChoiceField(
        label=_("来的单位"), queryset=Unit.objects.none(), required=False, empty_label="", widget=Combobox()
    )
    unit_name = forms.CharField(
        label=_("或填写单位名称"), required=False, max_length=60, help_text=_("列表里没有的")
    )
    day = _day(_("哪一天"), initial=timezone.localdate)
    spent_hours = _hours(_("一共用了（小时）"))
    spent_people = forms.IntegerField(label=_("社区几个人参加"), required=False, min_value=0, max_value=200)
    remark = forms.CharField(label=_("记录"), required=False, max_length=500, widget=_REASON)
    papers = PapersField(label=_("照片、材料"), required=False)

    def __init__(self, *args: Any, district: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = Unit.objects.filter(
            is_active=True,
            region_code__startswith=district,
            kind__in=["department", "street", "section", "other"],
        )


class CeilingForm(forms.ModelForm):
    """A ceiling of load."""

    class Meta:
        model = LoadRule
        fields = [
            "since",
            "week_hours",
            "month_hours",
            "day_entries",
            "week_checks",
            "lead_days",
            "excess",
            "collision",
            "basis",
        ]
        widgets = {"since": DateInput(), "basis": forms.TextInput()}
        help_texts = {"week_hours": _("0 表示不限"), "month_hours": _("0 表示不限")}

    def _post_clean(self) -> None:
        """The action writes; the form only reads."""

    def ceiling(self) -> rules.Ceiling:
        """The figures as plain data."""
        data = self.cleaned_data
        return rules.Ceiling(
            data["week_hours"],
            data["month_hours"],
            data["day_entries"],
            data["week_checks"],
            data["lead_days"],
            rules.Answer(data["excess"]),
            rules.Answer(data["collision"]),
        )

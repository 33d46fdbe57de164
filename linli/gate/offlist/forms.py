"""Forms about what was asked off the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import Unit
from linli.access.roles import Permission
from linli.flow.forms import PapersField
from linli.gate.catalogue.models import Item
from linli.gate.offlist.models import ASKED, By, Report
from linli.gate.offlist.rules import Outcome
from linli.pages.widgets import Combobox, DateInput
from linli.registry.places import areas

_LINES = forms.Textarea(attrs={"rows": 3})


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    field = forms.DateField(label=label, widget=DateInput(), **kwargs)
    field.error_messages["invalid"] = _("请按 2026-01-31 的样子填写日期。")
    return field


def _units(district: str) -> Any:
    return Unit.objects.filter(
        is_active=True,
        region_code__startswith=district,
        kind__in=["department", "street", "section", "other"],
    )


class ReportForm(forms.Form):
    """What was asked, by whom, in which way, with photographs."""

    region_code = forms.ChoiceField(label=_("社区"), widget=Combobox())
    title = forms.CharField(
        label=_("要社区做什么"),
        max_length=120,
        help_text=_("例如：三天内报齐出租房台账；全员下载打卡应用"),
    )
    thing = forms.ChoiceField(label=_("属于哪一类"), choices=ASKED, widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(
        label=_("哪个单位要求的"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label="",
        widget=Combobox(),
    )
    unit_name = forms.CharField(
        label=_("或填写单位名称"), required=False, max_length=60, help_text=_("列表里没有的")
    )
    by = forms.ChoiceField(label=_("怎么要求的"), choices=By.choices, widget=forms.RadioSelect)
    asked_on = _day(_("哪天要求的"), initial=timezone.localdate)
    wanted_by = _day(_("要求哪天完成"), required=False)
    papers = PapersField(
        label=_("截图、照片或文件"),
        required=False,
        help_text=_("通知、群消息的截图最能说明问题。PDF、JPG 或 PNG，每个不超过 10 MB，加密保存。"),
    )
    text = forms.CharField(label=_("情况"), required=False, max_length=1000, widget=_LINES)
    is_done = forms.BooleanField(label=_("社区已经照办了"), required=False)
    hours = forms.DecimalField(
        label=_("用了几小时"), required=False, min_value=0, max_digits=6, decimal_places=1
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        found = areas.filter_choices(user, Permission.REPORT_OFFLIST)
        mine = [one for one in found if len(one[0]) == 12]
        fields["region_code"].choices = mine
        if len(mine) == 1:
            fields["region_code"].initial = mine[0][0]
            fields["region_code"].widget = forms.HiddenInput()
        fields["unit"].queryset = _units(mine[0][0][:6] if mine else "-")


class PapersForm(forms.Form):
    """More photographs or papers."""

    papers = PapersField(label=_("截图、照片或文件"))


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("原因"), max_length=300, widget=_LINES)


class AnswerForm(forms.Form):
    """What was found, and what follows."""

    outcome = forms.ChoiceField(
        label=_("核实的结果"),
        choices=[(one.value, one.label) for one in Outcome],
        widget=forms.RadioSelect,
        help_text=_("属实的会告诉要求的单位（不说是哪个社区），并计入公开的次数"),
    )
    item = forms.ModelChoiceField(
        label=_("属于清单里的哪个事项"),
        queryset=Item.objects.none(),
        required=False,
        empty_label="",
        widget=Combobox(),
        help_text=_("选了“在清单内”才填"),
    )
    unit = forms.ModelChoiceField(
        label=_("实际是哪个单位要求的"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label="",
        widget=Combobox(),
        help_text=_("社区写得不准的，在这里改"),
    )
    answer = forms.CharField(
        label=_("答复"), max_length=1000, widget=_LINES, help_text=_("怎么核实的，接下来怎么办；社区会看到")
    )

    def __init__(self, *args: Any, report: Report, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = _units(report.region_code[:6])
        fields["unit"].initial = report.unit_id
        fields["item"].queryset = Item.objects.for_community(report.region_code).in_force(report.asked_on)

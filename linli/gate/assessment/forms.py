"""Forms of the composite assessment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import Unit
from linli.gate.assessment import measures
from linli.gate.assessment.models import Contest, Fate, Part
from linli.gate.assessment.rules import Way
from linli.pages.widgets import Combobox, DateInput

_LINES = forms.Textarea(attrs={"rows": 3})


class PlanForm(forms.Form):
    """A year's plan."""

    region_code = forms.ChoiceField(label=_("区"))
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    title = forms.CharField(label=_("名称"), max_length=80)
    least_satisfaction = forms.IntegerField(
        label=_("满意度最低权重（%）"),
        min_value=0,
        max_value=100,
        initial=30,
        help_text=_("居民满意度的权重低于这个数，不能公布"),
    )
    objection_days = forms.IntegerField(
        label=_("评分后几个工作日内可以申诉"), min_value=1, max_value=60, initial=7
    )
    answer_days = forms.IntegerField(label=_("申诉几个工作日内答复"), min_value=1, max_value=60, initial=10)
    note = forms.CharField(label=_("依据和说明"), required=False, max_length=500, widget=_LINES)

    def __init__(self, *args: Any, districts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: dict[str, Any] = self.fields
        found["region_code"].choices = districts


class PartForm(forms.Form):
    """A part of it."""

    title = forms.CharField(label=_("考核内容"), max_length=60)
    weight = forms.IntegerField(label=_("权重（%）"), min_value=1, max_value=100)
    way = forms.ChoiceField(
        label=_("分数从哪来"),
        choices=[(one.value, one.label) for one in Way],
        widget=forms.RadioSelect,
        initial=Way.ENTERED.value,
    )
    how = forms.CharField(label=_("怎么评"), required=False, max_length=300, widget=_LINES)
    measure = forms.ChoiceField(
        label=_("用哪个数字"), required=False, widget=Combobox(), help_text=_("“系统计算”才填")
    )
    per = forms.ChoiceField(
        label=_("每百个"),
        required=False,
        widget=Combobox(),
        help_text=_("要按比例算的填，例如：每百户的……"),
    )
    zero_at = forms.DecimalField(label=_("得 0 分的数值"), required=False, max_digits=9, decimal_places=2)
    full_at = forms.DecimalField(label=_("得满分的数值"), required=False, max_digits=9, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: dict[str, Any] = self.fields
        found["measure"].choices = found["per"].choices = [("", ""), *measures.choices()]


class ScoresForm(forms.Form):
    """The points of each community for one part."""

    note = forms.CharField(label=_("说明"), required=False, max_length=200)

    def __init__(self, *args: Any, communities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.communities = communities
        for code, name in communities:
            self.fields[f"c{code}"] = forms.DecimalField(
                label=name, required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2
            )

    def scores(self) -> dict[str, Any]:
        """What was filled in."""
        found = {code: self.cleaned_data[f"c{code}"] for code, _name in self.communities}
        return {code: value for code, value in found.items() if value is not None}


class SheetForm(forms.Form):
    """A workbook of points."""

    file = forms.FileField(label=_("得分表"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))
    note = forms.CharField(label=_("说明"), required=False, max_length=200)

    def clean_file(self) -> Any:
        """Not too large."""
        found = self.cleaned_data["file"]
        if found.size > 5 << 20:
            raise forms.ValidationError(_("文件超过 5 MB，请用下载的表填。"))
        return found


class ObjectionForm(forms.Form):
    """Why a score is wrong."""

    wanted = forms.DecimalField(
        label=_("认为应得多少分"), required=False, min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    reason = forms.CharField(
        label=_("哪里不对，有什么依据"), max_length=1000, widget=forms.Textarea(attrs={"rows": 5})
    )


class AnswerForm(forms.Form):
    """What the district answers."""

    points = forms.DecimalField(
        label=_("改为多少分"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=_("维持原分的留空"),
    )
    answer = forms.CharField(
        label=_("答复"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明核对了什么、为什么改或不改"),
    )


class ContestForm(forms.Form):
    """An old contest."""

    title = forms.CharField(label=_("项目"), max_length=80, help_text=_("例如：平安社区示范创建"))
    unit = forms.ModelChoiceField(
        label=_("部门"), queryset=Unit.objects.none(), required=False, empty_label="", widget=Combobox()
    )
    times = forms.DecimalField(
        label=_("每年几次"), required=False, min_value=0, max_digits=5, decimal_places=1
    )
    hours = forms.DecimalField(
        label=_("每次约几小时"), required=False, min_value=0, max_digits=5, decimal_places=1
    )
    plaque = forms.CharField(
        label=_("墙上的标牌写什么"),
        required=False,
        max_length=80,
        help_text=_("有奖牌、标牌的填，取消时一并摘除"),
    )

    def __init__(self, *args: Any, district: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: dict[str, Any] = self.fields
        found["unit"].queryset = Unit.objects.filter(
            is_active=True, region_code=district, kind__in=["department", "other"]
        )


class DecideForm(forms.Form):
    """What becomes of it."""

    fate = forms.ChoiceField(
        label=_("清理结果"),
        choices=[one for one in Fate.choices if one[0] != Fate.OPEN],
        widget=forms.RadioSelect,
    )
    part = forms.ModelChoiceField(
        label=_("并入哪一项"),
        queryset=Part.objects.none(),
        required=False,
        empty_label=_("（并入的才选）"),
    )
    reason = forms.CharField(label=_("理由"), max_length=300, widget=_LINES)
    on = forms.DateField(label=_("日期"), widget=DateInput(), initial=timezone.localdate)
    remove_by = forms.DateField(
        label=_("墙上的标牌哪天以前摘"),
        required=False,
        widget=DateInput(),
        help_text=_("不填就不动墙上的标牌"),
    )

    def __init__(self, *args: Any, contest: Contest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: dict[str, Any] = self.fields
        found["part"].queryset = Part.objects.filter(plan__region_code=contest.region_code).select_related(
            "plan"
        )
        found["part"].label_from_instance = lambda one: f"{one.plan.year} 年：{one.title}"
        if not contest.plaque:
            del self.fields["remove_by"]

"""The forms of adjustments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import scopes_q
from linli.access.roles import Permission
from linli.pages.widgets import Combobox, DateInput
from linli.regions import names
from linli.regions.models import Level, Region
from linli.registry.adjustment.models import Norm, NormKind, Plan
from linli.registry.adjustment.rules import Base

PLAN = Permission.PLAN_ADJUSTMENT


def area_choices(user: Any) -> list[tuple[str, str]]:
    """The streets and districts that a user may plan for."""
    found = Region.objects.filter(
        scopes_q("region_code", user.scopes(PLAN)),
        level__in=(Level.DISTRICT, Level.STREET),
        valid_to__isnull=True,
    ).order_by("region_code")
    return [(one.region_code, names.path(one.region_code, since=Level.DISTRICT, joint=" ")) for one in found]


class PlanForm(forms.Form):
    """A new plan."""

    name = forms.CharField(
        label=_("方案名称"), max_length=60, help_text=_("例如：香水园街道2027年社区设置调整方案")
    )
    region_code = forms.ChoiceField(label=_("调整范围"), widget=Combobox())
    note = forms.CharField(
        label=_("说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["region_code"]
        field.choices = area_choices(user)


class NormForm(forms.Form):
    """A norm."""

    kind = forms.ChoiceField(label=_("标准内容"), choices=[("", _("请选择")), *NormKind.choices])
    region_code = forms.ChoiceField(label=_("适用地区"), widget=Combobox())
    low = forms.DecimalField(
        label=_("下限"), required=False, help_text=_("“不少于”的数，如 300 平方米；人均、户均经费也填这里")
    )
    high = forms.DecimalField(
        label=_("上限"), required=False, help_text=_("“不多于”的数；“每 250 户 1 人”填 250")
    )
    below = forms.IntegerField(
        label=_("只适用于户数少于"), required=False, min_value=1, help_text=_("不限就不填")
    )
    source = forms.CharField(
        label=_("来源"), max_length=200, help_text=_("文件名称和文号，例如《城市居民委员会组织法》第三条")
    )
    basis = forms.CharField(
        label=_("原文"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    valid_from = forms.DateField(label=_("施行日期"), required=False, widget=DateInput())
    valid_to = forms.DateField(
        label=_("停用日期"), required=False, widget=DateInput(), help_text=_("从这一天起不再适用；现行的不填")
    )

    def __init__(self, *args: Any, user: Any, norm: Norm | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = area_choices(user)
        if norm is not None and norm.region_code not in dict(choices):
            choices = [(norm.region_code, names.path(norm.region_code) or str(_("全国"))), *choices]
        field: Any = self.fields["region_code"]
        field.choices = choices


class CommunityForm(forms.Form):
    """A community to be set up."""

    name = forms.CharField(label=_("社区名称"), max_length=30, help_text=_("例如：新兴南社区"))
    code = forms.CharField(
        label=_("拟用代码"),
        required=False,
        max_length=12,
        help_text=_("12 位：街道代码加社区顺序码。不填就按顺序自动编"),
    )


class MergeForm(forms.Form):
    """Which community ends, and into which it goes."""

    key = forms.ChoiceField(label=_("撤销的社区"), widget=Combobox())
    into = forms.ChoiceField(label=_("并入"), widget=Combobox())

    def __init__(self, *args: Any, plan: Plan, base: Base, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        draft = plan.draft
        staying = draft.staying(base)
        key: Any = self.fields["key"]
        into: Any = self.fields["into"]
        chosen = ("", _("请选择"))
        key.choices = [chosen, *((k, one.name) for k, one in staying.items() if not one.is_new)]
        into.choices = [chosen, *((k, one.name) for k, one in staying.items())]


class ProposeForm(forms.Form):
    """By which norm of sizes a plan is proposed."""

    norm = forms.ChoiceField(label=_("按哪条标准"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["norm"]
        field.choices = choices
        if choices:
            field.initial = choices[0][0]


class ApproveForm(forms.Form):
    """The approval of the district's government."""

    approval = forms.CharField(
        label=_("批准文号"), max_length=60, help_text=_("区（市）人民政府的批复，例如：延政函〔2026〕12号")
    )
    effective_on = forms.DateField(
        label=_("生效日期"),
        widget=DateInput(),
        initial=timezone.localdate,
        help_text=_("从这一天起按新的社区统计；以后的日期到时自动执行"),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}), required=False
    )


class NothingForm(forms.Form):
    """A form that only asks whether one is sure."""

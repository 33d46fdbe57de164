"""Forms of cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.access import sealed_files
from linli.access.models import Unit, User
from linli.access.units import members
from linli.flow.models import Assignment, Case, Warrant
from linli.flow.rules.kinds import Gives, Step
from linli.pages.widgets import Combobox
from linli.regions.models import KEY_LENGTH, Level

DISTRICT = KEY_LENGTH[Level.DISTRICT]
_REASON = forms.Textarea(attrs={"rows": 3})


class ManyFiles(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Papers: up to ten PDF, JPG or PNG files; the clean value is a list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("材料"))
        kwargs.setdefault("help_text", _("PDF、JPG 或 PNG，每个不超过 10 MB，最多 10 个。"))
        super().__init__(widget=ManyFiles(attrs={"accept": sealed_files.ACCEPT}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file by itself."""
        uploads = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not uploads:
            raise forms.ValidationError(_("请附上材料。"))
        if len(uploads) > 10:
            raise forms.ValidationError(_("一次最多 10 个文件，请分几次上传。"))
        return [super(PapersField, self).clean(one, initial) for one in uploads]


def units_near(case: Case) -> Any:
    """The units that can be given a case: all in use of its district."""
    return Unit.objects.filter(is_active=True, region_code__startswith=case.region_code[:DISTRICT])


class UnitsFields(forms.Form):
    """Which units, which of them leads, and under which admitted item where communities are among them."""

    units = forms.ModelMultipleChoiceField(
        label=_("承办单位"),
        queryset=Unit.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("可以选几个；按住 Ctrl 多选。"),
    )
    lead = forms.ModelChoiceField(
        label=_("主办单位"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label="",
        widget=Combobox(placeholder=_("不选就是第一个")),
    )
    warrant = forms.ModelChoiceField(
        label=_("准入事项"),
        queryset=Warrant.objects.none(),
        required=False,
        empty_label="",
        widget=Combobox(placeholder=_("派给社区时必须选")),
        help_text=_("只有清单里已准入、在有效期内的事项，才能派给社区。"),
    )

    def fill_units(self, case: Case) -> None:
        """Offer the district's units and the warrants that hold where the case lies."""
        found: dict[str, Any] = dict(self.fields)
        found["units"].queryset = found["lead"].queryset = units_near(case)
        codes = [case.region_code[:length] for length in KEY_LENGTH.values() if length <= 12]
        found["warrant"].queryset = Warrant.objects.filter(
            region_code__in=codes, things__contains=[case.rules.thing], suspended=""
        )


class StepForm(UnitsFields):
    """A step of a case: only the fields that the step needs."""

    text = forms.CharField(
        label=_("办理情况"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    reason = forms.CharField(label=_("理由"), max_length=1000, widget=_REASON)
    papers = PapersField(required=False)
    field_order = ("units", "lead", "warrant", "reason", "text", "papers")

    def __init__(self, *args: Any, case: Case, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step.gives is Gives.CHOSEN:
            self.fill_units(case)
        else:
            for name in ("units", "lead", "warrant"):
                del self.fields[name]
        if not step.reason:
            del self.fields["reason"]
        self.fields["papers"].required = step.paper


class ReportForm(forms.Form):
    """What a unit did."""

    text = forms.CharField(label=_("办理情况"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    papers = PapersField(required=False)


class WhyForm(forms.Form):
    """Only a reason."""

    reason = forms.CharField(label=_("理由"), max_length=1000, widget=_REASON)


class HandOverForm(forms.Form):
    """To which colleague."""

    to = forms.ModelChoiceField(label=_("转给"), queryset=User.objects.none(), empty_label=_("请选择"))
    reason = forms.CharField(label=_("说明"), required=False, max_length=500)

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [one.pk for one in members(assignment.unit) if one.pk != assignment.handler_id]
        field: Any = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=people).order_by("name")


class AddUnitsForm(UnitsFields):
    """Further units and what they are to do."""

    task = forms.CharField(label=_("请他们做什么"), max_length=100)
    field_order = ("task", "units", "warrant")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill_units(case)
        del self.fields["lead"]


class ExtendForm(WhyForm):
    """By how much, and why."""

    amount = forms.IntegerField(label=_("延长"), min_value=1, max_value=365)
    field_order = ("amount", "reason")

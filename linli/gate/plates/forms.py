"""Forms of plates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access.models import Unit
from linli.flow.forms import PapersField
from linli.flow.models import Warrant
from linli.gate.plates import rules
from linli.gate.plates.models import Form, Plate, PlateKind
from linli.pages.widgets import Combobox, DateInput

_LINES = forms.Textarea(attrs={"rows": 3})
PHOTOS = _("JPG 或 PNG，手机上可以直接拍。每张不超过 10 MB。")


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


def kind_names(district: str) -> list[str]:
    """The names of the plates that may hang in a district."""
    held = list(PlateKind.objects.filter(region_code=district))
    return [one.name for one in held if one.is_allowed] if held else list(rules.ALLOWED)


class RegisterForm(forms.Form):
    """A plate or body that is there."""

    name = forms.CharField(label=_("牌子上写的，或机构名称"), max_length=80)
    form = forms.ChoiceField(
        label=_("形式"), choices=Form.choices, widget=forms.RadioSelect, initial=Form.BOARD
    )
    kind_name = forms.ChoiceField(
        label=_("是允许悬挂的牌子吗"), required=False, help_text=_("不是的，登记后由街道决定去留")
    )
    unit = forms.ModelChoiceField(
        label=_("哪个部门要求设的"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label="",
        widget=Combobox(),
    )
    unit_name = forms.CharField(label=_("或填写部门名称"), required=False, max_length=60)
    place = forms.CharField(
        label=_("挂在哪里"), required=False, max_length=60, help_text=_("例如：大门左侧、二楼会议室")
    )
    since = _day(_("哪年挂的，或哪天发现的"), initial=timezone.localdate)
    photos = PapersField(label=_("照片"), required=False, help_text=PHOTOS)
    papers = PapersField(
        label=_("要求设立的文件"), required=False, help_text=_("有文件的，扫描或拍照后附上，加密保存")
    )

    def __init__(self, *args: Any, district: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["unit"].queryset = _units(district)
        fields["kind_name"].choices = [("", _("不是"))] + [(one, one) for one in kind_names(district)]


class ProposeForm(forms.Form):
    """What a department wants put up."""

    name = forms.CharField(label=_("牌子上写的，或机构名称"), max_length=80)
    form = forms.ChoiceField(
        label=_("形式"), choices=Form.choices, widget=forms.RadioSelect, initial=Form.BOARD
    )
    purpose = forms.CharField(
        label=_("为什么要设"),
        max_length=500,
        widget=_LINES,
        help_text=_("法律法规或中央、市里的哪一条明确要求"),
    )
    place = forms.CharField(label=_("挂在哪里"), required=False, max_length=60)
    communities = forms.MultipleChoiceField(label=_("哪些社区"), widget=forms.CheckboxSelectMultiple)
    papers = PapersField(label=_("依据的文件"), required=False)

    def __init__(self, *args: Any, communities: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: dict[str, Any] = self.fields
        found["communities"].choices = communities


class AcceptForm(forms.Form):
    """Under which item, and why."""

    warrant = forms.ModelChoiceField(
        label=_("准入事项"),
        queryset=Warrant.objects.none(),
        empty_label="",
        widget=Combobox(placeholder=_("允许挂牌的事项")),
        help_text=_("只有清单里准入了“机构牌子”的事项"),
    )
    reason = forms.CharField(label=_("理由"), max_length=300, widget=_LINES)

    def __init__(self, *args: Any, plate: Plate, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if plate.warrant_id is not None:
            del self.fields["warrant"]
            return
        codes = [plate.region_code[:length] for length in (2, 4, 6, 9, 12)]
        found: Any = self.fields["warrant"]
        found.queryset = Warrant.objects.filter(
            region_code__in=codes,
            things__contains=["plate"],
            suspended="",
            period__contains=timezone.localdate(),
        )


class ReasonForm(forms.Form):
    """Only a reason."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=_LINES)


class RemovalForm(forms.Form):
    """Until when, who pays, why."""

    remove_by = _day(_("哪天以前摘除"))
    payer = forms.ModelChoiceField(
        label=_("费用由谁出"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label="",
        widget=Combobox(placeholder=_("一般是要求挂牌的部门")),
    )
    cost = forms.DecimalField(label=_("费用（元）"), required=False, max_digits=8, decimal_places=2)
    reason = forms.CharField(
        label=_("为什么摘除"),
        max_length=300,
        widget=_LINES,
        initial=_("不在允许悬挂的牌子之内，也没有准入。"),
    )

    def __init__(self, *args: Any, district: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: dict[str, Any] = self.fields
        found["payer"].queryset = _units(district)


class RemoveForm(forms.Form):
    """It is gone."""

    removed_on = _day(_("哪天摘的"), initial=timezone.localdate)
    photos = PapersField(label=_("摘除后的照片"), required=False, help_text=PHOTOS)
    papers = PapersField(label=_("撤销机构的文件"), required=False)
    note = forms.CharField(label=_("说明"), required=False, max_length=200)


class PhotoForm(forms.Form):
    """Photographs as it hangs."""

    photos = PapersField(label=_("照片"), help_text=PHOTOS)


class WalkForm(forms.Form):
    """One question for each plate registered."""

    on = _day(_("盘点日期"), initial=timezone.localdate)

    def __init__(self, *args: Any, plates: list[Plate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plates = plates
        for one in plates:
            removed = one.state == rules.State.REMOVED
            self.fields[f"plate_{one.pk}"] = forms.ChoiceField(
                label=one.name,
                choices=[("1", _("又挂上了") if removed else _("还在")), ("0", _("不在了"))],
                widget=forms.RadioSelect,
                initial="0" if removed else "1",
                help_text=" · ".join(filter(None, (one.place, one.who))),
            )

    def seen(self) -> dict[int, bool]:
        """What was found."""
        return {one.pk: self.cleaned_data[f"plate_{one.pk}"] == "1" for one in self.plates}


class KindForm(forms.Form):
    """A kind of plate."""

    name = forms.CharField(label=_("名称"), max_length=40)
    is_allowed = forms.BooleanField(label=_("允许悬挂"), required=False)
    basis = forms.CharField(label=_("依据"), required=False, max_length=200)

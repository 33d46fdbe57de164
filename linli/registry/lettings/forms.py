"""Forms of lettings and hazards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel import citizen_number, codes
from linli.kernel import phone as phones
from linli.registry.lettings.models import Grade, Hazard, LandlordKind, Letting, Severity
from linli.registry.people.pickers import PersonField, day, text
from linli.registry.places.forms import SealedField, optional_boolean
from linli.registry.places.models import OwnerPaper


def _optional(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("未登记")), *choices])


class LettingForm(forms.Form):
    """A letting: who lets, who rents, on what terms, what was checked."""

    landlord = PersonField(
        _("出租人（居民）"),
        required=False,
        help_text=_("房东也是本辖区居民的，从这里选；不是的，填下面的姓名"),
    )
    landlord_kind = forms.ChoiceField(label=_("出租人类型"), choices=LandlordKind.choices)
    landlord_name = text(_("出租人姓名"), most=60)
    landlord_phone = SealedField(label=_("出租人电话"))
    landlord_paper = _optional(_("出租人证件类型"), OwnerPaper.choices)
    landlord_number = SealedField(label=_("出租人证件号码"))
    tenant = PersonField(
        _("承租人（居民）"), required=False, help_text=_("签租约的人；一起住的人在住户里登记")
    )
    tenant_name = text(_("承租人姓名"), most=60)
    tenant_phone = SealedField(label=_("承租人电话"))
    since = day(_("起租日期"), required=False, help_text=_("不清楚可以留空"))
    agreed_until = day(_("租约到期日"), required=False)
    use = _optional(_("出租用途"), codes.LETTING_USE.choices)
    rent = forms.DecimalField(label=_("月租金（元）"), required=False, max_digits=9, decimal_places=2)
    rooms = forms.IntegerField(label=_("出租间数"), required=False, help_text=_("整套出租的可以留空"))
    most = forms.IntegerField(label=_("限住人数"), required=False)
    record_number = text(_("租赁备案证号"), most=60)
    safety_signed = optional_boolean(_("签订治安责任书"))
    safe_exit = optional_boolean(_("有安全通道"))
    fire_lane = optional_boolean(_("有消防通道"))
    grade = _optional(_("管理类别"), Grade.choices)
    checked_on = day(_("最近检查日期"), required=False)
    note = text(_("备注"), most=200)

    def __init__(self, *args: Any, user: Any, letting: Letting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name in ("landlord", "tenant"):
            fields[name].user = user
        if letting is not None:
            del fields["since"]
            for name, mask in (
                ("landlord_phone", phones.mask),
                ("tenant_phone", phones.mask),
                ("landlord_number", citizen_number.mask),
            ):
                value = getattr(letting, name)
                fields[name].kept(mask(value) if value else "")


class EndForm(forms.Form):
    """The tenant is gone."""

    on = day(_("退租日期"), initial=timezone.localdate)
    reason = text(_("原因"), most=100, help_text=_("例如：到期、搬走"))


class HazardForm(forms.Form):
    """A hazard, and how it was put right."""

    kind = forms.ChoiceField(
        label=_("隐患类型"), choices=[(c.code, c.label) for c in codes.HAZARD.items if c.code != "00"]
    )
    severity = forms.ChoiceField(label=_("隐患程度"), choices=Severity.choices, widget=forms.RadioSelect)
    description = forms.CharField(
        label=_("隐患情况"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("例如：私拉电线，电动车在楼道充电"),
    )
    found_on = day(_("发现日期"), initial=timezone.localdate)
    measure = text(_("整改措施"), most=200)
    fixed_on = day(_("整改完成日期"), required=False, help_text=_("还没整改完的留空"))


def initial_of(record: Letting | Hazard, form: type[forms.Form]) -> dict[str, Any]:
    """What a record holds, for the form's fields; sealed numbers are never put into a form."""
    found: dict[str, Any] = {}
    for name, field in form.base_fields.items():
        if isinstance(field, SealedField) or not hasattr(record, name):
            continue
        value = getattr(record, f"{name}_id") if isinstance(field, PersonField) else getattr(record, name)
        found[name] = "true" if value is True else "false" if value is False else value
    return found

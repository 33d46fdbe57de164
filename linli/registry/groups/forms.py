"""Forms of memberships. What may be is decided by the rules in the actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.access import sealed_files
from linli.pages.widgets import FileDrop
from linli.registry.groups import detail_rules
from linli.registry.groups.detail_rules import Detail
from linli.registry.groups.models import Group, Membership
from linli.registry.people.pickers import PersonField, day, text
from linli.registry.places.forms import SealedField


def _options(options: list[dict[str, Any]], needed: Any) -> list[tuple[str, Any]]:
    return [("", needed), *((one["code"], one["label"]) for one in options)]


DETAIL = "detail_"
# Groups that may bring their members money each month.
WITH_MONEY = frozenset(("aid", "care", "disability", "honour", "family"))


def detail_field(detail: Detail) -> forms.Field:
    """The field in which a detail is filled; none has to be."""
    if detail.kind == detail_rules.DATE:
        return day(detail.label, required=False)
    if detail.kind == detail_rules.CODE:
        choices = [("", _("未登记")), *((one["code"], one["label"]) for one in detail.options)]
        return forms.ChoiceField(label=detail.label, choices=choices, required=False)
    if detail.kind == detail_rules.FLAG:
        choices = [("", _("未登记")), ("是", _("是")), ("否", _("否"))]
        return forms.ChoiceField(label=detail.label, choices=choices, required=False)
    if detail.kind == detail_rules.MONEY:
        return forms.DecimalField(
            label=_("%(label)s（元）") % {"label": detail.label},
            max_digits=9,
            decimal_places=2,
            min_value=0,
            required=False,
        )
    if detail.kind == detail_rules.NUMBER:
        return forms.IntegerField(
            label=detail.label, min_value=0, max_value=detail_rules.MOST_NUMBER, required=False
        )
    return text(detail.label, most=detail_rules.MOST_TEXT, required=False)


def split_details(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """A membership form's answers as the actions take them: the details by their codes."""
    found: dict[str, Any] = {key: value for key, value in cleaned.items() if not key.startswith(DETAIL)}
    found["details"] = {
        key.removeprefix(DETAIL): value for key, value in cleaned.items() if key.startswith(DETAIL)
    }
    return found


def paper_field(*, required: bool = True) -> forms.FileField:
    """The field in which a paper that a membership rests on is uploaded."""
    return forms.FileField(
        label=_("依据材料"),
        required=required,
        widget=FileDrop(
            {"accept": sealed_files.ACCEPT},
            limit=sealed_files.MOST_BYTES,
            says=_("把扫描件或照片拖到这里，或点下面选择。PDF、JPG、PNG，不超过 10 MB"),
        ),
        error_messages={"required": _("请选择文件。"), "empty": _("这个文件是空的，请重新选择。")},
    )


class MembershipForm(forms.Form):
    """A membership of one group: only the fields that the group asks for."""

    person = PersonField(_("居民"))
    class_code = forms.ChoiceField(label=_("类别"))
    level_code = forms.ChoiceField(label=_("等级"))
    certificate = SealedField(label=_("证件号"))
    evidence = text(_("认定依据"), most=200, required=True)
    since = day(_("认定日期"), initial=timezone.localdate)
    until = day(_("到期日期"), required=False, help_text=_("长期有效的留空"))
    review_on = day(_("复核日期"), required=False)
    amount = forms.DecimalField(
        label=_("月补助金额（元）"), max_digits=9, decimal_places=2, min_value=0, required=False
    )
    note = forms.CharField(
        label=_("备注"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, group: Group, person_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if person_known:
            del fields["person"]
        for key, options in (("class_code", group.classes), ("level_code", group.levels)):
            if options:
                fields[key].choices = _options(options, _("请选择"))
                fields[key].error_messages["required"] = _("请选择。")
            else:
                del fields[key]
        if not group.needs_certificate:
            del fields["certificate"]
        if group.category not in WITH_MONEY:
            del fields["amount"]
        for detail in group.asks:
            fields[f"{DETAIL}{detail.code}"] = detail_field(detail)
        fields["note"] = fields.pop("note")
        fields["evidence"].help_text = group.evidence
        if group.review_months:
            fields["review_on"].help_text = _("留空则按每 %(n)d 个月复核一次推算") % {
                "n": group.review_months
            }
        else:
            del fields["review_on"]


class PeopleForm(forms.Form):
    """Many people into one group."""

    group = forms.ChoiceField(label=_("人群"))
    evidence = text(_("认定依据"), most=200, required=True, help_text=_("例如：入户核实"))
    since = day(_("认定日期"), initial=timezone.localdate)


class EndForm(forms.Form):
    """Leaving a group."""

    on = day(_("退出日期"), initial=timezone.localdate)
    reason = text(_("退出原因"), most=100, required=True, help_text=_("例如：年审未通过、本人申请"))


class ConfirmForm(forms.Form):
    """A review."""

    on = day(_("复核日期"), initial=timezone.localdate)
    until = day(_("新的到期日期"), required=False)
    evidence = text(_("复核依据"), most=200, help_text=_("依据没有变的留空"))


def initial_of(membership: Membership) -> dict[str, Any]:
    """What a membership holds now; the certificate is never put into a form."""
    told = {
        f"{DETAIL}{one.code}": ("是" if value else "否") if one.kind == detail_rules.FLAG else value
        for one in membership.group.asks
        if (value := membership.details.get(one.code)) is not None
    }
    return told | {
        "class_code": membership.class_code,
        "level_code": membership.level_code,
        "evidence": membership.evidence,
        "since": membership.period.lower,
        "until": membership.period.upper,
        "review_on": membership.review_on,
        "amount": membership.amount,
        "note": membership.note,
    }

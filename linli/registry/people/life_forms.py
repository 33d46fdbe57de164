"""Forms of marriages, births, adoptions, and of households divided and joined."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.registry.people.forms import RELATIONS, LeavingForm
from linli.registry.people.pickers import HomeField, HouseholdField, PersonField, RegionField, day, text
from linli.registry.places.forms import SealedField


class MarryForm(forms.Form):
    """With whom, and when."""

    spouse = PersonField(_("配偶（在册居民）"), required=False, help_text=_("已登记的，从这里选"))
    spouse_name = text(_("配偶姓名"), most=50, help_text=_("配偶没有登记的，填姓名"))
    on = day(_("结婚日期"), initial=timezone.localdate)

    def clean(self) -> dict[str, Any]:
        """Somebody is named."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("spouse") and not (found.get("spouse_name") or "").strip():
            self.add_error("spouse", _("请选择配偶；没有登记的，填写配偶姓名。"))
        return found


class DivorceForm(forms.Form):
    """When."""

    on = day(_("离婚日期"), initial=timezone.localdate)
    reason = text(_("依据"), most=100, help_text=_("例如：离婚证、法院判决"))


class BirthForm(forms.Form):
    """A newborn and the other parent."""

    HUKOUS = (("", _("还没有落户")), ("mother", _("随母亲落户")), ("father", _("随父亲落户")))
    name = text(_("姓名"), most=50, required=True, help_text=_("还没有起名的，先填“某某之子”“某某之女”"))
    sex = forms.ChoiceField(
        label=_("性别"), choices=[("1", _("男")), ("2", _("女"))], widget=forms.RadioSelect
    )
    birth_date = day(_("出生日期"))
    id_number = SealedField(label=_("证件号码"))
    other = PersonField(_("另一方父母"), required=False, help_text=_("已登记的，从这里选"))
    hukou_with = forms.ChoiceField(label=_("户籍"), choices=HUKOUS, required=False)


class AdoptForm(LeavingForm):
    """By whom, and when."""

    father = PersonField(_("养父"), required=False)
    mother = PersonField(_("养母"), required=False)
    on = day(_("收养日期"), help_text=_("以收养登记证为准"))
    join_household = forms.BooleanField(label=_("转入收养人的户"), required=False, initial=True)
    reason = text(_("依据"), most=100, help_text=_("例如：收养登记证"))
    field_order = ("father", "mother", "on", "join_household", "new_head", "reason")

    def clean(self) -> dict[str, Any]:
        """Somebody adopts."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("father") and not found.get("mother"):
            self.add_error("father", _("请选择养父或养母。"))
        return found


class SplitForm(forms.Form):
    """Who goes, who heads the new household, who follows in the old one."""

    people = forms.MultipleChoiceField(label=_("分出去的人"), widget=forms.CheckboxSelectMultiple)
    head = forms.ChoiceField(label=_("新户的户主"))
    new_head = forms.ChoiceField(
        label=_("原户的户主"), required=False, help_text=_("原户主也分出去时，选由谁接任；否则不用选")
    )
    on = day(_("分户日期"), initial=timezone.localdate)
    home = HomeField(label=_("新户的房屋"), required=False, help_text=_("还住在原处的留空"))
    number = text(_("新户的户号"), most=30, help_text=_("户口簿上的户号；没有的留空，由系统编号"))
    reason = text(_("原因"), most=100)


class MergeForm(forms.Form):
    """Into which household. The page adds a relation for each member."""

    into = HouseholdField(label=_("并入哪一户"))
    on = day(_("并户日期"), initial=timezone.localdate)
    reason = text(_("原因"), most=100)

    def add_member(self, pk: int, name: str) -> None:
        """Ask for somebody's relation to the head they come to."""
        self.fields[f"relation_{pk}"] = forms.ChoiceField(
            label=_("%(name)s与新户主的关系") % {"name": name}, choices=RELATIONS
        )

    def relations(self) -> dict[int, str]:
        """What was picked."""
        return {
            int(key.removeprefix("relation_")): value
            for key, value in self.cleaned_data.items()
            if key.startswith("relation_")
        }


class ClearForm(forms.Form):
    """Where the families of a building go: one place for all, and another for some. The page adds a field for each home."""

    on = day(_("搬迁日期"), initial=timezone.localdate)
    reason = text(_("搬迁原因"), most=100, required=True, help_text=_("例如：12号楼拆除"))
    homes = forms.MultipleChoiceField(label=_("搬迁的房屋"), widget=forms.CheckboxSelectMultiple)
    region = RegionField(_("统一去处：县区"), help_text=_("下面没有另选去处的都去这里；不清楚可以留空"))
    address = text(_("统一去处：详细地址"), most=100)
    with_hukou = forms.BooleanField(label=_("户口一并迁走"), required=False)

    def add_home(self, pk: int, label: str, user: Any) -> None:
        """Ask where the people of a home go."""
        field = HomeField(
            label=_("%(home)s搬到") % {"home": label}, required=False, help_text=_("不选就去统一去处")
        )
        field.user = user
        self.fields[f"to_{pk}"] = field

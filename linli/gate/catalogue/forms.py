"""Forms of the catalogue. What may be is decided by the actions; forms only read what was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from linli.access.models import Unit, UnitKind
from linli.flow.models import THINGS
from linli.flow.rules.warrants import Per
from linli.gate.catalogue import actions
from linli.gate.catalogue.examples import Example
from linli.gate.catalogue.models import DISTRICT, BasisKind, Edition, Entry, Terms
from linli.gate.catalogue.rules.terms import Fate, Kind, Responsibility
from linli.pages.widgets import Combobox, DateInput


def _labels(kinds: Any) -> list[tuple[str, str]]:
    return [(one.value, one.label) for one in kinds]


def text(label: Any, *, required: bool = True, most: int = 200, **kwargs: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(label=label, max_length=most, required=required, **kwargs)


def words(label: Any, *, required: bool = True, rows: int = 3, **kwargs: Any) -> forms.CharField:
    """Several lines."""
    return forms.CharField(
        label=label, max_length=1000, required=required, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


def day(label: Any, *, required: bool = True, **kwargs: Any) -> forms.DateField:
    """A day."""
    field = forms.DateField(label=label, required=required, widget=DateInput(), **kwargs)
    field.error_messages["invalid"] = _("请按 2026-01-31 的样子填写日期。")
    return field


class Suggested(forms.TextInput):
    """A line of text with words to pick from, in the browser's own list."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.words: list[str] = []

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The line and its list."""
        key = f"{(attrs or {}).get('id', name)}_words"
        line = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        options = format_html_join("", '<option value="{}">', ((one,) for one in self.words))
        return format_html('{}<datalist id="{}">{}</datalist>', line, key, options)


class TermsForm(forms.Form):
    """An item's terms."""

    title = text(_("事项名称"), most=60)
    category = text(_("类"), most=30, widget=Suggested(), help_text=_("选已有的类，或者写一个新的类。"))
    responsibility = forms.ChoiceField(
        label=_("职责"),
        choices=_labels(Responsibility),
        widget=forms.RadioSelect,
        help_text=_("居委会自己的法定职责选“依法履行”，帮助政府做的选“依法协助”。"),
    )
    kind = forms.ChoiceField(label=_("方式"), choices=_labels(Kind))
    unit = forms.ModelChoiceField(label=_("责任部门"), queryset=Unit.objects.none(), widget=Combobox())
    content = words(_("社区做什么"), help_text=_("写清楚社区做哪一步，其余由部门做。"), rows=2)
    things = forms.MultipleChoiceField(
        label=_("可下派的内容"),
        choices=THINGS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("没有勾选的，部门不能下派给社区。"),
    )
    times = forms.IntegerField(
        label=_("次数上限"), required=False, help_text=_("每个社区，在右边的一期之内。不定期的留空。")
    )
    per = forms.ChoiceField(label=_("频次单位"), choices=_labels(Per))
    expected = forms.IntegerField(
        label=_("每年约几次"), required=False, help_text=_("只有不定期的事项才填。")
    )
    hours = forms.DecimalField(
        label=_("每次工时（小时）"),
        max_digits=6,
        decimal_places=1,
        help_text=_("一个社区做一次，几个人一共要多少小时。"),
    )
    money = forms.DecimalField(
        label=_("经费（元／年·社区）"),
        required=False,
        max_digits=12,
        decimal_places=2,
        help_text=_("依法协助的事项，经费由责任部门承担。"),
    )
    evidence = text(_("要求的材料"), required=False, help_text=_("不要求另交材料的留空。"))
    until = day(_("有效期至"), required=False, help_text=_("长期有效的留空。"))
    basis_note = text(
        _("其他依据"), required=False, help_text=_("依据库里没有的，写区级以上文件的名称和文号。")
    )

    BASES = 4

    def __init__(self, *args: Any, edition: Edition, terms: Terms | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        region_code = edition.region_code
        categories = edition.entries.order_by("position").values_list("category", flat=True)
        fields["category"].widget.words = list(dict.fromkeys(categories))
        units = Unit.objects.filter(region_code=region_code[:DISTRICT], kind=UnitKind.DEPARTMENT)
        fields["unit"].queryset = units.filter(is_active=True).order_by("name")
        today = timezone.localdate()
        options = [
            (str(one.pk), f"{one}{'' if one.in_force(today) else '（没有施行）'}")
            for one in actions.selectable(region_code)
        ]
        have = list(terms.bases) if terms is not None else []
        note = fields.pop("basis_note")
        for place in range(max(self.BASES, len(have) + 1)):
            fields[f"basis_{place}"] = forms.ChoiceField(
                label=_("依据 %(n)s") % {"n": place + 1},
                required=False,
                choices=[("", ""), *options],
                widget=Combobox(placeholder=_("输入法律名称查找，例如“调解”")),
                initial=str(have[place]) if place < len(have) else "",
            )
        fields["basis_note"] = note
        if terms is not None:
            for name in ("title", "category", "responsibility", "kind", "content", "things", "times", "per"):
                fields[name].initial = getattr(terms, name)
            for name in ("expected", "hours", "money", "evidence", "until", "basis_note"):
                fields[name].initial = getattr(terms, name)
            fields["unit"].initial = terms.unit_id

    def terms(self) -> dict[str, Any]:
        """The terms as the actions take them."""
        data = dict(self.cleaned_data)
        numbers = [
            int(data.pop(name))
            for name in list(data)
            if name.startswith("basis_") and name[6:].isdigit() and data[name]
        ]
        for name in [name for name in data if name.startswith("basis_") and name[6:].isdigit()]:
            data.pop(name)
        unit = data.pop("unit")
        return data | {"bases": numbers, "unit_id": unit.pk}


class StartForm(forms.Form):
    """A draft: of the list in force, or of an example where there is none."""

    title = text(_("清单名称"), most=60)
    note = words(
        _("说明"), required=False, rows=2, help_text=_("为什么调整、依据什么文件。发布后居民看得到。")
    )

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            self.fields["example"] = forms.ChoiceField(
                label=_("从哪里开始"),
                choices=[*((one.value, one.label) for one in Example), ("", _("空白清单，自己一项一项加"))],
                required=False,
                widget=forms.RadioSelect,
                initial=Example.REFORMED.value,
                help_text=_("示范清单只是起点：发布之前，每一项的部门、频次、工时和经费都可以改。"),
            )


class DescribeForm(forms.Form):
    """A draft's name and note."""

    title = text(_("清单名称"), most=60)
    note = words(_("说明"), required=False, rows=3)


class GoForm(forms.Form):
    """How entries leave the list, and why."""

    fate = forms.ChoiceField(
        label=_("处理"),
        choices=[(Fate.CANCEL.value, _("取消")), (Fate.MOVE.value, _("转出购买服务"))],
        widget=forms.RadioSelect,
    )
    reason = words(_("原因"), help_text=_("发布后居民和社区都看得到。转出的写明由谁承担。"))


class MergeForm(forms.Form):
    """What entries are merged into, and why."""

    into = forms.ModelChoiceField(label=_("并入哪一项"), queryset=Entry.objects.none(), widget=Combobox())
    reason = words(_("原因"), help_text=_("例如“同一次入户就能办完”。发布后居民和社区都看得到。"))

    def __init__(self, *args: Any, edition: Edition, picked: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = edition.entries.filter(fate=Fate.KEEP.value)
        if picked:
            into.initial = picked[0]


class RenameForm(forms.Form):
    """A class's new name."""

    old = forms.ChoiceField(label=_("原来的类"))
    new = text(_("改成"), most=30, help_text=_("写已有的类名，就是把两类并成一类。"))

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = edition.entries.order_by("position").values_list("category", flat=True)
        old: Any = self.fields["old"]
        old.choices = [(one, one) for one in dict.fromkeys(names)]


class PublishForm(forms.Form):
    """From which day."""

    on = day(
        _("施行日期"),
        help_text=_(
            "一般是今天或以后的一天。到这一天，退出的事项不能再下派。补登以前已经施行的清单，填当时的日期。"
        ),
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = words(_("原因"))


class RenewForm(ReasonForm):
    """Until when, and why."""

    until = day(_("有效期至"), required=False, help_text=_("这一天起不再有效。长期有效的留空。"))
    field_order = ("until", "reason")


class RevokeForm(ReasonForm):
    """From when, and why."""

    on = day(_("从哪一天起退出"), initial=timezone.localdate)
    field_order = ("on", "reason")


class DocumentForm(forms.Form):
    """A regulation or document as a basis."""

    title = text(_("文件名称"), most=120)
    number = text(_("文号"), required=False, most=60)
    kind = forms.ChoiceField(
        label=_("类别"),
        choices=[(one.value, one.label) for one in (BasisKind.DOCUMENT, BasisKind.REGULATION)],
    )
    article = text(_("条款"), required=False, most=40)
    effective_on = day(_("施行日期"))
    ended_on = day(_("失效日期"), required=False)
    text = words(_("原文"), required=False, rows=5, help_text=_("和社区有关的那几句，选用的人看得到。"))

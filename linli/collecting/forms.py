"""The pages' forms: choose communities and days, correct a row, upload, say why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.collecting import rules
from linli.collecting.models import FormPart
from linli.collecting.rules import Grid
from linli.facts.dictionary import Dictionary, Kind, Sensitivity
from linli.ledgers.book.workbook import MAX_BYTES
from linli.ledgers.meaning.mapping import ELEMENT
from linli.ledgers.recognition import Recognition
from linli.pages.widgets import DateInput, FileDrop
from linli.regions import names

MOST_CHOICES = 40


class UploadForm(forms.Form):
    """A workbook: the department's empty one, or the community's completed one."""

    file = forms.FileField(
        label=_("表格"),
        widget=FileDrop({"accept": ".xlsx"}, limit=MAX_BYTES, says=_("把表格（.xlsx）拖到这里，或点击选择")),
        error_messages={
            "required": _("请选择表格文件。"),
            "empty": _("文件是空的，请重新选择。"),
        },
    )

    def clean_file(self) -> Any:
        """Not larger than a form may be."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 30 MB，请检查是不是传错了文件。"))
        return file


class IssueForm(forms.Form):
    """To whom, of which day, until when, what for."""

    streets = forms.MultipleChoiceField(
        label=_("整个街道、乡镇"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选后，发给它的全部社区"),
    )
    communities = forms.MultipleChoiceField(
        label=_("社区"), required=False, widget=forms.CheckboxSelectMultiple
    )
    purpose = forms.CharField(
        label=_("用途"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("拿这些数据做什么。社区看得到，也记入数据查看记录。"),
    )
    on = forms.DateField(label=_("数据日期"), widget=DateInput(), help_text=_("按这一天的情况填，不晚于今天"))
    working_days = forms.IntegerField(
        label=_("几个工作日内报送"), min_value=1, max_value=rules.MOST_DAYS, initial=5
    )
    why_again = forms.CharField(
        label=_("为什么还要再要一次"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("别的报表已经要过同样的内容，才要填。社区看得到。"),
    )

    def __init__(
        self,
        *args: Any,
        streets: list[tuple[str, str]],
        communities: list[tuple[str, str]],
        again: bool,
        street: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        found: dict[str, Any] = self.fields
        if street:
            found["communities"].label = _("%(street)s的社区") % {"street": street}
        found["streets"].choices = streets
        found["communities"].choices = communities
        found["on"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"
        if len(streets) < 2:
            del found["streets"]
        if not again:
            del found["why_again"]


class ProposeForm(IssueForm):
    """The terms with which a draft would be issued together with others, and why."""

    reason = forms.CharField(
        label=_("为什么合在一起"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("参与的单位和街道看得到。"),
    )


class ReasonForm(forms.Form):
    """Only a reason."""

    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ProposeReasonForm(ReasonForm):
    """Why issued forms are to be asked as one."""

    reason = forms.CharField(
        label=_("为什么合在一起"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("参与的单位和街道看得到。"),
    )


class AddRowForm(forms.Form):
    """Whom a roster lacks, and why they belong on it where the base says otherwise."""

    who = forms.CharField(label=_("姓名或身份证号"), max_length=60)
    why = forms.CharField(
        label=_("为什么要列"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("登记库里不符合这张表条件的人，才要写。"),
    )


class RemoveRowForm(forms.Form):
    """Why a row is left out."""

    why = forms.CharField(label=_("为什么删"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class TakeBackForm(ReasonForm):
    """Which copies are taken back, and why."""

    parts = forms.ModelMultipleChoiceField(
        label=_("收回哪些社区的"), queryset=FormPart.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("parts", "reason")

    def __init__(self, *args: Any, parts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parts"]
        field.queryset = parts
        field.label_from_instance = _place


def _place(part: FormPart) -> str:
    return f"{names.title(part.region_code)}（{part.get_state_display()}）"


class SubmitForm(forms.Form):
    """What is said with a copy."""

    note = forms.CharField(
        label=_("填报说明"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("还有空白的，写明为什么填不上、找过谁。"),
    )


def masked(text: str, mapping: Any, words: Dictionary, subject: str) -> str:
    """What a cell shows on a page: personal numbers masked."""
    if not text or mapping.target != ELEMENT:
        return text
    element = words.walk(subject, mapping.element)[2]
    if element.mask is not None:
        return str(element.mask(text))
    if element.sensitivity >= Sensitivity.SENSITIVE and element.kind is Kind.TEXT:
        return "••••"
    return text


class RowForm(forms.Form):
    """One row of a copy: a field for each column that is asked. Masked values are not shown again: what is left empty there stays."""

    def __init__(
        self,
        *args: Any,
        recognition: Recognition,
        words: Dictionary,
        grid: Grid,
        row: int,
        places: list[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.hidden: set[int] = set()
        cells, kinds = grid.rows[row].cells, grid.kinds
        for place in sorted(places, key=lambda place: (not grid.is_blank(row, place), place)):
            mapping = recognition.mappings[place]
            text = "" if cells[place] is None else str(cells[place])
            shown = masked(text, mapping, words, recognition.subject)
            options = mapping.options if 0 < len(mapping.options) <= MOST_CHOICES else ()
            field: Any
            if options:
                extra = [text] if text and text not in options else []
                field = forms.ChoiceField(
                    label=mapping.label,
                    required=False,
                    choices=[("", "—"), *[(one, one) for one in (*extra, *options)]],
                )
            elif kinds[place] == "date":
                field = forms.CharField(label=mapping.label, required=False, widget=DateInput())
            else:
                field = forms.CharField(label=mapping.label, required=False, max_length=500)
            if shown != text:
                self.hidden.add(place)
                field.help_text = _("现在是 %(shown)s；不改就留空") % {"shown": shown}
            else:
                field.initial = text
                if grid.is_blank(row, place):
                    field.help_text = _("还没有填，照样子改") if text else _("空白")
            self.fields[f"c{place}"] = field

    def values(self) -> dict[int, str]:
        """What was typed, by place; masked ones only where something was typed."""
        return {
            place: value
            for name, value in self.cleaned_data.items()
            if (place := int(name[1:])) not in self.hidden or value
        }

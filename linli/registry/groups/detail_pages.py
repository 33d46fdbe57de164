"""The pages on which administrators say what a group asks of its members besides class, level and certificate."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.registry.groups import detail_rules, detailing, rules
from linli.registry.groups.define_pages import KindEdit
from linli.registry.groups.detail_rules import Detail
from linli.registry.people.pickers import text


class DetailForm(forms.Form):
    """A detail."""

    label = text(_("名称"), most=20, required=True, help_text=_("例如：入党日期、残疾原因"))
    kind = forms.ChoiceField(label=_("填什么"), choices=detail_rules.KINDS, widget=forms.RadioSelect)
    options = forms.CharField(
        label=_("选项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("填“选项”的才写，一行一项；前面的编号不要改，改名称不影响已经填的"),
    )
    unit = text(_("单位"), most=8, help_text=_("填“数”的才写，例如：人、次"))
    also = forms.CharField(
        label=_("别名"),
        max_length=200,
        required=False,
        help_text=_("各部门表格里的叫法，用顿号隔开；自动填表按它认列"),
    )

    def __init__(self, *args: Any, kept: Detail | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept

    def clean_also(self) -> list[str]:
        """The names one by one."""
        parts = self.cleaned_data["also"].replace("，", "、").replace(",", "、").split("、")
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def clean_options(self) -> list[dict[str, Any]]:
        """The options with their codes."""
        try:
            return rules.read_options(
                self.cleaned_data["options"], list(self.kept.options) if self.kept is not None else []
            )
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class DetailAdd(KindEdit):
    """/groups/kinds/<id>/details/add/"""

    title = _("增加登记项目")
    intro: Any = _("加入这类人群的人，登记时会多问这一项；填表、名单和统计马上就能用。")
    form_class: Any = DetailForm
    submit_label = _("增加")
    success_message = _("已增加。")
    kept: Detail | None = None

    def get_initial(self) -> dict[str, Any]:
        """A line of text, as a rule."""
        return {"kind": detail_rules.TEXT}

    def get_form_kwargs(self) -> dict[str, Any]:
        """What is kept, for the codes of its options."""
        return super().get_form_kwargs() | {"kept": self.kept}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say of which group."""
        self.subtitle = self.object.name
        return super().get_context_data(**kwargs)

    def cancel_url(self) -> str:
        """Back to the details."""
        return f"{reverse('groups:kind', args=[self.object.pk])}?tab=details"

    def perform(self, form: Any) -> str:
        """Add it."""
        detailing.add_detail(acting_user=self.request.user, group_id=self.object.pk, **form.cleaned_data)
        return self.cancel_url()


class DetailEdit(DetailAdd):
    """/groups/kinds/<id>/details/<code>/edit/"""

    title = _("修改登记项目")
    intro: Any = ""
    submit_label = _("保存")
    success_message = _("已保存。")

    def get_object(self, *args: Any, **kwargs: Any) -> Any:
        """The group; its detail is the address's."""
        group = super().get_object(*args, **kwargs)
        self.kept = next((one for one in group.asks if one.code == self.kwargs["code"]), None)
        if self.kept is None:
            raise Http404
        return group

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        kept = self.kept
        if kept is None:
            return {}
        return {
            "label": kept.label,
            "kind": kept.kind,
            "unit": kept.unit,
            "also": "、".join(kept.also),
            "options": rules.written_options(list(kept.options)),
        }

    def perform(self, form: Any) -> str:
        """Change it."""
        detailing.update_detail(
            acting_user=self.request.user,
            group_id=self.object.pk,
            code=self.kwargs["code"],
            **form.cleaned_data,
        )
        return self.cancel_url()


class DetailRemove(DetailEdit):
    """/groups/kinds/<id>/details/<code>/remove/"""

    title = _("删除登记项目")
    intro = _("还没有人填过的才能删除。")
    form_class: Any = forms.Form
    submit_label = _("删除")
    success_message = _("已删除。")
    tone = "danger"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form needs no more."""
        found = super().get_form_kwargs()
        del found["kept"]
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which."""
        found = super().get_context_data(**kwargs)
        return found | {"subtitle": f"{self.object.name} · {self.kept.label if self.kept else ''}"}

    def perform(self, form: Any) -> str:
        """Take it away."""
        detailing.remove_detail(
            acting_user=self.request.user, group_id=self.object.pk, code=self.kwargs["code"]
        )
        return self.cancel_url()

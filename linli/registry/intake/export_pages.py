"""Taking the people of a list away as Excel: which columns, masked or not, as of the day of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from linli.access.models import Permission
from linli.pages.asof import day_of, is_past
from linli.pages.views import EditPage
from linli.registry.intake import exporting
from linli.registry.intake.columns import COLUMNS, EVERY
from linli.registry.people import as_of, extensions
from linli.registry.people.pages import PeopleList


class ExportForm(forms.Form):
    """Which columns, and whether numbers are shown in full."""

    columns = forms.MultipleChoiceField(
        label=_("导出哪些列"),
        choices=[(one.key, one.heading) for one in EVERY],
        initial=[one.key for one in COLUMNS],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("健康情况只在写明用途、有权限时导出。"),
        error_messages={"required": _("请至少选择一列导出。")},
    )
    unmask = forms.BooleanField(
        label=_("证件号码和电话写完整"),
        required=False,
        help_text=_("平时隐去中间几位。写完整的要填用途，会记录是谁、为什么、导出了谁的。"),
    )
    purpose = forms.CharField(
        label=_("用途"),
        required=False,
        max_length=100,
        help_text=_("写完整号码时必填，例如：核对养老补贴发放"),
    )


class ExportPeople(EditPage):
    """/intake/export/people/: those of the list under the same filters, or those picked there (?picked=1), on the day ?on=."""

    permission = Permission.EXPORT_PEOPLE
    form_class = ExportForm
    title = _("导出居民")
    submit_label = _("导出")
    success_message = _("正在导出，做好了在这里下载。")

    def _rows(self) -> QuerySet:
        if self.request.GET.get("picked"):
            found: QuerySet = as_of.people(self.request.user, Permission.VIEW_PEOPLE, day_of(self.request))
            return found.filter(pk__in=extensions.picked(self.request.session))
        listed = PeopleList()
        listed.setup(self.request)
        return listed.get_rows(listed.get_filterset())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How many, and of which day."""
        on = day_of(self.request)
        number = self._rows().order_by().count()
        self.subtitle = (
            _("%(n)s 人，按 %(on)s 的情况") % {"n": f"{number:,}", "on": on}
            if is_past(on)
            else _("%(n)s 人") % {"n": f"{number:,}"}
        )
        return super().get_context_data(**kwargs)

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("people:list")

    def perform(self, form: Any) -> Any:
        """Start the job."""
        on = day_of(self.request)
        return exporting.export_people(
            acting_user=self.request.user,
            people=self._rows(),
            columns=form.cleaned_data["columns"],
            unmask=form.cleaned_data["unmask"],
            purpose=form.cleaned_data["purpose"],
            on=on if is_past(on) else None,
        )

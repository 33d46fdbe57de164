"""The bands of numbers, for administrators: 年龄（学段）: 0, 3, 6, 12, 15, 18."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.facts.dictionary import Kind, UnknownTerm, dictionary
from linli.lists import banding, rules
from linli.lists.models import Bands
from linli.pages import html
from linli.pages.tables import Table
from linli.pages.views import EditPage, ListPage, Permitted
from linli.pages.widgets import Combobox

MANAGE = Permission.MANAGE_SYSTEM


def classes_of(bands: Bands) -> list[str]:
    """The bands in words: 60–64岁, 65–69岁, …"""
    try:
        element = dictionary.element(bands.subject, bands.path)
    except UnknownTerm:
        return []
    return rules.band_labels(bands.edges, element.unit, whole=element.kind is Kind.INTEGER)


class BandsTable(Table):
    """Bands, by what they divide."""

    name = tables.Column(verbose_name=_("名称"), orderable=False, attrs={"td": {"class": "title"}})
    what = tables.Column(verbose_name=_("分的是什么"), accessor="path", orderable=False)
    classes = tables.Column(
        verbose_name=_("分成"), accessor="edges", orderable=False, attrs={"td": {"class": "wrap"}}
    )
    source = tables.Column(verbose_name=_("依据"), orderable=False)

    class Meta(Table.Meta):
        model = Bands
        fields: tuple[str, ...] = ()

    def render_name(self, record: Bands) -> SafeString:
        """A link to its form."""
        return format_html('<a href="{}">{}</a>', reverse("lists:band_edit", args=[record.pk]), record.name)

    def render_what(self, record: Bands) -> str:
        """居民：年龄."""
        try:
            subject = dictionary.subject(record.subject)
            return f"{subject.label}：{dictionary.element(record.subject, record.path).label}"
        except UnknownTerm:
            return html.DASH

    def render_classes(self, record: Bands) -> str:
        """In words; what lies below the first edge is a class only where somebody is in it."""
        return "、".join(classes_of(record)[1:]) or html.DASH


class BandsList(ListPage):
    """/lists/bands/"""

    model = Bands
    permission = MANAGE
    title = _("统计分段")
    subtitle = _("统计表里年龄、面积、租金这些数字怎么分段")
    noun = _("种")
    table_class = BandsTable
    today_because = _("分段改了，以前的统计表再打开也按新的分段。")
    create_url_name = "lists:band_add"
    create_label = _("新增分段")
    create_permission = MANAGE
    empty_title = _("还没有分段")
    empty_hint = _("点“新增分段”，选一个数字，填写各段的起点。")

    def get_queryset(self) -> QuerySet:
        """All; they belong to no place."""
        dictionary.refresh()
        return Bands.objects.order_by("subject", "path", "id")


class BandsForm(forms.Form):
    """What is divided, and where each band begins."""

    what = forms.ChoiceField(label=_("分的是什么"), widget=Combobox(placeholder=_("输入名称查找")))
    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("例如“年龄（学段）”。"))
    edges = forms.CharField(
        label=_("各段的起点"),
        max_length=400,
        help_text=_("从小到大，用逗号隔开。例如“0，3，6，12”分成 0–2、3–5、6–11、12 及以上。"),
    )
    source = forms.CharField(
        label=_("依据"), max_length=100, required=False, help_text=_("这样分段的文件或标准，可以不填。")
    )

    def clean_edges(self) -> tuple[float, ...]:
        """Numbers."""
        try:
            return rules.read_edges(self.cleaned_data["edges"])
        except rules.BadDefinition as wrong:
            raise forms.ValidationError(str(wrong)) from None


class _Edit(EditPage):
    permission = MANAGE
    form_class: Any = BandsForm

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("lists:bands")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Where one is."""
        return super().get_context_data(
            crumbs=[(_t("统计分段"), reverse("lists:bands")), (self.title, "")], **kwargs
        )


class AddBands(_Edit):
    """/lists/bands/add/"""

    title = _("新增分段")
    success_message = _("已新增，做统计表时可以选。")

    def get_form(self, form_class: Any = None) -> Any:
        """Every number of the dictionary can be divided."""
        form = super().get_form(form_class)
        found = banding.divisible(dictionary.refresh())
        form.fields["what"].choices = [("", ""), *((f"{a}.{b}", label) for a, b, label in found)]
        return form

    def perform(self, form: Any) -> str:
        """Add."""
        data = form.cleaned_data
        subject, _dot, path = data["what"].partition(".")
        banding.save_bands(
            acting_user=self.request.user,
            subject=subject,
            path=path,
            name=data["name"],
            edges=data["edges"],
            source=data["source"],
        )
        return self.cancel_url()


class EditBands(_Edit):
    """/lists/bands/<id>/"""

    model = Bands
    title = _("修改分段")
    template_name = "lists/bands.html"

    def get_object(self) -> Bands:
        """The bands of the address."""
        found = Bands.objects.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_form(self, form_class: Any = None) -> Any:
        """What is divided stays."""
        form = super().get_form(form_class)
        del form.fields["what"]
        return form

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        edges = "，".join(f"{edge:g}" for edge in self.object.edges)
        return {"name": self.object.name, "edges": edges, "source": self.object.source}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The bands in words, and how many use them."""
        dictionary.refresh()
        return super().get_context_data(
            classes=classes_of(self.object), used=banding.users_of(self.object), **kwargs
        )

    def perform(self, form: Any) -> str:
        """Change."""
        banding.save_bands(acting_user=self.request.user, bands_id=self.object.pk, **form.cleaned_data)
        return self.cancel_url()


class DeleteBands(Permitted, View):
    """/lists/bands/<id>/delete/"""

    permission = MANAGE

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Forget those that nobody uses."""
        try:
            banding.delete_bands(acting_user=request.user, bands_id=pk)
        except RuleError as problem:
            messages.error(request, problem.message)
            return HttpResponseRedirect(reverse("lists:band_edit", args=[pk]))
        messages.success(request, _t("已删除。"))
        return HttpResponseRedirect(reverse("lists:bands"))

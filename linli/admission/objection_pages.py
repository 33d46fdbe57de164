"""事项异议: communities and residents object to items; the community office answers."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.admission import actions, filters, forms
from linli.admission.models import Objection
from linli.flow.models import Case
from linli.flow.pages import due_tag
from linli.gate.catalogue.models import Item
from linli.kernel.working_time import Calendar
from linli.office.calendar import current as current_calendar
from linli.pages import html
from linli.pages.tables import Table, TitleColumn
from linli.pages.views import DetailPage, EditPage, ListPage, Permitted
from linli.regions import names


class Visible(Permitted):
    """Objections that the user may see."""

    permission: Permission | None = Permission.VIEW_ADMISSION
    model = Objection

    def get_queryset(self) -> QuerySet[Objection]:
        """With what their pages show."""
        user: Any = self.request.user
        return Objection.objects.visible(user).select_related(
            "item__unit", "case__edition__kind", "user", "answered_by"
        )


class ObjectionTable(Table):
    """Objections."""

    item = TitleColumn(verbose_name=_("对哪个事项"), accessor="item__title")
    region_code = tables.Column(verbose_name=_("社区"))
    by = tables.Column(verbose_name=_("谁提出的"))
    text = tables.Column(verbose_name=_("异议内容"))
    at = tables.DateTimeColumn(verbose_name=_("提出"), format="Y-m-d")
    state = tables.Column(verbose_name=_("进度"), empty_values=(), orderable=False)

    class Meta(Table.Meta):
        pass

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar, read once for all rows."""
        return current_calendar()

    def render_region_code(self, value: str) -> str:
        """The community's name."""
        return names.title(value)

    def render_text(self, value: str) -> str:
        """The beginning of the words."""
        return value if len(value) <= 40 else f"{value[:40]}…"

    def render_state(self, record: Objection) -> Any:
        """Answered, or what is left of the limit."""
        if record.answered_at is not None:
            return html.tag(record.case.outcome, "ok")
        return due_tag(record.case.due_at, self.calendar) or html.tag(_("待答复"), "warn")


class ObjectionList(Visible, ListPage):
    """/admission/objections/"""

    title = _("事项异议")
    subtitle = _("社区和居民认为事项不合理的，可以提出；社区办在期限内答复理由")
    noun = _("件")
    filterset_class = filters.ObjectionFilters
    table_class = ObjectionTable
    exact_count = True
    create_url_name = "admission:objection_new"
    create_label = _("提出异议")
    create_permission = Permission.GIVE_OPINIONS
    empty_title = _("没有异议")
    empty_hint = _("对清单里的事项有意见，可以提出异议，区里要答复。")


class ObjectionPage(Visible, DetailPage):
    """/admission/objections/<id>/"""

    template_name = "admission/objection.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The objection and its answer."""
        one: Objection = self.object
        user: Any = self.request.user
        admission = getattr(one.item, "admission", None)
        return super().get_context_data(
            area=names.path(one.region_code),
            due=due_tag(one.case.due_at, current_calendar()),
            may_answer=one.answered_at is None and user.can(Permission.DECIDE_ADMISSION, one.region_code),
            application=admission.application if admission is not None else None,
            case_open=Case.objects.visible(user).filter(pk=one.case_id).exists(),
            crumbs=[(str(_("事项异议")), reverse("admission:objections")), (str(one), "")],
            **kwargs,
        )


class NewObjection(EditPage):
    """/admission/objections/new/; ?item= picks the item."""

    permission = Permission.GIVE_OPINIONS
    title = _("提出异议")
    form_class = forms.ObjectionForm
    submit_label = _("提出")
    success_message = _("已提出，社区办会在期限内答复。")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose communities and items."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        """The item of the address."""
        asked = self.request.GET.get("item", "")
        found = Item.objects.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
        return {"item": found, "by": Objection.By.COMMUNITY.value}

    def cancel_url(self) -> str:
        """Back to the list."""
        return reverse("admission:objections")

    def perform(self, form: Any) -> Objection:
        """Raise it."""
        return actions.raise_objection(acting_user=self.request.user, **form.cleaned_data)


class AnswerObjection(Visible, EditPage):
    """/admission/objections/<id>/answer/"""

    permission = Permission.DECIDE_ADMISSION
    title = _("答复异议")
    form_class = forms.AnswerForm
    submit_label = _("答复")
    success_message = _("已答复，社区会收到通知。")

    def get_object(self) -> Objection:
        """One that is not answered."""
        found: Objection = super().get_object()
        if found.answered_at is not None:
            raise Http404
        self.subtitle = str(found)
        return found

    def perform(self, form: Any) -> Objection:
        """Answer it."""
        return actions.answer_objection(
            acting_user=self.request.user,
            objection=self.object,
            upheld=form.cleaned_data["upheld"] == "1",
            answer=form.cleaned_data["answer"],
        )

"""Correcting a copy: cells of a row, rows added and left out, a workbook that was completed outside."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from linli.access.roles import Permission
from linli.audit.recording import RuleError
from linli.collecting import actions, forms, keeping, reading, shapes
from linli.collecting.actions.cells import called, name_place
from linli.collecting.models import FormPart
from linli.collecting.part_pages import OfCommunity
from linli.collecting.part_view import row_url
from linli.collecting.rules import Grid, State
from linli.ledgers.actions import words
from linli.ledgers.recognition import AGGREGATE, CARD, ROSTER, Recognition
from linli.pages.views import EditPage
from linli.regions import names

RECEIVE, SIGN = Permission.RECEIVE_FORMS, Permission.SIGN_FORMS


class _Correct(OfCommunity, EditPage):
    """A form about a copy that may be corrected."""

    permission: Any = RECEIVE

    def get_object(self) -> FormPart:
        """The copy, while it is open to the user."""
        found = self.part()
        user: Any = self.request.user
        is_open = found.state == State.FILLING or (
            found.state == State.CHECKING and reading.signs(user, found)
        )
        if not is_open:
            raise Http404
        self.subtitle = f"{found.task.title} · {names.title(found.region_code)}"
        if found.task.is_several and "which" in self.kwargs:
            self.subtitle = f"{self.list_name(found)} · {names.title(found.region_code)}"
        return found

    @property
    def which(self) -> int:
        """The list of the form that it is about."""
        return int(self.kwargs.get("which", 0))

    def list_name(self, part: FormPart) -> str:
        """What that list is called."""
        self.listed(part)
        return shapes.list_names(part.task.recognition)[self.which]

    def listed(self, part: FormPart) -> Recognition:
        """That list."""
        regions = part.task.recognition.regions_of_form
        if self.which >= len(regions):
            raise Http404
        return regions[self.which]

    def grid(self, part: FormPart) -> Grid:
        """Its cells."""
        try:
            return keeping.grid_of(part, self.which)
        except RuleError:
            raise Http404 from None

    def cancel_url(self) -> str:
        """Back to the list."""
        address = self.object.get_absolute_url()
        return f"{address}?list={self.which}" if self.which else address


class CorrectRow(_Correct):
    """/form-tasks/parts/<id>/rows/<n>/"""

    template_name = "collecting/row.html"
    form_class: Any = forms.RowForm
    title: Any = _("核对一行")
    submit_label = _("保存")
    success_message = _("已保存，改动已记下。")

    def get_object(self) -> FormPart:
        """The copy with the row."""
        found = super().get_object()
        if not found.book:
            raise Http404
        self.recognition, self.cells = self.listed(found), self.grid(found)
        if self.kwargs["row"] >= len(self.cells.rows):
            raise Http404
        row = self.cells.rows[self.kwargs["row"]]
        place = name_place(self.recognition)
        called = row.name or (str(row.cells[place] or "") if place is not None else "")
        if self.recognition.kind == AGGREGATE and self.recognition.regions is None:
            self.title = _gettext("改表里的数")
        elif self.recognition.kind == CARD:
            self.title = _gettext("%(name)s的一张") % {"name": called}
        else:
            self.title = _gettext("第 %(n)s 行 %(name)s") % {"n": self.kwargs["row"] + 1, "name": called}
        self.intro = _("空白的排在前面。这里改的是这张报表；登记库里的要另外更正。")
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {
            "recognition": self.recognition,
            "words": words(),
            "grid": self.cells,
            "row": self.kwargs["row"],
            "places": keeping.asked_places(self.recognition.mappings),
        }

    def perform(self, form: Any) -> str:
        """Write it."""
        actions.correct_row(
            acting_user=self.request.user,
            part=self.object,
            row=self.kwargs["row"],
            values=form.values(),
            which=self.which,
        )
        return self.cancel_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Of a roster: where the row is left out."""
        remove = ""
        if self.recognition.kind == ROSTER:
            remove = row_url("remove_row", self.object.pk, self.which, self.kwargs["row"])
        return super().get_context_data(remove_url=remove, **kwargs)


class AddRow(_Correct):
    """/form-tasks/parts/<id>/rows/add/: somebody whom the roster lacks."""

    form_class: Any = forms.AddRowForm
    title = _("加一个人")
    intro = _("名单按登记库列。少了人，多半是登记库里没有登记，或者登记错了：请先登记、更正，再来加。")
    submit_label = _("加上")
    success_message = _("已加上，内容按登记库填好了。")

    def get_object(self) -> FormPart:
        """A roster of people."""
        found = super().get_object()
        listed = self.listed(found)
        if listed.kind != ROSTER or listed.subject != "person" or not found.book:
            raise Http404
        return found

    def perform(self, form: Any) -> str:
        """Add."""
        actions.add_row(
            acting_user=self.request.user, part=self.object, which=self.which, **form.cleaned_data
        )
        return self.cancel_url()


class RemoveRow(_Correct):
    """/form-tasks/parts/<id>/rows/<n>/remove/"""

    form_class: Any = forms.RemoveRowForm
    title: Any = _("删一行")
    intro = _("只从这张表里删。人去世、搬走的，请在登记库里办，下次的表就不会再有。")
    submit_label = _("删除")
    tone = "danger"
    success_message = _("已删除，记在改动里。")

    def get_object(self) -> FormPart:
        """A roster with the row."""
        found = super().get_object()
        listed = self.listed(found)
        if listed.kind != ROSTER or not found.book:
            raise Http404
        grid = self.grid(found)
        if self.kwargs["row"] >= len(grid.rows):
            raise Http404
        name = called(grid, self.kwargs["row"], listed)
        self.title = _gettext("删第 %(n)s 行 %(name)s") % {"n": self.kwargs["row"] + 1, "name": name}
        return found

    def perform(self, form: Any) -> str:
        """Leave it out."""
        actions.remove_row(
            acting_user=self.request.user,
            part=self.object,
            row=self.kwargs["row"],
            which=self.which,
            **form.cleaned_data,
        )
        return self.cancel_url()


class Upload(_Correct):
    """/form-tasks/parts/<id>/upload/"""

    form_class: Any = forms.UploadForm
    title = _("上传填好的表")
    intro = _(
        "请先下载这份表，在它上面补填，再传回来。可以加行、删行，不要改表头。和现在不一样的每一格都会记下来。"
    )
    submit_label = _("上传")
    success_message = _("已收下，改动已记下。请再核对一遍空白的地方。")

    def perform(self, form: Any) -> FormPart:
        """Take it."""
        file = form.cleaned_data["file"]
        actions.take_workbook(
            acting_user=self.request.user, part=self.object, name=file.name, data=file.read()
        )
        return self.object
